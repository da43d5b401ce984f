//! The state of a list: its rows, the selection by id, what is marked, what is new. Drawing is in `table`.
//!
//! Nothing moves under the hand: a refresh changes rows where they stand, keeps those that are gone unless a new one about
//! the same takes their place, and puts what else is new below, counted, until the person asks for the order.

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;

use crate::safe_text::SafeText;

/// A row of a list, known by an id that no other row of the list has.
pub trait Row: Send + 'static {
    /// The id.
    fn id(&self) -> &str;

    /// What the row is about, if another row may come to be about the same and take its place.
    fn about(&self) -> Option<&str> {
        None
    }

    /// Told when the row no longer belongs to the list, where it goes on standing until the list is sorted again.
    fn leave(&mut self) {}

    /// Why it stands here and what to do, where the columns and the object itself do not say so.
    fn because(&self) -> Option<SafeText> {
        None
    }

    /// The zone of its site, in whose time its columns stand; none for what is of no site.
    fn zone(&self) -> Option<Tz> {
        None
    }

    /// Whether one begins at such a row when one goes to a view; else at the first.
    fn begins(&self, _view: &View) -> bool {
        false
    }
}

/// Another view of a list than the whole of it: words of its filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    /// The words.
    pub word: &'static str,
    /// What the view is called where the list stands.
    pub name: &'static str,
    /// What stands there when no row does.
    pub empty: &'static str,
}

impl View {
    /// Each of its words.
    pub fn words(&self) -> impl Iterator<Item = &'static str> {
        self.word.split_whitespace()
    }
}

/// Some rows of a list, as they were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows in order.
    pub rows: Vec<T>,
    /// Where the next page starts, if there is one.
    pub next: Option<String>,
}

/// Why rows were asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fetch {
    /// To show the list anew: opened, filtered, sorted again.
    Anew,
    /// Because the store changed.
    Refresh,
    /// To go on after the last row.
    More,
}

/// A list and where the person stands in it.
#[derive(Debug)]
pub struct List<T> {
    rows: Vec<T>,
    gone: BTreeSet<String>,
    fresh: BTreeSet<String>,
    /// The row that took the place of the selected one and was not looked at since.
    swapped: Option<String>,
    next: Option<String>,
    loaded: bool,
    /// Whether anybody has looked at a row of it: until then the first one is as good as any.
    looked: bool,
    at: usize,
    top: usize,
    left: usize,
    height: usize,
    marks: BTreeSet<String>,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            gone: BTreeSet::new(),
            fresh: BTreeSet::new(),
            swapped: None,
            next: None,
            loaded: false,
            looked: false,
            at: 0,
            top: 0,
            left: 0,
            height: 1,
            marks: BTreeSet::new(),
        }
    }
}

impl<T: Row> List<T> {
    /// Takes rows that were read.
    pub fn accept(&mut self, page: Page<T>, fetch: Fetch) {
        match fetch {
            Fetch::Anew => self.replace(page),
            Fetch::Refresh if self.rows.is_empty() => self.replace(page),
            Fetch::Refresh => self.refresh(page),
            Fetch::More => {
                let known: BTreeSet<&str> = self.rows.iter().map(Row::id).collect();
                let fresh: Vec<bool> = page.rows.iter().map(|r| !known.contains(r.id())).collect();
                let rows = page.rows.into_iter().zip(fresh).filter(|(_, fresh)| *fresh);
                self.rows.extend(rows.map(|(row, _)| row));
                self.next = page.next;
            }
        }
        self.loaded = true;
        self.settle();
    }

    fn replace(&mut self, page: Page<T>) {
        let selected = self.selected().filter(|_| self.looked).map(|row| row.id().to_owned());
        self.rows = page.rows;
        self.next = page.next;
        self.gone.clear();
        self.fresh.clear();
        self.swapped = None;
        // Sorted anew it begins with what is most urgent, as far as what is selected stays in view.
        self.top = 0;
        if let Some(id) = selected
            && let Some(at) = self.rows.iter().position(|row| row.id() == id)
        {
            self.at = at;
        }
        // Of what nobody has looked at, the first row is what it begins with.
        if !self.looked {
            (self.at, self.top) = (0, 0);
        }
    }

