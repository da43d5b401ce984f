//! Makes the store of the story, whole or not at all.

use std::path::Path;

use super::fault::Fault;
use super::size::Size;
use super::stage::Stage;
use super::story::story;
use crate::clock;
use crate::domain::time::Time;
use crate::store::Place;

/// What was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// A store, now.
    Fresh,
    /// Nothing: somebody else made one meanwhile.
    Stood,
}

/// Makes the store `smc.db` in a directory; its story ends now.
///
/// # Errors
/// What the store says, a step that a rule refuses, a directory that cannot be made.
pub async fn make(dir: &Path, size: Size, seed: u64) -> Result<Made, Fault> {
    let work = Work::begin(dir)?;
    let file = work.0.join("smc.db");
    tell(&Place::File(file.clone()), size, seed, clock::now()).await?;
    put(&file, &dir.join("smc.db"))
}

/// Makes the store `smc.db` of a directory anew; the one that stood there is gone when the new one is whole.
///
/// # Errors
/// As for `make`.
pub async fn make_anew(dir: &Path, size: Size, seed: u64) -> Result<Made, Fault> {
    let work = Work::begin(dir)?;
    let file = work.0.join("smc.db");
    tell(&Place::File(file.clone()), size, seed, clock::now()).await?;
    let to = dir.join("smc.db");
    for suffix in ["", "-wal", "-shm"] {
        let old = dir.join(format!("smc.db{suffix}"));
        match std::fs::remove_file(&old) {
            Err(fault) if fault.kind() != std::io::ErrorKind::NotFound => {
                return Err(Fault::io(format!("remove {}", old.display()))(fault));
            }
            Ok(()) | Err(_) => {}
        }
    }
    put(&file, &to)
}

/// Founds the store at a place that holds none and tells the story that ends at this present.
///
/// On a server it stays behind half told if this breaks off; nobody is let into it then.
///
/// # Errors
/// As for `make`; `Present` if a store stands there.
pub async fn tell(place: &Place, size: Size, seed: u64, present: Time) -> Result<(), Fault> {
    let work = Work::begin(&std::env::temp_dir())?;
    let steps = story(size, seed, present)?;
    Stage::found(place, steps, present, seed, work.0.clone()).await?.play().await
}

/// A directory of our own for what is not yet done; it goes when this is dropped.
struct Work(std::path::PathBuf);

impl Work {
    fn begin(dir: &Path) -> Result<Self, Fault> {
        use std::os::unix::fs::DirBuilderExt;
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true).mode(0o700);
        builder.create(dir).map_err(Fault::io(format!("make the directory {}", dir.display())))?;
        let mut number = 0;
        loop {
            let work = dir.join(format!(".making-{}-{number}", std::process::id()));
            match std::fs::DirBuilder::new().mode(0o700).create(&work) {
                Ok(()) => return Ok(Self(work)),
                Err(fault) if fault.kind() == std::io::ErrorKind::AlreadyExists => number += 1,
                Err(fault) => {
                    return Err(Fault::io(format!("make {}", work.display()))(fault));
                }
            }
        }
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        // What is left of the work is no store that anybody opens.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Puts the whole store where it belongs, unless one stands there.
pub(super) fn put(from: &Path, to: &Path) -> Result<Made, Fault> {
    // It was written in a hurry; nobody has it open.
    let kept = std::fs::File::open(from).and_then(|file| file.sync_all());
    kept.map_err(Fault::io(format!("keep {}", from.display())))?;
    match std::fs::hard_link(from, to) {
        Ok(()) => Ok(Made::Fresh),
        Err(fault) if fault.kind() == std::io::ErrorKind::AlreadyExists => Ok(Made::Stood),
        // Not every file system has hard links.
        Err(_) => std::fs::rename(from, to)
            .map(|()| Made::Fresh)
            .map_err(Fault::io(format!("make {}", to.display()))),
    }
}
