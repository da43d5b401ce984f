//! Decisions: of whoever holds the discipline and did not ask; a state is reached by the decisions it takes.

use super::{Store, entry, store};

/// Asks for a change that operations and quality must approve.
fn request(store: &Store) {
    store.may(&store.alice, &request_of(&[("operations", "must"), ("quality", "must")]));
}

/// Five impacts, none of them any.
pub const IMPACTS: &str = r#"{"security":{"level":"none"},"safety":{"level":"none"},"quality":{"level":"none"},"validation":{"level":"none"},"uptime":{"level":"none"}}"#;

/// A request for a change with these requirements, as whoever runs it.
pub fn request_of(requirements: &[(&str, &str)]) -> String {
    let rows: Vec<String> = requirements
        .iter()
        .map(|(discipline, need)| format!("('{discipline}', '{need}')"))
        .collect();
    let rows = rows.join(", ");
    let asked = entry("change.requested", "CR-?", Some("RLF"));
    format!(
        "WITH e AS ({asked}), c AS (
             INSERT INTO smc.change (ref, site, title, kind, activity, start_at, end_at, approve_by, impacts, rollback,
                 tests, alters_logic, alters_validated, requester, requested_at, revision, folded, state, seq)
             SELECT subject, 'RLF', 'x', 'normal', 'control.change', at, at + interval '1 day', at, '{IMPACTS}', 'x', 'x',
                 false, false, actor, at, 1, 'x', 'requested', seq FROM e
         ), a AS (
             INSERT INTO smc.approval (ref, site, requester, revision, activity, accountable, asked_at, approve_by, state, seq)
             SELECT subject, 'RLF', actor, 1, 'control.change', 'operations', at, at, 'pending', seq FROM e
         )
         INSERT INTO smc.requirement (approval_ref, revision, discipline, need, veto, because, rule, seq)
         SELECT subject, 1, r.discipline, r.need, true, 'x', 2, seq FROM e, (VALUES {rows}) AS r (discipline, need)"
    )
}

/// A decision on a change, and the state that it claims to lead to.
pub fn decide(on: &str, discipline: &str, state: &str) -> String {
    let decided = entry("change.decided", on, Some("RLF"));
    let board = if state == "requested" { "pending" } else { state };
    format!(
        "WITH e AS ({decided}), d AS (
             INSERT INTO smc.decision (approval_ref, revision, discipline, person, requester, decision, decided_at, seq)
             SELECT subject, 1, '{discipline}', actor, (SELECT requester FROM smc.approval WHERE ref = '{on}'), 'yes', at, seq
             FROM e
         ), a AS (UPDATE smc.approval AS a SET state = '{board}', seq = e.seq FROM e WHERE a.ref = e.subject)
         UPDATE smc.change AS c SET state = '{state}', seq = e.seq FROM e WHERE c.ref = e.subject"
    )
}

/// An entry of this kind that leads the change to this state.
pub fn lead(kind: &str, state: &str) -> String {
    format!(
        "WITH e AS ({}) UPDATE smc.change AS c SET state = '{state}', seq = e.seq FROM e WHERE c.ref = e.subject",
        entry(kind, "CR-1", Some("RLF"))
    )
}

#[test]
fn a_change_is_approved_when_every_discipline_said_yes() {
    let Some(store) = store() else { return };
    request(&store);
    store.may(&store.founder, &decide("CR-1", "operations", "requested"));
    store.may(&store.bob, &decide("CR-1", "quality", "approved"));
    store.may(&store.alice, &lead("change.started", "in_progress"));
}

#[test]
fn nothing_begins_before_its_time() {
    let Some(store) = store() else { return };
    let asked = [("operations", "must"), ("quality", "must")];
    let later = request_of(&asked)
        .replace("at, at + interval '1 day'", "at + interval '1 hour', at + interval '1 day'");
    store.may(&store.alice, &later);
    store.may(&store.founder, &decide("CR-1", "operations", "requested"));
    store.may(&store.bob, &decide("CR-1", "quality", "approved"));
    let early = "CR-1 in change does not begin at";
    store.refused(&store.alice, &lead("change.started", "in_progress"), early);
}

#[test]
fn nobody_decides_on_their_own_request() {
    let Some(store) = store() else { return };
    request(&store);
    // The discipline required is the one held: only having asked stands in the way.
    store.person(&store.database.login("dave"), "safety");
    store.database.sql(&format!(
        "ALTER TABLE smc.person_discipline DISABLE TRIGGER USER;
         INSERT INTO smc.person_discipline VALUES ('{}', 'quality', 1);
         ALTER TABLE smc.person_discipline ENABLE TRIGGER USER",
        store.alice.name
    ));
    store.refused(
        &store.alice,
        &decide("CR-1", "quality", "requested"),
        "nobody_decides_on_their_own_request",
    );
    let hidden = decide("CR-1", "quality", "requested").replace(
        "(SELECT requester FROM smc.approval WHERE ref = 'CR-1')",
        &format!("'{}'", store.bob.name),
    );
    store.refused(&store.alice, &hidden, "violates foreign key constraint");
    let in_bobs_name = decide("CR-1", "quality", "requested")
        .replace("actor, (SELECT", &format!("'{}', (SELECT", store.bob.name));
    store.refused(
        &store.alice,
        &in_bobs_name,
        &format!("cannot write {} as person", store.bob.name),
    );
}

#[test]
fn a_discipline_is_decided_by_whoever_holds_it() {
    let Some(store) = store() else { return };
    request(&store);
    store.refused(
        &store.bob,
        &decide("CR-1", "operations", "requested"),
        "violates foreign key constraint",
    );
    store.refused(
        &store.bob,
        &decide("CR-1", "safety", "requested"),
        "violates foreign key constraint",
    );
    store.may(&store.bob, &decide("CR-1", "quality", "requested"));
    store.refused(
        &store.bob,
        &decide("CR-1", "quality", "requested"),
        "violates unique constraint",
    );
}

#[test]
fn what_is_approved_has_every_yes() {
    let Some(store) = store() else { return };
    request(&store);
    store.refused(
        &store.bob,
        &decide("CR-1", "quality", "approved"),
        "CR-1 is not approved: operations has not said yes",
    );
    store.refused(
        &store.bob,
        &lead("change.decided", "approved"),
        "operations, quality has not said yes",
    );
}

#[test]
fn a_state_is_left_by_the_kinds_that_lead_out_of_it() {
    let Some(store) = store() else { return };
    request(&store);
    store.refused(
        &store.alice,
        &lead("change.started", "in_progress"),
        "cannot be in_progress by change.started, from requested",
    );
    store.refused(
        &store.alice,
        &lead("change.completed", "approved"),
        "cannot be approved by change.completed",
    );
    store.refused(
        &store.alice,
        &lead("change.verified", "verified"),
        "cannot be verified by change.verified",
    );
    store.may(&store.alice, &lead("change.withdrawn", "withdrawn"));
    store.refused(
        &store.bob,
        &decide("CR-1", "quality", "requested"),
        "cannot be requested by change.decided, from withdrawn",
    );
}
