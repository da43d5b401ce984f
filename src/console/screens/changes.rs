//! Changes: what is asked, who still has to say yes, when the work is, and what it collides with.

mod against;

use chrono_tz::Tz;

use super::list::Spec;
use super::{Focus, Pick, board, cells, gate};
use crate::console::ctx::{Ctx, Me};
use crate::console::keys::{Action, Does, Scope};
use crate::console::theme::Role;
use crate::console::widgets::cell::{Cell, Column};
use crate::console::widgets::doc::Doc;
use crate::console::widgets::list::{Row, View};
use crate::domain::alarm::{AlarmKind, rationale};
use crate::domain::change::{self, Configuration, Impact, Nature, State};
use crate::domain::intervention::Intervention;
use crate::domain::state_words;
use crate::domain::task::TaskKind;
use crate::domain::time_input::{offset, span};
use crate::safe_text::SafeText;
use crate::store::query::{CHANGES_LIVE, Change, Fit};
use against::{carries_none, free, held, named, waivable};

impl Row for Change {
    fn id(&self) -> &str {
        &self.r#ref
    }

    fn zone(&self) -> Option<Tz> {
        Some(cells::zone(&self.timezone))
    }
}

/// What has not ended, at the sites of one's roles: so many row 2 counts.
pub const LIVE: View = View {
    word: CHANGES_LIVE,
    name: "live",
    empty: "No change is under way at your sites. n asks for one; f shows all that ever were.",
};

