//! What a file says of an asset against what stands, field by field.

use super::Changed;
use crate::domain::asset::{self, Register, Update};
use crate::domain::names::Ref;
use crate::domain::text::Line;
use crate::store::KnownAsset;

/// What the file says of an asset, field by field; what it does not say changes nothing.
fn said(asset: &Register) -> Vec<(&'static str, String)> {
    let text = |value: &Option<Line>| value.as_ref().map(ToString::to_string);
    let number = |value: &Option<asset::Rating>| value.map(|rating| rating.get().to_string());
    // A class that nobody knows says nothing against one that somebody gave.
    let class = (asset.class != asset::Class::Unclassified).then(|| asset.class.word().to_owned());
    [
        ("name", Some(asset.name.to_string())),
        ("class", class),
        ("zone", asset.zone.as_ref().map(|zone| Ref::zone(&asset.site, zone).to_string())),
        ("vendor", text(&asset.vendor)),
        ("product", text(&asset.product)),
        ("model", text(&asset.model)),
        ("order_number", text(&asset.order_number)),
        ("firmware", text(&asset.firmware)),
        ("serial", text(&asset.serial)),
        ("purdue", asset.purdue.map(|level| level.word().to_owned())),
        ("ip", text(&asset.ip)),
        ("safety", number(&asset.safety)),
        ("regulatory", number(&asset.regulatory)),
        ("production", number(&asset.production)),
        ("owner", asset.owner.as_ref().map(ToString::to_string)),
    ]
    .into_iter()
    .filter_map(|(field, value)| Some((field, value?)))
    .collect()
}

fn stands(asset: &KnownAsset, field: &str) -> Option<String> {
    let number = |value: Option<i64>| value.map(|number| number.to_string());
    match field {
        "name" => Some(asset.name.clone()),
        "class" => Some(asset.class.clone()),
        "zone" => asset.zone.clone(),
        "vendor" => asset.vendor.clone(),
        "product" => asset.product.clone(),
        "model" => asset.model.clone(),
        "order_number" => asset.order_number.clone(),
        "firmware" => asset.firmware.clone(),
        "serial" => asset.serial.clone(),
        "purdue" => asset.purdue.clone(),
        "ip" => asset.ip.clone(),
        "safety" => number(asset.safety),
        "regulatory" => number(asset.regulatory),
        "production" => number(asset.production),
        "owner" => asset.owner.clone(),
        _ => None,
    }
}

/// The fields in which a file differs from what stands.
pub fn differences(known: &KnownAsset, file: &Register) -> Vec<Changed> {
    said(file)
        .into_iter()
        .filter_map(|(field, to)| {
            let from = stands(known, field);
            (from.as_deref() != Some(to.as_str())).then_some(Changed { field, from, to })
        })
        .collect()
}

/// The update with the fields that change, so that what was said of the others keeps its source.
pub fn only(update: Update, changes: &[Changed]) -> Update {
    let has = |field: &str| changes.iter().any(|change| change.field == field);
    Update {
        name: update.name.filter(|_| has("name")),
        class: update.class.filter(|_| has("class")),
        zone: update.zone.filter(|_| has("zone")),
        vendor: update.vendor.filter(|_| has("vendor")),
        product: update.product.filter(|_| has("product")),
        model: update.model.filter(|_| has("model")),
        order_number: update.order_number.filter(|_| has("order_number")),
        firmware: update.firmware.filter(|_| has("firmware")),
        serial: update.serial.filter(|_| has("serial")),
        purdue: update.purdue.filter(|_| has("purdue")),
        ip: update.ip.filter(|_| has("ip")),
        safety: update.safety.filter(|_| has("safety")),
        regulatory: update.regulatory.filter(|_| has("regulatory")),
        production: update.production.filter(|_| has("production")),
        owner: update.owner.filter(|_| has("owner")),
        ..update
    }
}
