//! Which conditions raise an alarm, when it ends, and what every kind says.

use super::*;
use crate::domain::{acceptance, change, report, risk, session, window};

fn at(seconds: i64) -> Time {
    Time::from_micros(0).plus_seconds(seconds)
}

const DAY: i64 = 86_400;

#[test]
fn a_window_alarms_before_its_end_and_after_it_while_it_is_open() {
    use window::State::{Approved, Open};
    let kind = |state, now| of_window(state, at(10_000), None, at(now)).map(|raised| raised.kind);
    assert_eq!(kind(Open, 9_000), None);
    assert_eq!(kind(Open, 9_100), Some(AlarmKind::WindowEnding));
    assert_eq!(kind(Open, 10_000), Some(AlarmKind::WindowOverrun));
    assert_eq!(kind(Approved, 10_000), None);
}

#[test]
fn a_window_closed_late_still_tells_of_its_overrun_and_one_closed_in_time_does_not() {
    let closed = |ended| of_window(window::State::Closed, at(100), Some(at(ended)), at(9_999));
    let late = closed(101).unwrap();
    assert_eq!((late.kind, late.cleared, late.due), (AlarmKind::WindowOverrun, true, at(100)));
    assert_eq!(closed(99), None);
}

#[test]
fn a_session_alarms_while_no_open_window_covers_it_and_is_remembered_if_none_ever_did() {
    use session::State::{Ended, Live};
    let of =
        |state, window| of_session(state, at(5), window).map(|raised| (raised.cleared, raised.due));
    assert_eq!(of(Live, Some((window::State::Open, None))), None);
    assert_eq!(of(Live, Some((window::State::CutOff, Some(at(9))))), Some((false, at(9))));
    assert_eq!(of(Ended, Some((window::State::CutOff, Some(at(9))))), None);
    assert_eq!(of(Live, None), Some((false, at(5))));
    assert_eq!(of(Ended, None), Some((true, at(5))));
}

#[test]
fn work_that_ended_late_still_tells_of_it() {
    use change::State::{BackedOut, Implemented, InProgress, Verified};
    let raised = |state, done: Option<i64>| of_work(state, at(100), done.map(at), at(500));
    assert!(raised(InProgress, None).is_some_and(|raised| !raised.cleared));
    for state in [Implemented, Verified, BackedOut] {
        assert!(raised(state, Some(200)).is_some_and(|raised| raised.cleared), "{state}");
        assert_eq!(raised(state, Some(50)), None, "{state}");
    }
}

#[test]
fn a_temporary_change_alarms_a_week_before_its_date_or_a_quarter_of_its_time() {
    use change::State::{BackedOut, Implemented, Requested};
    let kind = |state, by: i64, now: i64| {
        of_revert(state, at(0), Some(at(by)), None, at(now)).map(|raised| raised.kind)
    };
    assert_eq!(kind(Implemented, 80 * DAY, 72 * DAY), None);
    assert_eq!(kind(Implemented, 80 * DAY, 73 * DAY), Some(AlarmKind::RevertEnding));
    assert_eq!(kind(Implemented, 80 * DAY, 80 * DAY), Some(AlarmKind::RevertOverdue));
    assert_eq!(kind(Implemented, 4_000, 2_999), None);
    assert_eq!(kind(Implemented, 4_000, 3_000), Some(AlarmKind::RevertEnding));
    assert_eq!(kind(Requested, 4_000, 9_000), None);
    let late = of_revert(BackedOut, at(0), Some(at(100)), Some(at(101)), at(900)).unwrap();
    assert!(late.cleared && late.kind == AlarmKind::RevertOverdue);
}

#[test]
fn an_acceptance_alarms_until_its_risk_is_dealt_with() {
    use acceptance::State::{Approved, Expired, Rejected};
    use risk::State::{Accepted, Open, Treating};
    let of = |state, risk, lapsed, now| {
        of_acceptance(state, Some(at(0)), at(1_000), risk, lapsed, at(now))
            .map(|raised| (raised.kind, raised.cleared))
    };
    assert_eq!(of(Approved, Accepted, false, 700), None);
    assert_eq!(of(Approved, Accepted, false, 750), Some((AlarmKind::AcceptanceEnding, false)));
    assert_eq!(of(Approved, Accepted, false, 1_000), Some((AlarmKind::AcceptanceEnded, false)));
    assert_eq!(of(Expired, Open, true, 1_001), Some((AlarmKind::AcceptanceEnded, false)));
    assert_eq!(of(Expired, Treating, true, 1_001), Some((AlarmKind::AcceptanceEnded, true)));
    assert_eq!(of(Rejected, Open, false, 1_001), None);
}

#[test]
fn a_report_alarms_when_its_time_for_triage_has_passed() {
    use report::State::{Submitted, Triaged};
    assert_eq!(of_report(Submitted, at(10), None, at(9)), None);
    assert!(of_report(Submitted, at(10), None, at(10)).is_some_and(|raised| !raised.cleared));
    assert!(of_report(Triaged, at(10), Some(at(11)), at(12)).is_some_and(|raised| raised.cleared));
    assert_eq!(of_report(Triaged, at(10), Some(at(10)), at(12)), None);
}

