//! From strokes to actions, and what the program's own actions do.

use chrono_tz::Tz;
use ratatui::layout::Rect;

use super::{App, Effect, view};
use crate::console::data::Slot;
use crate::console::keys::{Act, Action, Does, Edit, Scope, Ui};
use crate::console::overlays::help::Help;
use crate::console::overlays::message::Message;
use crate::console::overlays::{Overlay, Reply};
use crate::console::screens::page::PageScreen;
use crate::console::screens::{Focus, Reaction};
use crate::console::term::{Stroke, Strokes};
use crate::console::theme::Role;
use crate::console::widgets::bars::Lead;
use crate::console::widgets::cell::Cell;
use crate::console::widgets::list::Fetch;
use crate::domain::alarm::AlarmKind;
use crate::domain::time_input::offset;
use crate::safe_text::SafeText;

impl App {
    pub(super) fn strokes(&mut self, strokes: Strokes) -> Vec<Effect> {
        self.touched = self.now;
        // The key that brings the screen back must do nothing that nobody could see.
        if std::mem::take(&mut self.hidden) {
            return vec![Effect::Repaint];
        }
        (self.notice, self.aloud) = (None, false);
        self.made = None;
        let mut effects = Vec::new();
        for stroke in strokes.strokes {
            effects.extend(self.stroke(stroke, strokes.burst));
        }
        effects
    }

    fn stroke(&mut self, stroke: Stroke, burst: bool) -> Vec<Effect> {
        if self.waits().is_some() && self.gives_up(&stroke) {
            return vec![Effect::GiveUp];
        }
        if stroke == Stroke::BrokenPaste {
            self.say("a paste broke off: nothing of it was taken".into());
            self.aloud = true;
            return Vec::new();
        }
        if self.aid.is_some() {
            return self.in_aid(stroke, burst);
        }
        if self.holds(&stroke) {
            self.held.push((stroke, burst));
            return Vec::new();
        }
        if let Some(mut overlay) = self.overlay.take() {
            let one = Strokes { strokes: vec![stroke], burst };
            let zone = self.zone_of(&overlay);
            let area = self.layout().map_or(Rect::ZERO, |layout| view::over(&layout));
            let reply = overlay.update(&one, &self.keymap, &self.ctx(zone), area);
            let mut effects = self.reply(overlay, reply);
            effects.extend(self.complete());
            return effects;
        }
        let Stroke::Key(key) = stroke else { return Vec::new() };
        let Some(action) = self.keymap.find(&self.scopes(), key) else {
            if !burst {
                self.say(
                    SafeText::from(format!("{key} does nothing here; ? shows what does")).into(),
                );
            }
            return Vec::new();
        };
        // A pasted text must not start verbs or leave, whatever letters it holds.
        let leaves = matches!(action.does, Does::Ui(Ui::Quit | Ui::Cancel | Ui::Suspend));
        if burst && (action.writes() || leaves) {
            let why = format!("{key} was not taken: it came at once with others, as in a paste");
            self.say(SafeText::from(format!("{why}; strike it again")).into());
            return Vec::new();
        }
        self.run(action)
    }

    /// Puts the columns into the time of the site of each row, and what is of no site into that of the selected object; or
    /// all of them back into UTC.
    fn zone(&mut self) {
        let there = self.focus().and_then(|focus| focus.zone).or(self.status.zone);
        let said = match (self.local.take(), there) {
            (Some(_), _) => SafeText::fixed("times stand in UTC"),
            (None, Some(zone)) => {
                self.local = Some(zone);
                let there = offset(self.now, zone);
                SafeText::from(format!(
                    "each row stands in the time of its site, the last row in that of {zone}, {there}; u: UTC"
                ))
            }
            (None, None) => SafeText::fixed("nothing with a site is selected: times stay in UTC"),
        };
        self.say(said.into());
    }

    /// The zone in which an overlay reads times: that of the site which a form names, else that of its object.
    pub(super) fn zone_of(&self, overlay: &Overlay) -> Option<Tz> {
        let Overlay::Form(form) = overlay else { return None };
        let named = form.site().and_then(|named| {
            self.status.sites.iter().find(|(site, _)| *site == named).map(|(_, zone)| *zone)
        });
        named.or(form.zone)
    }

    /// Asks the store for what completes the open form's field or the palette's letters.
    pub(super) fn complete(&mut self) -> Option<Effect> {
        let (slot, ask) = match self.overlay.as_mut()? {
            Overlay::Form(form) => (Slot::Suggestions, form.wish()?),
            Overlay::Palette(palette) => (Slot::Found, palette.wish()?),
            Overlay::Filter(filter) => (Slot::Suggestions, filter.wish()?),
            Overlay::Help(_) | Overlay::Message(_) | Overlay::Drafts(_) => return None,
        };
        self.load(slot, ask, Fetch::Anew)
    }

