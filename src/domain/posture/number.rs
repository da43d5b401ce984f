//! From counts to numbers, in whole numbers throughout: the same counts give the same number on every machine.

use serde::Serialize;

use super::{Function, Measure, State};

/// How many items, and what they weigh together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Items.
    pub items: i64,
    /// Their weight.
    pub weight: i64,
}

impl Count {
    fn plus(self, other: Self) -> Self {
        Self {
            items: self.items.saturating_add(other.items),
            weight: self.weight.saturating_add(other.weight),
        }
    }
}

/// The items of one measure by how they stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// As they should be.
    pub ok: Count,
    /// Not.
    pub bad: Count,
    /// Nobody has looked for too long.
    pub stale: Count,
    /// Never recorded.
    pub unknown: Count,
    /// A deviation is in force; they count for nothing.
    pub excepted: Count,
}

impl Counts {
    /// The items in one state; none are out.
    pub const fn of(&self, state: State) -> Count {
        match state {
            State::Ok => self.ok,
            State::Bad => self.bad,
            State::Stale => self.stale,
            State::Unknown => self.unknown,
            State::Excepted => self.excepted,
            State::Out => Count { items: 0, weight: 0 },
        }
    }

    /// Adds items in a state, or takes them away with negative numbers; those that are out are not counted.
    pub fn add(&mut self, state: State, count: Count) {
        let at = match state {
            State::Ok => &mut self.ok,
            State::Bad => &mut self.bad,
            State::Stale => &mut self.stale,
            State::Unknown => &mut self.unknown,
            State::Excepted => &mut self.excepted,
            State::Out => return,
        };
        *at = at.plus(count);
    }

    /// Adds all items of others.
    pub fn merge(&mut self, other: &Self) {
        for state in State::COUNTED {
            self.add(state, other.of(state));
        }
    }

    /// What is asked: all but the excepted.
    pub fn asked(&self) -> Count {
        self.ok.plus(self.bad).plus(self.stale).plus(self.unknown)
    }

    /// What is asked and not ok.
    pub fn short(&self) -> Count {
        self.bad.plus(self.stale).plus(self.unknown)
    }

    /// What nobody can vouch for.
    fn doubtful(&self) -> Count {
        self.stale.plus(self.unknown)
    }
}

/// The items of one measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// The measure.
    pub measure: Measure,
    /// What it weighs among the measures of its function.
    pub counts_for: i64,
    /// Its items.
    #[serde(flatten)]
    pub counts: Counts,
}

impl Tally {
    /// The same with another weight than the program's own.
    #[must_use]
    pub const fn counting(self, counts_for: i64) -> Self {
        Self { counts_for, ..self }
    }

    /// The tally of a site or of all: what must exist and does not counts as one unknown.
    pub fn of(measure: Measure, mut counts: Counts) -> Self {
        let none = counts.asked().items == 0 && counts.excepted.items == 0;
        if none && measure.must_exist() {
            counts.unknown = Count { items: 1, weight: 1 };
        }
        Self { measure, counts_for: measure.weight(), counts }
    }

    /// The share that is ok; none without a population.
    fn share(&self) -> Option<Fraction> {
        Fraction::of(self.counts.ok.weight, self.counts.asked().weight)
    }

    /// The share that is ok in percent, rounded down; none without a population.
    pub(super) fn hundredths(&self) -> Option<i64> {
        Some(self.share()?.hundredths(1))
    }

    /// What it lost in its function since it stood like this; none if it lost nothing. What had no items then has lost
    /// what it is short of.
    pub(super) fn lost_since(&self, was: Option<&Self>) -> Option<Fraction> {
        let whole = Fraction::of(1, 1)?.times(self.counts_for);
        let then = was.and_then(Self::worth).unwrap_or(whole);
        let now = self.worth()?;
        then.greater(now).then(|| then.minus(now))
    }

    /// What the share counts in its function.
    fn worth(&self) -> Option<Fraction> {
        Some(self.share()?.times(self.counts_for))
    }
}

/// A function's number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// 0 to 100, rounded down; none while the measures that have a population carry under half of the weight.
    pub number: Option<i64>,
    /// Whether more than a tenth of what its measures count for rests on stale and unknown items.
    pub doubtful: bool,
}

