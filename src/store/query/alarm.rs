//! Alarms at the instant of reading, derived from windows, changes and acceptances.

use sqlx::FromRow;

use super::derived::{Derived, Fact};
use crate::domain::alarm::{self, Alarm, AlarmKind, rationale};
use crate::domain::filter::{Of, Word};
use crate::domain::names::{Ref, SiteCode};
use crate::domain::time::Time;
use crate::domain::{acceptance, change, risk, window};
use crate::rows;
use crate::store::fault::StoreError;
use crate::store::link::Link;

impl Derived for Alarm {
    const NAME: &'static str = "alarms";
    const WORDS: &'static [Word] = &[
        Word { name: "state", of: Of::Choice(&["unacknowledged"]) },
        Word { name: "site", of: Of::Word },
        Word { name: "kind", of: Of::Choice(AlarmKind::WORDS) },
        Word { name: "priority", of: Of::Number },
        Word { name: "due", of: Of::Time },
    ];

    fn fact(&self, word: &str) -> Fact<'_> {
        match word {
            "state" => Fact::Word(self.state),
            "site" => Fact::Word(self.site.as_str()),
            "kind" => Fact::Word(self.kind.word()),
            "priority" => Fact::Number(self.priority),
            "due" => Fact::Time(self.due),
            _ => Fact::None,
        }
    }

    fn text(&self) -> String {
        format!("{} {} {}", self.r#ref, self.title, self.kind)
    }

    fn key(&self) -> String {
        format!("{}:{}", self.kind, self.r#ref)
    }
}

#[derive(FromRow)]
struct WindowRow {
    r#ref: String,
    site: String,
    person: String,
    assets: String,
    end_at: Time,
    seq: i64,
}

#[derive(FromRow)]
struct ChangeRow {
    r#ref: String,
    site: String,
    title: String,
    state: String,
    end_at: Time,
    revert_by: Option<Time>,
    seq: i64,
}

#[derive(FromRow)]
struct AcceptanceRow {
    r#ref: String,
    site: String,
    title: String,
    risk: String,
    state: String,
    risk_state: String,
    until_at: Time,
    seq: i64,
}

struct Found<'a> {
    reference: &'a str,
    site: &'a str,
    what: String,
    seq: i64,
}

fn alarm(raised: Option<(AlarmKind, Time)>, found: Found<'_>) -> Option<Alarm> {
    let (kind, due) = raised?;
    let known = rationale(kind);
    Some(Alarm {
        r#ref: Ref::new(found.reference).ok()?,
        site: SiteCode::new(found.site).ok()?,
        kind,
        priority: known.priority,
        state: "unacknowledged",
        title: format!("{}: {}", found.what, known.cause),
        due,
        response: known.response,
        seq: found.seq,
    })
}

/// Every alarm at this instant: by priority, then by time.
pub async fn alarms(c: &mut Link<'_>, now: Time) -> Result<Vec<Alarm>, StoreError> {
    let windows = rows!(
        c,
        WindowRow,
        "SELECT t.ref, t.site, t.person, t.end_at, t.seq,
                COALESCE((SELECT string_agg(x.asset, ', ' ORDER BY x.asset) FROM window_asset x
                          WHERE x.window_ref = t.ref), '') AS assets
         FROM vendor_window t WHERE t.state = 'open' AND t.end_at <= $1",
        now.plus_seconds(alarm::ENDING)
    )?;
    let changes = rows!(
        c,
        ChangeRow,
        "SELECT ref, site, title, state, end_at, revert_by, seq FROM change
         WHERE (state = 'in_progress' AND end_at <= $1)
            OR (state IN ('in_progress', 'implemented', 'verified') AND revert_by <= $1)",
        now
    )?;
    let acceptances = rows!(
        c,
        AcceptanceRow,
        "SELECT t.ref, t.site, r.title, t.risk, t.state, r.state AS risk_state, t.until_at, t.seq
         FROM acceptance t JOIN risk r ON r.ref = t.risk
         WHERE (t.state = 'approved' AND t.until_at <= $1 AND r.state = 'accepted')
            OR (t.state = 'expired' AND r.state = 'open'
                AND NOT EXISTS (SELECT 1 FROM acceptance later
                                WHERE later.risk = t.risk AND later.state IN ('approved', 'expired')
                                  AND later.until_at > t.until_at))",
        now
    )?;
    let mut found: Vec<Alarm> = Vec::new();
    for row in &windows {
        let what = format!("{} on {}", row.person, row.assets);
        let subject = Found { reference: &row.r#ref, site: &row.site, what, seq: row.seq };
        found.extend(alarm(alarm::of_window(window::State::Open, row.end_at, now), subject));
    }
    for row in &changes {
        let Some(state) = change::State::parse(&row.state) else { continue };
        let raised =
            [alarm::of_work(state, row.end_at, now), alarm::of_revert(state, row.revert_by, now)];
        for raised in raised {
            let what = row.title.clone();
            let subject = Found { reference: &row.r#ref, site: &row.site, what, seq: row.seq };
            found.extend(alarm(raised, subject));
        }
    }
    for row in &acceptances {
        let (Some(state), Some(of)) =
            (acceptance::State::parse(&row.state), risk::State::parse(&row.risk_state))
        else {
            continue;
        };
        let what = format!("{} {}", row.risk, row.title);
        let subject = Found { reference: &row.r#ref, site: &row.site, what, seq: row.seq };
        found.extend(alarm(alarm::of_acceptance(state, row.until_at, of, now), subject));
    }
    found.sort_by(|a, b| {
        (a.priority, a.due, &a.r#ref, a.kind).cmp(&(b.priority, b.due, &b.r#ref, b.kind))
    });
    Ok(found)
}
