//! Rows of the decision engine: what is asked, who must say yes, who is heard and told, what was said.

use super::posture;
use crate::domain::approval::{Decision, Outcome};
use crate::exec;
use crate::store::admit::Board;
use crate::store::asked::Asked;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::said::Said;

/// Writes the board of a request: who must speak, is heard or told is concluded here, never taken from the entry.
pub async fn ask(c: &mut Link<'_>, said: &Said<'_>, asked: &Asked) -> Result<(), StoreError> {
    let derived = asked.derived(c, said.body.v, said.entry.at).await?;
    let (on, rule) = (said.subject.as_str(), i64::from(said.body.v));
    exec!(
        c,
        "INSERT INTO approval (ref, site, requester, revision, activity, accountable, asked_at, approve_by, state, seq)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'pending', $9)
         ON CONFLICT (ref) DO UPDATE SET revision = excluded.revision, accountable = excluded.accountable,
             asked_at = excluded.asked_at, approve_by = excluded.approve_by, decided_at = NULL, state = 'pending',
             seq = excluded.seq",
        on,
        asked.site.as_str(),
        said.actor.as_str(),
        asked.revision,
        asked.activity.word(),
        derived.accountable.word(),
        said.entry.at,
        asked.approve_by,
        said.entry.seq
    )?;
    for requirement in derived.required {
        exec!(
            c,
            "INSERT INTO requirement (approval_ref, revision, discipline, need, veto, because, rule, seq)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            on,
            asked.revision,
            requirement.discipline.word(),
            requirement.need.word(),
            requirement.veto,
            requirement.because,
            rule,
            said.entry.seq
        )?;
    }
    for heard in derived.heard {
        exec!(
            c,
            "INSERT INTO concern (approval_ref, revision, discipline, part, because, rule, seq)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            on,
            asked.revision,
            heard.discipline.word(),
            heard.part.word(),
            heard.because,
            rule,
            said.entry.seq
        )?;
    }
    posture::decision(c, said).await
}

/// Writes what a discipline said.
async fn said_by(
    c: &mut Link<'_>,
    said: &Said<'_>,
    board: &Board,
    decision: &Decision,
) -> Result<(), StoreError> {
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
    Ok(())
}

/// Writes what a discipline said of an emergency afterwards: the board stays as it is.
pub async fn review(
    c: &mut Link<'_>,
    said: &Said<'_>,
    decision: &Decision,
) -> Result<(), StoreError> {
    let board = Board::read(c, &said.subject).await?;
    said_by(c, said, &board, decision).await
}

/// Writes a decision and says where the decisions lead with it.
pub async fn decide(
    c: &mut Link<'_>,
    said: &Said<'_>,
    decision: &Decision,
) -> Result<Outcome, StoreError> {
    let board = Board::read(c, &said.subject).await?;
    let outcome = board.with(decision, &said.actor);
    said_by(c, said, &board, decision).await?;
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
