//! The same searches for an assistant, over standard input and output, by the Model Context Protocol. Every answer says
//! where it is from, so that what an assistant says of it can be checked.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{CallToolResult, ContentBlock, ErrorData, Implementation, ServerCapabilities, ServerConfig};
use rmcp::{ServerHandler, ServiceExt as _, schemars, tool, tool_handler, tool_router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::page::{anchor, article_address};
use super::state::{Cause, Opened, Source, first};
use crate::answers::{self, Claim};
use crate::present::html::original_at;
use crate::query::filter;
use crate::search::{Backend, By, Deadline, Error, Hit, Request, Sort};
use crate::text::{CharSpan, CodePoints};

/// How long an answer may take.
const LIMIT: Duration = Duration::from_secs(30);

/// How long the index in use may be behind the folder.
const FRESH: Duration = Duration::from_secs(2);

/// Hits of an answer unless more or fewer are asked for, and at most.
const HITS: (u64, u64) = (10, 50);

/// Code points of an article's text that one answer holds, at most.
const TEXT: u32 = 20_000;

/// What an assistant is told about the tools.
const INSTRUCTIONS: &str = "Searches an index of news articles: who said what, in which words, printed where and when. \
    Offsets (`start`, `end`) count Unicode code points in the article's text. Cite the `permalink` or `url` of what you \
    use, and quote `text` as it is: it is the wording on record. An index holds what was put into it; nothing found \
    means nothing on record here, not that nobody said it.";

/// Why the assistant's server ended.
#[derive(Debug, thiserror::Error)]
pub enum McpError {
    /// The index cannot be opened.
    #[error("{0}")]
    Open(Cause),
    /// The system refuses something.
    #[error("cannot serve")]
    Io(#[from] std::io::Error),
    /// The client does not speak the protocol.
    #[error("the client does not speak the Model Context Protocol: {0}")]
    Protocol(String),
}

/// Answers over standard input and output until the client closes it; `page` is where `serve` shows the same index.
pub fn serve_assistant(source: Box<dyn Source>, page: &str) -> Result<(), McpError> {
    let opened = Arc::new(first(source.as_ref()).map_err(McpError::Open)?);
    let desk = Desk(Arc::new(Shared {
        opened: Mutex::new((Instant::now(), opened)),
        source,
        page: page.trim_end_matches('/').to_owned(),
    }));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let ended = runtime.block_on(async {
        let failed = |error: &dyn std::fmt::Display| McpError::Protocol(error.to_string());
        let running = match desk.serve(rmcp::transport::stdio()).await {
            Ok(running) => running,
            // A client that leaves before it says anything asked for nothing.
            Err(rmcp::service::ServerInitializeError::ConnectionClosed(_)) => return Ok(()),
            Err(error) => return Err(failed(&error)),
        };
        running.waiting().await.map(drop).map_err(|error| failed(&error))
    });
    // A read of standard input cannot be called off.
    runtime.shutdown_background();
    ended
}

/// Takes the requests of an assistant.
#[derive(Clone)]
struct Desk(Arc<Shared>);

struct Shared {
    source: Box<dyn Source>,
    /// The index in use, and when it was last compared with the folder.
    opened: Mutex<(Instant, Arc<Opened>)>,
    page: String,
}

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Search {
    /// Words, "phrases", fields: `speaker:rubio said:talks about:putin`, `outlet:"Harbour Post"`, `date:2025-05..2025-06`,
    /// AND, OR, NOT, NEAR/5. A phrase finds its other forms too; `='exact words'` finds these characters only.
    query: String,
    /// What a hit is: `quote`, `passage` or `article`; follows from the query if left out.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    by: Option<By>,
    /// `rank` (best first), `newest` or `oldest`.
    #[serde(default)]
    #[schemars(with = "String")]
    sort: Sort,
    /// How many hits, from 1 to 50.
    #[serde(default)]
    limit: Option<u64>,
    /// The `next` of an answer, for the hits behind it.
    #[serde(default)]
    after: Option<String>,
}

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct QuotesBy {
    /// Who said it, by any name: `Rubio`, `Marco Rubio`.
    speaker: String,
    /// Words that the quotation holds.
    #[serde(default)]
    words: Option<String>,
    /// Who or what is named in the quotation.
    #[serde(default)]
    about: Option<String>,
    /// Published on or after this day, month or year: `2025-05-16`, `2025-05`.
    #[serde(default)]
    since: Option<String>,
    /// Published on or before this day, month or year.
    #[serde(default)]
    until: Option<String>,
    /// `rank` (best first), `newest` or `oldest`.
    #[serde(default)]
    #[schemars(with = "String")]
    sort: Sort,
    /// How many quotations, from 1 to 50.
    #[serde(default)]
    limit: Option<u64>,
}

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct CheckQuote {
    /// The words that somebody is said to have said.
    words: String,
    /// Who is said to have said them.
    #[serde(default)]
    speaker: Option<String>,
    /// How many of the nearest quotations, from 1 to 50.
    #[serde(default)]
    limit: Option<u64>,
}

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct ReadArticle {
    /// The article's id, link, path or title, or a part of these that no other article has.
    article: String,
    /// First code point of the text that is wanted; an answer holds up to 20,000.
    #[serde(default)]
    start: u32,
}

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Facets {
    /// What is counted: speaker, person, organization, place, role, outlet, byline, section, collection,
    /// language, kind, attribution, month or day.
    field: String,
    /// Counts the hits of this query; everything if left out.
    #[serde(default)]
    query: Option<String>,
    /// How many values, from 1 to 50.
    #[serde(default)]
    limit: Option<u64>,
}

/// A hit with what is needed to cite it.
#[derive(Serialize)]
struct Cited {
    text: String,
    speakers: Vec<String>,
    kind: Option<String>,
    attribution: Option<String>,
    confidence: Option<f32>,
    /// How closely it matches: `written`, `form`, `near` or `synonym`.
    r#match: Option<&'static str>,
    title: Option<String>,
    outlet: Option<String>,
    published: Option<String>,
    url: Option<String>,
    /// The original, at these words.
    original: Option<String>,
    article: String,
    paragraph: u32,
    start: u32,
    end: u32,
    permalink: String,
    near_duplicates: u32,
}

#[tool_router]
impl Desk {
    /// Find quotations, passages or articles. Gives the exact total and the first hits, each with its words, speaker,
    /// outlet, day, link and offsets.
    #[tool(annotations(read_only_hint = true, open_world_hint = false))]
    async fn search(&self, Parameters(asked): Parameters<Search>) -> Result<CallToolResult, ErrorData> {
        let after = asked.after.as_deref().map(str::parse).transpose();
        let after =
            after.map_err(|_| ErrorData::invalid_params("`after` takes the `next` of an answer, as it is", None))?;
        let limit = limit(asked.limit)?;
        self.answer(move |engine, page, deadline| {
            let request =
                Request { query: asked.query, by: asked.by, sort: asked.sort, after, ..request(limit, deadline) };
            hits(engine, page, &request)
        })
        .await
    }

    /// Find what somebody said: quotations by a speaker, narrowed by words, by who or what they name, and by day.
    #[tool(annotations(read_only_hint = true, open_world_hint = false))]
    async fn quotes_by(&self, Parameters(asked): Parameters<QuotesBy>) -> Result<CallToolResult, ErrorData> {
        let limit = limit(asked.limit)?;
        self.answer(move |engine, page, deadline| {
            let fields = [("speaker", Some(asked.speaker)), ("about", asked.about)];
            let named = fields.into_iter().filter_map(|(field, name)| Some(filter(field, &name?)));
            let said = asked.words.map(|words| format!("said:({words})"));
            let days = [(">=", asked.since), ("<=", asked.until)];
            let days = days.into_iter().filter_map(|(sign, day)| Some(format!("date:{sign}{}", day?)));
            let filters = named.chain(said).chain(days).collect();
            let by = Some(By::Quote);
            let request = Request { query: "*".to_owned(), filters, by, sort: asked.sort, ..request(limit, deadline) };
            hits(engine, page, &request)
        })
        .await
    }

    /// Check whether somebody said something: the quotations on record that are nearest to the words, what differs word by
    /// word, who is given as speaker, which outlets printed them since when. None where nothing like it is on record here.
    #[tool(annotations(read_only_hint = true, open_world_hint = false))]
    async fn check_quote(&self, Parameters(asked): Parameters<CheckQuote>) -> Result<CallToolResult, ErrorData> {
        let limit = limit(asked.limit)? as usize;
        self.answer(move |engine, page, deadline| {
            let claim = Claim { words: asked.words, speaker: asked.speaker, limit };
            let check = answers::check(engine, &claim, &request(0, deadline))?;
            let links: Vec<String> = check
                .nearest
                .iter()
                .map(|nearest| format!("{page}{}#q{}", article_address(&nearest.article.id), nearest.start))
                .collect();
            let mut answer = json!(check);
            let nearest = answer.get_mut("nearest").and_then(Value::as_array_mut);
            for (nearest, link) in nearest.into_iter().flatten().zip(links) {
                if let Some(nearest) = nearest.as_object_mut() {
                    nearest.insert("permalink".to_owned(), link.into());
                }
            }
            Ok(answer)
        })
        .await
    }

    /// Read an article: its text from `start` on, the quotations in it with their speakers and offsets, outlet, day, link.
    #[tool(annotations(read_only_hint = true, open_world_hint = false))]
    async fn article(&self, Parameters(asked): Parameters<ReadArticle>) -> Result<CallToolResult, ErrorData> {
        self.answer(move |engine, page, _| {
            let whole = engine.article(&asked.article)?;
            let points = CodePoints::new(&whole.text);
            let length = points.before(whole.text.len() as u32);
            let start = asked.start.min(length);
            let end = length.min(start.saturating_add(TEXT));
            let inside = |span: &CharSpan| span.start < end && span.end > start;
            let quotes: Vec<_> = whole.quotes.iter().filter(|quote| quote.content.iter().any(inside)).collect();
            Ok(json!({
                "article": whole.article,
                "permalink": format!("{page}{}", article_address(&whole.article.id)),
                "text": points.bytes(CharSpan { start, end }).of(&whole.text),
                "start": start,
                "end": end,
                "length": length,
                "quotes": quotes,
            }))
        })
        .await
    }

    /// Count the values of a field over all hits of a query: who is quoted most, by which outlet, in which month.
    #[tool(annotations(read_only_hint = true, open_world_hint = false))]
    async fn facets(&self, Parameters(asked): Parameters<Facets>) -> Result<CallToolResult, ErrorData> {
        let limit = limit(asked.limit)?;
        self.answer(move |engine, page, deadline| {
            let query = asked.query.unwrap_or_else(|| "*".to_owned());
            let facets = vec![asked.field.clone()];
            let request = Request { query, facets, facet_limit: Some(limit), ..request(0, deadline) };
            let found = engine.search(&request)?;
            let permalink = super::search_params::address(&format!("{page}/"), [("q", request.query)]);
            Ok(json!({
                "read_as": found.read_as,
                "total": found.total,
                "values": found.facets.get(&asked.field),
                "without": found.without.get(&asked.field),
                "warnings": found.warnings,
                "permalink": permalink,
                "index": found.index,
            }))
        })
        .await
    }
}

#[tool_handler]
impl ServerHandler for Desk {
    fn get_info(&self) -> ServerConfig {
        let mut info = ServerConfig::new(ServerCapabilities::builder().enable_tools().build());
        info.server_info = Implementation::new("onrecord", env!("CARGO_PKG_VERSION"));
        info.with_instructions(INSTRUCTIONS)
    }
}

impl Desk {
    /// The answer that `work` gives over the index as it is.
    async fn answer<W>(&self, work: W) -> Result<CallToolResult, ErrorData>
    where
        W: FnOnce(&dyn Backend, &str, Deadline) -> Result<Value, Error> + Send + 'static,
    {
        let shared = self.0.clone();
        let done = tokio::task::spawn_blocking(move || {
            let opened = shared.opened();
            work(opened.engine.as_ref(), &shared.page, Deadline::after(LIMIT))
        });
        match done.await {
            Ok(Ok(value)) => Ok(CallToolResult::structured(value)),
            Ok(Err(error)) => Ok(CallToolResult::error(vec![ContentBlock::text(error.to_string())])),
            Err(_) => {
                Err(ErrorData::internal_error("the request could not be answered; this is a bug in onrecord", None))
            }
        }
    }
}

impl Shared {
    /// The index as its last commit left it.
    fn opened(&self) -> Arc<Opened> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if opened.0.elapsed() >= FRESH {
            match self.source.open(Some(&opened.1)) {
                Ok(Some(fresh)) => opened.1 = Arc::new(fresh),
                Ok(None) => {}
                Err(error) => tracing::warn!(error, "cannot open the index anew; goes on with what there is"),
            }
            opened.0 = Instant::now();
        }
        opened.1.clone()
    }
}

fn limit(asked: Option<u64>) -> Result<u64, ErrorData> {
    let limit = asked.unwrap_or(HITS.0);
    if (1..=HITS.1).contains(&limit) {
        return Ok(limit);
    }
    Err(ErrorData::invalid_params(format!("`limit` is a number from 1 to {}", HITS.1), None))
}

fn request(limit: u64, deadline: Deadline) -> Request {
    Request { limit, deadline, classes: true, today: jiff::Zoned::now().date(), ..Request::default() }
}

fn hits(engine: &dyn Backend, page: &str, request: &Request) -> Result<Value, Error> {
    let found = engine.search(request)?;
    let cited: Vec<Cited> = found.hits.into_iter().map(|hit| cited(hit, page)).collect();
    Ok(json!({
        "read_as": found.read_as,
        "total": found.total,
        "hits": cited,
        "next": found.next.map(|next| next.to_string()),
        "warnings": found.warnings,
        "suggestions": found.suggestions,
        "index": found.index,
    }))
}

fn cited(hit: Hit, page: &str) -> Cited {
    let permalink = format!("{page}{}#{}", article_address(&hit.article.id), anchor(&hit));
    let quote = hit.quotes.into_iter().next().filter(|_| hit.by == By::Quote);
    let speakers = quote.as_ref().map_or_else(Vec::new, |quote| {
        if quote.speakers.is_empty() { quote.speaker.iter().cloned().collect() } else { quote.speakers.clone() }
    });
    Cited {
        speakers,
        kind: quote.as_ref().map(|quote| quote.kind.name().to_owned()),
        attribution: quote.as_ref().map(|quote| quote.attribution.name().to_owned()),
        confidence: quote.as_ref().map(|quote| quote.confidence),
        r#match: hit.matched.map(|matched| matched.class.name()),
        original: original_at(&hit.article, &hit.text),
        text: hit.text,
        title: hit.article.title,
        outlet: hit.article.outlet,
        published: hit.article.published.map(|published| published.at),
        url: hit.article.url,
        article: hit.article.id,
        paragraph: hit.paragraph,
        start: hit.start,
        end: hit.end,
        permalink,
        near_duplicates: hit.duplicates,
    }
}
