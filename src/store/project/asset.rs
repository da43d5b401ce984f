//! Rows of assets, advisories, matches and imports.

use std::collections::{BTreeMap, BTreeSet};

use super::posture;
use crate::domain::asset::{Kind, Register, Update};
use crate::domain::matching::{AssetIdentity, asset_keys};
use crate::domain::names::Ref;
use crate::domain::posture::Measure;
use crate::domain::text::Line;
use crate::domain::{advisories, import};
use crate::store::fault::StoreError;
use crate::store::said::Said;
use crate::store::{facts, link::Link};
use crate::{among, exec, insert, opt, rows};

/// Which entry last said what of a field.
type Provenance = BTreeMap<String, i64>;

fn told(made: &Update, provenance: &mut Provenance, seq: i64) {
    let given = [
        ("name", made.name.is_some()),
        ("class", made.class.is_some()),
        ("zone", made.zone.is_some()),
        ("vendor", made.vendor.is_some()),
        ("product", made.product.is_some()),
        ("model", made.model.is_some()),
        ("order_number", made.order_number.is_some()),
        ("firmware", made.firmware.is_some()),
        ("serial", made.serial.is_some()),
        ("purdue", made.purdue.is_some()),
        ("ip", made.ip.is_some()),
        ("safety", made.safety.is_some()),
        ("regulatory", made.regulatory.is_some()),
        ("production", made.production.is_some()),
        ("owner", made.owner.is_some()),
        ("constraints", made.constraints.is_some()),
        ("support_end", made.support_end.is_some()),
    ];
    for (field, _) in given.iter().filter(|(_, given)| *given) {
        provenance.insert((*field).to_owned(), seq);
    }
}

/// Rows of an asset and of the vendor keys it is found by.
pub async fn asset(c: &mut Link<'_>, said: &Said<'_>, kind: &Kind) -> Result<(), StoreError> {
    match kind {
        Kind::Registered(made) => one(c, said, made).await,
        Kind::Updated(made) => updated(c, said, made).await,
        Kind::Retired(_) => {
            exec!(
                c,
                "UPDATE asset SET state = 'retired', seq = $1 WHERE ref = $2",
                said.entry.seq,
                said.subject.as_str()
            )?;
            for measure in [Measure::Described, Measure::Criticality, Measure::Confirmed] {
                posture::leave(c, said, measure, None).await?;
            }
            Ok(())
        }
    }
}

/// Rows that a statement writes at once.
const ROWS: usize = 64;

