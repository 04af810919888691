//! A server with a few articles, and requests to it, byte by byte: attacks are not what libraries send.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

/// A server, stopped when it is dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) folder: tempfile::TempDir,
    child: Child,
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(": "))
            .find_map(|(known, value)| known.eq_ignore_ascii_case(name).then_some(value))
    }
}

impl Server {
    /// Serves these records with further arguments.
    pub(crate) fn start(records: &[Value], arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let articles = folder.path().join("articles.jsonl");
        let lines: Vec<String> = records.iter().map(Value::to_string).collect();
        std::fs::write(&articles, lines.join("\n")).unwrap();
        Server::serve(folder, &articles, arguments)
    }

    /// Serves the sample articles.
    pub(crate) fn with_samples() -> Self {
        Server::start_with(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus"))
    }

    /// Serves what is in a folder.
    pub(crate) fn start_with(corpus: &Path) -> Self {
        Server::serve(tempfile::tempdir().unwrap(), corpus, &[])
    }

    fn serve(folder: tempfile::TempDir, corpus: &Path, arguments: &[&str]) -> Self {
        let arguments = [&["--corpus", corpus.to_str().unwrap()], arguments].concat();
        let index = folder.path().join("index");
        Server::listen(folder, &index, &arguments)
    }

    /// Serves an index as it is.
    pub(crate) fn over(index: &Path, arguments: &[&str]) -> Self {
        Server::listen(tempfile::tempdir().unwrap(), index, arguments)
    }

    fn listen(folder: tempfile::TempDir, index: &Path, arguments: &[&str]) -> Self {
        let address: &[&str] = if arguments.contains(&"--address") { &[] } else { &["--address", "127.0.0.1:0"] };
        let mut child = Command::new(env!("CARGO_BIN_EXE_onrecord"))
            .arg("serve")
            .args(address)
            .arg("--index")
            .arg(index)
            .args(arguments)
            .env("XDG_CONFIG_HOME", folder.path())
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut told = BufReader::new(child.stderr.take().unwrap());
        let mut all = String::new();
        let address = loop {
            let mut line = String::new();
            assert!(told.read_line(&mut line).unwrap() > 0, "the server ended: {all}");
            if let Some((_, address)) = line.split_once("http://") {
                break address.trim().parse().unwrap();
            }
            all += &line;
        };
        // Whatever it says later must not fill the pipe.
        std::thread::spawn(move || std::io::copy(&mut told, &mut std::io::sink()));
        Server { address, folder, child }
    }

    /// The answer to a GET request for `path`.
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "", b"")
    }

    /// The answer to a request; `headers` are lines that end with `\r\n`.
    pub(crate) fn ask(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> Answer {
        let host = if headers.to_lowercase().contains("host:") {
            String::new()
        } else {
            format!("host: {}\r\n", self.address)
        };
        let length = if body.is_empty() { String::new() } else { format!("content-length: {}\r\n", body.len()) };
        let head = format!("{method} {path} HTTP/1.1\r\n{host}{headers}{length}connection: close\r\n\r\n");
        self.raw(&[head.as_bytes(), body].concat())
    }

    /// The answer to these bytes.
    pub(crate) fn raw(&self, bytes: &[u8]) -> Answer {
        let mut stream = self.connect();
        // A server that has refused a request reads no more of it.
        let _ = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        parse(&answer)
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        stream
    }

    /// Asks the process to stop, and says how it ended.
    pub(crate) fn stop(mut self) -> std::process::ExitStatus {
        let told = Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status().unwrap();
        assert!(told.success());
        self.child.wait().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn parse(answer: &[u8]) -> Answer {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(answer.len());
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let status = head.split_whitespace().nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    let body = answer.get(end + 4..).unwrap_or_default();
    let chunked = head.to_lowercase().contains("transfer-encoding: chunked");
    Answer { status, body: if chunked { unchunk(body) } else { body.to_vec() }, head }
}

/// The bytes of a body in chunks; those of a body that was cut off as far as they came.
fn unchunk(mut body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Some(line) = body.windows(2).position(|two| two == b"\r\n") {
        let size = std::str::from_utf8(&body[..line]).ok().and_then(|size| usize::from_str_radix(size, 16).ok());
        let Some(size) = size.filter(|&size| size > 0) else { break };
        let chunk = body.get(line + 2..).unwrap_or_default();
        bytes.extend_from_slice(&chunk[..size.min(chunk.len())]);
        body = chunk.get(size + 2..).unwrap_or_default();
    }
    bytes
}

/// Two articles, one of which quotes the mayor.
pub(crate) fn articles() -> Vec<Value> {
    vec![
        json!({"url": "https://paper.example/dam", "title": "Dam breaks", "outlet": "Harbour Post", "date": "2031-04-02",
            "text": "“The dam was safe,” said Mayor Lena Ode on Monday.\n\nThe valley below was empty."}),
        json!({"url": "https://dawn.example/dam", "title": "After the dam", "outlet": "Fjord Dawn", "date": "2031-04-05",
            "text": "Lena Ode said the dam would be built again. Nobody in the valley of Sarn believes it."}),
        json!({"url": "https://dawn.example/bees", "title": "Bees", "outlet": "Fjord Dawn", "text": "The bees are back at the dam."}),
    ]
}
