//! What lies over a screen and takes all keys: help, palette, filter line, forms, messages.

pub mod drafts;
pub mod field;
pub mod filter;
pub mod form;
pub mod form_help;
pub mod form_view;
pub mod help;
pub mod message;
pub mod palette;
pub mod prompt;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::ctx::Ctx;
use super::data::Submission;
use super::keys::{Action, Keymap, Scope};
use super::screens::Focus;
use super::term::Strokes;

/// An open overlay.
#[derive(Debug)]
pub enum Overlay {
    /// The keys of this screen.
    Help(help::Help),
    /// Any action or subject by a few letters.
    Palette(palette::Palette),
    /// The filter of the list.
    Filter(filter::Filter),
    /// A form or a confirmation.
    Form(Box<form::Form>),
    /// Something to read.
    Message(message::Message),
    /// Unfinished forms that were kept.
    Drafts(drafts::Drafts),
}

/// What an overlay wants done after some strokes.
#[derive(Debug)]
pub enum Reply {
    /// Nothing; it stays open.
    Stay,
    /// It is over.
    Leave,
    /// It is over, and so is its draft.
    ThrowAway,
    /// It is over, and this action is wanted.
    Run(&'static Action),
    /// It is over, and this subject is wanted.
    Go(&'static str),
    /// It is over, and the form of this command on the focused object is wanted.
    Command(&'static str),
    /// Opens the form of a command on the focused object, filled from what was picked.
    Into(&'static str, String),
    /// It is over, and the form of this command is wanted, whatever one stands on.
    Anywhere(&'static str),
    /// It is over, and this object is wanted.
    Open(Focus),
    /// It is over, and the list is to be filtered so.
    Filter(String),
    /// The form is complete.
    Submit(Submission),
    /// The person really leaves.
    Quit,
    /// The screen is to be painted again.
    Repaint,
    /// The help of what is open is wanted over it.
    Help,
    /// The list of unfinished forms is wanted.
    Drafts,
    /// It is over, and this unfinished form is wanted.
    Draft(String),
    /// What was typed into this unfinished form is thrown away; it stays open.
    Discard(String),
}

impl Overlay {
    /// Takes strokes, while it is drawn in this area; an overlay swallows every one.
    pub fn update(
        &mut self,
        strokes: &Strokes,
        keymap: &Keymap,
        ctx: &Ctx<'_>,
        area: Rect,
    ) -> Reply {
        match self {
            Self::Help(help) => help.update(strokes, keymap, area),
            Self::Palette(palette) => palette.update(strokes, keymap, area),
            Self::Filter(filter) => filter.update(strokes, keymap),
            Self::Form(form) => form.update(strokes, keymap, ctx, area),
            Self::Message(message) => message.update(strokes, keymap, ctx, area),
            Self::Drafts(drafts) => drafts.update(strokes, keymap),
        }
    }

    /// The scope whose keys work while it is open.
    pub const fn scope(&self) -> Scope {
        match self {
            Self::Help(_) | Self::Message(_) => Scope::Page,
            Self::Palette(_) | Self::Filter(_) => Scope::Prompt,
            Self::Form(_) => Scope::Form,
            Self::Drafts(_) => Scope::Drafts,
        }
    }

    /// Whether the key that quits leaves the program from here.
    pub fn leaves(&self) -> bool {
        match self {
            Self::Message(message) => message.leaves(),
            Self::Help(_)
            | Self::Palette(_)
            | Self::Filter(_)
            | Self::Form(_)
            | Self::Drafts(_) => false,
        }
    }

    /// Draws the overlay; `area` is body and strip, `line` the footer row.
    pub fn view(
        &self,
        keymap: &Keymap,
        ctx: &Ctx<'_>,
        area: Rect,
        line: Rect,
        buffer: &mut Buffer,
    ) {
        match self {
            Self::Help(help) => help.view(keymap, ctx, area, buffer),
            Self::Palette(palette) => palette.view(ctx, area, buffer),
            Self::Filter(filter) => filter.view(ctx, area, line, buffer),
            Self::Form(form) => form_view::draw(form, ctx, area, buffer),
            Self::Message(message) => message.view(ctx, area, buffer),
            Self::Drafts(drafts) => drafts.view(ctx, area, buffer),
        }
    }
}