    /// Whether a stroke has to wait for what completes the field that one types in: whoever types on must not choose
    /// blindly. The key that leaves waits for nothing.
    fn holds(&mut self, stroke: &Stroke) -> bool {
        let Some(Overlay::Form(form)) = &self.overlay else {
            self.held.clear();
            return false;
        };
        let Stroke::Key(key) = stroke else { return !self.held.is_empty() };
        let action = self.keymap.find(&[Scope::Form], *key);
        if action.is_some_and(|action| action.does == Does::Overlay(Edit::Leave)) {
            self.held.clear();
            return false;
        }
        !self.held.is_empty() || form.awaits(*key)
    }

    /// Does what was struck while a field waited for what completes it.
    pub(super) fn catch_up(&mut self) -> Vec<Effect> {
        if let Some(Overlay::Form(form)) = &mut self.overlay {
            form.settle();
        }
        let held = std::mem::take(&mut self.held);
        held.into_iter().flat_map(|(stroke, burst)| self.stroke(stroke, burst)).collect()
    }

    /// Whether this is the key that cancels, wherever one stands.
    fn gives_up(&self, stroke: &Stroke) -> bool {
        let Stroke::Key(key) = stroke else { return false };
        let action = self.keymap.find(&[Scope::Everywhere], *key);
        action.is_some_and(|action| action.does == Does::Ui(Ui::Cancel))
    }

    fn reply(&mut self, overlay: Overlay, reply: Reply) -> Vec<Effect> {
        match reply {
            Reply::Stay => {
                self.overlay = Some(overlay);
                Vec::new()
            }
            Reply::Repaint => {
                self.overlay = Some(overlay);
                vec![Effect::Repaint]
            }
            Reply::Leave => self.keep_draft(&overlay).into_iter().collect(),
            Reply::ThrowAway => self.drop_draft(&overlay),
            Reply::Run(action) => self.run(action),
            Reply::Go(subject) => self.go(subject),
            Reply::Command(command) => self.open_form(command, None, false),
            Reply::Into(command, into) => self.open_form_of(command, None, false, Some(into)),
            Reply::Anywhere(command) => self.open_form(command, None, true),
            Reply::Open(focus) => self.push(Box::new(PageScreen::object(focus))),
            Reply::Filter(filter) => {
                if let Some(level) = self.level_mut() {
                    level.screen.set_filter(filter);
                }
                self.fetch(Fetch::Anew).into_iter().collect()
            }
            Reply::Submit(submission) => {
                let number = self.number();
                self.submission = Some(number);
                self.overlay = Some(overlay);
                vec![Effect::Submit(number, submission)]
            }
            Reply::Quit => vec![Effect::Quit],
            Reply::Help => self.open_aid(overlay),
            Reply::Drafts => self.open_drafts(),
            Reply::Draft(key) => self.open_draft(&key),
            Reply::Discard(key) => {
                self.overlay = Some(overlay);
                self.discard(&key)
            }
        }
    }

    /// Does an action, or says why it is off.
    pub(super) fn run(&mut self, action: &'static Action) -> Vec<Effect> {
        if let Some(why) = self.denied(action) {
            let kept = self.kept_for(action).unwrap_or_default();
            let line = Cell::of(action.label, Role::Key)
                .and(": ", Role::Normal)
                .and(SafeText::from(format!("{why}{kept}")), Role::Normal);
            self.say(line);
            if let Some(level) = self.level_mut() {
                level.screen.looked();
            }
            return Vec::new();
        }
        if action.id == "alarm.acknowledge"
            && let Some(kind) = self.on_own()
        {
            return self.acknowledge_own(kind);
        }
        match action.does {
            Does::Screen(act) => self.act(act),
            Does::Ui(ui) => self.ui(ui),
            Does::Overlay(_) => Vec::new(),
            Does::New(command) | Does::On(command) | Does::OnAlarm(command) => {
                self.open_form(command, Some(action), false)
            }
            Does::OnWatch([alarm, task]) => {
                let on_alarm = self.focus().is_some_and(|focus| focus.alarm.is_some());
                self.open_form(if on_alarm { alarm } else { task }, Some(action), false)
            }
            Does::Pick(commands) => {
                self.overlay = Some(self.picks(action, commands));
                Vec::new()
            }
            Does::ChooseNew(commands) | Does::Choose(commands) => {
                self.overlay = Some(self.choice(action, commands));
                Vec::new()
            }
        }
    }

    fn act(&mut self, act: Act) -> Vec<Effect> {
        if act == Act::Resort {
            self.newest = None;
        }
        let Some(level) = self.level_mut() else { return Vec::new() };
        match level.screen.act(act) {
            Reaction::Done => Vec::new(),
            Reaction::Ignored => {
                let nothing = match act {
                    Act::View => Some("there is no other view of this"),
                    Act::NextPart => Some("this has no other part"),
                    Act::Matrix => Some("the matrix is that of the risks: 2, then m"),
                    Act::Move(_) | Act::Open | Act::Mark | Act::Resort => None,
                };
                if let Some(nothing) = nothing {
                    self.say(SafeText::fixed(nothing).into());
                }
                Vec::new()
            }
            Reaction::Fetch(fetch) => self.fetch(fetch).into_iter().collect(),
            Reaction::Open(screen) => self.push(screen),
        }
    }

