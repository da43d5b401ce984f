//! Draws a form: heading, object, consequence, fields with their errors, the submit line.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::widgets::Widget;

use super::field::{Content, Field};
use super::form::suggest::SHOWN;
use super::form::{FREE, Form, UNKNOWN};
use crate::console::ctx::Ctx;
use crate::console::theme::Role;
use crate::console::widgets::cell::{Align, Cell};
use crate::console::widgets::paint;
use crate::safe_text::SafeText;

/// Columns that labels take.
const LABEL: u16 = 18;

/// Rows of a long text.
const LONG_ROWS: u16 = 3;

/// Rows that the fields keep beside what is decided on.
const FIELDS: u16 = 6;

/// Draws the form over the screen.
pub fn draw(form: &Form, ctx: &Ctx<'_>, area: Rect, buffer: &mut Buffer) {
    paint::fill(buffer, area, ctx.style(Role::Normal));
    let mut y = 0;
    let mut line = |cell: &Cell, buffer: &mut Buffer| {
        paint::cell(buffer, paint::row(area, y), cell, Align::Left, ctx, None);
        y += 1;
    };
    let mut title = Cell::of(form.title.clone(), Role::Title);
    if let Some(about) = &form.about {
        let name = SafeText::from(format!("  {} {}", about.reference, about.name));
        title = title.and(name, Role::Normal);
    }
    line(&title, buffer);
    for text in form.consequence.wrap(usize::from(area.width)).into_iter().take(2) {
        line(&Cell::of(text, Role::Dim), buffer);
    }
    for cell in brief(form, ctx, area) {
        line(&cell, buffer);
    }
    if let Some(banner) = &form.banner {
        for text in banner.wrap(usize::from(area.width)).into_iter().take(2) {
            line(&Cell::of(text, Role::Error), buffer);
        }
    }
    for (number, reason) in (1..).zip(form.ready()) {
        let reason = Cell::of(format!(" {number}"), Role::Key)
            .and(" ", Role::Normal)
            .and(SafeText::fixed(reason), Role::Normal);
        line(&reason, buffer);
    }
    let last = area.height.saturating_sub(1);
    fields(
        form,
        ctx,
        Rect { y: area.y + y.min(last), height: last.saturating_sub(y), ..area },
        buffer,
    );
    let stands = form.focus >= form.fields.len();
    let button = match (form.sending, stands) {
        (true, _) => "sending …",
        (false, true) => ">[Submit]",
        (false, false) => " [Submit]",
    };
    let role = if stands { Role::Selected } else { Role::Normal };
    let hint = if form.restored {
        "  as you left it: Ctrl-X throws it away; * must be given"
    } else if form.ready().is_empty() {
        "  leaving keeps the draft, Ctrl-X does not; * must be given"
    } else {
        "  a digit gives its reason and does it at once; another: write, Ctrl-O"
    };
    let foot = Cell::of(SafeText::fixed(button), role).and(SafeText::fixed(hint), Role::Dim);
    paint::cell(buffer, paint::row(area, last), &foot, Align::Left, ctx, None);
}

/// What is decided on, as far as there is room for it beside the fields; what is left out is said.
fn brief(form: &Form, ctx: &Ctx<'_>, area: Rect) -> Vec<Cell> {
    let mut brief = form.told(area.width, ctx);
    let head = form.consequence.wrap(usize::from(area.width)).len().min(2) + 1;
    let places = form.fields.iter().enumerate();
    let asked: u16 = places.map(|(at, field)| height(form, field, at, area.width, ctx)).sum();
    let kept = asked.min(FIELDS);
    let room = usize::from(area.height.saturating_sub(kept + 1)).saturating_sub(head);
    if brief.len() > room {
        let kept = room.saturating_sub(1);
        let before = form.leafed.min(brief.len() - kept);
        brief.drain(..before);
        let more = brief.len() - kept;
        brief.truncate(kept);
        brief.push(Cell::of(
            match more {
                0 => "that is all of it; PgUp goes back".to_owned(),
                more => format!("↓ {more} lines more: PgDn shows them"),
            },
            Role::Mode,
        ));
    }
    brief
}

