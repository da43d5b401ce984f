//! The one decision engine: which disciplines must say yes, who may veto, when a request is decided.
//!
//! Changes, windows and acceptances are decided here alike. Which rows a decision writes is not here.

use serde::{Deserialize, Deserializer, Serialize};

use super::command::{Kind, Origin, Spec};
use super::discipline::Discipline;
use super::field::{Field, Type, Typed};
use super::names::Ref;
use super::refusal::{Code, Refusal};
use super::role::Right;
use super::text::Line;
use super::{acceptance, change, extension, window};
use crate::words;

mod board;
mod derive;
mod holders;
mod triggers;

pub use board::{Need, Outcome, Requirement, Stands, decide, on_call, outcome, review};
pub use derive::{Ask, Condition, Derived, Facts, Heard, Touched, conditions, counted, derive};
pub use holders::{Candidate, can_be_given};
pub use triggers::{FLOORS, Floor, Mark, Part, TRIGGERS, Trigger, When};

words! {
    /// What a decision says.
    pub enum Answer {
        /// Approves.
        Yes = "yes",
        /// Rejects.
        No = "no",
    }
}

impl Typed for Answer {
    const TYPE: Type = Type::Choice { words: Self::WORDS };
}

/// A decision of one person for one discipline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// What is decided on.
    pub r#ref: Ref,
    /// The discipline that decides.
    pub discipline: Discipline,
    /// Yes or no.
    pub decision: Answer,
    /// Why; compulsory on no.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Line>,
}

/// A yes or no whose word stands in the command's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vote {
    /// What is decided on.
    pub r#ref: Ref,
    /// The discipline that decides.
    pub discipline: Discipline,
    /// Why; compulsory on reject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Line>,
}

/// A subject that is decided on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Approvable {
    /// A change.
    Change,
    /// A vendor's access window.
    Window,
    /// The acceptance of a risk.
    Acceptance,
    /// The request that a window end later.
    Extension,
}

impl Approvable {
    /// Every subject that is decided on.
    pub const ALL: [Self; 4] = [Self::Change, Self::Window, Self::Acceptance, Self::Extension];

    /// The subject's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Window => "window",
            Self::Acceptance => "acceptance",
            Self::Extension => "extension",
        }
    }

    /// The prefix of its references.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Change => change::PREFIX,
            Self::Window => window::PREFIX,
            Self::Acceptance => acceptance::PREFIX,
            Self::Extension => extension::PREFIX,
        }
    }

    /// The subject that this reference names, if decisions are taken on it.
    pub fn of(reference: &Ref) -> Option<Self> {
        let (prefix, _) = reference.number()?;
        Self::ALL.into_iter().find(|subject| subject.prefix() == prefix)
    }
}

/// What can be asked of the engine.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Command {
    /// `decide`: yes or no on any reference.
    Decide(Decision),
    /// `X.approve` and `X.reject`: the same for one subject.
    Vote {
        /// The subject that the command names.
        #[serde(skip)]
        on: Approvable,
        /// The answer that the command names.
        #[serde(skip)]
        answer: Answer,
        /// The rest.
        #[serde(flatten)]
        vote: Vote,
    },
}

const REF: Field =
    Field { name: "ref", of: Type::Ref, required: true, help: "What is decided on." };
const DISCIPLINE: Field = Field {
    name: "discipline",
    of: Type::Choice { words: Discipline::WORDS },
    required: true,
    help: "The discipline that decides, which the person must hold.",
};
const ANSWER: Field = Field {
    name: "decision",
    of: Type::Choice { words: Answer::WORDS },
    required: true,
    help: "Yes or no.",
};
const REASON: Field =
    Field { name: "reason", of: Type::Line, required: false, help: "Why; compulsory on no." };

const fn vote(
    command: &'static str,
    subject: &'static str,
    kind: &'static str,
    help: &'static str,
) -> Spec {
    Spec {
        command: Some(command),
        kind,
        subject,
        origin: Origin::Person,
        right: Right::Decide,
        creates: None,
        tables: &[],
        fields: &[REF, DISCIPLINE, REASON],
        help,
    }
}

