//! What stands in the tiles of the watch: all sites at a glance, each number beside its limit where it has one.

use super::posture;
use super::scene::Scene;
use crate::console::screens::cells;
use crate::console::screens::posture::score;
use crate::console::screens::watch::Watched;
use crate::console::theme::Role;
use crate::console::widgets::cell::{Cell, Form};
use crate::console::widgets::tiles::Tile;
use crate::domain::alarm::{AVERAGE, Alarm, AlarmKind, FLOOD};
use crate::domain::posture::Function;
use crate::domain::task::TaskKind;
use crate::domain::time::Time;
use crate::store::query::{Bypass, Calendar, Change, Page, Session, SitePosture, Slot, Window};
use crate::store::{ReadError, Reader};

/// Bypasses and times of the calendar that are counted.
const MOST: Page = Page { limit: 1_000, after: None };

/// The tiles, in their order.
pub async fn tiles(reader: &mut Reader<'_>, scene: &Scene) -> Result<Vec<Tile>, ReadError> {
    let rows = posture::rows(reader.status().await?);
    let bypasses: Vec<Bypass> = reader.list("state:placed", &MOST).await?.rows;
    let calendar: Vec<Calendar> = reader.list("state:now,to_come", &MOST).await?.rows;
    let calendar: Vec<Slot> = calendar.into_iter().map(|row| row.slot).collect();
    let live = reader.count::<Session>("state:live").await?;
    Ok(vec![
        numbers(&rows),
        alarms(scene),
        windows(scene, live),
        changes(scene),
        risks(scene, rows.first()),
        plants(scene, &bypasses, &calendar),
    ])
}

/// Something with its instant in the columns of a tile: the clock today, else the day.
fn dated(what: &str, at: Time, timezone: &str, now: Time) -> Cell {
    let cell = Cell::text(format!("{what} "));
    let today = at.utc().date_naive() == now.utc().date_naive();
    let form = if today { Form::Clock } else { Form::Date };
    cell.and_at(at, Some(cells::zone(timezone)), form, Role::Normal)
}

/// The six numbers of all sites pooled, and the worst of any site.
fn numbers(rows: &[SitePosture]) -> Tile {
    let Some(all) = rows.first() else { return Tile::titled("Posture") };
    let mut tile =
        Tile::titled("Posture").line(Cell::of(format!("target {}", all.target), Role::Dim));
    for pair in Function::ALL.chunks(2) {
        let mut line = Cell::empty();
        for function in pair {
            let number = score(all, *function);
            let room = 6_usize.saturating_sub(number.width());
            line = line.and(format!("{function} "), Role::Dim).and_all(number);
            line = line.and(" ".repeat(room), Role::Normal);
        }
        tile = tile.line(line);
    }
    let sites = rows.iter().skip(1).flat_map(|site| {
        let number = |(function, score): &(Function, _)| {
            let score: &crate::domain::posture::Score = score;
            Some((score.number?, function.word(), site.site.as_str()))
        };
        site.functions.0.iter().filter_map(number).collect::<Vec<_>>()
    });
    tile.word(
        "worst",
        sites.min().map(|(number, function, site)| format!("{site} {function} {number}")),
    )
}

fn alarms(scene: &Scene) -> Tile {
    let calling = scene.watch.iter().filter(|row| row.unacknowledged).count();
    let rate = scene.rate;
    let limited = |label: &'static str, count: u32, limit: u32| {
        let role = if count > limit { Role::Title } else { Role::Normal };
        let cell = Cell::of(format!("{label} "), Role::Dim).and(count.to_string(), role);
        cell.and(format!(" of {limit}"), Role::Dim)
    };
    Tile::titled("Alarms")
        .count("not acknowledged", calling, true)
        .line(limited("in 10 min", rate.ten_minutes, FLOOD))
        .line(limited("in 24 h", rate.day, AVERAGE))
        .count("on the shelf", scene.shelf.len(), false)
        .count(
            "tasks, mine",
            scene.watch.iter().filter(|row| row.mine && row.alarm.is_none()).count(),
            false,
        )
}

