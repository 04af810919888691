//! The index in a cluster that `--engine` names.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use super::Global;
use crate::engine::cluster::{Client, Cluster, ClusterError, Committed, Credentials, Mirror, Writer};
use crate::engine::{Engine, Error, OpenIndex as _};
use crate::index::{Paths, SharedManifest, Sink};
use crate::ingest::{self, Options, Progress, Summary, Target};
use crate::user::UserFiles;

/// A cluster, with a copy of the user's files on this machine.
#[derive(Debug, Clone)]
pub(super) struct Remote {
    pub(super) client: Client,
    pub(super) mirror: Mirror,
    /// Stored paths are relative to the folder that `--index` would be in.
    pub(super) paths: Paths,
    /// The user's files in that folder.
    beside: UserFiles,
}

impl Global {
    /// The cluster that `--engine` names, if it does.
    pub(super) fn remote(&self) -> anyhow::Result<Option<Remote>> {
        let Some(url) = &self.engine else { return Ok(None) };
        if let Some(opened) = self.opened.get() {
            return Ok(Some(opened.clone()));
        }
        let client = Client::open(url, Credentials::from_variables()?)?;
        let (mirror, paths, beside) = (Mirror::open(&client)?, Paths::new(&self.index), UserFiles::of(&self.index));
        let remote = Remote { client, mirror, paths, beside };
        Ok(Some(self.opened.get_or_init(|| remote).clone()))
    }

    /// What people made beside the index, which is that of a cluster if there is one.
    pub(super) fn user_files(&self, remote: Option<&Remote>) -> UserFiles {
        remote.map_or_else(|| UserFiles::of(&self.index), |remote| remote.mirror.user_files())
    }

    /// Fails at once if a command cannot be used on a cluster.
    pub fn only_here(&self, what: &'static str) -> anyhow::Result<()> {
        match self.engine {
            Some(_) => Err(ClusterError::NotHere { what }.into()),
            None => Ok(()),
        }
    }
}

impl Remote {
    /// Opens the index to read it.
    pub(super) fn read(&self) -> Result<Cluster, Error> {
        self.read_taught(Ok)
    }

    /// The same with what `teach` gives an engine.
    pub(super) fn read_taught<E: From<Error>>(
        &self,
        teach: impl FnOnce(Engine) -> Result<Engine, E>,
    ) -> Result<Cluster, E> {
        Cluster::open(&self.client, self.paths.clone(), teach)
    }

    /// Opens the index to write it; without a sink if nothing is to be written.
    pub(super) fn write(&self, dry_run: bool, wait: bool) -> anyhow::Result<(Option<Box<dyn Sink>>, SharedManifest)> {
        if dry_run {
            let manifest = self.read()?.manifest()?;
            return Ok((None, SharedManifest::new(manifest)));
        }
        let writer = Writer::open(&self.client, &self.mirror, wait)?;
        let manifest = writer.manifest();
        Ok((Some(Box::new(writer)), manifest))
    }

    /// Brings the index up to date.
    pub(super) fn ingest(
        &self,
        paths: &[PathBuf],
        options: &Options,
        stop: &AtomicBool,
        progress: &mut dyn Progress,
    ) -> anyhow::Result<Summary> {
        if !options.dry_run {
            self.mirror.take_edited(&self.beside)?;
        }
        let sink = self.write(options.dry_run, options.wait)?;
        let target = Target { dir: self.mirror.path(), names: self.paths.clone(), files: self.mirror.user_files() };
        let present = Committed::of(&self.client);
        Ok(ingest::ingest_into(sink, target, &present, paths, options, stop, progress)?)
    }

    /// Has the cluster write anew what still holds deleted articles.
    pub(super) fn expunge(&self) -> anyhow::Result<()> {
        let path = format!("{}/_forcemerge?only_expunge_deletes=true", self.client.index("articles"));
        self.client.lines(&path, b"")?;
        Ok(())
    }
}
