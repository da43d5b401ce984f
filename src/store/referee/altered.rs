//! Which columns of a row each kind of entry alters: one line for each statement of `project` that updates.
//!
//! A column that no line names is altered by nothing, and no console is granted it.

use std::collections::BTreeSet;

use super::writes;

/// In the place of a kind: every kind that writes the table.
pub const ANY: &str = "*";

/// A kind, a table whose rows it updates, and the columns that it alters there beside `seq`.
pub const ALTERED: &[(&str, &str, &str)] = &[
    ("store.repaired", "store", "state"),
    ("demo.sealed", "store", "sealed_at"),
    ("site.required", "site", "asks_number, asks_remote"),
    ("person.deactivated", "person", "state, left_at"),
    ("role.granted", "role_grant", "state, until_at"),
    ("role.revoked", "role_grant", "state"),
    ("raci.set", "raci", "value"),
    ("duty.set", "duty", "end_at"),
    ("duty.ended", "duty", "end_at"),
    ("asset.registered", "asset_key", "live"),
    (
        "asset.updated",
        "asset",
        "name, class, zone, vendor, product, model, order_number, firmware, serial, purdue, ip, safety, regulatory,
         production, owner, constraints, support_end, provenance, folded, part_of, safety_at, regulatory_at, production_at",
    ),
    ("asset.updated", "asset_key", "live"),
    ("asset.retired", "asset", "state"),
    ("vendor.updated", "vendor", "name, contact, contract_end"),
    ("vendor.suspended", "vendor", "state"),
    ("vendor.suspended", "vendor_person", "state"),
    ("vendor.resumed", "vendor", "state"),
    ("vendor.resumed", "vendor_person", "state"),
    (
        "vendor.person-registered",
        "vendor_person",
        "name, screening_until, training_until, ssh_keys, keys_told",
    ),
    (
        "advisory.imported",
        "advisory",
        "publisher, title, version, digest, reading, score, released_at, cves, findings, revisions, imported_at,
         folded, state",
    ),
    ("advisory.imported", "advisory_key", "live"),
    ("advisory.matched", "vuln_match", "tier, because, analyser"),
    ("import.confirmed", "import", "confirmed"),
    ("import.finished", "import", "state, read, accepted, refused"),
    (
        "risk.assessed",
        "risk",
        "state, inherent_weight, inherent, current_weight, current, residual_weight, residual, priority, owner, due_at,
         assessed_at",
    ),
    ("risk.reweighed", "risk", "inherent_weight, inherent, priority"),
    ("risk.treated", "risk", "state, treatment, compensating, owner, due_at"),
    ("risk.closed", "risk", "state"),
    ("risk.reopened", "risk", "state, accepted_until, lapsed"),
    ("risk.accepted", "risk", "state, treatment, accepted_until"),
    ("acceptance.decided", "acceptance", "state"),
    ("acceptance.decided", "approval", "state, decided_at"),
    ("acceptance.expired", "acceptance", "state"),
    ("outage.moved", "calendar", "start_at, end_at, note"),
    ("outage.cancelled", "calendar", "state, ended_at, ended_by, note"),
    ("blackout.ended", "calendar", "state, ended_at, ended_by, note"),
    ("intervention.set", "intervention", "allowed, set_by, set_at"),
    ("posture.target-set", "yardstick", "value, reason, set_by, set_at"),
    ("posture.weighed", "yardstick", "value, reason, set_by, set_at"),
    (
        "change.revised",
        "change",
        "state, title, start_at, end_at, approve_by, impacts, rollback, tests, external_ref, basis, procedures,
         revision, folded, note, alters_logic, alters_validated",
    ),
    (
        "change.revised",
        "approval",
        "state, revision, accountable, asked_at, approve_by, decided_at",
    ),
    (
        "change.impact-raised",
        "change",
        "impacts, revision, note, alters_logic, alters_validated",
    ),
    (
        "change.impact-raised",
        "approval",
        "state, revision, accountable, asked_at, approve_by, decided_at",
    ),
    ("change.reviewed", "change", ""),
    ("change.waived", "change", ""),
    ("change.decided", "change", "state"),
    ("change.decided", "approval", "state, decided_at"),
    ("change.started", "change", "state, note, evidence, before_ref, before_sum, external_ref"),
    (
        "change.completed",
        "change",
        "state, note, evidence, completed_at, external_ref, after_ref, after_sum",
    ),
    ("change.verified", "change", "state, note, evidence, after_ref, after_sum"),
    ("change.backed-out", "change", "state, note, evidence, backed_out_at"),
    ("change.renewed", "change", "revert_by"),
    ("change.withdrawn", "change", "state, note, evidence"),
    ("change.expired", "change", "state"),
    ("bypass.renewed", "bypass", "change, until_at, since, reason"),
    ("bypass.removed", "bypass", "state, removed_by, removed_at, note"),
    ("window.decided", "vendor_window", "state"),
    ("window.decided", "approval", "state, decided_at"),
    ("window.opened", "vendor_window", "state, opened_by, opened_at, note"),
    ("window.closed", "vendor_window", "state, ended_by, ended_at, note"),
    ("window.cut-off", "vendor_window", "state, ended_by, ended_at, note"),
    ("window.cancelled", "vendor_window", "state, ended_by, ended_at, note"),
    ("window.lapsed", "vendor_window", "state, ended_by, ended_at"),
    ("window.extended", "vendor_window", "end_at"),
    ("extension.decided", "extension", "state"),
    ("extension.decided", "approval", "state, decided_at"),
    ("session.cut-off", "access_session", "cut_off_by, cut_off_at, note"),
    ("session.ended", "access_session", "state, ended_by, ended_at, note"),
    ("incident.frozen", "incident", ""),
    ("incident.frozen", "site_freeze", "state, since, frozen_by, lifted_at, lifted_by, reason"),
    ("incident.unfrozen", "incident", ""),
    ("incident.unfrozen", "site_freeze", "state, lifted_at, lifted_by, reason"),
    ("incident.exempted", "incident", ""),
    ("report.triaged", "report", "state, triaged_by, triaged_at, outcome, link, reason"),
    (
        ANY,
        "posture_item",
        "site, weight, state, why, turns_at, turned, leaves_at, was, was_weight, moved, moved_at",
    ),
];

