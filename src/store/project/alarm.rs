//! Rows of what people said of alarms and tasks. Which occurrence of an alarm is meant follows from the tables and the
//! entry's instant, not from the client.

use crate::domain::{alarm, task};
use crate::exec;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::query::standing;
use crate::store::said::Said;

/// Writes what an entry says of an alarm.
pub async fn alarm(
    c: &mut Link<'_>,
    said: &Said<'_>,
    kind: &alarm::Kind,
) -> Result<(), StoreError> {
    let at = said.entry.at;
    let Some(stands) = standing(c, &said.subject, at).await? else { return Ok(()) };
    let (until, reason) = match kind {
        alarm::Kind::Acknowledged(made) => {
            exec!(
                c,
                "INSERT INTO alarm_acknowledgement (alarm_ref, due_at, person, acknowledged_at, reason, seq)
                 VALUES ($1, $2, $3, $4, $5, $6)",
                said.subject.as_str(),
                stands.due,
                said.actor.as_str(),
                at,
                made.reason.as_ref().map(|line| line.as_str()),
                said.entry.seq
            )?;
            return Ok(());
        }
        alarm::Kind::Shelved(made) => (made.until, Some(&made.reason)),
        alarm::Kind::Unshelved(made) => (at, made.reason.as_ref()),
    };
    exec!(
        c,
        "INSERT INTO alarm_shelf (alarm_ref, due_at, person, shelved_at, until_at, priority, reason, seq)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        said.subject.as_str(),
        stands.due,
        said.actor.as_str(),
        at,
        until,
        stands.priority,
        reason.map(|line| line.as_str()),
        said.entry.seq
    )?;
    Ok(())
}

/// Writes until when a person lets a task sleep; what is woken slept until now.
pub async fn task(c: &mut Link<'_>, said: &Said<'_>, kind: &task::Kind) -> Result<(), StoreError> {
    let (until, reason) = match kind {
        task::Kind::Snoozed(made) => (made.until, made.reason.as_ref()),
        task::Kind::Woken(made) => (said.entry.at, made.reason.as_ref()),
    };
    exec!(
        c,
        "INSERT INTO task_snooze (task_ref, person, until_at, reason, seq) VALUES ($1, $2, $3, $4, $5)",
        said.subject.as_str(),
        said.actor.as_str(),
        until,
        reason.map(|line| line.as_str()),
        said.entry.seq
    )?;
    Ok(())
}
