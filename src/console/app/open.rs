//! Opening: screens on their levels, subjects, forms with their drafts, the palette.

use serde_json::{Map, Value};

use super::{App, Effect, Level};
use crate::console::data::{Ask, Slot};
use crate::console::keys::action::READY;
use crate::console::keys::{Action, Does, Scope, all, by_id};
use crate::console::overlays::Overlay;
use crate::console::overlays::filter::Filter;
use crate::console::overlays::filter::values::spelled;
use crate::console::overlays::form::{About, Form};
use crate::console::overlays::palette::{BEFORE, Entry, Palette, Target};
use crate::console::screens::{Focus, Pick, Screen};
use crate::console::tools::Tool;
use crate::console::widgets::list::Fetch;
use crate::domain::command::commands;
use crate::safe_text::SafeText;

impl App {
    /// Shows a numbered screen, made when it is first shown; its number always leads to its list.
    pub(super) fn show(&mut self, number: usize) -> Vec<Effect> {
        let Some(subject) = self.screens.get(number) else { return Vec::new() };
        // Whoever asks for the list that is in view wants it as it is now, sorted anew.
        let again = self.active == number
            && self.levels.get(number).is_some_and(|levels| levels.len() == 1);
        self.active = number;
        while self.pop() {}
        // A digit leads to what row 2 counts.
        let narrowed = self.unfilter();
        let was = self.level().map_or("", |level| level.screen.last_filter()).to_owned();
        if narrowed && !was.is_empty() {
            let told = format!("the filter {was} is off: / and Up bring it back");
            self.say(SafeText::from(told).into());
        }
        if let Some(level) = self.level_mut() {
            let seen = std::mem::replace(&mut level.seen, true);
            self.fit();
            let fetch = if seen && !again && !narrowed { Fetch::Refresh } else { Fetch::Anew };
            let rows = self.fetch(fetch);
            return rows.into_iter().chain(self.ask_tiles()).collect();
        }
        self.push((subject.make)())
    }

    /// Reads the next numbered list that was not opened yet, once nothing else is asked: so that it is there at once when
    /// its key is struck.
    pub(super) fn read_ahead(&mut self) -> Option<Effect> {
        if !self.pending.is_empty() {
            return None;
        }
        let empty = self.levels.iter().enumerate().filter(|(_, levels)| levels.is_empty());
        let (number, screen, ask) = empty
            .filter_map(|(number, _)| {
                let screen = (self.screens.get(number)?.make)();
                let ask = screen.ask(Fetch::Anew)?;
                matches!(ask, Ask::List { .. }).then_some((number, screen, ask))
            })
            .next()?;
        let id = self.number();
        self.levels.get_mut(number)?.push(Level { id, screen, seen: false, name: None });
        self.load(Slot::Screen(id), ask, Fetch::Anew)
    }

    /// Opens a screen on top of the one in view.
    pub(super) fn push(&mut self, screen: Box<dyn Screen>) -> Vec<Effect> {
        self.push_as(screen, None)
    }

    fn push_as(&mut self, screen: Box<dyn Screen>, name: Option<&'static str>) -> Vec<Effect> {
        let id = self.number();
        if let Some(levels) = self.levels.get_mut(self.active) {
            levels.push(Level { id, screen, seen: true, name });
        }
        self.fit();
        self.fetch(Fetch::Anew).into_iter().collect()
    }

    /// Closes the screen on top, unless it is the last one; says whether it did.
    pub(super) fn pop(&mut self) -> bool {
        let Some(levels) = self.levels.get_mut(self.active).filter(|levels| levels.len() > 1)
        else {
            return false;
        };
        if let Some(level) = levels.pop() {
            self.pending.remove(&Slot::Screen(level.id));
        }
        self.fit();
        true
    }