#[test]
fn an_alarm_leaves_when_its_condition_has_ended_and_it_was_acknowledged() {
    for shelved in [false, true] {
        assert_eq!(State::of(true, true, shelved), State::Normal);
        assert_eq!(State::of(true, false, shelved), State::Returned);
    }
    assert_eq!(State::of(false, false, false), State::Unacknowledged);
    assert_eq!(State::of(false, true, false), State::Acknowledged);
    assert_eq!(State::of(false, true, true), State::Shelved);
    let calling: Vec<_> = State::ALL.iter().filter(|state| state.calls()).collect();
    assert_eq!(calling, [&State::Unacknowledged, &State::Returned]);
}

#[test]
fn an_overrun_is_priority_one_whatever_the_assets_are_rated() {
    let overrun = |worst| priority(AlarmKind::WindowOverrun, worst, at(100), at(100));
    assert_eq!(overrun(Consequence::Small), Some(1));
    let ending = |worst| priority(AlarmKind::WindowEnding, worst, at(100), at(50));
    assert_eq!(ending(Consequence::Small), Some(3));
    assert_eq!(ending(Consequence::Grave), Some(1));
    let far = priority(AlarmKind::AcceptanceEnding, Consequence::Medium, at(9 * DAY), at(0));
    assert_eq!(far, None);
}

#[test]
fn a_shelf_has_an_end_that_is_shorter_the_graver_the_alarm() {
    assert!(may_shelve(1, at(3_600), at(0)).is_ok());
    assert_eq!(may_shelve(1, at(3_601), at(0)).unwrap_err().code, Code::Invalid);
    assert!(may_shelve(2, at(8 * 3_600), at(0)).is_ok());
    assert_eq!(may_shelve(2, at(8 * 3_600 + 1), at(0)).unwrap_err().code, Code::Invalid);
    assert_eq!(may_shelve(4, at(0), at(0)).unwrap_err().code, Code::Expired);
    for priority in 1..4 {
        assert!(longest_shelf(priority) <= longest_shelf(priority + 1), "{priority}");
    }
}

#[test]
fn a_shelf_ends_when_the_alarm_grows_more_urgent() {
    assert!(shelf_holds(at(100), 2, 2, at(99)) && shelf_holds(at(100), 2, 3, at(99)));
    assert!(!shelf_holds(at(100), 2, 1, at(99)) && !shelf_holds(at(100), 2, 2, at(100)));
}

#[test]
fn an_alarm_is_named_by_its_kind_and_its_subject() {
    let named = reference(AlarmKind::WindowOverrun, "VW-11").unwrap();
    assert_eq!(named.as_str(), "window_overrun:VW-11");
    assert_eq!(parts(&named), Some((AlarmKind::WindowOverrun, Ref::new("VW-11").unwrap())));
    for other in ["RLF:CTRL", "VW-11", "fire:VW-11", "window_overrun:"] {
        assert_eq!(parts(&Ref::new(other).unwrap()), None, "{other}");
    }
}

#[test]
fn every_kind_has_a_record_that_says_everything() {
    let kinds: Vec<_> = RATIONALE.iter().map(|known| known.kind).collect();
    assert_eq!(kinds, AlarmKind::ALL);
    for known in RATIONALE {
        assert!(known.floor.is_none_or(|floor| (1..=4).contains(&floor)), "{}", known.kind);
        let said = [known.cause, known.consequence, known.response, known.time, known.cleared_by];
        assert!(said.iter().all(|words| words.len() > 5), "{}", known.kind);
        if known.source == Source::Console {
            assert!(known.floor.is_some(), "{}: no asset says how bad it is", known.kind);
        }
    }
}

#[test]
fn what_ends_or_has_ended_has_the_priority_of_its_consequence_and_its_time() {
    use crate::domain::attention::Consequence::{Grave, Great, Medium, Small};
    let hours = [-24, 0, 1, 8, 9].map(|hours| at(hours * 3_600));
    let of = |kind, worst| hours.map(|due| priority(kind, worst, due, at(0)));
    for kind in [
        AlarmKind::AcceptanceEnding,
        AlarmKind::AcceptanceEnded,
        AlarmKind::RevertEnding,
        AlarmKind::RevertOverdue,
    ] {
        assert_eq!(of(kind, Grave), [Some(1), Some(1), Some(1), Some(2), Some(3)], "{kind}");
        assert_eq!(of(kind, Great), [Some(1), Some(1), Some(2), Some(3), Some(4)], "{kind}");
        assert_eq!(of(kind, Medium), [Some(2), Some(2), Some(3), Some(4), None], "{kind}");
        assert_eq!(of(kind, Small), [Some(3), Some(3), Some(4), None, None], "{kind}");
    }
}
