//! What help and manual pages say beyond the flags: examples, the query language, environment, exit status.

use clap::{Command, CommandFactory as _};

use super::Cli;

/// An example: a command line and what it does.
pub(super) type Example = (&'static str, &'static str);

/// The query language, as rows of what is typed and what it finds.
pub(super) const LANGUAGE: [(&str, &str); 12] = [
    ("ferry strike, ferry OR strike, -strike", "both words; either; without a word"),
    ("\"pay deal\", ='Pay Deal'", "the phrase in any form; exactly these characters"),
    ("strik*, b?y, colour~1", "words that start so; one letter unknown; one letter wrong"),
    ("ferry NEAR/5 strike, PRE/5, /s, /p", "near; in this order; in one sentence; in one paragraph"),
    ("\"pay deal\"~3, ATLEAST3(ferry)", "at most three words between them; at least three times"),
    ("speaker:rubio said:talks about:putin", "who said it; words inside the quotation; named in it"),
    ("kind:direct confidence:>=0.8", "kind of quotation; how sure its speaker is"),
    ("person:, org:, place:, entity:", "who and what the passage names"),
    ("title:, byline:, outlet:, section:, collection:", "fields of the article"),
    ("tag:budget, tag:*", "what you tagged so; anything tagged"),
    ("has:versions", "articles whose earlier text is kept"),
    ("date:2025-05..2025-06, date:last-7d", "when it was published; also date:>=2025-05-16"),
];

/// What is found in each language, by code.
pub(super) const LANGUAGES: [(&str, &str); 6] = [
    ("en", "quotations direct, indirect, mixed; speakers by name, pronoun, description; names; all forms of words"),
    ("de fr es it pt nl pl cs hr uk ru", "quotations direct, indirect; speakers by name, pronoun; names; stems"),
    ("ar", "quotations direct, indirect; speakers by name; names by lists and titles; stems"),
    ("tr", "direct quotations; speakers by name; names; stems"),
    ("zh ja", "direct quotations; speakers by name, pronoun; names; words as they are written"),
    ("any other", "direct quotations by their marks, without a speaker; user/languages/ adds a language"),
];

/// The environment variables that hold for every command.
pub(super) const ENVIRONMENT: [(&str, &str); 10] = [
    ("ONRECORD_INDEX", "Folder of the index (--index)."),
    ("ONRECORD_QUIET", "Print only results and errors (--quiet)."),
    ("ONRECORD_VERBOSE", "More detail (-v)."),
    ("ONRECORD_COLOR", "When to use colours (--color)."),
    ("ONRECORD_CONFIG", "File of settings, instead of onrecord.toml here and in the settings folder."),
    ("ONRECORD_THREADS", "Number of threads of ingest and annotate (--threads)."),
    ("ONRECORD_MEMORY", "Target memory of ingest (--memory)."),
    ("ONRECORD_SYNONYMS", "Your own synonyms (--synonyms)."),
    ("ONRECORD_ALIASES", "Names to merge or keep apart (--aliases)."),
    ("NO_COLOR", "If set, use no colours."),
];

/// The exit codes.
pub(super) const EXIT_STATUS: [(&str, &str); 4] = [
    ("0", "Found or done. Also if the reader of the output has gone."),
    ("1", "Nothing found (query, facets, timeline), nothing new (rerun, saved run), or not as pasted (check)."),
    ("2", "Error."),
    ("3", "Done, but some inputs were skipped."),
];

