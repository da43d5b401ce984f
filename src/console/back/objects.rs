//! An object in full: its document, its history, why it stands as it does, who decides about it.

mod against;
mod alarms;
mod decides;
mod entries;

use std::collections::BTreeMap;

use chrono_tz::Tz;
use serde_json::Value;

use super::{Door, posture as numbers, text};
use crate::console::ctx::Me;
use crate::console::data::{Now, Object};
use crate::console::keys::{Action, all};
use crate::console::screens::items::told;
use crate::console::screens::{
    Focus, acceptances, advisories, assets, cells, changes, extensions, incidents, items, posture,
    raci, risks, watch, windows,
};
use crate::console::theme::Role;
use crate::console::widgets::cell::{Cell, Form};
use crate::console::widgets::doc::{Doc, Line};
use crate::domain::alarm;
use crate::domain::names::Ref;
use crate::domain::raci::Difference;
use crate::domain::state_words;
use crate::safe_text::SafeText;
use crate::store::query::{Acceptance, Comment, Object as Shape, Page, RaciVersion, Risk, Shown};
use crate::store::{ReadError, Reader, StoreError};
use against::{CHANGE, LATER, WINDOW, against};
pub use decides::refusals;
use decides::{seats, who_decides};
use entries::{about, chain, entry, happened, history, why};

/// Ties that a document names at most.
const LINKS: usize = 40;

/// Acceptances that a document names at most.
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

fn denials(denied: impl Fn(&Action) -> Option<SafeText>) -> BTreeMap<&'static str, SafeText> {
    all().filter_map(|action| Some((action.id, denied(action)?))).collect()
}

/// How the commands of an object know it as it now stands, where it is decided on.
fn focus(object: &Shape) -> Option<Box<Focus>> {
    Some(Box::new(match object {
        Shape::Change(row) => changes::focus(row),
        Shape::Window(row) => windows::focus(row),
        Shape::Extension(row) => extensions::focus(row),
        Shape::Acceptance(row) => acceptances::focus(row),
        Shape::Risk(row) => risks::focus(row),
        Shape::Store(_)
        | Shape::Site(_)
        | Shape::Asset(_)
        | Shape::Zone(_)
        | Shape::Person(_)
        | Shape::Vendor(_)
        | Shape::Advisory(_)
        | Shape::Vulnerability(_)
        | Shape::Calendar(_)
        | Shape::Intervention(_)
        | Shape::Yardstick(_)
        | Shape::Session(_)
        | Shape::Bypass(_)
        | Shape::AccessEvent(_)
        | Shape::Incident(_)
        | Shape::Report(_)
        | Shape::LogLine(_)
        | Shape::Import(_)
        | Shape::Raci(_)
        | Shape::Alarm(_) => return None,
    }))
}

