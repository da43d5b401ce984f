//! The help of an open form: what its command does, who may, which entry it becomes, what the field that one stands in
//! takes, and the keys of a form. All of it from the tables of commands, fields and actions.

use super::field::{Content, Field, FieldKind};
use super::form::{Form, RETYPE};
use crate::console::ctx::Ctx;
use crate::console::data::Looked;
use crate::console::keys::{Keymap, Scope, all};
use crate::console::widgets::cell::Cell;
use crate::console::widgets::doc::{Doc, Line};
use crate::domain::command::commands;
use crate::domain::time_input::{echo, offset, read};
use crate::safe_text::SafeText;

/// Ways to write a time; each is shown as it would be read now.
const TIMES: &[&str] = &["14:00", "14:00Z", "tomorrow 08:00", "fri 06:00", "+2h", "22 14:00"];

/// The same for an end that is counted from a start.
const ENDS: &[&str] = &["16:00", "+2h", "90m", "fri 06:00"];

/// What a form does, and what may be typed where one stands in it.
pub fn help(form: &Form, keymap: &Keymap, ctx: &Ctx<'_>) -> Doc {
    let about = form.about.as_ref().map(|about| format!(" {}", about.reference));
    let title = format!("Help: {}{}", form.command, about.unwrap_or_default());
    let mut doc = of_command(Doc::titled(SafeText::from(title)), form);
    if let Some(field) = form.fields.get(form.focus) {
        doc = of_field(doc, form, field, ctx);
    }
    of_fields(keys(doc, form, keymap), form)
}

fn of_command(doc: Doc, form: &Form) -> Doc {
    let spec = commands().find(|spec| spec.command == Some(form.command.as_str()));
    let Some(spec) = spec else {
        return doc.field("does", Cell::text(form.consequence.clone()));
    };
    let doc = doc.field("does", Cell::text(spec.help));
    // What the action says is what comes of it, where that is more.
    let doc = match form.consequence.as_str() == spec.help {
        true => doc,
        false => doc.field("comes of it", Cell::text(form.consequence.clone())),
    };
    doc.field("who may", Cell::text(spec.right.who()))
        .field("becomes", Cell::text(format!("an entry of the ledger, {}", spec.kind)))
        .field("as a script", Cell::text(format!("smc do {} --json '{{…}}'", form.command)))
}

fn of_field(doc: Doc, form: &Form, field: &Field, ctx: &Ctx<'_>) -> Doc {
    let mut doc = doc;
    doc.0.push(Line::Gap);
    doc.0.push(Line::Heading(SafeText::from(format!("Where you stand: {}", field.spec.label))));
    let asked = if form.demands(field) { "must be given" } else { "may stay empty" };
    let asked = match &field.spec.must {
        Some(needs) if !form.demands(field) => {
            let word = needs.word.unwrap_or("more than none");
            format!("{asked}, but not where {} is {word}", needs.field)
        }
        Some(_) | None => asked.to_owned(),
    };
    doc = doc.field("means", Cell::text(field.spec.help.clone())).field("asked", Cell::text(asked));
    if let Some(error) = &field.error {
        doc = doc.field("wrong", Cell::text(error.clone()));
    }
    for (label, said) in takes(field) {
        doc = doc.field(label, Cell::text(said));
    }
    if let FieldKind::Time(start) = &field.spec.kind {
        doc = times(doc, form, field, start.as_deref(), ctx);
    }
    doc
}

