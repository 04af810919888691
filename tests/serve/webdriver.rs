//! A browser, driven by the W3C protocol for it: headless Chromium, if it is installed.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// A window of a browser; closed when it is dropped.
pub(crate) struct Browser {
    driver: Child,
    port: u16,
    session: String,
    _profile: tempfile::TempDir,
}

/// An element of a page.
pub(crate) struct Element(String);

/// The key under which the protocol names elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

impl Browser {
    /// Opens a window; none where there is no browser, which is said, and is an error in CI.
    pub(crate) fn open(scripts: bool) -> Option<Self> {
        let there = |name: &str| Command::new(name).arg("--version").stdout(Stdio::null()).status().is_ok();
        if !(there("chromedriver") && there("chromium")) {
            assert!(
                std::env::var_os("CI").is_none(),
                "install chromium and chromium-driver: the tests of the pages need them"
            );
            eprintln!("skipped: chromium and chromium-driver are not installed");
            return None;
        }
        let mut driver = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).spawn().unwrap();
        let mut told = BufReader::new(driver.stdout.take().unwrap());
        let port = loop {
            let mut line = String::new();
            assert!(told.read_line(&mut line).unwrap() > 0, "chromedriver ended");
            if let Some((_, port)) = line.split_once("successfully on port ") {
                break port.trim().trim_end_matches('.').parse().unwrap();
            }
        };
        std::thread::spawn(move || std::io::copy(&mut told, &mut std::io::sink()));
        let profile = tempfile::tempdir().unwrap();
        let data = format!("--user-data-dir={}", profile.path().display());
        let mut options = json!({
            "binary": "/usr/bin/chromium",
            "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", data],
        });
        if !scripts {
            options["prefs"] = json!({"profile.managed_default_content_settings.javascript": 2});
        }
        let mut browser = Browser { driver, port, session: String::new(), _profile: profile };
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        }}});
        let session = browser.call("POST", "/session", &wanted);
        session["sessionId"].as_str().unwrap().clone_into(&mut browser.session);
        Some(browser)
    }

    pub(crate) fn go(&self, address: &str) {
        self.post("url", &json!({"url": address}));
    }

    /// The first element that a selector of CSS finds, within five seconds.
    #[track_caller]
    pub(crate) fn find(&self, selector: &str) -> Element {
        let clock = Instant::now();
        loop {
            let found = self.post("elements", &json!({"using": "css selector", "value": selector}));
            if let Some(element) = found[0][ELEMENT].as_str() {
                return Element(element.to_owned());
            }
            assert!(clock.elapsed() < Duration::from_secs(5), "no `{selector}` in {}", self.source());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    pub(crate) fn count(&self, selector: &str) -> usize {
        self.post("elements", &json!({"using": "css selector", "value": selector})).as_array().unwrap().len()
    }

    pub(crate) fn click(&self, selector: &str) {
        self.with_element(selector, "POST", "click", &json!({}));
    }

    pub(crate) fn type_into(&self, selector: &str, text: &str) {
        self.with_element(selector, "POST", "value", &json!({"text": text}));
    }

    pub(crate) fn text(&self, selector: &str) -> String {
        self.with_element(selector, "GET", "text", &Value::Null).as_str().unwrap().to_owned()
    }

    /// Does something with an element; once more where the page was replaced since it was found.
    #[track_caller]
    fn with_element(&self, selector: &str, method: &str, action: &str, value: &Value) -> Value {
        let clock = Instant::now();
        loop {
            let Element(element) = self.find(selector);
            let path = format!("/session/{}/element/{element}/{action}", self.session);
            match self.try_call(method, &path, value) {
                Ok(answer) => return answer,
                Err(error) => assert!(
                    error.contains("stale element reference") && clock.elapsed() < Duration::from_secs(10),
                    "{error}"
                ),
            }
        }
    }

    /// Waits until an element says so.
    #[track_caller]
    pub(crate) fn wait_for(&self, selector: &str, text: &str) {
        let clock = Instant::now();
        while !self.text(selector).contains(text) {
            assert!(clock.elapsed() < Duration::from_secs(10), "`{selector}` says {}", self.text(selector));
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    pub(crate) fn address(&self) -> String {
        self.get("url").as_str().unwrap().to_owned()
    }

    pub(crate) fn source(&self) -> String {
        self.get("source").as_str().unwrap().to_owned()
    }

    /// What a script gives to its callback.
    pub(crate) fn run(&self, script: &str) -> Value {
        self.post("execute/async", &json!({"script": script, "args": []}))
    }

    /// Sets width and colours of the window.
    pub(crate) fn look(&self, width: u32, colours: &str) {
        let command = |name: &str, parameters: Value| {
            self.post("goog/cdp/execute", &json!({"cmd": name, "params": parameters}));
        };
        command(
            "Emulation.setDeviceMetricsOverride",
            json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false}),
        );
        command(
            "Emulation.setEmulatedMedia",
            json!({"features": [{"name": "prefers-color-scheme", "value": colours}]}),
        );
    }

    /// Messages of a log since it was read last.
    pub(crate) fn log(&self, name: &str) -> Vec<String> {
        let entries = self.post("se/log", &json!({"type": name}));
        entries
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["message"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    fn get(&self, command: &str) -> Value {
        self.call("GET", &format!("/session/{}/{command}", self.session), &Value::Null)
    }

    fn post(&self, command: &str, value: &Value) -> Value {
        self.call("POST", &format!("/session/{}/{command}", self.session), value)
    }

    #[track_caller]
    fn call(&self, method: &str, path: &str, value: &Value) -> Value {
        self.try_call(method, path, value).unwrap()
    }

    /// The driver's answer to a command, or what it says is wrong.
    fn try_call(&self, method: &str, path: &str, value: &Value) -> Result<Value, String> {
        let body = if value.is_null() { String::new() } else { value.to_string() };
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost:{}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            self.port,
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body.as_bytes()).unwrap();
        // The driver leaves the connection open, so the end of the answer is known by its length.
        let mut stream = BufReader::new(stream);
        let (mut head, mut length) = (String::new(), 0);
        while !head.ends_with("\r\n\r\n") {
            let start = head.len();
            assert!(stream.read_line(&mut head).unwrap() > 0, "chromedriver ended: {head}");
            if let Some(value) = head[start..].to_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body).unwrap();
        let body = String::from_utf8_lossy(&body);
        let mut answer: Value = serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error}: {head} {body}"));
        if head.starts_with("HTTP/1.1 200") {
            Ok(answer["value"].take())
        } else {
            Err(format!("{method} {path}: {answer}"))
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if !self.session.is_empty() && !std::thread::panicking() {
            self.call("DELETE", &format!("/session/{}", self.session), &Value::Null);
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
