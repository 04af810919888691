//! Turns of interviews and transcripts behind labels: `FRAGE: …`, `Journaliste : …`, `Анна Ветрова: …`.

use std::collections::HashMap;
use std::ops::Range;

use super::Reader;
use crate::entity::{EntityId, EntityKind};
use crate::language::Roles;
use crate::quote::quotation::{Attribution, Method, Quotation, QuoteKind};
use crate::quote::spoken::{self, SPOKEN_SHARE};
use crate::quote::turn_label::{Line, lines};

/// How sure a turn is.
const SURE: f32 = 0.95;

/// Tokens of the longest label, with office and party.
const LONGEST_LABEL: usize = 14;

/// Tokens of the longest name in a label.
const LONGEST_NAME: usize = 6;

/// Turns behind a full stop (`M. Petit. Nous attendons.`), at least, for it to be the record of a chamber.
const CHAMBER: usize = 3;

/// Turns from which on an article is a transcript: all text from one to the next belongs to the turn.
const TRANSCRIPT: usize = 4;

/// The label of a line.
#[derive(Debug, Clone)]
struct Label {
    /// The words that name the speaker.
    name: Range<usize>,
    /// The first token of what is said.
    said: usize,
    who: Who,
    /// A full stop is behind it, not a colon.
    stopped: bool,
}

/// Whom a label names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Question,
    Answer,
    Person(EntityId),
    /// A word for speakers without a name.
    Generic,
    /// A name that is not known, or a heading.
    Unknown,
}

/// A turn and who speaks.
pub(super) struct Turn {
    /// Its tokens, the label with them.
    pub(super) tokens: Range<usize>,
    pub(super) quotation: Quotation,
}

/// The turns of an article, in order.
pub(super) fn find(reader: &Reader) -> Vec<Turn> {
    let lines = lines(reader.text);
    let families = families(reader);
    let mut labels: Vec<Option<Label>> = lines.iter().map(|line| reader.label(line, &families)).collect();
    if labels.iter().flatten().count() < 2 {
        return Vec::new();
    }
    drop_unspoken(reader, &lines, &mut labels);
    let said: Vec<Option<usize>> = labels.iter().map(|label| label.as_ref().map(|l| l.said)).collect();
    let mut own = spoken::turns(&lines, &said);
    let accepted: Vec<&Label> = labels.iter().flatten().collect();
    if accepted.len() >= TRANSCRIPT {
        let next = accepted.iter().skip(1).map(|label| label.name.start);
        own.iter_mut().zip(next).for_each(|(turn, next)| turn.end = next);
    }
    // The only person named before the first answer, if the answers are somebody's: an outlet answers questions itself, too.
    let of_oneself =
        |turn: &Range<usize>| spoken::of_oneself(reader.text, &reader.marks, &reader.pack.labels.selves, turn.clone());
    let mut answers = accepted.iter().zip(&own).filter(|(label, _)| label.who == Who::Answer);
    let first = answers.clone().next().map_or(0, |(label, _)| label.name.start);
    let guest = if answers.any(|(_, turn)| of_oneself(turn)) { reader.guest(first, &accepted) } else { None };
    let turns = accepted.iter().zip(own).filter_map(|(label, said)| {
        let (speaker, attribution) = match label.who {
            Who::Person(id) => (Some(id), Attribution::Alias),
            Who::Answer => (guest, Attribution::Inferred),
            Who::Question | Who::Generic | Who::Unknown => (None, Attribution::Unknown),
        };
        let speaker = speaker.and_then(|id| reader.entities.get(id)).map(|entity| entity.name.clone());
        let source = reader.span(&label.name)?;
        let attribution = match &speaker {
            None => Attribution::Unknown,
            Some(name) if source.of(reader.text.raw) == name => Attribution::Named,
            Some(_) => attribution,
        };
        let content = without_emphasis(reader, said.clone());
        let quotation = Quotation {
            kind: QuoteKind::Direct,
            content: vec![reader.span(&content)?],
            cue: reader.span(&(label.said - 1..label.said)).filter(|_| reader.colon(label.said - 1)),
            source: Some(source),
            attribution,
            confidence: SURE,
            speech: true,
            described: false,
            method: Method::Model,
            corrected: false,
            speakers: speaker.into_iter().collect(),
        };
        Some(Turn { tokens: label.name.start..said.end, quotation })
    });
    turns.collect()
}

