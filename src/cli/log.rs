//! `smc log`: the ledger's entries as they stand, and as they come.

use std::time::Duration;

use super::args::At;
use super::fault::Fault;
use super::{open, print};
use crate::safe_text::SafeText;
use crate::store::query::{LogEntry, LogQuery, Since};
use crate::store::{Store, StoreError};

/// Entries that are read at a time.
const CHUNK: i64 = 1_000;

/// How often the end of the ledger is looked at while following.
const POLL: Duration = Duration::from_millis(250);

/// The longest wait before a store that did not answer is asked again.
const PATIENCE: Duration = Duration::from_secs(8);

/// Shows entries of the ledger.
#[derive(Debug, clap::Args)]
pub struct Log {
    /// From this entry or this instant on: 812, 2026-11-22 or 2026-11-22T14:00:00Z.
    #[arg(long, value_name = "SEQ|TIME", value_parser = since)]
    pub since: Option<Since>,
    /// Only entries about this reference.
    #[arg(long, value_name = "REF")]
    pub subject: Option<String>,
    /// Most entries; all unless given.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(1..))]
    pub limit: Option<i64>,
    /// Go on with entries as they are written, until interrupted.
    #[arg(long)]
    pub follow: bool,
    /// Print JSON, an object for each entry.
    #[arg(long)]
    pub json: bool,
}

fn since(text: &str) -> Result<Since, String> {
    Since::parse(text)
        .ok_or_else(|| "write an entry's number, a day or a time with its zone".to_owned())
}

/// Runs `smc log`.
///
/// # Errors
/// Exit 4 for a store that does not answer; while following it is asked again instead.
pub async fn run(at: &At, log: Log) -> Result<(), Fault> {
    let store = open::reading(at).await?;
    let mut left = log.limit.unwrap_or(i64::MAX);
    let mut from = log.since.unwrap_or(Since::START);
    let mut wait = POLL;
    loop {
        match read(&store, &log, from, &mut left).await {
            Ok(next) => {
                from = Since::Seq(next);
                wait = POLL;
            }
            Err(Fault::Store(StoreError::Unavailable(why))) if log.follow => {
                wait = wait.saturating_mul(2).min(PATIENCE);
                print::stderr(&format!("smc: the store does not answer, asking again: {why}"));
            }
            Err(fault) => return Err(fault),
        }
        if !log.follow || left == 0 {
            store.close().await;
            return Ok(());
        }
        tokio::time::sleep(wait).await;
    }
}

/// Prints what stands from a place on; gives the place after the end that was read.
async fn read(store: &Store, log: &Log, from: Since, left: &mut i64) -> Result<i64, Fault> {
    let mut reader = store.reader().await?;
    let end = reader.snapshot().head.tip.seq;
    let mut since = from;
    while *left > 0 {
        let limit = CHUNK.min(*left);
        let query = LogQuery { since, subject: log.subject.clone(), limit };
        let entries = reader.log(&query).await?;
        let Some(last) = entries.last() else { break };
        since = Since::Seq(last.seq.saturating_add(1));
        let count = i64::try_from(entries.len()).unwrap_or(i64::MAX);
        for entry in &entries {
            if log.json { print::json(entry)? } else { print::line(&line(entry))? }
        }
        *left = left.saturating_sub(count);
        if count < limit {
            break;
        }
    }
    reader.done().await;
    Ok(end.saturating_add(1))
}

/// One entry on one line: place, time, who, what, about what.
fn line(entry: &LogEntry) -> String {
    let safe = |text: &str, columns| SafeText::from_untrusted(text).pad(columns);
    let because = entry.cause.map(|seq| format!("  because of {seq}")).unwrap_or_default();
    let at = entry.at.utc().format("%Y-%m-%d %H:%M:%SZ").to_string();
    format!(
        "{:>7}  {at}  {}  {}  {}{because}",
        entry.seq,
        safe(&entry.actor, 10),
        safe(&entry.kind, 20),
        SafeText::from_untrusted(&entry.subject)
    )
}
