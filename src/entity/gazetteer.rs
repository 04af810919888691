//! Lists of names and words, compiled in: places, bodies, first names, surnames, titles, offices.
//!
//! The lists are in `data/en/gazetteer/`; `models/entities.md` says where each comes from.

use std::borrow::Cow;
use std::sync::LazyLock;

use include_flate::flate;
use rustc_hash::FxHashMap;

use super::Gender;
use super::fold::{fold, phrase, word_key};

/// The lists a word or phrase is in, one bit a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Lists(u32);

impl Lists {
    pub(super) const COUNTRY: Lists = Lists(1);
    pub(super) const CAPITAL: Lists = Lists(1 << 1);
    pub(super) const CITY: Lists = Lists(1 << 2);
    pub(super) const REGION: Lists = Lists(1 << 3);
    pub(super) const BODY: Lists = Lists(1 << 4);
    pub(super) const COMPANY: Lists = Lists(1 << 5);
    pub(super) const TEAM: Lists = Lists(1 << 6);
    pub(super) const DEMONYM: Lists = Lists(1 << 7);
    pub(super) const GIVEN_MALE: Lists = Lists(1 << 8);
    pub(super) const GIVEN_FEMALE: Lists = Lists(1 << 9);
    pub(super) const GIVEN_BOTH: Lists = Lists(1 << 10);
    pub(super) const SURNAME: Lists = Lists(1 << 11);
    pub(super) const TITLE: Lists = Lists(1 << 12);
    pub(super) const TITLE_MALE: Lists = Lists(1 << 13);
    pub(super) const TITLE_FEMALE: Lists = Lists(1 << 14);
    pub(super) const OFFICE: Lists = Lists(1 << 15);
    /// More words may follow: a proper prefix of a phrase.
    const PREFIX: Lists = Lists(1 << 16);

    /// Any list of first names.
    pub(super) const GIVEN: Lists = Lists::GIVEN_MALE.and(Lists::GIVEN_FEMALE).and(Lists::GIVEN_BOTH);
    /// Any word that is before a name as a title.
    pub(super) const ANY_TITLE: Lists = Lists::TITLE.and(Lists::TITLE_MALE).and(Lists::TITLE_FEMALE);
    /// Any list of places.
    pub(super) const PLACES: Lists = Lists::COUNTRY.and(Lists::CAPITAL).and(Lists::CITY).and(Lists::REGION);
    /// Both sets of lists.
    pub(super) const fn and(self, other: Lists) -> Lists {
        Lists(self.0 | other.0)
    }

    /// True if it is in one of `lists`.
    pub(super) const fn any(self, lists: Lists) -> bool {
        self.0 & lists.0 != 0
    }

    /// True if it is in no list.
    pub(super) const fn is_empty(self) -> bool {
        self.0 & !Lists::PREFIX.0 == 0
    }

    /// The sets as bits, for features.
    pub(super) const fn bits(self) -> u32 {
        self.0 & !Lists::PREFIX.0
    }
}

// The long lists are compressed in the program.
flate!(static CITIES: str from "data/en/gazetteer/cities.txt" with zstd);
flate!(static GIVEN_MALE: str from "data/en/gazetteer/given_male.txt" with zstd);
flate!(static GIVEN_FEMALE: str from "data/en/gazetteer/given_female.txt" with zstd);
flate!(static SURNAMES: str from "data/en/gazetteer/surnames.txt" with zstd);

/// Words in the longest phrase that is looked up.
const LONGEST: usize = 6;

/// Entries of all lists, about.
const ENTRIES: usize = 66_000;

/// The lists as one table of phrase keys.
#[derive(Debug, Default)]
pub(super) struct Gazetteer {
    table: FxHashMap<u64, Lists>,
}

/// The compiled-in lists, read once at first use.
pub(super) fn gazetteer() -> &'static Gazetteer {
    static LISTS: LazyLock<Gazetteer> = LazyLock::new(Gazetteer::compiled_in);
    &LISTS
}

impl Gazetteer {
    /// The lists of a single word, by its key.
    pub(super) fn word(&self, key: u64) -> Lists {
        self.by_key(phrase(0, key))
    }

    /// The lists of a phrase, by the key that [`phrase`] makes of its words.
    pub(super) fn by_key(&self, key: u64) -> Lists {
        self.table.get(&key).copied().unwrap_or_default()
    }

    /// The lists of a single word as written.
    pub(super) fn look_up(&self, word: &str) -> Lists {
        self.word(word_key(word))
    }

    /// The lists of a phrase of several words, written in lower case with single spaces.
    #[cfg(test)]
    fn phrase(&self, words: &str) -> Lists {
        let key = words.split(' ').fold(0, |key, word| phrase(key, word_key(word)));
        self.table.get(&key).copied().unwrap_or_default()
    }

    /// The longest phrase that starts `keys`, as its number of words and its lists; none of a list gives (0, empty).
    pub(super) fn longest(&self, keys: impl Iterator<Item = u64>) -> (usize, Lists) {
        let mut best = (0, Lists::default());
        let mut key = 0;
        for (i, word) in keys.take(LONGEST).enumerate() {
            key = phrase(key, word);
            let Some(&lists) = self.table.get(&key) else { break };
            if !lists.is_empty() {
                best = (i + 1, lists);
            }
            if !lists.any(Lists::PREFIX) {
                break;
            }
        }
        best
    }

