//! Draws a list: column header, rows, selection. The first column and the one that names the row stay while the others
//! scroll.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::cell::{Align, Cell, Column};
use super::list::{List, Row};
use super::paint;
use crate::console::ctx::Ctx;
use crate::console::theme::Role;
use crate::safe_text::SafeText;

/// Leading columns that show the selection in reverse besides its `>`; reversing whole rows would double
/// the bytes of a cursor move, which a 9600 baud line feels.
const REVERSED: usize = 2;

/// Draws the header and the visible rows, or `empty` when there are none.
pub fn draw<T: Row>(
    list: &List<T>,
    columns: &[Column<T>],
    empty: &SafeText,
    ctx: &Ctx<'_>,
    area: Rect,
    buffer: &mut Buffer,
) {
    let places = places(columns, list.left(), area);
    let header = paint::row(area, 0);
    for (column, x, width) in &places {
        let cell = Rect { x: *x, width: *width, ..header };
        paint::cell(
            buffer,
            cell,
            &Cell::of(SafeText::fixed(column.title), Role::Title),
            column.align,
            ctx,
            None,
        );
    }
    if list.is_empty() {
        let reading = SafeText::fixed("reading …");
        let text = if list.is_loaded() { empty } else { &reading };
        let room = paint::after(area, 1);
        for (y, line) in (1..area.height).zip(text.wrap(usize::from(room.width))) {
            paint::text(buffer, paint::row(room, y), &line, ctx.style(Role::Dim));
        }
        return;
    }
    for (y, row) in (1..area.height).zip(list.visible()) {
        let line = paint::row(area, y);
        let there = ctx.at_site(row.zone());
        let selected = list.is_selected(row);
        let mark = match (selected, list.is_marked(row)) {
            (true, _) => ">",
            (false, true) => "+",
            (false, false) => " ",
        };
        let selection = selected.then_some(Role::Selected);
        paint::cell(buffer, Rect { width: 1, ..line }, &mark.into(), Align::Left, ctx, selection);
        let whole = if list.is_gone(row) || ctx.stale { Some(Role::Stale) } else { None };
        for (at, (column, x, width)) in places.iter().enumerate() {
            let over = selection.filter(|_| at < REVERSED).or(whole);
            let place = Rect { x: *x, width: *width, ..line };
            if over == Some(Role::Selected) {
                paint::fill(buffer, place, ctx.style(Role::Selected));
                if at + 1 < REVERSED {
                    let gap = Rect { x: place.right(), width: 1, ..line }.intersection(line);
                    paint::fill(buffer, gap, ctx.style(Role::Selected));
                }
            }
            paint::cell(buffer, place, &(column.cell)(row, &there), column.align, ctx, over);
        }
    }
}

/// Where each column stands: behind the mark, one space between, the last one as wide as there is room.
fn places<T>(columns: &[Column<T>], left: usize, area: Rect) -> Vec<(&Column<T>, u16, u16)> {
    let mut x = area.x.saturating_add(1);
    let mut places = Vec::new();
    let mut over = 0..left;
    let stays = |at: usize, column: &Column<T>| at == 0 || column.is_name();
    let shown: Vec<&Column<T>> = columns
        .iter()
        .enumerate()
        .filter(|(at, column)| stays(*at, column) || over.next().is_none())
        .map(|(_, column)| column)
        .collect();
    let count = shown.len();
    for (at, column) in shown.into_iter().enumerate() {
        let room = area.right().saturating_sub(x);
        if room == 0 {
            break;
        }
        let width = if at + 1 == count { room } else { column.width.min(room) };
        places.push((column, x, width));
        x = x.saturating_add(width).saturating_add(1);
    }
    places
}
