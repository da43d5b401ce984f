//! What a change stands on at each of its steps, since rule version 5: times that can be meant, a request that is not the
//! one that was vetoed, a template that holds, assets that are there, and everybody's yes whom the rules ask for now.

use super::{Board, Change, asked};
use crate::domain::approval::{Ask, Candidate};
use crate::domain::change::{
    Bound, Impacts, Nature, Plan, Request, State, TEMPLATE, Terms, as_approved, reverts, timely,
};
use crate::domain::intervention::Intervention;
use crate::domain::names::{Ref, SiteCode};
use crate::domain::raci::Activity;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::risk;
use crate::domain::text::{Line, Prose};
use crate::domain::time::Time;
use crate::store::admit::risk::Risk;
use crate::store::asked::Asked;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::said::Said;
use crate::{opt, rows, scalar};

/// Checks a request by its times, by what was refused before, by the template it uses and by the risks it names.
pub async fn asks(c: &mut Link<'_>, said: &Said<'_>, made: &Request) -> Result<(), StoreError> {
    let at = said.entry.at;
    let plan =
        Plan { kind: made.kind, start: made.start, end: made.end, revert_by: made.revert_by };
    timely(plan, made.approve_by, made.basis.is_some(), at)?;
    if said.body.v >= 7 {
        reverts(plan)?;
    }
    open_risks(c, made.risks.as_deref()).await?;
    if said.body.v >= 6 {
        Intervention::told(made.activity.unwrap_or(Activity::ControlChange), made.intervention)?;
    }
    match &made.supersedes {
        Some(earlier) => replaces(c, said, made, earlier).await?,
        None if said.body.v < 6 => {
            not_vetoed(c, said, made.site.as_str(), &wanted(made), None).await?;
        }
        None => {}
    }
    if said.body.v >= 6 {
        let supersedes = made.supersedes.as_ref().map(Ref::as_str);
        not_vetoed(c, said, made.site.as_str(), &wanted(made), supersedes).await?;
    }
    if let Some(template) = &made.template {
        let wanted = Terms {
            intervention: asked::done(made, said.body.v).map(|done| done.word().to_owned()),
            rollback: made.rollback.as_str().to_owned(),
            tests: made.tests.as_str().to_owned(),
            until: made.end,
        };
        holds(c, said, template).await?;
        as_approved(template, &terms(c, template, said.body.v).await?, &wanted)?;
    }
    if made.kind == Nature::Emergency
        && let Some(site) = &said.site
    {
        somebody_on_call(c, site.as_str(), said).await?;
    }
    Ok(())
}

/// Checks a revision by the times that it leads to, and by the template of a use.
pub async fn revised(
    c: &mut Link<'_>,
    said: &Said<'_>,
    (plan, approve_by): (Plan, Option<Time>),
    (rollback, tests): (Option<&Prose>, Option<&Prose>),
    explained: bool,
) -> Result<(), StoreError> {
    let at = said.entry.at;
    let now = Change::read(c, &said.subject).await?;
    if said.body.v >= 7 {
        reverts(plan)?;
    }
    // A start that stands since it was asked for is not asked for anew.
    let start = if plan.start == now.start_at { plan.start.max(at) } else { plan.start };
    timely(Plan { start: start.min(plan.end), ..plan }, approve_by, explained, at)?;
    let Some(template) = used(&now) else { return Ok(()) };
    holds(c, said, &template).await?;
    let said_or = |said: Option<&Prose>, stood: &str| {
        said.map_or_else(|| stood.to_owned(), |text| text.as_str().to_owned())
    };
    let wanted = Terms {
        intervention: now.intervention.clone().or_else(|| implied(&now.activity, said.body.v)),
        rollback: said_or(rollback, &now.rollback),
        tests: said_or(tests, &now.tests),
        until: plan.end,
    };
    Ok(as_approved(&template, &terms(c, &template, said.body.v).await?, &wanted)?)
}

/// Refuses a decision on a use, or its start, when its template no longer holds.
pub async fn template_holds(
    c: &mut Link<'_>,
    said: &Said<'_>,
    now: &Change,
) -> Result<(), StoreError> {
    match used(now) {
        Some(template) => holds(c, said, &template).await,
        None => Ok(()),
    }
}

