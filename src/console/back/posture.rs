//! What a page says of numbers: a site, all sites, a measure, each with the entries that moved its items last.

use chrono_tz::Tz;

use super::Door;
use crate::console::screens::posture;
use crate::console::screens::posture::measures;
use crate::console::theme::Role;
use crate::console::widgets::cell::{Cell, Form};
use crate::console::widgets::doc::{Doc, Line};
use crate::domain::posture::{EVERYWHERE, Fall, Measure};
use crate::domain::time::Time;
use crate::safe_text::SafeText;
use crate::store::query::{MeasureRow, Move, Page, SitePosture, Status, Yardstick};
use crate::store::{ReadError, Reader};

/// Moves that a page names.
const MOST: i64 = 40;

/// Items of a measure that its page names.
const SHORT: Page = Page { limit: 12, after: None };

/// Sites that are named where a number fell.
const NAMED: usize = 4;

/// The rows of the posture screen: all sites pooled, then each.
pub fn rows(status: Status) -> Vec<SitePosture> {
    let worst: Vec<String> = status
        .worst
        .0
        .iter()
        .filter_map(|(function, site)| Some(format!("{function} {}", site.as_deref()?)))
        .collect();
    let fell: Vec<String> = status.fell.iter().map(|fall| fell_at(fall, &status.sites)).collect();
    let why = match (fell.as_slice(), status.because) {
        ([], None) => String::new(),
        ([], Some(why)) => format!("; {why}"),
        (fell, _) => format!("; in 24 h {}", fell.join("; ")),
    };
    let all = SitePosture {
        site: EVERYWHERE.to_owned(),
        name: status.org,
        timezone: "UTC".to_owned(),
        functions: status.functions,
        was: status.was,
        doubtful: status.doubtful,
        target: status.target,
        risks: status.risks,
        because: (!worst.is_empty()).then(|| format!("worst {}{why}", worst.join(", "))),
        fell: status.fell,
        foremost: status.foremost,
        measures: status.measures,
    };
    [all].into_iter().chain(status.sites).collect()
}

/// What fell of all sites pooled, and at which sites: where one has to look.
fn fell_at(fall: &Fall, sites: &[SitePosture]) -> String {
    let same = |site: &&SitePosture| site.fell.iter().any(|one| one.function == fall.function);
    let at: Vec<&str> = sites.iter().filter(same).map(|site| site.site.as_str()).collect();
    match at.as_slice() {
        [] => fall.words(),
        some if some.len() <= NAMED => format!("{}, at {}", fall.words(), some.join(", ")),
        some => format!("{}, at {} sites", fall.words(), some.len()),
    }
}

/// The document of a reference that is a number's: `*`, or `SITE#measure`; none for any other.
pub async fn page(
    _door: &Door,
    reader: &mut Reader<'_>,
    reference: &str,
) -> Result<Option<Doc>, ReadError> {
    if reference == EVERYWHERE {
        let all = rows(reader.status().await?).into_iter().next();
        let doc = moved(reader, Doc::default(), None, None).await?;
        let told = all.map(|all| posture::document(&all)).unwrap_or_default();
        return Ok(Some(after(doc, told)));
    }
    let Some((site, measure)) = reference.split_once('#') else { return Ok(None) };
    let Some(measure) = Measure::parse(measure) else { return Ok(None) };
    let filter = format!("site:{site} measure:{measure}");
    let found = reader.measures(&filter, &Page::ALL).await?;
    let at = (site != EVERYWHERE).then_some(site);
    let items = match found.rows.first() {
        Some(row) => short(reader, row).await?,
        None => Doc::default(),
    };
    let items = moved(reader, items, at, Some(measure)).await?;
    let mut doc = found.rows.first().map(measures::document).unwrap_or_default();
    if let Some(set) = reader.one::<Yardstick>(&format!("weight.{measure}")).await? {
        let said = format!("{}, by {}: {}", set.value, set.set_by, set.reason);
        doc = doc.field("W was set", Cell::text(said)).when("at", Some(set.set_at), Tz::UTC);
    }
    Ok(Some(after(items, doc)))
}

/// The objects that somebody can do something about, before what is said of their number.
pub fn after(objects: Doc, told: Doc) -> Doc {
    let gap = if objects.0.is_empty() { Vec::new() } else { vec![Line::Gap] };
    Doc([objects.0, gap, told.0].concat())
}

/// The very objects that a measure finds short.
async fn short(reader: &mut Reader<'_>, row: &MeasureRow) -> Result<Doc, ReadError> {
    let filter = format!("{} state:bad,stale,unknown", measures::items_of(row));
    let found = reader.items(&filter, &SHORT).await?;
    let mut doc = Doc::default();
    if found.rows.is_empty() {
        return Ok(doc);
    }
    doc = doc.section("Not ok now; Enter on the measure lists every one");
    for item in &found.rows {
        let part = if item.part.is_empty() { "" } else { " " };
        let why = item.why.as_deref().unwrap_or_default();
        let said = format!("{}{part}{}: {why}; weighs {}", item.state, item.part, item.weight);
        doc.0.push(Line::Field(SafeText::from(item.r#ref.as_str()), Cell::text(said)));
    }
    if found.next.is_some() {
        doc = doc.text(Cell::of("and more", Role::Dim));
    }
    Ok(doc)
}

/// A document with the entries that moved its items last.
pub async fn moved(
    reader: &mut Reader<'_>,
    mut doc: Doc,
    site: Option<&str>,
    measure: Option<Measure>,
) -> Result<Doc, ReadError> {
    let moves = reader.moves(site, measure, MOST).await?;
    if moves.is_empty() {
        return Ok(doc);
    }
    doc = doc.section("The last move of each item, the newest first; :log has every entry");
    for found in &moves {
        doc.0.push(told(found, reader.now()));
    }
    Ok(doc)
}

fn told(found: &Move, now: Time) -> Line {
    let part = if found.part.is_empty() { String::new() } else { format!(" {}", found.part) };
    let what = format!("{}{part} {}", found.r#ref, found.measure);
    let entry = format!("#{}", found.seq);
    let (by, at, said) = match found.by_time(now) {
        // No entry did that: what the last entry left came to its time.
        Some((at, turned)) => {
            let said = format!("{what}: {} to {turned}; {entry} wrote it last", found.state);
            ("the clock".to_owned(), at, said)
        }
        None => {
            let was = found.was.as_deref().unwrap_or("new");
            (entry, found.at, format!("{what}: {was} to {}", found.state))
        }
    };
    let when = Cell::empty().and_at(at, None, Form::Full, Role::Dim);
    let cell = when.and(" ", Role::Normal).and(said, Role::Normal);
    Line::Field(SafeText::from(by), cell)
}
