//! Vendor access windows: who comes in, where, until when, and who still has to say yes.

use chrono_tz::Tz;

use super::list::Spec;
use super::{Focus, board, cells, gate, timeline};
use crate::console::ctx::{Ctx, Me};
use crate::console::keys::{Action, Scope};
use crate::console::theme::Role;
use crate::console::widgets::cell::{Cell, Column};
use crate::console::widgets::doc::Doc;
use crate::console::widgets::list::{Row, View};
use crate::domain::conflict::Against;
use crate::domain::incident;
use crate::domain::refusal::{Code, Refusal, Verdict};
use crate::domain::state_words;
use crate::domain::time_input::span;
use crate::domain::window::{self, State};
use crate::safe_text::SafeText;
use crate::store::query::{Clash, WINDOWS_LIVE, Window};

impl Row for Window {
    fn id(&self) -> &str {
        &self.r#ref
    }

    fn zone(&self) -> Option<Tz> {
        Some(cells::zone(&self.timezone))
    }
}

/// What has not ended, at the sites of one's roles: so many row 2 counts.
pub const LIVE: View = View {
    word: WINDOWS_LIVE,
    name: "live",
    empty: "No window is asked for, approved or open at your sites. n asks for one; f shows all that ever were.",
};

/// What is special about the list of windows.
pub const SPEC: Spec<Window> = Spec {
    subject: "windows",
    title: "Windows",
    scope: Scope::Window,
    columns: &[
        Column::left("Pri", 3, |row, ctx| cells::priority(priority(row, &ctx.me))),
        Column::left("Ref", 6, |row, _| Cell::text(row.r#ref.as_str())),
        Column::left("State", 8, |row, _| state(row)),
        Column::left("Vendor", 8, |row: &Window, _| Cell::text(row.vendor.as_str())).gives_way(1),
        Column::left("Person", 9, |row, _| Cell::text(row.person.as_str())),
        Column::left("Assets", 11, |row, _| cells::tags(&row.assets.0).into()),
        Column::left("When", 12, |row, ctx| ctx.window(row.start, row.end).into()),
        Column::right("Left", 6, |row, ctx| cells::left(row.left.map(|_| row.end), ctx)),
        Column::left("Esc", 4, |row, _| match row.escort {
            Some(_) => "yes".into(),
            None => "no".into(),
        }),
        Column::right("Ses", 3, |row, _| match row.sessions.0.len() {
            0 => Cell::empty(),
            live => Cell::text(live.to_string()),
        }),
        Column::left("Purpose", 12, |row: &Window, _| Cell::text(row.title.as_str())).beyond(),
    ],
    empty: "No window is here. n asks for a vendor's access.",
    filter_words: &[
        "state:asked",
        "state:approved",
        "state:armed",
        "state:open",
        "state:overrun",
        "waits:operations",
        "waits:it_security",
        "site:",
        "vendor:",
        "asset:",
        "due:<8h",
    ],
    focus,
    strip: |row, ctx| {
        let title = Cell::text(row.title.as_str())
            .and(" · ", Role::Dim)
            .and(row.site.as_str(), Role::Dim)
            .and(" ", Role::Dim)
            .and(cells::tags(&row.assets.0), Role::Dim);
        [title, Cell::text(next(row, ctx))]
    },
    detail: |row, _| detail(row),
    beside: Some(timeline::by_asset),
    tiled: false,
    third: Some(|row, ctx| Cell::text(timeline::strip(row, ctx))),
    views: &[LIVE],
    denied,
};

/// The object behind a row.
pub fn focus(row: &Window) -> Focus {
    let name = SafeText::from(format!("{} on {}", row.person, row.assets.0.join(", ")));
    Focus {
        version: Some(row.seq),
        zone: Some(cells::zone(&row.timezone)),
        ..Focus::of(&row.r#ref, name, Scope::Window)
    }
}

fn read(row: &Window) -> Option<State> {
    State::parse(&row.state)
}

/// The priority of its alarm, or of what this person has to do about it, whichever is more urgent.
fn priority(row: &Window, me: &Me<'_>) -> Option<u8> {
    let alarm = row.alarm.map(|alarm| alarm.priority);
    alarm.into_iter().chain(row.task_priority(me.holder, me.now)).min()
}

fn state(row: &Window) -> Cell {
    match row.effective_state.as_str() {
        "overrun" => Cell::of("overrun", Role::Title),
        "armed" => "armed".into(),
        _ => read(row).map_or_else(
            || Cell::text(row.state.as_str()),
            |state| SafeText::fixed(state.short()).into(),
        ),
    }
}

/// What happens next, and who can make it happen.
fn next(row: &Window, ctx: &Ctx<'_>) -> SafeText {
    let zone = cells::zone(&row.timezone);
    let clash = match row.conflicts.0.as_slice() {
        [] => String::new(),
        refs => format!("conflicts with {}; ", refs.join(", ")),
    };
    let lacks = match row.hindrances.as_slice() {
        [] => String::new(),
        found => {
            let told = SafeText::from(found.join("; "));
            format!("in the way: {}; ", ctx.spelled(&told, Some(zone)))
        }
    };
    let clash = lacks + &clash;
    let Some(state) = read(row) else { return SafeText::from(clash) };
    let can =
        |command: &str, mine: &str, others| gate::can(command, &row.site, &ctx.me, mine, others);
    let opens = || can("window.open", "s opens it", "opens it");
    let closes = || {
        let mine = "d closes it, Ctrl-K orders the vendor off";
        can("window.close", mine, "closes it or orders the vendor off")
    };
    let said = match state {
        State::Requested
            if gate::waits_for_me(&row.requester, &row.site, &row.approvals, &ctx.me) =>
        {
            let mine = gate::mine(&row.approvals, &ctx.me).map(|d| board::spoken(d.word()));
            format!("waits for you as {}: a approves, x rejects", mine.unwrap_or_default())
        }
        State::Requested => {
            format!("waits for {}; D shows who can decide", board::waiting(&row.approvals))
        }
        State::Approved if row.effective_state == "armed" => {
            format!("may be opened now, until {}: {}", ctx.moment(row.end, zone), opens())
        }
        State::Approved => {
            format!("approved; {} from {}", opens(), ctx.moment(row.start, zone))
        }
        State::Open if row.effective_state == "overrun" => {
            format!("is open past its end: {}", closes())
        }
        State::Open => format!(
            "open since {}: {}",
            row.opened_at.map(|at| ctx.moment(at, zone)).unwrap_or_default(),
            closes()
        ),
        State::Closed | State::Rejected | State::Cancelled | State::Lapsed | State::CutOff => {
            let note = row.note.as_deref().unwrap_or_default();
            let ended = state_words::spoken(&row.effective_state);
            match row.sessions.0.as_slice() {
                [] => format!("{ended}. {note}"),
                live => format!("{ended} on record; {}. {note}", inside(live)),
            }
        }
    };
    SafeText::from(clash + &said)
}

/// That these sessions go on under a window that was ended, and who ends them.
pub fn inside(live: &[String]) -> String {
    let (names, are) = (live.join(", "), if live.len() == 1 { "is" } else { "are" });
    format!(
        "{names} {are} still inside: the jump host ends the connection, d on the session tells so"
    )
}

/// How long past its end somebody ended it; nothing for one that ended in time.
fn overran(row: &Window) -> String {
    let late = row.ended_at.map_or(0, |at| at.seconds_since(row.end));
    if row.opened_at.is_some() && late > 0 { span(late) } else { String::new() }
}

/// What was said at its end is called what it was.
fn noted(row: &Window) -> &'static str {
    match read(row) {
        Some(State::Closed) => "close-out",
        Some(State::CutOff | State::Cancelled | State::Rejected) => "reason",
        Some(State::Requested | State::Approved | State::Open | State::Lapsed) | None => "note",
    }
}

/// Everything that the row itself tells.
pub fn detail(row: &Window) -> Doc {
    let asked = row.effective_state == "requested";
    document(row, board::lines(Doc::default(), &row.approvals, asked))
}

/// The same with another board.
pub fn document(row: &Window, board: Doc) -> Doc {
    let zone = cells::zone(&row.timezone);
    let who = format!("{} {} of {}", row.r#ref, row.person, row.vendor);
    let mut doc = Doc::titled(SafeText::from(who))
        .field("purpose", Cell::text(row.title.as_str()))
        .field("state", Cell::text(state_words::spoken(&row.effective_state)))
        .field("vendor", Cell::text(row.vendor.as_str()))
        .field("person", Cell::text(row.person.as_str()))
        .field("site", Cell::text(row.site.as_str()))
        .field("assets", Cell::text(row.assets.0.join(", ")))
        .when("start", Some(row.start), zone)
        .when("end", Some(row.end), zone)
        .field("serves", cells::word(row.change.as_deref()))
        .field("escort", Cell::text(row.escort.as_deref().unwrap_or("none named")))
        .field("from where", cells::word(row.source.as_deref()))
        .field("2nd factor", cells::word(row.second_factor.as_deref()))
        .field("recorded", cells::word(row.recording.as_deref()))
        .field("weighed as", Cell::text(row.risks.0.join(", ")))
        .field("asked by", Cell::text(row.requester.as_str()))
        .field("opened by", cells::word(row.opened_by.as_deref()))
        .when("opened", row.opened_at, zone)
        .field("ended by", cells::word(row.ended_by.as_deref()))
        .when("ended", row.ended_at, zone)
        .field("overran by", Cell::text(overran(row)))
        .field(noted(row), cells::word(row.note.as_deref()))
        .field("sessions", Cell::text(row.sessions.0.join(", ")));
    for hindrance in &row.hindrances {
        doc = doc.field(
            "in the way",
            Cell::of("! ", Role::Title).and_all(Cell::sentence(hindrance.as_str(), Some(zone))),
        );
    }
    if !row.conflicts.0.is_empty() {
        let refs = Cell::of("! ", Role::Title).and(row.conflicts.0.join(", "), Role::Normal);
        doc = doc.field("conflicts", refs);
    }
    doc.0.extend(board.0);
    doc
}

/// Why a verb is off for this window.
pub fn denied(row: &Window, action: &Action, me: &Me<'_>) -> Option<SafeText> {
    let spec = gate::spec(action)?;
    let state = read(row)?;
    let extends = spec.kind == "extension.requested";
    if !extends && (spec.subject != "window" || spec.kind == "window.requested") {
        return None;
    }
    if !window::allowed(spec.kind).contains(&state) {
        return Some(SafeText::from(format!(
            "it is {}",
            state_words::spoken(&row.effective_state)
        )));
    }
    let verdict = match spec.kind {
        "window.decided" => gate::by_board(&row.r#ref, &row.requester, &row.approvals, me),
        "extension.requested" => window::not_past(row.end, me.now),
        "window.opened" => window::may_open(row.start, row.end, me.now)
            .and_then(|()| in_the_way(row))
            .and_then(|()| frozen(row, me)),
        _ => Ok(()),
    };
    let verdict = verdict.and_then(|()| gate::by_right(spec, &row.site, me));
    verdict.err().map(|refusal| gate::words(&refusal))
}

/// Whether no incident froze its site; whatever else stands against it, its opening may name.
fn frozen(row: &Window, me: &Me<'_>) -> Verdict {
    let freeze = row.clashes.iter().find(|one| one.conflict.against == Against::Freeze);
    let Some(Clash { conflict, waived, .. }) = freeze else { return Ok(()) };
    match (waived, me.holder) {
        (Some(exempted), Some(holder)) => incident::may_begin(holder, &exempted.person),
        (Some(_), None) => Ok(()),
        (None, _) => {
            Err(Refusal::new(Code::Frozen, conflict.because.clone(), Against::Freeze.remedy()))
        }
    }
}

/// Why it cannot be opened although its time has come.
fn in_the_way(row: &Window) -> Verdict {
    match row.hindrances.as_slice() {
        [] => Ok(()),
        found => Err(Refusal::new(
            Code::Conflict,
            found.join("; "),
            "Enter shows all that is in the way",
        )),
    }
}
