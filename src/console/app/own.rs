//! Alarms that this console raises by itself, about its store: how they stand, and what the person here said of them.
//!
//! They are acknowledged here only: a store that is lost or not to be believed takes no entry.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::{App, Effect};
use crate::console::data::Object;
use crate::console::keys::Scope;
use crate::console::screens::Focus;
use crate::console::screens::page::PageScreen;
use crate::console::theme::Role;
use crate::console::widgets::bars::{Attention, Condition, Lead};
use crate::console::widgets::cell::Cell;
use crate::console::widgets::doc::Doc;
use crate::domain::alarm::{AlarmKind, rationale};
use crate::domain::time::Time;
use crate::domain::time_input::offset;
use crate::safe_text::SafeText;

/// What one cannot do to an alarm of this console, and why.
const OFF: &[(&str, &str)] = &[
    (
        "alarm.shelve",
        "an alarm of this console is not shelved: A acknowledges it, M silences the bell",
    ),
    ("alarm.unshelve", "it is not shelved"),
    ("why", "this console raised it by itself; no entry of the ledger did"),
    ("history", "this console raised it by itself; no entry of the ledger is about it"),
    ("who-decides", "nobody decides on this; its page says what to do"),
];

/// Why this is off on an alarm of this console, if it is.
pub(super) fn off(action: &str) -> Option<SafeText> {
    OFF.iter().find(|(id, _)| *id == action).map(|(_, why)| SafeText::fixed(why))
}

/// One of them, since it began.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Own {
    condition: Condition,
    since: Time,
}

/// All of them, by kind.
#[derive(Debug, Default)]
pub(super) struct Owns(BTreeMap<AlarmKind, Own>);

impl Owns {
    /// Takes in what stands now. What stands no more leaves, unless its kind waits for somebody to have seen it.
    fn settle(&mut self, standing: &[(Condition, Time)]) {
        for (kind, own) in &mut self.0 {
            own.condition.stands = standing.iter().any(|(one, _)| one.kind == *kind);
        }
        for (condition, since) in standing {
            let own = self
                .0
                .entry(condition.kind)
                .or_insert_with(|| Own { condition: condition.clone(), since: *since });
            own.condition.why = condition.why.clone();
        }
        self.0.retain(|kind, own| {
            own.condition.stands || (own.condition.calls && rationale(*kind).latches)
        });
    }
}

impl App {
    /// Takes in how the store stands for this console.
    pub(super) fn settle(&mut self) {
        let mut standing: Vec<(Condition, Time)> =
            self.attention.conditions.iter().map(|one| (one.clone(), self.now)).collect();
        if let Some(why) = self.trouble.clone() {
            let at = match self.local {
                None => self.answered.utc().format("%H:%M:%SZ").to_string(),
                Some(zone) => {
                    let local = self.answered.utc().with_timezone(&zone).format("%H:%M:%S");
                    format!("{local} {}", offset(self.answered, zone))
                }
            };
            let why = SafeText::from(format!("since {at}: {why}"));
            standing.push((Condition::new(AlarmKind::StoreStale, why), self.answered));
        }
        self.own.settle(&standing);
    }

    /// Row 1 as it stands for this console: of what presses most the newest, and what it finds wrong with the store by itself.
    pub(super) fn row_one(&self) -> Attention {
        let own = self.own.0.values().map(|own| own.condition.clone());
        let mut row = self.attention.clone();
        let newest = row.loud.iter().find(|lead| Some(&lead.id) == self.newest.as_ref());
        let presses = |new: &&Lead| row.lead.as_ref().is_none_or(|lead| new.rank() <= lead.rank());
        if let Some(newest) = newest.filter(presses).cloned() {
            row.lead = Some(newest);
        }
        row.with(own.collect())
    }

    /// Opens what an operator must know of an alarm of this console; it asks nothing of the store.
    pub(super) fn open_own(&mut self, kind: AlarmKind) -> Vec<Effect> {
        let Some(own) = self.own.0.get(&kind) else { return Vec::new() };
        let known = rationale(kind);
        let stands = match (own.condition.stands, own.condition.calls) {
            (true, true) => "stands; nobody at this console has acknowledged it",
            (true, false) => "stands, acknowledged at this console",
            (false, _) => "ended, and nobody at this console had acknowledged it",
        };
        let doc = Doc::default()
            .field("priority", Cell::priority(own.condition.priority(), own.condition.calls))
            .field("state", stands)
            .when("since", Some(own.since), self.status.zone.unwrap_or(Tz::UTC))
            .field("seen", Cell::text(own.condition.why.clone()))
            .field("cause", known.cause)
            .field("consequence", known.consequence)
            .field("response", known.response)
            .field("time", known.time)
            .field("ends when", known.cleared_by)
            .text(Cell::of(
                "It is raised and acknowledged at this console alone; A does, and M silences the bell.",
                Role::Dim,
            ));
        let alarm = Some(kind.word().to_owned());
        let about = Focus { alarm, ..Focus::of("store", known.cause, Scope::Everywhere) };
        self.push(Box::new(PageScreen::of_console(about, Object { doc, ..Object::default() })))
    }

    /// The most urgent alarm of this console.
    pub(super) fn first_own(&self) -> Option<AlarmKind> {
        let own = self.own.0.values().map(|own| &own.condition);
        own.min_by_key(|one| (one.priority(), !one.calls)).map(|one| one.kind)
    }

    /// The kind of the alarm of this console that one stands on, if it is one.
    pub(super) fn on_own(&self) -> Option<AlarmKind> {
        AlarmKind::parse(self.focus()?.alarm.as_deref()?)
    }

    /// Why an alarm of this console cannot be acknowledged now, if so.
    pub(super) fn known_own(&self, kind: AlarmKind) -> Option<SafeText> {
        match self.own.0.get(&kind) {
            Some(own) if own.condition.calls => None,
            Some(_) => Some(SafeText::fixed("it was acknowledged at this console already")),
            None => Some(SafeText::fixed("it has ended")),
        }
    }

    /// Acknowledges an alarm of this console: it calls no more, and leaves when its condition has ended.
    pub(super) fn acknowledge_own(&mut self, kind: AlarmKind) -> Vec<Effect> {
        if let Some(own) = self.own.0.get_mut(&kind) {
            own.condition.calls = false;
        }
        self.settle();
        self.pop();
        let done = Cell::of("✓ ", Role::Title);
        self.say(done.and(format!("{kind} acknowledged at this console"), Role::Normal));
        self.fetch(crate::console::widgets::list::Fetch::Refresh).into_iter().collect()
    }
}
