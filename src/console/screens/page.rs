//! The screen of one document: an object in full, its history, why it is so, who decides.

mod steps;

use chrono_tz::Tz;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Focus, Reaction, Screen, cells};
use crate::console::ctx::{Ctx, Me};
use crate::console::data::{Ask, Data, Object};
use crate::console::keys::{Act, Action, Scope};
use crate::console::theme::{Look, Role};
use crate::console::widgets::cell::{Align, Cell, Part};
use crate::console::widgets::doc::{self, Doc, Scroll};
use crate::console::widgets::list::Fetch;
use crate::console::widgets::paint;
use crate::domain::time::Time;
use crate::safe_text::SafeText;
use steps::{Laid, Step, Steps};

/// A document about an object, whose verbs work here as in its list.
pub struct PageScreen {
    about: Focus,
    ask: Option<Ask>,
    title: SafeText,
    object: Option<Object>,
    because: Option<SafeText>,
    scroll: Scroll,
    steps: Steps,
    height: usize,
    width: u16,
    /// Whether it takes long to make, so that news do not make it again.
    long: bool,
}

/// A clock for counting the lines of a document: an instant takes the same columns in any zone and at any time.
fn counting(look: &Look) -> Ctx<'_> {
    let now = Time::default();
    let me = Me { holder: None, now };
    Ctx { now, utc: true, local: chrono_tz::Tz::UTC, zone: Tz::UTC, look, stale: false, me }
}

/// What stands above a page: the object by its reference and its name.
fn headed(before: &str, about: &Focus) -> SafeText {
    let name = if about.name.as_str() == about.reference { "" } else { about.name.as_str() };
    SafeText::from(format!("{before}{} {name}", about.reference).trim_end())
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

    /// A document about the store that takes long to make: it is asked for once, and again when it is sorted again.
    pub fn of_store(title: &'static str, ask: Ask) -> Self {
        let about = Focus::of("store", SafeText::fixed(title), Scope::Everywhere);
        let title = SafeText::fixed(title);
        Self { title, long: true, ..Self::empty(about, Some(ask)) }
    }

    /// A document that the console has made itself.
    pub fn of_console(about: Focus, object: Object) -> Self {
        let title = about.name.clone();
        Self { title, object: Some(object), ..Self::empty(about, None) }
    }

    /// The page with what its row in a list says of why it stands there.
    #[must_use]
    pub fn with(mut self, because: Option<SafeText>) -> Self {
        self.because = because;
        self
    }

    fn empty(about: Focus, ask: Option<Ask>) -> Self {
        Self {
            about,
            ask,
            title: SafeText::default(),
            object: None,
            because: None,
            scroll: Scroll::default(),
            steps: Steps::default(),
            height: 1,
            width: 80,
            long: false,
        }
    }

    fn new(about: Focus, ask: Ask, before: &'static str) -> Self {
        let title = headed(before, &about);
        Self { title, ..Self::empty(about, Some(ask)) }
    }

    /// What stands below the title, as it falls at a width; nothing while nothing was read.
    fn laid(&self, width: u16, ctx: &Ctx<'_>) -> Option<Laid> {
        let object = self.object.as_ref()?;
        let ctx = &ctx.at_site(self.about.zone);
        let because = self.because.clone().unwrap_or_default();
        let because = because.as_str().replace(cells::MORE, "");
        let now = Doc::default().field("what now", Cell::sentence(because, self.about.zone));
        let doc = Doc([now.0, object.doc.0.clone()].concat());
        Some(self.steps.lay(&doc, width, ctx))
    }

    /// The page as it falls now, for whoever moves in it.
    fn counted(&self) -> Laid {
        let look = Look::default();
        self.laid(self.width, &counting(&look)).unwrap_or_default()
    }

    /// The lines at which the parts of the page begin: its top, and every heading.
    fn parts(lines: &[Cell]) -> Vec<usize> {
        let heads = |cell: &Cell| matches!(cell.0.as_slice(), [Part { role: Role::Title, .. }]);
        let found = lines.iter().enumerate().filter(|(_, cell)| heads(cell)).map(|(at, _)| at);
        std::iter::once(0).chain(found.filter(|at| *at > 0)).collect()
    }

    fn go(&mut self, act: Act) {
        let laid = self.counted();
        let lines = &laid.lines;
        match act {
            Act::Move(movement) => self.steps.go(movement, &mut self.scroll, self.height, &laid),
            Act::NextPart => self.scroll.next(&Self::parts(lines), self.height, lines.len()),
            Act::Open | Act::Mark | Act::Resort | Act::View | Act::Matrix => {}
        }
    }
}

