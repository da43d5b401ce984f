//! Checks of changes against the tables.

use sqlx::FromRow;

use super::approval::Board;
use super::risk::Risk;
use super::{bypass, turned};
use crate::domain::approval::{Answer, Decision};
use crate::domain::change::{self, Configuration, Impacts, Kind, Nature, Plan, State, Sum};
use crate::domain::names::{Ref, SiteCode};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::role::Holder;
use crate::domain::text::Line;
use crate::domain::time::Time;
use crate::opt;
use crate::store::fault::StoreError;
use crate::store::said::Said;
use crate::store::{asked, facts, link::Link};

mod conflict;
mod ground;
mod renewal;
mod request;

pub use conflict::standing as conflicts;
pub use ground::open_risks;
pub use request::found_right;

/// A change as the rules see it.
#[derive(Clone, Debug, FromRow)]
pub struct Change {
    /// Its site.
    pub site: String,
    /// Its state, by word.
    pub state: String,
    /// How it is approved, by word.
    pub kind: String,
    /// When work begins.
    pub start_at: Time,
    /// When work ends.
    pub end_at: Time,
    /// When a temporary change must be reverted.
    pub revert_by: Option<Time>,
    /// The five impact answers, as JSON.
    pub impacts: String,
    /// Who asked.
    pub requester: String,
    /// The RACI activity.
    pub activity: String,
    /// The revision that stands.
    pub revision: i64,
    /// When decisions are due.
    pub approve_by: Time,
    /// How it is undone.
    pub rollback: String,
    /// How it is tested.
    pub tests: String,
    /// Whether control logic changes.
    pub alters_logic: bool,
    /// Whether a validated parameter changes.
    pub alters_validated: bool,
    /// The standard change that it is a use of.
    pub template: Option<String>,
    /// Where the evidence is.
    pub evidence: Option<String>,
    /// What is done to the assets, by word, if the request says so.
    pub intervention: Option<String>,
    /// Where the configuration as it stood before is kept.
    pub before_ref: Option<String>,
    /// Its sum.
    pub before_sum: Option<String>,
    /// Where the configuration as it stands after the work is kept.
    pub after_ref: Option<String>,
    /// Its sum.
    pub after_sum: Option<String>,
}

impl Change {
    /// Reads a change.
    ///
    /// # Errors
    /// `unknown` if there is none.
    pub async fn read(c: &mut Link<'_>, reference: &Ref) -> Result<Self, StoreError> {
        opt!(
            c,
            Self,
            "SELECT site, state, kind, start_at, end_at, revert_by, impacts, requester, activity, revision, approve_by,
                 rollback, tests, alters_logic, alters_validated, template, evidence, intervention,
                 before_ref, before_sum, after_ref, after_sum
             FROM change WHERE ref = $1",
            reference.as_str()
        )?
        .ok_or_else(|| Refusal::unknown("change", reference.as_str(), "changes").into())
    }

    /// The state as it reads at this instant.
    pub fn state_at(&self, at: Time) -> State {
        change::state_at(State::parse(&self.state).unwrap_or(State::Expired), self.end_at, at)
    }

    fn stored(&self) -> State {
        State::parse(&self.state).unwrap_or(State::Expired)
    }

    /// How it is approved.
    pub fn nature(&self) -> Nature {
        Nature::parse(&self.kind).unwrap_or(Nature::Normal)
    }

    /// The five impact answers.
    ///
    /// # Errors
    /// If they are not as this program writes them.
    pub fn impacts(&self) -> Result<Impacts, StoreError> {
        asked::read(&self.impacts)
    }
}

