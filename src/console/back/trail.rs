//! The audit trail: entries as rows, a decision with what was said and on what.

use serde::Deserialize;
use serde_json::Value;

use super::lists::page;
use crate::console::data::Data;
use crate::console::screens::{board, items::Item};
use crate::domain::approval::Answer;
use crate::store::query::{LogEntry, Page};
use crate::store::{ReadError, Reader};

/// What every entry of a decision ends with.
const DECIDED: &str = ".decided";

/// The newest entries first.
pub async fn entries(
    reader: &mut Reader<'_>,
    filter: &str,
    part: &Page,
) -> Result<Data, ReadError> {
    let found = reader.trail(filter, part).await?;
    let decided = found.rows.iter().filter(|entry| entry.kind.ends_with(DECIDED));
    let on: Vec<&str> = decided.map(|entry| entry.subject.as_str()).collect();
    let titles = reader.titles(&on).await?;
    let row = |entry: &LogEntry| row(entry, titles.get(&entry.subject).map(String::as_str));
    Ok(page(found.rows.iter().filter_map(row).collect(), found.next))
}

/// An entry as a row; `on` is the title of what it is about, where that is known.
fn row(entry: &LogEntry, on: Option<&str>) -> Option<Item> {
    let mut value = serde_json::to_value(entry).ok()?;
    let mut title = entry.kind.clone();
    if let Value::Object(fields) = &mut value {
        fields.insert("ref".to_owned(), Value::String(format!("#{}", entry.seq)));
        if let Some(said) = decision(entry, on) {
            title = format!("{title} {} {said}", entry.subject);
            fields.insert("decision".to_owned(), Value::String(said));
        }
        fields.insert("title".to_owned(), Value::String(title));
    }
    Some(Item::new(value))
}

#[derive(Deserialize)]
struct Body {
    data: Said,
}

#[derive(Deserialize)]
struct Said {
    decision: Answer,
    discipline: String,
}

/// What a decision said, for which discipline and on what: `yes, operations: PLC firmware 2.8`.
fn decision(entry: &LogEntry, on: Option<&str>) -> Option<String> {
    if !entry.kind.ends_with(DECIDED) {
        return None;
    }
    let Said { decision, discipline } = serde_json::from_str::<Body>(entry.body.get()).ok()?.data;
    let on = on.map(|title| format!(": {title}")).unwrap_or_default();
    Some(format!("{decision}, {}{on}", board::spoken(&discipline)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use serde_json::value::to_raw_value;

    use super::*;

    fn entry(kind: &str, data: Value) -> LogEntry {
        LogEntry {
            seq: 41,
            at: "2026-11-22T14:00:00Z".parse().unwrap(),
            store: String::new(),
            actor: "olga".into(),
            kind: kind.into(),
            subject: "CR-7".into(),
            site: None,
            cause: None,
            body: to_raw_value(&json!({"data": data})).unwrap(),
            prev: String::new(),
            hash: String::new(),
            sig: String::new(),
            id: String::new(),
        }
    }

    #[test]
    fn a_decision_says_yes_or_no_for_whom_and_on_what() {
        let data = json!({"ref": "CR-7", "decision": "no", "discipline": "it_security"});
        let row = |title| row(&entry("change.decided", data.clone()), title).unwrap();
        assert_eq!(row(Some("New PLC")).word("decision").as_str(), "no, it security: New PLC");
        assert_eq!(row(None).word("decision").as_str(), "no, it security");
        assert_eq!(row(None).word("title").as_str(), "change.decided CR-7 no, it security");
    }

    #[test]
    fn what_is_no_decision_or_cannot_be_read_stands_by_its_kind() {
        for (kind, data) in [("change.started", json!({})), ("change.decided", json!({"x": 1}))] {
            let row = row(&entry(kind, data), Some("New PLC")).unwrap();
            assert_eq!((row.word("title").as_str(), row.word("decision").as_str()), (kind, ""));
        }
    }
}
