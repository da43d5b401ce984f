//! The screen of one document: an object in full, its history, why it is so, who decides.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Focus, Reaction, Screen};
use crate::console::ctx::Ctx;
use crate::console::data::{Ask, Data, Object};
use crate::console::keys::{Act, Action, Scope};
use crate::console::theme::Role;
use crate::console::widgets::cell::Cell;
use crate::console::widgets::doc::{self, Scroll};
use crate::console::widgets::list::Fetch;
use crate::console::widgets::paint;
use crate::safe_text::SafeText;

/// A document about an object, whose verbs work here as in its list.
pub struct PageScreen {
    about: Focus,
    ask: Option<Ask>,
    title: SafeText,
    object: Option<Object>,
    scroll: Scroll,
    height: usize,
}

impl PageScreen {
    /// The object in full; on an alarm, what an operator must know of it.
    pub fn object(about: Focus) -> Self {
        let named = about.alarm.clone().unwrap_or_else(|| about.reference.clone());
        let ask = Ask::Object { reference: named };
        Self::new(about, ask, "")
    }

    /// The entries of the ledger about it.
    pub fn history(about: Focus) -> Self {
        let ask = Ask::History { reference: about.reference.clone() };
        Self::new(about, ask, "history of ")
    }

    /// Why it stands as it does.
    pub fn why(about: Focus) -> Self {
        let ask = Ask::Why { reference: about.reference.clone() };
        Self::new(about, ask, "why: ")
    }

    /// Who decides about it.
    pub fn who_decides(about: Focus) -> Self {
        let ask = Ask::WhoDecides { reference: about.reference.clone() };
        Self::new(about, ask, "who decides: ")
    }

    /// A document that the console has made itself.
    pub fn of_console(about: Focus, object: Object) -> Self {
        let title = about.name.clone();
        let (object, scroll) = (Some(object), Scroll::default());
        Self { about, ask: None, title, object, scroll, height: 1 }
    }

    fn new(about: Focus, ask: Ask, before: &'static str) -> Self {
        let title = SafeText::from(format!("{before}{} {}", about.reference, about.name));
        let (ask, scroll) = (Some(ask), Scroll::default());
        Self { about, ask, title, object: None, scroll, height: 1 }
    }
}

impl Screen for PageScreen {
    fn title(&self) -> SafeText {
        self.title.clone()
    }

    fn scope(&self) -> Scope {
        self.about.scope
    }

    fn ask(&self, fetch: Fetch) -> Option<Ask> {
        match fetch {
            Fetch::Anew | Fetch::Refresh => self.ask.clone(),
            Fetch::More => None,
        }
    }

    fn accept(&mut self, data: Data, _fetch: Fetch) {
        if let Data::Object(object) = data {
            self.object = Some(object);
        }
    }

    fn act(&mut self, act: Act) -> Reaction {
        match act {
            Act::Move(movement) => {
                // Wrapped lines are more than those counted; the drawing clamps what is beyond the end.
                let lines = self.object.as_ref().map_or(0, |object| object.doc.0.len() * 4);
                self.scroll.go(movement, self.height, lines);
                Reaction::Done
            }
            Act::Resort => Reaction::Fetch(Fetch::Anew),
            Act::Open | Act::NextPart | Act::Mark | Act::View | Act::Matrix => Reaction::Ignored,
        }
    }

    fn focus(&self) -> Option<Focus> {
        Some(self.about.clone())
    }

    fn denied(&self, action: &Action, _ctx: &Ctx<'_>) -> Option<SafeText> {
        self.object.as_ref()?.denied.get(action.id).cloned()
    }

    fn set_height(&mut self, rows: u16) {
        self.height = usize::from(rows.saturating_sub(1)).max(1);
    }

    fn strip(&self, _ctx: &Ctx<'_>) -> Vec<Cell> {
        Vec::new()
    }

    fn strip_rows(&self) -> u16 {
        0
    }

    fn view(&self, ctx: &Ctx<'_>, body: Rect, side: Option<Rect>, buffer: &mut Buffer) {
        let body = side.map_or(body, |side| body.union(side));
        paint::text(buffer, paint::row(body, 0), &self.title, ctx.style(Role::Title));
        let rest = Rect { y: body.y + 1, height: body.height.saturating_sub(1), ..body };
        match &self.object {
            Some(object) => {
                // What the console has made itself is as true as ever.
                let ctx = Ctx { stale: ctx.stale && self.ask.is_some(), ..*ctx };
                let lines: Vec<Cell> = object.doc.fold(rest.width, &ctx);
                doc::draw(&lines, self.scroll, &ctx, rest, buffer);
            }
            None => {
                paint::text(buffer, rest, &SafeText::fixed("reading …"), ctx.style(Role::Dim));
            }
        }
    }
}