/// The actions that are off for an object, with the reason.
fn denied(object: &Shape, json: &Value, me: &Me<'_>) -> BTreeMap<&'static str, SafeText> {
    match object {
        Shape::Change(row) => denials(|action| changes::denied(row, action, me)),
        Shape::Window(row) => denials(|action| windows::denied(row, action, me)),
        Shape::Risk(row) => denials(|action| risks::denied(row, action, me)),
        Shape::Extension(row) => denials(|action| extensions::denied(row, action, me)),
        Shape::Acceptance(row) => denials(|action| acceptances::denied(row, action, me)),
        Shape::Asset(row) => denials(|action| assets::denied(row, action, me)),
        Shape::Store(_)
        | Shape::Site(_)
        | Shape::Zone(_)
        | Shape::Person(_)
        | Shape::Vendor(_)
        | Shape::Calendar(_)
        | Shape::Intervention(_)
        | Shape::Yardstick(_)
        | Shape::Session(_)
        | Shape::Bypass(_)
        | Shape::AccessEvent(_)
        | Shape::Advisory(_)
        | Shape::Vulnerability(_)
        | Shape::Incident(_)
        | Shape::Report(_)
        | Shape::LogLine(_)
        | Shape::Import(_)
        | Shape::Raci(_) => {
            let row = items::Item::new(json.clone());
            denials(|action| items::denied(&row, action, me))
        }
        Shape::Alarm(alarm) => denials(|action| watch::denied_on(alarm, action, me)),
    }
}

/// An object, whole; none for what is no object, as an entry of the ledger.
pub async fn shown(reader: &mut Reader<'_>, reference: &str) -> Result<Option<Shown>, ReadError> {
    match reader.show(reference).await {
        Ok(shown) => Ok(Some(shown)),
        Err(ReadError::Store(StoreError::Refused(_))) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The document that a page shows, with what the object does not allow this person now.
pub async fn page(
    door: &Door,
    reader: &mut Reader<'_>,
    reference: &str,
    part: Part,
) -> Result<Object, ReadError> {
    if let Some(seq) = reference.strip_prefix('#').and_then(|seq| seq.parse::<i64>().ok()) {
        let doc = match part {
            Part::Whole | Part::History | Part::WhoDecides => entry(reader, seq).await?,
            Part::Why => chain(reader, seq).await?,
        };
        return Ok(Object { doc, ..Object::default() });
    }
    if let Some(doc) = numbers::page(door, reader, reference).await? {
        return Ok(Object { doc, ..Object::default() });
    }
    let (reference, ended) = still(reader, reference).await?;
    let reference = reference.as_str();
    let Some(shown) = shown(reader, reference).await? else {
        let doc = Doc::default().text("There is no such object in this store.");
        return Ok(Object { doc, ..Object::default() });
    };
    let holder = door.holder(reader).await?;
    let me = Me { holder: holder.as_ref(), now: reader.now() };
    let mut off = denied(&shown.object, &shown.json()?, &me);
    let mut focus = focus(&shown.object);
    if let Shape::Alarm(alarm) = &shown.object
        && let Some(subject) = self::shown(reader, alarm.subject.as_str()).await?
    {
        // The page of an alarm offers what can be done to its subject too.
        off.extend(denied(&subject.object, &subject.json()?, &me));
        focus = self::focus(&subject.object);
    }
    let doc = match part {
        Part::Whole => {
            let doc = whole(reader, reference, &shown).await?;
            match alarms::standing(door, reader, Doc::default(), reference).await? {
                none if none.0.is_empty() => doc,
                some => Doc([some.0, vec![Line::Gap], doc.0].concat()),
            }
        }
        Part::History => history(reader, reference).await?,
        Part::Why => {
            let doc = alarms::standing(door, reader, Doc::default(), reference).await?;
            why(reader, doc, reference, &shown).await?
        }
        Part::WhoDecides => who_decides(reader, &shown).await?,
    };
    let doc = if ended { over(doc) } else { doc };
    let scene = door.scene(reader).await?;
    let row = scene.row_of(reference);
    // What is said of an alarm or a task is said of it as it stands on the watch.
    off.extend(row.into_iter().flat_map(|row| {
        denials(|action| watch::denied(row, action, &me).filter(|_| action.answers()))
    }));
    let now = row.map(|row| Now {
        because: row.because.clone(),
        alarm: row.alarm(),
        due: row.alarm.as_ref().map(|alarm| alarm.due),
        task: row.task(),
    });
    Ok(Object { doc, denied: off, focus, now })
}

/// What is to be shown of a reference: of an alarm that stands no more, its subject, with whether it is so.
async fn still(reader: &mut Reader<'_>, reference: &str) -> Result<(String, bool), ReadError> {
    let alarm = Ref::new(reference).ok().and_then(|one| alarm::parts(&one));
    match alarm {
        Some((_, subject)) if shown(reader, reference).await?.is_none() => {
            Ok((subject.to_string(), true))
        }
        Some(_) | None => Ok((reference.to_owned(), false)),
    }
}

/// The page of what an alarm was about that stands no more.
fn over(doc: Doc) -> Doc {
    let told = "This alarm stands no more; what it was about stands now as follows.";
    Doc([vec![Line::Text(Cell::of(told, Role::Title)), Line::Gap], doc.0].concat())
}

/// The zone of the object's site.
fn zone(shown: &Shown) -> Tz {
    let value = shown.json().unwrap_or(Value::Null);
    text(&value, "timezone").map_or(Tz::UTC, |name| cells::zone(&name))
}

/// The whole object, without the heading that the page has already.
async fn whole(reader: &mut Reader<'_>, reference: &str, shown: &Shown) -> Result<Doc, ReadError> {
    let mut board = Doc::default();
    if let Some(found) = &shown.board {
        board.0.push(Line::Gap);
        board.0.push(Line::Heading(SafeText::fixed("Who decides")));
        board = seats(board, found, zone(shown));
    }
    let mut doc = match &shown.object {
        Shape::Change(row) => changes::document(row, board),
        Shape::Window(row) => windows::document(row, board),
        Shape::Risk(row) => with_assets(reader, risks::detail(row), row).await?,
        Shape::Extension(row) => extensions::document(row, board),
        Shape::Acceptance(row) => acceptances::document(row, board),
        Shape::Asset(row) => assets::document(row),
        Shape::Incident(_) => incidents::document(&items::Item::new(shown.json()?)),
        Shape::Advisory(_) => advisories::advisory(&items::Item::new(shown.json()?)),
        Shape::Vulnerability(_) => advisories::vulnerability(&items::Item::new(shown.json()?)),
        Shape::Raci(_) => raci::document(&items::Item::new(shown.json()?)),
        Shape::Site(row) => {
            let sites = reader.status().await?.sites;
            match sites.iter().find(|site| site.site == row.r#ref) {
                Some(site) => posture::numbers(site),
                None => told(SafeText::from(reference), &shown.json()?),
            }
        }
        Shape::Alarm(alarm) => {
            let rate = reader.alarm_rate().await?;
            watch::rationalised(alarm).field("alarm rate", Cell::text(rate.words()))
        }
        Shape::Store(_)
        | Shape::Zone(_)
        | Shape::Person(_)
        | Shape::Vendor(_)
        | Shape::Calendar(_)
        | Shape::Intervention(_)
        | Shape::Yardstick(_)
        | Shape::Session(_)
        | Shape::Bypass(_)
        | Shape::AccessEvent(_)
        | Shape::Report(_)
        | Shape::LogLine(_)
        | Shape::Import(_) => told(SafeText::from(reference), &row_alone(shown)?),
    };
    if matches!(doc.0.first(), Some(Line::Heading(_))) {
        doc.0.remove(0);
    }
    if let Some(found) = &shown.board {
        doc.0.splice(0..0, refusals(found));
    }
    match &shown.object {
        Shape::Change(row) => doc = against(doc, &row.clashes, &CHANGE),
        Shape::Window(row) => doc = against(doc, &row.clashes, &WINDOW),
        Shape::Extension(row) => doc = against(doc, &row.clashes, &LATER),
        Shape::Store(_)
        | Shape::Site(_)
        | Shape::Asset(_)
        | Shape::Zone(_)
        | Shape::Person(_)
        | Shape::Vendor(_)
        | Shape::Calendar(_)
        | Shape::Intervention(_)
        | Shape::Yardstick(_)
        | Shape::Session(_)
        | Shape::Bypass(_)
        | Shape::AccessEvent(_)
        | Shape::Advisory(_)
        | Shape::Vulnerability(_)
        | Shape::Risk(_)
        | Shape::Acceptance(_)
        | Shape::Incident(_)
        | Shape::Report(_)
        | Shape::LogLine(_)
        | Shape::Import(_)
        | Shape::Raci(_)
        | Shape::Alarm(_) => {}
    }
    if let Shape::Raci(_) = &shown.object {
        doc = versions(doc, &shown.versions);
    }
    doc = commented(doc, &shown.comments);
    if !shown.links.is_empty() {
        doc = doc.section("Tied to");
        for link in shown.links.iter().take(LINKS) {
            let title = link.title.as_deref().unwrap_or_default();
            let state = state_words::spoken(link.state.as_deref().unwrap_or_default());
            let said = format!("{} {state} {title}", link.r#ref);
            doc.0.push(Line::Field(SafeText::from(link.what.as_str()), Cell::text(said)));
        }
        if let Some(more) = shown.links.len().checked_sub(LINKS).filter(|more| *more > 0) {
            doc = doc.text(Cell::of(format!("and {more} more; smc show names all"), Role::Dim));
        }
    }
    let entries = about(reader, reference).await?;
    if !entries.is_empty() {
        doc = doc.section("What happened; Enter opens one, L shows all in full, y why");
        for entry in &entries {
            doc.0.push(happened(entry));
        }
    }
    Ok(doc)
}

/// What was said of it without a decision, the last first.
fn commented(mut doc: Doc, comments: &[Comment]) -> Doc {
    if comments.is_empty() {
        return doc;
    }
    doc = doc.section("Comments; they count for no decision");
    for one in comments.iter().rev().take(LINKS) {
        let discipline = one.discipline.as_deref().unwrap_or_default().replace('_', " ");
        let of = if discipline.is_empty() { String::new() } else { format!(", {discipline}") };
        let on =
            if one.revision > 1 { format!(" on revision {}", one.revision) } else { String::new() };
        let said = Cell::empty()
            .and_at(one.said_at, None, Form::Day, Role::Normal)
            .and(format!("{of}{on}: {}", one.text), Role::Normal);
        doc.0.push(Line::Field(SafeText::from(one.person.as_str()), said));
    }
    if let Some(more) = comments.len().checked_sub(LINKS).filter(|more| *more > 0) {
        doc = doc.text(Cell::of(format!("and {more} more; smc show names all"), Role::Dim));
    }
    doc
}

/// What every entry made otherwise in a RACI row, the last first.
fn versions(doc: Doc, versions: &[RaciVersion]) -> Doc {
    let mut doc = doc.section("Versions: what each made otherwise, the last first");
    for version in versions.iter().rev() {
        let said: Vec<String> = version.differences.iter().map(Difference::words).collect();
        let said = if said.is_empty() { "nothing here".to_owned() } else { said.join(", ") };
        let said = Cell::empty()
            .and_at(version.at, None, Form::Full, Role::Normal)
            .and(format!(" {said} ({}, by {})", version.level, version.actor), Role::Normal);
        doc.0.push(Line::Entry(version.seq, said));
    }
    if versions.is_empty() { doc.text("the default row: nobody set a cell of it") } else { doc }
}

/// The row of an object, without what the document says in sections of its own.
fn row_alone(shown: &Shown) -> Result<Value, ReadError> {
    let mut value = shown.json()?;
    if let Value::Object(fields) = &mut value {
        for section in ["links", "entries", "causes", "provenance", "versions"] {
            fields.remove(section);
        }
    }
    Ok(value)
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
            let state = state_words::spoken(&acceptance.state);
            let line = format!("{} {state}: {}", acceptance.r#ref, acceptance.reason);
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
