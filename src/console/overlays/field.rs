//! One field of a form: what it is, what was typed, and whether that can be taken.

mod keys;
mod spec;

use std::collections::BTreeSet;

use chrono_tz::Tz;
use serde_json::{Value, json};
use tui_textarea::{CursorMove, Input, TextArea};

use crate::console::data::Looked;
use crate::console::keys::{Code, Key};
use crate::domain::time::Time;
use crate::domain::time_input::{echo, read};
use crate::safe_text::SafeText;

use keys::{long_shortcut, moves, textarea_input};

pub use keys::nothing;
pub use spec::{FieldKind, FieldSpec, Needs, Tells};

/// What stands in a field.
#[derive(Clone, Debug)]
pub enum Content {
    /// Typed text.
    Typed(Box<TextArea<'static>>),
    /// The chosen value, if one was chosen, among the values of the field.
    Chosen(Option<usize>, Vec<String>),
    /// The chosen values, with where the cursor stands.
    Picked(BTreeSet<usize>, usize, Vec<String>),
}

/// A field in a form.
#[derive(Clone, Debug)]
pub struct Field {
    /// What it is; its name holds the names of the groups around it, `impacts.safety.level`.
    pub spec: FieldSpec,
    /// What stands in it.
    pub content: Content,
    /// What is wrong with it.
    pub error: Option<SafeText>,
    /// When it was last typed in: from then a `+2h` counts, and no later.
    pub typed_at: Option<Time>,
    /// What was filled in from the store as it is shown, with the value itself: untouched it stays the same.
    given: Option<(String, Value)>,
}

/// What a field needs to know to read a time.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// The time now.
    pub now: Time,
    /// The time at which it was typed, which is what a time without a date and a span mean.
    pub typed: Time,
    /// The zone of the site.
    pub zone: Tz,
    /// The start that `+2h` counts from.
    pub base: Option<Time>,
}

impl Field {
    /// An empty field.
    pub fn new(spec: FieldSpec) -> Self {
        let content = match &spec.kind {
            FieldKind::Choice(values) => Content::Chosen(None, values.clone()),
            FieldKind::Boolean => Content::Chosen(None, vec!["yes".into(), "no".into()]),
            FieldKind::Many(values) => Content::Picked(BTreeSet::new(), 0, values.clone()),
            FieldKind::Text
            | FieldKind::LongText
            | FieldKind::Integer(..)
            | FieldKind::Time(_)
            | FieldKind::Pick(_)
            | FieldKind::List
            | FieldKind::Lines
            | FieldKind::Known(_)
            | FieldKind::Several(_)
            | FieldKind::Group(_) => Content::Typed(Box::default()),
        };
        Self { spec, content, error: None, typed_at: None, given: None }
    }

    /// Whether Enter makes a new line here instead of leaving the field.
    pub fn is_long(&self) -> bool {
        self.spec.kind == FieldKind::LongText
    }

    /// Whether nothing was entered.
    pub fn is_empty(&self) -> bool {
        match &self.content {
            Content::Typed(_) => self.typed().trim().is_empty(),
            Content::Chosen(at, _) => at.is_none(),
            Content::Picked(on, ..) => on.is_empty(),
        }
    }

