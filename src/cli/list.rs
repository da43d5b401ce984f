//! `smc list`: any list of the store, as a table or as JSON lines.

use serde_json::{Value, json};

use super::args::At;
use super::completions::Words;
use super::fault::Fault;
use super::table::{self, Column};
use super::{open, print};
use crate::store::query::{LISTS, NOT_BUILT, Page};

/// Rows that are read at a time when all are asked for.
const CHUNK: usize = 500;

/// Lists a subject.
#[derive(Debug, clap::Args)]
pub struct List {
    /// What to list: sites, zones, assets, people, roles, duties, raci, vendors, advisories, vulnerabilities,
    /// risks, acceptances, calendar (outages and blackouts), outages, blackouts, interventions, yardsticks (what posture is measured against), changes, bypasses, windows, extensions, sessions, access-events, access (who has it now, or had it then: at:2026-11-22T14:00Z), incidents, reports, log-lines, imports, alarms, tasks (yours, and the urgent ones of
    /// others), measures, items.
    #[arg(value_parser = Words::Lists, hide_possible_values = true)]
    pub subject: String,
    /// A filter, as in the console: state:open site:RLF due:<7d priority:<=2 some words; site:mine is where your roles reach.
    pub filter: Vec<String>,
    /// Most rows; all unless given. What goes on after them is told on stderr.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub limit: Option<u32>,
    /// Go on after a page: the cursor that it gave.
    #[arg(long, value_name = "CURSOR")]
    pub after: Option<String>,
    /// Print JSON, an object for each row.
    #[arg(long)]
    pub json: bool,
}

const REF: Column = ("REF", "/ref", 24);
const SITE: Column = ("SITE", "/site", 4);
const STATE: Column = ("STATE", "/state", 12);
const NOW: Column = ("STATE", "/effective_state", 12);
const TITLE: Column = ("TITLE", "/title", 60);

/// The columns of outages and blackouts.
const SLOTS: &[Column] = &[
    ("REF", "/ref", 7),
    SITE,
    ("STATE", "/effective_state", 10),
    ("BEGINS", "/start", 17),
    ("ENDS", "/end", 17),
    ("ASSETS", "/assets", 24),
    TITLE,
];

/// The columns of each list that has its own.
const COLUMNS: &[(&str, &[Column])] = &[
    ("sites", &[REF, ("ZONE", "/timezone", 20), ("SECTOR", "/sector", 14), TITLE]),
    (
        "zones",
        &[
            REF,
            ("PURDUE", "/purdue", 6),
            ("SL-T", "/sl_target", 4),
            ("SL-A", "/sl_achieved", 4),
            TITLE,
        ],
    ),
    (
        "assets",
        &[
            REF,
            ("CLASS", "/class", 12),
            ("ZONE", "/zone", 10),
            ("VENDOR", "/vendor", 14),
            ("FIRMWARE", "/firmware", 10),
            TITLE,
        ],
    ),
    ("people", &[REF, STATE, ("DISCIPLINES", "/disciplines", 30), ("ROLES", "/roles", 40)]),
    ("roles", &[REF, SITE, STATE, ("UNTIL", "/until", 17), TITLE]),
    ("duties", &[REF, SITE, STATE, ("FROM", "/from", 17), ("UNTIL", "/until", 17), TITLE]),
    (
        "raci",
        &[
            ("REF", "/ref", 24),
            ("FROM", "/state", 9),
            ("IT", "/cells/it_security", 2),
            ("OP", "/cells/operations", 2),
            ("EN", "/cells/engineering", 2),
            ("QU", "/cells/quality", 2),
            ("SA", "/cells/safety", 2),
            ("VM", "/cells/vendor_management", 2),
            ("MG", "/cells/management", 2),
        ],
    ),
    (
        "vendors",
        &[
            REF,
            STATE,
            ("CONTRACT TO", "/contract_end", 17),
            ("PERSONS", "/persons", 24),
            ("RUNS OUT", "/runs_out", 40),
            TITLE,
        ],
    ),
    (
        "extensions",
        &[
            REF,
            SITE,
            STATE,
            ("WINDOW", "/window", 7),
            ("END", "/old_end", 17),
            ("LATER", "/end", 17),
            ("APPROVALS", "/approvals", 14),
            TITLE,
        ],
    ),
    ("calendar", SLOTS),
    ("outages", SLOTS),
    ("blackouts", SLOTS),
    (
        "bypasses",
        &[
            REF,
            SITE,
            ("STATE", "/effective_state", 8),
            ("UNTIL", "/until", 17),
            ("ASSET", "/asset", 20),
            ("CHANGE", "/change", 8),
            TITLE,
        ],
    ),
    (
        "interventions",
        &[
            ("REF", "/ref", 24),
            SITE,
            ("CLASS", "/class", 14),
            ("DONE", "/intervention", 13),
            ("ALLOWED", "/allowed", 8),
            ("SET BY", "/set_by", 12),
        ],
    ),
    (
        "yardsticks",
        &[
            ("REF", "/ref", 24),
            SITE,
            ("VALUE", "/value", 5),
            ("SET BY", "/set_by", 12),
            ("SET", "/set_at", 17),
            TITLE,
        ],
    ),
    (
        "sessions",
        &[
            REF,
            SITE,
            NOW,
            ("SINCE", "/started_at", 17),
            ("WINDOW", "/window", 7),
            ("VENDOR", "/vendor", 10),
            TITLE,
        ],
    ),
    (
        "access-events",
        &[
            ("REF", "/ref", 7),
            SITE,
            ("STATE", "/state", 8),
            ("AT", "/at", 17),
            ("BECAUSE", "/because", 9),
            ("WINDOW", "/window", 7),
            ("FROM", "/source", 15),
            TITLE,
        ],
    ),
    (
        "access",
        &[
            ("REF", "/ref", 7),
            SITE,
            STATE,
            ("SINCE", "/since", 17),
            ("UNTIL", "/until", 17),
            ("SESSIONS", "/sessions", 12),
            ("BECAUSE", "/because", 9),
            TITLE,
        ],
    ),
    (
        "advisories",
        &[
            REF,
            ("CVSS/10", "/score", 7),
            ("CONF", "/confirmed", 5),
            ("LIKE", "/likely", 5),
            ("RELEASED", "/released", 17),
            TITLE,
        ],
    ),
    (
        "vulnerabilities",
        &[
            ("ASSET", "/asset", 24),
            ("TIER", "/tier", 12),
            ("CVE", "/cve", 16),
            ("RISK", "/risk", 7),
            ("ADVISORY", "/advisory", 40),
        ],
    ),
    (
        "risks",
        &[
            ("P", "/priority", 1),
            REF,
            SITE,
            NOW,
            ("DUE", "/due", 17),
            ("OWNER", "/owner", 10),
            TITLE,
        ],
    ),
    (
        "acceptances",
        &[
            REF,
            SITE,
            STATE,
            ("UNTIL", "/until", 17),
            ("RISK", "/risk", 7),
            ("APPROVALS", "/approvals", 14),
            TITLE,
        ],
    ),
    ("changes", &[REF, SITE, NOW, ("START", "/start", 17), ("APPROVALS", "/approvals", 14), TITLE]),
    (
        "windows",
        &[
            REF,
            SITE,
            NOW,
            ("END", "/end", 17),
            ("VENDOR", "/vendor", 10),
            ("APPROVALS", "/approvals", 14),
            TITLE,
        ],
    ),
    (
        "incidents",
        &[("S", "/severity", 1), REF, SITE, STATE, ("DECLARED", "/declared_at", 17), TITLE],
    ),
    ("reports", &[REF, SITE, STATE, ("AT", "/submitted_at", 17), ("BY", "/author", 12), TITLE]),
    ("log-lines", &[REF, SITE, ("AT", "/added_at", 17), ("BY", "/author", 12), TITLE]),
    ("imports", &[REF, SITE, STATE, ("READ", "/read", 7), ("TAKEN", "/accepted", 7), TITLE]),
    (
        "measures",
        &[
            SITE,
            ("FN", "/function", 2),
            ("MEASURE", "/measure", 18),
            ("W", "/counts_for", 2),
            ("%", "/percent", 5),
            ("OK", "/ok/items", 6),
            ("BAD", "/bad/items", 6),
            ("STALE", "/stale/items", 6),
            ("UNKN", "/unknown/items", 6),
            ("EXC", "/excepted/items", 4),
        ],
    ),
    (
        "items",
        &[
            REF,
            SITE,
            ("STATE", "/state", 8),
            ("MEASURE", "/measure", 18),
            ("WT", "/weight", 2),
            ("PART", "/part", 18),
            ("WHY", "/why", 40),
            TITLE,
        ],
    ),
    (
        "alarms",
        &[("P", "/priority", 1), ("REF", "/ref", 26), SITE, STATE, ("DUE", "/due", 17), TITLE],
    ),
    (
        "tasks",
        &[
            ("P", "/priority", 1),
            ("REF", "/ref", 16),
            SITE,
            ("MINE", "/mine", 5),
            STATE,
            ("DUE", "/due", 17),
            TITLE,
        ],
    ),
];