    /// Closes the screen on top, and ends the long work that nobody waits for any more; nothing on the last screen.
    fn leave(&mut self) -> Option<Vec<Effect>> {
        let working = self.level().is_some_and(|level| level.screen.is_working());
        if !self.pop() {
            return None;
        }
        let mut effects = Vec::new();
        if working {
            self.pending.clear();
            effects.push(Effect::Cancel);
        }
        effects.extend(self.fetch(Fetch::Refresh));
        Some(effects)
    }

    fn ui(&mut self, ui: Ui) -> Vec<Effect> {
        match ui {
            Ui::Back => match self.leave() {
                Some(effects) => effects,
                None if self.unfilter() => self.fetch(Fetch::Anew).into_iter().collect(),
                None => self.fetch(Fetch::Refresh).into_iter().collect(),
            },
            // What is left there is the past, in which nothing is held.
            Ui::Quit if self.returns => self.leave().unwrap_or_else(|| vec![Effect::Quit]),
            Ui::Quit => self.leave().unwrap_or_else(|| self.asks_to_leave()),
            Ui::Cancel if self.submission.is_none() && !self.pending.is_empty() => {
                self.pending.clear();
                self.say("cancelled".into());
                vec![Effect::Cancel]
            }
            Ui::Cancel => self.asks_to_leave(),
            Ui::Screen(number) => self.show(usize::from(number)),
            Ui::Filter => {
                if let Some(level) = self.level() {
                    self.overlay = Some(Overlay::Filter(self.filter_line(&*level.screen)));
                }
                Vec::new()
            }
            Ui::Palette => {
                self.overlay = Some(self.palette());
                Vec::new()
            }
            Ui::Help => {
                let built = || crate::console::keys::all().filter(|action| self.built(action));
                let denied = built().filter_map(|action| Some((action.id, self.denied(action)?)));
                let row = self.focus().and_then(|focus| {
                    let task = focus.task.map(|_| "Task");
                    focus.alarm.map(|_| "Alarm").or(task)
                });
                let (scopes, actions) = (self.scopes(), built().collect());
                let help = Help::new(row, &scopes, actions, denied.collect());
                self.overlay = Some(Overlay::Help(help));
                Vec::new()
            }
            Ui::Zone => {
                self.zone();
                self.settle();
                Vec::new()
            }
            Ui::Why => self.about(PageScreen::why),
            Ui::History => self.about(PageScreen::history),
            Ui::WhoDecides => self.about(PageScreen::who_decides),
            Ui::Attention => self.attention_object(),
            Ui::Silence => {
                self.silenced = true;
                self.say("the bell is silent until the next alarm of priority 1".into());
                Vec::new()
            }
            Ui::Repaint => vec![Effect::Repaint],
            Ui::Suspend => vec![Effect::Suspend],
        }
    }

    fn about(&mut self, page: impl FnOnce(Focus) -> PageScreen) -> Vec<Effect> {
        match self.focus() {
            Some(focus) => self.push(Box::new(page(focus))),
            None => Vec::new(),
        }
    }

    fn attention_object(&mut self) -> Vec<Effect> {
        let lead = self.row_one().lead;
        self.newest = None;
        let here = self.focus();
        let is_here = |lead: &Lead| {
            here.as_ref().is_some_and(|focus| {
                let named = focus.alarm.as_deref().or(focus.task.as_deref());
                named == Some(&*lead.id) || focus.reference == lead.reference.as_str()
            })
        };
        // What this console found by itself stands in no list: the second stroke leads to it.
        if lead.as_ref().is_none_or(is_here)
            && let Some(kind) = self.first_own().filter(|_| self.on_own().is_none())
        {
            return self.open_own(kind);
        }
        let Some(lead) = lead else {
            self.say(Cell::text(self.row_one().nothing()));
            return Vec::new();
        };
        if let Some(kind) = AlarmKind::parse(&lead.id) {
            return self.open_own(kind);
        }
        let reference = lead.reference.as_str();
        if self
            .level_mut()
            .is_some_and(|level| level.screen.select(&lead.id) || level.screen.select(reference))
        {
            return Vec::new();
        }
        let focus = Focus::of(reference, lead.text.clone(), lead.scope);
        self.push(Box::new(PageScreen::object(focus)))
    }

    /// Asks whether to leave, and the store how what is held stands.
    fn asks_to_leave(&mut self) -> Vec<Effect> {
        self.overlay = Some(Overlay::Message(Message::leaving(&self.held())));
        self.ask_over().into_iter().collect()
    }

    pub(super) fn held(&self) -> Vec<Cell> {
        self.status.held.iter().cloned().chain(self.unfinished()).collect()
    }
}
