//! Who may ask: the host that is asked for, the site that a browser comes from, and tokens.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use axum::http::{HeaderMap, Method, header};

use super::failure::Failure;

/// Characters of the shortest token that is taken for a secret.
const SHORTEST: usize = 16;

/// The name of the cookie that signing in sets.
const COOKIE: &str = "onrecord";

/// The tokens of a server, by the names of their owners.
///
/// Only hashes are kept: comparing them takes the same time wherever they differ.
#[derive(Clone)]
pub struct Tokens(Vec<Token>);

/// The collections that a token is limited to, sorted; none where all may be read.
pub(super) type Within = Option<Vec<String>>;

/// Who sent a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Who {
    /// The name of the token, where the server asks for one.
    pub(super) owner: Option<String>,
    pub(super) within: Within,
}

#[derive(Clone)]
struct Token {
    who: Who,
    hash: blake3::Hash,
    /// The value of the cookie for the token.
    cookie: blake3::Hash,
}

/// Why a file of tokens cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The file cannot be read.
    #[error("cannot read the tokens in `{path}`")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A line is not a name and a token.
    #[error(
        "`{path}`, line {line}: write a name, a space and a token of at least {SHORTEST} characters; \
         behind them may be `collection=NAME`, for each collection that the token is limited to"
    )]
    Line {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
    },
    /// There is no token in the file.
    #[error("`{0}` holds no token; write a name, a space and a token on a line")]
    Empty(PathBuf),
}

impl Tokens {
    /// Reads a file of tokens: a name, a space and a token on each line, and behind them the collections that it is limited
    /// to, each as `collection=NAME`; empty lines and those with `#` are left out.
    pub fn read(path: &Path) -> Result<Self, TokenError> {
        let text = fs::read_to_string(path).map_err(|source| TokenError::Read { path: path.to_owned(), source })?;
        let mut tokens = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let token = read(line).ok_or_else(|| TokenError::Line { path: path.to_owned(), line: number + 1 })?;
            tokens.push(token);
        }
        if tokens.is_empty() { Err(TokenError::Empty(path.to_owned())) } else { Ok(Tokens(tokens)) }
    }

    /// What the tokens are limited to, each limit once.
    pub(super) fn limits(&self) -> impl Iterator<Item = &[String]> {
        let limits: BTreeSet<&[String]> = self.0.iter().filter_map(|token| token.who.within.as_deref()).collect();
        limits.into_iter()
    }

    /// Whose token this is.
    fn owner(&self, token: &str) -> Option<&Token> {
        let hash = blake3::hash(token.trim().as_bytes());
        // All are compared, so that the time does not say which one came close.
        self.0.iter().fold(None, |found, known| if known.hash == hash { Some(known) } else { found })
    }

    /// Whose cookie this is.
    fn owner_of_cookie(&self, value: &str) -> Option<&Token> {
        let cookie = blake3::Hash::from_hex(value).ok()?;
        self.0.iter().fold(None, |found, known| if known.cookie == cookie { Some(known) } else { found })
    }
}

