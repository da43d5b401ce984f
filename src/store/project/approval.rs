//! Rows of the decision engine: what is asked, who must say yes, what was said.

use super::posture;
use crate::domain::approval::{Decision, Outcome, required};
use crate::domain::names::{Ref, SiteCode};
use crate::domain::raci::Activity;
use crate::domain::time::Time;
use crate::exec;
use crate::store::admit::Board;
use crate::store::fault::StoreError;
use crate::store::said::Said;
use crate::store::{facts, link::Link};

/// What is being asked for, under which activity, until when decisions are due.
pub struct Asked<'a> {
    /// The reference.
    pub on: &'a Ref,
    /// Its site.
    pub site: &'a SiteCode,
    /// The RACI activity.
    pub activity: Activity,
    /// When decisions are due.
    pub approve_by: Time,
    /// The revision, from 1.
    pub revision: i64,
}

/// Writes the board of a request: who must say yes is concluded here, never taken from the entry.
pub async fn ask(c: &mut Link<'_>, said: &Said<'_>, asked: &Asked<'_>) -> Result<(), StoreError> {
    let (accountable, origin) = facts::accountable(c, asked.activity, asked.site).await?;
    exec!(
        c,
        "INSERT INTO approval (ref, site, requester, revision, activity, approve_by, state, seq)
         VALUES ($1, $2, $3, $4, $5, $6, 'pending', $7)
         ON CONFLICT (ref) DO UPDATE SET revision = excluded.revision, approve_by = excluded.approve_by,
             decided_at = NULL, state = 'pending', seq = excluded.seq",
        asked.on.as_str(),
        asked.site.as_str(),
        said.actor.as_str(),
        asked.revision,
        asked.activity.word(),
        asked.approve_by,
        said.entry.seq
    )?;
    for requirement in required(asked.activity.word(), accountable, origin) {
        exec!(
            c,
            "INSERT INTO requirement (approval_ref, revision, discipline, veto, because, rule, seq)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            asked.on.as_str(),
            asked.revision,
            requirement.discipline.word(),
            requirement.veto,
            requirement.because,
            i64::from(said.body.v),
            said.entry.seq
        )?;
    }
    posture::decision(c, said).await
}

/// Writes a decision and says where the decisions lead with it.
pub async fn decide(
    c: &mut Link<'_>,
    said: &Said<'_>,
    decision: &Decision,
) -> Result<Outcome, StoreError> {
    let board = Board::read(c, &said.subject).await?;
    let outcome = board.with(decision, &said.actor);
    exec!(
        c,
        "INSERT INTO decision (approval_ref, revision, discipline, person, requester, decision, reason,
             decided_at, seq)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        said.subject.as_str(),
        board.revision,
        decision.discipline.word(),
        said.actor.as_str(),
        board.requester.as_str(),
        decision.decision.word(),
        decision.reason.as_ref().map(|line| line.as_str()),
        said.entry.at,
        said.entry.seq
    )?;
    let (state, decided_at) = match outcome {
        Outcome::Pending => ("pending", None),
        Outcome::Approved => ("approved", Some(said.entry.at)),
        Outcome::Vetoed => ("vetoed", Some(said.entry.at)),
        Outcome::Returned => ("returned", Some(said.entry.at)),
    };
    exec!(
        c,
        "UPDATE approval SET state = $1, decided_at = $2, seq = $3 WHERE ref = $4",
        state,
        decided_at,
        said.entry.seq,
        said.subject.as_str()
    )?;
    posture::decision(c, said).await?;
    Ok(outcome)
}
