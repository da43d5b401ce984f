//! `smc verify`: re-hashes the ledger, replays it under the rules and compares every table.

use std::io::IsTerminal;
use std::sync::atomic::AtomicBool;

use super::args::At;
use super::fault::Fault;
use super::{open, print};
use crate::ledger::HeadCode;
use crate::safe_text::SafeText;
use crate::store::replay::{self, Progress, Step};
use crate::store::{Heads, Opening, Store, StoreError};

/// Verifies the store.
#[derive(Debug, clap::Args)]
pub struct Verify {
    /// A head that was written down, such as on a handover sheet: the ledger must pass through it.
    #[arg(long, value_name = "SEQ:CODE")]
    head: Option<HeadCode>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// Shows on a terminal how far long work is.
pub fn show(step: Step) {
    if std::io::stderr().is_terminal() {
        let Step { what, done, of } = step;
        eprint!("\r{what}: {done} of {of}          \r");
    }
}

/// Runs `smc verify`.
///
/// # Errors
/// Exit 5 if anything was found that no repair took note of; 4 if the store does not answer.
pub async fn run(at: &At, verify: &Verify) -> Result<(), Fault> {
    open::present(at, "verify")?;
    let why = Some("a verification writes nothing".to_owned());
    let opening = Opening { read_only: why, inspect: true, ..open::opening(at)? };
    let store = Store::open(open::place(at)?, opening).await?;
    let stop = AtomicBool::new(false);
    let remembered = match Heads::of_user() {
        Some(heads) => heads.witness(&store).await?,
        None => None,
    };
    let witnesses: Vec<HeadCode> = verify.head.into_iter().chain(remembered).collect();
    let told = replay::verify(&store, &witnesses, Progress::new(&show, &stop));
    let report = tokio::select! {
        report = told => report?,
        _ = tokio::signal::ctrl_c() => return Err(StoreError::Stopped.into()),
    };
    store.close().await;
    if verify.json {
        print::json(&report)?;
    } else {
        for line in report.words() {
            print::line(SafeText::from_untrusted(&line).as_str())?;
        }
    }
    if report.holds() { Ok(()) } else { Err(Fault::Differs(report.verdict())) }
}
