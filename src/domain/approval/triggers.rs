//! The triggers of rule version 2: which answer or fact adds whom to a board. Data, from which the derivation, its
//! reasons and docs/decisions.md are made; what is concluded from them is not here.

use crate::domain::change::{Concern, Impact};
use crate::domain::discipline::Discipline;
use crate::words;

words! {
    /// The part that a discipline has in a request; the first that applies counts.
    pub enum Part {
        /// Must say yes.
        Required = "required",
        /// Is heard; silence holds nothing up.
        Consulted = "consulted",
        /// Is told.
        Informed = "informed",
    }
}

/// What a trigger looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// An impact counts as at least this much.
    Impact(Concern, Impact),
    /// Control logic changes.
    Logic,
    /// A validated parameter changes.
    Validated,
    /// It lies on both sides of the border between IT and OT.
    Crossing,
    /// A person of a vendor comes.
    VendorPerson,
    /// The vendor has never been connected.
    FirstConnection,
}

impl When {
    /// The condition, for documents.
    pub fn words(self) -> String {
        match self {
            Self::Impact(concern, Impact::High) => format!("{concern} is high"),
            Self::Impact(concern, level) => format!("{concern} is {level} or more"),
            Self::Logic => "control logic changes (`alters_logic`)".to_owned(),
            Self::Validated => "a validated parameter changes (`alters_validated`)".to_owned(),
            Self::Crossing => {
                "its assets lie on both sides of the border between IT and OT, or on it".to_owned()
            }
            Self::VendorPerson => "a vendor's person comes".to_owned(),
            Self::FirstConnection => "the vendor's first connection".to_owned(),
        }
    }
}

/// A trigger: when it holds, these disciplines have at least this part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// What it looks at.
    pub when: When,
    /// Whom it adds.
    pub adds: &'static [(Part, Discipline)],
    /// Whose no ends the request.
    pub veto: Option<Discipline>,
    /// What else it asks for, for documents.
    pub asks: Option<&'static str>,
}

impl Trigger {
    /// What follows when it holds, in words: who must say yes, who is heard, who is told, what else it asks for.
    pub fn says(&self) -> String {
        let spoken = |part: Part| {
            let whom = self.adds.iter().filter(|(given, _)| *given == part);
            whom.map(|(_, discipline)| discipline.word().replace('_', " ")).collect::<Vec<_>>()
        };
        let said = |part: Part, then: &str| {
            let whom = spoken(part);
            (!whom.is_empty()).then(|| format!("{} {then}", whom.join(" and ")))
        };
        let vetoes = self.veto.map(|who| format!("{} may veto", who.word().replace('_', " ")));
        let asks = self.asks.map(|what| format!("asks for {what}"));
        [
            said(Part::Required, "must say yes"),
            vetoes,
            said(Part::Consulted, "is heard"),
            said(Part::Informed, "is told"),
            asks,
        ]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("; ")
    }
}

const fn adds(when: When, adds: &'static [(Part, Discipline)]) -> Trigger {
    Trigger { when, adds, veto: None, asks: None }
}

const fn impact(concern: Concern, level: Impact, whom: &'static [(Part, Discipline)]) -> Trigger {
    adds(When::Impact(concern, level), whom)
}

/// The triggers.
pub const TRIGGERS: &[Trigger] = {
    use Concern::{Quality as QualityOf, Safety as SafetyOf, Security, Uptime, Validation};
    use Discipline::{Engineering, Management, Quality, Safety, VendorManagement};
    use Impact::{High, Low, Medium};
    use Part::{Consulted, Informed, Required};
    const RECORD: Option<&str> = Some("a validation record before it is verified");
    &[
        Trigger {
            asks: Some("a linked risk"),
            ..impact(Security, High, &[(Informed, Management)])
        },
        impact(SafetyOf, Low, &[(Consulted, Safety)]),
        impact(SafetyOf, Medium, &[(Required, Safety)]),
        Trigger { veto: Some(Safety), ..impact(SafetyOf, High, &[(Required, Engineering)]) },
        impact(QualityOf, Low, &[(Consulted, Quality)]),
        impact(QualityOf, Medium, &[(Required, Quality)]),
        impact(QualityOf, High, &[(Informed, Management)]),
        Trigger {
            asks: RECORD,
            ..impact(Validation, Low, &[(Required, Quality), (Required, Engineering)])
        },
        Trigger {
            asks: RECORD,
            ..adds(When::Validated, &[(Required, Quality), (Required, Engineering)])
        },
        impact(Uptime, High, &[(Required, Engineering), (Informed, Management)]),
        adds(When::Logic, &[(Required, Engineering), (Required, Quality)]),
        adds(When::Crossing, &[(Required, Engineering)]),
        adds(When::VendorPerson, &[(Consulted, VendorManagement)]),
        adds(When::FirstConnection, &[(Required, VendorManagement)]),
    ]
};

/// What marks an asset so that an impact counts for more than was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It is a safety instrumented system.
    SafetySystem,
    /// Its safety rating is at least this.
    SafetyRated(i64),
    /// It is part of a validated system.
    Validated,
}

impl Mark {
    /// The mark, for reasons and documents: `RLF/SIS-1 is …`.
    pub fn words(self) -> String {
        match self {
            Self::SafetySystem => "a safety instrumented system".to_owned(),
            Self::SafetyRated(least) => format!("rated {least} or more for safety"),
            Self::Validated => "part of a validated system".to_owned(),
        }
    }
}

/// A floor: an asset with this mark makes the impact count as at least this much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Floor {
    /// The mark.
    pub mark: Mark,
    /// The concern.
    pub concern: Concern,
    /// What it counts as at least.
    pub least: Impact,
}

/// The floors. An asset without a rating has no mark of it.
pub const FLOORS: &[Floor] = &[
    Floor { mark: Mark::SafetySystem, concern: Concern::Safety, least: Impact::Medium },
    Floor { mark: Mark::SafetyRated(4), concern: Concern::Safety, least: Impact::Medium },
    Floor { mark: Mark::Validated, concern: Concern::Validation, least: Impact::Low },
];
