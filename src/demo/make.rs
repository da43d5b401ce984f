//! Makes the store: the steps of the story, each handed in at the desk of the person who takes it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono_tz::Tz;
use serde_json::Value;

use super::fault::Fault;
use super::moment::Moment;
use super::size::Size;
use super::story::{Act, FOUNDER, Step, story};
use crate::clock;
use crate::commands::{Desk, Submission, origin};
use crate::domain::command::Command;
use crate::domain::names::{Login, Ref};
use crate::domain::text::Line;
use crate::domain::time::Time;
use crate::exchange::advisories::{self, Taking};
use crate::store::{Opening, Place, StoreError, Write, found};

/// The organisation's name.
const ORGANISATION: &str = "Aldermere Process Industries";

/// The way in that the entries name.
const VIA: &str = "seed";

/// Longer than this nobody waits for something to lapse.
const PATIENCE: i64 = 30;

macro_rules! advisories {
    ($($file:literal),+ $(,)?) => {
        &[$(($file, include_str!(concat!("../../demo/advisories/", $file)))),+]
    };
}

/// Advisories of a publisher of our own about makers of our own.
pub const ADVISORIES: &[(&str, &str)] = advisories![
    "mpc-2026-0031.json",
    "mpc-2026-0044.json",
    "mpc-2026-0052.json",
    "mpc-2026-0058.json",
    "mpc-2026-0063.json",
    "mpc-2026-0067.json",
    "mpc-2026-0071.json",
];

/// What was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// A store, now.
    Fresh,
    /// Nothing: somebody else made one meanwhile.
    Stood,
}

struct Stage {
    place: Place,
    desks: BTreeMap<String, Desk>,
    made: BTreeMap<String, String>,
    zones: BTreeMap<String, Tz>,
    /// The last instant meant to the second: what ends then has lapsed when the story is told.
    lapses: Option<Time>,
}

/// Makes the store `smc.db` in a directory, whole or not at all.
///
/// # Errors
/// What the store says, a step that a rule refuses, a directory that cannot be made.
pub async fn make(dir: &Path, size: Size, seed: u64) -> Result<Made, Fault> {
    use std::os::unix::fs::DirBuilderExt;
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true).mode(0o700);
    let work = dir.join(format!(".making-{}", std::process::id()));
    builder.create(&work).map_err(Fault::io(format!("make the directory {}", work.display())))?;
    let made = tell(&work, size, seed).await;
    let stands = match &made {
        Ok(()) => put(&work.join("smc.db"), &dir.join("smc.db")),
        Err(_) => Ok(Made::Stood),
    };
    // What is left of the work is no store that anybody opens.
    let _ = std::fs::remove_dir_all(&work);
    made.and(stands)
}

/// Puts the whole store where it belongs, unless one stands there.
fn put(from: &Path, to: &Path) -> Result<Made, Fault> {
    match std::fs::hard_link(from, to) {
        Ok(()) => Ok(Made::Fresh),
        Err(fault) if fault.kind() == std::io::ErrorKind::AlreadyExists => Ok(Made::Stood),
        // Not every file system has hard links.
        Err(_) => std::fs::rename(from, to)
            .map(|()| Made::Fresh)
            .map_err(Fault::io(format!("make {}", to.display()))),
    }
}

async fn tell(work: &Path, size: Size, seed: u64) -> Result<(), Fault> {
    let place = Place::File(work.join("smc.db"));
    let organisation =
        Line::new(ORGANISATION).map_err(|fault| Fault::file("the organisation", fault))?;
    found(&place, &organisation, true, &origin(VIA)).await?;
    let mut stage = Stage {
        place,
        desks: BTreeMap::new(),
        made: BTreeMap::new(),
        zones: BTreeMap::new(),
        lapses: None,
    };
    for step in story(size, seed)? {
        match step {
            Step::Together(acts) => stage.act(&acts).await?,
            Step::Advisories(by) => stage.advisories(&by, work).await?,
        }
    }
    stage.lapse().await?;
    stage.leave().await;
    Ok(())
}

/// The command that an act asks for, its fields filled in.
pub(super) fn command(act: &Act, fields: Value) -> Result<Command, String> {
    match Command::read(&act.command, fields) {
        Some(read) => read.map_err(|fault| fault.to_string()),
        None => Err("there is no such command".to_owned()),
    }
}

impl Stage {
    async fn desk(&mut self, by: &str) -> Result<Desk, Fault> {
        if let Some(desk) = self.desks.get(by) {
            return Ok(desk.clone());
        }
        let act_as = if by == FOUNDER {
            None
        } else {
            Some(Login::new(by).map_err(|fault| Fault::file(by, fault))?)
        };
        let opening = Opening { act_as, ..Opening::default() };
        let desk = Desk::open(self.place.clone(), opening, VIA).await?;
        self.desks.insert(by.to_owned(), desk.clone());
        Ok(desk)
    }

