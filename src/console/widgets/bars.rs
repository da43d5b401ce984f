//! The rows that frame every screen: attention, tabs, footer, status. Each is a function of a small model.

use chrono_tz::Tz;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::cell::{Align, Cell, Part};
use super::paint;
use crate::console::ctx::Ctx;
use crate::console::keys::Scope;
use crate::console::theme::{Role, glyphs};
use crate::domain::alarm::{AlarmKind, rationale};
use crate::domain::role::Holder;
use crate::domain::time::Time;
use crate::domain::time_input::{offset, span};
use crate::domain::words;
use crate::safe_text::SafeText;

/// Seconds after which the age of the store's answers is shown.
const FRESH_SECONDS: i64 = 5;

/// What row 1 says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attention {
    /// The highest unacknowledged alarm, else the first task.
    pub lead: Option<Lead>,
    /// Alarms and tasks by priority 1 to 4.
    pub counts: [u32; 4],
    /// Shelved alarms and tasks that sleep.
    pub shelved: u32,
    /// Open risks of priority 1 and 2.
    pub risks: u32,
    /// Alarms of priority 1 and 2 that this person can and should acknowledge: what the bell rings for.
    pub loud: Vec<(String, u8)>,
    /// What this console finds wrong with the store by itself.
    pub conditions: Vec<Condition>,
    /// How many alarms began in ten minutes, while they are a flood.
    pub flood: Option<u32>,
    /// The next instant at which time alone changes what stands.
    pub next: Option<Time>,
}

/// An alarm that this console raises by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The kind.
    pub kind: AlarmKind,
    /// What was seen.
    pub why: SafeText,
    /// Whether it stands; one that has ended stays until somebody acknowledges it, where its kind asks for that.
    pub stands: bool,
    /// Whether somebody at this console still has to acknowledge it.
    pub calls: bool,
}

impl Condition {
    /// One that stands and that nobody has acknowledged.
    pub const fn new(kind: AlarmKind, why: SafeText) -> Self {
        Self { kind, why, stands: true, calls: true }
    }

    /// Its priority, 1 to 4.
    pub fn priority(&self) -> u8 {
        rationale(self.kind).floor.and_then(|floor| u8::try_from(floor).ok()).unwrap_or(1)
    }

    fn lead(&self) -> Lead {
        let known = rationale(self.kind);
        let ended = if self.stands { "" } else { "ended: " };
        Lead {
            priority: self.priority(),
            unacknowledged: self.calls,
            id: self.kind.word().to_owned(),
            reference: SafeText::fixed("store"),
            scope: Scope::Everywhere,
            text: SafeText::from(format!("{ended}{} ({})", known.cause, self.why)),
        }
    }
}

impl Attention {
    /// What is said where no alarm calls and no task waits: that risks stand open all the same.
    pub fn nothing(&self) -> SafeText {
        let calm = "nothing waits for you now";
        SafeText::from(match self.risks {
            0 => calm.to_owned(),
            many => {
                let rest = if many == 1 { "P1 or P2 stands" } else { "P1 and P2 stand" };
                format!("{calm}; {} of {rest} open", words::count(many, "risk"))
            }
        })
    }

    /// Row 1 with what the console finds wrong with the store, which stands before everything less urgent.
    pub fn with(mut self, conditions: Vec<Condition>) -> Self {
        self.conditions = conditions;
        for condition in &self.conditions {
            let priority = condition.priority();
            if let Some(count) = self.counts.get_mut(usize::from(priority.saturating_sub(1))) {
                *count += 1;
            }
            let calls = self.lead.as_ref().filter(|lead| lead.unacknowledged);
            if condition.calls && calls.is_none_or(|lead| priority <= lead.priority) {
                self.lead = Some(condition.lead());
            }
        }
        self
    }
}

/// The one thing that row 1 names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lead {
    /// Priority, 1 to 4.
    pub priority: u8,
    /// Whether it is an alarm that nobody acknowledged.
    pub unacknowledged: bool,
    /// What the row of the watch is called.
    pub id: String,
    /// The object that it is about.
    pub reference: SafeText,
    /// The kind of that object.
    pub scope: Scope,
    /// What it is, most important words first.
    pub text: SafeText,
}

