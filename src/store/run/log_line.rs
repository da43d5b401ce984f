//! The log lines of a run: numbered in their turn, of incidents that are there.

use std::collections::BTreeSet;

use super::{Made, Numbers, all};
use crate::domain::command::Kind;
use crate::domain::log_line::{Add, Kind as Of, PREFIX};
use crate::domain::names::Ref;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::said::Said;
use crate::store::{append, facts};
use crate::{among, scalar};

/// The line that an entry is, if it is one.
pub fn made<'r>(said: &'r Said<'r>) -> Option<Made<'r, Add>> {
    let Kind::LogLine(Of::Added(made)) = &said.kind else { return None };
    Some((said, made))
}

/// Whether the numbers follow each other without a gap from where the counter stands, and every incident stands.
pub async fn fit(
    c: &mut Link<'_>,
    lines: &[Made<'_, Add>],
    numbers: Numbers,
) -> Result<bool, StoreError> {
    if lines.is_empty() {
        return Ok(true);
    }
    let last = scalar!(c, i64, "SELECT last FROM counter WHERE prefix = $1", PREFIX)?.unwrap_or(0);
    let many = i64::try_from(lines.len()).unwrap_or(i64::MAX);
    let before = match numbers {
        Numbers::Given => last.saturating_sub(many),
        Numbers::Claimed => last,
    };
    let in_turn = (before.saturating_add(1)..).zip(lines).all(|(number, (said, _))| {
        said.subject.number().is_some_and(|(prefix, given)| prefix == PREFIX && given == number)
    });
    if !in_turn {
        return Ok(false);
    }
    let incidents: BTreeSet<&str> =
        lines.iter().filter_map(|(_, made)| made.incident.as_ref().map(Ref::as_str)).collect();
    let list = facts::json(&incidents)?;
    all(incidents.len(), among!(c, (i64,), "SELECT COUNT(*) FROM incident WHERE ref", list))
}

/// Sets the counter to the last of their numbers.
pub async fn count(c: &mut Link<'_>, lines: &[Made<'_, Add>]) -> Result<(), StoreError> {
    match lines.last() {
        Some((said, _)) => append::count(c, &said.subject).await,
        None => Ok(()),
    }
}
