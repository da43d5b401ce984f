//! Times that a request for a change may name, by what kind of change it is. Whether work may begin now is not asked here.

use super::{Nature, Plan};
use crate::domain::refusal::{Code, Refusal, Verdict};
use crate::domain::time::Time;

const HOUR: i64 = 3_600;

/// How far back a start may lie when something is asked for, in seconds: what began before is not asked for but told.
pub const BEGUN: i64 = 24 * HOUR;

/// How soon an emergency begins, in seconds.
pub const AT_ONCE: i64 = 24 * HOUR;

/// How long an emergency lasts at most, in seconds; what takes longer can wait for the ordinary way.
pub const LASTS: i64 = 7 * 24 * HOUR;

/// How long a template may be used after everybody approved it, in seconds: a year.
pub const TEMPLATE: i64 = 365 * 24 * HOUR;

fn invalid(message: String, fix: &str) -> Verdict {
    Err(Refusal::new(Code::Invalid, message, fix))
}

/// Whether the times of a request can be meant at this instant; `explained` if it says why an emergency cannot wait
/// (NIS2 Implementing Regulation 2024/2690, 6.4.3).
///
/// # Errors
/// `invalid` for a start that lies a day back, decisions that are due before now or after the end, an emergency that
/// could wait; `missing` for one that does not say why it cannot.
pub fn timely(plan: Plan, approve_by: Option<Time>, explained: bool, at: Time) -> Verdict {
    let Plan { kind, start, end, .. } = plan;
    if start.plus_seconds(BEGUN) < at {
        return invalid(
            format!("it would have begun at {start:#}"),
            "give a start of today or later",
        );
    }
    if let Some(due) = approve_by.filter(|due| *due > end || *due <= at) {
        let fix = "give an approve_by after now and not after the end";
        return invalid(
            format!("decisions would be due at {due:#}, and work ends at {end:#}"),
            fix,
        );
    }
    if kind != Nature::Emergency {
        return Ok(());
    }
    if start > at.plus_seconds(AT_ONCE) || end.seconds_since(start) > LASTS {
        return invalid(
            format!("an emergency that begins at {start:#} and ends at {end:#} can wait"),
            "an emergency begins within 24 h and lasts 7 days at most; ask for a normal change",
        );
    }
    if explained {
        return Ok(());
    }
    Err(Refusal::new(
        Code::Missing,
        "an emergency does not say why the ordinary way cannot be waited for",
        "say it in `basis`",
    ))
}

/// Whether a request may name this date to be reverted by: only what is temporary has one that is watched, and work is
/// done before it is reverted.
///
/// # Errors
/// `invalid` for any other kind that names one, or for a date before the end of the work.
pub fn reverts(plan: Plan) -> Verdict {
    match plan.revert_by {
        Some(by) if plan.kind != Nature::Temporary => invalid(
            format!("a {} change would be reverted by {by:#}", plan.kind),
            "ask for a temporary change, or leave out revert_by",
        ),
        Some(by) if by < plan.end => invalid(
            format!("it would be reverted by {by:#}, and its work ends at {:#}", plan.end),
            "give a revert_by that is not before the end",
        ),
        Some(_) | None => Ok(()),
    }
}

/// Whether what is temporary may begin at this instant: its revert date is to come.
///
/// # Errors
/// `expired` from that date on.
pub fn in_time_to_revert(revert_by: Option<Time>, at: Time) -> Verdict {
    match revert_by.filter(|by| at >= *by) {
        None => Ok(()),
        Some(by) => Err(Refusal::new(
            Code::Expired,
            format!("it was to be reverted by {by:#}"),
            "ask for a new temporary change with a later revert_by",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> Time {
        Time::from_micros(0).plus_seconds(hours * HOUR)
    }

    fn plan(kind: Nature, start: i64, end: i64) -> Plan {
        Plan { kind, start: at(start), end: at(end), revert_by: None }
    }

    fn code(plan: Plan, due: Option<Time>, explained: bool) -> Option<Code> {
        timely(plan, due, explained, at(0)).err().map(|refusal| refusal.code)
    }

    #[test]
    fn only_what_is_temporary_has_a_revert_date() {
        for kind in Nature::ALL {
            let dated = Plan { revert_by: Some(at(9)), ..plan(*kind, 1, 5) };
            assert_eq!(reverts(dated).is_ok(), *kind == Nature::Temporary, "{kind}");
            assert!(reverts(plan(*kind, 1, 5)).is_ok());
        }
        let early = Plan { revert_by: Some(at(4)), ..plan(Nature::Temporary, 1, 5) };
        assert_eq!(reverts(early).unwrap_err().code, Code::Invalid, "before its work ends");
        assert!(in_time_to_revert(Some(at(5)), at(4)).is_ok());
        assert_eq!(in_time_to_revert(Some(at(5)), at(5)).unwrap_err().code, Code::Expired);
    }

    #[test]
    fn what_began_yesterday_is_not_asked_for_today() {
        assert_eq!(code(plan(Nature::Normal, -24, 5), None, false), None);
        assert_eq!(code(plan(Nature::Normal, -25, 5), None, false), Some(Code::Invalid));
    }

    #[test]
    fn decisions_are_due_between_now_and_the_end() {
        let normal = plan(Nature::Normal, 2, 5);
        assert_eq!(code(normal, Some(at(5)), false), None);
        assert_eq!(code(normal, Some(at(0)), false), Some(Code::Invalid));
        assert_eq!(code(normal, Some(at(6)), false), Some(Code::Invalid));
    }

    #[test]
    fn an_emergency_cannot_wait_and_says_why() {
        assert_eq!(code(plan(Nature::Emergency, 1, 5), None, true), None);
        assert_eq!(code(plan(Nature::Emergency, 1, 5), None, false), Some(Code::Missing));
        assert_eq!(code(plan(Nature::Emergency, 25, 26), None, true), Some(Code::Invalid));
        assert_eq!(code(plan(Nature::Emergency, 0, 200), None, true), Some(Code::Invalid));
    }
}
