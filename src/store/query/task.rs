//! Tasks at the instant of reading, concluded from changes, windows, acceptances and reports for one person.

mod changes;
mod windows;

use std::collections::BTreeMap;

use super::derived::{Derived, Fact};
use super::motion::Motion;
use super::{Acceptance, Approvals, Report};
use crate::domain::attention::{Consequence, priority};
use crate::domain::filter::{Of, Word};
use crate::domain::names::{Ref, SiteCode, in_order};
use crate::domain::role::Holder;
use crate::domain::task::{self, State, Task, TaskKind};
use crate::domain::time::Time;
use crate::rows;
use crate::store::fault::StoreError;
use crate::store::link::Link;

/// Seconds that a change may stay unverified after it was done: 30 days (NERC CIP-010-4 R1.3).
const VERIFYING: i64 = 30 * 86_400;

impl Derived for Task {
    const NAME: &'static str = "tasks";
    const WORDS: &'static [Word] = &[
        Word { name: "state", of: Of::Choice(State::WORDS) },
        Word { name: "site", of: Of::Word },
        Word { name: "kind", of: Of::Choice(TaskKind::WORDS) },
        Word { name: "subject", of: Of::Word },
        Word { name: "mine", of: Of::Choice(&["yes", "no"]) },
        Word { name: "priority", of: Of::Number },
        Word { name: "due", of: Of::Time },
    ];

    fn fact(&self, word: &str) -> Fact<'_> {
        match word {
            "state" => Fact::Word(self.state.word()),
            "site" => Fact::Word(self.site.as_str()),
            "kind" => Fact::Word(self.kind.word()),
            "subject" => Fact::Word(self.subject.as_str()),
            "mine" => Fact::Word(if self.mine { "yes" } else { "no" }),
            "priority" => Fact::Number(self.priority),
            "due" => Fact::Time(self.due),
            _ => Fact::None,
        }
    }

    fn text(&self) -> String {
        format!("{} {}", self.r#ref, self.title)
    }

    fn key(&self) -> String {
        self.r#ref.to_string()
    }
}

/// What is to be done about a subject, before it is said for whom.
struct Found {
    kind: TaskKind,
    subject: String,
    site: String,
    timezone: String,
    worst: Consequence,
    due: Time,
    title: String,
    /// Whether this person can, and who can in words.
    mine: bool,
    who: String,
    seq: i64,
}

/// Assets without the site that they are all of.
fn tags(assets: &[String]) -> String {
    let tags: Vec<&str> = assets
        .iter()
        .map(|asset| asset.split_once('/').map_or(asset.as_str(), |(_, tag)| tag))
        .collect();
    tags.join(", ")
}

/// Whoever asks, at an instant.
struct Eyes<'a> {
    holder: Option<&'a Holder>,
    now: Time,
}

impl Eyes<'_> {
    fn may(&self, kind: TaskKind, site: &str) -> bool {
        let site = SiteCode::new(site).ok();
        self.holder.is_some_and(|h| h.may(kind.right(), site.as_ref(), self.now).is_ok())
    }

    fn decides(&self, requester: &str, site: &str, board: &Approvals) -> bool {
        self.holder.is_some_and(|h| board.waits_for(requester, site, h, self.now))
    }

    fn acceptance(&self, row: &Acceptance, worst: Consequence) -> Option<Found> {
        (row.state == "requested").then(|| Found {
            kind: TaskKind::Decide,
            subject: row.r#ref.clone(),
            site: row.site.clone(),
            timezone: row.timezone.clone(),
            worst,
            due: row.approve_by.min(row.until),
            title: format!("accept {} {}", row.risk, row.title),
            mine: self.decides(&row.requester, &row.site, &row.approvals),
            who: row.approvals.still(),
            seq: row.seq,
        })
    }

    fn report(&self, row: &Report) -> Option<Found> {
        // From then on it is an alarm.
        (row.state == "submitted" && row.triage_by > self.now).then(|| Found {
            kind: TaskKind::Triage,
            subject: row.r#ref.clone(),
            site: row.site.clone(),
            timezone: row.timezone.clone(),
            // Nobody has rated what a report tells of: it counts as 5.
            worst: Consequence::Grave,
            due: row.triage_by,
            title: format!("triage {}", row.title),
            mine: self.may(TaskKind::Triage, &row.site),
            who: TaskKind::Triage.right().who().to_owned(),
            seq: row.seq,
        })
    }

    /// The task, if it is urgent enough to stand on the watch: what another must do only while it is critical or
    /// high, and at a site that a role of this person reaches.
    fn task(&self, found: Found, asleep: &Asleep) -> Option<Task> {
        let site = SiteCode::new(&found.site).ok()?;
        let urgent = priority(found.worst, found.due.seconds_since(self.now));
        // What came to nothing has no pane of its own that would tell whoever asked.
        let told = (found.kind == TaskKind::Renew && found.mine).then_some(4);
        let priority = i64::from(urgent.or(told)?);
        let reaches = self.holder.is_none_or(|h| h.reaches(&site, self.now));
        if !found.mine && (priority > 2 || !reaches) {
            return None;
        }
        let r#ref = task::reference(found.kind, &found.subject)?;
        let sleep = asleep.get(r#ref.as_str()).filter(|_| found.mine);
        Some(Task {
            site,
            state: if sleep.is_some() { State::Asleep } else { State::Waiting },
            title: found.title,
            kind: found.kind,
            subject: Ref::new(&found.subject).ok()?,
            priority,
            due: found.due,
            mine: found.mine,
            who: found.who,
            asleep_until: sleep.map(|sleep| sleep.until),
            asleep_reason: sleep.and_then(|sleep| sleep.reason.clone()),
            timezone: found.timezone,
            seq: found.seq,
            r#ref,
        })
    }
}

