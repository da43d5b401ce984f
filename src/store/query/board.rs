//! The board of a request: who must say yes and why, who said what, and who could still say it.

use serde::Serialize;
use sqlx::FromRow;

use crate::domain::role::Role;
use crate::domain::time::Time;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::{opt, rows};

/// A discipline that must say yes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct Required {
    /// The discipline.
    pub discipline: String,
    /// Whether its no ends the request.
    pub veto: bool,
    /// Why it is required.
    pub because: String,
    /// The version of the rules that concluded it.
    pub rule: i64,
    /// `yes` or `no`; none while it has not decided.
    pub decision: Option<String>,
    /// Who decided.
    pub person: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// When.
    pub decided_at: Option<Time>,
    /// The entry of the decision.
    pub seq: Option<i64>,
    /// Who could decide for it now: active, holding the discipline and a role that decides at the site, not the
    /// requester, and not someone who decided already.
    #[sqlx(skip)]
    pub could: Vec<String>,
}

/// The board of a change, a window or an acceptance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct Board {
    /// The RACI activity that it falls under.
    pub activity: String,
    /// Who asked.
    pub requester: String,
    /// The revision that decisions bind to.
    pub revision: i64,
    /// When decisions are due.
    pub approve_by: Time,
    /// When the last one was taken.
    pub decided_at: Option<Time>,
    /// `pending, approved, vetoed, returned, ended`.
    pub state: String,
    /// The disciplines that must say yes.
    #[sqlx(skip)]
    pub required: Vec<Required>,
}

#[derive(FromRow)]
struct Candidate {
    discipline: String,
    person: String,
    role: String,
}

/// The board of a reference; none if nothing of that name is decided on.
pub async fn board(
    c: &mut Link<'_>,
    reference: &str,
    now: Time,
) -> Result<Option<Board>, StoreError> {
    let Some(mut board) = opt!(
        c,
        Board,
        "SELECT activity, requester, revision, approve_by, decided_at, state FROM approval WHERE ref = $1",
        reference
    )?
    else {
        return Ok(None);
    };
    board.required = rows!(
        c,
        Required,
        "SELECT q.discipline, q.veto, q.because, q.rule, d.decision, d.person, d.reason, d.decided_at, d.seq
         FROM requirement q
         LEFT JOIN decision d ON d.approval_ref = q.approval_ref AND d.revision = q.revision
              AND d.discipline = q.discipline
         WHERE q.approval_ref = $1 AND q.revision = $2 ORDER BY q.discipline",
        reference,
        board.revision
    )?;
    let candidates = rows!(
        c,
        Candidate,
        "SELECT DISTINCT q.discipline, o.ref AS person, g.role
         FROM approval v
         JOIN requirement q ON q.approval_ref = v.ref AND q.revision = v.revision
         JOIN person_discipline h ON h.discipline = q.discipline
         JOIN person o ON o.ref = h.person_ref AND o.state = 'active' AND o.ref <> v.requester
         JOIN role_grant g ON g.person_ref = o.ref AND g.state = 'held' AND (g.scope = '*' OR g.scope = v.site)
              AND (g.until_at IS NULL OR g.until_at > $2)
         WHERE v.ref = $1
           AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.approval_ref = v.ref AND d.revision = v.revision
                           AND d.person = o.ref)
         ORDER BY q.discipline, o.ref",
        reference,
        now
    )?;
    for required in board.required.iter_mut().filter(|required| required.decision.is_none()) {
        required.could = candidates
            .iter()
            .filter(|one| one.discipline == required.discipline)
            .filter(|one| Role::parse(&one.role).is_some_and(Role::decides))
            .map(|one| one.person.clone())
            .collect();
        required.could.dedup();
    }
    Ok(Some(board))
}
