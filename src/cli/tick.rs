//! `smc tick`: records what has lapsed or expired, for a timer on a host without an open console.

use serde_json::json;

use super::args::At;
use super::fault::Fault;
use super::{open, print};
use crate::domain::words;

/// Records what time has made true.
#[derive(Debug, clap::Args)]
pub struct Tick {
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// Runs `smc tick`.
///
/// # Errors
/// Exit 3 for a person who does not write, 4 for a store that does not answer.
pub async fn run(at: &At, tick: &Tick) -> Result<(), Fault> {
    let desk = open::desk(at, "tick").await?;
    let entries = desk.tick().await?;
    // What was written stands, whether or not its head can be remembered.
    let _ = open::seen(desk.store()).await;
    if tick.json {
        return print::json(&json!({ "entries": entries }));
    }
    print::line(&format!("{} recorded", words::count(entries.len(), "entry")))
}
