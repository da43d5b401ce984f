//! The file of an embedded store: engine, journal, modes, file system, what was planted in it.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use nix::sys::statfs::statfs;

use super::Finding;
use crate::scalar;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::place::Place;
use crate::store::{file, schema};

/// A log of this size says that some reader does not let go, in bytes.
const LARGE_LOG: u64 = 128 << 20;

/// Looks at the file and its directory.
pub async fn examine(
    c: &mut Link<'_>,
    place: &Place,
    path: &Path,
) -> Result<Vec<Finding>, StoreError> {
    let version = scalar!(c, String, "SELECT sqlite_version()")?.unwrap_or_default();
    let mut findings = vec![Finding::ok("engine", format!("SQLite {version}"))];
    findings.extend(planted(c).await?);
    let journal = scalar!(c, String, "PRAGMA journal_mode")?.unwrap_or_default();
    findings.push(if journal == "wal" {
        Finding::ok("journal", "WAL")
    } else {
        let told = format!("the journal mode is {journal}: readers and writers stop each other");
        Finding::warning("journal", told, "close every console and open the store once for writing")
    });
    findings.push(match file::check_modes(place, path) {
        Ok(()) => Finding::ok("modes", modes(path)),
        Err(fault) => {
            Finding::fault("modes", fault.to_string(), "what to do stands in the message")
        }
    });
    findings.push(match file::check_place(place, path) {
        Ok(()) => Finding::ok("file system", system(path)),
        Err(fault) => {
            Finding::fault("file system", fault.to_string(), "what to do stands in the message")
        }
    });
    let log = std::fs::metadata(format!("{}-wal", path.display())).map_or(0, |meta| meta.len());
    findings.push(if log > LARGE_LOG {
        let told = format!("the write-ahead log has {} MB", log >> 20);
        Finding::warning(
            "log size",
            told,
            "some reader keeps an old moment: end consoles that hang",
        )
    } else {
        Finding::ok("log size", format!("{} kB", log >> 10))
    });
    Ok(findings)
}

async fn planted(c: &mut Link<'_>) -> Result<Vec<Finding>, StoreError> {
    let odd = schema::odd(c).await?;
    if odd.is_empty() {
        return Ok(vec![Finding::ok(
            "planted",
            "the schema holds what this program makes, and nothing else",
        )]);
    }
    let told = odd.into_iter().map(|(what, how)| {
        let fix = "tell whoever answers for security; keep a copy; restore a backup, or let the owner run `smc repair`";
        Finding::fault("planted", format!("{what} {how}"), fix)
    });
    Ok(told.collect())
}

fn modes(path: &Path) -> String {
    let mode = |path: &Path| std::fs::metadata(path).map_or(0, |meta| meta.mode() & 0o7777);
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let who =
        if file::shared(path) { "shared by the directory's group" } else { "its owner's alone" };
    format!("file {:o}, directory {:o}: {who}", mode(path), mode(dir))
}

fn system(path: &Path) -> String {
    statfs(path).map_or_else(
        |errno| errno.desc().to_owned(),
        |found| format!("local (magic {:#x})", found.filesystem_type().0),
    )
}
