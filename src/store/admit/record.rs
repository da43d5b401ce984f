//! Checks of what is written down: incidents, reports, log lines.

use crate::domain::refusal::{Code, Refusal};
use crate::domain::{incident, log_line, report};
use crate::scalar;
use crate::store::fault::StoreError;
use crate::store::said::Said;
use crate::store::{facts, link::Link};

/// An incident is declared at sites that are there, each named once; they are frozen once and a freeze that stands is
/// lifted.
pub async fn incident(c: &mut Link<'_>, kind: &incident::Kind) -> Result<(), StoreError> {
    let (made, freezes) = match kind {
        incident::Kind::Declared(made) => (Some(made), None),
        incident::Kind::Frozen(made) => (None, Some((&made.r#ref, true))),
        incident::Kind::Unfrozen(made) => (None, Some((&made.r#ref, false))),
    };
    if let Some((on, freezes)) = freezes {
        scalar!(c, String, "SELECT state FROM incident WHERE ref = $1", on.as_str())?
            .ok_or_else(|| Refusal::unknown("incident", on.as_str(), "incidents"))?;
        let now = scalar!(
            c,
            String,
            "SELECT state FROM site_freeze WHERE incident_ref = $1",
            on.as_str()
        )?;
        let now = now.as_deref().and_then(incident::Freezing::parse);
        incident::Freezing::after(on, now, freezes)?;
    }
    let Some(made) = made else { return Ok(()) };
    if made.sites.is_empty() {
        return Err(Refusal::new(
            Code::Missing,
            "the incident names no site",
            "name at least one in `sites`",
        )
        .into());
    }
    for (place, site) in made.sites.iter().enumerate() {
        // The first is the incident's own, which was looked for already.
        if place > 0 {
            facts::site(c, site).await?;
        }
        if made.sites.iter().take(place).any(|earlier| earlier == site) {
            return Err(Refusal::new(
                Code::Invalid,
                format!("the incident names {site} twice"),
                "name each site once",
            )
            .into());
        }
    }
    Ok(())
}

/// A report is of a site that is there; triage is of a report.
pub async fn report(
    c: &mut Link<'_>,
    said: &Said<'_>,
    kind: &report::Kind,
) -> Result<(), StoreError> {
    match kind {
        report::Kind::Submitted(_) => Ok(()),
        report::Kind::Triaged(made) => triaged(c, said, kind, made).await,
    }
}

/// A report is triaged once, with what its outcome asks for; what it is linked to is of its site.
async fn triaged(
    c: &mut Link<'_>,
    said: &Said<'_>,
    kind: &report::Kind,
    made: &report::Triage,
) -> Result<(), StoreError> {
    let state = scalar!(c, String, "SELECT state FROM report WHERE ref = $1", made.r#ref.as_str())?
        .ok_or_else(|| Refusal::unknown("report", made.r#ref.as_str(), "reports"))?;
    kind.moves(report::State::parse(&state).unwrap_or(report::State::Triaged))?;
    made.whole()?;
    let (Some(link), Some(site)) = (&made.link, &said.site) else { return Ok(()) };
    let (what, list) = match made.outcome {
        report::Outcome::Incident | report::Outcome::Dismissed => ("incident", "incidents"),
        report::Outcome::Risk => ("risk", "risks"),
    };
    let found = scalar!(
        c,
        i64,
        "SELECT seq FROM risk WHERE ref = $1 AND site = $2 AND $3 = 'risk'
         UNION ALL SELECT seq FROM incident_site WHERE incident_ref = $1 AND site = $2 AND $3 = 'incident'",
        link.as_str(),
        site.as_str(),
        what
    )?;
    match found {
        Some(_) => Ok(()),
        None => Err(Refusal::new(
            Code::Unknown,
            format!("there is no {what} {link} of {site}"),
            format!("see `smc list {list} site:{site}`"),
        )
        .into()),
    }
}

/// A log line is of a site, and of an incident if it names one.
pub async fn log_line(c: &mut Link<'_>, kind: &log_line::Kind) -> Result<(), StoreError> {
    let log_line::Kind::Added(made) = kind;
    if let Some(incident) = &made.incident {
        scalar!(c, i64, "SELECT seq FROM incident WHERE ref = $1", incident.as_str())?
            .ok_or_else(|| Refusal::unknown("incident", incident.as_str(), "incidents"))?;
    }
    Ok(())
}
