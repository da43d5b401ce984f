//! Risks: where they come from, how they are weighed, which state follows which.

use super::command::Subject;
use super::field::{Field, Type, Typed};
use super::names::{Login, Ref, SiteCode};
use super::refusal::Refusal;
use super::text::Line;
use super::time::Time;
use super::wrote;
use crate::{subject, words};

/// The prefix of risks.
pub const PREFIX: &str = "R";

words! {
    /// The states of a risk.
    pub enum State {
        /// Found by analysis; nobody has looked yet.
        Candidate = "candidate",
        /// Looked at, or raised by a person.
        Open = "open",
        /// Being treated.
        Treating = "treating",
        /// Accepted until an end.
        Accepted = "accepted",
        /// Closed.
        Closed = "closed",
    }
}

words! {
    /// What is done about a risk.
    pub enum Treatment {
        /// Lower it.
        Mitigate = "mitigate",
        /// Hand it to another.
        Transfer = "transfer",
        /// Stop what causes it.
        Avoid = "avoid",
    }
}

words! {
    /// Which weighing an assessment gives.
    pub enum Level {
        /// Before any control.
        Inherent = "inherent",
        /// With the controls of today.
        Current = "current",
        /// With the treatment done.
        Residual = "residual",
    }
}

/// A step of the 1 to 5 scales.
pub type Step = super::asset::Rating;

/// What it would cost, by kind of harm, 1 to 5 each; what is not said counts as 5.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consequence {
    /// Harm to people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub safety: Option<Step>,
    /// Harm to the environment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<Step>,
    /// Loss of production.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub production: Option<Step>,
    /// Harm to the product or its validated state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality: Option<Step>,
    /// Breach of a duty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regulatory: Option<Step>,
}

impl Consequence {
    fn named(&self) -> [Option<Step>; 5] {
        [self.safety, self.environment, self.production, self.quality, self.regulatory]
    }

    /// The worst of what is said; 5 if nothing is.
    pub fn worst(&self) -> i64 {
        self.named().into_iter().flatten().map(Step::get).max().unwrap_or(Step::UNRATED)
    }

    /// The worse of safety and environment, 0 if neither is said.
    pub fn to_people(&self) -> i64 {
        [self.safety, self.environment].into_iter().flatten().map(Step::get).max().unwrap_or(0)
    }
}

const fn harm(name: &'static str, help: &'static str) -> Field {
    Field { name, of: Type::Integer { least: 1, most: 5 }, required: false, help }
}

impl Typed for Consequence {
    const TYPE: Type = Type::Group {
        fields: &[
            harm("safety", "Harm to people, 5 the worst."),
            harm("environment", "Harm to the environment."),
            harm("production", "Loss of production."),
            harm("quality", "Harm to the product or its validated state."),
            harm("regulatory", "Breach of a duty."),
        ],
    };
}

impl Typed for Level {
    const TYPE: Type = Type::Choice { words: Self::WORDS };
}

impl Typed for Treatment {
    const TYPE: Type = Type::Choice { words: Self::WORDS };
}

/// One weighing: likelihood and consequence, 1 to 5 each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weight {
    /// How likely.
    pub likelihood: Step,
    /// How bad.
    pub consequence: Consequence,
}

impl Weight {
    /// Likelihood times worst consequence, 1 to 25.
    pub fn score(&self) -> i64 {
        self.likelihood.get() * self.consequence.worst()
    }

    /// Priority 1 to 4: 20 and more, or harm to people of 5 that is at least possible, is 1; 12 is 2; 6 is 3;
    /// a consequence of 5 is never below 3.
    pub fn priority(&self) -> i64 {
        if self.consequence.to_people() == 5 && self.likelihood.get() >= 3 {
            1
        } else {
            priority_of(self.likelihood.get(), self.consequence.worst())
        }
    }
}

/// The priority of a cell of the matrix, harm to people apart.
pub const fn priority_of(likelihood: i64, worst: i64) -> i64 {
    match likelihood * worst {
        20.. => 1,
        12.. => 2,
        6.. => 3,
        _ if worst == 5 => 3,
        _ => 4,
    }
}

/// The likelihood that a CVSS base score stands for, in tenths; unknown counts as 4.
pub fn likelihood_of(score_tenths: Option<i64>) -> Step {
    let step = match score_tenths {
        None | Some(70..=89) => 4,
        Some(90..) => 5,
        Some(40..=69) => 3,
        Some(1..=39) => 2,
        Some(_) => 1,
    };
    Step::new(step).unwrap_or(FULL)
}

const FULL: Step = match Step::new(5) {
    Some(step) => step,
    None => unreachable!(),
};

/// The weighing of a risk that matching found: from the advisory's score and the worst ratings of the assets
/// found; an asset without a rating counts as 5.
pub fn weight_found(
    score_tenths: Option<i64>,
    safety: Option<Step>,
    regulatory: Option<Step>,
    production: Option<Step>,
) -> Weight {
    Weight {
        likelihood: likelihood_of(score_tenths),
        consequence: Consequence {
            safety: Some(safety.unwrap_or(FULL)),
            environment: None,
            production: Some(production.unwrap_or(FULL)),
            quality: None,
            regulatory: Some(regulatory.unwrap_or(FULL)),
        },
    }
}

/// What a risk that matching found is called: what the advisory says, and where it was found, for an advisory raises one at
/// every site that it meets.
pub fn title_found(advisory: &str, site: &str) -> String {
    format!("{advisory} at {site}")
}

