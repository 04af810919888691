//! The pack of a language other than English: one file of word lists, and one of names.
//!
//! Every list has the same meaning in all languages, so that one engine finds quotations and one recogniser finds names.

use std::ops::RangeInclusive;

use frostem::Stemmer;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde::de::Error as _;
use xxhash_rust::xxh3::xxh3_64;

use super::{Roles, Words};

/// The word lists of one language.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Pack {
    /// Its ISO 639-1 code.
    #[serde(skip)]
    pub code: String,
    /// Hash of its files.
    #[serde(skip)]
    pub hash: u64,
    /// How text is cut.
    pub text: Cutting,
    /// How speech is reported.
    pub speech: Speech,
    /// What is before the turns of interviews and transcripts.
    pub labels: Labels,
    /// Words in and beside names.
    pub names: NameWords,
    /// How words are found in all their forms.
    pub search: Forms,
    /// Names by kind: `country`, `city`, `given`, `surname`.
    #[serde(skip)]
    pub gazetteer: Vec<(String, Vec<String>)>,
    /// What each word is, by all lists.
    #[serde(skip)]
    roles: FxHashMap<String, Roles>,
    /// Phrases by their first word, the longest first.
    #[serde(skip)]
    phrases: FxHashMap<String, Vec<(Vec<String>, Roles)>>,
}

/// How text is cut into tokens and sentences.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Cutting {
    /// Abbreviations that keep their full stop and end no sentence, in lower case, without the last stop.
    pub abbreviations: Words,
    /// Words that lose their vowel and are written with an apostrophe before the next: `l'`, `d'`.
    pub elisions: Words,
    /// Particles that are written together with the next word, the longest first: the `و` of `وقال`. They are tokens of
    /// their own before a word or a name of the lists.
    pub joined: Words,
    /// True if names take their endings after an apostrophe: `Ankara'da`.
    pub apostrophe_endings: bool,
    /// Small words: what a search does not narrow by, and what tells the language of a short text.
    pub small: Words,
    /// Number words and their value, as `two=2`.
    pub numbers: Words,
    /// True if a full stop behind a number makes it an ordinal.
    pub ordinals: bool,
    /// True if words are not parted by spaces: each character is a token.
    pub ideographs: bool,
    /// Letters that no language like it has: they tell the language of a short text.
    pub letters: String,
}

/// How speech is reported.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Speech {
    /// Finite verbs of saying; of two words, the second may stand apart: `teilte … mit`.
    pub verbs: Words,
    /// Participles of saying, which need an auxiliary.
    pub participles: Words,
    /// Auxiliaries of those.
    pub auxiliaries: Words,
    /// Phrases before a source: `according to`.
    pub according: Words,
    /// Last words of such phrases that hold their source: `by own account`.
    pub own: Words,
    /// Words behind a source: `zufolge`.
    pub after: Words,
    /// Words between a quotation and its source that need no verb: `so X`.
    pub bare: Words,
    /// First words of a clause before what it reports: `as X said`.
    #[serde(rename = "as")]
    pub as_words: Words,
    /// First words of a sentence that reports the source before: `demnach`.
    pub thus: Words,
    /// First words of a reported clause.
    pub that: Words,
    /// Pronouns of a man as subject.
    pub he: Words,
    /// Pronouns of a woman as subject.
    pub she: Words,
    /// Other pronouns as subject.
    pub they: Words,
    /// Definite articles: before marks they stand before a name or a term.
    pub definite: Words,
    /// Articles that may start a genitive within a noun phrase, and particles behind one.
    pub genitive: Words,
    /// Words that start an object, which is no source.
    pub objects: Words,
    /// First words of a sentence that says who said what is before it: `Das sagte X`.
    pub refers: Words,
    /// Auxiliaries of the passive.
    pub passive: Words,
    /// Prepositions before who does what is said in the passive.
    pub agents: Words,
    /// Words before what somebody calls something: `als „…“`, `eine „…“`.
    pub calling: Words,
    /// Pronouns of the first person.
    pub first_person: Words,
    /// True if all nouns are written with a capital.
    pub capital_nouns: bool,
    /// Words that join clauses: `and`.
    pub and: Words,
    /// Prepositions of a point of view before a quotation: `pour X, « … »`.
    pub views: Words,
    /// Verbs without a person, whose source is where it is said: `heißt es in …`.
    pub impersonal: Words,
    /// Verbs whose object is the source: `zitiert`.
    pub cites: Words,
    /// Verbs in the mood of reported speech.
    pub subjunctive: Words,
    /// Words a noun phrase starts with.
    pub determiners: Words,
    /// Prepositions.
    pub prepositions: Words,
    /// Words between a verb and its subject that belong to neither.
    pub adverbs: Words,
    /// Words between a subject and its verb that belong to the verb.
    pub reflexives: Words,
    /// Words before quotation marks around a name or a term.
    pub naming: Words,
    /// Marks behind the subject: particles of Japanese.
    pub subject_marks: Words,
    /// The mark behind the topic, which is the subject where nobody is named.
    pub topic_marks: Words,
    /// True if a paragraph that starts with a dash is speech.
    pub dashes: bool,
    /// True if a verb may stand without its subject.
    pub drops_subject: bool,
    /// `sov` where the verb comes last.
    pub order: String,
}

