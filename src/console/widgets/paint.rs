//! Puts safe text into a frame. It cuts at the area's edge, whatever the size.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::cell::{Align, Cell};
use crate::console::ctx::Ctx;
use crate::console::theme::Role;
use crate::safe_text::SafeText;

/// What stands before whatever may no longer be so, as no attribute that a terminal may lack says it; else a space.
pub fn age(ctx: &Ctx<'_>) -> Cell {
    if ctx.stale { Cell::of("?", Role::Title) } else { " ".into() }
}

/// The row `y` of an area, counted from its top; empty when the area is not that high.
pub fn row(area: Rect, y: u16) -> Rect {
    if y >= area.height {
        return Rect::new(area.x, area.bottom(), 0, 0);
    }
    Rect::new(area.x, area.y + y, area.width, 1)
}

/// What is left of a row after `cols` columns.
pub fn after(area: Rect, cols: u16) -> Rect {
    let cols = cols.min(area.width);
    Rect::new(area.x + cols, area.y, area.width - cols, area.height)
}

/// Writes text into the first row of an area and returns the columns that it took.
pub fn text(buffer: &mut Buffer, area: Rect, text: &SafeText, style: Style) -> u16 {
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return 0;
    }
    let cut = text.truncate(usize::from(area.width));
    let (end, _) = buffer.set_stringn(area.x, area.y, cut.as_str(), usize::from(area.width), style);
    end.saturating_sub(area.x)
}

/// Writes a cell into the first row of an area; `over` replaces the roles' styles, for the selection.
pub fn cell(
    buffer: &mut Buffer,
    area: Rect,
    cell: &Cell,
    align: Align,
    ctx: &Ctx<'_>,
    over: Option<Role>,
) {
    let told = cell.0.iter().any(|part| part.at.is_some()).then(|| cell.told(ctx));
    let cell = told.as_ref().unwrap_or(cell);
    let missing = usize::from(area.width).saturating_sub(cell.width());
    let indent = match align {
        Align::Left => 0,
        Align::Right => missing,
    };
    let mut rest = after(area, u16::try_from(indent).unwrap_or(u16::MAX));
    for part in &cell.0 {
        let mut style = ctx.style(over.unwrap_or(part.role));
        if part.blinks {
            style = style.add_modifier(Modifier::SLOW_BLINK);
        }
        let used = text(buffer, rest, &part.text, style);
        rest = after(rest, used);
    }
}

/// Gives a whole area the background and the attributes of a role, keeping its text.
pub fn fill(buffer: &mut Buffer, area: Rect, style: Style) {
    let area = area.intersection(buffer.area);
    for position in area.positions() {
        if let Some(cell) = buffer.cell_mut(position) {
            cell.reset();
            cell.set_style(style);
        }
    }
}
