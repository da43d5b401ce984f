//! Draws a form: heading, object, consequence, fields with their errors, the submit line.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::widgets::Widget;

use super::field::{Content, Field};
use super::form::Form;
use super::form::room::{InView, LABEL, folds, in_place, options, rows};
use super::form::suggest::SHOWN;
use crate::console::ctx::Ctx;
use crate::console::theme::Role;
use crate::console::widgets::cell::{Align, Cell};
use crate::console::widgets::paint;
use crate::safe_text::SafeText;

/// Draws the form over the screen.
pub fn draw(form: &Form, ctx: &Ctx<'_>, area: Rect, buffer: &mut Buffer) {
    paint::fill(buffer, area, ctx.style(Role::Normal));
    let mut y = 0;
    let mut line = |cell: &Cell, buffer: &mut Buffer| {
        paint::cell(buffer, paint::row(area, y), cell, Align::Left, ctx, None);
        y += 1;
    };
    let mut title = match &form.over {
        Some(over) => Cell::of(over.clone(), Role::Error),
        None => Cell::of(form.title.clone(), Role::Title),
    };
    if let (Some(about), Some(_)) = (&form.about, &form.over) {
        title = title.and(SafeText::from(format!("  {}", about.name)), Role::Normal);
    } else if let Some(about) = &form.about {
        let name = SafeText::from(format!("  {} {}", about.reference, about.name));
        title = title.and(name, Role::Normal);
    }
    line(&title, buffer);
    for text in form.consequences(area.width) {
        line(&Cell::of(text, Role::Dim), buffer);
    }
    for cell in form.page(area, ctx) {
        line(&cell, buffer);
    }
    for text in form.banners(area.width) {
        line(&Cell::of(text, Role::Error), buffer);
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
    let hints: &[&'static str] = if form.over.is_some() {
        &["Esc leaves and keeps what was typed, Ctrl-X throws it away"]
    } else if form.restored {
        &["as you left it: Ctrl-X throws it away", "* must be given"]
    } else if form.ready().is_empty() {
        &["leaving keeps the draft, Ctrl-X does not", "* must be given"]
    } else {
        &["a digit writes its reason, Ctrl-O does it at once", "or write another"]
    };
    let mut foot = Cell::of(SafeText::fixed(button), role);
    let untaken = form.untaken.as_ref().filter(|_| stands);
    if let Some(why) = untaken {
        foot = foot.and("  ", Role::Normal).and(why.clone(), Role::Title);
    }
    let hints = if untaken.is_some() { &[] } else { hints };
    for (at, hint) in hints.iter().enumerate() {
        let before = SafeText::fixed(if at == 0 { "  " } else { "; " });
        let hint = before.then(&SafeText::fixed(hint));
        // A hint stands whole or not at all.
        if foot.width() + hint.width() <= usize::from(area.width) {
            foot = foot.and(hint, Role::Dim);
        }
    }
    paint::cell(buffer, paint::row(area, last), &foot, Align::Left, ctx, None);
}

fn fields(form: &Form, ctx: &Ctx<'_>, area: Rect, buffer: &mut Buffer) {
    let heights = form.heights(area.width, ctx);
    let InView { first, above, below } = form.in_view(&heights, area.height);
    let more = |sign: &str, count: usize| {
        let what = if count == 1 { "field" } else { "fields" };
        Cell::of(format!(" {sign} {count} more {what}"), Role::Mode)
    };
    let mut area = area;
    if below > 0 {
        area.height -= 1;
        let row = Rect { y: area.bottom(), height: 1, ..area };
        paint::cell(buffer, row, &more("↓", below), Align::Left, ctx, None);
    }
    let mut y = 0;
    if above > 0 {
        paint::cell(buffer, paint::row(area, 0), &more("↑", above), Align::Left, ctx, None);
        y = 1;
    }
    for (at, (field, height)) in form.fields.iter().zip(&heights).enumerate().skip(first) {
        if y >= area.height {
            break;
        }
        let mut place = Rect { y: area.y + y, height: (*height).min(area.height - y), ..area };
        y += height;
        if *height == 0 {
            continue;
        }
        if let Some(heading) = form.heading(at) {
            let text = SafeText::fixed(heading);
            paint::text(buffer, paint::row(place, 0), &text, ctx.style(Role::Dim));
            place = Rect { y: place.y + 1, height: place.height.saturating_sub(1), ..place };
        }
        one(form, field, at == form.focus, ctx, place, buffer);
        if at == form.focus {
            let used = rows(field, true, place.width) + form.noted(field, true, place.width, ctx);
            suggestions(form, ctx, place, used, buffer);
        }
    }
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
    let (lines, role) = form.notes(field, focused, area.width, ctx);
    for (y, text) in (rows..area.height).zip(lines) {
        let below = paint::after(paint::row(area, y), LABEL + 1);
        paint::text(buffer, below, &text, ctx.style(role));
    }
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
