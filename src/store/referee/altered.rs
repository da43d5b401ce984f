//! Which columns of a row each kind of entry alters, and what it writes there: one line for each statement of `project`
//! that updates.
//!
//! A column that no line names is altered by nothing, and no console is granted it.

mod function;
mod terms;

use std::collections::BTreeSet;

use super::writes;

pub use function::{functions, name, sql};

/// In the place of a kind: every kind that writes the table.
pub const ANY: &str = "*";

/// What a column must say that names whoever did it: the login that is at the other end.
pub const ACTOR: &str = "actor";
/// What a column must say that names when it was done: the instant of the entry.
pub const INSTANT: &str = "instant";
/// What a column must say that is emptied.
pub const NOTHING: &str = "nothing";

/// A kind, a table whose rows it updates, and the columns that it alters there beside `seq`. After a sign of equality
/// stands what it writes, if that follows from the entry alone: `actor`, `instant`, `nothing`, or a word.
pub const ALTERED: &[(&str, &str, &str)] = &[
    ("store.repaired", "store", "state = repaired"),
    ("demo.sealed", "store", "sealed_at = instant"),
    ("site.required", "site", "asks_number, asks_remote"),
    ("person.deactivated", "person", "state = deactivated, left_at = instant"),
    ("role.granted", "role_grant", "state = held, until_at"),
    ("role.revoked", "role_grant", "state = revoked"),
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
    ("asset.retired", "asset", "state = retired"),
    ("vendor.updated", "vendor", "name, contact, contract_end"),
    ("vendor.suspended", "vendor", "state = suspended"),
    ("vendor.suspended", "vendor_person", "state = suspended"),
    ("vendor.resumed", "vendor", "state = active"),
    ("vendor.resumed", "vendor_person", "state = active"),
    (
        "vendor.person-registered",
        "vendor_person",
        "name, screening_until, training_until, ssh_keys, keys_told",
    ),
    (
        "advisory.imported",
        "advisory",
        "publisher, title, version, digest, reading, score, released_at, cves, findings, revisions, imported_at = instant,
         folded, state = new",
    ),
    ("advisory.imported", "advisory_key", "live"),
    ("advisory.matched", "vuln_match", "tier, because, analyser"),
    ("import.confirmed", "import", "confirmed"),
    ("import.finished", "import", "state = finished, read, accepted, refused"),
    (
        "risk.assessed",
        "risk",
        "state, inherent_weight, inherent, current_weight, current, residual_weight, residual, priority, owner, due_at,
         assessed_at = instant",
    ),
    ("risk.reweighed", "risk", "inherent_weight, inherent, priority"),
    ("risk.treated", "risk", "state, treatment, compensating, owner, due_at"),
    ("risk.closed", "risk", "state"),
    ("risk.reopened", "risk", "state, accepted_until = nothing, lapsed"),
    ("risk.accepted", "risk", "state, treatment = accept, accepted_until"),
    ("acceptance.decided", "acceptance", "state"),
    ("acceptance.decided", "approval", "state, decided_at = instant"),
    ("acceptance.expired", "acceptance", "state"),
    ("outage.moved", "calendar", "start_at, end_at, note"),
    ("outage.cancelled", "calendar", "state, ended_at = instant, ended_by = actor, note"),
    ("blackout.ended", "calendar", "state, ended_at = instant, ended_by = actor, note"),
    ("intervention.set", "intervention", "allowed, set_by = actor, set_at = instant"),
    ("posture.target-set", "yardstick", "value, reason, set_by = actor, set_at = instant"),
    ("posture.weighed", "yardstick", "value, reason, set_by = actor, set_at = instant"),
    (
        "change.revised",
        "change",
        "state, title, start_at, end_at, approve_by, impacts, rollback, tests, external_ref, basis, procedures,
         revision, folded, note, alters_logic, alters_validated",
    ),
    (
        "change.revised",
        "approval",
        "state, revision, accountable, asked_at = instant, approve_by, decided_at = nothing",
    ),
    (
        "change.impact-raised",
        "change",
        "impacts, revision, note, alters_logic, alters_validated",
    ),
    (
        "change.impact-raised",
        "approval",
        "state, revision, accountable, asked_at = instant, approve_by, decided_at = nothing",
    ),
    ("change.reviewed", "change", ""),
    ("change.waived", "change", ""),
    ("change.decided", "change", "state"),
    ("change.decided", "approval", "state, decided_at = instant"),
    ("change.started", "change", "state, note, evidence, before_ref, before_sum, external_ref"),
    (
        "change.completed",
        "change",
        "state, note, evidence, completed_at = instant, external_ref, after_ref, after_sum",
    ),
    ("change.verified", "change", "state, note, evidence, after_ref, after_sum"),
    ("change.backed-out", "change", "state, note, evidence, backed_out_at = instant"),
    ("change.renewed", "change", "revert_by"),
    ("change.withdrawn", "change", "state, note, evidence"),
    ("change.expired", "change", "state"),
    ("bypass.renewed", "bypass", "change, until_at, since = instant, reason"),
    ("bypass.removed", "bypass", "state, removed_by = actor, removed_at = instant, note"),
    ("window.decided", "vendor_window", "state"),
    ("window.decided", "approval", "state, decided_at = instant"),
    ("window.opened", "vendor_window", "state, opened_by = actor, opened_at = instant, note"),
    ("window.closed", "vendor_window", "state, ended_by = actor, ended_at = instant, note"),
    ("window.cut-off", "vendor_window", "state, ended_by = actor, ended_at = instant, note"),
    ("window.cancelled", "vendor_window", "state, ended_by = actor, ended_at = instant, note"),
    ("window.lapsed", "vendor_window", "state, ended_by = actor, ended_at = instant"),
    ("window.extended", "vendor_window", "end_at"),
    ("extension.decided", "extension", "state"),
    ("extension.decided", "approval", "state, decided_at = instant"),
    ("session.cut-off", "access_session", "cut_off_by = actor, cut_off_at = instant, cut_off_because"),
    ("session.ended", "access_session", "state, ended_by = actor, ended_at = instant, note"),
    ("incident.frozen", "incident", ""),
    ("incident.frozen", "site_freeze", "state, since = instant, frozen_by = actor, lifted_at = nothing, lifted_by = nothing, reason"),
    ("incident.unfrozen", "incident", ""),
    ("incident.unfrozen", "site_freeze", "state, lifted_at = instant, lifted_by = actor, reason"),
    ("incident.exempted", "incident", ""),
    ("report.triaged", "report", "state, triaged_by = actor, triaged_at = instant, outcome, link, reason"),
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
    /// What it writes there; none for whatever its entry says.
    pub holds: Option<&'static str>,
}

