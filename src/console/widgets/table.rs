//! Draws a list: column header, rows, selection. The first column and the one that names the row stay while the others
//! scroll.

use std::collections::BTreeSet;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::cell::{Align, Cell, Column, Spare};
use super::list::{List, Row};
use super::paint;
use crate::console::ctx::Ctx;
use crate::console::theme::{Role, glyphs};
use crate::domain::time_input::offset;
use crate::safe_text::SafeText;

/// Leading columns that show the selection in reverse besides its `>`; reversing whole rows would double
/// the bytes of a cursor move, which a 9600 baud line feels.
const REVERSED: usize = 2;

/// What is said of a list besides its rows.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// What stands there when no row does.
    pub none: SafeText,
    /// Which of its views it is; empty where there is but one.
    pub views: SafeText,
}

/// Draws the header and the visible rows, or what is said when there are none.
pub fn draw<T: Row>(
    list: &List<T>,
    columns: &[Column<T>],
    said: &Said,
    ctx: &Ctx<'_>,
    area: Rect,
    buffer: &mut Buffer,
) {
    let places = places(columns, list.left(), area);
    let header = paint::row(area, 0);
    let old = paint::age(ctx);
    paint::cell(buffer, Rect { width: 1, ..header }, &old, Align::Left, ctx, None);
    let whose = whose(list, ctx);
    for (column, x, width) in &places {
        let cell = Rect { x: *x, width: *width, ..header };
        paint::cell(
            buffer,
            cell,
            &Cell::of(heading(column, whose.as_ref(), ctx), Role::Title),
            column.align,
            ctx,
            None,
        );
    }
    let taken = places.last().map_or(0, |(column, x, width)| {
        let title = match column.align {
            Align::Left => u16::try_from(column.title.len()).unwrap_or(*width),
            Align::Right => *width,
        };
        x.saturating_sub(area.x).saturating_add(title)
    });
    let zones = match &whose {
        Some(offset) => SafeText::from(format!("times {offset}")),
        None => SafeText::fixed("times of each site"),
    };
    let zones = if ctx.utc { SafeText::default() } else { zones };
    label(&said.views, &zones, ctx, paint::after(header, taken), buffer);
    if list.is_empty() {
        let reading = SafeText::fixed("reading …");
        let text = if list.is_loaded() { &said.none } else { &reading };
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
            (true, _) => glyphs::HERE.into(),
            (false, true) => glyphs::MARKED.into(),
            (false, false) => old.clone(),
        };
        let selection = selected.then_some(Role::Selected);
        paint::cell(buffer, Rect { width: 1, ..line }, &mark, Align::Left, ctx, selection);
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

/// At the right of the header, in what room the last title leaves: which view it is, and in which time the rows stand.
fn label(views: &SafeText, zones: &SafeText, ctx: &Ctx<'_>, room: Rect, buffer: &mut Buffer) {
    let short = SafeText::from(views.as_str().split(' ').next().unwrap_or_default());
    let both = |views: &SafeText| {
        let parts = [zones, views].map(SafeText::clone);
        let parts: Vec<SafeText> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        SafeText::join(&parts, " · ")
    };
    // The key to the next view gives way before the name of this one does.
    let fits = |text: &SafeText| text.width() + 2 <= usize::from(room.width);
    let Some(text) = [both(views), both(&short), zones.clone()].into_iter().find(fits) else {
        return;
    };
    paint::cell(buffer, room, &Cell::of(text, Role::Dim), Align::Right, ctx, None);
}

/// The offset in which all rows in view stand; none where each has its own.
fn whose<T: Row>(list: &List<T>, ctx: &Ctx<'_>) -> Option<String> {
    let zones = list.visible().map(|row| ctx.at_site(row.zone()).columns());
    let offsets: BTreeSet<String> = zones.map(|zone| offset(ctx.now, zone)).collect();
    offsets.first().filter(|_| offsets.len() == 1).cloned()
}

/// The heading of a column whose times have no room to say in whose time they stand.
const SPANS: &str = "When";

/// The heading of a column; of spans, with whose time they stand in.
fn heading<T>(column: &Column<T>, whose: Option<&String>, ctx: &Ctx<'_>) -> SafeText {
    if column.title != SPANS {
        return SafeText::fixed(column.title);
    }
    let whose = if ctx.utc { "UTC" } else { whose.map_or("site", String::as_str) };
    SafeText::from(format!("{SPANS} {whose}"))
}

/// Where each column stands: behind the mark, one space between. What is left over goes to the columns that grow, else to
/// the last one.
fn places<T>(columns: &[Column<T>], left: usize, area: Rect) -> Vec<(&Column<T>, u16, u16)> {
    let mut over = 0..left;
    let stays = |at: usize, column: &Column<T>| at == 0 || column.is_name();
    let mut shown: Vec<&Column<T>> = columns
        .iter()
        .enumerate()
        .filter(|(at, column)| stays(*at, column) || over.next().is_none())
        .map(|(_, column)| column)
        .collect();
    // The mark takes the place of the space before the first one.
    let takes = |column: &Column<T>| column.width + 1;
    // Where a column of words could take the room, another is there whole or not at all: half a time is none.
    let all = |shown: &[&Column<T>]| {
        shown.iter().filter(|c| c.is_always()).map(|c| takes(c)).sum::<u16>()
    };
    // What matters least goes before anything that matters more is cut.
    while all(&shown) > area.width
        && let Some((at, _)) = shown
            .iter()
            .enumerate()
            .filter(|(_, column)| column.gives > 0)
            .min_by_key(|(_, column)| column.gives)
    {
        shown.remove(at);
    }
    let words = shown.iter().any(|column| column.spare == Spare::Takes);
    let ends = |column: &&Column<T>| column.spare == Spare::Leaves && !column.is_name();
    while words
        && all(&shown) > area.width
        && let Some(last) = shown.iter().rposition(|column| column.is_always())
        && shown.get(last).is_some_and(ends)
    {
        shown.remove(last);
    }
    let always = shown.iter().filter(|column| column.is_always());
    let mut spare = area.width.saturating_sub(always.map(|column| takes(column)).sum());
    shown.retain(|column| {
        let fits = column.is_always() || takes(column) <= spare;
        if fits && !column.is_always() {
            spare -= takes(column);
        }
        fits
    });
    let grows = |column: &Column<T>| column.spare != Spare::Leaves;
    let growing = u16::try_from(shown.iter().filter(|column| grows(column)).count()).unwrap_or(0);
    let mut x = area.x.saturating_add(1);
    let mut places = Vec::new();
    let (count, mut shares) = (shown.len(), growing);
    for (at, column) in shown.into_iter().enumerate() {
        let room = area.right().saturating_sub(x);
        if room == 0 {
            break;
        }
        let more = match (growing, grows(column)) {
            (0, _) if at + 1 == count => spare,
            (0, _) | (_, false) => 0,
            (_, true) => spare / shares.max(1),
        };
        if grows(column) {
            (spare, shares) = (spare - more, shares.saturating_sub(1));
        }
        let width = (column.width + more).min(room);
        places.push((column, x, width));
        x = x.saturating_add(width).saturating_add(1);
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn column(title: &'static str, width: u16) -> Column<()> {
        Column::left(title, width, |(), _| Cell::empty())
    }

    fn widths(columns: &[Column<()>], width: u16) -> Vec<(&'static str, u16)> {
        let places = places(columns, 0, Rect::new(0, 0, width, 5));
        let last = places.last().map_or(0, |(_, x, width)| x + width);
        assert!(last <= width, "{last} of {width}");
        places.into_iter().map(|(column, _, width)| (column.title, width)).collect()
    }

    #[test]
    fn what_is_left_over_goes_to_peoples_own_words_and_never_to_fixed_ones() {
        let columns = [column("Ref", 6), column("Title", 10).grows(), column("State", 8)];
        assert_eq!(widths(&columns, 27), [("Ref", 6), ("Title", 10), ("State", 8)]);
        assert_eq!(widths(&columns, 60), [("Ref", 6), ("Title", 43), ("State", 8)]);
        assert_eq!(widths(&columns, 26), [("Ref", 6), ("Title", 18)], "half a state is none");
        assert_eq!(widths(&columns, 20), [("Ref", 6), ("Title", 12)]);
        let columns = [column("Ref", 6), column("Why", 4).grows(), column("Name", 4).grows()];
        assert_eq!(widths(&columns, 24), [("Ref", 6), ("Why", 7), ("Name", 8)]);
        let columns = [column("Ref", 6), column("Title", 10)];
        assert_eq!(widths(&columns, 60), [("Ref", 6), ("Title", 52)], "else to the last one");
    }

    #[test]
    fn where_there_is_no_room_for_all_what_matters_least_gives_way_first() {
        let columns = [
            column("Ref", 6),
            column("Due", 6).gives_way(2),
            column("Src", 4).gives_way(1),
            column("Title", 20),
        ];
        assert_eq!(widths(&columns, 40).len(), 4);
        assert_eq!(widths(&columns, 39), [("Ref", 6), ("Due", 6), ("Title", 24)]);
        assert_eq!(widths(&columns, 34), [("Ref", 6), ("Title", 26)]);
        assert_eq!(widths(&columns, 24), [("Ref", 6), ("Title", 16)], "then the last is cut");
    }

    #[test]
    fn a_column_for_wide_terminals_is_there_only_where_it_has_room() {
        let columns = [column("Ref", 6), column("State", 8), column("Purpose", 12).beyond()];
        assert_eq!(widths(&columns, 28), [("Ref", 6), ("State", 20)]);
        assert_eq!(widths(&columns, 29), [("Ref", 6), ("State", 8), ("Purpose", 12)]);
        assert_eq!(widths(&columns, 60), [("Ref", 6), ("State", 8), ("Purpose", 43)]);
    }
}
