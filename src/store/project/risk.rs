//! Rows of risks and acceptances. How a found risk weighs is concluded here from the tables.
//!
//! The first statement of an entry is the one that moves the state: a row never says in between what the entry does not.

use super::approval::{ask, decide};
use super::posture;
use crate::domain::acceptance;
use crate::domain::approval::Decision;
use crate::domain::asset::Rating;
use crate::domain::names::{Login, Ref};
use crate::domain::posture::Measure;
use crate::domain::risk::{Found, Kind, Level, Raise, State, Weight, title_found, weight_found};
use crate::domain::time::Time;
use crate::store::admit::Risk;
use crate::store::fault::StoreError;
use crate::store::said::Said;
use crate::store::{asked, facts, link::Link};
use crate::{exec, opt, scalar};

/// Writes what an entry says of a risk.
pub async fn risk(c: &mut Link<'_>, said: &Said<'_>, kind: &Kind) -> Result<(), StoreError> {
    let (on, seq) = (said.subject.as_str(), said.entry.seq);
    match kind {
        Kind::Raised(made) => raised(c, said, made).await,
        Kind::Found(made) => found(c, said, made).await,
        Kind::Reweighed(_) => {
            let now = Risk::read(c, &said.subject).await?;
            let weight = found_weight(c, &now.advisory.unwrap_or_default(), &now.site).await?;
            weighed(c, said, Level::Inherent, &weight).await
        }
        Kind::Assessed(made) => {
            let state = kind.moves(Risk::read(c, &said.subject).await?.state())?;
            let weight = Weight { likelihood: made.likelihood, consequence: made.consequence };
            owned(c, said, state, made.owner.as_ref(), made.due).await?;
            weighed(c, said, made.level, &weight).await?;
            exec!(c, "UPDATE risk SET assessed_at = $1 WHERE ref = $2", said.entry.at, on)?;
            posture::risk(c, said).await
        }
        Kind::Treated(made) => {
            owned(c, said, State::Treating, made.owner.as_ref(), made.due).await?;
            exec!(
                c,
                "UPDATE risk SET treatment = $1, compensating = COALESCE($2, compensating) WHERE ref = $3",
                made.treatment.word(),
                made.compensating.as_ref().map(facts::json).transpose()?,
                on
            )?;
            posture::leave(c, said, Measure::Exceptions, None).await?;
            posture::risk(c, said).await
        }
        Kind::Closed(_) => {
            owned(c, said, State::Closed, None, None).await?;
            posture::risk(c, said).await
        }
        Kind::Reopened(made) => {
            exec!(
                c,
                "UPDATE risk SET state = 'open', accepted_until = NULL, lapsed = $1, seq = $2 WHERE ref = $3",
                made.acceptance.as_str(),
                seq,
                on
            )?;
            // It is lived with still, past the end of who allowed that, until somebody treats it or it is accepted anew.
            posture::risk(c, said).await
        }
        Kind::Accepted(made) => {
            let until = scalar!(
                c,
                Time,
                "SELECT until_at FROM acceptance WHERE ref = $1",
                made.acceptance.as_str()
            )?;
            exec!(
                c,
                "UPDATE risk SET state = 'accepted', treatment = 'accept', accepted_until = $1, seq = $2 WHERE ref = $3",
                until,
                seq,
                on
            )?;
            posture::accepted(c, said, &made.acceptance).await?;
            posture::risk(c, said).await
        }
    }
}

async fn owned(
    c: &mut Link<'_>,
    said: &Said<'_>,
    state: State,
    owner: Option<&Login>,
    due: Option<Time>,
) -> Result<(), StoreError> {
    exec!(
        c,
        "UPDATE risk SET state = $1, owner = COALESCE($2, owner), due_at = COALESCE($3, due_at), seq = $4
         WHERE ref = $5",
        state.word(),
        owner.map(Login::as_str),
        due,
        said.entry.seq,
        said.subject.as_str()
    )?;
    Ok(())
}

/// Sets one level's weight; the priority follows the current level, else the inherent one.
async fn weighed(
    c: &mut Link<'_>,
    said: &Said<'_>,
    level: Level,
    weight: &Weight,
) -> Result<(), StoreError> {
    let (on, seq) = (said.subject.as_str(), said.entry.seq);
    let (text, score) = (facts::json(weight)?, weight.score());
    let sets_priority = match level {
        Level::Current => true,
        Level::Residual => false,
        Level::Inherent => {
            scalar!(c, i64, "SELECT current FROM risk WHERE ref = $1 AND current IS NOT NULL", on)?
                .is_none()
        }
    };
    let priority = sets_priority.then(|| weight.priority());
    match level {
        Level::Inherent => exec!(
            c,
            "UPDATE risk SET inherent_weight = $1, inherent = $2, priority = COALESCE($3, priority), seq = $4
             WHERE ref = $5",
            text,
            score,
            priority,
            seq,
            on
        )?,
        Level::Current => exec!(
            c,
            "UPDATE risk SET current_weight = $1, current = $2, priority = COALESCE($3, priority), seq = $4
             WHERE ref = $5",
            text,
            score,
            priority,
            seq,
            on
        )?,
        Level::Residual => exec!(
            c,
            "UPDATE risk SET residual_weight = $1, residual = $2, seq = $3 WHERE ref = $4",
            text,
            score,
            seq,
            on
        )?,
    };
    Ok(())
}

