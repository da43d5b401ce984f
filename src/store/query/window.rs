//! Vendor access windows: their list, each with its board and what is left of its time.

use serde::Serialize;
use sqlx::FromRow;

use super::board::{CONSULTED, INFORMED};
use super::clash::{self, Clash};
use super::columns::{Approvals, Lines};
use super::engine::{By, Completed, List, Listed, NUMBER, Of};
use crate::domain::alarm::Urgent;
use crate::domain::attention::Consequence;
use crate::domain::filter::{Of as Kind, Word};
use crate::domain::refusal::Refusal;
use crate::domain::time::Time;
use crate::domain::window::ground::Ground;
use crate::domain::window::{State, effective_state, remote, state_at};
use crate::domain::{change, vendor};
use crate::store::link::Link;

/// The windows that have not ended, as a filter line.
pub(super) const LIVE: &str = "live:yes";

/// The same at the sites of whoever reads.
pub const WINDOWS_LIVE: &str = "live:yes site:mine";

/// A window as the list shows it at an instant.
#[derive(Clone, Debug, PartialEq, Serialize, FromRow)]
pub struct Window {
    /// Its reference, `VW-31`.
    pub r#ref: String,
    /// Its site.
    pub site: String,
    /// Its state at the instant of reading: what passed its end before it was opened reads as lapsed.
    pub state: String,
    /// The word that screens show: `armed` and `overrun` beside the states.
    #[sqlx(skip)]
    pub effective_state: String,
    /// What is to be done, as the title of every list.
    pub title: String,
    /// The vendor.
    pub vendor: String,
    /// The vendor's person, by login or name.
    pub person: String,
    /// What is to be done.
    pub purpose: String,
    /// The assets it gives access to.
    pub assets: Lines,
    /// The worst safety rating of its assets; one without counts as 5.
    pub safety: Option<i64>,
    /// The worst regulatory rating.
    pub regulatory: Option<i64>,
    /// The worst production rating.
    pub production: Option<i64>,
    /// When access begins.
    #[sqlx(rename = "start_at")]
    pub start: Time,
    /// When access ends.
    #[sqlx(rename = "end_at")]
    pub end: Time,
    /// Seconds to the end, negative past it; none once it has ended.
    #[sqlx(skip)]
    pub left: Option<i64>,
    /// The change it serves.
    pub change: Option<String>,
    /// Who watches.
    pub escort: Option<String>,
    /// Where access comes from.
    pub source: Option<String>,
    /// How the second factor is asked for.
    pub second_factor: Option<String>,
    /// Where the session is recorded.
    pub recording: Option<String>,
    /// The risks that it was weighed as.
    pub risks: Lines,
    /// Who asked.
    pub requester: String,
    /// When it was asked for.
    pub requested_at: Time,
    /// Who opened it.
    pub opened_by: Option<String>,
    /// When it was opened.
    pub opened_at: Option<Time>,
    /// Who ended it.
    pub ended_by: Option<String>,
    /// When it ended.
    pub ended_at: Option<Time>,
    /// The last note, the close-out or the reason.
    pub note: Option<String>,
    /// Where the decisions stand: `pending, approved, vetoed, returned, ended`.
    pub decided: String,
    /// Who must say yes, and who said what.
    pub approvals: Approvals,
    /// What stands in the way of its opening, or of its staying open: a paper that ends, a suspension, a retired asset.
    #[sqlx(skip)]
    pub hindrances: Vec<String>,
    /// Live sessions in it.
    pub sessions: Lines,
    /// What stands against it and nobody let pass, by name.
    #[sqlx(skip)]
    pub conflicts: Lines,
    /// The same with its reason, and what was let pass.
    #[sqlx(skip)]
    pub clashes: Vec<Clash>,
    /// Its most urgent alarm, where whoever reads it knows the alarms.
    #[sqlx(skip)]
    #[serde(skip)]
    pub alarm: Option<Urgent>,
    /// The time zone of its site.
    pub timezone: String,
    /// The entry that last wrote it.
    pub seq: i64,
    /// What it stands on beside its approval.
    #[serde(skip)]
    #[sqlx(flatten)]
    pub footing: Footing,
}

/// What a window stands on beside its approval, as columns.
#[derive(Clone, Debug, Default, PartialEq, FromRow)]
pub struct Footing {
    vendor_state: String,
    contract_end: Option<Time>,
    person_state: String,
    screening_until: Option<Time>,
    training_until: Option<Time>,
    retired: Lines,
    change_state: Option<String>,
    change_end: Option<Time>,
    found_wrong: bool,
    gone_escort: Option<String>,
    asks_remote: bool,
}

