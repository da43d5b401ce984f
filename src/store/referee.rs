//! What PostgreSQL must know to hold the rules against raw SQL: rows made from the command table, never by hand.
//!
//! They stand between the functions and the guard. What the rules are is not said here.

mod altered;
mod transitions;

#[expect(
    clippy::disallowed_types,
    reason = "every word of the text is a constant of this program"
)]
use sqlx::AssertSqlSafe;
use sqlx::PgConnection;

use super::fault::StoreError;
use crate::domain::command::table;
use crate::domain::discipline::Discipline;
use crate::domain::role::{Right, Role};
use crate::domain::rule;

pub use altered::{Alters, alters, functions, name as altered_by};
pub use transitions::{Transition, transitions};

/// A row of `kind`: a kind of entry that may be appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindRow {
    /// The kind's stable name.
    pub name: &'static str,
    /// The subject's name.
    pub subject: &'static str,
    /// The prefix of the number that it gives to a new subject.
    pub prefix: Option<&'static str>,
    /// The prefix of the numbers that its subjects have.
    pub numbered: Option<&'static str>,
    /// Whether time or analysis concludes it, so that any person who writes records it.
    pub automatic: bool,
    /// Whether a role at one site is enough for any site.
    pub anywhere: bool,
    /// The version of the rules that new entries are made under.
    pub rule: u32,
}

/// A row of `kind_right`: a role that may append a kind, alone or with a discipline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RightRow {
    /// The kind.
    pub kind: &'static str,
    /// The role.
    pub role: Role,
    /// The discipline that must be held too; none is any or none.
    pub discipline: Option<Discipline>,
}

/// Every table that entries write, with the column that names the subject a row belongs to.
pub const GOVERNED: &[(&str, &str)] = &[
    ("store", "ref"),
    ("restore", "ref"),
    ("restored", "restore_ref"),
    ("site", "ref"),
    ("zone", "ref"),
    ("person", "ref"),
    ("person_discipline", "person_ref"),
    ("role_grant", "person_ref"),
    ("raci", "raci_ref"),
    ("duty", "person_ref"),
    ("asset", "ref"),
    ("asset_key", "asset_ref"),
    ("vendor", "ref"),
    ("vendor_person", "vendor_ref"),
    ("import", "ref"),
    ("advisory", "ref"),
    ("advisory_revision", "advisory_ref"),
    ("advisory_key", "advisory_ref"),
    ("vuln_match", "advisory_ref"),
    ("match_run", "advisory_ref"),
    ("risk", "ref"),
    ("approval", "ref"),
    ("requirement", "approval_ref"),
    ("concern", "approval_ref"),
    ("decision", "approval_ref"),
    ("acceptance", "ref"),
    ("calendar", "ref"),
    ("calendar_asset", "calendar_ref"),
    ("intervention", "ref"),
    ("yardstick", "ref"),
    ("change", "ref"),
    ("change_asset", "change_ref"),
    ("change_risk", "change_ref"),
    ("waiver", "change_ref"),
    ("vendor_window", "ref"),
    ("window_asset", "window_ref"),
    ("despite", "window_ref"),
    ("extension", "ref"),
    ("bypass", "ref"),
    ("access_session", "ref"),
    ("access_event", "ref"),
    ("incident", "ref"),
    ("incident_site", "incident_ref"),
    ("site_freeze", "incident_ref"),
    ("exemption", "incident_ref"),
    ("comment", "object_ref"),
    ("report", "ref"),
    ("log_line", "ref"),
    ("alarm_acknowledgement", "alarm_ref"),
    ("alarm_shelf", "alarm_ref"),
    ("task_snooze", "task_ref"),
    ("posture_item", "subject_ref"),
];

/// Tables that no entry's kind writes: the numbers given out, and what triggers count of posture's items.
pub const COUNTED: &[&str] = &["counter", "posture_clock", "posture_count"];

/// Tables whose rows have times that approval never moves: the kind that moves them, the kind that begins within them, and
/// the kind that moves the date of reverting, where there is one.
pub const TIMED: &[(&str, &str, &str, &str)] = &[
    ("change", "change.revised", "change.started", "change.renewed"),
    ("vendor_window", "window.extended", "window.opened", ""),
];