async fn raised(c: &mut Link<'_>, said: &Said<'_>, made: &Raise) -> Result<(), StoreError> {
    let weight = made
        .likelihood
        .map(|likelihood| Weight { likelihood, consequence: made.consequence.unwrap_or_default() });
    let text = weight.as_ref().map(facts::json).transpose()?;
    // Nobody has weighed it: it stands with what may be worst until somebody does.
    let priority = weight.map_or(1, |weight| weight.priority());
    exec!(
        c,
        "INSERT INTO risk (ref, site, title, source, inherent_weight, inherent, priority, owner, due_at,
             assessed_at, compensating, raised_at, folded, state, seq)
         VALUES ($1, $2, $3, 'person', $4, $5, $6, $7, $8, $9, '[]', $10, $11, 'open', $12)",
        said.subject.as_str(),
        made.site.as_str(),
        made.title.as_str(),
        text,
        weight.map(|weight| weight.score()),
        priority,
        made.owner.as_ref().map(Login::as_str),
        made.due,
        weight.map(|_| said.entry.at),
        said.entry.at,
        facts::folded(&[said.subject.as_str(), made.title.as_str()]),
        said.entry.seq
    )?;
    posture::risk(c, said).await
}

/// How a found risk weighs: the advisory's score, and the worst ratings of the assets found at the site.
async fn found_weight(c: &mut Link<'_>, advisory: &str, site: &str) -> Result<Weight, StoreError> {
    let score = scalar!(
        c,
        i64,
        "SELECT score FROM advisory WHERE ref = $1 AND score IS NOT NULL",
        advisory
    )?;
    let worst = opt!(
        c,
        (Option<i64>, Option<i64>, Option<i64>),
        "SELECT MAX(COALESCE(a.safety, 5)), MAX(COALESCE(a.regulatory, 5)), MAX(COALESCE(a.production, 5))
         FROM asset a
         WHERE a.ref IN (SELECT m.asset FROM vuln_match m
                         WHERE m.advisory_ref = $1 AND m.site = $2 AND m.tier IN ('confirmed', 'likely'))",
        advisory,
        site
    )?;
    let (safety, regulatory, production) = worst.unwrap_or_default();
    let rating = |value: Option<i64>| value.and_then(Rating::new);
    Ok(weight_found(score, rating(safety), rating(regulatory), rating(production)))
}

async fn found(c: &mut Link<'_>, said: &Said<'_>, made: &Found) -> Result<(), StoreError> {
    let (advisory, site) = (made.advisory.as_str(), made.site.as_str());
    let weight = found_weight(c, advisory, site).await?;
    let said_there = scalar!(c, String, "SELECT title FROM advisory WHERE ref = $1", advisory)?;
    let place = scalar!(c, String, "SELECT name FROM site WHERE ref = $1", site)?;
    let title =
        title_found(said_there.as_deref().unwrap_or(advisory), place.as_deref().unwrap_or(site));
    let cause = match &said.body.cause {
        // A replay may hold entries that come later: they are no cause.
        Some(id) => scalar!(
            c,
            i64,
            "SELECT seq FROM ledger WHERE id = $1 AND seq <= $2",
            id.to_string(),
            said.entry.seq
        )?,
        None => None,
    };
    exec!(
        c,
        "INSERT INTO risk (ref, site, title, source, advisory, inherent_weight, inherent, priority, compensating,
             raised_at, cause, folded, state, seq)
         VALUES ($1, $2, $3, 'advisory', $4, $5, $6, $7, '[]', $8, $9, $10, 'candidate', $11)",
        said.subject.as_str(),
        site,
        &title,
        advisory,
        facts::json(&weight)?,
        weight.score(),
        weight.priority(),
        said.entry.at,
        cause,
        facts::folded(&[said.subject.as_str(), &title, advisory]),
        said.entry.seq
    )?;
    posture::risk(c, said).await
}

/// Writes what an entry says of an acceptance.
pub async fn acceptance(
    c: &mut Link<'_>,
    said: &Said<'_>,
    kind: &acceptance::Kind,
) -> Result<(), StoreError> {
    let state = match kind {
        acceptance::Kind::Requested(made) => return requested(c, said, made).await,
        acceptance::Kind::Decided(made) => {
            acceptance::State::after(decide(c, said, &Decision::from(made)).await?)
        }
        acceptance::Kind::Expired(_) => acceptance::State::Expired,
    };
    exec!(
        c,
        "UPDATE acceptance SET state = $1, seq = $2 WHERE ref = $3",
        state.word(),
        said.entry.seq,
        said.subject.as_str()
    )?;
    Ok(())
}

async fn requested(
    c: &mut Link<'_>,
    said: &Said<'_>,
    made: &acceptance::Request,
) -> Result<(), StoreError> {
    let Some(site) = &said.site else { return Ok(()) };
    exec!(
        c,
        "INSERT INTO acceptance (ref, site, risk, until_at, reason, compensating, requester, state, seq)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'requested', $8)",
        said.subject.as_str(),
        site.as_str(),
        Ref::as_str(&made.r#ref),
        made.until,
        made.reason.as_str(),
        facts::json(&made.compensating.as_deref().unwrap_or_default())?,
        said.actor.as_str(),
        said.entry.seq
    )?;
    let asked = asked::acceptance(c, said, site, made).await?;
    ask(c, said, &asked).await
}
