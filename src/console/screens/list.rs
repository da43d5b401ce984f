//! The one screen that serves every list: a [`Spec`] says what is special about a subject.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::matrix::MatrixScreen;
use super::page::PageScreen;
use super::{Focus, Reaction, Screen, gate, tree};
use crate::console::ctx::{Ctx, Me};
use crate::console::data::{Ask, Data};
use crate::console::keys::{Act, Action, Does, Move, Scope, all};
use crate::console::theme::Role;
use crate::console::widgets::cell::{Cell, Column};
use crate::console::widgets::doc::{self, Doc};
use crate::console::widgets::layout::WIDE;
use crate::console::widgets::list::{Fetch, List, Page, Row, View};
use crate::console::widgets::table;
use crate::domain::command;
use crate::domain::filter::{Of, Word};
use crate::safe_text::SafeText;
use crate::store::query;

/// Rows read at once.
const PAGE: usize = 48;

/// Rows that are read again beyond those that stand here: as many may come in above without pushing one out of the read.
const BEYOND: usize = 16;

/// What is special about a list.
#[derive(Debug)]
pub struct Spec<T: 'static> {
    /// The subject, by the name that `smc list` uses.
    pub subject: &'static str,
    /// The name of the screen.
    pub title: &'static str,
    /// The kind of the rows, for `new` and while nothing is selected.
    pub scope: Scope,
    /// The columns; the first one stays while the others scroll.
    pub columns: &'static [Column<T>],
    /// What stands there when no row does, and what to do then.
    pub empty: &'static str,
    /// Words that the filter line completes to.
    pub filter_words: &'static [&'static str],
    /// The object behind a row.
    pub focus: fn(&T) -> Focus,
    /// What the columns cut: the full title; the because and the next action.
    pub strip: fn(&T, &Ctx<'_>) -> [Cell; 2],
    /// The detail beside the list on wide terminals.
    pub detail: fn(&T, &Ctx<'_>) -> Doc,
    /// What stands below the detail, of all rows that are loaded.
    pub beside: Option<fn(&[&T], &Ctx<'_>) -> Doc>,
    /// Whether tiles stand below it where there is room.
    pub tiled: bool,
    /// The other views of the list, beside the whole of it.
    pub views: &'static [View],
    /// A third row of the focus strip, if the subject needs one.
    pub third: Option<fn(&T, &Ctx<'_>) -> Cell>,
    /// Why an action is off for a row, if it is.
    pub denied: fn(&T, &Action, &Me<'_>) -> Option<SafeText>,
}

/// A list screen.
pub struct ListScreen<T: 'static> {
    spec: &'static Spec<T>,
    list: List<T>,
    filter: String,
    /// The filter that it was opened with, which nobody typed.
    opened: String,
    /// The filter that was taken off last.
    last_filter: String,
    /// Pages of the detail beside it that were gone over.
    leafed: usize,
    /// Whether a detail stands beside it.
    wide: bool,
    /// Whether another view was asked for and is not here yet.
    turning: bool,
}

impl<T: Row> ListScreen<T> {
    /// The screen of a subject, with nothing read yet.
    pub fn new(spec: &'static Spec<T>) -> Self {
        let [filter, opened, last_filter] = [const { String::new() }; 3];
        Self {
            spec,
            list: List::default(),
            filter,
            opened,
            last_filter,
            leafed: 0,
            wide: false,
            turning: false,
        }
    }

    /// The row that the person stands on.
    pub fn selected(&self) -> Option<&T> {
        self.list.selected()
    }

    /// The screen of a subject as its first view shows it, which Esc and its number come back to.
    pub fn viewed(spec: &'static Spec<T>) -> Self {
        Self::filtered(spec, spec.views.first().map_or("", |view| view.word).to_owned())
    }

    /// The screen of a subject with a filter in force.
    pub fn filtered(spec: &'static Spec<T>, filter: String) -> Self {
        Self { opened: filter.clone(), filter, ..Self::new(spec) }
    }
}

/// A filter without the words of this view.
fn without(filter: &str, view: Option<&View>) -> String {
    let other = |word: &&str| !view.is_some_and(|view| view.words().any(|one| one == *word));
    filter.split_whitespace().filter(other).collect::<Vec<_>>().join(" ")
}

/// What a word of a filter is about: the states are what `live` is about too.
fn about(word: &str) -> &str {
    match word.split_once(':') {
        Some(("live", _)) => "state",
        Some((name, _)) => name,
        None => "",
    }
}

/// A filter in which what was typed beside the words of a view takes the place of those about the same.
fn yielding(filter: &str, view: Option<&View>) -> String {
    let typed = without(filter, view);
    let over = |word: &&str| {
        let same = |one: &str| !about(one).is_empty() && about(one) == about(word);
        !typed.split_whitespace().any(same)
    };
    let mut words: Vec<&str> = view.into_iter().flat_map(View::words).filter(over).collect();
    words.extend(typed.split_whitespace());
    words.join(" ")
}

impl<T: Row> ListScreen<T> {
    /// The view that a filter shows; none for the whole.
    fn view_of(&self, filter: &str) -> Option<&'static View> {
        let has = |word: &str| filter.split_whitespace().any(|one| one == word);
        self.spec.views.iter().find(|view| view.words().all(has))
    }

    /// The view that is shown; none for the whole.
    fn view_now(&self) -> Option<&'static View> {
        self.view_of(&self.filter)
    }

    /// The view that comes after the one that is shown; none for the whole.
    fn view_next(&self) -> Option<&'static View> {
        let views = self.spec.views;
        let at = self.view_now().and_then(|now| views.iter().position(|view| view == now));
        views.get(at.map_or(0, |at| at + 1))
    }

    /// What is said where there is nothing: what would be here and how the first comes about; of somebody whose roles do
    /// not make one, whose do.
    fn first_one(&self, empty: &'static str, ctx: &Ctx<'_>) -> SafeText {
        let makes = |action: &&Action| {
            matches!(action.does, Does::New(_) | Does::ChooseNew(_))
                && action.scopes.contains(&self.spec.scope)
                && action.keys.contains(&"n")
        };
        let commands = all().filter(makes).flat_map(Action::commands);
        let specs: Vec<_> = commands
            .filter_map(|name| command::commands().find(|spec| spec.command == Some(*name)))
            .collect();
        let mine = specs.iter().any(|spec| gate::somewhere(spec, &ctx.me).is_ok());
        match specs.first().filter(|_| !mine && empty.contains(" n ")) {
            Some(spec) => SafeText::from(format!(
                "{empty} No role of yours does n: it takes {}.",
                spec.right.who()
            )),
            None => SafeText::fixed(empty),
        }
    }

    /// The filter of the next view; what was typed beside it stays.
    fn next_filter(&self) -> String {
        let views = self.spec.views.iter().map(Some);
        let typed = views.fold(self.filter.clone(), |rest, view| without(&rest, view));
        let next = self.view_next().map_or("", |view| view.word);
        [typed.as_str(), next].join(" ").trim().to_owned()
    }

    /// Which view is shown and which comes next, for the header; nothing where there is but one.
    fn views(&self) -> SafeText {
        let name = |view: Option<&View>| view.map_or(WHOLE, |view| view.name);
        match self.spec.views {
            [] => SafeText::default(),
            [_, ..] => {
                let (now, next) = (name(self.view_now()), name(self.view_next()));
                SafeText::from(format!("{now} (f: {next})"))
            }
        }
    }
}