    /// How one chooses in it; nothing for what is typed.
    pub const fn how(&self) -> &'static str {
        match &self.content {
            Content::Typed(_) if matches!(self.spec.kind, FieldKind::Lines) => {
                "Several: set apart by ;"
            }
            Content::Typed(_) => "",
            Content::Chosen(..) => "Left, right or a first letter chooses.",
            Content::Picked(..) => "Left and right go, space takes.",
        }
    }

    /// Whether a key would move the cursor out of its text.
    pub fn is_at_edge(&self, key: Key) -> bool {
        let Content::Typed(area) = &self.content else { return true };
        let row = area.cursor().0;
        (key.code == Code::Up && row == 0)
            || (key.code == Code::Down && row + 1 >= area.lines().len())
    }

    /// The text as typed, lines joined; chosen values separated by commas.
    pub fn typed(&self) -> String {
        match &self.content {
            Content::Typed(area) => area.lines().join("\n"),
            Content::Chosen(at, values) => {
                at.and_then(|at| values.get(at)).cloned().unwrap_or_default()
            }
            Content::Picked(on, _, values) => {
                let picked: Vec<&str> =
                    on.iter().filter_map(|at| values.get(*at)).map(String::as_str).collect();
                picked.join(", ")
            }
        }
    }

    /// Replaces what stands in the field; text is untrusted.
    pub fn set(&mut self, text: &str) {
        match &mut self.content {
            Content::Typed(area) => {
                let lines: Vec<String> =
                    SafeText::whole_lines(text).iter().map(ToString::to_string).collect();
                **area = TextArea::new(if lines.is_empty() { vec![String::new()] } else { lines });
                area.move_cursor(CursorMove::Bottom);
                area.move_cursor(CursorMove::End);
            }
            Content::Chosen(at, values) => *at = values.iter().position(|value| value == text),
            Content::Picked(on, _, values) => {
                let wanted: Vec<&str> = text.split(',').map(str::trim).collect();
                *on = (0..values.len())
                    .filter(|at| values.get(*at).is_some_and(|v| wanted.contains(&v.as_str())))
                    .collect();
            }
        }
    }

    /// Sets the field from a value of the store.
    pub fn set_value(&mut self, value: &Value) {
        let text = match value {
            Value::String(text) => self.shown(text),
            Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
            Value::Array(items) => {
                let words: Vec<String> = items
                    .iter()
                    .map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned))
                    .collect();
                words.join(if self.spec.kind == FieldKind::Lines { "; " } else { ", " })
            }
            Value::Null | Value::Object(_) => String::new(),
            Value::Number(number) => number.to_string(),
        };
        self.set(&text);
        self.given = self.stays(value).then(|| (self.typed(), value.clone()));
    }

    /// Whether a value of the store is one that this field sends as it is.
    fn stays(&self, value: &Value) -> bool {
        let kind = &self.spec.kind;
        match value {
            Value::String(text) => {
                matches!(kind, FieldKind::Text | FieldKind::LongText | FieldKind::Known(_))
                    || (matches!(kind, FieldKind::Time(_)) && text.parse::<Time>().is_ok())
            }
            Value::Array(_) => kind == &FieldKind::Lines,
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
        }
    }

    /// A text of the store as it is filled in: of an instant no more than people write.
    fn shown(&self, text: &str) -> String {
        let time = matches!(self.spec.kind, FieldKind::Time(_)).then(|| text.parse::<Time>().ok());
        let Some(at) = time.flatten() else { return text.to_owned() };
        at.utc().format("%Y-%m-%d %H:%MZ").to_string()
    }

    /// Takes a key that is no action of the form; says whether anything changed.
    pub fn key(&mut self, key: Key) -> bool {
        let long = self.is_long();
        match &mut self.content {
            Content::Typed(area) => {
                if moves(area, key) {
                    return false;
                }
                match textarea_input(key) {
                    Some(Input { key: tui_textarea::Key::Enter, .. }) if !long => false,
                    Some(input) => area.input_without_shortcuts(input) || long_shortcut(area, key),
                    None => false,
                }
            }
            Content::Chosen(at, values) => {
                let before = *at;
                let last = values.len().saturating_sub(1);
                if key.code == Code::Left {
                    *at = Some(before.map_or(last, |at| at.saturating_sub(1)));
                } else if matches!(key.code, Code::Right | Code::Char(' ')) {
                    *at = Some(before.map_or(0, |at| (at + 1).min(last)));
                } else if matches!(key.code, Code::Backspace | Code::Delete) {
                    *at = None;
                } else if let Some(c) = key.typed() {
                    *at = values.iter().position(|value| value.starts_with(c)).or(before);
                }
                *at != before
            }
            Content::Picked(on, at, values) => {
                if key.code == Code::Left {
                    *at = at.saturating_sub(1);
                } else if key.code == Code::Right {
                    *at = (*at + 1).min(values.len().saturating_sub(1));
                } else if key.typed() == Some(' ') {
                    if !on.remove(at) {
                        on.insert(*at);
                    }
                    return true;
                } else if let Some(c) = key.typed() {
                    *at = values.iter().position(|value| value.starts_with(c)).unwrap_or(*at);
                }
                false
            }
        }
    }

    /// Why a key that changed nothing was not taken; nothing for one that only moves.
    pub fn leaves(&self, key: Key) -> Option<SafeText> {
        let none = match (&self.content, key.typed()) {
            (Content::Chosen(_, values) | Content::Picked(_, _, values), Some(c)) => {
                let begins = c == ' ' || values.iter().any(|value| value.starts_with(c));
                return (!begins).then(|| SafeText::from(format!("no word here begins with {c}")));
            }
            (Content::Typed(_), _) => match key {
                Key { code: Code::Char('a' | 'e' | 'w' | 'u'), ctrl: true } => false,
                Key { code: Code::Char(_), ctrl: true } => true,
                Key { code: Code::Insert | Code::F(_), .. } => true,
                Key { .. } => false,
            },
            (Content::Chosen(..) | Content::Picked(..), None) => {
                key.ctrl || matches!(key.code, Code::Insert | Code::F(_))
            }
        };
        none.then(|| nothing(key))
    }

    /// Takes pasted text: made safe, and on one line unless the field is long.
    pub fn paste(&mut self, text: &str) {
        let long = self.is_long();
        if let Content::Typed(area) = &mut self.content {
            let lines: Vec<String> =
                SafeText::whole_lines(text).iter().map(ToString::to_string).collect();
            area.insert_str(lines.join(if long { "\n" } else { " " }));
        }
    }

    /// The value to send, nothing for an empty field, or what is wrong.
    pub fn value(&self, clock: Clock) -> Result<Option<Value>, SafeText> {
        if self.is_empty() {
            return if self.spec.required {
                Err(SafeText::fixed("this is required"))
            } else {
                Ok(None)
            };
        }
        let typed = self.typed();
        if let Some((_, value)) = self.given.as_ref().filter(|(shown, _)| *shown == typed) {
            return Ok(Some(value.clone()));
        }
        let text = typed.trim();
        let value = match &self.spec.kind {
            FieldKind::Text | FieldKind::LongText | FieldKind::Choice(_) | FieldKind::Known(_) => {
                json!(text)
            }
            FieldKind::Pick(values) => {
                match values.iter().find(|value| value.eq_ignore_ascii_case(text)) {
                    Some(value) => json!(value),
                    None => {
                        return Err(SafeText::fixed(
                            "type a part of it, and take one with Down and Enter",
                        ));
                    }
                }
            }
            FieldKind::Boolean => json!(text == "yes"),
            FieldKind::Integer(least, most) => match text.parse::<i64>() {
                Ok(number) if (least..=most).contains(&&number) => json!(number),
                Ok(_) | Err(_) => {
                    return Err(SafeText::from(format!(
                        "write a whole number from {least} to {most}"
                    )));
                }
            },
            FieldKind::Time(_) => match read(text, clock.typed, clock.base, clock.zone) {
                Ok(at) => json!(at.to_string()),
                Err(bad) => return Err(SafeText::from(bad.to_string())),
            },
            FieldKind::Many(_) => json!(text.split(", ").collect::<Vec<_>>()),
            FieldKind::Several(Looked::ASSET)
                if text
                    .split([',', ' ', '\n'])
                    .any(|word| !word.is_empty() && !word.contains('/')) =>
            {
                return Err(SafeText::fixed("an asset is SITE/tag: take one of those below"));
            }
            FieldKind::List | FieldKind::Several(_) => {
                let words = text.split([',', ' ', '\n']).filter(|word| !word.is_empty());
                json!(words.collect::<Vec<_>>())
            }
            // What people write in words has blanks and commas of its own.
            FieldKind::Lines => {
                let lines = text.split([';', '\n']).map(str::trim).filter(|line| !line.is_empty());
                json!(lines.collect::<Vec<_>>())
            }
            FieldKind::Group(_) => return Ok(None),
        };
        Ok(Some(value))
    }

    /// What a time field says back: the time that it understood.
    pub fn echo(&self, clock: Clock) -> Option<SafeText> {
        let FieldKind::Time(_) = self.spec.kind else { return None };
        let at = read(self.typed().trim(), clock.typed, clock.base, clock.zone).ok()?;
        Some(SafeText::from(echo(at, clock.now, clock.base, clock.zone)))
    }
}

#[cfg(test)]
mod tests;
