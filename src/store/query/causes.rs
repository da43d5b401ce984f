//! Why an object stands on the screen: the entries that made its entries follow, back to what people did.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use crate::domain::time::Time;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::reader::Snapshot;
use crate::{opt, rows, scalar};

/// Most entries of one chain that are shown.
const MOST: usize = 200;

/// Most assets of a risk whose registrations are looked for.
const ASSETS: i64 = 50;

/// One entry of the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cause {
    /// Its place.
    pub seq: i64,
    /// When it was written.
    pub at: Time,
    /// Who wrote it.
    pub actor: String,
    /// What happened.
    pub kind: String,
    /// What it happened to.
    pub subject: String,
    /// The entry that made it follow.
    pub cause: Option<i64>,
}

/// Where a chain begins beside the object's own entries: what the tables know and no entry names as its cause.
#[derive(Clone, Debug, Default)]
pub struct Roots {
    /// Entries by which the revisions of its advisory came in.
    pub entries: Vec<i64>,
    /// Assets whose registration made it possible.
    pub assets: Vec<String>,
}

/// The revision that a risk was found by, and the assets it was found on.
pub async fn roots_of_risk(c: &mut Link<'_>, risk: &str) -> Result<Roots, StoreError> {
    let entries = rows!(
        c,
        (i64,),
        "SELECT v.seq FROM risk t JOIN advisory a ON a.ref = t.advisory
           JOIN advisory_revision v ON v.advisory_ref = a.ref AND v.digest = a.digest
         WHERE t.ref = $1",
        risk
    )?;
    let assets = rows!(
        c,
        (String,),
        "SELECT DISTINCT m.asset FROM risk t JOIN vuln_match m ON m.advisory_ref = t.advisory AND m.site = t.site
         WHERE t.ref = $1 AND m.tier IN ('confirmed', 'likely') ORDER BY m.asset LIMIT $2",
        risk,
        ASSETS
    )?;
    Ok(Roots {
        entries: entries.into_iter().map(|(seq,)| seq).collect(),
        assets: assets.into_iter().map(|(asset,)| asset).collect(),
    })
}

#[derive(FromRow)]
struct Row {
    seq: i64,
    at: Time,
    actor: String,
    kind: String,
    subject: String,
    body: Vec<u8>,
}

#[derive(Deserialize, Default)]
struct Outline {
    #[serde(default)]
    cause: Option<String>,
    #[serde(default)]
    data: Named,
}

#[derive(Deserialize, Default)]
struct Named {
    #[serde(default)]
    import: Option<String>,
}

/// The chain behind these entries of an object, in the order of the ledger.
pub async fn causes(
    c: &mut Link<'_>,
    at: &Snapshot,
    own: &[i64],
    roots: &Roots,
) -> Result<Vec<Cause>, StoreError> {
    let last = at.head.tip.seq;
    let mut pending: Vec<i64> = own.iter().rev().take(MOST).copied().collect();
    pending.extend(&roots.entries);
    for asset in &roots.assets {
        pending.extend(first_of(c, asset, last).await?);
    }
    let mut found: BTreeMap<i64, Cause> = BTreeMap::new();
    while let Some(seq) = pending.pop() {
        if found.contains_key(&seq) || found.len() >= MOST {
            continue;
        }
        let Some(row) = opt!(
            c,
            Row,
            "SELECT seq, at, actor, kind, subject, body FROM ledger WHERE seq = $1 AND seq <= $2",
            seq,
            last
        )?
        else {
            continue;
        };
        let outline: Outline = serde_json::from_slice(&row.body).unwrap_or_default();
        let cause = match outline.cause {
            Some(id) => {
                scalar!(c, i64, "SELECT seq FROM ledger WHERE id = $1 AND seq <= $2", id, last)?
            }
            None => None,
        };
        pending.extend(cause);
        if let Some(import) = outline.data.import {
            pending.extend(first_of(c, &import, last).await?);
        }
        let Row { seq, at, actor, kind, subject, .. } = row;
        found.insert(seq, Cause { seq, at, actor, kind, subject, cause });
    }
    // The object's own entries stand in its history; here only those that something made follow.
    Ok(found.into_values().filter(|one| one.cause.is_some() || !own.contains(&one.seq)).collect())
}

async fn first_of(c: &mut Link<'_>, subject: &str, last: i64) -> Result<Option<i64>, StoreError> {
    Ok(scalar!(
        c,
        i64,
        "SELECT seq FROM ledger WHERE subject = $1 AND seq <= $2 ORDER BY seq LIMIT 1",
        subject,
        last
    )?)
}
