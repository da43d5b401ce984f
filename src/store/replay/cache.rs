//! The files in which replayed tables are kept. They can be removed at any time, and old ones are.

use std::fs::{DirBuilder, File, OpenOptions};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sha2::{Digest, Sha256};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};

use crate::clock;
use crate::ledger::{Tip, head_code};
use crate::store::fault::StoreError;
use crate::store::{schema, write};

/// The most bytes that are kept.
const ROOM: u64 = 2 * 1024 * 1024 * 1024;

/// What is begun and not finished for this long was left behind.
const LEFT: Duration = Duration::from_secs(24 * 3600);

/// A directory of replayed tables.
#[derive(Debug)]
pub struct Cache {
    dir: PathBuf,
}

/// What a file holds: the tables of a store after an entry, as this very program makes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    name: String,
}

/// A file in the making; removed unless it is finished.
#[derive(Debug)]
pub struct Work {
    path: PathBuf,
}

/// What tells this program's tables from those of another build.
fn program() -> String {
    let mut sha = Sha256::new();
    sha.update(schema::tables_digest());
    sha.update(env!("CARGO_PKG_VERSION"));
    if let Ok(meta) = std::env::current_exe().and_then(std::fs::metadata) {
        sha.update(meta.len().to_be_bytes());
        let made = meta.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        sha.update(made.unwrap_or_default().as_micros().to_be_bytes());
    }
    data_encoding::HEXLOWER.encode(&sha.finalize()).chars().take(16).collect()
}

impl Key {
    /// The tables of this store after this entry.
    pub fn new(store_id: &str, tip: &Tip) -> Self {
        let code = head_code(tip.seq, &tip.hash).to_string().replace(':', "-");
        Self { name: format!("{store_id}-{code}-{}.db", program()) }
    }
}

impl Work {
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        // After it was finished there is nothing left to remove.
        let _ = std::fs::remove_file(&self.path);
    }
}

fn failed(what: &str, path: &Path) -> impl FnOnce(std::io::Error) -> StoreError {
    StoreError::io(format!("{what} the cache {}", path.display()))
}

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_micros(u64::try_from(clock::now().micros()).unwrap_or(0))
}

/// Opens what is kept, for reading alone.
///
/// # Errors
/// `Unavailable` if it is gone or damaged: asked for anew, it is made anew.
pub async fn read(file: &Path) -> Result<SqliteConnection, StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .read_only(true)
        .immutable(true)
        .foreign_keys(true)
        .pragma("trusted_schema", "OFF");
    Ok(options.connect().await?)
}

/// Where the ledger ended when these tables were made.
async fn head_of(file: &Path) -> Result<i64, StoreError> {
    let mut c = read(file).await?;
    Ok(sqlx::query_scalar("SELECT seq FROM head WHERE one = 1").fetch_one(&mut c).await?)
}

impl Cache {
    /// Opens the directory, making it for this user alone.
    ///
    /// # Errors
    /// `Io` if it cannot be made.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(failed("make", dir))?;
        Ok(Self { dir: dir.to_path_buf() })
    }

    fn file(&self, key: &Key) -> PathBuf {
        self.dir.join(&key.name)
    }

    /// Whether it is there and can be read; what cannot be read is removed, so that it is made anew.
    pub async fn holds(&self, key: &Key) -> bool {
        let file = self.file(key);
        if !file.is_file() {
            return false;
        }
        let sound = head_of(&file).await.is_ok();
        if !sound {
            // Whatever is still there is made over.
            let _ = std::fs::remove_file(&file);
        }
        sound
    }

    /// The entries at or before `upto` after which something of this store is kept, the last first.
    pub fn places(&self, store_id: &str, upto: i64) -> Vec<i64> {
        let of = |name: &str| -> Option<i64> {
            let rest = name.strip_prefix(store_id)?.strip_prefix('-')?;
            rest.split('-').next()?.parse().ok().filter(|seq| *seq <= upto)
        };
        let mut places: Vec<i64> = self
            .entries()
            .iter()
            .filter_map(|(path, ..)| of(path.file_name()?.to_str()?))
            .collect();
        places.sort_unstable_by(|a, b| b.cmp(a));
        places.dedup();
        places
    }

    /// Begins a file, empty or from what is kept.
    ///
    /// # Errors
    /// `Io` if there is no room.
    pub fn begin(&self, from: Option<&Key>) -> Result<Work, StoreError> {
        let work = Work { path: self.dir.join(format!("work-{}", write::fresh_id()?)) };
        let told = || failed("write", &work.path);
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&work.path)
            .map_err(told())?;
        if let Some(key) = from {
            let mut kept = File::open(self.file(key)).map_err(told())?;
            std::io::copy(&mut kept, &mut file).map_err(told())?;
        }
        Ok(work)
    }

    /// Keeps a file that is complete, and makes room.
    ///
    /// # Errors
    /// `Io` if it cannot be moved into its place.
    pub fn finish(&self, work: Work, key: &Key) -> Result<(), StoreError> {
        let file = self.file(key);
        std::fs::rename(&work.path, &file).map_err(failed("write", &file))?;
        self.make_room(&file);
        Ok(())
    }

    /// The file of what is kept, which is used now: it is removed after others.
    pub fn used(&self, key: &Key) -> PathBuf {
        let path = self.file(key);
        if let Ok(file) = File::options().append(true).open(&path) {
            // Only the order of removal hangs on this.
            let _ = file.set_modified(now());
        }
        path
    }

    fn entries(&self) -> Vec<(PathBuf, SystemTime, u64)> {
        let Ok(dir) = std::fs::read_dir(&self.dir) else { return Vec::new() };
        dir.filter_map(|entry| {
            let entry = entry.ok()?;
            let meta = entry.metadata().ok()?;
            Some((entry.path(), meta.modified().ok()?, meta.len()))
        })
        .collect()
    }

    fn make_room(&self, but: &Path) {
        let mut entries = self.entries();
        entries.sort_by_key(|(_, used, _)| *used);
        let mut total: u64 = entries.iter().map(|(.., size)| *size).sum();
        for (path, used, size) in entries {
            let begun =
                path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("work-"));
            let left = begun && now().duration_since(used).is_ok_and(|age| age > LEFT);
            if left || (!begun && total > ROOM && path != but) {
                // Another process may have removed it already.
                let _ = std::fs::remove_file(&path);
                total = total.saturating_sub(size);
            }
        }
    }
}
