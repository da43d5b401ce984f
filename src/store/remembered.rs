//! The last head of each store that this user saw, kept outside the store: a chain proves nothing against
//! whoever can put an older copy or another ledger in its place.

use std::fs::{DirBuilder, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::append::{self, Head};
use super::fault::StoreError;
use super::link::Link;
use super::open::Store;
use super::{seen, write};
use crate::domain::restore::Loss;
use crate::domain::time::Time;
use crate::ledger::{HeadCode, Tip, head_code};

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
    pub fn load(&self, store_id: &str) -> Result<Option<Tip>, StoreError> {
        let file = self.file(store_id);
        let what = || format!("read the remembered head {}", file.display());
        let text = match std::fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StoreError::io(what())(error)),
        };
        match parsed(&text) {
            Some(seen) => Ok(Some(seen)),
            None => Err(StoreError::io(what())(std::io::Error::new(
                std::io::ErrorKind::InvalidData,
                "it is damaged: hold the store against a head on paper with `smc verify --head`, then remove it",
            ))),
        }
    }

    /// The remembered head as people write it down, for a verification; none if a restore explains that it is lost.
    ///
    /// # Errors
    /// As `load`; `Unavailable` if the store does not answer.
    pub async fn witness(&self, store: &Store) -> Result<Option<HeadCode>, StoreError> {
        let Some(seen) = self.load(&store.facts().store_id)? else { return Ok(None) };
        let mut connection = store.take().await?;
        let mut c = connection.link();
        let head = ended(&mut c).await?;
        let held = seen::held(&mut c, &head, &seen, None).await;
        store.keep(connection);
        Ok(match held {
            Ok(Some(_)) => None,
            Ok(None) | Err(_) => Some(head_code(seen.seq, &seen.hash)),
        })
    }

    /// Refuses a store that lost or changed what was seen of it, else remembers where it ends now. Gives the loss
    /// that was accepted, once: from now on the restored store is what was seen.
    ///
    /// # Errors
    /// `WentBack` if the ledger ends before the head that was seen or holds another entry there, and no restore
    /// explains it.
    pub async fn check(&self, store: &Store) -> Result<Option<Loss>, StoreError> {
        // First: what another program of this user remembers while the head is read stands behind it.
        let seen = self.load(&store.facts().store_id)?;
        let mut connection = store.take().await?;
        let mut c = connection.link();
        let head = ended(&mut c).await?;
        store.check_same(&head)?;
        let loss = match &seen {
            Some(seen) => seen::held(&mut c, &head, seen, None).await?,
            None => None,
        };
        store.keep(connection);
        if loss.is_some() || seen.is_none_or(|seen| seen.seq < head.tip.seq) {
            self.save(&head.store_id, &head.tip)?;
        }
        if let Some(loss) = &loss {
            store.tell_lost(loss.clone());
        }
        Ok(loss)
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
        written(&fresh, &format!("{}:{} {}\n", tip.seq, tip.hash, tip.at.micros()))
            .and_then(|()| std::fs::rename(&fresh, &file))
            .map_err(|error| {
                // What was begun is of no use to anybody.
                let _ = std::fs::remove_file(&fresh);
                StoreError::io(told())(error)
            })
    }
}

async fn ended(c: &mut Link<'_>) -> Result<Head, StoreError> {
    append::head(c)
        .await?
        .ok_or_else(|| StoreError::Unavailable("the store has no head".to_owned()))
}

/// `SEQ:HASH AT`, the time in microseconds.
fn parsed(text: &str) -> Option<Tip> {
    let (head, at) = text.trim().split_once(' ')?;
    let (seq, hash) = head.split_once(':')?;
    let at = Time::from_micros(at.parse().ok()?);
    Some(Tip { seq: seq.parse().ok()?, hash: hash.parse().ok()?, at })
}

fn written(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
