//! What the fields of a form say: read as the command takes them, told at once where they cannot be, and handed in.
//! Taking keys is not here.

use serde_json::Value;

use super::groups::place;
use super::{Form, RETYPE, UNKNOWN};
use crate::console::ctx::Ctx;
use crate::console::data::Submission;
use crate::console::overlays::Reply;
use crate::console::overlays::field::{Clock, Field, FieldKind};
use crate::domain::time::Time;
use crate::safe_text::SafeText;

impl Form {
    /// A field says at once what is wrong with what was typed, but not yet that nothing was.
    pub(super) fn check(&mut self, at: usize, ctx: &Ctx<'_>) {
        let error = self.fields.get(at).and_then(|field| {
            if field.is_empty() { None } else { field.value(self.clock(field, ctx)).err() }
        });
        if let Some(field) = self.fields.get_mut(at) {
            field.error = error;
        }
    }

    /// What comes of what a field says, if the form has to tell.
    pub fn tells(&self, field: &Field) -> Option<SafeText> {
        let tells = field.spec.tells.filter(|tells| field.typed() == tells.word)?;
        let other = self.fields.iter().find(|other| other.spec.name == tells.without);
        let given = other.map_or_else(|| self.fixed.contains_key(tells.without), |o| !o.is_empty());
        (!given).then(|| SafeText::fixed(tells.said))
    }

    /// On leaving, an empty required field says so too.
    pub(super) fn check_left(&mut self, ctx: &Ctx<'_>) {
        let unknown = |field: &Field| self.unknown(field) && !self.free(field);
        let unknown = self.fields.get(self.focus).is_some_and(unknown);
        let unknown = unknown.then_some(SafeText::fixed(UNKNOWN));
        let error = self.read(self.focus, ctx).err().or(unknown);
        if let Some(field) = self.fields.get_mut(self.focus) {
            field.error = error;
        }
    }

    /// What a field needs to read a time: the start that `+2h` counts from is another field.
    pub fn clock(&self, field: &Field, ctx: &Ctx<'_>) -> Clock {
        let at = |field: &Field| {
            let typed = field.typed_at.unwrap_or(ctx.now);
            Clock { now: ctx.now, typed, zone: ctx.zone, base: None }
        };
        let now = at(field);
        let FieldKind::Time(Some(start)) = &field.spec.kind else { return now };
        let start = self.fields.iter().find(|other| other.spec.name == *start);
        let value = start.and_then(|start| start.value(at(start)).ok().flatten());
        let base =
            value.and_then(|value| value.as_str().and_then(|text| text.parse::<Time>().ok()));
        Clock { base, ..now }
    }

    fn read(&self, at: usize, ctx: &Ctx<'_>) -> Result<Option<Value>, SafeText> {
        let Some(field) = self.fields.get(at).filter(|_| self.asks(at)) else { return Ok(None) };
        if !field.spec.required && self.demands(field) && field.is_empty() {
            if field.spec.must.is_some() {
                return Err(field.spec.help.clone());
            }
            return Err(SafeText::fixed(match field.spec.kind {
                FieldKind::Time(_) => "give the time by which it ends",
                FieldKind::Text
                | FieldKind::LongText
                | FieldKind::Integer(..)
                | FieldKind::Boolean
                | FieldKind::Choice(_)
                | FieldKind::Many(_)
                | FieldKind::Pick(_)
                | FieldKind::List
                | FieldKind::Lines
                | FieldKind::Known(_)
                | FieldKind::Several(_)
                | FieldKind::Group(_) => "say in words what it is",
            }));
        }
        let value = field.value(self.clock(field, ctx))?;
        let wanted = self.about.as_ref().map(|about| about.reference.as_str());
        if field.spec.name == RETYPE && field.typed().trim() != wanted.unwrap_or_default() {
            return Err(SafeText::fixed("this is another reference"));
        }
        Ok(value)
    }

    /// Hands it in, if every field can be read; else stands in the first that cannot.
    pub fn submit(&mut self, ctx: &Ctx<'_>) -> Reply {
        if self.sending {
            self.untaken = Some(SafeText::fixed("it is on its way already: wait for its answer"));
            return Reply::Stay;
        }
        if self.unread(ctx.now) {
            self.untaken = Some(SafeText::fixed(
                "not submitted: what stands above has just become another; read it, then again",
            ));
            return Reply::Stay;
        }
        let read: Vec<Result<Option<Value>, SafeText>> =
            (0..self.fields.len()).map(|at| self.read(at, ctx)).collect();
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
            self.stand(at);
            return Reply::Stay;
        }
        self.sending = true;
        self.banner = None;
        Reply::Submit(Submission { command: self.command.clone(), fields: values })
    }
}
