//! Where settings come from: flags, then environment, then the user's file, then the host's file.

use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use serde::Deserialize;

use super::fault::Fault;

/// The host's own settings.
const HOST: &str = "/etc/smc/config.toml";

/// Settings of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The store.
    pub store: Option<String>,
}

fn dirs() -> Option<ProjectDirs> {
    ProjectDirs::from("", "", "smc")
}

/// The user's own settings file.
pub fn user_file() -> Option<PathBuf> {
    dirs().map(|dirs| dirs.config_dir().join("config.toml"))
}

/// The user's directory for what can be made again.
///
/// # Errors
/// `Usage` if the user has no home.
pub fn cache_dir() -> Result<PathBuf, Fault> {
    let dirs = dirs().ok_or_else(|| {
        Fault::Usage("there is no home directory: set XDG_CACHE_HOME and HOME".to_owned())
    })?;
    Ok(dirs.cache_dir().to_path_buf())
}

/// Reads one file; an absent one says nothing.
fn read(path: &Path) -> Result<Config, Fault> {
    match std::fs::read_to_string(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Config::default()),
        Err(error) => Err(Fault::Failed(format!("read {}: {error}", path.display()))),
        Ok(text) => toml::from_str(&text)
            .map_err(|fault| Fault::Usage(format!("{}: {fault}", path.display()))),
    }
}

/// The store's name: what was said, else the user's file, else the host's, else the default place.
///
/// # Errors
/// `Usage` for a file that cannot be read as settings.
pub fn store(said: Option<&str>) -> Result<String, Fault> {
    if let Some(name) = said.filter(|name| !name.is_empty()) {
        return Ok(name.to_owned());
    }
    let user = user_file().map(|path| read(&path)).transpose()?.unwrap_or_default();
    let name = match user.store {
        Some(name) => Some(name),
        None => read(Path::new(HOST))?.store,
    };
    match name {
        Some(name) => Ok(name),
        None => default_store(),
    }
}

/// Where the store to look around in stands unless another directory is named.
///
/// # Errors
/// `Usage` if there is no home directory.
pub fn demo_dir() -> Result<PathBuf, Fault> {
    dirs().map(|dirs| dirs.data_dir().join("demo")).ok_or_else(|| {
        Fault::Usage("there is no home directory: name a directory with --dir".to_owned())
    })
}

fn default_store() -> Result<String, Fault> {
    let dirs = dirs().ok_or_else(|| {
        Fault::Usage("there is no home directory: name the store with --store".to_owned())
    })?;
    Ok(format!("sqlite:{}", dirs.data_dir().join("smc.db").display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_comes_first() {
        assert_eq!(store(Some("sqlite:/x/y.db")).unwrap(), "sqlite:/x/y.db");
    }

    #[test]
    fn a_setting_that_does_not_exist_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config.toml");
        std::fs::write(&path, "stoer = 'x'\n").unwrap();
        let told = read(&path).unwrap_err().to_string();
        assert!(told.contains("stoer") && told.contains("config.toml"), "{told}");
    }
}
