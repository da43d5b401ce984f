//! What an importer asks before and after: which revisions, sites and assets stand, what an import found.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::FromRow;

use super::fault::StoreError;
use super::link::Link;
use super::open::Store;
use crate::domain::advisories::Tier;
use crate::domain::names::{Ref, SiteCode};
use crate::domain::refusal::Refusal;
use crate::domain::role::Right;
use crate::domain::time::Time;
use crate::{among, opt, rows};

/// An asset as it stands, field by field, for comparing with a file.
#[derive(Clone, Debug, FromRow, PartialEq, Eq)]
pub struct KnownAsset {
    /// The asset.
    #[sqlx(rename = "ref")]
    pub asset: String,
    /// What people call it.
    pub name: String,
    /// What kind of thing it is.
    pub class: String,
    /// The zone's reference.
    pub zone: Option<String>,
    /// The maker.
    pub vendor: Option<String>,
    /// The product.
    pub product: Option<String>,
    /// The model.
    pub model: Option<String>,
    /// The maker's order number.
    pub order_number: Option<String>,
    /// Firmware version.
    pub firmware: Option<String>,
    /// Serial number.
    pub serial: Option<String>,
    /// Purdue level.
    pub purdue: Option<String>,
    /// IP address.
    pub ip: Option<String>,
    /// Safety rating.
    pub safety: Option<i64>,
    /// Regulatory rating.
    pub regulatory: Option<i64>,
    /// Production rating.
    pub production: Option<i64>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The state.
    pub state: String,
}

/// An advisory's current revision.
#[derive(Clone, Debug, FromRow, PartialEq, Eq)]
pub struct KnownAdvisory {
    /// The digest of the document.
    pub digest: String,
    /// The version, as the publisher counts.
    pub version: String,
    /// How many revisions came in.
    pub revisions: i64,
}

/// An asset that a log calls by some name.
#[derive(Clone, Debug, FromRow, PartialEq, Eq)]
pub struct CalledAsset {
    /// Its reference.
    pub asset: String,
    /// The time zone of its site.
    pub timezone: String,
}

impl Store {
    /// The store's clock, as this process reads it.
    pub fn clock(&self) -> Time {
        self.hand.now()
    }

    /// The assets that are called so: by reference, tag or address, whatever the case; a host by its first part too.
    ///
    /// # Errors
    /// If the store does not answer.
    pub async fn assets_called(
        &self,
        name: &str,
        site: Option<&SiteCode>,
    ) -> Result<Vec<CalledAsset>, StoreError> {
        let name = name.to_lowercase();
        let first = match name.parse::<std::net::IpAddr>() {
            Ok(_) => name.clone(),
            Err(_) => name.split('.').next().unwrap_or_default().to_owned(),
        };
        let mut connection = self.take().await?;
        let found = rows!(
            &mut connection.link(),
            CalledAsset,
            "SELECT a.ref AS asset, s.timezone FROM asset a JOIN site s ON s.ref = a.site
             WHERE (LOWER(a.ref) = $1 OR LOWER(a.tag) = $1 OR LOWER(a.tag) = $2 OR a.ip = $1)
               AND ($3 = '' OR a.site = $3) ORDER BY a.ref LIMIT 5",
            name,
            first,
            site.map_or("", SiteCode::as_str)
        )?;
        self.keep(connection);
        Ok(found)
    }

    /// The access events among these that stand, by their digests.
    ///
    /// # Errors
    /// If the store does not answer.
    pub async fn known_events(&self, digests: &[&str]) -> Result<BTreeSet<String>, StoreError> {
        let mut connection = self.take().await?;
        let mut known = BTreeSet::new();
        for chunk in digests.chunks(1000) {
            let list = super::facts::json(&chunk)?;
            let found = among!(
                &mut connection.link(),
                (String,),
                "SELECT digest FROM access_event WHERE digest",
                list
            )?;
            known.extend(found.into_iter().map(|(digest,)| digest));
        }
        self.keep(connection);
        Ok(known)
    }

    /// How many events an import brought, by what they are against windows.
    ///
    /// # Errors
    /// If the store does not answer.
    pub async fn events_of(&self, import: &str) -> Result<Vec<(String, i64)>, StoreError> {
        let mut connection = self.take().await?;
        let found = rows!(
            &mut connection.link(),
            (String, i64),
            "SELECT state, COUNT(*) FROM access_event WHERE import = $1 GROUP BY state ORDER BY state",
            import
        )?;
        self.keep(connection);
        Ok(found)
    }

