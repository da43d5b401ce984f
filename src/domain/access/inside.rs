//! Who is inside, as logs tell of it: whoever was let in, until a log lets them out. How long that is believed stands here;
//! which events are read does not.

use super::Action;

/// Seconds for which somebody counts as inside whom a log let in and no log let out: who stays longer than a week is in no
/// session of an access log.
pub const STAYS: i64 = 7 * 86_400;

/// One event of a log, as far as it tells who is inside.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// Who.
    pub login: &'a str,
    /// Where.
    pub asset: &'a str,
    /// The vendor that sends such a person, if one does.
    pub vendor: Option<&'a str>,
    /// What tells the session apart, if the log says.
    pub session: Option<&'a str>,
    /// The address and the port that the connection comes from, if the log says both.
    pub from: Option<(&'a str, i64)>,
    /// Whether no window makes it right, as with another's key.
    pub in_spite_of_a_window: bool,
    /// What happened.
    pub action: Action,
}

impl Seen<'_> {
    fn at_the_place_of(&self, other: &Self) -> bool {
        (self.login, self.asset) == (other.login, other.asset)
    }

    /// Whether both are of one session; none if they say nothing that both can be told by. The connection goes before the
    /// session: sshd tells of the end of one from another process than of its beginning.
    fn of_one_session(&self, other: &Self) -> Option<bool> {
        let connections = self.from.zip(other.from).map(|(a, b)| a == b);
        connections.or_else(|| self.session.zip(other.session).map(|(a, b)| a == b))
    }

    const fn named(&self) -> bool {
        self.from.is_some() || self.session.is_some()
    }
}

/// Somebody whom a log let in and no log let out, by the places of what was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inside {
    /// What they are inside by: that a session was opened, or only that they were let in.
    pub by: usize,
    /// That they were let in.
    pub accepted: Option<usize>,
}

#[derive(Clone, Copy)]
struct Going<'a> {
    inside: Inside,
    opened: bool,
    seen: Seen<'a>,
}

/// Who is inside after these events, the earliest first. Whoever was let in and then opened a session is inside once. An
/// end that names no session ends the earliest of the same person there.
pub fn inside(seen: &[Seen<'_>]) -> Vec<Inside> {
    let mut going: Vec<Going<'_>> = Vec::new();
    for (at, one) in seen.iter().enumerate() {
        match one.action {
            Action::Accepted => let_in(&mut going, at, *one),
            Action::Opened => opened(&mut going, at, *one),
            Action::Closed => closed(&mut going, one),
        }
    }
    going.into_iter().map(|one| one.inside).collect()
}

fn let_in<'a>(going: &mut Vec<Going<'a>>, at: usize, one: Seen<'a>) {
    let here = |other: &Going<'_>| other.seen.at_the_place_of(&one);
    let same = |other: &Going<'_>| here(other) && other.seen.of_one_session(&one) == Some(true);
    // Two lines of one second may stand the other way round.
    let late = |other: &&mut Going<'_>| same(other) && other.inside.accepted.is_none();
    if let Some(stands) = going.iter_mut().find(late) {
        stands.inside.accepted = Some(at);
        stands.seen.from = stands.seen.from.or(one.from);
        return;
    }
    let again = |other: &Going<'_>| {
        let alike = other.seen.in_spite_of_a_window == one.in_spite_of_a_window;
        here(other) && alike && !other.opened && !other.seen.named() && !one.named()
    };
    if going.iter().any(again) {
        return;
    }
    // Whoever comes in by a name that stands has left it before.
    going.retain(|other| !same(other));
    going.push(Going { inside: Inside { by: at, accepted: Some(at) }, opened: false, seen: one });
}

fn opened<'a>(going: &mut Vec<Going<'a>>, at: usize, one: Seen<'a>) {
    let of = |other: &Going<'_>, told: Option<bool>| {
        other.seen.at_the_place_of(&one) && other.seen.of_one_session(&one) == told
    };
    let waits = |told| move |other: &Going<'_>| !other.opened && of(other, told);
    let begun = going.iter().rposition(waits(Some(true)));
    let begun = begun.or_else(|| going.iter().rposition(waits(None)));
    let again = || going.iter().rposition(|other| of(other, Some(true)));
    match begun.or_else(again).and_then(|found| going.get_mut(found)) {
        Some(stands) => {
            stands.inside.by = at;
            stands.opened = true;
            stands.seen.session = stands.seen.session.or(one.session);
            stands.seen.from = stands.seen.from.or(one.from);
        }
        None => {
            let inside = Inside { by: at, accepted: None };
            going.push(Going { inside, opened: true, seen: one });
        }
    }
}

