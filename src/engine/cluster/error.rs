//! Why a cluster cannot be used; each message ends in the remedy.

use crate::engine::Error;
use crate::index;

/// Why a cluster cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// The address makes no sense.
    #[error("`{0}` is not the address of a cluster; write it as http://HOST:9200/NAME")]
    Address(String),
    /// A file of credentials or certificates.
    #[error("cannot use `{path}`, which {variable} names")]
    File {
        /// The file.
        path: String,
        /// The variable that names it.
        variable: &'static str,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// No answer.
    #[error("cannot reach {url}; check the address and that the cluster is running")]
    Unreachable {
        /// The cluster.
        url: String,
        /// Why.
        #[source]
        source: Box<ureq::Error>,
    },
    /// A file of certificates without any.
    #[error(
        "`{path}`, which ONRECORD_ENGINE_CA names, holds no certificate; give one in PEM: `-----BEGIN CERTIFICATE-----`"
    )]
    NoCertificate {
        /// The file.
        path: String,
    },
    /// TLS with an authority that is not known.
    #[error(
        "{url} has a certificate that is not trusted; name that of its authority in ONRECORD_ENGINE_CA, a PEM file"
    )]
    Untrusted {
        /// The cluster.
        url: String,
        /// Why.
        #[source]
        source: Box<ureq::Error>,
    },
    /// Something else answers at the address.
    #[error("{url} is neither OpenSearch nor Elasticsearch; check the address, and `https://` if the cluster uses TLS")]
    Foreign {
        /// The address.
        url: String,
    },
    /// 401.
    #[error(
        "{url} refuses the credentials; set ONRECORD_ENGINE_USER and ONRECORD_ENGINE_PASSWORD, or ONRECORD_ENGINE_API_KEY"
    )]
    Unauthorized {
        /// The cluster.
        url: String,
    },
    /// 403.
    #[error("{url} does not allow this ({what}); ask for a role that may {right} the indices `{indices}*`")]
    Forbidden {
        /// The cluster.
        url: String,
        /// What it says.
        what: String,
        /// `read` or `write`.
        right: &'static str,
        /// How the names of the indices begin.
        indices: String,
    },
    /// A disk is nearly full, so that nothing may be written.
    #[error(
        "{url} is read-only, as a disk of it is nearly full; free some space and run the same command again: \
         everything up to the last commit is kept"
    )]
    Blocked {
        /// The cluster.
        url: String,
    },
    /// Another product, or too old.
    #[error("{url} is {found}; onrecord needs OpenSearch 2 or later, or Elasticsearch 8 or later")]
    Version {
        /// The cluster.
        url: String,
        /// Product and version.
        found: String,
    },
    /// Nothing was ingested.
    #[error("no index at {url}; make one with `onrecord --engine {url} ingest PATH`")]
    Missing {
        /// The cluster and the name of the index.
        url: String,
    },
    /// Made by another version.
    #[error(
        "the index at {url} has format {found}, this onrecord needs format {needed}; \
         ingest into another name, or delete its indices and ingest again"
    )]
    Format {
        /// The cluster and the name of the index.
        url: String,
        /// Its format.
        found: u32,
        /// The format of this program.
        needed: u32,
    },
    /// Something of the index makes no sense.
    #[error(
        "the index at {url} is damaged ({what}); restore its last snapshot, or delete its indices and ingest again"
    )]
    Damaged {
        /// The cluster and the name of the index.
        url: String,
        /// What is wrong.
        what: String,
    },
    /// Parts of it did not answer.
    #[error("a part of the index at {url} does not answer ({what}); see `GET _cluster/health` and try again")]
    Red {
        /// The cluster and the name of the index.
        url: String,
        /// What is missing.
        what: String,
    },
    /// Another writer.
    #[error("{holder} is writing to the index at {url}; `--wait` waits until it is done")]
    Locked {
        /// The cluster and the name of the index.
        url: String,
        /// Who.
        holder: String,
    },
    /// Another writer took over.
    #[error("another onrecord took over the index at {url}; run the same command again for the rest")]
    Replaced {
        /// The cluster and the name of the index.
        url: String,
    },
    /// Another commit came while it was read.
    #[error("the index at {url} changed meanwhile; run the same command again")]
    Changed {
        /// The cluster and the name of the index.
        url: String,
    },
    /// A query whose candidates do not fit into memory.
    #[error("more than {most} articles at {url} may match; narrow the query, for example by `date:` or `outlet:`")]
    TooMany {
        /// The cluster and the name of the index.
        url: String,
        /// How many are read at most.
        most: usize,
    },
    /// A command that needs an index on this machine.
    #[error("`{what}` works on an index on this machine only; leave out --engine")]
    NotHere {
        /// What cannot be done.
        what: &'static str,
    },
    /// Anything else it says.
    #[error("{url} answers {status}: {what}")]
    Refused {
        /// The cluster.
        url: String,
        /// The status of HTTP.
        status: u16,
        /// What it says.
        what: String,
    },
}

impl From<ClusterError> for Error {
    fn from(error: ClusterError) -> Self {
        Error::Backend(Box::new(error))
    }
}

impl From<ClusterError> for index::Error {
    fn from(error: ClusterError) -> Self {
        index::Error::Cluster(Box::new(error))
    }
}
