//! Checks of assets, advisories and imports against the tables.

use std::collections::BTreeSet;

use crate::domain::asset::Kind;
use crate::domain::names::{Login, Ref, SiteCode, Tag, Word};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::{advisories, import};
use crate::store::fault::StoreError;
use crate::store::said::Said;
use crate::store::{facts, link::Link};
use crate::{among, scalar};

/// An asset is registered once, at a site, zone and owner that are there; changed while in the plant.
pub async fn asset(c: &mut Link<'_>, kind: &Kind) -> Result<(), StoreError> {
    match kind {
        Kind::Registered(made) => {
            let name = Ref::asset(&made.site, &made.tag);
            let found = scalar!(c, i64, "SELECT seq FROM asset WHERE ref = $1", name.as_str())?;
            facts::fresh(found, "asset", name.as_str())?;
            part(c, &made.site, &made.tag, made.part_of.as_ref()).await?;
            links(c, &made.site, made.zone.as_ref(), made.owner.as_ref()).await
        }
        Kind::Updated(made) => {
            facts::asset(c, &Ref::asset(&made.site, &made.tag)).await?;
            part(c, &made.site, &made.tag, made.part_of.as_ref()).await?;
            links(c, &made.site, made.zone.as_ref(), made.owner.as_ref()).await
        }
        Kind::Retired(made) => {
            facts::asset(c, &Ref::asset(&made.site, &made.tag)).await.map(|_| ())
        }
    }
}

/// What an asset is part of is in the plant and is not, however far up, part of it.
async fn part(
    c: &mut Link<'_>,
    site: &SiteCode,
    tag: &Tag,
    of: Option<&Tag>,
) -> Result<(), StoreError> {
    let Some(of) = of else { return Ok(()) };
    let (own, whole) = (Ref::asset(site, tag), Ref::asset(site, of));
    let mut above = Some(whole.to_string());
    while let Some(asset) = above {
        if asset == own.as_str() {
            return Err(Refusal::new(
                Code::Invalid,
                format!("{own} would be part of itself, by way of {whole}"),
                "name the larger of the two",
            )
            .into());
        }
        above = facts::part_of(c, &asset).await?;
    }
    facts::asset(c, &whole).await.map(|_| ())
}

async fn links(
    c: &mut Link<'_>,
    site: &SiteCode,
    zone: Option<&Word>,
    owner: Option<&Login>,
) -> Result<(), StoreError> {
    if let Some(zone) = zone {
        let name = Ref::zone(site, zone);
        scalar!(c, i64, "SELECT seq FROM zone WHERE ref = $1", name.as_str())?
            .ok_or_else(|| Refusal::unknown("zone", name.as_str(), "zones"))?;
    }
    if let Some(owner) = owner {
        facts::person(c, owner).await?;
    }
    Ok(())
}

/// A revision is taken in once, with its document; an analysis is of a revision and assets that are there.
pub async fn advisory(c: &mut Link<'_>, kind: &advisories::Kind) -> Result<(), StoreError> {
    match kind {
        advisories::Kind::Imported(made) => {
            for digest in [made.digest.as_str(), made.reading.as_str()] {
                scalar!(c, String, "SELECT digest FROM document WHERE digest = $1", digest)?
                    .ok_or_else(|| Refusal::unknown("document", digest, "advisories"))?;
            }
            let found = scalar!(
                c,
                i64,
                "SELECT seq FROM advisory_revision WHERE advisory_ref = $1 AND digest = $2",
                made.advisory.as_str(),
                made.digest.as_str()
            )?;
            facts::fresh(found, "revision of advisory", made.advisory.as_str())
        }
        advisories::Kind::Matched(made) => {
            scalar!(
                c,
                i64,
                "SELECT seq FROM advisory_revision WHERE advisory_ref = $1 AND digest = $2",
                made.advisory.as_str(),
                made.digest.as_str()
            )?
            .ok_or_else(|| Refusal::unknown("advisory", made.advisory.as_str(), "advisories"))?;
            let asked: Vec<&str> = made.matches.iter().map(|found| found.asset.as_str()).collect();
            let asked_list = facts::json(&asked)?;
            let stand: BTreeSet<String> =
                among!(c, (String,), "SELECT ref FROM asset WHERE ref", asked_list)?
                    .into_iter()
                    .map(|(asset,)| asset)
                    .collect();
            match asked.into_iter().find(|asset| !stand.contains(*asset)) {
                Some(asset) => Err(Refusal::unknown("asset", asset, "assets").into()),
                None => Ok(()),
            }
        }
    }
}

/// An import goes on and is ended once, by whoever began it; it confirms assets that are in the plant.
pub async fn import(
    c: &mut Link<'_>,
    said: &Said<'_>,
    kind: &import::Kind,
) -> Result<(), StoreError> {
    match kind {
        import::Kind::Started(_) => Ok(()),
        import::Kind::Confirmed(made) => {
            let of = begun(c, said, &made.r#ref).await?;
            if of.is_some_and(|site| site != made.site.as_str()) {
                return Err(Refusal::new(
                    Code::Invalid,
                    format!("import {} is of another site than {}", made.r#ref, made.site),
                    "begin an import without a site for a file of several",
                )
                .into());
            }
            let named: Vec<&str> = made.assets.iter().map(Ref::as_str).collect();
            let stand: BTreeSet<String> = among!(
                c,
                (String, String, String),
                "SELECT ref, site, state FROM asset WHERE ref",
                facts::json(&named)?
            )?
            .into_iter()
            .filter(|(_, site, state)| site == made.site.as_str() && state == "active")
            .map(|(asset, ..)| asset)
            .collect();
            match named.into_iter().find(|asset| !stand.contains(*asset)) {
                Some(asset) => Err(Refusal::unknown("asset", asset, "assets").into()),
                None => Ok(()),
            }
        }
        import::Kind::Finished(made) => begun(c, said, &made.r#ref).await.map(|_| ()),
    }
}

/// The site of an import that goes on and is of whoever says so, if all of it belongs to one.
async fn begun(
    c: &mut Link<'_>,
    said: &Said<'_>,
    import: &Ref,
) -> Result<Option<String>, StoreError> {
    let row = crate::opt!(
        c,
        (String, String, Option<String>),
        "SELECT state, author, site FROM import WHERE ref = $1",
        import.as_str()
    )?;
    match row {
        None => Err(Refusal::unknown("import", import.as_str(), "imports").into()),
        Some((state, author, site)) if state == "started" && author == said.actor.as_str() => {
            Ok(site)
        }
        Some((state, author, _)) => Err(Refusal::new(
            Code::WrongState,
            format!("import {import} is {state} and was begun by {author}"),
            "run the import again",
        )
        .into()),
    }
}