/// A line of the file of tokens; none if it is wrong. Names of collections may have spaces.
fn read(line: &str) -> Option<Token> {
    /// What is before the name of a collection.
    const COLLECTION: &str = "collection=";
    let (owner, rest) = line.split_once(char::is_whitespace)?;
    let rest = rest.trim_start();
    let (token, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let rest = rest.trim_start();
    let within = match rest.strip_prefix(COLLECTION) {
        None if rest.is_empty() => None,
        None => return None,
        Some(names) => {
            let between = format!(" {COLLECTION}");
            let names: BTreeSet<String> = names.split(&between).map(|name| name.trim().to_owned()).collect();
            Some(names.into_iter().collect())
        }
    };
    let is_nameless = within.iter().flatten().any(String::is_empty);
    (token.len() >= SHORTEST && !is_nameless).then(|| Token {
        who: Who { owner: Some(owner.to_owned()), within },
        hash: blake3::hash(token.as_bytes()),
        cookie: cookie_of(token),
    })
}

/// A cookie is made from its token, so that it outlives the process and ends with the token.
fn cookie_of(token: &str) -> blake3::Hash {
    blake3::Hash::from_bytes(blake3::derive_key("onrecord 2026 cookie of a browser", token.as_bytes()))
}

/// Which hosts the server answers for, and to whom.
pub(super) struct Access {
    pub(super) tokens: Option<Tokens>,
    /// Names that a request may be addressed to, in lower case.
    pub(super) hosts: Vec<String>,
    /// Sites whose pages may use the API.
    pub(super) origins: Vec<String>,
    /// Whether any computer can reach the server.
    pub(super) is_public: bool,
    /// Proxies whose word is taken for how a client reached them.
    pub(super) proxies: Vec<IpAddr>,
}

impl Access {
    /// Checks which host a request is addressed to: a page of another site that a browser was led to by a forged name
    /// is refused. `local` is the address at which it arrived.
    pub(super) fn check_host(&self, headers: &HeaderMap, local: SocketAddr) -> Result<(), Failure> {
        let host = host(headers).ok_or_else(Failure::wrong_host)?;
        let name = name_of(host).to_ascii_lowercase();
        let known = match name.trim_matches(['[', ']']).parse::<IpAddr>() {
            Ok(address) => address == local.ip() || (address.is_loopback() && local.ip().is_loopback()),
            Err(_) => name == "localhost" && local.ip().is_loopback(),
        };
        if known || self.hosts.contains(&name) { Ok(()) } else { Err(Failure::wrong_host()) }
    }

    /// Checks that what changes something comes from a page of this server, or from no page at all.
    pub(super) fn check_origin(headers: &HeaderMap, method: &Method) -> Result<(), Failure> {
        if method.is_safe() {
            return Ok(());
        }
        let foreign = || Failure::forbidden("this request comes from a page of another site");
        if let Some(site) = headers.get("sec-fetch-site")
            && site != "same-origin"
            && site != "none"
        {
            return Err(foreign());
        }
        let Some(origin) = headers.get(header::ORIGIN) else { return Ok(()) };
        let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
        match (origin, host(headers)) {
            (Some(("http" | "https", from)), Some(host)) if from.eq_ignore_ascii_case(host) => Ok(()),
            _ => Err(foreign()),
        }
    }

    /// Who asks, by a token or a cookie; anybody where the server asks for no token.
    pub(super) fn check_token(&self, headers: &HeaderMap) -> Result<Who, Failure> {
        let Some(tokens) = &self.tokens else { return Ok(Who { owner: None, within: None }) };
        let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let bearer = bearer.and_then(|value| {
            let (scheme, token) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then_some(token)
        });
        let owner = match bearer {
            Some(token) => tokens.owner(token),
            None => cookie(headers).and_then(|value| tokens.owner_of_cookie(value)),
        };
        owner.map(|token| token.who.clone()).ok_or_else(Failure::no_token)
    }

    /// The cookie that signing in with a token sets.
    pub(super) fn sign_in(&self, token: &str, secure: bool) -> Option<String> {
        let token = self.tokens.as_ref()?.owner(token)?;
        Some(set_cookie(token.cookie.to_hex().as_str(), 30 * 24 * 3600, secure))
    }

    /// The cookie that signing out replaces it by.
    pub(super) fn sign_out(secure: bool) -> String {
        set_cookie("", 0, secure)
    }

    /// `http`, or `https` where a trusted proxy says that it was reached so.
    pub(super) fn scheme(&self, headers: &HeaderMap, peer: IpAddr) -> &'static str {
        let forwarded = headers.get("x-forwarded-proto").filter(|_| self.proxies.contains(&peer));
        if forwarded.is_some_and(|scheme| scheme == "https") { "https" } else { "http" }
    }
}

fn set_cookie(value: &str, seconds: u32, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{COOKIE}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}")
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value)
}

/// The host that a request is addressed to, with its port; none where several are given.
pub(super) fn host(headers: &HeaderMap) -> Option<&str> {
    let mut hosts = headers.get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().ok(),
        (_, _) => None,
    }
}

