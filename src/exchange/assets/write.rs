//! Writing an inventory that was checked: sites, then assets in chunks that hold nobody up.

use std::time::{Duration, Instant};

use super::{Plan, Summary, Taking};
use crate::commands::{Desk, EntryId, Receipt, Submission};
use crate::domain::asset;
use crate::domain::command::Command;
use crate::domain::import::{self, Count, Format};
use crate::domain::names::{Ref, SiteCode};
use crate::domain::site;
use crate::exchange::line;
use crate::store::StoreError;

/// How long one chunk may hold the lock.
const CHUNK: Duration = Duration::from_millis(250);

/// The most assets in one chunk.
const MOST: usize = 1000;

/// The most assets that one entry confirms.
const NAMED: usize = 250;

/// Writes what was planned: the sites first, then each file between its own start and finish.
pub async fn write(
    desk: &Desk,
    plans: Vec<Plan>,
    taking: &Taking,
    summary: &mut Summary,
    progress: &mut impl FnMut(usize, usize),
) -> Result<(), StoreError> {
    if let Some(timezone) = taking.create_sites {
        for code in summary.unknown_sites.keys() {
            let site = site::Register {
                site: SiteCode::new(code).map_err(|fault| {
                    StoreError::Unavailable(format!("a site of the file: {fault}"))
                })?,
                name: line(code)?,
                timezone,
                sector: None,
                frameworks: None,
                nerc_impact: None,
                otcc_level: None,
            };
            desk.submit(Submission::from(Command::Site(site::Command::Register(site)))).await?;
        }
    }
    let all: usize = plans.iter().map(|plan| plan.commands.len()).sum();
    let mut done = 0;
    for plan in plans.into_iter().filter(|plan| !plan.is_empty()) {
        let start = import::Start {
            format: Format::Assets,
            source: line(&plan.source)?,
            // Of a file that names other sites too, not all belongs to one.
            site: taking.site.clone().filter(|site| plan.stand.keys().all(|other| other == site)),
            digest: None,
        };
        let Receipt { reference, id, entries, .. } =
            desk.submit(Submission::from(Command::Import(import::Command::Start(start)))).await?;
        let wrote = plan.commands.len();
        chunks(desk, plan.commands, id, |count| {
            done += count;
            progress(done, all);
        })
        .await?;
        for (site, assets) in plan.stand {
            confirm(desk, &reference, id, &site, &assets.into_iter().collect::<Vec<_>>()).await?;
        }
        let finish = import::Finish {
            r#ref: reference.clone(),
            read: Count(summary.read),
            accepted: Count(u32::try_from(wrote).unwrap_or(u32::MAX)),
            refused: Count(0),
        };
        let command = Command::Import(import::Command::Finish(finish));
        desk.submit(Submission { cause: Some(id), ..Submission::from(command) }).await?;
        let since = entries.first().copied().unwrap_or_default();
        for (tier, count) in desk.store().matched_since(since).await? {
            summary.matches.insert(tier, count);
        }
        summary.import = Some(reference.to_string());
    }
    Ok(())
}

/// Says which assets of a site stand as the file says.
async fn confirm(
    desk: &Desk,
    import: &Ref,
    cause: EntryId,
    site: &SiteCode,
    assets: &[Ref],
) -> Result<(), StoreError> {
    for assets in assets.chunks(NAMED) {
        let (r#ref, site, assets) = (import.clone(), site.clone(), assets.to_vec());
        let confirm = import::Confirm { r#ref, site, assets };
        let command = Command::Import(import::Command::Confirm(confirm));
        desk.submit(Submission { cause: Some(cause), ..Submission::from(command) }).await?;
    }
    Ok(())
}

/// Hands in commands in chunks whose size follows from how long the last one took.
async fn chunks(
    desk: &Desk,
    commands: Vec<asset::Command>,
    cause: EntryId,
    mut progress: impl FnMut(usize),
) -> Result<(), StoreError> {
    let mut left = commands.into_iter().peekable();
    let mut size = 50;
    while left.peek().is_some() {
        let chunk: Vec<Submission> = left
            .by_ref()
            .take(size)
            .map(Command::Asset)
            .map(|command| Submission { cause: Some(cause), ..Submission::from(command) })
            .collect();
        let count = chunk.len();
        let begun = Instant::now();
        desk.submit_all(chunk).await?;
        let took = begun.elapsed().max(Duration::from_millis(1));
        let fits = CHUNK.as_millis().saturating_mul(count as u128) / took.as_millis();
        size = usize::try_from(fits).unwrap_or(MOST).clamp(10, MOST);
        progress(count);
    }
    Ok(())
}
