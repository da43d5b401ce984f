//! A form or a confirmation: fields, where one stands, what is wrong, and whether it was sent.
//!
//! Only Ctrl-O and the submit button send it, never Enter in a field and never a
//! pasted burst. What a field means is `field`'s, what completes it `suggest`'s; drawing is `form_view`'s; the
//! rules of a command are the command's own.

mod groups;
mod pages;
mod reading;
mod ready;
pub mod room;
mod standing;
pub mod suggest;

use chrono_tz::Tz;
use ratatui::layout::Rect;
use serde_json::{Map, Value};

use super::Reply;
use super::field::{Field, FieldKind, FieldSpec, Needs, nothing};
use crate::console::ctx::Ctx;
use crate::console::keys::action::RETYPED;
use crate::console::keys::{Act, Code, Does, Edit, Key, Keymap, Move, Scope, Ui};
use crate::console::term::{Stroke, Strokes};
use crate::console::widgets::doc::Doc;
use crate::domain::time::Time;
use crate::safe_text::SafeText;
use groups::{flatten, look_up};
use suggest::Completing;

/// What a field says that names nothing.
pub const UNKNOWN: &str = "nothing in the store is called so";

/// What a field says that may also name somebody whom the store does not know.
pub const FREE: &str = "nobody in the store is called so; it is kept as it is written";

/// Fields that may name whomever they like.
const ANYBODY: &[&str] = &["escort"];

/// The name of the field in which the reference is typed once more.
pub const RETYPE: &str = "_retype";

/// What a form is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// The reference of the object, sent as the field that `reference_field` names.
    pub reference: String,
    /// Its name in words.
    pub name: SafeText,
    /// The zone of its site, in which times are typed.
    pub zone: Option<Tz>,
}

/// An open form.
#[derive(Debug)]
pub struct Form {
    /// The command that it submits.
    pub command: String,
    /// The heading.
    pub title: SafeText,
    /// The object that it is about.
    pub about: Option<About>,
    /// The zone in which times are typed.
    pub zone: Option<Tz>,
    /// The object that one stood on when it was opened; its values may fill the fields.
    pub from: Option<String>,
    /// What submitting brings about, in one line.
    pub consequence: SafeText,
    /// What is decided on, in a few lines; nothing where the form decides nothing.
    pub brief: Doc,
    /// What became another before the eyes of whoever decides: told first.
    pub news: Doc,
    /// What others said of it so far: told above it, and no reason to look again.
    pub so_far: Doc,
    /// The fields, groups taken apart.
    pub fields: Vec<Field>,
    /// The field that one stands in; one past the last is the submit button.
    pub focus: usize,
    /// What the whole form has to say: a refusal, a lost store.
    pub banner: Option<SafeText>,
    /// How its object stands that no longer allows what the form would do: its heading from then on.
    pub over: Option<SafeText>,
    /// Why the key that was struck last was not taken: said where one stands, until the next.
    pub untaken: Option<SafeText>,
    /// Whether it was sent and no answer has come.
    pub sending: bool,
    /// Pages of what is decided on that were gone over.
    pub leafed: usize,
    /// What the store filled in when it was opened.
    began: Map<String, Value>,
    /// Whether its object moved, and how it stands now was not read yet.
    moved: bool,
    /// Whether the store has filled it in.
    read: bool,
    /// The entry that was last written about its object when it was read.
    seen: Option<i64>,
    /// When what is decided on became another before the eyes of whoever decides.
    turned: Option<Time>,
    /// How often it was handed in once more by itself.
    resent: u8,
    /// Whether a draft was put back into it.
    pub restored: bool,
    /// What completes the field that one stands in.
    pub completing: Completing,
    fixed: Map<String, Value>,
    touched: bool,
    /// The digits that were struck for the ready reason that stands.
    picked: String,
}

impl Form {
    /// A form for a command. `fixed` are values sent as they are, such as the reference; their fields are not asked for.
    pub fn new(
        command: &str,
        title: SafeText,
        consequence: SafeText,
        about: Option<About>,
        fields: Vec<FieldSpec>,
        fixed: Map<String, Value>,
    ) -> Self {
        let asked = fields.into_iter().filter(|field| !fixed.contains_key(&field.name));
        let mut fields: Vec<Field> =
            asked.flat_map(|field| flatten("", "", None, field)).map(Field::new).collect();
        let retyped = RETYPED.iter().find(|(name, _)| *name == command);
        if let Some((about, (_, why))) = about.as_ref().zip(retyped) {
            fields.push(Field::new(FieldSpec {
                name: RETYPE.to_owned(),
                label: SafeText::from(format!("type {}", about.reference)),
                kind: FieldKind::Text,
                required: true,
                help: SafeText::from(format!("Type {} once more: {why}.", about.reference)),
                ..FieldSpec::default()
            }));
        }
        Self {
            command: command.to_owned(),
            title,
            zone: about.as_ref().and_then(|about| about.zone),
            about,
            from: None,
            consequence,
            brief: Doc::default(),
            news: Doc::default(),
            so_far: Doc::default(),
            fields,
            focus: 0,
            banner: None,
            over: None,
            untaken: None,
            sending: false,
            leafed: 0,
            began: Map::new(),
            moved: false,
            read: false,
            seen: None,
            turned: None,
            resent: 0,
            restored: false,
            completing: Completing::default(),
            fixed,
            touched: false,
            picked: String::new(),
        }
    }

