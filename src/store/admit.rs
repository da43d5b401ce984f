//! The one check of an entry against the tables: commands run it under the lock, replay runs it again.
//!
//! It reads facts and asks `domain`; it concludes nothing itself.

mod access;
mod alarm;
mod approval;
mod asset;
mod bypass;
mod calendar;
mod change;
mod comment;
mod extension;
mod founding;
mod person;
mod record;
mod restore;
mod risk;
mod session;
mod site;
mod turned;
mod vendor;
mod window;

use std::pin::Pin;

use super::facts::{self, Met};
use super::fault::StoreError;
use super::link::Link;
use super::said::Said;
use crate::domain::command::{Kind, Subject};
use crate::domain::names::{Ref, SiteCode};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::role::Holder;
use crate::scalar;

pub use approval::Board;
pub use change::{Change, conflicts};
pub use comment::commented;
pub(in crate::store) use founding::may_found;
pub use risk::Risk;
pub use window::Window;
pub use window::despite;

/// Checks an entry that stands at the end of the ledger against the tables before it is projected.
///
/// # Errors
/// `Refused` with the rule's code and words; anything else if the engine fails.
pub async fn admit(c: &mut Link<'_>, said: &Said<'_>) -> Result<(), StoreError> {
    if founding(c, said).await? {
        return Ok(());
    }
    number(c, said).await?;
    by_whom(c, said, None).await
}

/// Checks an entry whose number the store itself gave just now, maybe with others behind it; `met` is who wrote it and at
/// which site, where that was read under the same lock.
///
/// # Errors
/// As `admit`.
pub async fn admit_given(
    c: &mut Link<'_>,
    said: &Said<'_>,
    met: Option<Met>,
) -> Result<(), StoreError> {
    if founding(c, said).await? {
        return Ok(());
    }
    by_whom(c, said, met).await
}

/// Whether this is an entry of the store's own, and lawful.
async fn founding(c: &mut Link<'_>, said: &Said<'_>) -> Result<bool, StoreError> {
    founding::told(c, said).await?;
    if let Kind::Store(kind) = &said.kind {
        return founding::admit(c, said, kind).await.map(|()| true);
    }
    founding::founds(c, said).await
}

