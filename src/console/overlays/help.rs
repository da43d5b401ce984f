//! The help of a screen, from the action table: every key that works here, why some do not, and what the signs mean.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Reply;
use crate::console::ctx::Ctx;
use crate::console::keys::reference::words;
use crate::console::keys::{Action, Keymap, Scope};
use crate::console::overlays::message::{Struck, scroll_keys};
use crate::console::term::Strokes;
use crate::console::theme::Role;
use crate::console::theme::legend::LEGEND;
use crate::console::widgets::cell::Cell;
use crate::console::widgets::doc::{Scroll, draw};
use crate::console::widgets::paint;
use crate::safe_text::SafeText;

/// Columns that keys take.
const KEYS: usize = 12;

/// The open help.
#[derive(Debug)]
pub struct Help {
    scopes: Vec<Scope>,
    actions: Vec<&'static Action>,
    denied: Vec<(&'static str, SafeText)>,
    scroll: Scroll,
}

impl Help {
    /// Help for the scopes that apply now: the actions that there are, and those of them that are off, with the
    /// reason.
    pub fn new(
        scopes: Vec<Scope>,
        actions: Vec<&'static Action>,
        denied: Vec<(&'static str, SafeText)>,
    ) -> Self {
        Self { scopes, actions, denied, scroll: Scroll::default() }
    }

    /// Takes strokes.
    pub fn update(&mut self, strokes: &Strokes, keymap: &Keymap, page: usize) -> Reply {
        let signs: usize = LEGEND.iter().map(|(_, signs)| signs.len() * 2 + 2).sum();
        let lines = self.scopes.len() * 2
            + signs
            + self.actions.iter().filter(|action| self.applies(action)).count() * 2;
        match scroll_keys(strokes, keymap, &mut self.scroll, (page, lines)) {
            Struck::Nothing => Reply::Stay,
            Struck::Repaint => Reply::Repaint,
            Struck::Leave | Struck::Quit => Reply::Leave,
        }
    }

    fn applies(&self, action: &Action) -> bool {
        self.scopes.iter().any(|scope| action.scopes.contains(scope))
    }

    fn lines(&self, keymap: &Keymap, width: usize) -> Vec<Cell> {
        let mut lines = Vec::new();
        for scope in &self.scopes {
            lines.push(Cell::of(words(*scope), Role::Title));
            // What works now stands first.
            let here = || self.actions.iter().filter(|action| action.scopes.contains(scope));
            let (off, on): (Vec<&Action>, Vec<&Action>) =
                here().partition(|action| self.denied.iter().any(|(id, _)| *id == action.id));
            for action in on.into_iter().chain(off) {
                let keys: Vec<String> = keymap.keys_of(action).map(|key| key.to_string()).collect();
                let keys = SafeText::from(keys.join(" "));
                let denied = self.denied.iter().find(|(id, _)| *id == action.id);
                let text = match denied {
                    Some((_, why)) => SafeText::from(format!("off: {why}. {}", action.help)),
                    None => SafeText::fixed(action.help),
                };
                let role = if denied.is_some() { Role::Dim } else { Role::Normal };
                entry(&mut lines, keys, &text, role, width);
            }
            lines.push(Cell::empty());
        }
        for (part, signs) in LEGEND {
            lines.push(Cell::of(SafeText::from(format!("Signs: {part}")), Role::Title));
            for one in *signs {
                entry(
                    &mut lines,
                    SafeText::fixed(one.sign),
                    &SafeText::fixed(one.means),
                    Role::Normal,
                    width,
                );
            }
            lines.push(Cell::empty());
        }
        lines
    }

    /// Draws the help over the screen.
    pub fn view(&self, keymap: &Keymap, ctx: &Ctx<'_>, area: Rect, buffer: &mut Buffer) {
        paint::fill(buffer, area, ctx.style(Role::Normal));
        draw(&self.lines(keymap, usize::from(area.width)), self.scroll, ctx, area, buffer);
    }
}

/// A key or a sign with what is said of it, wrapped beside it.
fn entry(lines: &mut Vec<Cell>, head: SafeText, text: &SafeText, role: Role, width: usize) {
    for (at, line) in text.wrap(width.saturating_sub(KEYS + 2)).into_iter().enumerate() {
        let head = if at == 0 { head.pad(KEYS) } else { SafeText::default().pad(KEYS) };
        lines.push(Cell::text(" ").and(head, Role::Key).and(" ", Role::Normal).and(line, role));
    }
}
