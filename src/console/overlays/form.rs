//! A form or a confirmation: fields, where one stands, what is wrong, and whether it was sent.
//!
//! Only Ctrl-O and the submit button send it, never Enter in a field and never a pasted burst. What a
//! field means is `field`'s; drawing is `form_view`'s; the rules of a command are the command's own.

use chrono_tz::Tz;
use serde_json::{Map, Value};

use super::Reply;
use super::field::{Clock, Field, FieldKind, FieldSpec};
use crate::console::ctx::Ctx;
use crate::console::data::{Failure, Submission};
use crate::console::keys::action::RETYPED;
use crate::console::keys::{Code, Does, Edit, Key, Keymap, Scope, Ui};
use crate::console::term::{Stroke, Strokes};
use crate::domain::time::Time;
use crate::safe_text::SafeText;

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
    /// The fields, groups taken apart.
    pub fields: Vec<Field>,
    /// The field that one stands in; one past the last is the submit button.
    pub focus: usize,
    /// What the whole form has to say: a refusal, a lost store.
    pub banner: Option<SafeText>,
    /// Whether it was sent and no answer has come.
    pub sending: bool,
    fixed: Map<String, Value>,
    touched: bool,
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
            asked.flat_map(|field| flatten("", "", field)).map(Field::new).collect();
        if let Some(about) = about.as_ref().filter(|_| RETYPED.contains(&command)) {
            fields.push(Field::new(FieldSpec {
                name: RETYPE.to_owned(),
                label: SafeText::fixed("type again"),
                kind: FieldKind::Text,
                required: true,
                help: SafeText::from(format!(
                    "Type {} once more: nothing brings this back.",
                    about.reference
                )),
            }));
        }
        Self {
            command: command.to_owned(),
            title,
            zone: about.as_ref().and_then(|about| about.zone),
            about,
            from: None,
            consequence,
            fields,
            focus: 0,
            banner: None,
            sending: false,
            fixed,
            touched: false,
        }
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
    }

    /// What was typed so far, by field name, to be kept as a draft; empty if nothing was.
    pub fn draft(&self) -> Map<String, Value> {
        let filled = self.fields.iter().filter(|field| self.touched && !field.is_empty());
        filled.map(|field| (field.spec.name.clone(), Value::String(field.typed()))).collect()
    }

    /// Puts a kept draft back.
    pub fn restore(&mut self, draft: &Map<String, Value>) {
        for field in &mut self.fields {
            if let Some(Value::String(text)) = draft.get(&field.spec.name) {
                field.set(text);
                self.touched = true;
            }
        }
    }

    /// Takes strokes.
    pub fn update(&mut self, strokes: &Strokes, keymap: &Keymap, ctx: &Ctx<'_>) -> Reply {
        for stroke in &strokes.strokes {
            let key = match stroke {
                Stroke::Paste(text) => {
                    if let Some(field) = self.fields.get_mut(self.focus) {
                        field.paste(text);
                        self.touched = true;
                    }
                    self.check(self.focus, ctx);
                    continue;
                }
                Stroke::Key(key) => *key,
            };
            let action = keymap.find(&[Scope::Form], key).filter(|_| key.typed().is_none());
            match action.map(|action| action.does) {
                Some(Does::Overlay(Edit::Submit)) if !strokes.burst => return self.submit(ctx),
                Some(Does::Overlay(Edit::Leave)) if !strokes.burst => return Reply::Leave,
                Some(Does::Overlay(Edit::NextField)) => self.go(1, ctx),
                Some(Does::Overlay(Edit::PreviousField)) => self.go(-1, ctx),
                Some(Does::Ui(Ui::Repaint)) => return Reply::Repaint,
                Some(_) => {}
                None if self.focus >= self.fields.len() => {
                    if key.code == Code::Enter && !strokes.burst {
                        return self.submit(ctx);
                    }
                    if key.code == Code::Up {
                        self.go(-1, ctx);
                    }
                }
                None => self.type_key(key, ctx),
            }
        }
        Reply::Stay
    }

    /// Takes the answer to a submission that was not done; the form stays as it is.
    pub fn failed(&mut self, failure: &Failure) {
        self.sending = false;
        self.banner = Some(failure.line());
        if let Failure::Refused { field: Some(name), message, .. } = failure
            && let Some(at) = self.fields.iter().position(|field| field.spec.name == *name)
        {
            self.focus = at;
            if let Some(field) = self.fields.get_mut(at) {
                field.error = Some(message.clone());
            }
        }
    }

    fn type_key(&mut self, key: Key, ctx: &Ctx<'_>) {
        let Some(field) = self.fields.get_mut(self.focus) else { return };
        if !field.is_long() {
            if matches!(key.code, Code::Enter | Code::Down) {
                return self.go(1, ctx);
            }
            if key.code == Code::Up {
                return self.go(-1, ctx);
            }
        }
        self.touched |= field.key(key);
        self.check(self.focus, ctx);
    }

    fn go(&mut self, by: isize, ctx: &Ctx<'_>) {
        self.check_left(ctx);
        self.focus = self.focus.saturating_add_signed(by).min(self.fields.len());
    }

    /// A field says at once what is wrong with what was typed, but not yet that nothing was.
    fn check(&mut self, at: usize, ctx: &Ctx<'_>) {
        let error = self.fields.get(at).and_then(|field| {
            if field.is_empty() { None } else { field.value(self.clock(field, ctx)).err() }
        });
        if let Some(field) = self.fields.get_mut(at) {
            field.error = error;
        }
    }

    /// On leaving, an empty required field says so too.
    fn check_left(&mut self, ctx: &Ctx<'_>) {
        let error = self.fields.get(self.focus).and_then(|f| self.read(f, ctx).err());
        if let Some(field) = self.fields.get_mut(self.focus) {
            field.error = error;
        }
    }

    /// What a field needs to read a time: the start that `+2h` counts from is another field.
    pub fn clock(&self, field: &Field, ctx: &Ctx<'_>) -> Clock {
        let now = Clock { now: ctx.now, zone: ctx.zone, base: None };
        let FieldKind::Time(Some(start)) = &field.spec.kind else { return now };
        let start = self.fields.iter().find(|other| other.spec.name == *start);
        let value = start.and_then(|start| start.value(now).ok().flatten());
        let base =
            value.and_then(|value| value.as_str().and_then(|text| text.parse::<Time>().ok()));
        Clock { base, ..now }
    }

    fn read(&self, field: &Field, ctx: &Ctx<'_>) -> Result<Option<Value>, SafeText> {
        let value = field.value(self.clock(field, ctx))?;
        let wanted = self.about.as_ref().map(|about| about.reference.as_str());
        if field.spec.name == RETYPE && field.typed().trim() != wanted.unwrap_or_default() {
            return Err(SafeText::fixed("this is another reference"));
        }
        Ok(value)
    }

    fn submit(&mut self, ctx: &Ctx<'_>) -> Reply {
        if self.sending {
            return Reply::Stay;
        }
        let read: Vec<Result<Option<Value>, SafeText>> =
            self.fields.iter().map(|field| self.read(field, ctx)).collect();
        let mut values = self.fixed.clone();
        let mut first_wrong = None;
        for (at, (field, value)) in self.fields.iter_mut().zip(read).enumerate() {
            field.error = None;
            match value {
                Ok(Some(value)) if field.spec.name != RETYPE => {
                    place(&mut values, &field.spec.name, value);
                }
                Ok(_) => {}
                Err(why) => {
                    field.error = Some(why);
                    first_wrong = first_wrong.or(Some(at));
                }
            }
        }
        if let Some(at) = first_wrong {
            self.focus = at;
            return Reply::Stay;
        }
        self.sending = true;
        self.banner = None;
        Reply::Submit(Submission { command: self.command.clone(), fields: values })
    }
}

