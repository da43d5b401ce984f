//! Groups of fields: taken apart for the form, put together again for the command.

use serde_json::{Map, Value};

use crate::console::overlays::field::{FieldKind, FieldSpec};
use crate::safe_text::SafeText;

/// Takes groups apart. A field of a group within a group is called by that group, `security` and
/// `security text`; alone, five levels and five texts would all look alike.
pub fn flatten(
    prefix: &str,
    group: &str,
    heading: Option<&'static str>,
    mut spec: FieldSpec,
) -> Vec<FieldSpec> {
    let name =
        if prefix.is_empty() { spec.name.clone() } else { format!("{prefix}.{}", spec.name) };
    if let FieldKind::Group(fields) = spec.kind {
        let group = if prefix.is_empty() { String::new() } else { spec.name };
        let heading = spec.group.or(heading);
        // Nothing of a group that may be left out must be given.
        let field =
            |field: FieldSpec| FieldSpec { required: field.required && spec.required, ..field };
        return fields
            .into_iter()
            .flat_map(|one| flatten(&name, &group, heading, field(one)))
            .collect();
    }
    if !group.is_empty() {
        spec.label = match (spec.name.as_str(), &spec.needs) {
            ("level", _) => SafeText::from(group.replace('_', " ")),
            // It stands right below what it depends on.
            (_, Some(_)) => SafeText::fixed("  in words"),
            (_, None) => SafeText::from(format!("{} {}", group.replace('_', " "), spec.label)),
        };
    }
    if let Some(needs) = spec.needs.as_mut().filter(|_| !prefix.is_empty()) {
        needs.field = format!("{prefix}.{}", needs.field);
    }
    spec.group = spec.group.or(heading);
    spec.name = name;
    vec![spec]
}

/// Puts a value under a dotted name, making the objects on the way.
pub fn place(values: &mut Map<String, Value>, name: &str, value: Value) {
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

/// The value under a dotted name.
pub fn look_up<'a>(values: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    match name.split_once('.') {
        None => values.get(name),
        Some((head, rest)) => look_up(values.get(head)?.as_object()?, rest),
    }
}
