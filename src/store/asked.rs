//! What a request asks for, read from its entry and the tables, and the board that the domain derives from it.
//!
//! `admit` asks whether people can give what it asks for, `project` writes it; neither concludes anything of its own.

mod people;
mod visit;

pub use people::{candidates, on_duty};
pub use visit::{Visit, extension, visit, window};

use std::collections::BTreeMap;

use sqlx::FromRow;

use super::admit::Change;
use super::facts;
use super::fault::StoreError;
use super::link::Link;
use super::said::Said;
use crate::domain::acceptance;
use crate::domain::approval::{self, Ask, Derived, Facts, Touched, counted};
use crate::domain::asset::{Class, Constraints};
use crate::domain::change::{self, Bound, Concern, Impact, Impacts, Nature};
use crate::domain::discipline::Discipline;
use crate::domain::intervention::Intervention;
use crate::domain::names::{Login, Ref, SiteCode};
use crate::domain::raci::{Activity, Row};
use crate::domain::risk::Weight;
use crate::domain::time::Time;
use crate::domain::zone::Purdue;
use crate::{among, opt, rows, scalar};

/// What is being asked for, and under which revision.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Its site.
    pub site: SiteCode,
    /// Who asked.
    pub requester: Login,
    /// The RACI activity.
    pub activity: Activity,
    /// When decisions are due.
    pub approve_by: Time,
    /// The revision, from 1.
    pub revision: i64,
    /// What kind of request it is.
    pub ask: Ask,
    /// The assets, in the order they are named.
    pub assets: Vec<Ref>,
    /// The five answers of a change.
    pub impacts: Option<Impacts>,
    /// Whether control logic changes.
    pub alters_logic: bool,
    /// Whether a validated parameter changes.
    pub alters_validated: bool,
    /// The vendor and the person of a window.
    pub visit: Option<(String, String)>,
}

/// What a request for a change asks.
pub fn change(said: &Said<'_>, made: &change::Request) -> Asked {
    Asked {
        site: made.site.clone(),
        requester: said.actor.clone(),
        activity: made.activity.unwrap_or(Activity::ControlChange),
        approve_by: made.approve_by.unwrap_or(made.start),
        revision: 1,
        ask: asks(made.kind, made.template.as_ref()),
        assets: made.assets.clone(),
        impacts: Some(made.impacts.clone()),
        alters_logic: made.alters_logic.unwrap_or(false),
        alters_validated: made.alters_validated.unwrap_or(false),
        visit: None,
    }
}

/// What a request does to its assets: as it says, or since rule version 6 as it follows from its activity, which is written
/// down then.
pub fn done(made: &change::Request, version: u32) -> Option<Intervention> {
    let activity = made.activity.unwrap_or(Activity::ControlChange);
    let implied = || (version >= 6).then(|| Intervention::of(activity, version)).flatten();
    made.intervention.or_else(implied)
}

fn asks(kind: Nature, template: Option<&Ref>) -> Ask {
    match (kind, template) {
        (Nature::Standard, Some(template)) => Ask::Use(template.clone()),
        (kind, _) => Ask::Change(kind),
    }
}

/// What a change asks as it stands.
///
/// # Errors
/// `unknown` if there is none.
pub async fn standing(c: &mut Link<'_>, reference: &Ref) -> Result<Asked, StoreError> {
    let now = Change::read(c, reference).await?;
    let assets = assets_of(c, reference, now.revision).await?;
    let template = now.template.as_deref().and_then(|template| Ref::new(template).ok());
    Ok(Asked {
        impacts: Some(now.impacts()?),
        site: SiteCode::new(&now.site).map_err(unreadable)?,
        requester: Login::new(&now.requester).map_err(unreadable)?,
        activity: Activity::parse(&now.activity).unwrap_or(Activity::ControlChange),
        approve_by: now.approve_by,
        revision: now.revision,
        ask: asks(Nature::parse(&now.kind).unwrap_or(Nature::Normal), template.as_ref()),
        assets,
        alters_logic: now.alters_logic,
        alters_validated: now.alters_validated,
        visit: None,
    })
}

