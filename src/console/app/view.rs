//! The frame, as a function of the state. It reads only.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::App;
use crate::console::ctx::Ctx;
use crate::console::keys::{Action, Does, Edit, Scope, Ui, all};
use crate::console::overlays::Overlay;
use crate::console::theme::{Role, glyphs};
use crate::console::widgets::bars::{self, Status};
use crate::console::widgets::cell::{Align, Cell};
use crate::console::widgets::layout::{LEAST_COLUMNS, LEAST_ROWS, Layout};
use crate::console::widgets::{doc, paint, strip, tiles};
use crate::safe_text::SafeText;

/// Draws the console.
pub fn view(app: &App, frame: &mut Frame<'_>) {
    let area = frame.area();
    draw(app, area, frame.buffer_mut());
}

fn draw(app: &App, area: Rect, buffer: &mut Buffer) {
    let ctx = app.ctx(None);
    paint::fill(buffer, area, ctx.style(Role::Normal));
    let strip_rows = app.level().map_or(2, |level| level.screen.strip_rows());
    if app.hidden {
        let text = SafeText::fixed("smc is idle: any key shows the screen again");
        paint::text(buffer, area, &text, ctx.style(Role::Dim));
        return;
    }
    match Layout::of(area, strip_rows, app.is_tiled()) {
        Some(layout) => draw_rows(app, &layout, buffer),
        None => {
            let text = format!(
                "smc needs {LEAST_COLUMNS}x{LEAST_ROWS}; this is {}x{}",
                area.width, area.height
            );
            paint::text(buffer, area, &SafeText::from(text), ctx.style(Role::Normal));
        }
    }
    if !app.habits.blink {
        let steady = Style::new().remove_modifier(Modifier::SLOW_BLINK);
        buffer.set_style(area, steady);
    }
    if app.look.ascii {
        glyphs::to_ascii(buffer);
    }
}

fn draw_rows(app: &App, layout: &Layout, buffer: &mut Buffer) {
    let ctx = app.ctx(None);
    let new = app.level().map_or(0, |level| level.screen.new_rows());
    bars::attention(&app.row_one(), new, &ctx, layout.attention, buffer);
    bars::tabs(&app.tabs, app.stands(), &ctx, layout.tabs, buffer);
    let mut gives_way = true;
    if let Some(level) = app.level() {
        level.screen.view(&ctx, layout.body, layout.side, buffer);
        let rows = level.screen.strip(&ctx);
        let strip = strip::laid(rows.clone(), usize::from(layout.strip.width));
        gives_way = rows == strip;
        for (y, cell) in (0..layout.strip.height).zip(strip) {
            paint::cell(buffer, paint::row(layout.strip, y), &cell, Align::Left, &ctx, None);
        }
    }
    let whole = app.overlay.is_some();
    let part = app.level().filter(|_| !whole).map(|level| level.screen.part());
    let part = dated(part.unwrap_or_else(Cell::empty), &ctx);
    bars::footer(&verbs(app), (&part, &always(app)), &ctx, layout.footer, buffer);
    if let Some(area) = layout.tiles {
        tiles::draw(&app.tiles, &ctx, area, buffer);
    }
    if let Some(notice) = &app.notice {
        say(notice, layout, gives_way, &ctx, buffer);
    }
    let trouble = app.trouble.clone();
    // Only what is old is dated: while the store answers, what is shown is as it stands.
    let age = if trouble.is_some() { app.now.seconds_since(app.answered) } else { 0 };
    bars::status(&Status { trouble, age, ..app.status.clone() }, &ctx, layout.status, buffer);
    if let Some(overlay) = &app.overlay {
        let ctx = app.ctx(app.zone_of(overlay));
        overlay.view(&app.keymap, &ctx, over(layout), layout.footer, buffer);
        if let Some(aid) = app.aid() {
            aid.view(&app.keymap, &ctx, over(layout), layout.footer, buffer);
        }
        // A filter line leaves it in view.
        let covered = app.aid().is_some() || !matches!(overlay, Overlay::Filter(_));
        if let Some(notice) = app.notice.as_ref().filter(|_| app.aloud && covered) {
            paint::fill(buffer, layout.footer, ctx.style(Role::Normal));
            paint::cell(buffer, layout.footer, notice, Align::Left, &ctx, None);
        }
    }
    if let Some(waiting) = app.waits() {
        let cancels = all().filter(|action| action.does == Does::Ui(Ui::Cancel));
        let mut line = Cell::empty();
        for (key, label) in labels(app, cancels) {
            line = line.and(key, Role::Key).and(format!(" {label}  "), Role::Normal);
        }
        line = line.and(waiting.clone(), Role::Mode);
        paint::fill(buffer, layout.footer, ctx.style(Role::Normal));
        paint::cell(buffer, layout.footer, &line, Align::Left, &ctx, None);
    }
}

/// What limits a list, after that its times are those of the sites where they are not in UTC.
fn dated(part: Cell, ctx: &Ctx<'_>) -> Cell {
    if ctx.utc {
        return part;
    }
    let said = SafeText::fixed("site times");
    let Some((limits, rows)) = part.0.split_first() else { return Cell::of(said, Role::Title) };
    let limits = SafeText::join(&[said, limits.text.clone()], " ");
    Cell::of(limits, Role::Title).and_all(Cell(rows.to_vec()))
}