/// A function's number: 100 times the weighted share that is ok, rounded down.
pub fn score(function: Function, tallies: &[Tally]) -> Score {
    let mut weight = 0;
    let (mut ok, mut doubt) = (Fraction::ZERO, Fraction::ZERO);
    for tally in tallies.iter().filter(|tally| tally.measure.function() == function) {
        let asked = tally.counts.asked().weight;
        let doubtful = Fraction::of(tally.counts.doubtful().weight, asked);
        let (Some(worth), Some(doubtful)) = (tally.worth(), doubtful) else { continue };
        weight += tally.counts_for;
        ok = ok.plus(worth);
        doubt = doubt.plus(doubtful.times(tally.counts_for));
    }
    // What has no items, and what is not kept yet, weighs too.
    let weighs = |measure: &Measure| {
        let tally = tallies.iter().find(|tally| tally.measure == *measure);
        tally.map_or(measure.weight(), |tally| tally.counts_for)
    };
    let measures = Measure::ALL.iter().filter(|measure| measure.function() == function);
    let all: i64 = measures.map(weighs).sum();
    let enough = weight > 0 && weight.saturating_mul(2) >= all.saturating_add(function.absent());
    let number = enough.then(|| ok.hundredths(weight));
    // Above a tenth of the weight: 10 · doubt > weight.
    let doubtful = doubt.times(10).exceeds(weight);
    Score { number, doubtful }
}

/// What is said of a site's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// The measure that moved most, with its counts before and now.
    Moved(Tally, Tally),
    /// The measure that costs most.
    Costs(Tally),
}

impl Because {
    /// The measure that is named.
    pub const fn measure(&self) -> Measure {
        match self {
            Self::Moved(_, tally) | Self::Costs(tally) => tally.measure,
        }
    }
}

/// The measure whose weighted share moved most since `before`, else the one that costs most; none if nothing is short.
/// A measure that had no population then has not moved, it began.
pub fn because(before: &[Tally], now: &[Tally]) -> Option<Because> {
    let moved = now.iter().filter_map(|tally| {
        let was = before.iter().find(|was| was.measure == tally.measure)?;
        let by = tally.worth()?.minus(was.worth()?).size();
        (!by.is_zero()).then_some((by, *was, *tally))
    });
    let most = moved.fold(None, |most: Option<(Fraction, Tally, Tally)>, next| match most {
        Some(found) if !next.0.greater(found.0) => Some(found),
        Some(_) | None => Some(next),
    });
    if let Some((_, was, tally)) = most {
        return Some(Because::Moved(was, tally));
    }
    let costs = now.iter().filter_map(|tally| {
        let lost = Fraction::of(tally.counts.short().weight, tally.counts.asked().weight)?
            .times(tally.counts_for);
        (!lost.is_zero()).then_some((lost, *tally))
    });
    let worst = costs.fold(None, |worst: Option<(Fraction, Tally)>, next| match worst {
        Some(found) if !next.0.greater(found.0) => Some(found),
        Some(_) | None => Some(next),
    });
    worst.map(|(_, tally)| Because::Costs(tally))
}

/// The share of a tally that is ok in tenths of a percent, rounded down, as `91.4`; none without a population.
pub fn percent(tally: &Tally) -> Option<String> {
    let tenths = tally.share()?.times(10).hundredths(1);
    Some(format!("{}.{}", tenths / 10, tenths % 10))
}

/// A fraction in lowest terms. Weights of some millions in five measures stay far below the limit of i128.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fraction {
    over: i128,
    under: i128,
}

fn divisor(a: i128, b: i128) -> i128 {
    if b == 0 { a.max(1) } else { divisor(b, a % b) }
}

impl Fraction {
    const ZERO: Self = Self { over: 0, under: 1 };

    /// None under nothing.
    fn of(over: i64, under: i64) -> Option<Self> {
        (under > 0).then(|| Self::lowest(over.into(), under.into()))
    }

    fn lowest(over: i128, under: i128) -> Self {
        let by = divisor(over.abs(), under);
        Self { over: over / by, under: under / by }
    }

    fn plus(self, other: Self) -> Self {
        let over = self
            .over
            .saturating_mul(other.under)
            .saturating_add(other.over.saturating_mul(self.under));
        Self::lowest(over, self.under.saturating_mul(other.under))
    }

    fn minus(self, other: Self) -> Self {
        self.plus(Self { over: -other.over, under: other.under })
    }

    fn times(self, by: i64) -> Self {
        Self::lowest(self.over.saturating_mul(by.into()), self.under)
    }

    const fn size(self) -> Self {
        Self { over: self.over.abs(), under: self.under }
    }

    const fn is_zero(self) -> bool {
        self.over == 0
    }

    const fn greater(self, other: Self) -> bool {
        self.over.saturating_mul(other.under) > other.over.saturating_mul(self.under)
    }

    pub(super) fn compare(self, other: Self) -> std::cmp::Ordering {
        match (self.greater(other), other.greater(self)) {
            (true, _) => std::cmp::Ordering::Greater,
            (_, true) => std::cmp::Ordering::Less,
            (false, false) => std::cmp::Ordering::Equal,
        }
    }

    fn exceeds(self, whole: i64) -> bool {
        self.greater(Self { over: whole.into(), under: 1 })
    }

