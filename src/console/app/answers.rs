//! Questions to the store and what is done with their answers. A newer question makes an older answer void.

use std::collections::BTreeMap;

use super::{App, Effect, Level, Pending};
use crate::console::data::{Ask, Cut, Data, Failure, Frame, Receipt, Slot, Told};
use crate::console::overlays::message::Message;
use crate::console::overlays::{Overlay, Reply};
use crate::console::theme::Role;
use crate::console::widgets::bars::{Attention, Lead};
use crate::console::widgets::cell::Cell;
use crate::console::widgets::doc::Doc;
use crate::console::widgets::list::Fetch;
use crate::domain::time::Time;
use crate::safe_text::SafeText;

/// Microseconds of a minute.
const MINUTE: i64 = 60_000_000;

/// Seconds after which the bell may ring again at the next minute.
const ALMOST_A_MINUTE: i64 = 55;

impl App {
    /// Asks again for what frames every screen.
    pub(super) fn ask_bars(&mut self) -> Vec<Effect> {
        let bars = self.load(Slot::Bars, Ask::Bars, Fetch::Refresh);
        bars.into_iter().chain(self.ask_tiles()).collect()
    }

    /// Asks for the tiles, where they are in view.
    pub(super) fn ask_tiles(&mut self) -> Option<Effect> {
        self.layout().filter(|layout| layout.tiles.is_some())?;
        self.load(Slot::Tiles, Ask::Tiles, Fetch::Refresh)
    }

    /// What a minute may have changed: the bars, and on the watch what time alone brings; an alarm of priority 1 that
    /// still calls is heard again.
    pub(super) fn minute(&mut self) -> Vec<Effect> {
        let mut effects = self.ask_bars();
        if self.watches() {
            effects.extend(self.fetch(Fetch::Refresh));
        }
        effects.extend(self.ring(true));
        effects
    }

    /// Asks again for everything that is in view.
    pub(super) fn refresh(&mut self) -> Vec<Effect> {
        let mut effects = self.ask_bars();
        effects.extend(self.fetch(Fetch::Refresh));
        effects.extend(self.follow());
        effects
    }

    /// Asks how the object of an open decision stands now.
    fn follow(&mut self) -> Option<Effect> {
        let Some(Overlay::Form(form)) = &self.overlay else { return None };
        let ask = form.follow()?;
        self.load(Slot::Prefill, ask, Fetch::Refresh)
    }

    /// Asks the question of the screen in view.
    pub(super) fn fetch(&mut self, fetch: Fetch) -> Option<Effect> {
        let level = self.level()?;
        let (slot, ask) = (Slot::Screen(level.id), level.screen.ask(fetch)?);
        self.load(slot, ask, fetch)
    }

    /// Asks everything in view once more: what was asked of a store that was lost may never be answered.
    fn ask_again(&mut self) -> Vec<Effect> {
        let screen = self.level().map(|level| Slot::Screen(level.id));
        let asked = screen.and_then(|slot| self.pending.remove(&slot));
        self.pending.remove(&Slot::Bars);
        self.pending.remove(&Slot::Tiles);
        let mut effects = self.ask_bars();
        effects.extend(self.fetch(asked.map_or(Fetch::Refresh, |pending| pending.fetch)));
        effects
    }

    pub(super) fn load(&mut self, slot: Slot, ask: Ask, fetch: Fetch) -> Option<Effect> {
        // While an answer is on its way, what did not change the question asks once more after it: a store
        // that changes faster than it answers must not starve the screen.
        if let Some(pending) = self.pending.get_mut(&slot)
            && fetch != Fetch::Anew
        {
            pending.again |= fetch == Fetch::Refresh;
            return None;
        }
        let number = self.number();
        self.pending.insert(slot, Pending { number, fetch, again: false });
        Some(Effect::Load(slot, number, ask))
    }

    pub(super) fn loaded(
        &mut self,
        slot: Slot,
        number: u64,
        outcome: Result<Data, Failure>,
    ) -> Vec<Effect> {
        let Some(pending) = self.pending.get(&slot).copied().filter(|p| p.number == number) else {
            return Vec::new();
        };
        self.pending.remove(&slot);
        let mut effects = Vec::new();
        match outcome {
            Ok(data) => {
                self.trouble = None;
                self.answered = self.now;
                effects.extend(self.take(slot, data, pending.fetch));
                self.settle();
                effects.extend(self.read_ahead());
            }
            Err(Failure::Unavailable(why)) => {
                self.trouble = Some(why);
                self.settle();
                effects.extend(self.ring(false));
            }
            // A list that cannot be filtered so has no rows: the line opens again with what is wrong.
            Err(failure @ Failure::Refused { .. })
                if pending.fetch == Fetch::Anew && self.refilter(slot, &failure) => {}
            Err(failure @ (Failure::Refused { .. } | Failure::Unknown(_))) => {
                self.say(Cell::of(failure.line(), Role::Error));
            }
        }
        if slot == Slot::Suggestions {
            effects.extend(self.catch_up());
        }
        if pending.again {
            effects.extend(match slot {
                Slot::Bars => self.load(slot, Ask::Bars, Fetch::Refresh),
                Slot::Tiles => self.ask_tiles(),
                Slot::Screen(id) if self.level().is_some_and(|level| level.id == id) => {
                    self.fetch(Fetch::Refresh)
                }
                Slot::Prefill => self.follow(),
                Slot::Screen(_) | Slot::Suggestions | Slot::Found | Slot::Drafts => None,
            });
        }
        effects
    }

