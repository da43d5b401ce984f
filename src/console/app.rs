//! The only mutable state of the console. `update` turns a message into new state and effects, without any
//! input or output; `view` only reads. Everything that waits or writes is an effect that `runtime` carries out.

mod aid;
mod answers;
mod drafts;
mod open;
mod own;
mod strokes;
pub mod view;

#[cfg(test)]
pub mod tests;

use std::collections::BTreeMap;

use chrono_tz::Tz;
use ratatui::layout::{Rect, Size};
use serde_json::{Map, Value};

use super::ctx::{Ctx, Me};
use super::data::{Ask, Data, Failure, Receipt, Slot, Submission, Told};
use super::keys::{Act, Action, Does, Keymap, Scope, Ui};
use super::overlays::Overlay;
use super::overlays::field::FieldSpec;
use super::overlays::message::Message;
use super::screens::{Focus, Screen, Subject};
use super::term::{Stroke, Strokes};
use super::theme::Look;
use super::widgets::bars::{Attention, Stands, Status, Tab};
use super::widgets::cell::Cell;
use super::widgets::layout::Layout;
use super::widgets::list::Fetch;
use super::widgets::tiles::Tile;
use crate::domain::command::commands;
use crate::domain::time::Time;
use crate::safe_text::SafeText;

/// What a person or a host wants of a console besides its looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Habits {
    /// Whether the sign of what nobody acknowledged blinks.
    pub blink: bool,
    /// Whether the bell rings.
    pub bell: bool,
    /// Whether the console may be stopped for the shell.
    pub suspend: bool,
    /// Whether the console may read and write files for the person: imports, a backup.
    pub files: bool,
    /// Minutes without a key after which nothing is shown; 0 is never.
    pub idle_minutes: u16,
}

impl Default for Habits {
    fn default() -> Self {
        Self { blink: true, bell: true, suspend: true, files: true, idle_minutes: 0 }
    }
}

/// What a console is started with.
pub struct Setup {
    /// How it looks.
    pub look: Look,
    /// How it behaves.
    pub habits: Habits,
    /// Its keys.
    pub keymap: Keymap,
    /// The fields that a command asks for; nothing for a command that does not exist.
    pub forms: fn(&str) -> Option<Vec<FieldSpec>>,
    /// The numbered screens, from 0.
    pub screens: &'static [Subject],
    /// Everything else that the palette opens.
    pub subjects: &'static [Subject],
    /// Why nothing can be written, if so: a role that only reads, an as-of view, a newer store.
    pub read_only: Option<SafeText>,
    /// The name of what it shows first.
    pub first: &'static str,
    /// Forms that were left unfinished.
    pub drafts: Drafts,
    /// Whether leaving it leads back to another console: this one shows the store as it once stood.
    pub returns: bool,
    /// What stood in the way of the console that was to be here instead: read before anything else.
    pub missed: Option<SafeText>,
}

/// Unfinished forms by the command and the object that they are about.
pub type Drafts = BTreeMap<String, Map<String, Value>>;

/// Something that happened.
#[derive(Debug)]
pub enum Msg {
    /// The person struck keys or pasted.
    Strokes(Strokes),
    /// The terminal has another size.
    Resized(Size),
    /// The store answered a question.
    Loaded(Slot, u64, Result<Data, Failure>),
    /// The store answered a command.
    Submitted(u64, Result<Receipt, Failure>),
    /// The ledger has new entries.
    Changed,
    /// The store says something beside its entries.
    Told(Told),
    /// A minute began.
    Minute,
    /// An instant came at which time alone changes what stands.
    Due,
}

/// Something to be done outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Ask the store; the answer comes as [`Msg::Loaded`] with the same slot and number.
    Load(Slot, u64, Ask),
    /// Submit a command; the answer comes as [`Msg::Submitted`] with the same number.
    Submit(u64, Submission),
    /// Keep these drafts where only the person can read them.
    KeepDrafts(Drafts),
    /// Give up waiting for the lock of writers; the submission then has its answer.
    GiveUp,
    /// Ring the bell.
    Bell,
    /// Ring the bell so many times, one after the other.
    Ring(u8),
    /// Paint the whole screen again.
    Repaint,
    /// Stop until the shell continues the program.
    Suspend,
    /// Give up questions that have no answer yet.
    Cancel,
    /// Leave for the store as it once stood.
    Past(String),
    /// Leave.
    Quit,
}