/// What the sleep of tasks is read from.
pub(super) const SLEPT: &[&str] = &["task_snooze"];

/// The tasks that a person put to sleep, by reference.
pub type Asleep = BTreeMap<String, Sleep>;

/// Until when a person lets a task sleep, and why.
#[derive(Debug)]
pub struct Sleep {
    until: Time,
    reason: Option<String>,
}

/// How long each task sleeps that the person put to sleep.
pub async fn asleep(
    c: &mut Link<'_>,
    holder: Option<&Holder>,
    now: Time,
) -> Result<Asleep, StoreError> {
    let Some(holder) = holder else { return Ok(BTreeMap::new()) };
    let found = rows!(
        c,
        (String, Time, Option<String>),
        "SELECT t.task_ref, t.until_at, t.reason FROM task_snooze t
         WHERE t.person = $1 AND t.until_at > $2
           AND NOT EXISTS (SELECT 1 FROM task_snooze later
                           WHERE later.task_ref = t.task_ref AND later.person = t.person AND later.seq > t.seq)",
        holder.login.as_str(),
        now
    )?;
    let sleep = |(task, until, reason)| (task, Sleep { until, reason });
    Ok(found.into_iter().map(sleep).collect())
}

/// What is to be done about what is in motion.
fn found(motion: &Motion, holder: Option<&Holder>, asleep: &Asleep, now: Time) -> Vec<Task> {
    let eyes = Eyes { holder, now };
    let mut found: Vec<Found> = motion.changes.iter().filter_map(|row| eyes.change(row)).collect();
    found.extend(motion.changes.iter().filter_map(|row| eyes.reviewed(row)));
    found.extend(motion.changes.iter().filter_map(|row| eyes.waived(row)));
    found.extend(motion.windows.iter().filter_map(|row| eyes.window(row)));
    found.extend(motion.refused_changes.iter().filter_map(|row| eyes.refused(row)));
    let refused = |row| eyes.refused_window(row, &motion.windows);
    found.extend(motion.refused_windows.iter().filter_map(refused));
    let worst = |row: &Acceptance| motion.worst(&row.r#ref);
    found.extend(motion.acceptances.iter().filter_map(|row| eyes.acceptance(row, worst(row))));
    found.extend(motion.extensions.iter().filter_map(|row| eyes.extension(row)));
    found.extend(motion.reports.iter().filter_map(|row| eyes.report(row)));
    found.into_iter().filter_map(|found| eyes.task(found, asleep)).collect()
}

/// The tasks of this instant as they stand for a person: the most urgent first, within a priority by time and reference.
pub fn tasks(motion: &Motion, holder: Option<&Holder>, asleep: &Asleep, now: Time) -> Vec<Task> {
    let mut tasks = found(motion, holder, asleep, now);
    tasks.sort_by(|a, b| {
        let key = |task: &Task| (task.priority, task.due);
        key(a).cmp(&key(b)).then_with(|| in_order(a.r#ref.as_str(), b.r#ref.as_str()))
    });
    tasks
}

/// One task by its reference as it stands for a person; none if it does not.
pub async fn one(
    c: &mut Link<'_>,
    reference: &Ref,
    holder: Option<&Holder>,
    now: Time,
) -> Result<Option<Task>, StoreError> {
    let Some((_, subject)) = task::parts(reference) else { return Ok(None) };
    let motion = Motion::read(c, Some(subject.as_str()), now).await?;
    let found = found(&motion, holder, &asleep(c, holder, now).await?, now);
    Ok(found.into_iter().find(|task| task.r#ref == *reference))
}