/// What is before the turns of interviews and transcripts.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Labels {
    /// Words and letters before questions.
    pub question: Words,
    /// Words and letters before answers.
    pub answer: Words,
    /// Words for speakers without a name.
    pub speaker: Words,
    /// Words by which speakers mean themselves: they tell speech from lists.
    pub selves: Words,
}

/// Words in and beside names.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NameWords {
    /// Titles and offices before a name.
    pub titles: Words,
    /// Particles inside names of people.
    pub particles: Words,
    /// Nouns of bodies.
    pub body: Words,
    /// Bodies that go by a common noun alone: `la polizia`.
    pub bodies_alone: Words,
    /// Nouns of places.
    pub place: Words,
    /// Prepositions before places.
    pub before_place: Words,
    /// Surnames of one or two characters that a name starts with.
    pub surnames: Words,
    /// Forms of the article that is written together with its noun.
    pub articles: Words,
}

/// How words are found in all their forms.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Forms {
    /// The stemmer: a Snowball algorithm, `jieba`, `bigrams`, or none.
    pub stemmer: String,
    /// Endings that are cut where there is no stemmer, the longest that fits first.
    pub endings: Words,
    /// Beginnings that are cut: articles and prepositions of Arabic.
    pub prefixes: Words,
    /// Endings and what they are read as before a stem is taken, as `oes=ao`: what an ending does to the letters before it.
    pub read_as: Words,
    /// True if nouns are written together and are found by their parts.
    pub compounds: bool,
}

/// Kinds of names.
const KINDS: [&str; 4] = ["country", "city", "given", "surname"];

/// Words in the longest phrase.
const LONGEST: usize = 12;

