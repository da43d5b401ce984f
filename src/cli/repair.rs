//! `smc repair`: the owner makes the tables anew from the ledger and takes note of what was found.

use std::sync::atomic::AtomicBool;

use serde_json::json;

use super::args::At;
use super::fault::Fault;
use super::verify::show;
use super::{open, print};
use crate::commands::origin;
use crate::ledger::head_code;
use crate::safe_text::SafeText;
use crate::store::replay::{self, Progress};
use crate::store::{Opening, Store, StoreError};

/// Makes the tables anew from the ledger.
#[derive(Debug, clap::Args)]
pub struct Repair {
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// Runs `smc repair`.
///
/// # Errors
/// Exit 3 for whoever is no administrator of the store or does not own it; 4 if only a backup helps.
pub async fn run(at: &At, repair: &Repair) -> Result<(), Fault> {
    open::present(at, "repair")?;
    let opening = Opening { inspect: true, ..open::opening(at)? };
    let store = Store::open(open::place(at)?, opening).await?;
    open::seen(&store).await?;
    let mut from = origin("cli");
    from.os_user.clone_from(&store.facts().os_user);
    let stop = AtomicBool::new(false);
    let repaired = tokio::select! {
        repaired = replay::repair(&store, &from, Progress::new(&show, &stop)) => repaired?,
        _ = tokio::signal::ctrl_c() => return Err(StoreError::Stopped.into()),
    };
    store.close().await;
    let findings = repaired.report.findings();
    let entry = repaired.entry.as_ref();
    let head = entry.map_or(repaired.report.head, |entry| head_code(entry.seq, &entry.hash));
    if repair.json {
        return print::json(&json!({
            "entry": entry.map(|entry| entry.seq), "named": findings, "head": head,
        }));
    }
    for finding in &findings {
        print::line(SafeText::from_untrusted(&format!("named: {finding}")).as_str())?;
    }
    print::line(&match entry {
        None => "nothing to repair: the store holds".to_owned(),
        Some(entry) => format!(
            "the tables were made anew; entry {} names {} findings, head {head}",
            entry.seq,
            findings.len()
        ),
    })
}
