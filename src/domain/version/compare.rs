//! The order of two versions: certain, or not to be had.

use std::cmp::Ordering;

use super::words::Rank;
use super::{Atom, Component, Mark, Reason, Version};

/// What comparing two versions found.
pub(super) enum Order {
    /// They compare.
    Known(Ordering),
    /// They do not.
    Unknown(Reason),
    /// Equal up to a placeholder; `last` when the right one has nothing behind it.
    Wildcard { last: bool },
}

/// The order of `a` against `b`.
pub(super) fn order(a: &Version, b: &Version) -> Order {
    if a.prefix != b.prefix || counting(a) != counting(b) {
        return Order::Unknown(Reason::OtherCounting);
    }
    let zero: Component = vec![Atom::Number(0)];
    for index in 0..a.core.len().max(b.core.len()) {
        let (left, right) = (a.core.get(index), b.core.get(index));
        let (left, right) = (left.unwrap_or(&zero), right.unwrap_or(&zero));
        if right.first() == Some(&Atom::Any) {
            return Order::Wildcard { last: b.core.len() == index + 1 && b.marks.is_empty() };
        }
        if left.first() == Some(&Atom::Any) {
            return Order::Wildcard { last: false };
        }
        match atoms(left, right) {
            Some(Ordering::Equal) => {}
            Some(order) => return Order::Known(order),
            None => return Order::Unknown(Reason::OtherCounting),
        }
    }
    marks(&a.marks, &b.marks)
}

/// How a version counts: years, dates, plain numbers or letters do not compare with one another.
fn counting(version: &Version) -> u8 {
    match version.core.first().and_then(|component| component.first()) {
        Some(Atom::Number(1990..=2099)) => 1,
        Some(Atom::Number(100_000..)) => 2,
        Some(Atom::Number(_)) => 0,
        Some(Atom::Letters(_)) => 3,
        Some(Atom::Any) | None => 4,
    }
}

/// Numbers by value, letters like columns of a sheet; what is missing comes first.
fn atoms(a: &[Atom], b: &[Atom]) -> Option<Ordering> {
    for index in 0..a.len().max(b.len()) {
        let order = match (a.get(index), b.get(index)) {
            (Some(Atom::Number(x)), Some(Atom::Number(y))) => x.cmp(y),
            (Some(Atom::Letters(x)), Some(Atom::Letters(y))) if x == y => Ordering::Equal,
            (Some(Atom::Letters(x)), Some(Atom::Letters(y))) if x.len() <= 2 && y.len() <= 2 => {
                x.len().cmp(&y.len()).then_with(|| x.cmp(y))
            }
            (None, Some(Atom::Number(y))) => 0.cmp(y),
            (Some(Atom::Number(x)), None) => x.cmp(&0),
            (None, Some(Atom::Letters(y))) if y.len() <= 2 => Ordering::Less,
            (Some(Atom::Letters(x)), None) if x.len() <= 2 => Ordering::Greater,
            (Some(_), Some(_)) | (None, Some(_)) | (Some(_), None) => return None,
            (None, None) => Ordering::Equal,
        };
        if order != Ordering::Equal {
            return Some(order);
        }
    }
    Some(Ordering::Equal)
}

const RANKS: [Rank; 7] =
    [Rank::Before, Rank::Release, Rank::Pack, Rank::Update, Rank::Fix, Rank::Revision, Rank::Build];

fn marks(a: &[Mark], b: &[Mark]) -> Order {
    if a.is_empty() && b.is_empty() {
        return Order::Known(Ordering::Equal);
    }
    for rank in RANKS {
        let left: Vec<&Mark> = a.iter().filter(|mark| mark.rank == rank).collect();
        let right: Vec<&Mark> = b.iter().filter(|mark| mark.rank == rank).collect();
        if left.is_empty() && right.is_empty() {
            continue;
        }
        match rank_order(rank, &left, &right) {
            Order::Known(Ordering::Equal) => {}
            other @ (Order::Known(_) | Order::Unknown(_) | Order::Wildcard { .. }) => return other,
        }
    }
    Order::Known(Ordering::Equal)
}

fn rank_order(rank: Rank, a: &[&Mark], b: &[&Mark]) -> Order {
    match (a.is_empty(), b.is_empty(), rank) {
        (true, false, Rank::Build) | (false, true, Rank::Build) => {
            return Order::Unknown(Reason::BuildUnknown);
        }
        (true, false, Rank::Before) => return Order::Known(Ordering::Greater),
        (false, true, Rank::Before) => return Order::Known(Ordering::Less),
        (
            _,
            _,
            Rank::Before
            | Rank::Release
            | Rank::Pack
            | Rank::Update
            | Rank::Fix
            | Rank::Revision
            | Rank::Build,
        ) => {}
    }
    let words = |marks: &[&Mark]| marks.iter().map(|mark| mark.word).collect::<Vec<_>>();
    if !a.is_empty() && !b.is_empty() && words(a) != words(b) {
        return Order::Unknown(Reason::OtherCounting);
    }
    let none: &[Atom] = &[];
    for index in 0..a.len().max(b.len()) {
        let left = a.get(index).map_or(none, |mark| mark.value.as_slice());
        let right = b.get(index).map_or(none, |mark| mark.value.as_slice());
        match atoms(left, right) {
            Some(Ordering::Equal) => {}
            Some(order) => return Order::Known(order),
            None => return Order::Unknown(Reason::OtherCounting),
        }
    }
    Order::Known(Ordering::Equal)
}