    /// The sites that are registered, by code.
    ///
    /// # Errors
    /// If the store does not answer.
    pub async fn site_codes(&self) -> Result<Vec<String>, StoreError> {
        let mut connection = self.take().await?;
        let found = rows!(&mut connection.link(), (String,), "SELECT ref FROM site ORDER BY ref")?;
        self.keep(connection);
        Ok(found.into_iter().map(|(code,)| code).collect())
    }

    /// The zones and the people that are registered, by reference.
    ///
    /// # Errors
    /// If the store does not answer.
    pub async fn zones_and_people(&self) -> Result<BTreeSet<String>, StoreError> {
        let mut connection = self.take().await?;
        let found = rows!(
            &mut connection.link(),
            (String,),
            "SELECT ref FROM zone UNION ALL SELECT ref FROM person"
        )?;
        self.keep(connection);
        Ok(found.into_iter().map(|(name,)| name).collect())
    }

    /// Whether the actor has a right at this site now; a courtesy, the write asks again under the lock.
    ///
    /// # Errors
    /// `Refused` with `not-allowed`; if the store does not answer.
    pub async fn may(&self, right: Right, site: Option<&SiteCode>) -> Result<(), StoreError> {
        let mut connection = self.take().await?;
        let actor = self.actor();
        let holder = super::facts::holder(&mut connection.link(), &actor).await?;
        self.keep(connection);
        match holder {
            Some(holder) => Ok(holder.may(right, site, self.hand.now())?),
            None => Err(Refusal::unknown("person", actor.as_str(), "people").into()),
        }
    }

    /// The assets among these that stand, by reference.
    ///
    /// # Errors
    /// If the store does not answer.
    pub async fn known_assets(
        &self,
        assets: &[Ref],
    ) -> Result<BTreeMap<String, KnownAsset>, StoreError> {
        let mut connection = self.take().await?;
        let mut known = BTreeMap::new();
        for chunk in assets.chunks(1000) {
            let list = super::facts::json(&chunk)?;
            let found = assets_of(&mut connection.link(), &list).await?;
            known.extend(found.into_iter().map(|asset| (asset.asset.clone(), asset)));
        }
        self.keep(connection);
        Ok(known)
    }

    /// The current revision of an advisory, and whether a revision of this digest came in before.
    ///
    /// # Errors
    /// If the store does not answer.
    pub async fn known_advisory(
        &self,
        advisory: &str,
        digest: &str,
    ) -> Result<(Option<KnownAdvisory>, bool), StoreError> {
        let mut connection = self.take().await?;
        let current = opt!(
            &mut connection.link(),
            KnownAdvisory,
            "SELECT digest, version, revisions FROM advisory WHERE ref = $1",
            advisory
        )?;
        let before = opt!(
            &mut connection.link(),
            (i64,),
            "SELECT seq FROM advisory_revision WHERE advisory_ref = $1 AND digest = $2",
            advisory,
            digest
        )?;
        self.keep(connection);
        Ok((current, before.is_some()))
    }

    /// How many pairs of advisory and asset were recorded from this entry on, by tier.
    ///
    /// # Errors
    /// If the store does not answer.
    pub async fn matched_since(&self, seq: i64) -> Result<BTreeMap<String, i64>, StoreError> {
        let mut connection = self.take().await?;
        let found = rows!(
            &mut connection.link(),
            (String, i64),
            "SELECT tier, COUNT(*) FROM
                 (SELECT DISTINCT tier, advisory_ref, asset FROM vuln_match WHERE seq >= $1) pairs
             GROUP BY tier ORDER BY tier",
            seq
        )?;
        self.keep(connection);
        let tiers = [Tier::Confirmed, Tier::Likely, Tier::Possible, Tier::Undetermined];
        let mut counts: BTreeMap<String, i64> =
            tiers.into_iter().map(|tier| (tier.word().to_owned(), 0)).collect();
        counts.extend(found);
        Ok(counts)
    }
}

async fn assets_of(c: &mut Link<'_>, list: &str) -> Result<Vec<KnownAsset>, StoreError> {
    let found = if c.is_postgres() {
        rows!(
            c,
            KnownAsset,
            "SELECT ref, name, class, zone, vendor, product, model, order_number, firmware, serial, purdue, ip,
                 safety, regulatory, production, owner, state
             FROM asset WHERE ref IN (SELECT jsonb_array_elements_text(CAST($1 AS JSONB)))",
            list
        )?
    } else {
        rows!(
            c,
            KnownAsset,
            "SELECT ref, name, class, zone, vendor, product, model, order_number, firmware, serial, purdue, ip,
                 safety, regulatory, production, owner, state
             FROM asset WHERE ref IN (SELECT value FROM json_each($1))",
            list
        )?
    };
    Ok(found)
}
