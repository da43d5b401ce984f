//! What moved: the counts as they were some time ago, and the entries that made items move.

use serde::Serialize;
use sqlx::FromRow;

use crate::domain::posture::{Count, EVERYWHERE, Measure, Standing, State, Turn};
use crate::domain::time::Time;
use crate::rows;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::query::posture::Table;

/// Items looked at for what has moved; more than that is a beginning, not a move.
const MOST: i64 = 5_000;

#[derive(FromRow)]
struct MovedRow {
    site: String,
    measure: String,
    weight: i64,
    state: String,
    turns_at: Option<Time>,
    turned: Option<String>,
    leaves_at: Option<Time>,
    was: Option<String>,
    was_weight: Option<i64>,
    moved_at: Time,
    began_at: Time,
}

impl MovedRow {
    fn standing(&self) -> Option<Standing> {
        let to = self.turned.as_deref().and_then(State::parse);
        Some(Standing {
            state: State::parse(&self.state)?,
            why: None,
            turn: self.turns_at.zip(to).map(|(at, to)| Turn { at, to }),
            leaves: self.leaves_at,
        })
    }
}

/// The counts as they were at `then`, from those of `now`: each item's last move, and what time turned, taken back.
/// None if too much moved.
pub async fn before(
    c: &mut Link<'_>,
    table: &Table,
    then: Time,
    now: Time,
) -> Result<Option<Table>, StoreError> {
    let found = rows!(
        c,
        MovedRow,
        "SELECT site, measure, weight, state, turns_at, turned, leaves_at, was, was_weight, moved_at, began_at
         FROM posture_item
         WHERE moved_at > $1 AND moved_at <= $2 OR turns_at > $1 AND turns_at <= $2 OR leaves_at > $1 AND leaves_at <= $2
         LIMIT $3",
        then,
        now,
        MOST + 1
    )?;
    if i64::try_from(found.len()).unwrap_or(i64::MAX) > MOST {
        return Ok(None);
    }
    let mut past = table.clone();
    for row in found {
        let (Some(measure), Some(standing)) = (Measure::parse(&row.measure), row.standing()) else {
            continue;
        };
        let counts = past.entry((row.site.clone(), measure)).or_default();
        counts.add(standing.at(now), Count { items: -1, weight: -row.weight });
        let was = row.was.as_deref().and_then(State::parse);
        if row.moved_at <= then {
            counts.add(standing.at(then), Count { items: 1, weight: row.weight });
        } else if let (Some(was), true) = (was, row.began_at <= then) {
            let weight = row.was_weight.unwrap_or(row.weight);
            counts.add(was, Count { items: 1, weight });
        }
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
}

/// The last moves at a site, of one measure or of all, the newest first.
pub async fn moves(
    c: &mut Link<'_>,
    site: Option<&str>,
    measure: Option<Measure>,
    most: i64,
) -> Result<Vec<Move>, StoreError> {
    Ok(rows!(
        c,
        Move,
        "SELECT moved AS seq, moved_at AS at, subject_ref AS ref, part, measure, was, state
         FROM posture_item
         WHERE ($1 IS NULL OR site = $1 OR site = $2) AND ($3 IS NULL OR measure = $3)
         ORDER BY moved_at DESC, moved DESC, measure, subject_ref, part LIMIT $4",
        site,
        EVERYWHERE,
        measure.map(Measure::word),
        most
    )?)
}