subject! {
    "risk";
    /// Raises a risk.
    Raise => Raised("risk.raise" => "risk.raised") Operate creates "R" writes ["risk", "posture_item"]
    { site: SiteCode = "The site."; title: Line = "What may happen."; ;
      likelihood: Step = "How likely, 5 the most."; consequence: Consequence = "How bad, by kind of harm.";
      owner: Login = "Who answers for it."; due: Time = "When it is to be treated."; }
    /// Weighs a risk at one level.
    Assess => Assessed("risk.assess" => "risk.assessed") Operate writes ["risk", "posture_item"]
    { r#ref: Ref = "The risk."; level: Level = "Which weighing."; likelihood: Step = "How likely, 5 the most.";
      consequence: Consequence = "How bad, by kind of harm."; ; owner: Login = "Who answers for it."; due: Time = "When it is to be treated."; }
    /// Says how a risk is treated, by whom, until when.
    Treat => Treated("risk.treat" => "risk.treated") Operate writes ["risk", "posture_item"]
    { r#ref: Ref = "The risk."; treatment: Treatment = "What is done about it."; ;
      owner: Login = "Who answers for it."; due: Time = "When it is to be done."; compensating: Vec<Line> = "Compensating measures."; }
    /// Closes a risk.
    Close => Closed("risk.close" => "risk.closed") Operate writes ["risk", "posture_item"]
    { r#ref: Ref = "The risk."; reason: Line = "Why it is no more."; ; }
    @rule
    /// Analysis found assets of a site in an advisory.
    Found("risk.found") Record creates "R" writes ["risk", "posture_item"]
    { site: SiteCode = "The site."; advisory: Ref = "The advisory."; ; }
    @rule
    /// The facts that a found risk was weighed by have changed.
    Reweighed("risk.reweighed") Record writes ["risk"]
    { r#ref: Ref = "The risk."; ; }
    @rule
    /// The acceptance of the risk was approved.
    Accepted("risk.accepted") Record writes ["risk", "posture_item"]
    { r#ref: Ref = "The risk."; acceptance: Ref = "The acceptance."; ; }
    @rule
    /// The acceptance of the risk has ended.
    Reopened("risk.reopened") Record writes ["risk", "posture_item"]
    { r#ref: Ref = "The risk."; acceptance: Ref = "The acceptance that ended."; ; }
}

impl Kind {
    /// Risks are numbered.
    pub fn subject(&self) -> Subject {
        let reference = match self {
            Self::Raised(_) | Self::Found(_) => return Subject::New(PREFIX),
            Self::Assessed(payload) => &payload.r#ref,
            Self::Treated(payload) => &payload.r#ref,
            Self::Closed(payload) => &payload.r#ref,
            Self::Reweighed(payload) => &payload.r#ref,
            Self::Accepted(payload) => &payload.r#ref,
            Self::Reopened(payload) => &payload.r#ref,
        };
        Subject::Is(reference.clone())
    }

    /// The state this entry leads to from that one; none if it is allowed but moves nothing.
    ///
    /// # Errors
    /// `wrong-state` if the state does not allow it.
    pub fn moves(&self, from: State) -> Result<State, Refusal> {
        use State::{Accepted, Candidate, Closed, Open, Treating};
        let to = match (self, from) {
            (Self::Raised(_) | Self::Found(_), any) => Some(any),
            (Self::Assessed(_), Candidate) => Some(Open),
            (Self::Assessed(_), Open | Treating | Accepted) => Some(from),
            (Self::Treated(_), Candidate | Open | Treating | Accepted) => Some(Treating),
            (Self::Closed(_), Candidate | Open | Treating | Accepted) => Some(Closed),
            (Self::Reweighed(_), Candidate) => Some(Candidate),
            (Self::Accepted(_), Candidate | Open | Treating) => Some(Accepted),
            (Self::Reopened(_), Accepted) => Some(Open),
            (
                Self::Assessed(_) | Self::Treated(_) | Self::Accepted(_) | Self::Closed(_),
                Closed,
            )
            | (Self::Reweighed(_), Open | Treating | Accepted | Closed)
            | (Self::Accepted(_), Accepted)
            | (Self::Reopened(_), Candidate | Open | Treating | Closed) => None,
        };
        to.ok_or_else(|| {
            let on = match self.subject() {
                Subject::Is(on) => on.to_string(),
                Subject::New(_) => "the risk".to_owned(),
            };
            wrote::refusal(&on, from.word(), self.name(), &[])
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weight(likelihood: i64, consequence: Consequence) -> Weight {
        Weight { likelihood: Step::new(likelihood).unwrap(), consequence }
    }

    #[test]
    fn an_unrated_consequence_counts_as_five() {
        assert_eq!(weight(2, Consequence::default()).score(), 10);
        assert_eq!(weight(1, Consequence::default()).priority(), 3);
    }

    #[test]
    fn possible_harm_to_people_is_priority_one() {
        let harm = Consequence { safety: Step::new(5), ..Consequence::default() };
        assert_eq!(weight(3, harm).priority(), 1);
        assert_eq!(weight(2, harm).priority(), 3);
    }

    #[test]
    fn priority_follows_the_score() {
        let production = |n| Consequence { production: Step::new(n), ..Consequence::default() };
        assert_eq!(weight(5, production(4)).priority(), 1);
        assert_eq!(weight(3, production(4)).priority(), 2);
        assert_eq!(weight(2, production(3)).priority(), 3);
        assert_eq!(weight(1, production(4)).priority(), 4);
    }
}