    /// Whom a first name is given to.
    pub(super) fn gender_of_given(&self, word: &str) -> Gender {
        let lists = self.look_up(word);
        if lists.any(Lists::GIVEN_MALE) {
            Gender::Male
        } else if lists.any(Lists::GIVEN_FEMALE) {
            Gender::Female
        } else {
            Gender::Unknown
        }
    }

    /// Whom a title is used of.
    pub(super) fn gender_of_title(&self, word: &str) -> Gender {
        let lists = self.look_up(word);
        if lists.any(Lists::TITLE_MALE) {
            Gender::Male
        } else if lists.any(Lists::TITLE_FEMALE) {
            Gender::Female
        } else {
            Gender::Unknown
        }
    }

    fn compiled_in() -> Gazetteer {
        let mut all = Gazetteer::default();
        all.table.reserve(ENTRIES);
        all.add_lines(include_str!("../../data/en/gazetteer/countries.txt"), Lists::COUNTRY);
        all.add_lines(include_str!("../../data/en/gazetteer/capitals.txt"), Lists::CAPITAL);
        all.add_lines(&CITIES, Lists::CITY);
        all.add_lines(include_str!("../../data/en/gazetteer/regions.txt"), Lists::REGION);
        all.add_lines(include_str!("../../data/en/gazetteer/bodies.txt"), Lists::BODY);
        all.add_lines(include_str!("../../data/en/gazetteer/organizations.txt"), Lists::COMPANY);
        all.add_lines(include_str!("../../data/en/gazetteer/teams.txt"), Lists::TEAM);
        all.add_lines(&GIVEN_MALE, Lists::GIVEN_MALE);
        all.add_lines(&GIVEN_FEMALE, Lists::GIVEN_FEMALE);
        all.add_lines(include_str!("../../data/en/gazetteer/given_both.txt"), Lists::GIVEN_BOTH);
        all.add_lines(&SURNAMES, Lists::SURNAME);
        all.add_words(include_str!("../../data/en/gazetteer/demonyms.txt"), |_| Lists::DEMONYM);
        all.add_words(include_str!("../../data/en/gazetteer/offices.txt"), |_| Lists::OFFICE);
        all.add_words(include_str!("../../data/en/gazetteer/titles.txt"), |mark| match mark {
            "m" => Lists::TITLE_MALE,
            "f" => Lists::TITLE_FEMALE,
            _ => Lists::TITLE,
        });
        all
    }

    /// A phrase a line; lines that start with `#` are for people.
    fn add_lines(&mut self, list: &str, lists: Lists) {
        for line in list.lines().filter(|l| !l.starts_with('#') && !l.is_empty()) {
            self.add(line, lists);
        }
    }

    /// Single words parted by spaces; the first of a line may say which list the others go to.
    fn add_words(&mut self, list: &str, lists: impl Fn(&str) -> Lists) {
        for line in list.lines().filter(|l| !l.starts_with('#')) {
            let mark = line.split(' ').next().unwrap_or("");
            for word in line.split(' ').filter(|w| !matches!(*w, "" | "m" | "f" | "~")) {
                self.add(word, lists(mark));
            }
        }
    }

    /// Clitics and commas of an entry are apart, as the tokens do that it is compared with.
    fn add(&mut self, entry: &str, lists: Lists) {
        let spaced = if entry.contains(['\'', ',']) {
            Cow::Owned(entry.replace("'s", " 's").replace(',', " ,"))
        } else {
            Cow::Borrowed(entry)
        };
        let mut key = 0;
        let mut words = spaced.split_whitespace().peekable();
        while let Some(word) = words.next() {
            key = phrase(key, word_key(&fold(word)));
            let found = if words.peek().is_none() { lists } else { Lists::PREFIX };
            let entry = self.table.entry(key).or_default();
            *entry = entry.and(found);
        }
    }
}

/// Where in a listed phrase of `length` tokens a token is: 0 at its start, 1 at its end, 2 between, 3 alone.
pub(super) fn place(offset: usize, length: usize) -> u32 {
    match offset {
        _ if length == 1 => 3,
        0 => 0,
        _ if offset + 1 == length => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_phrases_stand_in_their_lists() {
        let lists = gazetteer();
        assert!(lists.look_up("Ukraine").any(Lists::COUNTRY));
        assert!(lists.look_up("SENATOR").any(Lists::TITLE));
        assert!(lists.phrase("white house").any(Lists::BODY));
        assert!(lists.phrase("mcdonald 's").any(Lists::BODY));
        assert!(lists.look_up("xyzzy").is_empty());
    }

    #[test]
    fn the_longest_phrase_wins() {
        let key = |words: &'static str| words.split(' ').map(word_key);
        assert_eq!(gazetteer().longest(key("New York City Hall")).0, 3);
        assert_eq!(gazetteer().longest(key("Saudi Arabia said")).0, 2);
        assert_eq!(gazetteer().longest(key("xyzzy plugh")).0, 0);
    }

    #[test]
    fn first_names_and_titles_tell_gender() {
        assert_eq!(gazetteer().gender_of_given("Hillary"), Gender::Female);
        assert_eq!(gazetteer().gender_of_given("Andriy"), Gender::Male);
        assert_eq!(gazetteer().gender_of_title("Mrs."), Gender::Female);
        assert_eq!(gazetteer().gender_of_title("Dr."), Gender::Unknown);
    }
}
