//! What is to be done about a vendor's window and its extension: decided, opened, closed, asked for anew. Who does it, and
//! how urgent it is, is concluded with all other tasks.

use super::{Eyes, Found, tags};
use crate::domain::alarm::ENDING;
use crate::domain::attention::priority;
use crate::domain::role::Holder;
use crate::domain::task::{OPENING, TaskKind};
use crate::domain::time::Time;
use crate::store::query::{Extension, Window};

impl Window {
    /// The priority of what this person has to do about it now; none for what can wait, or is for others to do.
    pub fn task_priority(&self, holder: Option<&Holder>, now: Time) -> Option<u8> {
        let found = Eyes { holder, now }.window(self).filter(|found| found.mine)?;
        priority(found.worst, found.due.seconds_since(now))
    }
}

impl Eyes<'_> {
    pub(super) fn window(&self, row: &Window) -> Option<Found> {
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
            (self.decides(&row.requester, &row.site, &row.approvals), row.approvals.still())
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

    /// The same of a window, until its asker asks for the same person again.
    pub(super) fn refused_window(&self, row: &Window, others: &[Window]) -> Option<Found> {
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

    pub(super) fn extension(&self, row: &Extension) -> Option<Found> {
        (row.state == "requested").then(|| Found {
            kind: TaskKind::Decide,
            subject: row.r#ref.clone(),
            site: row.site.clone(),
            timezone: row.timezone.clone(),
            worst: row.consequence(),
            due: row.old_end,
            title: format!("extend {} on {} for {}", row.window, tags(&row.assets.0), row.person),
            mine: self.decides(&row.requester, &row.site, &row.approvals),
            who: row.approvals.still(),
            seq: row.seq,
        })
    }
}
