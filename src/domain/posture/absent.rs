//! What the published formula asks and this program cannot answer yet, for it keeps no such subject. Data, from which
//! docs/posture.md is made and by which a function knows how much of it is measured.

use super::{Function, Measure};

/// A measure without a subject: absent from every number, never 100.
#[derive(Clone, Copy, Debug)]
pub struct Absent {
    /// The function that it counts for.
    pub function: Function,
    /// Its name.
    pub name: &'static str,
    /// Its weight among the hundred of its function.
    pub weight: i64,
    /// The subject that there is not yet.
    pub lacks: &'static str,
}

macro_rules! absent {
    ($( $function:ident, $name:literal, $weight:literal, $lacks:literal; )+) => {
        /// Every measure that is absent.
        pub const ABSENT: &[Absent] = &[ $( Absent {
            function: Function::$function,
            name: $name,
            weight: $weight,
            lacks: $lacks,
        } ),+ ];
    };
}

absent! {
    Govern, "policies", 20, "policies, with their approval and review";
    Identify, "advisories", 20, "a person's decision on each match of an advisory";
    Protect, "fixes", 25, "patches, plans with a date, and fixes that were verified";
    Detect, "logging", 50, "what each asset logs, and deviations for those that cannot";
    Detect, "software", 25, "the software on an asset, compared with what was authorised";
    Respond, "playbooks", 30, "playbooks, with their release and review";
    Respond, "rehearsed", 25, "runs of playbooks and exercises of them";
    Respond, "obligations", 25, "obligations to notify, with their clocks";
    Respond, "actions", 20, "actions that follow from incidents and exercises";
    Recover, "backups", 45, "backups of assets";
    Recover, "restore tests", 35, "tests that a backup restores";
    Recover, "plan", 20, "the order of restoring, with times and points to recover to";
}

/// What a measure leaves out of the formula, because there is no such subject yet.
pub const LEFT_OUT: &[(Measure, &str)] = &[
    (Measure::Exceptions, "deviations"),
    (Measure::Zones, "conduits, with their approval and review"),
    (Measure::Reports, "reports of a security operations centre"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_absent_says_which_subject_there_is_not() {
        for absent in ABSENT {
            assert!(absent.weight > 0 && !absent.lacks.is_empty(), "{}", absent.name);
            let measured = Measure::ALL.iter().any(|measure| measure.name() == absent.name);
            assert!(!measured, "{} is measured by now", absent.name);
        }
    }
}
