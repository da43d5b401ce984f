//! An object in full: its document, its history, why it stands as it does, who decides about it.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use serde_json::Value;

use super::{Door, text};
use crate::console::ctx::Me;
use crate::console::data::Object;
use crate::console::keys::{Action, all};
use crate::console::screens::items::document;
use crate::console::screens::{
    acceptances, assets, board, cells, changes, posture, risks, windows,
};
use crate::console::theme::Role;
use crate::console::widgets::cell::Cell;
use crate::console::widgets::doc::{Doc, Line};
use crate::domain::time::Time;
use crate::safe_text::SafeText;
use crate::store::query::{
    Acceptance, Asset, Change, LogEntry, LogQuery, Page, Risk, Seat, Since, Window,
};
use crate::store::{ReadError, Reader};

/// Steps that a chain of causes is followed for.
const DEEPEST: usize = 20;

/// Risks and the like that a document names at most.
const NAMED: Page = Page { limit: 20, after: None };

/// Which document about an object is asked for.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    /// All of it.
    Whole,
    /// Its entries.
    History,
    /// The chain of causes.
    Why,
    /// Its board.
    WhoDecides,
}

/// What a reference names, as far as screens tell kinds apart.
enum Found {
    Change(Box<Change>),
    Window(Box<Window>),
    Risk(Box<Risk>),
    Acceptance(Box<Acceptance>),
    Asset(Box<Asset>),
    Nothing,
}

async fn find(reader: &mut Reader<'_>, reference: &str) -> Result<Found, ReadError> {
    let prefix = reference.split_once('-').map_or("", |(prefix, _)| prefix);
    Ok(match prefix {
        "CR" => reader.one(reference).await?.map_or(Found::Nothing, |r| Found::Change(Box::new(r))),
        "VW" => reader.one(reference).await?.map_or(Found::Nothing, |r| Found::Window(Box::new(r))),
        "R" => reader.one(reference).await?.map_or(Found::Nothing, |r| Found::Risk(Box::new(r))),
        "RA" => {
            reader.one(reference).await?.map_or(Found::Nothing, |r| Found::Acceptance(Box::new(r)))
        }
        _ if reference.contains('/') => {
            reader.one(reference).await?.map_or(Found::Nothing, |r| Found::Asset(Box::new(r)))
        }
        _ => Found::Nothing,
    })
}

fn denials(denied: impl Fn(&Action) -> Option<SafeText>) -> BTreeMap<&'static str, SafeText> {
    all().filter_map(|action| Some((action.id, denied(action)?))).collect()
}

