//! From the text of a cell to a checked value, or a sentence that says how to mend it.

use std::net::IpAddr;

use chrono::{DateTime, NaiveDate};

use crate::domain::asset::Rating;
use crate::domain::names::{Login, SiteCode, Tag, Word};
use crate::domain::text::Line;
use crate::domain::time::Time;
use crate::domain::zone::Purdue;

/// What tools write for "not known".
const UNKNOWN: &[&str] = &["unknown", "n/a", "none", "null", "-", "--", "—", "[]", "nan"];

/// The trimmed text of a cell; empty and "unknown" count as nothing.
pub(super) fn known(text: &str) -> Option<&str> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{a0}' || c == '\u{feff}');
    let nothing = text.is_empty() || UNKNOWN.iter().any(|word| text.eq_ignore_ascii_case(word));
    (!nothing).then_some(text)
}

pub(super) fn tag(text: &str) -> Result<Tag, String> {
    Tag::new(text).map_err(|fault| fault.to_string())
}

pub(super) fn site(text: &str) -> Result<SiteCode, String> {
    SiteCode::new(text).map_err(|fault| {
        let upper = text.to_ascii_uppercase();
        if SiteCode::new(&upper).is_ok() {
            format!("{text:?} is not a site code: write {upper}")
        } else {
            fault.to_string()
        }
    })
}

pub(super) fn line(text: &str) -> Result<Line, String> {
    Line::new(text).map_err(|fault| fault.to_string())
}

pub(super) fn word(text: &str) -> Result<Word, String> {
    Word::new(text).map_err(|_| {
        format!(
            "{} is not a zone code: write the zone's code, or leave the column out",
            short(text)
        )
    })
}

pub(super) fn login(text: &str) -> Result<Login, String> {
    Login::new(text).map_err(|fault| fault.to_string())
}

pub(super) fn rating(text: &str) -> Result<Rating, String> {
    let number = text.parse().ok().and_then(Rating::new);
    number.ok_or_else(|| {
        format!("{} is not a rating: give 1 to 5, 5 the worst, or leave it empty", short(text))
    })
}

/// "3.5", "Level 3", "L2", "level1", "DMZ".
pub(super) fn purdue(text: &str) -> Result<Purdue, String> {
    let lower = text.to_ascii_lowercase();
    let mut rest = lower.as_str();
    for word in ["purdue", "level", "l"] {
        rest = rest.strip_prefix(word).unwrap_or(rest).trim_start_matches([' ', ':', '-', '_']);
    }
    let rest = match rest {
        "dmz" | "idmz" => "3.5",
        rest => rest.strip_suffix(".0").unwrap_or(rest),
    };
    Purdue::parse(rest).ok_or_else(|| {
        format!(
            "{} is not a Purdue level: give 0, 1, 2, 3, 3.5, 4 or 5, or leave it empty",
            short(text)
        )
    })
}

/// One address or several, with or without a mask, also as a list in brackets.
pub(super) fn ip(text: &str) -> Result<Line, String> {
    let pieces = text
        .split([',', ';', ' ', '|', '\n'])
        .map(|piece| piece.trim_matches(['[', ']', '\'', '"', ' ', '\r']));
    let mut out: Vec<String> = Vec::new();
    for piece in pieces.filter(|piece| !piece.is_empty()) {
        let bare = piece.split_once('/').map_or(piece, |(address, _)| address);
        let address: IpAddr = bare.parse().map_err(|_| {
            format!(
                "{} is not an IP address: write it as 10.1.2.3 or fd00::1, or leave it empty",
                short(piece)
            )
        })?;
        out.push(address.to_string());
    }
    if out.is_empty() {
        return Err(format!(
            "{} is not an IP address: leave it empty if it is not known",
            short(text)
        ));
    }
    line(&out.join(", "))
}

/// A date, an instant with a zone, or milliseconds since 1970.
pub(super) fn time(text: &str) -> Result<Time, String> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Ok(Time::from(at.to_utc()));
    }
    if let Some(day) =
        NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().and_then(|day| day.and_hms_opt(0, 0, 0))
    {
        return Ok(Time::from(day.and_utc()));
    }
    match text.parse::<i64>() {
        Ok(millis) if (100_000_000_000..10_000_000_000_000).contains(&millis) => {
            Ok(Time::from_micros(millis.saturating_mul(1000)))
        }
        Ok(_) | Err(_) => {
            Err(format!("{} is not a date: write it as 2031-12-31, or leave it empty", short(text)))
        }
    }
}

pub(super) fn boolean(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "y" | "true" | "1" | "x" => Ok(true),
        "no" | "n" | "false" | "0" => Ok(false),
        _ => Err(format!(
            "{} is neither yes nor no: write yes or no, or leave it empty",
            short(text)
        )),
    }
}

/// A cell in quotation marks, shortened, with control characters shown as such.
pub(super) fn short(text: &str) -> String {
    let cut: String = text.chars().take(60).collect();
    if cut.len() < text.len() { format!("{:?}…", cut) } else { format!("{cut:?}") }
}