    /// Opens the filter line again for a list whose filter was not understood; says whether it did.
    fn refilter(&mut self, slot: Slot, failure: &Failure) -> bool {
        let Failure::Refused { message, .. } = failure else { return false };
        let Some(level) = self.level().filter(|level| slot == Slot::Screen(level.id)) else {
            return false;
        };
        if self.overlay.is_some() || level.screen.filter().is_empty() {
            return false;
        }
        let mut filter = self.filter_line(&*level.screen);
        filter.fault = Some(message.clone());
        self.overlay = Some(Overlay::Filter(filter));
        true
    }

    /// Hands in the open form once more, as it stands.
    fn send_again(&mut self) -> Option<Effect> {
        let mut overlay = self.overlay.take()?;
        let zone = self.zone_of(&overlay);
        let reply = match &mut overlay {
            Overlay::Form(form) => form.submit(&self.ctx(zone)),
            Overlay::Help(_)
            | Overlay::Palette(_)
            | Overlay::Filter(_)
            | Overlay::Message(_)
            | Overlay::Drafts(_) => Reply::Stay,
        };
        self.overlay = Some(overlay);
        let Reply::Submit(submission) = reply else { return None };
        let number = self.number();
        self.submission = Some(number);
        Some(Effect::Submit(number, submission))
    }

    fn take(&mut self, slot: Slot, data: Data, fetch: Fetch) -> Option<Effect> {
        match (slot, data) {
            (Slot::Bars, Data::Bars(bars)) => {
                if let Some(Frame { tabs, status }) = bars.frame {
                    for (shown, tab) in self.tabs.iter_mut().zip(tabs) {
                        *shown = tab;
                    }
                    self.status = status;
                }
                return self.attend(bars.attention);
            }
            (Slot::Tiles, Data::Tiles(tiles)) => self.tiles = tiles,
            (Slot::Prefill, Data::Prefill(start)) => {
                if let Some(Overlay::Form(form)) = &mut self.overlay
                    && form.stands(start, self.now)
                {
                    return self.send_again();
                }
            }
            (Slot::Suggestions, Data::Suggestions(list)) => match &mut self.overlay {
                Some(Overlay::Form(form)) => form.suggest(list),
                Some(Overlay::Filter(filter)) => filter.suggest(list),
                Some(
                    Overlay::Palette(_)
                    | Overlay::Help(_)
                    | Overlay::Message(_)
                    | Overlay::Drafts(_),
                )
                | None => {}
            },
            (Slot::Found, Data::Found(list)) => {
                if let Some(Overlay::Palette(palette)) = &mut self.overlay {
                    palette.found(list);
                }
            }
            (Slot::Drafts, Data::Over(found)) => self.take_over(found),
            (Slot::Screen(id), data) => {
                let made = self.made.clone().filter(|_| self.level().is_some_and(|l| l.id == id));
                let mut levels = self.levels.iter_mut().flatten();
                if let Some(Level { screen, .. }) = levels.find(|level| level.id == id) {
                    screen.accept(data, fetch);
                    if made.is_some_and(|made| screen.select(&made)) {
                        self.made = None;
                    }
                }
            }
            (
                Slot::Bars
                | Slot::Tiles
                | Slot::Prefill
                | Slot::Suggestions
                | Slot::Found
                | Slot::Drafts,
                _,
            ) => {}
        }
        None
    }

    /// The bell rings for alarms of priority 1 and 2 alone, never for tasks and never for what others must do: three
    /// times for the first, once for the second, when they are new; for the first again, each minute, until somebody
    /// acknowledges it. In a console that only reads it is silent.
    pub(super) fn ring(&mut self, again: bool) -> Option<Effect> {
        let row = self.row_one();
        let calling = row.conditions.iter().filter(|one| one.calls);
        let conditions = calling.map(|one| (one.kind.word().to_owned(), one.priority()));
        let loud: BTreeMap<String, u8> = row
            .loud
            .iter()
            .map(|lead| (lead.id.clone(), lead.priority))
            .chain(conditions)
            .filter(|(_, priority)| *priority <= 2)
            .collect();
        let is_new =
            |id: &String, priority: u8| self.rung.get(id).is_none_or(|before| priority < *before);
        let fresh = loud.iter().filter(|(id, p)| is_new(id, **p)).map(|(_, p)| *p).min();
        let critical = loud.values().any(|priority| *priority == 1);
        self.rung = loud;
        if self.read_only.is_some() {
            return None;
        }
        if fresh == Some(1) {
            self.silenced = false;
        }
        // A lost store is asked for more often than the bell may ring; a minute's tick comes a moment early or late.
        let minute = |at: Time| at.micros().div_euclid(MINUTE);
        let due = minute(self.now) > minute(self.rung_at)
            && self.now.seconds_since(self.rung_at) >= ALMOST_A_MINUTE;
        let again = again && critical && due;
        let priority = fresh.or(again.then_some(1))?;
        self.rung_at = self.now;
        let heard = self.habits.bell && !self.silenced;
        heard.then_some(Effect::Ring(if priority == 1 { 3 } else { 1 }))
    }

