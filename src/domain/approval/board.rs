//! The board of a request: what each discipline must say, what was said, where that leads.

use crate::domain::approval::{Answer, Decision};
use crate::domain::discipline::Discipline;
use crate::domain::names::{Login, Ref};
use crate::domain::refusal::{Code, Refusal, Verdict};
use crate::domain::role::Holder;
use crate::domain::time::Time;
use crate::domain::words::{all_of, one_of};
use crate::words;

words! {
    /// What a request needs of a discipline.
    pub enum Need {
        /// Its yes.
        Must = "must",
        /// A yes of one among those so marked, by whoever is on call; the others review it.
        OneOf = "one_of",
        /// No yes before, but its word afterwards.
        Review = "review",
    }
}

/// A discipline that must speak, with the reason it must.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The discipline.
    pub discipline: Discipline,
    /// What is needed of it.
    pub need: Need,
    /// Whether its no ends the request.
    pub veto: bool,
    /// Why it is required.
    pub because: String,
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
    /// When, where it is known.
    pub at: Option<Time>,
}

impl Stands {
    /// The decision in words: who said what for whom, and when.
    fn told(&self) -> String {
        let Self { discipline, person, answer, at } = self;
        let when = at.map(|at| format!(" at {at:#}")).unwrap_or_default();
        format!("{person} has decided {answer} for {discipline}{when}")
    }
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

impl Outcome {
    /// The one of three states that it leads to, where a no ends the request whoever says it.
    pub const fn leads_to<S: Copy>(self, requested: S, approved: S, rejected: S) -> S {
        match self {
            Self::Pending => requested,
            Self::Approved => approved,
            Self::Vetoed | Self::Returned => rejected,
        }
    }
}

/// Where these decisions lead under these requirements.
pub fn outcome(required: &[Requirement], stand: &[Stands]) -> Outcome {
    let said =
        |one: &Requirement| stand.iter().find(|s| s.discipline == one.discipline).map(|s| s.answer);
    let before = || required.iter().filter(|one| one.need != Need::Review);
    let mut returned = false;
    for requirement in before().filter(|one| said(one) == Some(Answer::No)) {
        if requirement.veto {
            return Outcome::Vetoed;
        }
        returned = true;
    }
    let missing = before().any(|one| one.need == Need::Must && said(one).is_none());
    let yes = |one: &Requirement| said(one) == Some(Answer::Yes);
    let mut choice = before().filter(|one| one.need == Need::OneOf).peekable();
    let open = choice.peek().is_some() && !choice.any(yes);
    let nobody = before().next().is_none();
    match (returned, missing || open || nobody) {
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
    let Decision { r#ref, discipline, decision: answer, .. } = decision;
    speaks(decision, person, requester, required, stand)?;
    if required.iter().any(|one| one.discipline == *discipline && one.need == Need::Review) {
        return Err(Refusal::new(
            Code::WrongDiscipline,
            format!("{ref} does not wait for {discipline}, which reviews it once it is approved"),
            "review it then with `smc do change.review`",
        ));
    }
    let mut stand = stand.to_vec();
    stand.push(Stands {
        discipline: *discipline,
        person: person.login.clone(),
        answer: *answer,
        at: None,
    });
    Ok(outcome(required, &stand))
}

/// Whether this person may say afterwards what the discipline thinks of an emergency.
///
/// # Errors
/// As for a decision; `wrong-discipline` where a yes was needed before.
pub fn review(
    said: &Decision,
    person: &Holder,
    requester: &Login,
    required: &[Requirement],
    stand: &[Stands],
) -> Verdict {
    speaks(said, person, requester, required, stand)?;
    let reviews = |one: &Requirement| one.discipline == said.discipline && one.need != Need::Must;
    if required.iter().any(reviews) {
        return Ok(());
    }
    Err(Refusal::new(
        Code::WrongDiscipline,
        format!("{} asks {} for no review", said.r#ref, said.discipline),
        "only an emergency is reviewed, by those who did not decide it",
    ))
}

/// The disciplines that have not spoken, as people say them, of those that pass.
fn silent(
    required: &[Requirement],
    stand: &[Stands],
    passes: impl Fn(Discipline) -> bool,
) -> Vec<String> {
    let given = |one: Discipline| stand.iter().any(|said| said.discipline == one);
    let open = required.iter().map(|one| one.discipline).filter(|one| !given(*one) && passes(*one));
    open.map(|one| one.word().replace('_', " ")).collect()
}

/// What is left to whoever does not hold the discipline that they would speak for.
fn instead(on: &Ref, person: &Holder, required: &[Requirement], stand: &[Stands]) -> String {
    let own = silent(required, stand, |one| person.holds(one));
    let others = silent(required, stand, |one| !person.holds(one));
    match (own.as_slice(), others.as_slice()) {
        ([], []) => format!("everybody whom {on} asks has spoken"),
        ([], others) => format!("{on} still asks for {}, held by others", all_of(others)),
        (own, _) => format!("decide for {}", one_of(own)),
    }
}

/// What holds of every word on a board, whenever it is said.
fn speaks(
    decision: &Decision,
    person: &Holder,
    requester: &Login,
    required: &[Requirement],
    stand: &[Stands],
) -> Verdict {
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
            instead(r#ref, person, required, stand),
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
            format!("{} on {ref}", given.told()),
            "that decision stands",
        ));
    }
    if let Some(own) = stand.iter().find(|s| s.person == person.login) {
        return Err(Refusal::new(
            Code::FourEyes,
            format!("{} on {ref} and counts once", own.told()),
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
    Ok(())
}

/// Whether a yes that one of several may give is given by somebody on call.
///
/// # Errors
/// `not-allowed` for whoever is not.
pub fn on_call(
    on: &Ref,
    discipline: Discipline,
    person: &Login,
    required: &[Requirement],
    on_duty: bool,
) -> Verdict {
    let asks = |one: &Requirement| one.discipline == discipline && one.need == Need::OneOf;
    if on_duty || !required.iter().any(asks) {
        return Ok(());
    }
    Err(Refusal::new(
        Code::NotAllowed,
        format!("{on} is an emergency, and {person} is not on call for {discipline} at its site"),
        "whoever is on call decides; an administrator says who with `smc do duty.set`",
    ))
}
