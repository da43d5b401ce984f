//! Risks and their acceptances: the ranked list, and what is asked to be lived with.

use std::collections::BTreeMap;

use serde::Serialize;
use sqlx::FromRow;

use super::board::{CONSULTED, INFORMED};
use super::columns::{Approvals, Lines, Told};
use super::engine::{self, By, List, Listed, NUMBER, Of, Paged, Question};
use super::touched::Touched;
use crate::domain::acceptance;
use crate::domain::filter::{Of as Kind, Word};
use crate::domain::risk::{State, Weight};
use crate::domain::time::Time;
use crate::store::facts;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::{among, rows};

/// The grave risks that nobody treats or accepted, as a filter line.
pub(super) const UNTREATED: &str = "state:candidate,open priority:<=2";

/// The same at the sites of whoever reads.
pub const RISKS_UNTREATED: &str = "state:candidate,open priority:<=2 site:mine";

/// A risk as the list shows it.
#[derive(Clone, Debug, PartialEq, Serialize, FromRow)]
pub struct Risk {
    /// Its reference, `R-7`.
    pub r#ref: String,
    /// Its site.
    pub site: String,
    /// Its state as recorded.
    pub state: String,
    /// The state at the instant of reading: an acceptance past its end leaves the risk open.
    #[sqlx(skip)]
    pub effective_state: String,
    /// What may happen.
    pub title: String,
    /// Where it comes from: `advisory` or `person`.
    pub source: String,
    /// The advisory it was found by.
    pub advisory: Option<String>,
    /// Priority 1 to 4.
    pub priority: i64,
    /// Likelihood times worst consequence before any control, 1 to 25.
    pub inherent: Option<i64>,
    /// The same with the controls of today.
    pub current: Option<i64>,
    /// The same with the treatment done.
    pub residual: Option<i64>,
    /// The weighing before any control.
    pub inherent_weight: Option<Told<Weight>>,
    /// The weighing with the controls of today.
    pub current_weight: Option<Told<Weight>>,
    /// The weighing with the treatment done.
    pub residual_weight: Option<Told<Weight>>,
    /// What is done about it: `mitigate, transfer, avoid, accept`.
    pub treatment: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// When it is to be treated.
    #[sqlx(rename = "due_at")]
    pub due: Option<Time>,
    /// Compensating measures.
    pub compensating: Told<Vec<String>>,
    /// Until when it is accepted.
    #[sqlx(rename = "accepted_until")]
    pub until: Option<Time>,
    /// When it was raised or found.
    pub raised_at: Time,
    /// How many assets its advisory was found on at its site, confirmed or likely.
    #[sqlx(default)]
    pub asset_count: i64,
    /// How many of them lack a rating, which counts as 5.
    #[sqlx(default)]
    pub unrated: i64,
    /// The entry that it was found by.
    pub cause: Option<i64>,
    /// The time zone of its site.
    pub timezone: String,
    /// The entry that last wrote it.
    pub seq: i64,
}

/// The likelihood of the weighing in force, 6 where there is none: then the score of 0 makes its worst 0.
macro_rules! likelihood {
    () => {
        "(CASE WHEN COALESCE(t.current_weight, t.inherent_weight) LIKE '%\"likelihood\":1%' THEN 1
               WHEN COALESCE(t.current_weight, t.inherent_weight) LIKE '%\"likelihood\":2%' THEN 2
               WHEN COALESCE(t.current_weight, t.inherent_weight) LIKE '%\"likelihood\":3%' THEN 3
               WHEN COALESCE(t.current_weight, t.inherent_weight) LIKE '%\"likelihood\":4%' THEN 4
               WHEN COALESCE(t.current_weight, t.inherent_weight) LIKE '%\"likelihood\":5%' THEN 5
               ELSE 6 END)"
    };
}

/// The risks of one cell of the matrix, 5 by 5: those that are not closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct Weighed {
    /// Likelihood, 1 to 5.
    pub likelihood: i64,
    /// The worst consequence, 1 to 5.
    pub worst: i64,
    /// How many.
    pub count: i64,
}