/// Checks an entry about a change.
pub async fn admit(
    c: &mut Link<'_>,
    said: &Said<'_>,
    kind: &Kind,
    actor: &Holder,
) -> Result<(), StoreError> {
    let at = said.entry.at;
    match kind {
        Kind::Requested(made) => {
            assets(c, &made.site, &made.assets).await?;
            risks(c, made.site.as_str(), made.risks.as_deref()).await?;
            if let Some(earlier) = &made.supersedes {
                let earlier = Change::read(c, earlier).await?;
                if earlier.site != made.site.as_str() {
                    return Err(elsewhere("the change it supersedes", &earlier.site));
                }
            }
            let plan = Plan {
                kind: made.kind,
                start: made.start,
                end: made.end,
                revert_by: made.revert_by,
            };
            change::plan(plan, &made.impacts, at)?;
            if said.body.v >= 2 {
                request::asks(c, made).await?;
            }
            if said.body.v >= 5 {
                ground::asks(c, said, made).await?;
            }
            asked::change(said, made).admit(c, said).await
        }
        Kind::Revised(made) => {
            let now = Change::read(c, &said.subject).await?;
            moves(c, said, kind, &now).await?;
            if now.requester != said.actor.as_str() {
                return Err(Refusal::new(
                    Code::NotAllowed,
                    format!("{} was asked for by {}", said.subject, now.requester),
                    "whoever asked for it revises it",
                )
                .into());
            }
            if let Some(list) = &made.assets {
                let site = SiteCode::new(&now.site).map_err(|fault| {
                    Refusal::new(Code::Invalid, fault.to_string(), "run `smc verify`")
                })?;
                assets(c, &site, list).await?;
            }
            risks(c, &now.site, made.risks.as_deref()).await?;
            let impacts = match &made.impacts {
                Some(impacts) => impacts.clone(),
                None => now.impacts()?,
            };
            let plan = Plan {
                kind: Nature::parse(&now.kind).unwrap_or(Nature::Normal),
                start: made.start.unwrap_or(now.start_at),
                end: made.end.unwrap_or(now.end_at),
                revert_by: now.revert_by,
            };
            change::plan(plan, &impacts, at)?;
            let asked = asked::revised(c, said, made).await?;
            if said.body.v >= 2 {
                let stand = made.risks.is_none().then_some(now.revision);
                request::linked(c, &said.subject, &impacts, made.risks.as_deref(), stand).await?;
                request::within(c, &asked).await?;
            }
            if said.body.v >= 5 {
                ground::open_risks(c, made.risks.as_deref()).await?;
                let texts = (made.rollback.as_ref(), made.tests.as_ref());
                // What an emergency was explained with stands, if it is not said anew.
                ground::revised(c, said, (plan, made.approve_by), texts, true).await?;
                if said.body.v >= 6 {
                    ground::differs(c, said, &now, (plan, &asked, &impacts), texts).await?;
                }
            }
            asked.admit(c, said).await
        }
        Kind::ImpactRaised(made) => {
            let now = Change::read(c, &said.subject).await?;
            past(&said.subject, now.state_at(at))?;
            moves(c, said, kind, &now).await?;
            let board = Board::read(c, &said.subject).await?;
            request::may_raise(&said.subject, &board, actor)?;
            risks(c, &now.site, made.risks.as_deref()).await?;
            let asked = asked::raised(c, said, made).await?;
            if let Some(impacts) = &asked.impacts {
                let (more, stand) = (made.risks.as_deref(), Some(now.revision));
                request::linked(c, &said.subject, impacts, more, stand).await?;
            }
            if said.body.v >= 5 {
                ground::open_risks(c, made.risks.as_deref()).await?;
                ground::raised(c, &asked).await?;
            }
            asked.admit(c, said).await
        }
        Kind::Reviewed(made) => {
            let now = Change::read(c, &said.subject).await?;
            moves(c, said, kind, &now).await?;
            Ok(Board::read(c, &said.subject).await?.reviewed(&Decision::from(made), actor)?)
        }
        Kind::Decided(made) => {
            let now = Change::read(c, &said.subject).await?;
            past(&said.subject, now.state_at(at))?;
            let board = Board::read(c, &said.subject).await?;
            if matches!(now.stored(), State::Approved | State::Rejected | State::Returned) {
                kind.moves(now.stored())
                    .map_err(|refusal| board.late(&said.subject, Some(made.discipline), refusal))?;
            }
            moves(c, said, kind, &now).await?;
            board.admit(c, &Decision::from(made), actor, at).await?;
            if said.body.v >= 5 && made.decision == Answer::Yes {
                ground::template_holds(c, said, &now).await?;
            }
            Ok(())
        }
        Kind::Waived(made) => {
            let now = Change::read(c, &said.subject).await?;
            past(&said.subject, now.state_at(at))?;
            moves(c, said, kind, &now).await?;
            conflict::waives(c, said, &now, &made.conflict, actor).await
        }
        Kind::Started(made) => {
            let now = Change::read(c, &said.subject).await?;
            past(&said.subject, now.state_at(at))?;
            moves(c, said, kind, &now).await?;
            let board = Board::read(c, &said.subject).await?;
            request::found_right(&said.subject, &board, "withdraw it")?;
            change::may_start(now.start_at, now.end_at, at)?;
            if said.body.v >= 7 {
                change::in_time_to_revert(now.revert_by, at)?;
            }
            if said.body.v >= 5 {
                ground::carries(c, said, &now, &board).await?;
            }
            if said.body.v >= 6 {
                let instead = "nothing of its own is begun under it";
                renewal::carries_none(c, &said.subject, instead).await?;
                // What cannot wait for the ordinary way does not wait for its number either.
                if now.nature() != Nature::Emergency {
                    ground::numbered(c, said, made.external_ref.is_some()).await?;
                }
            }
            if said.body.v < 3 {
                return Ok(());
            }
            conflict::free(c, said, &now, actor).await
        }
        Kind::Verified(made) => {
            let now = Change::read(c, &said.subject).await?;
            moves(c, said, kind, &now).await?;
            if said.body.v < 2 {
                return Ok(());
            }
            let board = Board::read(c, &said.subject).await?;
            request::found_right(&said.subject, &board, "back it out")?;
            request::reviewed(&said.subject, &board)?;
            // Evidence of the start shows what stood before; the record is of the work.
            let told = said.body.v < 5 && now.evidence.is_some();
            request::validated(c, &said.subject, made.evidence.is_some() || told).await?;
            if said.body.v < 3 {
                return Ok(());
            }
            // What is temporary is verified as it was asked for, bypasses and all.
            if now.revert_by.is_none() {
                bypass::none_left(c, &said.subject).await?;
            }
            let before =
                Configuration { place: now.before_ref.as_deref(), sum: now.before_sum.as_deref() };
            let after = Configuration {
                place: made.after.as_ref().map(Line::as_str).or(now.after_ref.as_deref()),
                sum: made.after_sum.as_ref().map(Sum::as_str).or(now.after_sum.as_deref()),
            };
            Ok(change::told_again(said.subject.as_str(), before, after)?)
        }
        Kind::BackedOut(_) => {
            let now = Change::read(c, &said.subject).await?;
            past(&said.subject, now.state_at(at))?;
            moves(c, said, kind, &now).await?;
            let nature = Nature::parse(&now.kind).unwrap_or(Nature::Normal);
            let earlier = if said.body.v < 5 { Nature::Normal } else { nature };
            change::may_revert(now.stored(), earlier)?;
            if said.body.v < 3 { Ok(()) } else { bypass::none_left(c, &said.subject).await }
        }
        Kind::Completed(made) => {
            let now = Change::read(c, &said.subject).await?;
            past(&said.subject, now.state_at(at))?;
            moves(c, said, kind, &now).await?;
            if said.body.v < 5 {
                return Ok(());
            }
            let board = Board::read(c, &said.subject).await?;
            request::found_right(&said.subject, &board, "back it out")?;
            if said.body.v < 6 {
                return Ok(());
            }
            ground::numbered(c, said, made.external_ref.is_some()).await?;
            let told = made.note.is_some() || made.evidence.is_some();
            Ok(change::documented(said.subject.as_str(), now.nature(), told)?)
        }
        Kind::Renewed(made) => {
            let now = Change::read(c, &said.subject).await?;
            moves(c, said, kind, &now).await?;
            renewal::renews(c, said, &now, made).await
        }
        Kind::Withdrawn(made) => {
            let now = Change::read(c, &said.subject).await?;
            past(&said.subject, now.state_at(at))?;
            moves(c, said, kind, &now).await?;
            if said.body.v < 5 {
                return Ok(());
            }
            if said.body.v >= 6 {
                renewal::carries_none(c, &said.subject, "it is not taken back").await?;
            }
            Ok(ground::may_withdraw(said, &now, made.note.as_ref())?)
        }
        Kind::Expired(made) => {
            let now = Change::read(c, &said.subject).await?;
            moves(c, said, kind, &now).await?;
            due(&said.subject, now.end_at, made.due, at)
        }
    }
}