/// What may be typed or chosen in it.
fn takes(field: &Field) -> Vec<(&'static str, String)> {
    let mut said = Vec::new();
    let one = match &field.spec.kind {
        _ if field.spec.name == RETYPE => "the reference, letter by letter".to_owned(),
        FieldKind::Text => "one line of text".to_owned(),
        FieldKind::LongText => "text; Enter begins a new line, Tab leaves the field".to_owned(),
        FieldKind::Integer(least, most) => format!("a whole number from {least} to {most}"),
        FieldKind::Boolean => "yes or no".to_owned(),
        FieldKind::Time(_) => "a time, in one of these ways".to_owned(),
        FieldKind::Choice(values) => format!("one of: {}", values.join(", ")),
        FieldKind::Many(values) => format!("any of: {}", values.join(", ")),
        FieldKind::Pick(values) => format!(
            "one of {} words: type a part of it, Down goes to those that fit, Enter takes one",
            values.len()
        ),
        FieldKind::List => "words, set apart by commas or blanks".to_owned(),
        FieldKind::Lines => "several things in your own words, set apart by ;".to_owned(),
        FieldKind::Known(of) => format!("{}; {COMPLETES}", named(*of)),
        FieldKind::Several(of) => {
            format!("several, set apart by commas, each {}; {COMPLETES}", named(*of))
        }
        FieldKind::Group(_) => String::new(),
    };
    if !one.is_empty() {
        said.push(("takes", one));
    }
    let how = match &field.content {
        Content::Chosen(..) => "Left, Right or a first letter chooses; Backspace takes it back",
        Content::Picked(..) => "Left and Right go, Space takes or leaves",
        Content::Typed(_) => "",
    };
    if !how.is_empty() {
        said.push(("how", how.to_owned()));
    }
    said
}

const COMPLETES: &str = "a part of it or of its name finds it, Down and Enter take it";

/// What a field names.
fn named(of: Looked) -> String {
    match of {
        Looked::In(list, "") => format!("one of the list {list}"),
        Looked::In(list, of) => format!("one of the list {list}, {of}"),
        Looked::VendorPerson => "a vendor's person, by login or name".to_owned(),
        Looked::Conflict => "what stands against it, by its reference".to_owned(),
        Looked::Linked => "an incident or a risk of its site".to_owned(),
    }
}

/// Ways to write a time here, each as it would be read now, and in whose time it is read.
fn times(doc: Doc, form: &Form, field: &Field, start: Option<&str>, ctx: &Ctx<'_>) -> Doc {
    let clock = form.clock(field, ctx);
    let ways = if start.is_some() { ENDS } else { TIMES };
    let mut doc = doc;
    for way in ways {
        let said = match read(way, ctx.now, clock.base, clock.zone) {
            Ok(at) => echo(at, ctx.now, clock.base, clock.zone),
            Err(bad) => bad.to_string(),
        };
        // The longest of them is wider than a label.
        doc = doc.text(Cell::text(format!("  {way:<15} {said}")));
    }
    let iso = ctx.now.utc().format("%Y-%m-%dT14:00Z").to_string();
    doc = doc.field("in full", Cell::text(iso));
    let zone = format!(
        "what has no Z is read in {}, {} now; u changes how times are shown, never how they are read",
        clock.zone.name(),
        offset(ctx.now, clock.zone)
    );
    doc = doc.field("zone", Cell::text(zone));
    match start {
        Some(start) => {
            let said = format!("+2h counts from {start} where that is given, else from now");
            doc.field("spans", Cell::text(said))
        }
        None => doc.field("spans", "+2h counts from when it is typed; m, h, d and w"),
    }
}

/// The keys of a form, from the action table.
fn keys(doc: Doc, form: &Form, keymap: &Keymap) -> Doc {
    let mut doc = doc.section("Keys of a form");
    for action in all().filter(|action| action.scopes.contains(&Scope::Form)) {
        let keys: Vec<String> = keymap.keys_of(action).map(|key| key.to_string()).collect();
        if !keys.is_empty() {
            let keys = SafeText::from(keys.join(" "));
            doc.0.push(Line::Field(keys, Cell::text(action.help)));
        }
    }
    if !form.ready().is_empty() {
        doc = doc.field("1 2 3 …", "In an empty reason: writes the ready reason of that number.");
    }
    doc
}

/// Every field that is asked for, with what it means.
fn of_fields(doc: Doc, form: &Form) -> Doc {
    let mut doc = doc.section("All its fields; * must be given");
    for (at, field) in form.fields.iter().enumerate().filter(|(at, _)| form.asks(*at)) {
        if let Some(heading) = form.heading(at) {
            doc = doc.text(Cell::text(heading));
        }
        let star = if form.demands(field) { "*" } else { "" };
        let label = SafeText::from(format!("{}{star}", field.spec.label));
        doc.0.push(Line::Field(label, Cell::text(field.spec.help.clone())));
    }
    doc
}