/// What a change asks once it is revised.
///
/// # Errors
/// `unknown` if there is none.
pub async fn revised(
    c: &mut Link<'_>,
    said: &Said<'_>,
    made: &change::Revise,
) -> Result<Asked, StoreError> {
    let mut asked = standing(c, &said.subject).await?;
    asked.revision = asked.revision.saturating_add(1);
    if let Some(due) = made.approve_by.or(made.start) {
        asked.approve_by = due;
    }
    if let Some(assets) = &made.assets {
        asked.assets.clone_from(assets);
    }
    if made.impacts.is_some() {
        asked.impacts.clone_from(&made.impacts);
    }
    asked.alters_logic = made.alters_logic.unwrap_or(asked.alters_logic);
    asked.alters_validated = made.alters_validated.unwrap_or(asked.alters_validated);
    Ok(asked)
}

/// What a change asks once an impact is raised.
///
/// # Errors
/// `unknown` if there is none, `invalid` if nothing is raised.
pub async fn raised(
    c: &mut Link<'_>,
    said: &Said<'_>,
    made: &change::RaiseImpact,
) -> Result<Asked, StoreError> {
    let mut asked = standing(c, &said.subject).await?;
    asked.revision = asked.revision.saturating_add(1);
    let more = |stands: bool, said: Option<bool>| !stands && said == Some(true);
    let logic = more(asked.alters_logic, made.alters_logic);
    let validated = more(asked.alters_validated, made.alters_validated);
    if let Some(stand) = &asked.impacts {
        let raised = made.impacts.clone().unwrap_or_default();
        asked.impacts = Some(raised.over(stand, logic || validated)?);
    }
    asked.alters_logic |= logic;
    asked.alters_validated |= validated;
    Ok(asked)
}

/// What a request to accept a risk asks: it follows how the risk weighs.
///
/// # Errors
/// If the engine fails.
pub async fn acceptance(
    c: &mut Link<'_>,
    said: &Said<'_>,
    site: &SiteCode,
    made: &acceptance::Request,
) -> Result<Asked, StoreError> {
    Ok(Asked {
        site: site.clone(),
        requester: said.actor.clone(),
        activity: Activity::RiskAccept,
        approve_by: made.until,
        revision: 1,
        ask: to_accept(c, made.r#ref.as_str()).await?,
        assets: Vec::new(),
        impacts: None,
        alters_logic: false,
        alters_validated: false,
        visit: None,
    })
}

/// What it takes to accept a risk as it weighs now; of a risk that is not there, the most.
///
/// # Errors
/// If the engine fails, or the weight cannot be read.
pub async fn to_accept(c: &mut Link<'_>, risk: &str) -> Result<Ask, StoreError> {
    let found = opt!(
        c,
        (i64, Option<String>),
        "SELECT priority, COALESCE(current_weight, inherent_weight) FROM risk WHERE ref = $1",
        risk
    )?;
    let (priority, weight) = found.unwrap_or((1, None));
    let weight: Option<Weight> = weight.as_deref().map(read).transpose()?;
    let safety = weight.and_then(|weight| weight.consequence.safety).map_or(0, |step| step.get());
    Ok(Ask::Acceptance { priority, safety })
}

/// Whether a change touches a validated state, by its answers or by what its assets are.
///
/// # Errors
/// `unknown` if there is none.
pub async fn touches_validated(c: &mut Link<'_>, reference: &Ref) -> Result<bool, StoreError> {
    let asked = standing(c, reference).await?;
    let facts = Facts {
        ask: asked.ask.clone(),
        row: Row::held(asked.activity, &[], &[]),
        levels: asked.impacts.as_ref().map(Impacts::levels).unwrap_or_default(),
        alters_logic: asked.alters_logic,
        alters_validated: asked.alters_validated,
        assets: touched(c, &asked.assets).await?,
        vendor_person: None,
        first_connection: None,
        vouched: Vec::new(),
        quality_here: true,
    };
    let counted = counted(&facts);
    let answered =
        counted.get(&Concern::Validation).is_some_and(|(level, _)| *level > Impact::None);
    Ok(answered || asked.alters_validated)
}

/// A column of JSON that this program wrote.
pub fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text)
        .map_err(|fault| StoreError::Body(crate::ledger::BodyFault::Data(fault)))
}

