//! Row 1: the one thing that presses most and by when, and how much else stands.

use chrono_tz::Tz;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::lead;
use crate::console::ctx::Ctx;
use crate::console::keys::Scope;
use crate::console::theme::{Role, glyphs};
use crate::console::widgets::cell::{Align, Cell, Part};
use crate::console::widgets::paint;
use crate::domain::alarm::{AlarmKind, rationale};
use crate::domain::time::Time;
use crate::domain::time_input::distance;
use crate::domain::words;
use crate::safe_text::SafeText;

/// What row 1 says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attention {
    /// What presses most, as [`Lead::rank`] orders it.
    pub lead: Option<Lead>,
    /// Alarms and tasks by priority 1 to 4.
    pub counts: [u32; 4],
    /// Shelved alarms and tasks that sleep.
    pub shelved: u32,
    /// Open risks of priority 1 and 2.
    pub risks: u32,
    /// Alarms of priority 1 and 2 that this person can and should acknowledge: what the bell rings for.
    pub loud: Vec<Lead>,
    /// What this console finds wrong with the store by itself.
    pub conditions: Vec<Condition>,
    /// How many alarms began in ten minutes, while they are a flood.
    pub flood: Option<u32>,
    /// The next instant at which time alone changes what stands.
    pub next: Option<Time>,
}

/// An alarm that this console raises by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The kind.
    pub kind: AlarmKind,
    /// What was seen.
    pub why: SafeText,
    /// Whether it stands; one that has ended stays until somebody acknowledges it, where its kind asks for that.
    pub stands: bool,
    /// Whether somebody at this console still has to acknowledge it.
    pub calls: bool,
}

impl Condition {
    /// One that stands and that nobody has acknowledged.
    pub const fn new(kind: AlarmKind, why: SafeText) -> Self {
        Self { kind, why, stands: true, calls: true }
    }

    /// Its priority, 1 to 4.
    pub fn priority(&self) -> u8 {
        rationale(self.kind).floor.and_then(|floor| u8::try_from(floor).ok()).unwrap_or(1)
    }

    fn lead(&self) -> Lead {
        let known = rationale(self.kind);
        let ended = if self.stands { "" } else { "ended: " };
        Lead {
            priority: self.priority(),
            claim: Claim::of_alarm(self.calls, self.stands),
            id: self.kind.word().to_owned(),
            reference: SafeText::fixed("store"),
            scope: Scope::Everywhere,
            text: SafeText::from(format!("{ended}{} ({})", known.cause, self.why)),
            when: None,
        }
    }
}

impl Attention {
    /// What is said where no alarm calls and no task waits: that risks stand open all the same.
    pub fn nothing(&self) -> SafeText {
        let calm = "nothing urgent waits for you";
        SafeText::from(match self.risks {
            0 => calm.to_owned(),
            many => {
                let rest = if many == 1 { "P1 or P2 stands" } else { "P1 and P2 stand" };
                format!("{calm}; {} of {rest} open", words::count(many, "risk"))
            }
        })
    }

    /// Row 1 with what the console finds wrong with the store, which stands before what is of its own rank.
    pub fn with(mut self, conditions: Vec<Condition>) -> Self {
        self.conditions = conditions;
        for condition in &self.conditions {
            let priority = condition.priority();
            if let Some(count) = self.counts.get_mut(usize::from(priority.saturating_sub(1))) {
                *count += 1;
            }
        }
        let own = self.conditions.iter().map(Condition::lead);
        self.lead = own.chain(self.lead).min_by_key(Lead::rank);
        self
    }
}

/// Why something may stand in row 1; of one priority the first of these stands before the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Claim {
    /// An alarm that stands and that nobody acknowledged.
    Calls,
    /// An alarm that ended before anybody acknowledged it.
    Ended,
    /// A task of this person.
    Task,
    /// An alarm that somebody acknowledged.
    Known,
}

impl Claim {
    /// The claim of an alarm.
    pub const fn of_alarm(calls: bool, stands: bool) -> Self {
        match (calls, stands) {
            (true, true) => Self::Calls,
            (true, false) => Self::Ended,
            (false, _) => Self::Known,
        }
    }
}

/// The one thing that row 1 names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lead {
    /// Priority, 1 to 4.
    pub priority: u8,
    /// Why it may stand there.
    pub claim: Claim,
    /// What the row of the watch is called.
    pub id: String,
    /// The object that it is about.
    pub reference: SafeText,
    /// The kind of that object.
    pub scope: Scope,
    /// What it is, most important words first.
    pub text: SafeText,
    /// The time that presses, if one does.
    pub when: Option<When>,
}

impl Lead {
    /// The least stands in row 1: what nobody acknowledged and what this person is to do by priority, and what somebody
    /// acknowledged after all of it, however urgent: it has nothing more to say.
    pub fn rank(&self) -> (bool, u8, Claim) {
        (self.claim == Claim::Known, self.priority, self.claim)
    }

    /// Whether it is an alarm that nobody acknowledged.
    pub const fn calls(&self) -> bool {
        matches!(self.claim, Claim::Calls | Claim::Ended)
    }
}

/// The time that presses in row 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// The instant that an alarm counts to, or from once it has come; the zone of its site.
    Ends(Time, Tz),
    /// The instant by which something is to be done; the zone of its site.
    Due(Time, Tz),
}