fn fields(form: &Form, ctx: &Ctx<'_>, area: Rect, buffer: &mut Buffer) {
    let heights: Vec<u16> = form
        .fields
        .iter()
        .enumerate()
        .map(|(at, field)| height(form, field, at, area.width, ctx))
        .collect();
    // Scrolled just so far that the field one stands in is whole.
    let upto = (form.focus + 1).min(heights.len());
    let span = |from: usize, upto: usize| heights.iter().take(upto).skip(from).sum::<u16>();
    let first = |room: u16| (0..upto).find(|at| at + 1 == upto || span(*at, upto) <= room);
    let whole = area;
    let mut area = area;
    if area.height > 1 && span(first(area.height).unwrap_or(0), heights.len()) > area.height {
        area.height -= 1;
    }
    let first = first(area.height).unwrap_or(0);
    let below = heights
        .iter()
        .enumerate()
        .skip(first)
        .filter(|(at, height)| **height > 0 && span(first, *at + 1) > area.height);
    let below = below.count();
    if below > 0 && area.height < whole.height {
        let more = Cell::of(format!(" ↓ {below} more"), Role::Mode);
        paint::cell(buffer, paint::row(whole, area.height), &more, Align::Left, ctx, None);
    }
    let mut y = 0;
    for (at, (field, height)) in form.fields.iter().zip(&heights).enumerate().skip(first) {
        if y >= area.height {
            break;
        }
        let mut place = Rect { y: area.y + y, height: (*height).min(area.height - y), ..area };
        y += height;
        if *height == 0 {
            continue;
        }
        if let Some(heading) = heading(form, at) {
            let text = SafeText::fixed(heading);
            paint::text(buffer, paint::row(place, 0), &text, ctx.style(Role::Dim));
            place = Rect { y: place.y + 1, height: place.height.saturating_sub(1), ..place };
        }
        one(form, field, at == form.focus, ctx, place, buffer);
        if at == form.focus {
            let used = rows(field, true, place.width) + noted(form, field, true, place.width, ctx);
            suggestions(form, ctx, place, used, buffer);
        }
    }
}

/// The heading above a field, where its part of the form begins.
fn heading(form: &Form, at: usize) -> Option<&'static str> {
    let group = form.fields.get(at)?.spec.group?;
    let before = at.checked_sub(1).and_then(|before| form.fields.get(before)?.spec.group);
    (before != Some(group)).then_some(group)
}

/// What completes the focused field, below it.
fn suggestions(form: &Form, ctx: &Ctx<'_>, area: Rect, from: u16, buffer: &mut Buffer) {
    for (y, (at, one)) in (from..).zip(form.completing.list.iter().take(SHOWN).enumerate()) {
        let chosen = form.completing.at == Some(at);
        let role = if chosen { Role::Selected } else { Role::Normal };
        let line = Cell::text(if chosen { ">" } else { " " })
            .and(SafeText::from_untrusted(&one.value), role)
            .and("  ", Role::Normal)
            .and(one.said.clone(), Role::Dim);
        let place = paint::after(paint::row(area, y), LABEL + 1);
        paint::cell(buffer, place, &line, Align::Left, ctx, None);
    }
}

/// Whether what is wrong stands in the place of the value, because there is none.
fn in_place(field: &Field, focused: bool) -> bool {
    !focused && field.is_empty() && matches!(field.content, Content::Typed(_))
}

/// Most lines of what is wrong with the field that one stands in.
const WRONG: usize = 3;