    /// Selects the first row for which this holds, if there is one.
    pub fn begin(&mut self, holds: impl Fn(&T) -> bool) {
        let found = self.rows.iter().position(holds);
        self.at = found.unwrap_or(self.at);
        self.settle();
    }

    /// Tells that what is read next is another list: it begins at its first row.
    pub const fn restart(&mut self) {
        self.looked = false;
    }

    fn refresh(&mut self, page: Page<T>) {
        let complete = page.next.is_none();
        let (held, partly) = (self.rows.len(), self.next.is_some());
        // What was read further than what is held here, without meeting a row again, tells that the row left its place.
        let reached = complete || page.rows.len() > held;
        let places: BTreeMap<String, usize> =
            self.rows.iter().enumerate().map(|(at, row)| (row.id().to_owned(), at)).collect();
        let last = page.rows.iter().rposition(|row| places.contains_key(row.id()));
        let seen: BTreeSet<String> = page.rows.iter().map(|row| row.id().to_owned()).collect();
        // What ended and what begins about the same stand in one place: the new one must not lie out of sight.
        let mut ended: BTreeMap<String, usize> = (0..)
            .zip(&self.rows)
            .filter(|(_, row)| complete && !seen.contains(row.id()))
            .filter_map(|(at, row)| Some((row.about()?.to_owned(), at)))
            .collect();
        for (order, row) in page.rows.into_iter().enumerate() {
            let known = places.get(row.id()).copied();
            let place = known.or_else(|| ended.remove(row.about()?));
            if known.is_none() && place == Some(self.at) {
                self.swapped = Some(row.id().to_owned());
            }
            match place.and_then(|at| self.rows.get_mut(at)) {
                Some(stood) => {
                    // What was said of the row that ended is not said of the one that took its place.
                    if known.is_none() {
                        self.fresh.remove(stood.id());
                        self.marks.remove(stood.id());
                    }
                    *stood = row;
                }
                // What stands behind all that is held was there before, on the page that follows.
                None if partly && last.is_none_or(|last| order > last) => {}
                None => {
                    self.fresh.insert(row.id().to_owned());
                    // Behind a page that is not read yet, it will come with that page.
                    if self.next.is_none() {
                        self.rows.push(row);
                    }
                }
            }
        }
        // A row that the read did not reach may still be there.
        if reached {
            self.gone.clear();
            for row in self.rows.iter_mut().filter(|row| !seen.contains(row.id())) {
                self.gone.insert(row.id().to_owned());
                row.leave();
            }
        }
    }

    /// Tells how many rows are visible.
    pub fn set_height(&mut self, height: usize) {
        self.height = height.max(1);
        self.settle();
    }

    /// How many rows are visible, where there are so many.
    pub const fn height(&self) -> usize {
        self.height
    }

    /// Tells that the person knows which row is selected.
    pub fn looked(&mut self) {
        self.looked = true;
        self.swapped = None;
    }

    /// Whether the selected row took the place of the one that the person selected, without a stroke since.
    pub fn is_swapped(&self) -> bool {
        self.swapped.is_some() && self.swapped.as_deref() == self.selected().map(Row::id)
    }

    /// Moves the selection by rows. A single one that leaves the view turns half a page at once: sent row by row, each would
    /// cost a slow line the whole list.
    pub fn step(&mut self, by: isize) {
        self.looked();
        self.at = self.at.saturating_add_signed(by).min(self.rows.len().saturating_sub(1));
        if by.unsigned_abs() == 1 {
            let half = self.height / 2;
            if self.at < self.top {
                self.top = self.at.saturating_sub(half);
            } else if self.at >= self.top.saturating_add(self.height) {
                self.top = self.top.saturating_add(half.max(1));
            }
        }
        self.settle();
    }

