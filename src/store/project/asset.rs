//! Rows of assets and of the vendor keys they are found by.

mod registered;

pub use registered::registered;

use std::collections::BTreeMap;

use super::posture;
use crate::domain::asset::{Kind, Update};
use crate::domain::matching::{AssetIdentity, asset_keys};
use crate::domain::names::Ref;
use crate::domain::posture::Measure;
use crate::store::fault::StoreError;
use crate::store::said::Said;
use crate::store::{facts, link::Link};
use crate::{exec, opt, rows};

/// Which entry last said what of a field.
type Provenance = BTreeMap<String, i64>;

fn told(made: &Update, provenance: &mut Provenance, seq: i64) {
    let given = [
        ("name", made.name.is_some()),
        ("class", made.class.is_some()),
        ("zone", made.zone.is_some()),
        ("vendor", made.vendor.is_some()),
        ("product", made.product.is_some()),
        ("model", made.model.is_some()),
        ("order_number", made.order_number.is_some()),
        ("firmware", made.firmware.is_some()),
        ("serial", made.serial.is_some()),
        ("purdue", made.purdue.is_some()),
        ("ip", made.ip.is_some()),
        ("safety", made.safety.is_some()),
        ("regulatory", made.regulatory.is_some()),
        ("production", made.production.is_some()),
        ("owner", made.owner.is_some()),
        ("constraints", made.constraints.is_some()),
        ("support_end", made.support_end.is_some()),
        ("part_of", made.part_of.is_some()),
    ];
    for (field, _) in given.iter().filter(|(_, given)| *given) {
        provenance.insert((*field).to_owned(), seq);
    }
}

/// Rows of an asset and of the vendor keys it is found by.
pub async fn asset(c: &mut Link<'_>, said: &Said<'_>, kind: &Kind) -> Result<(), StoreError> {
    match kind {
        Kind::Registered(made) => registered(c, &[(said, made)]).await,
        Kind::Updated(made) => updated(c, said, made).await,
        Kind::Retired(_) => {
            exec!(
                c,
                "UPDATE asset SET state = 'retired', seq = $1 WHERE ref = $2",
                said.entry.seq,
                said.subject.as_str()
            )?;
            for measure in [Measure::Described, Measure::Criticality, Measure::Confirmed] {
                posture::leave(c, said, measure, None).await?;
            }
            Ok(())
        }
    }
}