/// Refuses a template in whose place everybody approved another, since rule version 7.
pub async fn in_use(c: &mut Link<'_>, said: &Said<'_>, template: &Ref) -> Result<(), StoreError> {
    let next = scalar!(
        c,
        String,
        "SELECT ref FROM change WHERE supersedes = $1 AND kind = 'standard' AND template IS NULL
             AND state IN ('approved', 'in_progress', 'implemented', 'verified') ORDER BY seq DESC LIMIT 1",
        template.as_str()
    )?;
    match next.filter(|_| said.body.v >= 7) {
        None => Ok(()),
        Some(next) => Err(Refusal::new(
            Code::WrongState,
            format!("the template {template} was superseded by {next}, which is approved"),
            format!("use {next}"),
        )
        .into()),
    }
}

fn used(now: &Change) -> Option<Ref> {
    now.template.as_deref().and_then(|template| Ref::new(template).ok())
}

async fn holds(c: &mut Link<'_>, said: &Said<'_>, template: &Ref) -> Result<(), StoreError> {
    in_use(c, said, template).await?;
    let stands = Change::read(c, template).await?;
    match stands.state_at(said.entry.at) {
        State::Approved | State::InProgress | State::Implemented | State::Verified => Ok(()),
        other @ (State::Requested
        | State::Rejected
        | State::Returned
        | State::Withdrawn
        | State::BackedOut
        | State::Expired) => Err(Refusal::new(
            Code::WrongState,
            format!("the template {template} is {other}"),
            "ask for a normal change, or for a new template first",
        )
        .into()),
    }
}

/// What is done to the assets of a row that does not say it.
fn implied(activity: &str, version: u32) -> Option<String> {
    let done = (version >= 6).then(|| Intervention::of(Activity::parse(activity)?, version));
    Some(done.flatten()?.word().to_owned())
}

/// What a template fixes for its uses, and until when: to its own end while it waits, a year from its approval at most.
async fn terms(c: &mut Link<'_>, template: &Ref, version: u32) -> Result<Terms, StoreError> {
    let stands = Change::read(c, template).await?;
    let approved =
        scalar!(c, Time, "SELECT decided_at FROM approval WHERE ref = $1", template.as_str())?;
    let year = approved.unwrap_or(stands.start_at).plus_seconds(TEMPLATE);
    let until = if stands.stored() == State::Approved { year.min(stands.end_at) } else { year };
    Ok(Terms {
        intervention: stands.intervention.or_else(|| implied(&stands.activity, version)),
        rollback: stands.rollback,
        tests: stands.tests,
        until,
    })
}

/// Refuses risks that are closed: what they were linked for is gone.
pub async fn open_risks(c: &mut Link<'_>, named: Option<&[Ref]>) -> Result<(), StoreError> {
    for reference in named.unwrap_or_default() {
        if Risk::read(c, reference).await?.state() == risk::State::Closed {
            return Err(Refusal::new(
                Code::WrongState,
                format!("the risk {reference} is closed"),
                "name one that is open, or raise it anew with `smc do risk.raise`",
            )
            .into());
        }
    }
    Ok(())
}

/// What is being done is not replaced: it is backed out or ended first. Nor is, since rule version 7, what may still be
/// approved and done, or both would be; a template stays in use until the next is approved.
async fn replaces(
    c: &mut Link<'_>,
    said: &Said<'_>,
    made: &Request,
    earlier: &Ref,
) -> Result<(), StoreError> {
    let earlier_now = Change::read(c, earlier).await?;
    let next = made.kind == Nature::Standard && made.template.is_none();
    let template =
        next && earlier_now.nature() == Nature::Standard && earlier_now.template.is_none();
    match earlier_now.state_at(said.entry.at) {
        now @ (State::Requested | State::Returned | State::Approved)
            if said.body.v >= 7 && !template =>
        {
            Err(Refusal::new(
                Code::WrongState,
                format!("{earlier} is {now} and can still be done"),
                format!("revise {earlier}, or withdraw it first: then it can be superseded"),
            )
            .into())
        }
        State::InProgress => Err(Refusal::new(
            Code::WrongState,
            format!("{earlier} is being done"),
            "complete it or back it out, then ask for what comes next",
        )
        .into()),
        State::Requested
        | State::Approved
        | State::Implemented
        | State::Verified
        | State::Rejected
        | State::Returned
        | State::Withdrawn
        | State::BackedOut
        | State::Expired => Ok(()),
    }
}