    /// Moves the selection by pages.
    pub fn page(&mut self, by: isize) {
        let height = isize::try_from(self.height).unwrap_or(1);
        self.step(by.saturating_mul(height.saturating_sub(1).max(1)));
    }

    /// Selects the first row.
    pub fn first(&mut self) {
        self.looked();
        self.at = 0;
        self.settle();
    }

    /// Selects the last row that is loaded.
    pub fn last(&mut self) {
        self.looked();
        self.at = usize::MAX;
        self.settle();
    }

    /// Selects the row of an id, if it is there.
    pub fn select(&mut self, id: &str) -> bool {
        let Some(at) = self.rows.iter().position(|row| row.id() == id) else { return false };
        self.looked();
        self.at = at;
        self.settle();
        true
    }

    /// Scrolls the columns that do not stay, of which there are `columns`; the last one stays in view.
    pub fn scroll(&mut self, by: isize, columns: usize) {
        self.left = self.left.saturating_add_signed(by).min(columns.saturating_sub(1));
    }

    /// Marks the selected row or takes its mark away.
    pub fn mark(&mut self) {
        let Some(id) = self.selected().map(|row| row.id().to_owned()) else { return };
        if !self.marks.remove(&id) {
            self.marks.insert(id);
        }
    }

    /// The selected row.
    pub fn selected(&self) -> Option<&T> {
        self.rows.get(self.at)
    }

    /// Whether this row is the selected one.
    pub fn is_selected(&self, row: &T) -> bool {
        self.selected().is_some_and(|selected| selected.id() == row.id())
    }

    /// Whether the row was marked.
    pub fn is_marked(&self, row: &T) -> bool {
        self.marks.contains(row.id())
    }

    /// Whether the row no longer belongs to the list or stands far from here in it, as the last refresh showed.
    pub fn is_gone(&self, row: &T) -> bool {
        self.gone.contains(row.id())
    }

    /// Every row that is loaded.
    pub fn rows(&self) -> impl Iterator<Item = &T> {
        self.rows.iter()
    }

    /// The rows in view.
    pub fn visible(&self) -> impl Iterator<Item = &T> {
        self.rows.iter().skip(self.top).take(self.height)
    }

    /// Which rows are in view, `18-34/80`, where not all are; `+` says that more are there than were read.
    pub fn part(&self) -> Option<String> {
        let (all, more) = (self.rows.len(), self.next.is_some());
        let last = self.top.saturating_add(self.height).min(all);
        let whole = self.top == 0 && last == all && !more;
        let and_more = if more { "+" } else { "" };
        (!whole).then(|| format!("{}-{last}/{all}{and_more}", self.top + 1))
    }

    /// Columns scrolled over, of those that do not stay.
    pub const fn left(&self) -> usize {
        self.left
    }

    /// Rows that came since the list was last sorted.
    pub fn new_rows(&self) -> usize {
        self.fresh.len()
    }

    /// Whether anything was ever read.
    pub const fn is_loaded(&self) -> bool {
        self.loaded
    }

    /// Rows that are loaded.
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether no row is loaded.
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Where to go on reading, once the selection nears the end of what is loaded.
    pub fn wants_more(&self) -> Option<&str> {
        let near = self.at.saturating_add(self.height) >= self.rows.len();
        self.next.as_deref().filter(|_| near)
    }

    fn settle(&mut self) {
        self.at = self.at.min(self.rows.len().saturating_sub(1));
        self.top = self.top.min(self.at);
        let lowest = self.at.saturating_add(1).saturating_sub(self.height);
        // After a resize the list must not end with empty rows while earlier ones are hidden.
        let most = self.rows.len().saturating_sub(self.height);
        self.top = self.top.max(lowest).min(most.max(lowest));
    }
}

#[cfg(test)]
mod tests;
