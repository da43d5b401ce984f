//! The watch: alarms and what waits for this person, the most urgent first. What stands here is made in `back`.
//!
//! `f` shows what is one's own to do, decisions first, then the shelf: shelved alarms and tasks that sleep.

use chrono_tz::Tz;

use super::list::Spec;
use super::{Focus, acceptances, cells, changes, extensions, gate, windows};
use crate::console::ctx::{Ctx, Me};
use crate::console::keys::{Action, Does, Scope};
use crate::console::theme::Role;
use crate::console::widgets::cell::{Cell, Column};
use crate::console::widgets::doc::{Doc, Line};
use crate::console::widgets::list::{Row, View};
use crate::domain::alarm::{Alarm, State, longest_shelf, rationale};
use crate::domain::role::Right;
use crate::domain::task::{TaskKind, may_sleep};
use crate::domain::time::Time;
use crate::domain::time_input::span;
use crate::safe_text::SafeText;
use crate::store::query::{Acceptance, Change, Extension, Report, Window};

/// What an alarm or a task is about.
#[derive(Clone, Debug, PartialEq)]
pub enum About {
    /// A change.
    Change(Box<Change>),
    /// A window.
    Window(Box<Window>),
    /// The acceptance of a risk.
    Acceptance(Box<Acceptance>),
    /// The request that a window end later.
    Extension(Box<Extension>),
    /// A report.
    Report(Box<Report>),
    /// Something that only its reference names.
    Other(Scope),
}

/// That an alarm is shelved, or a task sleeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aside {
    /// Until when.
    pub until: Time,
    /// By whom.
    pub who: String,
    /// Why.
    pub reason: Option<String>,
}

/// An alarm or a task.
#[derive(Clone, Debug, PartialEq)]
pub struct Watched {
    /// What it is called, and what tells it apart: `window_overrun:VW-11`, `decide:CR-3`.
    pub id: String,
    /// Priority 1 to 4.
    pub priority: u8,
    /// `alarm`, `ended` for one whose condition has ended, or what is to be done.
    pub kind: &'static str,
    /// The alarm, if it is one.
    pub alarm: Option<Box<Alarm>>,
    /// Whether it is an alarm that somebody must still acknowledge.
    pub unacknowledged: bool,
    /// How it was put aside, if it was.
    pub aside: Option<Aside>,
    /// Whether this person can act; what others must do is shown dim, after their names.
    pub mine: bool,
    /// Who can act, in words.
    pub who: String,
    /// The last useful moment.
    pub due: Option<Time>,
    /// The object.
    pub reference: String,
    /// Its site.
    pub site: String,
    /// The zone of the site.
    pub zone: Tz,
    /// What it is, the verb first.
    pub what: SafeText,
    /// Why it stands here, and what to do.
    pub because: SafeText,
    /// What it is about.
    pub about: About,
}

impl Watched {
    /// The alarm of the row, by its reference.
    pub fn alarm(&self) -> Option<String> {
        self.alarm.as_ref().map(|alarm| alarm.r#ref.to_string())
    }

    /// Whether it is an alarm whose condition has ended.
    pub fn has_ended(&self) -> bool {
        self.kind == ENDED
    }

    /// The task of the row, if this person has it.
    pub fn task(&self) -> Option<String> {
        self.is_my_task().then(|| self.id.clone())
    }

    /// Whether it is a task that this person can do.
    pub const fn is_my_task(&self) -> bool {
        self.alarm.is_none() && self.mine
    }
}

/// The kind of an alarm that stands.
pub const ALARM: &str = "alarm";

/// The kind of an alarm whose condition has ended.
pub const ENDED: &str = "ended";

/// What this person can act on, alarms and tasks.
pub const MINE: View = View {
    word: "mine:yes",
    name: "mine",
    empty: "No alarm and no task is yours. Esc shows all that stands, f what is shelved.",
};

/// What was put aside.
pub const SHELF: View = View {
    word: "state:shelved",
    name: "shelf",
    empty: "Nothing is shelved and nothing sleeps. f shows all that stands.",
};

/// What stands as the kind of a row that is no longer here.
const GONE: &str = "gone";

impl Row for Watched {
    fn id(&self) -> &str {
        &self.id
    }

    fn about(&self) -> Option<&str> {
        Some(&self.reference)
    }

    fn zone(&self) -> Option<Tz> {
        Some(self.zone)
    }

    /// What is no longer here says so where it stands, and calls no more.
    fn leave(&mut self) {
        // Each further read finds it gone once more.
        if self.kind == GONE {
            return;
        }
        self.kind = GONE;
        self.unacknowledged = false;
        self.mine = false;
        self.who.clear();
        self.alarm = None;
        // What left the shelf is back among what is not put aside, unless it is over.
        let told = match self.aside.take() {
            Some(_) => "back on the watch, or over; r sorts the shelf again",
            None => "done, put aside or no longer urgent; r sorts the list again",
        };
        self.because = SafeText::fixed(told);
    }

    fn because(&self) -> Option<SafeText> {
        Some(self.because.clone())
    }