/// What is special about the list of changes.
pub const SPEC: Spec<Change> = Spec {
    subject: "changes",
    title: "Changes",
    scope: Scope::Change,
    columns: &[
        Column::left("Pri", 3, |row, ctx| {
            cells::priority(row.task_priority(ctx.me.holder, ctx.now))
        }),
        Column::left("Ref", 6, |row, _| Cell::text(row.r#ref.as_str())),
        Column::left("Sit", 3, |row, _| Cell::text(row.site.as_str())),
        Column::left("K", 1, |row: &Change, _| Cell::text(kind(row))).gives_way(2),
        Column::left("State", 8, |row, _| state(row)),
        Column::left("When", 12, |row, ctx| ctx.window(row.start, row.end).into()),
        Column::left("Approvals", 10, |row, ctx| {
            board::column(&row.requester, &row.site, &row.approvals, &ctx.me)
        }),
        Column::right("Cf", 2, |row, _| conflicts(row)),
        Column::right("Due", 6, |row: &Change, ctx| {
            cells::due(row.due(ctx.me.holder, ctx.now), ctx)
        })
        .gives_way(1),
        Column::left("Title", 19, |row, _| Cell::text(row.title.as_str())),
    ],
    empty: "No change is here. n asks for one; / with an empty line shows all.",
    filter_words: &[
        "state:asked",
        "state:approved",
        "state:ready",
        "state:running",
        "state:done",
        "waits:operations",
        "waits:it_security",
        "site:",
        "asset:",
        "due:<8h",
    ],
    focus,
    strip: |row, ctx| {
        let title = Cell::text(row.title.as_str())
            .and(" · ", Role::Dim)
            .and(cells::tags(&row.assets.0), Role::Dim);
        [title, Cell::text(next(row, ctx))]
    },
    detail: |row, _| detail(row),
    beside: None,
    tiled: false,
    third: None,
    views: &[LIVE],
    denied,
};

/// What another request on this row begins with: after a veto, or a time that passed unused, it takes the place of the
/// change; of a standard change that all approved it is a use; of any other it knows nothing.
fn anew(row: &Change) -> Vec<(&'static str, String)> {
    match row.decided.as_str() {
        _ if row.effective_state == "expired" => vec![("supersedes", row.r#ref.clone())],
        "vetoed" => vec![("supersedes", row.r#ref.clone())],
        "approved" if row.kind == "standard" && row.template.is_none() => {
            vec![("template", row.r#ref.clone())]
        }
        _ => Vec::new(),
    }
}

/// The object behind a row.
pub fn focus(row: &Change) -> Focus {
    Focus {
        version: Some(row.seq),
        zone: Some(cells::zone(&row.timezone)),
        known: anew(row),
        picks: row.fits.iter().map(|fit| pick(fit, cells::zone(&row.timezone))).collect(),
        ..Focus::of(&row.r#ref, row.title.as_str(), Scope::Change)
    }
}

/// An outage that it could be planned into, with the times that it would have there.
fn pick(fit: &Fit, zone: Tz) -> Pick {
    let local = fit.start.utc().with_timezone(&zone).format("%a %m-%d %H:%M");
    let (there, lasts) = (offset(fit.start, zone), span(fit.end.seconds_since(fit.start)));
    let said = format!("{local} {there}, {lasts}: {}", fit.title);
    Pick { reference: fit.r#ref.clone(), said: SafeText::from(said) }
}

fn read(row: &Change) -> Option<State> {
    State::parse(&row.state)
}

fn kind(row: &Change) -> SafeText {
    let first: String = row.kind.chars().take(1).flat_map(char::to_uppercase).collect();
    SafeText::from(first)
}

fn state(row: &Change) -> Cell {
    match row.effective_state.as_str() {
        "ready" => "ready".into(),
        "overdue" => Cell::of("overdue", Role::Title),
        _ => read(row).map_or_else(
            || Cell::text(row.state.as_str()),
            |state| SafeText::fixed(state.short()).into(),
        ),
    }
}

fn conflicts(row: &Change) -> Cell {
    match row.conflicts.0.len() {
        0 => Cell::empty(),
        count => Cell::of(format!("!{count}"), Role::Title),
    }
}

/// Who said no to it: whoever asked looks for that first.
fn refused(row: &Change) -> Option<String> {
    let no = row.approvals.0.iter().find(|one| one.decision.as_deref() == Some("no"))?;
    let what = if no.veto { "vetoed" } else { "refused" };
    let who = no.person.as_deref().unwrap_or_default();
    Some(format!("{what} by {who}, {}", no.discipline.replace('_', " ")))
}

/// What a standard change is for besides its own work.
fn used(row: &Change) -> &'static str {
    let is_template = Nature::parse(&row.kind) == Some(Nature::Standard) && row.template.is_none();
    if is_template { "; a template: n asks for a use of it" } else { "" }
}

/// Whether somebody else asked for it.
fn others(row: &Change, me: &Me<'_>) -> bool {
    me.holder.is_some_and(|one| one.login.as_str() != row.requester)
}

/// What happens next, and who can make it happen.
fn next(row: &Change, ctx: &Ctx<'_>) -> SafeText {
    let zone = cells::zone(&row.timezone);
    let waiting = board::waiting(&row.approvals);
    let clash = match named(row).as_slice() {
        [] => SafeText::default(),
        names => SafeText::from(format!("conflicts with {}; ", names.join(", "))),
    };
    // What is past its end says so of itself; what stays in the plant past its time looks like any other.
    let stays = row
        .alarm
        .map(|alarm| alarm.kind)
        .filter(|kind| matches!(kind, AlarmKind::RevertOverdue | AlarmKind::RevertEnding));
    let alarm = stays.map_or_else(String::new, |kind| {
        format!("{}: {}; ", kind.word().replace('_', " "), rationale(kind).response)
    });
    let say = |text: String| SafeText::from(alarm.clone()).then(&clash).then(&SafeText::from(text));
    let Some(state) = read(row) else { return clash };
    let can =
        |command: &str, mine: &str, others| gate::can(command, &row.site, &ctx.me, mine, others);
    let starts = || can("change.start", "s starts it", "starts it");
    let ends = || {
        can("change.complete", "d when done, b backs out", "tells when it is done, or backs it out")
    };
    match state {
        State::Requested
            if gate::waits_for_me(&row.requester, &row.site, &row.approvals, &ctx.me) =>
        {
            let mine = gate::mine(&row.approvals, &ctx.me).map(|d| board::spoken(d.word()));
            say(format!(
                "waits for you as {}: a approves, x rejects; decide by {}",
                mine.unwrap_or_default(),
                ctx.moment(row.approve_by, zone)
            ))
        }
        State::Requested => say(format!("waits for {waiting}; D shows who can decide")),
        State::Returned => {
            let revises = if others(row, &ctx.me) { row.requester.as_str() } else { "e" };
            let withdraws = can("change.withdraw", "w withdraws it", "withdraws it");
            say(format!("was sent back: {revises} revises it, {withdraws}"))
        }
        State::Approved if held(row).is_some() => {
            let state = state_words::spoken(&row.effective_state);
            say(format!("{state}, and held up: {}{}", held(row).unwrap_or_default(), used(row)))
        }
        State::Approved if row.effective_state == "ready" => {
            let until = ctx.moment(row.end, zone);
            say(format!("may begin now, until {until}: {}{}", starts(), used(row)))
        }
        State::Approved => {
            let from = ctx.moment(row.start, zone);
            say(format!("approved; {} from {from}{}", starts(), used(row)))
        }
        State::InProgress if row.effective_state == "overdue" => {
            say(format!("is past its approved end: {}", ends()))
        }
        State::InProgress => {
            say(format!("work goes on until {}: {}", ctx.moment(row.end, zone), ends()))
        }
        State::Implemented if row.task(ctx.me.holder, ctx.now) == Some(TaskKind::Review) => {
            say("an emergency that waits for your review: R".to_owned())
        }
        State::Implemented if row.task(ctx.me.holder, ctx.now) == Some(TaskKind::BackOut) => {
            say("found wrong by a review: b backs it out".to_owned())
        }
        State::Implemented => {
            let verifies = can("change.verify", "v verifies", "verifies");
            say(format!("done; {verifies} that it does what was asked and nothing else"))
        }
        State::Rejected if refused(row).is_some() => {
            let by = refused(row).unwrap_or_default();
            say(format!("{by}: {}n asks anew", cells::MORE))
        }
        State::Expired => {
            say("its time passed before work began: n asks anew, in its place".to_owned())
        }
        State::Verified | State::Rejected | State::Withdrawn | State::BackedOut => {
            let note = row.note.as_deref().unwrap_or_default();
            say(format!("{}. {note}", state_words::spoken(&row.effective_state)))
        }
    }
}

/// Everything that the row itself tells.
pub fn detail(row: &Change) -> Doc {
    let asked = row.effective_state == "requested";
    document(row, board::lines(Doc::default(), &row.approvals, asked))
}

/// The same with another board.
pub fn document(row: &Change, board: Doc) -> Doc {
    let zone = cells::zone(&row.timezone);
    let mut doc = Doc::titled(SafeText::from(format!("{} {}", row.r#ref, row.title)))
        .field("state", Cell::text(state_words::spoken(&row.effective_state)))
        .field("kind", Cell::text(row.kind.as_str()))
        .field("site", Cell::text(row.site.as_str()))
        .field("activity", Cell::text(row.activity.as_str()))
        .field("done to them", Cell::text(done(row)))
        .field("assets", Cell::text(row.assets.0.join(", ")))
        .when("start", Some(row.start), zone)
        .when("end", Some(row.end), zone)
        .when("decide by", Some(row.approve_by), zone)
        .when("revert by", row.revert_by, zone)
        .field("asked by", Cell::text(row.requester.as_str()))
        .field("plant's no.", number(row))
        .field("treats", Cell::text(row.risks.0.join(", ")))
        .field("replaces", cells::word(row.supersedes.as_deref()));
    if !row.conflicts.0.is_empty() {
        let refs = Cell::of("! ", Role::Title).and(row.conflicts.0.join(", "), Role::Normal);
        doc = doc.field("conflicts", refs);
    }
    doc.0.extend(board.0);
    doc = doc.section("Impacts");
    for (name, answer) in row.impacts.0.named() {
        let role = if answer.level == Impact::High { Role::Title } else { Role::Normal };
        let text = answer.text.as_ref().map(|text| format!(": {text}")).unwrap_or_default();
        doc = doc.field(name, Cell::of(answer.level.word(), role).and(text, Role::Normal));
    }
    doc = doc.field("logic", if row.alters_logic { "control logic changes" } else { "" }).field(
        "validated",
        if row.alters_validated { "a validated parameter changes" } else { "" },
    );
    doc = doc.section("Plan");
    doc = doc
        .field("basis", cells::word(row.basis.as_deref()))
        .field("rollback", Cell::text(row.rollback.as_str()))
        .field("tests", Cell::text(row.tests.as_str()))
        .field("procedures", cells::word(row.procedures.as_deref()))
        .field("note", cells::word(row.note.as_deref()))
        .field("evidence", cells::word(row.evidence.as_deref()));
    configuration(doc, row)
}

/// Its number in the plant's own change system, or that the site asks for it.
fn number(row: &Change) -> Cell {
    match &row.external_ref {
        None if row.asks_number => {
            Cell::text(format!("none yet; {} asks for it before work begins", row.site))
        }
        number => cells::word(number.as_deref()),
    }
}

/// What is done to the assets, as it was said or as it follows from the activity: the intervention matrix is held against
/// it.
pub fn done(row: &Change) -> &'static str {
    let said = row.intervention.as_deref();
    Intervention::meant(&row.activity, said).map_or("", Intervention::said)
}

/// What the configuration was and is, if somebody kept it.
fn configuration(doc: Doc, row: &Change) -> Doc {
    let before = Configuration { place: row.before.as_deref(), sum: row.before_sum.as_deref() };
    let after = Configuration { place: row.after.as_deref(), sum: row.after_sum.as_deref() };
    if (before, after) == Default::default() {
        return doc;
    }
    doc.section("Configuration")
        .field("before", cells::word(before.place))
        .field("its SHA-256", cells::word(before.sum))
        .field("after", cells::word(after.place))
        .field("its SHA-256", cells::word(after.sum))
        .field("compared", cells::word(change::compared(before, after)))
}

/// Why a verb is off for this change.
pub fn denied(row: &Change, action: &Action, me: &Me<'_>) -> Option<SafeText> {
    if let Does::Pick(_) = action.does {
        let none =
            "no outage of its assets that is still to come could hold it: `:outage.plan` plans one";
        return row.fits.is_empty().then_some(SafeText::fixed(none));
    }
    let spec = gate::spec(action)?;
    let state = read(row)?;
    if spec.kind == "bypass.placed" && state != State::InProgress {
        return Some(SafeText::fixed("a bypass is placed while its change is being done"));
    }
    if spec.subject != "change" || spec.kind == "change.requested" {
        return None;
    }
    if !change::allowed(spec.kind).contains(&state) {
        return Some(SafeText::from(format!(
            "it is {}",
            state_words::spoken(&row.effective_state)
        )));
    }
    let verdict = match spec.kind {
        "change.decided" => gate::by_board(&row.r#ref, &row.requester, &row.approvals, me),
        "change.started" => change::may_start(row.start, row.end, me.now)
            .and_then(|()| carries_none(row))
            .and_then(|()| free(row, me)),
        "change.backed-out" => {
            Nature::parse(&row.kind).map_or(Ok(()), |kind| change::may_revert(state, kind))
        }
        "change.withdrawn" => carries_none(row),
        "change.revised" if others(row, me) => {
            return Some(SafeText::from(format!("{} asked for it and revises it", row.requester)));
        }
        "change.renewed" if row.revert_by.is_none() => {
            return Some(SafeText::fixed("it is not temporary: it stays as it is"));
        }
        "change.waived" if row.conflicts.0.is_empty() => {
            return Some(SafeText::fixed("nothing stands against it that is not waived"));
        }
        "change.waived" => return waivable(row, me),
        "change.reviewed" if row.kind != change::Nature::Emergency.word() => {
            return Some(SafeText::fixed("only an emergency is reviewed"));
        }
        _ => Ok(()),
    };
    let verdict = verdict.and_then(|()| gate::by_right(spec, &row.site, me));
    verdict.err().map(|refusal| gate::words(&refusal))
}