/// The name of the view that holds everything.
const WHOLE: &str = "all";

impl<T: Row> Screen for ListScreen<T> {
    fn title(&self) -> SafeText {
        SafeText::fixed(self.spec.title)
    }

    fn scope(&self) -> Scope {
        self.focus().map_or(self.spec.scope, |focus| focus.scope)
    }

    fn ask(&self, fetch: Fetch) -> Option<Ask> {
        let page = self.list.height().saturating_mul(2).max(PAGE);
        let (after, limit) = match fetch {
            Fetch::Anew => (None, page),
            Fetch::Refresh => (None, self.list.len().max(page) + BEYOND),
            Fetch::More => (Some(self.list.wants_more()?.to_owned()), page),
        };
        Some(Ask::List { subject: self.spec.subject, filter: self.filter.clone(), after, limit })
    }

    fn accept(&mut self, data: Data, fetch: Fetch) {
        if let Data::List(page) = data
            && let Ok(page) = page.downcast::<Page<T>>()
        {
            // What was there before is of another view.
            let turned = std::mem::take(&mut self.turning);
            self.list.accept(*page, if turned { Fetch::Anew } else { fetch });
            if turned && let Some(view) = self.view_now() {
                self.list.begin(|row| row.begins(view));
            }
        }
    }

    fn act(&mut self, act: Act) -> Reaction {
        let scrolls = |column: &&Column<T>| !column.is_name() && column.is_always();
        let columns = self.spec.columns.iter().skip(1).filter(scrolls).count();
        match act {
            Act::Move(movement) => {
                self.leafed = 0;
                match movement {
                    Move::Down => self.list.step(1),
                    Move::Up => self.list.step(-1),
                    Move::PageDown => self.list.page(1),
                    Move::PageUp => self.list.page(-1),
                    Move::Top => self.list.first(),
                    Move::Bottom => self.list.last(),
                    Move::Left => self.list.scroll(-1, columns),
                    Move::Right => self.list.scroll(1, columns),
                }
                let more = self.list.wants_more().is_some();
                if more { Reaction::Fetch(Fetch::More) } else { Reaction::Done }
            }
            Act::Mark => {
                self.list.mark();
                Reaction::Done
            }
            Act::Resort => Reaction::Fetch(Fetch::Anew),
            Act::Open => match self.focus() {
                Some(focus) => {
                    let because = self.list.selected().and_then(Row::because);
                    Reaction::Open(Box::new(PageScreen::object(focus).with(because)))
                }
                None => Reaction::Ignored,
            },
            Act::View if self.spec.scope == Scope::Asset => {
                Reaction::Open(tree::other(self.spec.subject, self.focus().as_ref()))
            }
            Act::View if self.spec.views.is_empty() => Reaction::Ignored,
            Act::View => {
                self.filter = self.next_filter();
                self.list.restart();
                self.turning = true;
                Reaction::Fetch(Fetch::Anew)
            }
            Act::Matrix if self.spec.scope == Scope::Risk => {
                Reaction::Open(Box::new(MatrixScreen::default()))
            }
            Act::NextPart if self.wide => {
                self.leafed += 1;
                Reaction::Done
            }
            Act::NextPart | Act::Matrix => Reaction::Ignored,
        }
    }

