//! A list whose rows open another list, and that has a second view: the way from a site to the very objects.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::console::ctx::Ctx;
use crate::console::data::{Ask, Data};
use crate::console::keys::{Act, Action, Scope};
use crate::console::screens::list::ListScreen;
use crate::console::screens::{Focus, Reaction, Screen};
use crate::console::widgets::cell::Cell;
use crate::console::widgets::list::{Fetch, Row};
use crate::domain::filter::Word;
use crate::safe_text::SafeText;

/// What Enter opens on a row; none leaves it to the list.
type Opens<T> = fn(&T) -> Option<Box<dyn Screen>>;

/// What `f` does: another filter from the one in force, or another screen.
#[derive(Clone, Copy)]
pub enum View {
    /// There is one view only.
    None,
    /// Another filter.
    Filter(fn(&str) -> String),
    /// Another screen.
    Screen(fn() -> Box<dyn Screen>),
}

/// A list with a way down and another view.
pub struct Drill<T: 'static> {
    list: ListScreen<T>,
    opens: Opens<T>,
    view: View,
    /// The row that it is opened for, until there are rows.
    first: Option<String>,
}

impl<T: Row> Drill<T> {
    /// The list, what Enter opens, and what `f` does.
    pub fn new(list: ListScreen<T>, opens: Opens<T>, view: View) -> Self {
        Self { list, opens, view, first: None }
    }

    /// The list opened for the row of this id: it is the selected one, where it is there.
    #[must_use]
    pub fn opened_for(mut self, id: Option<String>) -> Self {
        self.first = id;
        self
    }
}

impl<T: Row> Screen for Drill<T> {
    fn title(&self) -> SafeText {
        self.list.title()
    }

    fn scope(&self) -> Scope {
        self.list.scope()
    }

    fn ask(&self, fetch: Fetch) -> Option<Ask> {
        self.list.ask(fetch)
    }

    fn accept(&mut self, data: Data, fetch: Fetch) {
        self.list.accept(data, fetch);
        if let Some(id) = self.first.take() {
            self.list.select(&id);
        }
    }

    fn act(&mut self, act: Act) -> Reaction {
        let opened = match act {
            Act::Open => self.list.selected().and_then(self.opens),
            Act::View => match self.view {
                View::None => return Reaction::Ignored,
                View::Screen(make) => Some(make()),
                View::Filter(next) => {
                    let filter = next(self.list.filter());
                    self.list.set_filter(filter);
                    return Reaction::Fetch(Fetch::Anew);
                }
            },
            Act::Move(_) | Act::NextPart | Act::Mark | Act::Resort | Act::Matrix => None,
        };
        opened.map_or_else(|| self.list.act(act), Reaction::Open)
    }

    fn focus(&self) -> Option<Focus> {
        self.list.focus()
    }

    fn denied(&self, action: &Action, ctx: &Ctx<'_>) -> Option<SafeText> {
        self.list.denied(action, ctx)
    }

    fn looked(&mut self) {
        self.list.looked();
    }

    fn set_height(&mut self, rows: u16) {
        self.list.set_height(rows);
    }

    fn set_width(&mut self, cols: u16) {
        self.list.set_width(cols);
    }

    fn strip_rows(&self) -> u16 {
        self.list.strip_rows()
    }

    fn strip(&self, ctx: &Ctx<'_>) -> Vec<Cell> {
        self.list.strip(ctx)
    }

    fn view(&self, ctx: &Ctx<'_>, body: Rect, side: Option<Rect>, buffer: &mut Buffer) {
        self.list.view(ctx, body, side, buffer);
    }

    fn filter(&self) -> &str {
        self.list.filter()
    }

    fn opened(&self) -> &str {
        self.list.opened()
    }

    fn set_filter(&mut self, filter: String) {
        self.list.set_filter(filter);
    }

    fn last_filter(&self) -> &str {
        self.list.last_filter()
    }

    fn part(&self) -> Cell {
        self.list.part()
    }

    fn filter_words(&self) -> Vec<String> {
        self.list.filter_words()
    }

    fn filter_known(&self) -> Option<Vec<Word>> {
        self.list.filter_known()
    }

    fn new_rows(&self) -> usize {
        self.list.new_rows()
    }

    fn select(&mut self, reference: &str) -> bool {
        self.list.select(reference)
    }
}
