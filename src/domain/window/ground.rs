//! What a window stands on beside its approval: person, vendor, contract, assets, change, escort. Everything is asked
//! again when it opens, and by every gate that lets somebody through; each thing that fails is named.

use crate::domain::change;
use crate::domain::refusal::{Code, Refusal, Verdict};
use crate::domain::time::Time;
use crate::domain::vendor;

/// What the tables say of a window's ground.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ground {
    /// The vendor's code.
    pub vendor: String,
    /// The vendor's state; none if there is no such vendor.
    pub vendor_state: Option<vendor::State>,
    /// When its contract ends; one without an end holds.
    pub contract_end: Option<Time>,
    /// The vendor's person.
    pub person: String,
    /// The person's state; none if the vendor has no such person.
    pub person_state: Option<vendor::State>,
    /// When the screening ends, if that is on record.
    pub screening_until: Option<Time>,
    /// When the training ends, if that is on record.
    pub training_until: Option<Time>,
    /// Assets of the window that are no longer in the plant.
    pub retired: Vec<String>,
    /// The change that it serves, with its state at the instant of asking.
    pub change: Option<(String, change::State)>,
    /// That the change was found wrong by somebody who reviewed it, if it was.
    pub found_wrong: bool,
    /// The escort, if it is somebody of this store who may act no more.
    pub gone_escort: Option<String>,
}

fn refusal(code: Code, message: String, fix: &str) -> Refusal {
    Refusal::new(code, message, fix)
}

impl Ground {
    /// Everything that stands in the way of access that is to hold through an instant; nothing if it may be given.
    pub fn hindrances(&self, through: Time) -> Vec<Refusal> {
        let mut found = self.papers(through);
        for asset in &self.retired {
            found.push(refusal(
                Code::WrongState,
                format!("the asset {asset} is retired"),
                "ask for a window without it",
            ));
        }
        if let Some((reference, state)) = &self.change
            && !matches!(state, change::State::Approved | change::State::InProgress)
        {
            found.push(refusal(
                Code::Conflict,
                format!("the change {reference} that the window serves is {state}"),
                "open it when the change is approved or running",
            ));
        }
        if let Some(escort) = &self.gone_escort {
            found.push(refusal(
                Code::WrongState,
                format!("the escort {escort} is deactivated"),
                "ask for a window with another escort",
            ));
        }
        found
    }

    /// That the change which it serves was found wrong: nothing more is done under it.
    pub fn wrong(&self) -> Option<Refusal> {
        let (reference, _) = self.change.as_ref().filter(|_| self.found_wrong)?;
        Some(refusal(
            Code::Vetoed,
            format!("a review found the change {reference} wrong, which the window serves"),
            "back that change out; ask for a window without it if access is needed for that",
        ))
    }

    /// Papers of the person that nobody has recorded: what is not known to hold does not hold.
    pub fn unrecorded(&self) -> Vec<Refusal> {
        let Self { vendor, person, .. } = self;
        if self.person_state.is_none() {
            return Vec::new();
        }
        let papers = [("screening", self.screening_until), ("training", self.training_until)];
        let missing = papers.into_iter().filter(|(_, until)| until.is_none());
        missing
            .map(|(what, _)| {
                refusal(
                    Code::Missing,
                    format!("no {what} of {person} ({vendor}) is on record"),
                    "record it with `smc do vendor.person`",
                )
            })
            .collect()
    }

    /// What the vendor and its person lack for access that is to hold through an instant.
    pub fn papers(&self, through: Time) -> Vec<Refusal> {
        let Self { vendor, person, .. } = self;
        let mut found = Vec::new();
        match self.vendor_state {
            None => found.push(Refusal::unknown("vendor", vendor, "vendors")),
            Some(vendor::State::Suspended) => found.push(refusal(
                Code::NotAllowed,
                format!("the vendor {vendor} is suspended"),
                "take it back with `smc do vendor.resume`",
            )),
            Some(vendor::State::Active) => {}
        }
        if let Some(ends) = self.contract_end.filter(|ends| *ends <= through) {
            found.push(refusal(
                Code::Expired,
                format!("the contract of {vendor} ends at {ends:#}"),
                "renew it with `smc do vendor.update`",
            ));
        }
        match self.person_state {
            None => {
                found.push(refusal(
                    Code::Unknown,
                    format!("{vendor} has no person {person}"),
                    "register the person with `smc do vendor.person`",
                ));
                return found;
            }
            Some(vendor::State::Suspended) => found.push(refusal(
                Code::NotAllowed,
                format!("{person} ({vendor}) is suspended"),
                "take it back with `smc do vendor.resume`",
            )),
            Some(vendor::State::Active) => {}
        }
        for (what, ends) in [("screening", self.screening_until), ("training", self.training_until)]
        {
            if let Some(ends) = ends.filter(|ends| *ends <= through) {
                found.push(refusal(
                    Code::Expired,
                    format!("the {what} of {person} ({vendor}) ends at {ends:#}"),
                    "renew it with `smc do vendor.person`",
                ));
            }
        }
        found
    }
}

/// One refusal that names all of these, with the code of the first; none if there is nothing.
pub fn together(found: Vec<Refusal>) -> Verdict {
    let mut found = found.into_iter();
    let Some(first) = found.next() else { return Ok(()) };
    Err(found.fold(first, |mut all, next| {
        all.message = format!("{}; {}", all.message, next.message);
        if !all.fix.contains(&next.fix) {
            all.fix = format!("{}; {}", all.fix, next.fix);
        }
        all
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Time {
        Time::from_micros(0).plus_seconds(seconds)
    }

    fn ground() -> Ground {
        Ground {
            vendor: "YOKO".to_owned(),
            vendor_state: Some(vendor::State::Active),
            person: "kenji".to_owned(),
            person_state: Some(vendor::State::Active),
            contract_end: Some(at(100)),
            screening_until: Some(at(100)),
            training_until: Some(at(100)),
            ..Ground::default()
        }
    }

    #[test]
    fn what_holds_through_the_end_stands_in_nobodys_way() {
        assert_eq!(ground().hindrances(at(99)), []);
    }

    #[test]
    fn each_thing_that_fails_is_named() {
        let failing = Ground {
            vendor_state: Some(vendor::State::Suspended),
            person_state: Some(vendor::State::Suspended),
            retired: vec!["RLF/PLC-7".to_owned()],
            change: Some(("CR-3".to_owned(), change::State::Withdrawn)),
            gone_escort: Some("bob".to_owned()),
            ..ground()
        };
        let told = together(failing.hindrances(at(100))).unwrap_err();
        for part in [
            "vendor YOKO is suspended",
            "contract of YOKO ends",
            "kenji (YOKO) is suspended",
            "screening of kenji",
            "training of kenji",
            "RLF/PLC-7 is retired",
            "CR-3 that the window serves is withdrawn",
            "escort bob is deactivated",
        ] {
            assert!(told.message.contains(part), "{part}: {told}");
        }
        assert_eq!(told.code, Code::NotAllowed);
    }

    #[test]
    fn a_person_whom_nobody_registered_has_no_papers_to_speak_of() {
        let nobody = Ground { person_state: None, screening_until: None, ..ground() };
        let found = nobody.hindrances(at(10));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].code, Code::Unknown);
    }
}
