//! The fields of a form, from the command table: a command that gains a field gains it in its form too.
//!
//! What is laid out by hand, the forms of change, window and incident, stands in `layout`.

mod layout;

use super::data::Looked;
use super::overlays::field::{FieldKind, FieldSpec, Needs, Tells};
use super::tools::Tool;
use crate::domain::command::{Spec, commands};
use crate::domain::field::{Field, Type};
use crate::safe_text::SafeText;

/// Most words of a choice that are shown side by side; of more, a part is typed.
const SIDE_BY_SIDE: usize = 7;

/// The field for what is kept with an entry beside its fields, where the command has none for it.
pub const WHY: &str = "_why";

/// Fields in which a command says why by itself.
const SAYS_WHY: &[&str] = &["reason", "note", "text", "close_out", "basis", "purpose", "summary"];

/// What must be given although the table calls it optional: how the command ends, the field. A yes needs no reason and a
/// no does; a window was once closed without a word.
const COMPULSORY: &[(&str, &str)] = &[(".reject", "reason"), ("window.close", "close_out")];

/// The fields that a command asks for; nothing for a command that does not exist.
pub fn fields(command: &str) -> Option<Vec<FieldSpec>> {
    if let Some(tool) = Tool::named(command) {
        return Some(tool.fields());
    }
    let spec = commands().find(|spec| spec.command == Some(command))?;
    let mut fields = specs(spec, spec.fields);
    for field in &mut fields {
        let compulsory =
            |(end, name): &&(&str, &str)| command.ends_with(end) && field.name == *name;
        field.required |= COMPULSORY.iter().any(|row| compulsory(&row));
    }
    let mut fields = layout::laid_out(command, fields);
    if !fields.iter().any(|field| SAYS_WHY.contains(&field.name.as_str())) {
        fields.push(FieldSpec {
            name: WHY.to_owned(),
            label: SafeText::fixed("why"),
            kind: FieldKind::Text,
            help: SafeText::fixed("Why it is done, kept with the entry; may stay empty."),
            ..FieldSpec::default()
        });
    }
    Some(fields)
}

fn specs(command: &Spec, fields: &[Field]) -> Vec<FieldSpec> {
    // What a span begins with, from which its end may be counted.
    let begins = ["start", "from"].into_iter().find(|name| fields.iter().any(|f| f.name == *name));
    // What an answer above `none` is must be said in words.
    let graded = fields.iter().any(|field| field.name == "level");
    let spec = |field: &Field| FieldSpec {
        name: field.name.to_owned(),
        label: SafeText::from(field.name.replace('_', " ")),
        // The end of a span may be typed as its length.
        kind: match begins.filter(|_| ends(field)) {
            Some(begin) => FieldKind::Time(Some(begin.to_owned())),
            None => kind(command, field.name, field.of),
        },
        required: field.required,
        help: help(field, begins.is_some()),
        group: None,
        needs: (graded && field.name == "text").then(|| Needs::more("level")),
        must: None,
        tells: None,
    };
    fields.iter().map(spec).collect()
}

/// Whether a field is the end of a span.
fn ends(field: &Field) -> bool {
    field.of == Type::Time && matches!(field.name, "end" | "until")
}

/// What a field means; of a time also how it may be written.
fn help(field: &Field, starts: bool) -> SafeText {
    match field.of {
        Type::Time if ends(field) && starts => {
            SafeText::from(format!("{} As 16:00, or +2h from the start.", field.help))
        }
        Type::Time => SafeText::from(format!("{} As 14:00, fri 06:00, +2h.", field.help)),
        Type::Site
        | Type::Tag
        | Type::Login
        | Type::Word
        | Type::Ref
        | Type::Line
        | Type::Zone
        | Type::Prose
        | Type::Integer { .. }
        | Type::Boolean
        | Type::Choice { .. }
        | Type::List { .. }
        | Type::Group { .. } => SafeText::fixed(field.help),
    }
}

