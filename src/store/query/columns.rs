//! Columns that hold more than one value: JSON, lines, the board of an approval.

use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, Type};

use crate::domain::discipline::Discipline;
use crate::domain::names::SiteCode;
use crate::domain::role::{Holder, Right};
use crate::domain::time::Time;

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
}

/// The disciplines that must say yes to one request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Approvals(pub Vec<Approval>);

impl Approvals {
    /// The disciplines that have not decided.
    pub fn waiting(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter(|one| one.decision.is_none()).map(|one| one.discipline.as_str())
    }

    /// The discipline for which this person would decide: one that is held and has not spoken.
    pub fn own(&self, holder: &Holder) -> Option<Discipline> {
        self.waiting().filter_map(Discipline::parse).find(|discipline| holder.holds(*discipline))
    }

    /// Whether this request waits for the person: not their own, not decided by them, a discipline they hold, and
    /// a role that decides at its site.
    pub fn waits_for(&self, requester: &str, site: &str, holder: &Holder, now: Time) -> bool {
        let login = holder.login.as_str();
        requester != login
            && !self.0.iter().any(|one| one.person.as_deref() == Some(login))
            && self.own(holder).is_some()
            && holder.may(Right::Decide, SiteCode::new(site).ok().as_ref(), now).is_ok()
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

/// `discipline|y or n|decision|person`, the last two empty while nothing is decided.
fn approval(line: &str) -> Approval {
    let mut parts = line.split('|').map(str::to_owned);
    let mut next = || parts.next().unwrap_or_default();
    let (discipline, veto) = (next(), next() == "y");
    let mut some = || Some(next()).filter(|word| !word.is_empty());
    Approval { discipline, veto, decision: some(), person: some() }
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
        let board = Approvals(vec![approval("operations|y|yes|bob"), approval("quality|n||")]);
        assert_eq!(board.0[0].person.as_deref(), Some("bob"));
        assert!(board.0[0].veto && !board.0[1].veto);
        assert_eq!(board.waiting().collect::<Vec<_>>(), ["quality"]);
    }
}
