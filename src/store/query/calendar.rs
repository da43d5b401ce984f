//! The calendar as lists show it: outages and blackouts, each by itself and both together.

use serde::Serialize;
use sqlx::FromRow;

use super::columns::Lines;
use super::engine::{By, Completed, List, Listed, NUMBER, Of};
use crate::domain::calendar::{blackout, effective_state, outage};
use crate::domain::conflict::Work;
use crate::domain::filter::{Of as Kind, Word};
use crate::domain::time::Time;
use crate::store::clashing;
use crate::store::fault::StoreError;
use crate::store::link::Link;

/// A time of the calendar.
#[derive(Clone, Debug, PartialEq, Serialize, FromRow)]
pub struct Slot {
    /// Its reference, `OUT-3` or `BLK-2`.
    pub r#ref: String,
    /// `outage` or `blackout`.
    pub kind: String,
    /// Its site.
    pub site: String,
    /// `planned` or `cancelled`, `declared` or `ended`.
    pub state: String,
    /// The word that screens show: `to_come`, `now`, `over` for what was not taken back.
    #[sqlx(skip)]
    pub effective_state: String,
    /// What it is for.
    pub title: String,
    /// When it begins.
    #[sqlx(rename = "start_at")]
    pub start: Time,
    /// When it ends.
    #[sqlx(rename = "end_at")]
    pub end: Time,
    /// Whether it is of the whole site.
    pub whole: bool,
    /// The assets it is of, where it is not of the whole site.
    pub assets: Lines,
    /// Who set it.
    pub author: String,
    /// When.
    pub set_at: Time,
    /// Who took it back, or ended it early.
    pub ended_by: Option<String>,
    /// When.
    pub ended_at: Option<Time>,
    /// Why it was moved, taken back or ended.
    pub note: Option<String>,
    /// Changes that are planned into this outage.
    #[sqlx(skip)]
    pub holds: Vec<String>,
    /// Changes that wait or are approved for another time and would fit into this outage.
    #[sqlx(skip)]
    pub fits: Vec<String>,
    /// The time zone of its site.
    pub timezone: String,
    /// The entry that last wrote it.
    pub seq: i64,
}

/// Concludes for outages that are not over which changes they hold and which would fit.
async fn planned(c: &mut Link<'_>, slots: Vec<&mut Slot>, now: Time) -> Result<(), StoreError> {
    let mut slots: Vec<&mut Slot> = slots
        .into_iter()
        .filter(|slot| slot.kind == "outage" && slot.state == "planned" && slot.end > now)
        .collect();
    if slots.is_empty() {
        return Ok(());
    }
    let around = clashing::surroundings(c, None, &[], now).await?;
    for slot in &mut slots {
        let Some(outage) = around.slots.iter().find(|one| one.reference == slot.r#ref) else {
            continue;
        };
        let named = |of: &dyn Fn(&Work) -> bool| {
            let found = around.changes.iter().filter(|work| of(work));
            found.map(|work| work.reference.clone()).collect::<Vec<_>>()
        };
        slot.holds = named(&|work| around.holds(outage, work));
        slot.fits = named(&|work| around.into_outage(outage, work, now).is_some());
    }
    Ok(())
}

impl Slot {
    fn settle(&mut self, now: Time) {
        let taken_back = [outage::State::Cancelled.word(), blackout::State::Ended.word()];
        let taken_back = taken_back.into_iter().find(|word| *word == self.state);
        effective_state(taken_back, self.start, self.end, now)
            .clone_into(&mut self.effective_state);
    }
}

/// Every word that `state:` knows.
pub const STATES: &[&str] =
    &["to_come", "now", "over", "planned", "cancelled", "declared", "ended"];

macro_rules! slots {
    ($($(#[doc = $doc:literal])+ $row:ident $list:ident = $name:literal, $base:literal;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq, Serialize, FromRow)]
        pub struct $row {
            /// The row.
            #[serde(flatten)]
            #[sqlx(flatten)]
            pub slot: Slot,
        }

        static $list: List = List {
            name: $name,
            from: "calendar t",
            base: $base,
            filters: &[
                By { word: Word { name: "ref", of: Kind::Word }, sql: &[("t.ref", "")] },
                By {
                    word: Word { name: "state", of: Kind::Choice(STATES) },
                    sql: &[
                        ("t.state", ""),
                        (
                            "CASE WHEN t.state IN ('cancelled', 'ended') THEN t.state
                                  WHEN t.start_at > :now THEN 'to_come' WHEN t.end_at > :now THEN 'now' ELSE 'over' END",
                            "",
                        ),
                    ],
                },
                By { word: Word { name: "site", of: Kind::Word }, sql: &[("t.site", "")] },
                By {
                    word: Word { name: "asset", of: Kind::Word },
                    sql: &[(
                        "EXISTS (SELECT 1 FROM asset x WHERE x.site = t.site AND (t.whole
                                 OR EXISTS (SELECT 1 FROM calendar_asset y WHERE y.calendar_ref = t.ref AND y.asset = x.ref))
                             AND x.ref",
                        ")",
                    )],
                },
                By { word: Word { name: "start", of: Kind::Time }, sql: &[("t.start_at", "")] },
                By { word: Word { name: "end", of: Kind::Time }, sql: &[("t.end_at", "")] },
            ],
            text: "t.folded",
            order: &[
                (
                    "CAST(CASE WHEN t.state IN ('planned', 'declared') AND t.end_at > :now THEN 0 ELSE 1 END AS BIGINT)",
                    Of::Int,
                ),
                ("t.start_at", Of::Time),
                NUMBER,
                ("t.ref", Of::Text),
            ],
            descending: false,
            same: "t.ref = p.k3",
            columns: "t.ref, t.kind, t.site, t.state, t.title, t.start_at, t.end_at, t.whole, t.author, t.set_at, t.ended_by,
                t.ended_at, t.note, t.seq, s.timezone,
                COALESCE((SELECT string_agg(x.asset, '\n' ORDER BY x.asset) FROM calendar_asset x
                          WHERE x.calendar_ref = t.ref), '') AS assets",
            with: "JOIN site s ON s.ref = t.site",
        };

        impl Listed for $row {
            const LIST: &'static List = &$list;

            fn settle(&mut self, now: Time) {
                self.slot.settle(now);
            }

            fn complete<'a>(c: &'a mut Link<'_>, rows: &'a mut [Self], now: Time) -> Completed<'a> {
                Box::pin(planned(c, rows.iter_mut().map(|row| &mut row.slot).collect(), now))
            }
        }
    )+};
}

slots! {
    /// A time of the calendar, of either kind.
    Calendar CALENDAR = "calendar", "TRUE";
    /// An outage.
    Outage OUTAGES = "outages", "t.kind = 'outage'";
    /// A blackout.
    Blackout BLACKOUTS = "blackouts", "t.kind = 'blackout'";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_knows_every_state() {
        for word in outage::State::WORDS.iter().chain(blackout::State::WORDS) {
            assert!(STATES.contains(word), "{word}");
        }
    }
}