fn closed(going: &mut Vec<Going<'_>>, one: &Seen<'_>) {
    let told = |other: &Going<'_>| match other.seen.of_one_session(one) {
        _ if !other.seen.at_the_place_of(one) => None,
        Some(true) => Some(0),
        None if other.seen.vendor == one.vendor => Some(1),
        None => Some(2),
        Some(false) => None,
    };
    let ended = going.iter().enumerate().filter_map(|(at, other)| Some((told(other)?, at))).min();
    if let Some((_, ended)) = ended {
        going.remove(ended);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPENED: Action = Action::Opened;
    const CLOSED: Action = Action::Closed;
    const ACCEPTED: Action = Action::Accepted;

    fn event<'a>(login: &'a str, session: Option<&'a str>, action: Action) -> Seen<'a> {
        let (vendor, from, in_spite_of_a_window) = (None, None, false);
        Seen { login, asset: "RLF/JMP-1", vendor, session, from, in_spite_of_a_window, action }
    }

    fn by(log: &[Seen<'_>]) -> Vec<usize> {
        inside(log).into_iter().map(|one| one.by).collect()
    }

    #[test]
    fn whoever_a_log_let_in_is_inside_until_a_log_lets_them_out() {
        let (opened, closed) = (OPENED, CLOSED);
        let log = [
            event("kenji", Some("41"), Action::Accepted),
            event("kenji", Some("41"), opened),
            event("kenji", Some("42"), opened),
            event("mia", None, opened),
            event("kenji", Some("41"), closed),
            event("mia", Some("7"), closed),
            event("kenji", Some("9"), closed),
        ];
        assert_eq!(by(&log), [2], "only what a log closed by its own name has ended");
        assert_eq!(by(log.get(..3).unwrap()), [1, 2]);
    }

    #[test]
    fn whoever_was_only_let_in_is_inside_until_they_leave() {
        let log = [
            event("kenji", None, ACCEPTED),
            event("kenji", None, ACCEPTED),
            event("mia", None, ACCEPTED),
            event("kenji", None, CLOSED),
        ];
        assert_eq!(by(log.get(..3).unwrap()), [0, 2], "who comes twice is one person");
        assert_eq!(by(&log), [2]);
        let odd = Seen { in_spite_of_a_window: true, ..event("kenji", None, ACCEPTED) };
        let both = [event("kenji", None, ACCEPTED), odd, event("kenji", None, ACCEPTED)];
        assert_eq!(by(&both), [0, 1], "with another's key it is somebody else");
    }

    #[test]
    fn whoever_was_let_in_and_opened_a_session_is_inside_once() {
        for session in [None, Some("41")] {
            let log = [event("kenji", session, ACCEPTED), event("kenji", session, OPENED)];
            assert_eq!(inside(&log), [Inside { by: 1, accepted: Some(0) }]);
            let other_way =
                [event("kenji", Some("41"), OPENED), event("kenji", Some("41"), ACCEPTED)];
            assert_eq!(inside(&other_way), [Inside { by: 0, accepted: Some(1) }]);
        }
    }

    #[test]
    fn an_end_that_another_process_tells_of_is_known_by_its_connection() {
        let from = |seen: Seen<'static>, port| Seen { from: Some(("203.0.113.9", port)), ..seen };
        let log = [
            from(event("kenji", Some("41"), ACCEPTED), 5),
            event("kenji", Some("41"), OPENED),
            from(event("kenji", Some("51"), ACCEPTED), 6),
            from(event("kenji", Some("59"), CLOSED), 6),
            event("kenji", Some("51"), CLOSED),
        ];
        assert_eq!(by(log.get(..3).unwrap()), [1, 2]);
        assert_eq!(by(&log), [1], "the end that is told twice ends nobody else");
    }

    #[test]
    fn an_end_without_a_name_ends_the_person_of_its_own_vendor() {
        let of = |vendor, action| Seen { vendor: Some(vendor), ..event("kenji", None, action) };
        let log = [of("abb", OPENED), of("yoko", OPENED), of("yoko", CLOSED)];
        assert_eq!(by(&log), [0]);
    }
}
