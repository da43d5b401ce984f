//! How an item of a measure stands: a state, when time turns it into another, when it leaves the measure. What the rules
//! are asked of comes in as facts; the instants are those of entries, never of a clock.

use super::Measure;
use crate::domain::time::Time;
use crate::domain::zone::Purdue;
use crate::words;

words! {
    /// How an item stands.
    pub enum State {
        /// It is as it should be.
        Ok = "ok",
        /// It is not.
        Bad = "bad",
        /// It was, and nobody has looked for too long.
        Stale = "stale",
        /// It was never recorded.
        Unknown = "unknown",
        /// A deviation is in force.
        Excepted = "excepted",
        /// It is not asked now: not yet due, or past.
        Out = "out",
    }
}

impl State {
    /// The states that count; `out` is none.
    pub const COUNTED: [Self; 5] =
        [Self::Ok, Self::Bad, Self::Stale, Self::Unknown, Self::Excepted];
}

const DAY: i64 = 86_400;

/// How far back decisions, windows and changes are looked at, in seconds.
pub const WITHIN: i64 = 90 * DAY;
/// A rating and an assessment hold for twelve months.
const YEAR: i64 = 365 * DAY;
/// A grant holds for fifteen months.
const FIFTEEN_MONTHS: i64 = 456 * DAY;
/// A change is verified within this time after it was done.
const VERIFY: i64 = 30 * DAY;

/// What time makes of an item, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// From when on.
    pub at: Time,
    /// The state then.
    pub to: State,
}

/// How an item stands, from an entry on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The state.
    pub state: State,
    /// What it lacks, in words.
    pub why: Option<String>,
    /// What time makes of it.
    pub turn: Option<Turn>,
    /// When it is no longer asked.
    pub leaves: Option<Time>,
}

impl Standing {
    /// Ok, with nothing that time would change.
    pub const OK: Self = Self { state: State::Ok, why: None, turn: None, leaves: None };
    /// Not asked at all.
    pub const OUT: Self = Self { state: State::Out, why: None, turn: None, leaves: None };

    fn short(state: State, why: String) -> Self {
        Self { state, why: Some(why), ..Self::OK }
    }

    fn turns(self, at: Time, to: State) -> Self {
        Self { turn: Some(Turn { at, to }), ..self }
    }

    fn until(self, leaves: Time) -> Self {
        Self { leaves: Some(leaves), ..self }
    }

    /// The state at an instant.
    pub fn at(&self, now: Time) -> State {
        if self.leaves.is_some_and(|leaves| leaves <= now) {
            return State::Out;
        }
        match self.turn {
            Some(turn) if turn.at <= now => turn.to,
            Some(_) | None => self.state,
        }
    }

    /// The same from an instant on, without the turns that lie behind it.
    #[must_use]
    pub fn from(self, now: Time, measure: Measure) -> Self {
        if self.leaves.is_some_and(|leaves| leaves <= now) {
            return Self::OUT;
        }
        match self.turn {
            Some(Turn { at, to }) if at <= now => {
                let why = match to {
                    State::Bad | State::Stale => Some(measure.turned().to_owned()),
                    State::Ok | State::Unknown | State::Excepted | State::Out => None,
                };
                Self { state: to, why, turn: None, leaves: self.leaves }
            }
            Some(_) | None => self,
        }
    }
}

/// A rating of an asset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rated {
    /// 1 to 5.
    pub value: Option<i64>,
    /// When somebody of operations last gave it; none if somebody else did.
    pub by_operations: Option<Time>,
}

/// What is known of an asset.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AssetFacts<'a> {
    /// The six facts that describe it, by name; a class that nobody knows is none.
    pub described: [(&'static str, Option<&'a str>); 6],
    /// Safety, regulatory, production.
    pub rated: [(&'static str, Rated); 3],
    /// Its Purdue level.
    pub purdue: Option<Purdue>,
}

impl AssetFacts<'_> {
    /// What it weighs: the largest of its three ratings, 5 while one is missing.
    pub fn weight(&self) -> i64 {
        let known = self.rated.iter().map(|(_, rated)| rated.value).collect::<Option<Vec<_>>>();
        known.and_then(|values| values.into_iter().max()).unwrap_or(5)
    }
}