/// Refuses what was vetoed: it names the one that it replaces, so that those who decide see the veto. Up to rule version 5
/// that was what asked the same word for word; since then it is whatever asks the same at another time as well, while the
/// time of what was vetoed has not passed: a veto is not gone round by a minute.
pub async fn not_vetoed(
    c: &mut Link<'_>,
    said: &Said<'_>,
    site: &str,
    wanted: &Bound,
    supersedes: Option<&str>,
) -> Result<(), StoreError> {
    let loose = said.body.v >= 6;
    let from = if loose { said.entry.at } else { wanted.end };
    let vetoed = rows!(
        c,
        (String,),
        "SELECT ref FROM change WHERE state = 'rejected' AND site = $1
             AND (end_at = $2 OR (end_at > $2 AND CAST($3 AS BIGINT) = 1)) ORDER BY ref",
        site,
        from,
        i64::from(loose)
    )?;
    for (reference,) in vetoed {
        let Ok(named) = Ref::new(&reference) else { continue };
        let mut before = asked::bound(c, &named).await?;
        before.assets.sort_unstable();
        let replaced = supersedes == Some(reference.as_str());
        if loose && !replaced {
            (before.start, before.end) = (wanted.start, wanted.end);
        }
        if before.differences(wanted).is_empty() {
            return Err(Refusal::new(
                Code::Conflict,
                format!("{reference} asked the same and was vetoed"),
                "ask anew, name it in `supersedes` and change what the veto was about",
            )
            .into());
        }
    }
    Ok(())
}

/// What a request asks, as decisions bind to it.
pub fn wanted(made: &Request) -> Bound {
    let mut assets: Vec<String> = made.assets.iter().map(ToString::to_string).collect();
    assets.sort_unstable();
    Bound {
        assets,
        start: made.start,
        end: made.end,
        impacts: made.impacts.clone(),
        rollback: made.rollback.as_str().to_owned(),
        tests: made.tests.as_str().to_owned(),
    }
}

/// Refuses a revision that makes of a change what was vetoed, or what it was asked for in place of.
pub async fn differs(
    c: &mut Link<'_>,
    said: &Said<'_>,
    now: &Change,
    (plan, asked, impacts): (Plan, &Asked, &Impacts),
    (rollback, tests): (Option<&Prose>, Option<&Prose>),
) -> Result<(), StoreError> {
    let mut assets: Vec<String> = asked.assets.iter().map(ToString::to_string).collect();
    assets.sort_unstable();
    let text = |said: Option<&Prose>, stood: &str| {
        said.map_or_else(|| stood.to_owned(), |text| text.as_str().to_owned())
    };
    let wanted = Bound {
        assets,
        start: plan.start,
        end: plan.end,
        impacts: impacts.clone(),
        rollback: text(rollback, &now.rollback),
        tests: text(tests, &now.tests),
    };
    let supersedes = scalar!(
        c,
        String,
        "SELECT supersedes FROM change WHERE ref = $1 AND supersedes IS NOT NULL",
        said.subject.as_str()
    )?;
    if let Some(earlier) = supersedes.as_deref().and_then(|earlier| Ref::new(earlier).ok()) {
        super::request::other_than(c, &earlier, &wanted).await?;
    }
    not_vetoed(c, said, &now.site, &wanted, supersedes.as_deref()).await
}

