//! Today by asset: the hours in which windows hold an asset, drawn as a row of signs. Plain ASCII, one sign an hour.

use std::collections::BTreeMap;

use chrono::{NaiveTime, TimeZone};
use chrono_tz::Tz;

use crate::console::ctx::Ctx;
use crate::console::theme::Role;
use crate::console::widgets::cell::Cell;
use crate::console::widgets::doc::{Doc, Line};
use crate::console::widgets::list::Row;
use crate::domain::time::Time;
use crate::safe_text::SafeText;
use crate::store::query::Window;

/// Hours of a day, as many as the signs of a row.
const HOURS: usize = 24;

/// Assets that are shown at most.
const MOST: usize = 12;

/// When today began at the site; where the clocks skip midnight, an hour later.
fn midnight(now: Time, zone: Tz) -> Time {
    let day = now.utc().with_timezone(&zone).date_naive();
    let at = |hour| NaiveTime::from_hms_opt(hour, 0, 0).map(|clock| day.and_time(clock));
    let start = at(0).and_then(|wall| zone.from_local_datetime(&wall).earliest());
    let later = || at(1).and_then(|wall| zone.from_local_datetime(&wall).earliest());
    start.or_else(later).map_or(now, |start| Time::from(start.to_utc()))
}

/// How far a window is: what holds the asset now weighs more than what is only asked.
fn sign(window: &Window) -> Option<char> {
    match window.effective_state.as_str() {
        "open" | "overrun" => Some('#'),
        "approved" | "armed" => Some('='),
        "requested" => Some('-'),
        _ => None,
    }
}

/// The hours of today at a zone: `.` free, `-` asked, `=` approved, `#` open; `|` stands before the hour that it is.
fn hours<'w>(windows: impl Iterator<Item = &'w Window>, now: Time, zone: Tz) -> String {
    let start = midnight(now, zone);
    let mut signs = ['.'; HOURS];
    let now_at = usize::try_from(now.seconds_since(start).div_euclid(3_600)).unwrap_or_default();
    for window in windows {
        let Some(sign) = sign(window) else { continue };
        // Open past its end, it holds the asset until now.
        let end = if sign == '#' { window.end.max(now) } else { window.end };
        for (at, place) in (0_i64..).zip(signs.iter_mut()) {
            let (from, to) = (start.plus_seconds(at * 3_600), start.plus_seconds((at + 1) * 3_600));
            let stronger = matches!((*place, sign), ('.', _) | ('-', '=' | '#') | ('=', '#'));
            if window.start < to && end > from && stronger {
                *place = sign;
            }
        }
    }
    let (before, after) = signs.split_at(now_at.min(HOURS));
    before.iter().chain(&['|']).chain(after).collect()
}

/// The row of one window, for the focus strip.
pub fn strip(window: &Window, ctx: &Ctx<'_>) -> SafeText {
    let zone = ctx.columns();
    SafeText::from(format!(
        "today {}  - asked, = approved, # open, | now",
        hours(std::iter::once(window), ctx.now, zone)
    ))
}

/// Every asset that a window of these holds today, with its hours.
pub fn by_asset(windows: &[&Window], ctx: &Ctx<'_>) -> Doc {
    let mut assets: BTreeMap<&str, Vec<&Window>> = BTreeMap::new();
    for window in windows {
        for asset in &window.assets.0 {
            assets.entry(asset.as_str()).or_default().push(window);
        }
    }
    let heading = SafeText::fixed("Today: - asked = approved # open | now");
    let mut doc = Doc(vec![Line::Gap, Line::Heading(heading)]);
    let mut shown = 0;
    for (asset, windows) in assets {
        // Of one asset all windows are at one site.
        let zone = ctx.at_site(windows.first().and_then(|window| window.zone())).columns();
        let row = hours(windows.iter().copied(), ctx.now, zone);
        if shown < MOST && row.contains(['-', '=', '#']) {
            doc.0.push(Line::Field(SafeText::from(asset), Cell::of(row, Role::Normal)));
            shown += 1;
        }
    }
    if shown == 0 { Doc::default() } else { doc }
}
