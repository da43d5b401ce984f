//! The moves of a change, and its plan.

use proptest::prelude::*;

use super::*;

fn reference() -> Ref {
    Ref::new("CR-1").unwrap()
}

fn moves() -> Vec<Kind> {
    let r#ref = reference();
    vec![
        Kind::Revised(Revise {
            r#ref: r#ref.clone(),
            reason: Line::new("shorter").unwrap(),
            title: None,
            assets: None,
            start: None,
            end: None,
            impacts: None,
            rollback: None,
            tests: None,
            approve_by: None,
            external_ref: None,
            basis: None,
            procedures: None,
            risks: None,
            alters_logic: None,
            alters_validated: None,
        }),
        Kind::Waived(Waive {
            r#ref: r#ref.clone(),
            conflict: Ref::new("BLK-1").unwrap(),
            reason: Line::new("it stands still").unwrap(),
        }),
        Kind::Started(Start {
            r#ref: r#ref.clone(),
            note: None,
            evidence: None,
            before: None,
            before_sum: None,
            external_ref: None,
        }),
        Kind::Completed(Complete {
            r#ref: r#ref.clone(),
            note: None,
            evidence: None,
            after: None,
            after_sum: None,
            external_ref: None,
        }),
        Kind::Verified(Verify {
            r#ref: r#ref.clone(),
            note: None,
            evidence: None,
            after: None,
            after_sum: None,
        }),
        Kind::BackedOut(BackOut { r#ref: r#ref.clone(), note: None, evidence: None }),
        Kind::Withdrawn(Withdraw { r#ref: r#ref.clone(), note: None, evidence: None }),
        Kind::Expired(Expired { r#ref, due: Time::from_micros(0) }),
    ]
}

fn quiet() -> Impacts {
    let none = Answered { level: Impact::None, text: None };
    Impacts {
        security: none.clone(),
        safety: none.clone(),
        quality: none.clone(),
        validation: none.clone(),
        uptime: none,
    }
}

fn at(seconds: i64) -> Time {
    Time::from_micros(0).plus_seconds(seconds)
}

#[test]
fn a_veto_is_final() {
    for kind in moves() {
        assert_eq!(kind.moves(State::Rejected).unwrap_err().code, Code::Vetoed, "{}", kind.name());
    }
}

#[test]
fn verification_follows_implementation_only() {
    let moves = moves();
    let verify = moves.iter().find(|kind| matches!(kind, Kind::Verified(_))).unwrap();
    for state in State::ALL {
        assert_eq!(verify.moves(*state).is_ok(), *state == State::Implemented, "{state}");
    }
}

#[test]
fn an_impact_above_none_is_told_in_words() {
    let impacts = Impacts { quality: Answered { level: Impact::Medium, text: None }, ..quiet() };
    let normal = Plan { kind: Nature::Normal, start: at(10), end: at(20), revert_by: None };
    assert_eq!(plan(normal, &impacts, at(0)).unwrap_err().code, Code::Missing);
    assert!(plan(normal, &quiet(), at(0)).is_ok());
}

#[test]
fn a_temporary_change_has_a_revert_date_within_ninety_days() {
    let with = |revert_by| Plan { kind: Nature::Temporary, start: at(10), end: at(20), revert_by };
    assert_eq!(plan(with(None), &quiet(), at(0)).unwrap_err().code, Code::Missing);
    assert_eq!(
        plan(with(Some(at(11 + 90 * 86_400))), &quiet(), at(0)).unwrap_err().code,
        Code::Invalid
    );
    assert!(plan(with(Some(at(3600))), &quiet(), at(0)).is_ok());
}

#[test]
fn work_begins_within_its_time() {
    assert_eq!(may_start(at(10), at(20), at(9)).unwrap_err().code, Code::TooEarly);
    assert!(may_start(at(10), at(20), at(10)).is_ok());
    assert_eq!(may_start(at(10), at(20), at(20)).unwrap_err().code, Code::Expired);
}

#[test]
fn what_has_passed_reads_as_expired_before_anyone_records_it() {
    assert_eq!(state_at(State::Approved, at(20), at(20)), State::Expired);
    assert_eq!(state_at(State::InProgress, at(20), at(20)), State::InProgress);
    assert_eq!(effective_state(State::InProgress, at(10), at(20), at(20)), "overdue");
    assert_eq!(effective_state(State::Approved, at(10), at(20), at(15)), "ready");
}

proptest! {
    #[test]
    fn an_ended_change_never_moves_again(steps in proptest::collection::vec(0usize..7, 0..60)) {
        let kinds = moves();
        let mut state = State::Requested;
        for step in steps {
            let before = state;
            if let Ok(next) = kinds[step].moves(state) {
                prop_assert!(!before.ended(), "{before} moved to {next}");
                state = next;
            }
        }
    }
}
