//! Forms that are laid out by hand: what belongs together stands under one heading, in the order of the work.

use super::FieldSpec;

/// A heading and the fields under it.
type Part = (&'static str, &'static [&'static str]);

/// The commands with their parts; what is not named here stands last.
const LAYOUTS: &[(&str, &[Part])] = &[
    (
        "change.request",
        &[
            ("What", &["title", "kind", "site", "assets", "risks"]),
            ("When, in the time of the site", &["start", "end"]),
            ("Impacts", &["impacts", "alters_logic", "alters_validated"]),
            ("Plan", &["rollback", "tests"]),
            (
                "Where it applies",
                &["activity", "approve_by", "revert_by", "external_ref", "supersedes"],
            ),
        ],
    ),
    (
        "change.revise",
        &[
            ("What", &["ref", "reason", "title", "assets", "external_ref"]),
            ("When, in the time of the site", &["start", "end", "approve_by"]),
            ("Impacts", &["impacts"]),
            ("Plan", &["rollback", "tests"]),
        ],
    ),
    (
        "window.request",
        &[
            ("Who", &["vendor", "person", "escort", "source"]),
            ("What", &["assets", "purpose", "change"]),
            ("When, in the time of the site", &["start", "end"]),
        ],
    ),
    (
        "incident.declare",
        &[("What", &["sites", "title", "severity", "exercise"]), ("Situation", &["summary"])],
    ),
];

/// The fields in the order of the form, each with its heading.
pub fn laid_out(command: &str, mut fields: Vec<FieldSpec>) -> Vec<FieldSpec> {
    let Some((_, parts)) = LAYOUTS.iter().find(|(name, _)| *name == command) else { return fields };
    let mut ordered = Vec::new();
    for (heading, names) in *parts {
        for name in *names {
            if let Some(at) = fields.iter().position(|field| field.name == *name) {
                ordered.push(FieldSpec { group: Some(heading), ..fields.remove(at) });
            }
        }
    }
    ordered.extend(fields.into_iter().map(|field| FieldSpec { group: Some("More"), ..field }));
    ordered
}

#[cfg(test)]
mod tests {
    use super::super::fields;
    use super::*;

    #[test]
    fn no_field_of_a_laid_out_form_is_lost_or_stands_last_unnamed() {
        for (command, _) in LAYOUTS {
            let fields = fields(command).unwrap();
            let spec = crate::domain::command::commands()
                .find(|spec| spec.command == Some(*command))
                .unwrap();
            assert_eq!(fields.len(), spec.fields.len(), "{command}");
            for field in fields {
                assert_ne!(field.group, Some("More"), "{command} {}", field.name);
            }
        }
    }
}
