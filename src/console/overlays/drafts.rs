//! The unfinished forms that were kept: what was typed into each, whether its object still allows it, and how one is rid of it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Reply;
use crate::console::ctx::Ctx;
use crate::console::keys::{Act, Does, Edit, Keymap, Move, Scope, Ui};
use crate::console::term::{Stroke, Strokes};
use crate::console::theme::Role;
use crate::console::widgets::cell::{Align, Cell};
use crate::console::widgets::doc::{Doc, Line};
use crate::console::widgets::paint;
use crate::safe_text::SafeText;

/// Most rows of the list: what was typed stands below it.
const LISTED: usize = 6;

/// Rows of what the keys do.
const FOOT: u16 = 2;

/// Columns of the name of a form.
const NAME: usize = 32;

/// One unfinished form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The name under which it is kept: the command, and the object if it is about one.
    pub key: String,
    /// How its object stands, if it no longer allows it.
    pub over: Option<SafeText>,
    /// What was typed, field by field.
    pub typed: Vec<(SafeText, SafeText)>,
}

/// The open list.
#[derive(Debug)]
pub struct Drafts {
    rows: Vec<Draft>,
    at: usize,
    /// Whether the key that throws away was struck once for the row that one stands on.
    asked: bool,
}

impl Drafts {
    /// A list of these.
    pub const fn new(rows: Vec<Draft>) -> Self {
        Self { rows, at: 0, asked: false }
    }

    /// The same list with these rows, where one stands as far down as before.
    pub fn set(&mut self, rows: Vec<Draft>) {
        let here = self.rows.get(self.at).map(|row| row.key.clone());
        let stays = rows.iter().position(|row| Some(&row.key) == here.as_ref());
        self.asked &= stays.is_some();
        self.at = stays.unwrap_or(self.at).min(rows.len().saturating_sub(1));
        self.rows = rows;
    }

    /// Takes strokes.
    pub fn update(&mut self, strokes: &Strokes, keymap: &Keymap) -> Reply {
        if strokes.burst {
            return Reply::Stay;
        }
        for stroke in &strokes.strokes {
            let Stroke::Key(key) = stroke else { continue };
            let does = keymap.find(&[Scope::Drafts], *key).map(|action| action.does);
            // Any other key takes the question back.
            let asked = std::mem::take(&mut self.asked);
            let here = self.rows.get(self.at).map(|row| row.key.clone());
            match (does, here) {
                (Some(Does::Screen(Act::Move(Move::Down))), _) => {
                    self.at = (self.at + 1).min(self.rows.len().saturating_sub(1));
                }
                (Some(Does::Screen(Act::Move(Move::Up))), _) => self.at = self.at.saturating_sub(1),
                (Some(Does::Overlay(Edit::Leave) | Does::Ui(Ui::Quit)), _) => return Reply::Leave,
                (Some(Does::Overlay(Edit::Help)), _) => return Reply::Help,
                (Some(Does::Ui(Ui::Repaint)), _) => return Reply::Repaint,
                (Some(Does::Overlay(Edit::Take)), Some(key)) => return Reply::Draft(key),
                (Some(Does::Overlay(Edit::ThrowAway)), Some(key)) if asked => {
                    return Reply::Discard(key);
                }
                (Some(Does::Overlay(Edit::ThrowAway)), Some(_)) => self.asked = true,
                (Some(_) | None, _) => {}
            }
        }
        Reply::Stay
    }

    /// Draws the list over the screen, and what was typed into the form that one stands on.
    pub fn view(&self, ctx: &Ctx<'_>, area: Rect, buffer: &mut Buffer) {
        paint::fill(buffer, area, ctx.style(Role::Normal));
        for (y, line) in (0..area.height).zip(self.lines(area, ctx)) {
            paint::cell(buffer, paint::row(area, y), &line, Align::Left, ctx, None);
        }
        let foot = match self.rows.get(self.at).filter(|_| self.asked) {
            Some(row) => {
                let asks = format!("Throw away what was typed into {}?", row.key);
                [
                    Cell::of(SafeText::from(asks), Role::Error),
                    Cell::text("The same key again does; any other keeps it."),
                ]
            }
            None => [
                Cell::empty(),
                Cell::of(
                    "Kept on this host for you alone until handed in or thrown away.",
                    Role::Dim,
                ),
            ],
        };
        for (y, line) in (area.height.saturating_sub(FOOT)..area.height).zip(&foot) {
            paint::fill(buffer, paint::row(area, y), ctx.style(Role::Normal));
            paint::cell(buffer, paint::row(area, y), line, Align::Left, ctx, None);
        }
    }

    fn lines(&self, area: Rect, ctx: &Ctx<'_>) -> Vec<Cell> {
        let mut lines = vec![Cell::of("Unfinished forms", Role::Title)];
        if self.rows.is_empty() {
            lines.push(Cell::text(" There is none."));
            return lines;
        }
        let top = (self.at + 1).saturating_sub(LISTED);
        for (at, row) in self.rows.iter().enumerate().skip(top).take(LISTED) {
            let (mark, role) =
                if at == self.at { (">", Role::Selected) } else { (" ", Role::Normal) };
            let name = SafeText::from_untrusted(&row.key);
            let room = NAME.max(name.width());
            let line = Cell::text(mark).and(name.pad(room), role).and(" ", Role::Normal);
            lines.push(match &row.over {
                Some(over) => line.and(over.clone(), Role::Error),
                None => line,
            });
        }
        let below = self.rows.len().saturating_sub(top + LISTED);
        if self.rows.len() > LISTED {
            let more = format!(" ↑ {top} more, ↓ {below} more");
            lines.push(Cell::of(more, Role::Dim));
        }
        let Some(row) = self.rows.get(self.at) else { return lines };
        let mut doc = Doc::default().section("What was typed");
        for (label, typed) in &row.typed {
            doc.0.push(Line::Field(label.clone(), Cell::text(typed.clone())));
        }
        lines.push(Cell::empty());
        lines.extend(doc.fold(area.width, ctx));
        // The last rows are kept for what the keys do; what has no room is told.
        let room = usize::from(area.height.saturating_sub(FOOT));
        if lines.len() > room {
            let cut = lines.len() - room + 1;
            lines.truncate(room.saturating_sub(1));
            lines.push(Cell::of(format!("↓ {cut} more: its form shows them"), Role::Dim));
        }
        lines
    }
}
