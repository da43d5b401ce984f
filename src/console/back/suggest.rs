//! What completes a field, and the objects that the palette's letters find: a few rows of each list, never more.

use serde_json::Value;

use super::{objects, text};
use crate::console::data::{Found, Looked, Suggestion};
use crate::console::keys::Scope;
use crate::console::overlays::filter;
use crate::domain::filter::{Of, Word};
use crate::domain::state_words;
use crate::safe_text::SafeText;
use crate::store::query::{Clash, Page, Report, Subject, words};
use crate::store::{ReadError, Reader};

/// Rows that a field is offered.
const OFFERED: Page = Page { limit: 5, after: None };

/// Values that a word of a filter is offered: where they part is known only of all of them.
const VALUES: Page = Page { limit: 200, after: None };

/// What a report may belong to: the lists, and which of their rows.
const LINKED: &[(&str, &str)] =
    &[("incidents", ""), ("risks", "state:candidate,open,treating,accepted")];

/// Rows of each kind that the palette is given.
const EACH: Page = Page { limit: 4, after: None };

/// The lists that the palette looks through, with the kind of their rows.
const KINDS: &[(&str, Scope)] = &[
    ("changes", Scope::Change),
    ("windows", Scope::Window),
    ("risks", Scope::Risk),
    ("assets", Scope::Asset),
    ("people", Scope::Person),
    ("vendors", Scope::Vendor),
    ("sites", Scope::Site),
    ("zones", Scope::Zone),
    ("incidents", Scope::Incident),
    ("acceptances", Scope::Acceptance),
    ("advisories", Scope::Advisory),
    ("reports", Scope::Report),
    ("outages", Scope::Outage),
    ("blackouts", Scope::Blackout),
    ("extensions", Scope::Extension),
    ("sessions", Scope::Session),
    ("bypasses", Scope::Bypass),
];

/// The field of a row that a field of a form takes.
fn taken(list: &str) -> &'static str {
    if list == "zones" { "zone" } else { "ref" }
}

/// Words of a person as the filter line takes them: each quoted, so that none is read as more than text.
fn quoted(typed: &str) -> String {
    let words = typed.split_whitespace().map(|word| format!("\"{}\"", word.replace('"', "")));
    words.collect::<Vec<_>>().join(" ")
}

fn knows(list: &str, name: &str) -> bool {
    let by = |word: &Word| word.name == name && word.of == Of::Word;
    words(list).is_some_and(|words| words.iter().any(by))
}

/// What a field may become.
pub async fn suggest(
    reader: &mut Reader<'_>,
    of: Looked,
    typed: &str,
    within: Option<&str>,
) -> Result<Vec<Suggestion>, ReadError> {
    let (list, live) = match of {
        Looked::VendorPerson => return persons(reader, typed, within, OFFERED.limit).await,
        Looked::Conflict => return conflicts(reader, typed, within).await,
        Looked::Linked => return linked(reader, typed, within).await,
        Looked::In(list, live) => (list, live),
    };
    let site = match within {
        Some(site) if knows(list, "site") => format!("site:\"{}\"", site.replace('"', "")),
        Some(_) | None => String::new(),
    };
    let filter = format!("{live} {site} {}", quoted(typed));
    match reader.listing(list, &filter, &OFFERED).await {
        Ok(found) => Ok(found.rows.iter().filter_map(|row| suggestion(row, taken(list))).collect()),
        // A site that is still being typed has nothing to offer.
        Err(ReadError::Filter(_)) => Ok(Vec::new()),
        Err(fault) => Err(fault),
    }
}

/// What a word of the filter line may be followed by: whatever there is that begins so.
pub async fn values(
    reader: &mut Reader<'_>,
    of: Looked,
    begins: &str,
) -> Result<Vec<Suggestion>, ReadError> {
    let mut found = match of {
        Looked::VendorPerson => persons(reader, begins, None, VALUES.limit).await?,
        Looked::Conflict | Looked::Linked => Vec::new(),
        Looked::In(list, live) => {
            let filter = format!("{live} {}", quoted(begins));
            let rows = reader.listing(list, &filter, &VALUES).await?.rows;
            rows.iter().filter_map(|row| suggestion(row, taken(list))).collect()
        }
    };
    found.retain(|one| filter::begins(&one.value, begins));
    Ok(found)
}

fn suggestion(row: &Value, field: &str) -> Option<Suggestion> {
    let state = text(row, "effective_state").or_else(|| text(row, "state")).unwrap_or_default();
    let shown = !matches!(state.as_str(), "active" | "in_service" | "");
    let state = if shown { format!(" ({})", state_words::spoken(&state)) } else { String::new() };
    let said = format!("{}{state}", text(row, "title").unwrap_or_default());
    Some(Suggestion { value: text(row, field)?, said: SafeText::from(said) })
}