    fn focus(&self) -> Option<Focus> {
        self.list.selected().map(self.spec.focus)
    }

    fn denied(&self, action: &Action, ctx: &Ctx<'_>) -> Option<SafeText> {
        let row = self.list.selected()?;
        if self.turning && action.writes() {
            let told = "the other view is not here yet; strike the key again when it is";
            return Some(SafeText::fixed(told));
        }
        if self.list.is_gone(row) && action.writes() {
            return Some(SafeText::fixed("it left this list; r sorts again"));
        }
        if self.list.is_swapped() && action.answers() {
            return Some(SafeText::fixed(
                "something else stands here than a moment ago; look, and strike the key again",
            ));
        }
        (self.spec.denied)(row, action, &ctx.me)
    }

    fn looked(&mut self) {
        self.list.looked();
    }

    fn is_tiled(&self) -> bool {
        self.spec.tiled
    }

    fn set_height(&mut self, rows: u16) {
        self.list.set_height(usize::from(rows.saturating_sub(1)));
    }

    fn set_width(&mut self, cols: u16) {
        self.wide = cols >= WIDE;
    }

    fn strip(&self, ctx: &Ctx<'_>) -> Vec<Cell> {
        let Some(row) = self.list.selected() else { return Vec::new() };
        let ctx = &ctx.at_site(row.zone());
        let [title, next] = (self.spec.strip)(row, ctx);
        if self.list.is_gone(row) {
            let left = SafeText::fixed("it left this list; r sorts again");
            return vec![title, Cell::of(row.because().unwrap_or(left), Role::Dim)];
        }
        let third = self.spec.third.map(|third| third(row, ctx));
        [title, next].into_iter().chain(third).collect()
    }