    /// ⌊100 · this ÷ `of`⌋.
    fn hundredths(self, of: i64) -> i64 {
        let under = self.under.saturating_mul(of.max(1).into());
        i64::try_from(self.over.saturating_mul(100) / under).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tally(measure: Measure, ok: i64, short: i64) -> Tally {
        let count = |n| Count { items: n, weight: n };
        Tally::of(measure, Counts { ok: count(ok), bad: count(short), ..Counts::default() })
    }

    fn number(function: Function, tallies: &[Tally]) -> Option<i64> {
        score(function, tallies).number
    }

    #[test]
    fn a_number_needs_half_the_weight() {
        assert_eq!(number(Function::Identify, &[tally(Measure::Described, 5, 0)]), None);
        let both = [tally(Measure::Described, 5, 0), tally(Measure::Criticality, 0, 5)];
        assert_eq!(number(Function::Identify, &both), Some(60));
    }

    #[test]
    fn an_empty_population_does_not_count_as_full() {
        let tallies = [tally(Measure::Described, 5, 0), tally(Measure::Criticality, 0, 0)];
        assert_eq!(number(Function::Identify, &tallies), None);
        assert_eq!(number(Function::Detect, &tallies), None);
    }

    #[test]
    fn what_must_exist_and_does_not_is_one_unknown() {
        let rights = Tally::of(Measure::DecisionRights, Counts::default());
        assert_eq!(rights.counts.unknown, Count { items: 1, weight: 1 });
        let others = [tally(Measure::DecisionsOnTime, 1, 0), rights];
        assert_eq!(number(Function::Govern, &others), Some(45), "25 of 55, rounded down");
    }

    #[test]
    fn a_third_of_three_thirds_is_whole() {
        let thirds = [
            tally(Measure::Described, 1, 2),
            tally(Measure::Criticality, 1, 2),
            tally(Measure::Confirmed, 3, 0),
        ];
        // (30·1/3 + 20·1/3 + 20) ÷ 70 = 110/210.
        assert_eq!(number(Function::Identify, &thirds), Some(52));
        let full = [tally(Measure::Described, 3, 0), tally(Measure::Criticality, 7, 0)];
        assert_eq!(number(Function::Identify, &full), Some(100));
    }

    #[test]
    fn excepted_items_count_for_nothing_and_a_tenth_in_doubt_is_no_doubt_yet() {
        let count = |n| Count { items: n, weight: n };
        let mut counts = Counts { ok: count(9), stale: count(1), ..Counts::default() };
        counts.excepted = count(90);
        let of =
            |counts| [Tally::of(Measure::Described, counts), tally(Measure::Criticality, 0, 0)];
        assert_eq!(percent(&of(counts)[0]).as_deref(), Some("90.0"));
        assert!(!score(Function::Identify, &of(counts)).doubtful);
        counts.unknown = count(1);
        assert!(score(Function::Identify, &of(counts)).doubtful);
    }

    #[test]
    fn the_because_is_what_moved_most_else_what_costs_most() {
        let before = [tally(Measure::Described, 5, 0), tally(Measure::Criticality, 0, 5)];
        let now = [tally(Measure::Described, 4, 1), tally(Measure::Criticality, 0, 5)];
        let found = because(&before, &now);
        assert_eq!(found, Some(Because::Moved(before[0], now[0])));
        assert_eq!(because(&now, &now), Some(Because::Costs(now[1])));
        assert_eq!(because(&[], &now), Some(Because::Costs(now[1])), "what began has not moved");
        assert_eq!(because(&[], &[tally(Measure::Described, 5, 0)]), None);
    }

    proptest! {
        #[test]
        fn a_number_lies_between_nothing_and_all_and_rises_with_what_is_ok(
            parts in prop::collection::vec((0..400_000_i64, 0..400_000_i64), 4)
        ) {
            let measures =
                [Measure::Described, Measure::Criticality, Measure::Confirmed, Measure::Risks];
            let tallies: Vec<Tally> =
                measures.iter().zip(&parts).map(|(m, (ok, short))| tally(*m, *ok, *short)).collect();
            let better: Vec<Tally> = measures
                .iter()
                .zip(&parts)
                .map(|(m, (ok, short))| tally(*m, ok + short.min(&1), short - short.min(&1)))
                .collect();
            let (one, two) = (number(Function::Identify, &tallies), number(Function::Identify, &better));
            prop_assert!(one.is_none_or(|n| (0..=100).contains(&n)));
            prop_assert!(one <= two, "{:?} {:?}", one, two);
            let full = parts.iter().all(|(_, short)| *short == 0);
            prop_assert_eq!(one == Some(100), full && one.is_some());
        }
    }
}
