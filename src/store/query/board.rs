//! The board of a request: who must say yes and why, who said what, and who could still say it.

use serde::Serialize;
use sqlx::FromRow;

use super::engine::By;
use crate::domain::change::Difference;
use crate::domain::discipline::Discipline;
use crate::domain::filter::{Of as Kind, Word};
use crate::domain::names::Ref;
use crate::domain::role::Role;
use crate::domain::time::Time;
use crate::store::asked;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::query::comment::{Comment, comments};
use crate::store::query::{Approval, Approvals};
use crate::{opt, rows, scalar};

/// A discipline that must speak.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct Required {
    /// The discipline.
    pub discipline: String,
    /// `must`; `one_of` where one of several is enough, who is on call; `review` where it speaks afterwards.
    pub need: String,
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
    /// requester, and not someone who decided already; on call where one of several is enough.
    #[sqlx(skip)]
    pub could: Vec<String>,
    /// Whether nobody of the site could, so that it goes to whoever holds the discipline for all sites.
    #[sqlx(skip)]
    pub corporate: bool,
}

macro_rules! part {
    ($name:literal) => {
        By {
            word: Word { name: $name, of: Kind::Choice(Discipline::WORDS) },
            sql: &[(
                concat!(
                    "EXISTS (SELECT 1 FROM approval v JOIN concern n ON n.approval_ref = v.ref
                                 AND n.revision = v.revision
                             WHERE v.ref = t.ref AND n.part = '",
                    $name,
                    "' AND n.discipline"
                ),
                ")",
            )],
        }
    };
}

/// What a list of requests is filtered by: that a discipline is heard before one of them is decided.
pub const CONSULTED: By = part!("consulted");

/// That a discipline is told of one of them: what it has to read.
pub const INFORMED: By = part!("informed");

/// A discipline that is heard or told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct Heard {
    /// The discipline.
    pub discipline: String,
    /// `consulted` or `informed`.
    pub part: String,
    /// Why.
    pub because: String,
    /// The version of the rules that concluded it.
    pub rule: i64,
    /// The last that it said of this revision, or that it says nothing: `no comment` once half the time to decide has
    /// passed.
    #[sqlx(skip)]
    pub comment: Option<String>,
    /// Who said it.
    #[sqlx(skip)]
    pub person: Option<String>,
    /// When.
    #[sqlx(skip)]
    pub said_at: Option<Time>,
}

/// The board of a change, a window or an acceptance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct Board {
    /// The RACI activity that it falls under.
    pub activity: String,
    /// The discipline that answers for it.
    pub accountable: String,
    /// Who asked.
    pub requester: String,
    /// When this revision was asked for.
    pub asked_at: Time,
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
    /// The disciplines that are heard and told.
    #[sqlx(skip)]
    pub heard: Vec<Heard>,
    /// What this change says otherwise than the one it replaces, and who said no to that one.
    #[sqlx(skip)]
    pub replaces: Option<Replaces>,
}

impl Board {
    /// The disciplines that must say yes, without their reasons.
    pub fn approvals(&self) -> Approvals {
        let one = |one: &Required| Approval {
            discipline: one.discipline.clone(),
            veto: one.veto,
            decision: one.decision.clone(),
            person: one.person.clone(),
            need: one.need.clone(),
        };
        Approvals(self.required.iter().map(one).collect())
    }
}

/// The change that another replaces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Replaces {
    /// Its reference.
    pub r#ref: String,
    /// Who said no, with the reason.
    pub refused: Vec<Refused>,
    /// What is asked otherwise now.
    pub differences: Vec<Difference>,
}

/// A no on an earlier change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct Refused {
    /// The discipline.
    pub discipline: String,
    /// Who said it.
    pub person: String,
    /// Why.
    pub reason: Option<String>,
    /// When.
    pub decided_at: Time,
    /// Whether it was a veto.
    pub veto: bool,
}

#[derive(FromRow)]
struct Candidate {
    discipline: String,
    person: String,
    role: String,
    scope: String,
    on_call: bool,
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
        "SELECT activity, accountable, requester, asked_at, revision, approve_by, decided_at, state
         FROM approval WHERE ref = $1",
        reference
    )?
    else {
        return Ok(None);
    };
    board.required = rows!(
        c,
        Required,
        "SELECT q.discipline, q.need, q.veto, q.because, q.rule, d.decision, d.person, d.reason, d.decided_at, d.seq
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
        "SELECT DISTINCT q.discipline, o.ref AS person, g.role, g.scope,
                q.need <> 'one_of' OR v.state <> 'pending' OR EXISTS (
                    SELECT 1 FROM duty u WHERE u.person_ref = o.ref AND u.discipline = q.discipline
                       AND u.site = v.site AND u.start_at <= $2 AND u.end_at > $2) AS on_call
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
        let able: Vec<&Candidate> = candidates
            .iter()
            .filter(|one| one.discipline == required.discipline && one.on_call)
            .filter(|one| Role::parse(&one.role).is_some_and(Role::decides))
            .collect();
        required.corporate = !able.is_empty() && able.iter().all(|one| one.scope == "*");
        required.could = able.iter().map(|one| one.person.clone()).collect();
        required.could.dedup();
    }
    board.heard = rows!(
        c,
        Heard,
        "SELECT discipline, part, because, rule FROM concern
         WHERE approval_ref = $1 AND revision = $2 ORDER BY part, discipline",
        reference,
        board.revision
    )?;
    // Where no time was left to speak, silence says nothing.
    let silent =
        board.asked_at < board.approve_by && halfway(board.asked_at, board.approve_by) <= now;
    let said = comments(c, reference).await?;
    for heard in &mut board.heard {
        let of = |one: &&Comment| {
            one.revision == board.revision && one.discipline.as_ref() == Some(&heard.discipline)
        };
        if let Some(last) = said.iter().rev().find(of) {
            heard.comment = Some(last.text.clone());
            heard.person = Some(last.person.clone());
            heard.said_at = Some(last.said_at);
        } else if heard.part == "consulted" && silent {
            heard.comment = Some("no comment".to_owned());
        }
    }
    board.replaces = replaces(c, reference).await?;
    Ok(Some(board))
}

/// When silence reads as having nothing to say: half the time from the asking to the decision.
fn halfway(asked: Time, due: Time) -> Time {
    Time::from_micros(asked.micros().midpoint(due.micros()))
}

async fn replaces(c: &mut Link<'_>, reference: &str) -> Result<Option<Replaces>, StoreError> {
    let Some(earlier) = scalar!(
        c,
        String,
        "SELECT supersedes FROM change WHERE ref = $1 AND supersedes IS NOT NULL",
        reference
    )?
    else {
        return Ok(None);
    };
    let (Ok(before), Ok(after)) = (Ref::new(&earlier), Ref::new(reference)) else {
        return Ok(None);
    };
    let refused = rows!(
        c,
        Refused,
        "SELECT d.discipline, d.person, d.reason, d.decided_at, q.veto FROM decision d
         JOIN requirement q ON q.approval_ref = d.approval_ref AND q.revision = d.revision
              AND q.discipline = d.discipline
         WHERE d.approval_ref = $1 AND d.decision = 'no' ORDER BY d.seq",
        &earlier
    )?;
    let (before, after) = (asked::bound(c, &before).await?, asked::bound(c, &after).await?);
    Ok(Some(Replaces { r#ref: earlier, refused, differences: before.differences(&after) }))
}