    /// The view by its name, the filter as typed, which rows are in view where not all are.
    fn part(&self) -> Cell {
        let view = self.view_now();
        let typed = without(&self.filter, view);
        let typed = (!typed.is_empty()).then(|| format!("/{typed}"));
        let limits = [view.map(|view| view.name.to_owned()), typed];
        let limits: Vec<String> = limits.into_iter().flatten().collect();
        let cell = Cell::of(limits.join(" "), Role::Title);
        let gap = if limits.is_empty() { "" } else { " " };
        let rows = self.list.part().map(|rows| format!("{gap}{rows}")).unwrap_or_default();
        cell.and(rows, Role::Normal)
    }

    fn strip_rows(&self) -> u16 {
        if self.spec.third.is_some() { 3 } else { 2 }
    }

    fn view(&self, ctx: &Ctx<'_>, body: Rect, side: Option<Rect>, buffer: &mut Buffer) {
        let view = self.view_now();
        let typed = without(&self.filter, view);
        let none = if let Some(view) = view.filter(|_| typed.is_empty()) {
            self.first_one(view.empty, ctx)
        } else if self.filter == self.opened || self.filter.is_empty() {
            self.first_one(self.spec.empty, ctx)
        } else {
            let within = view.map(|view| format!(" of what is {} here", view.name));
            SafeText::from(format!(
                "Nothing{} matches {typed}: / changes the words, with an empty line it shows all.",
                within.unwrap_or_default()
            ))
        };
        let said = table::Said { none, views: self.views() };
        table::draw(&self.list, self.spec.columns, &said, ctx, body, buffer);
        if let (Some(side), Some(row)) = (side, self.list.selected()) {
            let there = ctx.at_site(row.zone());
            let mut lines = (self.spec.detail)(row, &there).fold(side.width, &there);
            if let Some(beside) = self.spec.beside {
                let rows: Vec<&T> = self.list.rows().collect();
                lines.extend(beside(&rows, ctx).fold(side.width, ctx));
            }
            doc::leaf(&lines, self.leafed, ctx, side, buffer);
        }
    }

    fn filter(&self) -> &str {
        &self.filter
    }

    fn opened(&self) -> &str {
        &self.opened
    }

    fn last_filter(&self) -> &str {
        &self.last_filter
    }

    fn set_filter(&mut self, filter: String) {
        let known = filter == self.opened;
        let filter = if known { filter } else { yielding(&filter, self.view_of(&filter)) };
        if filter == self.opened && self.filter != self.opened {
            self.last_filter.clone_from(&self.filter);
        }
        self.filter = filter;
    }

    fn filter_words(&self) -> Vec<String> {
        let mut words: Vec<String> =
            self.spec.filter_words.iter().map(|word| (*word).to_owned()).collect();
        for word in self.filter_known().unwrap_or_default() {
            let said = match word.of {
                Of::Choice(values) => values.iter().map(|v| format!("{}:{v}", word.name)).collect(),
                Of::Flag => vec![format!("{}:yes", word.name), format!("{}:no", word.name)],
                Of::Word | Of::Number | Of::Time | Of::Moment => vec![format!("{}:", word.name)],
            };
            words.extend(said);
        }
        words.sort_unstable();
        words.dedup();
        words
    }

    fn filter_known(&self) -> Option<Vec<Word>> {
        query::words(self.spec.subject)
    }

    fn new_rows(&self) -> usize {
        self.list.new_rows()
    }

    fn select(&mut self, reference: &str) -> bool {
        self.leafed = 0;
        self.list.select(reference)
    }
}
