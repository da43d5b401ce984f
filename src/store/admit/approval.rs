//! The board of an approval as the tables hold it, and the check of a decision on it.

use sqlx::FromRow;

use crate::domain::approval::{
    self, Answer, Decision, Need, Outcome, Requirement, Stands, decide, outcome,
};
use crate::domain::discipline::Discipline;
use crate::domain::names::{Login, Ref, SiteCode};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::role::Holder;
use crate::domain::time::Time;
use crate::store::asked;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::{opt, rows};

/// What is decided on: who asked, under which revision, what is required, what stands.
#[derive(Clone, Debug)]
pub struct Board {
    /// Who asked.
    pub requester: Login,
    /// The site that it is asked at.
    pub site: String,
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
    need: String,
    veto: bool,
    because: String,
}

#[derive(FromRow)]
struct DecisionRow {
    discipline: String,
    person: String,
    decision: String,
    decided_at: Time,
}

impl Board {
    /// Reads the board of a reference.
    ///
    /// # Errors
    /// `unknown` if nothing of that name is decided on.
    pub async fn read(c: &mut Link<'_>, reference: &Ref) -> Result<Self, StoreError> {
        let unknown = || Refusal::unknown("request", reference.as_str(), "changes");
        let (requester, site, revision) = opt!(
            c,
            (String, String, i64),
            "SELECT requester, site, revision FROM approval WHERE ref = $1",
            reference.as_str()
        )?
        .ok_or_else(unknown)?;
        let required = rows!(
            c,
            RequirementRow,
            "SELECT discipline, need, veto, because FROM requirement
             WHERE approval_ref = $1 AND revision = $2 ORDER BY discipline",
            reference.as_str(),
            revision
        )?;
        let stand = rows!(
            c,
            DecisionRow,
            "SELECT discipline, person, decision, decided_at FROM decision
             WHERE approval_ref = $1 AND revision = $2 ORDER BY seq",
            reference.as_str(),
            revision
        )?;
        Ok(Self {
            requester: Login::new(&requester).map_err(|_| unknown())?,
            site,
            revision,
            required: required
                .into_iter()
                .filter_map(|row| {
                    Some(Requirement {
                        discipline: Discipline::parse(&row.discipline)?,
                        need: Need::parse(&row.need)?,
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
                        at: Some(row.decided_at),
                    })
                })
                .collect(),
        })
    }

    /// Whether this person may take this decision at this instant; says where it leads.
    ///
    /// # Errors
    /// The engine's refusals.
    pub async fn admit(
        &self,
        c: &mut Link<'_>,
        decision: &Decision,
        person: &Holder,
        at: Time,
    ) -> Result<Outcome, StoreError> {
        let leads = decide(decision, person, &self.requester, &self.required, &self.stand)?;
        let site = SiteCode::new(&self.site)
            .map_err(|fault| StoreError::Unavailable(fault.to_string()))?;
        let (discipline, login) = (decision.discipline, &person.login);
        let on_duty = asked::on_duty(c, login, discipline, &site, at).await?;
        approval::on_call(&decision.r#ref, discipline, login, &self.required, on_duty)?;
        Ok(leads)
    }

    /// Whether this person may say this of an emergency afterwards.
    ///
    /// # Errors
    /// The engine's refusals.
    pub fn reviewed(&self, said: &Decision, person: &Holder) -> Result<(), Refusal> {
        approval::review(said, person, &self.requester, &self.required, &self.stand)
    }

    /// The disciplines that have still to review it.
    pub fn to_review(&self) -> impl Iterator<Item = Discipline> {
        let given = |one: &Requirement| self.stand.iter().any(|s| s.discipline == one.discipline);
        self.required
            .iter()
            .filter(move |one| one.need != Need::Must && !given(one))
            .map(|one| one.discipline)
    }

    /// The review that found the change wrong.
    pub fn found_wrong(&self) -> Option<&Stands> {
        let reviews = |discipline: Discipline| {
            self.required.iter().any(|o| o.discipline == discipline && o.need != Need::Must)
        };
        self.stand.iter().find(|s| s.answer == Answer::No && reviews(s.discipline))
    }

    /// Refuses what comes after the word of this discipline, or the last word, was said, with who said it and when.
    pub fn late(&self, reference: &Ref, of: Option<Discipline>, refusal: Refusal) -> Refusal {
        let own = self.stand.iter().find(|one| Some(one.discipline) == of);
        let Some(last) = own.or(self.stand.last()) else { return refusal };
        let when = last.at.map(|at| format!(" at {at:#}")).unwrap_or_default();
        let Stands { discipline, person, answer, .. } = last;
        Refusal {
            message: format!(
                "{}; {reference} was decided {answer} by {person} for {discipline}{when}",
                refusal.message
            ),
            ..refusal
        }
    }

    /// Refuses to go on where the rules ask by now for the word of disciplines that were never asked for it, or whose yes
    /// is not here: assets were rated otherwise since, or decision rights moved.
    ///
    /// # Errors
    /// `missing`, with each discipline and why it must.
    pub fn covers(&self, needed: &[Requirement], anew: &'static str) -> Result<(), Refusal> {
        let yes = |discipline: Discipline| {
            self.stand.iter().any(|one| one.discipline == discipline && one.answer == Answer::Yes)
        };
        missing(needed.iter().filter(|one| one.need == Need::Must && !yes(one.discipline)), anew)
    }

    /// The same of what is still decided on, or reviewed later: whoever must speak has to be asked.
    ///
    /// # Errors
    /// As for [`covers`](Self::covers).
    pub fn asks(&self, needed: &[Requirement], anew: &'static str) -> Result<(), Refusal> {
        let asked = |discipline| self.required.iter().any(|one| one.discipline == discipline);
        missing(needed.iter().filter(|one| !asked(one.discipline)), anew)
    }

    /// Where the decisions lead with this one added.
    pub fn with(&self, decision: &Decision, person: &Login) -> Outcome {
        let mut stand = self.stand.clone();
        stand.push(Stands {
            discipline: decision.discipline,
            person: person.clone(),
            answer: decision.decision,
            at: None,
        });
        outcome(&self.required, &stand)
    }
}

fn missing<'a>(
    missing: impl Iterator<Item = &'a Requirement>,
    anew: &'static str,
) -> Result<(), Refusal> {
    let missing: Vec<_> =
        missing.map(|one| format!("{} ({})", one.discipline, one.because)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.join(", ");
    Err(Refusal::new(
        Code::Missing,
        format!("since it was asked for more became known, and nobody said yes for {names}"),
        anew,
    ))
}
