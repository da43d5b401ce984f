//! The board of an approval as the tables hold it, and the check of a decision on it.

use sqlx::FromRow;

use crate::domain::approval::{Answer, Decision, Outcome, Requirement, Stands, decide, outcome};
use crate::domain::discipline::Discipline;
use crate::domain::names::{Login, Ref};
use crate::domain::refusal::Refusal;
use crate::domain::role::Holder;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::{opt, rows};

/// What is decided on: who asked, under which revision, what is required, what stands.
#[derive(Clone, Debug)]
pub struct Board {
    /// Who asked.
    pub requester: Login,
    /// The revision that decisions bind to.
    pub revision: i64,
    /// Who must say yes.
    pub required: Vec<Requirement>,
    /// Decisions on this revision.
    pub stand: Vec<Stands>,
}

#[derive(FromRow)]
struct RequirementRow {
    discipline: String,
    veto: bool,
    because: String,
}

#[derive(FromRow)]
struct DecisionRow {
    discipline: String,
    person: String,
    decision: String,
}

impl Board {
    /// Reads the board of a reference.
    ///
    /// # Errors
    /// `unknown` if nothing of that name is decided on.
    pub async fn read(c: &mut Link<'_>, reference: &Ref) -> Result<Self, StoreError> {
        let unknown = || Refusal::unknown("request", reference.as_str(), "changes");
        let (requester, revision) = opt!(
            c,
            (String, i64),
            "SELECT requester, revision FROM approval WHERE ref = $1",
            reference.as_str()
        )?
        .ok_or_else(unknown)?;
        let required = rows!(
            c,
            RequirementRow,
            "SELECT discipline, veto, because FROM requirement
             WHERE approval_ref = $1 AND revision = $2 ORDER BY discipline",
            reference.as_str(),
            revision
        )?;
        let stand = rows!(
            c,
            DecisionRow,
            "SELECT discipline, person, decision FROM decision
             WHERE approval_ref = $1 AND revision = $2 ORDER BY seq",
            reference.as_str(),
            revision
        )?;
        Ok(Self {
            requester: Login::new(&requester).map_err(|_| unknown())?,
            revision,
            required: required
                .into_iter()
                .filter_map(|row| {
                    Some(Requirement {
                        discipline: Discipline::parse(&row.discipline)?,
                        veto: row.veto,
                        because: row.because,
                    })
                })
                .collect(),
            stand: stand
                .into_iter()
                .filter_map(|row| {
                    Some(Stands {
                        discipline: Discipline::parse(&row.discipline)?,
                        person: Login::new(&row.person).ok()?,
                        answer: Answer::parse(&row.decision)?,
                    })
                })
                .collect(),
        })
    }

    /// Whether this person may take this decision; says where it leads.
    ///
    /// # Errors
    /// The engine's refusals.
    pub fn admit(&self, decision: &Decision, person: &Holder) -> Result<Outcome, Refusal> {
        decide(decision, person, &self.requester, &self.required, &self.stand)
    }

    /// Where the decisions lead with this one added.
    pub fn with(&self, decision: &Decision, person: &Login) -> Outcome {
        let mut stand = self.stand.clone();
        stand.push(Stands {
            discipline: decision.discipline,
            person: person.clone(),
            answer: decision.decision,
        });
        outcome(&self.required, &stand)
    }
}