/// How many risks stand in each cell; cells without one are left out.
pub async fn matrix(c: &mut Link<'_>) -> Result<Vec<Weighed>, StoreError> {
    Ok(rows!(
        c,
        Weighed,
        concat!(
            "SELECT CAST(z.likelihood AS BIGINT) AS likelihood, CAST(z.score / z.likelihood AS BIGINT) AS worst,
                    COUNT(*) AS count
               FROM (SELECT ",
            likelihood!(),
            " AS likelihood, COALESCE(t.current, t.inherent) AS score
                       FROM risk t WHERE t.state <> 'closed' AND COALESCE(t.current, t.inherent) IS NOT NULL) z
              WHERE z.likelihood <= 5 GROUP BY 1, 2 ORDER BY 1, 2"
        )
    )?)
}

macro_rules! counts {
    () => {
        "(SELECT COUNT(DISTINCT m.asset) FROM vuln_match m
          WHERE m.advisory_ref = t.advisory AND m.site = t.site
            AND m.tier IN ('confirmed', 'likely')) AS asset_count,
        (SELECT COUNT(DISTINCT m.asset) FROM vuln_match m JOIN asset a ON a.ref = m.asset
          WHERE m.advisory_ref = t.advisory AND m.site = t.site AND m.tier IN ('confirmed', 'likely')
            AND (a.safety IS NULL OR a.regulatory IS NULL OR a.production IS NULL)) AS unrated"
    };
}

macro_rules! columns {
    () => {
        "t.ref, t.site, t.state, t.title, t.source, t.advisory, t.priority, t.inherent, t.current, t.residual,
        t.inherent_weight, t.current_weight, t.residual_weight, t.treatment, t.owner, t.due_at, t.compensating,
        t.accepted_until, t.raised_at, t.cause, t.seq, s.timezone"
    };
}

/// The list of risks: the worst first, the closed last.
pub static RISKS: List = WHOLE;

/// The same without what is counted, which costs more than all the rest of a page.
pub(super) static UNCOUNTED: List = List { columns: columns!(), ..WHOLE };

const WHOLE: List = List {
    name: "risks",
    from: "risk t",
    base: "TRUE",
    filters: &[
        By { word: Word { name: "ref", of: Kind::Word }, sql: &[("t.ref", "")] },
        By {
            word: Word { name: "state", of: Kind::Choice(State::WORDS) },
            sql: &[(
                "CASE WHEN t.state = 'accepted' AND t.accepted_until <= :now THEN 'open' ELSE t.state END",
                "",
            )],
        },
        By { word: Word { name: "site", of: Kind::Word }, sql: &[("t.site", "")] },
        By { word: Word { name: "priority", of: Kind::Number }, sql: &[("t.priority", "")] },
        By { word: Word { name: "owner", of: Kind::Word }, sql: &[("t.owner", "")] },
        By {
            word: Word { name: "treatment", of: Kind::Choice(&["mitigate", "transfer", "avoid", "accept"]) },
            sql: &[("t.treatment", "")],
        },
        By {
            word: Word { name: "source", of: Kind::Choice(&["advisory", "person"]) },
            sql: &[("t.source", "")],
        },
        By { word: Word { name: "advisory", of: Kind::Word }, sql: &[("t.advisory", "")] },
        By {
            word: Word { name: "asset", of: Kind::Word },
            sql: &[(
                "EXISTS (SELECT 1 FROM vuln_match m WHERE m.advisory_ref = t.advisory AND m.site = t.site
                           AND m.tier IN ('confirmed', 'likely') AND m.asset",
                ")",
            )],
        },
        By {
            word: Word { name: "score", of: Kind::Number },
            sql: &[("COALESCE(t.current, t.inherent, 0)", "")],
        },
        By {
            word: Word { name: "likelihood", of: Kind::Number },
            sql: &[(likelihood!(), "")],
        },
        By {
            word: Word { name: "worst", of: Kind::Number },
            sql: &[(concat!("COALESCE(t.current, t.inherent, 0) / ", likelihood!()), "")],
        },
        By {
            word: Word { name: "due", of: Kind::Time },
            sql: &[(
                "CASE WHEN t.state = 'closed' THEN NULL
                      WHEN t.state = 'accepted' AND t.accepted_until > :now THEN t.accepted_until
                      ELSE t.due_at END",
                "",
            )],
        },
        By { word: Word { name: "until", of: Kind::Time }, sql: &[("t.accepted_until", "")] },
        By { word: Word { name: "raised", of: Kind::Time }, sql: &[("t.raised_at", "")] },
    ],
    text: "t.folded",
    order: &[
        ("CAST(CASE WHEN t.state = 'closed' THEN 1 ELSE 0 END AS BIGINT)", Of::Int),
        ("t.priority", Of::Int),
        ("25 - COALESCE(t.current, t.inherent, 0)", Of::Int),
        NUMBER,
        ("t.ref", Of::Text),
    ],
    descending: false,
    same: "t.ref = p.k4",
    columns: concat!(columns!(), ", ", counts!()),
    with: "JOIN site s ON s.ref = t.site",
};

