//! What needs a person now: how bad it would be, how much time is left, and the priority that follows.
//!
//! One scale serves alarms and tasks alike; floors of alarms stand in `alarm`. It reads nothing itself.

use super::change::{Impact, Impacts};
use super::risk;

/// How bad it is if nothing is done in time, 1 to 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Consequence {
    /// Little.
    Small,
    /// Something is rated 3, or an impact is medium.
    Medium,
    /// Production, quality or a duty is rated 4 and more, or their impact is high.
    Great,
    /// People or the environment: rated 4 and more, or the impact on safety is high.
    Grave,
}

impl Consequence {
    /// The consequence that five impact answers stand for.
    pub fn of_impacts(impacts: &Impacts) -> Self {
        let worst = impacts.named().iter().map(|(_, answer)| answer.level).max();
        match worst.unwrap_or(Impact::None) {
            Impact::High if impacts.safety.level == Impact::High => Self::Grave,
            Impact::High => Self::Great,
            Impact::Medium => Self::Medium,
            Impact::Low | Impact::None => Self::Small,
        }
    }

    /// The consequence that kinds of harm stand for; what nobody has weighed counts as 5.
    pub fn of_harm(harm: &risk::Consequence) -> Self {
        if harm.to_people() >= 4 || *harm == risk::Consequence::default() {
            Self::Grave
        } else if harm.worst() >= 4 {
            Self::Great
        } else if harm.worst() == 3 {
            Self::Medium
        } else {
            Self::Small
        }
    }

    /// The consequence that ratings from 1 to 5 stand for; what is not rated counts as 5.
    pub fn of_ratings(
        safety: Option<i64>,
        regulatory: Option<i64>,
        production: Option<i64>,
    ) -> Self {
        let rated = |rating: Option<i64>| rating.unwrap_or(super::asset::Rating::UNRATED);
        let others = rated(regulatory).max(rated(production));
        if rated(safety) >= 4 {
            Self::Grave
        } else if others >= 4 {
            Self::Great
        } else if rated(safety).max(others) >= 3 {
            Self::Medium
        } else {
            Self::Small
        }
    }
}

/// Priority 1 to 4 of what has its last useful moment so many seconds away; none while it can wait on its own
/// screen.
pub const fn priority(consequence: Consequence, seconds_left: i64) -> Option<u8> {
    let urgency = match seconds_left {
        ..=900 => 0,
        901..=3_600 => 1,
        3_601..=28_800 => 2,
        28_801.. => 3,
    };
    match (consequence, urgency) {
        (Consequence::Grave, 0 | 1) | (Consequence::Great, 0) => Some(1),
        (Consequence::Grave, 2) | (Consequence::Great, 1) | (Consequence::Medium, 0) => Some(2),
        (Consequence::Grave, _)
        | (Consequence::Great, 2)
        | (Consequence::Medium, 1)
        | (Consequence::Small, 0) => Some(3),
        (Consequence::Great, _) | (Consequence::Medium, 2) | (Consequence::Small, 1) => Some(4),
        (Consequence::Medium | Consequence::Small, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn priority_rises_as_time_runs_out() {
        let times = [10 * 3_600, 2 * 3_600, 1_800, -60];
        let by = |consequence| times.map(|left| priority(consequence, left));
        assert_eq!(by(Consequence::Grave), [Some(3), Some(2), Some(1), Some(1)]);
        assert_eq!(by(Consequence::Great), [Some(4), Some(3), Some(2), Some(1)]);
        assert_eq!(by(Consequence::Medium), [None, Some(4), Some(3), Some(2)]);
        assert_eq!(by(Consequence::Small), [None, None, Some(4), Some(3)]);
    }

    #[test]
    fn what_is_not_rated_counts_as_five() {
        assert_eq!(Consequence::of_ratings(None, Some(1), Some(1)), Consequence::Grave);
        assert_eq!(Consequence::of_ratings(Some(2), None, Some(1)), Consequence::Great);
        assert_eq!(Consequence::of_ratings(Some(3), Some(2), Some(1)), Consequence::Medium);
        assert_eq!(Consequence::of_ratings(Some(1), Some(2), Some(1)), Consequence::Small);
    }

    #[test]
    fn what_nobody_has_weighed_counts_as_five() {
        use crate::domain::risk::{Consequence as Harm, Step};
        let of = |harm: Harm| Consequence::of_harm(&harm);
        assert_eq!(of(Harm::default()), Consequence::Grave);
        assert_eq!(of(Harm { environment: Step::new(4), ..Harm::default() }), Consequence::Grave);
        assert_eq!(of(Harm { quality: Step::new(4), ..Harm::default() }), Consequence::Great);
        assert_eq!(of(Harm { safety: Step::new(3), ..Harm::default() }), Consequence::Medium);
        assert_eq!(of(Harm { production: Step::new(2), ..Harm::default() }), Consequence::Small);
    }

    const ALL: [Consequence; 4] =
        [Consequence::Small, Consequence::Medium, Consequence::Great, Consequence::Grave];

    /// A priority that sorts: what may wait on its screen is the least.
    fn rank(consequence: Consequence, left: i64) -> u8 {
        priority(consequence, left).unwrap_or(5)
    }

    proptest::proptest! {
        #[test]
        fn less_time_is_never_less_urgent(at in 0_usize..4, left in -90_000_i64..90_000, less in 0_i64..90_000) {
            let worst = ALL[at];
            proptest::prop_assert!(rank(worst, left - less) <= rank(worst, left));
        }

        #[test]
        fn a_graver_consequence_is_never_less_urgent(at in 0_usize..3, left in -90_000_i64..90_000) {
            proptest::prop_assert!(rank(ALL[at + 1], left) <= rank(ALL[at], left));
        }
    }
}
