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
    /// What the keys are of, and the actions that there are.
    groups: Vec<(String, Vec<&'static Action>)>,
    denied: Vec<(&'static str, SafeText)>,
    scroll: Scroll,
}

impl Help {
    /// Help for the scopes that apply now: the actions that there are, and those of them that are off, with the
    /// reason. What is done to the alarm or the task of a row stands first, under the name that the row has for it.
    pub fn new(
        row: Option<&str>,
        scopes: &[Scope],
        actions: Vec<&'static Action>,
        denied: Vec<(&'static str, SafeText)>,
    ) -> Self {
        let (first, rest): (Vec<_>, Vec<_>) =
            actions.into_iter().partition(|action| row.is_some() && action.answers());
        let of =
            |scope: &Scope| rest.iter().copied().filter(|a| a.scopes.contains(scope)).collect();
        let first = row.map(|row| (row.to_owned(), first));
        let others = scopes.iter().map(|scope| (words(*scope), of(scope)));
        Self {
            groups: first.into_iter().chain(others).collect(),
            denied,
            scroll: Scroll::default(),
        }
    }

    /// Takes strokes, while it is drawn in this area.
    pub fn update(&mut self, strokes: &Strokes, keymap: &Keymap, area: Rect) -> Reply {
        let lines = self.lines(keymap, usize::from(area.width)).len();
        let page = usize::from(area.height).max(1);
        match scroll_keys(strokes, keymap, &mut self.scroll, (page, lines)) {
            Struck::Nothing => Reply::Stay,
            Struck::Repaint => Reply::Repaint,
            // The key that opened it closes it.
            Struck::Leave | Struck::Quit | Struck::Help => Reply::Leave,
        }
    }

    fn lines(&self, keymap: &Keymap, width: usize) -> Vec<Cell> {
        let mut lines = Vec::new();
        for (name, actions) in &self.groups {
            lines.push(Cell::of(name.as_str(), Role::Title));
            // What works now stands first.
            let (off, on): (Vec<&Action>, Vec<&Action>) = actions
                .iter()
                .partition(|action| self.denied.iter().any(|(id, _)| *id == action.id));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::keys::all;

    fn said(row: Option<&str>) -> Vec<String> {
        let scopes = [Scope::Window, Scope::Everywhere];
        let help = Help::new(row, &scopes, all().collect(), Vec::new());
        let lines = help.lines(&Keymap::default(), 78);
        lines.iter().map(|line| line.plain().to_string()).collect()
    }

    #[test]
    fn on_the_row_of_an_alarm_its_own_verbs_stand_before_those_of_its_subject() {
        let lines = said(Some("Alarm"));
        let at = |text: &str| lines.iter().position(|line| line.contains(text)).unwrap();
        assert_eq!(at("Alarm"), 0);
        assert!(at("Acknowledges the alarm") < at("Shelves the alarm"));
        assert!(at("Shelves the alarm") < at("Counts your yes"), "before the verbs of the window");
        let acknowledges = lines.iter().filter(|line| line.contains("Acknowledges the alarm"));
        assert_eq!(acknowledges.count(), 1, "and not once more where they stand elsewhere");
    }

    #[test]
    fn where_no_alarm_stands_the_verbs_of_the_subject_stand_first() {
        let lines = said(None);
        assert_eq!(lines.first().map(String::as_str), Some("Window"));
        assert!(lines.iter().any(|line| line.contains("Acknowledges the alarm")));
    }
}
