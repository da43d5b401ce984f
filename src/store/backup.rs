//! A copy of a store to keep elsewhere. A server's store is copied by the server's own tool, which this names.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use serde::Serialize;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use super::append;
use super::fault::StoreError;
use super::link::On;
use super::open::Store;
use crate::ledger::{HeadCode, head_code};

/// A copy that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Backup {
    /// The store's id.
    pub store: String,
    /// Where the ledger ends in the copy.
    pub head: HeadCode,
    /// The size in bytes.
    pub bytes: u64,
}

impl Backup {
    /// Where the copy is and up to where it goes.
    pub fn words(&self, file: &Path) -> String {
        format!(
            "{} holds the store up to {} ({} kB); keep that head elsewhere: `smc verify --head` checks a copy against it",
            file.display(),
            self.head,
            self.bytes.div_ceil(1024)
        )
    }
}

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum NoBackup {
    /// The server's own tool makes it.
    #[error("a store on a server is copied by the server's own tool; run: {0}")]
    ByServer(String),
    /// Something went wrong; no file was left.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A word as a shell takes it whole.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

impl Store {
    /// Copies the store, at one moment, into a new file that only its owner can read, and looks at the copy.
    ///
    /// # Errors
    /// `ByServer` with the command to run; `Io` if there is a file already, `Full` if it does not fit.
    pub async fn backup(&self, to: &Path) -> Result<Backup, NoBackup> {
        if self.is_postgres() {
            return Err(NoBackup::ByServer(format!(
                "pg_dump --format=custom --role=smc_owner --schema=smc --schema=api --file={} --dbname={}",
                quoted(&to.display().to_string()),
                quoted(&self.place().to_string())
            )));
        }
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(to)
            .map_err(StoreError::io(format!("write the backup {}", to.display())))?;
        let made = self.copy(to, &file).await;
        if made.is_err() {
            // What was begun is no backup.
            let _ = std::fs::remove_file(to);
        }
        Ok(made?)
    }

    async fn copy(&self, to: &Path, file: &std::fs::File) -> Result<Backup, StoreError> {
        let name = to
            .to_str()
            .ok_or_else(|| StoreError::Unavailable(format!("{} is no UTF-8 name", to.display())))?;
        let mut connection = self.take().await?;
        if let On::Sqlite(c) = &mut connection {
            sqlx::query("VACUUM INTO $1").bind(name).execute(c).await?;
        }
        self.keep(connection);
        file.sync_all().map_err(StoreError::io(format!("write the backup {name}")))?;
        let options = SqliteConnectOptions::new().filename(to).read_only(true).immutable(true);
        let mut copy = options.connect().await?;
        let head = append::head(&mut On::Sqlite(&mut copy)).await?;
        let told: String = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(&mut copy).await?;
        copy.close().await?;
        let whole = head.filter(|_| told == "ok").ok_or_else(|| {
            StoreError::Unavailable(format!("the copy is damaged ({told}); look at the disk"))
        })?;
        let bytes = file.metadata().map_err(StoreError::io(format!("look at {name}")))?.len();
        let head = head_code(whole.tip.seq, &whole.tip.hash);
        Ok(Backup { store: whole.store_id, head, bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_a_shell_would_read_otherwise_is_quoted() {
        assert_eq!(quoted("/mnt/it's here"), r"'/mnt/it'\''s here'");
    }
}
