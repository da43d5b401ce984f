//! A document: labelled lines in sections, wrapped to the width and scrolled. Every detail is one.

use chrono_tz::Tz;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::cell::{Align, Cell};
use super::paint;
use crate::console::ctx::Ctx;
use crate::console::keys::Move;
use crate::console::theme::Role;
use crate::domain::time::Time;
use crate::domain::time_input::{distance, span};
use crate::safe_text::SafeText;

/// Columns that labels take.
const LABEL: u16 = 13;

/// Below this width an instant is written without its year.
const NARROW: u16 = 60;

/// One line of a document, before it is wrapped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// The heading of a section.
    Heading(SafeText),
    /// A label and its value.
    Field(SafeText, Cell),
    /// A label and an instant, shown in the zone that the person chose, with what remains.
    When(SafeText, Time, Tz),
    /// A label and a span, shown in the zone that the person chose: its beginning, how long it lasts, what remains.
    Span(SafeText, (Time, Time), Tz),
    /// Text over the whole width.
    Text(Cell),
    /// An entry of the ledger, which Enter opens: its place, and what it says.
    Entry(i64, Cell),
    /// What is folded away until Enter unfolds it: what it is, and its lines.
    Folded(SafeText, Vec<Line>),
    /// An empty line.
    Gap,
}

/// A document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Doc(pub Vec<Line>);

impl Doc {
    /// A document with a heading.
    pub fn titled(title: impl Into<SafeText>) -> Self {
        Self(vec![Line::Heading(title.into())])
    }

    /// This document with a new section.
    #[must_use]
    pub fn section(mut self, title: &'static str) -> Self {
        if !self.0.is_empty() {
            self.0.push(Line::Gap);
        }
        self.0.push(Line::Heading(SafeText::fixed(title)));
        self
    }

    /// This document with a labelled value; an empty value leaves the line out.
    #[must_use]
    pub fn field(mut self, label: &'static str, value: impl Into<Cell>) -> Self {
        let value = value.into();
        if value.width() > 0 {
            self.0.push(Line::Field(SafeText::fixed(label), value));
        }
        self
    }

    /// This document with a labelled instant, if there is one.
    #[must_use]
    pub fn when(mut self, label: &'static str, at: Option<Time>, zone: Tz) -> Self {
        if let Some(at) = at {
            self.0.push(Line::When(SafeText::fixed(label), at, zone));
        }
        self
    }

    /// This document with a line of text.
    #[must_use]
    pub fn text(mut self, text: impl Into<Cell>) -> Self {
        self.0.push(Line::Text(text.into()));
        self
    }

    /// This document with a labelled span: when it begins, how long it lasts, what remains.
    #[must_use]
    pub fn span(mut self, label: &'static str, (start, end): (Time, Time), zone: Tz) -> Self {
        self.0.push(Line::Span(SafeText::fixed(label), (start, end), zone));
        self
    }

    /// The lines as they fall at a width.
    pub fn fold(&self, width: u16, ctx: &Ctx<'_>) -> Vec<Cell> {
        self.parts(width, ctx).concat()
    }

    /// The same, the lines of each thing by themselves.
    pub fn parts(&self, width: u16, ctx: &Ctx<'_>) -> Vec<Vec<Cell>> {
        // Beside a list the values need what the labels leave.
        let label = if width < NARROW { self.widest().min(LABEL) } else { LABEL };
        self.0.iter().map(|line| fold(line, (label, width), ctx)).collect()
    }

    /// Columns of its longest label.
    fn widest(&self) -> u16 {
        let labels = self.0.iter().filter_map(|line| match line {
            Line::Field(label, _) | Line::When(label, ..) | Line::Span(label, ..) => {
                Some(label.width())
            }
            Line::Entry(seq, _) => Some(place(*seq).width()),
            Line::Heading(_) | Line::Gap | Line::Text(_) | Line::Folded(..) => None,
        });
        labels.max().and_then(|most| u16::try_from(most).ok()).unwrap_or(LABEL)
    }
}

/// The place of an entry, behind the room for the sign of the selection.
fn place(seq: i64) -> SafeText {
    SafeText::from(format!(" #{seq}"))
}

/// A line at the widths of the labels and of the whole.
fn fold(line: &Line, (of_label, width): (u16, u16), ctx: &Ctx<'_>) -> Vec<Cell> {
    match line {
        Line::Heading(title) => vec![Cell::of(title.clone(), Role::Title)],
        Line::Gap => vec![Cell::empty()],
        Line::Text(cell) => wrap(&cell.told(ctx), usize::from(width)),
        Line::Field(label, value) => labelled(label, &value.told(ctx), (of_label, width)),
        Line::Entry(seq, said) => labelled(&place(*seq), &said.told(ctx), (of_label, width)),
        Line::Folded(what, _) => {
            let what = SafeText::fixed(" + ").then(what);
            vec![Cell::of(what.truncate(usize::from(width)), Role::Dim)]
        }
        Line::When(label, at, zone) => {
            let away = SafeText::from(distance(*at, ctx.now));
            let text = instant(*at, *zone, width, ctx).and(", ", Role::Normal);
            labelled(label, &text.and(away, Role::Normal), (of_label, width))
        }
        Line::Span(label, (start, end), zone) => {
            let lasts = span(end.seconds_since(*start));
            let said = format!(", lasts {lasts}, {}", distance(*start, ctx.now));
            let text = instant(*start, *zone, width, ctx).and(said, Role::Normal);
            labelled(label, &text, (of_label, width))
        }
    }
}

