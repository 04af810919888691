//! Calls to a cluster over HTTP: JSON in, JSON out.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use ureq::http;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

use super::error::ClusterError;

/// The longest answer that is read.
const LONGEST: u64 = 1 << 30;

/// How often a call is made again where a node is missing or busy: the pauses add up to 12 s.
const TRIES: u32 = 7;

/// Who asks: read from variables, or from the files that variables name. Nothing of it is ever printed.
#[derive(Clone, Default)]
pub struct Credentials {
    /// The header `Authorization`.
    authorization: Option<String>,
    /// Certificates that are trusted instead of the usual ones.
    authorities: Option<Vec<Certificate<'static>>>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("given", &self.authorization.is_some()).finish_non_exhaustive()
    }
}

impl Credentials {
    /// Reads `ONRECORD_ENGINE_USER` and `…_PASSWORD`, or `…_API_KEY`; each may name a file with `_FILE` at its end. The
    /// certificates of `…_CA`, a file, are trusted instead of the usual ones.
    pub fn from_variables() -> Result<Self, ClusterError> {
        let read = |path: &str, variable| {
            std::fs::read(path).map_err(|source| ClusterError::File { path: path.to_owned(), variable, source })
        };
        let secret = |name: &'static str, file: &'static str| -> Result<Option<String>, ClusterError> {
            if let Ok(value) = std::env::var(name) {
                return Ok(Some(value));
            }
            let Ok(path) = std::env::var(file) else { return Ok(None) };
            Ok(Some(String::from_utf8_lossy(&read(&path, file)?).trim().to_owned()))
        };
        let user = secret("ONRECORD_ENGINE_USER", "ONRECORD_ENGINE_USER_FILE")?;
        let password = secret("ONRECORD_ENGINE_PASSWORD", "ONRECORD_ENGINE_PASSWORD_FILE")?;
        let key = secret("ONRECORD_ENGINE_API_KEY", "ONRECORD_ENGINE_API_KEY_FILE")?;
        let basic = user.map(|user| Self::basic(&user, &password.unwrap_or_default()));
        let authorization = key.map(|key| format!("ApiKey {key}")).or(basic);
        let authorities = std::env::var("ONRECORD_ENGINE_CA").ok();
        let authorities = authorities.map(|path| {
            let certificates = certificates(&read(&path, "ONRECORD_ENGINE_CA")?);
            if certificates.is_empty() { Err(ClusterError::NoCertificate { path }) } else { Ok(certificates) }
        });
        Ok(Credentials { authorization, authorities: authorities.transpose()? })
    }

    fn basic(user: &str, password: &str) -> String {
        format!("Basic {}", BASE64.encode(format!("{user}:{password}")))
    }
}

/// The certificates in a file.
fn certificates(pem: &[u8]) -> Vec<Certificate<'static>> {
    let certificate = |item| if let Ok(PemItem::Certificate(certificate)) = item { Some(certificate) } else { None };
    parse_pem(pem).filter_map(certificate).collect()
}

/// A cluster, and the name under which an index is in it.
#[derive(Debug, Clone)]
pub struct Client {
    agent: ureq::Agent,
    credentials: Credentials,
    /// Scheme, host and port.
    base: String,
    /// How the names of the indices begin.
    name: String,
    /// True for Elasticsearch, whose points in time have other addresses.
    is_elastic: bool,
}

impl Client {
    /// Opens the cluster at `url`: `http://HOST:PORT/NAME`. A user and a password in it are used, and not shown.
    pub fn open(url: &str, mut credentials: Credentials) -> Result<Self, ClusterError> {
        // What may be a password is not printed, even if the rest makes no sense.
        let failed = || ClusterError::Address(url.rsplit('@').next().unwrap_or_default().to_owned());
        let (scheme, rest) = url.split_once("://").ok_or_else(failed)?;
        let (host, name) = rest.trim_end_matches('/').rsplit_once('/').ok_or_else(failed)?;
        let host = match host.rsplit_once('@') {
            Some((who, host)) => {
                let (user, password) = who.split_once(':').unwrap_or((who, ""));
                credentials.authorization = Some(Credentials::basic(user, password));
                host
            }
            None => host,
        };
        let is_name = |name: &str| {
            let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.');
            name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(allowed) && name.len() <= 100
        };
        if !matches!(scheme, "http" | "https") || host.is_empty() || !is_name(name) {
            return Err(failed());
        }
        let mut tls = TlsConfig::builder();
        if let Some(authorities) = &credentials.authorities {
            tls = tls.root_certs(RootCerts::new_with_certs(authorities));
        }
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_connect(Some(Duration::from_secs(10)))
            // Not of the whole call: a thread of its own would look up the host's name each time.
            .timeout_per_read(Some(Duration::from_mins(5)))
            .timeout_per_write(Some(Duration::from_mins(5)))
            .tls_config(tls.build())
            .max_idle_connections_per_host(4)
            // What is long is packed already: to pack it again takes a cluster longer than to send it.
            .accept_encoding("")
            .build()
            .new_agent();
        let base = format!("{scheme}://{host}");
        let mut client = Client { agent, credentials, base, name: name.to_owned(), is_elastic: false };
        client.greet()?;
        Ok(client)
    }

