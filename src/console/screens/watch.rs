//! The watch: alarms and what waits for this person, the most urgent first. What stands here is made in `back`.

use chrono_tz::Tz;

use super::list::Spec;
use super::{Focus, acceptances, changes, windows};
use crate::console::ctx::{Ctx, Me};
use crate::console::keys::{Action, Scope};
use crate::console::theme::Role;
use crate::console::widgets::cell::{Cell, Column};
use crate::console::widgets::doc::Doc;
use crate::console::widgets::list::Row;
use crate::domain::time::Time;
use crate::safe_text::SafeText;
use crate::store::query::{Acceptance, Change, Window};

/// What an alarm or a task is about.
#[derive(Clone, Debug, PartialEq)]
pub enum About {
    /// A change.
    Change(Box<Change>),
    /// A window.
    Window(Box<Window>),
    /// The acceptance of a risk.
    Acceptance(Box<Acceptance>),
    /// Something that only its reference names.
    Other(Scope),
}

/// An alarm or a task.
#[derive(Clone, Debug, PartialEq)]
pub struct Watched {
    /// What tells it apart: the kind and the reference.
    pub id: String,
    /// Priority 1 to 4.
    pub priority: u8,
    /// `alarm`, or what is to be done.
    pub kind: &'static str,
    /// Whether it is an alarm that nobody acknowledged.
    pub unacknowledged: bool,
    /// Whether this person can act; what others must do is shown dim.
    pub mine: bool,
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

impl Row for Watched {
    fn id(&self) -> &str {
        &self.id
    }
}

/// What is special about the watch.
pub const SPEC: Spec<Watched> = Spec {
    subject: "watch",
    title: "Watch",
    scope: Scope::Change,
    columns: &[
        Column::left("Pri", 3, |row, _| Cell::priority(row.priority, row.unacknowledged)),
        Column::left("Kind", 7, |row, _| dim(row, SafeText::fixed(row.kind))),
        Column::right("Due", 6, |row, ctx| {
            row.due.map_or_else(Cell::empty, |due| dim(row, ctx.short(due, row.zone)))
        }),
        Column::right("Left", 6, |row, ctx| {
            row.due.map_or_else(Cell::empty, |due| dim(row, ctx.left(due)))
        }),
        Column::left("Ref", 6, |row, _| dim(row, SafeText::from(row.reference.as_str()))),
        Column::left("Sit", 3, |row, _| dim(row, SafeText::from(row.site.as_str()))),
        Column::left("What", 42, |row, _| dim(row, row.what.clone())),
    ],
    empty: "No alarm stands and nothing is urgent. What can wait is on 2, 3 and 4; ! is yours.",
    filter_words: &["kind:alarm", "kind:decide", "site:", "priority:<=2"],
    focus,
    strip: |row, _| [Cell::text(row.what.clone()), Cell::text(row.because.clone())],
    detail,
    denied,
};

fn dim(row: &Watched, text: SafeText) -> Cell {
    Cell::of(text, if row.mine { Role::Normal } else { Role::Dim })
}

fn focus(row: &Watched) -> Focus {
    let focus = match &row.about {
        About::Change(change) => changes::focus(change),
        About::Window(window) => windows::focus(window),
        About::Acceptance(acceptance) => acceptances::focus(acceptance),
        About::Other(scope) => Focus::of(&row.reference, row.what.clone(), *scope),
    };
    let alarm = (row.kind == "alarm").then(|| row.reference.clone());
    Focus { alarm, zone: Some(row.zone), ..focus }
}

fn detail(row: &Watched, _: &Ctx<'_>) -> Doc {
    match &row.about {
        About::Change(change) => changes::detail(change),
        About::Window(window) => windows::detail(window),
        About::Acceptance(acceptance) => acceptances::detail(acceptance),
        About::Other(_) => Doc::titled(row.what.clone()).text(Cell::text(row.because.clone())),
    }
}

fn denied(row: &Watched, action: &Action, me: &Me<'_>) -> Option<SafeText> {
    match &row.about {
        About::Change(change) => changes::denied(change, action, me),
        About::Window(window) => windows::denied(window, action, me),
        About::Acceptance(acceptance) => acceptances::denied(acceptance, action, me),
        About::Other(_) => None,
    }
}