/// A row of `alters`: a column that a kind alters in rows of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Alters {
    /// The table.
    pub tab: &'static str,
    /// The column.
    pub col: &'static str,
    /// The kind.
    pub kind: &'static str,
}

/// The rows of `alters`, in order and each once; every kind that updates a row alters its `seq`.
pub fn alters() -> BTreeSet<Alters> {
    let rows = ALTERED.iter().flat_map(|&(by, tab, cols)| {
        let cols = cols.split(',').map(str::trim).filter(|col| !col.is_empty()).chain(["seq"]);
        let kinds =
            writes().filter(move |(kind, written)| *written == tab && (by == ANY || by == *kind));
        let kinds: Vec<_> = kinds.map(|(kind, _)| kind).collect();
        cols.flat_map(move |col| {
            kinds.clone().into_iter().map(move |kind| Alters { tab, col, kind })
        })
    });
    rows.collect()
}

/// The functions that hold every update to `alters`, by table: the name and the body of each.
///
/// Plain comparisons, column by column, because they are on the path of every command; a table all of whose columns every
/// kind alters that writes there needs none.
pub fn functions() -> Vec<(String, String)> {
    let rows = alters();
    let tables: BTreeSet<&str> = rows.iter().map(|row| row.tab).collect();
    tables.into_iter().filter_map(|tab| Some((name(tab), function(tab, &rows)?))).collect()
}

/// What the function of a table is called.
pub fn name(tab: &str) -> String {
    format!("referee_touched_{tab}")
}

fn function(tab: &str, rows: &BTreeSet<Alters>) -> Option<String> {
    let all = writes().filter(|(_, written)| *written == tab).count();
    let cols: BTreeSet<&str> =
        rows.iter().filter(|row| row.tab == tab).map(|row| row.col).collect();
    let tests: Vec<String> = cols
        .into_iter()
        .filter_map(|col| {
            let by = rows.iter().filter(|row| row.tab == tab && row.col == col);
            let kinds: Vec<String> = by.map(|row| super::text(row.kind)).collect();
            (kinds.len() < all).then(|| {
                format!(
                    "\n        WHEN NEW.{col} IS DISTINCT FROM OLD.{col} AND by_kind NOT IN ({}) THEN '{col}'",
                    kinds.join(", ")
                )
            })
        })
        .collect();
    if tests.is_empty() {
        return None;
    }
    let owner = super::GOVERNED.iter().find(|(governed, _)| *governed == tab)?.1;
    Some(format!(
        "
DECLARE
    by_kind CONSTANT text := (SELECT l.kind FROM smc.ledger AS l WHERE l.seq = NEW.seq);
    col text;
BEGIN
    col := CASE{}
    END;
    IF col IS NOT NULL THEN
        PERFORM smc.refuse_column('{tab}', col, NEW.{owner}::text, by_kind);
    END IF;
    RETURN NEW;
END
",
        tests.concat()
    ))
}

/// The statement that makes the table of these rows where an earlier program made the store.
pub fn table() -> String {
    let made = crate::store::server::LEDGER.split_once("CREATE TABLE alters (");
    let columns = made.and_then(|(_, rest)| rest.split_once("\n);")).map(|(columns, _)| columns);
    let columns = columns.unwrap_or_default();
    format!("CREATE TABLE IF NOT EXISTS smc.alters ({columns}\n);\n")
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

#[cfg(test)]
mod tests;