/// A question without an answer.
#[derive(Clone, Copy, Debug)]
struct Pending {
    number: u64,
    fetch: Fetch,
    again: bool,
}

/// A screen on a level of a tab.
struct Level {
    id: u64,
    screen: Box<dyn Screen>,
    /// Whether it was ever in view; one that was only read ahead was not.
    seen: bool,
    /// What it was opened as, if by its name: it and what is opened from it belong to no tab.
    name: Option<&'static str>,
}

/// Seconds that what was said stands at least, so that the news of one's own command does not take it away unread; then
/// the next news does, with which it may not agree.
const SAID: i64 = 5;

/// The state of the console.
pub struct App {
    look: Look,
    habits: Habits,
    /// When the last key was struck.
    touched: Time,
    /// Whether nothing is shown until a key is struck.
    hidden: bool,
    keymap: Keymap,
    forms: fn(&str) -> Option<Vec<FieldSpec>>,
    screens: &'static [Subject],
    subjects: &'static [Subject],
    read_only: Option<SafeText>,
    drafts: Drafts,
    /// How the objects of those stand that no longer allow them, as the store said when it was asked last.
    drafts_over: BTreeMap<String, SafeText>,
    now: Time,
    /// The zone of the site in whose time columns stand; none for UTC.
    local: Option<Tz>,
    size: Size,
    levels: Vec<Vec<Level>>,
    active: usize,
    overlay: Option<Overlay>,
    /// The help that lies over the open overlay, and since when; what it covers goes on below it.
    aid: Option<(Overlay, Time)>,
    attention: Attention,
    /// Alarms of this console.
    own: own::Owns,
    tabs: Vec<Tab>,
    tiles: Vec<Tile>,
    status: Status,
    notice: Option<Cell>,
    /// Whether leaving leads back to another console.
    returns: bool,
    /// When that was said.
    noticed: Time,
    /// Whether it is to be read over whatever covers the screen.
    aloud: bool,
    /// Keys that were struck before what completes the field was here; whether they came in a burst.
    held: Vec<(Stroke, bool)>,
    /// What a form has just made, to be stood on when the list has it; none once a key was struck.
    made: Option<String>,
    /// What the store said, or was said of it, when it last gave no answer; none while it answers.
    trouble: Option<SafeText>,
    /// Whether its news have not come back: then it is asked more often.
    deaf: bool,
    answered: Time,
    silenced: bool,
    rung: BTreeMap<String, u8>,
    rung_at: Time,
    /// Whether it is known what called when the console was opened: what calls since then is new.
    attended: bool,
    /// The newest alarm of priority 1, until somebody goes to it or sorts the list.
    newest: Option<String>,
    serial: u64,
    pending: BTreeMap<Slot, Pending>,
    submission: Option<u64>,
    waiting: Option<SafeText>,
    lost: Option<SafeText>,
}

impl App {
    /// A console that shows its first screen, and what it has to ask to fill it.
    pub fn start(setup: Setup, now: Time, size: Size) -> (Self, Vec<Effect>) {
        let tabs = setup
            .screens
            .iter()
            .map(|subject| Tab { name: capital(subject.name), ..Tab::default() });
        let mut app = Self {
            tabs: tabs.collect(),
            levels: setup.screens.iter().map(|_| Vec::new()).collect(),
            look: setup.look,
            habits: setup.habits,
            touched: now,
            hidden: false,
            keymap: setup.keymap,
            forms: setup.forms,
            screens: setup.screens,
            subjects: setup.subjects,
            read_only: setup.read_only,
            drafts: setup.drafts,
            drafts_over: BTreeMap::new(),
            now,
            local: None,
            size,
            active: 0,
            overlay: None,
            aid: None,
            attention: Attention::default(),
            own: own::Owns::default(),
            tiles: Vec::new(),
            status: Status::default(),
            notice: setup
                .returns
                .then(|| Cell::text("nothing is written here; q leads back to now")),
            noticed: now,
            aloud: false,
            returns: setup.returns,
            held: Vec::new(),
            made: None,
            trouble: None,
            deaf: false,
            answered: now,
            silenced: false,
            rung: BTreeMap::new(),
            rung_at: now,
            attended: false,
            newest: None,
            serial: 0,
            pending: BTreeMap::new(),
            submission: None,
            waiting: None,
            lost: None,
        };
        let first = setup.first;
        let mut effects = app.show(0);
        if app.screens.first().is_some_and(|subject| subject.name != first) {
            effects.extend(app.go(first));
        }
        effects.extend(app.ask_bars());
        app.overlay = setup.missed.map(|why| Overlay::Message(Message::missed(&why)));
        (app, effects)
    }

