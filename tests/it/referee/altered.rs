//! Rows that stand: each kind alters what it is about, in the states it may be written in, as whoever is logged in, and not
//! before its time. Every way around is tried by an ordinary login beside a lawful entry, and the lawful way stands next to it.

mod read;
mod signed;
mod told;

use smc::store::referee::GOVERNED;

use super::{entry, with};
use told::{People, told};

/// An entry with this data, and what it alters of its row.
fn alters(kind: &str, subject: &str, data: &str, tab: &str, set: &str) -> String {
    let (_, owner) = GOVERNED.iter().find(|(governed, _)| *governed == tab).unwrap();
    let site = (!kind.starts_with("person.")).then_some("RLF");
    let entry =
        entry(kind, subject, site).replace(r#""data":{}"#, &format!(r#""data":{{{data}}}"#));
    let rows =
        format!("UPDATE smc.{tab} AS t SET {set}, seq = e.seq FROM e WHERE t.{owner} = e.subject");
    with(&entry, &rows)
}

#[test]
fn a_window_is_opened_for_whom_it_was_approved_for() {
    let Some((store, People { olga, .. })) = told() else { return };
    let open = "state = 'open', opened_by = e.actor, opened_at = e.at";
    let opened =
        |more: &str| alters("window.opened", "VW-1", "", "vendor_window", &format!("{open}{more}"));
    // What no kind alters is granted to nobody.
    for more in [
        "person = 'evil'",
        "vendor = 'other'",
        "site = 'ANR'",
        "purpose = 'x'",
        "source = 'anywhere'",
        "escort = NULL",
        "change = NULL",
        "requested_at = now()",
        "start_at = now()",
        "risks = ''",
    ] {
        store.refused(
            &olga,
            &opened(&format!(", {more}")),
            "permission denied for table vendor_window",
        );
    }
    store.refused(
        &olga,
        &opened(", ended_by = e.actor"),
        "window.opened does not alter ended_by of VW-1 in vendor_window",
    );
    store.refused(
        &olga,
        &alters("window.closed", "VW-2", "", "vendor_window", "state = 'closed', person = 'evil'"),
        "permission denied for table vendor_window",
    );
    store.may(&olga, &opened(", note = 'at the gate'"));
}

#[test]
fn what_others_decide_on_is_not_rewritten_by_a_decision() {
    let Some((store, People { olga, .. })) = told() else { return };
    let decided = |more: &str| {
        let row =
            alters("change.decided", "CR-1", "", "change", &format!("state = 'requested'{more}"));
        let (entry, row) = row.split_once(") UPDATE").unwrap();
        format!(
            "{entry}), d AS (
                 INSERT INTO smc.decision (approval_ref, revision, discipline, person, requester, decision, decided_at, seq)
                 SELECT subject, 1, 'operations', actor, '{}', 'yes', at, seq FROM e
             ), a AS (UPDATE smc.approval AS a SET state = 'pending', seq = e.seq FROM e WHERE a.ref = e.subject)
             UPDATE{row}",
            store.alice.name
        )
    };
    for col in [
        "rollback = 'none'",
        "impacts = '{}'",
        "tests = 'none'",
        "alters_logic = true",
        "note = 'x'",
    ] {
        let name = col.split(' ').next().unwrap();
        let words = format!("change.decided does not alter {name} of CR-1 in change");
        store.refused(&olga, &decided(&format!(", {col}")), &words);
    }
    for col in ["kind = 'standard'", "supersedes = 'CR-2'", "template = 'CR-2'", "site = 'ANR'"] {
        store.refused(&olga, &decided(&format!(", {col}")), "permission denied for table change");
    }
    store.may(&olga, &decided(""));
}

