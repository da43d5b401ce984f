//! The words of the command line, as clap reads them; each subcommand's own words stand in its file.

use clap::{Parser, Subcommand};

use super::{
    act, backup, console, demo, doctor, import, init, list, log, repair, session, show, status,
    tick, verify, window,
};

/// The console of an OT Security Management Center.
#[derive(Debug, Parser)]
#[command(name = "smc", version, about, max_term_width = 100)]
pub struct Args {
    /// Which store, and as whom.
    #[command(flatten)]
    pub at: At,
    /// How the console shall look.
    #[command(flatten)]
    pub console: console::Console,
    /// What to do; the console if nothing is said.
    #[command(subcommand)]
    pub verb: Option<Verb>,
}

/// Which store is meant, and as whom.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct At {
    /// The store: sqlite:PATH or postgres://USER@HOST/DATABASE.
    #[arg(long, global = true, env = "SMC_STORE", value_name = "STORE", hide_env_values = true)]
    pub store: Option<String>,
    /// Act as this login (SQLite demo stores only).
    #[arg(long = "as", global = true, value_name = "LOGIN")]
    pub act_as: Option<String>,
    /// Show the store as it stood after this entry, or at this time: 812, 2026-11-22, 2026-11-22T14:00:00Z. What was told
    /// later is not in it; who had access then, as it is known now, is `list access at:TIME`.
    #[arg(long, global = true, value_name = "TIME|SEQ")]
    pub as_of: Option<String>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Look around: a store of five plants, made where none stands.
    Demo(demo::Demo),
    /// Create a store, or migrate one.
    Init(init::Init),
    /// Do anything that the console can do, by the command's name.
    Do(act::Act),
    /// Take in advisories and inventories.
    Import(import::Import),
    /// List a subject.
    List(list::List),
    /// Show an object by its reference.
    Show(show::Show),
    /// Show the posture of every site.
    Status(status::Status),
    /// Show entries of the ledger.
    Log(log::Log),
    /// Tell that a vendor's person is on an asset, or has left it.
    Session(session::Session),
    /// Ask whether a vendor's person may be on an asset now.
    Window(window::Window),
    /// Copy the store into a new file.
    Backup(backup::Backup),
    /// Look for what may be wrong around the store.
    Doctor(doctor::Doctor),
    /// Record what has lapsed or expired by the store's clock.
    Tick(tick::Tick),
    /// Make the tables anew from the ledger, and take note of what was found.
    Repair(repair::Repair),
    /// Re-hash the ledger, replay it under the rules, compare every table.
    Verify(verify::Verify),
    /// Print completions for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the manual page.
    Man,
}

impl Args {
    /// Whether errors are to be printed as JSON.
    pub fn json(&self) -> bool {
        match &self.verb {
            Some(Verb::Demo(demo)) => demo.json,
            Some(Verb::Init(init)) => init.json,
            Some(Verb::Do(act)) => act.json.is_some(),
            Some(Verb::Import(import)) => import.json(),
            Some(Verb::List(list)) => list.json,
            Some(Verb::Show(show)) => show.json,
            Some(Verb::Status(status)) => status.json,
            Some(Verb::Log(log)) => log.json,
            Some(Verb::Session(session)) => session.json(),
            Some(Verb::Window(window)) => window.json(),
            Some(Verb::Backup(backup)) => backup.json,
            Some(Verb::Doctor(doctor)) => doctor.json,
            Some(Verb::Tick(tick)) => tick.json,
            Some(Verb::Repair(repair)) => repair.json,
            Some(Verb::Verify(verify)) => verify.json,
            None | Some(Verb::Completions { .. } | Verb::Man) => false,
        }
    }
}
