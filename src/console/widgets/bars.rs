//! The rows that frame every screen: attention, tabs, footer, status. Each is a function of a small model.

mod attention;
mod lead;
mod tabs;

use chrono_tz::Tz;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::cell::{Align, Cell};
use super::paint;
use crate::console::ctx::Ctx;
use crate::console::theme::Role;
use crate::domain::role::Holder;
use crate::domain::time_input::{offset, span};
use crate::safe_text::SafeText;

pub use attention::{Attention, Claim, Condition, Lead, When, attention};
pub use tabs::{Stands, Tab, tabs};

/// Seconds after which the age of the store's answers is shown.
const FRESH_SECONDS: i64 = 5;

/// What the console may do to the store and what the store is good for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// An ordinary store, for real.
    #[default]
    Live,
    /// A store made to be tried on.
    Demo,
    /// An exercise runs.
    Exercise,
    /// An incident froze the site.
    Freeze,
    /// Nothing can be written.
    ReadOnly,
    /// The store as it stood at a time.
    AsOf,
}

impl Mode {
    /// The word in the status row.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Live => "LIVE",
            Self::Demo => "DEMO",
            Self::Exercise => "EXERCISE",
            Self::Freeze => "FREEZE",
            Self::ReadOnly => "READ-ONLY",
            Self::AsOf => "AS-OF",
        }
    }
}

/// What the last row says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// The sites that the lists are limited to.
    pub scope: SafeText,
    /// Who is at the console, and as what.
    pub who: SafeText,
    /// The modes that hold now; more than one can.
    pub modes: Vec<Mode>,
    /// Which store, `pg:smc`.
    pub store: SafeText,
    /// What is wrong with the store, if anything.
    pub trouble: Option<SafeText>,
    /// Seconds since the store last answered.
    pub age: i64,
    /// The zone of the site in scope.
    pub zone: Option<Tz>,
    /// Every site with its zone.
    pub sites: Vec<(String, Tz)>,
    /// The person as the rules see one.
    pub person: Option<Holder>,
    /// What the person still holds, one line each, named before leaving.
    pub held: Vec<Cell>,
}

