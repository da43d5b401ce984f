//! A form's fields become a command and go through the desk; what is refused finds its field again.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{store_failure, tools};
use crate::commands::{self, Desk};
use crate::console::data::{Failure, Receipt, Submission};
use crate::console::forms::WHY;
use crate::console::screens::cells::called;
use crate::console::tools::Tool;
use crate::domain::command::commands;
use crate::domain::field::{Field, Type};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::text::Line;
use crate::domain::time::Time;
use crate::safe_text::SafeText;
use crate::store::StoreError;

/// Does a command.
pub async fn submit(desk: &Desk, submission: Submission) -> Result<Receipt, Failure> {
    let Submission { command: name, mut fields } = submission;
    if let Some(tool) = Tool::named(&name) {
        return tools::run(desk, tool, fields).await;
    }
    let expect = fields.remove("expect").and_then(|value| value.as_i64());
    let why = fields.remove(WHY).and_then(|value| value.as_str().map(str::to_owned));
    let reason = why.as_deref().map(Line::new).transpose().map_err(|why| {
        let refusal = Refusal::new(Code::Invalid, format!("why {why}"), "write one line");
        store_failure(&StoreError::Refused(refusal), Some(WHY.to_owned()))
    })?;
    let decision = commands::decision(&name, &fields);
    let conflict = fields.get("conflict").and_then(Value::as_str).map(str::to_owned);
    let aside = until(&name, &fields);
    let command = commands::read(&name, Value::Object(fields)).map_err(|unread| {
        let field = unread.field.clone();
        store_failure(&StoreError::Refused(unread.refusal), field)
    })?;
    let submission = commands::Submission { expect, reason, ..command.into() };
    let receipt = desk.submit(submission).await.map_err(|error| {
        let field =
            if let StoreError::Refused(refusal) = &error { blamed(&name, refusal) } else { None };
        store_failure(&error, field)
    })?;
    let came = match decision {
        Some((discipline, answer)) => {
            desk.came_of(receipt.reference.as_str(), discipline, answer).await
        }
        None if commands::asks(&name) => desk.waits(receipt.reference.as_str()).await,
        None => None,
    };
    let on = called(receipt.reference.as_str());
    let said = match receipt.entries.as_slice() {
        _ if came.is_some() => came.unwrap_or_default(),
        _ if name == "comment.add" => format!("your comment on {} is in", receipt.reference),
        // What was put aside comes back, and must be found until then.
        _ if aside.is_some() => {
            let until = aside.map(|at| format!("{at:#}"));
            let until = until.unwrap_or_default();
            format!("{on} is put aside until {until}; :shelf shows it, Z there takes it back")
        }
        // Not the change is waived, but one thing that stands against it.
        _ if conflict.is_some() => {
            let with = conflict.unwrap_or_default();
            format!("{with} is waived for {}", receipt.reference)
        }
        [_] | [] => format!("{on} {}", done(&name)),
        [_, more @ ..] => {
            format!("{on} {}, and {} more followed from it", done(&name), more.len())
        }
    };
    let still = match name.as_str() {
        "window.cut-off" | "window.close" => desk.still_on(receipt.reference.as_str()).await,
        _ => None,
    };
    let said = still.map_or(said.clone(), |still| format!("{said}; {still}"));
    Ok(Receipt {
        reference: Some(receipt.reference.to_string()),
        said: SafeText::from(said),
        told: Vec::new(),
        leads: None,
    })
}

/// Until when a command puts an alarm or a task aside.
fn until(name: &str, fields: &Map<String, Value>) -> Option<Time> {
    let puts_aside = matches!(name, "alarm.shelve" | "task.snooze");
    let said = fields.get("until").filter(|_| puts_aside)?;
    Time::deserialize(said).ok()
}

/// The kind of entry that a command makes, as what was done.
fn done(name: &str) -> String {
    let kind = commands().find(|spec| spec.command == Some(name)).map_or(name, |spec| spec.kind);
    let verb = name.split_once('.').map_or("", |(_, verb)| verb);
    match verb {
        // A command that stands for several kinds says what it did in its own word.
        _ if kind.contains(" | ") => verb.to_owned(),
        "approve" => "approved for your discipline".to_owned(),
        "reject" => "rejected for your discipline".to_owned(),
        _ => kind.split_once('.').map_or(kind, |(_, verb)| verb).replace('-', " "),
    }
}

/// The field that a refusal speaks of: the longest field name that stands in what is wrong, else in what to do.
fn blamed(name: &str, refusal: &Refusal) -> Option<String> {
    let spec = commands().find(|spec| spec.command == Some(name))?;
    let names = names("", spec.fields);
    let spoken = |said: &str| {
        let words: Vec<&str> = said
            .split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'))
            .map(|word| word.trim_matches('.'))
            .collect();
        let found = names.iter().filter(|name| words.contains(&name.as_str()));
        found.max_by_key(|name| name.len()).cloned()
    };
    // What is wrong comes before what else could be done.
    spoken(&refusal.message).or_else(|| spoken(&refusal.fix))
}

fn names(before: &str, fields: &[Field]) -> Vec<String> {
    let one = |field: &Field| {
        let name = if before.is_empty() {
            field.name.to_owned()
        } else {
            format!("{before}.{}", field.name)
        };
        if let Type::Group { fields } = field.of { names(&name, fields) } else { vec![name] }
    };
    fields.iter().flat_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::refusal::Code;

    #[test]
    fn what_was_done_is_said_in_one_word_also_of_what_stands_for_several_kinds() {
        assert_eq!(done("outage.plan"), "planned");
        assert_eq!(done("calendar.set"), "set");
        assert_eq!(done("session.cut-off"), "cut off");
        assert_eq!(done("change.approve"), "approved for your discipline");
    }

    #[test]
    fn a_refusal_finds_the_field_that_it_speaks_of() {
        let refusal = |fix: &str| Refusal::new(Code::Missing, "it is refused", fix);
        let blamed = |fix: &str| blamed("change.request", &refusal(fix));
        assert_eq!(
            blamed("say in impacts.safety.text what it is").as_deref(),
            Some("impacts.safety.text")
        );
        assert_eq!(
            blamed("give revert_by, at most 90 days after the start").as_deref(),
            Some("revert_by")
        );
        assert_eq!(blamed("another person must do it"), None);
    }
}