impl Window {
    /// What it lacks of what its site asks of remote access before anybody is let in.
    fn lacks(&self) -> Option<Refusal> {
        let said = remote::Said {
            second_factor: self.second_factor.is_some(),
            recording: self.recording.is_some(),
            risk: !self.risks.0.is_empty(),
        };
        if self.footing.asks_remote { remote::lacks(&self.site, said) } else { None }
    }

    /// What it stands on at an instant.
    pub fn ground(&self, now: Time) -> Ground {
        let on = &self.footing;
        let serves = self.change.clone().zip(on.change_state.as_deref()).zip(on.change_end);
        Ground {
            vendor: self.vendor.clone(),
            vendor_state: vendor::State::parse(&on.vendor_state),
            contract_end: on.contract_end,
            person: self.person.clone(),
            person_state: vendor::State::parse(&on.person_state),
            screening_until: on.screening_until,
            training_until: on.training_until,
            retired: on.retired.0.clone(),
            change: serves.and_then(|((reference, state), end)| {
                Some((reference, change::state_at(change::State::parse(state)?, end, now)))
            }),
            found_wrong: on.found_wrong,
            gone_escort: on.gone_escort.clone(),
        }
    }
}

/// Every word that `state:` knows.
pub const STATES: &[&str] = &[
    "requested",
    "approved",
    "armed",
    "open",
    "overrun",
    "closed",
    "rejected",
    "cancelled",
    "lapsed",
    "cut_off",
];

macro_rules! read {
    () => {
        "CASE WHEN t.state IN ('requested', 'approved') AND t.end_at <= :now THEN 'lapsed' ELSE t.state END"
    };
}

macro_rules! effective {
    () => {
        "CASE WHEN t.state IN ('requested', 'approved') AND t.end_at <= :now THEN 'lapsed'
              WHEN t.state = 'approved' AND t.start_at <= :now THEN 'armed'
              WHEN t.state = 'open' AND t.end_at <= :now THEN 'overrun'
              ELSE t.state END"
    };
}

