//! Taking access logs in: the file is read whole and every bad line named before anything is written; then its events
//! are written in chunks, each once by its own digest, and the file itself is kept.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use chrono_tz::Tz;
use serde::Serialize;

mod event;
mod read;
mod rows;
mod sshd;

pub use read::Form;

use super::advisories::{Finding, Refused};
use super::csaf::sha256;
use super::line;
use crate::commands::{Desk, Document, EntryId, Receipt, Submission, event_id};
use crate::domain::access;
use crate::domain::command::Command;
use crate::domain::import::{self, Count, Format};
use crate::domain::names::{Ref, SiteCode, Word};
use crate::domain::refusal::Refusal;
use crate::domain::role::Right;
use crate::domain::time::Time;
use crate::domain::words;
use crate::store::{CalledAsset, StoreError};
use event::Event;

/// Events that are written in one transaction.
const CHUNK: usize = 500;

/// How logs are taken in.
#[derive(Clone, Debug, Default)]
pub struct Taking {
    /// Read and check everything, write nothing.
    pub dry_run: bool,
    /// The form of the files; found by their first line if none is said.
    pub form: Option<Form>,
    /// The site in which hosts are looked for.
    pub site: Option<SiteCode>,
    /// Which asset a host of the log is, where its name does not say.
    pub hosts: BTreeMap<String, Ref>,
    /// The zone of times without one; that of the asset's site if none is said.
    pub zone: Option<Tz>,
}

/// What came of an import of access logs.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Summary {
    /// The last import's reference; none if nothing was written.
    #[serde(rename = "ref")]
    pub import: Option<String>,
    /// Events read.
    pub read: u32,
    /// Events taken in; in a dry run, those that would be.
    pub accepted: u32,
    /// Events that stood already.
    pub unchanged: u32,
    /// Lines that tell of no access.
    pub ignored: u32,
    /// What is wrong; nothing is written while there is anything.
    pub refused: Vec<Refused>,
    /// What was odd.
    pub findings: Vec<Finding>,
    /// Events of this import by what they are against windows; empty in a dry run.
    pub states: BTreeMap<String, i64>,
}

/// A log that was checked.
struct Plan {
    source: String,
    bytes: Vec<u8>,
    records: Vec<(String, access::Record)>,
}

impl Plan {
    /// The sites whose assets it tells of.
    fn sites(&self) -> BTreeSet<SiteCode> {
        let codes =
            self.records.iter().filter_map(|(_, record)| record.asset.as_str().split('/').next());
        codes.filter_map(|code| SiteCode::new(code).ok()).collect()
    }

