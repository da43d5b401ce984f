//! The calendar of a plant: outages, in which work may stop it, and blackouts, in which nothing may be changed. What
//! lies in one, and what stands against one, is not here.

use super::names::SiteCode;
use super::raci::{Activity, Row, Value};
use super::refusal::{Code, Refusal, Verdict};
use super::role::{Holder, Right};
use super::time::Time;

pub mod blackout;
pub mod outage;
mod set;

pub use set::{Command, Set, TABLE, What};

/// The activity whose RACI row says who keeps the calendar.
pub const ACTIVITY: Activity = Activity::OutageCalendar;

/// Whether a time of the calendar can be set at this instant.
///
/// # Errors
/// `invalid` for an end that is not after the start, `expired` for an end that has passed.
pub fn span(start: Time, end: Time, at: Time) -> Verdict {
    if end <= start {
        return Err(Refusal::new(
            Code::Invalid,
            format!("it ends at {end:#} and begins at {start:#}"),
            "give an end after the start",
        ));
    }
    if end <= at {
        return Err(Refusal::new(
            Code::Expired,
            format!("it would have ended at {end:#}"),
            "give an end that is still to come",
        ));
    }
    Ok(())
}

/// Whether the calendar of this site is this person's to set: whoever is accountable or responsible for it in the RACI
/// row as it holds there, or a manager of the centre.
///
/// # Errors
/// `wrong-discipline`, with the disciplines that would do.
pub fn keeps(row: &Row, holder: &Holder, site: &SiteCode, at: Time) -> Verdict {
    let by = |value: &Value| matches!(value, Value::Accountable | Value::Responsible);
    let keepers = row.cells.iter().filter(|cell| by(&cell.value)).map(|cell| cell.discipline);
    let keepers: Vec<_> = keepers.collect();
    if keepers.iter().any(|discipline| holder.holds(*discipline))
        || holder.may(Right::Manage, Some(site), at).is_ok()
    {
        return Ok(());
    }
    let words: Vec<_> = keepers.iter().map(|discipline| discipline.word()).collect();
    Err(Refusal::new(
        Code::WrongDiscipline,
        format!("{} does not keep the calendar of {site}", holder.login),
        format!("{} does: the RACI row {ACTIVITY} says so", words.join(" or ")),
    ))
}

/// Whether something that is set up to this end can still be moved or taken back.
///
/// # Errors
/// `wrong-state` if it was taken back, `expired` if it is over.
pub fn stands(what: &str, taken_back: bool, end: Time, at: Time) -> Verdict {
    if taken_back {
        return Err(Refusal::new(
            Code::WrongState,
            format!("{what} was taken back"),
            "set another with `smc do outage.plan` or `smc do blackout.declare`",
        ));
    }
    if at >= end {
        return Err(Refusal::new(
            Code::Expired,
            format!("{what} was over at {end:#}"),
            "set another that is still to come",
        ));
    }
    Ok(())
}

/// The word that screens show at this instant for what is set from a start to an end: `to_come`, `now`, `over`, or the
/// state it was left in.
pub fn effective_state(
    taken_back: Option<&'static str>,
    start: Time,
    end: Time,
    now: Time,
) -> &'static str {
    match taken_back {
        Some(word) => word,
        None if now < start => "to_come",
        None if now < end => "now",
        None => "over",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::discipline::Discipline;
    use crate::domain::names::Login;
    use crate::domain::role::{Grant, Role};

    fn at(seconds: i64) -> Time {
        Time::from_micros(0).plus_seconds(seconds)
    }

    #[test]
    fn a_time_ends_after_its_start_and_is_not_over() {
        assert_eq!(span(at(10), at(10), at(0)).unwrap_err().code, Code::Invalid);
        assert_eq!(span(at(10), at(20), at(20)).unwrap_err().code, Code::Expired);
        assert!(span(at(10), at(20), at(19)).is_ok());
    }

    #[test]
    fn it_is_kept_by_operations_and_engineering_unless_the_raci_says_otherwise() {
        let site = SiteCode::new("RLF").unwrap();
        let person = |discipline, role| Holder {
            login: Login::new("ann").unwrap(),
            active: true,
            disciplines: vec![discipline],
            grants: vec![Grant { role, site: None, until: None }],
        };
        let row = Row::held(ACTIVITY, &[], &[]);
        for discipline in Discipline::ALL {
            let keeper = [Discipline::Operations, Discipline::Engineering].contains(discipline);
            let ann = person(*discipline, Role::SmcOperator);
            assert_eq!(keeps(&row, &ann, &site, at(0)).is_ok(), keeper, "{discipline}");
        }
        let manager = person(Discipline::Quality, Role::SmcManager);
        assert!(keeps(&row, &manager, &site, at(0)).is_ok());
    }

    #[test]
    fn what_is_over_or_was_taken_back_is_left_alone() {
        assert_eq!(stands("OUT-1", true, at(10), at(0)).unwrap_err().code, Code::WrongState);
        assert_eq!(stands("OUT-1", false, at(10), at(10)).unwrap_err().code, Code::Expired);
        assert_eq!(effective_state(None, at(5), at(10), at(4)), "to_come");
        assert_eq!(effective_state(None, at(5), at(10), at(5)), "now");
        assert_eq!(effective_state(None, at(5), at(10), at(10)), "over");
        assert_eq!(effective_state(Some("cancelled"), at(5), at(10), at(5)), "cancelled");
    }
}
