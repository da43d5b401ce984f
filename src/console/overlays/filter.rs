//! The filter line, in the footer row: `state:open site:RLF due:<7d words`, with completion of its words.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Reply;
use super::prompt::Prompt;
use crate::console::ctx::Ctx;
use crate::console::keys::{Act, Does, Edit, Keymap, Move, Scope, Ui};
use crate::console::term::{Stroke, Strokes};
use crate::console::theme::Role;
use crate::console::widgets::cell::{Align, Cell};
use crate::console::widgets::paint;
use crate::domain::filter::{Filter as Line, Word};
use crate::safe_text::SafeText;

/// The open filter line.
#[derive(Debug)]
pub struct Filter {
    prompt: Prompt,
    words: Vec<String>,
    known: Option<Vec<Word>>,
    last: String,
    /// Whether nobody has changed it since it was opened: then what is typed is a word of its own.
    untouched: bool,
    /// The beginning that was typed, and which of the words that fit it stands in its place.
    turn: Option<(String, usize)>,
    /// What is not understood in it.
    pub fault: Option<SafeText>,
}

impl Filter {
    /// A filter line that holds the present filter; `words` are what it completes to, as `state:open`, and `known`
    /// what the list can be filtered by, where that is known before it is asked.
    pub fn new(present: &str, words: Vec<String>, known: Option<Vec<Word>>) -> Self {
        let (prompt, last) = (Prompt::holding(present), String::new());
        Self { prompt, words, known, last, untouched: true, turn: None, fault: None }
    }

    /// The same with the filter that the list had last, which Up brings back.
    #[must_use]
    pub fn after(self, last: &str) -> Self {
        Self { last: last.to_owned(), ..self }
    }

    /// Takes strokes.
    pub fn update(&mut self, strokes: &Strokes, keymap: &Keymap) -> Reply {
        for stroke in &strokes.strokes {
            let key = match stroke {
                Stroke::Paste(text) => {
                    self.part(text.chars().next());
                    self.prompt.paste(text);
                    continue;
                }
                Stroke::Key(key) => *key,
            };
            let action = keymap.find(&[Scope::Prompt], key).filter(|_| key.typed().is_none());
            match action.map(|action| action.does) {
                Some(Does::Overlay(Edit::Leave)) => return Reply::Leave,
                Some(Does::Ui(Ui::Repaint)) => return Reply::Repaint,
                Some(Does::Overlay(Edit::Take)) => {
                    let line = self.prompt.text().trim().to_owned();
                    let read = self.known.as_ref().map(|known| Line::parse(&line, known));
                    match read {
                        Some(Err(fault)) => self.fault = Some(SafeText::from(fault.to_string())),
                        Some(Ok(_)) | None => return Reply::Filter(line),
                    }
                }
                Some(Does::Overlay(Edit::Complete)) => {
                    self.untouched = false;
                    self.complete();
                }
                Some(Does::Screen(Act::Move(Move::Up))) if !self.last.is_empty() => {
                    self.prompt.set(self.last.clone());
                }
                Some(_) => {}
                None => {
                    self.part(key.typed());
                    if self.prompt.key(key) {
                        (self.fault, self.turn) = (None, None);
                    }
                }
            }
        }
        Reply::Stay
    }

    /// Sets what is typed first apart from the words that stand there; a comma goes on with the last of them.
    fn part(&mut self, typed: Option<char>) {
        let stands = self.prompt.text().chars().next_back();
        let apart = stands.is_some_and(|last| !last.is_whitespace())
            && typed.is_some_and(|first| first != ',' && !first.is_whitespace());
        if std::mem::take(&mut self.untouched) && apart {
            self.prompt.set(format!("{} ", self.prompt.text()));
        }
    }

    /// Completes as far as all that fits agrees; from there on each Tab takes the next of them.
    fn complete(&mut self) {
        let text = self.prompt.text().to_owned();
        let (head, word) = text.rsplit_once(' ').map_or(("", text.as_str()), |(h, w)| (h, w));
        let gap = if head.is_empty() { "" } else { " " };
        let stem = self.turn.as_ref().map_or(word, |(stem, _)| stem).to_owned();
        let fits: Vec<&String> =
            self.words.iter().filter(|known| known.starts_with(&stem)).collect();
        if let Some((_, at)) = self.turn.as_mut() {
            *at = (*at + 1) % fits.len().max(1);
            if let Some(next) = fits.get(*at) {
                self.prompt.set(format!("{head}{gap}{next}"));
            }
            return;
        }
        let mut found = fits.into_iter();
        let Some(first) = found.next() else { return };
        // As far as all candidates agree.
        let common = found.fold(first.as_str(), |common, other| {
            let same = common.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
            common.get(..same).unwrap_or_default()
        });
        let common = if common == word && common != first && !word.is_empty() {
            self.turn = Some((stem, 0));
            first
        } else {
            common
        };
        self.prompt.set(format!("{head}{gap}{common}"));
    }

