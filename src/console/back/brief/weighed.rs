//! What a decision on a risk is about: what may happen, to what, how grave it is and what is done about it.

use super::named;
use crate::console::back::objects::risk_assets;
use crate::console::screens::cells;
use crate::console::widgets::cell::Cell;
use crate::console::widgets::doc::Doc;
use crate::domain::state_words;
use crate::store::query::Risk;
use crate::store::{ReadError, Reader};

/// The risk as whoever proposes, treats, weighs or closes it must know it.
pub async fn risk(reader: &mut Reader<'_>, row: &Risk) -> Result<Doc, ReadError> {
    let assets = risk_assets(reader, row).await?;
    let what = format!("{} (P{}): {}", row.r#ref, row.priority, row.title);
    Ok(named(&what, &assets)
        .field("weighs", Cell::text(weights(row)))
        .field("stands", Cell::text(state_words::spoken(&row.effective_state)))
        .field("treatment", cells::word(row.treatment.as_deref()))
        .field("instead", Cell::text(row.compensating.0.join(", ")))
        .field("owner", cells::word(row.owner.as_deref()))
        .when("due", row.due, cells::zone(&row.timezone)))
}

/// Likelihood times worst consequence, at each level at which it was weighed.
fn weights(row: &Risk) -> String {
    let levels = [("inherent", row.inherent), ("now", row.current), ("once treated", row.residual)];
    let said = levels.iter().filter_map(|(level, score)| Some(format!("{level} {}", (*score)?)));
    let said: Vec<String> = said.collect();
    if said.is_empty() { "nobody weighed it yet".to_owned() } else { said.join(", ") + " of 25" }
}
