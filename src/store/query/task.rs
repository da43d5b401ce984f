//! Tasks at the instant of reading, concluded from changes, windows, acceptances and reports for one person.

use std::collections::BTreeMap;

use super::derived::{Derived, Fact};
use super::motion::Motion;
use super::{Acceptance, Approvals, Change, Extension, Report, Window};
use crate::domain::alarm::ENDING;
use crate::domain::attention::{Consequence, priority};
use crate::domain::change::review_by;
use crate::domain::discipline::Discipline;
use crate::domain::filter::{Of, Word};
use crate::domain::names::{Ref, SiteCode, in_order};
use crate::domain::role::Holder;
use crate::domain::task::{self, LAPSED, OPENING, State, Task, TaskKind};
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

/// The disciplines that have not spoken, as people say them.
fn waiting(board: &Approvals) -> String {
    let names: Vec<String> = board.waiting().map(|word| word.replace('_', " ")).collect();
    names.join(", ")
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

    /// What an emergency asks of those who did not decide it, and of the centre if one of them said no.
    fn reviewed(&self, row: &Change) -> Option<Found> {
        if !matches!(
            row.effective_state.as_str(),
            "approved" | "ready" | "in_progress" | "overdue" | "implemented"
        ) {
            return None;
        }
        let due = review_by(row.decided_at?, row.timezone.parse().unwrap_or(chrono_tz::Tz::UTC));
        let wrong = row
            .approvals
            .0
            .iter()
            .find(|one| one.need != "must" && one.decision.as_deref() == Some("no"));
        let (kind, due, mine, who, title) = match wrong {
            Some(wrong) => {
                let by = wrong.person.as_deref().unwrap_or_default();
                let title = format!("back out {}: {by} found it wrong", row.title);
                let kind = TaskKind::BackOut;
                (
                    kind,
                    row.decided_at?,
                    self.may(kind, &row.site),
                    kind.right().who().to_owned(),
                    title,
                )
            }
            None => {
                let names: Vec<String> =
                    row.approvals.reviewing().map(|word| word.replace('_', " ")).collect();
                if names.is_empty() {
                    return None;
                }
                let mine = self.holder.is_some_and(|holder| {
                    row.approvals.reviews(&row.requester, &row.site, holder, self.now)
                });
                (TaskKind::Review, due, mine, names.join(", "), format!("review {}", row.title))
            }
        };
        Some(Found {
            kind,
            subject: row.r#ref.clone(),
            site: row.site.clone(),
            timezone: row.timezone.clone(),
            worst: Consequence::of_impacts(&row.impacts.0),
            due,
            title: format!("{title} on {}", tags(&row.assets.0)),
            mine,
            who,
            seq: row.seq,
        })
    }

    fn change(&self, row: &Change) -> Option<Found> {
        let decide_by = row.approve_by.min(row.start);
        let (kind, due, verb) = match row.effective_state.as_str() {
            "requested" => (TaskKind::Decide, decide_by, "approve"),
            "returned" => (TaskKind::Revise, decide_by, "revise"),
            "ready" => (TaskKind::Start, row.end, "start"),
            "in_progress" => (TaskKind::Complete, row.end, "complete"),
            "implemented" => {
                let done = row.completed_at.unwrap_or(row.end);
                (TaskKind::Verify, done.plus_seconds(VERIFYING), "verify")
            }
            _ => return None,
        };
        let (mine, who) = match kind {
            TaskKind::Decide => {
                (self.decides(&row.requester, &row.site, &row.approvals), waiting(&row.approvals))
            }
            TaskKind::Revise => (
                self.holder.is_some_and(|h| h.login.as_str() == row.requester),
                row.requester.clone(),
            ),
            TaskKind::Open
            | TaskKind::Close
            | TaskKind::Start
            | TaskKind::Waive
            | TaskKind::Complete
            | TaskKind::Verify
            | TaskKind::Review
            | TaskKind::BackOut
            | TaskKind::Renew
            | TaskKind::Triage => (self.may(kind, &row.site), kind.right().who().to_owned()),
        };
        Some(Found {
            kind,
            subject: row.r#ref.clone(),
            site: row.site.clone(),
            timezone: row.timezone.clone(),
            worst: Consequence::of_impacts(&row.impacts.0),
            due,
            title: format!("{verb} {} on {}", row.title, tags(&row.assets.0)),
            mine,
            who,
            seq: row.seq,
        })
    }

    /// What stands against an approved change and somebody may waive.
    fn waived(&self, row: &Change) -> Option<Found> {
        if !matches!(row.effective_state.as_str(), "approved" | "ready") {
            return None;
        }
        let mut names: Vec<&str> = Vec::new();
        let mut answers: Vec<&str> = Vec::new();
        let open = row.clashes.iter().filter(|one| one.conflict.blocks && one.waived.is_none());
        for clash in open {
            let Some(word) = &clash.answers else { continue };
            names.push(&clash.conflict.with);
            if !answers.contains(&word.as_str()) {
                answers.push(word);
            }
        }
        let first = names.first()?;
        let more = match names.len() {
            1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        let holds = |word: &&str| {
            let discipline = Discipline::parse(word);
            self.holder.zip(discipline).is_some_and(|(holder, one)| holder.holds(one))
        };
        let asked = self.holder.is_some_and(|holder| holder.login.as_str() == row.requester);
        let mine = !asked && answers.iter().any(holds) && self.may(TaskKind::Waive, &row.site);
        let who: Vec<String> = answers.iter().map(|word| word.replace('_', " ")).collect();
        Some(Found {
            kind: TaskKind::Waive,
            subject: row.r#ref.clone(),
            site: row.site.clone(),
            timezone: row.timezone.clone(),
            worst: Consequence::of_impacts(&row.impacts.0),
            due: if self.now < row.start { row.start } else { row.end },
            title: format!("waive {first}{more} for {}", row.title),
            mine,
            who: who.join(", "),
            seq: row.seq,
        })
    }

    fn window(&self, row: &Window) -> Option<Found> {
        let (kind, due, verb) = match row.state.as_str() {
            "requested" => (TaskKind::Decide, row.start, "approve"),
            "approved" if row.start.plus_seconds(-OPENING) <= self.now => {
                (TaskKind::Open, row.end, "open")
            }
            // From then on it is an alarm.
            "open" if row.end > self.now.plus_seconds(ENDING) => {
                (TaskKind::Close, row.end, "close")
            }
            _ => return None,
        };
        let (mine, who) = if kind == TaskKind::Decide {
            (self.decides(&row.requester, &row.site, &row.approvals), waiting(&row.approvals))
        } else {
            (self.may(kind, &row.site), kind.right().who().to_owned())
        };
        let stands = row.clashes.iter().filter(|one| one.conflict.blocks && one.waived.is_none());
        let names: Vec<&str> = match kind {
            TaskKind::Open => stands.map(|one| one.conflict.with.as_str()).collect(),
            TaskKind::Decide
            | TaskKind::Close
            | TaskKind::Start
            | TaskKind::Waive
            | TaskKind::Complete
            | TaskKind::Verify
            | TaskKind::Review
            | TaskKind::BackOut
            | TaskKind::Revise
            | TaskKind::Renew
            | TaskKind::Triage => Vec::new(),
        };
        let despite = match names.as_slice() {
            [] => String::new(),
            names => format!(", against which stands {}", names.join(", ")),
        };
        Some(Found {
            kind,
            subject: row.r#ref.clone(),
            site: row.site.clone(),
            timezone: row.timezone.clone(),
            worst: row.consequence(),
            due,
            title: format!("{verb} {} for {}{despite}", tags(&row.assets.0), row.person),
            mine,
            who,
            seq: row.seq,
        })
    }

    /// What was refused for good or passed its end before work began, for whoever asked for it: nobody else has to do
    /// with it.
    fn refused(&self, row: &Change) -> Option<Found> {
        let (until, why) = match row.effective_state.as_str() {
            "rejected" => (row.start, ""),
            "expired" => (row.end.plus_seconds(LAPSED), ", whose time passed"),
            _ => return None,
        };
        let asked = self.holder.is_some_and(|holder| holder.login.as_str() == row.requester);
        (asked && self.now < until).then(|| Found {
            kind: TaskKind::Renew,
            subject: row.r#ref.clone(),
            site: row.site.clone(),
            timezone: row.timezone.clone(),
            worst: Consequence::of_impacts(&row.impacts.0),
            due: until,
            title: format!("ask anew or let be {} on {}{why}", row.title, tags(&row.assets.0)),
            mine: true,
            who: row.requester.clone(),
            seq: row.seq,
        })
    }

    /// The same of a window, until its asker asks for the same person again.
    fn refused_window(&self, row: &Window, others: &[Window]) -> Option<Found> {
        let asked = self.holder.is_some_and(|holder| holder.login.as_str() == row.requester);
        let again = others.iter().any(|other| {
            let same = (&other.vendor, &other.person, &other.requester)
                == (&row.vendor, &row.person, &row.requester);
            same && other.requested_at > row.requested_at
        });
        let open = asked && !again && row.state == "rejected" && self.now < row.start;
        open.then(|| Found {
            kind: TaskKind::Renew,
            subject: row.r#ref.clone(),
            site: row.site.clone(),
            timezone: row.timezone.clone(),
            worst: row.consequence(),
            due: row.start,
            title: format!("ask anew or let be {} for {}", tags(&row.assets.0), row.person),
            mine: true,
            who: row.requester.clone(),
            seq: row.seq,
        })
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
            who: waiting(&row.approvals),
            seq: row.seq,
        })
    }

    fn extension(&self, row: &Extension) -> Option<Found> {
        (row.state == "requested").then(|| Found {
            kind: TaskKind::Decide,
            subject: row.r#ref.clone(),
            site: row.site.clone(),
            timezone: row.timezone.clone(),
            worst: row.consequence(),
            due: row.old_end,
            title: format!("extend {} on {} for {}", row.window, tags(&row.assets.0), row.person),
            mine: self.decides(&row.requester, &row.site, &row.approvals),
            who: waiting(&row.approvals),
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
    fn task(&self, found: Found, asleep: &BTreeMap<String, Sleep>) -> Option<Task> {
        let site = SiteCode::new(&found.site).ok()?;
        let priority = i64::from(priority(found.worst, found.due.seconds_since(self.now))?);
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

/// Until when a person lets a task sleep, and why.
struct Sleep {
    until: Time,
    reason: Option<String>,
}

/// How long each task sleeps that the person put to sleep.
async fn asleep(
    c: &mut Link<'_>,
    holder: Option<&Holder>,
    now: Time,
) -> Result<BTreeMap<String, Sleep>, StoreError> {
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
fn found(
    motion: &Motion,
    holder: Option<&Holder>,
    asleep: &BTreeMap<String, Sleep>,
    now: Time,
) -> Vec<Task> {
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
pub async fn tasks(
    c: &mut Link<'_>,
    motion: &Motion,
    holder: Option<&Holder>,
    now: Time,
) -> Result<Vec<Task>, StoreError> {
    let mut tasks = found(motion, holder, &asleep(c, holder, now).await?, now);
    tasks.sort_by(|a, b| {
        let key = |task: &Task| (task.priority, task.due);
        key(a).cmp(&key(b)).then_with(|| in_order(a.r#ref.as_str(), b.r#ref.as_str()))
    });
    Ok(tasks)
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