impl PageScreen {
    /// Opens the entry that one stands on, or unfolds what is folded there.
    fn open(&mut self) -> Reaction {
        match self.steps.stands(&self.counted(), self.scroll, self.height) {
            Some((_, Step::Entry(seq))) => {
                let about = Focus::of(&format!("#{seq}"), "", Scope::Entry);
                let zone = self.about.zone;
                Reaction::Open(Box::new(Self::object(Focus { zone, ..about })))
            }
            Some((_, Step::Fold(fold))) => {
                if let Some(object) = &self.object {
                    self.steps.unfold(fold, &object.doc);
                }
                Reaction::Done
            }
            None => Reaction::Ignored,
        }
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
            Fetch::Refresh if self.long => None,
            Fetch::Anew | Fetch::Refresh => self.ask.clone(),
            Fetch::More => None,
        }
    }

    fn accept(&mut self, data: Data, _fetch: Fetch) {
        if let Data::Object(mut object) = data {
            // What is decided on is what is shown, not what once led here.
            if let Some(now) =
                object.focus.take().filter(|now| now.reference == self.about.reference)
            {
                let by_its_name = self.title == headed("", &self.about);
                let Focus { version, picks, zone, name, .. } = *now;
                self.about = Focus { version, picks, zone, ..self.about.clone() };
                // Somebody may have called it otherwise since.
                if by_its_name {
                    self.about.name = name;
                    self.title = headed("", &self.about);
                }
            }
            let now = object.now.take();
            // What the page says is done about an alarm or a task is done from the page, while it stands.
            let stands = now.clone().unwrap_or_default();
            let (alarm, due, task) = (stands.alarm, stands.due, stands.task);
            self.about = Focus { alarm, due, task, ..self.about.clone() };
            // What the row said that led here is of that moment.
            if self.object.is_some() || now.is_some() {
                self.because = now.map(|now| now.because);
            }
            self.object = Some(object);
        }
    }

    fn act(&mut self, act: Act) -> Reaction {
        match act {
            Act::Move(_) | Act::NextPart => {
                self.go(act);
                Reaction::Done
            }
            Act::Resort => Reaction::Fetch(Fetch::Anew),
            Act::Open => self.open(),
            Act::Mark | Act::View | Act::Matrix => Reaction::Ignored,
        }
    }

    fn is_working(&self) -> bool {
        self.long && self.object.is_none()
    }

    fn focus(&self) -> Option<Focus> {
        Some(self.about.clone())
    }

    fn denied(&self, action: &Action, _ctx: &Ctx<'_>) -> Option<SafeText> {
        if action.id == "alarm.unshelve" {
            return Some(SafeText::fixed("the shelf gives things back: f on the watch shows it"));
        }
        self.object.as_ref()?.denied.get(action.id).cloned()
    }

    fn set_height(&mut self, rows: u16) {
        self.height = usize::from(rows.saturating_sub(1)).max(1);
    }

    fn set_width(&mut self, cols: u16) {
        self.width = cols;
    }

    fn strip(&self, _ctx: &Ctx<'_>) -> Vec<Cell> {
        Vec::new()
    }

    fn strip_rows(&self) -> u16 {
        0
    }

    fn view(&self, ctx: &Ctx<'_>, body: Rect, side: Option<Rect>, buffer: &mut Buffer) {
        let body = side.map_or(body, |side| body.union(side));
        // What the console has made itself is as true as ever.
        let ctx = Ctx { stale: ctx.stale && self.ask.is_some(), ..*ctx };
        let title = if ctx.stale { paint::age(&ctx).and(" ", Role::Title) } else { Cell::empty() };
        let title = title.and(self.title.clone(), Role::Title);
        paint::cell(buffer, paint::row(body, 0), &title, Align::Left, &ctx, None);
        let rest = Rect { y: body.y + 1, height: body.height.saturating_sub(1), ..body };
        match self.laid(rest.width, &ctx) {
            Some(mut laid) => {
                let here = self.steps.stands(&laid, self.scroll, usize::from(rest.height));
                if let Some((row, _)) = here
                    && let Some(line) = laid.lines.get_mut(row)
                {
                    *line = steps::chosen(line);
                }
                doc::draw(&laid.lines, self.scroll, &ctx, rest, buffer);
            }
            None => {
                let told = if self.long {
                    "at work, unless Ctrl-C ended it; r begins again …"
                } else {
                    "reading …"
                };
                paint::text(buffer, rest, &SafeText::fixed(told), ctx.style(Role::Dim));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::data::Now;
    use crate::console::keys::Move;
    use crate::console::screens::Pick;

    #[test]
    fn tab_goes_from_part_to_part_of_every_page_and_back_to_its_top() {
        let mut doc = Doc::default();
        for title in ["Approvals", "Impacts", "Plan"] {
            doc = doc.section(title);
            for _ in 0..6 {
                doc = doc.text("a line of the part");
            }
        }
        let object = Object { doc, ..Object::default() };
        let mut page = PageScreen::of_console(Focus::of("R-1", "a risk", Scope::Risk), object);
        page.set_height(11);
        let mut tops = Vec::new();
        for _ in 0..4 {
            page.act(Act::NextPart);
            tops.push(page.scroll.top());
        }
        assert_eq!(tops, [8, 13, 0, 8], "the last part is reached where its page is full");
    }

    #[test]
    fn a_page_decides_on_what_it_shows_however_one_came_to_it() {
        let came = Focus::of("CR-1", "a change", Scope::Change);
        let mut page = PageScreen::object(came.clone());
        let pick = Pick { reference: "OUT-4".to_owned(), said: "winter stop".into() };
        let now = Focus { version: Some(9), picks: vec![pick], ..came };
        let object = Object { focus: Some(Box::new(now.clone())), ..Object::default() };
        page.accept(Data::Object(object), Fetch::Anew);
        assert_eq!(page.focus(), Some(now));
        let other = Focus { version: Some(3), ..Focus::of("CR-2", "another", Scope::Change) };
        let object = Object { focus: Some(Box::new(other)), ..Object::default() };
        page.accept(Data::Object(object), Fetch::Refresh);
        assert_eq!(page.focus().unwrap().version, Some(9));
    }

    #[test]
    fn the_alarm_or_the_task_of_a_page_is_the_one_that_stands_now() {
        let task = Some("verify:CR-1".to_owned());
        let came = Focus { task: task.clone(), ..Focus::of("CR-1", "a change", Scope::Change) };
        let mut page = PageScreen::object(came);
        let now = Now { because: "v verifies".into(), task: task.clone(), ..Now::default() };
        let object = Object { now: Some(now), ..Object::default() };
        page.accept(Data::Object(object), Fetch::Anew);
        assert_eq!(page.focus().unwrap().task, task);
        page.accept(Data::Object(Object::default()), Fetch::Refresh);
        assert_eq!(page.focus().unwrap().task, None, "done, it is put aside no more");
        let alarm = Some("change_overdue:CR-1".to_owned());
        let now = Now { alarm: alarm.clone(), due: Some(Time::default()), ..Now::default() };
        page.accept(Data::Object(Object { now: Some(now), ..Object::default() }), Fetch::Refresh);
        assert_eq!(page.focus().unwrap().alarm, alarm);
    }

    #[test]
    fn a_page_scrolls_to_its_end_and_no_further() {
        let doc = (0..30).fold(Doc::default(), |doc, _| doc.text("a line"));
        let object = Object { doc, ..Object::default() };
        let mut page = PageScreen::of_console(Focus::of("R-1", "a risk", Scope::Risk), object);
        page.set_height(11);
        page.act(Act::Move(Move::Bottom));
        assert_eq!(page.scroll.top(), 20);
        page.act(Act::Move(Move::Up));
        assert_eq!(page.scroll.top(), 19);
    }

    #[test]
    fn the_page_of_what_was_called_otherwise_is_headed_as_it_is_called_now() {
        let named = |name: &'static str| Focus::of("CR-7", SafeText::fixed(name), Scope::Change);
        let read = |name| Object { focus: Some(Box::new(named(name))), ..Object::default() };
        let mut page = PageScreen::object(named("Load firmware 2.8"));
        page.accept(Data::Object(read("Load firmware 2.9")), Fetch::Anew);
        assert_eq!(page.title().as_str(), "CR-7 Load firmware 2.9");
        let mut why = PageScreen::why(named("Load firmware 2.8"));
        why.accept(Data::Object(read("Load firmware 2.9")), Fetch::Anew);
        assert_eq!(why.title().as_str(), "why: CR-7 Load firmware 2.8");
    }
}
