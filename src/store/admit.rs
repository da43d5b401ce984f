//! The one check of an entry against the tables: commands run it under the lock, replay runs it again.
//!
//! It reads facts and asks `domain`; it concludes nothing itself.

mod alarm;
mod approval;
mod asset;
mod change;
mod founding;
mod person;
mod record;
mod restore;
mod risk;
mod site;
mod vendor;
mod window;

use super::facts;
use super::fault::StoreError;
use super::link::Link;
use super::said::Said;
use crate::domain::command::Kind;
use crate::domain::names::SiteCode;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::role::Holder;
use crate::scalar;

pub use approval::Board;
pub use change::Change;
pub(in crate::store) use founding::may_found;
pub use risk::Risk;
pub use window::Window;

/// Checks an entry that stands at the end of the ledger against the tables before it is projected.
///
/// # Errors
/// `Refused` with the rule's code and words; anything else if the engine fails.
pub async fn admit(c: &mut Link<'_>, said: &Said<'_>) -> Result<(), StoreError> {
    if founding(c, said).await? {
        return Ok(());
    }
    number(c, said).await?;
    by_whom(c, said).await
}

/// Checks an entry whose number the store itself gave just now, maybe with others behind it.
///
/// # Errors
/// As `admit`.
pub async fn admit_given(c: &mut Link<'_>, said: &Said<'_>) -> Result<(), StoreError> {
    if founding(c, said).await? {
        return Ok(());
    }
    by_whom(c, said).await
}

/// Whether this is an entry of the store's own, and lawful.
async fn founding(c: &mut Link<'_>, said: &Said<'_>) -> Result<bool, StoreError> {
    founding::told(c, said).await?;
    if let Kind::Store(kind) = &said.kind {
        return founding::admit(c, said, kind).await.map(|()| true);
    }
    founding::founds(c, said).await
}

async fn by_whom(c: &mut Link<'_>, said: &Said<'_>) -> Result<(), StoreError> {
    let site = place(c, said).await?;
    let (actor, stands) = facts::holder_at(c, &said.actor, site.as_ref()).await?;
    let actor = actor.ok_or_else(|| {
        Refusal::new(
            Code::NotAllowed,
            format!("{} is not registered in this store", said.actor),
            "an administrator registers people with `smc do person.register`",
        )
    })?;
    actor.may(said.spec.right, site.as_ref(), said.entry.at)?;
    if said.site != site {
        return Err(Refusal::new(
            Code::Invalid,
            format!(
                "the entry names the site {:?} and {} is of {:?}",
                said.site, said.subject, site
            ),
            "write through the console or the command line",
        )
        .into());
    }
    if let Some(site) = site.filter(|_| !stands) {
        return Err(Refusal::unknown("site", site.as_str(), "sites").into());
    }
    by_subject(c, said, &actor).await
}

/// What reads much to conclude much is kept off the stack of everything else.
async fn by_subject(c: &mut Link<'_>, said: &Said<'_>, actor: &Holder) -> Result<(), StoreError> {
    match &said.kind {
        Kind::Store(kind) => founding::admit(c, said, kind).await,
        Kind::Restore(kind) => restore::admit(c, said, kind).await,
        Kind::Site(kind) => site::site(c, kind).await,
        Kind::Zone(kind) => site::zone(c, kind).await,
        Kind::Raci(kind) => site::raci(c, kind).await,
        Kind::Person(kind) => person::admit(c, said, kind).await,
        Kind::Duty(kind) => person::duty(c, kind).await,
        Kind::Asset(kind) => asset::asset(c, kind).await,
        Kind::Advisory(kind) => asset::advisory(c, kind).await,
        Kind::Import(kind) => asset::import(c, said, kind).await,
        Kind::Vendor(kind) => vendor::admit(c, kind).await,
        Kind::Risk(kind) => risk::admit(c, said, kind).await,
        Kind::Acceptance(kind) => Box::pin(risk::acceptance(c, said, kind, actor)).await,
        Kind::Change(kind) => Box::pin(change::admit(c, said, kind, actor)).await,
        Kind::Window(kind) => Box::pin(window::admit(c, said, kind, actor)).await,
        Kind::Incident(kind) => record::incident(c, kind).await,
        Kind::Report(kind) => record::report(c, said, kind).await,
        Kind::LogLine(kind) => record::log_line(c, kind).await,
        Kind::Alarm(kind) => alarm::alarm(c, said, kind).await,
        Kind::Task(kind) => alarm::task(c, said, kind, actor).await,
    }
}

/// A numbered subject is the next of its prefix: a gap would be an entry that somebody hid.
async fn number(c: &mut Link<'_>, said: &Said<'_>) -> Result<(), StoreError> {
    let Some(prefix) = said.spec.creates else { return Ok(()) };
    let last = scalar!(c, i64, "SELECT last FROM counter WHERE prefix = $1", prefix)?.unwrap_or(0);
    let given = said.subject.number().map_or(0, |(_, number)| number);
    // The same number twice is held by the key of the table.
    if given == last || given == last.saturating_add(1) {
        return Ok(());
    }
    Err(Refusal::new(
        Code::Invalid,
        format!("{} was given out of turn: the last was {prefix}-{last}", said.subject),
        "let the store give the number",
    )
    .into())
}

