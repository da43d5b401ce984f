//! The file of an embedded store: where it may lie, its modes, how a connection to it is opened.

use std::fs::OpenOptions;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::sys::statfs::statfs;
use nix::unistd::{AccessFlags, access};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};

use super::fault::StoreError;
use super::place::Place;

/// File systems on which POSIX locks do not hold between hosts or processes, by their magic number.
const NETWORK: &[(u64, &str)] = &[
    (0x6969, "NFS"),
    (0x517B, "SMB"),
    (0xFF53_4D42, "CIFS"),
    (0xFE53_4D42, "SMB2"),
    (0x6573_5546, "FUSE"),
    (0x0102_1997, "9p"),
    (0x0BD0_0BD0, "Lustre"),
    (0x4750_4653, "GPFS"),
    (0x5346_414F, "AFS"),
    (0x7461_636F, "OCFS2"),
    (0x0116_1970, "GFS2"),
    (0x00C3_6400, "Ceph"),
];

fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

/// The name of the file system with this magic number, if locks do not hold on it.
fn network(magic: u64) -> Option<&'static str> {
    NETWORK.iter().find(|(known, _)| *known == magic & 0xFFFF_FFFF).map(|(_, name)| *name)
}

/// Refuses a place where a store may not lie.
///
/// # Errors
/// `NetworkFileSystem`, or `Io` if the directory cannot be looked at.
pub fn check_place(place: &Place, path: &Path) -> Result<(), StoreError> {
    let dir = parent(path);
    let found = statfs(&dir)
        .map_err(|errno| StoreError::io(format!("look at {}", dir.display()))(errno.into()))?;
    let magic = u64::from_ne_bytes(found.filesystem_type().0.to_ne_bytes());
    match network(magic) {
        Some(system) => Err(StoreError::NetworkFileSystem { place: place.to_string(), system }),
        None => Ok(()),
    }
}

/// Refuses a store that this user cannot write, with the command that mends it.
///
/// # Errors
/// `NotWritable`, with what stands in the way.
pub fn check_modes(place: &Place, path: &Path) -> Result<(), StoreError> {
    let dir = parent(path);
    let refuse =
        |why: String, fix: String| StoreError::NotWritable { place: place.to_string(), why, fix };
    for (what, flags) in
        [(dir.as_path(), AccessFlags::W_OK | AccessFlags::X_OK), (path, AccessFlags::W_OK)]
    {
        if let Err(errno) = access(what, flags) {
            return Err(if errno == nix::errno::Errno::EROFS {
                refuse(
                    format!("{} lies on a read-only mount", what.display()),
                    "mount it for writing, or read a backup".to_owned(),
                )
            } else {
                refuse(
                    format!("{} is closed to this user ({})", what.display(), errno.desc()),
                    format!("its owner runs `chmod g+rwX {}`", what.display()),
                )
            });
        }
    }
    let meta =
        std::fs::metadata(path).map_err(StoreError::io(format!("look at {}", path.display())))?;
    if meta.mode() & 0o002 != 0 {
        return Err(refuse(
            format!("{} may be written by everybody", path.display()),
            format!("run `chmod o-rwx {}`", path.display()),
        ));
    }
    Ok(())
}

/// Whether members of the directory's group share the store: the directory is setgid and group-writable.
pub fn shared(path: &Path) -> bool {
    std::fs::metadata(parent(path)).is_ok_and(|meta| meta.mode() & 0o2020 == 0o2020)
}

/// Makes the empty file with its modes, before SQLite would make it with its own.
///
/// # Errors
/// `Present` if there is a file; `Io` otherwise.
pub fn create(place: &Place, path: &Path) -> Result<(), StoreError> {
    let dir = parent(path);
    if !dir.exists() {
        std::fs::create_dir_all(&dir)
            .map_err(StoreError::io(format!("make the directory {}", dir.display())))?;
        std::fs::set_permissions(&dir, std::fs::Permissions::from_mode(0o700))
            .map_err(StoreError::io(format!("set the modes of {}", dir.display())))?;
    }
    check_place(place, path)?;
    let mode = if shared(path) { 0o660 } else { 0o600 };
    let file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path);
    let file = match file {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            return Err(StoreError::Present { place: place.to_string() });
        }
        other => other.map_err(StoreError::io(format!("make {}", path.display())))?,
    };
    file.set_permissions(std::fs::Permissions::from_mode(mode))
        .map_err(StoreError::io(format!("set the modes of {}", path.display())))
}

/// How a connection to the file is opened.
pub fn options(path: &Path, writes: bool) -> SqliteConnectOptions {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(false);
    // Whoever only reads cannot change the journal of a copy that is not in this mode.
    let options =
        if writes { options.journal_mode(SqliteJournalMode::Wal) } else { options.read_only(true) };
    options
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(8))
        // Rows that the driver's thread has ready: with few, it and the reader wake each other for every some.
        .row_buffer_size(1000)
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON")
        .pragma("mmap_size", "0")
        .pragma("journal_size_limit", "67108864")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn network_file_systems_are_known_by_their_numbers() {
        assert_eq!(network(0x6969), Some("NFS"));
        assert_eq!(network(0xFFFF_FFFF_FF53_4D42), Some("CIFS"));
        assert_eq!(network(0xEF53), None);
    }

    #[test]
    fn a_store_open_to_everybody_is_refused_with_the_command_that_mends_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("smc.db");
        let place = Place::File(path.clone());
        create(&place, &path).unwrap();
        assert!(check_modes(&place, &path).is_ok());
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o666)).unwrap();
        let told = check_modes(&place, &path).unwrap_err().to_string();
        assert!(told.contains("chmod o-rwx"), "{told}");
    }

    #[test]
    fn a_directory_shared_by_a_group_gives_files_the_group_can_write() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o2770)).unwrap();
        let path = dir.path().join("smc.db");
        create(&Place::File(path.clone()), &path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().mode() & 0o777, 0o660);
    }
}
