//! What sshd itself writes: a syslog line, in the old form without a year or with an ISO time, and in it that somebody
//! was accepted, that a session was opened, that it was closed, that somebody who had been let in is gone. Everything else
//! it writes is no access.

use chrono::{DateTime, NaiveDateTime};

use super::event::{Event, When};
use crate::domain::access::Action;
use crate::domain::time::Time;

/// What a line is.
pub enum Read {
    /// An access.
    Event(Event),
    /// A line that tells of none.
    Other,
}

/// The line behind its time.
struct Timed<'l> {
    when: When,
    rest: &'l str,
}

/// `<38>` before the time, as collectors keep it.
fn without_priority(line: &str) -> &str {
    let Some((number, rest)) = line.strip_prefix('<').and_then(|rest| rest.split_once('>')) else {
        return line;
    };
    if number.len() <= 3 && number.bytes().all(|b| b.is_ascii_digit()) { rest } else { line }
}

fn iso(word: &str) -> Option<Time> {
    let read = DateTime::parse_from_rfc3339(word)
        .or_else(|_| DateTime::parse_from_str(word, "%Y-%m-%dT%H:%M:%S%.f%z"));
    read.ok().map(|at| Time::from(at.to_utc()))
}

/// Splits the first word off.
fn word(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    (!word.is_empty()).then_some((word, rest))
}

fn timed(line: &str) -> Option<Timed<'_>> {
    let line = without_priority(line);
    let (first, rest) = word(line)?;
    if let Some(at) = iso(first) {
        return Some(Timed { when: When::At(at), rest });
    }
    if first == "1"
        && let Some((second, rest)) = word(rest)
        && let Some(at) = iso(second)
    {
        return Some(Timed { when: When::At(at), rest });
    }
    let (day, rest) = word(rest)?;
    let (clock, rest) = word(rest)?;
    // A leap year, so that every day of the year can be read; which year it was is found later.
    let wall =
        NaiveDateTime::parse_from_str(&format!("2024 {first} {day} {clock}"), "%Y %b %e %H:%M:%S");
    Some(Timed { when: When::Wall(wall.ok()?), rest })
}

/// Program, process and message: `sshd[4123]: message`, or as RFC 5424 has it `sshd 4123 - - message`.
fn program(rest: &str) -> Option<(&str, &str, &str)> {
    let (tag, message) = word(rest)?;
    if let Some(tag) = tag.strip_suffix(':') {
        let (name, process) = tag.split_once('[').unwrap_or((tag, ""));
        return Some((name, process.trim_end_matches(']'), message.trim_start()));
    }
    let (process, rest) = word(message)?;
    let (_, rest) = word(rest)?;
    let message = match rest.trim_start().strip_prefix('[') {
        Some(structured) => structured.split_once("] ")?.1,
        None => word(rest)?.1,
    };
    Some((tag, process, message.trim_start()))
}

/// What sshd says when a connection of somebody who was let in has ended, before `NAME ADDRESS port PORT`.
const GONE: [&str; 4] = [
    "Disconnected from user ",
    "Connection closed by user ",
    "Connection reset by user ",
    "Timeout, client not responding from user ",
];

/// Who is gone, and from which address and port they were connected.
fn gone(message: &str) -> Option<(&str, &str, u32)> {
    let lost = message.strip_suffix(" timed out");
    let lost = lost.and_then(|said| said.strip_prefix("Connection from user "));
    let said = lost.or_else(|| GONE.iter().find_map(|way| message.strip_prefix(way)))?;
    let (who, port) = said.rsplit_once(" port ")?;
    let (login, source) = who.rsplit_once(' ')?;
    Some((login, source, port.parse().ok()?))
}

