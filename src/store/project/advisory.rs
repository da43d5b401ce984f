//! Rows of advisories, of the assets found in them, and of imports.

use std::collections::{BTreeMap, BTreeSet};

use super::posture;
use crate::domain::names::Ref;
use crate::domain::text::Line;
use crate::domain::{advisories, import};
use crate::store::fault::StoreError;
use crate::store::said::Said;
use crate::store::{facts, link::Link};
use crate::{among, exec, insert};

/// Rows that a statement writes at once.
const ROWS: usize = 64;

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
                "INSERT INTO import (ref, format, source, digest, site, state, read, accepted, confirmed, refused,
                     author, started_at, seq)
                 VALUES ($1, $2, $3, $4, $5, 'started', 0, 0, 0, 0, $6, $7, $8)",
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
        import::Kind::Confirmed(made) => {
            let assets: BTreeSet<&str> = made.assets.iter().map(Ref::as_str).collect();
            exec!(
                c,
                "UPDATE import SET confirmed = confirmed + $1, seq = $2 WHERE ref = $3",
                i64::try_from(assets.len()).unwrap_or(i64::MAX),
                said.entry.seq,
                said.subject.as_str()
            )?;
            let rows = among!(
                c,
                posture::SeenRow,
                "SELECT ref, purdue, safety, regulatory, production FROM asset WHERE ref",
                facts::json(&assets)?
            )?;
            posture::seen(c, said, &made.site, &rows).await?;
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
