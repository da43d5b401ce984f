//! Columns that hold more than one value: JSON, lines, the board of an approval.

use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, Type};

use crate::domain::discipline::Discipline;
use crate::domain::names::SiteCode;
use crate::domain::role::{Holder, Right};
use crate::domain::time::Time;
use crate::domain::words;

/// A column of JSON text, read as the type that was written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Told<T>(pub T);

/// Several words from one column, a line each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Lines(pub Vec<String>);

/// A discipline that must say yes, and what it said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Approval {
    /// The discipline.
    pub discipline: String,
    /// Whether its no ends the request.
    pub veto: bool,
    /// `yes` or `no`; none while it has not decided.
    pub decision: Option<String>,
    /// Who decided.
    pub person: Option<String>,
    /// `must`, `one_of` or `review`: what is needed of it.
    pub need: String,
}

/// The disciplines that must say yes to one request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Approvals(pub Vec<Approval>);

impl Approvals {
    /// The disciplines whose yes it waits for, or that of one of them.
    pub fn waiting(&self) -> impl Iterator<Item = &str> {
        let one_said = self.0.iter().any(|one| one.need == "one_of" && one.decision.is_some());
        self.0
            .iter()
            .filter(move |one| one.need == "must" || one.need == "one_of" && !one_said)
            .filter(|one| one.decision.is_none())
            .map(|one| one.discipline.as_str())
    }

    /// The disciplines whose yes it waits for, as people say them: `quality and engineering`, with `one of` before those
    /// of which one is enough; empty when it waits for none.
    pub fn still(&self) -> String {
        let waiting: Vec<&str> = self.waiting().collect();
        let of = |need: &str| -> Vec<String> {
            let rows = self.0.iter().filter(|one| one.need == need);
            let rows = rows.filter(|one| waiting.contains(&one.discipline.as_str()));
            rows.map(|one| one.discipline.replace('_', " ")).collect()
        };
        let mut names = of("must");
        match of("one_of").as_slice() {
            [] => {}
            [only] => names.push(only.clone()),
            several => names.push(format!("one of {}", words::one_of(several))),
        }
        words::all_of(&names)
    }

    /// The disciplines that have still to review what was decided without them.
    pub fn reviewing(&self) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter(|one| one.need != "must" && one.decision.is_none())
            .map(|one| one.discipline.as_str())
    }

    /// The discipline for which this person would decide: one that is held and has not spoken.
    pub fn own(&self, holder: &Holder) -> Option<Discipline> {
        self.waiting().filter_map(Discipline::parse).find(|discipline| holder.holds(*discipline))
    }

    /// Whether this emergency waits for the person's word afterwards.
    pub fn reviews(&self, requester: &str, site: &str, holder: &Holder, now: Time) -> bool {
        let holds = |word: &str| Discipline::parse(word).is_some_and(|one| holder.holds(one));
        self.reviewing().any(holds) && self.speaks(requester, site, holder, now)
    }

    fn speaks(&self, requester: &str, site: &str, holder: &Holder, now: Time) -> bool {
        let login = holder.login.as_str();
        requester != login
            && !self.0.iter().any(|one| one.person.as_deref() == Some(login))
            && holder.may(Right::Decide, SiteCode::new(site).ok().as_ref(), now).is_ok()
    }

    /// Whether this request waits for the person: not their own, not decided by them, a discipline they hold, and
    /// a role that decides at its site.
    pub fn waits_for(&self, requester: &str, site: &str, holder: &Holder, now: Time) -> bool {
        self.own(holder).is_some() && self.speaks(requester, site, holder, now)
    }
}

/// A type whose column is text.
macro_rules! as_text {
    ($($name:ty $(, $param:ident)?;)*) => {$(
        impl<DB: Database $(, $param)?> Type<DB> for $name
        where
            String: Type<DB>,
        {
            fn type_info() -> DB::TypeInfo {
                String::type_info()
            }

            fn compatible(ty: &DB::TypeInfo) -> bool {
                String::compatible(ty)
            }
        }
    )*};
}

as_text! { Told<T>, T; Lines; Approvals; }

impl<'r, DB: Database, T: DeserializeOwned> Decode<'r, DB> for Told<T>
where
    &'r str: Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(Self(serde_json::from_str(<&str as Decode<DB>>::decode(value)?)?))
    }
}

impl<'r, DB: Database> Decode<'r, DB> for Lines
where
    &'r str: Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(Self(<&str as Decode<DB>>::decode(value)?.lines().map(str::to_owned).collect()))
    }
}

impl<'r, DB: Database> Decode<'r, DB> for Approvals
where
    &'r str: Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(Self(<&str as Decode<DB>>::decode(value)?.lines().map(approval).collect()))
    }
}

/// `discipline|y or n|decision|person|need`, decision and person empty while nothing is decided.
fn approval(line: &str) -> Approval {
    let mut parts = line.split('|').map(str::to_owned);
    let mut next = || parts.next().unwrap_or_default();
    let (discipline, veto) = (next(), next() == "y");
    let mut some = || Some(next()).filter(|word| !word.is_empty());
    let (decision, person) = (some(), some());
    Approval { discipline, veto, decision, person, need: some().unwrap_or_default() }
}

/// Cuts a text of several lines to its first.
pub fn first_line(text: &mut String) {
    if let Some(end) = text.find('\n') {
        text.truncate(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_discipline_that_has_not_decided_is_waited_for() {
        let board =
            Approvals(vec![approval("operations|y|yes|bob|must"), approval("quality|n|||must")]);
        assert_eq!(board.0[0].person.as_deref(), Some("bob"));
        assert!(board.0[0].veto && !board.0[1].veto);
        assert_eq!(board.waiting().collect::<Vec<_>>(), ["quality"]);
    }

    #[test]
    fn one_yes_of_several_is_waited_for_and_the_others_review() {
        let mut lines =
            vec![approval("engineering|n|||one_of"), approval("it_security|n|||one_of")];
        lines.push(approval("quality|n|||review"));
        let open = Approvals(lines.clone());
        assert_eq!(open.waiting().collect::<Vec<_>>(), ["engineering", "it_security"]);
        lines[1] = approval("it_security|n|yes|ida|one_of");
        let given = Approvals(lines);
        assert_eq!(given.waiting().count(), 0);
        assert_eq!(given.reviewing().collect::<Vec<_>>(), ["engineering", "quality"]);
    }
}