/// Examples of a command.
pub(super) fn examples(command: &str) -> &'static [Example] {
    match command {
        "ingest" => &[
            ("onrecord ingest articles/ wire.jsonl.gz", "index a folder and a file, or what changed in them"),
            ("onrecord ingest --dry-run articles/", "show what each file would give"),
            ("onrecord ingest --watch --prune articles/", "keep the index in line with a folder"),
            ("onrecord ingest --map title=hed export.csv", "read an unusual field name"),
        ],
        "query" => &[
            ("onrecord query --corpus articles/ 'speaker:rubio'", "ingest what changed, then search"),
            ("onrecord query '\"30-day ceasefire\"' --sort oldest --all", "every mention, in order of time"),
            ("onrecord query 'speaker:merkel said:refugees' --format csv > merkel.csv", "for a spreadsheet"),
        ],
        "facets" => &[
            ("onrecord facets speaker", "who is quoted most"),
            ("onrecord facets outlet '\"pay deal\"' --format csv", "who wrote about it"),
            ("onrecord facets speaker --by outlet --format csv", "shares and rates in each outlet, with intervals"),
            ("onrecord facets person --prefix ru", "names that start with these letters"),
        ],
        "timeline" => &[
            ("onrecord timeline ceasefire", "hits by month"),
            (
                "onrecord timeline ceasefire --every day --split outlet --format svg > chart.svg",
                "one series per outlet",
            ),
        ],
        "network" => &[
            ("onrecord network --speaker rubio", "whom he talks about, and how often"),
            ("onrecord network --by outlet --format graphml > press.graphml", "everybody, for Gephi"),
        ],
        "sample" => &[
            ("onrecord sample 'speaker:*' --sample 100 --seed 7 > sheet.csv", "100 random quotations to judge"),
            ("onrecord sample --read sheet.csv", "how many of them are right, with the interval"),
        ],
        "rerun" => &[
            ("onrecord query 'speaker:rubio' --manifest rubio.json", "save a search"),
            ("onrecord rerun rubio.json", "show what is new and gone since"),
        ],
        "serve" => &[
            ("onrecord serve --corpus articles/ --every 5m", "a web page at http://127.0.0.1:8080, kept up to date"),
            ("onrecord serve --address 0.0.0.0:8080 --token-file tokens", "for a newsroom, by token"),
        ],
        "saved" => &[
            ("onrecord saved add 'speaker:rubio about:putin' --note 'for Friday'", "save a search; print its id"),
            ("onrecord saved run 3f6c0a9d --new", "show what no run has seen before"),
            ("onrecord saved run 3f6c0a9d --new --exec 'mail -s News desk@example.org'", "mail it, if there is any"),
        ],
        "mcp" => &[("onrecord mcp --index index", "the command line to give to an assistant")],
        "show" => &[
            ("onrecord show wexcombe-chronicle/2025-05-16", "an article, by a part of its path"),
            ("onrecord show --entity brannigan", "who somebody is in this index"),
        ],
        "versions" => &[("onrecord versions wexcombe-chronicle/2025-05-16", "what its outlet changed, and when")],
        "tag" => &[
            ("onrecord tag wexcombe-chronicle/2025-05-16 budget checked", "tag an article; `tag:budget` finds it"),
            ("onrecord tag 2025-05-16 lead --quote 'we will not pay'", "tag the quotation with these words"),
        ],
        "correct" => &[
            (
                "onrecord correct 'we will not pay' --speaker 'Aoife Brannigan'",
                "say who said the quotation with these words",
            ),
            ("onrecord correct", "list all corrections"),
        ],
        "note" => &[("onrecord note 2025-05-16 'ask for the minutes'", "attach a note to an article")],
        "status" => &[("onrecord status", "what the index holds and what could not be read")],
        "verify" => &[("onrecord verify --repair", "check the index and read again what is damaged")],
        "remove" => &[
            ("onrecord remove --dry-run wexcombe-chronicle/2025-05-16", "show what would be removed"),
            ("onrecord remove --list ids.txt --receipt receipt.json", "remove a list of articles, with a receipt"),
        ],
        "compact" => {
            &[("onrecord ingest --prune && onrecord compact", "leave nothing of articles whose files are gone")]
        }
        "check" => &[("onrecord check \"we will not pay\" --speaker brown", "whether somebody said that, and who")],
        "compare" => &[(
            "onrecord compare ceasefire --a 'outlet:\"Harbour Post\"' --b 'outlet:\"Fjord Dawn\"'",
            "what each made of it",
        )],
        "annotate" => &[
            ("onrecord annotate article.html", "the article with its quotations and names marked"),
            ("curl -s https://example.org/a | onrecord annotate - --format jsonl", "the same as JSON, from a pipe"),
        ],
        "completions" => &[("onrecord completions bash > /etc/bash_completion.d/onrecord", "install completions")],
        "train" => {
            &[("onrecord train quotes --data articles.jsonl --out models/quotes.bin", "train the quotation models")]
        }
        "man" => &[
            ("onrecord man query | man -l -", "read a page"),
            ("onrecord man --out ~/.local/share/man/man1", "install all pages"),
        ],
        _ => &[],
    }
}

/// The command line, with examples before and exit codes after the flags of every command.
pub(super) fn command() -> Command {
    let names: Vec<String> = Cli::command().get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let exit_codes = format!("Exit codes:\n{}", rows(&EXIT_STATUS));
    names.iter().fold(Cli::command().after_help(exit_codes.clone()), |command, name| {
        command.mut_subcommand(name, |sub| {
            let sub = sub.after_long_help(exit_codes.clone());
            let examples = examples(name);
            if examples.is_empty() {
                return sub;
            }
            let examples = format!("Examples:\n{}", below(examples));
            sub.before_long_help(match name.as_str() {
                "query" => format!("{examples}\n\nQuery language:\n{}", rows(&LANGUAGE)),
                "annotate" => format!("{examples}\n\nLanguages:\n{}", rows(&LANGUAGES)),
                _ => examples,
            })
        })
    })
}

/// Terms and what they mean, side by side.
fn rows(rows: &[(&str, &str)]) -> String {
    let width = rows.iter().map(|(term, _)| term.len()).max().unwrap_or(0);
    rows.iter().map(|(term, meaning)| format!("  {term:<width$}  {meaning}")).collect::<Vec<_>>().join("\n")
}

/// Command lines, each with its meaning below.
fn below(rows: &[(&str, &str)]) -> String {
    rows.iter().map(|(line, meaning)| format!("  {line}\n      {meaning}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_examples() {
        let command = command();
        for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
            assert!(!examples(sub.get_name()).is_empty(), "{}", sub.get_name());
        }
    }

    #[test]
    fn help_of_query_begins_with_examples_and_the_language() {
        let mut command = command();
        let query = command.find_subcommand_mut("query").unwrap();
        let help = query.render_long_help().to_string();
        assert!(help.starts_with("Examples:\n"), "{help}");
        let at = |text: &str| help.find(text).unwrap_or_else(|| panic!("no {text} in {help}"));
        assert!(at("Query language:") < at("Usage:") && at("Usage:") < at("Exit codes:"));
    }
}