    /// The words that the typed beginning may become, or the keys.
    fn hint(&self) -> String {
        let word = self.prompt.text().rsplit(' ').next().unwrap_or_default();
        let word = self.turn.as_ref().map_or(word, |(stem, _)| stem);
        let fits = |known: &&String| {
            known.starts_with(word) && known.len() > word.len() && !word.is_empty()
        };
        let found: Vec<&str> = self.words.iter().filter(fits).map(String::as_str).collect();
        if self.prompt.text().is_empty() && !self.last.is_empty() {
            return format!("Up: {}", self.last);
        }
        if found.is_empty() {
            return "Enter filters, Tab completes, Ctrl-U clears, Esc leaves".to_owned();
        }
        format!("Tab: {}", found.join(" "))
    }

    /// Draws the line.
    pub fn view(&self, ctx: &Ctx<'_>, line: Rect, buffer: &mut Buffer) {
        paint::fill(buffer, line, ctx.style(Role::Normal));
        let (hint, role) = match &self.fault {
            Some(fault) => (SafeText::fixed("  ").then(fault), Role::Error),
            None => (SafeText::from(format!("  {}", self.hint())), Role::Dim),
        };
        // The line itself keeps a third of the row, however long what is wrong is told.
        let width = usize::from(line.width);
        let room = width.saturating_sub(hint.width() + 2).max(width / 3);
        let cell =
            Cell::of("/", Role::Key).and(self.prompt.shown(room), Role::Field).and(hint, role);
        paint::cell(buffer, line, &cell, Align::Left, ctx, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::keys::{Code, Key};

    #[test]
    fn the_last_filter_is_offered_and_up_brings_it_back() {
        let mut filter = Filter::new("", Vec::new(), None).after("site:RLF");
        assert_eq!(filter.hint(), "Up: site:RLF");
        let up = Stroke::Key(Key::plain(Code::Up));
        filter.update(&Strokes { strokes: vec![up], burst: false }, &Keymap::default());
        assert_eq!(filter.prompt.text(), "site:RLF");
    }

    fn typed(present: &str, keys: &str) -> String {
        let mut filter = Filter::new(present, Vec::new(), None);
        for key in keys.split_whitespace() {
            let strokes = vec![Stroke::Key(key.parse().unwrap())];
            filter.update(&Strokes { strokes, burst: false }, &Keymap::default());
        }
        filter.prompt.text().to_owned()
    }

    #[test]
    fn what_is_typed_into_a_line_that_holds_words_is_a_word_of_its_own() {
        assert_eq!(typed("site:GOT", "c r i t"), "site:GOT crit");
        assert_eq!(typed("site:GOT", ", A N R"), "site:GOT,ANR");
        assert_eq!(typed("site:GOT", "Backspace X"), "site:GOX");
        assert_eq!(typed("site:GOT", "Ctrl-U z"), "z");
        assert_eq!(typed("", "z x"), "zx");
        let mut filter = Filter::new("site:GOT", Vec::new(), None);
        let strokes = vec![Stroke::Paste("pump".into())];
        filter.update(&Strokes { strokes, burst: true }, &Keymap::default());
        assert_eq!(filter.prompt.text(), "site:GOT pump");
    }

    #[test]
    fn a_word_is_completed_as_far_as_the_candidates_agree() {
        let words = ["state:approved", "state:asked", "site:RLF"].map(str::to_owned).to_vec();
        let mut filter = Filter::new("site:RLF st", words, None);
        filter.complete();
        assert_eq!(filter.prompt.text(), "site:RLF state:a");
        filter.prompt.paste("s");
        filter.complete();
        assert_eq!(filter.prompt.text(), "site:RLF state:asked");
    }

    #[test]
    fn where_the_candidates_part_each_tab_takes_the_next_of_them() {
        let words = ["state:approved", "state:asked", "site:RLF"].map(str::to_owned).to_vec();
        let mut filter = Filter::new("state:a", words, None);
        let took = |filter: &mut Filter| {
            filter.complete();
            filter.prompt.text().to_owned()
        };
        assert_eq!(took(&mut filter), "state:approved");
        assert_eq!(took(&mut filter), "state:asked");
        assert!(filter.hint().contains("state:approved state:asked"), "{}", filter.hint());
        assert_eq!(took(&mut filter), "state:approved");
    }
}