/// One of the numbered screens in row 2.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tab {
    /// Its name, or the reference that it shows.
    pub name: SafeText,
    /// What waits on it.
    pub count: Option<u32>,
    /// Whether something waits for the person's own discipline.
    pub mine: bool,
}

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
    pub held: Vec<SafeText>,
}

/// Draws row 1; `new` is what came since the list was last sorted.
pub fn attention(model: &Attention, new: usize, ctx: &Ctx<'_>, area: Rect, buffer: &mut Buffer) {
    let mut counts = Cell::empty();
    for (priority, count) in (1..=4_u8).zip(model.counts) {
        let role = if count == 0 { Role::Dim } else { Role::of_priority(priority) };
        counts = counts
            .and(" ", Role::Normal)
            .and(format!("{}{count}", glyphs::of_priority(priority)), role);
    }
    if let Some(flood) = model.flood {
        let text = format!("flood {flood}/10m");
        counts = Cell::of(text, Role::Title).and(" ", Role::Normal).and_all(counts);
    }
    counts = counts.and(format!(" z{}", model.shelved), Role::Dim);
    if new > 0 {
        counts = counts.and(format!(" +{new}"), Role::Title);
    }
    let width = u16::try_from(counts.width()).unwrap_or(area.width).min(area.width);
    let left = Rect { width: area.width - width, ..area };
    let lead = match &model.lead {
        Some(lead) => lead_cell(lead),
        None => Cell::of(model.nothing(), Role::Dim),
    };
    paint::cell(buffer, left, &lead, Align::Left, ctx, None);
    paint::cell(buffer, paint::after(area, area.width - width), &counts, Align::Left, ctx, None);
}

fn lead_cell(lead: &Lead) -> Cell {
    let role = Role::of_priority(lead.priority);
    let sign = SafeText::from(glyphs::of_priority(lead.priority).to_string());
    let mark = if lead.unacknowledged { "!" } else { "" };
    Cell(vec![Part { text: sign, role, blinks: lead.unacknowledged }])
        .and(format!("P{}{mark}", lead.priority), role)
        .and(" ", Role::Normal)
        .and(lead.reference.clone(), Role::Title)
        .and(" ", Role::Normal)
        .and(lead.text.clone(), Role::Normal)
}

/// Draws row 2.
pub fn tabs(tabs: &[Tab], active: usize, ctx: &Ctx<'_>, area: Rect, buffer: &mut Buffer) {
    let mut rest = area;
    let width = |longest: usize| {
        let shown = tabs.iter().enumerate().map(|(at, tab)| tab_text(at, tab, longest));
        shown.map(|text| SafeText::from(text).width() + 1).sum::<usize>()
    };
    // Names give way before counts do: what waits must show on every screen.
    let longest = (4..=12).rev().find(|longest| width(*longest) <= usize::from(area.width));
    for (number, tab) in tabs.iter().enumerate() {
        let text = tab_text(number, tab, longest.unwrap_or(4));
        let (role, edges) =
            if number == active { (Role::Selected, ">") } else { (Role::Normal, " ") };
        let used = paint::text(buffer, rest, &SafeText::fixed(edges), ctx.style(Role::Normal));
        rest = paint::after(rest, used);
        let used = paint::text(buffer, rest, &SafeText::from(text), ctx.style(role));
        rest = paint::after(rest, used);
    }
    if rest.width >= 3 {
        paint::text(buffer, rest, &SafeText::fixed("  :"), ctx.style(Role::Dim));
    }
}

/// A tab with its name in so many letters at most.
fn tab_text(number: usize, tab: &Tab, longest: usize) -> String {
    let name: String = tab.name.as_str().chars().take(longest).collect();
    let mut text = format!("{number} {name}");
    if let Some(count) = tab.count.filter(|count| *count > 0) {
        text.push_str(&format!(" {count}"));
    }
    if tab.mine {
        text.push('!');
    }
    text
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
    // A list that is not whole must say so; the keys that always work give way to it before it is cut.
    let most = usize::from(area.width / 2);
    let part = if part.width() > most {
        Cell::of(part.plain().truncate(most), Role::Title)
    } else {
        part.clone()
    };
    let fitting =
        (0..=always.len()).rev().map(|count| keys(always.get(..count).unwrap_or_default()));
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
