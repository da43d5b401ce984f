//! A folder of advisories, one document in memory at a time, in the order of their names.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::digest::{check_sidecar, sha256};
use super::{Fault, MOST_BYTES, read};
use crate::domain::advisory::Advisory;

/// Deeper folders are not looked into: a loop of links ends here.
const DEEPEST: usize = 16;

/// One file of a folder, read or refused.
#[derive(Debug)]
pub struct Item {
    /// Its path below the folder, with forward slashes.
    pub file: String,
    /// Its bytes as they stand, for keeping; empty if it could not be read.
    pub bytes: Vec<u8>,
    /// SHA-256 of the bytes, in hexadecimal.
    pub digest: String,
    /// What it says, or why it was refused.
    pub advisory: Result<Advisory, Fault>,
    /// Whether the publisher's `.sha512` stood beside it and agreed.
    pub digest_checked: bool,
    /// Whether an OpenPGP signature stands beside it.
    pub signature: Signature,
}

/// What is known of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signature {
    /// There is none.
    Absent,
    /// An `.asc` file stands beside the document; nobody has verified it.
    PresentNotVerified,
}

/// The advisories of a folder, or of one file, read as they are asked for.
#[derive(Debug)]
pub struct Folder {
    files: std::vec::IntoIter<(String, PathBuf)>,
}

impl Folder {
    /// Lists the `.json` files below a folder, or takes one file; reads none of them yet.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut files = Vec::new();
        if fs::metadata(path)?.is_dir() {
            list(path, "", 0, &mut files)?;
            files.sort();
        } else {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            files.push((
                name.unwrap_or_else(|| path.to_string_lossy().into_owned()),
                path.to_owned(),
            ));
        }
        Ok(Self { files: files.into_iter() })
    }

    /// How many files are still to be read.
    pub fn remaining(&self) -> usize {
        self.files.len()
    }
}

fn list(
    folder: &Path,
    above: &str,
    depth: usize,
    out: &mut Vec<(String, PathBuf)>,
) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        let file = if above.is_empty() { name.clone() } else { format!("{above}/{name}") };
        let path = entry.path();
        if path.is_dir() {
            if depth < DEEPEST {
                list(&path, &file, depth + 1, out)?;
            }
        } else if name.len() > 5 && name.to_ascii_lowercase().ends_with(".json") {
            out.push((file, path));
        }
    }
    Ok(())
}

impl Iterator for Folder {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        let (file, path) = self.files.next()?;
        Some(item(file, &path))
    }
}

fn item(file: String, path: &Path) -> Item {
    let beside = |ending: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    let signature =
        if beside(".asc").is_file() { Signature::PresentNotVerified } else { Signature::Absent };
    let bytes = match bounded(path) {
        Ok(bytes) => bytes,
        Err(fault) => {
            return Item {
                file,
                bytes: Vec::new(),
                digest: String::new(),
                advisory: Err(fault),
                digest_checked: false,
                signature,
            };
        }
    };
    let sidecar = sidecar(&beside(".sha512"));
    let checked = match &sidecar {
        Some(Ok(text)) => check_sidecar(&bytes, text).map(|()| true),
        Some(Err(fault)) => Err(fault.clone()),
        None => Ok(false),
    };
    Item {
        file,
        digest: sha256(&bytes),
        digest_checked: checked == Ok(true),
        advisory: checked.and_then(|_| read(&bytes)),
        bytes,
        signature,
    }
}

/// The whole file if it is not too large, whatever size its metadata claim.
fn bounded(path: &Path) -> Result<Vec<u8>, Fault> {
    let unreadable = |error: io::Error| Fault::Unreadable(error.to_string());
    let file = fs::File::open(path).map_err(unreadable)?;
    if !file.metadata().map_err(unreadable)?.is_file() {
        return Err(Fault::Unreadable("it is no regular file".to_owned()));
    }
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if u64::try_from(bytes.len()).is_ok_and(|size| size <= MOST_BYTES) {
        Ok(bytes)
    } else {
        Err(Fault::TooLarge)
    }
}

fn sidecar(path: &Path) -> Option<Result<String, Fault>> {
    let file = fs::File::open(path).ok()?;
    let mut text = String::new();
    Some(match file.take(4096).read_to_string(&mut text) {
        Ok(_) => Ok(text),
        Err(_) => Err(Fault::Sidecar),
    })
}
