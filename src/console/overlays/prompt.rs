//! One line of typed text, for prompts. Long texts and fields with a cursor use the text area instead.

use crate::console::keys::{Code, Key};
use crate::safe_text::SafeText;

/// Most characters of a prompt.
const LONGEST: usize = 200;

/// The text typed so far; the cursor is always at its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prompt(String);

impl Prompt {
    /// A prompt that holds a text.
    pub fn holding(text: &str) -> Self {
        let mut prompt = Self::default();
        prompt.paste(text);
        prompt
    }

    /// Takes a key; says whether the text changed.
    pub fn key(&mut self, key: Key) -> bool {
        match (key.typed(), key) {
            (Some(c), _) => self.push(c),
            (None, Key { code: Code::Backspace, .. }) => self.0.pop().is_some(),
            (None, Key { code: Code::Char('u'), ctrl: true }) => {
                self.0.clear();
                true
            }
            (None, Key { code: Code::Char('w'), ctrl: true }) => {
                let kept = self.0.trim_end().rsplit_once(' ').map_or(0, |(head, _)| head.len() + 1);
                self.0.truncate(kept);
                true
            }
            (None, Key { .. }) => false,
        }
    }

    /// Takes pasted text: its first line, made safe.
    pub fn paste(&mut self, text: &str) {
        let line = SafeText::from_untrusted(text.lines().next().unwrap_or_default());
        for c in line.as_str().chars() {
            self.push(c);
        }
    }

    fn push(&mut self, c: char) -> bool {
        let room = self.0.chars().count() < LONGEST && !c.is_control();
        if room {
            self.0.push(c);
        }
        room
    }

    /// Replaces the text.
    pub fn set(&mut self, text: String) {
        self.0 = text;
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The end of the text that fits, with a mark where the next character goes.
    pub fn shown(&self, cols: usize) -> SafeText {
        let mut text = SafeText::from_untrusted(&self.0);
        while text.width() + 1 > cols && !text.is_empty() {
            let rest: String = text.as_str().chars().skip(1).collect();
            text = SafeText::from(rest);
        }
        text.then(&SafeText::fixed("_"))
    }
}