/// Tables whose rows are evidence: written once and never updated.
pub const FIXED: &[&str] = &[
    "restore",
    "restored",
    "advisory_revision",
    "match_run",
    "requirement",
    "concern",
    "decision",
    "calendar_asset",
    "change_asset",
    "change_risk",
    "waiver",
    "window_asset",
    "despite",
    "access_event",
    "comment",
    "exemption",
    "log_line",
    "alarm_acknowledgement",
    "alarm_shelf",
    "task_snooze",
];

/// Columns that hold the login of whoever wrote the entry, which no one may fill with another's.
pub const SIGNED: &[(&str, &str)] = &[
    ("restore", "proposed_by"),
    ("restored", "confirmed_by"),
    ("import", "author"),
    ("approval", "requester"),
    ("decision", "person"),
    ("acceptance", "requester"),
    ("calendar", "author"),
    ("change", "requester"),
    ("waiver", "person"),
    ("vendor_window", "requester"),
    ("despite", "person"),
    ("extension", "requester"),
    ("bypass", "placed_by"),
    ("access_session", "started_by"),
    ("access_event", "recorded_by"),
    ("incident", "declared_by"),
    ("exemption", "person"),
    ("comment", "person"),
    ("report", "author"),
    ("log_line", "author"),
    ("alarm_acknowledgement", "person"),
    ("alarm_shelf", "person"),
    ("task_snooze", "person"),
];

/// The rows of `kind`.
pub fn kinds() -> impl Iterator<Item = KindRow> {
    table().map(|spec| KindRow {
        name: spec.kind,
        subject: spec.subject,
        prefix: spec.creates,
        numbered: table()
            .filter(|other| other.subject == spec.subject)
            .find_map(|other| other.creates),
        automatic: spec.right == Right::Record,
        anywhere: spec.right.anywhere(),
        rule: rule::CURRENT,
    })
}

/// The rows of `kind_right`. Kinds of the store's founder and owner have none: no role gives them.
pub fn kind_rights() -> impl Iterator<Item = RightRow> {
    table().filter(|spec| spec.right != Right::Found).flat_map(|spec| {
        Role::ALL.iter().flat_map(move |&role| {
            let given = spec.right.given_by(role).unwrap_or_default();
            given.iter().map(move |&discipline| RightRow { kind: spec.kind, role, discipline })
        })
    })
}

/// The rows of `writes`: the tables that each kind may write.
pub fn writes() -> impl Iterator<Item = (&'static str, &'static str)> {
    table().flat_map(|spec| spec.tables.iter().map(|&tab| (spec.kind, tab)))
}

/// Puts these rows in the place of those that stood, as the owner.
///
/// # Errors
/// What the engine says.
pub async fn fill(c: &mut PgConnection) -> Result<(), StoreError> {
    // Every word of it is a constant of this program.
    sqlx::raw_sql(AssertSqlSafe(altered::table() + &sql())).execute(c).await?;
    Ok(())
}

/// The same as statements, to be printed for a DBA.
pub fn sql() -> String {
    let kinds = kinds().map(|row| {
        let KindRow { name, subject, prefix, numbered, automatic, anywhere, rule } = row;
        let (prefix, numbered) = (or_null(prefix), or_null(numbered));
        format!(
            "({}, {}, {prefix}, {numbered}, {automatic}, {anywhere}, {rule})",
            text(name),
            text(subject)
        )
    });
    let rights = kind_rights().map(|RightRow { kind, role, discipline }| {
        let discipline = or_null(discipline.map(Discipline::word));
        format!("({}, {}, {discipline})", text(kind), text(role.word()))
    });
    let pair = |(a, b): (&str, &str)| format!("({}, {})", text(a), text(b));
    let governed = GOVERNED
        .iter()
        .map(|(tab, owner)| format!("({}, {}, {})", text(tab), text(owner), FIXED.contains(tab)));
    let moves = transitions().into_iter().map(|Transition { tab, kind, from, to }| {
        format!("({}, {}, {}, {})", text(tab), text(kind), text(from), text(to))
    });
    let alters = alters().into_iter().map(|Alters { tab, col, kind, holds }| {
        format!("({}, {}, {}, {})", text(tab), text(col), text(kind), or_null(holds))
    });
    let tables: [(&str, Vec<String>); 7] = [
        ("kind (name, subject, prefix, numbered, automatic, anywhere, rule)", kinds.collect()),
        ("kind_right (kind, role, discipline)", rights.collect()),
        ("governed (tab, owner, fixed)", governed.collect()),
        ("signed (tab, col)", SIGNED.iter().copied().map(pair).collect()),
        ("writes (kind, tab)", writes().map(pair).collect()),
        ("transition (tab, kind, from_state, to_state)", moves.collect()),
        ("alters (tab, col, kind, holds)", alters.collect()),
    ];
    let mut script = String::from("-- What the program's command table says.\n");
    for (table, _) in tables.iter().rev() {
        let name = table.split_once(' ').map_or(*table, |(name, _)| name);
        script.push_str(&format!("DELETE FROM smc.{name};\n"));
    }
    for (table, rows) in &tables {
        script
            .push_str(&format!("INSERT INTO smc.{table} VALUES\n    {};\n", rows.join(",\n    ")));
    }
    script.push_str(&altered::sql());
    script
}

