//! The palette: a few letters find any action, subject or command, and objects of the store. Also the choice
//! between the commands of one key.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Reply;
use super::prompt::Prompt;
use crate::console::ctx::Ctx;
use crate::console::data::{Ask, Found};
use crate::console::keys::{Act, Action, Does, Edit, Keymap, Move, Scope, Ui};
use crate::console::screens::Focus;
use crate::console::term::{Stroke, Strokes};
use crate::console::theme::Role;
use crate::console::widgets::cell::{Align, Cell};
use crate::console::widgets::paint;
use crate::safe_text::SafeText;

/// Columns that the name of an entry takes.
const NAME: usize = 24;

/// What an entry leads to.
#[derive(Clone, Debug)]
pub enum Target {
    /// An action of the table.
    Action(&'static Action),
    /// A subject, by the name that `smc list` uses.
    Subject(&'static str),
    /// A command on the focused object, by name.
    Command(&'static str),
    /// A command on the focused object, filled from what is picked: its name and the reference.
    Into(&'static str, String),
    /// A command by name, whatever one stands on.
    Anywhere(&'static str),
    /// An object of the store.
    Object(Focus),
    /// More words, which this one stands before.
    Before(&'static str),
    /// The list of unfinished forms.
    Drafts,
}

/// Words of the command line that stand before what is looked for; the palette finds it with them or without.
pub const BEFORE: &[(&str, &str)] = &[
    ("show", "Opens an object by its reference or a word of it: show CR-12."),
    ("list", "Opens a list by its name: list windows."),
];

/// Rows in which the selected entry is told whole, where its columns cut it.
const TOLD: u16 = 2;

/// Letters from which on objects are looked for.
const ENOUGH: usize = 2;

/// One thing that can be found.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its name, which the typed letters are matched with.
    pub name: SafeText,
    /// What it is or does.
    pub help: SafeText,
    /// Why it cannot be taken now, if it cannot.
    pub denied: Option<SafeText>,
    /// Where it leads.
    pub target: Target,
}

impl Entry {
    /// What it is or does, or why it cannot be taken now.
    fn said(&self) -> SafeText {
        let off = self.denied.as_ref().map(|why| SafeText::from(format!("off: {why}")));
        off.unwrap_or_else(|| self.help.clone())
    }
}

/// The open palette.
#[derive(Debug)]
pub struct Palette {
    title: SafeText,
    prompt: Prompt,
    entries: Vec<Entry>,
    found: Vec<usize>,
    at: usize,
    /// Entries that were there before any object was found.
    fixed: usize,
    objects: bool,
    asked: String,
}

impl Palette {
    /// A palette over these entries.
    pub fn new(title: SafeText, entries: Vec<Entry>) -> Self {
        Self { objects: true, ..Self::choice(title, entries) }
    }

    /// A choice among these entries only.
    pub fn choice(title: SafeText, entries: Vec<Entry>) -> Self {
        let found = (0..entries.len()).collect();
        let (prompt, fixed, asked) = (Prompt::default(), entries.len(), String::new());
        Self { title, prompt, entries, found, at: 0, fixed, objects: false, asked }
    }

    /// What is looked for, without the word that the command line has before it.
    fn words(&self) -> &str {
        let typed = self.prompt.text().trim_start();
        let rest =
            typed.split_once(' ').filter(|(first, _)| BEFORE.iter().any(|(b, _)| b == first));
        rest.map_or(typed, |(_, rest)| rest)
    }

    /// The question for objects that the letters mean, once for each text.
    pub fn wish(&mut self) -> Option<Ask> {
        let words = self.words().trim().to_owned();
        if !self.objects || words.chars().count() < ENOUGH || words == self.asked {
            return None;
        }
        self.asked.clone_from(&words);
        Some(Ask::Find { words })
    }

    /// Takes the objects that were found; the line that one stands on stays where it is.
    pub fn found(&mut self, list: Vec<Found>) {
        let at = self.found.get(self.at).copied().filter(|at| *at < self.fixed);
        self.entries.truncate(self.fixed);
        self.entries.extend(list.into_iter().map(|found| {
            let focus = Focus::of(&found.reference, found.title.clone(), found.scope);
            Entry {
                name: SafeText::from_untrusted(&found.reference),
                help: found.title,
                denied: None,
                target: Target::Object(focus),
            }
        }));
        self.search();
        if let Some(place) = at.and_then(|at| self.found.iter().position(|one| *one == at)) {
            // With the first line one stands on nothing in particular: what fits best comes first.
            self.at = if self.at == 0 { 0 } else { place };
        }
    }

    /// Takes strokes, while it is drawn in this area.
    pub fn update(&mut self, strokes: &Strokes, keymap: &Keymap, area: Rect) -> Reply {
        let page = self.height(area).saturating_sub(1).max(1);
        for stroke in &strokes.strokes {
            let key = match stroke {
                Stroke::Paste(text) => {
                    self.prompt.paste(text);
                    self.search();
                    continue;
                }
                Stroke::BrokenPaste => continue,
                Stroke::Key(key) => *key,
            };
            let action = keymap.find(&[Scope::Prompt], key).filter(|_| key.typed().is_none());
            match action.map(|action| action.does) {
                Some(Does::Screen(Act::Move(Move::Down)) | Does::Overlay(Edit::Complete)) => {
                    self.at = (self.at + 1).min(self.found.len().max(1) - 1)
                }
                Some(Does::Screen(Act::Move(Move::Up))) => self.at = self.at.saturating_sub(1),
                Some(Does::Screen(Act::Move(Move::PageDown))) => {
                    self.at = (self.at + page).min(self.found.len().max(1) - 1)
                }
                Some(Does::Screen(Act::Move(Move::PageUp))) => {
                    self.at = self.at.saturating_sub(page)
                }
                Some(Does::Overlay(Edit::Leave)) => return Reply::Leave,
                Some(Does::Ui(Ui::Repaint)) => return Reply::Repaint,
                Some(Does::Overlay(Edit::Help)) if !strokes.burst => return Reply::Help,
                Some(Does::Overlay(Edit::Take)) if !strokes.burst => {
                    let Some(word) = self.before() else { return self.take() };
                    self.prompt.set(format!("{word} "));
                    self.search();
                }
                Some(_) => {}
                None => {
                    if self.prompt.key(key) {
                        self.search();
                    }
                }
            }
        }
        Reply::Stay
    }

    /// The entry that one stands on.
    fn taken(&self) -> Option<&Entry> {
        self.found.get(self.at).and_then(|at| self.entries.get(*at))
    }

    /// The word that one stands on, if more is to be typed behind it.
    fn before(&self) -> Option<&'static str> {
        let Some(Entry { target: Target::Before(word), .. }) = self.taken() else { return None };
        Some(word)
    }

    fn take(&self) -> Reply {
        match self.taken() {
            Some(Entry { denied: None, target: Target::Action(action), .. }) => Reply::Run(action),
            Some(Entry { denied: None, target: Target::Subject(name), .. }) => Reply::Go(name),
            Some(Entry { denied: None, target: Target::Command(name), .. }) => Reply::Command(name),
            Some(Entry { denied: None, target: Target::Into(name, into), .. }) => {
                Reply::Into(name, into.clone())
            }
            Some(Entry { denied: None, target: Target::Anywhere(name), .. }) => {
                Reply::Anywhere(name)
            }
            Some(Entry { denied: None, target: Target::Drafts, .. }) => Reply::Drafts,
            Some(Entry { denied: None, target: Target::Object(focus), .. }) => {
                Reply::Open(focus.clone())
            }
            Some(Entry { denied: Some(_), .. } | Entry { target: Target::Before(_), .. })
            | None => Reply::Stay,
        }
    }

    fn search(&mut self) {
        let mut scored: Vec<(usize, usize)> = self
            .entries
            .iter()
            .enumerate()
            .filter_map(|(at, entry)| Some((score(self.words(), entry)?, at)))
            .collect();
        scored.sort_unstable();
        self.found = scored.into_iter().map(|(_, at)| at).collect();
        self.at = 0;
    }

    /// Rows that the entries have in an area: all but the line that one types in, a row that says how many more there are,
    /// and those in which the selected one is told whole.
    fn height(&self, area: Rect) -> usize {
        let room = usize::from(area.height.saturating_sub(1 + TOLD)).max(1);
        if self.found.len() > room { room.saturating_sub(1).max(1) } else { room }
    }

    /// What the columns cut of the selected entry, whole.
    fn told(&self, width: u16) -> Vec<SafeText> {
        let entry = self.found.get(self.at).and_then(|at| self.entries.get(*at));
        let Some(entry) = entry else { return Vec::new() };
        let width = usize::from(width);
        let cut = entry.name.width() > NAME || entry.said().width() + NAME + 2 > width;
        let told = SafeText::join(&[entry.name.clone(), entry.said()], ": ");
        let lines = if cut { told.wrap(width) } else { Vec::new() };
        lines.into_iter().take(usize::from(TOLD)).collect()
    }

    /// Draws the palette over the screen.
    pub fn view(&self, ctx: &Ctx<'_>, area: Rect, buffer: &mut Buffer) {
        paint::fill(buffer, area, ctx.style(Role::Normal));
        let head = Cell::of(self.title.clone(), Role::Title)
            .and(" ", Role::Normal)
            .and(self.prompt.shown(usize::from(area.width) / 2), Role::Field);
        paint::cell(buffer, paint::row(area, 0), &head, Align::Left, ctx, None);
        let height = self.height(area);
        let top = (self.at + 1).saturating_sub(height);
        let below = self.found.len().saturating_sub(top + height);
        let row = |y: usize| paint::row(area, u16::try_from(y).unwrap_or(u16::MAX));
        // The row below the last says how many more there are.
        if self.found.len() > height && height > 1 {
            let more = match (top, below) {
                (0, below) => format!(" ↓ {below} more"),
                (top, 0) => format!(" ↑ {top} more"),
                (top, below) => format!(" ↑ {top} more, ↓ {below} more"),
            };
            let more = Cell::of(more, Role::Dim);
            paint::cell(buffer, row(1 + height), &more, Align::Left, ctx, None);
        }
        for (y, text) in (0..).zip(self.told(area.width)) {
            let row = row(usize::from(area.height.saturating_sub(TOLD)) + y);
            paint::text(buffer, row, &text, ctx.style(Role::Normal));
        }
        let shown = self.found.iter().enumerate().skip(top).take(height);
        for (y, (place, at)) in (1..).zip(shown) {
            let Some(entry) = self.entries.get(*at) else { continue };
            let selected = place == self.at;
            let mark = if selected { ">" } else { " " };
            let (name_role, role) = match (selected, &entry.denied) {
                (true, _) => (Role::Selected, Role::Normal),
                (false, Some(_)) => (Role::Dim, Role::Dim),
                (false, None) => (Role::Normal, Role::Dim),
            };
            let line = Cell::text(mark)
                .and(entry.name.pad(NAME), name_role)
                .and(" ", role)
                .and(entry.said(), role);
            paint::cell(buffer, paint::row(area, y), &line, Align::Left, ctx, None);
        }
        if self.found.is_empty() {
            let none = Cell::of(SafeText::fixed(" nothing is called so"), Role::Dim);
            paint::cell(buffer, paint::row(area, 1), &none, Align::Left, ctx, None);
        }
    }
}

/// How well an entry fits; smaller is better. The letters must come in order, near each other and early.
fn score(letters: &str, entry: &Entry) -> Option<usize> {
    let mut name = entry.name.as_str().to_lowercase();
    if let Target::Object(_) = entry.target {
        // The store found it by its words: its reference typed whole stands first, the rest after the actions.
        if name == letters.trim().to_lowercase() {
            return Some(0);
        }
        name = format!("{name} {}", entry.help.as_str().to_lowercase());
        return Some(name.find(&letters.trim().to_lowercase()).map_or(60, |at| 20 + at.min(30)));
    }
    let by_help = said(letters, entry).then_some(SAID);
    let by_name = in_order(letters, &name, entry.denied.is_some());
    [by_help, by_name].into_iter().flatten().min()
}

/// How well a word of what a list is said to be fits.
const SAID: usize = 20;

/// Fewest letters by which a list is found by what is said of it.
const WORD: usize = 4;

/// Whether a word of what is said of a list begins so: who looks for the audit trail need not know its name.
fn said(letters: &str, entry: &Entry) -> bool {
    let letters = letters.trim().to_lowercase();
    let help = entry.help.as_str().to_lowercase();
    matches!(entry.target, Target::Subject(_))
        && letters.chars().count() >= WORD
        && help.split_whitespace().any(|word| word.starts_with(&letters))
}

fn in_order(letters: &str, name: &str, denied: bool) -> Option<usize> {
    let mut from = 0;
    let mut total = if denied { 50 } else { 0 };
    for letter in letters.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase) {
        let ahead = name.chars().skip(from).position(|c| c == letter)?;
        total += ahead * 2;
        from += ahead + 1;
    }
    Some(total + name.chars().count().saturating_sub(from))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &'static str) -> Entry {
        let name_text = SafeText::fixed(name);
        Entry {
            name: name_text,
            help: SafeText::default(),
            denied: None,
            target: Target::Subject(name),
        }
    }

    #[test]
    fn a_list_is_found_by_a_word_that_is_said_of_it() {
        let log = Entry { help: "The audit trail: every entry.".into(), ..entry("log") };
        let mut palette = Palette::new(SafeText::fixed(":"), vec![entry("assets"), log]);
        palette.prompt.paste("audit");
        palette.search();
        assert_eq!(palette.found, [1]);
        palette.prompt.set("every trail".to_owned());
        palette.search();
        assert!(palette.found.is_empty());
    }

    #[test]
    fn the_words_of_the_command_line_find_what_they_find_there() {
        let before =
            BEFORE.iter().map(|(word, _)| Entry { target: Target::Before(word), ..entry(word) });
        let entries = before.chain(["windows", "assets"].map(entry)).collect();
        let mut palette = Palette::new(SafeText::fixed(":"), entries);
        palette.prompt.paste("list windows");
        palette.search();
        assert!(matches!(palette.take(), Reply::Go("windows")));
        palette.prompt.set("show".to_owned());
        palette.search();
        let enter = Strokes { strokes: vec![Stroke::Key("Enter".parse().unwrap())], burst: false };
        assert!(matches!(
            palette.update(&enter, &Keymap::default(), Rect::new(0, 2, 80, 20)),
            Reply::Stay
        ));
        assert_eq!(palette.prompt.text(), "show ", "one types on");
        palette.prompt.set("show CR-12".to_owned());
        assert!(matches!(palette.wish(), Some(Ask::Find { words }) if words == "CR-12"));
    }

    #[test]
    fn letters_in_order_find_and_the_nearest_stands_first() {
        let mut palette = Palette::new(
            SafeText::fixed(":"),
            ["advisories", "assets", "vendors"].map(entry).into(),
        );
        palette.prompt.paste("as");
        palette.search();
        assert!(matches!(palette.take(), Reply::Go("assets")));
        palette.prompt.paste("zz");
        palette.search();
        assert!(matches!(palette.take(), Reply::Stay));
    }

    #[test]
    fn a_long_palette_is_gone_through_by_pages_and_what_is_cut_is_told_whole() {
        use crate::console::ctx::Me;
        use crate::console::keys::{Code, Key};
        use crate::console::theme::Look;
        let help = "Asks for a change or a vendor's access for this risk's assets, or raises another risk.";
        let entries = (0..60).map(|_| Entry { help: help.into(), ..entry("change.request") });
        let mut palette = Palette::choice(SafeText::fixed("new"), entries.collect());
        let area = Rect::new(0, 0, 80, 20);
        let mut strike = |code: Code| {
            let strokes = vec![Stroke::Key(Key::plain(code))];
            palette.update(&Strokes { strokes, burst: false }, &Keymap::default(), area);
            palette.at
        };
        let page = strike(Code::PageDown);
        assert!((10..20).contains(&page), "{page}");
        assert_eq!([strike(Code::PageDown), strike(Code::PageUp)], [2 * page, page]);
        let look = Look::default();
        let (now, utc) = (crate::domain::time::Time::default(), chrono_tz::Tz::UTC);
        let me = Me { holder: None, now };
        let ctx = Ctx { now, utc: true, local: utc, zone: utc, look: &look, stale: false, me };
        let mut buffer = Buffer::empty(area);
        palette.view(&ctx, area, &mut buffer);
        let rows: Vec<String> = buffer
            .content
            .chunks(80)
            .map(|row| row.iter().map(ratatui::buffer::Cell::symbol).collect())
            .collect();
        let told = rows[18..].iter().flat_map(|row| row.split_whitespace());
        let told = told.collect::<Vec<_>>().join(" ");
        assert_eq!(told, format!("change.request: {help}"));
        assert!(rows[17].contains('↓'), "{rows:?}");
    }
}