/// A host without its port.
fn name_of(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port))
            if port.bytes().all(|b| b.is_ascii_digit()) && (!name.contains(':') || name.ends_with(']')) =>
        {
            name
        }
        Some(_) | None => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    fn access(hosts: &[&str]) -> Access {
        let hosts = hosts.iter().map(|&host| host.to_owned()).collect();
        Access { tokens: None, hosts, origins: Vec::new(), is_public: false, proxies: Vec::new() }
    }

    #[track_caller]
    fn check(host: &str, local: &str, expect: bool) {
        let access = access(&["desk.example"]);
        assert_eq!(access.check_host(&headers(&[("host", host)]), local.parse().unwrap()).is_ok(), expect, "{host}");
    }

    #[test]
    fn hosts_are_known_exactly() {
        for host in ["localhost", "localhost:8080", "127.0.0.1:9", "[::1]:8080", "LOCALHOST", "desk.example:443"] {
            check(host, "127.0.0.1:8080", true);
        }
        for host in
            ["localhost.evil.example", "evil.example", "desk.example.evil", "10.0.0.1", "", "localhost:x", "::1:80"]
        {
            check(host, "127.0.0.1:8080", false);
        }
        check("10.0.0.7:8080", "10.0.0.7:8080", true);
        check("localhost", "10.0.0.7:8080", false);
        let twice = headers(&[("host", "localhost"), ("host", "evil.example")]);
        assert!(access(&[]).check_host(&twice, "127.0.0.1:1".parse().unwrap()).is_err());
    }

    #[test]
    fn pages_of_other_sites_change_nothing() {
        let ask =
            |method: Method, pairs: &[(&'static str, &str)]| Access::check_origin(&headers(pairs), &method).is_ok();
        assert!(ask(Method::GET, &[("host", "localhost"), ("origin", "https://evil.example")]));
        assert!(ask(Method::POST, &[("host", "localhost:8080")]));
        assert!(ask(Method::POST, &[("host", "localhost:8080"), ("origin", "http://localhost:8080")]));
        for origin in ["https://evil.example", "null", "http://localhost:8080.evil.example", "http://localhost"] {
            assert!(!ask(Method::POST, &[("host", "localhost:8080"), ("origin", origin)]), "{origin}");
        }
        assert!(!ask(Method::POST, &[("host", "localhost"), ("sec-fetch-site", "cross-site")]));
    }

    #[test]
    fn tokens_are_names_and_secrets() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tokens");
        let read = |text: &str| {
            fs::write(&file, text).unwrap();
            Tokens::read(&file)
        };
        assert!(matches!(read("# nobody yet\n"), Err(TokenError::Empty(_))));
        assert!(matches!(read("desk short"), Err(TokenError::Line { line: 1, .. })));
        let tokens = Some(read("# two desks\ndesk 0123456789abcdef\nnight fedcba9876543210\n").unwrap());
        let access = Access { tokens, ..access(&[]) };
        let who = |pairs: &[(&'static str, &str)]| access.check_token(&headers(pairs)).ok().and_then(|who| who.owner);
        assert_eq!(who(&[("authorization", "Bearer fedcba9876543210")]).as_deref(), Some("night"));
        assert_eq!(who(&[("authorization", "Bearer fedcba987654321")]), None);
        assert_eq!(who(&[]), None);
        let cookie = access.sign_in("0123456789abcdef", false).unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"));
        let pair = format!("other=1; {}", cookie.split(';').next().unwrap());
        assert_eq!(who(&[("cookie", &pair)]).as_deref(), Some("desk"));
        assert_eq!(access.sign_in("wrong", false), None);
        assert!(!cookie.contains("0123456789abcdef"));
    }

    #[test]
    fn tokens_may_be_limited_to_collections() {
        let within = |line: &str| read(line).map(|token| token.who.within);
        assert_eq!(within("desk 0123456789abcdef"), Some(None));
        let leaks = Some(vec!["leak 3".to_owned(), "mail".to_owned()]);
        assert_eq!(within("desk  0123456789abcdef  collection=mail collection=leak 3 "), Some(leaks));
        for wrong in ["leak-3", "collection=", "collection=a collection=", "collections=a", "a collection=b"] {
            assert_eq!(within(&format!("desk 0123456789abcdef {wrong}")), None, "{wrong}");
        }
    }
}