    async fn act(&mut self, acts: &[Act]) -> Result<(), Fault> {
        let Some(by) = acts.first().map(|act| act.by.clone()) else { return Ok(()) };
        let now = clock::now();
        let mut submissions = Vec::with_capacity(acts.len());
        for act in acts {
            let refused =
                |why: String| Fault::Step { command: act.command.clone(), by: by.clone(), why };
            let zone = act.site().and_then(|site| self.zones.get(site)).copied();
            let moment = Moment { now, zone: zone.unwrap_or(Tz::UTC), made: &self.made };
            self.lapses = self.lapses.max(last_second(&act.fields, &moment));
            let fields = moment.fill(&act.fields).map_err(refused)?;
            if let Some((site, zone)) = zone_of(act) {
                self.zones.insert(site.to_owned(), zone);
            }
            submissions.push(Submission::from(command(act, fields).map_err(refused)?));
        }
        let receipts = self.desk(&by).await?.submit_all(submissions).await.map_err(|fault| {
            let command = acts.iter().map(|act| act.command.as_str()).collect::<Vec<_>>();
            let told = acts.first().map(|act| act.fields.to_string()).unwrap_or_default();
            Fault::Step { command: command.join(", "), by, why: format!("{fault} ({told})") }
        })?;
        for (act, receipt) in acts.iter().zip(receipts) {
            if let Some(name) = &act.name {
                self.made.insert(name.clone(), receipt.reference.to_string());
            }
        }
        Ok(())
    }

    /// Takes in the advisories; the risks found are called `ADVISORY@SITE`.
    async fn advisories(&mut self, by: &str, work: &Path) -> Result<(), Fault> {
        let folder = work.join("advisories");
        let io = |path: &PathBuf| Fault::io(format!("make {}", path.display()));
        std::fs::create_dir(&folder).map_err(io(&folder))?;
        for (file, text) in ADVISORIES {
            let path = folder.join(file);
            std::fs::write(&path, text).map_err(io(&path))?;
        }
        let desk = self.desk(by).await?;
        let summary = advisories::take(&desk, &[folder], Taking::default(), |_, _| {}).await?;
        if let Some(refused) = summary.refused.first() {
            return Err(Fault::file(&refused.file, &refused.reason));
        }
        let mut write = Write::begin(desk.store()).await?;
        for (file, _) in ADVISORIES {
            let id = file.trim_end_matches(".json").to_uppercase();
            let advisory = Ref::new(&id).map_err(|fault| Fault::file(file, fault))?;
            for raised in write.raised(&advisory).await? {
                if let Some(risk) = raised.risk {
                    self.made.insert(format!("{id}@{}", raised.site), risk);
                }
            }
        }
        write.roll_back().await;
        Ok(())
    }

    /// Waits for what was meant to lapse, and has it recorded.
    async fn lapse(&mut self) -> Result<(), Fault> {
        let Some(due) = self.lapses else { return Ok(()) };
        let ahead = due.micros().saturating_sub(clock::now().micros());
        let most = PATIENCE * 1_000_000;
        let wait = u64::try_from(ahead.clamp(0, most)).unwrap_or_default();
        tokio::time::sleep(Duration::from_micros(wait)).await;
        self.desk(FOUNDER).await?.tick().await?;
        Ok(())
    }

    async fn leave(self) {
        for desk in self.desks.into_values() {
            desk.close().await;
        }
    }
}

/// The zone of the site that an act registers.
fn zone_of(act: &Act) -> Option<(&str, Tz)> {
    if act.command != "site.register" {
        return None;
    }
    let zone = act.fields.get("timezone")?.as_str()?.parse().ok()?;
    Some((act.site()?, zone))
}

/// The last of the times in these fields that are meant to the second.
fn last_second(fields: &Value, moment: &Moment) -> Option<Time> {
    match fields {
        Value::String(text) => text
            .strip_prefix('@')
            .filter(|words| words.starts_with('+') && words.ends_with('s'))
            .and_then(|words| moment.time(words).ok()),
        Value::Array(items) => items.iter().filter_map(|item| last_second(item, moment)).max(),
        Value::Object(map) => map.values().filter_map(|item| last_second(item, moment)).max(),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

impl From<crate::domain::refusal::Refusal> for Fault {
    fn from(refusal: crate::domain::refusal::Refusal) -> Self {
        Self::Store(StoreError::Refused(refusal))
    }
}
