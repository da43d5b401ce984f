//! The last head of each store that this user saw, kept outside the store: a chain proves nothing against
//! whoever can put an older copy or another ledger in its place.

use std::fs::{DirBuilder, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::fault::StoreError;
use super::open::Store;
use super::{append, write};
use crate::ledger::{Hash, HeadCode, Tip, head_code};
use crate::scalar;

/// Where heads are remembered, one file for each store.
#[derive(Clone, Debug)]
pub struct Heads {
    dir: PathBuf,
}

impl Heads {
    /// The user's own: `$XDG_STATE_HOME/smc/heads`, else `~/.local/state/smc/heads`; none without a home.
    pub fn of_user() -> Option<Self> {
        let dirs = directories::ProjectDirs::from("", "", "smc")?;
        Some(Self { dir: dirs.state_dir()?.join("heads") })
    }

    /// Those that are kept in a directory.
    pub fn at(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into() }
    }

    fn file(&self, store_id: &str) -> PathBuf {
        self.dir.join(store_id)
    }

    /// The head of this store that was seen last, if one was.
    ///
    /// # Errors
    /// `Io` if it cannot be read, or is not what this program wrote.
    pub fn load(&self, store_id: &str) -> Result<Option<(i64, Hash)>, StoreError> {
        let file = self.file(store_id);
        let what = || format!("read the remembered head {}", file.display());
        let text = match std::fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StoreError::io(what())(error)),
        };
        let parsed = text
            .trim()
            .split_once(':')
            .and_then(|(seq, hash)| Some((seq.parse::<i64>().ok()?, hash.parse::<Hash>().ok()?)));
        match parsed {
            Some(seen) => Ok(Some(seen)),
            None => Err(StoreError::io(what())(std::io::Error::new(
                std::io::ErrorKind::InvalidData,
                "it is damaged: hold the store against a head on paper with `smc verify --head`, then remove it",
            ))),
        }
    }

    /// The remembered head as people write it down, for a verification.
    ///
    /// # Errors
    /// As `load`.
    pub fn witness(&self, store_id: &str) -> Result<Option<HeadCode>, StoreError> {
        Ok(self.load(store_id)?.map(|(seq, hash)| head_code(seq, &hash)))
    }

    /// Refuses a store that lost or changed what was seen of it, else remembers where it ends now.
    ///
    /// # Errors
    /// `WentBack` if the ledger ends before the head that was seen or holds another entry there.
    pub async fn check(&self, store: &Store) -> Result<(), StoreError> {
        let mut connection = store.take().await?;
        let head = append::head(&mut connection.link())
            .await?
            .ok_or_else(|| StoreError::Unavailable("the store has no head".to_owned()))?;
        let seen = self.load(&head.store_id)?;
        if let Some((seq, hash)) = seen {
            let there = scalar!(
                &mut connection.link(),
                Vec<u8>,
                "SELECT hash FROM ledger WHERE seq = $1",
                seq
            )?;
            let same = there.as_deref() == Some(hash.as_bytes());
            if head.tip.seq < seq || (seq > 0 && !same) {
                let found = match there.as_deref().map(Hash::try_from) {
                    Some(Ok(other)) if !same => head_code(seq, &other),
                    Some(Ok(_) | Err(_)) | None => head_code(head.tip.seq, &head.tip.hash),
                };
                return Err(StoreError::WentBack {
                    seen: head_code(seq, &hash).to_string(),
                    found: found.to_string(),
                });
            }
        }
        store.keep(connection);
        if seen.is_none_or(|(seq, _)| seq < head.tip.seq) {
            self.save(&head.store_id, &head.tip)?;
        }
        Ok(())
    }

    /// Remembers where a store ends, whole or not at all.
    ///
    /// # Errors
    /// `Io` if the file cannot be written.
    pub fn save(&self, store_id: &str, tip: &Tip) -> Result<(), StoreError> {
        let file = self.file(store_id);
        let told = || format!("remember the head in {}", file.display());
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.dir)
            .map_err(StoreError::io(told()))?;
        let fresh = self.dir.join(format!(".{store_id}.{}", write::fresh_id()?));
        written(&fresh, &format!("{}:{}\n", tip.seq, tip.hash))
            .and_then(|()| std::fs::rename(&fresh, &file))
            .map_err(|error| {
                // What was begun is of no use to anybody.
                let _ = std::fs::remove_file(&fresh);
                StoreError::io(told())(error)
            })
    }
}

fn written(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