/// The commands of the engine; their kinds stand in the tables of their subjects.
pub const TABLE: &[Spec] = &[
    Spec {
        command: Some("decide"),
        kind: "<subject>.decided",
        subject: "approval",
        origin: Origin::Person,
        right: Right::Decide,
        creates: None,
        tables: &[],
        fields: &[REF, DISCIPLINE, ANSWER, REASON],
        help: "Decides on anything that asks for approval.",
    },
    vote("change.approve", "change", "change.decided", "Says yes to a change."),
    vote(
        "change.reject",
        "change",
        "change.decided",
        "Says no to a change; operations' no ends it.",
    ),
    vote("window.approve", "window", "window.decided", "Says yes to a vendor's access window."),
    vote("window.reject", "window", "window.decided", "Says no to a vendor's access window."),
    vote("acceptance.approve", "acceptance", "acceptance.decided", "Says yes to accepting a risk."),
    vote("acceptance.reject", "acceptance", "acceptance.decided", "Says no to accepting a risk."),
    vote(
        "extension.approve",
        "extension",
        "extension.decided",
        "Says yes to a window ending later.",
    ),
    vote("extension.reject", "extension", "extension.decided", "Says no to a window ending later."),
];

impl Command {
    /// Reads the fields of the command with this name; none if it is not the engine's.
    pub fn read<'de, D: Deserializer<'de>>(
        name: &str,
        fields: D,
    ) -> Option<Result<Self, D::Error>> {
        if name == "decide" {
            return Some(Decision::deserialize(fields).map(Self::Decide));
        }
        let (subject, verb) = name.split_once('.')?;
        let on = Approvable::ALL.into_iter().find(|on| on.name() == subject)?;
        let answer = match verb {
            "approve" => Answer::Yes,
            "reject" => Answer::No,
            _ => return None,
        };
        Some(Vote::deserialize(fields).map(|vote| Self::Vote { on, answer, vote }))
    }

    /// The reference that is decided on.
    pub fn on(&self) -> &Ref {
        match self {
            Self::Decide(decision) => &decision.r#ref,
            Self::Vote { vote, .. } => &vote.r#ref,
        }
    }

    /// The entry of the subject that the reference names.
    ///
    /// # Errors
    /// `invalid` if no decision is taken on such a reference, or the command names another subject.
    pub fn into_kind(self) -> Result<Kind, Refusal> {
        let on = Approvable::of(self.on()).ok_or_else(|| {
            Refusal::new(
                Code::Invalid,
                format!("{} is nothing that is decided on", self.on()),
                "give the reference of a change (CR-), a window (VW-), an acceptance (RA-) or an extension (VX-)",
            )
        })?;
        let decision = match self {
            Self::Decide(decision) => decision,
            Self::Vote { on: named, answer, vote } => {
                if named != on {
                    return Err(Refusal::new(
                        Code::Invalid,
                        format!("{} is a {}, not a {}", vote.r#ref, on.name(), named.name()),
                        format!("use {}.approve, {}.reject or decide", on.name(), on.name()),
                    ));
                }
                let Vote { r#ref, discipline, reason } = vote;
                Decision { r#ref, discipline, decision: answer, reason }
            }
        };
        Ok(match on {
            Approvable::Change => Kind::Change(change::Kind::Decided(decision.into())),
            Approvable::Window => Kind::Window(window::Kind::Decided(decision.into())),
            Approvable::Acceptance => Kind::Acceptance(acceptance::Kind::Decided(decision.into())),
            Approvable::Extension => Kind::Extension(extension::Kind::Decided(decision.into())),
        })
    }
}

macro_rules! decided {
    ($($room:ident),+) => { $(
        impl From<Decision> for $room::Decided {
            fn from(from: Decision) -> Self {
                let Decision { r#ref, discipline, decision, reason } = from;
                Self { r#ref, discipline, decision, reason }
            }
        }
        impl From<&$room::Decided> for Decision {
            fn from(from: &$room::Decided) -> Self {
                let $room::Decided { r#ref, discipline, decision, reason } = from.clone();
                Self { r#ref, discipline, decision, reason }
            }
        }
    )+ };
}
decided!(change, window, acceptance, extension);

impl From<&change::Review> for Decision {
    fn from(from: &change::Review) -> Self {
        let change::Review { r#ref, discipline, decision, reason } = from.clone();
        Self { r#ref, discipline, decision, reason }
    }
}

#[cfg(test)]
mod tests;