    /// Of what is one's own one comes to decide: others wait for it.
    fn begins(&self, view: &View) -> bool {
        *view == MINE && self.kind == TaskKind::Decide.short()
    }
}

/// What is special about the watch.
pub const SPEC: Spec<Watched> = Spec {
    subject: "watch",
    title: "Watch",
    scope: Scope::Change,
    columns: &[
        Column::left("Pri", 3, |row, _| Cell::priority(row.priority, row.unacknowledged)),
        Column::left("Kind", 7, |row, _| dim(row, SafeText::fixed(kind(row)))),
        Column::right("Due", 6, |row: &Watched, ctx| {
            row.due.map_or_else(Cell::empty, |due| dim(row, ctx.near(due)))
        })
        .gives_way(1),
        Column::right("Left", 6, |row, ctx| {
            row.due.map_or_else(Cell::empty, |due| dim(row, ctx.left(due)))
        }),
        Column::left("Ref", 6, |row, _| dim(row, SafeText::from(row.reference.as_str()))),
        Column::left("Sit", 3, |row, _| dim(row, SafeText::from(row.site.as_str()))),
        Column::left("What", 42, |row, ctx| dim(row, what(row, ctx))),
    ],
    empty: "No alarm stands and no task waits. Risks, changes and windows are on 2, 3 and 4.",
    filter_words: &[
        "kind:alarm",
        "kind:decide",
        "mine:yes",
        "state:shelved",
        "site:",
        "priority:<=2",
    ],
    focus,
    strip: |row, ctx| {
        let next = put_aside(row, ctx).unwrap_or_else(|| ctx.spelled(&row.because, Some(row.zone)));
        [Cell::text(row.what.clone()), Cell::text(next)]
    },
    detail,
    beside: None,
    tiled: true,
    third: None,
    views: &[MINE, SHELF],
    denied,
};

/// What is to be done, or that it was put aside.
const fn kind(row: &Watched) -> &'static str {
    match (&row.aside, &row.alarm) {
        (None, _) => row.kind,
        (Some(_), Some(_)) => "shelved",
        (Some(_), None) => "asleep",
    }
}

/// Columns in which those who can act are named before what they are to do.
const NAMES: usize = 21;

/// What it is, of what others must do after who they are; of what was put aside, after until when, and then by whom and why.
fn what(row: &Watched, ctx: &Ctx<'_>) -> SafeText {
    let Some(aside) = &row.aside else {
        if row.mine || row.who.is_empty() {
            return row.what.clone();
        }
        let who = if row.who.len() > NAMES { "others" } else { row.who.as_str() };
        return SafeText::from(format!("{who}: {}", row.what));
    };
    let reason = aside.reason.as_deref().map(|reason| format!(": {reason}")).unwrap_or_default();
    let until = ctx.short(aside.until);
    SafeText::from(format!("until {until} {} · {}{reason}", row.what, aside.who))
}

/// Until when it was put aside, by whom, why, and how it comes back.
fn put_aside(row: &Watched, ctx: &Ctx<'_>) -> Option<SafeText> {
    let aside = row.aside.as_ref()?;
    let reason = aside.reason.as_deref().unwrap_or_default().trim_end_matches('.');
    let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
    let (done, back) = match row.alarm {
        Some(_) => ("shelved", "Z takes it off the shelf"),
        None => ("sleeps", "Z wakes it"),
    };
    let until = ctx.moment(aside.until, row.zone);
    Some(SafeText::from(format!("{done} until {until} by {}{reason}; {back}", aside.who)))
}

fn dim(row: &Watched, text: SafeText) -> Cell {
    Cell::of(text, if row.mine { Role::Normal } else { Role::Dim })
}

fn focus(row: &Watched) -> Focus {
    let focus = match &row.about {
        About::Change(change) => changes::focus(change),
        About::Window(window) => windows::focus(window),
        About::Acceptance(acceptance) => acceptances::focus(acceptance),
        About::Extension(extension) => extensions::focus(extension),
        About::Report(report) => Focus {
            version: Some(report.seq),
            ..Focus::of(&row.reference, report.title.as_str(), Scope::Report)
        },
        About::Other(scope) => Focus::of(&row.reference, row.what.clone(), *scope),
    };
    let (alarm, due, task) = (row.alarm(), row.alarm.as_ref().map(|one| one.due), row.task());
    Focus { alarm, due, task, zone: Some(row.zone), calls: calls(row), ..focus }
}

/// How much it calls, until when, and what comes of leaving it: whoever puts it aside reads it once more.
fn calls(row: &Watched) -> Doc {
    let doc = Doc::default()
        .field("priority", Cell::priority(row.priority, row.unacknowledged))
        .field("what", Cell::text(row.what.clone()))
        .when("due", row.due, row.zone);
    match &row.alarm {
        Some(alarm) => doc
            .field("else", rationale(alarm.kind).consequence)
            .field("instead", Cell::text(alarm.response))
            .field("at most for", Cell::text(span(longest_shelf(alarm.priority)))),
        None => doc,
    }
}

