//! What is to be done about a change: decided, waived, begun, ended, verified, reviewed, asked for anew. Who does it, and how
//! urgent it is, is concluded with all other tasks.

use super::{Eyes, Found, VERIFYING, tags};
use crate::domain::attention::{Consequence, priority};
use crate::domain::change::{Nature, State, review_by};
use crate::domain::discipline::Discipline;
use crate::domain::role::Holder;
use crate::domain::task::{LAPSED, TaskKind};
use crate::domain::time::Time;
use crate::store::query::Change;

/// Whether something stands against it that nobody waived and that holds it up.
fn held_up(row: &Change) -> bool {
    row.clashes.iter().any(|one| one.conflict.blocks && one.waived.is_none())
}

impl Found {
    /// What is to be done about a change, by when, and whether this person can or who can.
    fn of(
        row: &Change,
        kind: TaskKind,
        due: Time,
        title: String,
        (mine, who): (bool, String),
    ) -> Self {
        Self {
            kind,
            subject: row.r#ref.clone(),
            site: row.site.clone(),
            timezone: row.timezone.clone(),
            worst: Consequence::of_impacts(&row.impacts.0),
            due,
            title,
            mine,
            who,
            seq: row.seq,
        }
    }
}

impl Change {
    /// What of it this person has to do first, by when, and how urgent that is.
    fn first(&self, holder: Option<&Holder>, now: Time) -> Option<(TaskKind, Time, Option<u8>)> {
        let eyes = Eyes { holder, now };
        let found = [eyes.change(self), eyes.reviewed(self), eyes.waived(self)];
        let mine = found.into_iter().flatten().filter(|found| found.mine);
        let urgency = |found: &Found| priority(found.worst, found.due.seconds_since(now));
        mine.map(|found| (found.kind, found.due, urgency(&found)))
            .min_by_key(|(_, due, urgent)| (urgent.is_none(), *urgent, *due))
    }

    /// What of it this person has to do first; none if it waits for others.
    pub fn task(&self, holder: Option<&Holder>, now: Time) -> Option<TaskKind> {
        self.first(holder, now).map(|(kind, ..)| kind)
    }

    /// The instant that presses: that of its alarm, by which this person has to do what is theirs, else what comes next of
    /// it; none once it is over.
    pub fn due(&self, holder: Option<&Holder>, now: Time) -> Option<Time> {
        self.presses(holder, now).map(|(_, due)| due)
    }

    /// The priority of its alarm, or of what is to be done by then; none if it can wait.
    pub fn task_priority(&self, holder: Option<&Holder>, now: Time) -> Option<u8> {
        self.presses(holder, now).and_then(|(urgent, _)| urgent)
    }

    /// How urgent it is, and by when.
    fn presses(&self, holder: Option<&Holder>, now: Time) -> Option<(Option<u8>, Time)> {
        let worst = Consequence::of_impacts(&self.impacts.0);
        let task = match self.first(holder, now) {
            Some((_, due, urgent)) => Some((urgent, due)),
            None => self.comes().map(|due| (priority(worst, due.seconds_since(now)), due)),
        };
        let alarm = self.alarm.map(|alarm| (Some(alarm.priority), alarm.due));
        let of = |(urgent, due): &(Option<u8>, Time)| (urgent.is_none(), *urgent, *due);
        alarm.into_iter().chain(task).min_by_key(of)
    }

    fn comes(&self) -> Option<Time> {
        match State::parse(&self.state)? {
            State::Requested | State::Returned => Some(self.approve_by.min(self.start)),
            State::Approved if self.effective_state == "ready" => Some(self.end),
            State::Approved => Some(self.start),
            State::InProgress => Some(self.end),
            State::Implemented | State::Verified => self.revert_by,
            State::Rejected | State::Withdrawn | State::BackedOut | State::Expired => None,
        }
    }
}

impl Eyes<'_> {
    /// What an emergency asks of those who did not decide it, and of the centre if one of them said no.
    pub(super) fn reviewed(&self, row: &Change) -> Option<Found> {
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
        let title = format!("{title} on {}", tags(&row.assets.0));
        Some(Found::of(row, kind, due, title, (mine, who)))
    }

    pub(super) fn change(&self, row: &Change) -> Option<Found> {
        let decide_by = row.approve_by.min(row.start);
        let (kind, due, verb) = match row.effective_state.as_str() {
            "requested" if row.kind == Nature::Emergency.word() => {
                (TaskKind::Decide, decide_by, "approve the emergency")
            }
            "requested" => (TaskKind::Decide, decide_by, "approve"),
            "returned" => (TaskKind::Revise, decide_by, "revise"),
            // It has done all that it was asked for.
            "ready" if row.lets_stay.is_some() => return None,
            "ready" if held_up(row) => (TaskKind::Start, row.end, "held up: start"),
            "ready" => (TaskKind::Start, row.end, "start"),
            "in_progress" => (TaskKind::Complete, row.end, "complete"),
            "implemented" => {
                let done = row.completed_at.unwrap_or(row.end);
                (TaskKind::Verify, done.plus_seconds(VERIFYING), "verify")
            }
            _ => return None,
        };
        let whose = match kind {
            TaskKind::Decide => {
                (self.decides(&row.requester, &row.site, &row.approvals), row.approvals.still())
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
        let title = format!("{verb} {} on {}", row.title, tags(&row.assets.0));
        Some(Found::of(row, kind, due, title, whose))
    }

    /// What stands against an approved change and somebody may waive.
    pub(super) fn waived(&self, row: &Change) -> Option<Found> {
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
        let due = if self.now < row.start { row.start } else { row.end };
        let title = format!("waive {first}{more} for {}", row.title);
        Some(Found::of(row, TaskKind::Waive, due, title, (mine, who.join(", "))))
    }

    /// What was refused for good or passed its end before work began, for whoever asked for it: nobody else has to do
    /// with it.
    pub(super) fn refused(&self, row: &Change) -> Option<Found> {
        let harm = Consequence::of_impacts(&row.impacts.0);
        let (until, worst, why) = match row.effective_state.as_str() {
            "rejected" => (row.start, harm, ""),
            // What is over harms nobody any more.
            "expired" => (row.end.plus_seconds(LAPSED), Consequence::Small, ", whose time passed"),
            _ => return None,
        };
        let asked = self.holder.is_some_and(|holder| holder.login.as_str() == row.requester);
        (asked && self.now < until).then(|| {
            let title = format!("ask anew or let be {} on {}{why}", row.title, tags(&row.assets.0));
            let whose = (true, row.requester.clone());
            Found { worst, ..Found::of(row, TaskKind::Renew, until, title, whose) }
        })
    }
}