/// Reads one line.
///
/// # Errors
/// What is wrong with a line that should tell of an access.
pub fn read(line: &str) -> Result<Read, String> {
    let Some(Timed { when, rest }) = timed(line) else {
        return Err("it is no line of a system log: it begins with no time".to_owned());
    };
    let Some((host, rest)) = word(rest) else { return Ok(Read::Other) };
    let Some((name, process, message)) = program(rest) else { return Ok(Read::Other) };
    if !matches!(name, "sshd" | "sshd-session") {
        return Ok(Read::Other);
    }
    let event = |action, login: &str| Event {
        when,
        login: login.to_owned(),
        place: host.to_owned(),
        action,
        vendor: None,
        source: None,
        port: None,
        method: None,
        key: None,
        session: Some(process.to_owned()).filter(|process| !process.is_empty()),
    };
    if let Some(said) = message.strip_prefix("Accepted ") {
        let broken = || format!("it says that sshd accepted somebody and not whom: {message:.80}");
        let (method, said) = said.split_once(" for ").ok_or_else(broken)?;
        let (login, said) = said.split_once(" from ").ok_or_else(broken)?;
        let (source, said) = said.split_once(" port ").ok_or_else(broken)?;
        let port = said.split_whitespace().next().and_then(|port| port.parse().ok());
        let key = said
            .split_whitespace()
            .find(|word| word.starts_with("SHA256:") || word.starts_with("MD5:"));
        return Ok(Read::Event(Event {
            source: Some(source.to_owned()),
            port,
            method: Some(method.to_owned()),
            key: key.map(str::to_owned),
            ..event(Action::Accepted, login)
        }));
    }
    if let Some((login, source, port)) = gone(message) {
        let (source, port) = (Some(source.to_owned()), Some(port));
        return Ok(Read::Event(Event { source, port, ..event(Action::Closed, login) }));
    }
    let Some((_, said)) = message.split_once("(sshd:session): session ") else {
        return Ok(Read::Other);
    };
    let (action, said) = match said.split_once(" for user ") {
        Some(("opened", said)) => (Action::Opened, said),
        Some(("closed", said)) => (Action::Closed, said),
        Some(_) | None => return Ok(Read::Other),
    };
    let login = said.split([' ', '(']).next().unwrap_or_default();
    if login.is_empty() {
        return Err(format!("it tells of a session and not whose: {message:.80}"));
    }
    Ok(Read::Event(event(action, login)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(line: &str) -> Event {
        match read(line) {
            Ok(Read::Event(event)) => event,
            Ok(Read::Other) => panic!("{line} tells of no access"),
            Err(why) => panic!("{line}: {why}"),
        }
    }

    #[test]
    fn who_was_accepted_by_which_key_from_where_is_read_in_every_form_of_the_time() {
        let said = "Accepted publickey for kenji from 203.0.113.9 port 51422 ssh2: ED25519 SHA256:Ab3d9EfGhI";
        for head in [
            "Nov 27 09:05:01 jump1 sshd[4123]: ",
            "Nov  7 09:05:01 jump1 sshd-session[4123]: ",
            "<86>Nov 27 09:05:01 jump1 sshd[4123]: ",
            "2026-11-27T09:05:01.123456+01:00 jump1 sshd[4123]: ",
            "2026-11-27T09:05:01+0100 jump1 sshd-session[4123]: ",
            "<86>1 2026-11-27T09:05:01.003Z jump1 sshd 4123 - - ",
        ] {
            let line = format!("{head}{said}");
            let read = event(&line);
            assert_eq!((&*read.login, &*read.place), ("kenji", "jump1"), "{line}");
            assert_eq!(read.action, Action::Accepted);
            let said = [&read.source, &read.method, &read.key, &read.session].map(Option::as_deref);
            let wanted = ["203.0.113.9", "publickey", "SHA256:Ab3d9EfGhI", "4123"].map(Some);
            assert_eq!(said, wanted, "{line}");
        }
    }

    #[test]
    fn a_session_is_opened_and_closed_with_and_without_the_number_of_the_user() {
        for (said, action) in [
            ("session opened for user kenji(uid=1001) by (uid=0)", Action::Opened),
            ("session opened for user kenji(uid=1001) by kenji(uid=0)", Action::Opened),
            ("session opened for user kenji by (uid=0)", Action::Opened),
            ("session closed for user kenji", Action::Closed),
        ] {
            let line = format!("Nov 27 09:05:01 jump1 sshd[7]: pam_unix(sshd:session): {said}");
            let read = event(&line);
            assert_eq!((&*read.login, read.action), ("kenji", action), "{said}");
        }
    }

    #[test]
    fn who_is_gone_is_read_however_the_connection_ended() {
        for said in [
            "Disconnected from user kenji 203.0.113.9 port 51422",
            "Connection closed by user kenji 203.0.113.9 port 51422",
            "Connection reset by user kenji 203.0.113.9 port 51422",
            "Timeout, client not responding from user kenji 203.0.113.9 port 51422",
            "Connection from user kenji 203.0.113.9 port 51422 timed out",
        ] {
            let read = event(&format!("Nov 27 09:05:01 jump1 sshd[4130]: {said}"));
            assert_eq!((&*read.login, read.action), ("kenji", Action::Closed), "{said}");
            assert_eq!((read.source.as_deref(), read.port), (Some("203.0.113.9"), Some(51_422)));
        }
    }

    #[test]
    fn what_is_no_access_is_left_aside_and_what_is_half_of_one_is_named() {
        let of = |said: &str| {
            read(&format!("Nov 27 09:05:01 jump1 {said}"))
                .is_ok_and(|read| matches!(read, Read::Other))
        };
        for said in [
            "sshd[7]: Failed password for invalid user Accepted publickey for kenji from 1.2.3.4 port 1 ssh2",
            "sshd[7]: Connection closed by 190.173.26.85 port 56146 [preauth]",
            "sshd[7]: Disconnected from authenticating user kenji 203.0.113.9 port 51422 [preauth]",
            "sshd[7]: Disconnected from invalid user kenji 203.0.113.9 port 51422 [preauth]",
            "sshd[7]: Connection reset by authenticating user root 203.0.113.9 port 51422 [preauth]",
            "sudo: kenji : TTY=pts/0 ; PWD=/home/kenji ; USER=root ; COMMAND=/bin/ls",
            "systemd-logind[1464]: New session 61 of user kenji.",
        ] {
            assert!(of(said), "{said}");
        }
        assert!(read("Nov 27 09:05:01 jump1 sshd[7]: Accepted publickey for kenji").is_err());
        assert!(read("what is this").is_err());
    }
}
