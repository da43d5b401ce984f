//! Whoever asked for a change or a window does not take away what stands against it, since rule version 7: the calendar and
//! the matrix are four eyes as a waiver is. Who keeps the calendar is not asked here.

use crate::domain::conflict::{Against, Conflict};
use crate::domain::names::Ref;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::time::Time;
use crate::rows;
use crate::store::admit::change::{self, Change};
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::said::Said;
use crate::store::{asked, clashing};

/// A request of one's own that something stands against.
pub struct Held {
    /// The request.
    pub on: Ref,
    /// When its work begins.
    pub start: Time,
    /// When its work ends.
    pub end: Time,
    /// Its assets.
    pub assets: Vec<Ref>,
    /// What stands against it.
    pub conflict: Conflict,
}

impl Held {
    /// Whether an outage would let it begin that lasts so long, of these assets or of the whole site.
    pub fn let_begin_by(&self, start: Time, end: Time, of: Option<&[Ref]>) -> bool {
        let wants = matches!(self.conflict.against, Against::NoOutage | Against::OutageOnly);
        let holds = start <= self.start && end >= self.end;
        let touches = of.is_none_or(|of| self.assets.iter().any(|asset| of.contains(asset)));
        wants && holds && touches
    }

    /// Whether the matrix says so of an asset.
    pub fn by_the_matrix(&self) -> bool {
        matches!(self.conflict.against, Against::OutageOnly | Against::Ask | Against::Never)
    }
}

/// What stands against the requests of whoever makes this entry that wait or are approved; nothing under older rules.
///
/// # Errors
/// If the engine fails.
pub async fn held(c: &mut Link<'_>, said: &Said<'_>) -> Result<Vec<Held>, StoreError> {
    if said.body.v < 7 {
        return Ok(Vec::new());
    }
    let at = said.entry.at;
    let asked_for = rows!(
        c,
        (String,),
        "SELECT ref FROM change WHERE requester = $1 AND state IN ('requested', 'approved') AND end_at > $2
         UNION ALL SELECT ref FROM vendor_window WHERE requester = $1 AND state IN ('requested', 'approved') AND end_at > $2",
        said.actor.as_str(),
        at
    )?;
    let mut found = Vec::new();
    for (reference,) in asked_for {
        let Ok(on) = Ref::new(&reference) else { continue };
        let (work, stands) = if reference.starts_with(crate::domain::window::PREFIX) {
            let Some(work) = clashing::access(c, &reference).await? else { continue };
            let stands = clashing::of_window(c, &work, at).await?;
            let assets = work.assets.iter().filter_map(|asset| Ref::new(asset).ok()).collect();
            ((work.start, work.end, assets), stands)
        } else {
            let change = Change::read(c, &on).await?;
            let assets = asked::assets_of(c, &on, change.revision).await?;
            let stands = change::conflicts(c, &on, &change, at).await?;
            ((change.start_at, change.end_at, assets), stands)
        };
        let (start, end, assets): (Time, Time, Vec<Ref>) = work;
        let open = stands.into_iter().filter(|(one, waiver)| one.blocks && waiver.is_none());
        found.extend(open.map(|(conflict, _)| Held {
            on: on.clone(),
            start,
            end,
            assets: assets.clone(),
            conflict,
        }));
    }
    Ok(found)
}

/// Refuses what would take away one of these.
///
/// # Errors
/// `four-eyes`, with the request and what stands against it.
pub fn refuse(said: &Said<'_>, taken: Option<&Held>) -> Result<(), StoreError> {
    let Some(Held { on, conflict, .. }) = taken else { return Ok(()) };
    Err(Refusal::new(
        Code::FourEyes,
        format!(
            "{} asked for {on}, against which {} stands: {}",
            said.actor, conflict.with, conflict.because
        ),
        "somebody else who keeps the calendar does it, or waives it as whoever answers for it",
    )
    .into())
}