/// Refuses what the state of the change does not allow, with who brought it there.
async fn moves(
    c: &mut Link<'_>,
    said: &Said<'_>,
    kind: &Kind,
    now: &Change,
) -> Result<State, StoreError> {
    turned::stands(c, said, &said.subject, &now.state, kind.moves(now.stored())).await
}

/// Refuses risks of another site: what a change treats, and what a window was weighed as, is of its site.
pub async fn risks(c: &mut Link<'_>, site: &str, treats: Option<&[Ref]>) -> Result<(), StoreError> {
    for risk in treats.unwrap_or_default() {
        let risk = Risk::read(c, risk).await?;
        if risk.site != site {
            return Err(elsewhere("a risk that it names", &risk.site));
        }
    }
    Ok(())
}

/// Refuses a clock entry that comes too early, or names another deadline than the subject has.
pub fn due(subject: &Ref, own: Time, named: Time, at: Time) -> Result<(), StoreError> {
    if own == named && at >= own {
        return Ok(());
    }
    Err(Refusal::new(
        Code::TooEarly,
        format!("{subject} ends at {own:#}, the entry says {named:#} at {at:#}"),
        "let `smc tick` record it",
    )
    .into())
}

fn past(subject: &Ref, state: State) -> Result<(), StoreError> {
    if state == State::Expired {
        return Err(Refusal::new(
            Code::Expired,
            format!("{subject} has passed its end"),
            "ask for a new change that supersedes it",
        )
        .into());
    }
    Ok(())
}

fn elsewhere(what: &str, site: &str) -> StoreError {
    Refusal::new(
        Code::Conflict,
        format!("{what} is of {site}"),
        "a request is of one site; make one for each",
    )
    .into()
}

/// Refuses assets that are not there, of another site, named twice, or none at all.
pub async fn assets(c: &mut Link<'_>, site: &SiteCode, list: &[Ref]) -> Result<(), StoreError> {
    if list.is_empty() {
        return Err(Refusal::new(
            Code::Missing,
            "it names no asset",
            "name at least one in `assets`, as SITE/tag",
        )
        .into());
    }
    for (place, asset) in list.iter().enumerate() {
        let of = facts::asset(c, asset).await?;
        if of != site.as_str() {
            return Err(elsewhere(&format!("asset {asset}"), &of));
        }
        if list.iter().take(place).any(|earlier| earlier == asset) {
            return Err(Refusal::new(
                Code::Invalid,
                format!("it names {asset} twice"),
                "name each asset once",
            )
            .into());
        }
    }
    Ok(())
}
