//! Exports of messengers, networks, publishing systems and speech recognition, each with a shape of its own.

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::super::Fields;

/// True for an export that [`records`] reads.
pub(super) fn is_known(document: &Fields) -> bool {
    is_channel(document) || is_server(document) || is_feed(document) || blog(document).is_some()
}

/// The articles of an export, with their numbers in the list of that name.
pub(super) fn records(mut document: Fields) -> (&'static str, Vec<(usize, Fields)>) {
    if let Some(data) = blog(&document) {
        return ("posts", (1..).zip(posts(data)).collect());
    }
    if is_feed(&document) {
        return ("items", (1..).zip(items(document)).collect());
    }
    let is_server = is_server(&document);
    let around =
        if is_server { document.get("guild").and_then(|guild| guild.get("name")) } else { document.get("name") };
    let outlet = around.cloned().unwrap_or_default();
    let Some(Value::Array(messages)) = document.remove("messages") else { return ("messages", Vec::new()) };
    let records = (1..).zip(messages);
    let records = records.filter_map(|(number, message)| {
        let read = if is_server { of_member(&message, &outlet) } else { of_message(message, &outlet) };
        Some((number, read?))
    });
    ("messages", records.collect())
}

/// True for the export of a messenger's channel: a name, and messages that say what they are.
fn is_channel(fields: &Fields) -> bool {
    let messages = fields.get("messages").and_then(Value::as_array);
    fields.contains_key("name")
        && messages.is_some_and(|messages| messages.iter().any(|m| m.get("type") == Some(&Value::from("message"))))
}

/// The record of a channel's message; none for what the service itself notes and for messages without words.
fn of_message(message: Value, outlet: &Value) -> Option<Fields> {
    let Value::Object(mut fields) = message else { return None };
    if fields.get("type") != Some(&Value::from("message")) {
        return None;
    }
    // The parts of a message are words in bold, links and the like: together they are one text.
    let part = |part: &Value| part.as_str().or_else(|| part.get("text")?.as_str()).unwrap_or_default().to_owned();
    let text = match fields.get("text")? {
        Value::Array(parts) => parts.iter().map(part).collect::<String>(),
        text => part(text),
    };
    if text.trim().is_empty() {
        return None;
    }
    let author = fields.remove("forwarded_from").or_else(|| fields.remove("author"));
    fields.insert("text".to_owned(), Value::String(text));
    fields.insert("outlet".to_owned(), outlet.clone());
    fields.remove("text_entities");
    fields.extend(author.map(|author| ("byline".to_owned(), author)));
    Some(fields)
}

/// True for the export of a channel of Discord.
fn is_server(fields: &Fields) -> bool {
    let is_object = |name: &str| fields.get(name).is_some_and(Value::is_object);
    is_object("guild") && is_object("channel") && fields.get("messages").is_some_and(Value::is_array)
}

