//! Whether the object of an open form still allows what the form would do; if not, who brought it there, when, and what is
//! left. It repeats no rule: it asks the domain's.

use super::{Door, objects, text};
use crate::console::ctx::Me;
use crate::console::data::Over;
use crate::console::screens::{gate, items};
use crate::domain::command::{Spec, commands};
use crate::domain::names::Ref;
use crate::domain::refusal::{Code, Refusal, Verdict};
use crate::domain::{acceptance, change, extension, risk, state_words, window, wrote};
use crate::safe_text::SafeText;
use crate::store::query::{Acceptance, Approvals, Change, Extension, Risk, Window};
use crate::store::{ReadError, Reader};

/// How an object stands towards a command: its state, whether that allows it, and its board if it is decided on.
struct Standing {
    state: &'static str,
    verdict: Verdict,
    board: Option<(String, Approvals)>,
}

/// Why an object no longer allows a command, if so.
pub async fn over(
    door: &Door,
    reader: &mut Reader<'_>,
    command: &str,
    reference: &str,
) -> Result<Option<Over>, ReadError> {
    let Some(spec) = commands().find(|spec| spec.command == Some(command)) else {
        return Ok(None);
    };
    if matches!(spec.subject, "alarm" | "task") {
        return called(door, reader, spec, reference).await;
    }
    let found = standing(reader, spec, reference).await?;
    let Some(Standing { state, verdict, board }) = found else { return Ok(None) };
    let Err(refusal) = verdict else { return board_over(door, reader, reference, board).await };
    let refusal = match &board {
        // What several decided is told by all of them.
        Some((_, board)) if refusal.code == Code::WrongState && !gate::said(board).is_empty() => {
            let message = format!("{}: {}", refusal.message, gate::said(board).join(", "));
            Refusal { message, ..refusal }
        }
        Some(_) | None => wrote::by(refusal, state, &reader.lately(reference).await?),
    };
    let head = format!("OVER: {reference} is {}", state_words::spoken(state));
    Ok(Some(Over { head: SafeText::from(head), why: gate::words(&refusal) }))
}

/// That nothing on this board waits for the person any more.
async fn board_over(
    door: &Door,
    reader: &mut Reader<'_>,
    reference: &str,
    board: Option<(String, Approvals)>,
) -> Result<Option<Over>, ReadError> {
    let Some((requester, board)) = board else { return Ok(None) };
    let holder = door.holder(reader).await?;
    let me = Me { holder: holder.as_ref(), now: reader.now() };
    let verdict = gate::by_board(reference, &requester, &board, &me);
    Ok(verdict.err().map(|refusal| {
        let head = if refusal.code == Code::FourEyes {
            format!("NOT YOURS: you asked for {reference}")
        } else {
            format!("OVER: nothing of {reference} waits for you")
        };
        Over { head: SafeText::from(head), why: gate::words(&refusal) }
    }))
}

/// That no alarm or no task of the person stands there any more.
async fn called(
    door: &Door,
    reader: &mut Reader<'_>,
    spec: &Spec,
    reference: &str,
) -> Result<Option<Over>, ReadError> {
    let scene = door.scene(reader).await?;
    let mut rows = scene.watch.iter().chain(&scene.shelf).filter(|row| row.reference == reference);
    let alarm = spec.subject == "alarm";
    let stands = rows.any(|row| if alarm { row.alarm.is_some() } else { row.task().is_some() });
    let (head, why) = match alarm {
        true => (
            format!("OVER: no alarm of {reference} stands"),
            format!("no alarm of {reference} stands any more: there is nothing to answer"),
        ),
        false => (
            format!("OVER: nothing of {reference} waits for you"),
            format!("nothing of {reference} waits for you any more"),
        ),
    };
    let over = || Over { head: SafeText::from(head), why: SafeText::from(why) };
    Ok((!stands).then(over))
}

async fn standing(
    reader: &mut Reader<'_>,
    spec: &Spec,
    reference: &str,
) -> Result<Option<Standing>, ReadError> {
    let Ok(on) = Ref::new(reference) else { return Ok(None) };
    let now = reader.now();
    let decides = spec.kind.ends_with(".decided");
    let of = |state, verdict, requester: String, approvals| {
        let board = decides.then_some((requester, approvals));
        Some(Standing { state, verdict, board })
    };
    let asked = |state: &'static str, open: bool| match open {
        true => Ok(()),
        false => Err(wrote::refusal(reference, state, spec.kind, &[])),
    };
    let prefix = reference.split_once('-').map_or("", |(prefix, _)| prefix);
    Ok(match (prefix, spec.subject) {
        (change::PREFIX, "change") => reader.one::<Change>(reference).await?.and_then(|row| {
            let state = change::state_at(change::State::parse(&row.state)?, row.end, now);
            let verdict = change::allows(spec.kind, &on, state);
            of(state.word(), verdict, row.requester, row.approvals)
        }),
        (window::PREFIX, "window" | "extension") => {
            reader.one::<Window>(reference).await?.and_then(|row| {
                let state = window::state_at(window::State::parse(&row.state)?, row.end, now);
                let verdict = window::allows(spec.kind, &on, state);
                of(state.word(), verdict, row.requester, row.approvals)
            })
        }
        (extension::PREFIX, "extension") => {
            reader.one::<Extension>(reference).await?.and_then(|row| {
                let state = extension::State::parse(&row.state)?;
                let state = extension::state_at(state, row.old_end, now);
                let verdict = asked(state.word(), state == extension::State::Requested);
                of(state.word(), verdict, row.requester, row.approvals)
            })
        }
        (acceptance::PREFIX, "acceptance") => {
            reader.one::<Acceptance>(reference).await?.and_then(|row| {
                let state = acceptance::State::parse(&row.state)?;
                let state = acceptance::state_at(state, row.until, now);
                let verdict = asked(state.word(), state == acceptance::State::Requested);
                of(state.word(), verdict, row.requester, row.approvals)
            })
        }
        (risk::PREFIX, "risk" | "acceptance") => {
            reader.one::<Risk>(reference).await?.and_then(|row| {
                let state = risk::State::parse(&row.state)?;
                let verdict = asked(state.word(), state != risk::State::Closed);
                Some(Standing { state: state.word(), verdict, board: None })
            })
        }
        _ => other(reader, spec, reference).await?,
    })
}

/// How whatever else stands, by the states in which a command of it is over.
async fn other(
    reader: &mut Reader<'_>,
    spec: &Spec,
    reference: &str,
) -> Result<Option<Standing>, ReadError> {
    let Some(ends) = spec.command.and_then(items::over) else { return Ok(None) };
    let Some(shown) = objects::shown(reader, reference).await? else { return Ok(None) };
    let value = shown.json()?;
    let state = text(&value, "effective_state").or_else(|| text(&value, "state"));
    let Some(state) = ends.iter().find(|one| state.as_deref() == Some(**one)) else {
        return Ok(None);
    };
    let verdict = Err(wrote::refusal(reference, state, spec.kind, &[]));
    Ok(Some(Standing { state, verdict, board: None }))
}