/// An instant; beside a list there is no room for the year.
fn instant(at: Time, zone: Tz, width: u16, ctx: &Ctx<'_>) -> Cell {
    // What is of no site stands in the time of the surroundings.
    let zone = if !ctx.utc && zone == Tz::UTC { ctx.local } else { zone };
    Cell::text(if width < NARROW { ctx.moment(at, zone) } else { ctx.full(at, zone) })
}

fn labelled(label: &SafeText, value: &Cell, (of_label, width): (u16, u16)) -> Vec<Cell> {
    let room = usize::from(width.saturating_sub(of_label + 1).max(8));
    let label = Cell::of(label.pad(usize::from(of_label)), Role::Dim).and(" ", Role::Normal);
    let indent = Cell::text(" ".repeat(usize::from(of_label) + 1));
    wrap(value, room)
        .into_iter()
        .enumerate()
        .map(|(at, line)| {
            let mut whole = if at == 0 { label.clone() } else { indent.clone() };
            whole.0.extend(line.0);
            whole
        })
        .collect()
}

/// Wraps a cell; one of several roles stays whole if it fits, else it loses them rather than its words. Its times are
/// written out.
pub fn wrap(cell: &Cell, width: usize) -> Vec<Cell> {
    if cell.width() <= width {
        return vec![cell.clone()];
    }
    let role = match cell.0.as_slice() {
        [first, more @ ..] if more.iter().all(|part| part.role == first.role) => first.role,
        [] | [_, ..] => Role::Normal,
    };
    cell.plain().wrap(width).into_iter().map(|line| Cell::of(line, role)).collect()
}

/// A position in a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scroll(usize);

impl Scroll {
    /// Moves within a document of `lines` lines of which `page` are shown.
    pub fn go(&mut self, movement: Move, page: usize, lines: usize) {
        let most = lines.saturating_sub(page);
        self.0 = match movement {
            Move::Down => self.0 + 1,
            Move::Up => self.0.saturating_sub(1),
            // The last line of a page may be covered by how many more there are: it stands first on the next.
            Move::PageDown => self.0 + page.saturating_sub(1).max(1),
            Move::PageUp => self.0.saturating_sub(page.saturating_sub(1).max(1)),
            Move::Top => 0,
            Move::Bottom => most,
            Move::Left | Move::Right => self.0,
        }
        .min(most);
    }

    /// Goes to the next of these lines, or from the last of them to the first.
    pub fn next(&mut self, parts: &[usize], page: usize, lines: usize) {
        let most = lines.saturating_sub(page);
        let next = parts.iter().copied().map(|at| at.min(most)).find(|at| *at > self.0);
        self.0 = next.or(parts.first().copied()).unwrap_or_default();
    }

    /// Lines above the first shown one.
    pub const fn top(self) -> usize {
        self.0
    }
}

/// Draws folded lines from a position on; the last row says how many more there are.
pub fn draw(lines: &[Cell], scroll: Scroll, ctx: &Ctx<'_>, area: Rect, buffer: &mut Buffer) {
    let height = usize::from(area.height);
    let top = scroll.0.min(lines.len().saturating_sub(height));
    let whole = ctx.stale.then_some(Role::Stale);
    for (y, line) in (0..area.height).zip(lines.iter().skip(top)) {
        paint::cell(buffer, paint::row(area, y), line, Align::Left, ctx, whole);
    }
    more(lines.len().saturating_sub(top + height), "", ctx, area, buffer);
}

/// Draws folded lines a page at a time, the first again after the last.
pub fn leaf(lines: &[Cell], leafed: usize, ctx: &Ctx<'_>, area: Rect, buffer: &mut Buffer) {
    let page = usize::from(area.height).saturating_sub(1).max(1);
    // What fits is one page, although its last row is then not kept for how many more there are.
    let pages = if lines.len() <= page + 1 { 1 } else { lines.len().div_ceil(page) };
    let top = leafed % pages * page;
    let whole = ctx.stale.then_some(Role::Stale);
    for (y, line) in (0..area.height).zip(lines.iter().skip(top)) {
        paint::cell(buffer, paint::row(area, y), line, Align::Left, ctx, whole);
    }
    let below = lines.len().saturating_sub(top + usize::from(area.height));
    more(below, ": Tab", ctx, area, buffer);
}

/// Says in the last row how many lines are not shown, that row's own among them.
fn more(below: usize, key: &str, ctx: &Ctx<'_>, area: Rect, buffer: &mut Buffer) {
    if below > 0 && area.height > 0 {
        let last = paint::row(area, area.height - 1);
        paint::fill(buffer, last, ctx.style(Role::Normal));
        let text = SafeText::from(format!("↓ {} more{key}", below + 1));
        paint::text(buffer, last, &text, ctx.style(Role::Dim));
    }
}