fn names<'n>(of: impl Iterator<Item = &'n str>) -> Option<String> {
    let names: Vec<&str> = of.collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// The rules, one for each measure that entries decide.
pub mod standing {
    use super::{
        AssetFacts, FIFTEEN_MONTHS, Measure, Purdue, Standing, State, Time, VERIFY, WITHIN, YEAR,
        names,
    };

    /// An asset's description.
    pub fn described(asset: &AssetFacts<'_>) -> Standing {
        let missing = asset.described.iter().filter(|(_, fact)| fact.is_none());
        match names(missing.map(|(name, _)| *name)) {
            Some(missing) => Standing::short(State::Unknown, format!("not known: {missing}")),
            None => Standing::OK,
        }
    }

    /// An asset's ratings.
    pub fn criticality(asset: &AssetFacts<'_>) -> Standing {
        let missing = asset.rated.iter().filter(|(_, rated)| rated.value.is_none());
        if let Some(missing) = names(missing.map(|(name, _)| *name)) {
            return Standing::short(State::Unknown, format!("not rated: {missing}"));
        }
        let others = asset.rated.iter().filter(|(_, rated)| rated.by_operations.is_none());
        if let Some(others) = names(others.map(|(name, _)| *name)) {
            return Standing::short(State::Bad, format!("not rated by operations: {others}"));
        }
        match asset.rated.iter().filter_map(|(_, rated)| rated.by_operations).min() {
            Some(oldest) => Standing::OK.turns(oldest.plus_seconds(YEAR), State::Stale),
            None => Standing::OK,
        }
    }

    /// An asset that was said to be there at this instant.
    pub fn confirmed(asset: &AssetFacts<'_>, at: Time) -> Standing {
        let holds = match asset.purdue {
            Some(Purdue::L0 | Purdue::L1) => YEAR,
            Some(Purdue::L2 | Purdue::L3 | Purdue::L35 | Purdue::L4 | Purdue::L5) | None => WITHIN,
        };
        Standing::OK.turns(at.plus_seconds(holds), State::Stale)
    }

    /// A zone's levels.
    pub fn zone(target: Option<i64>, achieved: Option<i64>) -> Standing {
        match (target, achieved) {
            (Some(target), Some(achieved)) if achieved >= target => Standing::OK,
            (Some(target), Some(achieved)) => {
                Standing::short(State::Bad, format!("SL-A {achieved} below SL-T {target}"))
            }
            (None, _) => Standing::short(State::Unknown, "SL-T is not set".to_owned()),
            (Some(_), None) => Standing::short(State::Unknown, "SL-A is not known".to_owned()),
        }
    }

    /// A risk that is not closed.
    pub fn risk(owned: bool, due: bool, assessed: Option<Time>) -> Standing {
        let facts = [("owner", owned), ("due time", due), ("assessment", assessed.is_some())];
        let missing = names(facts.iter().filter(|(_, known)| !known).map(|(name, _)| *name));
        match (missing, assessed) {
            (Some(missing), _) => Standing::short(State::Unknown, format!("without {missing}")),
            (None, Some(at)) => Standing::OK.turns(at.plus_seconds(YEAR), State::Stale),
            (None, None) => Standing::OK,
        }
    }

    /// A decision that is due at an instant, and when it was taken.
    pub fn decision(approve_by: Time, decided: Option<Time>) -> Standing {
        let leaves = approve_by.plus_seconds(WITHIN);
        let after = match decided {
            Some(at) if at <= approve_by => State::Ok,
            Some(_) | None => State::Bad,
        };
        Standing::OUT.turns(approve_by, after).until(leaves)
    }

    /// An accepted risk until its end.
    pub fn accepted(until: Time, compensated: bool) -> Standing {
        if compensated {
            return Standing::OK.turns(until, State::Bad);
        }
        Standing::short(State::Bad, "names nothing that protects instead".to_owned())
    }

    /// A temporary change in the plant until it is to be reverted.
    pub fn temporary(revert_by: Time) -> Standing {
        Standing::OK.turns(revert_by, State::Bad)
    }

    /// A window that stands open.
    pub fn open(end: Time) -> Standing {
        Standing::OUT.turns(end, State::Bad)
    }

    /// A window that ended.
    pub fn ended(end: Time, ended: Time, close_out: bool) -> Standing {
        let standing = if ended > end {
            Standing::short(State::Bad, "ended after its end".to_owned())
        } else if close_out {
            Standing::OK
        } else {
            Standing::short(State::Bad, "without a close-out".to_owned())
        };
        standing.until(ended.plus_seconds(WITHIN))
    }

    /// A change that is done and waits to be verified.
    pub fn done(at: Time) -> Standing {
        Standing::OUT.turns(at.plus_seconds(VERIFY), State::Bad).until(at.plus_seconds(WITHIN))
    }

    /// A change that was verified.
    pub fn verified(done: Time, at: Time) -> Standing {
        let standing = if at <= done.plus_seconds(VERIFY) {
            Standing::OK
        } else {
            Standing::short(State::Bad, Measure::Changes.turned().to_owned())
        };
        standing.until(done.plus_seconds(WITHIN))
    }

    /// A report that came in and is to be triaged by an instant, and when it was.
    pub fn report(submitted: Time, triage_by: Time, triaged: Option<Time>) -> Standing {
        let standing = match triaged {
            Some(at) if at <= triage_by => Standing::OK,
            Some(_) => Standing::short(State::Bad, Measure::Reports.turned().to_owned()),
            None => Standing::OUT.turns(triage_by, State::Bad),
        };
        standing.until(submitted.plus_seconds(WITHIN))
    }

    /// A role that was granted, with its end.
    pub fn grant(given: Time, until: Option<Time>) -> Standing {
        let standing = Standing::OK.turns(given.plus_seconds(FIFTEEN_MONTHS), State::Stale);
        match until {
            Some(until) => standing.until(until),
            None => standing,
        }
    }

    /// A vendor's person.
    pub fn vendor_person(screening: Option<Time>, training: Option<Time>) -> Standing {
        let facts = [("screening", screening), ("training", training)];
        let missing = names(facts.iter().filter(|(_, end)| end.is_none()).map(|(name, _)| *name));
        match (missing, screening.min(training)) {
            (Some(missing), _) => Standing::short(State::Unknown, format!("without {missing}")),
            (None, Some(end)) => Standing::OK.turns(end, State::Stale),
            (None, None) => Standing::OK,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: i64) -> Time {
        Time::from_micros(0).plus_seconds(n * DAY)
    }

    fn asset() -> AssetFacts<'static> {
        let known = ["class", "zone", "owner", "vendor", "product", "firmware"]
            .map(|name| (name, Some("x")));
        let rated = |name| (name, Rated { value: Some(3), by_operations: Some(day(0)) });
        AssetFacts {
            described: known,
            rated: [rated("safety"), rated("regulatory"), rated("production")],
            purdue: None,
        }
    }

    #[test]
    fn an_asset_weighs_its_worst_rating_and_five_while_one_is_missing() {
        let mut facts = asset();
        assert_eq!(facts.weight(), 3);
        facts.rated[1].1.value = Some(4);
        assert_eq!(facts.weight(), 4);
        facts.rated[0].1.value = None;
        assert_eq!(facts.weight(), 5);
    }

    #[test]
    fn what_was_never_recorded_is_unknown_and_says_what() {
        let mut facts = asset();
        assert_eq!(standing::described(&facts).state, State::Ok);
        facts.described[2].1 = None;
        facts.described[5].1 = None;
        let found = standing::described(&facts);
        assert_eq!(found.state, State::Unknown);
        assert_eq!(found.why.as_deref(), Some("not known: owner, firmware"));
    }

    #[test]
    fn ratings_count_when_operations_gave_them_and_hold_for_a_year_from_the_oldest() {
        let mut facts = asset();
        facts.rated[0].1.by_operations = Some(day(10));
        let found = standing::criticality(&facts);
        assert_eq!((found.at(day(364)), found.at(day(365))), (State::Ok, State::Stale));
        facts.rated[1].1.by_operations = None;
        assert_eq!(standing::criticality(&facts).state, State::Bad);
        facts.rated[2].1.value = None;
        assert_eq!(standing::criticality(&facts).state, State::Unknown);
    }

    #[test]
    fn a_controller_is_confirmed_for_a_year_and_everything_else_for_ninety_days() {
        let mut facts = asset();
        assert_eq!(standing::confirmed(&facts, day(0)).at(day(90)), State::Stale);
        facts.purdue = Some(Purdue::L1);
        assert_eq!(standing::confirmed(&facts, day(0)).at(day(90)), State::Ok);
        assert_eq!(standing::confirmed(&facts, day(0)).at(day(365)), State::Stale);
    }

    #[test]
    fn a_decision_counts_from_its_time_for_ninety_days() {
        let missed = standing::decision(day(10), None);
        let states = [day(9), day(10), day(99), day(100)].map(|now| missed.at(now));
        assert_eq!(states, [State::Out, State::Bad, State::Bad, State::Out]);
        assert_eq!(standing::decision(day(10), Some(day(10))).at(day(11)), State::Ok);
        assert_eq!(standing::decision(day(10), Some(day(11))).at(day(12)), State::Bad);
    }

    #[test]
    fn a_change_that_is_done_counts_when_verified_or_after_thirty_days() {
        let done = standing::done(day(0));
        assert_eq!((done.at(day(29)), done.at(day(30))), (State::Out, State::Bad));
        assert_eq!(done.at(day(90)), State::Out);
        assert_eq!(standing::verified(day(0), day(30)).at(day(31)), State::Ok);
        assert_eq!(standing::verified(day(0), day(31)).at(day(31)), State::Bad);
    }

    #[test]
    fn a_report_is_asked_once_it_is_triaged_or_late_and_for_ninety_days() {
        let waits = standing::report(day(0), day(1), None);
        assert_eq!((waits.at(day(0)), waits.at(day(1))), (State::Out, State::Bad));
        assert_eq!(waits.at(day(90)), State::Out);
        let judged = |at| standing::report(day(0), day(1), Some(at)).at(day(3));
        assert_eq!((judged(day(1)), judged(day(2))), (State::Ok, State::Bad));
    }

    #[test]
    fn from_an_instant_on_what_lies_behind_it_is_settled() {
        let late = standing::open(day(1)).from(day(2), Measure::VendorWindows);
        assert_eq!((late.state, late.turn), (State::Bad, None));
        assert_eq!(late.why.as_deref(), Some("open past its end"));
        assert_eq!(standing::done(day(0)).from(day(90), Measure::Changes), Standing::OUT);
    }

    #[test]
    fn a_vendors_person_is_as_good_as_the_first_paper_that_runs_out() {
        let found = standing::vendor_person(Some(day(9)), Some(day(5)));
        assert_eq!((found.at(day(4)), found.at(day(5))), (State::Ok, State::Stale));
        assert_eq!(standing::vendor_person(Some(day(9)), None).state, State::Unknown);
    }
}
