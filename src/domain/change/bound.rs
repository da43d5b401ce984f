//! What decisions on a change bind to: whoever edits one of these asks anew, and a change that replaces another differs
//! in one of them.

use super::{Concern, Impacts};
use crate::domain::time::Time;

/// The fields that a decision is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The assets, in order.
    pub assets: Vec<String>,
    /// When work begins.
    pub start: Time,
    /// When work ends.
    pub end: Time,
    /// The five answers.
    pub impacts: Impacts,
    /// How it is undone.
    pub rollback: String,
    /// How it is tested.
    pub tests: String,
}

/// A field that two changes differ in.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Difference {
    /// The field.
    pub field: String,
    /// What the earlier one says.
    pub before: String,
    /// What the later one says.
    pub after: String,
}

impl Bound {
    /// What a later change says otherwise.
    pub fn differences(&self, later: &Self) -> Vec<Difference> {
        let answer = |of: &Impacts, concern: Concern| {
            let answered = of.of(concern);
            let text = answered.text.as_ref().map(|text| format!(": {text}")).unwrap_or_default();
            format!("{}{text}", answered.level)
        };
        let plain = [
            ("assets".to_owned(), self.assets.join(", "), later.assets.join(", ")),
            ("start".to_owned(), self.start.to_string(), later.start.to_string()),
            ("end".to_owned(), self.end.to_string(), later.end.to_string()),
            ("rollback".to_owned(), self.rollback.clone(), later.rollback.clone()),
            ("tests".to_owned(), self.tests.clone(), later.tests.clone()),
        ];
        let impacts = Concern::ALL.iter().map(|concern| {
            let (before, after) =
                (answer(&self.impacts, *concern), answer(&later.impacts, *concern));
            (format!("impacts.{concern}"), before, after)
        });
        plain
            .into_iter()
            .chain(impacts)
            .filter(|(_, before, after)| before != after)
            .map(|(field, before, after)| Difference { field, before, after })
            .collect()
    }
}
