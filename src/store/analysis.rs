//! What an analysis asks the tables under the lock: which assets and advisories can meet, what stood before.

use sqlx::FromRow;

use super::fault::StoreError;
use super::link::Link;
use super::open::Store;
use super::write::Write;
use crate::domain::names::{Ref, SiteCode};
use crate::domain::time::Time;
use crate::{among, opt, rows, scalar};

/// How many assets are compared at a time.
pub const PAGE: i64 = 1000;

/// An asset with what identifies it.
#[derive(Clone, Debug, FromRow)]
pub struct Candidate {
    /// The asset.
    #[sqlx(rename = "ref")]
    pub asset: String,
    /// What people call it.
    pub name: String,
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
}

/// An advisory with its current revision.
#[derive(Clone, Debug, FromRow)]
pub struct Subject {
    /// The tracking id.
    #[sqlx(rename = "ref")]
    pub advisory: String,
    /// The digest of the document.
    pub digest: String,
    /// The digest of what the reader made of it.
    pub reading: String,
}

/// A match that stands.
#[derive(Clone, Debug, FromRow, PartialEq, Eq)]
pub struct Standing {
    /// The asset.
    pub asset: String,
    /// The vulnerability.
    pub cve: String,
    /// How sure.
    pub tier: String,
    /// Why, as JSON.
    pub because: String,
}

/// A risk of an advisory at a site where assets were found.
#[derive(Clone, Debug, FromRow)]
pub struct Raised {
    /// The site.
    pub site: String,
    /// The risk, if one stands.
    pub risk: Option<String>,
    /// Its state.
    pub state: Option<String>,
}

/// Something whose time has come.
#[derive(Clone, Debug, FromRow)]
pub struct Due {
    /// The subject.
    #[sqlx(rename = "ref")]
    pub subject: String,
    /// When it was due.
    pub due: Time,
}

/// Where the ledger ends, if no entry about an asset stands behind this one.
async fn untouched_since(c: &mut Link<'_>, seq: i64) -> Result<Option<i64>, StoreError> {
    let (last, touched) = opt!(
        c,
        (Option<i64>, i64),
        "SELECT MAX(seq), COUNT(*) FILTER (WHERE kind LIKE 'asset.%') FROM ledger WHERE seq > $1",
        seq
    )?
    .unwrap_or_default();
    Ok((touched == 0).then(|| last.unwrap_or(seq)))
}

impl Store {
    /// Where the ledger ends, if no entry about an asset stands behind this one.
    ///
    /// # Errors
    /// If the store does not answer.
    pub async fn untouched_since(&self, seq: i64) -> Result<Option<i64>, StoreError> {
        let mut connection = self.take().await?;
        let found = untouched_since(&mut connection.link(), seq).await?;
        self.keep(connection);
        Ok(found)
    }

    /// Every asset in the plant with what identifies it, as of an entry or later.
    ///
    /// # Errors
    /// If the store does not answer.
    pub async fn all_candidates(&self) -> Result<(i64, Vec<Candidate>), StoreError> {
        let mut connection = self.take().await?;
        let mut c = connection.link();
        // First: what is written meanwhile is then known to be later.
        let upto = scalar!(&mut c, i64, "SELECT seq FROM head WHERE one = 1")?.unwrap_or(0);
        let assets = rows!(
            &mut c,
            Candidate,
            "SELECT ref, name, vendor, product, model, order_number, firmware, serial FROM asset
             WHERE state = 'active' ORDER BY ref"
        )?;
        self.keep(connection);
        Ok((upto, assets))
    }
}

fn list(refs: &[Ref]) -> Result<String, StoreError> {
    super::facts::json(&refs)
}

