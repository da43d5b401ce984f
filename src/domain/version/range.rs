//! The ranges that advisories name, as a grammar of their own: vers, bare operators, lists, common phrases.
//!
//! `vers:all/<V2.9.7` is invalid vers and the commonest form of all; nothing here depends on one style.

use std::cmp::Ordering;

use super::compare::{self, Order};
use super::{Installed, Reason, Verdict, Version};

mod parse;

/// A version range in computable form, with what could not be computed kept as such.
#[derive(Clone, Debug)]
pub struct Range {
    text: String,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    All,
    Prose,
    Any(Vec<Alternative>),
}

/// One of several ways to be in the range.
#[derive(Clone, Debug)]
enum Alternative {
    /// One version.
    One(Version),
    /// All bounds hold.
    Between(Vec<Bound>),
    /// Several bounds in the same direction, of which it is not said how they belong together.
    Stacked(Vec<Bound>),
    /// Text.
    Unreadable(String),
}

#[derive(Clone, Debug)]
struct Bound {
    operator: Operator,
    version: Version,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Less,
    AtMost,
    Equal,
    NotEqual,
    AtLeast,
    More,
}

impl Operator {
    fn is_lower(self) -> bool {
        matches!(self, Self::AtLeast | Self::More)
    }

    fn is_upper(self) -> bool {
        matches!(self, Self::Less | Self::AtMost)
    }

    fn admits(self, order: Ordering) -> bool {
        match self {
            Self::Less => order == Ordering::Less,
            Self::AtMost => order != Ordering::Greater,
            Self::Equal => order == Ordering::Equal,
            Self::NotEqual => order != Ordering::Equal,
            Self::AtLeast => order != Ordering::Less,
            Self::More => order == Ordering::Greater,
        }
    }
}

impl Range {
    /// Reads a range or a single version; never fails, because prose is a kind of range too.
    pub fn parse(text: &str) -> Self {
        let (text, kind) = parse::range(text);
        Self { text, kind }
    }

    /// The range of an advisory that names no version.
    pub fn all() -> Self {
        Self { text: String::new(), kind: Kind::All }
    }

    /// Whether every version is in it, so that the asset's own version does not matter.
    pub fn is_all(&self) -> bool {
        matches!(self.kind, Kind::All)
    }

    /// Whether every part of the text was understood.
    pub fn is_decidable(&self) -> bool {
        match &self.kind {
            Kind::All => true,
            Kind::Prose => false,
            Kind::Any(alternatives) => !alternatives
                .iter()
                .any(|alternative| matches!(alternative, Alternative::Unreadable(_))),
        }
    }

    /// Whether what is installed lies in the range.
    pub fn holds(&self, installed: &Installed) -> Verdict {
        match &self.kind {
            Kind::All => Verdict::Affected,
            Kind::Prose if self.text == installed.text => Verdict::Affected,
            Kind::Prose => Verdict::Undetermined(Reason::AdvisoryProse),
            Kind::Any(alternatives) => any(alternatives, installed),
        }
    }
}

/// Yes, no, or why not.
type Answer = Result<bool, Reason>;

fn any(alternatives: &[Alternative], installed: &Installed) -> Verdict {
    let mut doubt = None;
    for alternative in alternatives {
        match alternative.holds(installed) {
            Ok(true) => return Verdict::Affected,
            Ok(false) => {}
            Err(reason) => doubt = doubt.or(Some(reason)),
        }
    }
    doubt.map_or(Verdict::NotAffected, Verdict::Undetermined)
}

impl Alternative {
    fn holds(&self, installed: &Installed) -> Answer {
        if let Self::Unreadable(text) = self {
            return if *text == installed.text { Ok(true) } else { Err(Reason::AdvisoryProse) };
        }
        let version = installed.version.as_ref().ok_or(Reason::AssetProse)?;
        match self {
            Self::Unreadable(_) => Err(Reason::AdvisoryProse),
            Self::One(named) => holds(version, Operator::Equal, named),
            Self::Between(bounds) => {
                let mut doubt = None;
                for bound in bounds {
                    match holds(version, bound.operator, &bound.version) {
                        Ok(true) => {}
                        Ok(false) => return Ok(false),
                        Err(reason) => doubt = Some(reason),
                    }
                }
                doubt.map_or(Ok(true), Err)
            }
            Self::Stacked(bounds) => stacked(bounds, version),
        }
    }
}

fn holds(version: &Version, operator: Operator, named: &Version) -> Answer {
    match compare::order(version, named) {
        Order::Known(order) => Ok(operator.admits(order)),
        Order::Unknown(reason) => Err(reason),
        Order::Wildcard { last: true } => Ok(operator.admits(Ordering::Equal)),
        Order::Wildcard { last: false } => Err(Reason::Placeholder),
    }
}

/// Bounds of several branches ("<= 4.2.21 | <= 5.0.27"): certain where all agree, where a bound is named itself,
/// or, for upper bounds, where one of them is of the version's own branch.
fn stacked(bounds: &[Bound], version: &Version) -> Answer {
    let mut answers = Vec::with_capacity(bounds.len());
    for bound in bounds {
        answers.push(holds(version, bound.operator, &bound.version)?);
        if bound.operator == Operator::AtLeast
            && version.compare(&bound.version) == Some(Ordering::Equal)
        {
            return Ok(true);
        }
    }
    let lower = bounds.iter().all(|bound| bound.operator.is_lower());
    match (answers.iter().all(|yes| *yes), answers.iter().any(|yes| *yes)) {
        (_, false) => Ok(false),
        (true, true) if !lower => Ok(true),
        (false, true) if lower => Ok(true),
        (true | false, true) => own_branch(bounds, version).ok_or(Reason::StackedBounds),
    }
}

fn own_branch(bounds: &[Bound], version: &Version) -> Option<bool> {
    let same = |bound: &&Bound, depth: usize| {
        bound.operator.is_upper()
            && bound.version.core.len() > depth
            && version.core.len() > depth
            && bound.version.core.get(..depth) == version.core.get(..depth)
    };
    let mut own = bounds.iter().filter(|bound| same(bound, 2));
    let bound = own.next()?;
    if own.next().is_some() {
        return None;
    }
    holds(version, bound.operator, &bound.version).ok()
}
