//! The filter line, in the footer row: `state:open site:RLF due:<7d words`, with completion of its words.

mod shown;
pub mod values;

use super::Reply;
use super::prompt::Prompt;
use crate::console::data::{Ask, Suggestion};
use crate::console::keys::{Act, Does, Edit, Keymap, Move, Scope, Ui};
use crate::console::term::{Stroke, Strokes};
use crate::domain::filter::{Filter as Line, Word};
use crate::safe_text::SafeText;

/// The open filter line.
#[derive(Debug)]
pub struct Filter {
    prompt: Prompt,
    words: Vec<String>,
    known: Option<Vec<Word>>,
    /// The list that it filters; none for what is no list of the store.
    list: &'static str,
    /// The word with its value so far for which the store was asked.
    asked: Option<String>,
    /// Whether it has answered.
    answered: bool,
    /// Whether a Tab waits for what the store says to it.
    waits: bool,
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
        let (list, asked, waits, untouched) = ("", None, false, true);
        let (answered, turn, fault) = (false, None, None);
        Self { prompt, words, known, list, asked, answered, waits, last, untouched, turn, fault }
    }

    /// The same for this list of the store, which completes what its words name.
    #[must_use]
    pub fn of(self, list: &'static str) -> Self {
        Self { list, ..self }
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
                    self.waits = false;
                    continue;
                }
                Stroke::BrokenPaste => continue,
                Stroke::Key(key) => *key,
            };
            let action = keymap.find(&[Scope::Prompt], key).filter(|_| key.typed().is_none());
            match action.map(|action| action.does) {
                Some(Does::Overlay(Edit::Leave)) => return Reply::Leave,
                Some(Does::Ui(Ui::Repaint)) => return Reply::Repaint,
                Some(Does::Overlay(Edit::Help)) if !strokes.burst => return Reply::Help,
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
                    self.waits = self.named().is_some_and(|(stem, _)| !self.knows(&stem));
                    if !self.waits {
                        self.complete();
                    }
                }
                Some(Does::Screen(Act::Move(Move::Up))) if !self.last.is_empty() => {
                    self.prompt.set(self.last.clone());
                }
                Some(_) => {}
                None => {
                    self.part(key.typed());
                    if self.prompt.key(key) {
                        // A Tab that waited was of another beginning.
                        (self.fault, self.turn, self.waits) = (None, None, false);
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

    /// The word that one types in, and what stands before it.
    fn word(&self) -> (&str, &str) {
        let text = self.prompt.text();
        text.rsplit_once(' ').map_or(("", text), |(head, word)| (head, word))
    }

    /// The word so far, of several values with the last alone, and what the store is asked to complete it; none for a
    /// word that names nothing in the store, and while the candidates take turns.
    fn named(&self) -> Option<(String, Ask)> {
        let (name, rest) = self.word().1.split_once(':')?;
        let name = name.to_lowercase();
        let begins = rest.rsplit_once(',').map_or(rest, |(_, last)| last).to_owned();
        let knows = |known: &Vec<Word>| known.iter().any(|word| word.name == name);
        let asks = self.turn.is_none() && self.known.as_ref().is_none_or(knows);
        let of = values::named(self.list, &name).filter(|_| asks)?;
        Some((format!("{name}:{begins}"), Ask::Values { of, begins }))
    }

    fn asked(&self, stem: &str) -> bool {
        self.asked.as_deref() == Some(stem)
    }

    /// Whether what the store knows of it is here.
    fn knows(&self, stem: &str) -> bool {
        self.asked(stem) && self.answered
    }

    /// The question to the store that was not asked yet.
    pub fn wish(&mut self) -> Option<Ask> {
        let (stem, ask) = self.named().filter(|(stem, _)| !self.asked(stem))?;
        (self.asked, self.answered) = (Some(stem), false);
        Some(ask)
    }

    /// Takes what the store knows.
    pub fn suggest(&mut self, list: Vec<Suggestion>) {
        let Some((name, _)) = self.asked.as_ref().and_then(|stem| stem.split_once(':')) else {
            return;
        };
        let name = name.to_lowercase();
        for one in list {
            let word = format!("{name}:{}", one.value);
            if !self.words.contains(&word) {
                self.words.push(word);
            }
        }
        self.answered = true;
        if std::mem::take(&mut self.waits) {
            self.complete();
        }
    }

    /// What this beginning may become; of several values after one word the last.
    fn fits(&self, stem: &str) -> Vec<String> {
        let longer = |stem: &str| {
            let fits = |known: &&String| begins(known, stem) && known.as_str() != stem;
            self.words.iter().filter(fits).cloned().collect::<Vec<_>>()
        };
        let listed = stem.split_once(':').and_then(|(name, rest)| {
            let (before, last) = rest.rsplit_once(',')?;
            Some((name, before, longer(&format!("{name}:{last}"))))
        });
        match listed {
            None => longer(stem),
            Some((name, before, found)) => {
                let value = |word: &String| Some(word.split_once(':')?.1.to_owned());
                let values = found.iter().filter_map(value);
                values.map(|value| format!("{name}:{before},{value}")).collect()
            }
        }
    }

    /// Completes as far as all that fits agrees; from there on each Tab takes the next of them.
    fn complete(&mut self) {
        let (head, word) = self.word();
        let (head, word) = (head.to_owned(), word.to_owned());
        let gap = if head.is_empty() { "" } else { " " };
        let stem = self.turn.as_ref().map_or(&word, |(stem, _)| stem).clone();
        let fits = self.fits(&stem);
        if let Some((_, at)) = self.turn.as_mut() {
            *at = (*at + 1) % fits.len().max(1);
            if let Some(next) = fits.get(*at) {
                self.prompt.set(format!("{head}{gap}{next}"));
            }
            return;
        }
        let mut found = fits.iter();
        let Some(first) = found.next() else { return };
        // As far as all candidates agree.
        let common = found.fold(first.as_str(), |common, other| {
            let agree = |(a, b): &(u8, u8)| a.eq_ignore_ascii_case(b);
            let same = common.bytes().zip(other.bytes()).take_while(agree).count();
            common.get(..same).unwrap_or_default()
        });
        let common = if common.eq_ignore_ascii_case(&word) && !word.is_empty() {
            self.turn = Some((stem, 0));
            first
        } else {
            common
        };
        self.prompt.set(format!("{head}{gap}{common}"));
    }
}

/// Whether a word begins so, in small letters or capitals.
pub fn begins(word: &str, so: &str) -> bool {
    word.get(..so.len()).is_some_and(|head| head.eq_ignore_ascii_case(so))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::data::Looked;
    use crate::console::keys::{Code, Key};

    #[test]
    fn the_last_filter_is_offered_and_up_brings_it_back() {
        let mut filter = Filter::new("", Vec::new(), None).after("site:RLF");
        assert_eq!(filter.hint(80), "Up: site:RLF");
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
    fn of_several_values_the_last_is_completed() {
        let words = ["state:approved", "state:asked", "site:RLF"].map(str::to_owned).to_vec();
        let mut filter = Filter::new("state:asked,ap", words, None);
        filter.complete();
        assert_eq!(filter.prompt.text(), "state:asked,approved");
    }

    #[test]
    fn completion_minds_no_capitals_and_writes_the_word_as_it_is_known() {
        let words = ["state:approved", "site:ANR", "site:GOT"].map(str::to_owned).to_vec();
        for (typed, completed) in [
            ("site:a", "site:ANR"),
            ("SITE:got", "site:GOT"),
            ("State:App", "state:approved"),
            ("site:got,an", "site:got,ANR"),
        ] {
            let mut filter = Filter::new(typed, words.clone(), None);
            filter.complete();
            assert_eq!(filter.prompt.text(), completed, "{typed}");
        }
        let mut filter = Filter::new("WHO:OL", Vec::new(), None).of("log");
        assert_eq!(
            filter.wish(),
            Some(Ask::Values { of: Looked::In("people", ""), begins: "OL".to_owned() })
        );
        filter.suggest(vec![Suggestion { value: "olga".to_owned(), said: "".into() }]);
        filter.complete();
        assert_eq!(filter.prompt.text(), "who:olga");
        // Where the candidates part at a letter of another case, nothing that was typed is lost.
        let parted = ["asset:RLF/PLC-1", "asset:RLF/plc-2"].map(str::to_owned).to_vec();
        let mut filter = Filter::new("asset:rlf/p", parted, None);
        filter.complete();
        assert_eq!(filter.prompt.text(), "asset:RLF/PLC-");
    }

    #[test]
    fn what_a_word_names_is_asked_of_the_store_and_a_tab_waits_for_the_answer() {
        let mut filter = Filter::new("", vec!["who:".to_owned()], None).of("log");
        let strike = |filter: &mut Filter, key: Key| {
            let strokes = Strokes { strokes: vec![Stroke::Key(key)], burst: false };
            filter.update(&strokes, &Keymap::default());
            filter.wish()
        };
        let tab = Key::plain(Code::Tab);
        let wish = |begins: &str| {
            Some(Ask::Values { of: Looked::In("people", ""), begins: begins.to_owned() })
        };
        let person = |login: &str| Suggestion { value: login.to_owned(), said: "".into() };
        let people = || vec![person("olga"), person("olaf")];
        for c in "who".chars() {
            assert_eq!(strike(&mut filter, Key::char(c)), None);
        }
        assert_eq!(strike(&mut filter, tab), wish(""), "Tab writes the colon");
        assert_eq!(strike(&mut filter, Key::char('o')), wish("o"));
        assert_eq!(strike(&mut filter, tab), None, "the answer is on its way");
        assert_eq!(filter.prompt.text(), "who:o");
        filter.suggest(people());
        assert_eq!(filter.prompt.text(), "who:ol");
        assert_eq!(filter.wish(), wish("ol"));
        filter.suggest(people());
        let mut took = Vec::new();
        for _ in 0..3 {
            assert_eq!(strike(&mut filter, tab), None);
            took.push(filter.prompt.text().to_owned());
        }
        assert_eq!(took, ["who:olga", "who:olaf", "who:olga"]);
        strike(&mut filter, Key::plain(Code::Backspace));
        strike(&mut filter, tab);
        strike(&mut filter, Key::plain(Code::Backspace));
        filter.suggest(people());
        assert_eq!(filter.prompt.text(), "who:ol", "whoever goes on typing is not interrupted");
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
        assert!(filter.hint(80).contains("state:approved state:asked"), "{}", filter.hint(80));
        assert_eq!(took(&mut filter), "state:approved");
    }
}