/// Rows of assets that are new, and of the vendor keys they are found by.
pub async fn registered(
    c: &mut Link<'_>,
    new: &[(&Said<'_>, &Register)],
) -> Result<(), StoreError> {
    for (said, made) in new {
        one(c, said, made).await?;
    }
    Ok(())
}

async fn one(c: &mut Link<'_>, said: &Said<'_>, made: &Register) -> Result<(), StoreError> {
    let mut provenance = Provenance::new();
    told(&Update::from(made.clone()), &mut provenance, said.entry.seq);
    let text =
        |line: &Option<crate::domain::text::Line>| line.as_ref().map(|l| l.as_str().to_owned());
    let searched = facts::folded(&[
        said.subject.as_str(),
        made.name.as_str(),
        text(&made.vendor).as_deref().unwrap_or_default(),
        text(&made.product).as_deref().unwrap_or_default(),
        text(&made.ip).as_deref().unwrap_or_default(),
    ]);
    let row = rows!(
        c,
        posture::AssetRow,
        "INSERT INTO asset (ref, site, tag, name, class, zone, vendor, product, model, order_number,
             firmware, serial, purdue, ip, safety, regulatory, production, owner, constraints, support_end,
             provenance, folded, state, seq, safety_at, regulatory_at, production_at)
         SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
             $21, $22, 'active', $23, CASE WHEN $15 IS NOT NULL THEN o.at END,
             CASE WHEN $16 IS NOT NULL THEN o.at END, CASE WHEN $17 IS NOT NULL THEN o.at END
         FROM (SELECT CASE WHEN EXISTS (SELECT 1 FROM person_discipline
                                        WHERE person_ref = $25 AND discipline = 'operations') THEN $24 END AS at) AS o
         RETURNING class, zone, owner, vendor, product, firmware, purdue, safety, regulatory, production,
             safety_at, regulatory_at, production_at",
        said.subject.as_str(),
        made.site.as_str(),
        made.tag.as_str(),
        made.name.as_str(),
        made.class.word(),
        made.zone.as_ref().map(|zone| Ref::zone(&made.site, zone).to_string()),
        text(&made.vendor),
        text(&made.product),
        text(&made.model),
        text(&made.order_number),
        text(&made.firmware),
        text(&made.serial),
        made.purdue.map(|level| level.word()),
        text(&made.ip),
        made.safety.map(|rating| rating.get()),
        made.regulatory.map(|rating| rating.get()),
        made.production.map(|rating| rating.get()),
        made.owner.as_ref().map(|login| login.as_str()),
        facts::json(&made.constraints.clone().unwrap_or_default())?,
        made.support_end,
        facts::json(&provenance)?,
        searched,
        said.entry.seq,
        said.entry.at,
        said.actor.as_str()
    )?;
    if let Some(row) = row.first() {
        posture::asset(c, said, &made.site, row).await?;
    }
    keys(c, said).await
}

async fn updated(c: &mut Link<'_>, said: &Said<'_>, made: &Update) -> Result<(), StoreError> {
    let before = opt!(
        c,
        (String, String, Option<String>, Option<String>, Option<String>),
        "SELECT provenance, name, vendor, product, ip FROM asset WHERE ref = $1",
        said.subject.as_str()
    )?;
    let Some((provenance, name, vendor, product, ip)) = before else { return Ok(()) };
    let mut provenance: Provenance = serde_json::from_str(&provenance)
        .map_err(|fault| StoreError::Body(crate::ledger::BodyFault::Data(fault)))?;
    told(made, &mut provenance, said.entry.seq);
    let text =
        |line: &Option<crate::domain::text::Line>| line.as_ref().map(|l| l.as_str().to_owned());
    let searched = facts::folded(&[
        said.subject.as_str(),
        text(&made.name).as_deref().unwrap_or(&name),
        text(&made.vendor).or(vendor).as_deref().unwrap_or_default(),
        text(&made.product).or(product).as_deref().unwrap_or_default(),
        text(&made.ip).or(ip).as_deref().unwrap_or_default(),
    ]);
    let row = rows!(
        c,
        posture::AssetRow,
        "UPDATE asset SET name = COALESCE($2, name), class = COALESCE($3, class), zone = COALESCE($4, zone),
             vendor = COALESCE($5, vendor), product = COALESCE($6, product), model = COALESCE($7, model),
             order_number = COALESCE($8, order_number), firmware = COALESCE($9, firmware),
             serial = COALESCE($10, serial), purdue = COALESCE($11, purdue), ip = COALESCE($12, ip),
             safety = COALESCE($13, safety), regulatory = COALESCE($14, regulatory),
             production = COALESCE($15, production), owner = COALESCE($16, owner),
             constraints = COALESCE($17, constraints), support_end = COALESCE($18, support_end),
             provenance = $19, folded = $20, seq = $21,
             safety_at = CASE WHEN $13 IS NULL THEN safety_at ELSE o.at END,
             regulatory_at = CASE WHEN $14 IS NULL THEN regulatory_at ELSE o.at END,
             production_at = CASE WHEN $15 IS NULL THEN production_at ELSE o.at END
         FROM (SELECT CASE WHEN EXISTS (SELECT 1 FROM person_discipline
                                        WHERE person_ref = $23 AND discipline = 'operations') THEN $22 END AS at) AS o
         WHERE ref = $1
         RETURNING class, zone, owner, vendor, product, firmware, purdue, safety, regulatory, production,
             safety_at, regulatory_at, production_at",
        said.subject.as_str(),
        text(&made.name),
        made.class.map(|class| class.word()),
        made.zone.as_ref().map(|zone| Ref::zone(&made.site, zone).to_string()),
        text(&made.vendor),
        text(&made.product),
        text(&made.model),
        text(&made.order_number),
        text(&made.firmware),
        text(&made.serial),
        made.purdue.map(|level| level.word()),
        text(&made.ip),
        made.safety.map(|rating| rating.get()),
        made.regulatory.map(|rating| rating.get()),
        made.production.map(|rating| rating.get()),
        made.owner.as_ref().map(|login| login.as_str()),
        made.constraints.as_ref().map(facts::json).transpose()?,
        made.support_end,
        facts::json(&provenance)?,
        searched,
        said.entry.seq,
        said.entry.at,
        said.actor.as_str()
    )?;
    if let Some(row) = row.first() {
        posture::asset(c, said, &made.site, row).await?;
    }
    keys(c, said).await
}

#[derive(sqlx::FromRow)]
struct IdentityRow {
    name: String,
    vendor: Option<String>,
    product: Option<String>,
    model: Option<String>,
    order_number: Option<String>,
}

/// The keys of an asset, from its row as it now stands: those it has are live, earlier ones are not.
async fn keys(c: &mut Link<'_>, said: &Said<'_>) -> Result<(), StoreError> {
    let row = opt!(
        c,
        IdentityRow,
        "SELECT name, vendor, product, model, order_number FROM asset WHERE ref = $1",
        said.subject.as_str()
    )?;
    let Some(IdentityRow { name, vendor, product, model, order_number }) = row else {
        return Ok(());
    };
    let identity =
        AssetIdentity { name, vendor, product, model, order_number, ..AssetIdentity::default() };
    let new = asset_keys(&identity);
    let old = rows!(
        c,
        (String,),
        "SELECT match_key FROM asset_key WHERE asset_ref = $1 AND live",
        said.subject.as_str()
    )?;
    for (gone,) in old.iter().filter(|(key,)| !new.contains(key)) {
        exec!(
            c,
            "UPDATE asset_key SET live = FALSE, seq = $1 WHERE asset_ref = $2 AND match_key = $3",
            said.entry.seq,
            said.subject.as_str(),
            gone
        )?;
    }
    for key in new.iter().filter(|key| !old.iter().any(|(stands,)| stands == *key)) {
        exec!(
            c,
            "INSERT INTO asset_key (asset_ref, match_key, live, seq) VALUES ($1, $2, TRUE, $3)
             ON CONFLICT (asset_ref, match_key) DO UPDATE SET live = TRUE, seq = excluded.seq",
            said.subject.as_str(),
            key,
            said.entry.seq
        )?;
    }
    Ok(())
}

/// Rows of an advisory, its revisions and keys, and of the assets found in it.
pub async fn advisory(
    c: &mut Link<'_>,
    said: &Said<'_>,
    kind: &advisories::Kind,
) -> Result<(), StoreError> {
    match kind {
        advisories::Kind::Imported(made) => imported(c, said, made).await,
        advisories::Kind::Matched(made) => matched(c, said, made).await,
    }
}

async fn imported(
    c: &mut Link<'_>,
    said: &Said<'_>,
    made: &advisories::Import,
) -> Result<(), StoreError> {
    let (id, seq) = (said.subject.as_str(), said.entry.seq);
    exec!(
        c,
        "INSERT INTO advisory (ref, publisher, title, version, digest, reading, score, released_at, cves,
             findings, revisions, imported_at, folded, state, seq)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $12, 'new', $13)
         ON CONFLICT (ref) DO UPDATE SET publisher = excluded.publisher, title = excluded.title,
             version = excluded.version, digest = excluded.digest, reading = excluded.reading, score = excluded.score,
             released_at = excluded.released_at, cves = excluded.cves, findings = excluded.findings,
             revisions = advisory.revisions + 1, imported_at = excluded.imported_at,
             folded = excluded.folded, state = 'new', seq = excluded.seq",
        id,
        made.publisher.as_str(),
        made.title.as_str(),
        made.version.as_str(),
        made.digest.as_str(),
        made.reading.as_str(),
        made.score.map(|score| i64::from(score.0)),
        made.released,
        facts::json(&made.cves)?,
        facts::json(&made.findings)?,
        said.entry.at,
        facts::folded(&[id, made.title.as_str(), &facts::json(&made.cves)?]),
        seq
    )?;
    exec!(
        c,
        "INSERT INTO advisory_revision (advisory_ref, digest, reading, version, parser, import, imported_at,
             seq)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        id,
        made.digest.as_str(),
        made.reading.as_str(),
        made.version.as_str(),
        i64::from(made.parser.0),
        made.import.as_ref().map(|import| import.as_str()),
        said.entry.at,
        seq
    )?;
    exec!(
        c,
        "UPDATE advisory_key SET live = FALSE, seq = $1 WHERE advisory_ref = $2 AND live",
        seq,
        id
    )?;
    let keys: BTreeSet<&str> = made.keys.iter().map(Line::as_str).collect();
    let keys: Vec<&str> = keys.into_iter().collect();
    insert!(
        c,
        "INSERT INTO advisory_key (advisory_ref, match_key, live, seq) ",
        keys,
        ROWS,
        |b, key| {
            b.push_bind(id).push_bind(*key).push_bind(true).push_bind(seq);
        },
        " ON CONFLICT (advisory_ref, match_key) DO UPDATE SET live = TRUE, seq = excluded.seq"
    );
    Ok(())
}