/// The columns of a list.
fn columns(list: &str) -> &'static [Column] {
    COLUMNS
        .iter()
        .find(|(name, _)| *name == list)
        .map_or(&[REF, SITE, STATE, TITLE], |(_, columns)| columns)
}

/// Runs `smc list`.
///
/// # Errors
/// Exit 2 for a subject that has no list, or a filter that is not understood; 4 for a store that does not answer.
pub async fn run(at: &At, list: List) -> Result<(), Fault> {
    let name = list.subject.as_str();
    if !LISTS.contains(&name) && !NOT_BUILT.contains(&name) {
        let known = LISTS.join(", ");
        return Err(Fault::Usage(format!("there is no list of {name:?}: it is one of {known}")));
    }
    let store = open::reading(at).await?;
    let mut reader = store.reader().await?;
    let filter = list.filter.join(" ");
    let limit = list.limit.and_then(|limit| usize::try_from(limit).ok());
    let mut after = list.after;
    let mut begun = false;
    loop {
        let page = Page { limit: limit.unwrap_or(CHUNK), after: after.take() };
        let listing = reader.listing(name, &filter, &page).await?;
        if list.json {
            listing.rows.iter().try_for_each(print::json)?;
        } else if listing.rows.is_empty() && !begun {
            print::stderr("nothing");
        } else {
            table::table(columns(name), &listing.rows, !begun)?;
        }
        begun = true;
        match listing.next {
            None => break,
            Some(next) if limit.is_some() => {
                tell(&next, list.json);
                break;
            }
            Some(next) => after = Some(next),
        }
    }
    reader.done().await;
    store.close().await;
    Ok(())
}

/// Says on stderr how to go on, so that stdout holds rows only.
fn tell(next: &str, as_json: bool) {
    if as_json {
        let value: Value = json!({ "next": next });
        print::stderr(&value.to_string());
    } else {
        print::stderr(&format!("there is more: --after {next}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_has_columns_and_no_column_is_of_another_list() {
        for (name, _) in COLUMNS {
            assert!(LISTS.contains(name), "{name}");
        }
        for name in LISTS {
            assert!(COLUMNS.iter().any(|(known, _)| known == name), "{name}");
        }
    }
}