impl Write<'_> {
    /// The current revision of an advisory.
    pub async fn advisory(&mut self, advisory: &Ref) -> Result<Option<Subject>, StoreError> {
        Ok(opt!(
            &mut self.link()?,
            Subject,
            "SELECT ref, digest, reading FROM advisory WHERE ref = $1",
            advisory.as_str()
        )?)
    }

    /// Advisories that share a vendor key with one of these assets, or were matched to one before.
    pub async fn advisories_meeting(&mut self, assets: &[Ref]) -> Result<Vec<Subject>, StoreError> {
        let assets = list(assets)?;
        let mut c = self.link()?;
        let found = if c.is_postgres() {
            rows!(
                &mut c,
                Subject,
                "SELECT ref, digest, reading FROM advisory WHERE ref IN (
                     SELECT k.advisory_ref FROM advisory_key k JOIN asset_key a ON a.match_key = k.match_key
                     WHERE k.live AND a.live
                       AND a.asset_ref IN (SELECT jsonb_array_elements_text(CAST($1 AS JSONB)))
                     UNION SELECT m.advisory_ref FROM vuln_match m
                     WHERE m.asset IN (SELECT jsonb_array_elements_text(CAST($1 AS JSONB))))
                 ORDER BY ref",
                assets
            )?
        } else {
            rows!(
                &mut c,
                Subject,
                "SELECT ref, digest, reading FROM advisory WHERE ref IN (
                     SELECT k.advisory_ref FROM advisory_key k JOIN asset_key a ON a.match_key = k.match_key
                     WHERE k.live AND a.live AND a.asset_ref IN (SELECT value FROM json_each($1))
                     UNION SELECT m.advisory_ref FROM vuln_match m
                     WHERE m.asset IN (SELECT value FROM json_each($1)))
                 ORDER BY ref",
                assets
            )?
        };
        Ok(found)
    }

    /// The next assets in the plant that share a vendor key with an advisory, or were matched to it before,
    /// by reference after this one.
    pub async fn assets_meeting(
        &mut self,
        advisory: &str,
        after: &str,
    ) -> Result<Vec<Candidate>, StoreError> {
        Ok(rows!(
            &mut self.link()?,
            Candidate,
            "SELECT ref, name, vendor, product, model, order_number, firmware, serial FROM asset
             WHERE ref > $2 AND state = 'active' AND (
                 ref IN (SELECT a.asset_ref FROM asset_key a JOIN advisory_key k ON k.match_key = a.match_key
                         WHERE k.advisory_ref = $1 AND k.live AND a.live)
                 OR ref IN (SELECT m.asset FROM vuln_match m WHERE m.advisory_ref = $1))
             ORDER BY ref LIMIT $3",
            advisory,
            after,
            PAGE
        )?)
    }

    /// Where the ledger ends, if no entry about an asset stands behind this one.
    pub async fn untouched_since(&mut self, seq: i64) -> Result<Option<i64>, StoreError> {
        untouched_since(&mut self.link()?, seq).await
    }

    /// Those of these assets that are in the plant, with what identifies them.
    pub async fn candidates(&mut self, assets: &[Ref]) -> Result<Vec<Candidate>, StoreError> {
        let assets = list(assets)?;
        Ok(among!(
            &mut self.link()?,
            Candidate,
            "SELECT ref, name, vendor, product, model, order_number, firmware, serial FROM asset
             WHERE state = 'active' AND ref",
            assets
        )?)
    }

    /// Matches of an advisory that stand.
    pub async fn standing(&mut self, advisory: &str) -> Result<Vec<Standing>, StoreError> {
        Ok(rows!(
            &mut self.link()?,
            Standing,
            "SELECT asset, cve, tier, because FROM vuln_match WHERE advisory_ref = $1 ORDER BY asset, cve",
            advisory
        )?)
    }

    /// The document with this digest.
    pub async fn document(&mut self, digest: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(scalar!(
            &mut self.link()?,
            Vec<u8>,
            "SELECT bytes FROM document WHERE digest = $1",
            digest
        )?)
    }

    /// Sites where assets were found in an advisory, each with its risk if one stands.
    pub async fn raised(&mut self, advisory: &Ref) -> Result<Vec<Raised>, StoreError> {
        Ok(rows!(
            &mut self.link()?,
            Raised,
            "SELECT s.site, r.ref AS risk, r.state FROM
                 (SELECT DISTINCT site FROM vuln_match
                  WHERE advisory_ref = $1 AND tier IN ('confirmed', 'likely')) s
             LEFT JOIN risk r ON r.advisory = $1 AND r.site = s.site
             ORDER BY s.site",
            advisory.as_str()
        )?)
    }

    /// Candidate risks in whose advisories an asset was found.
    pub async fn risks_of_asset(&mut self, asset: &Ref) -> Result<Vec<(String,)>, StoreError> {
        Ok(rows!(
            &mut self.link()?,
            (String,),
            "SELECT DISTINCT r.ref FROM risk r JOIN vuln_match m ON m.advisory_ref = r.advisory AND m.site = r.site
             WHERE m.asset = $1 AND m.tier IN ('confirmed', 'likely') AND r.state = 'candidate' ORDER BY r.ref",
            asset.as_str()
        )?)
    }

    /// The window of an extension that is approved.
    pub async fn extended_window(&mut self, extension: &Ref) -> Result<Option<String>, StoreError> {
        Ok(scalar!(
            &mut self.link()?,
            String,
            "SELECT window_ref FROM extension WHERE ref = $1 AND state = 'approved'",
            extension.as_str()
        )?)
    }

    /// The risk of an acceptance.
    pub async fn accepted_risk(
        &mut self,
        acceptance: &Ref,
    ) -> Result<Option<(String, String)>, StoreError> {
        Ok(opt!(
            &mut self.link()?,
            (String, String),
            "SELECT risk, state FROM acceptance WHERE ref = $1",
            acceptance.as_str()
        )?)
    }

    /// Changes that passed their end before work began.
    pub async fn due_changes(&mut self, now: Time) -> Result<Vec<Due>, StoreError> {
        Ok(rows!(
            &mut self.link()?,
            Due,
            "SELECT ref, end_at AS due FROM change WHERE state IN ('requested', 'approved') AND end_at <= $1
             ORDER BY end_at, ref",
            now
        )?)
    }

    /// Windows that passed their end before they were opened.
    pub async fn due_windows(&mut self, now: Time) -> Result<Vec<Due>, StoreError> {
        Ok(rows!(
            &mut self.link()?,
            Due,
            "SELECT ref, end_at AS due FROM vendor_window
             WHERE state IN ('requested', 'approved') AND end_at <= $1 ORDER BY end_at, ref",
            now
        )?)
    }

    /// Acceptances that have ended.
    pub async fn due_acceptances(&mut self, now: Time) -> Result<Vec<Due>, StoreError> {
        Ok(rows!(
            &mut self.link()?,
            Due,
            "SELECT ref, until_at AS due FROM acceptance WHERE state = 'approved' AND until_at <= $1
             ORDER BY until_at, ref",
            now
        )?)
    }

    /// The store's clock, never before the last entry.
    pub async fn now(&mut self) -> Result<Time, StoreError> {
        let tip = self.tip().at;
        let hand = &self.store().hand;
        let now = hand.clock(&mut self.link()?).await?;
        Ok(now.max(tip))
    }

    /// Whether a site of this code is registered.
    pub async fn has_site(&mut self, site: &SiteCode) -> Result<bool, StoreError> {
        Ok(scalar!(&mut self.link()?, i64, "SELECT seq FROM site WHERE ref = $1", site.as_str())?
            .is_some())
    }
}