/// Takes groups apart. A field of a group within a group is called by that group, `security` and
/// `security text`; alone, five levels and five texts would all look alike.
fn flatten(prefix: &str, group: &str, mut spec: FieldSpec) -> Vec<FieldSpec> {
    let name =
        if prefix.is_empty() { spec.name.clone() } else { format!("{prefix}.{}", spec.name) };
    if let FieldKind::Group(fields) = spec.kind {
        let group = if prefix.is_empty() { String::new() } else { spec.name };
        return fields.into_iter().flat_map(|field| flatten(&name, &group, field)).collect();
    }
    if !group.is_empty() {
        let own = if spec.name == "level" { String::new() } else { format!(" {}", spec.label) };
        spec.label = SafeText::from(format!("{}{own}", group.replace('_', " ")));
    }
    spec.name = name;
    vec![spec]
}

/// Puts a value under a dotted name, making the objects on the way.
fn place(values: &mut Map<String, Value>, name: &str, value: Value) {
    match name.split_once('.') {
        None => {
            values.insert(name.to_owned(), value);
        }
        Some((head, rest)) => {
            let inner = values.entry(head).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                place(inner, rest, value);
            }
        }
    }
}

fn look_up<'a>(values: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    match name.split_once('.') {
        None => values.get(name),
        Some((head, rest)) => look_up(values.get(head)?.as_object()?, rest),
    }
}

#[cfg(test)]
mod tests;
