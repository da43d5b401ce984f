//! Forms that are laid out by hand: what belongs together stands under one heading, in the order of the work.

use super::{FieldSpec, Needs, Tells};

/// A heading and the fields under it.
type Part = (&'static str, &'static [&'static str]);

/// The commands with their parts; what is not named here stands last.
const LAYOUTS: &[(&str, &[Part])] = &[
    (
        "change.request",
        &[
            ("What", &["title", "kind", "site", "assets", "intervention", "risks"]),
            ("When, in the time of the site", &["start", "end", "revert_by"]),
            ("Impacts", &["impacts", "alters_logic", "alters_validated"]),
            ("Plan", &["rollback", "tests", "basis", "procedures"]),
            (
                "Where it applies",
                &["activity", "approve_by", "external_ref", "supersedes", "template"],
            ),
        ],
    ),
    (
        "change.revise",
        &[
            ("What", &["ref", "reason", "title", "assets", "risks", "external_ref"]),
            ("When, in the time of the site", &["start", "end", "approve_by"]),
            ("Impacts", &["impacts", "alters_logic", "alters_validated"]),
            ("Plan", &["rollback", "tests", "basis", "procedures"]),
        ],
    ),
    (
        "change.raise-impact",
        &[
            ("Why", &["ref", "reason"]),
            ("What is graver than the request says; leave the rest empty", &["impacts"]),
            ("What changes and the request does not say", &["alters_logic", "alters_validated"]),
            ("Risks that it treats", &["risks"]),
        ],
    ),
    (
        "window.request",
        &[
            ("Who", &["vendor", "person", "escort", "source"]),
            ("What", &["assets", "purpose", "change"]),
            ("When, in the time of the site", &["start", "end"]),
            ("How, where the site asks for it", &["second_factor", "recording", "risks"]),
        ],
    ),
    (
        "incident.declare",
        &[("What", &["sites", "title", "severity", "exercise"]), ("Situation", &["summary"])],
    ),
];

/// Fields that mean something only where another says this word: command, field, other field, word.
const ONLY: &[(&str, &str, &str, &str)] = &[("change.request", "revert_by", "kind", "temporary")];

/// Fields that are compulsory where another says this word: command, field, other field, word.
const MUST: &[(&str, &str, &str, &str)] = &[("change.request", "basis", "kind", "emergency")];

/// What comes of a word in a field: command, field, and what it tells.
const TELLS: &[(&str, &str, Tells)] = &[(
    "change.request",
    "kind",
    Tells {
        word: "standard",
        without: "template",
        said: "without a template it makes one, which all must approve",
    },
)];

/// The fields in the order of the form, each with its heading.
pub fn laid_out(command: &str, mut fields: Vec<FieldSpec>) -> Vec<FieldSpec> {
    let Some((_, parts)) = LAYOUTS.iter().find(|(name, _)| *name == command) else { return fields };
    for field in &mut fields {
        let of = |table: &[(&str, &str, &str, &'static str)]| {
            let row = table.iter().find(|(name, of, ..)| *name == command && *of == field.name);
            row.map(|(.., other, word)| Needs::word(other, word))
        };
        (field.needs, field.must) = (of(ONLY).or(field.needs.take()), of(MUST));
        let tells = TELLS.iter().find(|(name, of, _)| *name == command && *of == field.name);
        field.tells = tells.map(|(.., tells)| *tells);
    }
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
    fn a_revert_date_is_asked_for_where_a_change_is_temporary() {
        let fields = fields("change.request").unwrap();
        let needs = fields.iter().find(|field| field.name == "revert_by").unwrap().needs.clone();
        let needs = needs.unwrap();
        assert!(needs.met("temporary") && !needs.met("normal") && !needs.met(""));
        for (command, field, other, word) in ONLY.iter().chain(MUST) {
            let spec = |name: &str| {
                super::super::fields(command).unwrap().into_iter().find(|f| f.name == name)
            };
            assert!(spec(field).is_some(), "{command} {field}");
            let kind = spec(other).unwrap().kind;
            assert!(format!("{kind:?}").contains(&format!("{word:?}")), "{kind:?}");
        }
    }

    #[test]
    fn what_a_word_tells_is_of_a_word_and_a_field_that_there_are() {
        for (command, field, tells) in TELLS {
            let fields = fields(command).unwrap();
            let named = |name: &str| fields.iter().find(|field| field.name == name).unwrap();
            let kind = &named(field).kind;
            assert!(format!("{kind:?}").contains(&format!("{:?}", tells.word)), "{kind:?}");
            assert_eq!(named(field).tells, Some(*tells));
            assert_eq!(named(tells.without).tells, None);
        }
    }

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