/// The rows of `alters`, in order and each once; every kind that updates a row alters its `seq`.
pub fn alters() -> BTreeSet<Alters> {
    let rows = ALTERED.iter().flat_map(|&(by, tab, cols)| {
        let cols = cols.split(',').map(str::trim).filter(|col| !col.is_empty()).chain(["seq"]);
        let kinds =
            writes().filter(move |(kind, written)| *written == tab && (by == ANY || by == *kind));
        let kinds: Vec<_> = kinds.map(|(kind, _)| kind).collect();
        cols.flat_map(move |col| {
            let (col, holds) =
                col.split_once(" = ").map_or((col, None), |(col, is)| (col, Some(is)));
            kinds.clone().into_iter().map(move |kind| Alters { tab, col, kind, holds })
        })
    });
    rows.collect()
}

/// The statement that makes the table of these rows where an earlier program made the store.
pub fn table() -> String {
    let made = crate::store::server::LEDGER.split_once("CREATE TABLE alters (");
    let columns = made.and_then(|(_, rest)| rest.split_once("\n);")).map(|(columns, _)| columns);
    let columns = columns.unwrap_or_default();
    format!("CREATE TABLE IF NOT EXISTS smc.alters ({columns}\n);\n")
}

#[cfg(test)]
mod tests;
