//! Reports: one HTML file that needs nothing else, for somebody who has no more than a browser.

use std::io::{self, Write};

use askama::Template;
use jiff::civil::Date;

use super::card::Card;
use super::text::{self, Row};
use super::{Links, STYLE, day, day_note, day_of, original};
use crate::entity::EntityKind;
use crate::present::entity::Profile;
use crate::present::phrase::{self, count, thousands};
use crate::present::svg;
use crate::present::timeline::Timeline;
use crate::present::{HitWriter, harmless};
use crate::query::Warning;
use crate::search::{Annotated, Backend, FacetCount, Hit, IndexInfo, Response};

/// What a report is about.
#[derive(Debug, Clone)]
pub struct About {
    /// The query as typed; none for an article.
    pub query: Option<String>,
    /// As understood, with its filters and flags.
    pub read_as: String,
    /// All hits; none for an article.
    pub total: Option<u64>,
    /// What could not be read as meant.
    pub warnings: Vec<Warning>,
    /// The index that answered.
    pub index: IndexInfo,
    /// The day on which the report is made.
    pub day: Date,
}

impl About {
    /// An answer to a query.
    pub fn answer(answer: &Response, day: Date) -> Self {
        About {
            query: Some(answer.query.clone()),
            read_as: answer.asked(),
            total: Some(answer.total),
            warnings: answer.warnings.clone(),
            index: answer.index.clone(),
            day,
        }
    }

    /// An article, somebody or something.
    pub fn thing(index: IndexInfo, day: Date) -> Self {
        About { query: None, read_as: String::new(), total: None, warnings: Vec::new(), index, day }
    }

    fn total(&self) -> String {
        self.total.map(|total| count(total, "hit")).unwrap_or_default()
    }

    fn write_end(&self, out: &mut impl Write) -> io::Result<()> {
        let (day, version) = (day(self.day), env!("CARGO_PKG_VERSION"));
        write(
            out,
            &End { about: self, total: self.total(), articles: count(self.index.articles, "article"), day, version },
        )
    }
}

#[derive(Template)]
#[template(path = "report-top.html")]
struct Top<'a> {
    title: &'a str,
    style: &'static str,
    /// The classes of the content.
    shape: &'static str,
}

#[derive(Template)]
#[template(path = "report-answer.html")]
struct Heading<'a> {
    about: &'a About,
    total: String,
    /// How many hits match how closely.
    classes: Vec<String>,
}

#[derive(Template)]
#[template(path = "report-hit.html")]
struct OneHit {
    card: Card,
}

#[derive(Template)]
#[template(path = "report-tables.html")]
struct Tables {
    /// What they are about, where nothing above says it.
    heading: Option<String>,
    tables: Vec<Table>,
}

/// Numbers by name.
struct Table {
    title: String,
    head: Vec<String>,
    rows: Vec<(String, Vec<String>)>,
}

#[derive(Template)]
#[template(path = "report-timeline.html")]
struct Drawing {
    svg: String,
    table: Tables,
    note: String,
}

#[derive(Template)]
#[template(path = "report-article.html")]
struct Article<'a> {
    title: &'a str,
    meta: String,
    day_note: Option<&'static str>,
    original: Option<&'a str>,
    custody: Option<String>,
    quotes: String,
    /// Tags and notes of the whole article.
    marks: Vec<String>,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "report-end.html")]
struct End<'a> {
    about: &'a About,
    total: String,
    articles: String,
    day: String,
    version: &'static str,
}

fn write(out: &mut impl Write, template: &impl Template) -> io::Result<()> {
    out.write_all(template.render().map_err(io::Error::other)?.as_bytes())
}

/// A file has no screens to lead to: only originals.
struct Alone;

impl Links for Alone {
    fn entity(&self, _: EntityKind, _: &str) -> Option<String> {
        None
    }

    fn article(&self, id: &str) -> Option<String> {
        (id.starts_with("https://") || id.starts_with("http://")).then(|| id.to_owned())
    }

    fn hit(&self, _: &Hit) -> Option<String> {
        None
    }

    fn permalink(&self, _: &Hit) -> Option<String> {
        None
    }

    fn search(&self, _: &str) -> Option<String> {
        None
    }
}

/// Writes the hits of a query as a report.
pub struct HtmlWriter<'b, W: Write> {
    out: W,
    backend: &'b dyn Backend,
    day: Date,
    about: Option<About>,
    shown: u64,
    facets: Vec<Table>,
}

impl<'b, W: Write> HtmlWriter<'b, W> {
    /// A writer to `out`; articles are read from `backend` for what is around a quotation.
    pub fn new(out: W, backend: &'b dyn Backend, day: Date) -> Self {
        HtmlWriter { out, backend, day, about: None, shown: 0, facets: Vec::new() }
    }
}