fn text(word: &str) -> String {
    format!("'{}'", word.replace('\'', "''"))
}

fn or_null(word: Option<&str>) -> String {
    word.map_or_else(|| "NULL".to_owned(), text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLES: &str = include_str!("../../migrations/postgres/0002_tables.sql");

    fn columns(table: &str) -> Option<&'static str> {
        let (_, rest) = TABLES.split_once(&format!("CREATE TABLE {table} ("))?;
        rest.split_once("\n);").map(|(columns, _)| columns)
    }

    #[test]
    fn the_guard_holds_the_times_of_every_table_that_has_them() {
        let guard = include_str!("../../migrations/postgres/0004_guard.sql");
        for (table, moves, begins, renews) in TIMED {
            let held = format!("referee_times('{moves}', '{begins}', '{renews}')");
            assert!(guard.contains(&held), "{table}");
            assert!(renews.is_empty() || writes().any(|row| row == (*renews, *table)), "{renews}");
            assert!(writes().any(|row| row == (*moves, *table)), "{moves}");
            assert!(writes().any(|row| row == (*begins, *table)), "{begins}");
        }
    }

    #[test]
    fn every_table_that_a_kind_writes_is_governed() {
        for (kind, tab) in writes() {
            assert!(GOVERNED.iter().any(|(governed, _)| *governed == tab), "{kind} writes {tab}");
        }
    }

    #[test]
    fn every_table_but_the_counters_is_governed_and_written_by_some_kind() {
        for line in TABLES.lines() {
            let Some(table) = line.strip_prefix("CREATE TABLE ") else { continue };
            let table = table.trim_end_matches(" (");
            assert!(
                COUNTED.contains(&table) || GOVERNED.iter().any(|(tab, _)| *tab == table),
                "{table} is not governed"
            );
        }
        for (tab, _) in GOVERNED {
            assert!(writes().any(|(_, written)| written == *tab), "nothing writes {tab}");
        }
    }

    #[test]
    fn every_governed_table_has_its_owner_and_the_entry_that_wrote_it() {
        let column = |table: &str, name: &str| {
            columns(table).is_some_and(|text| {
                text.lines().any(|line| line.split_whitespace().next() == Some(name))
            })
        };
        for (tab, owner) in GOVERNED {
            assert!(column(tab, "seq") && column(tab, owner), "{tab} ({owner})");
            assert!(*owner == "ref" || owner.ends_with("_ref"), "{tab} ({owner})");
        }
        for tab in FIXED {
            assert!(GOVERNED.iter().any(|(governed, _)| governed == tab), "{tab}");
        }
        for (tab, signed) in SIGNED {
            assert!(column(tab, signed), "{tab} ({signed})");
        }
    }

    #[test]
    fn what_only_the_owner_may_say_is_given_by_no_role() {
        assert!(kinds().any(|row| row.name == "store.repaired"));
        for kind in ["store.founded", "store.repaired"] {
            assert!(!kind_rights().any(|row| row.kind == kind), "{kind}");
        }
        assert!(kind_rights().any(|row| {
            (row.kind, row.role, row.discipline)
                == ("window.opened", Role::ShiftLead, Some(Discipline::Operations))
        }));
    }
}
