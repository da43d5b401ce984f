//! The screens. Each is a table of columns, what a row says at length, and words for when there is none.

pub mod acceptances;
pub mod access;
pub mod advisories;
pub mod assets;
pub mod board;
pub mod cells;
pub mod changes;
pub mod extensions;
pub mod gate;
pub mod handover;
pub mod incidents;
pub mod items;
pub mod list;
pub mod matrix;
pub mod page;
pub mod posture;
pub mod raci;
pub mod risks;
#[cfg(test)]
pub mod sample;
pub mod tabs;
#[cfg(test)]
mod tests;
pub mod timeline;
pub mod tree;
pub mod watch;
pub mod windows;

use chrono_tz::Tz;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::ctx::Ctx;
use super::data::{Ask, Data};
use super::keys::{Act, Action, Scope};
use super::widgets::cell::Cell;
use super::widgets::doc::Doc;
use super::widgets::list::Fetch;
use crate::domain::filter::Word;
use crate::domain::time::Time;
use crate::safe_text::SafeText;

/// The object that the person stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Focus {
    /// Its reference, `CR-7`.
    pub reference: String,
    /// Its name in words.
    pub name: SafeText,
    /// Its kind, which decides the verbs.
    pub scope: Scope,
    /// The fields by which its commands know it: `ref`, or `run` and `step`.
    pub fixed: Vec<(&'static str, String)>,
    /// Its version, sent as `expect` so that a stale screen cannot decide.
    pub version: Option<i64>,
    /// The alarm of the row, if it has one: `window_overrun:VW-11`.
    pub alarm: Option<String>,
    /// The instant that the alarm of the row counts from: it tells one occurrence from the next.
    pub due: Option<Time>,
    /// The task of the row, if it is one of this person: `decide:CR-3`.
    pub task: Option<String>,
    /// How the alarm or the task of the row calls: the forms that put it aside begin with it.
    pub calls: Doc,
    /// The zone of its site, in which times are typed.
    pub zone: Option<Tz>,
    /// What it could be put into, to be picked from.
    pub picks: Vec<Pick>,
    /// What else its row knows of the fields of its commands: the forms begin with it.
    pub known: Vec<(&'static str, String)>,
}

/// Something that an object could be put into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pick {
    /// Its reference, `OUT-3`.
    pub reference: String,
    /// What comes of it, in a few words.
    pub said: SafeText,
}

impl Focus {
    /// An object that its commands know by its reference.
    pub fn of(reference: &str, name: impl Into<SafeText>, scope: Scope) -> Self {
        Self {
            reference: reference.to_owned(),
            name: name.into(),
            scope,
            fixed: vec![("ref", reference.to_owned())],
            version: None,
            alarm: None,
            due: None,
            task: None,
            calls: Doc::default(),
            zone: None,
            picks: Vec::new(),
            known: Vec::new(),
        }
    }
}

/// What a screen wants done after an action.
pub enum Reaction {
    /// It has done what there was to do.
    Done,
    /// It has no use for the action here.
    Ignored,
    /// It needs rows or an object.
    Fetch(Fetch),
    /// Another screen is to be opened on top.
    Open(Box<dyn Screen>),
}

/// A screen: it keeps what it was given and where the person stands in it, and reads nothing itself.
pub trait Screen: Send {
    /// Its name.
    fn title(&self) -> SafeText;

    /// The kind of object that it is about, for `new` and while nothing is selected.
    fn scope(&self) -> Scope;

    /// The question whose answer it needs, if it needs one.
    fn ask(&self, fetch: Fetch) -> Option<Ask>;

    /// Takes an answer to its question; one of another kind is left aside.
    fn accept(&mut self, data: Data, fetch: Fetch);

    /// Does what an action asks for.
    fn act(&mut self, act: Act) -> Reaction;

    /// The object that the person stands on.
    fn focus(&self) -> Option<Focus>;

    /// Whether Enter opens something here although no object is selected.
    fn opens(&self) -> bool {
        false
    }

    /// Actions of the focused object that are off, with the reason.
    fn denied(&self, action: &Action, ctx: &Ctx<'_>) -> Option<SafeText>;

    /// Tells that the person was told which object is selected.
    fn looked(&mut self) {}

    /// Whether tiles stand below it where there is room.
    fn is_tiled(&self) -> bool {
        false
    }

    /// Tells how many rows its body has.
    fn set_height(&mut self, rows: u16);

    /// Tells how many columns the whole screen has.
    fn set_width(&mut self, _cols: u16) {}

    /// Rows of the focus strip.
    fn strip_rows(&self) -> u16 {
        2
    }

    /// What the columns cut of the focused object, one cell per row.
    fn strip(&self, ctx: &Ctx<'_>) -> Vec<Cell>;

    /// Draws the body, and the detail beside it where there is room.
    fn view(&self, ctx: &Ctx<'_>, body: Rect, side: Option<Rect>, buffer: &mut Buffer);

    /// The filter in force.
    fn filter(&self) -> &str {
        ""
    }

    /// The filter that it was opened with, which Esc and its number come back to.
    fn opened(&self) -> &str {
        ""
    }

    /// Sets the filter; the screen is then read anew.
    fn set_filter(&mut self, _filter: String) {}

    /// Words that the filter line completes to.
    fn filter_words(&self) -> Vec<String> {
        Vec::new()
    }

    /// What its list can be filtered by; nothing if only the store can tell.
    fn filter_known(&self) -> Option<Vec<Word>> {
        None
    }

    /// Which part of the whole it shows, where that is not all.
    fn part(&self) -> Cell {
        Cell::empty()
    }

    /// The filter that it had before it was taken off.
    fn last_filter(&self) -> &str {
        ""
    }

    /// Whether long work is done for it that is of no use once it is left.
    fn is_working(&self) -> bool {
        false
    }

    /// What came since the list was last sorted.
    fn new_rows(&self) -> usize {
        0
    }

    /// Selects an object, if it is here.
    fn select(&mut self, _reference: &str) -> bool {
        false
    }
}

/// A subject that can be opened from the palette, and the number of its screen if it has one.
#[derive(Clone, Copy, Debug)]
pub struct Subject {
    /// Its name, as `smc list` uses it.
    pub name: &'static str,
    /// One line for the palette.
    pub help: &'static str,
    /// Makes its screen.
    pub make: fn() -> Box<dyn Screen>,
}
