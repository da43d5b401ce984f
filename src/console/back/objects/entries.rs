//! What the ledger says of an object: its entries, and the chain of causes that led to them.

use data_encoding::HEXLOWER;
use serde_json::Value;

use super::super::posture as numbers;
use crate::console::screens::items::document;
use crate::console::screens::posture;
use crate::console::theme::Role;
use crate::console::widgets::cell::{Cell, Form};
use crate::console::widgets::doc::{Doc, Line};
use crate::domain::alarm::AlarmKind;
use crate::domain::head::HeadCode;
use crate::domain::time::Time;
use crate::safe_text::SafeText;
use crate::store::query::{LogEntry, LogQuery, Object as Shape, Shown, Since, Vulnerability};
use crate::store::{ReadError, Reader};

/// Entries that stand in one line each before the older ones are folded away.
const SHOWN: usize = 8;

/// Entries of a history that stand with all that they say before the older ones are folded away.
const IN_FULL: usize = 12;

/// Steps that a chain of causes is followed for.
const DEEPEST: usize = 20;

/// One entry with everything that it holds.
pub async fn entry(reader: &mut Reader<'_>, seq: i64) -> Result<Doc, ReadError> {
    let query = LogQuery { since: Since::Seq(seq), subject: None, limit: 1 };
    let found = reader.log(&query).await?;
    let Some(entry) = found.first() else { return Ok(Doc::titled("there is no such entry")) };
    let cause = match entry.cause {
        Some(seq) => {
            let query = LogQuery { since: Since::Seq(seq), subject: None, limit: 1 };
            reader.log(&query).await?.into_iter().next()
        }
        None => None,
    };
    Ok(in_full(entry, cause.as_ref()))
}

/// An entry whole: what it says, who wrote it, when and from where, why, and what it followed from.
fn in_full(entry: &LogEntry, cause: Option<&LogEntry>) -> Doc {
    let body: Value = serde_json::from_str(entry.body.get()).unwrap_or(Value::Null);
    let said = |field: &str| body.get(field).and_then(Value::as_str).unwrap_or_default();
    let mut doc = Doc::default()
        .field("what", Cell::text(entry.kind.as_str()))
        .field("of what", Cell::text(entry.subject.as_str()))
        .field("site", Cell::text(entry.site.as_deref().unwrap_or_default()))
        .field("who", Cell::text(entry.actor.as_str()))
        .field("when", Cell::empty().and_at(entry.at, None, Form::Second, Role::Normal))
        .field("from where", Cell::text(origin(&body)))
        .field("reason", Cell::text(said("reason")));
    let rest: Vec<Line> = match body.get("data") {
        Some(data) => says(data),
        // What is not of the one form is shown as it stands: it must not hide.
        None => vec![Line::Text(Cell::text(entry.body.get()))],
    };
    if !rest.is_empty() {
        doc = doc.section("What it says");
        doc.0.extend(rest);
    }
    if let Some(cause) = cause {
        doc = doc.section("It followed from this one; Enter opens it");
        doc.0.push(one(cause));
    }
    doc = doc.section("In the ledger");
    doc.field("code", Cell::text(code(entry)))
        .field("rules", Cell::text(body.get("v").map(Value::to_string).unwrap_or_default()))
        .field("id", Cell::text(entry.id.as_str()))
        .field("signed", if entry.sig.is_empty() { "" } else { "yes" })
}

/// Place and hash of an entry as people write them down, which `smc log` and `smc verify` show alike.
fn code(entry: &LogEntry) -> String {
    let bytes = HEXLOWER.decode(entry.hash.as_bytes()).unwrap_or_default();
    let head = bytes.first_chunk().map(|code| HeadCode::new(entry.seq, *code).to_string());
    head.unwrap_or_else(|| entry.hash.clone())
}

/// Where an entry was written from: the way in, the terminal and the host, the operating system's user where it is another.
fn origin(body: &Value) -> String {
    let of = |field: &str| {
        let word = body.get("from").and_then(|from| from.get(field)).and_then(Value::as_str);
        word.unwrap_or_default().to_owned()
    };
    let user = of("os_user");
    let parts = [
        of("via"),
        of("tty"),
        of("host"),
        if user.is_empty() { user } else { format!("as {user}") },
        format!("smc {}", of("version")),
    ];
    let said = parts.into_iter().filter(|part| !part.is_empty() && part != "smc ");
    said.collect::<Vec<_>>().join(", ")
}

