//! Draws a form: heading, object, consequence, fields with their errors, the submit line.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::widgets::Widget;

use super::field::{Content, Field};
use super::form::Form;
use crate::console::ctx::Ctx;
use crate::console::theme::Role;
use crate::console::widgets::cell::{Align, Cell};
use crate::console::widgets::paint;
use crate::safe_text::SafeText;

/// Columns that labels take.
const LABEL: u16 = 16;

/// Rows of a long text.
const LONG_ROWS: u16 = 3;

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
    line(&Cell::of(form.consequence.clone(), Role::Dim), buffer);
    if let Some(banner) = &form.banner {
        for text in banner.wrap(usize::from(area.width)).into_iter().take(2) {
            line(&Cell::of(text, Role::Error), buffer);
        }
    }
    let last = area.height.saturating_sub(1);
    fields(
        form,
        ctx,
        Rect { y: area.y + y.min(last), height: last.saturating_sub(y), ..area },
        buffer,
    );
    let button = if form.sending { "sending …" } else { "[Submit]" };
    let role = if form.focus >= form.fields.len() { Role::Selected } else { Role::Normal };
    let foot = Cell::of(SafeText::fixed(button), role)
        .and("  leaving keeps the draft; * must be given", Role::Dim);
    paint::cell(buffer, paint::row(area, last), &foot, Align::Left, ctx, None);
}

fn fields(form: &Form, ctx: &Ctx<'_>, area: Rect, buffer: &mut Buffer) {
    let heights: Vec<u16> =
        form.fields.iter().enumerate().map(|(at, field)| height(form, field, at, ctx)).collect();
    // Scrolled just so far that the field one stands in is whole.
    let mut first = 0;
    let upto = (form.focus + 1).min(heights.len());
    let span = |first: usize| heights.iter().take(upto).skip(first).sum::<u16>();
    while first + 1 < upto && span(first) > area.height {
        first += 1;
    }
    let mut y = 0;
    for (at, (field, height)) in form.fields.iter().zip(&heights).enumerate().skip(first) {
        if y >= area.height {
            break;
        }
        let place = Rect { y: area.y + y, height: (*height).min(area.height - y), ..area };
        one(form, field, at == form.focus, ctx, place, buffer);
        y += height;
    }
}

fn note(form: &Form, field: &Field, focused: bool, ctx: &Ctx<'_>) -> Option<(SafeText, Role)> {
    if let Some(error) = &field.error {
        return Some((error.clone(), Role::Error));
    }
    if let Some(echo) = field.echo(form.clock(field, ctx)) {
        return Some((echo, Role::Dim));
    }
    (focused && !field.spec.help.is_empty()).then(|| (field.spec.help.clone(), Role::Dim))
}

fn height(form: &Form, field: &Field, at: usize, ctx: &Ctx<'_>) -> u16 {
    let rows = if field.is_long() { LONG_ROWS } else { 1 };
    rows + u16::from(note(form, field, at == form.focus, ctx).is_some())
}

fn one(form: &Form, field: &Field, focused: bool, ctx: &Ctx<'_>, area: Rect, buffer: &mut Buffer) {
    let mark = if focused { ">" } else { " " };
    let star = if field.spec.required { "*" } else { " " };
    let label = Cell::text(mark)
        .and(
            field.spec.label.truncate(usize::from(LABEL) - 2),
            if focused { Role::Title } else { Role::Normal },
        )
        .and(star, Role::Key);
    paint::cell(buffer, paint::row(area, 0), &label, Align::Left, ctx, None);
    let rows = if field.is_long() { LONG_ROWS } else { 1 };
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
        Content::Chosen(at, values) => {
            let on = |place: usize| *at == Some(place);
            options(values, on, at.filter(|_| focused), ('(', ')'), ctx, value, buffer);
        }
        Content::Picked(picked, at, values) => {
            let on = |place: usize| picked.contains(&place);
            options(values, on, focused.then_some(*at), ('[', ']'), ctx, value, buffer);
        }
    }
    if let Some((text, role)) = note(form, field, focused, ctx)
        && area.height > rows
    {
        let below = paint::after(paint::row(area, rows), LABEL + 1);
        paint::text(buffer, below, &text, ctx.style(role));
    }
}

/// All values with their marks; when they do not fit, those around the cursor.
fn options(
    values: &[String],
    on: impl Fn(usize) -> bool,
    cursor: Option<usize>,
    (open, close): (char, char),
    ctx: &Ctx<'_>,
    area: Rect,
    buffer: &mut Buffer,
) {
    let word = |at: usize, value: &String| {
        SafeText::from(format!("{open}{}{close} {value}", if on(at) { 'x' } else { ' ' }))
    };
    let words: Vec<SafeText> = values.iter().enumerate().map(|(at, v)| word(at, v)).collect();
    let at = cursor.or_else(|| (0..values.len()).find(|at| on(*at))).unwrap_or(0);
    let mut first = 0;
    let span = |first: usize| {
        words.iter().take(at + 1).skip(first).map(|word| word.width() + 1).sum::<usize>()
    };
    while first < at && span(first) > usize::from(area.width) {
        first += 1;
    }
    let mut cell = Cell::empty();
    for (place, word) in words.into_iter().enumerate().skip(first) {
        let role = if cursor == Some(place) { Role::Selected } else { Role::Normal };
        cell = cell.and(word, role).and(" ", Role::Normal);
    }
    paint::cell(buffer, area, &cell, Align::Left, ctx, None);
}
