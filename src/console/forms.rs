//! The fields of a form, from the command table: a command that gains a field gains it in its form too.

use super::overlays::field::{FieldKind, FieldSpec};
use crate::domain::command::commands;
use crate::domain::field::{Field, Type};
use crate::safe_text::SafeText;

/// The fields that a command asks for; nothing for a command that does not exist.
pub fn fields(command: &str) -> Option<Vec<FieldSpec>> {
    let spec = commands().find(|spec| spec.command == Some(command))?;
    Some(specs(spec.fields))
}

fn specs(fields: &[Field]) -> Vec<FieldSpec> {
    let starts = fields.iter().any(|field| field.name == "start");
    let spec = |field: &Field| FieldSpec {
        name: field.name.to_owned(),
        label: SafeText::from(field.name.replace('_', " ")),
        // The end of a span may be typed as its length.
        kind: if field.of == Type::Time && field.name == "end" && starts {
            FieldKind::Time(Some("start".to_owned()))
        } else {
            kind(field.of)
        },
        required: field.required,
        help: SafeText::fixed(field.help),
    };
    fields.iter().map(spec).collect()
}

fn kind(of: Type) -> FieldKind {
    match of {
        Type::Line | Type::Site | Type::Login | Type::Tag | Type::Word | Type::Ref | Type::Zone => {
            FieldKind::Text
        }
        Type::Prose => FieldKind::LongText,
        Type::Integer { least, most } => FieldKind::Integer(least, most),
        Type::Boolean => FieldKind::Boolean,
        Type::Time => FieldKind::Time(None),
        Type::Choice { words } => FieldKind::Choice(owned(words)),
        Type::List { of: Type::Choice { words } } => FieldKind::Many(owned(words)),
        Type::List { .. } => FieldKind::List,
        Type::Group { fields } => FieldKind::Group(specs(fields)),
    }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_asked_for_with_the_fields_of_its_command() {
        let fields = fields("change.request").unwrap();
        let kind = |name: &str| fields.iter().find(|field| field.name == name).map(|f| &f.kind);
        assert_eq!(kind("end"), Some(&FieldKind::Time(Some("start".to_owned()))));
        assert!(matches!(kind("impacts"), Some(FieldKind::Group(impacts)) if impacts.len() == 5));
        assert!(matches!(kind("kind"), Some(FieldKind::Choice(_))));
        assert_eq!(super::fields("change.fly"), None);
    }
}
