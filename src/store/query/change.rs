//! Changes: their list, each with its board, its assets and what it conflicts with.

use serde::Serialize;
use sqlx::FromRow;

use super::board::{CONSULTED, INFORMED};
use super::clash::{self, Clash, Fit};
use super::columns::{Approvals, Lines, Told};
use super::engine::{By, Completed, List, Listed, NUMBER, Of};
use super::motion;
use crate::domain::alarm::Urgent;
use crate::domain::change::{Impacts, Nature, State, effective_state, state_at};
use crate::domain::filter::{Filter, Of as Kind, Test, Word};
use crate::domain::role::Holder;
use crate::domain::time::Time;
use crate::store::link::Link;

/// A change as the list shows it at an instant.
#[derive(Clone, Debug, PartialEq, Serialize, FromRow)]
pub struct Change {
    /// Its reference, `CR-12`.
    pub r#ref: String,
    /// Its site.
    pub site: String,
    /// Its state at the instant of reading: what passed its end before work began reads as expired.
    pub state: String,
    /// The word that screens show: `ready` and `overdue` beside the states.
    #[sqlx(skip)]
    pub effective_state: String,
    /// What is to change.
    pub title: String,
    /// How it is approved.
    pub kind: String,
    /// The RACI activity.
    pub activity: String,
    /// The assets it touches.
    pub assets: Lines,
    /// When work begins.
    #[sqlx(rename = "start_at")]
    pub start: Time,
    /// When work ends.
    #[sqlx(rename = "end_at")]
    pub end: Time,
    /// When decisions are due.
    pub approve_by: Time,
    /// The five impact answers.
    pub impacts: Told<Impacts>,
    /// How it is undone.
    pub rollback: String,
    /// How it is tested.
    pub tests: String,
    /// Whether control logic changes.
    pub alters_logic: bool,
    /// Whether a validated parameter changes.
    pub alters_validated: bool,
    /// When a temporary change must be reverted.
    pub revert_by: Option<Time>,
    /// The number in the plant's own change system.
    pub external_ref: Option<String>,
    /// The technical basis.
    pub basis: Option<String>,
    /// Which procedures change with it.
    pub procedures: Option<String>,
    /// The change that this one replaces.
    pub supersedes: Option<String>,
    /// The approved standard change that it is a use of.
    pub template: Option<String>,
    /// The risks that it treats.
    pub risks: Lines,
    /// Who asked.
    pub requester: String,
    /// When it was asked for first.
    pub requested_at: Time,
    /// When the work was done.
    pub completed_at: Option<Time>,
    /// The revision that decisions bind to.
    pub revision: i64,
    /// The last note.
    pub note: Option<String>,
    /// Where the evidence is.
    pub evidence: Option<String>,
    /// Where the configuration as it stood before is kept.
    #[sqlx(rename = "before_ref")]
    pub before: Option<String>,
    /// Its SHA-256.
    pub before_sum: Option<String>,
    /// Where the configuration as it stands after the work is kept.
    #[sqlx(rename = "after_ref")]
    pub after: Option<String>,
    /// Its SHA-256.
    pub after_sum: Option<String>,
    /// Where the decisions stand: `pending, approved, vetoed, returned, ended`.
    pub decided: String,
    /// When the last decision was taken.
    pub decided_at: Option<Time>,
    /// Who must say yes, and who said what.
    pub approvals: Approvals,
    /// The temporary change that stays in the plant under this one, which begins nothing of its own then.
    pub lets_stay: Option<String>,
    /// What is done to the assets, if the request says so.
    pub intervention: Option<String>,
    /// What stands against it and nobody waived, by name.
    #[sqlx(skip)]
    pub conflicts: Lines,
    /// The same with its reason, and what was waived.
    #[sqlx(skip)]
    pub clashes: Vec<Clash>,
    /// The outages that it could be planned into.
    #[sqlx(skip)]
    pub fits: Vec<Fit>,
    /// Whether its site asks for its number in the plant's own change system before it begins.
    pub asks_number: bool,
    /// Its most urgent alarm, where whoever reads it knows the alarms.
    #[sqlx(skip)]
    #[serde(skip)]
    pub alarm: Option<Urgent>,
    /// The time zone of its site.
    pub timezone: String,
    /// The entry that last wrote it.
    pub seq: i64,
}

/// The word for the last moment of what is to be done.
const DUE: &str = "due";

