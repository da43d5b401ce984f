//! The large organisation: 120 plants, 100,000 assets, 3,000 advisories, 5,000 open risks, a million entries.
//!
//! It exists to be measured against. Everything is written at the desk of its founder by the same commands that people
//! use, in chunks that hold nobody up, under ids that follow from the seed: what was broken off is gone on with.

mod advisories;
mod inventory;
mod lines;
mod plants;
mod risks;

pub use advisories::write as write_advisories;

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::fault::Fault;
use super::make::{Made, put};
use crate::commands::{Desk, EntryId, Submission, origin, read, step_id};
use crate::domain::text::Line;
use crate::exchange::advisories::{self as taking, Taking};
use crate::store::query::{Page, Risk};
use crate::store::{Opening, Place, StoreError, found};

/// How large it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Plants.
    pub sites: u32,
    /// Assets, spread evenly over the plants.
    pub assets: u32,
    /// Advisories that are taken in and matched.
    pub advisories: u32,
    /// Risks that are open at the end.
    pub risks: u32,
    /// Entries that the ledger has at the end.
    pub entries: i64,
}

impl Extent {
    /// What budgets are measured on.
    pub const FLEET: Self =
        Self { sites: 120, assets: 100_000, advisories: 3_000, risks: 5_000, entries: 1_000_000 };

    /// As large as the organisation that the demo shows.
    pub const PLANT: Self =
        Self { sites: 5, assets: 300, advisories: 60, risks: 60, entries: 3_000 };

    /// The same by this part of a thousand, for a look at how it grows.
    #[must_use]
    pub fn part(self, thousandths: u32) -> Self {
        let of = |all: u32| (all.saturating_mul(thousandths) / 1000).max(1);
        Self {
            sites: of(self.sites).max(2),
            assets: of(self.assets),
            advisories: of(self.advisories),
            risks: of(self.risks),
            entries: self.entries.saturating_mul(i64::from(thousandths)) / 1000,
        }
    }
}

/// The longest that a chunk may hold the lock.
const CHUNK: Duration = Duration::from_millis(250);

/// The most entries of one chunk.
const MOST: usize = 1000;

/// The organisation's name, by which a store that was broken off is known again.
const ORGANISATION: &str = "Aldermere Fleet";

/// Makes the fleet at a place that holds none, or goes on where it was broken off; a store of anybody else's is left
/// alone. `work` takes the advisories meanwhile.
///
/// # Errors
/// What the store says.
pub async fn make(
    place: &Place,
    work: &Path,
    seed: u64,
    told: impl FnMut(&str),
) -> Result<Made, Fault> {
    let name = Line::new(ORGANISATION).map_err(|fault| Fault::file("the organisation", fault))?;
    let desk = match Desk::open(place.clone(), Opening::default(), "fleet").await {
        Err(StoreError::Absent { .. }) => {
            found(place, &name, true, &origin("fleet")).await?;
            Desk::open(place.clone(), Opening::default(), "fleet").await?
        }
        opened => opened?,
    };
    let facts = desk.store().facts();
    let ours = facts.demo && facts.org == ORGANISATION;
    if ours {
        fill(&desk, work, Extent::FLEET, seed, told).await?;
    }
    desk.close().await;
    Ok(if ours { Made::Fresh } else { Made::Stood })
}

/// Makes the fleet's `smc.db` in a directory, whole or not at all; what was broken off is gone on with.
///
/// # Errors
/// What the store says, a directory that cannot be made.
pub async fn make_in(dir: &Path, seed: u64, told: impl FnMut(&str)) -> Result<Made, Fault> {
    use std::os::unix::fs::DirBuilderExt;
    let work = dir.join(format!(".making-fleet-{seed}"));
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true).mode(0o700);
    builder.create(&work).map_err(Fault::io(format!("make the directory {}", work.display())))?;
    let file = work.join("smc.db");
    make(&Place::File(file.clone()), &work, seed, told).await?;
    let made = put(&file, &dir.join("smc.db"))?;
    // What is left of the work is no store that anybody opens.
    let _ = std::fs::remove_dir_all(&work);
    Ok(made)
}

struct Builder<'d> {
    desk: &'d Desk,
    seed: u64,
    chunk: usize,
}

