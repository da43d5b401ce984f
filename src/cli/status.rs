//! `smc status`: the posture of every site at one moment.

use serde_json::Value;

use super::args::At;
use super::fault::Fault;
use super::table::{self, Column};
use super::{open, print};
use crate::safe_text::SafeText;

/// Shows the posture of every site.
#[derive(Debug, clap::Args)]
pub struct Status {
    /// Print JSON, one object.
    #[arg(long)]
    pub json: bool,
}

const COLUMNS: &[Column] = &[
    ("SITE", "/site", 4),
    ("GV", "/functions/GV", 3),
    ("ID", "/functions/ID", 3),
    ("PR", "/functions/PR", 3),
    ("DE", "/functions/DE", 3),
    ("RS", "/functions/RS", 3),
    ("RC", "/functions/RC", 3),
    ("P1", "/risks/p1", 4),
    ("P2", "/risks/p2", 4),
    ("P3", "/risks/p3", 4),
    ("P4", "/risks/p4", 4),
    ("BECAUSE", "/because", 60),
];

/// Runs `smc status`.
///
/// # Errors
/// Exit 4 for a store that does not answer.
pub async fn run(at: &At, status: &Status) -> Result<(), Fault> {
    let store = open::reading(at).await?;
    let mut reader = store.reader().await?;
    let found = reader.status().await?;
    reader.done().await;
    store.close().await;
    if status.json {
        return print::json(&found);
    }
    let demo = if found.demo { " | DEMO" } else { "" };
    let org = SafeText::from_untrusted(&found.org);
    print::line(&format!(
        "{org}{demo} | {} entries | head {} | {}",
        found.entries, found.head, found.as_of
    ))?;
    let rows: Result<Vec<Value>, _> = found.sites.iter().map(serde_json::to_value).collect();
    let rows = rows.map_err(|fault| Fault::Failed(fault.to_string()))?;
    table::table(COLUMNS, &rows, true)
}
