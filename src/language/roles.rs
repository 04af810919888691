//! What a word is in its language: on which lists of its pack it stands.

/// What a word is, one bit a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Roles(u64);

impl Roles {
    /// A verb of saying.
    pub const VERB: Roles = Roles(1);
    /// A participle of saying.
    pub const PARTICIPLE: Roles = Roles(1 << 1);
    /// An auxiliary.
    pub const AUXILIARY: Roles = Roles(1 << 2);
    /// It stands before a source.
    pub const ACCORDING: Roles = Roles(1 << 3);
    /// It stands behind a source.
    pub const AFTER: Roles = Roles(1 << 4);
    /// It stands before a source, without a verb.
    pub const BARE: Roles = Roles(1 << 5);
    /// It starts a clause before what it reports.
    pub const AS: Roles = Roles(1 << 6);
    /// It reports the source before.
    pub const THUS: Roles = Roles(1 << 7);
    /// It starts a reported clause.
    pub const THAT: Roles = Roles(1 << 8);
    /// A pronoun of a man.
    pub const HE: Roles = Roles(1 << 9);
    /// A pronoun of a woman.
    pub const SHE: Roles = Roles(1 << 10);
    /// Another pronoun.
    pub const THEY: Roles = Roles(1 << 11);
    /// A verb of reported speech.
    pub const SUBJUNCTIVE: Roles = Roles(1 << 12);
    /// It starts a noun phrase.
    pub const DETERMINER: Roles = Roles(1 << 13);
    /// A preposition.
    pub const PREPOSITION: Roles = Roles(1 << 14);
    /// Part of neither verb nor subject.
    pub const ADVERB: Roles = Roles(1 << 15);
    /// It stands before a name or a term.
    pub const NAMING: Roles = Roles(1 << 16);
    /// A title.
    pub const TITLE: Roles = Roles(1 << 17);
    /// A particle of names.
    pub const PARTICLE: Roles = Roles(1 << 18);
    /// A noun of bodies.
    pub const BODY: Roles = Roles(1 << 19);
    /// A noun of places.
    pub const PLACE: Roles = Roles(1 << 20);
    /// It stands before places.
    pub const BEFORE_PLACE: Roles = Roles(1 << 21);
    /// A small word.
    pub const SMALL: Roles = Roles(1 << 22);
    /// It belongs to the verb.
    pub const REFLEXIVE: Roles = Roles(1 << 23);
    /// It stands behind the subject.
    pub const SUBJECT_MARK: Roles = Roles(1 << 24);
    /// It holds the source of the phrase it ends.
    pub const OWN: Roles = Roles(1 << 25);
    /// The first characters of a name.
    pub const SURNAME: Roles = Roles(1 << 26);
    /// It joins clauses.
    pub const AND: Roles = Roles(1 << 27);
    /// It stands before whose view is quoted.
    pub const VIEW: Roles = Roles(1 << 28);
    /// A definite article.
    pub const DEFINITE: Roles = Roles(1 << 29);
    /// An article that may be a genitive.
    pub const GENITIVE: Roles = Roles(1 << 30);
    /// It stands before what somebody calls something.
    pub const CALLING: Roles = Roles(1 << 31);
    /// A pronoun of the first person.
    pub const FIRST_PERSON: Roles = Roles(1 << 32);
    /// It starts an object.
    pub const OBJECT: Roles = Roles(1 << 33);
    /// It refers to what is said before it.
    pub const REFERS: Roles = Roles(1 << 34);
    /// An auxiliary of the passive.
    pub const PASSIVE: Roles = Roles(1 << 35);
    /// It stands before who does what is said in the passive.
    pub const AGENT: Roles = Roles(1 << 36);
    /// A name of the lists, or the first word of one, where particles are written together with names.
    pub const NAME: Roles = Roles(1 << 39);
    /// A body by itself.
    pub const BODY_ALONE: Roles = Roles(1 << 38);
    /// It stands behind the topic.
    pub const TOPIC_MARK: Roles = Roles(1 << 37);
    /// Any pronoun as subject.
    pub const PRONOUN: Roles = Roles::HE.and(Roles::SHE).and(Roles::THEY);
    /// What a word behind an article that is written together with it may be.
    pub const NOUN: Roles = Roles::TITLE.and(Roles::BODY).and(Roles::PLACE).and(Roles::NAMING);

    /// Both.
    #[must_use]
    pub const fn and(self, other: Roles) -> Roles {
        Roles(self.0 | other.0)
    }

    /// Those that are among `roles`.
    #[must_use]
    pub const fn of(self, roles: Roles) -> Roles {
        Roles(self.0 & roles.0)
    }

    /// True if it is one of `roles`.
    pub const fn any(self, roles: Roles) -> bool {
        self.0 & roles.0 != 0
    }

    /// As bits, for features.
    pub const fn bits(self) -> u64 {
        self.0
    }
}
