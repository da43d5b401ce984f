//! Rows of the store, sites, zones and RACI.

use super::posture;
use crate::domain::founding;
use crate::domain::names::Ref;
use crate::domain::posture::{Measure, standing};
use crate::domain::raci::{self, Value};
use crate::domain::{site, zone};
use crate::exec;
use crate::store::fault::StoreError;
use crate::store::said::Said;
use crate::store::{facts, link::Link};

/// The row of the store itself.
pub async fn store(
    c: &mut Link<'_>,
    said: &Said<'_>,
    kind: &founding::Kind,
) -> Result<(), StoreError> {
    match kind {
        founding::Kind::Founded(made) => exec!(
            c,
            "INSERT INTO store (ref, org, demo, founder, founded_at, state, seq)
             VALUES ('store', $1, $2, $3, $4, 'founded', $5)",
            made.org.as_str(),
            made.demo,
            made.founder.as_str(),
            said.entry.at,
            said.entry.seq
        )?,
        founding::Kind::Repaired(_) => exec!(
            c,
            "UPDATE store SET state = 'repaired', seq = $1 WHERE ref = 'store'",
            said.entry.seq
        )?,
        founding::Kind::Sealed(_) => exec!(
            c,
            "UPDATE store SET sealed_at = $1, seq = $2 WHERE ref = 'store'",
            said.entry.at,
            said.entry.seq
        )?,
    };
    Ok(())
}

/// The row of a site.
pub async fn site(c: &mut Link<'_>, said: &Said<'_>, kind: &site::Kind) -> Result<(), StoreError> {
    let made = match kind {
        site::Kind::Registered(made) => made,
        site::Kind::Required(made) => {
            exec!(
                c,
                "UPDATE site SET asks_number = $1, asks_remote = COALESCE($2, asks_remote), seq = $3 WHERE ref = $4",
                made.external_ref,
                made.remote_access,
                said.entry.seq,
                made.site.as_str()
            )?;
            return Ok(());
        }
    };
    exec!(
        c,
        "INSERT INTO site (ref, name, timezone, sector, frameworks, nerc_impact, otcc_level, asks_number, asks_remote, state, seq)
         VALUES ($1, $2, $3, $4, $5, $6, $7, FALSE, FALSE, 'active', $8)",
        made.site.as_str(),
        made.name.as_str(),
        made.timezone.name(),
        made.sector.as_ref().map(|line| line.as_str()),
        facts::json(&made.frameworks.as_deref().unwrap_or_default())?,
        made.nerc_impact.map(|impact| impact.word()),
        made.otcc_level.map(|level| level.get()),
        said.entry.seq
    )?;
    Ok(())
}

/// The row of a zone.
pub async fn zone(c: &mut Link<'_>, said: &Said<'_>, kind: &zone::Kind) -> Result<(), StoreError> {
    let zone::Kind::Registered(made) = kind;
    exec!(
        c,
        "INSERT INTO zone (ref, site, zone, name, purdue, sl_target, sl_achieved, state, seq)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'active', $8)",
        said.subject.as_str(),
        made.site.as_str(),
        made.zone.as_str(),
        made.name.as_str(),
        made.purdue.word(),
        made.sl_target.map(|level| level.get()),
        made.sl_achieved.map(|level| level.get()),
        said.entry.seq
    )?;
    let standing = standing::zone(
        made.sl_target.map(|level| level.get()),
        made.sl_achieved.map(|level| level.get()),
    );
    posture::write(c, said, [posture::Item::of(Measure::Zones, made.site.as_str(), standing)]).await
}

/// The cells of a RACI row; a new A takes the A from whoever had it in this row.
pub async fn raci(c: &mut Link<'_>, said: &Said<'_>, kind: &raci::Kind) -> Result<(), StoreError> {
    let raci::Kind::Was(set) = kind;
    let row = Ref::raci(set.activity.word(), set.site.as_ref());
    if set.value == Value::Accountable {
        exec!(
            c,
            "UPDATE raci SET value = 'R', seq = $1
             WHERE raci_ref = $2 AND value = 'A' AND discipline <> $3",
            said.entry.seq,
            row.as_str(),
            set.discipline.word()
        )?;
    }
    exec!(
        c,
        "INSERT INTO raci (raci_ref, activity, scope, discipline, value, seq)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (raci_ref, discipline) DO UPDATE SET value = excluded.value, seq = excluded.seq",
        row.as_str(),
        set.activity.word(),
        set.site.as_ref().map_or("*", |site| site.as_str()),
        set.discipline.word(),
        set.value.word(),
        said.entry.seq
    )?;
    Ok(())
}
