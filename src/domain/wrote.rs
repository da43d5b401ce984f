//! What brought a subject to where it stands and what that leaves: the words of a refusal by state, and of news about an
//! open form. Which states allow what is each subject's own.

use super::refusal::{Code, Refusal};
use super::state_words::spoken;
use super::time::Time;
use super::words::one_of;

/// What somebody last wrote about a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrote {
    /// The entry.
    pub seq: i64,
    /// What happened.
    pub kind: String,
    /// Who wrote it.
    pub actor: String,
    /// When.
    pub at: Time,
}

/// Entries that lead to a state, the state, and what whoever wrote one did. What several decide is told by its board.
const LED: &[(&str, &str, &str)] = &[
    ("window.opened", "open", "opened it"),
    ("window.closed", "closed", "closed it"),
    ("window.cut-off", "cut_off", "cut it off"),
    ("window.cancelled", "cancelled", "cancelled it"),
    ("change.started", "in_progress", "started it"),
    ("change.completed", "implemented", "completed it"),
    ("change.verified", "verified", "verified it"),
    ("change.backed-out", "backed_out", "backed it out"),
    ("change.withdrawn", "withdrawn", "withdrew it"),
    ("risk.closed", "closed", "closed it"),
    ("report.triaged", "triaged", "triaged it"),
    ("session.ended", "ended", "told of its end"),
    ("session.cut-off", "cut_off", "cut it off"),
    ("bypass.removed", "removed", "took it out"),
    ("outage.cancelled", "cancelled", "took it back"),
    ("blackout.ended", "ended", "ended it"),
];

/// What an entry does, as one says that it cannot be done.
const VERBS: &[(&str, &str)] = &[
    ("window.opened", "open"),
    ("window.closed", "close"),
    ("window.cut-off", "cut off"),
    ("window.cancelled", "cancel"),
    ("window.decided", "decide"),
    ("window.lapsed", "record"),
    ("window.extended", "extend"),
    ("extension.requested", "extend"),
    ("change.revised", "revise"),
    ("change.impact-raised", "raise"),
    ("change.waived", "waive"),
    ("change.reviewed", "review"),
    ("change.decided", "decide"),
    ("change.started", "start"),
    ("change.completed", "complete"),
    ("change.verified", "verify"),
    ("change.renewed", "renew"),
    ("change.backed-out", "back out"),
    ("change.withdrawn", "withdraw"),
    ("change.expired", "record"),
    ("risk.assessed", "assess"),
    ("risk.treated", "treat"),
    ("risk.reweighed", "weigh"),
    ("risk.accepted", "accept"),
    ("risk.reopened", "reopen"),
    ("risk.closed", "close"),
    ("extension.decided", "decide"),
    ("acceptance.decided", "decide"),
    ("report.triaged", "judge"),
    ("session.ended", "end"),
    ("session.cut-off", "cut off"),
    ("bypass.renewed", "renew"),
    ("bypass.removed", "take out"),
    ("outage.moved", "move"),
    ("outage.cancelled", "take back"),
    ("blackout.ended", "end"),
    ("person.deactivated", "end"),
    ("duty.ended", "end"),
];

impl Wrote {
    /// What whoever wrote it did, if it led to this state.
    fn led(&self, state: &str) -> Option<&'static str> {
        let row = LED.iter().find(|(kind, to, _)| *kind == self.kind && *to == state);
        row.map(|(.., did)| *did)
    }

    /// What happened, by whom and when, in a few words.
    pub fn words(&self) -> String {
        let what = self.kind.split_once('.').map_or(self.kind.as_str(), |(_, what)| what);
        format!("{} by {} at {:#}", what.replace('-', " "), self.actor, self.at)
    }
}

/// How something stands, in a sentence.
fn stands(state: &str) -> String {
    if state == "requested" { "asked for and not decided".to_owned() } else { spoken(state) }
}

/// The refusal of what this state does not allow; `first` are the states in which it will be allowed, if it comes to one.
pub fn refusal(on: &str, state: &str, kind: &str, first: &[&str]) -> Refusal {
    let verb = VERBS.iter().find(|(of, _)| *of == kind).map_or(kind, |(_, verb)| *verb);
    let message = format!("{on} is {}", stands(state));
    let fix = match first {
        [] => format!("nothing is left to {verb}"),
        states => {
            let states: Vec<String> = states.iter().map(|state| stands(state)).collect();
            format!("it must be {} first", one_of(&states))
        }
    };
    Refusal::new(Code::WrongState, message, fix)
}

/// The same refusal with who brought it to this state and when, if one of these entries did; the last stands first.
pub fn by(refusal: Refusal, state: &str, entries: &[Wrote]) -> Refusal {
    let found = entries.iter().find_map(|one| Some((one, one.led(state)?)));
    let Some((Wrote { actor, at, .. }, did)) = found else { return refusal };
    Refusal { message: format!("{}: {actor} {did} at {at:#}", refusal.message), ..refusal }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::command::commands;
    use crate::domain::{change, window};

    fn entry(kind: &str) -> Wrote {
        let at = "2026-11-29T12:07:00Z".parse().unwrap();
        Wrote { seq: 9, kind: kind.to_owned(), actor: "mvermeer".to_owned(), at }
    }

    #[test]
    fn a_refusal_by_state_says_who_brought_it_there_when_and_what_is_left() {
        let refused = refusal("VW-60", "cut_off", "window.closed", &[]);
        let told = by(refused, "cut_off", &[entry("window.cut-off"), entry("window.opened")]);
        assert_eq!(
            told.to_string(),
            "VW-60 is cut off: mvermeer cut it off at 2026-11-29 12:07Z: nothing is left to close"
        );
        let early = refusal("CR-3", "requested", "change.completed", &["in_progress"]);
        assert_eq!(
            by(early, "requested", &[entry("change.requested")]).to_string(),
            "CR-3 is asked for and not decided: it must be running first"
        );
    }

    #[test]
    fn whatever_a_state_may_forbid_has_a_verb_and_what_leads_to_one_is_an_entry() {
        let kinds = || commands().flat_map(|spec| spec.kind.split(" | "));
        for kind in kinds() {
            let limited = window::allowed(kind).len() < window::State::ALL.len()
                || change::allowed(kind).len() < change::State::ALL.len();
            let verb = VERBS.iter().any(|(of, _)| *of == kind);
            assert!(verb || !limited, "{kind}");
        }
        for (kind, ..) in LED {
            assert!(kinds().any(|one| one == *kind), "{kind}");
        }
    }
}
