//! The help over an open overlay: what it covers stays as it is, follows its object, and comes back when the help is left.

use ratatui::layout::Rect;

use super::{App, Effect, view};
use crate::console::keys::{Scope, all};
use crate::console::overlays::form_help;
use crate::console::overlays::help::Help;
use crate::console::overlays::message::Message;
use crate::console::overlays::{Overlay, Reply};
use crate::console::term::{Stroke, Strokes};

impl App {
    /// The help that lies over the open overlay.
    pub(super) fn aid(&self) -> Option<&Overlay> {
        self.aid.as_ref().map(|(aid, _)| aid)
    }

    /// Opens the help of an overlay over it.
    pub(super) fn open_aid(&mut self, overlay: Overlay) -> Vec<Effect> {
        let keys =
            |scope: Scope| Overlay::Help(Help::new(None, &[scope], all().collect(), Vec::new()));
        let aid = match &overlay {
            Overlay::Form(form) => {
                let ctx = self.ctx(self.zone_of(&overlay));
                Overlay::Message(Message::new(form_help::help(form, &self.keymap, &ctx)))
            }
            Overlay::Palette(_) | Overlay::Filter(_) => keys(Scope::Prompt),
            Overlay::Help(_) | Overlay::Message(_) => keys(Scope::Page),
            Overlay::Drafts(_) => keys(Scope::Drafts),
        };
        self.aid = Some((aid, self.now));
        self.overlay = Some(overlay);
        Vec::new()
    }

    /// Takes a stroke while help lies over an overlay.
    pub(super) fn in_aid(&mut self, stroke: Stroke, burst: bool) -> Vec<Effect> {
        if let Stroke::Paste(_) = stroke {
            self.say("help is open: nothing of the paste was taken".into());
            self.aloud = true;
            return Vec::new();
        }
        let Some((mut aid, since)) = self.aid.take() else { return Vec::new() };
        let area = self.layout().map_or(Rect::ZERO, |layout| view::over(&layout));
        let strokes = Strokes { strokes: vec![stroke], burst };
        let effects = match aid.update(&strokes, &self.keymap, &self.ctx(None), area) {
            // The key that opened it closes it too.
            Reply::Leave | Reply::Quit | Reply::Help => {
                if let Some(Overlay::Form(form)) = &mut self.overlay {
                    form.uncovered(since, self.now);
                }
                return Vec::new();
            }
            Reply::Repaint => vec![Effect::Repaint],
            Reply::Stay
            | Reply::ThrowAway
            | Reply::Run(_)
            | Reply::Go(_)
            | Reply::Command(_)
            | Reply::Into(..)
            | Reply::Anywhere(_)
            | Reply::Open(_)
            | Reply::Filter(_)
            | Reply::Drafts
            | Reply::Draft(_)
            | Reply::Discard(_)
            | Reply::Submit(_) => Vec::new(),
        };
        self.aid = Some((aid, since));
        effects
    }
}