    /// The site, if all of it is of one: then a right held there is enough.
    fn site(&self) -> Option<SiteCode> {
        let mut sites = self.sites();
        let only = sites.pop_first();
        only.filter(|_| sites.is_empty())
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Takes in the access logs of these files.
///
/// # Errors
/// `Refused` if a right is lacking; a store that does not answer; a file that cannot be read. What is wrong within a
/// file stands in the summary, and then nothing was written.
pub async fn take(
    desk: &Desk,
    paths: &[PathBuf],
    taking: &Taking,
    mut progress: impl FnMut(usize, usize),
) -> Result<Summary, StoreError> {
    let mut summary = Summary::default();
    let mut plans = Vec::new();
    for path in paths {
        plans.push(plan(desk, path, taking, &mut summary).await?);
    }
    if !summary.refused.is_empty() {
        summary.accepted = 0;
        return Ok(summary);
    }
    if taking.dry_run || summary.accepted == 0 {
        return Ok(summary);
    }
    allowed(desk, &plans).await?;
    let all = plans.iter().map(|plan| plan.records.len()).sum();
    let mut done = 0;
    for plan in plans.into_iter().filter(|plan| !plan.records.is_empty()) {
        let import = write(desk, plan, |more| {
            done += more;
            progress(done, all);
        })
        .await?;
        for (state, events) in desk.store().events_of(import.as_str()).await? {
            *summary.states.entry(state).or_default() += events;
        }
        summary.import = Some(import.to_string());
    }
    Ok(summary)
}

/// Asks for every right that the writing will take, so that it is not refused half-way.
async fn allowed(desk: &Desk, plans: &[Plan]) -> Result<(), StoreError> {
    for plan in plans.iter().filter(|plan| !plan.records.is_empty()) {
        desk.store().may(Right::Assets, plan.site().as_ref()).await?;
        for site in plan.sites() {
            desk.store().may(Right::Attend, Some(&site)).await?;
        }
    }
    Ok(())
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

async fn plan(
    desk: &Desk,
    path: &Path,
    taking: &Taking,
    summary: &mut Summary,
) -> Result<Plan, StoreError> {
    let source = name_of(path);
    let mut plan = Plan { source: source.clone(), bytes: Vec::new(), records: Vec::new() };
    let refused = |reason: String| Refused { file: source.clone(), reason };
    let bytes = read::bytes(path).map_err(StoreError::io(format!("read {}", path.display())))?;
    let log = match bytes.as_deref().map_err(Clone::clone).and_then(|b| read::read(b, taking.form))
    {
        Ok(log) => log,
        Err(reason) => {
            summary.refused.push(refused(reason));
            return Ok(plan);
        }
    };
    summary.ignored = summary.ignored.saturating_add(count(log.ignored));
    summary.read = summary.read.saturating_add(count(log.events.len()));
    for (line, why) in log.problems {
        summary.refused.push(refused(format!("line {line}: {why}")));
    }
    if log.more_problems > 0 {
        summary
            .refused
            .push(refused(format!("and {} more", words::count(log.more_problems, "bad line"))));
    }
    let mut places: BTreeMap<String, Result<CalledAsset, String>> = BTreeMap::new();
    let mut records = Vec::new();
    for (number, text, event) in log.events {
        let place = event.place.to_ascii_lowercase();
        if !places.contains_key(&place) {
            let found = asset(desk, &event.place, taking).await?;
            if let Err(why) = &found {
                summary.refused.push(refused(format!("line {number}: {why}")));
            }
            places.insert(place.clone(), found);
        }
        let Some(Ok(found)) = places.get(&place) else { continue };
        match record(number, &text, event, found, taking.zone, desk.store().clock()) {
            Ok(record) => records.push(record),
            Err(why) => summary.refused.push(refused(format!("line {number}: {why}"))),
        }
    }
    let digests: Vec<&str> = records.iter().map(|(digest, _)| digest.as_str()).collect();
    let stand = desk.store().known_events(&digests).await?;
    let mut seen = BTreeSet::new();
    let all = records.len();
    records.retain(|(digest, _)| !stand.contains(digest) && seen.insert(digest.clone()));
    summary.unchanged = summary.unchanged.saturating_add(count(all - records.len()));
    summary.accepted = summary.accepted.saturating_add(count(records.len()));
    plan.bytes = bytes.unwrap_or_default();
    plan.records = records;
    Ok(plan)
}

/// The asset that a log calls by this name.
async fn asset(
    desk: &Desk,
    place: &str,
    taking: &Taking,
) -> Result<Result<CalledAsset, String>, StoreError> {
    let named = taking.hosts.get(place).map_or(place, Ref::as_str);
    let found = desk.store().assets_called(named, taking.site.as_ref()).await?;
    Ok(match found.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(format!(
            "no asset is called {named:?}, by reference, tag or address: say which it is with --host {place}=SITE/tag"
        )),
        several => {
            let names: Vec<&str> = several.iter().map(|one| one.asset.as_str()).collect();
            Err(format!(
                "{named:?} is {}: say which it is with --host {place}=SITE/tag",
                names.join(" or ")
            ))
        }
    })
}

fn record(
    number: u32,
    text: &str,
    event: Event,
    found: &CalledAsset,
    zone: Option<Tz>,
    now: Time,
) -> Result<(String, access::Record), String> {
    let told = |fault: Refusal| fault.message;
    let zone = zone.or_else(|| found.timezone.parse().ok()).unwrap_or(Tz::UTC);
    let at = event.when.at(zone, now).ok_or("its time cannot be")?;
    if at > now.plus_seconds(60) {
        return Err(format!("its time {at} is still to come"));
    }
    let digest = sha256(text.as_bytes());
    let some = |text: Option<String>| text.as_deref().map(line).transpose().map_err(told);
    let record = access::Record {
        at,
        login: line(&event.login).map_err(told)?,
        asset: Ref::new(&found.asset).map_err(|fault| fault.to_string())?,
        action: event.action,
        digest: line(&digest).map_err(told)?,
        // Given when the import has begun.
        import: Ref::store(),
        line: Count(number),
        vendor: event.vendor.map(|word| Word::new(&word)).transpose().map_err(|f| f.to_string())?,
        source: some(event.source)?,
        port: event.port.map(Count),
        method: some(event.method)?,
        key: some(event.key)?,
        session: some(event.session)?,
    };
    Ok((digest, record))
}

async fn write(
    desk: &Desk,
    plan: Plan,
    mut progress: impl FnMut(usize),
) -> Result<Ref, StoreError> {
    let digest = sha256(&plan.bytes);
    let start = import::Start {
        format: Format::AccessEvents,
        source: line(&plan.source)?,
        site: plan.site(),
        digest: Some(line(&digest)?),
    };
    let log = Document { digest, media: "text/plain", bytes: plan.bytes };
    let command = Command::Import(import::Command::Start(start));
    let started = Submission { documents: vec![log], ..Submission::from(command) };
    let Receipt { reference, id, .. } = desk.submit(started).await?;
    let (mut taken, all) = (0_u32, plan.records.len());
    for chunk in plan.records.chunks(CHUNK) {
        let chunk: Vec<Submission> = chunk
            .iter()
            .map(|(digest, record)| submission(digest, record, &reference, id))
            .collect();
        let many = chunk.len();
        let receipts = desk.submit_all(chunk).await?;
        taken = taken.saturating_add(count(receipts.iter().filter(|r| !r.repeated).count()));
        progress(many);
    }
    let finish = import::Finish {
        r#ref: reference.clone(),
        read: Count(count(all)),
        accepted: Count(taken),
        refused: Count(0),
    };
    let command = Command::Import(import::Command::Finish(finish));
    desk.submit(Submission { cause: Some(id), ..Submission::from(command) }).await?;
    Ok(reference)
}

fn submission(digest: &str, record: &access::Record, import: &Ref, cause: EntryId) -> Submission {
    let record = access::Record { import: import.clone(), ..record.clone() };
    Submission {
        cause: Some(cause),
        // The same event twice is written once, whoever brings it.
        request_id: Some(event_id(digest)),
        ..Submission::from(Command::Access(access::Command::Record(record)))
    }
}