    /// Brings the list in view back to how it was opened; says whether it was filtered otherwise.
    pub(super) fn unfilter(&mut self) -> bool {
        let Some(level) = self.level_mut() else { return false };
        let opened = level.screen.opened().to_owned();
        let filtered = level.screen.filter() != opened;
        level.screen.set_filter(opened);
        filtered
    }

    /// Opens a subject by name: its numbered screen, or a list on top of the one in view.
    pub(super) fn go(&mut self, name: &str) -> Vec<Effect> {
        if let Some(number) = self.screens.iter().position(|subject| subject.name == name) {
            return self.show(number);
        }
        match self.subjects.iter().find(|subject| subject.name == name) {
            Some(subject) => self.push_as((subject.make)(), Some(subject.name)),
            None => Vec::new(),
        }
    }

    /// Opens the form of a command. Without its action it was chosen among several on the focused object.
    ///
    /// `anywhere` is set when it was found by its name alone: then the object counts only if it is of the
    /// command's own kind.
    pub(super) fn open_form(
        &mut self,
        command: &str,
        action: Option<&Action>,
        anywhere: bool,
    ) -> Vec<Effect> {
        self.open_form_of(command, action, anywhere, None)
    }

    /// The same, filled from what was picked for the focused object.
    pub(super) fn open_form_of(
        &mut self,
        command: &str,
        action: Option<&Action>,
        anywhere: bool,
        into: Option<String>,
    ) -> Vec<Effect> {
        let Some(fields) = (self.forms)(command) else { return Vec::new() };
        let action = action.or_else(|| by_id(command));
        let of_its_kind = |focus: &Focus| {
            action.is_some_and(|action| {
                action.scopes.contains(&focus.scope) || action.scopes.contains(&Scope::Everywhere)
            })
        };
        let focus = self.focus().filter(|focus| !anywhere || of_its_kind(focus));
        let from = focus.as_ref().map(|focus| focus.reference.clone());
        let zone = focus.as_ref().and_then(|focus| focus.zone);
        // On a list of changes, a new change has nothing to do with the selected one.
        let same = focus
            .as_ref()
            .is_some_and(|focus| action.is_some_and(|action| action.scopes.contains(&focus.scope)));
        let beside = focus.as_ref().filter(|focus| same && focus.scope == Scope::Change);
        let beside = beside.map(|focus| focus.known.clone()).unwrap_or_default();
        let about = match action.map(|action| action.does) {
            Some(Does::New(_) | Does::ChooseNew(_)) => None,
            Some(Does::OnAlarm(_) | Does::OnWatch(_)) => focus.map(|focus| {
                let named = focus.alarm.clone().or_else(|| focus.task.clone()).unwrap_or_default();
                let mut fixed = vec![("ref", named)];
                fixed.extend(focus.due.map(|due| ("due", due.to_string())));
                Focus { fixed, version: None, ..focus }
            }),
            Some(
                Does::On(_)
                | Does::Pick(_)
                | Does::Choose(_)
                | Does::Screen(_)
                | Does::Ui(_)
                | Does::Overlay(_),
            )
            | None => focus,
        };
        let aside = action.is_some_and(|action| matches!(action.does, Does::OnWatch(_)));
        let calls = about.as_ref().filter(|_| aside).map(|focus| focus.calls.clone());
        let known = |name: &str| fields.iter().any(|field| field.name == name);
        // A command that does not know the object by any field makes something new beside it.
        let about = about.filter(|focus| focus.fixed.iter().any(|(name, _)| known(name)));
        let mut fixed = Map::new();
        if let Some(focus) = &about {
            for (name, value) in focus.fixed.iter().filter(|(name, _)| known(name)) {
                fixed.insert((*name).to_owned(), Value::String(value.clone()));
            }
            // What must not wait for words does not wait for another look either.
            let waits = READY.iter().all(|(name, _)| *name != command);
            if let Some(version) = focus.version.filter(|_| waits) {
                fixed.insert("expect".to_owned(), Value::from(version));
            }
        }
        let help = action.map_or_else(|| help_of(command), |action| action.help);
        let rest = about.as_ref().map_or(beside, |focus| focus.known.clone());
        let about = about.map(|focus| About {
            reference: focus.reference,
            name: focus.name,
            zone: focus.zone,
        });
        // What begins from this object is named so, and has a draft of its own.
        let begun: Vec<&(&str, String)> = rest.iter().filter(|(name, _)| known(name)).collect();
        let told: String = begun.iter().map(|(name, of)| format!("  {name} {of}")).collect();
        let begins = !begun.is_empty();
        let title = SafeText::from_untrusted(&format!("{command}{told}"));
        let mut form = Form::new(command, title, SafeText::fixed(help), about, fields, fixed);
        // What is written anywhere is one draft, wherever it was begun.
        let anywhere = action.is_some_and(|action| action.scopes.contains(&Scope::Everywhere));
        form.from = from.clone().filter(|_| begins || (!same && !anywhere));
        form.zone = form.zone.or(zone);
        form.brief = calls.unwrap_or_default();
        let rest = rest.into_iter().map(|(name, value)| (name.to_owned(), Value::String(value)));
        form.prefill(&rest.collect());
        // What is picked now counts for more than what was typed another time.
        if let Some(draft) = self.drafts.get(&form.key()).filter(|_| into.is_none()) {
            form.restore(draft);
        }
        self.overlay = Some(Overlay::Form(Box::new(form)));
        let mut effects: Vec<Effect> = self.complete().into_iter().collect();
        let ask = Ask::Prefill { command: command.to_owned(), reference: from, into };
        effects.extend(self.load(Slot::Prefill, ask, Fetch::Anew));
        effects
    }

