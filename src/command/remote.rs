//! The index in a cluster that `--engine` names.

use anyhow::Context as _;

use super::Global;
use crate::engine::cluster::{Client, Cluster, ClusterError, Credentials, Mirror, Writer};
use crate::index::{Paths, SharedManifest, Sink};

/// A cluster, with a copy of the user's files on this machine.
pub(super) struct Remote {
    pub(super) client: Client,
    pub(super) mirror: Mirror,
    /// Stored paths are relative to the folder that `--index` would be in.
    pub(super) paths: Paths,
}

impl Global {
    /// The cluster that `--engine` names, if it does.
    pub(super) fn remote(&self) -> anyhow::Result<Option<Remote>> {
        let Some(url) = &self.engine else { return Ok(None) };
        let client = Client::open(url, Credentials::from_variables()?)?;
        Ok(Some(Remote { mirror: Mirror::open(&client)?, client, paths: Paths::new(&self.index) }))
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
    pub(super) fn read(&self) -> anyhow::Result<Cluster> {
        Ok(Cluster::open(&self.client, self.paths.clone())?)
    }

    /// Opens the index to write it; without a sink if nothing is to be written.
    pub(super) fn write(&self, dry_run: bool, wait: bool) -> anyhow::Result<(Option<Box<dyn Sink>>, SharedManifest)> {
        if dry_run {
            let manifest = self.read()?.manifest(&self.mirror)?;
            return Ok((None, SharedManifest::new(manifest)));
        }
        let writer = Writer::open(&self.client, &self.mirror, wait)?;
        let manifest = writer.manifest();
        Ok((Some(Box::new(writer)), manifest))
    }

    /// Has the cluster write anew what still holds deleted articles.
    pub(super) fn expunge(&self) -> anyhow::Result<()> {
        let path = format!("{}/_forcemerge?only_expunge_deletes=true", self.client.index("articles"));
        self.client.lines(&path, b"")?;
        Ok(())
    }

    /// Copies the user's files that changed to the cluster.
    pub(super) fn save(&self) -> anyhow::Result<()> {
        self.mirror.save().context("the user's files are not saved")
    }
}
