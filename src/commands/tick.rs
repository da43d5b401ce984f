//! Entries that time makes: whoever's console sees a deadline pass first records it, exactly once.

use super::consequence::Consequences;
use super::desk::Desk;
use crate::domain::command::{Kind, Subject};
use crate::domain::names::Ref;
use crate::domain::time::Time;
use crate::domain::{acceptance, change, window};
use crate::ledger::{Id, automatic_id};
use crate::store::{Given, StoreError, Write};

impl Desk {
    /// Records what has lapsed or expired by the store's clock; gives the entries that were written now.
    ///
    /// # Errors
    /// `Refused` for a person who does not write; a store that does not answer.
    pub async fn tick(&self) -> Result<Vec<i64>, StoreError> {
        let mut write = Write::begin(self.store()).await?;
        let now = write.now().await?;
        match self.record(&mut write, now).await {
            Ok(entries) if entries.is_empty() => {
                write.roll_back().await;
                Ok(entries)
            }
            Ok(entries) => {
                write.commit().await?;
                Ok(entries)
            }
            Err(refused @ StoreError::Refused(_)) => {
                write.roll_back().await;
                Err(refused)
            }
            Err(fault) => Err(fault),
        }
    }

    async fn record(&self, write: &mut Write<'_>, now: Time) -> Result<Vec<i64>, StoreError> {
        let mut kinds: Vec<(Kind, Time)> = Vec::new();
        for found in write.due_changes(now).await? {
            let (r#ref, due) = (named(&found.subject)?, found.due);
            kinds.push((Kind::Change(change::Kind::Expired(change::Expired { r#ref, due })), due));
        }
        for found in write.due_windows(now).await? {
            let (r#ref, due) = (named(&found.subject)?, found.due);
            kinds.push((Kind::Window(window::Kind::Lapsed(window::Lapsed { r#ref, due })), due));
        }
        for found in write.due_acceptances(now).await? {
            let (r#ref, due) = (named(&found.subject)?, found.due);
            let expired = acceptance::Expired { r#ref, due };
            kinds.push((Kind::Acceptance(acceptance::Kind::Expired(expired)), due));
        }
        let mut entries = Vec::new();
        for (kind, due) in kinds {
            let Subject::Is(subject) = kind.subject() else { continue };
            let Some(id) = free_id(write, kind.name(), subject.as_str(), due).await? else {
                continue;
            };
            let given = Given { id: Some(id), ..Given::default() };
            let entry = write.append(kind, self.origin(), given).await?;
            entries.push(entry.seq);
            let mut follows = Consequences::default();
            follows.note(write, self.origin(), self.fleets(), &entry).await?;
            entries.extend(follows.finish(write, self.origin()).await?);
        }
        Ok(entries)
    }
}

/// The id of an entry that time makes; none if it stands. An id that somebody gave to another entry does not keep time from
/// being told: the next one is taken.
async fn free_id(
    write: &mut Write<'_>,
    kind: &str,
    subject: &str,
    due: Time,
) -> Result<Option<Id>, StoreError> {
    let mut again = 0_u32;
    loop {
        let of = if again == 0 { subject.to_owned() } else { format!("{subject} {again}") };
        let id = automatic_id(kind, &of, due);
        match write.by_id(&id).await? {
            None => return Ok(Some(id)),
            Some(entry) if entry.kind == kind && entry.subject.as_str() == subject => {
                return Ok(None);
            }
            Some(_) => again = again.saturating_add(1),
        }
    }
}

fn named(text: &str) -> Result<Ref, StoreError> {
    Ref::new(text).map_err(|fault| StoreError::Unavailable(fault.to_string()))
}