    /// Takes in row 1, and rings for what is new in it.
    pub(super) fn attend(&mut self, attention: Attention) -> Option<Effect> {
        self.attention = attention;
        self.settle();
        self.announce();
        self.ring(false)
    }

    /// Says once which alarm of priority 1 is new: in a list whose order is held it stands at the end, where nobody looks.
    fn announce(&mut self) {
        let known = std::mem::replace(&mut self.attended, true);
        let is_new = |lead: &&Lead| {
            lead.priority == 1 && self.rung.get(&lead.id).is_none_or(|before| *before > 1)
        };
        let Some(lead) = self.attention.loud.iter().find(is_new).filter(|_| known).cloned() else {
            return;
        };
        let sorts = if self.watches() { "r sorts, " } else { "" };
        let mut line = Cell::priority(1, true)
            .and(" new P1: ", Role::Title)
            .and(lead.reference.clone(), Role::Title)
            .and(format!(" {}; {sorts}! goes to it", lead.text), Role::Normal);
        if let Some(stands) = self.notice.take() {
            line = line.and(" · ", Role::Dim).and_all(stands);
        }
        self.newest = Some(lead.id);
        self.say(line);
    }

    /// Whether the list of what stands now is in view.
    fn watches(&self) -> bool {
        let asks = |level: &Level| level.screen.ask(Fetch::Refresh);
        matches!(self.level().and_then(asks), Some(Ask::List { subject: "watch", .. }))
    }

    pub(super) fn told(&mut self, told: Told) -> Vec<Effect> {
        match told {
            Told::Waiting(waiting) => {
                self.waiting = waiting;
                Vec::new()
            }
            Told::Lost(lost) => {
                self.lost = Some(lost);
                self.refresh()
            }
            Told::Cut(Some(Cut { since, why })) => {
                self.trouble = Some(why);
                self.deaf = true;
                self.answered = self.answered.max(since);
                self.settle();
                self.ring(false).into_iter().collect()
            }
            Told::Cut(None) => {
                self.deaf = false;
                self.ask_again()
            }
        }
    }

    /// Says what is lost over the screen, once nothing else stands there.
    pub(super) fn say_lost(&mut self) -> Option<Effect> {
        if self.overlay.is_some() {
            return None;
        }
        let lost = self.lost.take()?;
        let mut doc = Doc::titled(SafeText::fixed("ENTRIES OF THIS STORE ARE LOST"));
        for line in lost.wrap(usize::from(self.size.width.saturating_sub(4)).max(20)) {
            doc = doc.text(line);
        }
        self.overlay = Some(Overlay::Message(Message::new(doc)));
        Some(Effect::Bell)
    }

    /// Who holds the ledger while a command of this console waits for it.
    pub(super) fn waits(&self) -> Option<&SafeText> {
        self.waiting.as_ref().filter(|_| self.submission.is_some())
    }

    pub(super) fn submitted(
        &mut self,
        number: u64,
        outcome: Result<Receipt, Failure>,
    ) -> Vec<Effect> {
        if self.submission != Some(number) {
            return Vec::new();
        }
        self.submission = None;
        self.waiting = None;
        match outcome {
            Ok(receipt) => {
                let told = receipt.told;
                self.say(Cell::of("✓ ", Role::Title).and(receipt.said, Role::Normal));
                let mut effects = Vec::new();
                if let Some(Overlay::Form(form)) = &self.overlay
                    && form.sending
                {
                    effects.extend(receipt.leads.map(Effect::Past));
                    let key = form.key();
                    (self.overlay, self.aid) = (None, None);
                    self.made = receipt.reference;
                    if self.drafts.remove(&key).is_some() {
                        effects.push(Effect::KeepDrafts(self.drafts.clone()));
                    }
                }
                if self.overlay.is_none() && !told.is_empty() {
                    let doc = told.into_iter().fold(Doc::default(), Doc::text);
                    self.overlay = Some(Overlay::Message(Message::new(doc)));
                }
                effects.extend(self.refresh());
                effects
            }
            Err(failure) => {
                let mut again = None;
                match &mut self.overlay {
                    Some(Overlay::Form(form)) if form.sending => {
                        form.failed(&failure);
                        again = form.again(&failure);
                    }
                    Some(_) | None => self.say(Cell::of(failure.line(), Role::Error)),
                }
                // What was refused may have moved: show how it stands now.
                let mut effects = self.refresh();
                effects.extend(again.and_then(|ask| self.load(Slot::Prefill, ask, Fetch::Anew)));
                effects
            }
        }
    }
}
