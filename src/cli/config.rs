//! Where settings come from: flags, then environment, then the user's file, then the host's file.

use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use serde::Deserialize;

use super::fault::Fault;
use crate::console::toml_fault::told;

/// The host's own settings.
const HOST: &str = "/etc/smc/config.toml";

/// Settings of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The store.
    pub store: Option<String>,
    /// The console's theme.
    pub theme: Option<String>,
    /// Whether the console writes ASCII only.
    pub ascii: Option<bool>,
    /// Whether the console does without any colour.
    pub mono: Option<bool>,
    /// Whether the sign of what nobody acknowledged blinks.
    pub blink: Option<bool>,
    /// Whether the bell rings for new alarms of priority 1 and 2.
    pub bell: Option<bool>,
    /// Whether Ctrl-Z may stop the console and give back the shell.
    pub suspend: Option<bool>,
    /// Whether the console may read and write files: imports, a backup.
    pub files: Option<bool>,
    /// Minutes without a key after which the console hides what it shows; 0 is never.
    pub idle_minutes: Option<u16>,
}

impl Config {
    /// These settings, and where they say nothing, those.
    fn or(self, other: Self) -> Self {
        Self {
            store: self.store.or(other.store),
            theme: self.theme.or(other.theme),
            ascii: self.ascii.or(other.ascii),
            mono: self.mono.or(other.mono),
            blink: self.blink.or(other.blink),
            bell: self.bell.or(other.bell),
            suspend: self.suspend.or(other.suspend),
            files: self.files.or(other.files),
            idle_minutes: self.idle_minutes.or(other.idle_minutes),
        }
    }
}

/// What the files say: the user's own before the host's. What the host forbids, no user allows.
///
/// # Errors
/// `Usage` for a file that cannot be read as settings, with its name and line.
pub fn settings() -> Result<Config, Fault> {
    let user = user_file().map(|path| read(&path)).transpose()?.unwrap_or_default();
    Ok(joined(user, read(Path::new(HOST))?))
}

fn joined(user: Config, host: Config) -> Config {
    let (suspend, files) = (host.suspend, host.files);
    let idle = host.idle_minutes.filter(|minutes| *minutes > 0);
    let mut both = user.or(host);
    if suspend == Some(false) {
        both.suspend = Some(false);
    }
    if files == Some(false) {
        both.files = Some(false);
    }
    if let Some(most) = idle {
        both.idle_minutes = both.idle_minutes.filter(|own| (1..=most).contains(own)).or(Some(most));
    }
    both
}

fn dirs() -> Option<ProjectDirs> {
    ProjectDirs::from("", "", "smc")
}

/// The user's own settings file.
pub fn user_file() -> Option<PathBuf> {
    dirs().map(|dirs| dirs.config_dir().join("config.toml"))
}

/// Reads one file; an absent one says nothing.
fn read(path: &Path) -> Result<Config, Fault> {
    match std::fs::read_to_string(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Config::default()),
        Err(error) => Err(Fault::Failed(format!("read {}: {error}", path.display()))),
        Ok(text) => toml::from_str(&text)
            .map_err(|fault| Fault::Usage(format!("{}: {}", path.display(), told(&text, &fault)))),
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
    match settings()?.store {
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
    fn the_sample_that_is_shipped_starts_and_names_every_setting_with_its_default() {
        let sample = include_str!("../../docs/config.toml");
        let bare: Config = toml::from_str(sample).unwrap();
        assert_eq!(bare, Config::default(), "everything is commented out");
        let lines = sample.lines().filter_map(|line| line.strip_prefix("#"));
        let settings = lines.filter(|line| line.contains(" = ") && !line.starts_with(' '));
        let all: Config = toml::from_str(&settings.collect::<Vec<_>>().join("\n")).unwrap();
        let Config { store, theme, ascii, mono, blink, bell, suspend, files, idle_minutes } = &all;
        assert!(store.is_some() && ascii == &Some(false) && mono == &Some(false));
        assert!(blink == &Some(true) && bell == &Some(true) && suspend == &Some(true));
        assert_eq!(files, &Some(true));
        assert_eq!(*idle_minutes, Some(0));
        crate::console::theme::Theme::named(theme.as_deref().unwrap()).unwrap();
    }

    #[test]
    fn the_user_goes_before_the_host_save_where_the_host_forbids() {
        let read = |text: &str| toml::from_str::<Config>(text).unwrap();
        let host =
            read("theme = 'mono'\nsuspend = false\nfiles = false\nidle_minutes = 15\nbell = false");
        let user = read("theme = 'dark'\nsuspend = true\nfiles = true\nidle_minutes = 0");
        let both = joined(user, host.clone());
        assert_eq!(both.theme.as_deref(), Some("dark"));
        assert_eq!(
            (both.suspend, both.files, both.idle_minutes, both.bell),
            (Some(false), Some(false), Some(15), Some(false))
        );
        assert_eq!(joined(read("idle_minutes = 5"), host).idle_minutes, Some(5));
    }

    #[test]
    fn a_setting_that_does_not_exist_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config.toml");
        std::fs::write(&path, "bell = true\nstoer = 'x'\n").unwrap();
        let told = read(&path).unwrap_err().to_string();
        assert!(told.contains("stoer") && told.contains("config.toml"), "{told}");
        assert!(told.contains("line 2, column 1: ") && !told.contains('\n'), "{told}");
        assert!(told.contains("line 2"), "{told}");
    }
}