/// The changes that have not ended, as a filter line.
pub(super) const LIVE: &str = "live:yes";

/// The same at the sites of whoever reads.
pub const CHANGES_LIVE: &str = "live:yes site:mine";

/// Every word that `state:` knows.
pub const STATES: &[&str] = &[
    "requested",
    "approved",
    "ready",
    "in_progress",
    "overdue",
    "implemented",
    "verified",
    "rejected",
    "returned",
    "withdrawn",
    "backed_out",
    "expired",
];

macro_rules! read {
    () => {
        "CASE WHEN t.state IN ('requested', 'approved') AND t.end_at <= :now THEN 'expired' ELSE t.state END"
    };
}

macro_rules! effective {
    () => {
        "CASE WHEN t.state IN ('requested', 'approved') AND t.end_at <= :now THEN 'expired'
              WHEN t.state = 'approved' AND t.start_at <= :now THEN 'ready'
              WHEN t.state = 'in_progress' AND t.end_at <= :now THEN 'overdue'
              ELSE t.state END"
    };
}

/// What stays in the plant past the date on which it was to be taken back.
macro_rules! stays {
    () => {
        "t.state IN ('implemented', 'verified') AND t.revert_by <= :now"
    };
}

/// An emergency whose work is done and that somebody has still to review, or found wrong.
macro_rules! reviewed {
    () => {
        "t.state = 'implemented' AND t.kind = 'emergency' AND EXISTS (
            SELECT 1 FROM approval v JOIN requirement q ON q.approval_ref = v.ref AND q.revision = v.revision
            LEFT JOIN decision d ON d.approval_ref = q.approval_ref AND d.revision = q.revision AND d.discipline = q.discipline
            WHERE v.ref = t.ref AND q.need <> 'must' AND COALESCE(d.decision, 'no') = 'no')"
    };
}

