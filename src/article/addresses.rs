//! Tells records apart that have one address.

use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_64;

use super::record::Identifiers;
use super::{Content, Options, Raw, Skip};

/// The addresses of the records of a source so far, and the id of the first that has each, as hashes.
#[derive(Default)]
pub(super) struct Addresses(FxHashMap<u64, u64>);

impl Addresses {
    /// Marks a record with the address of an earlier one but an id of its own: it is another article, as the posts of a live
    /// blog or records that all give the outlet's front page.
    pub(super) fn tell_apart(&mut self, mut raw: Result<Raw, Skip>, options: &Options) -> Result<Raw, Skip> {
        if let Ok(Raw { content: Content::Fields(fields), hints, .. }) = &mut raw
            && let Identifiers { address: Some(address), id: Some(id) } = Identifiers::of(fields, hints, &options.map)
        {
            let id = xxh3_64(id.as_bytes());
            hints.shares_address = *self.0.entry(xxh3_64(address.as_bytes())).or_insert(id) != id;
        }
        raw
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;
    use crate::article::read_from;

    #[track_caller]
    fn check(name: &str, body: &str, expect: &[&str]) {
        let mut ids = Vec::new();
        let _ = read_from(name, body.as_bytes(), &Options::default(), &mut |article| {
            ids.extend(article.ok().map(|article| article.meta.id));
            ControlFlow::Continue(())
        });
        assert_eq!(ids, expect);
    }

    #[test]
    fn records_with_one_address_and_ids_of_their_own_are_apart() {
        let apart = ["https://p.example/", "https://p.example/#2"];
        let one = r#"{"id":1,"url":"https://p.example/","text":"Dues rise."}"#;
        let two = r#"{"id":2,"url":"https://p.example/","text":"The lock leaks."}"#;
        check("a.jsonl", &format!("{one}\n{two}\n"), &apart);
        check("a.json", &format!("[{one},{two}]"), &apart);
        check("a.json", &format!(r#"{{"articles":[{one},{two}]}}"#), &apart);
        check("a.jsonl", &format!("{{\"_index\":\"news\",\"_source\":{one}}}\n{{\"_source\":{two}}}\n"), &apart);
        check("a.csv", "id,url,text\n1,https://p.example/,Dues rise.\n2,https://p.example/,The lock leaks.\n", &apart);
        // Two versions of one article, and records without ids.
        check("a.jsonl", &format!("{one}\n{one}\n"), &["https://p.example/", "https://p.example/"]);
        let bare = r#"{"url":"https://p.example/","text":"Dues rise."}"#;
        check("a.jsonl", &format!("{bare}\n{bare}\n"), &["https://p.example/", "https://p.example/"]);
    }
}
