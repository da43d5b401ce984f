//! Connections that are kept for the next read, and whether the file that they opened still lies at its place.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::fault::StoreError;
use super::link::Owned;
use super::open::Store;
use super::schema;
use super::schema::Standing;

/// Connections for reading that are kept.
const KEPT: usize = 4;

/// Connections that may be in use when a file is replaced: as many are not kept afterwards.
const IN_USE: usize = 16;

/// Which file a connection has open, by device and inode; none on a server.
pub type FileId = Option<(u64, u64)>;

/// The shelf of connections.
#[derive(Debug, Default)]
pub struct Shelf {
    connections: Vec<Owned>,
    of: FileId,
    void: usize,
}

impl Shelf {
    /// A shelf with a first connection on it.
    pub fn new(connection: Owned, of: FileId) -> Self {
        Self { connections: vec![connection], of, void: 0 }
    }

    /// Takes a connection to this file, if one is kept.
    pub fn take(&mut self) -> Option<Owned> {
        self.connections.pop()
    }

    /// Keeps a connection, unless it may be one to a file that was replaced.
    pub fn keep(&mut self, connection: Owned) {
        if self.void > 0 {
            self.void -= 1;
        } else if self.connections.len() < KEPT {
            self.connections.push(connection);
        }
    }

    /// Closes what is kept.
    pub fn clear(&mut self) {
        self.connections.clear();
    }

    /// From now on connections are to this file.
    fn turn_to(&mut self, of: FileId) {
        self.connections.clear();
        self.of = of;
        self.void = IN_USE;
    }

    /// Everything that is kept, to be closed.
    pub fn into_connections(self) -> Vec<Owned> {
        self.connections
    }
}

/// Which file lies at this path now.
///
/// # Errors
/// `Unavailable` if none does.
pub fn file_id(path: &Path) -> Result<FileId, StoreError> {
    match std::fs::metadata(path) {
        Ok(meta) => Ok(Some((meta.dev(), meta.ino()))),
        Err(error) => Err(StoreError::Unavailable(format!("{}: {error}", path.display()))),
    }
}

impl Store {
    /// Which file the store is now; one that was put in its place is looked at as at opening, before anything
    /// is read from it or written to it.
    ///
    /// # Errors
    /// `Unavailable` if the file is gone; `NotAStore`, `Planted` or `WentBack` for one that may not take its place.
    pub(super) async fn current_file(&self) -> Result<FileId, StoreError> {
        let Some(path) = self.path() else { return Ok(None) };
        let found = file_id(path)?;
        if self.on_shelf(|shelf| shelf.of == found) {
            return Ok(found);
        }
        let mut connection = self.connect(self.read_only().is_none()).await?;
        let mut c = connection.link();
        if schema::standing(&mut c, self.place()).await? != Standing::Current {
            return Err(StoreError::NotAStore {
                place: self.place().to_string(),
                why: "another file was put in its place, of another version".to_owned(),
            });
        }
        schema::check_sqlite(&mut c, self.place()).await?;
        self.look(&mut c).await?.ok_or_else(|| StoreError::NotAStore {
            place: self.place().to_string(),
            why: "another file was put in its place, which was never founded".to_owned(),
        })?;
        self.on_shelf(|shelf| shelf.turn_to(found));
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::link::On;

    async fn connection() -> Owned {
        On::Sqlite(schema::in_memory().await.unwrap())
    }

    #[tokio::test]
    async fn a_connection_to_a_file_that_was_replaced_is_not_kept() {
        let mut shelf = Shelf::new(connection().await, Some((1, 1)));
        let in_use = shelf.take().unwrap();
        shelf.turn_to(Some((1, 2)));
        shelf.keep(in_use);
        assert!(shelf.take().is_none());
    }
}
