//! Checks of what is written down: incidents, reports, log lines.

use crate::domain::refusal::{Code, Refusal};
use crate::domain::{incident, log_line, report};
use crate::scalar;
use crate::store::fault::StoreError;
use crate::store::{facts, link::Link};

/// An incident is declared at sites that are there, each named once.
pub async fn incident(c: &mut Link<'_>, kind: &incident::Kind) -> Result<(), StoreError> {
    let incident::Kind::Declared(made) = kind;
    if made.sites.is_empty() {
        return Err(Refusal::new(
            Code::Missing,
            "the incident names no site",
            "name at least one in `sites`",
        )
        .into());
    }
    for (place, site) in made.sites.iter().enumerate() {
        facts::site(c, site).await?;
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

/// A report is of a site that is there.
pub async fn report(c: &mut Link<'_>, kind: &report::Kind) -> Result<(), StoreError> {
    let report::Kind::Submitted(made) = kind;
    facts::site(c, &made.r#where.site).await
}

/// A log line is of a site, and of an incident if it names one.
pub async fn log_line(c: &mut Link<'_>, kind: &log_line::Kind) -> Result<(), StoreError> {
    let log_line::Kind::Added(made) = kind;
    facts::site(c, &made.site).await?;
    if let Some(incident) = &made.incident {
        scalar!(c, i64, "SELECT seq FROM incident WHERE ref = $1", incident.as_str())?
            .ok_or_else(|| Refusal::unknown("incident", incident.as_str(), "incidents"))?;
    }
    Ok(())
}
