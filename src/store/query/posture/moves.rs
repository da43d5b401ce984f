//! What moved: the counts as they were some time ago, and the entries that made items move.

use serde::Serialize;
use sqlx::FromRow;

use crate::domain::posture::{Count, EVERYWHERE, Measure, State};
use crate::domain::time::Time;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::query::posture::Table;
use crate::{rows, scalar};

/// Items looked at for what has moved; more than that is a beginning, not a move.
const MOST: i64 = 5_000;

/// What an item adds to the counts of then, or takes from those of now.
#[derive(FromRow)]
struct ShiftRow {
    site: String,
    measure: String,
    state: String,
    items: i64,
    weight: i64,
}

/// The counts as they were at `then`, from those of `now`: each item's last move, and what time turned, taken back.
/// None if too much moved.
pub async fn before(
    c: &mut Link<'_>,
    table: &Table,
    then: Time,
    now: Time,
) -> Result<Option<Table>, StoreError> {
    let moved = scalar!(
        c,
        i64,
        "SELECT COUNT(*) FROM (SELECT 1 FROM posture_item
         WHERE moved_at > $1 AND moved_at <= $2 OR turns_at > $1 AND turns_at <= $2 OR leaves_at > $1 AND leaves_at <= $2
         LIMIT $3) AS m",
        then,
        now,
        MOST + 1
    )?
    .unwrap_or_default();
    if moved > MOST {
        return Ok(None);
    }
    // What began in between was nowhere before, and what is `out` is in no count.
    let shifts = rows!(
        c,
        ShiftRow,
        "SELECT site, measure, state, CAST(SUM(items) AS BIGINT) AS items, CAST(SUM(weight) AS BIGINT) AS weight
         FROM (SELECT site, measure,
                   CASE WHEN leaves_at <= $2 THEN 'out' WHEN turns_at <= $2 THEN turned ELSE state END AS state,
                   -1 AS items, -weight AS weight
               FROM posture_item
               WHERE moved_at > $1 AND moved_at <= $2 OR turns_at > $1 AND turns_at <= $2
                   OR leaves_at > $1 AND leaves_at <= $2
               UNION ALL
               SELECT site, measure,
                   CASE WHEN moved_at > $1 THEN was
                        WHEN leaves_at <= $1 THEN 'out' WHEN turns_at <= $1 THEN turned ELSE state END,
                   1, CASE WHEN moved_at > $1 THEN COALESCE(was_weight, weight) ELSE weight END
               FROM posture_item
               WHERE (moved_at > $1 AND moved_at <= $2 OR turns_at > $1 AND turns_at <= $2
                   OR leaves_at > $1 AND leaves_at <= $2)
                 AND (moved_at <= $1 OR was IS NOT NULL AND began_at <= $1)) AS d
         GROUP BY site, measure, state",
        then,
        now
    )?;
    let mut past = table.clone();
    for row in shifts {
        let (Some(measure), Some(state)) = (Measure::parse(&row.measure), State::parse(&row.state))
        else {
            continue;
        };
        let count = Count { items: row.items, weight: row.weight };
        past.entry((row.site, measure)).or_default().add(state, count);
    }
    Ok(Some(past))
}

/// The last move of an item, and the entry that made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct Move {
    /// The entry.
    pub seq: i64,
    /// Its instant.
    pub at: Time,
    /// The subject of the item.
    pub r#ref: String,
    /// Which of its items; empty if it has one.
    pub part: String,
    /// The measure.
    pub measure: String,
    /// How it stood before; none for what began.
    pub was: Option<String>,
    /// How it stood after.
    pub state: String,
    /// When time alone makes something else of it.
    pub turns_at: Option<Time>,
    /// What time makes of it.
    pub turned: Option<String>,
}

impl Move {
    /// What time alone has made of the item since the entry, and when; none while it stands as the entry left it.
    pub fn by_time(&self, now: Time) -> Option<(Time, &str)> {
        let turned = self.turned.as_deref()?;
        self.turns_at.filter(|at| *at <= now).map(|at| (at, turned))
    }

    /// When it came to stand as it does now.
    fn last(&self, now: Time) -> Time {
        self.by_time(now).map_or(self.at, |(at, _)| at)
    }
}

/// The last moves at a site, of one measure or of all, the newest first.
pub async fn moves(
    c: &mut Link<'_>,
    site: Option<&str>,
    measure: Option<Measure>,
    most: i64,
    now: Time,
) -> Result<Vec<Move>, StoreError> {
    let mut found = rows!(
        c,
        Move,
        "SELECT moved AS seq, moved_at AS at, subject_ref AS ref, part, measure, was, state, turns_at, turned
         FROM posture_item
         WHERE ($1 IS NULL OR site = $1 OR site = $2) AND ($3 IS NULL OR measure = $3)
         ORDER BY moved_at DESC, moved DESC, measure, subject_ref, part LIMIT $4",
        site,
        EVERYWHERE,
        measure.map(Measure::word),
        most
    )?;
    let turned = rows!(
        c,
        Move,
        "SELECT moved AS seq, moved_at AS at, subject_ref AS ref, part, measure, was, state, turns_at, turned
         FROM posture_item
         WHERE turns_at <= $5 AND ($1 IS NULL OR site = $1 OR site = $2) AND ($3 IS NULL OR measure = $3)
         ORDER BY turns_at DESC, measure, subject_ref, part LIMIT $4",
        site,
        EVERYWHERE,
        measure.map(Measure::word),
        most,
        now
    )?;
    for one in turned {
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found.sort_by_key(|one| std::cmp::Reverse((one.last(now), one.seq)));
    found.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_time_alone_made_of_an_item_is_told_with_its_instant_and_not_as_the_entry_left_it() {
        let at = |seconds| Time::from_micros(0).plus_seconds(seconds);
        let item = Move {
            seq: 7,
            at: at(10),
            r#ref: "VW-1".into(),
            part: String::new(),
            measure: "vendor-windows".into(),
            was: None,
            state: "out".into(),
            turns_at: Some(at(60)),
            turned: Some("bad".into()),
        };
        assert_eq!((item.by_time(at(59)), item.last(at(59))), (None, at(10)));
        assert_eq!((item.by_time(at(60)), item.last(at(60))), (Some((at(60), "bad")), at(60)));
    }
}
