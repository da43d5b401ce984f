//! What can go wrong with a store, each with what to do next. A rule's refusal is one of them.

use crate::domain::refusal::Refusal;
use crate::ledger::BodyFault;

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A rule refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The engine could not be reached, or broke off.
    #[error("the store does not answer: {0}; what was shown stays, nothing was written")]
    Unavailable(String),
    /// The commit was sent and its answer lost.
    #[error(
        "it is not known whether {id} was written ({why}): ask for it by that id when the store answers again"
    )]
    Unknown {
        /// The id of the first entry.
        id: String,
        /// What happened instead of an answer.
        why: String,
    },
    /// The disk is full.
    #[error(
        "the store has no room: {0}; nothing was written: free space where it lies, then do it again"
    )]
    Full(String),
    /// The place holds nothing.
    #[error("there is no store at {place}: create one with `smc init --org NAME --store {place}`")]
    Absent {
        /// The store as it was named.
        place: String,
    },
    /// The place holds a store already.
    #[error("there is a store at {place} already: use it, or name another place")]
    Present {
        /// The store as it was named.
        place: String,
    },
    /// The place holds something else.
    #[error(
        "{place} is not a store of this program: {why}; restore a backup with `smc backup`'s file, or name another place"
    )]
    NotAStore {
        /// The store as it was named.
        place: String,
        /// What was found instead.
        why: String,
    },
    /// The name of the store is of no known form.
    #[error("{0:?} names no store: write sqlite:PATH or postgres://USER@HOST/DATABASE")]
    BadName(String),
    /// The store was made by a newer program.
    #[error(
        "the store at {place} has schema {found}, this program knows {known}: use the newer program"
    )]
    Newer {
        /// The store as it was named.
        place: String,
        /// Its schema.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// The tables, which follow from the ledger, are as another version of the program makes them.
    #[error(
        "the tables of the store at {place} are of another version of this program, and it reads none but its own: its owner runs `smc init --store {place}` once, which makes them anew from the ledger"
    )]
    OtherTables {
        /// The store as it was named.
        place: String,
    },
    /// The store was made by an older program.
    #[error(
        "the store at {place} has schema {found}, this program writes {known} and knows no way from one to the other: use the older program, or a version between the two"
    )]
    Older {
        /// The store as it was named.
        place: String,
        /// Its schema.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// The schema holds what this program never made.
    #[error(
        "the store at {place} holds {what}, which this program never made: somebody planted it; restore a backup, and tell whoever answers for security"
    )]
    Planted {
        /// The store as it was named.
        place: String,
        /// The object.
        what: String,
    },
    /// The file lies where no SQLite file may lie.
    #[error(
        "{place} lies on {system}, where locks do not hold: move it to a local disk, or use PostgreSQL for several hosts"
    )]
    NetworkFileSystem {
        /// The store as it was named.
        place: String,
        /// The file system's name.
        system: &'static str,
    },
    /// The file cannot be written here.
    #[error("{place} cannot be written: {why}; {fix}")]
    NotWritable {
        /// The store as it was named.
        place: String,
        /// What stands in the way.
        why: String,
        /// The command that mends it.
        fix: String,
    },
    /// The store was opened for reading only.
    #[error("the store was opened for reading only: {0}")]
    ReadOnly(String),
    /// The store is older than what this console saw last.
    #[error(
        "the store went backwards: this console saw {seen}, the store now ends at {found}; somebody put an older or another copy in its place: do not write, find the copy that holds {seen}; if it is lost for good, an administrator says so with `smc do store.restore`, and a second person confirms it"
    )]
    WentBack {
        /// The head that was remembered.
        seen: String,
        /// The head that was found.
        found: String,
    },
    /// The database login may not make the schema.
    #[error(
        "this login may not make the schema: let the database's administrator run the SQL that `smc init --print-sql` prints"
    )]
    NeedsDba,
    /// The actor has no login name that the store can use.
    #[error("the user {0:?} cannot act in a store: logins are 1 to 63 of a-z 0-9 . _ -")]
    NoActor(String),
    /// The person stopped long work.
    #[error("stopped before its end: nothing was concluded and nothing was written")]
    Stopped,
    /// An entry's bytes are not what this program writes.
    #[error(transparent)]
    Body(#[from] BodyFault),
    /// Something of the operating system failed.
    #[error("{what}: {source}")]
    Io {
        /// What was being done, to what.
        what: String,
        /// The system's word.
        #[source]
        source: std::io::Error,
    },
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if let sqlx::Error::Database(ref told) = error {
            if let Some(refusal) = super::refused::by_database(told.as_ref()) {
                return Self::Refused(refusal);
            }
            if super::refused::no_room(told.as_ref()) {
                return Self::Full(told.message().to_owned());
            }
        }
        Self::Unavailable(error.to_string())
    }
}

impl StoreError {
    /// An error of the operating system, with what was being done.
    pub fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{link::On, schema};

    #[tokio::test]
    async fn a_full_disk_is_called_by_its_name() {
        let mut c = schema::in_memory().await.unwrap();
        let mut c = On::Sqlite(&mut c);
        schema::script(&mut c, "PRAGMA max_page_count = 1").await.unwrap();
        let fault = schema::script(
            &mut c,
            "CREATE TABLE big (a BLOB); INSERT INTO big VALUES (zeroblob(10000000))",
        );
        assert!(matches!(fault.await, Err(StoreError::Full(_))));
    }
}