/// The people of the vendor that the form names, or of all.
async fn persons(
    reader: &mut Reader<'_>,
    typed: &str,
    vendor: Option<&str>,
    limit: usize,
) -> Result<Vec<Suggestion>, ReadError> {
    let filter = match vendor {
        Some(vendor) => format!("ref:\"{}\"", vendor.replace('"', "")),
        None => String::new(),
    };
    let rows = reader.listing("vendors", &filter, &Page::default()).await?.rows;
    let mut found = Vec::new();
    for row in &rows {
        let said = SafeText::from(text(row, "title").unwrap_or_default());
        let people = row.get("persons").and_then(Value::as_array);
        for person in people.into_iter().flatten().filter_map(Value::as_str) {
            if person.to_lowercase().contains(&typed.to_lowercase()) {
                found.push(Suggestion { value: person.to_owned(), said: said.clone() });
            }
        }
    }
    found.truncate(limit);
    Ok(found)
}

/// What stands against a change or a window and nobody let pass.
async fn conflicts(
    reader: &mut Reader<'_>,
    typed: &str,
    on: Option<&str>,
) -> Result<Vec<Suggestion>, ReadError> {
    let Some(on) = on else { return Ok(Vec::new()) };
    let mut clashes = reader.against(on).await?;
    clashes.retain(|one| one.conflict.with.to_lowercase().contains(&typed.to_lowercase()));
    let said = |one: Clash| Suggestion {
        said: SafeText::from(one.conflict.because),
        value: one.conflict.with,
    };
    Ok(clashes.into_iter().map(said).collect())
}

/// The incidents and the open risks at the site of a report.
async fn linked(
    reader: &mut Reader<'_>,
    typed: &str,
    report: Option<&str>,
) -> Result<Vec<Suggestion>, ReadError> {
    let Some(report) = report else { return Ok(Vec::new()) };
    let Some(report) = reader.one::<Report>(report).await? else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for (list, live) in LINKED {
        let filter = format!("site:{} {live} {}", report.site, quoted(typed));
        let rows = reader.listing(list, &filter, &OFFERED).await?.rows;
        found.extend(rows.iter().filter_map(|row| suggestion(row, taken(list))));
    }
    Ok(found)
}

/// The objects of every kind that hold all the words.
pub async fn find(reader: &mut Reader<'_>, typed: &str) -> Result<Vec<Found>, ReadError> {
    let filter = quoted(typed);
    let mut found = Vec::new();
    for (list, scope) in KINDS {
        let rows = reader.listing(list, &filter, &EACH).await?.rows;
        found.extend(rows.iter().filter_map(|row| {
            let title = SafeText::from(text(row, "title").unwrap_or_default());
            Some(Found { reference: text(row, "ref")?, title, scope: *scope })
        }));
    }
    if let Some(other) = called(reader, typed.trim()).await?
        && found.iter().all(|one: &Found| one.reference != other.reference)
    {
        found.insert(0, other);
    }
    Ok(found)
}

/// Whatever is called exactly so, also where no list of the palette has it: a log line, an import, a row of the RACI
/// table, the store itself.
async fn called(reader: &mut Reader<'_>, reference: &str) -> Result<Option<Found>, ReadError> {
    let Some(shown) = objects::shown(reader, reference).await? else { return Ok(None) };
    let title = SafeText::from(text(&shown.json()?, "title").unwrap_or_default());
    let scope = match shown.subject {
        Subject::Store | Subject::Yardstick | Subject::Alarm => Scope::Page,
        Subject::Site => Scope::Site,
        Subject::Asset => Scope::Asset,
        Subject::Zone => Scope::Zone,
        Subject::Person => Scope::Person,
        Subject::Vendor => Scope::Vendor,
        Subject::Advisory => Scope::Advisory,
        Subject::Vulnerability => Scope::Vulnerability,
        Subject::Risk => Scope::Risk,
        Subject::Acceptance => Scope::Acceptance,
        Subject::Calendar => Scope::Calendar,
        Subject::Intervention => Scope::Intervention,
        Subject::Change => Scope::Change,
        Subject::Window => Scope::Window,
        Subject::Extension => Scope::Extension,
        Subject::Bypass => Scope::Bypass,
        Subject::Session => Scope::Session,
        Subject::AccessEvent => Scope::AccessEvent,
        Subject::Incident => Scope::Incident,
        Subject::Report => Scope::Report,
        Subject::LogLine | Subject::Import => Scope::Entry,
        Subject::Raci => Scope::Raci,
    };
    Ok(Some(Found { reference: reference.to_owned(), title, scope }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::filter::Filter;

    #[test]
    fn whatever_is_typed_is_looked_for_as_text() {
        let read = Filter::parse(&quoted("state:open \"x pump"), &[]).unwrap();
        assert_eq!(read.text, ["state:open", "x", "pump"]);
        assert!(read.terms.is_empty());
    }
}