impl Pack {
    /// Reads a pack: its lists, and its names a kind a line.
    pub fn read(code: &str, lists: &str, names: &str) -> Result<Pack, toml::de::Error> {
        let mut pack: Pack = toml::from_str(lists)?;
        let stemmer = pack.search.stemmer.as_str();
        if !matches!(stemmer, "" | "jieba" | "bigrams") && Stemmer::try_from_name(stemmer).is_err() {
            return Err(toml::de::Error::custom(format!("no stemmer `{stemmer}`; leave it out, and give `endings`")));
        }
        code.clone_into(&mut pack.code);
        pack.hash = xxh3_64(format!("{code}\n{lists}\n{names}").as_bytes());
        let named = names.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(' '));
        for (kind, list) in named {
            if !KINDS.contains(&kind) {
                return Err(toml::de::Error::custom(format!(
                    "no kind of name `{kind}` in names.txt; known: {}",
                    KINDS.join(", ")
                )));
            }
            pack.gazetteer.push((kind.to_owned(), list.split(';').map(str::to_owned).collect()));
        }
        pack.index();
        Ok(pack)
    }

    /// True if it is written in letters of this range.
    pub fn is_written_in(&self, letters: RangeInclusive<char>) -> bool {
        let first = self.text.small.iter().next().and_then(|word| word.chars().next());
        first.is_some_and(|c| letters.contains(&c))
    }

    /// What `word`, in lower case, is; a noun also behind its article.
    pub fn roles(&self, word: &str) -> Roles {
        let noun = || {
            let bare = self.names.articles.iter().find_map(|article| self.roles.get(word.strip_prefix(article)?))?;
            Some(bare.of(Roles::NOUN))
        };
        self.roles.get(word).copied().or_else(noun).unwrap_or_default()
    }

    /// Bytes of a particle that is written together with a word of the lists: of the `و` of `وقال`.
    pub fn particle(&self, word: &str) -> Option<usize> {
        /// Letters of such a word.
        const LEAST: usize = 3;
        let known = |word: &str| self.roles(word) != Roles::default();
        let mut particles = self.text.joined.iter().filter(|_| !known(word));
        particles.find_map(|particle| {
            let rest = word.strip_prefix(particle)?;
            (rest.chars().count() >= LEAST && known(rest)).then_some(particle.len())
        })
    }

    /// The longest phrase of the lists that starts with the first of `words`: how many words it has, and what it is.
    pub fn phrase<'w>(&self, words: &(impl Iterator<Item = &'w str> + Clone)) -> Option<(usize, Roles)> {
        let first = words.clone().next()?;
        let phrases = self.phrases.get(first)?;
        let fits = |phrase: &&(Vec<String>, Roles)| {
            let mut rest = words.clone();
            phrase.0.iter().all(|word| rest.next() == Some(word.as_str()))
        };
        phrases.iter().find(fits).map(|(words, roles)| (words.len(), *roles))
    }

    /// Phrases whose first word this is.
    pub fn phrases(&self, first: &str) -> &[(Vec<String>, Roles)] {
        self.phrases.get(first).map_or(&[], Vec::as_slice)
    }

    /// A word of a list as text is cut: `d'après` is two tokens.
    fn tokens(&self, word: &str) -> Vec<String> {
        match word.split_once('\'') {
            Some((before, after)) if !after.is_empty() && self.text.elisions.contains(before) => {
                vec![format!("{before}'"), after.to_owned()]
            }
            _ => vec![word.to_owned()],
        }
    }

    /// Files every list by word.
    fn index(&mut self) {
        let (speech, names) = (&self.speech, &self.names);
        let lists = [
            (&speech.verbs, Roles::VERB),
            (&speech.participles, Roles::PARTICIPLE),
            (&speech.auxiliaries, Roles::AUXILIARY),
            (&speech.according, Roles::ACCORDING),
            (&speech.own, Roles::OWN),
            (&speech.after, Roles::AFTER),
            (&speech.bare, Roles::BARE),
            (&speech.as_words, Roles::AS),
            (&speech.thus, Roles::THUS),
            (&speech.that, Roles::THAT),
            (&speech.he, Roles::HE),
            (&speech.she, Roles::SHE),
            (&speech.they, Roles::THEY),
            (&speech.subjunctive, Roles::SUBJUNCTIVE),
            (&speech.determiners, Roles::DETERMINER),
            (&speech.prepositions, Roles::PREPOSITION),
            (&speech.adverbs, Roles::ADVERB),
            (&speech.and, Roles::AND),
            (&speech.views, Roles::VIEW),
            (&speech.definite, Roles::DEFINITE),
            (&speech.genitive, Roles::GENITIVE),
            (&speech.objects, Roles::OBJECT),
            (&speech.refers, Roles::REFERS),
            (&speech.passive, Roles::PASSIVE),
            (&speech.agents, Roles::AGENT),
            (&speech.topic_marks, Roles::TOPIC_MARK),
            (&speech.calling, Roles::CALLING),
            (&speech.first_person, Roles::FIRST_PERSON),
            (&speech.reflexives, Roles::REFLEXIVE),
            (&speech.naming, Roles::NAMING),
            (&speech.subject_marks, Roles::SUBJECT_MARK),
            (&names.titles, Roles::TITLE),
            (&names.particles, Roles::PARTICLE),
            (&names.body, Roles::BODY),
            (&names.bodies_alone, Roles::BODY_ALONE),
            (&names.place, Roles::PLACE),
            (&names.before_place, Roles::BEFORE_PLACE),
            (&names.surnames, Roles::SURNAME),
            (&self.text.small, Roles::SMALL),
        ];
        let (mut roles, mut phrases) = (FxHashMap::<String, Roles>::default(), FxHashMap::<String, Vec<_>>::default());
        for (list, role) in lists {
            for entry in list.iter() {
                let words: Vec<String> = if self.text.ideographs {
                    entry.chars().filter(|c| *c != ' ').map(String::from).collect()
                } else {
                    entry.split(' ').flat_map(|word| self.tokens(word)).collect()
                };
                if words.len() == 1 {
                    let known = roles.entry(entry.to_owned()).or_default();
                    *known = known.and(role);
                } else if let Some(first) = words.first().filter(|_| words.len() <= LONGEST) {
                    phrases.entry(first.clone()).or_default().push((words, role));
                }
            }
        }
        if self.text.joined.iter().next().is_some() {
            for name in self.gazetteer.iter().flat_map(|(_, list)| list) {
                let first = name.split(' ').next().unwrap_or(name);
                let known = roles.entry(first.to_owned()).or_default();
                *known = known.and(Roles::NAME);
            }
        }
        for list in phrases.values_mut() {
            list.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        }
        (self.roles, self.phrases) = (roles, phrases);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_phrases_have_roles() {
        let german = Pack::of(Some("de")).unwrap();
        assert!(german.roles("sagte").any(Roles::VERB));
        assert!(german.roles("minister").any(Roles::TITLE));
        let words = ["nach", "angaben", "der"];
        assert_eq!(german.phrase(&words.into_iter()), Some((2, Roles::ACCORDING)));
        assert!(Pack::of(Some("en")).is_none() && Pack::of(None).is_none());
    }
}
