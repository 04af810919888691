//! `onrecord ingest --watch`: brings the index up to date whenever a file changes, until it is stopped.

use std::path::{Path, PathBuf, absolute};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use crossbeam_channel::{Receiver, RecvTimeoutError, unbounded};
use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecursiveMode, Watcher as _};

/// How long files must be left alone before they are read: a file that is being written is not read by halves.
const QUIET: Duration = Duration::from_secs(2);

/// How long changes may go on before they are read all the same.
const LONGEST: Duration = Duration::from_mins(1);

/// How often a wait looks whether it should end.
const LOOK: Duration = Duration::from_millis(200);

/// Calls `update` now and after every change below `paths`, until `stop` is set. Changes in `index` do not count.
pub(super) fn watch(
    paths: &[PathBuf],
    index: &Path,
    stop: &AtomicBool,
    mut update: impl FnMut() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let (send, changes) = unbounded();
    let index = absolute(index).unwrap_or_else(|_| index.to_owned());
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        if event.as_ref().map_or(true, |event| matters(event, &index)) {
            // The receiver is gone once the watch ends.
            let _ = send.send(());
        }
    })
    .context("cannot watch folders on this system; run `onrecord ingest` at intervals instead")?;
    for path in paths {
        let watched = absolute(path).and_then(|path| path.metadata().map(|_| path));
        let watched = watched.with_context(|| format!("cannot watch `{}`; create it first", path.display()))?;
        watcher.watch(&watched, RecursiveMode::Recursive).with_context(|| {
            format!(
                "cannot watch `{}`; the limit of the system may be too low (fs.inotify.max_user_watches)",
                path.display()
            )
        })?;
    }
    loop {
        update()?;
        if !changed(&changes, stop) {
            return Ok(());
        }
    }
}

/// Waits for a change, then until nothing changes for a moment. False if the wait was stopped.
fn changed(changes: &Receiver<()>, stop: &AtomicBool) -> bool {
    let mut first: Option<Instant> = None;
    let mut last = Instant::now();
    while !stop.load(Ordering::Relaxed) {
        match changes.recv_timeout(LOOK) {
            Ok(()) => {
                last = Instant::now();
                first.get_or_insert(last);
            }
            Err(RecvTimeoutError::Disconnected) => return false,
            Err(RecvTimeoutError::Timeout) => {}
        }
        if first.is_some_and(|first| last.elapsed() >= QUIET || first.elapsed() >= LONGEST) {
            return true;
        }
    }
    false
}

/// True if what happened may have changed an article. Reading a file does not.
fn matters(event: &Event, index: &Path) -> bool {
    let changes = match event.kind {
        EventKind::Access(kind) => kind == AccessKind::Close(AccessMode::Write),
        EventKind::Any | EventKind::Other | EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_) => true,
    };
    changes && (event.paths.is_empty() || event.paths.iter().any(|path| !path.starts_with(index)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_and_the_index_itself_do_not_count() {
        let event = |kind, path: &str| Event::new(kind).add_path(PathBuf::from(path));
        let index = Path::new("/news/index");
        let written = EventKind::Access(AccessKind::Close(AccessMode::Write));
        assert!(matters(&event(written, "/news/a.txt"), index));
        assert!(!matters(&event(EventKind::Access(AccessKind::Open(AccessMode::Read)), "/news/a.txt"), index));
        assert!(!matters(&event(written, "/news/index/derived/x"), index));
    }

    #[test]
    fn a_change_is_read_once_files_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let stop = AtomicBool::new(false);
        let mut seen = Vec::new();
        watch(&[folder.path().to_owned()], &folder.path().join("index"), &stop, || {
            let names = std::fs::read_dir(folder.path()).unwrap().count();
            seen.push(names);
            if names == 0 {
                std::fs::write(folder.path().join("a.txt"), "a").unwrap();
                std::fs::write(folder.path().join("b.txt"), "b").unwrap();
            } else {
                stop.store(true, Ordering::Relaxed);
            }
            Ok(())
        })
        .unwrap();
        assert_eq!(seen, [0, 2]);
    }
}
