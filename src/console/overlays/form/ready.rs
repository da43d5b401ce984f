//! Ready reasons of commands that must not wait for words: a digit writes one down, Ctrl-O submits it like any other. Whoever
//! goes on typing meant words of their own that begin with a digit.

use super::Form;
use crate::console::keys::Key;
use crate::console::keys::action::READY;

impl Form {
    /// Reasons that a digit writes down, if the command has such.
    pub fn ready(&self) -> &'static [&'static str] {
        READY.iter().find(|(name, _)| *name == self.command).map_or(&[], |(_, reasons)| reasons)
    }

    /// Takes a key for a ready reason; says whether nothing is left to type.
    pub(super) fn picks(&mut self, key: Key) -> bool {
        let (ready, sending) = (self.ready(), self.sending);
        let Some(typed) = key.typed() else { return false };
        let Some(field) = self.fields.get_mut(self.focus) else { return false };
        if field.spec.name != "reason" || sending || ready.is_empty() {
            return false;
        }
        let stands = !self.picked.is_empty() && ready.contains(&field.typed().as_str());
        if !stands {
            self.picked.clear();
        }
        let digit = typed.to_digit(10).and_then(|digit| usize::try_from(digit).ok());
        let reason = digit.and_then(|digit| ready.get(digit.checked_sub(1)?));
        match reason.filter(|_| stands || field.is_empty()) {
            Some(reason) => {
                field.set(reason);
                self.picked.push(typed);
                self.touched = true;
                true
            }
            None => {
                if stands {
                    field.set(&self.picked);
                    self.picked.clear();
                }
                false
            }
        }
    }
}