/// Words without the marks around them by which Markdown sets the labels before and behind them in bold.
fn without_emphasis(reader: &Reader, said: Range<usize>) -> Range<usize> {
    let is_mark = |t: &usize| matches!(reader.text.word(*t), "*" | "_");
    let start = said.start + said.clone().take_while(is_mark).count();
    let end = said.end - (start..said.end).rev().take_while(is_mark).count();
    start..end
}

/// Drops the labels that name nobody who speaks: those of lists, of questions that the outlet answers, and unknown words that
/// are not in turn with others.
fn drop_unspoken(reader: &Reader, lines: &[Line], labels: &mut [Option<Label>]) {
    let text = |label: &Label| reader.low.get(label.name.clone()).unwrap_or(&[]).join(" ");
    let mut times: HashMap<String, usize> = HashMap::new();
    for label in labels.iter().flatten() {
        *times.entry(text(label)).or_default() += 1;
    }
    let repeated = |label: &Label| times.get(&text(label)).is_some_and(|count| *count > 1);
    let stopped = || labels.iter().flatten().filter(|label| label.stopped);
    let is_chamber = stopped().count() >= CHAMBER && stopped().any(repeated);
    for label in labels.iter_mut() {
        *label = label.take().filter(|l| (l.who != Who::Unknown || repeated(l)) && (is_chamber || !l.stopped));
    }
    let said = |labels: &[Option<Label>], fits: &dyn Fn(Who) -> bool| -> Vec<Option<usize>> {
        labels.iter().map(|label| label.as_ref().filter(|l| fits(l.who)).map(|l| l.said)).collect()
    };
    let by_name = |who: Who| !matches!(who, Who::Question | Who::Answer);
    let selves = &reader.pack.labels.selves;
    let spoken = spoken::spoken(reader.text, &reader.marks, selves, lines, &said(labels, &by_name));
    let questions = spoken::turns(lines, &said(labels, &|who| who == Who::Question));
    let answers = spoken::turns(lines, &said(labels, &|who| who == Who::Answer));
    let oneself = |turn: &&Range<usize>| spoken::of_oneself(reader.text, &reader.marks, selves, (*turn).clone());
    let explains = answers.iter().any(|turn| reader.cues(turn).iter().any(|cue| cue.source.is_some()))
        && SPOKEN_SHARE * answers.iter().filter(oneself).count() < answers.len();
    let interview = !questions.is_empty() && !answers.is_empty() && !explains;
    for (label, spoken) in labels.iter_mut().zip(spoken) {
        *label = label.take().filter(|l| if by_name(l.who) { spoken } else { interview });
    }
    // Two speakers, one of them known or both in turn.
    let count = |fits: &dyn Fn(&Label) -> bool| labels.iter().flatten().filter(|label| fits(label)).count();
    let people = count(&|l| matches!(l.who, Who::Person(_)));
    let named = count(&|l| by_name(l.who));
    let in_turn = count(&|l| by_name(l.who) && repeated(l));
    if named < 2 || people == 0 && in_turn < TRANSCRIPT {
        for label in labels.iter_mut() {
            *label = label.take().filter(|l| !by_name(l.who));
        }
    }
}

/// People by their family names in lower case; nobody where several bear one.
type Families = HashMap<String, Option<EntityId>>;

fn families(reader: &Reader) -> Families {
    let mut families = Families::new();
    for (id, entity) in (0..).zip(&reader.entities.list).filter(|(_, entity)| entity.kind == EntityKind::Person) {
        let family = entity.name.rsplit(' ').next().unwrap_or_default();
        let only = families.entry(family.to_lowercase()).or_insert(Some(EntityId(id)));
        *only = only.filter(|known| *known == EntityId(id));
    }
    families
}

