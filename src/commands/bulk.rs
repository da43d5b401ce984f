//! Many commands handed in as one: neighbours that may form a run are written as one.

use std::collections::{HashSet, VecDeque};

use super::desk::Submission;
use crate::domain::command::{Command, Kind};
use crate::domain::refusal::Refusal;
use crate::domain::time::Time;
use crate::ledger::{Id, automatic_id};
use crate::store::{Given, StoreError, Write, may_run};

/// Fewer commands gain nothing.
const LEAST: usize = 4;

/// The longest run that is written as one.
const MOST: usize = 1000;

/// What must be known of many commands before they are written.
#[derive(Debug, Default)]
pub struct Bulk {
    /// Ids that stand, or that an earlier one of these commands will have.
    taken: HashSet<String>,
    /// Whether there are enough for a run at all.
    many: bool,
}

/// Whether nothing but the command itself has to be looked at.
fn plain(submission: &Submission) -> bool {
    submission.expect.is_none()
        && submission.documents.is_empty()
        && matches!(submission.command, Command::Asset(_) | Command::LogLine(_))
}

/// The id of a step of something that may be broken off and gone on with: the same each time, so that it is taken once.
pub fn step_id(seed: u64, what: &str, number: usize) -> Id {
    let seed = Time::from_micros(i64::try_from(seed % 1_000_000).unwrap_or(0));
    automatic_id(what, &number.to_string(), seed)
}

/// The id of the entry of an event that comes from outside, by its digest: the same event is taken once.
pub fn event_id(digest: &str) -> Id {
    automatic_id("access.recorded", digest, Time::from_micros(0))
}

impl Bulk {
    /// Asks which of these commands stand already.
    ///
    /// # Errors
    /// If the store does not answer.
    pub async fn over(
        write: &mut Write<'_>,
        submissions: &[Submission],
        brought: &HashSet<Id>,
    ) -> Result<Self, StoreError> {
        if submissions.iter().filter(|submission| plain(submission)).count() < LEAST {
            return Ok(Self::default());
        }
        let ids: Vec<Id> = brought.iter().copied().collect();
        let stand = if ids.is_empty() { Vec::new() } else { write.stand(&ids).await? };
        Ok(Self { taken: stand.into_iter().collect(), many: true })
    }

    /// Takes the run that these commands begin with, ready to be appended; nothing if they begin with none.
    ///
    /// # Errors
    /// What a command's own rules refuse.
    pub fn take_run(
        &mut self,
        rest: &mut VecDeque<Submission>,
    ) -> Result<Vec<(Kind, Given)>, Refusal> {
        let mut run: Vec<(Kind, Given)> = Vec::new();
        while self.many && run.len() < MOST {
            let Some(next) = rest.front().filter(|next| plain(next)) else { break };
            let Some(id) = next.request_id.filter(|id| !self.taken.contains(&id.to_string()))
            else {
                break;
            };
            let kind = next.command.clone().into_kind()?;
            if !may_run(&kind) {
                break;
            }
            self.taken.insert(id.to_string());
            let Some(next) = rest.pop_front() else { break };
            let reason = next.reason.map(|line| line.to_string());
            run.push((kind, Given { id: Some(id), cause: next.cause, reason }));
        }
        Ok(run)
    }
}