async fn updated(c: &mut Link<'_>, said: &Said<'_>, made: &Update) -> Result<(), StoreError> {
    let before = opt!(
        c,
        (String, String, Option<String>, Option<String>, Option<String>),
        "SELECT provenance, name, vendor, product, ip FROM asset WHERE ref = $1",
        said.subject.as_str()
    )?;
    let Some((provenance, name, vendor, product, ip)) = before else { return Ok(()) };
    let mut provenance: Provenance = serde_json::from_str(&provenance)
        .map_err(|fault| StoreError::Body(crate::ledger::BodyFault::Data(fault)))?;
    told(made, &mut provenance, said.entry.seq);
    let text =
        |line: &Option<crate::domain::text::Line>| line.as_ref().map(|l| l.as_str().to_owned());
    let searched = facts::folded(&[
        said.subject.as_str(),
        text(&made.name).as_deref().unwrap_or(&name),
        text(&made.vendor).or(vendor).as_deref().unwrap_or_default(),
        text(&made.product).or(product).as_deref().unwrap_or_default(),
        text(&made.ip).or(ip).as_deref().unwrap_or_default(),
    ]);
    let row = rows!(
        c,
        posture::AssetRow,
        "UPDATE asset SET name = COALESCE($2, name), class = COALESCE($3, class), zone = COALESCE($4, zone),
             vendor = COALESCE($5, vendor), product = COALESCE($6, product), model = COALESCE($7, model),
             order_number = COALESCE($8, order_number), firmware = COALESCE($9, firmware),
             serial = COALESCE($10, serial), purdue = COALESCE($11, purdue), ip = COALESCE($12, ip),
             safety = COALESCE($13, safety), regulatory = COALESCE($14, regulatory),
             production = COALESCE($15, production), owner = COALESCE($16, owner),
             constraints = COALESCE($17, constraints), support_end = COALESCE($18, support_end),
             provenance = $19, folded = $20, seq = $21, part_of = COALESCE($24, part_of),
             safety_at = CASE WHEN $13 IS NULL THEN safety_at ELSE o.at END,
             regulatory_at = CASE WHEN $14 IS NULL THEN regulatory_at ELSE o.at END,
             production_at = CASE WHEN $15 IS NULL THEN production_at ELSE o.at END
         FROM (SELECT CASE WHEN EXISTS (SELECT 1 FROM person_discipline
                                        WHERE person_ref = $23 AND discipline = 'operations') THEN $22 END AS at) AS o
         WHERE ref = $1
         RETURNING class, zone, owner, vendor, product, firmware, purdue, safety, regulatory, production,
             safety_at, regulatory_at, production_at",
        said.subject.as_str(),
        text(&made.name),
        made.class.map(|class| class.word()),
        made.zone.as_ref().map(|zone| Ref::zone(&made.site, zone).to_string()),
        text(&made.vendor),
        text(&made.product),
        text(&made.model),
        text(&made.order_number),
        text(&made.firmware),
        text(&made.serial),
        made.purdue.map(|level| level.word()),
        text(&made.ip),
        made.safety.map(|rating| rating.get()),
        made.regulatory.map(|rating| rating.get()),
        made.production.map(|rating| rating.get()),
        made.owner.as_ref().map(|login| login.as_str()),
        made.constraints.as_ref().map(facts::json).transpose()?,
        made.support_end,
        facts::json(&provenance)?,
        searched,
        said.entry.seq,
        said.entry.at,
        said.actor.as_str(),
        made.part_of.as_ref().map(|tag| Ref::asset(&made.site, tag).to_string())
    )?;
    if let Some(row) = row.into_iter().next() {
        posture::assets(c, &[(said, &made.site, row)]).await?;
    }
    keys(c, said).await
}

#[derive(sqlx::FromRow)]
struct IdentityRow {
    name: String,
    vendor: Option<String>,
    product: Option<String>,
    model: Option<String>,
    order_number: Option<String>,
}

/// The keys of an asset, from its row as it now stands: those it has are live, earlier ones are not.
async fn keys(c: &mut Link<'_>, said: &Said<'_>) -> Result<(), StoreError> {
    let row = opt!(
        c,
        IdentityRow,
        "SELECT name, vendor, product, model, order_number FROM asset WHERE ref = $1",
        said.subject.as_str()
    )?;
    let Some(IdentityRow { name, vendor, product, model, order_number }) = row else {
        return Ok(());
    };
    let identity =
        AssetIdentity { name, vendor, product, model, order_number, ..AssetIdentity::default() };
    let new = asset_keys(&identity);
    let old = rows!(
        c,
        (String,),
        "SELECT match_key FROM asset_key WHERE asset_ref = $1 AND live",
        said.subject.as_str()
    )?;
    for (gone,) in old.iter().filter(|(key,)| !new.contains(key)) {
        exec!(
            c,
            "UPDATE asset_key SET live = FALSE, seq = $1 WHERE asset_ref = $2 AND match_key = $3",
            said.entry.seq,
            said.subject.as_str(),
            gone
        )?;
    }
    for key in new.iter().filter(|key| !old.iter().any(|(stands,)| stands == *key)) {
        exec!(
            c,
            "INSERT INTO asset_key (asset_ref, match_key, live, seq) VALUES ($1, $2, TRUE, $3)
             ON CONFLICT (asset_ref, match_key) DO UPDATE SET live = TRUE, seq = excluded.seq",
            said.subject.as_str(),
            key,
            said.entry.seq
        )?;
    }
    Ok(())
}