/// The site that an entry is about: what its data says when it makes a subject, else what the tables say.
pub async fn place(c: &mut Link<'_>, said: &Said<'_>) -> Result<Option<SiteCode>, StoreError> {
    place_of(c, &said.kind, &said.subject).await
}

/// The site of an entry of this kind and subject, before it is appended.
pub async fn place_of(
    c: &mut Link<'_>,
    kind: &Kind,
    subject: &crate::domain::names::Ref,
) -> Result<Option<SiteCode>, StoreError> {
    use crate::domain::{
        alarm, asset, change, command::Subject, duty, import, incident, log_line, person, raci,
        report, risk, site, task, vendor, window, zone,
    };
    let named = match kind {
        Kind::Site(site::Kind::Registered(_)) => return Ok(None),
        Kind::Zone(zone::Kind::Registered(made)) => Some(made.site.clone()),
        Kind::Raci(raci::Kind::Was(set)) => set.site.clone(),
        Kind::Person(
            person::Kind::Registered(_)
            | person::Kind::Deactivated(_)
            | person::Kind::Granted(_)
            | person::Kind::Revoked(_),
        )
        | Kind::Store(_)
        | Kind::Restore(_)
        | Kind::Advisory(_)
        | Kind::Vendor(vendor::Kind::Registered(_) | vendor::Kind::PersonRegistered(_)) => {
            return Ok(None);
        }
        Kind::Duty(duty::Kind::Was(set)) => Some(set.site.clone()),
        Kind::Asset(asset::Kind::Registered(made)) => Some(made.site.clone()),
        Kind::Asset(asset::Kind::Updated(made)) => Some(made.site.clone()),
        Kind::Asset(asset::Kind::Retired(made)) => Some(made.site.clone()),
        Kind::Import(import::Kind::Started(made)) => made.site.clone(),
        Kind::Import(import::Kind::Confirmed(made)) => Some(made.site.clone()),
        Kind::Risk(risk::Kind::Raised(made)) => Some(made.site.clone()),
        Kind::Risk(risk::Kind::Found(made)) => Some(made.site.clone()),
        Kind::Change(change::Kind::Requested(made)) => Some(made.site.clone()),
        Kind::Window(window::Kind::Requested(made)) => {
            let first = made.assets.first().ok_or_else(|| {
                Refusal::new(
                    Code::Missing,
                    "the window names no asset",
                    "name at least one in `assets`",
                )
            })?;
            let site = facts::asset(c, first).await?;
            SiteCode::new(&site).ok()
        }
        Kind::Incident(incident::Kind::Declared(made)) => made.sites.first().cloned(),
        Kind::Report(report::Kind::Submitted(made)) => Some(made.r#where.site.clone()),
        Kind::LogLine(log_line::Kind::Added(made)) => Some(made.site.clone()),
        Kind::Acceptance(crate::domain::acceptance::Kind::Requested(made)) => {
            facts::site_of(c, &made.r#ref).await?.and_then(|site| SiteCode::new(&site).ok())
        }
        Kind::Alarm(kind) => {
            let (_, subject) = alarm::parts(kind.alarm()).ok_or_else(|| unnamed(kind.alarm()))?;
            facts::site_of(c, &subject).await?.and_then(|site| SiteCode::new(&site).ok())
        }
        Kind::Task(task::Kind::Snoozed(made)) => {
            let (_, subject) = task::parts(&made.r#ref).ok_or_else(|| unnamed(&made.r#ref))?;
            facts::site_of(c, &subject).await?.and_then(|site| SiteCode::new(&site).ok())
        }
        Kind::Report(report::Kind::Triaged(made)) => {
            facts::site_of(c, &made.r#ref).await?.and_then(|site| SiteCode::new(&site).ok())
        }
        Kind::Import(import::Kind::Finished(_))
        | Kind::Risk(
            risk::Kind::Assessed(_)
            | risk::Kind::Treated(_)
            | risk::Kind::Closed(_)
            | risk::Kind::Reweighed(_)
            | risk::Kind::Accepted(_)
            | risk::Kind::Reopened(_),
        )
        | Kind::Acceptance(_)
        | Kind::Change(_)
        | Kind::Window(_) => {
            let subject = match kind.subject() {
                Subject::Is(named) => named,
                Subject::New(_) => subject.clone(),
            };
            facts::site_of(c, &subject).await?.and_then(|site| SiteCode::new(&site).ok())
        }
    };
    Ok(named)
}

/// What is said to be an alarm or a task and is neither.
fn unnamed(reference: &crate::domain::names::Ref) -> Refusal {
    Refusal::new(
        Code::Unknown,
        format!("{reference} names no alarm and no task"),
        "see `smc list alarms` and `smc list tasks` for the references",
    )
}