    /// The site that the form names, or that its first asset is of.
    pub fn site(&self) -> Option<String> {
        let said = |name: &str| {
            let typed = self.fields.iter().find(|field| field.spec.name == name);
            let fixed = || self.fixed.get(name).and_then(Value::as_str).map(str::to_owned);
            typed.map(Field::typed).or_else(fixed).filter(|text| !text.trim().is_empty())
        };
        let of = |assets: String| assets.split_once('/').map(|(site, _)| site.trim().to_owned());
        said("site").map(|site| site.trim().to_owned()).or_else(|| said("assets").and_then(of))
    }

    /// Whether a field is asked for: one that depends on another only once that one says what it waits for.
    pub fn asks(&self, at: usize) -> bool {
        let Some(needs) = self.fields.get(at).and_then(|field| field.spec.needs.as_ref()) else {
            return true;
        };
        let other = self.fields.iter().find(|field| field.spec.name == needs.field);
        other.is_some_and(|other| needs.met(&other.typed()))
    }

    /// Whether a field must be given as the others stand: always, or because of what another says.
    pub fn demands(&self, field: &Field) -> bool {
        let says = |needs: &Needs| {
            let other = self.fields.iter().find(|other| other.spec.name == needs.field);
            other.is_some_and(|other| needs.met(&other.typed()))
        };
        // What is asked for because of another field is asked for each time.
        field.spec.required
            || field.spec.needs.is_some()
            || field.spec.must.as_ref().is_some_and(says)
    }

    /// Whether a field may name what the store does not know.
    pub fn free(&self, field: &Field) -> bool {
        ANYBODY.contains(&field.spec.name.as_str())
    }

    /// The name under which its draft is kept: the command and the object.
    pub fn key(&self) -> String {
        let about = self.about.as_ref().map(|about| &about.reference).or(self.from.as_ref());
        match about {
            Some(reference) => format!("{} {reference}", self.command),
            None => self.command.clone(),
        }
    }

    /// Fills fields that nobody has touched yet with values of the store or of a draft.
    pub fn prefill(&mut self, values: &Map<String, Value>) {
        if self.touched {
            return;
        }
        for field in &mut self.fields {
            if let Some(value) = look_up(values, &field.spec.name) {
                field.set_value(value);
            }
        }
        // What is filled in is looked at; what is empty is written in.
        let given = self.focus == 0 && self.fields.first().is_some_and(|field| !field.is_empty());
        let empty = self.fields.iter().position(Field::is_empty);
        if let Some(at) = empty.filter(|at| given && self.asks(*at)) {
            self.stand(at);
        }
    }