async fn matched(
    c: &mut Link<'_>,
    said: &Said<'_>,
    made: &advisories::Analyse,
) -> Result<(), StoreError> {
    let (id, seq) = (said.subject.as_str(), said.entry.seq);
    exec!(
        c,
        "INSERT INTO match_run (advisory_ref, run, digest, analyser, assessed, ruled_out, seq)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        id,
        seq,
        made.digest.as_str(),
        i64::from(made.analyser.0),
        i64::from(made.assessed.0),
        i64::from(made.ruled_out.0),
        seq
    )?;
    let assets: Vec<&str> = made.matches.iter().map(|found| found.asset.as_str()).collect();
    let sites: BTreeMap<String, String> = among!(
        c,
        (String, String),
        "SELECT ref, site FROM asset WHERE ref",
        facts::json(&assets)?
    )?
    .into_iter()
    .collect();
    // What an entry says twice of the same pair holds as it was said last.
    let mut rows = BTreeMap::new();
    for found in &made.matches {
        let Some(site) = sites.get(found.asset.as_str()) else { continue };
        let because = facts::json(&found.because)?;
        for cve in &found.cves {
            let pair = (found.asset.as_str(), cve.as_str());
            rows.insert(pair, (site.as_str(), found.tier.word(), because.clone()));
        }
    }
    let rows: Vec<_> = rows.into_iter().collect();
    let analyser = i64::from(made.analyser.0);
    insert!(
        c,
        "INSERT INTO vuln_match (advisory_ref, asset, cve, site, tier, because, analyser, seq) ",
        rows,
        ROWS,
        |b, row| {
            let ((asset, cve), (site, tier, because)) = row;
            b.push_bind(id)
                .push_bind(*asset)
                .push_bind(*cve)
                .push_bind(*site)
                .push_bind(*tier)
                .push_bind(because)
                .push_bind(analyser)
                .push_bind(seq);
        },
        " ON CONFLICT (advisory_ref, asset, cve) DO UPDATE SET tier = excluded.tier,
              because = excluded.because, analyser = excluded.analyser, seq = excluded.seq"
    );
    Ok(())
}

/// The row of an import.
pub async fn import(
    c: &mut Link<'_>,
    said: &Said<'_>,
    kind: &import::Kind,
) -> Result<(), StoreError> {
    match kind {
        import::Kind::Started(made) => {
            exec!(
                c,
                "INSERT INTO import (ref, format, source, digest, site, state, read, accepted, refused,
                     author, started_at, seq)
                 VALUES ($1, $2, $3, $4, $5, 'started', 0, 0, 0, $6, $7, $8)",
                said.subject.as_str(),
                made.format.word(),
                made.source.as_str(),
                made.digest.as_ref().map(|digest| digest.as_str()),
                made.site.as_ref().map(|site| site.as_str()),
                said.actor.as_str(),
                said.entry.at,
                said.entry.seq
            )?;
        }
        import::Kind::Finished(made) => {
            exec!(
                c,
                "UPDATE import SET state = 'finished', read = $1, accepted = $2, refused = $3, seq = $4
                 WHERE ref = $5",
                i64::from(made.read.0),
                i64::from(made.accepted.0),
                i64::from(made.refused.0),
                said.entry.seq,
                said.subject.as_str()
            )?;
        }
    }
    Ok(())
}