/// Fills a store that was founded, or goes on where it was broken off; `work` takes the advisories meanwhile.
///
/// # Errors
/// What the store says; a rule that refuses a step.
pub async fn fill(
    desk: &Desk,
    work: &Path,
    extent: Extent,
    seed: u64,
    mut told: impl FnMut(&str),
) -> Result<(), Fault> {
    let mut builder = Builder { desk, seed, chunk: 100 };
    told("plants");
    builder.all("plants", plants::plants(extent)).await?;
    told("assets");
    builder.all("assets", inventory::assets(extent, seed)).await?;
    told("advisories");
    let folder = work.join("advisories");
    advisories::write(&folder, extent, seed)?;
    let taken = taking::take(desk, &[folder], Taking::default(), |_, _| {}).await?;
    if let Some(refused) = taken.refused.first() {
        return Err(Fault::file(&refused.file, &refused.reason));
    }
    told("risks");
    builder.risks(extent).await?;
    told("log");
    let stands = builder.length().await?;
    let missing = u32::try_from(extent.entries.saturating_sub(stands)).unwrap_or(0);
    builder.all(&format!("log {stands}"), lines::lines(extent, seed, missing)).await
}

/// A command to be handed in.
struct Step {
    command: &'static str,
    fields: Value,
}

fn step(command: &'static str, fields: Value) -> Step {
    Step { command, fields }
}

impl Builder<'_> {
    /// The id of a step: the same each time, so that it is taken once.
    fn id(&self, what: &str, number: usize) -> EntryId {
        step_id(self.seed, what, number)
    }

    /// Takes steps in chunks, each in one transaction; a chunk whose last step was taken is passed by.
    async fn all(&mut self, what: &str, steps: impl Iterator<Item = Step>) -> Result<(), Fault> {
        let mut steps = steps.enumerate().peekable();
        while steps.peek().is_some() {
            let chunk: Vec<(usize, Step)> = steps.by_ref().take(self.chunk).collect();
            let begun = Instant::now();
            let stands = match chunk.last() {
                Some((number, _)) => self.desk.outcome(&[self.id(what, *number)]).await?.is_some(),
                None => true,
            };
            if stands {
                continue;
            }
            let count = chunk.len();
            let mut submissions = Vec::with_capacity(count);
            for (number, step) in chunk {
                let command = read(step.command, step.fields).map_err(|fault| Fault::Step {
                    command: step.command.to_owned(),
                    by: self.desk.store().facts().actor.to_string(),
                    why: fault.to_string(),
                })?;
                let request_id = Some(self.id(what, number));
                submissions.push(Submission { request_id, ..Submission::from(command) });
            }
            self.desk.submit_all(submissions).await?;
            let took = begun.elapsed().max(Duration::from_millis(1));
            let fits = CHUNK.as_millis().saturating_mul(count as u128) / took.as_millis();
            self.chunk = usize::try_from(fits).unwrap_or(MOST).clamp(10, MOST);
        }
        Ok(())
    }

    /// Looks at the risks that were found, raises more or closes some, until so many are open.
    async fn risks(&mut self, extent: Extent) -> Result<(), Fault> {
        let mut found = self.found().await?;
        found.sort_unstable();
        let most = usize::try_from(extent.risks).unwrap_or(usize::MAX);
        let (kept, over) = found.split_at(found.len().min(most));
        let weighed = kept.iter().zip(0_u64..).map(|(risk, number)| {
            let scale = |by: u64| 1 + (number / by) % 5;
            step(
                "risk.assess",
                json!({"ref": risk, "level": "inherent", "likelihood": scale(1),
                    "consequence": {"production": scale(5), "safety": scale(7)}}),
            )
        });
        self.all("risks weighed", weighed.collect::<Vec<_>>().into_iter()).await?;
        let reason = "The plant's own firewall closes the way in.";
        let closed =
            over.iter().map(|risk| step("risk.close", json!({"ref": risk, "reason": reason})));
        self.all("risks closed", closed.collect::<Vec<_>>().into_iter()).await?;
        let raised = kept.len()..most;
        let numbers = raised.map(|number| u32::try_from(number).unwrap_or(0));
        let seed = self.seed;
        let raised = numbers.map(|number| risks::raised(extent, seed, number));
        self.all("risks raised", raised).await
    }

    /// How many entries there are.
    async fn length(&self) -> Result<i64, Fault> {
        let reader = self.desk.store().reader().await?;
        let length = reader.snapshot().head.tip.seq;
        reader.done().await;
        Ok(length)
    }

    /// The risks that analysis found, by reference.
    async fn found(&self) -> Result<Vec<String>, Fault> {
        let mut reader = self.desk.store().reader().await?;
        let page = reader
            .list::<Risk>("source:advisory", &Page::ALL)
            .await
            .map_err(|fault| Fault::file("risks", fault))?;
        reader.done().await;
        Ok(page.rows.into_iter().map(|risk| risk.r#ref).collect())
    }
}
