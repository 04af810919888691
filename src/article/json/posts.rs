//! Posts of networks and messages of workplaces, whose names are not those that records have.

use serde_json::Value;

use super::super::{Fields, html};

/// Gives a post of a network the names that records have: who wrote it is beside its text, or in its address.
pub(super) fn post(fields: &mut Fields) {
    // Bluesky: the post's own record within, its author beside it.
    if let Some(Value::Object(record)) = fields.get("record")
        && let Some(author) = fields.get("author")
        && record.get("$type").and_then(Value::as_str).is_some_and(|kind| kind.rsplit('.').next() == Some("post"))
    {
        let name = ["displayName", "handle"].iter().find_map(|name| author.get(*name).filter(|name| *name != ""));
        let own = [
            ("text", record.get("text")),
            ("date", record.get("createdAt")),
            ("id", fields.get("uri")),
            ("byline", name),
        ];
        let own = own.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.clone())));
        let language = record.get("langs").and_then(|all| all.get(0)).map(|tag| ("language".to_owned(), tag.clone()));
        let read: Fields = own.chain(language).collect();
        *fields = read;
    }
    // Arc: a list of elements is the text, and what is said about it is in lists and objects.
    if let Some(Value::Array(elements)) = fields.get("content_elements") {
        let mut text = String::new();
        marked_up(elements, &mut text);
        let within = |field: &str, path: &str| fields.get(field)?.pointer(path).cloned();
        let known = [
            ("title", within("headlines", "/basic")),
            ("byline", within("credits", "/by")),
            ("date", within("first_publish_date", "").or_else(|| within("display_date", ""))),
            ("section", within("taxonomy", "/primary_section/name")),
        ];
        let known: Vec<_> = known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
        fields.insert("html".to_owned(), Value::String(text));
        fields.extend(known);
    }
    // WordPress: an author's number, and who that is.
    if let Some(author) = fields.get("_embedded").and_then(|around| around.pointer("/author/0/name")).cloned() {
        fields.insert("author".to_owned(), author);
    }
    // Mastodon: the address of who wrote it.
    if let Some(address) = fields.get("attributedTo").and_then(Value::as_str)
        && let Some((host, name)) = address.split_once("://").and_then(|(_, rest)| rest.split_once('/'))
        && !fields.contains_key("outlet")
    {
        let name = name.rsplit('/').next().unwrap_or(name).trim_start_matches('@');
        let outlet = format!("@{name}@{host}");
        fields.insert("outlet".to_owned(), Value::String(outlet));
    }
    slack(fields);
    if let Some(post) = facebook(fields) {
        *fields = post;
    }
    // X: escaped characters, and posts that repeat another's.
    if let Some(text) = fields.get("full_text").and_then(Value::as_str) {
        let text = html::resolve(text).into_owned();
        let repeated = text.strip_prefix("RT @").and_then(|rest| rest.split_once(": "));
        let repeated = repeated.map(|(name, words)| (format!("@{name}"), words.to_owned()));
        if let Some((name, words)) = repeated {
            fields.insert("text".to_owned(), Value::String(words));
            fields.insert("outlet".to_owned(), Value::String(name));
            fields.insert("status".to_owned(), Value::String("repost".to_owned()));
        } else {
            fields.insert("full_text".to_owned(), Value::String(text));
        }
    }
}

/// Gives a message of Slack, whose channels are exported as a list a day, the names that records have.
fn slack(fields: &mut Fields) {
    let text = |name: &str| fields.get(name).and_then(Value::as_str);
    let (Some("message"), Some(stamp), Some(words)) = (text("type"), text("ts"), text("text")) else { return };
    let Some(seconds) = stamp.split('.').next().and_then(|seconds| seconds.parse::<u64>().ok()) else { return };
    let profile = fields.get("user_profile");
    let named = ["real_name", "display_name", "name"].iter().filter_map(|name| profile?.get(*name)?.as_str());
    let author = named.chain(text("username")).find(|name| !name.is_empty());
    let own = [
        ("text", Some(Value::String(without_references(words)))),
        ("date", Some(Value::from(seconds))),
        ("byline", author.map(Value::from)),
        ("id", fields.get("client_msg_id").cloned()),
        // What the service itself notes has a kind.
        ("subtype", fields.get("subtype").cloned()),
    ];
    let own = own.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    let is_note = text("subtype").is_some_and(|kind| {
        ["channel_", "group_", "bot_add", "bot_remove", "pinned_", "tombstone"].iter().any(|of| kind.starts_with(of))
    });
    let mut own: Fields = own.collect();
    if is_note {
        own.retain(|name, _| name == "subtype");
    }
    *fields = own;
}

