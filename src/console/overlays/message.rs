//! Something to read over the screen, and the question whether to leave.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Reply;
use crate::console::ctx::Ctx;
use crate::console::keys::{Act, Does, Edit, Keymap, Scope, Ui};
use crate::console::term::{Stroke, Strokes};
use crate::console::theme::Role;
use crate::console::widgets::cell::Cell;
use crate::console::widgets::doc::{Doc, Scroll, draw};
use crate::console::widgets::paint;
use crate::safe_text::SafeText;

/// An open message.
#[derive(Debug)]
pub struct Message {
    doc: Doc,
    scroll: Scroll,
    leaves: bool,
}

impl Message {
    /// A message to be read and left.
    pub fn new(doc: Doc) -> Self {
        Self { doc, scroll: Scroll::default(), leaves: false }
    }

    /// Why the store is not shown as it once stood, over the store as it is now.
    pub fn missed(why: &SafeText) -> Self {
        let doc = Doc::titled(SafeText::fixed("That moment cannot be opened"));
        Self::new(doc.text(Cell::text(why.clone())).text("").text("Esc: the store as it is now."))
    }

    /// The question whether to leave, with what the person still holds.
    pub fn leaving(held: &[Cell]) -> Self {
        let mut doc = Doc::titled(SafeText::fixed("Leave the console?"));
        if held.is_empty() {
            doc = doc.text("Nothing urgent waits for you.");
        } else {
            doc = doc.text("You still hold:");
            for line in held {
                doc = doc.text(Cell::text("  ").and_all(line.clone()));
            }
        }
        Self {
            leaves: true,
            ..Self::new(doc.text("").text("q again leaves the program; Esc goes back to it."))
        }
    }

    /// Whether the key that quits leaves the program from here.
    pub const fn leaves(&self) -> bool {
        self.leaves
    }

    /// Takes strokes, while it is drawn in this area.
    pub fn update(
        &mut self,
        strokes: &Strokes,
        keymap: &Keymap,
        ctx: &Ctx<'_>,
        area: Rect,
    ) -> Reply {
        let lines = self.doc.fold(area.width, ctx).len();
        let page = usize::from(area.height).max(1);
        match scroll_keys(strokes, keymap, &mut self.scroll, (page, lines)) {
            Struck::Nothing => Reply::Stay,
            Struck::Repaint => Reply::Repaint,
            Struck::Help => Reply::Help,
            Struck::Quit if self.leaves => Reply::Quit,
            Struck::Quit | Struck::Leave => Reply::Leave,
        }
    }

    /// Draws the message over the screen.
    pub fn view(&self, ctx: &Ctx<'_>, area: Rect, buffer: &mut Buffer) {
        paint::fill(buffer, area, ctx.style(Role::Normal));
        let lines: Vec<Cell> = self.doc.fold(area.width, ctx);
        draw(&lines, self.scroll, ctx, area, buffer);
    }
}

/// What was struck on a page besides scrolling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Struck {
    /// Nothing that ends it.
    Nothing,
    /// The key that leaves.
    Leave,
    /// The key that quits.
    Quit,
    /// The key that paints the screen again.
    Repaint,
    /// The key that asks for help.
    Help,
}

/// Scrolls by the keys of a page, of which so many lines are in view, and says what else was struck.
pub fn scroll_keys(
    strokes: &Strokes,
    keymap: &Keymap,
    scroll: &mut Scroll,
    (page, lines): (usize, usize),
) -> Struck {
    // A pasted burst must neither leave nor scroll away what is to be read.
    if strokes.burst {
        return Struck::Nothing;
    }
    for stroke in &strokes.strokes {
        let Stroke::Key(key) = stroke else { continue };
        let Some(action) = keymap.find(&[Scope::Page], *key) else { continue };
        match action.does {
            Does::Screen(Act::Move(movement)) => scroll.go(movement, page, lines),
            Does::Ui(Ui::Quit) => return Struck::Quit,
            Does::Ui(Ui::Repaint) => return Struck::Repaint,
            Does::Overlay(Edit::Leave) => return Struck::Leave,
            Does::Overlay(Edit::Help) => return Struck::Help,
            Does::Screen(_)
            | Does::Ui(_)
            | Does::Overlay(_)
            | Does::New(_)
            | Does::On(_)
            | Does::OnAlarm(_)
            | Does::OnWatch(_)
            | Does::ChooseNew(_)
            | Does::Pick(_)
            | Does::Choose(_) => {}
        }
    }
    Struck::Nothing
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::ctx::Me;
    use crate::console::keys::{Code, Key};
    use crate::console::theme::Look;
    use crate::domain::time::Time;

    #[test]
    fn a_message_of_long_lines_is_scrolled_to_its_end_and_back_at_once() {
        let look = Look::default();
        let (now, utc) = (Time::default(), chrono_tz::Tz::UTC);
        let me = Me { holder: None, now };
        let ctx = Ctx { now, utc: true, local: utc, zone: utc, look: &look, stale: false, me };
        let area = Rect::new(0, 0, 80, 20);
        let long = "one of many words ".repeat(200);
        let doc = Doc::default().text("the beginning").text(Cell::text(long)).text("the end");
        let mut message = Message::new(doc);
        let shown = |message: &Message| {
            let mut buffer = Buffer::empty(area);
            message.view(&ctx, area, &mut buffer);
            buffer.content.iter().map(ratatui::buffer::Cell::symbol).collect::<String>()
        };
        let strike = |message: &mut Message, code: Code| {
            let strokes = vec![Stroke::Key(Key::plain(code))];
            let strokes = Strokes { strokes, burst: false };
            message.update(&strokes, &Keymap::default(), &ctx, area);
        };
        assert!(shown(&message).contains("more"), "what is below is told");
        for _ in 0..9 {
            strike(&mut message, Code::PageDown);
        }
        assert!(shown(&message).contains("the end"), "{}", shown(&message));
        for _ in 0..3 {
            strike(&mut message, Code::PageUp);
        }
        assert!(shown(&message).contains("the beginning"), "{}", shown(&message));
    }
}
