//! Checks of risks and of their acceptances against the tables.

use sqlx::FromRow;

use super::approval::Board;
use super::turned;
use crate::domain::acceptance;
use crate::domain::approval::Decision;
use crate::domain::names::{Login, Ref};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::risk::{Kind, State};
use crate::domain::role::Holder;
use crate::domain::state_words;
use crate::domain::time::Time;
use crate::store::fault::StoreError;
use crate::store::said::Said;
use crate::store::{asked, facts, link::Link};
use crate::{opt, scalar};

/// A risk as the rules see it.
#[derive(Clone, Debug, FromRow)]
pub struct Risk {
    /// Its site.
    pub site: String,
    /// Its state, by word.
    pub state: String,
    /// Where it came from, by word.
    pub source: String,
    /// The advisory it was found by.
    pub advisory: Option<String>,
}

impl Risk {
    /// Reads a risk.
    ///
    /// # Errors
    /// `unknown` if there is none.
    pub async fn read(c: &mut Link<'_>, reference: &Ref) -> Result<Self, StoreError> {
        opt!(
            c,
            Self,
            "SELECT site, state, source, advisory FROM risk WHERE ref = $1",
            reference.as_str()
        )?
        .ok_or_else(|| Refusal::unknown("risk", reference.as_str(), "risks").into())
    }

    /// The state, by its type.
    pub fn state(&self) -> State {
        State::parse(&self.state).unwrap_or(State::Closed)
    }
}

async fn owner(c: &mut Link<'_>, owner: Option<&Login>) -> Result<(), StoreError> {
    match owner {
        Some(login) => facts::person(c, login).await.map(|_| ()),
        None => Ok(()),
    }
}

/// Refuses what the state of the risk does not allow, with who brought it there.
async fn moves(c: &mut Link<'_>, said: &Said<'_>, kind: &Kind) -> Result<Risk, StoreError> {
    let now = Risk::read(c, &said.subject).await?;
    turned::stands(c, said, &said.subject, &now.state, kind.moves(now.state())).await?;
    Ok(now)
}

/// Checks an entry about a risk.
pub async fn admit(c: &mut Link<'_>, said: &Said<'_>, kind: &Kind) -> Result<(), StoreError> {
    match kind {
        Kind::Raised(made) => owner(c, made.owner.as_ref()).await,
        Kind::Found(made) => {
            let found = scalar!(
                c,
                i64,
                "SELECT seq FROM vuln_match WHERE advisory_ref = $1 AND site = $2
                 AND tier IN ('confirmed', 'likely') LIMIT 1",
                made.advisory.as_str(),
                made.site.as_str()
            )?;
            if found.is_none() {
                return Err(Refusal::new(
                    Code::Missing,
                    format!("no asset of {} was found in {}", made.site, made.advisory),
                    "a risk is found by a match that is confirmed or likely",
                )
                .into());
            }
            let stands = scalar!(
                c,
                i64,
                "SELECT seq FROM risk WHERE advisory = $1 AND site = $2",
                made.advisory.as_str(),
                made.site.as_str()
            )?;
            facts::fresh(stands, "a risk of advisory", made.advisory.as_str())
        }
        Kind::Assessed(made) => {
            moves(c, said, kind).await?;
            owner(c, made.owner.as_ref()).await
        }
        Kind::Treated(made) => {
            moves(c, said, kind).await?;
            owner(c, made.owner.as_ref()).await
        }
        Kind::Closed(_) => {
            moves(c, said, kind).await?;
            Ok(())
        }
        Kind::Reweighed(_) => {
            let now = moves(c, said, kind).await?;
            if now.advisory.is_some() {
                return Ok(());
            }
            Err(Refusal::new(
                Code::Invalid,
                format!("{} was not found by analysis", said.subject),
                "weigh it with `smc do risk.assess`",
            )
            .into())
        }
        Kind::Accepted(made) => {
            moves(c, said, kind).await?;
            linked(c, &said.subject, &made.acceptance, acceptance::State::Approved).await
        }
        Kind::Reopened(made) => {
            moves(c, said, kind).await?;
            linked(c, &said.subject, &made.acceptance, acceptance::State::Expired).await
        }
    }
}

/// Refuses an acceptance that is not of this risk and in this state.
async fn linked(
    c: &mut Link<'_>,
    risk: &Ref,
    reference: &Ref,
    state: acceptance::State,
) -> Result<(), StoreError> {
    let found = opt!(
        c,
        (String, String),
        "SELECT risk, state FROM acceptance WHERE ref = $1",
        reference.as_str()
    )?;
    match found {
        Some((of, stands)) if of == risk.as_str() && stands == state.word() => Ok(()),
        Some(_) | None => Err(Refusal::new(
            Code::Conflict,
            format!("{reference} is no acceptance of {risk} that is {state}"),
            "ask for one with `smc do risk.accept`",
        )
        .into()),
    }
}

/// Checks an entry about an acceptance.
pub async fn acceptance(
    c: &mut Link<'_>,
    said: &Said<'_>,
    kind: &acceptance::Kind,
    actor: &Holder,
) -> Result<(), StoreError> {
    let at = said.entry.at;
    match kind {
        acceptance::Kind::Requested(made) => {
            let state = Risk::read(c, &made.r#ref).await?.state();
            if matches!(state, State::Closed | State::Accepted) {
                return Err(Refusal::new(
                    Code::WrongState,
                    format!("{} is {state}", made.r#ref),
                    "only a risk that is open can be accepted",
                )
                .into());
            }
            crate::domain::window::not_past(made.until, at)?;
            match &said.site {
                Some(site) => asked::acceptance(c, said, site, made).await?.admit(c, said).await,
                None => Ok(()),
            }
        }
        acceptance::Kind::Decided(made) => {
            let (state, until) = stored(c, &said.subject).await?;
            let board = Board::read(c, &said.subject).await?;
            if state != acceptance::State::Requested.word() {
                return Err(board
                    .late(&said.subject, Some(made.discipline), moved(&said.subject, &state))
                    .into());
            }
            crate::domain::window::not_past(until, at)?;
            board.admit(c, &Decision::from(made), actor, at).await?;
            Ok(())
        }
        acceptance::Kind::Expired(made) => {
            let (state, until) = stored(c, &said.subject).await?;
            if state != acceptance::State::Approved.word() {
                return Err(moved(&said.subject, &state).into());
            }
            super::change::due(&said.subject, until, made.due, at)
        }
    }
}

fn moved(reference: &Ref, state: &str) -> Refusal {
    Refusal::new(
        Code::WrongState,
        format!("{reference} is {}", state_words::spoken(state)),
        "see `smc show` for who decided what",
    )
}

async fn stored(c: &mut Link<'_>, reference: &Ref) -> Result<(String, Time), StoreError> {
    opt!(
        c,
        (String, Time),
        "SELECT state, until_at FROM acceptance WHERE ref = $1",
        reference.as_str()
    )?
    .ok_or_else(|| Refusal::unknown("acceptance", reference.as_str(), "risks").into())
}
