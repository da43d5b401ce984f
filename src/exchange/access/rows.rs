//! Access events as tools give them out: an object on each line, or a table with a header. Fields are known by several
//! names; what is not known is left aside, because the file itself is kept.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::event::{Event, When};
use crate::domain::access::Action;
use crate::domain::time::Time;

const AT: &[&str] = &["at", "time", "timestamp", "@timestamp", "date"];
const LOGIN: &[&str] = &["login", "user", "person", "username", "account"];
const PLACE: &[&str] = &["asset", "host", "hostname", "target", "server"];
const ACTION: &[&str] = &["action", "event", "type", "event_type"];
const VENDOR: &[&str] = &["vendor", "company"];
const SOURCE: &[&str] = &["source", "from", "ip", "source_ip", "remote_addr"];
const PORT: &[&str] = &["port", "source_port", "remote_port"];
const METHOD: &[&str] = &["method", "auth_method"];
const KEY: &[&str] = &["key", "fingerprint", "key_fingerprint"];
const SESSION: &[&str] = &["session", "session_id", "sid"];

fn action(word: &str) -> Option<Action> {
    match word.to_ascii_lowercase().as_str() {
        "accepted" | "login" | "authenticated" | "granted" => Some(Action::Accepted),
        "opened" | "open" | "start" | "started" | "connect" | "session.start" => {
            Some(Action::Opened)
        }
        "closed" | "close" | "end" | "ended" | "logout" | "disconnect" | "session.end" => {
            Some(Action::Closed)
        }
        _ => None,
    }
}

fn event<'r>(said: impl Fn(&[&str]) -> Option<Cow<'r, str>>) -> Result<Event, String> {
    let needed = |names: &[&str]| {
        let first = names.first().copied().unwrap_or_default();
        said(names).ok_or_else(|| format!("it has no `{first}`"))
    };
    let at = needed(AT)?;
    let when: Time = chrono::DateTime::parse_from_rfc3339(&at)
        .map(|at| Time::from(at.to_utc()))
        .map_err(|_| format!("{at:.40?} is no time with its zone, as in 2026-11-22T14:00:00Z"))?;
    let word = needed(ACTION)?;
    let action = action(&word).ok_or_else(|| {
        format!("{word:.40?} is no action: it is one of {}", Action::WORDS.join(", "))
    })?;
    let some = |names: &[&str]| said(names).map(Cow::into_owned);
    Ok(Event {
        when: When::At(when),
        login: needed(LOGIN)?.into_owned(),
        place: needed(PLACE)?.into_owned(),
        action,
        vendor: some(VENDOR),
        source: some(SOURCE),
        port: said(PORT).and_then(|port| port.parse().ok()),
        method: some(METHOD),
        key: some(KEY),
        session: some(SESSION),
    })
}

/// A field that is text, or a number as its text: many tools number their sessions.
fn plain(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(text.trim()).filter(|text| !text.is_empty()).map(Cow::from),
        Value::Number(number) => Some(Cow::from(number.to_string())),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Reads a line that holds one object.
///
/// # Errors
/// What is wrong with it.
pub fn object(line: &str) -> Result<Event, String> {
    let fields: Map<String, Value> =
        serde_json::from_str(line).map_err(|fault| format!("it is no JSON object: {fault}"))?;
    event(|names| names.iter().find_map(|name| plain(fields.get(*name)?)))
}

/// The columns of a table, by the names in its header.
pub struct Columns(Vec<String>);

impl Columns {
    /// Reads a header.
    ///
    /// # Errors
    /// The field that has no column.
    pub fn of<'h>(header: impl Iterator<Item = &'h str>) -> Result<Self, String> {
        let names: Vec<String> = header.map(|name| name.trim().to_ascii_lowercase()).collect();
        for needed in [AT, LOGIN, PLACE, ACTION] {
            if !needed.iter().any(|name| names.iter().any(|known| known == name)) {
                return Err(format!(
                    "the header has no column for `{}`: call it one of {}",
                    needed.first().copied().unwrap_or_default(),
                    needed.join(", ")
                ));
            }
        }
        Ok(Self(names))
    }

    /// Reads a row.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn row(&self, cells: &[&str]) -> Result<Event, String> {
        event(|names| {
            let place = names.iter().find_map(|name| self.0.iter().position(|known| known == name));
            let cell = place.and_then(|place| cells.get(place)).map(|cell| cell.trim());
            cell.filter(|cell| !cell.is_empty()).map(Cow::from)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_and_a_row_say_the_same_under_different_names() {
        let object = object(
            r#"{"timestamp": "2026-11-22T15:00:00+01:00", "user": "kenji", "host": "jump1", "event": "login",
                "ip": "203.0.113.9", "more": {"deep": 1}}"#,
        )
        .unwrap();
        let columns =
            Columns::of(["At", "Login", "Asset", "Action", "Source"].into_iter()).unwrap();
        let row = columns
            .row(&["2026-11-22T14:00:00Z", "kenji", "jump1", "accepted", "203.0.113.9"])
            .unwrap();
        assert_eq!(object, row);
    }

    #[test]
    fn a_number_is_taken_as_its_text() {
        let of = |session: &str| {
            let line = format!(
                r#"{{"at": "2026-11-22T14:00:00Z", "login": "k", "asset": "a", "action": "login", "port": 51422,
                    "session": {session}}}"#
            );
            let event = object(&line).unwrap();
            assert_eq!(event.port, Some(51_422));
            event.session
        };
        assert_eq!(of("4123").as_deref(), Some("4123"));
        assert_eq!(of("\"4123\""), of("4123"));
        assert_eq!(of("null"), None);
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        let why = |line: &str| object(line).unwrap_err();
        assert!(why("nonsense").contains("no JSON object"));
        assert!(
            why(r#"{"at": "yesterday", "login": "k", "asset": "a", "action": "login"}"#)
                .contains("yesterday")
        );
        assert!(
            why(r#"{"at": "2026-11-22T14:00:00Z", "login": "k", "action": "login"}"#)
                .contains("`asset`")
        );
        assert!(
            why(r#"{"at": "2026-11-22T14:00:00Z", "login": "k", "asset": "a", "action": "x"}"#)
                .contains("no action")
        );
        assert!(Columns::of(["at", "login"].into_iter()).is_err_and(|why| why.contains("`asset`")));
    }
}
