//! From the text of a range to alternatives: phrases to operators, pieces at separators, bounds to intervals.

use std::cmp::Ordering;

use super::{Alternative, Bound, Kind, Operator};
use crate::domain::version::parse;
use crate::domain::version::words::{self, AFTER, BEFORE, GE, LE, NOISE};

/// More pieces than this are not a range.
const MOST_PIECES: usize = 400;

/// How a piece is tied to the one before it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tie {
    /// Nothing but an operator parts them.
    Beside,
    Or,
    And,
    To,
}

struct Piece {
    tie: Tie,
    operator: Option<Operator>,
    text: String,
}

pub(super) fn range(text: &str) -> (String, Kind) {
    let text = words::normalise(text);
    let body = without_scheme(&text);
    let kind = kind(&body);
    (body, kind)
}

/// Drops `vers:<scheme>/`; the schemes in use do not say how the versions compare.
fn without_scheme(text: &str) -> String {
    let body = match text.strip_prefix("vers:").and_then(|rest| rest.split_once('/')) {
        Some((_, body)) if body.contains('%') => {
            body.replace("%3c", "<").replace("%3e", ">").replace("%20", " ")
        }
        Some((_, body)) => body.to_owned(),
        None => text.to_owned(),
    };
    body.trim().to_owned()
}

fn kind(text: &str) -> Kind {
    if matches!(
        text,
        "" | "*" | "all" | "any" | "all version" | "all versions" | "all versions affected" | "-"
    ) {
        return Kind::All;
    }
    let text = text
        .strip_prefix("all versions")
        .or_else(|| text.strip_prefix("all version"))
        .unwrap_or(text);
    let text = text.trim_matches([' ', ':', ',']);
    if text.is_empty() || text == "*" {
        return Kind::All;
    }
    let mut text = format!("{text} ");
    for (phrase, sign) in AFTER {
        if text.contains(phrase) {
            text = text.replace(phrase, &sign.to_string());
        }
    }
    for (phrase, operator) in BEFORE {
        if text.contains(phrase) {
            text = text.replace(phrase, operator);
        }
    }
    match pieces(text.trim()) {
        Some(pieces) => combine(pieces),
        None => Kind::Prose,
    }
}

fn pieces(text: &str) -> Option<Vec<Piece>> {
    let mut out = Vec::new();
    let mut rest = text;
    let mut tie = Tie::Or;
    while !rest.is_empty() {
        let (start, operator) = operator(rest);
        let body = rest.get(start..)?;
        let (end, skip, next) = end_of_piece(body);
        let piece = body.get(..end)?.trim();
        rest = body.get(end + skip..)?;
        if piece.is_empty() {
            if operator.is_some() {
                return None;
            }
        } else {
            out.push(Piece { tie, operator, text: piece.to_owned() });
        }
        tie = next;
        if out.len() > MOST_PIECES {
            return None;
        }
    }
    if out.is_empty() { None } else { Some(out) }
}

const OPERATORS: &[(&str, Operator)] = &[
    ("<=", Operator::AtMost),
    ("=<", Operator::AtMost),
    (">=", Operator::AtLeast),
    ("=>", Operator::AtLeast),
    ("!=", Operator::NotEqual),
    ("==", Operator::Equal),
    ("<", Operator::Less),
    (">", Operator::More),
    ("=", Operator::Equal),
];

fn operator(text: &str) -> (usize, Option<Operator>) {
    let trimmed = text.trim_start();
    let gap = text.len() - trimmed.len();
    OPERATORS
        .iter()
        .find(|(sign, _)| trimmed.starts_with(sign))
        .map_or((gap, None), |(sign, operator)| (gap + sign.len(), Some(*operator)))
}

/// Where the piece ends, how much to skip, and how the next one is tied to it.
fn end_of_piece(text: &str) -> (usize, usize, Tie) {
    const JOINTS: &[(&str, Tie)] = &[
        ("||", Tie::Or),
        ("|", Tie::Or),
        (";", Tie::Or),
        (",", Tie::Or),
        ("&&", Tie::And),
        ("&", Tie::And),
        (" and ", Tie::And),
        (" or ", Tie::Or),
        (" through ", Tie::To),
        (" thru ", Tie::To),
        (" to ", Tie::To),
        (" - ", Tie::To),
    ];
    for (at, c) in text.char_indices() {
        let here = text.get(at..).unwrap_or_default();
        if matches!(c, '<' | '>' | '=') || here.starts_with("!=") {
            return (at, 0, Tie::Beside);
        }
        if let Some((joint, tie)) = JOINTS.iter().find(|(joint, _)| here.starts_with(joint)) {
            return (at, joint.len(), *tie);
        }
    }
    (text.len(), 0, Tie::Or)
}

