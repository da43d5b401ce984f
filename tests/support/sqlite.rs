//! A fresh place for one SQLite store, gone when dropped. It makes no store: that is the program's work.

use std::path::{Path, PathBuf};

/// An empty directory that may hold one store.
pub struct Place {
    dir: tempfile::TempDir,
}

/// A fresh, empty directory on a local file system.
pub fn place() -> Place {
    Place { dir: tempfile::Builder::new().prefix("smc-test-").tempdir().expect("a temp dir") }
}

impl Place {
    /// The directory.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Where the store's file is or will be.
    pub fn file(&self) -> PathBuf {
        self.dir().join("smc.db")
    }

    /// What `--store` takes for this place.
    pub fn url(&self) -> String {
        format!("sqlite:{}", self.file().display())
    }
}