    /// Finds out what the cluster is.
    fn greet(&mut self) -> Result<(), ClusterError> {
        let (status, about) = self.call("GET", "/", None)?;
        let foreign = || ClusterError::Foreign { url: self.base.clone() };
        if status == 400 {
            return Err(foreign());
        }
        self.checked(status, &about, "read")?;
        let about: Value = serde_json::from_slice(&about).map_err(|_| foreign())?;
        if about.pointer("/version/number").is_none() {
            return Err(foreign());
        }
        let text = |path: &str| about.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (product, version) = (text("/version/distribution"), text("/version/number"));
        self.is_elastic = product != "opensearch";
        let major: u32 = version.split('.').next().and_then(|major| major.parse().ok()).unwrap_or_default();
        if major < if self.is_elastic { 8 } else { 2 } {
            let product = if self.is_elastic { "Elasticsearch".to_owned() } else { product };
            return Err(ClusterError::Version { url: self.base.clone(), found: format!("{product} {version}") });
        }
        Ok(())
    }

    /// The address with the name of the index, without credentials.
    pub fn shown(&self) -> String {
        format!("{}/{}", self.base, self.name)
    }

    /// The name of one of its indices: `articles`, `files`, `meta`, `user`.
    pub fn index(&self, what: &str) -> String {
        format!("/{}-{what}", self.name)
    }

    /// Reads.
    pub fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClusterError> {
        self.read(path, &self.expect("GET", path, None)?)
    }

    /// Reads a document; none if there is none, nor its index.
    pub fn document(&self, path: &str) -> Result<Option<Value>, ClusterError> {
        self.bytes(path)?.map(|body| self.read(path, &body)).transpose()
    }

    /// The same as it is sent.
    pub fn bytes(&self, path: &str) -> Result<Option<Vec<u8>>, ClusterError> {
        let (status, body) = self.call("GET", path, None)?;
        if status == 404 {
            return Ok(None);
        }
        self.checked(status, &body, "read")?;
        Ok(Some(body))
    }

    /// Sends JSON and reads the answer.
    pub fn post<T: DeserializeOwned>(&self, path: &str, body: &Value) -> Result<T, ClusterError> {
        self.read(path, &self.expect("POST", path, Some(body.to_string().into_bytes()))?)
    }

    /// Writes; false if something else was written before, or is there already.
    pub fn put(&self, path: &str, body: &Value) -> Result<Option<Value>, ClusterError> {
        let (status, answer) = self.call("PUT", path, Some(body.to_string().into_bytes()))?;
        let exists = status == 400 && String::from_utf8_lossy(&answer).contains("resource_already_exists");
        if status == 409 || exists {
            return Ok(None);
        }
        self.checked(status, &answer, "write")?;
        self.read(path, &answer).map(Some)
    }

    /// Sends lines of JSON as they are; gives the status, and the answer.
    pub fn lines(&self, path: &str, lines: &[u8]) -> Result<Vec<u8>, ClusterError> {
        self.expect("POST", path, Some(lines.to_vec()))
    }

    /// Opens a point in time of the articles.
    pub fn open_point(&self) -> Result<String, ClusterError> {
        let how = if self.is_elastic { "_pit" } else { "_search/point_in_time" };
        let path = format!("{}/{how}?keep_alive=2m", self.index("articles"));
        let answer: Value = self.read(&path, &self.lines(&path, b"")?)?;
        let id = answer.get("pit_id").or_else(|| answer.get("id")).and_then(Value::as_str);
        id.map(str::to_owned).ok_or_else(|| self.refused(200, "a point in time without an id"))
    }

    /// Closes it; a cluster forgets one that is not closed after two minutes.
    pub fn close_point(&self, id: &str) {
        let (path, body) = if self.is_elastic {
            ("/_pit", json!({ "id": id }))
        } else {
            ("/_search/point_in_time", json!({ "pit_id": [id] }))
        };
        let _ = self.call("DELETE", path, Some(body.to_string().into_bytes()));
    }

    fn expect(&self, method: &str, path: &str, body: Option<Vec<u8>>) -> Result<Vec<u8>, ClusterError> {
        let (status, answer) = self.call(method, path, body)?;
        let right = if path.contains("_search") || method == "GET" { "read" } else { "write" };
        self.checked(status, &answer, right)?;
        Ok(answer)
    }

