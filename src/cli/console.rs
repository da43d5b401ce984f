//! `smc` without a subcommand: the console on the store that is meant.

use std::io::IsTerminal;
use std::time::Duration;

use super::args::At;
use super::fault::Fault;
use super::open;
use crate::commands::Desk;
use crate::console::app::{Habits, Setup};
use crate::console::back::Door;
use crate::console::keys::Keymap;
use crate::console::runtime::Ended;
use crate::console::screens::tabs::{SCREENS, SUBJECTS};
use crate::console::term::tty::Tty;
use crate::console::theme::Look;
use crate::console::{drafts, forms};
use crate::domain::time::Time;
use crate::safe_text::SafeText;

/// How often the console looks whether something has become due.
const TICK: Duration = Duration::from_secs(60);

/// How long after its start it looks for the first time: the first frame does not wait for it.
const SETTLED: Duration = Duration::from_secs(1);

/// How the console shall look.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Console {
    /// The console without any colour (NO_COLOR and SMC_MONO say the same).
    #[arg(long)]
    pub mono: bool,
    /// The console in ASCII only (SMC_ASCII says the same).
    #[arg(long)]
    pub ascii: bool,
    /// The console's theme: dark, light-grey, high-contrast, mono, deuteranopia, tritanopia.
    #[arg(long, value_name = "NAME")]
    pub theme: Option<String>,
    /// The console shows and writes nothing, as for a display on the wall.
    #[arg(long)]
    pub read_only: bool,
    /// What the console shows first: overview (the watch), posture, risks, changes, windows, or any name of its palette.
    #[arg(long, value_name = "NAME")]
    pub view: Option<String>,
}

/// The subject that a console shows first.
fn first(view: Option<&str>) -> Result<&'static str, Fault> {
    let asked = match view {
        None | Some("overview") => "watch",
        Some(name) => name,
    };
    let mut names = SCREENS.iter().chain(SUBJECTS).map(|subject| subject.name);
    names.find(|name| *name == asked).ok_or_else(|| {
        let names: Vec<&str> = SCREENS.iter().chain(SUBJECTS).map(|subject| subject.name).collect();
        Fault::Usage(format!("--view {asked}: there is none, but overview, {}", names.join(", ")))
    })
}

/// Runs the console until the person leaves; who left for the store as it once stood comes back to where it was begun.
///
/// # Errors
/// Exit 2 without a terminal or for a theme or a key that does not exist, 4 for a store that cannot be opened.
pub async fn run(at: &At, console: Console) -> Result<(), Fault> {
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Err(Fault::Usage(
            "the console needs a terminal on standard input and output; `smc --help` names what works without one"
                .to_owned(),
        ));
    }
    let var = |name: &str| std::env::var(name).ok();
    can_place_text(&var("TERM").unwrap_or_default())?;
    let settings = super::config::settings()?;
    let theme = console.theme.as_deref().or(settings.theme.as_deref());
    let mono = console.mono || (console.theme.is_none() && settings.mono == Some(true));
    let mut look =
        Look::choose(theme, mono, var).map_err(|fault| Fault::Usage(fault.to_string()))?;
    look.ascii |= console.ascii || settings.ascii == Some(true);
    let habits = Habits {
        blink: settings.blink.unwrap_or(true),
        bell: settings.bell.unwrap_or(true),
        suspend: settings.suspend.unwrap_or(true),
        files: settings.files.unwrap_or(true),
        idle_minutes: settings.idle_minutes.unwrap_or(0),
    };
    let keymap = keymap()?;
    let first = first(console.view.as_deref())?;
    let only = console.read_only.then(|| "it was started to show only".to_owned());
    let looks = Looks { look, habits, keymap, first, only };
    let mut keyboard = crate::console::keyboard().map_err(ended)?;
    let mut past: Option<String> = None;
    let mut missed = None;
    loop {
        let there = At { as_of: past.clone().or_else(|| at.as_of.clone()), ..at.clone() };
        let opened = match opened(&there, &looks).await {
            Ok(opened) => opened,
            // Whoever asked for a moment from within a console must not stand outside of it for that.
            Err(fault) if past.take().is_some() => {
                missed = Some(SafeText::from_untrusted(&fault.to_string()));
                continue;
            }
            Err(fault) => return Err(fault),
        };
        let back = Back { returns: past.is_some(), missed: missed.take() };
        match (shown(opened, &looks, &mut keyboard, back).await?, &past) {
            (Ended::Past(moment), _) => past = Some(moment),
            (Ended::Left, Some(_)) => past = None,
            (Ended::Left, None) | (Ended::Hangup(_), _) => return Ok(()),
        }
    }
}

/// How every console of this run looks and behaves.
struct Looks {
    look: Look,
    habits: Habits,
    keymap: Keymap,
    first: &'static str,
    only: Option<String>,
}

