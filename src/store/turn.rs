//! Turns of writers at an embedded store: a lock on a file beside it, in which the holder writes who it is.
//!
//! The lock is fair where SQLite's own is not. The file is not the store's: opening it takes no lock of SQLite away.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::{FileExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::time::Duration;

use tokio::sync::oneshot;

use super::fault::StoreError;
use super::file;
use super::place::Place;
use super::waiting::Holder;
use crate::clock;
use crate::domain::time::Time;

/// The longest line that a holder writes.
const LONGEST: usize = 512;

/// The turn of one writer; the next in line goes on when this is dropped.
#[derive(Debug)]
pub struct Turn {
    _file: File,
}

fn open(path: &Path) -> std::io::Result<File> {
    let side = Place::side_file(path);
    let mode = if file::shared(path) { 0o660 } else { 0o600 };
    let fresh = !side.exists();
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(mode)
        .open(side)?;
    if fresh {
        // The umask may have taken the group's bits; another's file is not ours to change.
        let _ = file.set_permissions(std::fs::Permissions::from_mode(mode));
    }
    Ok(file)
}

fn line(login: &str) -> String {
    let host = nix::unistd::gethostname().ok().and_then(|name| name.into_string().ok());
    let host = host.filter(|name| !name.is_empty() && !name.contains(char::is_whitespace));
    let host = host.unwrap_or_else(|| "unknown".to_owned());
    format!("{} {login} {host} {}\n", std::process::id(), clock::now().micros())
}

fn parse(text: &str) -> Option<Holder> {
    let mut words = text.lines().next()?.split(' ');
    let pid = words.next()?.parse().ok()?;
    let login = words.next()?.to_owned();
    let place = words.next()?.to_owned();
    let since = Time::from_micros(words.next()?.parse().ok()?);
    Some(Holder { pid, login, place, since: Some(since), state: None })
}

fn read(file: &File) -> Option<Holder> {
    let mut bytes = [0; LONGEST];
    let length = file.read_at(&mut bytes, 0).ok()?;
    parse(std::str::from_utf8(bytes.get(..length)?).ok()?)
}

impl Turn {
    /// Waits in line for the turn to write, without holding up the runtime, and leaves word who has it.
    ///
    /// # Errors
    /// `Io` if the side file cannot be made or locked; `None` if the turn did not come in this time.
    pub async fn wait(
        path: &Path,
        login: &str,
        patience: Duration,
    ) -> Result<Option<Self>, StoreError> {
        let (tell, told) = oneshot::channel();
        let (path, login) = (path.to_path_buf(), login.to_owned());
        // A thread of its own, not the runtime's: a program that ends does not wait for it.
        std::thread::Builder::new()
            .name("turn".to_owned())
            .spawn(move || {
                let locked = open(&path).and_then(|file| {
                    file.lock()?;
                    let line = line(&login);
                    // Who has the turn is a help to others; the turn does not depend on it.
                    let _ = file.set_len(0).and_then(|()| file.write_all_at(line.as_bytes(), 0));
                    Ok(file)
                });
                // Nobody waits any more: the lock goes with the file.
                let _ = tell.send(locked);
            })
            .map_err(StoreError::io("wait for the writers' lock"))?;
        match tokio::time::timeout(patience, told).await {
            Ok(Ok(Ok(file))) => Ok(Some(Self { _file: file })),
            Ok(Ok(Err(error))) => Err(StoreError::io("take the writers' lock")(error)),
            Ok(Err(_)) => {
                Err(StoreError::Unavailable("the wait for the lock broke off".to_owned()))
            }
            Err(_) => Ok(None),
        }
    }

    /// Who has the turn now; none if nobody has, or whoever has left no word.
    pub fn holder(path: &Path) -> Option<Holder> {
        let file = File::open(Place::side_file(path)).ok()?;
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => read(&file),
            Ok(()) | Err(TryLockError::Error(_)) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_millis(200);

    #[tokio::test]
    async fn whoever_has_the_turn_is_known_to_those_who_wait() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("smc.db");
        assert_eq!(Turn::holder(&path), None);
        let turn = Turn::wait(&path, "alice", SOON).await.unwrap().unwrap();
        assert!(Turn::wait(&path, "bob", SOON).await.unwrap().is_none());
        let holder = Turn::holder(&path).unwrap();
        assert_eq!(
            (holder.login.as_str(), holder.pid),
            ("alice", std::process::id().cast_signed())
        );
        drop(turn);
        // Bob gave up: his thread takes the lock and lets it go.
        let turn = Turn::wait(&path, "carol", SOON * 10).await.unwrap();
        assert!(turn.is_some());
        drop(turn);
        assert_eq!(Turn::holder(&path), None);
    }

    #[test]
    fn what_another_wrote_there_is_not_trusted() {
        for text in ["", "x alice host 1", "1 alice", "1 alice host", "1 alice host z"] {
            assert_eq!(parse(text), None, "{text:?}");
        }
        assert!(parse("7 alice jump-1 1700000000000000\n").is_some());
    }
}
