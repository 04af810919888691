//! `onrecord completions`: a script that completes commands, flags and the names of the index in a shell.

use std::io::{self, Write as _};

use clap::Args;
use clap_complete::Shell;

use super::{Outcome, help};

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell to write for
    shell: Shell,
}

/// Flags that take a name of the index, and the facet that lists these.
const NAMES: [(&str, &str); 5] =
    [("speaker", "speaker"), ("person", "person"), ("org", "organization"), ("place", "place"), ("outlet", "outlet")];

/// Completes names for bash: inside quotation marks as they are, else with backslashes.
const BASH: &str = r#"
_onrecord_names() {
    local field= name flag="$3" typed="$2" quote="${COMP_WORDS[COMP_CWORD]:0:1}"
    # `--speaker=ru` is three words.
    [[ $flag == = ]] && flag="${COMP_WORDS[COMP_CWORD-2]}"
    [[ $typed == = ]] && typed=
    case "$flag" in
CASES
    esac
    [[ -z $field ]] && { _onrecord "$@"; return; }
    typed="${typed#[\"\']}"
    typed="${typed//\\/}"
    COMPREPLY=()
    while IFS= read -r name; do
        case "$quote" in
            \') name="$(sed "s/'/'\\\\''/g" <<< "$name")" ;;
            \") name="$(sed 's/[\\"$`]/\\&/g' <<< "$name")" ;;
            *) name="$(printf %q "$name")" ;;
        esac
        COMPREPLY+=("$name")
    done < <(onrecord facets "$field" --prefix "$typed" --format values --quiet 2>/dev/null)
}
complete -F _onrecord_names -o bashdefault -o default onrecord
"#;

/// Prints the script.
pub fn run(args: &Completions) -> anyhow::Result<Outcome> {
    // The generator panics on a closed pipe, so it writes to memory.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut help::command(), "onrecord", &mut script);
    let script = with_names(args.shell, &String::from_utf8_lossy(&script));
    io::stdout().write_all(script.as_bytes())?;
    Ok(Outcome::Done)
}

/// The script with the names of the index as values; for bash, zsh and fish.
fn with_names(shell: Shell, script: &str) -> String {
    match shell {
        Shell::Bash => {
            let cases: String =
                NAMES.iter().flat_map(|(flag, field)| ["        --", flag, ") field=", field, " ;;\n"]).collect();
            script.to_owned() + &BASH.replace("CASES\n", &cases)
        }
        Shell::Zsh => {
            let names = "_onrecord_names() {
    local -a names
    names=(${(f)\"$(onrecord facets $1 --prefix \"$PREFIX\" --format values --quiet 2>/dev/null)\"})
    compadd -U -a names
}

";
            let named = |line: &str| {
                let field = NAMES.iter().find(|(flag, _)| line.starts_with(&format!("'*--{flag}=[")));
                let action = field.map(|(_, field)| format!(":NAME: _onrecord_names {field}'"));
                action.map_or(line.to_owned(), |action| line.replace(":NAME:_default'", &action)) + "\n"
            };
            let script: String = script.lines().map(named).collect();
            script.replacen("if [ \"$funcstack[1]\"", &format!("{names}if [ \"$funcstack[1]\""), 1)
        }
        Shell::Fish => {
            let lines = NAMES.iter().map(|(flag, field)| {
                let names =
                    format!("onrecord facets {field} --prefix (commandline -ct | string replace -r '^--[a-z]+=' '') --format values --quiet 2>/dev/null");
                format!("complete -c onrecord -l {flag} -x -a '({names})'\n")
            });
            script.to_owned() + &lines.collect::<String>()
        }
        // The other shells complete commands and flags.
        _ => script.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_of_names_ask_the_index() {
        for (shell, calls) in [(Shell::Bash, 1), (Shell::Zsh, 1), (Shell::Fish, NAMES.len())] {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut help::command(), "onrecord", &mut script);
            let script = with_names(shell, &String::from_utf8(script).unwrap());
            assert_eq!(script.matches("--format values").count(), calls, "{shell}");
            assert!(shell != Shell::Zsh || script.contains(":NAME: _onrecord_names organization'"));
        }
    }
}
