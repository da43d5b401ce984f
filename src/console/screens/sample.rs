//! A list of made-up changes, for the tests of everything that every list shares.

use chrono_tz::Tz;

use super::Focus;
use super::list::Spec;
use crate::console::keys::Scope;
use crate::console::widgets::cell::{Cell, Column};
use crate::console::widgets::doc::Doc;
use crate::console::widgets::list::{Page, Row};
use crate::domain::time::Time;
use crate::safe_text::SafeText;

/// A made-up change.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Its reference.
    pub id: String,
    /// Its priority.
    pub priority: u8,
    /// Its state.
    pub state: &'static str,
    /// When it is due.
    pub due: Time,
    /// Its title.
    pub title: String,
}

impl Row for Sample {
    fn id(&self) -> &str {
        &self.id
    }
}

const RIYADH: Tz = Tz::Asia__Riyadh;

/// What is special about the list of made-up changes.
pub const SPEC: Spec<Sample> = Spec {
    subject: "changes",
    title: "Changes",
    scope: Scope::Change,
    columns: &[
        Column::left("Pri", 3, |row, _| Cell::priority(row.priority, row.priority == 1)),
        Column::left("Ref", 6, |row, _| Cell::text(row.id.as_str())),
        Column::left("Site", 4, |_, _| "RLF".into()),
        Column::left("State", 8, |row, _| row.state.into()),
        Column::right("Due", 6, |row, ctx| ctx.short(row.due).into()),
        Column::right("Left", 6, |row, ctx| ctx.left(row.due).into()),
        Column::left("Approvals", 10, |_, _| "O✓I·Q✓E✗+2".into()),
        Column::left("Title", 19, |row, _| Cell::text(row.title.as_str())),
    ],
    empty: "No change waits. n asks for one.",
    filter_words: &["state:asked", "state:approved", "site:RLF"],
    focus: |row| Focus {
        version: Some(7),
        zone: Some(RIYADH),
        ..Focus::of(&row.id, row.title.as_str(), Scope::Change)
    },
    strip: |row, _| {
        [Cell::text(row.title.as_str()), "because safety is rated 4; a approves".into()]
    },
    detail: |row, _| {
        Doc::titled(row.id.as_str())
            .field("title", Cell::text(row.title.as_str()))
            .field("state", row.state)
            .when("due", Some(row.due), RIYADH)
            .section("Impacts")
            .field("safety", "high: the trip logic of the compressor is touched")
    },
    beside: None,
    tiled: true,
    third: None,
    views: &[],
    denied: |row, action, _| {
        (action.id == "change.approve" && row.state == "approved")
            .then(|| SafeText::fixed("it is approved already"))
    },
};

/// The same with strips as long as those of real changes, of which no two are alike.
pub const LONG: Spec<Sample> = Spec {
    strip: |row, ctx| {
        let title = format!("{} · PLC-{}, HMI-{}", row.title, row.priority, row.id);
        let (left, due) = (ctx.left(row.due), ctx.moment(row.due, RIYADH));
        let next =
            format!("{} until {due}, {left} left: a approves, x rejects {}", row.state, row.id);
        [Cell::text(title), Cell::text(next)]
    },
    ..SPEC
};

/// As many rows, each of other work, with titles as long as real ones.
pub fn varied(count: usize) -> Page<Sample> {
    const WORK: [&str; 5] =
        ["Replace the", "Firmware of the", "Calibrate the", "New rule at the", "Patch the"];
    const THING: [&str; 7] = [
        "boiler feed pump controller",
        "historian's backup link",
        "burner management panel",
        "remote access firewall",
        "turbine vibration monitor",
        "batch server of line 2",
        "operator station in the tank farm",
    ];
    let Page { mut rows, next } = page(count);
    for (n, row) in rows.iter_mut().enumerate() {
        row.title = format!("{} {}, unit {}", WORK[n % 5], THING[n % 7], n % 6);
    }
    Page { rows, next }
}

/// A page of rows.
pub fn page(count: usize) -> Page<Sample> {
    let states = ["asked", "approved", "running"];
    let base: Time = "2026-11-22T14:40:00Z".parse().unwrap();
    let rows = (1..=count).map(|n| Sample {
        id: format!("CR-{n}"),
        priority: u8::try_from(n % 4).unwrap() + 1,
        state: states[n % 3],
        due: base.plus_seconds(i64::try_from(n).unwrap() * 5_400),
        title: format!("PLC firmware {n}.8 on RLF-DCS-0{} and its redundant partner", n % 9),
    });
    Page { rows: rows.collect(), next: None }
}