#[test]
fn a_window_ends_when_an_approved_extension_of_it_says() {
    let Some((store, People { pia, .. })) = told() else { return };
    let extended = |window: &str, extension: &str, end: &str| {
        let data = format!(r#""ref":"{window}","extension":"{extension}""#);
        alters("window.extended", window, &data, "vendor_window", &format!("end_at = {end}"))
    };
    let of = |extension: &str| {
        format!("(SELECT x.end_at FROM smc.extension AS x WHERE x.ref = '{extension}')")
    };
    let later = "t.end_at + interval '10 days'";
    let words = "no extension of VW-2 that is approved ends it then";
    // None, one that is not approved, another end than it says, and one of another window.
    store.refused(&pia, &extended("VW-2", "EX-9", later), words);
    store.refused(&pia, &extended("VW-2", "EX-1", &of("EX-1")), words);
    store.refused(&pia, &extended("VW-2", "EX-2", later), words);
    store.refused(&pia, &extended("VW-2", "EX-3", &of("EX-3")), words);
    store.refused(
        &pia,
        &extended("VW-5", "EX-2", &of("EX-2")),
        "VW-5 in vendor_window is closed, and window.extended is not written in that state",
    );
    store.refused(
        &pia,
        &extended("VW-2", "EX-2", &format!("{}, note = 'x'", of("EX-2"))),
        "window.extended does not alter note",
    );
    store.may(&pia, &extended("VW-2", "EX-2", &of("EX-2")));
    // It says so once.
    store.refused(&pia, &extended("VW-2", "EX-2", "t.end_at"), words);
}

#[test]
fn what_time_concludes_is_not_written_before_its_time() {
    let Some((store, People { pia, .. })) = told() else { return };
    let lapsed = "state = 'lapsed', ended_by = e.actor, ended_at = e.at";
    let reopened = "state = 'open', accepted_until = NULL, lapsed = 'RA-1'";
    for (kind, early, passed, tab, set) in [
        ("change.expired", "CR-2", "CR-6", "change", "state = 'expired'"),
        ("window.lapsed", "VW-3", "VW-4", "vendor_window", lapsed),
        ("acceptance.expired", "RA-1", "RA-2", "acceptance", "state = 'expired'"),
        ("risk.reopened", "R-1", "R-2", "risk", reopened),
    ] {
        let words = format!("{early} has not passed its end: {kind} was refused");
        store.refused(&pia, &alters(kind, early, "", tab, set), &words);
        store.may(&pia, &alters(kind, passed, "", tab, set));
    }
    store.refused(
        &pia,
        &alters("change.expired", "CR-3", "", "change", "state = 'expired'"),
        "CR-3 in change cannot be expired by change.expired, from in_progress",
    );
    // What follows from an acceptance follows from one that is approved, and until then.
    let accepted = |until: &str| {
        let set = format!("state = 'accepted', treatment = 'accept', accepted_until = {until}");
        alters("risk.accepted", "R-3", r#""ref":"R-3","acceptance":"RA-3""#, "risk", &set)
    };
    store.refused(
        &pia,
        &accepted("now() + interval '10 years'"),
        "no acceptance of R-3 that is approved says until then",
    );
    store.may(&pia, &accepted("(SELECT a.until_at FROM smc.acceptance AS a WHERE a.ref = 'RA-3')"));
}

#[test]
fn a_plan_that_was_approved_is_not_revised_and_a_state_is_kept_only_where_it_may_be() {
    let Some((store, People { olga, .. })) = told() else { return };
    let alice = &store.alice;
    let times = "start_at = now() - interval '1 minute', end_at = t.end_at + interval '30 days'";
    for (change, state) in [("CR-2", "approved"), ("CR-3", "in_progress")] {
        let words = format!(
            "{change} in change is {state}, and change.revised is not written in that state"
        );
        store.refused(alice, &alters("change.revised", change, "", "change", times), &words);
    }
    let renewed = |change: &str, under: &str, by: &str| {
        let data = format!(r#""ref":"{change}","change":"{under}""#);
        alters("change.renewed", change, &data, "change", &format!("revert_by = {by}"))
    };
    let under = "(SELECT b.revert_by FROM smc.change AS b WHERE b.ref = 'CR-5')";
    store.refused(
        alice,
        &renewed("CR-5", "CR-5", "t.revert_by + interval '800 days'"),
        "CR-5 in change is approved, and change.renewed is not written in that state",
    );
    let words = "no temporary change in the place of CR-4 that is approved stays until then";
    store.refused(alice, &renewed("CR-4", "CR-5", "t.revert_by + interval '800 days'"), words);
    store.refused(alice, &renewed("CR-4", "CR-7", under), words);
    let started = "state = 'in_progress'";
    store.refused(
        alice,
        &alters("change.started", "CR-5", "", "change", &format!("{started}, kind = 'normal'")),
        "permission denied for table change",
    );
    store.refused(
        alice,
        &alters("change.started", "CR-3", "", "change", "note = 'again'"),
        "CR-3 in change is in_progress, and change.started is not written in that state",
    );
    store.refused(
        &olga,
        &alters("session.cut-off", "SE-1", "", "access_session", "state = 'ended'"),
        "SE-1 in access_session cannot be ended by session.cut-off, from live",
    );
    store.may(alice, &alters("change.revised", "CR-1", "", "change", times));
    store.may(alice, &renewed("CR-4", "CR-5", under));
    // An entry goes on with the row that it led to its state.
    let twice = alters("change.started", "CR-5", "", "change", started);
    let again = "UPDATE smc.change SET note = 'begun' WHERE ref = 'CR-5'";
    store.may(alice, &format!("BEGIN; {twice}; {again}; COMMIT"));
}

#[test]
fn a_duty_and_an_outage_are_altered_in_what_their_kinds_are_about() {
    let Some((store, People { olga, .. })) = told() else { return };
    // Not the founder, who owns the tables.
    let adam = store.database.login("adam");
    store.person(&adam, "quality");
    store.grant(&adam, "admin", "*", "NULL");
    let duty = |kind: &str, set: &str| alters(kind, &olga.name, "", "duty", set);
    for kind in ["duty.set", "duty.ended"] {
        let words = format!("may not append {kind}");
        store.refused(&store.alice, &duty(kind, "end_at = t.start_at"), &words);
        for col in ["start_at = now()", "discipline = 'quality'", "site = 'ANR'"] {
            store.refused(&adam, &duty(kind, col), "permission denied for table duty");
        }
        store.may(&adam, &duty(kind, "end_at = t.start_at + interval '1 hour'"));
    }
    let outage = |kind: &str, set: &str| alters(kind, "OUT-1", "", "calendar", set);
    for col in ["whole = false", "kind = 'blackout'", "title = 'y'", "site = 'ANR'", "author = 'x'"]
    {
        store.refused(&olga, &outage("outage.moved", col), "permission denied for table calendar");
    }
    store.refused(
        &olga,
        &outage("outage.moved", "state = 'cancelled'"),
        "OUT-1 in calendar cannot be cancelled by outage.moved, from planned",
    );
    store.refused(
        &olga,
        &outage("outage.cancelled", "state = 'cancelled', start_at = now()"),
        "outage.cancelled does not alter start_at of OUT-1 in calendar",
    );
    store.refused(
        &olga,
        &outage("blackout.ended", "state = 'ended'"),
        "there is no blackout 'OUT-1'",
    );
    store.may(
        &olga,
        &outage("outage.moved", "end_at = t.end_at + interval '1 day', note = 'longer'"),
    );
}