/// Draws the footer: the verbs that work now at the left, as many as fit, and at the right, where they
/// never move, the keys that always work.
pub fn footer(
    verbs: &[(String, &'static str)],
    (part, always): (&Cell, &[(String, &'static str)]),
    ctx: &Ctx<'_>,
    area: Rect,
    buffer: &mut Buffer,
) {
    // A list that is not whole must say so; of the keys that always work all but the last, help, give way to it before it
    // is cut.
    let part = shortened(part, usize::from(area.width / 2));
    let fitting = (0..always.len().max(1)).map(|from| keys(always.get(from..).unwrap_or_default()));
    let beside = |keys: Cell| Cell::text(" ").and_all(part.clone()).and_all(keys);
    let room = usize::from(area.width) * 2 / 3;
    let right = match part.width() {
        0 => keys(always),
        _ => fitting.map(beside).find(|cell| cell.width() <= room).unwrap_or(part),
    };
    let width = u16::try_from(right.width()).unwrap_or(area.width).min(area.width);
    let room = area.width - width;
    let mut fitting = verbs.len();
    while fitting > 0 && keys(verbs.get(..fitting).unwrap_or_default()).width() > usize::from(room)
    {
        fitting -= 1;
    }
    let left = keys(verbs.get(..fitting).unwrap_or_default());
    paint::cell(buffer, Rect { width: room, ..area }, &left, Align::Left, ctx, None);
    paint::cell(buffer, paint::after(area, room), &right, Align::Left, ctx, None);
}

/// What limits a list and which rows of it are in view, in so many columns: what limits it is cut.
fn shortened(part: &Cell, most: usize) -> Cell {
    match part.0.as_slice() {
        _ if part.width() <= most => part.clone(),
        [limits, rows @ ..] => {
            let rows = Cell(rows.to_vec());
            let room = most.saturating_sub(rows.width());
            Cell::of(limits.text.truncate(room), limits.role).and_all(rows)
        }
        [] => Cell::empty(),
    }
}

fn keys(keys: &[(String, &'static str)]) -> Cell {
    let mut cell = Cell::empty();
    for (key, label) in keys {
        let label = format!(" {label} ");
        cell = cell.and(" ", Role::Normal).and(key.clone(), Role::Key).and(label, Role::Normal);
    }
    cell
}

/// How much of the last row is written out, the most first: the scope gives way, then the year, then the date,
/// then the store's name; while the store is lost, the scope and the clock too. Who one is and in which mode is
/// never cut.
const FITTING: [(Scoped, &str, bool); 7] = [
    (Scoped::Whole, "%Y-%m-%d %H:%M", true),
    (Scoped::Short, "%Y-%m-%d %H:%M", true),
    (Scoped::Short, "%m-%d %H:%M", true),
    (Scoped::Short, "%H:%M", true),
    (Scoped::Short, "%H:%M", false),
    (Scoped::Gone, "%H:%M", false),
    (Scoped::Gone, "", false),
];

#[derive(Clone, Copy)]
enum Scoped {
    Whole,
    Short,
    Gone,
}

/// Least columns of why the store does not answer; less would say nothing.
const WHY: usize = 12;

/// Draws the last row.
pub fn status(model: &Status, ctx: &Ctx<'_>, area: Rect, buffer: &mut Buffer) {
    let width = usize::from(area.width);
    let bare =
        Status { trouble: model.trouble.as_ref().map(|_| SafeText::default()), ..model.clone() };
    let lines = FITTING.map(|(scope, clock, store)| {
        let taken = status_line(&bare, scope, clock, store, ctx).width();
        let room =
            Some(width.saturating_sub(taken)).filter(|room| *room >= WHY).unwrap_or_default();
        let trouble = model.trouble.as_ref().map(|trouble| trouble.truncate(room));
        status_line(&Status { trouble, ..bare.clone() }, scope, clock, store, ctx)
    });
    let fits = lines.iter().find(|line| line.width() <= width);
    if let Some(line) = fits.or(lines.last()) {
        paint::cell(buffer, area, line, Align::Left, ctx, None);
    }
}

/// That the store does not answer, and for how long.
fn silent(age: i64) -> String {
    let lasts = if age < 60 { format!("{age}s") } else { span(age) };
    let since = if age > FRESH_SECONDS { format!(" for {lasts}") } else { String::new() };
    format!("the store does not answer{since}")
}

fn status_line(model: &Status, scope: Scoped, clock: &str, store: bool, ctx: &Ctx<'_>) -> Cell {
    let whole = model.scope.as_str();
    let scope = match scope {
        Scoped::Whole => whole,
        Scoped::Short => whole.split(' ').next().unwrap_or_default(),
        Scoped::Gone => "",
    };
    let mut parts = vec![
        Cell::of(SafeText::from_untrusted(scope), Role::Normal),
        Cell::of(model.who.clone(), Role::Normal),
    ];
    // What the modes were is old too: that stands before them.
    if model.trouble.is_some() {
        parts.push(Cell::of(silent(model.age), Role::Error));
    }
    parts.extend(model.modes.iter().map(|mode| Cell::of(mode.word(), Role::Mode)));
    let name = if store { model.store.clone() } else { SafeText::default() };
    parts.push(match &model.trouble {
        Some(why) if why.is_empty() => Cell::of(name, Role::Normal),
        Some(why) => {
            Cell::of(name, Role::Normal).and(": ", Role::Dim).and(why.clone(), Role::Error)
        }
        None if store => Cell::of(name, Role::Normal).and(" ok", Role::Normal),
        None => Cell::text("ok"),
    });
    let zone = model.zone.unwrap_or(Tz::UTC);
    let shown = ctx.columns();
    // In the time of a site it is that one whose offset counts.
    let zone = if ctx.utc { zone } else { shown };
    let at = ctx.now.utc().with_timezone(&shown).format(clock);
    let z = if ctx.utc { "Z" } else { "" };
    if !clock.is_empty() {
        parts.push(Cell::text(format!("{at}{z} {}", offset(ctx.now, zone))));
    }
    let mut line = Cell::empty();
    for part in parts.into_iter().filter(|part| part.width() > 0) {
        if line.width() > 0 {
            line = line.and(" | ", Role::Dim);
        }
        line = line.and_all(part);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_filter_leaves_the_rows_in_view_and_help_where_they_are() {
        let look = crate::console::theme::Look::default();
        let now = crate::domain::time::Time::default();
        let (utc, me) = (Tz::UTC, crate::console::ctx::Me { holder: None, now });
        let ctx = Ctx { now, utc: true, local: utc, zone: utc, look: &look, stale: false, me };
        let limits = "/measure:decision-rights state:bad,stale,unknown site:RTM";
        let part = Cell::of(limits, Role::Title).and(" 1-17/52", Role::Normal);
        let always = [("/", "filter"), (":", "palette"), ("?", "help")];
        let always = always.map(|(key, label)| (key.to_owned(), label));
        let area = Rect::new(0, 0, 80, 1);
        let mut buffer = Buffer::empty(area);
        let verbs = [("a".to_owned(), "approve"), ("x".to_owned(), "reject")];
        footer(&verbs, (&part, &always), &ctx, area, &mut buffer);
        let row: String = (0..80).map(|x| buffer[(x, 0)].symbol().to_owned()).collect();
        for stays in ["/measure:decision-rights", " 1-17/52 ", "? help", "a approve", "x reject"] {
            assert!(row.contains(stays), "{stays} in {row}");
        }
    }
}
