//! The screens in a browser: what one clicks, with scripts and without, and what axe-core and the browser find wrong.

use crate::client::Server;
use crate::webdriver::Browser;

#[test]
fn one_finds_narrows_and_reads() {
    let Some(browser) = Browser::open(true) else { return };
    let server = Server::with_samples();
    use_it(&browser, &server);
    // Only with a script: the next match is gone to, and said.
    browser.click(".at button:last-child");
    browser.wait_for(".at .now", "match 1 of");
    assert_eq!(browser.count("mark.here"), 1);
    go_on(&browser, &server);
    assert_eq!(errors(&browser), Vec::<String>::new());
    let base = format!("http://{}", server.address);
    let elsewhere: Vec<String> = browser
        .log("performance")
        .into_iter()
        .filter(|message| message.contains("Network.requestWillBeSent\""))
        .filter(|message| {
            let told: serde_json::Value = serde_json::from_str(message).unwrap_or_default();
            let url = told["message"]["params"]["request"]["url"].as_str().unwrap_or_default();
            url.starts_with("http") && !url.starts_with(&base)
        })
        .collect();
    assert_eq!(elsewhere, Vec::<String>::new());
}

#[test]
fn it_works_without_scripts() {
    let Some(browser) = Browser::open(false) else { return };
    let server = Server::with_samples();
    use_it(&browser, &server);
    assert_eq!(browser.count(".at button"), 0);
    go_on(&browser, &server);
}

/// Searches, narrows by a facet, switches variants off, and opens an article.
fn use_it(browser: &Browser, server: &Server) {
    browser.look(1440, "light");
    browser.go(&format!("http://{}/", server.address));
    browser.type_into("#q", "\"30-day ceasefire\"\u{e007}");
    browser.wait_for(".count h1", "8 passages");
    browser.click(".facets a.value");
    browser.find(".facets li.on");
    assert!(browser.address().contains("filter="), "{}", browser.address());
    browser.click(".facets li.on a.value");
    browser.wait_for(".count h1", "8 passages");
    browser.click(".chip");
    browser.find(".chip.off");
    browser.click(".chart a .bar");
    browser.find(".chip.on");
    browser.click(".hit .title");
    browser.find(".doc mark");
    assert!(browser.address().contains("/article/"), "{}", browser.address());
    browser.find(".margin, .para");
}

/// Compares two outlets, checks a sentence, saves a search.
fn go_on(browser: &Browser, server: &Server) {
    let base = format!("http://{}", server.address);
    browser.go(&format!("{base}/?q=ceasefire"));
    browser.click("a[href^='/compare?']");
    browser.find(".totals .total a");
    browser.find(".compare .hit");
    browser.go(&format!("{base}/check"));
    browser.type_into("#words", "The Crown asks you to believe that no man can be fooled by what he loves");
    browser.click(".claim button");
    browser.wait_for("#verdict", "Not on record here as pasted");
    browser.go(&format!("{base}/?q=speaker:brannigan"));
    browser.click(".save summary");
    browser.type_into("#note", "for Friday");
    browser.click(".save button");
    browser.wait_for(".plain .meta + .choices", "Feed");
    browser.find("a[href^='/feeds/']");
    browser.find(".hit");
}

#[test]
fn screens_are_accessible() {
    let Some(browser) = Browser::open(true) else { return };
    let server = Server::with_samples();
    let base = format!("http://{}", server.address);
    let found = server.get("/?q=speaker:brannigan").text();
    let article = found.split("href=\"").find(|part| part.starts_with("/article/")).unwrap();
    let article = article.split('"').next().unwrap().replace("&#38;", "&");
    let saved = server.ask("POST", "/saved", "", b"q=speaker:brannigan&note=for+Friday");
    let saved = saved.header("location").unwrap().to_owned();
    let screens = [
        "/",
        "/?q=speaker:brannigan",
        "/?q=%2230-day+ceasefire%22&duplicates=collapse",
        "/?q=nothing+like+zebras",
        &article,
        "/entity/person/Aoife%20Brannigan",
        "/check",
        "/check?words=The+Crown+asks+you+to+believe+that+no+man+can+be+fooled+by+what+he+loves",
        "/check?words=The+moon+is+made+of+green+cheese",
        "/compare",
        "/compare?q=ceasefire&a=outlet:%22Corvane+Press%22&b=outlet:*",
        "/saved",
        &saved,
        "/status",
        "/sign-in",
    ];
    for screen in screens {
        for (width, colours) in [(1440, "light"), (360, "dark")] {
            browser.look(width, colours);
            browser.go(&format!("{base}{screen}"));
            check_access(&browser, &format!("{screen} at {width} in {colours}"));
        }
    }
    assert_eq!(errors(&browser), Vec::<String>::new());
}

/// Nobody has to scroll sideways, and axe-core finds nothing that keeps people from using the page.
#[track_caller]
pub(crate) fn check_access(browser: &Browser, screen: &str) {
    let wide = browser.run("arguments[0](document.documentElement.scrollWidth - innerWidth)");
    assert!(wide.as_i64().unwrap() <= 0, "{screen}: wider than the window");
    let Some(axe) = axe_core() else { return };
    let rules = "['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']";
    let script = format!(
        "{axe};const told=arguments[arguments.length-1];axe.run(document,{{runOnly:{rules}}}).then(r=>told(r.violations.map(v=>v.id+': '+v.nodes.map(n=>n.html).join(' '))));"
    );
    assert_eq!(browser.run(&script), serde_json::json!([]), "{screen}");
}

/// The script of axe-core, which `npm install --prefix target/npm axe-core` brings; none where it is not installed,
/// which is said, and is an error in CI.
fn axe_core() -> Option<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/target/npm/node_modules/axe-core/axe.min.js");
    let script = std::fs::read_to_string(path).ok();
    if script.is_none() {
        assert!(std::env::var_os("CI").is_none(), "install axe-core: npm install --prefix target/npm axe-core");
        eprintln!("skipped: axe-core is not installed (npm install --prefix target/npm axe-core)");
    }
    script
}

/// What the browser complains of.
fn errors(browser: &Browser) -> Vec<String> {
    browser.log("browser")
}
