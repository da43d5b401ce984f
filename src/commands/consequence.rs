//! What follows from an entry, as entries with that entry as their cause. Nothing here is a person's choice.

use std::collections::BTreeSet;

use super::analysis;
use super::fleets::Fleets;
use crate::domain::command::Kind;
use crate::domain::names::Ref;
use crate::domain::{acceptance, advisories, asset, extension, person, risk, window};
use crate::ledger::{Entry, Id, Origin};
use crate::store::{Given, StoreError, Write, read_kind};

/// Collects what a transaction touched, and writes what follows from all of it at its end.
#[derive(Debug, Default)]
pub struct Consequences {
    assets: Vec<Ref>,
    weighed: Vec<Ref>,
    known: BTreeSet<(bool, Ref)>,
    cause: Option<Id>,
    entries: Vec<i64>,
}

fn given(cause: Id) -> Given {
    Given { cause: Some(cause), ..Given::default() }
}

fn reference(text: &str) -> Result<Ref, StoreError> {
    Ref::new(text).map_err(|fault| StoreError::Unavailable(fault.to_string()))
}

impl Consequences {
    /// Takes an entry that was just written; what concerns one subject alone is written at once.
    pub async fn note(
        &mut self,
        write: &mut Write<'_>,
        origin: &Origin,
        fleets: &Fleets,
        entry: &Entry,
    ) -> Result<(), StoreError> {
        match read_kind(entry)? {
            Kind::Asset(asset::Kind::Registered(_)) => self.touched(entry, false),
            Kind::Asset(asset::Kind::Updated(made)) => {
                let rated =
                    made.safety.is_some() || made.regulatory.is_some() || made.production.is_some();
                let identity = made.vendor.is_some()
                    || made.product.is_some()
                    || made.model.is_some()
                    || made.order_number.is_some()
                    || made.firmware.is_some()
                    || made.serial.is_some();
                if identity {
                    self.touched(entry, false)?;
                }
                if rated { self.touched(entry, true) } else { Ok(()) }
            }
            Kind::Advisory(advisories::Kind::Imported(made)) => {
                let more =
                    analysis::advisory(write, origin, fleets, &made.advisory, entry.id).await?;
                self.entries.extend(more);
                Ok(())
            }
            Kind::Acceptance(acceptance::Kind::Decided(_) | acceptance::Kind::Expired(_)) => {
                self.acceptance(write, origin, entry).await
            }
            Kind::Extension(extension::Kind::Decided(_)) => {
                self.extension(write, origin, entry).await
            }
            Kind::Person(person::Kind::Registered(_)) => {
                write.let_in(&reference(&entry.subject)?).await
            }
            Kind::Acceptance(acceptance::Kind::Requested(_))
            | Kind::Advisory(advisories::Kind::Matched(_))
            | Kind::Asset(asset::Kind::Retired(_))
            | Kind::Store(_)
            | Kind::Restore(_)
            | Kind::Site(_)
            | Kind::Zone(_)
            | Kind::Person(
                person::Kind::Deactivated(_) | person::Kind::Granted(_) | person::Kind::Revoked(_),
            )
            | Kind::Raci(_)
            | Kind::Duty(_)
            | Kind::Vendor(_)
            | Kind::Import(_)
            | Kind::Risk(_)
            | Kind::Outage(_)
            | Kind::Blackout(_)
            | Kind::Intervention(_)
            | Kind::Yardstick(_)
            | Kind::Change(_)
            | Kind::Window(_)
            | Kind::Session(_)
            | Kind::Bypass(_)
            | Kind::Access(_)
            | Kind::Extension(extension::Kind::Requested(_))
            | Kind::Incident(_)
            | Kind::Report(_)
            | Kind::LogLine(_)
            | Kind::Alarm(_)
            | Kind::Comment(_)
            | Kind::Task(_) => Ok(()),
        }
    }

    fn touched(&mut self, entry: &Entry, weighed: bool) -> Result<(), StoreError> {
        let asset = reference(&entry.subject)?;
        if self.known.insert((weighed, asset.clone())) {
            let list = if weighed { &mut self.weighed } else { &mut self.assets };
            list.push(asset);
        }
        // An import names its own entry as the cause of all it touched; a single command is its own cause.
        let cause = entry.parse_body()?.cause.unwrap_or(entry.id);
        self.cause = Some(self.cause.unwrap_or(cause));
        Ok(())
    }

    async fn acceptance(
        &mut self,
        write: &mut Write<'_>,
        origin: &Origin,
        entry: &Entry,
    ) -> Result<(), StoreError> {
        let acceptance = reference(&entry.subject)?;
        let Some((risk, state)) = write.accepted_risk(&acceptance).await? else { return Ok(()) };
        let r#ref = reference(&risk)?;
        let kind = match acceptance::State::parse(&state) {
            Some(acceptance::State::Approved) => {
                risk::Kind::Accepted(risk::Accepted { r#ref, acceptance })
            }
            Some(acceptance::State::Expired) => {
                risk::Kind::Reopened(risk::Reopened { r#ref, acceptance })
            }
            Some(acceptance::State::Requested | acceptance::State::Rejected) | None => {
                return Ok(());
            }
        };
        let follows = write.append(Kind::Risk(kind), origin, given(entry.id)).await?;
        self.entries.push(follows.seq);
        Ok(())
    }

    /// A window whose extension was approved ends later.
    async fn extension(
        &mut self,
        write: &mut Write<'_>,
        origin: &Origin,
        entry: &Entry,
    ) -> Result<(), StoreError> {
        let extension = reference(&entry.subject)?;
        let Some(window) = write.extended_window(&extension).await? else { return Ok(()) };
        let r#ref = reference(&window)?;
        let kind = window::Kind::Extended(window::Extended { r#ref, extension });
        let follows = write.append(Kind::Window(kind), origin, given(entry.id)).await?;
        self.entries.push(follows.seq);
        Ok(())
    }

    /// Writes what follows from everything the transaction touched; gives the entries that followed.
    pub async fn finish(
        mut self,
        write: &mut Write<'_>,
        origin: &Origin,
    ) -> Result<Vec<i64>, StoreError> {
        let Some(cause) = self.cause else { return Ok(self.entries) };
        if !self.assets.is_empty() {
            let more = analysis::assets(write, origin, &self.assets, cause).await?;
            self.entries.extend(more);
        }
        let mut weighed = Vec::new();
        for asset in &self.weighed {
            for (risk,) in write.risks_of_asset(asset).await? {
                if !weighed.contains(&risk) {
                    weighed.push(risk);
                }
            }
        }
        for risk in weighed {
            let kind = risk::Kind::Reweighed(risk::Reweighed { r#ref: reference(&risk)? });
            let follows = write.append(Kind::Risk(kind), origin, given(cause)).await?;
            self.entries.push(follows.seq);
        }
        Ok(self.entries)
    }
}