fn combine(pieces: Vec<Piece>) -> Kind {
    let mut out: Vec<Alternative> = Vec::new();
    let mut joined = Tie::Or;
    let mut bare = false;
    for mut piece in pieces {
        if piece.operator.is_none() && piece.text.split(' ').all(|word| NOISE.contains(&word)) {
            continue;
        }
        // A text before an operator ("NMC2 <= 6.9.6") narrows it in a way that cannot be computed.
        if piece.tie == Tie::Beside && bare {
            return Kind::Prose;
        }
        bare = piece.operator.is_none();
        if piece.tie == Tie::And {
            joined = Tie::And;
        }
        let (tie, joint) = (piece.tie, std::mem::replace(&mut joined, Tie::Or));
        if piece.operator.is_none() {
            piece.operator = match (piece.text.chars().last(), tie) {
                (Some(LE), _) => Some(Operator::AtMost),
                (Some(GE), _) => Some(Operator::AtLeast),
                (_, Tie::To) => Some(Operator::AtMost),
                (_, Tie::Beside | Tie::And | Tie::Or) => None,
            };
        }
        let text = piece.text.trim_end_matches([LE, GE, ' ']);
        match (parse::version(text), piece.operator) {
            (Ok(version), Some(Operator::Equal)) => out.push(Alternative::One(version)),
            (Ok(version), Some(operator)) => {
                if tie == Tie::To {
                    raise_to_lower(&mut out);
                }
                bound(&mut out, Bound { operator, version }, joint == Tie::And);
            }
            (Ok(version), None) => match span(text) {
                Some(bounds) => out.push(Alternative::Between(bounds)),
                None => out.push(Alternative::One(version)),
            },
            (Err(_), None | Some(Operator::Equal)) if tie != Tie::And => match span(text) {
                Some(bounds) => out.push(Alternative::Between(bounds)),
                None => out.push(Alternative::Unreadable(text.to_owned())),
            },
            (Err(_), None | Some(_)) => return Kind::Prose,
        }
    }
    if out.iter().all(|alternative| matches!(alternative, Alternative::Unreadable(_))) {
        return Kind::Prose;
    }
    let bounded =
        out.iter().any(|one| matches!(one, Alternative::Between(_) | Alternative::Stacked(_)));
    if bounded && out.iter().any(|one| matches!(one, Alternative::Unreadable(_))) {
        return Kind::Prose;
    }
    Kind::Any(out)
}

/// "4.01 through 4.34": the version before becomes the lower bound.
fn raise_to_lower(out: &mut [Alternative]) {
    if let Some(last) = out.last_mut()
        && let Alternative::One(version) = last
    {
        *last = Alternative::Between(vec![Bound {
            operator: Operator::AtLeast,
            version: version.clone(),
        }]);
    }
}

/// "20-33", "V191-V195": two whole numbers of the same length of path, the first one lower.
fn span(text: &str) -> Option<Vec<Bound>> {
    let (low, high) = text.split_once('-')?;
    let plain = |side: &str| {
        let digits = side.trim().trim_start_matches('v');
        !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
    };
    if !plain(low) || !plain(high) || low.matches('.').count() != high.matches('.').count() {
        return None;
    }
    let (low, high) = (parse::version(low.trim()).ok()?, parse::version(high.trim()).ok()?);
    (low.compare(&high) == Some(Ordering::Less)).then(|| {
        vec![
            Bound { operator: Operator::AtLeast, version: low },
            Bound { operator: Operator::AtMost, version: high },
        ]
    })
}

/// Adds a bound: it closes an open interval before it, stacks on one of its own direction, or opens its own.
fn bound(out: &mut Vec<Alternative>, new: Bound, and: bool) {
    if let Some(last) = out.last_mut() {
        match last {
            Alternative::Between(bounds)
                if bounds.len() == 1 || new.operator == Operator::NotEqual =>
            {
                let first = bounds
                    .first()
                    .map(|bound| (bound.operator, bound.version.compare(&new.version)));
                if let Some((operator, order)) = first {
                    let opposite = operator.is_lower() && new.operator.is_upper()
                        || operator.is_upper()
                            && new.operator.is_lower()
                            && (and || order == Some(Ordering::Greater));
                    if opposite || new.operator == Operator::NotEqual {
                        bounds.push(new);
                        return;
                    }
                    if operator.is_lower() == new.operator.is_lower() {
                        let mut stack = std::mem::take(bounds);
                        stack.push(new);
                        *last = Alternative::Stacked(stack);
                        return;
                    }
                }
            }
            Alternative::Stacked(bounds)
                if bounds
                    .last()
                    .is_some_and(|last| last.operator.is_lower() == new.operator.is_lower()) =>
            {
                bounds.push(new);
                return;
            }
            Alternative::Between(_)
            | Alternative::Stacked(_)
            | Alternative::One(_)
            | Alternative::Unreadable(_) => {}
        }
    }
    out.push(Alternative::Between(vec![new]));
}
