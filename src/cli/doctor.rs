//! `smc doctor`: what may be wrong around a store, each with what to do; and the release of a lock.

use serde_json::json;

use super::args::At;
use super::fault::Fault;
use super::{open, print};
use crate::safe_text::SafeText;
use crate::store::doctor::{Finding, Level, examine, release};
use crate::store::{Heads, Opening, Store, StoreError};

/// Looks at everything around the store.
#[derive(Debug, clap::Args)]
pub struct Doctor {
    /// End this session of the server, which holds the ledger and does nothing (shift leads).
    #[arg(long, value_name = "PID")]
    release: Option<i32>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// Runs `smc doctor`.
///
/// # Errors
/// Exit 1 if a fault was found, 4 if the store does not open, 3 for a release that is refused.
pub async fn run(at: &At, doctor: &Doctor) -> Result<(), Fault> {
    if let Some(pid) = doctor.release {
        return end(at, pid, doctor.json).await;
    }
    let why = Some("the doctor only looks".to_owned());
    let opening = Opening { read_only: why, inspect: true, ..open::opening(at)? };
    let place = open::place(at)?;
    let (findings, fault) = match look(place.clone(), opening).await {
        Ok(findings) => (findings, None),
        Err(fault) => (vec![Finding::not_open(&fault)], Some(fault)),
    };
    let worst = findings.iter().map(|finding| finding.level).max().unwrap_or(Level::Ok);
    if doctor.json {
        print::json(&json!({ "place": place.to_string(), "worst": worst, "findings": findings }))?;
    } else {
        for finding in &findings {
            text(finding)?;
        }
    }
    match fault {
        Some(fault) => Err(fault.into()),
        None if worst == Level::Fault => Err(Fault::Failed("the doctor found a fault".to_owned())),
        None => Ok(()),
    }
}

async fn look(place: crate::store::Place, opening: Opening) -> Result<Vec<Finding>, StoreError> {
    let store = Store::open(place, opening).await?;
    let findings = examine(&store, Heads::of_user().as_ref()).await?;
    store.close().await;
    Ok(findings)
}

fn text(finding: &Finding) -> Result<(), Fault> {
    let mark = match finding.level {
        Level::Ok => "ok     ",
        Level::Warning => "warning",
        Level::Fault => "FAULT  ",
    };
    let say = |words: &str| print::line(SafeText::from_untrusted(words).as_str());
    say(&format!("{mark} {:<11} {}", finding.check, finding.found))?;
    match &finding.fix {
        Some(fix) => say(&format!("{:>20}-> {fix}", "")),
        None => Ok(()),
    }
}

async fn end(at: &At, pid: i32, json: bool) -> Result<(), Fault> {
    let store = open::reading(at).await?;
    let done = release(&store, pid).await?;
    store.close().await;
    if json {
        return print::json(&json!({ "released": done, "pid": pid }));
    }
    print::line(if done { "the session was ended" } else { "the session was gone already" })
}
