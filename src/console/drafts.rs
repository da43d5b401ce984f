//! Unfinished forms, kept between two runs in one file that only the person can read.

use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::app::Drafts;
use crate::domain::names::Login;

/// The file of a person's drafts for a store, in the XDG state directory: what was begun on one store or as one person is
/// never offered on another. Nothing for an account without a home.
pub fn place(store_id: &str, actor: &Login) -> Option<PathBuf> {
    let dirs = directories::ProjectDirs::from("", "", "smc")?;
    Some(within(dirs.state_dir()?, store_id, actor))
}

/// The file in a directory. A login may hold what a file name may not: it is written in hexadecimal.
fn within(state: &Path, store_id: &str, actor: &Login) -> PathBuf {
    let login = data_encoding::HEXLOWER.encode(actor.as_str().as_bytes());
    state.join("drafts").join(format!("{store_id}-{login}.json"))
}

/// The drafts of a file; a missing or damaged one holds none.
pub fn read(path: &Path) -> Drafts {
    let text = fs::read_to_string(path).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// Writes the drafts with mode 0600; the old file stays whole until the new one is.
pub fn write(path: &Path, drafts: &Drafts) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let new = path.with_extension(format!("{}.new", std::process::id()));
    let mut file =
        fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
    file.write_all(serde_json::to_string(drafts)?.as_bytes())?;
    file.sync_all()?;
    fs::rename(new, path)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use serde_json::json;

    use super::*;

    #[test]
    fn drafts_of_another_store_or_person_are_in_another_file() {
        let state = Path::new("/state");
        let of = |store, login: &str| within(state, store, &Login::new(login).unwrap());
        let one = of("01JD", "alice");
        assert_ne!(one, of("01JE", "alice"));
        assert_ne!(one, of("01JD", "bob"));
        assert_eq!(one, of("01JD", "alice"));
        assert_eq!(one.parent(), Some(Path::new("/state/drafts")));
    }

    #[test]
    fn drafts_come_back_and_only_the_person_can_read_them() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("state/smc/drafts.json");
        assert!(read(&path).is_empty());
        let fields = json!({"title": "new firmware"}).as_object().unwrap().clone();
        let drafts = Drafts::from([("change.request".to_owned(), fields)]);
        write(&path, &drafts).unwrap();
        assert_eq!(read(&path), drafts);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::write(&path, "{ damaged").unwrap();
        assert!(read(&path).is_empty());
    }
}
