//! Checks of vendor windows against the tables: everything is looked at again when one opens.

use std::collections::BTreeMap;

use sqlx::FromRow;

use super::approval::Board;
use super::change;
use super::{extension, turned};
use crate::domain::approval::{Answer, Decision, Requirement};
use crate::domain::conflict::opening::Despite;
use crate::domain::conflict::{Against, Conflict, Freeze};
use crate::domain::discipline::Discipline;
use crate::domain::incident;
use crate::domain::names::{Ref, SiteCode};
use crate::domain::raci::Activity;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::role::Holder;
use crate::domain::time::Time;
use crate::domain::window::ground::together;
use crate::domain::window::{self, Kind, Open, State};
use crate::store::asked::Visit;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::said::Said;
use crate::store::{asked, clashing, covering, facts};
use crate::{opt, scalar};

mod guest;
mod served;

pub use guest::lets_others_in;
pub use served::belongs;

use guest::{alone, unweighed, weighed};
use served::{serves, within};

/// A window as the rules see it.
#[derive(Clone, Debug, FromRow)]
pub struct Window {
    /// Its site.
    pub site: String,
    /// Its state, by word.
    pub state: String,
    /// When access begins.
    pub start_at: Time,
    /// When access ends.
    pub end_at: Time,
    /// Who comes.
    pub person: String,
}

impl Window {
    /// Reads a window.
    ///
    /// # Errors
    /// `unknown` if there is none.
    pub async fn read(c: &mut Link<'_>, reference: &Ref) -> Result<Self, StoreError> {
        opt!(
            c,
            Self,
            "SELECT site, state, start_at, end_at, person FROM vendor_window WHERE ref = $1",
            reference.as_str()
        )?
        .ok_or_else(|| Refusal::unknown("window", reference.as_str(), "windows").into())
    }

    /// The state as it is stored.
    pub fn stored(&self) -> State {
        State::parse(&self.state).unwrap_or(State::Lapsed)
    }
}

/// Checks an entry about a window.
pub async fn admit(
    c: &mut Link<'_>,
    said: &Said<'_>,
    kind: &Kind,
    actor: &Holder,
) -> Result<(), StoreError> {
    let at = said.entry.at;
    if let Kind::Requested(made) = kind {
        window::plan(made.start, made.end, at)?;
        if let Some(site) = &said.site {
            change::assets(c, site, &made.assets).await?;
        }
        let papers = covering::papers(c, made.vendor.as_str(), made.person.as_str()).await?;
        let mut lacks = papers.papers(made.end);
        if said.body.v >= 5 {
            lacks.extend(papers.unrecorded());
            timely(made.start, at)?;
        }
        together(lacks)?;
        if said.body.v >= 6 {
            alone(c, said, made).await?;
        }
        if said.body.v >= 7 {
            weighed(c, said, made).await?;
        }
        if let Some(reference) = &made.change {
            let change = serves(c, reference, said.site.as_ref()).await?;
            if said.body.v >= 5 {
                let visit = Visit {
                    vendor: made.vendor.to_string(),
                    person: made.person.to_string(),
                    start: made.start,
                    end: made.end,
                    assets: made.assets.clone(),
                };
                if let Some(refusal) = within(c, &visit, (reference, &change), said.body.v).await? {
                    return Err(refusal.into());
                }
            }
            if said.body.v >= 6 {
                let board = Board::read(c, reference).await?;
                change::found_right(reference, &board, "back it out before anybody comes for it")?;
            }
        }
        return match &said.site {
            Some(site) => asked::window(said, site, made).admit(c, said).await,
            None => Ok(()),
        };
    }
    let now = Window::read(c, &said.subject).await?;
    if let Err(refusal) = kind.moves(now.stored()) {
        return Err(late(c, said, kind, &now, refusal).await?.into());
    }
    match kind {
        Kind::Closed(made) if said.body.v >= 5 && made.close_out.is_none() => Err(Refusal::new(
            Code::Missing,
            format!("{} would be closed without a word of what was done", said.subject),
            "say it in `close_out`: what was done, and in which state things were left",
        )
        .into()),
        Kind::Requested(_) | Kind::Closed(_) | Kind::WasCutOff(_) | Kind::Cancelled(_) => Ok(()),
        Kind::Decided(made) => {
            if made.decision == Answer::Yes {
                window::not_past(now.end_at, at)?;
                lets_others_in(said, &now)?;
            }
            let board = Board::read(c, &said.subject).await?;
            board.admit(c, &Decision::from(made), actor, at).await?;
            Ok(())
        }
        Kind::Opened(made) => {
            lets_others_in(said, &now)?;
            opens(c, said, made, &now, actor).await
        }
        Kind::Extended(made) => extension::approved(c, &said.subject, &made.extension).await,
        Kind::Lapsed(made) => change::due(&said.subject, now.end_at, made.due, at),
    }
}

/// The refusal of what comes too late, with who was first and when.
async fn late(
    c: &mut Link<'_>,
    said: &Said<'_>,
    kind: &Kind,
    now: &Window,
    refusal: Refusal,
) -> Result<Refusal, StoreError> {
    let decided = matches!(now.stored(), State::Approved | State::Rejected);
    if let Kind::Decided(made) = kind
        && decided
    {
        let board = Board::read(c, &said.subject).await?;
        return Ok(board.late(&said.subject, Some(made.discipline), refusal));
    }
    turned::told(c, said, &said.subject, &now.state, refusal).await
}