/// The record of a message that a member wrote; none for what the service itself notes and for messages without words.
fn of_member(message: &Value, outlet: &Value) -> Option<Fields> {
    let text = |value: &Value, name: &str| value.get(name)?.as_str().filter(|text| !text.is_empty()).map(Value::from);
    if !matches!(message.get("type")?.as_str()?, "Default" | "Reply") {
        return None;
    }
    let author = message.get("author").and_then(|author| text(author, "nickname").or_else(|| text(author, "name")));
    let own = [
        ("text", Some(text(message, "content")?)),
        ("date", text(message, "timestamp")),
        ("byline", author),
        ("id", text(message, "id")),
        ("outlet", Some(outlet.clone())),
    ];
    Some(own.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
}

/// True for a JSON Feed.
fn is_feed(document: &Fields) -> bool {
    let version = document.get("version").and_then(Value::as_str);
    version.is_some_and(|version| version.contains("jsonfeed.org/version"))
        && document.get("items").is_some_and(Value::is_array)
}

/// The items of a feed, whose title is their outlet.
fn items(mut document: Fields) -> Vec<Fields> {
    let Some(Value::Array(items)) = document.remove("items") else { return Vec::new() };
    let known = [("title", "outlet"), ("language", "language")];
    let known = known.map(|(of_feed, own)| document.get(of_feed).map(|value| (own, value)));
    let items = items.into_iter().filter_map(|item| if let Value::Object(item) = item { Some(item) } else { None });
    let with_known = items.map(|mut item| {
        for (name, value) in known.into_iter().flatten() {
            item.entry(name).or_insert_with(|| value.clone());
        }
        item
    });
    with_known.collect()
}

/// The tables of a blog that Ghost exports.
fn blog(document: &Fields) -> Option<&Fields> {
    let data = document.get("db")?.get(0)?.get("data")?.as_object()?;
    data.get("posts")?.is_array().then_some(data)
}

/// The posts of a blog, with the names of their authors, which are in tables of their own.
fn posts(data: &Fields) -> Vec<Fields> {
    let table = |name: &str| data.get(name).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    // Ids are numbers or texts, by the version.
    let id = |row: &Value, name: &str| row.get(name).map(Value::to_string);
    let users: FxHashMap<String, &Value> =
        table("users").iter().filter_map(|user| Some((id(user, "id")?, user.get("name")?))).collect();
    let mut authors: FxHashMap<String, Vec<Value>> = FxHashMap::default();
    for row in table("posts_authors") {
        if let (Some(post), Some(name)) = (id(row, "post_id"), id(row, "author_id").and_then(|id| users.get(&id))) {
            authors.entry(post).or_default().push((*name).clone());
        }
    }
    let mut post = |post: &Value| {
        let mut fields = post.as_object()?.clone();
        if let Some(names) = id(post, "id").and_then(|id| authors.remove(&id)) {
            fields.insert("byline".to_owned(), Value::Array(names));
        }
        // The text without its marks is kept beside it, in one paragraph.
        if fields.get("html").is_some_and(Value::is_string) {
            fields.remove("plaintext");
        }
        Some(fields)
    };
    table("posts").iter().filter_map(&mut post).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use std::ops::ControlFlow;

    use super::super::super::{Options, read_from};

    /// Checks what comes out: `outlet | byline | day | text`, warnings in brackets.
    #[track_caller]
    pub(in super::super) fn check(json: &str, expect: &[&str]) {
        let mut found = Vec::new();
        let flow = read_from("a.json", json.as_bytes(), &Options::default(), &mut |article| {
            found.push(match article {
                Ok(article) => {
                    let meta = &article.meta;
                    let day = meta.published.as_ref().map(|published| published.day().to_owned()).unwrap_or_default();
                    let outlet = meta.outlet.clone().unwrap_or_default();
                    let warnings: String = article.warnings.iter().flat_map(|warning| [" [", warning, "]"]).collect();
                    format!("{outlet} | {} | {day} | {}{warnings}", meta.byline.join(", "), article.text)
                }
                Err(skip) => skip.to_string(),
            });
            ControlFlow::Continue(())
        });
        assert!(flow.is_continue());
        assert_eq!(found, expect);
    }

    #[test]
    fn a_blog_keeps_its_authors_apart() {
        check(
            r#"{"db":[{"meta":{},"data":{"posts":[
                {"id":"1","title":"Dues","html":"<p>Up.</p>","plaintext":"Up.","status":"published","published_at":"2025-03-04T10:00:00Z"},
                {"id":"2","title":"Draft","html":"<p>No.</p>","status":"draft"}],
                "users":[{"id":"u","name":"Ines Quill"}],"posts_authors":[{"post_id":"1","author_id":"u"}]}}]}"#,
            &[" | Ines Quill | 2025-03-04 | Up.", " |  |  | No. [is marked as `draft`]"],
        );
    }

    #[test]
    fn a_feed_is_the_outlet_of_its_items() {
        check(
            r#"{"version":"https://jsonfeed.org/version/1.1","title":"Harbour Gazette","items":[
                {"id":"1","title":"Dues","content_html":"<p>Up.</p>","date_published":"2025-03-04T10:00:00Z","authors":[{"name":"Ines Quill"}]},
                {"id":"2","title":"Ferry","content_text":"Late.","outlet":"Canal Post"}]}"#,
            &["Harbour Gazette | Ines Quill | 2025-03-04 | Up.", "Canal Post |  |  | Late."],
        );
        check(
            r#"{"version":"1","title":"Harbour Gazette","items":[{"title":"Dues","text":"Up."}]}"#,
            &[" |  |  | Up."],
        );
    }

    #[test]
    fn a_server_notes_who_joins() {
        check(
            r#"{"guild":{"id":"1","name":"Quay"},"channel":{"id":"2","name":"general"},"messages":[
                {"id":"8","type":"GuildMemberJoin","timestamp":"2025-03-04T09:15:00+00:00","content":"Joined the server.","author":{"name":"bo"}},
                {"id":"9","type":"Default","timestamp":"2025-03-04T09:15:00+00:00","content":"Gate is shut.","author":{"name":"tove","nickname":"Tove Lindqvar"}},
                {"id":"10","type":"Reply","timestamp":"2025-03-05T09:15:00+00:00","content":"Who pays?","author":{"name":"bo","nickname":""}},
                {"id":"11","type":"Default","timestamp":"2025-03-05T09:16:00+00:00","content":"","author":{"name":"bo"},"attachments":[{"id":"1"}]}]}"#,
            &["Quay | Tove Lindqvar | 2025-03-04 | Gate is shut.", "Quay | bo | 2025-03-05 | Who pays?"],
        );
    }

    #[test]
    fn publishing_systems_keep_what_they_say_in_parts() {
        check(
            r#"{"type":"story","headlines":{"basic":"Dues"},"credits":{"by":[{"type":"author","name":"Ines Quill"}]},
                "first_publish_date":"2025-03-04T09:15:00Z","publish_date":"2025-03-06T09:15:00Z","content_elements":[
                {"type":"text","content":"They are <b>up</b>."},{"type":"image","caption":"The lock."},
                {"type":"list","items":[{"type":"text","content":"By a fifth."}]},{"type":"interstitial_link","content":"Ferry late"}]}"#,
            &[" | Ines Quill | 2025-03-04 | They are up.\n\nBy a fifth."],
        );
        check(
            r#"[{"id":5,"date":"2025-03-04T09:15:00","title":{"rendered":"Dues"},"content":{"rendered":"<p>They are up.</p>"},"author":3,
                "_embedded":{"author":[{"id":3,"name":"Ines Quill"}]}}]"#,
            &[" | Ines Quill | 2025-03-04 | They are up."],
        );
        check(
            r#"{"data":{"children":[{"kind":"t3","data":{"title":"Dues","author":"iquill","created_utc":1741079700.0,"selftext":"They are up."}}]}}"#,
            &[" | iquill | 2025-03-04 | They are up."],
        );
    }

    #[test]
    fn reference_managers_write_names_and_days_in_parts() {
        check(
            r#"[{"type":"article-newspaper","title":"Dues","author":[{"family":"Quill","given":"Ines"}],"container-title":"Harbour Gazette",
                "issued":{"date-parts":[[2025,3,4]]},"abstract":"They are up."}]"#,
            &["Harbour Gazette | Ines Quill | 2025-03-04 | They are up."],
        );
        check(
            r#"[{"itemType":"newspaperArticle","title":"Dues","creators":[{"firstName":"Ines","lastName":"Quill","creatorType":"author"}],
                "publicationTitle":"Harbour Gazette","date":"2025-03-04","abstractNote":"They are up."}]"#
                .replace("}],", r#"},{"firstName":"Jo","lastName":"Rusk","creatorType":"editor"}],"#)
                .as_str(),
            &["Harbour Gazette | Ines Quill | 2025-03-04 | They are up."],
        );
    }

    #[test]
    fn speech_recognition_gives_a_transcript() {
        check(
            r#"{"text":" We are glad. Who pays?","segments":[{"id":0,"start":0.0,"end":4.0,"text":" We are glad."},{"id":1,"start":4.5,"end":6.0,"text":" Who pays?"}],"language":"en"}"#,
            &[" |  |  | We are glad.\n\nWho pays?"],
        );
    }
}