fn unreadable(fault: crate::domain::names::NotAName) -> StoreError {
    StoreError::Unavailable(format!("a row of the store cannot be read: {fault}"))
}

/// The assets of a revision of a change.
pub async fn assets_of(
    c: &mut Link<'_>,
    reference: &Ref,
    revision: i64,
) -> Result<Vec<Ref>, StoreError> {
    let found = rows!(
        c,
        (String,),
        "SELECT asset FROM change_asset WHERE change_ref = $1 AND revision = $2 ORDER BY asset",
        reference.as_str(),
        revision
    )?;
    Ok(found.iter().filter_map(|(asset,)| Ref::new(asset).ok()).collect())
}

/// The risks that a revision of a change treats.
pub async fn risks_of(
    c: &mut Link<'_>,
    reference: &Ref,
    revision: i64,
) -> Result<Vec<Ref>, StoreError> {
    let found = rows!(
        c,
        (String,),
        "SELECT risk FROM change_risk WHERE change_ref = $1 AND revision = $2 ORDER BY risk",
        reference.as_str(),
        revision
    )?;
    Ok(found.iter().filter_map(|(risk,)| Ref::new(risk).ok()).collect())
}

/// What decisions on a change bind to.
///
/// # Errors
/// `unknown` if there is none.
pub async fn bound(c: &mut Link<'_>, reference: &Ref) -> Result<Bound, StoreError> {
    let now = Change::read(c, reference).await?;
    let assets = assets_of(c, reference, now.revision).await?;
    Ok(Bound {
        assets: assets.iter().map(ToString::to_string).collect(),
        start: now.start_at,
        end: now.end_at,
        impacts: now.impacts()?,
        rollback: now.rollback,
        tests: now.tests,
    })
}

#[derive(FromRow)]
struct AssetRow {
    asset: String,
    class: String,
    safety: Option<i64>,
    constraints: String,
    purdue: Option<String>,
}

/// The assets as far as the rules look at them.
pub async fn touched(c: &mut Link<'_>, assets: &[Ref]) -> Result<Vec<Touched>, StoreError> {
    if assets.is_empty() {
        return Ok(Vec::new());
    }
    let found = among!(
        c,
        AssetRow,
        "SELECT t.ref AS asset, t.class, t.safety, t.constraints,
                COALESCE(t.purdue, (SELECT z.purdue FROM zone z WHERE z.ref = t.zone)) AS purdue
         FROM asset t WHERE t.ref",
        facts::json(&assets)?
    )?;
    let mut touched = Vec::with_capacity(found.len());
    for row in found {
        let constraints: Constraints = read(&row.constraints)?;
        touched.push(Touched {
            safety_system: row.class == Class::Sis.word(),
            asset: row.asset,
            safety: row.safety,
            validated: constraints.validated == Some(true),
            level: row.purdue.as_deref().and_then(Purdue::parse),
        });
    }
    // Whatever order the engine gives them in, reasons name the first by name.
    touched.sort_by(|a, b| a.asset.cmp(&b.asset));
    Ok(touched)
}