/// Everything is asked again when a window opens, and whatever fails is named.
async fn opens(
    c: &mut Link<'_>,
    said: &Said<'_>,
    made: &Open,
    now: &Window,
    actor: &Holder,
) -> Result<(), StoreError> {
    let at = said.entry.at;
    let mut found = Vec::new();
    found.extend(window::may_open(now.start_at, now.end_at, at).err());
    let approval =
        scalar!(c, String, "SELECT state FROM approval WHERE ref = $1", said.subject.as_str())?;
    if approval.as_deref() != Some("approved") {
        found.push(Refusal::new(
            Code::WrongState,
            format!("the approval of {} does not stand", said.subject),
            "see `smc show` for who has not said yes",
        ));
    }
    let ground = covering::ground(c, said.subject.as_str(), at).await?;
    found.extend(ground.hindrances(now.end_at));
    if said.body.v >= 5 {
        found.extend(ground.unrecorded());
        found.extend(own(c, said, made, actor).await?);
    }
    if said.body.v >= 6 {
        found.extend(ground.wrong());
        found.extend(belongs(c, &said.subject, None, said.body.v).await?);
        let board = Board::read(c, &said.subject).await?;
        let needed = needed(c, said, &said.subject, &board).await?;
        found.extend(board.covers(&needed, "cancel it and ask for a new window").err());
    }
    if said.body.v >= 7 {
        found.extend(unweighed(c, &said.subject).await?);
    }
    if said.body.v >= 4 {
        found.extend(stands(c, said, made, actor).await?);
    } else if said.body.v >= 3 {
        let freezes = clashing::freezes(c, &now.site).await?;
        found.extend(freezes.iter().map(Freeze::refusal));
    }
    Ok(together(found)?)
}

/// Refuses to let something pass for one's own request: another of operations opens it then.
async fn own(
    c: &mut Link<'_>,
    said: &Said<'_>,
    made: &Open,
    actor: &Holder,
) -> Result<Option<Refusal>, StoreError> {
    if made.despite.as_deref().is_none_or(<[Ref]>::is_empty) {
        return Ok(None);
    }
    let requester =
        scalar!(c, String, "SELECT requester FROM approval WHERE ref = $1", said.subject.as_str())?;
    let own = requester.as_deref() == Some(actor.login.as_str());
    Ok(own.then(|| {
        Refusal::new(
            Code::FourEyes,
            format!("{} asked for {}", actor.login, said.subject),
            "another of operations opens it in spite of what stands against it",
        )
    }))
}

/// Refuses a start that lies a day back: what began before is not asked for but told.
fn timely(start: Time, at: Time) -> Result<(), Refusal> {
    if start.plus_seconds(crate::domain::change::BEGUN) >= at {
        return Ok(());
    }
    Err(Refusal::new(
        Code::Invalid,
        format!("it would have begun at {start:#}"),
        "give a start of today or later",
    ))
}

/// Who must have said yes to a window by what is known now.
pub async fn needed(
    c: &mut Link<'_>,
    said: &Said<'_>,
    window: &Ref,
    board: &Board,
) -> Result<Vec<Requirement>, StoreError> {
    let (Some(visit), Ok(site)) =
        (asked::visit(c, window.as_str()).await?, SiteCode::new(&board.site))
    else {
        return Ok(Vec::new());
    };
    let start = visit.start;
    let asked = visit.asks(site, board.requester.clone(), start);
    Ok(asked.derived(c, said.body.v, said.entry.at).await?.required)
}

/// What stands against the opening that nobody waived and the opening does not let pass.
async fn stands(
    c: &mut Link<'_>,
    said: &Said<'_>,
    made: &Open,
    actor: &Holder,
) -> Result<Vec<Refusal>, StoreError> {
    let Some(work) = clashing::access(c, said.subject.as_str()).await? else {
        return Ok(Vec::new());
    };
    let found = clashing::of_window(c, &work, said.entry.at).await?;
    let exempted = found.iter().filter(|(one, _)| one.against == Against::Freeze);
    let by = exempted.filter_map(|(_, waiver)| waiver.as_ref());
    let mut refused: Vec<Refusal> =
        by.filter_map(|one| incident::may_begin(actor, &one.person).err()).collect();
    let stands: Vec<Conflict> =
        found.into_iter().filter(|(_, waiver)| waiver.is_none()).map(|(one, _)| one).collect();
    let despite = despite(&said.subject, made);
    let site = SiteCode::new(&work.site)
        .map_err(|fault| Refusal::new(Code::Invalid, fault.to_string(), "run `smc verify`"))?;
    let mut answers = BTreeMap::new();
    for activity in stands.iter().filter_map(|one| one.against.waived_by()) {
        answers.insert(activity.word(), facts::raci(c, activity, &site).await?.accountable);
    }
    let answers = |activity: Activity| {
        answers.get(activity.word()).copied().unwrap_or(Discipline::Operations)
    };
    refused.extend(despite.refusals(&stands, answers));
    Ok(refused)
}

/// What an opening says of what stands against it.
pub fn despite<'a>(on: &'a Ref, made: &'a Open) -> Despite<'a> {
    let named = made.despite.as_deref().unwrap_or_default();
    Despite { on, named, explained: made.reason.is_some() }
}