fn kind(command: &Spec, name: &str, of: Type) -> FieldKind {
    match of {
        Type::Line if name == "person" => FieldKind::Known(Looked::VendorPerson),
        Type::Line if name == "escort" => FieldKind::Known(Looked::PERSON),
        Type::Line | Type::Tag => FieldKind::Text,
        Type::Site | Type::Login | Type::Word | Type::Ref => {
            looked(command, name, of).map_or(FieldKind::Text, FieldKind::Known)
        }
        Type::Zone => {
            FieldKind::Pick(chrono_tz::TZ_VARIANTS.iter().map(|tz| tz.name().to_owned()).collect())
        }
        Type::Prose => FieldKind::LongText,
        Type::Integer { least, most } => FieldKind::Integer(least, most),
        Type::Boolean => FieldKind::Boolean,
        Type::Time => FieldKind::Time(None),
        Type::Choice { words } if words.len() > SIDE_BY_SIDE => FieldKind::Pick(owned(words)),
        Type::Choice { words } => FieldKind::Choice(owned(words)),
        Type::List { of: Type::Choice { words } } => FieldKind::Many(owned(words)),
        Type::List { of: Type::Line } => FieldKind::Lines,
        Type::List { of } => looked(command, name, *of).map_or(FieldKind::List, FieldKind::Several),
        Type::Group { fields } => FieldKind::Group(specs(command, fields)),
    }
}

/// Where a reference is looked up: command or subject, none for all of them; the field; what completes it. The first
/// row that fits counts.
const REFERENCES: &[(&str, &str, Looked)] = &[
    ("", "assets", Looked::ASSET),
    ("", "asset", Looked::ASSET),
    ("", "risks", Looked::In("risks", "")),
    ("", "incident", Looked::In("incidents", "")),
    ("", "conflict", Looked::Conflict),
    ("", "despite", Looked::Conflict),
    ("report.triage", "link", Looked::Linked),
    ("bypass.place", "change", Looked::In("changes", "state:in_progress,implemented")),
    ("change.renew", "change", Looked::In("changes", "kind:temporary state:approved")),
    ("bypass.renew", "change", Looked::In("changes", "state:in_progress,implemented")),
    ("window.request", "change", Looked::CHANGE),
    (
        "change.request",
        "supersedes",
        Looked::In(
            "changes",
            "state:requested,approved,returned,rejected,withdrawn,expired,backed_out,implemented,verified",
        ),
    ),
    (
        "change.request",
        "template",
        Looked::In("changes", "kind:standard state:approved,in_progress,implemented,verified"),
    ),
    ("risk.accept", "ref", Looked::In("risks", "")),
    ("window.extend", "ref", Looked::In("windows", "")),
    ("decide", "ref", Looked::CHANGE),
    ("change", "ref", Looked::CHANGE),
    ("window", "ref", Looked::In("windows", "")),
    ("risk", "ref", Looked::In("risks", "")),
    ("acceptance", "ref", Looked::In("acceptances", "")),
    ("extension", "ref", Looked::In("extensions", "")),
    ("incident", "ref", Looked::In("incidents", "")),
    ("bypass", "ref", Looked::In("bypasses", "state:placed,ended")),
    ("session", "ref", Looked::In("sessions", "")),
    ("report", "ref", Looked::In("reports", "")),
    ("outage", "ref", Looked::In("outages", "")),
    ("blackout", "ref", Looked::In("blackouts", "")),
    ("alarm", "ref", Looked::In("alarms", "")),
    ("task", "ref", Looked::In("tasks", "mine:yes")),
];

