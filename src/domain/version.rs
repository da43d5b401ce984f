//! Versions as vendors really write them, and whether one lies in the range an advisory names.
//!
//! The answer has three values: where two texts cannot be compared with certainty, people decide. There is
//! no semantic-version library underneath, because field firmware ("V14 SP1 Update 14", "R16B", "3.215.00HW002")
//! follows none.

use std::cmp::Ordering;
use std::fmt;

mod compare;
mod parse;
pub mod range;
mod words;

pub use range::Range;

/// Whether a version lies in what an advisory names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It does.
    Affected,
    /// It does not.
    NotAffected,
    /// It cannot be said from the texts.
    Undetermined(Reason),
}

/// Why two version texts could not be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The advisory's text is prose.
    AdvisoryProse,
    /// The asset's text is prose.
    AssetProse,
    /// The two count differently: another prefix, years against numbers, dates against numbers.
    OtherCounting,
    /// Equal so far as both say, but only one names a build.
    BuildUnknown,
    /// Equal so far as a placeholder (`x`, `*`) stands for the rest.
    Placeholder,
    /// The advisory stacks bounds of several branches, and this version lies between them.
    StackedBounds,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AdvisoryProse => {
                "the advisory's version text is not a range that can be computed"
            }
            Self::AssetProse => "the asset's version text is not a version that can be compared",
            Self::OtherCounting => "the two versions are counted in different ways",
            Self::BuildUnknown => "they are equal but for a build that only one of them names",
            Self::Placeholder => "a placeholder stands where the versions would differ",
            Self::StackedBounds => "the advisory stacks bounds of several branches",
        })
    }
}

/// A version in comparable form.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Version {
    prefix: String,
    core: Vec<Component>,
    marks: Vec<Mark>,
}

/// One dotted component: numbers and letters in turn ("00w", "012U000040").
type Component = Vec<Atom>;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Atom {
    Number(u64),
    Letters(String),
    Any,
}

/// What follows the dotted core: "SP1", "Update 14", "build 6299".
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Mark {
    rank: words::Rank,
    word: &'static str,
    value: Vec<Atom>,
}

/// A text is not a version: it has words that are none of ours, or nothing to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this text is not a version that can be compared")]
pub struct Prose;

impl Version {
    /// Reads a version; anything with words it does not know is [`Prose`].
    pub fn parse(text: &str) -> Result<Self, Prose> {
        parse::version(&words::normalise(text))
    }

    /// The order of two versions, or nothing where it is not certain.
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        match compare::order(self, other) {
            compare::Order::Known(order) => Some(order),
            compare::Order::Unknown(_) | compare::Order::Wildcard { .. } => None,
        }
    }
}

/// What an asset runs, read once and compared often.
#[derive(Clone, Debug)]
pub struct Installed {
    text: String,
    version: Option<Version>,
}

impl Installed {
    /// Reads the firmware text of an asset; nothing if it is empty or says "unknown".
    pub fn read(text: &str) -> Option<Self> {
        let text = words::normalise(text);
        if text.is_empty() || words::UNKNOWN.contains(&text.as_str()) {
            return None;
        }
        let version = parse::version(&text).ok();
        Some(Self { text, version })
    }
}

#[cfg(test)]
mod tests;
