//! Programs of the user that turn a file into something that is read: `--pre '*.doc=antiword'`.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use super::Problem;
use super::pattern::Pattern;

/// How long a program may take.
const LONGEST: Duration = Duration::from_mins(1);

/// A program for the files whose path fits a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preprocessor {
    pattern: Pattern<()>,
    command: String,
}

impl std::str::FromStr for Preprocessor {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let read = || {
            let (pattern, command) = text.split_once('=')?;
            let pattern = Pattern::read(pattern.trim(), |_| None)?;
            (!command.trim().is_empty()).then(|| Preprocessor { pattern, command: command.trim().to_owned() })
        };
        read().ok_or_else(|| format!("`{text}` names no program for files; write it as `*.doc=antiword`"))
    }
}

impl std::fmt::Display for Preprocessor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}={}", self.pattern.written(), self.command)
    }
}

impl Preprocessor {
    /// True for files that are for this program.
    pub(super) fn fits(&self, path: &Path) -> bool {
        self.pattern.find(&path.to_string_lossy(), &|(), _| true).is_some()
    }

    /// What the program writes about a file: at most `limit` bytes, within a minute. No shell is used: words are parted by
    /// spaces, `{}` is the path, which comes last otherwise; the file is standard input as well.
    pub(super) fn run(&self, path: &Path, limit: u64) -> Result<Vec<u8>, Problem> {
        let failed = |what: String| Problem::Command { command: self.command.clone(), what };
        let mut words = self.command.split_whitespace();
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words.clone().map(|word| if word == "{}" { path.as_os_str() } else { word.as_ref() }));
        if !words.any(|word| word == "{}") {
            command.arg(path);
        }
        command.stdin(File::open(path).map_err(Problem::opening)?).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| failed(format!("cannot be run ({error})")))?;
        let output = gathered(child.stdout.take(), limit + 1);
        let errors = gathered(child.stderr.take(), 4096);
        let deadline = Instant::now() + LONGEST;
        let ended = output.recv_timeout(LONGEST).ok().and_then(|bytes| {
            let is_whole = bytes.len() as u64 <= limit;
            if !is_whole {
                let _ = child.kill();
            }
            Some((bytes, is_whole, wait(&mut child, deadline)?))
        });
        let Some((bytes, is_whole, status)) = ended else {
            let _ = child.kill();
            let _ = child.wait();
            return Err(failed(format!("took longer than {} s", LONGEST.as_secs())));
        };
        if !is_whole {
            return Err(failed(format!("wrote more than {} MB", limit >> 20)));
        }
        if !status.success() {
            let errors = errors.recv_timeout(Duration::from_secs(1)).unwrap_or_default();
            let said = String::from_utf8_lossy(&errors)
                .lines()
                .next()
                .map(|line| format!(": {}", super::problem::shown(line)));
            return Err(failed(format!("failed with {status}{}", said.unwrap_or_default())));
        }
        Ok(bytes)
    }
}

/// Reads up to `limit` bytes on a thread of its own: a program that is stopped may have left others that keep its output open.
fn gathered(pipe: Option<impl Read + Send + 'static>, limit: u64) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = pipe.map_or(Ok(0), |pipe| pipe.take(limit).read_to_end(&mut bytes));
        let _ = sender.send(if read.is_ok() { bytes } else { Vec::new() });
    });
    receiver
}

fn wait(child: &mut Child, deadline: Instant) -> Option<ExitStatus> {
    loop {
        let ended: io::Result<Option<ExitStatus>> = child.try_wait();
        match ended {
            Ok(Some(status)) => return Some(status),
            Ok(None) if Instant::now() < deadline => thread::sleep(Duration::from_millis(5)),
            Ok(None) | Err(_) => return None,
        }
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(given: &str, expect: Result<&str, &str>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.doc");
        std::fs::write(&path, "the words\n").unwrap();
        let program: Preprocessor = given.parse().unwrap();
        assert!(program.fits(&path) && !program.fits(Path::new("a.txt")));
        let found = program
            .run(&path, 64)
            .map(|bytes| String::from_utf8(bytes).unwrap())
            .map_err(|problem| problem.to_string());
        match (&found, expect) {
            (Ok(text), Ok(wanted)) => assert_eq!(text, wanted),
            (Err(told), Err(part)) => assert!(told.contains(part), "{told}"),
            (_, wanted) => panic!("{found:?}, not {wanted:?}"),
        }
    }

    #[test]
    fn programs_read_by_path_or_from_standard_input() {
        check("*.doc=cat", Ok("the words\n"));
        check("*.doc=head -c 3 {}", Ok("the"));
        check("*.doc=no-such-program", Err("cannot be run"));
        check("*.doc=false", Err("failed with exit status: 1"));
        check("*.doc=yes", Err("wrote more than"));
        assert!("*.doc".parse::<Preprocessor>().is_err());
    }
}
