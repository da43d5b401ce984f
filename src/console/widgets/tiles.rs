//! Tiles: the whole span of control in a band of short columns, on terminals that are wide and high enough (ISA-101 level 1).
//! What stands in them is made in `back`.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::cell::{Align, Cell};
use super::paint;
use crate::console::ctx::Ctx;
use crate::console::theme::Role;
use crate::safe_text::SafeText;

/// Rows of a band: an empty one, the titles, and what stands below them.
pub const ROWS: u16 = 7;

/// A tile: a title, and one thing a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tile {
    /// What it is about.
    pub title: SafeText,
    /// Its lines, five at most.
    pub lines: Vec<Cell>,
}

impl Tile {
    /// A tile without lines.
    pub fn titled(title: &'static str) -> Self {
        Self { title: SafeText::fixed(title), lines: Vec::new() }
    }

    /// This tile with one more line.
    #[must_use]
    pub fn line(mut self, line: Cell) -> Self {
        self.lines.push(line);
        self
    }

    /// This tile with a labelled number, marked if it should be nothing and is not; nothing abnormal stays plain.
    #[must_use]
    pub fn count(self, label: &'static str, count: usize, abnormal: bool) -> Self {
        let role = if abnormal && count > 0 { Role::Title } else { Role::Normal };
        self.line(Cell::of(format!("{label} "), Role::Dim).and(count.to_string(), role))
    }

    /// This tile with a labelled word, if there is one.
    #[must_use]
    pub fn word(self, label: &'static str, word: Option<String>) -> Self {
        self.field(label, word.map(Cell::text))
    }

    /// This tile with something labelled, if it is there.
    #[must_use]
    pub fn field(self, label: &'static str, value: Option<Cell>) -> Self {
        match value {
            Some(value) => self.line(Cell::of(format!("{label} "), Role::Dim).and_all(value)),
            None => self,
        }
    }
}

/// Draws a band of tiles side by side.
pub fn draw(tiles: &[Tile], ctx: &Ctx<'_>, area: Rect, buffer: &mut Buffer) {
    let Some(width) = u16::try_from(tiles.len()).ok().and_then(|many| area.width.checked_div(many))
    else {
        return;
    };
    let whole = ctx.stale.then_some(Role::Stale);
    for (at, tile) in (0_u16..).zip(tiles) {
        // One column stays free between two tiles.
        let place = Rect { x: area.x + at * width, width: width.saturating_sub(1), ..area };
        let title = Cell::of(tile.title.clone(), Role::Title);
        let lines = std::iter::once(&title).chain(&tile.lines);
        for (y, line) in (1..area.height).zip(lines) {
            paint::cell(buffer, paint::row(place, y), &line.told(ctx), Align::Left, ctx, whole);
        }
    }
}