/// The list of windows: what is open or to come first, by its end.
pub static WINDOWS: List = List {
    name: "windows",
    from: "vendor_window t",
    base: "TRUE",
    filters: &[
        By { word: Word { name: "ref", of: Kind::Word }, sql: &[("t.ref", "")] },
        By {
            word: Word { name: "state", of: Kind::Choice(STATES) },
            sql: &[(read!(), ""), (effective!(), "")],
        },
        By { word: Word { name: "site", of: Kind::Word }, sql: &[("t.site", "")] },
        By { word: Word { name: "vendor", of: Kind::Word }, sql: &[("t.vendor", "")] },
        By { word: Word { name: "person", of: Kind::Word }, sql: &[("t.person", "")] },
        By { word: Word { name: "requester", of: Kind::Word }, sql: &[("t.requester", "")] },
        By { word: Word { name: "change", of: Kind::Word }, sql: &[("t.change", "")] },
        By {
            word: Word { name: "asset", of: Kind::Word },
            sql: &[(
                "EXISTS (SELECT 1 FROM window_asset x WHERE x.window_ref = t.ref AND x.asset",
                ")",
            )],
        },
        By {
            word: Word { name: "live", of: Kind::Flag },
            sql: &[(
                "(CASE WHEN t.state IN ('requested', 'approved') THEN t.end_at > :now ELSE t.state = 'open' END)",
                "",
            )],
        },
        By {
            word: Word { name: "waits", of: Kind::Word },
            sql: &[(
                "EXISTS (SELECT 1 FROM approval v JOIN requirement q ON q.approval_ref = v.ref AND q.revision = v.revision
                         WHERE v.ref = t.ref AND v.state = 'pending' AND t.state = 'requested' AND t.end_at > :now
                           AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.approval_ref = q.approval_ref
                                           AND d.revision = q.revision AND d.discipline = q.discipline)
                           AND q.discipline",
                ")",
            )],
        },
        CONSULTED,
        INFORMED,
        By { word: Word { name: "start", of: Kind::Time }, sql: &[("t.start_at", "")] },
        By { word: Word { name: "end", of: Kind::Time }, sql: &[("t.end_at", "")] },
        By {
            word: Word { name: "due", of: Kind::Time },
            sql: &[(
                "CASE WHEN t.state = 'open' OR t.state IN ('requested', 'approved') AND t.end_at > :now THEN t.end_at END",
                "",
            )],
        },
    ],
    text: "t.folded",
    order: &[
        (
            "CAST(CASE WHEN t.state = 'open' THEN 0
                       WHEN t.state IN ('requested', 'approved') AND t.end_at > :now THEN 0
                       ELSE 1 END AS BIGINT)",
            Of::Int,
        ),
        ("t.end_at", Of::Time),
        NUMBER,
        ("t.ref", Of::Text),
    ],
    descending: false,
    same: "t.ref = p.k3",
    columns: "t.ref, t.site, t.state, t.purpose AS title, t.vendor, t.person, t.purpose, t.start_at, t.end_at, t.change,
        t.escort, t.source, t.second_factor, t.recording, t.risks, t.requester, t.requested_at, t.opened_by, t.opened_at, t.ended_by, t.ended_at, t.note,
        t.seq, s.timezone, s.asks_remote, v.state AS decided,
        f.state AS vendor_state, f.contract_end, p2.state AS person_state, p2.screening_until, p2.training_until,
        g.state AS change_state, g.end_at AS change_end,
        EXISTS (SELECT 1 FROM approval cv
                JOIN decision cd ON cd.approval_ref = cv.ref AND cd.revision = cv.revision AND cd.decision = 'no'
                JOIN requirement cq ON cq.approval_ref = cv.ref AND cq.revision = cv.revision
                     AND cq.discipline = cd.discipline AND cq.need <> 'must'
                WHERE cv.ref = t.change) AS found_wrong,
        (SELECT e.ref FROM person e WHERE e.ref = t.escort AND e.state <> 'active') AS gone_escort,
        COALESCE((SELECT string_agg(a.ref, '\n' ORDER BY a.ref) FROM window_asset x JOIN asset a ON a.ref = x.asset
                  WHERE x.window_ref = t.ref AND a.state <> 'active'), '') AS retired,
        COALESCE((SELECT string_agg(w.ref, '\n' ORDER BY w.ref) FROM access_session w
                  WHERE w.within = t.ref AND w.state = 'live'), '') AS sessions,
        COALESCE((SELECT string_agg(x.asset, '\n' ORDER BY x.asset) FROM window_asset x
                  WHERE x.window_ref = t.ref), '') AS assets,
        (SELECT MAX(COALESCE(a.safety, 5)) FROM window_asset x JOIN asset a ON a.ref = x.asset
          WHERE x.window_ref = t.ref) AS safety,
        (SELECT MAX(COALESCE(a.regulatory, 5)) FROM window_asset x JOIN asset a ON a.ref = x.asset
          WHERE x.window_ref = t.ref) AS regulatory,
        (SELECT MAX(COALESCE(a.production, 5)) FROM window_asset x JOIN asset a ON a.ref = x.asset
          WHERE x.window_ref = t.ref) AS production,
        COALESCE((SELECT string_agg(q.discipline || '|' || CASE WHEN q.veto THEN 'y' ELSE 'n' END || '|'
                      || COALESCE(d.decision, '') || '|' || COALESCE(d.person, '') || '|' || q.need, '\n' ORDER BY q.discipline)
                  FROM requirement q
                  LEFT JOIN decision d ON d.approval_ref = q.approval_ref AND d.revision = q.revision
                       AND d.discipline = q.discipline
                  WHERE q.approval_ref = t.ref AND q.revision = v.revision), '') AS approvals",
    with: "JOIN site s ON s.ref = t.site JOIN approval v ON v.ref = t.ref JOIN vendor f ON f.ref = t.vendor
        JOIN vendor_person p2 ON p2.vendor_ref = t.vendor AND p2.person = t.person LEFT JOIN change g ON g.ref = t.change",
};

impl Window {
    /// How bad it is what access to its assets can bring about.
    pub fn consequence(&self) -> Consequence {
        Consequence::of_ratings(self.safety, self.regulatory, self.production)
    }
}

impl Listed for Window {
    const LIST: &'static List = &WINDOWS;

    fn settle(&mut self, now: Time) {
        let Some(state) = State::parse(&self.state) else { return };
        effective_state(state, self.start, self.end, now).clone_into(&mut self.effective_state);
        let read = state_at(state, self.end, now);
        read.word().clone_into(&mut self.state);
        let through = match read {
            State::Requested | State::Approved => Some(self.end),
            State::Open => Some(now),
            State::Closed | State::Rejected | State::Cancelled | State::Lapsed | State::CutOff => {
                None
            }
        };
        let found = through.map(|through| {
            let ground = self.ground(now);
            let lacks = self.lacks().filter(|_| read != State::Open);
            let more: Vec<_> = ground.wrong().into_iter().chain(lacks).collect();
            [ground.hindrances(through), ground.unrecorded(), more].concat()
        });
        self.hindrances = found.into_iter().flatten().map(|refusal| refusal.message).collect();
        self.left = match read {
            State::Requested | State::Approved | State::Open => Some(self.end.seconds_since(now)),
            State::Closed | State::Rejected | State::Cancelled | State::Lapsed | State::CutOff => {
                None
            }
        };
    }

    fn complete<'a>(c: &'a mut Link<'_>, rows: &'a mut [Self], now: Time) -> Completed<'a> {
        Box::pin(clash::windows(c, rows, now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_knows_every_state() {
        for word in State::WORDS {
            assert!(STATES.contains(word), "{word}");
        }
    }
}
