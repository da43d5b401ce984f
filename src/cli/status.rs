//! `smc status`: the posture of every site at one moment.

use serde_json::{Value, json};

use super::args::At;
use super::fault::Fault;
use super::table::{self, Column};
use super::{open, print};
use crate::domain::posture::{EVERYWHERE, TARGET};
use crate::safe_text::SafeText;
use crate::store::query::{Ranks, Scores};

/// Shows the posture of every site.
#[derive(Debug, clap::Args)]
pub struct Status {
    /// Print JSON, one object.
    #[arg(long)]
    pub json: bool,
}

const COLUMNS: &[Column] = &[
    ("SITE", "/site", 4),
    ("GV", "/functions/GV", 5),
    ("ID", "/functions/ID", 5),
    ("PR", "/functions/PR", 5),
    ("DE", "/functions/DE", 5),
    ("RS", "/functions/RS", 5),
    ("RC", "/functions/RC", 5),
    ("P1", "/risks/p1", 4),
    ("P2", "/risks/p2", 4),
    ("P3", "/risks/p3", 4),
    ("P4", "/risks/p4", 4),
    ("BECAUSE", "/because", 60),
];

/// A row of the table: numbers with `v` where they miss the target and `?` where their items are in doubt.
fn row(site: &str, functions: &Scores, risks: Ranks, because: Option<&str>) -> Value {
    let mut marked = serde_json::Map::new();
    for (function, score) in &functions.0 {
        let number = score.number.map_or_else(|| "--".to_owned(), |number| number.to_string());
        let misses = score.number.is_some_and(|number| number < TARGET);
        let text = format!(
            "{number}{}{}",
            if misses { "v" } else { "" },
            if score.doubtful { "?" } else { "" }
        );
        marked.insert(function.word().to_owned(), Value::String(text));
    }
    json!({ "site": site, "functions": marked, "risks": risks, "because": because })
}

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
    let worst: Vec<String> = (found.worst.0.iter())
        .filter_map(|(function, site)| Some(format!("{function} {}", site.as_deref()?)))
        .collect();
    if !worst.is_empty() {
        print::line(&format!("worst sites: {}", worst.join(", ")))?;
    }
    print::line(&format!(
        "v misses the target of {TARGET}, ? is in doubt, -- too little is measured; `smc list measures` shows why"
    ))?;
    let all = row(EVERYWHERE, &found.functions, found.risks, found.because.as_deref());
    let sites = found
        .sites
        .iter()
        .map(|site| row(&site.site, &site.functions, site.risks, site.because.as_deref()));
    let rows: Vec<Value> = [all].into_iter().chain(sites).collect();
    table::table(COLUMNS, &rows, true)
}
