//! Checks of what people say of alarms and tasks: of one that stands, once, and within the limits of its priority.

use crate::domain::alarm::{self, Alarm, State};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::role::Holder;
use crate::domain::task;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::query::{standing, task_of};
use crate::store::said::Said;

/// Checks an entry about an alarm.
pub async fn alarm(
    c: &mut Link<'_>,
    said: &Said<'_>,
    kind: &alarm::Kind,
) -> Result<(), StoreError> {
    let at = said.entry.at;
    let stands = standing(c, &said.subject, at).await?.ok_or_else(|| {
        Refusal::new(
            Code::Unknown,
            format!("no alarm {} stands", said.subject),
            "see `smc list alarms` for those that do",
        )
    })?;
    let seen = match kind {
        alarm::Kind::Acknowledged(made) => made.due,
        alarm::Kind::Shelved(made) => made.due,
        alarm::Kind::Unshelved(_) => None,
    };
    if let Some(seen) = seen.filter(|seen| *seen != stands.due) {
        return Err(Refusal::new(
            Code::Stale,
            format!(
                "{} counts from {:#} now, and what was seen counted from {seen:#}",
                stands.r#ref, stands.due
            ),
            "look at it again: it is another occurrence",
        )
        .into());
    }
    match kind {
        alarm::Kind::Acknowledged(_) => match (&stands.acknowledged_by, stands.acknowledged_at) {
            (Some(who), Some(when)) => Err(wrong(
                &stands,
                format!("was acknowledged by {who} at {when:#}"),
                "once is enough; it leaves when its condition has ended",
            )),
            (Some(_) | None, _) => Ok(()),
        },
        alarm::Kind::Shelved(made) => match stands.state {
            State::Unacknowledged | State::Acknowledged | State::Shelved => {
                Ok(alarm::may_shelve(stands.priority, made.until, at)?)
            }
            State::Returned | State::Normal => Err(wrong(
                &stands,
                "has ended".to_owned(),
                "acknowledge it: there is nothing to put aside",
            )),
        },
        alarm::Kind::Unshelved(_) => match stands.state {
            State::Shelved => Ok(()),
            State::Unacknowledged | State::Acknowledged | State::Returned | State::Normal => Err(
                wrong(&stands, "is not shelved".to_owned(), "see `smc list alarms state:shelved`"),
            ),
        },
    }
}

fn wrong(stands: &Alarm, what: String, fix: &str) -> StoreError {
    Refusal::new(Code::WrongState, format!("{} {what}", stands.r#ref), fix).into()
}

/// Checks an entry about a task: one that waits for whoever lets it sleep.
pub async fn task(
    c: &mut Link<'_>,
    said: &Said<'_>,
    kind: &task::Kind,
    actor: &Holder,
) -> Result<(), StoreError> {
    let at = said.entry.at;
    let found = task_of(c, &said.subject, Some(actor), at).await?;
    let Some(found) = found.filter(|found| found.mine) else {
        return Err(Refusal::new(
            Code::Unknown,
            format!("no task {} waits for {}", said.subject, said.actor),
            "see `smc list tasks` for those that do",
        )
        .into());
    };
    match (kind, found.state) {
        (task::Kind::Snoozed(made), _) => Ok(task::may_snooze(found.due, made.until, at)?),
        (task::Kind::Woken(_), task::State::Asleep) => Ok(()),
        (task::Kind::Woken(_), task::State::Waiting) => Err(Refusal::new(
            Code::WrongState,
            format!("{} does not sleep", found.r#ref),
            "see `smc list tasks state:asleep`",
        )
        .into()),
    }
}