/// A post of Facebook, as its interface gives it or as it hands out what somebody wrote, with the names that records have. One
/// without words has its kind alone.
pub(super) fn facebook(fields: &Fields) -> Option<Fields> {
    let text = |name: &str| fields.get(name).and_then(Value::as_str);
    let known = if let (Some(words), Some(day)) = (text("message"), text("created_time")) {
        let author = fields.get("from").and_then(|from| from.get("name"));
        vec![
            ("text", Some(Value::from(words))),
            ("date", Some(Value::from(day))),
            ("byline", author.cloned()),
            ("url", fields.get("permalink_url").cloned()),
            ("id", fields.get("id").cloned()),
        ]
    } else {
        const NAMES: [&str; 5] = ["timestamp", "title", "data", "attachments", "tags"];
        if !fields.keys().all(|name| NAMES.contains(&name.as_str())) {
            return None;
        }
        let (seconds, title) = (fields.get("timestamp")?.as_u64()?, unmangled(text("title")?));
        let parts = fields.get("data").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        match parts.iter().find_map(|part| part.get("post")?.as_str()) {
            Some(words) => {
                // `Tove Lindqvar shared a link.`
                let name = title.split(' ').take_while(|word| !word.starts_with(char::is_lowercase));
                let name = name.collect::<Vec<_>>().join(" ");
                let author = Some(name).filter(|name| *name != title).map(Value::from);
                vec![
                    ("text", Some(Value::from(unmangled(words)))),
                    ("date", Some(Value::from(seconds))),
                    ("byline", author),
                ]
            }
            None if fields.contains_key("attachments") => vec![("subtype", Some(Value::from("attachment")))],
            None => return None,
        }
    };
    Some(known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
}

/// A text whose bytes in UTF-8 were written as a character each, as it is meant.
fn unmangled(text: &str) -> String {
    let bytes = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect::<Option<Vec<u8>>>();
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_else(|| text.to_owned())
}

/// The words of a message in which addresses and people are in angle brackets: `<https://a.example|the plan>`, `<@U1|tove>`.
fn without_references(words: &str) -> String {
    let mut plain = String::with_capacity(words.len());
    let mut rest = words;
    while let Some((before, (reference, after))) =
        rest.split_once('<').and_then(|(before, rest)| Some((before, rest.split_once('>')?)))
    {
        let (address, shown) = reference.split_once('|').unwrap_or((reference, ""));
        // `<!here>` calls all who are there.
        let (mark, address) = address.strip_prefix('!').map_or(("", address), |all| ("@", all));
        plain.extend(if shown.is_empty() { [before, mark, address] } else { [before, shown, ""] });
        rest = after;
    }
    plain.push_str(rest);
    html::resolve(&plain).into_owned()
}

/// The text of elements and of those within them, as markup; links to others and captions are left out.
fn marked_up(elements: &[Value], into: &mut String) {
    for element in elements {
        let kind = element.get("type").and_then(Value::as_str);
        if !matches!(kind, Some("text" | "header" | "list" | "quote" | "blockquote" | "correction")) {
            continue;
        }
        let words = element.get("content").or_else(|| element.get("text")).and_then(Value::as_str);
        if let Some(words) = words {
            into.extend(["<p>", words, "</p>"]);
        }
        let within = ["items", "content_elements"].iter().filter_map(|name| element.get(*name)?.as_array());
        within.for_each(|elements| marked_up(elements, into));
    }
}

#[cfg(test)]
mod tests {
    use super::super::exports::tests::check;

    #[test]
    fn posts_of_networks_name_who_wrote_them() {
        check(
            r#"{"feed":[{"post":{"uri":"at://did:plc:x/app.bsky.feed.post/1","author":{"handle":"tove.example","displayName":"Tove Lindqvar"},
                "record":{"$type":"app.bsky.feed.post","createdAt":"2025-03-04T09:15:00Z","text":"The strike is over.","langs":["en"]}}}]}"#,
            &[" | Tove Lindqvar | 2025-03-04 | The strike is over."],
        );
        check(
            r#"{"type":"OrderedCollection","orderedItems":[
                {"type":"Create","actor":"https://quay.example/users/tove","object":{"type":"Note","id":"https://quay.example/1",
                 "published":"2025-03-04T09:15:00Z","attributedTo":"https://quay.example/users/tove","content":"<p>It is over.</p>"}},
                {"type":"Announce","actor":"https://quay.example/users/tove","object":"https://other.example/2"}]}"#,
            &["@tove@quay.example |  | 2025-03-04 | It is over."],
        );
        check(
            r#"{"orderedItems":[{"type":"Create","actor":"https://quay.example/users/tove","published":"2025-03-04T09:15:00Z",
                "object":{"type":"Note","published":"2025-03-04T09:15:00Z","attributedTo":"https://quay.example/@tove","content":"<p>It is over.</p>"}}]}"#,
            &["@tove@quay.example |  | 2025-03-04 | It is over."],
        );
        check(
            "window.YTD.tweets.part0 = [{\"tweet\":{\"id_str\":\"1\",\"created_at\":\"Tue Mar 04 09:15:00 +0000 2025\",\"full_text\":\"RT @gazette: Queue &amp; wait.\"}}]",
            &["@gazette |  | 2025-03-04 | Queue & wait. [is marked as `repost`]"],
        );
    }

    #[test]
    fn posts_of_facebook_come_in_two_forms() {
        check(
            r#"{"data":[{"id":"1_2","message":"We fought, and lost.","created_time":"2025-03-04T09:15:00+0000","from":{"name":"Tove Lindqvar","id":"1"}},
                {"id":"1_3","message":"Who pays?","created_time":"2025-03-05T09:15:00+0000"}],"paging":{}}"#,
            &[" | Tove Lindqvar | 2025-03-04 | We fought, and lost.", " |  | 2025-03-05 | Who pays?"],
        );
        check(
            r#"[{"timestamp":1741079700,"data":[{"update_timestamp":1741079700},{"post":"It\u00e2\u0080\u0099s over."}],"title":"Tove Lindqvar updated her status."},
                {"timestamp":1741079800,"data":[{"post":"Who pays?"}],"title":"Tove Lindqvar shared a link.","attachments":[]},
                {"timestamp":1741079900,"data":[],"title":"Tove Lindqvar added a new photo.","attachments":[]}]"#,
            &[" | Tove Lindqvar | 2025-03-04 | It’s over.", " | Tove Lindqvar | 2025-03-04 | Who pays?"],
        );
        check(
            r#"{"timestamp":1741079700,"title":"A","text":"Gate is shut.","attachments":[]}"#,
            &[" |  | 2025-03-04 | Gate is shut."],
        );
        check(
            r#"{"level":"info","message":"Gate is shut.","timestamp":1741079700}"#,
            &["a.json: has no body among its fields (level, message, timestamp); name it with `--map text=FIELD`"],
        );
    }

    #[test]
    fn channels_of_a_workplace_have_a_list_a_day() {
        check(
            r#"[{"type":"message","user":"U1","user_profile":{"real_name":"Tove Lindqvar","display_name":"tove"},"ts":"1741079700.000200","text":"See <https://a.example|the plan> &amp; call <@U2>."},
                {"type":"message","subtype":"channel_join","user":"U2","ts":"1741079701.000200","text":"<@U2> has joined the channel"},
                {"type":"message","user":"U2","ts":"1741079702.000300","text":"Who pays?"},
                {"type":"message","subtype":"bot_message","username":"Harbour bot","ts":"1741079703.000300","text":"The gate is shut."}]"#,
            &[
                " | Tove Lindqvar | 2025-03-04 | See the plan & call @U2.",
                " |  | 2025-03-04 | Who pays?",
                " | Harbour bot | 2025-03-04 | The gate is shut.",
            ],
        );
    }
}
