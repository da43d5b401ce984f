//! What the ledger says of an object: its entries, and the chain of causes that led to them.

use serde_json::Value;

use super::super::posture as numbers;
use crate::console::screens::items::document;
use crate::console::screens::posture;
use crate::console::theme::Role;
use crate::console::widgets::cell::{Cell, Form};
use crate::console::widgets::doc::{Doc, Line};
use crate::domain::alarm::AlarmKind;
use crate::domain::time::Time;
use crate::safe_text::SafeText;
use crate::store::query::{LogEntry, LogQuery, Object as Shape, Shown, Since, Vulnerability};
use crate::store::{ReadError, Reader};

/// Steps that a chain of causes is followed for.
const DEEPEST: usize = 20;

/// One entry with everything that it holds.
pub async fn entry(reader: &mut Reader<'_>, seq: i64) -> Result<Doc, ReadError> {
    let query = LogQuery { since: Since::Seq(seq), subject: None, limit: 1 };
    let found = reader.log(&query).await?;
    let Some(entry) = found.first() else { return Ok(Doc::titled("there is no such entry")) };
    Ok(in_full(entry))
}

/// An entry with everything that it holds.
fn in_full(entry: &LogEntry) -> Doc {
    let value = serde_json::to_value(entry).unwrap_or(Value::Null);
    document(SafeText::from(format!("entry {} {}", entry.seq, entry.kind)), &value)
}

/// An entry in one line.
pub fn happened(entry: &LogEntry) -> Line {
    let cause = entry.cause.map(|seq| format!(", because of entry {seq}")).unwrap_or_default();
    let said = format!("{} by {}{cause}", entry.kind, entry.actor);
    Line::Field(SafeText::from(format!("#{}", entry.seq)), at(entry.at, &said))
}

fn at(at: Time, said: &str) -> Cell {
    let when = Cell::empty().and_at(at, None, Form::Full, Role::Dim);
    when.and(" ", Role::Normal).and(said, Role::Normal)
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
    for entry in entries.iter().rev() {
        doc = told(doc, entry);
    }
    Ok(doc)
}

/// One entry with the data of its body.
fn told(mut doc: Doc, entry: &LogEntry) -> Doc {
    if !doc.0.is_empty() {
        doc.0.push(Line::Gap);
    }
    let head = format!("#{} {}", entry.seq, entry.kind);
    doc.0.push(Line::Heading(SafeText::from(head)));
    let cause = entry.cause.map(|seq| format!(", because of #{seq}")).unwrap_or_default();
    doc.0.push(Line::Text(at(entry.at, &format!("by {}{cause}", entry.actor))));
    let body: Value = serde_json::from_str(entry.body.get()).unwrap_or(Value::Null);
    let said = body.get("data").unwrap_or(&body);
    let lines = document(SafeText::default(), said).0;
    // The first line is the heading, which stands above already.
    doc.0.extend(lines.into_iter().skip(1).filter(|line| *line != Line::Gap));
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
        doc = doc.section("It came about because of these entries, the last first");
    }
    for cause in shown.causes.iter().rev() {
        let after = cause.cause.map(|seq| format!(", because of #{seq}")).unwrap_or_default();
        let said = format!("{} {} by {}{after}", cause.kind, cause.subject, cause.actor);
        doc.0.push(Line::Field(SafeText::from(format!("#{}", cause.seq)), at(cause.at, &said)));
    }
    for entry in reader.history(reference).await?.iter().rev() {
        doc = told(doc, entry);
    }
    Ok(doc)
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