fn detail(row: &Watched, _: &Ctx<'_>) -> Doc {
    let mut doc = row.alarm.as_ref().map_or_else(Doc::default, |alarm| rationalised(alarm));
    let about = match &row.about {
        About::Change(change) => changes::detail(change),
        About::Window(window) => windows::detail(window),
        About::Acceptance(acceptance) => acceptances::detail(acceptance),
        About::Extension(extension) => extensions::detail(extension),
        About::Report(report) => Doc::titled(SafeText::from(report.r#ref.as_str()))
            .field("seen", Cell::text(report.what.as_str()))
            .field("where", Cell::text(report.r#where.as_str()))
            .field("effect", Cell::text(report.effect.as_str()))
            .field("by", Cell::text(report.author.as_str())),
        About::Other(_) if row.alarm.is_some() => Doc::default(),
        About::Other(_) => {
            Doc::titled(row.what.clone()).text(Cell::sentence(row.because.clone(), Some(row.zone)))
        }
    };
    if !doc.0.is_empty() && !about.0.is_empty() {
        doc.0.push(Line::Gap);
    }
    doc.0.extend(about.0);
    doc
}

/// What an operator must know of an alarm, how it stands, and who said what of it.
pub fn rationalised(alarm: &Alarm) -> Doc {
    let zone = cells::zone(&alarm.timezone);
    let known = rationale(alarm.kind);
    let mut doc = Doc::titled(SafeText::from(cells::called(alarm.r#ref.as_str())))
        .field("priority", Cell::priority(u8::try_from(alarm.priority).unwrap_or(1), false))
        .field("state", Cell::text(said(alarm)))
        .when("due", Some(alarm.due), zone)
        .field("cause", known.cause)
        .field("consequence", known.consequence)
        .field("response", known.response)
        .field("time", known.time)
        .field("ends when", known.cleared_by);
    if let Some(who) = &alarm.acknowledged_by {
        doc = doc.field("acknowledged", Cell::text(who.as_str()));
        doc = doc.when("at", alarm.acknowledged_at, zone);
    }
    if let Some(who) = &alarm.shelved_by {
        doc = doc.field("shelved by", Cell::text(who.as_str()));
        doc = doc.when("until", alarm.shelved_until, zone);
        doc = doc.field("because", cells::word(alarm.shelved_reason.as_deref()));
    }
    doc
}

/// How an alarm stands, and what that asks for.
fn said(alarm: &Alarm) -> &'static str {
    match alarm.state {
        State::Normal => "ended and acknowledged",
        State::Unacknowledged => "stands; nobody has acknowledged it",
        State::Acknowledged => "stands, acknowledged",
        State::Returned => "ended, and nobody had acknowledged it",
        State::Shelved => "stands, shelved",
    }
}

/// Why an action is off on this row, if it is.
pub fn denied(row: &Watched, action: &Action, me: &Me<'_>) -> Option<SafeText> {
    if let Some(alarm) = row.alarm.as_ref().filter(|_| action.answers()) {
        return denied_on(alarm, action, me);
    }
    if action.id == "alarm.unshelve" && row.aside.is_none() {
        return Some(SafeText::fixed("it is not shelved and does not sleep"));
    }
    if action.id == "alarm.shelve"
        && let Some(Err(why)) = row.due.map(|due| may_sleep(due, me.now))
    {
        return Some(gate::words(&why));
    }
    match &row.about {
        About::Change(change) => changes::denied(change, action, me),
        About::Window(window) => windows::denied(window, action, me),
        About::Acceptance(acceptance) => acceptances::denied(acceptance, action, me),
        About::Extension(extension) => extensions::denied(extension, action, me),
        // What is no longer in motion has only its alarm left to be answered.
        About::Other(Scope::Change | Scope::Window | Scope::Acceptance | Scope::Extension)
            if matches!(action.does, Does::On(_)) =>
        {
            Some(SafeText::fixed("it is over: Enter shows how it ended"))
        }
        About::Report(_) | About::Other(_) => {
            gate::by_right(gate::spec(action)?, &row.site, me).err().map(|why| gate::words(&why))
        }
    }
}

/// Why a person cannot say this of an alarm; other actions are its subject's matter.
pub fn denied_on(alarm: &Alarm, action: &Action, me: &Me<'_>) -> Option<SafeText> {
    if !action.answers() {
        return None;
    }
    let why = match (action.id, alarm.state) {
        ("alarm.acknowledge", State::Acknowledged | State::Normal) => {
            Some("it was acknowledged already")
        }
        ("alarm.acknowledge", State::Shelved) if alarm.acknowledged_by.is_some() => {
            Some("it was acknowledged already")
        }
        ("alarm.shelve", State::Returned | State::Normal) => {
            Some("it has ended: A acknowledges it and it leaves")
        }
        (
            "alarm.unshelve",
            State::Unacknowledged | State::Acknowledged | State::Returned | State::Normal,
        ) => Some("it is not shelved"),
        _ => None,
    };
    if let Some(why) = why {
        return Some(SafeText::fixed(why));
    }
    let right = me.holder?.may(Right::Attend, Some(&alarm.site), me.now);
    right.err().map(|refusal| gate::words(&refusal))
}