/// The list of changes: what is to be decided, begun, ended, reviewed or taken back first, by when that is due; then what
/// waits to be verified.
pub static CHANGES: List = List {
    name: "changes",
    from: "change t",
    base: "TRUE",
    filters: &[
        By { word: Word { name: "ref", of: Kind::Word }, sql: &[("t.ref", "")] },
        By {
            word: Word { name: "state", of: Kind::Choice(STATES) },
            sql: &[(read!(), ""), (effective!(), "")],
        },
        By {
            word: Word { name: "live", of: Kind::Flag },
            sql: &[(
                "(CASE WHEN t.state IN ('requested', 'approved') THEN t.end_at > :now
                       ELSE t.state IN ('in_progress', 'implemented', 'returned') END)",
                "",
            )],
        },
        By { word: Word { name: "site", of: Kind::Word }, sql: &[("t.site", "")] },
        By {
            word: Word { name: "kind", of: Kind::Choice(Nature::WORDS) },
            sql: &[("t.kind", "")],
        },
        By { word: Word { name: "activity", of: Kind::Word }, sql: &[("t.activity", "")] },
        By { word: Word { name: "requester", of: Kind::Word }, sql: &[("t.requester", "")] },
        By {
            word: Word { name: "asset", of: Kind::Word },
            sql: &[(
                "EXISTS (SELECT 1 FROM change_asset x
                         WHERE x.change_ref = t.ref AND x.revision = t.revision AND x.asset",
                ")",
            )],
        },
        By {
            word: Word { name: "risk", of: Kind::Word },
            sql: &[(
                "EXISTS (SELECT 1 FROM change_risk x
                         WHERE x.change_ref = t.ref AND x.revision = t.revision AND x.risk",
                ")",
            )],
        },
        By {
            word: Word { name: "waits", of: Kind::Word },
            sql: &[(
                "EXISTS (SELECT 1 FROM approval v JOIN requirement q ON q.approval_ref = v.ref AND q.revision = v.revision
                         WHERE v.ref = t.ref AND v.state = 'pending' AND t.state = 'requested' AND t.end_at > :now AND q.need <> 'review'
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
        By { word: Word { name: "approve_by", of: Kind::Time }, sql: &[("t.approve_by", "")] },
        // Of whatever is not yet verified it follows from what is to be done and by whom.
        By {
            word: Word { name: DUE, of: Kind::Time },
            sql: &[("CASE WHEN t.state = 'verified' THEN t.revert_by END", "")],
        },
        By { word: Word { name: "revert", of: Kind::Time }, sql: &[("t.revert_by", "")] },
    ],
    text: "t.folded",
    order: &[
        (
            concat!("CAST(CASE WHEN t.state IN ('in_progress', 'returned') THEN 0
                       WHEN ", stays!(), " THEN 0
                       WHEN ", reviewed!(), " THEN 0
                       WHEN t.state = 'approved' AND t.kind = 'standard' AND t.template IS NULL THEN 1
                       WHEN t.state IN ('requested', 'approved') AND t.end_at > :now THEN 0
                       WHEN t.state = 'implemented' THEN 1
                       ELSE 2 END AS BIGINT)"),
            Of::Int,
        ),
        (
            concat!("CASE WHEN t.state IN ('requested', 'returned') AND t.approve_by < t.start_at THEN t.approve_by
                  WHEN t.state = 'in_progress' THEN t.end_at
                  WHEN ", stays!(), " THEN t.revert_by
                  WHEN ", reviewed!(), " THEN (SELECT v.decided_at FROM approval v WHERE v.ref = t.ref)
                  ELSE t.start_at END"),
            Of::Time,
        ),
        NUMBER,
        ("t.ref", Of::Text),
    ],
    descending: false,
    same: "t.ref = p.k3",
    columns: "t.ref, t.site, t.state, t.title, t.kind, t.activity, t.start_at, t.end_at, t.approve_by, t.impacts,
        t.rollback, t.tests, t.alters_logic, t.alters_validated, t.revert_by, t.external_ref, t.basis, t.procedures, t.supersedes, t.template,
        t.intervention, t.requester, t.requested_at, t.completed_at, t.revision, t.note, t.evidence,
        (SELECT o.ref FROM change o WHERE o.ref = t.supersedes AND o.kind = 'temporary' AND t.kind = 'temporary'
           AND o.revert_by = t.revert_by AND t.state = 'approved' AND o.state IN ('in_progress', 'implemented', 'verified'))
            AS lets_stay,
        t.before_ref, t.before_sum, t.after_ref, t.after_sum, t.seq, s.timezone, s.asks_number, v.state AS decided, v.decided_at,
        COALESCE((SELECT string_agg(x.asset, '\n' ORDER BY x.asset) FROM change_asset x
                  WHERE x.change_ref = t.ref AND x.revision = t.revision), '') AS assets,
        COALESCE((SELECT string_agg(x.risk, '\n' ORDER BY x.risk) FROM change_risk x
                  WHERE x.change_ref = t.ref AND x.revision = t.revision), '') AS risks,
        COALESCE((SELECT string_agg(q.discipline || '|' || CASE WHEN q.veto THEN 'y' ELSE 'n' END || '|'
                      || COALESCE(d.decision, '') || '|' || COALESCE(d.person, '') || '|' || q.need, '\n' ORDER BY q.discipline)
                  FROM requirement q
                  LEFT JOIN decision d ON d.approval_ref = q.approval_ref AND d.revision = q.revision
                       AND d.discipline = q.discipline
                  WHERE q.approval_ref = t.ref AND q.revision = v.revision), '') AS approvals",
    with: "JOIN site s ON s.ref = t.site JOIN approval v ON v.ref = t.ref",
};

impl Listed for Change {
    const LIST: &'static List = &CHANGES;

    fn settle(&mut self, now: Time) {
        if let Some(state) = State::parse(&self.state) {
            effective_state(state, self.start, self.end, now).clone_into(&mut self.effective_state);
            state_at(state, self.end, now).word().clone_into(&mut self.state);
        }
    }

    fn conclude<'a>(
        c: &'a mut Link<'_>,
        filter: &'a mut Filter,
        holder: Option<&'a Holder>,
        now: Time,
    ) -> Completed<'a> {
        Box::pin(async move {
            for term in filter.terms.iter_mut().filter(|term| term.word == DUE) {
                let Test::Time(compare, when) = &term.test else { continue };
                let rows = motion::part::<Self>(c, LIVE, None, now).await?;
                let holds = |row: &Self| {
                    row.due(holder, now).is_some_and(|due| compare.holds(&due, &when.at(now)))
                };
                term.also = rows.into_iter().filter(holds).map(|row| row.r#ref).collect();
            }
            Ok(())
        })
    }

    fn complete<'a>(c: &'a mut Link<'_>, rows: &'a mut [Self], now: Time) -> Completed<'a> {
        Box::pin(clash::changes(c, rows, now))
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
