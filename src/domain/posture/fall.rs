//! Numbers that fell, each with the measures that made it fall: all of them, also where another measure costs more.

use serde::Serialize;

use super::number::{Tally, because, percent, score};
use super::{Function, Measure};

/// A function whose number is lower than it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fall {
    /// The function.
    pub function: Function,
    /// Its number before.
    pub from: i64,
    /// Its number now.
    pub to: i64,
    /// The measures that fell, the one that cost most first, with those that began below the number.
    pub measures: Vec<Fell>,
}

/// A measure whose share is lower than it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fell {
    /// The measure.
    pub measure: Measure,
    /// Its share in percent before; none if it had no items.
    pub from: Option<String>,
    /// Its share in percent now.
    pub to: String,
}

/// The functions whose numbers fell between two tallies.
pub fn falls(before: &[Tally], now: &[Tally]) -> Vec<Fall> {
    let one = |function: &Function| {
        let (from, to) = (score(*function, before).number?, score(*function, now).number?);
        let measures = measures(*function, from, before, now);
        (to < from && !measures.is_empty()).then_some(Fall {
            function: *function,
            from,
            to,
            measures,
        })
    };
    Function::ALL.iter().filter_map(one).collect()
}

fn measures(function: Function, number: i64, before: &[Tally], now: &[Tally]) -> Vec<Fell> {
    let mut found: Vec<_> = now
        .iter()
        .filter(|tally| tally.measure.function() == function)
        .filter_map(|tally| {
            let was = before.iter().find(|was| was.measure == tally.measure);
            let lost = tally.lost_since(was)?;
            let from = was.and_then(percent);
            // What began above the number has not made it fall.
            if from.is_none() && tally.hundredths()? >= number {
                return None;
            }
            Some((lost, Fell { measure: tally.measure, from, to: percent(tally)? }))
        })
        .collect();
    found.sort_by(|(a, _), (b, _)| b.compare(*a));
    found.into_iter().map(|(_, fell)| fell).collect()
}

/// The measure to look at first: of those that fell the one that cost most, else the one that is named instead.
pub fn foremost(fell: &[Fall], before: &[Tally], now: &[Tally]) -> Option<Measure> {
    let named: Vec<Measure> =
        fell.iter().flat_map(|fall| &fall.measures).map(|fell| fell.measure).collect();
    let mut lost: Vec<_> = now
        .iter()
        .filter(|tally| named.contains(&tally.measure))
        .filter_map(|tally| {
            let was = before.iter().find(|was| was.measure == tally.measure);
            Some((tally.lost_since(was)?, tally.measure))
        })
        .collect();
    lost.sort_by(|(a, _), (b, _)| b.compare(*a));
    let most = lost.first().map(|(_, measure)| *measure);
    most.or_else(|| because(before, now).map(|named| named.measure()))
}

impl Fall {
    /// What fell and by which measures, in one sentence: `PR 94 to 90: zones 100.0 to 83.3 %`.
    pub fn words(&self) -> String {
        let named: Vec<String> = self.measures.iter().map(Fell::words).collect();
        format!("{} {} to {}: {}", self.function, self.from, self.to, named.join(", "))
    }
}

impl Fell {
    /// The measure with its shares: `zones 100.0 to 83.3 %`.
    pub fn words(&self) -> String {
        match &self.from {
            Some(from) => format!("{} {from} to {} %", self.measure.name(), self.to),
            None => format!("{} began with {} %", self.measure.name(), self.to),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::number::{Count, Counts};
    use super::*;

    fn tally(measure: Measure, ok: i64, short: i64) -> Tally {
        let count = |n| Count { items: n, weight: n };
        Tally::of(measure, Counts { ok: count(ok), bad: count(short), ..Counts::default() })
    }

    #[test]
    fn a_number_that_fell_names_all_measures_that_fell_and_not_the_one_that_costs_more() {
        let before = [
            tally(Measure::Described, 10, 0),
            tally(Measure::Criticality, 0, 10),
            tally(Measure::Confirmed, 10, 0),
        ];
        let now = [
            tally(Measure::Described, 9, 1),
            tally(Measure::Criticality, 0, 10),
            tally(Measure::Confirmed, 8, 2),
        ];
        let falls = falls(&before, &now);
        let said: Vec<String> = falls.iter().map(Fall::words).collect();
        assert_eq!(said, ["ID 71 to 61: confirmed 100.0 to 80.0 %, described 100.0 to 90.0 %"]);
    }

    #[test]
    fn the_foremost_measure_is_the_one_that_cost_most_of_all_that_fell_else_the_one_that_is_named()
    {
        let before = [
            tally(Measure::DecisionRights, 10, 0),
            tally(Measure::Described, 10, 0),
            tally(Measure::Criticality, 0, 10),
            tally(Measure::Confirmed, 10, 0),
        ];
        let now = [
            tally(Measure::DecisionRights, 9, 1),
            tally(Measure::Described, 9, 1),
            tally(Measure::Criticality, 0, 10),
            tally(Measure::Confirmed, 8, 2),
        ];
        let fell = falls(&before, &now);
        assert_eq!(foremost(&fell, &before, &now), Some(Measure::Confirmed));
        assert_eq!(foremost(&[], &now, &now), Some(Measure::Criticality), "what costs most");
        assert_eq!(foremost(&[], &[], &[]), None);
    }

    #[test]
    fn what_began_not_whole_is_named_and_what_rose_is_not() {
        let before = [tally(Measure::Described, 10, 0), tally(Measure::Criticality, 1, 1)];
        let now = [
            tally(Measure::Described, 10, 0),
            tally(Measure::Criticality, 3, 2),
            tally(Measure::Confirmed, 0, 5),
        ];
        let said: Vec<String> = falls(&before, &now).iter().map(Fall::words).collect();
        assert_eq!(said, ["ID 80 to 60: confirmed began with 0.0 %"]);
        assert_eq!(falls(&now, &before), []);
    }
}