/// The fields of an entry.
fn says(data: &Value) -> Vec<Line> {
    // The first line is the heading, which stands above already.
    document(SafeText::default(), data).0.into_iter().skip(1).collect()
}

/// Fields that tell most of an entry, in the order in which they are said.
const TELLING: &[&str] =
    &["decision", "discipline", "title", "role", "decided", "reason", "text", "note", "until"];

/// Most columns of what an entry says where it stands among others.
const GIST: usize = 120;

/// What an entry says, in few words.
fn gist(entry: &LogEntry) -> String {
    let body: Value = serde_json::from_str(entry.body.get()).unwrap_or(Value::Null);
    let data = body.get("data").unwrap_or(&Value::Null);
    let found = TELLING.iter().filter_map(|name| data.get(name)?.as_str());
    let told = body.get("reason").and_then(Value::as_str);
    let words: Vec<String> = found.chain(told).map(|word| word.replace('_', " ")).collect();
    SafeText::from(words.join(", ")).truncate(GIST).to_string()
}

fn because(cause: Option<i64>) -> String {
    cause.map(|seq| format!(", because of #{seq}")).unwrap_or_default()
}

/// An entry in one line, which opens.
fn one(entry: &LogEntry) -> Line {
    let told = match gist(entry) {
        none if none.is_empty() => none,
        some => format!(": {some}"),
    };
    let (kind, actor, cause) = (&entry.kind, &entry.actor, because(entry.cause));
    Line::Entry(entry.seq, at(entry.at, &format!("{kind} by {actor}{cause}{told}")))
}

/// An entry in one line.
pub fn happened(entry: &LogEntry) -> Line {
    let said = format!("{} by {}{}", entry.kind, entry.actor, because(entry.cause));
    Line::Entry(entry.seq, at(entry.at, &said))
}

fn at(at: Time, said: &str) -> Cell {
    let when = Cell::empty().and_at(at, None, Form::Full, Role::Dim);
    when.and(" ", Role::Normal).and(said, Role::Normal)
}

/// Lines of which so many stand, the rest folded away behind how many they are.
fn folded(mut doc: Doc, mut lines: Vec<Line>, shown: usize) -> Doc {
    let older = lines.split_off(shown.min(lines.len()));
    doc.0.extend(lines);
    if !older.is_empty() {
        let what = format!("{} older: Enter shows them", older.len());
        doc.0.push(Line::Folded(SafeText::from(what), older));
    }
    doc
}

/// Every entry about it, and about an alarm of it: who acknowledged, who put it aside.
pub async fn about(reader: &mut Reader<'_>, reference: &str) -> Result<Vec<LogEntry>, ReadError> {
    let mut entries = reader.history(reference).await?;
    for kind in AlarmKind::ALL {
        entries.extend(reader.history(&format!("{kind}:{reference}")).await?);
    }
    entries.sort_by_key(|entry| entry.seq);
    Ok(entries)
}

/// Every entry about it, with what each says, the newest first.
pub async fn history(reader: &mut Reader<'_>, reference: &str) -> Result<Doc, ReadError> {
    let entries = about(reader, reference).await?;
    let mut doc = Doc::default();
    if entries.is_empty() {
        doc = doc.text("no entry of the ledger is about it");
    }
    for entry in entries.iter().rev().take(IN_FULL) {
        doc = told(doc, entry);
    }
    let older: Vec<Line> = entries.iter().rev().skip(IN_FULL).map(one).collect();
    if !older.is_empty() {
        doc.0.push(Line::Gap);
    }
    Ok(folded(doc, older, 0))
}