    /// Keeps what was typed into a form that is left.
    pub(super) fn keep_draft(&mut self, overlay: &Overlay) -> Option<Effect> {
        let Overlay::Form(form) = overlay else { return None };
        let draft = form.draft();
        if draft.is_empty() {
            self.drafts.remove(&form.key())?;
        } else {
            self.drafts.insert(form.key(), draft);
        }
        Some(Effect::KeepDrafts(self.drafts.clone()))
    }

    /// Leaves a form and what was typed into it.
    pub(super) fn drop_draft(&mut self, overlay: &Overlay) -> Vec<Effect> {
        let Overlay::Form(form) = overlay else { return Vec::new() };
        self.say(SafeText::from(format!("{}: what was typed is thrown away", form.key())).into());
        let kept = self.drafts.remove(&form.key());
        kept.map(|_| Effect::KeepDrafts(self.drafts.clone())).into_iter().collect()
    }

    /// The choice between the commands of one key.
    pub(super) fn choice(&self, action: &Action, commands: &'static [&'static str]) -> Overlay {
        let here = commands.iter().filter(|name| (self.forms)(name).is_some());
        let entries = here.map(|name| Entry {
            name: SafeText::fixed(name),
            help: SafeText::fixed(help_of(name)),
            denied: None,
            target: Target::Command(name),
        });
        Overlay::Palette(Palette::choice(SafeText::fixed(action.label), entries.collect()))
    }

    /// What the focused object could be put into; each opens the first of these commands that is open to the person.
    pub(super) fn picks(&self, action: &Action, commands: &'static [&'static str]) -> Overlay {
        let open = |name: &&&'static str| by_id(name).is_none_or(|one| self.denied(one).is_none());
        let command = commands.iter().find(open).or(commands.first()).copied().unwrap_or_default();
        let picks = self.focus().map(|focus| focus.picks).unwrap_or_default();
        let entry = |pick: Pick| Entry {
            name: SafeText::from(pick.reference.as_str()),
            help: pick.said,
            denied: None,
            target: Target::Into(command, pick.reference),
        };
        let entries = picks.into_iter().map(entry).collect();
        Overlay::Palette(Palette::choice(SafeText::fixed(action.label), entries))
    }

    /// The palette: subjects first, then every action that applies here, then every command there is.
    pub(super) fn palette(&self) -> Overlay {
        let subjects = self.screens.iter().chain(self.subjects).map(|subject| Entry {
            name: SafeText::fixed(subject.name),
            help: SafeText::fixed(subject.help),
            denied: None,
            target: Target::Subject(subject.name),
        });
        let scopes = self.scopes();
        let applies = |action: &&Action| action.scopes.iter().any(|scope| scopes.contains(scope));
        // What is begun from a row is begun without one by its name.
        let begins = |action: &&Action| self.focus().is_some() || !action.is_of_a_row();
        let here: Vec<&'static Action> =
            all().filter(applies).filter(begins).filter(|action| self.built(action)).collect();
        let elsewhere = commands().filter(|spec| {
            spec.command.is_some_and(|name| here.iter().all(|action| action.id != name))
        });
        let commands = elsewhere.filter_map(|spec| {
            let name = spec.command.filter(|name| (self.forms)(name).is_some())?;
            Some(Entry {
                name: SafeText::fixed(name),
                help: SafeText::fixed(spec.help),
                denied: self.read_only.clone().or_else(|| self.no_right(&[name])),
                target: Target::Anywhere(name),
            })
        });
        let tools = Tool::ALL.iter().map(|tool| Entry {
            name: SafeText::fixed(tool.name()),
            help: SafeText::fixed(tool.help()),
            denied: self
                .no_files()
                .filter(|_| tool.files())
                .or_else(|| self.read_only.clone().filter(|_| tool.writes())),
            target: Target::Anywhere(tool.name()),
        });
        let actions = here.iter().map(|action| Entry {
            name: SafeText::fixed(action.id),
            help: SafeText::fixed(action.help),
            denied: self.denied(action),
            target: Target::Action(action),
        });
        let drafts = std::iter::once(Entry {
            name: SafeText::fixed("drafts"),
            help: SafeText::from(match self.drafts.len() {
                0 => "Unfinished forms that were kept: there is none.".to_owned(),
                kept => format!(
                    "Unfinished forms that were kept, {kept}: opens one, or throws it away."
                ),
            }),
            denied: None,
            target: Target::Drafts,
        });
        let before = BEFORE.iter().map(|(word, help)| Entry {
            name: SafeText::fixed(word),
            help: SafeText::fixed(help),
            denied: None,
            target: Target::Before(word),
        });
        let entries = subjects
            .chain(actions)
            .chain(commands)
            .chain(tools)
            .chain(drafts)
            .chain(before)
            .collect();
        Overlay::Palette(Palette::new(SafeText::fixed(":"), entries))
    }

    /// Why nothing is done with files, if the host does not allow it.
    fn no_files(&self) -> Option<SafeText> {
        let forbidden = SafeText::fixed("the settings of this host allow no files (files = false)");
        (!self.habits.files).then_some(forbidden)
    }

    /// The filter line of a screen, which completes its words and the sites.
    pub(super) fn filter_line(&self, screen: &dyn Screen) -> Filter {
        let known = screen.filter_known();
        let mut words = screen.filter_words();
        if words.iter().any(|word| word == "site:") {
            words.extend(self.status.sites.iter().map(|(site, _)| format!("site:{site}")));
        }
        let list = match screen.ask(Fetch::Anew) {
            Some(Ask::List { subject, .. }) => subject,
            Some(_) | None => "",
        };
        for word in known.iter().flatten() {
            let values = spelled(list, word.name).into_iter();
            words.extend(values.map(|value| format!("{}:{value}", word.name)));
        }
        Filter::new(screen.filter(), words, known).of(list).after(screen.last_filter())
    }
}

/// What a command does, in one sentence.
fn help_of(command: &str) -> &'static str {
    let tool = Tool::named(command).map(Tool::help);
    let spec = commands().find(|spec| spec.command == Some(command)).map(|spec| spec.help);
    tool.or(spec).unwrap_or_default()
}