/// Where an overlay stands: over list, detail and strip.
pub(super) fn over(layout: &Layout) -> Rect {
    let side = layout.side.unwrap_or(layout.body);
    layout.body.union(side).union(layout.strip)
}

/// What was said last stands whole above the keys: over the title in the focus strip, so that what is to be done next stays
/// in view, and over as many rows more as it takes; where the title's row holds the beginning of what is to be done, above
/// the strip.
fn say(notice: &Cell, layout: &Layout, gives_way: bool, ctx: &Ctx<'_>, buffer: &mut Buffer) {
    let lines = doc::wrap(&notice.told(ctx), usize::from(layout.footer.width));
    let room = room(lines.len(), layout, gives_way);
    for (y, line) in (0..room.height).zip(&lines) {
        let row = paint::row(room, y);
        paint::fill(buffer, row, ctx.style(Role::Normal));
        paint::cell(buffer, row, line, Align::Left, ctx, None);
    }
}

/// Rows of the screen's own that what was said last covers: nobody is to be left on a row that cannot be seen.
pub(super) fn covered(app: &App, layout: &Layout) -> u16 {
    let (Some(notice), Some(level)) = (&app.notice, app.level()) else { return 0 };
    let width = usize::from(layout.footer.width);
    let ctx = app.ctx(None);
    let notice = notice.told(&ctx);
    let rows = level.screen.strip(&ctx);
    let gives_way = rows == strip::laid(rows.clone(), width);
    room(doc::wrap(&notice, width).len(), layout, gives_way).intersection(layout.body).height
}

/// Where so many lines of what was said stand.
fn room(lines: usize, layout: &Layout, gives_way: bool) -> Rect {
    let most = layout.footer.y.saturating_sub(layout.body.y);
    let height = u16::try_from(lines).unwrap_or(u16::MAX).min(most);
    // The title gives way and rows of the list above it; where there is no strip, the lowest rows of the page.
    let below = match (layout.strip.height > 1, gives_way) {
        (true, true) => layout.strip.y + 1,
        (true, false) => layout.strip.y,
        (false, _) => layout.footer.y,
    };
    Rect { y: below.saturating_sub(height), height, ..layout.footer }
}

/// The keys of the open overlay, or the verbs of the focused object that work now.
fn verbs(app: &App) -> Vec<(String, &'static str)> {
    if let Some(overlay) = app.aid().or(app.overlay.as_ref()) {
        let scope = overlay.scope();
        let quits = all().filter(|action| action.does == Does::Ui(Ui::Quit) && overlay.leaves());
        // Of help there is no help: its key closes it.
        let helps = app.aid().is_some() || matches!(overlay, Overlay::Help(_));
        let own = all().filter(|action| {
            action.scopes.contains(&scope)
                && !action.scopes.contains(&Scope::Everywhere)
                && !(helps && action.does == Does::Overlay(Edit::Help))
        });
        let mut works: Vec<_> = quits.chain(own).collect();
        // Where not all have room, what ends it stays longest.
        works.sort_by_key(|action| match action.does {
            Does::Ui(_) => 0,
            Does::Overlay(Edit::Submit | Edit::Take) => 1,
            Does::Overlay(Edit::Leave) => 2,
            Does::Overlay(Edit::Help) => 3,
            Does::Overlay(Edit::NextField | Edit::Complete) | Does::Screen(_) => 4,
            Does::Overlay(Edit::ThrowAway) => 5,
            Does::Overlay(Edit::PreviousField) => 6,
            Does::New(_)
            | Does::On(_)
            | Does::OnAlarm(_)
            | Does::OnWatch(_)
            | Does::ChooseNew(_)
            | Does::Pick(_)
            | Does::Choose(_) => 7,
        });
        return labels(app, works.into_iter());
    }
    let scopes = app.scopes();
    let Some(inner) = scopes.first() else { return Vec::new() };
    let queued = all().filter(|action| action.answers() && !action.scopes.contains(inner));
    let here = all().filter(|action| action.scopes.contains(inner) && action.writes());
    let mut works: Vec<_> = here.chain(queued).filter(|a| app.denied(a).is_none()).collect();
    // What was put aside is looked at to be taken back; what calls, to be answered before anything new is made.
    works.sort_by_key(|action| match (action.id, action.does) {
        ("alarm.unshelve", _) => 0,
        ("alarm.acknowledge", _) => 1,
        (_, Does::New(_) | Does::ChooseNew(_)) => 3,
        _ => 2,
    });
    labels(app, works.into_iter())
}

/// The keys that work on every screen and lead to all others.
fn always(app: &App) -> Vec<(String, &'static str)> {
    if app.overlay.is_some() {
        return Vec::new();
    }
    let ways = [Ui::Filter, Ui::Palette, Ui::Help];
    labels(app, all().filter(|action| ways.iter().any(|ui| action.does == Does::Ui(*ui))))
}

fn labels(
    app: &App,
    actions: impl Iterator<Item = &'static Action>,
) -> Vec<(String, &'static str)> {
    let key = |action: &Action| app.keymap.keys_of(action).next().map(|key| key.to_string());
    actions.filter_map(|action| Some((key(action)?, action.label))).collect()
}