    /// Takes a message at a time of the store's clock; says what is to be done.
    pub fn update(&mut self, now: Time, msg: Msg) -> Vec<Effect> {
        self.now = now;
        let mut effects = self.take_in(msg);
        // What it was the help of is gone.
        self.aid.take_if(|_| self.overlay.is_none());
        effects.extend(self.say_lost());
        self.fit();
        effects
    }

    fn take_in(&mut self, msg: Msg) -> Vec<Effect> {
        let moves_on = matches!(msg, Msg::Changed | Msg::Due | Msg::Minute);
        if moves_on && self.now.seconds_since(self.noticed) >= SAID {
            self.notice = None;
        }
        self.hidden |= moves_on && self.hides_at().is_some_and(|at| at <= self.now);
        match msg {
            Msg::Strokes(strokes) => self.strokes(strokes),
            Msg::Resized(size) => {
                self.size = size;
                self.fit();
                self.ask_tiles().into_iter().collect()
            }
            Msg::Loaded(slot, number, outcome) => self.loaded(slot, number, outcome),
            Msg::Submitted(number, outcome) => self.submitted(number, outcome),
            Msg::Changed | Msg::Due => self.refresh(),
            Msg::Told(told) => self.told(told),
            Msg::Minute => self.minute(),
        }
    }

    /// Whether the store did not answer the last question or sends no news, so that what is shown grows old.
    pub const fn is_lost(&self) -> bool {
        self.trouble.is_some() || self.deaf
    }

    /// The next instants at which time alone changes what is shown: that of what stands, if the store has said one, and
    /// that at which nobody has struck a key for too long.
    pub fn dues(&self) -> impl Iterator<Item = Time> {
        [self.attention.next, self.hides_at()].into_iter().flatten()
    }

    /// When what is shown is hidden unless a key is struck before, if it is to be.
    fn hides_at(&self) -> Option<Time> {
        let idle = i64::from(self.habits.idle_minutes) * 60;
        (idle > 0 && !self.hidden).then(|| self.touched.plus_seconds(idle))
    }

    /// Has to leave at once: an open form is kept as it stands.
    pub fn hang_up(&mut self) -> Option<Effect> {
        let overlay = self.overlay.take()?;
        self.keep_draft(&overlay)
    }

