//! The trigger functions that hold every update of a row to what its kind alters, one for each table.
//!
//! Plain comparisons, column by column, because they are on the path of every command.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{GOVERNED, text, writes};
use super::terms::{TERMS, Term};
use super::{ACTOR, Alters, INSTANT, NOTHING, alters};

/// What the function of a table is called.
pub fn name(tab: &str) -> String {
    format!("referee_touched_{tab}")
}

/// The name and the body of each function; a table all of whose columns every kind that writes there alters has none.
pub fn functions() -> Vec<(String, String)> {
    let rows = alters();
    let tables: BTreeSet<&str> = rows.iter().map(|row| row.tab).collect();
    tables.into_iter().filter_map(|tab| Some((name(tab), function(tab, &rows)?))).collect()
}

/// The functions as statements.
pub fn sql() -> String {
    let made = functions().into_iter().map(|(name, body)| {
        format!(
            "CREATE OR REPLACE FUNCTION smc.{name}() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, smc, pg_temp SET enable_seqscan = off SET jit = off
AS $altered${body}$altered$;\n"
        )
    });
    made.collect()
}

fn list(kinds: &[&str]) -> String {
    kinds.iter().map(|kind| text(kind)).collect::<Vec<_>>().join(", ")
}

/// Whether a column says what it must.
fn says(col: &str, holds: &str) -> String {
    match holds {
        ACTOR => format!("NEW.{col} IS NOT DISTINCT FROM session_user::text"),
        INSTANT => format!("NEW.{col} IS NOT DISTINCT FROM entry_at"),
        NOTHING => format!("NEW.{col} IS NULL"),
        word => format!("NEW.{col} IS NOT DISTINCT FROM {}", text(word)),
    }
}

/// What must not be of a column that an update altered; none where every kind that writes the table may alter it.
fn wrong(col: &str, rows: &[&Alters], all: usize) -> Option<String> {
    let mut by: BTreeMap<Option<&str>, Vec<&str>> = BTreeMap::new();
    for row in rows {
        by.entry(row.holds).or_default().push(row.kind);
    }
    let altered = format!("NEW.{col} IS DISTINCT FROM OLD.{col}");
    if let (Some(kinds), 1) = (by.get(&None), by.len()) {
        return (kinds.len() < all)
            .then(|| format!("{altered} AND by_kind NOT IN ({})", list(kinds)));
    }
    let may = by.iter().map(|(holds, kinds)| {
        let says = holds.map(|holds| format!(" AND {}", says(col, holds))).unwrap_or_default();
        format!("by_kind IN ({}){says}", list(kinds))
    });
    Some(format!("{altered} AND NOT ({})", may.collect::<Vec<_>>().join(" OR ")))
}

/// What refuses an update that does not hold a term. A question to other tables is made ready even where it is not asked, so
/// it stands by itself.
fn refuses(owner: &str, term: &Term) -> String {
    let Term { kind, holds, says: (said, hint), .. } = term;
    let (kind, said, hint) = (text(kind), text(said), text(hint));
    format!(
        "
    IF TG_OP = 'UPDATE' AND by_kind = {kind} THEN
        IF ({holds}) IS NOT TRUE THEN
            PERFORM smc.refuse('SM016', format({said}, NEW.{owner}) || ': ' || by_kind || ' was refused', {hint});
        END IF;
    END IF;"
    )
}

fn function(tab: &str, rows: &BTreeSet<Alters>) -> Option<String> {
    let all = writes().filter(|(_, written)| *written == tab).count();
    let mut by: BTreeMap<&str, Vec<&Alters>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.tab == tab) {
        by.entry(row.col).or_default().push(row);
    }
    let case = |tests: Vec<String>| format!("CASE{}\n        END;", tests.concat());
    let when = |col: &str, test: &str| format!("\n            WHEN {test} THEN '{col}'");
    let tests: Vec<String> =
        by.iter().filter_map(|(col, rows)| Some(when(col, &wrong(col, rows, all)?))).collect();
    if tests.is_empty() {
        return None;
    }
    let signed: Vec<String> = by
        .iter()
        .filter(|(_, rows)| rows.iter().any(|row| row.holds == Some(ACTOR)))
        .map(|(col, _)| when(col, &format!("NEW.{col} <> session_user::text")))
        .collect();
    let inserted = if signed.is_empty() { "NULL;".to_owned() } else { case(signed) };
    let owner = GOVERNED.iter().find(|(governed, _)| *governed == tab)?.1;
    let updated = case(tests);
    let terms: String =
        TERMS.iter().filter(|term| term.tab == tab).map(|term| refuses(owner, term)).collect();
    Some(format!(
        "
DECLARE
    by_kind text;
    entry_at timestamptz;
    col text;
BEGIN
    SELECT l.kind, l.at INTO by_kind, entry_at FROM smc.ledger AS l WHERE l.seq = NEW.seq;
    IF TG_OP = 'INSERT' THEN
        col := {inserted}
    ELSE
        col := {updated}
    END IF;
    IF col IS NOT NULL THEN
        PERFORM smc.refuse_column('{tab}', col, NEW.{owner}::text, by_kind, to_jsonb(NEW) ->> col, TG_OP = 'INSERT');
    END IF;{terms}
    RETURN NEW;
END
"
    ))
}