fn windows(scene: &Scene, live: i64) -> Tile {
    let all = scene.windows();
    let of = |state: &str| all.iter().filter(|row| row.effective_state == state).count();
    let next = |at: fn(&Window) -> Time, wanted: fn(&Window) -> bool| {
        let next =
            all.iter().filter(|row| wanted(row) && at(row) > scene.now).min_by_key(|row| at(row));
        next.map(|row| dated(&row.r#ref, at(row), &row.timezone, scene.now))
    };
    let open = of("open") + of("overrun");
    Tile::titled("Windows")
        .word("open", Some(format!("{open}, live {live}")))
        .count("past their end", of("overrun"), true)
        .field("ends", next(|row| row.end, |row| row.state == "open"))
        .field("from", next(|row| row.start, |row| row.state == "approved"))
        .count("to decide", of("requested"), false)
}

fn changes(scene: &Scene) -> Tile {
    let all = scene.changes();
    let of = |state: &str| all.iter().filter(|row| row.effective_state == state).count();
    let running = all.iter().filter(|row| row.state == "in_progress").count();
    let to_come = |row: &&Change| row.state == "approved" && row.start > scene.now;
    let next = all.iter().filter(to_come).min_by_key(|row| row.start);
    Tile::titled("Changes")
        .count("running", running, false)
        .count("past their end", of("overdue"), true)
        .count("ready to start", of("ready"), false)
        .count("to decide", of("requested"), false)
        .field("from", next.map(|row| dated(&row.r#ref, row.start, &row.timezone, scene.now)))
}

fn risks(scene: &Scene, all: Option<&SitePosture>) -> Tile {
    let ranks = all.map(|all| all.risks).unwrap_or_default();
    // One that waited too long is an alarm, and waits all the more.
    let late = |alarm: &Alarm| alarm.kind == AlarmKind::ReportUntriaged && !alarm.cleared;
    let waits = |row: &&Watched| {
        row.kind == TaskKind::Triage.short() || row.alarm.as_deref().is_some_and(late)
    };
    let reports = scene.watch.iter().chain(&scene.shelf).filter(waits).count();
    let gravest = scene.incidents.first().map(|incident| incident.r#ref.clone());
    Tile::titled("Risks, incidents")
        .word("P1", Some(format!("{}  P2 {}", ranks.p1, ranks.p2)))
        .word("P3", Some(format!("{}  P4 {}", ranks.p3, ranks.p4)))
        .count("to triage", reports, false)
        .count("incidents", scene.incidents.len(), true)
        .word("gravest", gravest)
}

fn plants(scene: &Scene, bypasses: &[Bypass], calendar: &[Slot]) -> Tile {
    let named = |kind: &str, state: &str| {
        let mut sites: Vec<&str> = calendar
            .iter()
            .filter(|slot| slot.kind == kind && slot.effective_state == state)
            .map(|slot| slot.site.as_str())
            .collect();
        sites.sort_unstable();
        sites.dedup();
        (!sites.is_empty()).then(|| sites.join(" "))
    };
    let next = calendar
        .iter()
        .filter(|slot| slot.kind == "outage" && slot.start > scene.now)
        .min_by_key(|slot| slot.start)
        .map(|slot| dated(&slot.site, slot.start, &slot.timezone, scene.now));
    let ended = bypasses.iter().filter(|row| row.until <= scene.now).count();
    let frozen = (!scene.frozen.is_empty()).then(|| scene.frozen.join(" "));
    Tile::titled("Plants")
        .word("frozen", frozen)
        .word("blackout", named("blackout", "now"))
        .word("outage now", named("outage", "now"))
        .field("outage", next)
        .word("bypasses", Some(format!("{}, ended {ended}", bypasses.len())))
}