/// What stands below the value, line by line: what is wrong where one stands is told whole, all else in one line.
fn notes(
    form: &Form,
    field: &Field,
    focused: bool,
    width: u16,
    ctx: &Ctx<'_>,
) -> (Vec<SafeText>, Role) {
    let Some((text, role)) = note(form, field, focused, ctx) else {
        return (Vec::new(), Role::Normal);
    };
    if role != Role::Error || !focused {
        return (vec![text], role);
    }
    let room = usize::from(width.saturating_sub(LABEL + 1));
    let mut lines = text.wrap(room);
    let rest = lines.split_off(lines.len().min(WRONG - 1));
    if !rest.is_empty() {
        lines.push(SafeText::join(&rest, " ").truncate(room));
    }
    (lines, role)
}

/// Rows of what stands below the value.
fn noted(form: &Form, field: &Field, focused: bool, width: u16, ctx: &Ctx<'_>) -> u16 {
    u16::try_from(notes(form, field, focused, width, ctx).0.len()).unwrap_or(0)
}

fn note(form: &Form, field: &Field, focused: bool, ctx: &Ctx<'_>) -> Option<(SafeText, Role)> {
    if in_place(field, focused) {
        return None;
    }
    if focused && form.unknown(field) {
        return Some(match form.free(field) {
            true => (SafeText::fixed(FREE), Role::Dim),
            false => (SafeText::fixed(UNKNOWN), Role::Error),
        });
    }
    if let Some(error) = &field.error {
        return Some((error.clone(), Role::Error));
    }
    if let Some(tells) = form.tells(field) {
        return Some((tells, Role::Title));
    }
    if let Some(echo) = field.echo(form.clock(field, ctx)) {
        return Some((echo, Role::Dim));
    }
    let how = match form.completing.list.is_empty() {
        false if form.completing.at.is_none() => "Down goes to those below, Enter takes.",
        true if field.is_empty() => field.how(),
        true | false => "",
    };
    let mut said = vec![field.spec.help.clone(), SafeText::fixed(how)];
    said.retain(|part| !part.is_empty());
    let said = SafeText::join(&said, " ");
    (focused && !said.is_empty()).then_some((said, Role::Dim))
}

/// Whether of a choice among many only what is chosen is shown, because one stands in another field.
fn folds(field: &Field, focused: bool) -> bool {
    matches!(&field.content, Content::Chosen(Some(_), values) if !focused && values.len() > FEW)
}

/// Most values of a choice that stand side by side wherever one stands.
const FEW: usize = 4;

/// Rows that the value takes in a form of this width: a long text is folded to its first line until one stands in it;
/// what is chosen from stands whole.
fn rows(field: &Field, focused: bool, width: u16) -> u16 {
    match &field.content {
        Content::Chosen(Some(_), _) if folds(field, focused) => 1,
        Content::Chosen(_, values) | Content::Picked(_, _, values) => {
            let lines = options(values, width.saturating_sub(LABEL + 1)).len();
            u16::try_from(lines).unwrap_or(1).max(1)
        }
        Content::Typed(_) if field.is_long() && (focused || field.typed().contains('\n')) => {
            LONG_ROWS
        }
        Content::Typed(_) => 1,
    }
}

fn height(form: &Form, field: &Field, at: usize, width: u16, ctx: &Ctx<'_>) -> u16 {
    if !form.asks(at) {
        return 0;
    }
    let focused = at == form.focus;
    let under = if focused { form.completing.list.len().min(SHOWN) } else { 0 };
    rows(field, focused, width)
        + u16::from(heading(form, at).is_some())
        + noted(form, field, focused, width, ctx)
        + u16::try_from(under).unwrap_or(0)
}