    /// Leaves a field only the words that apply to the object and the person.
    pub fn narrow(&mut self, choices: &[(&'static str, Vec<String>)]) {
        for (name, words) in choices {
            let fields = self.fields.iter_mut().filter(|one| one.spec.name == *name);
            for field in fields.filter(|one| one.spec.kind != FieldKind::Choice(words.clone())) {
                let kind = FieldKind::Choice(words.clone());
                let typed = field.typed();
                *field = Field::new(FieldSpec { kind, ..field.spec.clone() });
                field.set(&typed);
            }
        }
    }

    /// Makes fields compulsory that the object asks for.
    pub fn require(&mut self, needs: &[&str]) {
        for field in self.fields.iter_mut().filter(|one| needs.contains(&one.spec.name.as_str())) {
            field.spec.required = true;
        }
    }

    /// What was typed so far, by field name, to be kept as a draft; empty if nothing was.
    pub fn draft(&self) -> Map<String, Value> {
        // What is typed to confirm is typed each time.
        let kept = |field: &&Field| self.touched && !field.is_empty() && field.spec.name != RETYPE;
        let filled = self.fields.iter().filter(kept);
        filled.map(|field| (field.spec.name.clone(), Value::String(field.typed()))).collect()
    }

    /// Puts a kept draft back.
    pub fn restore(&mut self, draft: &Map<String, Value>) {
        for field in self.fields.iter_mut().filter(|field| field.spec.name != RETYPE) {
            if let Some(Value::String(text)) = draft.get(&field.spec.name) {
                field.set(text);
                self.touched = true;
                self.restored = true;
            }
        }
    }

    /// Takes strokes, while it is drawn in this area.
    pub fn update(
        &mut self,
        strokes: &Strokes,
        keymap: &Keymap,
        ctx: &Ctx<'_>,
        area: Rect,
    ) -> Reply {
        for stroke in &strokes.strokes {
            // What a burst left out is told until a hand strikes.
            self.untaken.take_if(|_| !strokes.burst);
            let key = match stroke {
                Stroke::Paste(text) => {
                    if let Some(field) = self.fields.get_mut(self.focus) {
                        field.paste(text);
                        field.typed_at = Some(ctx.now);
                        self.touched = true;
                    }
                    self.check(self.focus, ctx);
                    continue;
                }
                Stroke::BrokenPaste => continue,
                Stroke::Key(key) => *key,
            };
            let action = keymap.find(&[Scope::Form], key).filter(|_| key.typed().is_none());
            if !strokes.burst && self.picks(key) {
                self.check(self.focus, ctx);
                continue;
            }
            match action.map(|action| action.does) {
                Some(Does::Overlay(Edit::Submit)) if !strokes.burst => return self.submit(ctx),
                Some(Does::Overlay(Edit::Leave)) if !strokes.burst => return Reply::Leave,
                Some(Does::Overlay(Edit::ThrowAway)) if !strokes.burst => return Reply::ThrowAway,
                Some(Does::Overlay(Edit::Help)) if !strokes.burst => return Reply::Help,
                Some(Does::Overlay(Edit::NextField)) => {
                    self.complete(true);
                    self.go(1, ctx);
                }
                Some(Does::Overlay(Edit::PreviousField)) => self.go(-1, ctx),
                Some(Does::Ui(Ui::Repaint)) => return Reply::Repaint,
                Some(Does::Screen(Act::Move(Move::PageDown))) => self.leaf(1, area, ctx),
                Some(Does::Screen(Act::Move(Move::PageUp))) => self.leaf(-1, area, ctx),
                Some(Does::Overlay(Edit::Submit | Edit::Leave | Edit::ThrowAway | Edit::Help)) => {
                    self.came_at_once(key)
                }
                Some(_) => self.untaken = Some(nothing(key)),
                None if self.focus >= self.fields.len() => {
                    if key.code == Code::Up {
                        self.go(-1, ctx);
                    } else if key.code != Code::Enter {
                        self.untaken = Some(nothing(key));
                    } else if strokes.burst {
                        self.came_at_once(key);
                    } else {
                        return self.submit(ctx);
                    }
                }
                None => self.type_key(key, ctx),
            }
        }
        Reply::Stay
    }

    /// Goes a page on or back: in what is decided on, where it has more lines than room; else in the fields.
    fn leaf(&mut self, by: isize, area: Rect, ctx: &Ctx<'_>) {
        let last = self.pages(area, ctx).len().saturating_sub(1);
        let to = self.leafed.min(last).saturating_add_signed(by).min(last);
        if to != self.leafed {
            self.leafed = to;
            return;
        }
        let at = self.a_page_on(by, area, ctx);
        if at != self.focus {
            self.check_left(ctx);
            self.stand(at);
        }
    }

    fn type_key(&mut self, key: Key, ctx: &Ctx<'_>) {
        let Some(field) = self.fields.get_mut(self.focus) else { return };
        let up_or_down = matches!(key.code, Code::Up | Code::Down);
        if !field.is_long() || (up_or_down && field.is_at_edge(key)) {
            match key.code {
                Code::Enter => {
                    if !self.complete(false) {
                        self.go(1, ctx);
                    }
                    return self.check(self.focus, ctx);
                }
                Code::Down if !self.completing.down() => return self.go(1, ctx),
                Code::Up if !self.completing.up() => return self.go(-1, ctx),
                Code::Down | Code::Up => return,
                Code::Char(_)
                | Code::Esc
                | Code::Tab
                | Code::BackTab
                | Code::Backspace
                | Code::Delete
                | Code::Insert
                | Code::Left
                | Code::Right
                | Code::Home
                | Code::End
                | Code::PageUp
                | Code::PageDown
                | Code::F(_) => {}
            }
        }
        if field.key(key) {
            field.typed_at = Some(ctx.now);
            self.touched = true;
            self.offer();
        } else if let Some(why) = field.leaves(key) {
            self.untaken = Some(why);
        }
        self.check(self.focus, ctx);
    }

    /// A key that must be struck by a hand came with others at once.
    fn came_at_once(&mut self, key: Key) {
        let why = format!("{key} was not taken: it came at once with others, as in a paste");
        self.untaken = Some(SafeText::from(format!("{why}; strike it again")));
    }

    /// Stands in a field; what completed another one goes with it.
    fn stand(&mut self, at: usize) {
        self.focus = at;
        self.offer();
    }

    fn go(&mut self, by: isize, ctx: &Ctx<'_>) {
        self.check_left(ctx);
        let last = self.fields.len();
        let mut to = self.focus.saturating_add_signed(by).min(last);
        while to < last && to > 0 && !self.asks(to) {
            to = to.saturating_add_signed(by).min(last);
        }
        self.stand(to);
    }
}

#[cfg(test)]
mod tests;
