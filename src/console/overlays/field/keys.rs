//! The keys of what is typed into a field: which move in it, and what the others are to the text area.

use tui_textarea::{CursorMove, Input, TextArea};

use crate::console::keys::{Code, Key};
use crate::safe_text::SafeText;

/// That a key does nothing where one stands.
pub fn nothing(key: Key) -> SafeText {
    SafeText::from(format!("{key} does nothing here"))
}

/// Moves the cursor in what was typed, if this is a key that does.
pub(super) fn moves(area: &mut TextArea<'static>, key: Key) -> bool {
    let by = match (key.code, key.ctrl) {
        (Code::Left, false) => CursorMove::Back,
        (Code::Right, false) => CursorMove::Forward,
        (Code::Left, true) => CursorMove::WordBack,
        (Code::Right, true) => CursorMove::WordForward,
        (Code::Up, false) => CursorMove::Up,
        (Code::Down, false) => CursorMove::Down,
        (Code::Home, false) => CursorMove::Head,
        (Code::End, false) => CursorMove::End,
        (Code::Home, true) => CursorMove::Top,
        (Code::End, true) => CursorMove::Bottom,
        _ => return false,
    };
    area.move_cursor(by);
    true
}

/// Word and line keys of a shell, which people's fingers know.
pub(super) fn long_shortcut(area: &mut TextArea<'static>, key: Key) -> bool {
    match key {
        Key { code: Code::Char('w'), ctrl: true } => area.delete_word(),
        Key { code: Code::Char('u'), ctrl: true } => area.delete_line_by_head(),
        Key { code: Code::Char('a'), ctrl: true } => {
            area.move_cursor(CursorMove::Head);
            true
        }
        Key { code: Code::Char('e'), ctrl: true } => {
            area.move_cursor(CursorMove::End);
            true
        }
        Key { .. } => false,
    }
}

pub(super) fn textarea_input(key: Key) -> Option<Input> {
    use tui_textarea::Key as To;
    let to = match key.code {
        Code::Char(c) => To::Char(c),
        Code::Enter => To::Enter,
        Code::Backspace => To::Backspace,
        Code::Delete => To::Delete,
        Code::Up => To::Up,
        Code::Down => To::Down,
        Code::Left => To::Left,
        Code::Right => To::Right,
        Code::Home => To::Home,
        Code::End => To::End,
        Code::PageUp => To::PageUp,
        Code::PageDown => To::PageDown,
        Code::Esc | Code::Tab | Code::BackTab | Code::Insert | Code::F(_) => return None,
    };
    Some(Input { key: to, ctrl: key.ctrl, alt: false, shift: false })
}
