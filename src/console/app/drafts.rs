//! Unfinished forms: the list of them, how their objects stand, and what becomes of one.

use serde_json::Value;

use super::{App, Effect};
use crate::console::data::{Ask, Over, Slot};
use crate::console::keys::{Action, Does, by_id};
use crate::console::overlays::Overlay;
use crate::console::overlays::drafts::{Draft, Drafts};
use crate::console::overlays::message::Message;
use crate::console::screens::Focus;
use crate::console::screens::page::PageScreen;
use crate::console::widgets::cell::Cell;
use crate::console::widgets::list::Fetch;
use crate::safe_text::SafeText;

/// The command and the object, if there is one, of the name under which a form is kept.
fn parted(key: &str) -> (&str, Option<&str>) {
    key.split_once(' ').map_or((key, None), |(command, on)| (command, Some(on)))
}

/// Whether a form makes something new beside its object, which then allows it however it stands.
fn makes_anew(command: &str) -> bool {
    by_id(command).is_some_and(|action| matches!(action.does, Does::New(_) | Does::ChooseNew(_)))
}

impl App {
    /// Opens the list of unfinished forms, and asks how their objects stand.
    pub(super) fn open_drafts(&mut self) -> Vec<Effect> {
        self.overlay = Some(Overlay::Drafts(Drafts::new(self.kept())));
        self.ask_over().into_iter().collect()
    }

    /// Asks whether the objects of unfinished forms still allow them.
    pub(super) fn ask_over(&mut self) -> Option<Effect> {
        let of = self.about_objects();
        if of.is_empty() {
            return None;
        }
        let of = of.into_iter().map(|(_, command, on)| (command, on)).collect();
        self.load(Slot::Drafts, Ask::Over { of }, Fetch::Anew)
    }

    /// The unfinished forms that do something to an object: the name of each, its command and the object.
    fn about_objects(&self) -> Vec<(String, String, String)> {
        let one = |key: &String| {
            let (command, on) = parted(key);
            let on = on.filter(|_| !makes_anew(command))?;
            Some((key.clone(), command.to_owned(), on.to_owned()))
        };
        self.drafts.keys().filter_map(one).collect()
    }

    /// Takes how the objects of unfinished forms stand; tells it wherever they are offered.
    pub(super) fn take_over(&mut self, found: Vec<Option<Over>>) {
        let of = self.about_objects();
        // What was thrown away or begun meanwhile is asked for again when it is looked at.
        if of.len() != found.len() {
            return;
        }
        let over =
            of.into_iter().zip(found).filter_map(|((key, ..), over)| Some((key, over?.head)));
        self.drafts_over = over.collect();
        let rows = self.kept();
        match &mut self.overlay {
            Some(Overlay::Drafts(drafts)) => drafts.set(rows),
            Some(Overlay::Message(message)) if message.leaves() => {
                self.overlay = Some(Overlay::Message(Message::leaving(&self.held())));
            }
            Some(
                Overlay::Message(_)
                | Overlay::Form(_)
                | Overlay::Help(_)
                | Overlay::Palette(_)
                | Overlay::Filter(_),
            )
            | None => {}
        }
    }

    fn kept(&self) -> Vec<Draft> {
        let one = |(key, typed): (&String, &serde_json::Map<String, Value>)| Draft {
            key: key.clone(),
            over: self.drafts_over.get(key).cloned(),
            typed: typed
                .iter()
                .filter_map(|(name, value)| {
                    let label = SafeText::from(name.replace(['_', '.'], " "));
                    Some((label, SafeText::from_untrusted(value.as_str()?)))
                })
                .collect(),
        };
        self.drafts.iter().map(one).collect()
    }

    /// What a person leaves behind who leaves: an unfinished form, and that its object is over.
    pub(super) fn unfinished(&self) -> impl Iterator<Item = Cell> {
        let line = |key: &String| {
            let over =
                self.drafts_over.get(key).map(|over| format!("; {over}")).unwrap_or_default();
            Cell::text(SafeText::from(format!("an unfinished form: {key}{over}")))
        };
        let told = (!self.drafts.is_empty())
            .then(|| Cell::text("(:drafts shows what was typed, opens it or throws it away)"));
        self.drafts.keys().map(line).chain(told)
    }

    /// That something was typed for a verb that is off.
    pub(super) fn kept_for(&self, action: &Action) -> Option<&'static str> {
        let on = self.focus()?.reference;
        let kept = |name: &&str| self.drafts.contains_key(&format!("{name} {on}"));
        let told = "; what you typed into it is kept: :drafts shows it or throws it away";
        action.commands().iter().any(kept).then_some(told)
    }

    /// Opens an unfinished form, or the object that it is about.
    pub(super) fn open_draft(&mut self, key: &str) -> Vec<Effect> {
        let (command, on) = parted(key);
        let Some(on) = on else { return self.open_form(command, by_id(command), true) };
        let scope = by_id(command).and_then(|action| action.scopes.first().copied());
        let focus = Focus::of(on, "", scope.unwrap_or(crate::console::keys::Scope::Everywhere));
        let effects = self.push(Box::new(PageScreen::object(focus)));
        let label = by_id(command).map_or(command, |action| action.label);
        let said = format!("{label} opens what you typed; if it is off, it says why");
        self.say(SafeText::from(said).into());
        effects
    }

    /// Throws away what was typed into an unfinished form.
    pub(super) fn discard(&mut self, key: &str) -> Vec<Effect> {
        if self.drafts.remove(key).is_none() {
            return Vec::new();
        }
        self.drafts_over.remove(key);
        self.say(SafeText::from(format!("{key}: what was typed is thrown away")).into());
        self.aloud = true;
        let rows = self.kept();
        if let Some(Overlay::Drafts(drafts)) = &mut self.overlay {
            drafts.set(rows);
        }
        vec![Effect::KeepDrafts(self.drafts.clone())]
    }
}
