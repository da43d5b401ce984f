//! How the filter line is drawn: what one types, and beside or above it what may follow or is wrong.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Filter;
use crate::console::ctx::Ctx;
use crate::console::theme::Role;
use crate::console::widgets::cell::{Align, Cell};
use crate::console::widgets::paint;
use crate::safe_text::SafeText;

/// What the keys of the line do, the most needed first.
const KEYS: [&str; 4] = ["Enter filters", "Tab completes", "Esc leaves", "Ctrl-U clears"];

impl Filter {
    /// The words that the typed beginning may become, or the keys, each whole, as many as there are columns for.
    pub(super) fn hint(&self, cols: usize) -> String {
        let (_, word) = self.word();
        let word = self.turn.as_ref().map_or(word, |(stem, _)| stem);
        let found = if word.is_empty() { Vec::new() } else { self.fits(word) };
        if self.prompt.text().is_empty() && !self.last.is_empty() {
            return format!("Up: {}", self.last);
        }
        if found.is_empty() {
            return whole("", &KEYS.map(str::to_owned), ", ", cols).0;
        }
        let (hint, all) = whole("Tab: ", &found, " ", cols.saturating_sub(2));
        if all { hint } else { format!("{hint} …") }
    }

    /// Draws the line; what is wrong with it and has no room beside it stands above, over the lowest rows of the area.
    pub fn view(&self, ctx: &Ctx<'_>, area: Rect, line: Rect, buffer: &mut Buffer) {
        paint::fill(buffer, line, ctx.style(Role::Normal));
        let width = usize::from(line.width);
        // The mark before the line, the cursor behind it, and what sets the hint apart.
        let beside = width.saturating_sub(SafeText::from(self.prompt.text()).width() + 4);
        let fault = self.fault.as_ref();
        let (hint, role) = match fault.filter(|fault| fault.width() <= beside) {
            Some(fault) => (fault.clone(), Role::Error),
            None => (SafeText::from(self.hint(beside)), Role::Dim),
        };
        let hint = SafeText::fixed("  ").then(&hint);
        let room = width.saturating_sub(hint.width() + 2).max(width / 3);
        let cell =
            Cell::of("/", Role::Key).and(self.prompt.shown(room), Role::Field).and(hint, role);
        paint::cell(buffer, line, &cell, Align::Left, ctx, None);
        let above = fault.filter(|fault| fault.width() > beside).map(|fault| fault.wrap(width));
        let above = above.unwrap_or_default();
        let height = u16::try_from(above.len()).unwrap_or(u16::MAX).min(area.height);
        let rows = Rect { x: line.x, width: line.width, y: area.bottom() - height, height };
        for (y, text) in (0..height).zip(&above) {
            paint::fill(buffer, paint::row(rows, y), ctx.style(Role::Normal));
            paint::text(buffer, paint::row(rows, y), text, ctx.style(Role::Error));
        }
    }
}

/// So many of these words as have room whole, and whether that is all of them.
fn whole(before: &str, words: &[String], between: &str, cols: usize) -> (String, bool) {
    let mut said = before.to_owned();
    for (at, word) in words.iter().enumerate() {
        let more = if at == 0 { word.clone() } else { format!("{between}{word}") };
        if SafeText::from(said.as_str()).width() + SafeText::from(more.as_str()).width() > cols {
            return (said, false);
        }
        said.push_str(&more);
    }
    (said, true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::ctx::Me;
    use crate::console::theme::Look;
    use crate::domain::time::Time;

    fn shown(filter: &Filter) -> Vec<String> {
        let look = Look::default();
        let (now, utc) = (Time::default(), chrono_tz::Tz::UTC);
        let me = Me { holder: None, now };
        let ctx = Ctx { now, utc: true, local: utc, zone: utc, look: &look, stale: false, me };
        let mut buffer = Buffer::empty(Rect::new(0, 0, 80, 6));
        filter.view(&ctx, Rect::new(0, 0, 80, 5), Rect::new(0, 5, 80, 1), &mut buffer);
        let rows = buffer.content.chunks(80);
        rows.map(|row| row.iter().map(ratatui::buffer::Cell::symbol).collect()).collect()
    }

    #[test]
    fn what_is_wrong_with_a_line_is_told_whole_and_no_hint_is_cut() {
        let mut filter = Filter::new("state:open site:RLF,ANR,JUB owner:alice", Vec::new(), None);
        let line = shown(&filter).pop().unwrap();
        assert!(line.trim_end().ends_with("Enter filters, Tab completes"), "{line}");
        let why = "this list does not know owner; it knows state, site, asset, vendor, person, due, priority";
        filter.fault = Some(why.into());
        let rows = shown(&filter);
        assert!(rows[5].starts_with("/state:open site:RLF,ANR,JUB owner:alice"), "{rows:?}");
        let told: Vec<&str> = rows[..5].iter().flat_map(|row| row.split_whitespace()).collect();
        assert_eq!(told.join(" "), why);
    }
}
