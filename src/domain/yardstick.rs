//! What posture is measured against: the weight of each measure and the target of a site. Both are set by entries, with
//! their reasons; where nothing was set, the program's own hold. It counts nothing.

use std::collections::BTreeMap;

use super::command::Subject;
use super::field::{Type, Typed};
use super::names::{Ref, SiteCode};
use super::posture::{Measure, TARGET};
use super::text::Line;
use crate::subject;

/// A whole number of percent, 1 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct Percent(i64);

/// A weight among those of its function, 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct Weight(i64);

/// The two numbers, which differ in their least alone.
macro_rules! bounded {
    ($name:ident, $least:literal, $what:literal) => {
        impl $name {
            /// As a number.
            pub const fn get(self) -> i64 {
                self.0
            }

            /// The one with this number; none out of bounds.
            pub const fn new(value: i64) -> Option<Self> {
                if value >= $least && value <= 100 { Some(Self(value)) } else { None }
            }
        }

        impl Typed for $name {
            const TYPE: Type = Type::Integer { least: $least, most: 100 };
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let value = i64::deserialize(from)?;
                Self::new(value).ok_or_else(|| {
                    let least = $least;
                    let what = $what;
                    serde::de::Error::custom(format!("{value} is no {what}: give {least} to 100"))
                })
            }
        }
    };
}

bounded!(Percent, 1, "target in percent");
bounded!(Weight, 0, "weight");

impl Typed for Measure {
    const TYPE: Type = Type::Choice { words: Self::WORDS };
}

subject! {
    "posture";
    /// Sets what the six numbers are to reach, at a site or everywhere.
    Target => TargetWas("posture.target" => "posture.target-set") Manage writes ["yardstick"]
    { target: Percent = "What the numbers are to reach, in percent."; reason: Line = "Why."; ;
      site: SiteCode = "The site; every site that sets none of its own unless given."; }
    /// Sets what a measure weighs in the number of its function, at every site; 0 takes it out.
    Weigh => WasWeighed("posture.weigh" => "posture.weighed") Manage writes ["yardstick"]
    { measure: Measure = "The measure."; weight: Weight = "Its weight among the measures of its function."; reason: Line = "Why."; ; }
}

impl Kind {
    /// A target is called `target`, at a site `target@RLF`; a weight `weight.MEASURE`.
    pub fn subject(&self) -> Subject {
        Subject::Is(match self {
            Self::TargetWas(set) => Ref::raci("target", set.site.as_ref()),
            Self::WasWeighed(set) => Ref::raci(&format!("weight.{}", set.measure), None),
        })
    }
}

/// The weights and targets that hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Yardstick {
    /// The weights that were set.
    pub weights: BTreeMap<Measure, i64>,
    /// The targets that were set, by site.
    pub targets: BTreeMap<String, i64>,
    /// The target of every other site, if one was set.
    pub target: Option<i64>,
}

impl Yardstick {
    /// What a measure weighs.
    pub fn weight(&self, measure: Measure) -> i64 {
        self.weights.get(&measure).copied().unwrap_or(measure.weight())
    }

    /// What the numbers of a site are to reach; without a site, those of all in one pool.
    pub fn target(&self, site: Option<&str>) -> i64 {
        let own = site.and_then(|site| self.targets.get(site)).copied();
        own.or(self.target).unwrap_or(TARGET)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_site_sets_holds_there_and_what_nobody_sets_is_the_programs_own() {
        let own = Yardstick {
            weights: BTreeMap::from([(Measure::Described, 10)]),
            targets: BTreeMap::from([("ANR".to_owned(), 98)]),
            target: Some(90),
        };
        assert_eq!((own.weight(Measure::Described), own.weight(Measure::Criticality)), (10, 20));
        assert_eq!((own.target(Some("ANR")), own.target(Some("RLF"))), (98, 90));
        assert_eq!(own.target(None), 90);
        assert_eq!(Yardstick::default().target(None), TARGET);
    }

    #[test]
    fn a_target_is_a_percentage_and_a_weight_may_be_nothing() {
        assert_eq!((Percent::new(0), Percent::new(101)), (None, None));
        assert_eq!(Weight::new(0).map(Weight::get), Some(0));
        assert_eq!(Weight::new(101), None);
    }
}