    /// The surroundings of a frame, for objects of the site in scope or of another.
    fn ctx(&self, zone: Option<Tz>) -> Ctx<'_> {
        Ctx {
            now: self.now,
            utc: self.local.is_none(),
            local: self.local.unwrap_or(Tz::UTC),
            zone: zone.or(self.status.zone).unwrap_or(Tz::UTC),
            look: &self.look,
            stale: self.trouble.is_some(),
            me: Me { holder: self.status.person.as_ref(), now: self.now },
        }
    }

    fn level(&self) -> Option<&Level> {
        self.levels.get(self.active).and_then(|levels| levels.last())
    }

    fn level_mut(&mut self) -> Option<&mut Level> {
        self.levels.get_mut(self.active).and_then(|levels| levels.last_mut())
    }

    /// The tab that one stands in, or the name of what lies over the tabs.
    fn stands(&self) -> Stands {
        let levels = self.levels.get(self.active).into_iter().flatten();
        match levels.rev().find_map(|level| level.name) {
            Some(name) => Stands::Beside(name),
            None => Stands::In(self.active),
        }
    }

    fn focus(&self) -> Option<Focus> {
        self.level().and_then(|level| level.screen.focus())
    }

    /// The scopes whose keys work now, the innermost first.
    fn scopes(&self) -> Vec<Scope> {
        let kind = self.level().map(|level| level.screen.scope());
        kind.into_iter().chain([Scope::Everywhere]).collect()
    }

    /// Whether this version has a command for an action; what it has none for is not offered.
    fn built(&self, action: &Action) -> bool {
        let commands = action.commands();
        commands.is_empty() || commands.iter().any(|name| (self.forms)(name).is_some())
    }

    /// Why an action is off now, if it is.
    fn denied(&self, action: &Action) -> Option<SafeText> {
        if let Some(kind) = self.on_own() {
            if action.id == "alarm.acknowledge" {
                return self.known_own(kind);
            }
            if let Some(why) = own::off(action.id) {
                return Some(why);
            }
        }
        if let Some(why) = self.read_only.as_ref().filter(|_| action.writes()) {
            return Some(why.clone());
        }
        if action.does == Does::Ui(Ui::Suspend) && !self.habits.suspend {
            return Some(SafeText::fixed("config.toml forbids it on this host"));
        }
        // Nobody knows what stands there now.
        if action.answers() && self.trouble.is_some() {
            let told = "the store does not answer: nothing is written until it does";
            return Some(SafeText::fixed(told));
        }
        let focus = self.focus();
        let opens = matches!(action.does, Does::Screen(Act::Open))
            && self.level().is_some_and(|level| level.screen.opens());
        if action.needs_object() && focus.is_none() && !opens {
            return Some(SafeText::fixed("nothing is selected"));
        }
        if !self.built(action) {
            return Some(SafeText::fixed("this version does not have it"));
        }
        if let Some(why) = self.no_right(action.commands()) {
            return Some(why);
        }
        let on_alarm = focus.as_ref().is_some_and(|focus| focus.alarm.is_some());
        let on_task = focus.as_ref().is_some_and(|focus| focus.task.is_some());
        match action.does {
            Does::OnAlarm(_) if on_task => {
                return Some(SafeText::fixed(
                    "a task is not acknowledged: do it, or z lets it sleep",
                ));
            }
            Does::OnAlarm(_) if !on_alarm => {
                return Some(SafeText::fixed("no alarm stands on this row"));
            }
            Does::OnWatch(_) if !on_alarm && !on_task => {
                return Some(SafeText::fixed("no alarm and no task of yours stands on this row"));
            }
            Does::Pick(_) if focus.as_ref().is_none_or(|focus| focus.picks.is_empty()) => {
                return Some(SafeText::fixed("nothing that is still to come could hold it"));
            }
            Does::OnAlarm(_)
            | Does::OnWatch(_)
            | Does::Screen(_)
            | Does::Ui(_)
            | Does::Overlay(_)
            | Does::New(_)
            | Does::On(_)
            | Does::ChooseNew(_)
            | Does::Pick(_)
            | Does::Choose(_) => {}
        }
        let level = self.level()?;
        let zone = focus.and_then(|focus| focus.zone);
        let ctx = self.ctx(zone);
        level.screen.denied(action, &self.ctx(None)).map(|why| ctx.spelled(&why, zone))
    }

    /// Why these commands are off for this person wherever one stands: no role of theirs may do any of them.
    fn no_right(&self, names: &[&str]) -> Option<SafeText> {
        let holder = self.status.person.as_ref()?;
        let specs =
            names.iter().filter_map(|name| commands().find(|spec| spec.command == Some(*name)));
        let mut why = None;
        for spec in specs {
            if holder.may_somewhere(spec.right, self.now).is_ok() {
                return None;
            }
            let said = format!("no role of yours may: it takes {}", spec.right.who());
            why = why.or(Some(SafeText::from(said)));
        }
        why
    }

    fn layout(&self) -> Option<Layout> {
        let strip = self.level().map_or(2, |level| level.screen.strip_rows());
        Layout::of(Rect::new(0, 0, self.size.width, self.size.height), strip, self.is_tiled())
    }

    /// Whether the screen in view shows tiles where there is room: the list of what stands now, at a glance.
    fn is_tiled(&self) -> bool {
        self.level().is_some_and(|level| level.screen.is_tiled())
    }

    /// Tells the screen how many rows it has to be seen in.
    fn fit(&mut self) {
        let Some(layout) = self.layout() else { return };
        let width = self.size.width;
        let rows = layout.body.height.saturating_sub(view::covered(self, &layout));
        if let Some(level) = self.level_mut() {
            level.screen.set_height(rows);
            level.screen.set_width(width);
        }
    }

    fn number(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    /// Says a line; its times follow whoever looks.
    fn say(&mut self, line: Cell) {
        let zone = self.focus().and_then(|focus| focus.zone);
        self.notice = Some(line.dated(zone));
        self.noticed = self.now;
    }
}

fn capital(name: &str) -> SafeText {
    let mut chars = name.chars();
    let first: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
    SafeText::from(format!("{first}{}", chars.as_str()))
}
