//! Posture: measures, their weights, and how a function's number is made from counts. It reads nothing itself.

use serde::Serialize;

use crate::words;

words! {
    /// The functions of NIST CSF 2.0.
    pub enum Function {
        /// Govern.
        Govern = "GV",
        /// Identify.
        Identify = "ID",
        /// Protect.
        Protect = "PR",
        /// Detect.
        Detect = "DE",
        /// Respond.
        Respond = "RS",
        /// Recover.
        Recover = "RC",
    }
}

/// What a function is to reach unless a site says otherwise, in percent.
pub const TARGET: i64 = 95;

words! {
    /// A measure: one question asked of every item of its population.
    pub enum Measure {
        /// An asset has class, zone, owner, vendor, product and firmware.
        Described = "described",
        /// An asset has its three ratings.
        Criticality = "criticality",
        /// A risk has an owner and a due time.
        Risks = "risks",
        /// A zone achieves its target level (IEC 62443-3-2).
        Zones = "zones",
        /// A decision was taken by its time.
        DecisionsOnTime = "decisions on time",
        /// An acceptance or a temporary change is not past its end.
        Exceptions = "exceptions in date",
    }
}

impl Measure {
    /// The function it counts for.
    pub const fn function(self) -> Function {
        match self {
            Self::DecisionsOnTime | Self::Exceptions => Function::Govern,
            Self::Described | Self::Criticality | Self::Risks => Function::Identify,
            Self::Zones => Function::Protect,
        }
    }

    /// Its weight among the hundred of its function.
    pub const fn weight(self) -> i64 {
        match self {
            Self::Described => 30,
            Self::Criticality => 20,
            Self::Risks => 10,
            Self::Zones | Self::DecisionsOnTime | Self::Exceptions => 25,
        }
    }

    /// What makes an item ok, in words.
    pub const fn asks(self) -> &'static str {
        match self {
            Self::Described => "class, zone, owner, vendor, product and firmware are known",
            Self::Criticality => "safety, regulatory and production are rated",
            Self::Risks => "has an owner and a due time",
            Self::Zones => "SL-A reaches SL-T",
            Self::DecisionsOnTime => "was decided by its time",
            Self::Exceptions => "is not past its end",
        }
    }
}

/// The items of one measure: how much weight is ok, of how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// The measure.
    pub measure: Measure,
    /// Weight of the items that are ok.
    pub ok: i64,
    /// Weight of all items.
    pub all: i64,
}

/// A function's number: 100 times the weighted share that is ok, rounded down; none while the measures that
/// have a population carry under half of the hundred.
pub fn number(function: Function, tallies: &[Tally]) -> Option<i64> {
    let mut weight = 0;
    let mut ok = 0.0;
    for tally in tallies.iter().filter(|t| t.measure.function() == function && t.all > 0) {
        weight += tally.measure.weight();
        ok += share(*tally) * as_f64(tally.measure.weight());
    }
    if weight < 50 {
        return None;
    }
    Some(floor(100.0 * ok / as_f64(weight)))
}

/// The measure with the largest weight that is not ok, for the because of a number.
pub fn because(tallies: &[Tally]) -> Option<Tally> {
    let lost = |t: &Tally| as_f64(t.measure.weight()) * (1.0 - share(*t));
    tallies
        .iter()
        .copied()
        .filter(|t| t.all > 0 && t.ok < t.all)
        .max_by(|a, b| lost(a).total_cmp(&lost(b)))
}

fn share(tally: Tally) -> f64 {
    as_f64(tally.ok) / as_f64(tally.all)
}

#[expect(clippy::cast_precision_loss, reason = "weights lie far below 2^52")]
fn as_f64(number: i64) -> f64 {
    number as f64
}

#[expect(clippy::cast_possible_truncation, reason = "the value lies between 0 and 100")]
fn floor(number: f64) -> i64 {
    (number + 1e-9).floor() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(measure: Measure, ok: i64, all: i64) -> Tally {
        Tally { measure, ok, all }
    }

    #[test]
    fn a_number_needs_half_the_weight() {
        assert_eq!(number(Function::Identify, &[tally(Measure::Described, 5, 5)]), None);
        let both = [tally(Measure::Described, 5, 5), tally(Measure::Criticality, 0, 5)];
        assert_eq!(number(Function::Identify, &both), Some(60));
    }

    #[test]
    fn an_empty_population_does_not_count_as_full() {
        let tallies = [tally(Measure::Described, 5, 5), tally(Measure::Criticality, 0, 0)];
        assert_eq!(number(Function::Identify, &tallies), None);
        assert_eq!(number(Function::Detect, &tallies), None);
    }

    #[test]
    fn the_because_is_the_largest_loss() {
        let tallies = [tally(Measure::Described, 4, 5), tally(Measure::Criticality, 0, 5)];
        assert_eq!(because(&tallies).map(|t| t.measure), Some(Measure::Criticality));
    }
}
