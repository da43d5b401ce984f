//! The store's own entries: how it begins, and how its owner repairs it.

use super::command::Subject;
use super::names::{Login, Ref};
use super::role::Role;
use super::text::Line;
use crate::subject;

subject! {
    "store";
    @rule
    /// Founds the store and names its first administrator.
    Founded("store.founded") Found writes ["store"]
    { org: Line = "The organisation's name."; demo: bool = "Whether the store says DEMO on every screen.";
      founder: Login = "The first administrator."; ; }
    @rule
    /// Rebuilds the tables from the ledger and acknowledges the faults that were found.
    Repaired("store.repaired") Found writes ["store"]
    { faults: Vec<Line> = "The faults and violations, by their own words."; ; }
    @rule
    /// Seals the past of a demo store: what comes after has the time of the store's clock.
    Sealed("demo.sealed") Found writes ["store"] { ; }
}

/// The way in that entries name whose time was told, not read from the store's clock: in a demo store, until it is
/// sealed.
pub const TOLD: &str = "seed";

impl Kind {
    /// The store has one reference.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Founded(_) | Self::Repaired(_) | Self::Sealed(_) => Subject::Is(Ref::store()),
        }
    }
}

/// The roles that the founder of a store is granted, in the order of their entries.
pub const fn founding_roles(demo: bool) -> &'static [Role] {
    if demo {
        &[Role::Admin, Role::SmcManager, Role::SmcOperator, Role::ShiftLead]
    } else {
        &[Role::Admin, Role::SmcManager]
    }
}

/// The disciplines that the founder of a store holds.
pub const fn founding_disciplines(demo: bool) -> &'static [super::discipline::Discipline] {
    use super::discipline::Discipline;
    if demo { &[Discipline::Operations, Discipline::Engineering] } else { &[] }
}