async fn by_whom(c: &mut Link<'_>, said: &Said<'_>, met: Option<Met>) -> Result<(), StoreError> {
    let Met { holder, site, stands } = match met {
        Some(met) => met,
        None => {
            let site = place(c, said).await?;
            facts::met(c, &said.actor, site.as_ref()).await?
        }
    };
    let actor = holder.ok_or_else(|| {
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
                "the entry names {} and {} is of {}",
                placed(said.site.as_ref()),
                said.subject,
                placed(site.as_ref())
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

/// A site in words, also where there is none.
fn placed(site: Option<&SiteCode>) -> String {
    site.map_or_else(|| "no site".to_owned(), |site| format!("the site {site}"))
}

/// What a check or a projection of one subject does. In a box, because whoever waits for one of many would else hold
/// room for all of them.
pub(super) type Work<'a> = Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send + 'a>>;

fn by_subject<'a>(c: &'a mut Link<'_>, said: &'a Said<'_>, actor: &'a Holder) -> Work<'a> {
    match &said.kind {
        Kind::Store(kind) => Box::pin(founding::admit(c, said, kind)),
        Kind::Restore(kind) => Box::pin(restore::admit(c, said, kind)),
        Kind::Site(kind) => Box::pin(site::site(c, kind)),
        Kind::Zone(kind) => Box::pin(site::zone(c, kind)),
        Kind::Raci(kind) => Box::pin(site::raci(c, said, kind)),
        Kind::Person(kind) => Box::pin(person::admit(c, said, kind)),
        Kind::Duty(kind) => Box::pin(person::duty(c, said, kind)),
        Kind::Asset(kind) => Box::pin(asset::asset(c, kind)),
        Kind::Advisory(kind) => Box::pin(asset::advisory(c, kind)),
        Kind::Import(kind) => Box::pin(asset::import(c, said, kind)),
        Kind::Vendor(kind) => Box::pin(vendor::admit(c, kind)),
        Kind::Risk(kind) => Box::pin(risk::admit(c, said, kind)),
        Kind::Acceptance(kind) => Box::pin(risk::acceptance(c, said, kind, actor)),
        Kind::Outage(kind) => Box::pin(calendar::outage(c, said, kind, actor)),
        Kind::Blackout(kind) => Box::pin(calendar::blackout(c, said, kind, actor)),
        Kind::Intervention(kind) => Box::pin(calendar::intervention(c, said, kind, actor)),
        Kind::Yardstick(_) => Box::pin(async { Ok(()) }),
        Kind::Change(kind) => Box::pin(change::admit(c, said, kind, actor)),
        Kind::Bypass(kind) => Box::pin(bypass::admit(c, said, kind)),
        Kind::Window(kind) => Box::pin(window::admit(c, said, kind, actor)),
        Kind::Extension(kind) => Box::pin(extension::admit(c, said, kind, actor)),
        Kind::Session(kind) => Box::pin(session::admit(c, said, kind)),
        Kind::Access(kind) => Box::pin(access::admit(c, said, kind)),
        Kind::Incident(kind) => Box::pin(record::incident(c, kind)),
        Kind::Report(kind) => Box::pin(record::report(c, said, kind)),
        Kind::LogLine(kind) => Box::pin(record::log_line(c, kind)),
        Kind::Alarm(kind) => Box::pin(alarm::alarm(c, said, kind)),
        Kind::Comment(kind) => Box::pin(comment::admit(c, said, kind, actor)),
        Kind::Task(kind) => Box::pin(alarm::task(c, said, kind, actor)),
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
    subject: &Ref,
) -> Result<Option<SiteCode>, StoreError> {
    use crate::domain::{
        access, alarm, asset, bypass,
        calendar::{blackout, outage},
        change, command, duty, extension, import, incident, intervention, log_line, person, raci,
        report, risk, session, site, task, window, yardstick, zone,
    };
    let named = match kind {
        Kind::Site(site::Kind::Registered(_)) => return Ok(None),
        Kind::Site(site::Kind::Required(made)) => Some(made.site.clone()),
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
        | Kind::Vendor(_) => return Ok(None),
        Kind::Duty(duty::Kind::Was(set)) => Some(set.site.clone()),
        Kind::Duty(duty::Kind::Ended(ended)) => Some(ended.site.clone()),
        Kind::Asset(asset::Kind::Registered(made)) => Some(made.site.clone()),
        Kind::Asset(asset::Kind::Updated(made)) => Some(made.site.clone()),
        Kind::Asset(asset::Kind::Retired(made)) => Some(made.site.clone()),
        Kind::Import(import::Kind::Started(made)) => made.site.clone(),
        Kind::Import(import::Kind::Confirmed(made)) => Some(made.site.clone()),
        Kind::Risk(risk::Kind::Raised(made)) => Some(made.site.clone()),
        Kind::Risk(risk::Kind::Found(made)) => Some(made.site.clone()),
        Kind::Outage(outage::Kind::Planned(made)) => Some(made.site.clone()),
        Kind::Blackout(blackout::Kind::Declared(made)) => Some(made.site.clone()),
        Kind::Intervention(intervention::Kind::Was(set)) => set.site.clone(),
        Kind::Yardstick(yardstick::Kind::TargetWas(set)) => set.site.clone(),
        Kind::Yardstick(yardstick::Kind::WasWeighed(_)) => return Ok(None),
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
        Kind::Access(access::Kind::Recorded(made)) => known(c, &made.asset, "asset").await?,
        Kind::Bypass(bypass::Kind::WasPlaced(made)) => known(c, &made.asset, "asset").await?,
        Kind::Session(session::Kind::Started(made)) => known(c, &made.asset, "asset").await?,
        Kind::Incident(incident::Kind::Declared(made)) => made.sites.first().cloned(),
        Kind::Report(report::Kind::Submitted(made)) => Some(made.r#where.site.clone()),
        Kind::LogLine(log_line::Kind::Added(made)) => Some(made.site.clone()),
        Kind::Extension(extension::Kind::Requested(made)) => {
            known(c, &made.r#ref, "window").await?
        }
        Kind::Acceptance(crate::domain::acceptance::Kind::Requested(made)) => {
            known(c, &made.r#ref, "risk").await?
        }
        Kind::Alarm(kind) => {
            let (_, subject) = alarm::parts(kind.alarm()).ok_or_else(|| unnamed(kind.alarm()))?;
            facts::site_of(c, &subject).await?.and_then(|site| SiteCode::new(&site).ok())
        }
        Kind::Task(said) => {
            let named = match said {
                task::Kind::Snoozed(made) => &made.r#ref,
                task::Kind::Woken(made) => &made.r#ref,
            };
            let (_, subject) = task::parts(named).ok_or_else(|| unnamed(named))?;
            facts::site_of(c, &subject).await?.and_then(|site| SiteCode::new(&site).ok())
        }
        Kind::Report(report::Kind::Triaged(made)) => known(c, &made.r#ref, "report").await?,
        Kind::Import(import::Kind::Finished(_)) | Kind::Comment(_) => {
            let subject = about(kind, subject);
            facts::site_of(c, &subject).await?.and_then(|site| SiteCode::new(&site).ok())
        }
        Kind::Risk(
            risk::Kind::Assessed(_)
            | risk::Kind::Treated(_)
            | risk::Kind::Closed(_)
            | risk::Kind::Reweighed(_)
            | risk::Kind::Accepted(_)
            | risk::Kind::Reopened(_),
        )
        | Kind::Acceptance(_)
        | Kind::Outage(outage::Kind::Moved(_) | outage::Kind::Cancelled(_))
        | Kind::Blackout(blackout::Kind::WasEnded(_))
        | Kind::Change(_)
        | Kind::Bypass(bypass::Kind::Renewed(_) | bypass::Kind::WasRemoved(_))
        | Kind::Incident(
            incident::Kind::Frozen(_) | incident::Kind::Exempted(_) | incident::Kind::Unfrozen(_),
        )
        | Kind::Session(session::Kind::WasCutOff(_) | session::Kind::WasEnded(_))
        | Kind::Extension(extension::Kind::Decided(_))
        | Kind::Window(_) => {
            let what = command::kind(kind.name()).map_or("object", |spec| spec.subject);
            known(c, &about(kind, subject), what).await?
        }
    };
    Ok(named)
}

/// What an entry of this kind is about, which stands already.
fn about(kind: &Kind, subject: &Ref) -> Ref {
    match kind.subject() {
        Subject::Is(named) => named,
        Subject::New(_) => subject.clone(),
    }
}

/// The site of something that must stand.
///
/// # Errors
/// `unknown` if it does not: whoever names what is not there must read that, not that a right is missing.
async fn known(
    c: &mut Link<'_>,
    reference: &Ref,
    what: &str,
) -> Result<Option<SiteCode>, StoreError> {
    let Some(site) = facts::site_of(c, reference).await? else {
        let list = if what.ends_with('s') { format!("{what}es") } else { format!("{what}s") };
        return Err(Refusal::unknown(what, reference.as_str(), &list).into());
    };
    Ok(SiteCode::new(&site).ok())
}

/// What is said to be an alarm or a task and is neither.
fn unnamed(reference: &Ref) -> Refusal {
    Refusal::new(
        Code::Unknown,
        format!("{reference} names no alarm and no task"),
        "see `smc list alarms` and `smc list tasks` for the references",
    )
}