/// How one console stands among those of this run.
struct Back {
    /// Whether leaving it leads back to another.
    returns: bool,
    /// Why the one that was asked for is not shown.
    missed: Option<SafeText>,
}

/// Opens the store at the present or at one moment, where its clocks stand still.
async fn opened(at: &At, looks: &Looks) -> Result<(Desk, Option<Time>), Fault> {
    let desk = open::desk_that(at, "console", looks.only.clone()).await?;
    let reader = desk.store().reader().await?;
    let still = reader.is_past().then(|| reader.now());
    reader.done().await;
    Ok((desk, still))
}

/// Runs one console.
async fn shown(
    (desk, still): (Desk, Option<Time>),
    looks: &Looks,
    keyboard: &mut Tty,
    back: Back,
) -> Result<Ended, Fault> {
    let read_only = desk.store().read_only().map(SafeText::from);
    let facts = desk.store().facts();
    let kept = drafts::place(&facts.store_id, &facts.actor);
    let setup = Setup {
        look: looks.look.clone(),
        habits: looks.habits,
        keymap: looks.keymap.clone(),
        forms: forms::fields,
        screens: SCREENS,
        subjects: SUBJECTS,
        read_only,
        first: looks.first,
        drafts: kept.as_deref().map(drafts::read).unwrap_or_default(),
        returns: back.returns,
        missed: back.missed,
    };
    let store = desk.store().clone();
    let door = Door::new(desk, kept, still);
    let ticking = tokio::spawn({
        let door = door.clone();
        async move {
            let mut pause = SETTLED;
            loop {
                tokio::time::sleep(pause).await;
                door.tick().await;
                pause = TICK;
            }
        }
    });
    let left = crate::console::open(setup, door, keyboard).await;
    ticking.abort();
    // The next opening holds the store against what was seen here; a store that is away has been told of already.
    let _ = open::seen(&store).await;
    left.map_err(ended)
}

fn ended(error: std::io::Error) -> Fault {
    Fault::Failed(format!("the console ended: {error}"))
}

/// Refuses a terminal that cannot put text in a place, by its name.
fn can_place_text(term: &str) -> Result<(), Fault> {
    let said = match term {
        "" => "TERM is not set, so nothing is known of this terminal".to_owned(),
        "dumb" | "unknown" | "emacs" => {
            format!("the terminal (TERM={term}) cannot put text in a place")
        }
        _ => return Ok(()),
    };
    Err(Fault::Usage(format!(
        "{said}: set TERM to what it is (xterm-256color, screen, linux, vt100), or use smc list, show, status and do"
    )))
}

/// The keys, with those of the person's `keys.toml`.
fn keymap() -> Result<Keymap, Fault> {
    let Some(path) = super::config::user_file().map(|file| file.with_file_name("keys.toml")) else {
        return Ok(Keymap::default());
    };
    match std::fs::read_to_string(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Keymap::default()),
        Err(error) => Err(Fault::Failed(format!("read {}: {error}", path.display()))),
        Ok(text) => Keymap::read(&text)
            .map_err(|fault| Fault::Usage(format!("{}: {fault}", path.display()))),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::args::Args;
    use crate::console::overlays::palette::BEFORE;
    use crate::console::tools::Tool;

    /// Subcommands by what the palette has for them; those without anything begin, end or describe the program, or do
    /// what commands do.
    const SUBCOMMANDS: &[(&str, &[&str])] = &[
        ("demo", &[]),
        ("init", &[]),
        ("do", &[]),
        ("import", &["import.assets", "import.csaf", "import.access-events"]),
        ("list", &["list"]),
        ("show", &["show"]),
        ("status", &["status"]),
        ("log", &["log"]),
        ("session", &["sessions"]),
        ("window", &["window.check"]),
        ("backup", &["backup"]),
        ("doctor", &["doctor"]),
        ("tick", &["tick"]),
        ("repair", &["repair"]),
        ("verify", &["verify"]),
        ("completions", &[]),
        ("man", &[]),
    ];

    #[test]
    fn every_subcommand_that_shows_something_is_found_in_the_palette() {
        let subjects = SCREENS.iter().chain(SUBJECTS).map(|subject| subject.name);
        let tools = Tool::ALL.iter().map(|tool| tool.name());
        let before = BEFORE.iter().map(|(word, _)| *word);
        let known: Vec<&str> = subjects.chain(tools).chain(before).collect();
        for subcommand in Args::command().get_subcommands() {
            let name = subcommand.get_name();
            let (_, entries) = SUBCOMMANDS.iter().find(|(one, _)| *one == name).unwrap();
            for entry in *entries {
                assert!(known.contains(entry), "{name}: {entry}");
            }
        }
    }
}