/// One entry with the data of its body.
fn told(mut doc: Doc, entry: &LogEntry) -> Doc {
    if !doc.0.is_empty() {
        doc.0.push(Line::Gap);
    }
    doc.0.push(Line::Heading(SafeText::from(entry.kind.as_str())));
    let by = format!("by {}{}", entry.actor, because(entry.cause));
    doc.0.push(Line::Entry(entry.seq, at(entry.at, &by)));
    let body: Value = serde_json::from_str(entry.body.get()).unwrap_or(Value::Null);
    let said = says(body.get("data").unwrap_or(&body));
    doc.0.extend(said.into_iter().filter(|line| *line != Line::Gap));
    doc
}

/// Why an object stands here: the entries that made it come about, back to what people did.
pub async fn why(
    reader: &mut Reader<'_>,
    mut doc: Doc,
    reference: &str,
    shown: &Shown,
) -> Result<Doc, ReadError> {
    if let Shape::Site(row) = &shown.object {
        doc = numbers::moved(reader, doc, Some(reference), None).await?;
        let sites = reader.status().await?.sites;
        if let Some(site) = sites.iter().find(|site| site.site == row.r#ref) {
            doc = numbers::after(doc, posture::document(site));
        }
    }
    if let Shape::Vulnerability(row) = &shown.object {
        return Ok(matched(row));
    }
    if shown.causes.is_empty() {
        doc = doc.section("People wrote these entries, and none followed from another");
    } else {
        doc =
            doc.section("It came about because of these entries, the last first; Enter opens one");
        let causes = shown.causes.iter().rev().map(|cause| {
            let after = because(cause.cause);
            let said = format!("{} {} by {}{after}", cause.kind, cause.subject, cause.actor);
            Line::Entry(cause.seq, at(cause.at, &said))
        });
        doc = folded(doc, causes.collect(), SHOWN);
        doc = doc.section("What was written about it, the last first");
    }
    let entries = reader.history(reference).await?;
    Ok(folded(doc, entries.iter().rev().map(one).collect(), SHOWN))
}

/// The steps by which an asset was found to be, or perhaps to be, what an advisory speaks of.
fn matched(row: &Vulnerability) -> Doc {
    let mut doc = Doc::default()
        .section("Why this asset")
        .field("advisory", Cell::text(format!("{} {}", row.advisory, row.cve)))
        .field("asset", Cell::text(row.asset.as_str()))
        .field("how sure", Cell::text(row.tier.as_str()));
    for reason in &row.because.0 {
        doc.0.push(Line::Field(SafeText::fixed("because"), Cell::text(reason.as_str())));
    }
    let entry = format!("#{}, by version {} of the analysis; :log has it", row.seq, row.analyser);
    doc.field("entry", Cell::text(entry))
}

/// An entry and what it followed from, the nearest first.
pub async fn chain(reader: &mut Reader<'_>, seq: i64) -> Result<Doc, ReadError> {
    let mut doc = Doc::default();
    let mut next = Some(seq);
    for step in 0..DEEPEST {
        let Some(seq) = next else { break };
        let query = LogQuery { since: Since::Seq(seq), subject: None, limit: 1 };
        let found = reader.log(&query).await?;
        let Some(entry) = found.first() else { break };
        if step > 0 {
            doc.0.push(Line::Gap);
            doc.0.push(Line::Text(Cell::of("because of", Role::Dim)));
        }
        doc = told(doc, entry);
        next = entry.cause;
    }
    Ok(doc)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::query::Told;

    #[test]
    fn the_why_of_a_match_names_every_step_by_which_it_was_found() {
        let row = Vulnerability {
            r#ref: "SSA-1/CVE-2026-1/RLF/PLC-1".to_owned(),
            site: "RLF".to_owned(),
            state: "open".to_owned(),
            title: "Denial of service".to_owned(),
            asset: "RLF/PLC-1".to_owned(),
            advisory: "SSA-1".to_owned(),
            cve: "CVE-2026-1".to_owned(),
            tier: "confirmed".to_owned(),
            because: Told(vec!["Vendor is the same.".to_owned(), "2.8 is below 2.9".to_owned()]),
            analyser: 3,
            score: None,
            ruled_out: 0,
            risk: None,
            decision: None,
            seq: 41,
        };
        let said = format!("{:?}", matched(&row));
        for part in ["confirmed", "Vendor is the same.", "2.8 is below 2.9", "#41"] {
            assert!(said.contains(part), "{part} in {said}");
        }
    }
}