impl Listed for Risk {
    const LIST: &'static List = &RISKS;

    fn settle(&mut self, now: Time) {
        let over = self.state == State::Accepted.word() && self.until.is_some_and(|end| end <= now);
        let state = if over { State::Open.word() } else { self.state.as_str() };
        self.effective_state = state.to_owned();
    }
}

/// What is counted of a risk is read from.
const COUNTED: &[&str] = &["asset", "vuln_match"];

/// Risks whose counts are kept.
const KEPT: usize = 10_000;

/// On how many assets the advisories of risks were found, and how many of these lack a rating, by risk: kept from one
/// page to the next until a match or an asset is written.
#[derive(Debug, Default)]
pub struct Counts(BTreeMap<String, (i64, i64)>);

impl Counts {
    /// Forgets what may have moved.
    pub fn forget(&mut self, touched: &Touched) {
        if touched.any(COUNTED) || self.0.len() > KEPT {
            self.0.clear();
        }
    }

    /// Reads a page, and counts where that is not known yet.
    pub(super) async fn page(
        &mut self,
        c: &mut Link<'_>,
        question: &Question<'_>,
    ) -> Result<Paged<Risk>, StoreError> {
        let mut found: Paged<Risk> = engine::page(c, question).await?;
        // A risk that no advisory brought was found nowhere.
        let of_advisories = found.rows.iter().filter(|row| row.advisory.is_some());
        let unknown: Vec<&str> = of_advisories
            .map(|row| row.r#ref.as_str())
            .filter(|risk| !self.0.contains_key(*risk))
            .collect();
        if !unknown.is_empty() {
            self.0.extend(counted(c, &unknown).await?);
        }
        for row in &mut found.rows {
            let (assets, unrated) = self.0.get(&row.r#ref).copied().unwrap_or_default();
            (row.asset_count, row.unrated) = (assets, unrated);
        }
        Ok(found)
    }
}

async fn counted(
    c: &mut Link<'_>,
    risks: &[&str],
) -> Result<Vec<(String, (i64, i64))>, StoreError> {
    let found = among!(
        c,
        (String, i64, i64),
        concat!("SELECT t.ref, ", counts!(), " FROM risk t WHERE t.ref"),
        facts::json(&risks)?
    )?;
    Ok(found.into_iter().map(|(risk, assets, unrated)| (risk, (assets, unrated))).collect())
}

/// The request to live with a risk until an end.
#[derive(Clone, Debug, PartialEq, Serialize, FromRow)]
pub struct Acceptance {
    /// Its reference, `RA-3`.
    pub r#ref: String,
    /// Its site.
    pub site: String,
    /// Its state at the instant of reading: what passed its end reads as expired.
    pub state: String,
    /// The title of the risk.
    pub title: String,
    /// The risk.
    pub risk: String,
    /// The priority of the risk.
    pub priority: i64,
    /// Until when.
    #[sqlx(rename = "until_at")]
    pub until: Time,
    /// Why it is acceptable.
    pub reason: String,
    /// Compensating measures.
    pub compensating: Told<Vec<String>>,
    /// Who asked.
    pub requester: String,
    /// Where the decisions stand: `pending, approved, vetoed, returned, ended`.
    pub decided: String,
    /// When decisions are due.
    pub approve_by: Time,
    /// Who must say yes, and who said what.
    pub approvals: Approvals,
    /// The assets that the risk is about.
    pub assets: Lines,
    /// The time zone of its site.
    pub timezone: String,
    /// The entry that last wrote it.
    pub seq: i64,
}

macro_rules! read {
    () => {
        "CASE WHEN t.state IN ('requested', 'approved') AND t.until_at <= :now THEN 'expired' ELSE t.state END"
    };
}

/// The list of acceptances: what waits or is in force first, by its end.
pub static ACCEPTANCES: List = List {
    name: "acceptances",
    from: "acceptance t",
    base: "TRUE",
    filters: &[
        By { word: Word { name: "ref", of: Kind::Word }, sql: &[("t.ref", "")] },
        By {
            word: Word { name: "state", of: Kind::Choice(acceptance::State::WORDS) },
            sql: &[(read!(), "")],
        },
        By { word: Word { name: "site", of: Kind::Word }, sql: &[("t.site", "")] },
        By { word: Word { name: "risk", of: Kind::Word }, sql: &[("t.risk", "")] },
        By { word: Word { name: "requester", of: Kind::Word }, sql: &[("t.requester", "")] },
        By {
            word: Word { name: "waits", of: Kind::Word },
            sql: &[(
                "EXISTS (SELECT 1 FROM approval v JOIN requirement q ON q.approval_ref = v.ref AND q.revision = v.revision
                         WHERE v.ref = t.ref AND v.state = 'pending' AND t.state = 'requested' AND t.until_at > :now
                           AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.approval_ref = q.approval_ref
                                           AND d.revision = q.revision AND d.discipline = q.discipline)
                           AND q.discipline",
                ")",
            )],
        },
        CONSULTED,
        INFORMED,
        By { word: Word { name: "until", of: Kind::Time }, sql: &[("t.until_at", "")] },
    ],
    text: "LOWER(t.ref || ' ' || t.risk || ' ' || t.reason)",
    order: &[
        (
            "CAST(CASE WHEN t.state IN ('requested', 'approved') AND t.until_at > :now THEN 0 ELSE 1 END AS BIGINT)",
            Of::Int,
        ),
        ("t.until_at", Of::Time),
        NUMBER,
        ("t.ref", Of::Text),
    ],
    descending: false,
    same: "t.ref = p.k3",
    columns: "t.ref, t.site, t.state, r.title, t.risk, r.priority, t.until_at, t.reason, t.compensating, t.requester,
        t.seq, s.timezone, v.state AS decided, v.approve_by,
        COALESCE((SELECT string_agg(q.discipline || '|' || CASE WHEN q.veto THEN 'y' ELSE 'n' END || '|'
                      || COALESCE(d.decision, '') || '|' || COALESCE(d.person, '') || '|' || q.need, '\n' ORDER BY q.discipline)
                  FROM requirement q
                  LEFT JOIN decision d ON d.approval_ref = q.approval_ref AND d.revision = q.revision
                       AND d.discipline = q.discipline
                  WHERE q.approval_ref = t.ref AND q.revision = v.revision), '') AS approvals,
        COALESCE((SELECT string_agg(z.asset, '\n' ORDER BY z.asset) FROM (
            SELECT DISTINCT m.asset FROM vuln_match m
             WHERE m.advisory_ref = r.advisory AND m.site = r.site AND m.tier IN ('confirmed', 'likely')
        ) z), '') AS assets",
    with: "JOIN site s ON s.ref = t.site JOIN approval v ON v.ref = t.ref JOIN risk r ON r.ref = t.risk",
};

impl Listed for Acceptance {
    const LIST: &'static List = &ACCEPTANCES;

    fn settle(&mut self, now: Time) {
        if let Some(state) = acceptance::State::parse(&self.state) {
            acceptance::state_at(state, self.until, now).word().clone_into(&mut self.state);
        }
    }
}
