//! `smc show`: one object, whole.

use serde_json::Value;

use super::args::At;
use super::fault::Fault;
use super::table::{self, Column};
use super::{open, print};

/// Shows an object by its reference.
#[derive(Debug, clap::Args)]
pub struct Show {
    /// The reference: CR-12, RLF, RLF/PLC-7, RLF:CTRL, a login, a vendor, an advisory, control.change@RLF, store.
    #[arg(value_name = "REF")]
    pub reference: String,
    /// Print JSON, one object.
    #[arg(long)]
    pub json: bool,
}

const APPROVALS: &[Column] = &[
    ("DISCIPLINE", "/discipline", 18),
    ("NEED", "/need", 6),
    ("VETO", "/veto", 5),
    ("SAID", "/decision", 4),
    ("BY", "/person", 12),
    ("AT", "/decided_at", 17),
    ("COULD", "/could", 30),
    ("BECAUSE", "/because", 60),
];
const HEARD: &[Column] =
    &[("DISCIPLINE", "/discipline", 18), ("SAYS", "/comment", 10), ("BECAUSE", "/because", 80)];
const DIFFERENCES: &[Column] =
    &[("FIELD", "/field", 18), ("BEFORE", "/before", 40), ("NOW", "/after", 60)];
const REFUSED: &[Column] = &[
    ("DISCIPLINE", "/discipline", 18),
    ("VETO", "/veto", 5),
    ("BY", "/person", 12),
    ("AT", "/decided_at", 17),
    ("REASON", "/reason", 60),
];
const PERSONS: &[Column] = &[
    ("PERSON", "/person", 24),
    ("SCREENED TO", "/screening_until", 17),
    ("TRAINED TO", "/training_until", 17),
    ("NAME", "/name", 40),
];
const LINKS: &[Column] =
    &[("WHAT", "/what", 13), ("REF", "/ref", 40), ("STATE", "/state", 12), ("TITLE", "/title", 60)];
const CAUSES: &[Column] = &[
    ("ENTRY", "/seq", 9),
    ("AT", "/at", 17),
    ("BY", "/actor", 12),
    ("KIND", "/kind", 20),
    ("BECAUSE", "/cause", 9),
    ("SUBJECT", "/subject", 60),
];

/// The parts of an object that are tables of their own.
const PARTS: &[(&str, &str, &[Column])] = &[
    ("approvals", "Approvals", APPROVALS),
    ("consulted", "Consulted", HEARD),
    ("informed", "Informed", HEARD),
    ("refused", "Said no to the one it replaces", REFUSED),
    ("differences", "Asks otherwise than the one it replaces", DIFFERENCES),
    ("persons", "Persons", PERSONS),
    ("links", "Links", LINKS),
    ("causes", "Because of", CAUSES),
];

/// Runs `smc show`.
///
/// # Errors
/// Exit 3 with the code `unknown` if nothing is called that; 4 for a store that does not answer.
pub async fn run(at: &At, show: &Show) -> Result<(), Fault> {
    let store = open::reading(at).await?;
    let mut reader = store.reader().await?;
    let shown = reader.show(&show.reference).await?;
    let mut value = shown.json()?;
    reader.done().await;
    store.close().await;
    if show.json {
        return print::json(&value);
    }
    let mut parts = Vec::new();
    if let Value::Object(map) = &mut value {
        if let Some(Value::Object(replaces)) = map.remove("replaces") {
            map.extend(replaces.into_iter().filter(|(name, _)| name != "ref"));
        }
        for (field, title, columns) in PARTS {
            if let Some(Value::Array(rows)) = map.remove(*field) {
                parts.push((*title, *columns, rows));
            }
        }
    }
    table::object(&value)?;
    for (title, columns, rows) in parts.iter().filter(|(_, _, rows)| !rows.is_empty()) {
        print::line(&format!("\n{title}"))?;
        table::table(columns, rows, true)?;
    }
    Ok(())
}
