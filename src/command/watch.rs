//! `onrecord ingest --watch`: brings the index up to date whenever a file changes, until it is stopped.

use std::path::{Path, PathBuf, absolute};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use crossbeam_channel::{Receiver, RecvTimeoutError, unbounded};
use notify::event::{AccessKind, AccessMode, ModifyKind};
use notify::{Event, EventKind, RecursiveMode, Watcher as _};

/// How long files must be left alone before they are read: a file that is being written is not read by halves.
const QUIET: Duration = Duration::from_secs(2);

/// How long changes may go on before they are read all the same.
const LONGEST: Duration = Duration::from_mins(1);

/// How often a wait looks whether it should end.
const LOOK: Duration = Duration::from_millis(200);

/// What changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    /// Files below the watched paths.
    Files,
    /// A watched path itself came or went: it must be watched anew.
    Paths,
}

/// Calls `update` now and after every change below `paths`, until `stop` is set. Changes in `index` do not count.
pub(super) fn watch(
    paths: &[PathBuf],
    index: &Path,
    stop: &AtomicBool,
    mut update: impl FnMut() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let (send, changes) = unbounded();
    let index = absolute(index).unwrap_or_else(|_| index.to_owned());
    let mut watched = Vec::with_capacity(paths.len());
    for path in paths {
        let there = absolute(path).and_then(|path| path.metadata().map(|_| path));
        watched.push(there.with_context(|| format!("cannot watch `{}`; create it first", path.display()))?);
    }
    let roots = watched.clone();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        if let Some(change) = event.map_or(Some(Change::Files), |event| change(&event, &roots, &index)) {
            // The receiver is gone once the watch ends.
            let _ = send.send(change);
        }
    })
    .context("cannot watch folders on this system; run `onrecord ingest` at intervals instead")?;
    let too_many = |path: &Path| {
        format!(
            "cannot watch `{}`; the limit of the system may be too low (fs.inotify.max_user_watches)",
            path.display()
        )
    };
    for path in &watched {
        watcher.watch(path, RecursiveMode::Recursive).with_context(|| too_many(path))?;
        // Only a watch on the folder above sees that a path came back.
        let above = path.parent().filter(|above| !watched.iter().any(|other| above.starts_with(other)));
        above
            .map_or(Ok(()), |above| watcher.watch(above, RecursiveMode::NonRecursive))
            .with_context(|| too_many(path))?;
    }
    loop {
        update()?;
        let Some(change) = wait(&changes, stop) else { return Ok(()) };
        for path in watched.iter().filter(|_| change == Change::Paths) {
            // It is not watched any more where it was away.
            let _ = watcher.unwatch(path);
            let again = watcher.watch(path, RecursiveMode::Recursive);
            // One that is still away, or away again, is told of by the folder above it.
            if path.exists() {
                again.with_context(|| too_many(path))?;
            }
        }
    }
}

/// Waits for a change, then until nothing changes for a moment. None if the wait was stopped.
fn wait(changes: &Receiver<Change>, stop: &AtomicBool) -> Option<Change> {
    let mut first: Option<Instant> = None;
    let mut last = Instant::now();
    let mut all = Change::Files;
    while !stop.load(Ordering::Relaxed) {
        match changes.recv_timeout(LOOK) {
            Ok(change) => {
                last = Instant::now();
                first.get_or_insert(last);
                if change == Change::Paths {
                    all = change;
                }
            }
            Err(RecvTimeoutError::Disconnected) => return None,
            Err(RecvTimeoutError::Timeout) => {}
        }
        if first.is_some_and(|first| last.elapsed() >= QUIET || first.elapsed() >= LONGEST) {
            return Some(all);
        }
    }
    None
}

/// What of it may change an article below one of `roots`, if anything. Reading a file does not.
fn change(event: &Event, roots: &[PathBuf], index: &Path) -> Option<Change> {
    let (changes, moves) = match event.kind {
        EventKind::Access(kind) => (kind == AccessKind::Close(AccessMode::Write), false),
        EventKind::Create(_) | EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)) => (true, true),
        EventKind::Any | EventKind::Other | EventKind::Modify(_) => (true, false),
    };
    let matters = |path: &PathBuf| !path.starts_with(index) && roots.iter().any(|root| path.starts_with(root));
    if moves && event.paths.iter().any(|path| roots.contains(path)) {
        Some(Change::Paths)
    } else {
        (changes && (event.paths.is_empty() || event.paths.iter().any(matters))).then_some(Change::Files)
    }
}

#[cfg(test)]
mod tests {
    use notify::event::CreateKind;

    use super::*;

    #[test]
    fn reading_and_the_index_itself_do_not_count() {
        let event = |kind, path: &str| Event::new(kind).add_path(PathBuf::from(path));
        let change = |kind, path: &str| change(&event(kind, path), &["/news".into()], Path::new("/news/index"));
        let written = EventKind::Access(AccessKind::Close(AccessMode::Write));
        assert_eq!(change(written, "/news/a.txt"), Some(Change::Files));
        assert_eq!(change(EventKind::Access(AccessKind::Open(AccessMode::Read)), "/news/a.txt"), None);
        assert_eq!(change(written, "/news/index/derived/x"), None);
        assert_eq!(change(EventKind::Create(CreateKind::Folder), "/news"), Some(Change::Paths));
        assert_eq!(change(EventKind::Create(CreateKind::Folder), "/mail"), None);
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

    #[test]
    fn a_folder_that_is_replaced_is_watched_anew() {
        let above = tempfile::tempdir().unwrap();
        let folder = above.path().join("news");
        std::fs::create_dir(&folder).unwrap();
        let stop = AtomicBool::new(false);
        let mut updates = 0;
        watch(std::slice::from_ref(&folder), &above.path().join("index"), &stop, || {
            updates += 1;
            match updates {
                1 => {
                    std::fs::rename(&folder, above.path().join("old")).unwrap();
                    std::fs::create_dir(&folder).unwrap();
                }
                2 => std::fs::write(folder.join("a.txt"), "a").unwrap(),
                _ => stop.store(true, Ordering::Relaxed),
            }
            Ok(())
        })
        .unwrap();
        assert_eq!(updates, 3);
    }
}
