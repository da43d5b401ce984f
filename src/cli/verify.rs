//! `smc verify`: re-hashes the ledger, replays it under the rules and compares every table.

use std::io::IsTerminal;
use std::sync::atomic::AtomicBool;

use super::args::At;
use super::fault::Fault;
use super::{open, print};
use crate::domain::words;
use crate::ledger::HeadCode;
use crate::safe_text::SafeText;
use crate::store::replay::{self, Progress, Report, Step};
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
        text(&report)?;
    }
    if report.holds() { Ok(()) } else { Err(Fault::Differs(verdict(&report))) }
}

fn verdict(report: &Report) -> String {
    format!(
        "the store does not hold: {}, {}; keep a copy, find out who and when (`smc log`), and let its owner run `smc repair`",
        words::count(count(report.faults.named().len(), report.more_faults), "fault"),
        words::count(count(report.violations.named().len(), report.more_violations), "violation"),
    )
}

fn count(named: usize, more: u64) -> u64 {
    u64::try_from(named).unwrap_or(u64::MAX).saturating_add(more)
}

fn text(report: &Report) -> Result<(), Fault> {
    let say = |words: &str| print::line(SafeText::from_untrusted(words).as_str());
    for fault in report.faults.named() {
        say(&format!("fault: {}", fault.message))?;
    }
    for violation in report.violations.named() {
        let rows = match violation.rows {
            0 => String::new(),
            1 => " (1 row stands by it)".to_owned(),
            rows => format!(" ({rows} rows stand by it)"),
        };
        say(&format!("violation: {}{rows}", violation.message))?;
    }
    if report.more_faults > 0 || report.more_violations > 0 {
        say(&format!(
            "and {}, {} more",
            words::count(report.more_faults, "fault"),
            words::count(report.more_violations, "violation")
        ))?;
    }
    for known in &report.acknowledged {
        say(&format!("acknowledged: {known}"))?;
    }
    let signatures = report.signatures;
    say(&format!(
        "{} of store {}, head {}; signed {}, unsigned {}, bad {}",
        words::count(report.entries, "entry"),
        report.store,
        report.head,
        signatures.signed,
        signatures.unsigned,
        signatures.bad
    ))?;
    if report.holds() && !report.acknowledged.is_empty() {
        say(
            "nothing but what a repair has acknowledged; what was changed stays changed in the ledger",
        )?;
    } else if report.holds() {
        say("the chain holds, every entry is one that the rules allow, the tables follow from it")?;
    }
    Ok(())
}
