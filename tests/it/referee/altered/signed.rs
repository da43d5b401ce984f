//! Who did it, and when: whoever is logged in, at the instant of the entry.

use super::super::{entry, with};
use super::alters;
use super::told::{People, told};

#[test]
fn a_row_says_who_did_it_also_when_it_is_updated() {
    let Some((store, People { olga, .. })) = told() else { return };
    let (alice, bob) = (&store.alice, &store.bob.name);
    let founder = &store.founder;
    let in_bobs_name = |col: &str, tab: &str| format!("cannot write {bob} as {col} in {tab}");
    for (who, kind, subject, tab, set, col) in [
        (alice, "session.cut-off", "SE-2", "access_session", "cut_off_at = e.at", "cut_off_by"),
        (
            alice,
            "session.ended",
            "SE-2",
            "access_session",
            "state = 'ended', ended_at = e.at",
            "ended_by",
        ),
        (
            &olga,
            "window.opened",
            "VW-1",
            "vendor_window",
            "state = 'open', opened_at = e.at",
            "opened_by",
        ),
        (
            &olga,
            "window.closed",
            "VW-2",
            "vendor_window",
            "state = 'closed', ended_at = e.at",
            "ended_by",
        ),
        (
            &olga,
            "outage.cancelled",
            "OUT-1",
            "calendar",
            "state = 'cancelled', ended_at = e.at",
            "ended_by",
        ),
        (
            alice,
            "bypass.removed",
            "BY-1",
            "bypass",
            "state = 'removed', removed_at = e.at",
            "removed_by",
        ),
        (
            &olga,
            "incident.unfrozen",
            "INC-1",
            "site_freeze",
            "state = 'lifted', lifted_at = e.at",
            "lifted_by",
        ),
        (
            alice,
            "report.triaged",
            "REP-1",
            "report",
            "state = 'triaged', triaged_at = e.at",
            "triaged_by",
        ),
    ] {
        let by = |name: &str| alters(kind, subject, "", tab, &format!("{set}, {col} = {name}"));
        store.refused(who, &by(&format!("'{bob}'")), &in_bobs_name(col, tab));
        let column = set.split(", ").last().unwrap().split(' ').next().unwrap();
        let earlier = by("e.actor").replace("= e.at", "= e.at - interval '1 hour'");
        let words = format!(
            "{kind} writes {column} of {subject} in {tab} as the instant of its entry, not as"
        );
        store.refused(who, &earlier, &words);
        store.may(who, &by("e.actor"));
    }
    // What was done is not undone by the kind that did it.
    let undone = "cut_off_at = e.at, cut_off_by = NULL";
    store.refused(
        alice,
        &alters("session.cut-off", "SE-1", "", "access_session", undone),
        "cannot write nobody as cut_off_by in access_session",
    );
    store.refused(
        alice,
        &alters("session.cut-off", "SE-1", "", "access_session", "within = 'VW-1'"),
        "permission denied for table access_session",
    );
    store.refused(
        founder,
        &alters("person.deactivated", "gone", "", "person", "state = 'active'"),
        "person.deactivated writes state of gone in person as deactivated, not as active",
    );
    // A freeze that is put on again names who does it, also as a new row.
    let frozen = |name: &str| {
        let again = format!(
            "state = 'stands', since = e.at, lifted_at = NULL, lifted_by = NULL, reason = 'x', frozen_by = {name}"
        );
        alters("incident.frozen", "INC-2", "", "site_freeze", &again)
    };
    let first = |name: &str| {
        with(
            &entry("incident.frozen", "INC-3", Some("RLF")),
            &format!(
                "INSERT INTO smc.site_freeze (incident_ref, since, frozen_by, reason, state, seq)
                 SELECT subject, at, {name}, 'x', 'stands', seq FROM e"
            ),
        )
    };
    let set = |name: &str| {
        with(
            &entry("intervention.set", "RLF/plc/patch", Some("RLF")),
            &format!(
                "INSERT INTO smc.intervention (ref, site, class, intervention, allowed, set_by, set_at, state, seq)
                 SELECT subject, 'RLF', 'plc', 'patch', 'never', {name}, at, 'set', seq FROM e"
            ),
        )
    };
    for (by, col, tab) in [
        (&frozen as &dyn Fn(&str) -> String, "frozen_by", "site_freeze"),
        (&first, "frozen_by", "site_freeze"),
        (&set, "set_by", "intervention"),
    ] {
        store.refused(&olga, &by(&format!("'{bob}'")), &in_bobs_name(col, tab));
        store.may(&olga, &by("e.actor"));
    }
}
