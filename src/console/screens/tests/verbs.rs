//! Verbs that are off, and whom a row names them to: by right, by what the row itself knows.

use super::*;
use crate::console::keys::by_id;

fn holder(login: &str, role: Role) -> Holder {
    Holder {
        login: Login::new(login).unwrap(),
        active: true,
        disciplines: vec![Discipline::Operations],
        grants: vec![Grant { role, site: None, until: None }],
    }
}

/// What is off for this person, and why; and what the strip says is to be done.
fn met<T: Row + Clone>(
    spec: &'static Spec<T>,
    row: &T,
    holder: &Holder,
    action: &str,
) -> (Option<String>, String) {
    let look = Look::default();
    let now = at("2026-11-22T14:32:00Z");
    let me = Me { holder: Some(holder), now };
    let utc = chrono_tz::Tz::UTC;
    let ctx = Ctx { now, utc: true, local: utc, zone: utc, look: &look, stale: false, me };
    let mut screen = ListScreen::new(spec);
    let page = Page { rows: vec![row.clone()], next: None };
    screen.accept(Data::List(Box::new(page)), Fetch::Anew);
    let off = screen.denied(by_id(action).unwrap(), &ctx).map(|why| why.to_string());
    let said = screen.strip(&ctx).last().map(|cell| cell.plain().to_string());
    (off, said.unwrap_or_default())
}

#[test]
fn a_request_is_taken_back_only_by_whoever_may_and_the_others_read_who() {
    static CHANGES: Spec<Change> = changes::SPEC;
    static WINDOWS: Spec<Window> = windows::SPEC;
    let (lead, rita) = (holder("olga", Role::ShiftLead), holder("rita", Role::SmcOperator));
    for state in ["requested", "returned", "approved"] {
        let row = change(1, state);
        let (off, _) = met(&CHANGES, &row, &lead, "change.withdraw");
        assert!(off.is_some_and(|why| why.contains("it takes smc_operator")), "{state}");
        assert_eq!(met(&CHANGES, &row, &rita, "change.withdraw").0, None, "{state}");
    }
    let row = window(4, "approved", "approved");
    let (off, _) = met(&WINDOWS, &row, &lead, "window.cancel");
    assert!(off.is_some_and(|why| why.contains("it takes smc_operator")));
    assert_eq!(met(&WINDOWS, &row, &rita, "window.cancel").0, None);
    let open = window(3, "open", "open");
    assert_eq!(met(&WINDOWS, &open, &rita, "window.cancel").0.as_deref(), Some("it is open"));
}

#[test]
fn what_was_sent_back_names_its_keys_to_those_who_may_and_to_others_who_may() {
    static CHANGES: Spec<Change> = changes::SPEC;
    let row = change(1, "returned");
    let said = |holder: &Holder| met(&CHANGES, &row, holder, "change.revise").1;
    let own = said(&holder("rita", Role::SmcOperator));
    assert_eq!(own, "was sent back: e revises it, w withdraws it");
    let other = said(&holder("olga", Role::ShiftLead));
    assert_eq!(other, "was sent back: rita revises it, smc_operator withdraws it");
}

#[test]
fn a_change_under_which_another_one_stays_is_neither_begun_nor_taken_back() {
    static CHANGES: Spec<Change> = changes::SPEC;
    let start = at("2026-11-22T14:00:00Z");
    let row = Change { lets_stay: Some("CR-3".into()), start, ..change(1, "approved") };
    for action in ["change.withdraw", "change.start"] {
        let (off, _) = met(&CHANGES, &row, &holder("rita", Role::SmcOperator), action);
        let why = off.unwrap();
        assert!(
            why.contains("CR-3 stays in the plant under it") && why.contains("`:change.back-out`")
        );
    }
}

#[test]
fn a_window_has_the_priority_of_its_alarm_else_of_what_is_mine_to_do() {
    static WINDOWS: Spec<Window> = windows::SPEC;
    let armed = Window {
        start: at("2026-11-22T14:00:00Z"),
        end: at("2026-11-22T15:20:00Z"),
        ..window(4, "approved", "armed")
    };
    let look = Look::default();
    let priority = |row: &Window, holder: &Holder| {
        let now = at("2026-11-22T14:32:00Z");
        let me = Me { holder: Some(holder), now };
        let utc = chrono_tz::Tz::UTC;
        let ctx = Ctx { now, utc: true, local: utc, zone: utc, look: &look, stale: false, me };
        (WINDOWS.columns[0].cell)(row, &ctx).plain().to_string()
    };
    let (lead, rita) = (holder("olga", Role::ShiftLead), holder("rita", Role::SmcOperator));
    assert_eq!(priority(&armed, &lead), "◆3", "the shift lead opens it, in less than an hour");
    assert_eq!(priority(&armed, &rita), "", "others do not");
    let ending = window(3, "open", "open");
    assert_eq!(priority(&ending, &rita), priority(&ending, &lead), "an alarm is everybody's");
}

#[test]
fn a_window_that_was_ended_with_a_session_still_live_does_not_read_as_over() {
    let now = at("2026-11-22T14:32:00Z");
    let (look, utc, me) = (Look::default(), chrono_tz::Tz::UTC, Me { holder: None, now });
    let ctx = Ctx { now, utc: true, local: utc, zone: utc, look: &look, stale: false, me };
    let said = |live: &[&str]| {
        let row = Window { sessions: lines(live), ..window(3, "cut_off", "cut_off") };
        let [_, next] = (windows::SPEC.strip)(&row, &ctx);
        next.plain().to_string()
    };
    assert!(said(&["SE-4"]).contains("SE-4 is still inside: the jump host ends the connection"));
    assert!(!said(&[]).contains("still inside"));
}