/// What in the store a field names; nothing for the name of what the command itself registers.
fn looked(command: &Spec, name: &str, of: Type) -> Option<Looked> {
    let new = |subject: &str| {
        command.subject == subject && command.command.is_some_and(|name| name.ends_with("register"))
    };
    match (of, name) {
        (Type::Site, _) if !new("site") => Some(Looked::SITE),
        (Type::Login, "login") if new("person") || command.subject == "vendor" => None,
        (Type::Login, _) => Some(Looked::PERSON),
        (Type::Word, "vendor") if !new("vendor") => Some(Looked::VENDOR),
        (Type::Word, "zone") if !new("zone") => Some(Looked::ZONE),
        (Type::Ref, _) => {
            let own = command.command.unwrap_or_default();
            let fits = |whose: &str| whose.is_empty() || whose == own || whose == command.subject;
            let row = REFERENCES.iter().find(|(whose, field, _)| *field == name && fits(whose));
            row.map(|(.., looked)| *looked)
        }
        _ => None,
    }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::filter::Filter;
    use crate::store::query::words;

    fn kind_of(command: &str, name: &str) -> FieldKind {
        let fields = fields(command).unwrap();
        fields.into_iter().find(|field| field.name == name).unwrap().kind
    }

    #[test]
    fn a_change_is_asked_for_with_the_fields_of_its_command() {
        let kind = |name| kind_of("change.request", name);
        assert_eq!(kind("end"), FieldKind::Time(Some("start".to_owned())));
        assert!(matches!(kind("impacts"), FieldKind::Group(impacts) if impacts.len() == 5));
        assert!(matches!(kind("kind"), FieldKind::Choice(_)));
        assert_eq!(super::fields("change.fly"), None);
    }

    #[test]
    fn what_names_something_in_the_store_completes_from_there() {
        assert_eq!(kind_of("change.request", "assets"), FieldKind::Several(Looked::ASSET));
        assert_eq!(kind_of("change.request", "site"), FieldKind::Known(Looked::SITE));
        assert_eq!(kind_of("window.request", "vendor"), FieldKind::Known(Looked::VENDOR));
        assert_eq!(kind_of("window.request", "person"), FieldKind::Known(Looked::VendorPerson));
        assert_eq!(kind_of("risk.accept", "ref"), FieldKind::Known(Looked::In("risks", "")));
        assert_eq!(kind_of("bypass.place", "asset"), FieldKind::Known(Looked::ASSET));
        assert_eq!(kind_of("bypass.place", "what"), FieldKind::Text);
        assert_eq!(kind_of("change.waive", "conflict"), FieldKind::Known(Looked::Conflict));
        assert_eq!(kind_of("window.open", "despite"), FieldKind::Several(Looked::Conflict));
        assert_eq!(kind_of("report.triage", "link"), FieldKind::Known(Looked::Linked));
        assert_eq!(kind_of("site.register", "site"), FieldKind::Text);
        assert_eq!(kind_of("person.register", "login"), FieldKind::Text);
    }

    #[test]
    fn whatever_completes_a_field_is_a_list_and_a_filter_that_it_knows() {
        for (whose, name, looked) in REFERENCES {
            let meant = commands().any(|spec| {
                let own =
                    whose.is_empty() || spec.command == Some(*whose) || spec.subject == *whose;
                own && spec.fields.iter().any(|field| field.name == *name)
            });
            assert!(meant, "{whose} {name}");
            if let Looked::In(list, live) = looked {
                let words = words(list).unwrap_or_else(|| panic!("no list {list}"));
                Filter::parse(live, &words).unwrap_or_else(|fault| panic!("{list}: {fault}"));
            }
        }
    }

    #[test]
    fn a_choice_of_many_words_is_typed_and_not_struck_by_accident() {
        for (command, name) in
            [("raci.set", "activity"), ("role.grant", "role"), ("site.register", "timezone")]
        {
            assert!(matches!(kind_of(command, name), FieldKind::Pick(_)), "{command} {name}");
        }
    }

    #[test]
    fn closing_a_window_asks_for_its_close_out() {
        let fields = fields("window.close").unwrap();
        assert!(fields.iter().any(|field| field.name == "close_out" && field.required));
        for (end, name) in COMPULSORY {
            let named = |spec: &Spec| {
                spec.command.is_some_and(|command| command.ends_with(end))
                    && spec.fields.iter().any(|field| field.name == *name)
            };
            assert!(commands().any(named), "{end} {name}");
        }
    }

    #[test]
    fn a_no_asks_for_its_reason() {
        let fields = fields("change.reject").unwrap();
        assert!(fields.iter().any(|field| field.name == "reason" && field.required));
    }
}