    /// Makes a call; again where the cluster is busy, or a node of it has just gone.
    fn call(&self, method: &str, path: &str, body: Option<Vec<u8>>) -> Result<(u16, Vec<u8>), ClusterError> {
        let body = body.unwrap_or_default();
        let mut pause = Duration::from_millis(100);
        for attempt in 1.. {
            let answered = self.call_once(method, path, &body);
            let again = match &answered {
                Ok((status, answer)) => matches!(status, 429 | 502..=504) && !is_blocked(answer),
                // A connection that was kept open may have been closed by the other side.
                Err(_) => attempt == 1 && path != "/",
            };
            if !again || attempt >= TRIES {
                return answered.map_err(|source| self.unreached(source));
            }
            tracing::debug!(method, path, attempt, "the cluster is busy");
            std::thread::sleep(pause);
            pause *= 2;
        }
        Err(self.refused(503, "the cluster is busy"))
    }

    fn unreached(&self, source: ureq::Error) -> ClusterError {
        // What rustls says is wrapped as an error of the connection.
        let is_untrusted = source.to_string().contains("invalid peer certificate");
        let (url, source) = (self.shown(), Box::new(source));
        if is_untrusted { ClusterError::Untrusted { url, source } } else { ClusterError::Unreachable { url, source } }
    }

    fn call_once(&self, method: &str, path: &str, body: &[u8]) -> Result<(u16, Vec<u8>), ureq::Error> {
        let mut request = http::Request::builder().method(method).uri(format!("{}{path}", self.base));
        if let Some(authorization) = &self.credentials.authorization {
            request = request.header("authorization", authorization);
        }
        let kind = if path.ends_with("_bulk") { "application/x-ndjson" } else { "application/json" };
        let mut response = if body.is_empty() {
            self.agent.run(request.body(())?)?
        } else {
            let request = request.header("content-type", kind).body(body)?;
            let request = self.agent.configure_request(request).allow_non_standard_methods(true).build();
            self.agent.run(request)?
        };
        let answer = response.body_mut().with_config().limit(LONGEST).read_to_vec()?;
        Ok((response.status().as_u16(), answer))
    }

    /// An error unless all went well.
    fn checked(&self, status: u16, answer: &[u8], right: &'static str) -> Result<(), ClusterError> {
        let url = self.base.clone();
        let what = || {
            let error: Value = serde_json::from_slice(answer).unwrap_or_default();
            let places = ["/error/reason", "/error", "/_shards/failures/0/reason/reason"];
            let reason = places.iter().find_map(|place| error.pointer(place)?.as_str());
            reason.unwrap_or("no reason given").to_owned()
        };
        match status {
            200..300 => Ok(()),
            401 => Err(ClusterError::Unauthorized { url }),
            403 | 429 if is_blocked(answer) => Err(ClusterError::Blocked { url }),
            403 => Err(ClusterError::Forbidden { url, what: what(), right, indices: format!("{}-", self.name) }),
            404 => Err(ClusterError::Missing { url: self.shown() }),
            429 | 502..=504 => Err(ClusterError::Red { url: self.shown(), what: what() }),
            _ => Err(self.refused(status, &what())),
        }
    }

    fn read<T: DeserializeOwned>(&self, path: &str, answer: &[u8]) -> Result<T, ClusterError> {
        serde_json::from_slice(answer).map_err(|error| self.refused(200, &format!("{path}: {error}")))
    }

    /// The error of an index of which something is not as it was written.
    pub fn damaged(&self, what: impl fmt::Display) -> ClusterError {
        ClusterError::Damaged { url: self.shown(), what: what.to_string() }
    }

    fn refused(&self, status: u16, what: &str) -> ClusterError {
        ClusterError::Refused { url: self.base.clone(), status, what: what.to_owned() }
    }
}

/// True if writing is blocked because a disk is nearly full.
fn is_blocked(answer: &[u8]) -> bool {
    let answer = String::from_utf8_lossy(answer);
    ["cluster_block_exception", "index_create_block_exception"].iter().any(|kind| answer.contains(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_make_no_sense_are_told_without_their_password() {
        for wrong in
            ["", "localhost:9200", "ftp://ada:secret@host/press", "http://ada:secret@host/Press", "http://host"]
        {
            let error = Client::open(wrong, Credentials::default()).unwrap_err();
            assert!(matches!(error, ClusterError::Address(_)), "{error}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }

    #[test]
    fn a_cluster_that_is_not_there_is_told() {
        let error = Client::open("http://ada:secret@127.0.0.1:1/press", Credentials::default()).unwrap_err();
        assert!(matches!(error, ClusterError::Unreachable { .. }));
        assert_eq!(
            error.to_string(),
            "cannot reach http://127.0.0.1:1/press; check the address and that the cluster is running"
        );
        assert!(!format!("{error:?}").contains("secret"));
    }
}
