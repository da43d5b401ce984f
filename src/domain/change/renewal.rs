//! Whether a temporary change may stay in the plant longer: under another one that everybody approved for it
//! (IEC 62443-2-1 clause 4.3.4.3.2; NCA OTCC 1-3-1). Who approved is not here.

use super::{Nature, State};
use crate::domain::names::Ref;
use crate::domain::refusal::{Code, Refusal, Verdict};
use crate::domain::time::Time;

/// The temporary change under which another one is to stay, as far as that asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renewal {
    /// Its reference.
    pub change: String,
    /// Its state at the instant of asking.
    pub state: State,
    /// How it is approved.
    pub kind: Nature,
    /// The change that it replaces.
    pub replaces: Option<String>,
    /// When it must be reverted.
    pub revert_by: Option<Time>,
    /// Assets of the change that stays which it does not touch.
    pub lacks: Vec<String>,
}

impl Renewal {
    /// Whether a change, to be reverted by that instant, may stay under this one.
    ///
    /// # Errors
    /// `invalid` for a change that need not be reverted, or that this one lets stay no longer; `conflict` for one that was
    /// not asked for in its place or not for all its assets, `wrong-state` for one that is not approved, `expired` for one
    /// whose own time has passed.
    pub fn allows(&self, stays: &Ref, revert_by: Option<Time>, at: Time) -> Verdict {
        let change = &self.change;
        let Some(revert_by) = revert_by else {
            return Err(Refusal::new(
                Code::Invalid,
                format!("{stays} is not temporary: it stays as it is"),
                "nothing has to be renewed",
            ));
        };
        if self.kind != Nature::Temporary || self.replaces.as_deref() != Some(stays.as_str()) {
            return Err(Refusal::new(
                Code::Conflict,
                format!("the change {change} was not asked for so that {stays} may stay"),
                format!("name a temporary change whose `supersedes` is {stays}"),
            ));
        }
        if !self.lacks.is_empty() {
            return Err(Refusal::new(
                Code::Conflict,
                format!("the change {change} does not touch {}", self.lacks.join(", ")),
                "ask for one that touches all that stays",
            ));
        }
        if self.state != State::Approved {
            return Err(Refusal::new(
                Code::WrongState,
                format!("the change {change} is {}", self.state),
                "name one that everybody has approved and nobody has begun",
            ));
        }
        match self.revert_by {
            Some(by) if by <= at => Err(Refusal::new(
                Code::Expired,
                format!("the change {change} would have been reverted by {by:#}"),
                "ask for one with a time that is still to come",
            )),
            Some(by) if by > revert_by => Ok(()),
            Some(_) | None => Err(Refusal::new(
                Code::Invalid,
                format!("{stays} may stay until {revert_by:#} already, longer than by {change}"),
                "ask for one that is reverted later",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temporary_change_stays_longer_only_under_one_that_was_approved_for_it() {
        let at = |seconds: i64| Time::from_micros(0).plus_seconds(seconds);
        let stays = Ref::new("CR-1").unwrap();
        let by = Renewal {
            change: "CR-2".to_owned(),
            state: State::Approved,
            kind: Nature::Temporary,
            replaces: Some("CR-1".to_owned()),
            revert_by: Some(at(500)),
            lacks: Vec::new(),
        };
        let told = |by: &Renewal, now: i64| by.allows(&stays, Some(at(100)), at(now));
        let code = |by: &Renewal| told(by, 50).unwrap_err().code;
        assert!(told(&by, 50).is_ok());
        assert!(told(&by, 200).is_ok(), "also past the date: late is better than never");
        assert_eq!(told(&by, 500).unwrap_err().code, Code::Expired);
        assert_eq!(by.allows(&stays, None, at(50)).unwrap_err().code, Code::Invalid);
        assert_eq!(by.allows(&stays, Some(at(500)), at(50)).unwrap_err().code, Code::Invalid);
        let other = Renewal { replaces: Some("CR-3".to_owned()), ..by.clone() };
        assert_eq!(code(&other), Code::Conflict);
        assert_eq!(code(&Renewal { kind: Nature::Normal, ..by.clone() }), Code::Conflict);
        let lacks = vec!["RLF/PLC-1".to_owned()];
        assert_eq!(code(&Renewal { lacks, ..by.clone() }), Code::Conflict);
        for state in State::ALL.iter().filter(|state| **state != State::Approved) {
            assert_eq!(code(&Renewal { state: *state, ..by.clone() }), Code::WrongState, "{state}");
        }
    }
}