/// Refuses an emergency at a site where nobody of IT security or engineering is on call but who asks for it; since rule
/// version 7 whoever is on call may decide as well.
async fn somebody_on_call(c: &mut Link<'_>, site: &str, said: &Said<'_>) -> Result<(), StoreError> {
    let at = said.entry.at;
    let called = rows!(
        c,
        (String, String),
        "SELECT d.person_ref, d.discipline FROM duty d JOIN person p ON p.ref = d.person_ref AND p.state = 'active'
         WHERE d.site = $1 AND d.discipline IN ('it_security', 'engineering') AND d.person_ref <> $2
           AND d.start_at <= $3 AND d.end_at > $3",
        site,
        said.actor.as_str(),
        at
    )?;
    let decide = match SiteCode::new(site) {
        Ok(site) if said.body.v >= 7 => asked::candidates(c, &site, at).await?,
        Ok(_) | Err(_) => Vec::new(),
    };
    let may = |(person, discipline): &(String, String)| {
        let is = |one: &Candidate| {
            one.person.as_str() == person && one.discipline.word() == discipline.as_str()
        };
        said.body.v < 7 || decide.iter().any(is)
    };
    if called.iter().any(may) {
        return Ok(());
    }
    Err(Refusal::new(
        Code::Missing,
        format!("nobody of IT security or engineering who may decide is on call at {site}"),
        "an administrator says who is with `smc do duty.set`; deciding needs a role as well, by `smc do role.grant`",
    )
    .into())
}

/// Refuses to begin what its assets, or those who must say yes by what is known now, no longer carry.
pub async fn carries(
    c: &mut Link<'_>,
    said: &Said<'_>,
    now: &Change,
    board: &Board,
) -> Result<(), StoreError> {
    let retired = opt!(
        c,
        (String,),
        "SELECT a.ref FROM change_asset x JOIN asset a ON a.ref = x.asset
         WHERE x.change_ref = $1 AND x.revision = $2 AND a.state <> 'active' ORDER BY a.ref LIMIT 1",
        said.subject.as_str(),
        now.revision
    )?;
    if let Some((asset,)) = retired {
        return Err(Refusal::new(
            Code::WrongState,
            format!("the asset {asset} is retired"),
            "ask for a change without it",
        )
        .into());
    }
    template_holds(c, said, now).await?;
    if now.nature() == Nature::Standard && now.template.is_none() {
        in_use(c, said, &said.subject).await?;
    }
    let asked = asked::standing(c, &said.subject).await?;
    let needed = asked.derived(c, said.body.v, said.entry.at).await?.required;
    let anew = "withdraw it and ask anew, with `supersedes`: those are asked then";
    board.covers(&needed, anew)?;
    // Whoever is to review an emergency has to be asked as well.
    if said.body.v >= 6 { Ok(board.asks(&needed, anew)?) } else { Ok(()) }
}

/// Refuses work at a site that asks for its number in the plant's own change system, while nobody has said it.
pub async fn numbered(c: &mut Link<'_>, said: &Said<'_>, told: bool) -> Result<(), StoreError> {
    let asks = scalar!(
        c,
        String,
        "SELECT s.ref FROM change t JOIN site s ON s.ref = t.site AND s.asks_number
         WHERE t.ref = $1 AND t.external_ref IS NULL",
        said.subject.as_str()
    )?;
    match asks.filter(|_| !told) {
        None => Ok(()),
        Some(site) => Err(Refusal::new(
            Code::Missing,
            format!("{site} asks for the number of {} in its own change system", said.subject),
            "say it in `external_ref`",
        )
        .into()),
    }
}

/// Who may take a request back: whoever asked for it, anybody else with the reason.
pub fn may_withdraw(said: &Said<'_>, now: &Change, note: Option<&Line>) -> Result<(), Refusal> {
    if now.requester == said.actor.as_str() || note.is_some() {
        return Ok(());
    }
    Err(Refusal::new(
        Code::Missing,
        format!("{} was asked for by {}", said.subject, now.requester),
        "say in `note` why it is taken back in their place",
    ))
}

/// Refuses a raised impact that leads a use out of its template.
pub async fn raised(c: &mut Link<'_>, asked: &Asked) -> Result<(), StoreError> {
    match asked.ask {
        Ask::Use(_) => super::request::within(c, asked).await,
        Ask::Change(_) | Ask::Window | Ask::Acceptance { .. } => Ok(()),
    }
}
