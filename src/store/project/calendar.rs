//! Rows of the calendar: outages and blackouts, which differ in what they mean and not in what they are; and what operations
//! let be done to their assets.

use crate::domain::calendar::{blackout, outage};
use crate::domain::intervention;
use crate::domain::names::{Ref, SiteCode};
use crate::domain::text::Line;
use crate::domain::time::Time;
use crate::exec;
use crate::store::fault::StoreError;
use crate::store::said::Said;
use crate::store::{facts, link::Link};

/// Writes what an entry says of an outage.
pub async fn outage(
    c: &mut Link<'_>,
    said: &Said<'_>,
    kind: &outage::Kind,
) -> Result<(), StoreError> {
    match kind {
        outage::Kind::Planned(made) => {
            let set = Set {
                kind: "outage",
                state: outage::State::Planned.word(),
                site: &made.site,
                title: &made.title,
                span: (made.start, made.end),
                assets: made.assets.as_deref(),
            };
            set.write(c, said).await
        }
        outage::Kind::Moved(made) => {
            exec!(
                c,
                "UPDATE calendar SET start_at = $1, end_at = $2, note = $3, seq = $4 WHERE ref = $5",
                made.start,
                made.end,
                made.reason.as_str(),
                said.entry.seq,
                said.subject.as_str()
            )?;
            Ok(())
        }
        outage::Kind::Cancelled(made) => {
            taken_back(c, said, outage::State::Cancelled.word(), &made.reason).await
        }
    }
}

/// Writes what an entry says of a blackout.
pub async fn blackout(
    c: &mut Link<'_>,
    said: &Said<'_>,
    kind: &blackout::Kind,
) -> Result<(), StoreError> {
    match kind {
        blackout::Kind::Declared(made) => {
            let set = Set {
                kind: "blackout",
                state: blackout::State::Declared.word(),
                site: &made.site,
                title: &made.title,
                span: (made.start, made.end),
                assets: made.assets.as_deref(),
            };
            set.write(c, said).await
        }
        blackout::Kind::WasEnded(made) => {
            taken_back(c, said, blackout::State::Ended.word(), &made.reason).await
        }
    }
}

/// Writes a cell of the intervention matrix.
pub async fn intervention(
    c: &mut Link<'_>,
    said: &Said<'_>,
    kind: &intervention::Kind,
) -> Result<(), StoreError> {
    let intervention::Kind::Was(set) = kind;
    exec!(
        c,
        "INSERT INTO intervention (ref, site, class, intervention, allowed, set_by, set_at, state, seq)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'set', $8)
         ON CONFLICT (ref) DO UPDATE SET allowed = excluded.allowed, set_by = excluded.set_by,
             set_at = excluded.set_at, seq = excluded.seq",
        said.subject.as_str(),
        set.site.as_ref().map(SiteCode::as_str),
        set.class.word(),
        set.intervention.word(),
        set.allowed.word(),
        said.actor.as_str(),
        said.entry.at,
        said.entry.seq
    )?;
    Ok(())
}

async fn taken_back(
    c: &mut Link<'_>,
    said: &Said<'_>,
    state: &str,
    reason: &Line,
) -> Result<(), StoreError> {
    exec!(
        c,
        "UPDATE calendar SET state = $1, ended_at = $2, ended_by = $3, note = $4, seq = $5 WHERE ref = $6",
        state,
        said.entry.at,
        said.actor.as_str(),
        reason.as_str(),
        said.entry.seq,
        said.subject.as_str()
    )?;
    Ok(())
}

/// A time that is set.
struct Set<'m> {
    kind: &'static str,
    state: &'static str,
    site: &'m SiteCode,
    title: &'m Line,
    span: (Time, Time),
    assets: Option<&'m [Ref]>,
}

impl Set<'_> {
    async fn write(self, c: &mut Link<'_>, said: &Said<'_>) -> Result<(), StoreError> {
        let on = said.subject.as_str();
        let assets = self.assets.unwrap_or_default();
        exec!(
            c,
            "INSERT INTO calendar (ref, kind, site, title, start_at, end_at, whole, author, set_at, folded, state, seq)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            on,
            self.kind,
            self.site.as_str(),
            self.title.as_str(),
            self.span.0,
            self.span.1,
            assets.is_empty(),
            said.actor.as_str(),
            said.entry.at,
            facts::folded(&[on, self.title.as_str(), &facts::json(&assets)?]),
            self.state,
            said.entry.seq
        )?;
        for asset in assets {
            exec!(
                c,
                "INSERT INTO calendar_asset (calendar_ref, asset, seq) VALUES ($1, $2, $3)",
                on,
                asset.as_str(),
                said.entry.seq
            )?;
        }
        Ok(())
    }
}
