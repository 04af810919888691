//! The screens: what they say of an answer, and where their links lead.

use serde_json::json;

use crate::client::Server;

#[test]
fn totals_are_given_by_how_closely_hits_match() {
    let texts = [
        "A 30-day ceasefire began in Sarn on Monday.",
        "Envoys asked for a thirty-day ceasefire in Sarn.",
        "They agreed on a ceasefire of 30 days in the valley.",
        "Sarn wants a 30-day truce.",
    ];
    let records: Vec<_> =
        (0..).zip(texts).map(|(n, text)| json!({"url": format!("https://paper.example/{n}"), "text": text})).collect();
    let server = Server::start(&records, &[]);
    let query = "q=%2230-day+ceasefire%22";
    let found = server.get(&format!("/api/v1/search?{query}")).json();
    let by_class = |class: &str| found["total_by_class"][class].as_u64().unwrap_or(0);
    let (close, near, synonym) = (by_class("written") + by_class("form"), by_class("near"), by_class("synonym"));
    assert!(by_class("form") > 0 && synonym > 0, "{found}");
    assert_eq!(Some(close + near + synonym), found["total"].as_u64());
    let page = server.get(&format!("/?{query}")).text();
    let line = page.split_once("<p class=\"classes\">").unwrap().1.split_once("</p>").unwrap().0;
    assert!(line.contains(&format!("{close} as written")), "{line}");
    assert!(line.contains("or in another form"), "{line}");
    assert!(line.contains(&format!("{synonym} in other words")), "{line}");
    for says in ["as written", "in another form: thirty-day", "in other words: "] {
        assert!(page.contains(&format!(" · {says}")), "{says}: {page}");
    }
    // Each link leaves its class out.
    let links: Vec<String> =
        line.split("href=\"").skip(1).map(|link| link.split('"').next().unwrap().replace("&#38;", "&")).collect();
    assert_eq!(links.len(), 2 + usize::from(near > 0), "{line}");
    let last = server.get(&links[links.len() - 1].replacen('/', "/api/v1/search", 1)).json();
    assert_eq!(last["total"].as_u64(), Some(close + near));
    // Where all hits are as written, there is nothing to tell.
    assert!(!server.get("/?q=Monday").text().contains("class=\"classes\""));
}