/// The vendor that a request connects for the first time.
async fn first_connection(c: &mut Link<'_>, asked: &Asked) -> Result<Option<String>, StoreError> {
    let Some((vendor, _)) = &asked.visit else {
        let connects = asked.activity == Activity::VendorConnect;
        return Ok(connects.then(|| "the vendor".to_owned()));
    };
    let opened = scalar!(
        c,
        i64,
        "SELECT seq FROM vendor_window WHERE vendor = $1 AND opened_at IS NOT NULL LIMIT 1",
        vendor
    )?;
    Ok(opened.is_none().then(|| vendor.clone()))
}

/// Who said yes to the template that is used.
async fn vouched(c: &mut Link<'_>, ask: &Ask) -> Result<Vec<Discipline>, StoreError> {
    let Ask::Use(template) = ask else { return Ok(Vec::new()) };
    let found = rows!(
        c,
        (String,),
        "SELECT d.discipline FROM decision d JOIN approval v ON v.ref = d.approval_ref AND v.revision = d.revision
         WHERE d.approval_ref = $1 AND d.decision = 'yes' ORDER BY d.discipline",
        template.as_str()
    )?;
    Ok(found.iter().filter_map(|(word,)| Discipline::parse(word)).collect())
}

impl Asked {
    /// The board under the rules of this version.
    ///
    /// # Errors
    /// If the engine fails.
    pub async fn derived(
        &self,
        c: &mut Link<'_>,
        version: u32,
        at: Time,
    ) -> Result<Derived, StoreError> {
        Ok(approval::derive(version, &self.facts(c, version, at).await?))
    }

    /// What the rules of this version look at, at this instant.
    ///
    /// # Errors
    /// If the engine fails.
    pub async fn facts(
        &self,
        c: &mut Link<'_>,
        version: u32,
        at: Time,
    ) -> Result<Facts, StoreError> {
        let row = facts::raci(c, self.activity, &self.site).await?;
        let quality =
            |one: &approval::Candidate| one.discipline == Discipline::Quality && !one.corporate;
        // Only a row that names another in its place asks whether the site has quality.
        let quality_here =
            row.holder().is_some() && candidates(c, &self.site, at).await?.iter().any(quality);
        let first = version < 2;
        let assets = if first { Vec::new() } else { touched(c, &self.assets).await? };
        let first_connection = if first { None } else { first_connection(c, self).await? };
        Ok(Facts {
            ask: self.ask.clone(),
            row,
            levels: self.impacts.as_ref().map_or_else(BTreeMap::new, Impacts::levels),
            alters_logic: self.alters_logic,
            alters_validated: self.alters_validated,
            assets,
            vendor_person: self.visit.as_ref().map(|(_, person)| person.clone()),
            first_connection,
            vouched: vouched(c, &self.ask).await?,
            quality_here,
        })
    }

    /// Refuses a request that no people could approve, under the rules of its entry.
    ///
    /// # Errors
    /// `missing`, with the discipline and what to do.
    pub async fn admit(&self, c: &mut Link<'_>, said: &Said<'_>) -> Result<(), StoreError> {
        current(c, said).await?;
        if said.body.v < 2 {
            return Ok(());
        }
        let derived = self.derived(c, said.body.v, said.entry.at).await?;
        let people = candidates(c, &self.site, said.entry.at).await?;
        Ok(approval::can_be_given(&derived.required, &people, &self.requester, &self.site)?)
    }
}

/// Refuses an entry made under older rules after one that was made under newer: whoever asks does not choose them.
async fn current(c: &mut Link<'_>, said: &Said<'_>) -> Result<(), StoreError> {
    let newer = scalar!(
        c,
        i64,
        "SELECT seq FROM requirement WHERE rule > $1 LIMIT 1",
        i64::from(said.body.v)
    )?;
    match newer {
        None => Ok(()),
        Some(seq) => Err(crate::domain::refusal::Refusal::new(
            crate::domain::refusal::Code::Invalid,
            format!(
                "entry {} asks under rule version {}, and entry {seq} was made under a newer one",
                said.entry.seq, said.body.v
            ),
            "write through the console or the command line of this version",
        )
        .into()),
    }
}
