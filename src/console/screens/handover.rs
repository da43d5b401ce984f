//! The handover: its screen says what is there and what is not, so that nobody relies on a sheet that is empty.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Focus, Reaction, Screen};
use crate::console::ctx::Ctx;
use crate::console::data::{Ask, Data};
use crate::console::keys::{Act, Action, Scope};
use crate::console::widgets::cell::Cell;
use crate::console::widgets::doc::{self, Doc, Scroll};
use crate::console::widgets::list::Fetch;
use crate::safe_text::SafeText;

/// The page in the place of the sheet.
#[derive(Debug, Default)]
pub struct HandoverScreen;

fn document() -> Doc {
    Doc::titled("Handover")
        .text("The handover sheet is not built in this version. Hand over by your plant's own procedure.")
        .section("What you can use meanwhile")
        .text("0 shows every alarm and what waits, 3 and 4 the changes and windows that go on.")
        .text("l writes a line into the log; :log shows the log of everything that was done.")
}

impl Screen for HandoverScreen {
    fn title(&self) -> SafeText {
        SafeText::fixed("Handover")
    }

    fn scope(&self) -> Scope {
        Scope::Handover
    }

    fn ask(&self, _fetch: Fetch) -> Option<Ask> {
        None
    }

    fn accept(&mut self, _data: Data, _fetch: Fetch) {}

    fn act(&mut self, _act: Act) -> Reaction {
        Reaction::Ignored
    }

    fn focus(&self) -> Option<Focus> {
        None
    }

    fn denied(&self, _action: &Action, _ctx: &Ctx<'_>) -> Option<SafeText> {
        None
    }

    fn set_height(&mut self, _rows: u16) {}

    fn strip(&self, _ctx: &Ctx<'_>) -> Vec<Cell> {
        Vec::new()
    }

    fn strip_rows(&self) -> u16 {
        0
    }

    fn view(&self, ctx: &Ctx<'_>, body: Rect, _side: Option<Rect>, buffer: &mut Buffer) {
        doc::draw(&document().fold(body.width, ctx), Scroll::default(), ctx, body, buffer);
    }
}