impl<W: Write> HitWriter for HtmlWriter<'_, W> {
    fn open(&mut self, answer: &Response) -> io::Result<()> {
        let about = About::answer(answer, self.day);
        let named =
            [("written", "as written"), ("form", "in another form"), ("near", "near"), ("synonym", "in other words")];
        let of_class = |(class, &total): (&crate::search::MatchClass, &u64)| {
            let says = named.iter().find(|(name, _)| *name == class.name()).map_or(class.name(), |(_, says)| says);
            format!("{} {says}", thousands(total))
        };
        let classes = answer.total_by_class.iter().map(of_class).collect();
        write(&mut self.out, &Top { title: &answer.query, style: STYLE, shape: "plain report" })?;
        write(&mut self.out, &Heading { about: &about, total: about.total(), classes })?;
        self.facets = answer.facets.iter().map(|(field, counts)| table(field, counts)).collect();
        self.about = Some(about);
        Ok(())
    }

    fn hit(&mut self, hit: &Hit) -> io::Result<()> {
        self.shown += 1;
        let whole = self.backend.article(&hit.article.id).ok();
        write(&mut self.out, &OneHit { card: Card::of(hit, whole.as_ref(), &Alone) })
    }

    fn close(&mut self) -> io::Result<()> {
        let total = self.about.as_ref().and_then(|about| about.total).unwrap_or_default();
        if let Some(part) = phrase::part(self.shown, total) {
            writeln!(self.out, "<p class=\"meta\">{part}</p>")?;
        }
        write(&mut self.out, &Tables { heading: None, tables: std::mem::take(&mut self.facets) })?;
        if let Some(about) = &self.about {
            about.write_end(&mut self.out)?;
        }
        self.out.flush()
    }
}

/// Writes the values of a field.
pub fn facets(out: &mut impl Write, about: &About, field: &str, counts: &[FacetCount]) -> io::Result<()> {
    let title = format!("{field}: {}", about.query.as_deref().unwrap_or_default());
    write(out, &Top { title: &title, style: STYLE, shape: "plain report" })?;
    write(out, &Heading { about, total: about.total(), classes: Vec::new() })?;
    write(out, &Tables { heading: None, tables: vec![table(field, counts)] })?;
    about.write_end(out)
}

/// Writes hits over time, drawn and as a table.
pub fn timeline(out: &mut impl Write, about: &About, timeline: &Timeline) -> io::Result<()> {
    let mut drawing = Vec::new();
    svg::drawing(&mut drawing, timeline)?;
    let title = about.query.as_deref().unwrap_or_default();
    write(out, &Top { title, style: STYLE, shape: "plain report" })?;
    write(out, &Heading { about, total: about.total(), classes: Vec::new() })?;
    let undated = (timeline.undated > 0).then_some(("undated", timeline.periods.len()));
    let periods = timeline.periods.iter().map(String::as_str).zip(0..).chain(undated);
    let cell = |at: usize| timeline.series.iter().map(move |series| series.counts.get(at).unwrap_or(&series.undated));
    let rows = periods.map(|(period, at)| (period.to_owned(), cell(at).map(|&count| thousands(count)).collect()));
    let head = std::iter::once("period".to_owned()).chain(timeline.series.iter().map(|series| series.name.clone()));
    let table = Table { title: "Hits by period".to_owned(), head: head.collect(), rows: rows.collect() };
    let svg = String::from_utf8(drawing).map_err(io::Error::other)?;
    write(
        out,
        &Drawing { svg, table: Tables { heading: None, tables: vec![table] }, note: timeline.time_zone.clone() },
    )?;
    about.write_end(out)
}

/// Writes an article with its quotations and names marked.
pub fn article(out: &mut impl Write, about: &About, whole: &Annotated) -> io::Result<()> {
    let meta = &whole.article;
    let title = phrase::title(meta);
    let parts = [meta.outlet.clone(), Some(day_of(meta)), phrase::byline(meta), meta.section.clone()];
    write(out, &Top { title, style: STYLE, shape: "doc report" })?;
    let page = Article {
        title,
        meta: parts.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        day_note: day_note(meta),
        original: original(meta),
        custody: meta.custody.as_ref().map(ToString::to_string),
        quotes: count(whole.quotes.len() as u64, "quotation"),
        marks: whole.tags.iter().chain(&whole.notes).cloned().collect(),
        rows: text::rows(whole, &[], &Alone),
    };
    write(out, &page)?;
    about.write_end(out)
}

/// Writes who somebody is.
pub fn profile(out: &mut impl Write, about: &About, profile: &Profile) -> io::Result<()> {
    let names = Table {
        title: "names".to_owned(),
        head: vec!["name".to_owned(), "passages".to_owned(), "why".to_owned()],
        rows: profile
            .names
            .iter()
            .map(|name| (name.name.clone(), vec![thousands(name.count), name.why.clone()]))
            .collect(),
    };
    let lists = [
        ("talks about", &profile.talks_about),
        ("talked about by", &profile.talked_about_by),
        ("quoted by", &profile.quoted_by),
        ("named by", &profile.named_by),
    ];
    let lists = lists.into_iter().filter(|(_, counts)| !counts.is_empty()).map(|(title, counts)| table(title, counts));
    write(out, &Top { title: &profile.name, style: STYLE, shape: "plain report" })?;
    let heading = Some(format!("{}: {}", profile.name, phrase::word(&profile.kind)));
    write(out, &Tables { heading, tables: std::iter::once(names).chain(lists).collect() })?;
    about.write_end(out)
}

fn table(field: &str, counts: &[FacetCount]) -> Table {
    let row = |counted: &FacetCount| {
        (harmless::one_line(&counted.value), vec![thousands(counted.count), thousands(counted.articles)])
    };
    Table {
        title: field.to_owned(),
        head: vec![field.to_owned(), "hits".to_owned(), "articles".to_owned()],
        rows: counts.iter().map(row).collect(),
    }
}
