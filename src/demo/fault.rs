//! What can go wrong while the organisation is made.

use crate::store::StoreError;

/// Why the organisation was not made.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The store does not answer, or cannot be made there.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// One of the program's own files does not say what it should.
    #[error("{file}: {why}; this program was built from a broken file")]
    File {
        /// The file.
        file: String,
        /// What is wrong with it.
        why: String,
    },
    /// A step of the story was refused.
    #[error("{command} by {by}: {why}")]
    Step {
        /// The command.
        command: String,
        /// Who asked for it.
        by: String,
        /// What was said.
        why: String,
    },
    /// A directory or file could not be made.
    #[error("{what}: {why}")]
    Io {
        /// What was tried.
        what: String,
        /// What the system said.
        why: std::io::Error,
    },
}

impl Fault {
    /// A fault of one of the program's own files.
    pub(super) fn file(file: &str, why: impl std::fmt::Display) -> Self {
        Self::File { file: file.to_owned(), why: why.to_string() }
    }

    /// What to make of a fault of the system while this was tried.
    pub(super) fn io(what: String) -> impl FnOnce(std::io::Error) -> Self {
        move |why| Self::Io { what, why }
    }
}
