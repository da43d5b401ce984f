//! The one decision engine: which disciplines must say yes, who may veto, when a request is decided.
//!
//! Changes, windows and acceptances are decided here alike. Which rows a decision writes is not here.

use serde::{Deserialize, Deserializer, Serialize};

use super::command::{Kind, Origin, Spec};
use super::discipline::Discipline;
use super::field::{Field, Type, Typed};
use super::names::{Login, Ref};
use super::refusal::{Code, Refusal};
use super::role::{Holder, Right};
use super::text::Line;
use super::{acceptance, change, window};
use crate::words;

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
}

impl Approvable {
    /// Every subject that is decided on.
    pub const ALL: [Self; 3] = [Self::Change, Self::Window, Self::Acceptance];

    /// The subject's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Window => "window",
            Self::Acceptance => "acceptance",
        }
    }

    /// The prefix of its references.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Change => change::PREFIX,
            Self::Window => window::PREFIX,
            Self::Acceptance => acceptance::PREFIX,
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
                "give the reference of a change (CR-), a window (VW-) or an acceptance (RA-)",
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
decided!(change, window, acceptance);

/// A discipline that must say yes, with the reason it must.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The discipline.
    pub discipline: Discipline,
    /// Whether its no ends the request.
    pub veto: bool,
    /// Why it is required.
    pub because: String,
}

/// Who must say yes under rule version 1: the accountable discipline of the activity's RACI row, operations
/// and IT security; operations may veto.
pub fn required(activity: &str, accountable: Discipline, origin: &str) -> Vec<Requirement> {
    let joint = "operations and IT security answer jointly for all that touches OT";
    let mut disciplines =
        vec![(accountable, format!("accountable for {activity} ({origin} RACI)"))];
    for discipline in [Discipline::Operations, Discipline::ItSecurity] {
        if discipline != accountable {
            disciplines.push((discipline, joint.to_owned()));
        }
    }
    disciplines
        .into_iter()
        .map(|(discipline, because)| Requirement {
            veto: discipline == Discipline::Operations,
            discipline,
            because,
        })
        .collect()
}

/// One decision that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stands {
    /// The discipline.
    pub discipline: Discipline,
    /// Who decided.
    pub person: Login,
    /// What was said.
    pub answer: Answer,
}

/// Where the decisions lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Some required discipline has not spoken.
    Pending,
    /// All required disciplines said yes.
    Approved,
    /// A discipline with veto said no: this reference has ended.
    Vetoed,
    /// Another discipline said no: back to the requester.
    Returned,
}

/// Where these decisions lead under these requirements.
pub fn outcome(required: &[Requirement], stand: &[Stands]) -> Outcome {
    let mut missing = false;
    let mut returned = false;
    for requirement in required {
        match stand.iter().find(|s| s.discipline == requirement.discipline).map(|s| s.answer) {
            Some(Answer::No) if requirement.veto => return Outcome::Vetoed,
            Some(Answer::No) => returned = true,
            Some(Answer::Yes) => {}
            None => missing = true,
        }
    }
    match (returned, missing || required.is_empty()) {
        (true, _) => Outcome::Returned,
        (false, true) => Outcome::Pending,
        (false, false) => Outcome::Approved,
    }
}

/// Whether this person may take this decision now; says where it leads.
///
/// # Errors
/// `four-eyes` on one's own request or a second decision, `wrong-discipline` if it is not required, not held
/// or has been given, `missing` for a no without a reason.
pub fn decide(
    decision: &Decision,
    person: &Holder,
    requester: &Login,
    required: &[Requirement],
    stand: &[Stands],
) -> Result<Outcome, Refusal> {
    let Decision { r#ref, discipline, decision: answer, reason } = decision;
    if &person.login == requester {
        return Err(Refusal::new(
            Code::FourEyes,
            format!("{} asked for {ref} and cannot decide on it", person.login),
            "another person must decide",
        ));
    }
    if !person.holds(*discipline) {
        return Err(Refusal::new(
            Code::WrongDiscipline,
            format!("{} does not hold {discipline}", person.login),
            "decide for a discipline you hold",
        ));
    }
    if !required.iter().any(|r| r.discipline == *discipline) {
        let names: Vec<_> = required.iter().map(|r| r.discipline.word()).collect();
        return Err(Refusal::new(
            Code::WrongDiscipline,
            format!("{ref} does not ask for {discipline}"),
            format!("it asks for {}", names.join(", ")),
        ));
    }
    if let Some(given) = stand.iter().find(|s| s.discipline == *discipline) {
        return Err(Refusal::new(
            Code::WrongDiscipline,
            format!("{} has decided {} on {ref} for {discipline}", given.person, given.answer),
            "that decision stands",
        ));
    }
    if let Some(own) = stand.iter().find(|s| s.person == person.login) {
        return Err(Refusal::new(
            Code::FourEyes,
            format!("{} has decided on {ref} for {} and counts once", own.person, own.discipline),
            format!("another person must decide for {discipline}"),
        ));
    }
    if *answer == Answer::No && reason.is_none() {
        return Err(Refusal::new(
            Code::Missing,
            format!("a no on {ref} has no reason"),
            "say why in `reason`",
        ));
    }
    let mut stand = stand.to_vec();
    stand.push(Stands { discipline: *discipline, person: person.login.clone(), answer: *answer });
    Ok(outcome(required, &stand))
}

#[cfg(test)]
mod tests;