impl Found {
    /// The actions that are off, with the reason.
    fn denied(&self, me: &Me<'_>) -> BTreeMap<&'static str, SafeText> {
        match self {
            Self::Change(row) => denials(|action| changes::denied(row, action, me)),
            Self::Window(row) => denials(|action| windows::denied(row, action, me)),
            Self::Risk(row) => denials(|action| risks::denied(row, action, me)),
            Self::Acceptance(row) => denials(|action| acceptances::denied(row, action, me)),
            Self::Asset(row) => denials(|action| assets::denied(row, action, me)),
            Self::Nothing => BTreeMap::new(),
        }
    }

    fn zone(&self) -> Tz {
        match self {
            Self::Change(row) => cells::zone(&row.timezone),
            Self::Window(row) => cells::zone(&row.timezone),
            Self::Risk(row) => cells::zone(&row.timezone),
            Self::Acceptance(row) => cells::zone(&row.timezone),
            Self::Asset(row) => cells::zone(&row.timezone),
            Self::Nothing => Tz::UTC,
        }
    }
}

/// The document that a page shows, with what the object does not allow this person now.
pub async fn page(
    door: &Door,
    reader: &mut Reader<'_>,
    reference: &str,
    part: Part,
) -> Result<Object, ReadError> {
    let found = find(reader, reference).await?;
    let holder = door.holder(reader).await?;
    let denied = found.denied(&Me { holder: holder.as_ref(), now: reader.now() });
    let doc = match part {
        Part::Whole => whole(reader, reference, &found).await?,
        Part::History => history(reader, reference).await?,
        Part::Why => why(reader, reference).await?,
        Part::WhoDecides => who_decides(reader, reference, found.zone()).await?,
    };
    Ok(Object { doc, denied })
}

/// The whole object, without the heading that the page has already.
async fn whole(reader: &mut Reader<'_>, reference: &str, found: &Found) -> Result<Doc, ReadError> {
    let seats = reader.seats(reference).await?;
    let mut board = Doc::default();
    if !seats.is_empty() {
        board.0.push(Line::Gap);
        board.0.push(Line::Heading(SafeText::fixed("Who decides")));
        for seat in &seats {
            board = seated(board, seat, found.zone());
        }
    }
    let mut doc = match found {
        Found::Change(row) => changes::document(row, board),
        Found::Window(row) => windows::document(row, board),
        Found::Risk(row) => with_assets(reader, risks::detail(row), row).await?,
        Found::Acceptance(row) => acceptances::document(row, board),
        Found::Asset(row) => with_work(reader, assets::document(row), &row.r#ref).await?,
        Found::Nothing => other(reader, reference).await?,
    };
    if matches!(doc.0.first(), Some(Line::Heading(_))) {
        doc.0.remove(0);
    }
    let entries = reader.history(reference).await?;
    if !entries.is_empty() {
        doc = doc.section("What happened; L shows it in full, y why");
        for entry in &entries {
            doc.0.push(happened(entry));
        }
    }
    Ok(doc)
}

/// The assets of a risk that an advisory brought, with what is open about each.
async fn with_assets(reader: &mut Reader<'_>, mut doc: Doc, row: &Risk) -> Result<Doc, ReadError> {
    let found = risk_assets(reader, row).await?;
    if !found.is_empty() {
        doc = doc.section("Assets; n asks for a change of them");
        for asset in found {
            doc = doc.text(Cell::text(asset));
        }
    }
    let asked: Vec<Acceptance> = reader.list(&format!("risk:{}", row.r#ref), &NAMED).await?.rows;
    if !asked.is_empty() {
        doc = doc.section("Acceptances");
        for acceptance in asked {
            let line = format!("{} {}: {}", acceptance.r#ref, acceptance.state, acceptance.reason);
            doc = doc.text(Cell::text(line));
        }
    }
    Ok(doc)
}

/// The assets that a risk is about.
pub async fn risk_assets(reader: &mut Reader<'_>, row: &Risk) -> Result<Vec<String>, ReadError> {
    let Some(advisory) = &row.advisory else { return Ok(Vec::new()) };
    let filter = format!("advisory:{advisory} site:{} tier:confirmed,likely", row.site);
    let found = match reader.listing("vulnerabilities", &filter, &Page::ALL).await {
        Ok(found) => found.rows,
        // An older reader has no such list; the risk counts its assets all the same.
        Err(ReadError::NoList { .. } | ReadError::NotBuilt(_)) => Vec::new(),
        Err(error) => return Err(error),
    };
    let mut assets: Vec<String> = found.iter().filter_map(|value| text(value, "asset")).collect();
    assets.sort_unstable();
    assets.dedup();
    Ok(assets)
}

/// The risks, changes and windows of an asset.
async fn with_work(reader: &mut Reader<'_>, mut doc: Doc, asset: &str) -> Result<Doc, ReadError> {
    let by = format!("asset:{asset}");
    let risks: Vec<Risk> = reader.list(&by, &NAMED).await?.rows;
    let changes: Vec<Change> = reader.list(&by, &NAMED).await?.rows;
    let windows: Vec<Window> = reader.list(&by, &NAMED).await?.rows;
    let mut lines: Vec<Cell> = Vec::new();
    for row in risks {
        let said = format!(" {} {} {}", row.r#ref, row.effective_state, row.title);
        let mut cell = cells::rank(row.priority);
        cell = cell.and(said, Role::Normal);
        lines.push(cell);
    }
    lines.extend(
        changes
            .iter()
            .map(|row| Cell::text(format!("{} {} {}", row.r#ref, row.effective_state, row.title))),
    );
    lines.extend(
        windows
            .iter()
            .map(|row| Cell::text(format!("{} {} {}", row.r#ref, row.effective_state, row.title))),
    );
    if !lines.is_empty() {
        doc = doc.section("Risks, changes and windows");
        doc.0.extend(lines.into_iter().map(Line::Text));
    }
    Ok(doc)
}

/// What is neither decided on nor rated: a site's posture, an entry, or any row of a list.
async fn other(reader: &mut Reader<'_>, reference: &str) -> Result<Doc, ReadError> {
    if let Some(seq) = reference.strip_prefix('#').and_then(|seq| seq.parse::<i64>().ok()) {
        return entry(reader, seq).await;
    }
    let sites = reader.status().await?.sites;
    if let Some(site) = sites.iter().find(|site| site.site == reference) {
        return Ok(posture::document(site));
    }
    let lists =
        ["people", "vendors", "zones", "advisories", "reports", "incidents", "vulnerabilities"];
    for list in lists {
        let Ok(found) = reader.listing(list, &quoted(reference), &NAMED).await else { continue };
        let row = found.rows.iter().find(|row| text(row, "ref").as_deref() == Some(reference));
        if let Some(row) = row {
            let title = format!("{reference} {}", text(row, "title").unwrap_or_default());
            return Ok(document(SafeText::from(title), row));
        }
    }
    Ok(Doc::titled(SafeText::from(reference)))
}

fn quoted(reference: &str) -> String {
    format!("\"{}\"", reference.replace('"', ""))
}

async fn entry(reader: &mut Reader<'_>, seq: i64) -> Result<Doc, ReadError> {
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

fn happened(entry: &LogEntry) -> Line {
    let cause = entry.cause.map(|seq| format!(", because of entry {seq}")).unwrap_or_default();
    let said = format!("{} by {}{cause}", entry.kind, entry.actor);
    Line::Field(SafeText::from(format!("#{}", entry.seq)), at(entry.at, &said))
}

fn at(at: Time, said: &str) -> Cell {
    let when = at.utc().format("%Y-%m-%d %H:%MZ").to_string();
    Cell::of(when, Role::Dim).and(" ", Role::Normal).and(said, Role::Normal)
}

/// Every entry about it, with what each says.
async fn history(reader: &mut Reader<'_>, reference: &str) -> Result<Doc, ReadError> {
    let entries = match reference.strip_prefix('#').and_then(|seq| seq.parse::<i64>().ok()) {
        Some(seq) => {
            reader.log(&LogQuery { since: Since::Seq(seq), subject: None, limit: 1 }).await?
        }
        None => reader.history(reference).await?,
    };
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

/// The chain of causes behind its last entry, the nearest first.
async fn why(reader: &mut Reader<'_>, reference: &str) -> Result<Doc, ReadError> {
    let mut doc = Doc::default();
    let mut next = match reference.strip_prefix('#').and_then(|seq| seq.parse::<i64>().ok()) {
        Some(seq) => Some(seq),
        None => {
            let entries = reader.history(reference).await?;
            // The entry that brought it about says most; later ones only moved it.
            let first = entries.first().map(|entry| entry.seq);
            for entry in entries.iter().skip(1).rev() {
                doc = told(doc, entry);
            }
            first
        }
    };
    let mut steps = 0;
    while let Some(seq) = next.filter(|_| steps < DEEPEST) {
        let query = LogQuery { since: Since::Seq(seq), subject: None, limit: 1 };
        let found = reader.log(&query).await?;
        let Some(entry) = found.first() else { break };
        if steps > 0 {
            doc.0.push(Line::Gap);
            doc.0.push(Line::Text(Cell::of("▲ because of", Role::Dim)));
        }
        doc = told(doc, entry);
        next = entry.cause;
        steps += 1;
    }
    if steps == 0 {
        let site = reader.status().await?.sites.into_iter().find(|site| site.site == reference);
        doc = match site {
            Some(site) => posture::document(&site),
            None => doc.text("no entry of the ledger is about it"),
        };
    }
    Ok(doc)
}

/// The board with who could decide; for what nobody decides on, a word that says so.
async fn who_decides(reader: &mut Reader<'_>, reference: &str, zone: Tz) -> Result<Doc, ReadError> {
    let seats = reader.seats(reference).await?;
    let mut doc = Doc::default();
    if seats.is_empty() {
        doc = doc.text(
            "Nobody decides on this. Changes, windows and acceptances are decided on; :raci shows who for.",
        );
    }
    for seat in &seats {
        doc = seated(doc, seat, zone);
    }
    Ok(doc)
}

fn seated(mut doc: Doc, seat: &Seat, zone: Tz) -> Doc {
    let said = match (seat.decision.as_deref(), seat.person.as_deref()) {
        (Some("yes"), Some(who)) => format!("✓ yes, {who}"),
        (Some(no), Some(who)) => format!("✗ {no}, {who}"),
        (Some(word), None) => word.to_owned(),
        (None, _) if seat.could.is_empty() => "· waits, and nobody can decide".to_owned(),
        (None, _) => format!("· waits for {}", seat.could.join(" or ")),
    };
    let name = board::spoken(&seat.discipline);
    doc.0.push(Line::Text(
        Cell::of(name, Role::Title)
            .and(" ", Role::Normal)
            .and(said, Role::Normal)
            .and(if seat.veto { "; may veto" } else { "" }, Role::Dim),
    ));
    doc.0.push(Line::Field(SafeText::fixed("because"), Cell::text(seat.because.as_str())));
    if let Some(decided) = seat.at {
        doc.0.push(Line::When(SafeText::fixed("decided"), decided, zone));
    }
    doc.field("reason", cells::word(seat.reason.as_deref()))
}
