//! When alarms began in the last day, read from windows, sessions, changes, acceptances and reports.

use super::touched::Touched;
use crate::domain::alarm::{Rate, of_open, of_temporary};
use crate::domain::time::Time;
use crate::rows;
use crate::store::fault::StoreError;
use crate::store::link::Link;

/// What the beginnings of alarms of windows and work are read from.
pub(super) const WORKED: &[&str] = &["bypass", "change", "vendor_window"];

/// What the beginnings of other alarms are read from.
pub(super) const OTHERS: &[&str] =
    &["acceptance", "access_event", "access_session", "report", "risk"];

/// When alarms began in the last day.
#[derive(Debug, Default)]
pub struct Begun {
    works: Vec<Time>,
    others: Vec<Time>,
}

impl Begun {
    /// Reads again what may have moved; how many alarms began lately.
    pub async fn again(
        &mut self,
        c: &mut Link<'_>,
        touched: &Touched,
        now: Time,
    ) -> Result<Rate, StoreError> {
        if touched.any(WORKED) {
            self.works = works(c, now).await?;
        }
        if touched.any(OTHERS) {
            self.others = others(c, now).await?;
        }
        let begun: Vec<Time> = self.works.iter().chain(&self.others).copied().collect();
        Ok(Rate::of(&begun, now))
    }
}

/// How many alarms began lately.
pub async fn rate(c: &mut Link<'_>, now: Time) -> Result<Rate, StoreError> {
    Begun::default().again(c, &Touched::Everything, now).await
}

async fn works(c: &mut Link<'_>, now: Time) -> Result<Vec<Time>, StoreError> {
    let (from, soon) = (now.plus_seconds(-86_400), now.plus_seconds(crate::domain::alarm::ENDING));
    let windows = rows!(
        c,
        (Option<Time>, Time, Option<Time>),
        "SELECT opened_at, end_at, ended_at FROM vendor_window
         WHERE state IN ('open', 'closed', 'cut_off') AND end_at > $1 AND end_at <= $2",
        from,
        soon
    )?;
    let overdue = rows!(
        c,
        (Time,),
        "SELECT end_at FROM change
         WHERE end_at > $1 AND end_at <= $2
           AND (state = 'in_progress' OR COALESCE(completed_at, backed_out_at) > end_at)",
        from,
        now
    )?;
    let temporary = rows!(
        c,
        (Time, Time, Option<Time>),
        "SELECT start_at, revert_by, backed_out_at FROM change
         WHERE revert_by > $1 AND state IN ('in_progress', 'implemented', 'verified', 'backed_out')",
        from
    )?;
    let bypasses = rows!(
        c,
        (Time, Time, Option<Time>),
        "SELECT since, until_at, removed_at FROM bypass WHERE until_at > $1 AND (removed_at IS NULL OR removed_at > $1)",
        from
    )?;
    let mut begun: Vec<Time> = overdue.into_iter().map(|(at,)| at).collect();
    for (opened, end, ended) in windows {
        begun.extend(opened.map(|opened| of_open(opened, end, ended)).unwrap_or_default());
    }
    for (start, by, backed_out) in temporary.into_iter().chain(bypasses) {
        begun.extend(of_temporary(start, by, backed_out));
    }
    Ok(begun)
}

async fn others(c: &mut Link<'_>, now: Time) -> Result<Vec<Time>, StoreError> {
    let from = now.plus_seconds(-86_400);
    let others = rows!(
        c,
        (Time,),
        "SELECT t.until_at FROM acceptance t JOIN risk r ON r.ref = t.risk
         WHERE t.until_at > $1 AND t.until_at <= $2
           AND (r.lapsed = t.ref OR (t.state = 'approved' AND r.state = 'accepted'))
         UNION ALL
         SELECT triage_by FROM report
         WHERE triage_by > $1 AND triage_by <= $2 AND (triaged_at IS NULL OR triaged_at > triage_by)
         UNION ALL
         SELECT started_at FROM access_session WHERE within IS NULL AND started_at > $1 AND started_at <= $2
         UNION ALL
         SELECT recorded_at FROM access_event WHERE lead = ref AND recorded_at > $1 AND recorded_at <= $2",
        from,
        now
    )?;
    Ok(others.into_iter().map(|(at,)| at).collect())
}