impl Reader<'_> {
    /// The label at the start of a line, if there is one.
    fn label(&self, line: &Line, families: &Families) -> Option<Label> {
        let ornament = |i: &usize| matches!(self.word(*i), "•" | "*" | ">" | "#");
        let start = line.tokens.start + line.tokens.clone().take_while(ornament).count();
        if let Some(letter) = self.letter(start, line.tokens.end) {
            return Some(letter);
        }
        let aside = |end: usize| {
            let mut inner = start..end;
            inner.find(|&i| self.comma(i) || self.dash(i) || matches!(self.word(i), "(" | "[" | "/")).unwrap_or(end)
        };
        let fits = |name: &Range<usize>| !name.is_empty() && name.len() <= LONGEST_NAME;
        if let Some(colon) = self.colon_of_label(start..line.tokens.end) {
            let name = Some(start..aside(colon)).filter(fits)?;
            let who = self.who(&name, families)?;
            return Some(Label { name, said: colon + 1, who, stopped: false });
        }
        let stop = self.stop_of_label(start..line.tokens.end).filter(|_| line.starts_paragraph)?;
        let name = Some(start..aside(stop)).filter(fits)?;
        let has_dash = self.dash(stop + 1);
        if !has_dash && !self.is_announced(&name) {
            return None;
        }
        let is_office = |i: usize| self.is_title(i) || self.is(i, Roles::DETERMINER);
        let who = match self.who(&name, families)? {
            // `Mme la présidente.`
            Who::Unknown if name.clone().filter(|&i| self.is_word(i)).all(is_office) => Who::Generic,
            who => who,
        };
        let said = stop + 1 + usize::from(has_dash);
        (said < line.tokens.end && !self.is_small(said)).then_some(Label { name, said, who, stopped: true })
    }

    /// The full stop that ends a label, as records of chambers print it: `Mme Anne Martin, ministre de la mer. Nous`,
    /// `ROSSI (PD). Grazie`.
    fn stop_of_label(&self, tokens: Range<usize>) -> Option<usize> {
        let (mut depth, mut is_described) = (0_usize, false);
        for i in tokens.take(LONGEST_LABEL) {
            let is_part =
                || self.capitalised(i) || self.is(i, Roles::TITLE.and(Roles::PARTICLE).and(Roles::DETERMINER));
            let is_verb = || self.is(i, Roles::VERB.and(Roles::AUXILIARY));
            match self.word(i) {
                "." if depth == 0 => return Some(i),
                "(" | "[" => depth += 1,
                ")" | "]" => depth = depth.checked_sub(1)?,
                _ if depth > 0 => {}
                _ if !self.outside(i) => return None,
                _ if self.comma(i) && !is_described => is_described = true,
                "-" | "’" | "'" => {}
                _ if self.is_word(i) && (is_part() || is_described && !is_verb()) => {}
                _ => return None,
            }
        }
        None
    }

    /// True for a title, whole or cut short: `M.`, `On.`
    fn is_title(&self, i: usize) -> bool {
        self.is(i, Roles::TITLE)
            || self.word(i).strip_suffix('.').is_some_and(|title| self.pack.roles(title).any(Roles::TITLE))
    }

    /// True for a name that is written as records of chambers do: behind a title, in capitals, or as an office.
    fn is_announced(&self, name: &Range<usize>) -> bool {
        let in_capitals = |i: usize| !self.text.word(i).contains(char::is_lowercase);
        let words = || name.clone().filter(|&i| self.is_word(i));
        self.is_title(name.start) && words().nth(1).is_some()
            || words().all(in_capitals) && words().any(|i| self.word(i).chars().count() > 2)
    }

    /// `P. ¿Por qué?`, `R: No.`
    fn letter(&self, start: usize, end: usize) -> Option<Label> {
        let word = self.word(start);
        let bare = word.trim_end_matches('.');
        let labels = &self.pack.labels;
        let who = match () {
            () if bare.chars().count() > 1 || !self.capitalised(start) => return None,
            () if labels.question.contains(bare) => Who::Question,
            () if labels.answer.contains(bare) => Who::Answer,
            () => return None,
        };
        let stopped = bare.len() < word.len();
        let behind = self.colon(start + 1) || self.word(start + 1) == ".";
        let said = start + 1 + usize::from(behind);
        ((stopped || behind) && said < end && !self.is_small(said)).then_some(Label {
            name: start..start + 1,
            said,
            who,
            stopped: false,
        })
    }

    /// The colon that ends a label.
    fn colon_of_label(&self, tokens: Range<usize>) -> Option<usize> {
        let mut depth = 0_usize;
        for i in tokens.take(LONGEST_LABEL) {
            match self.word(i) {
                ":" | "：" if depth == 0 => return Some(i),
                "(" | "[" => depth += 1,
                ")" | "]" => depth = depth.checked_sub(1)?,
                "." | "?" | "!" | ";" | "…" | "..." if depth == 0 => return None,
                _ if !self.outside(i) => return None,
                _ => {}
            }
        }
        None
    }

    /// Whom the words of a label name; none for other words before a colon.
    fn who(&self, name: &Range<usize>, families: &Families) -> Option<Who> {
        let labels = &self.pack.labels;
        let words = || name.clone().filter(|&i| self.is_word(i));
        let alone = |list: &crate::language::Words| words().all(|i| list.contains(self.word(i)));
        words().next()?;
        if alone(&labels.question) {
            return Some(Who::Question);
        }
        if alone(&labels.answer) {
            return Some(Who::Answer);
        }
        let beside = |i: usize| {
            self.is_title(i)
                || self.is(i, Roles::PARTICLE.and(Roles::DETERMINER))
                || labels.speaker.contains(self.word(i))
        };
        let person = |i: usize| self.mention_at(i).filter(|mention| mention.kind == EntityKind::Person);
        let mut people = words().filter_map(person).map(|mention| mention.entity);
        if let Some(first) = people.next() {
            let one = people.all(|other| other == first);
            let all = words().all(|i| person(i).is_some() || beside(i));
            return (one && all).then_some(Who::Person(first));
        }
        if words().all(beside) && words().any(|i| labels.speaker.contains(self.word(i))) {
            return Some(Who::Generic);
        }
        let mut unknown = words().filter(|&i| !beside(i));
        if let (Some(family), None) = (unknown.next(), unknown.next())
            && let Some(Some(id)) = families.get(self.word(family)).copied()
        {
            return Some(Who::Person(id));
        }
        words().all(|i| self.capitalised(i) || beside(i)).then_some(Who::Unknown)
    }

    /// Who answers: the only person named before the first answer, labels aside.
    fn guest(&self, answer: usize, labels: &[&Label]) -> Option<EntityId> {
        let label = |first: usize| {
            let next = labels.partition_point(|label| label.name.end <= first);
            labels.get(next).is_some_and(|label| label.name.contains(&first))
        };
        let before = self.entities.mentions.iter().take_while(|mention| (mention.first as usize) < answer);
        let mut people =
            before.filter(|m| m.kind == EntityKind::Person && !label(m.first as usize)).map(|mention| mention.entity);
        let first = people.next()?;
        people.all(|other| other == first).then_some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Pack;
    use crate::text::{Text, paragraphs};

    /// The turns of a text, each as `speaker: words`.
    #[track_caller]
    fn check(code: &str, raw: &str, expect: &[&str]) {
        let pack = Pack::of(Some(code)).unwrap();
        let text = Text::in_language(raw, &paragraphs(raw), pack);
        let entities = crate::entity::EntityFinder::default().find(&text, Some(pack));
        let turns = find(&Reader::new(&text, &entities, pack));
        let shown = |q: &Quotation| format!("{}: {}", q.speakers.join(" & "), q.content[0].of(raw));
        assert_eq!(turns.iter().map(|turn| shown(&turn.quotation)).collect::<Vec<_>>(), expect);
    }

    #[test]
    fn labels_may_be_set_in_bold() {
        check(
            "de",
            "**Ines Quill:** Warum ist es gescheitert?\n\n**Dan Holt:** Es war alt, und wir wussten es alle.\n\n**Ines Quill:** Alle?",
            &[
                "Ines Quill: Warum ist es gescheitert?",
                "Dan Holt: Es war alt, und wir wussten es alle.",
                "Ines Quill: Alle?",
            ],
        );
    }

    #[test]
    fn interviews_label_questions_and_answers() {
        check(
            "de",
            "Anna Brandt baut Boote in Hamburg.\n\nFRAGE: Warum Boote?\n\nANTWORT: Ich mag die Schleuse.",
            &[": Warum Boote?", "Anna Brandt: Ich mag die Schleuse."],
        );
        check("es", "P. ¿Quién paga?\n\nR. La ciudad, claro.", &[": ¿Quién paga?", ": La ciudad, claro."]);
        check(
            "ru",
            "Ведущий: Кто платит?\n\nАнна Петрова: Город.\n\nВедущий: Почему?\n\nПетрова: Так решили.",
            &[": Кто платит?", "Анна Петрова: Город.", ": Почему?", "Анна Петрова: Так решили."],
        );
        check(
            "fr",
            "Journaliste : Qui paie ?\n\nAnne Martin : La ville, bien sûr.",
            &[": Qui paie ?", "Anne Martin: La ville, bien sûr."],
        );
    }

    #[test]
    fn records_of_chambers_put_a_full_stop_behind_the_name() {
        check(
            "fr",
            "Mme la présidente. La parole est à M. Jean Petit.\n\nM. Jean Petit. Madame la ministre, le quai est fermé. Que ferez-vous ?\n\n\
             Mme Anne Martin, ministre de la mer. Nous avons prévu quatre millions d’euros.\n\nM. Jean Petit. Quand seront-ils versés ?",
            &[
                ": La parole est à M. Jean Petit.",
                "Jean Petit: Madame la ministre, le quai est fermé. Que ferez-vous ?",
                "Anne Martin: Nous avons prévu quatre millions d’euros.",
                "Jean Petit: Quand seront-ils versés ?",
            ],
        );
        check(
            "it",
            "PRESIDENTE. Ha facoltà di parlare l’onorevole Carlo Verdi.\n\nVERDI (PD-IDP). Grazie, Presidente. Chi paga?\n\n\
             PRESIDENTE. Grazie.\n\nVERDI (PD-IDP). E nessuno ci ha avvisati.",
            &[
                ": Ha facoltà di parlare l’onorevole Carlo Verdi.",
                "Carlo Verdi: Grazie, Presidente. Chi paga?",
                ": Grazie.",
                "Carlo Verdi: E nessuno ci ha avvisati.",
            ],
        );
        for prose in [
            "M. Jean Petit, maire de la ville, est mort. Il avait 80 ans.\n\nM. Jean Petit. Un homme simple.\n\nIl aimait la mer.",
            "Mme Anne Martin a parlé. Elle part.\n\nMme Anne Martin a fini. Elle dort.\n\nMme Anne Martin est là. Qui paie ?",
        ] {
            check("fr", prose, &[]);
        }
    }

    #[test]
    fn voices_are_in_quotation_marks_as_a_whole() {
        check(
            "de",
            "Anna Brandt: „Das ist gerecht.“\nPeter Schmidt: „Niemand zahlt.“",
            &["Anna Brandt: „Das ist gerecht.“", "Peter Schmidt: „Niemand zahlt.“"],
        );
    }

    #[test]
    fn lists_have_no_speakers() {
        check("de", "Anna Brandt (SPD): 12.304\nPeter Schmidt (CDU): 9.121", &[]);
        check("de", "Name: Anna Brandt\nAlter: 54\nWohnort: Hamburg\nMotto: Sag niemals nie!", &[]);
        check("fr", "Anne Martin : l’ancienne maire veut fermer le quai.\n\nJean Petit : il promet une école.", &[]);
        check("es", "Pregunta: ¿Quién paga?\n\nRespuesta: El alcalde dijo que pagan los dueños.", &[]);
    }
}