fn one(form: &Form, field: &Field, focused: bool, ctx: &Ctx<'_>, area: Rect, buffer: &mut Buffer) {
    let mark = if focused { ">" } else { " " };
    let star = if form.demands(field) { "*" } else { " " };
    let label = Cell::text(mark)
        .and(
            field.spec.label.truncate(usize::from(LABEL) - 2),
            if focused { Role::Title } else { Role::Normal },
        )
        .and(star, Role::Key);
    paint::cell(buffer, paint::row(area, 0), &label, Align::Left, ctx, None);
    let rows = rows(field, focused, area.width);
    let value = paint::after(Rect { height: rows.min(area.height), ..area }, LABEL + 1);
    match &field.content {
        Content::Typed(typed) => {
            let mut typed = typed.clone();
            typed.set_style(ctx.style(Role::Field));
            typed.set_cursor_line_style(ctx.style(Role::Field));
            typed.set_cursor_style(if focused {
                ctx.style(Role::Field).add_modifier(Modifier::REVERSED)
            } else {
                ctx.style(Role::Field)
            });
            if !value.intersection(buffer.area).is_empty() {
                typed.render(value, buffer);
            }
        }
        Content::Chosen(Some(at), values) if folds(field, focused) => {
            let chosen = values.get(*at).map(String::as_str).unwrap_or_default();
            let text = SafeText::from_untrusted(&format!("(x) {chosen}"));
            paint::text(buffer, paint::row(value, 0), &text, ctx.style(Role::Field));
        }
        Content::Chosen(at, values) => {
            let on = |place: usize| *at == Some(place);
            offered(values, on, at.filter(|_| focused), ('(', ')'), ctx, value, buffer);
        }
        Content::Picked(picked, at, values) => {
            let on = |place: usize| picked.contains(&place);
            offered(values, on, focused.then_some(*at), ('[', ']'), ctx, value, buffer);
        }
    }
    if let Some(error) = field.error.as_ref().filter(|_| in_place(field, focused)) {
        paint::text(buffer, paint::row(value, 0), error, ctx.style(Role::Error));
    }
    let (lines, role) = notes(form, field, focused, area.width, ctx);
    for (y, text) in (rows..area.height).zip(lines) {
        let below = paint::after(paint::row(area, y), LABEL + 1);
        paint::text(buffer, below, &text, ctx.style(role));
    }
}

/// Columns of a mark and of what stands between two values.
const MARK: usize = 4;
const BETWEEN: usize = 1;

/// The places of the values, line by line, as they fall at a width.
fn options(values: &[String], width: u16) -> Vec<Vec<usize>> {
    let mut lines: Vec<Vec<usize>> = Vec::new();
    let mut room = 0;
    for (place, value) in values.iter().enumerate() {
        let takes = SafeText::from_untrusted(value).width() + MARK + BETWEEN;
        match lines.last_mut() {
            Some(line) if takes <= room + BETWEEN => {
                line.push(place);
                room = room.saturating_sub(takes);
            }
            Some(_) | None => {
                lines.push(vec![place]);
                room = usize::from(width).saturating_sub(takes);
            }
        }
    }
    lines
}

/// All values with their marks, on as many lines as they need.
fn offered(
    values: &[String],
    on: impl Fn(usize) -> bool,
    cursor: Option<usize>,
    (open, close): (char, char),
    ctx: &Ctx<'_>,
    area: Rect,
    buffer: &mut Buffer,
) {
    for (y, line) in (0..area.height).zip(options(values, area.width)) {
        let mut cell = Cell::empty();
        for place in line {
            let Some(value) = values.get(place) else { continue };
            let role = if cursor == Some(place) { Role::Selected } else { Role::Normal };
            let mark = if on(place) { 'x' } else { ' ' };
            let word = SafeText::from(format!("{open}{mark}{close} {value}"));
            cell = cell.and(word, role).and(" ", Role::Normal);
        }
        paint::cell(buffer, paint::row(area, y), &cell, Align::Left, ctx, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_of_a_choice_stands_whole_at_80_columns() {
        let values = crate::domain::discipline::Discipline::WORDS;
        let values: Vec<String> = values.iter().map(|word| (*word).to_owned()).collect();
        let lines = options(&values, 80 - LABEL - 1);
        assert_eq!(lines.iter().flatten().count(), values.len());
        for line in &lines {
            let width: usize =
                line.iter().map(|at| values[*at].len() + MARK + BETWEEN).sum::<usize>() - BETWEEN;
            assert!(width <= usize::from(80 - LABEL - 1), "{line:?}");
        }
        assert_eq!(options(&values[..2], 61).len(), 1);
    }
}
