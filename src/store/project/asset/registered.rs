//! Rows of assets that are new: of one, or of a whole run with a handful of statements.

use std::collections::BTreeSet;

use super::{Provenance, told};
use crate::domain::asset::{Register, Update};
use crate::domain::matching::{AssetIdentity, asset_keys};
use crate::domain::names::Ref;
use crate::domain::text::Line;
use crate::store::facts;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::project::posture;
use crate::store::said::Said;
use crate::{among, insert};

/// Rows that a statement writes at once.
const ROWS: usize = 64;

/// Rows of assets that are new, and of the vendor keys they are found by.
pub async fn registered(
    c: &mut Link<'_>,
    new: &[(&Said<'_>, &Register)],
) -> Result<(), StoreError> {
    let actors: BTreeSet<&str> = new.iter().map(|(said, _)| said.actor.as_str()).collect();
    let operations = among!(
        c,
        (String,),
        "SELECT person_ref FROM person_discipline WHERE discipline = 'operations' AND person_ref",
        facts::json(&actors)?
    )?;
    let operations: BTreeSet<&str> = operations.iter().map(|(person,)| person.as_str()).collect();
    let rows: Vec<_> = new
        .iter()
        .map(|(said, made)| {
            let at = operations.contains(said.actor.as_str()).then_some(said.entry.at);
            Ok((*said, *made, posture::AssetRow::new(made, at), texts(said, made)?))
        })
        .collect::<Result<_, StoreError>>()?;
    insert!(
        c,
        "INSERT INTO asset (ref, site, tag, name, class, zone, vendor, product, model, order_number,
             firmware, serial, purdue, ip, safety, regulatory, production, owner, constraints, support_end,
             provenance, folded, state, seq, safety_at, regulatory_at, production_at, part_of) ",
        rows,
        ROWS,
        |b, row| {
            let (said, made, row, texts) = row;
            b.push_bind(said.subject.as_str())
                .push_bind(made.site.as_str())
                .push_bind(made.tag.as_str())
                .push_bind(made.name.as_str())
                .push_bind(row.class.as_str())
                .push_bind(row.zone.as_deref())
                .push_bind(row.vendor.as_deref())
                .push_bind(row.product.as_deref())
                .push_bind(made.model.as_ref().map(Line::as_str))
                .push_bind(made.order_number.as_ref().map(Line::as_str))
                .push_bind(row.firmware.as_deref())
                .push_bind(made.serial.as_ref().map(Line::as_str))
                .push_bind(row.purdue.as_deref())
                .push_bind(made.ip.as_ref().map(Line::as_str))
                .push_bind(row.safety)
                .push_bind(row.regulatory)
                .push_bind(row.production)
                .push_bind(row.owner.as_deref())
                .push_bind(texts.constraints.as_str())
                .push_bind(made.support_end)
                .push_bind(texts.provenance.as_str())
                .push_bind(texts.folded.as_str())
                .push_bind("active")
                .push_bind(said.entry.seq)
                .push_bind(row.safety_at)
                .push_bind(row.regulatory_at)
                .push_bind(row.production_at)
                .push_bind(made.part_of.as_ref().map(|tag| Ref::asset(&made.site, tag).to_string()));
        },
        ""
    );
    let keys: Vec<_> = rows
        .iter()
        .flat_map(|(said, made, ..)| keys(made).into_iter().map(|key| (*said, key)))
        .collect();
    insert!(
        c,
        "INSERT INTO asset_key (asset_ref, match_key, live, seq) ",
        keys,
        ROWS,
        |b, row| {
            let (said, key) = row;
            b.push_bind(said.subject.as_str())
                .push_bind(key.as_str())
                .push_bind(true)
                .push_bind(said.entry.seq);
        },
        " ON CONFLICT (asset_ref, match_key) DO UPDATE SET live = TRUE, seq = excluded.seq"
    );
    let asked: Vec<_> =
        rows.into_iter().map(|(said, made, row, _)| (said, &made.site, row)).collect();
    posture::assets(c, &asked).await
}

/// What the row holds that is made of several fields.
struct Texts {
    constraints: String,
    provenance: String,
    folded: String,
}

fn texts(said: &Said<'_>, made: &Register) -> Result<Texts, StoreError> {
    let mut provenance = Provenance::new();
    told(&Update::from(made.clone()), &mut provenance, said.entry.seq);
    let text = |line: &Option<Line>| line.as_ref().map(|line| line.as_str().to_owned());
    Ok(Texts {
        constraints: facts::json(&made.constraints.clone().unwrap_or_default())?,
        provenance: facts::json(&provenance)?,
        folded: facts::folded(&[
            said.subject.as_str(),
            made.name.as_str(),
            text(&made.vendor).as_deref().unwrap_or_default(),
            text(&made.product).as_deref().unwrap_or_default(),
            text(&made.ip).as_deref().unwrap_or_default(),
        ]),
    })
}

/// The vendor keys that an asset is found by.
fn keys(made: &Register) -> Vec<String> {
    let text = |line: &Option<Line>| line.as_ref().map(|line| line.as_str().to_owned());
    asset_keys(&AssetIdentity {
        name: made.name.as_str().to_owned(),
        vendor: text(&made.vendor),
        product: text(&made.product),
        model: text(&made.model),
        order_number: text(&made.order_number),
        ..AssetIdentity::default()
    })
}