impl When {
    /// The time and what is left, `ends 14:40Z in 8m`, or since when, `14:40Z 8m ago`.
    fn told(self, ctx: &Ctx<'_>) -> SafeText {
        let (word, at, zone) = match self {
            Self::Ends(at, zone) if at < ctx.now => ("", at, zone),
            Self::Ends(at, zone) => ("ends ", at, zone),
            Self::Due(at, zone) => ("due ", at, zone),
        };
        let far = distance(at, ctx.now);
        SafeText::fixed(word).then(&ctx.brief(at, zone)).then(&SafeText::from(format!(" {far}")))
    }
}

/// Draws row 1; `new` is what came since the list was last sorted.
pub fn attention(model: &Attention, new: usize, ctx: &Ctx<'_>, area: Rect, buffer: &mut Buffer) {
    let mut counts = Cell::empty();
    for (priority, count) in (1..=4_u8).zip(model.counts) {
        let role = if count == 0 { Role::Dim } else { Role::of_priority(priority) };
        counts = counts
            .and(" ", Role::Normal)
            .and(format!("{}{count}", glyphs::of_priority(priority)), role);
    }
    if let Some(flood) = model.flood {
        let text = format!("flood {flood}/10m");
        counts = Cell::of(text, Role::Title).and(" ", Role::Normal).and_all(counts);
    }
    counts = counts.and(format!(" z{}", model.shelved), Role::Dim);
    if new > 0 {
        counts = counts.and(format!(" +{new}"), Role::Title);
    }
    let width = u16::try_from(counts.width()).unwrap_or(area.width).min(area.width);
    let left = Rect { width: area.width - width, ..area };
    let lead = match &model.lead {
        Some(lead) => lead_cell(lead, usize::from(left.width), ctx),
        None => Cell::of(model.nothing(), Role::Dim),
    };
    paint::cell(buffer, left, &lead, Align::Left, ctx, None);
    paint::cell(buffer, paint::after(area, area.width - width), &counts, Align::Left, ctx, None);
}

/// The lead in so many columns: its text gives way before the time that presses does.
fn lead_cell(lead: &Lead, width: usize, ctx: &Ctx<'_>) -> Cell {
    let role = Role::of_priority(lead.priority);
    let sign = SafeText::from(glyphs::of_priority(lead.priority).to_string());
    let mark = if lead.calls() { "!" } else { "" };
    let head = Cell(vec![Part { text: sign, role, blinks: lead.calls(), at: None }])
        .and(format!("P{}{mark}", lead.priority), role)
        .and(" ", Role::Normal)
        .and(lead.reference.clone(), Role::Title)
        .and(" ", Role::Normal);
    let Some(when) = lead.when.map(|when| when.told(ctx)) else {
        let text = lead::fitting(&lead.id, &lead.text, width.saturating_sub(head.width()));
        return head.and(text, Role::Normal);
    };
    let room = width.saturating_sub(head.width() + when.width() + 1);
    let text = lead::fitting(&lead.id, &lead.text, room);
    let gap = if text.is_empty() { "" } else { " " };
    head.and(text, Role::Normal).and(gap, Role::Normal).and(when, Role::Title)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lead(priority: u8, claim: Claim) -> Lead {
        Lead {
            priority,
            claim,
            id: format!("{claim:?}:{priority}"),
            reference: "VW-31".into(),
            scope: Scope::Window,
            text: "a window".into(),
            when: None,
        }
    }

    fn first(leads: &[(u8, Claim)]) -> String {
        let leads = leads.iter().map(|(priority, claim)| lead(*priority, *claim));
        leads.min_by_key(Lead::rank).unwrap().id
    }

    #[test]
    fn what_somebody_acknowledged_leaves_row_one_to_whatever_waits() {
        use Claim::{Calls, Ended, Known, Task};
        assert_eq!(first(&[(1, Known), (2, Calls)]), "Calls:2");
        assert_eq!(first(&[(1, Known), (4, Task)]), "Task:4");
        assert_eq!(first(&[(3, Calls), (2, Task), (1, Known)]), "Task:2");
        assert_eq!(first(&[(3, Task), (3, Ended), (3, Calls)]), "Calls:3");
        assert_eq!(first(&[(3, Task), (3, Ended)]), "Ended:3");
        assert_eq!(first(&[(2, Known), (1, Known)]), "Known:1", "when nothing else stands");
    }

    #[test]
    fn an_alarm_of_this_console_takes_row_one_by_the_same_rule() {
        let told = |claim, priority, calls| {
            let condition = Condition {
                calls,
                ..Condition::new(AlarmKind::StoreStale, "no answer for 5 s".into())
            };
            assert_eq!(condition.priority(), 2);
            let row = Attention { lead: Some(lead(priority, claim)), ..Attention::default() };
            row.with(vec![condition]).lead.unwrap().id
        };
        assert_eq!(told(Claim::Known, 1, true), "store_stale");
        assert_eq!(told(Claim::Calls, 2, true), "store_stale");
        assert_eq!(told(Claim::Task, 1, true), "Task:1");
        assert_eq!(told(Claim::Calls, 1, true), "Calls:1");
        assert_eq!(told(Claim::Task, 4, false), "Task:4", "acknowledged, it waits for all else");
    }
}
