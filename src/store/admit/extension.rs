//! Checks of extensions against the tables: the window stands, its end is still to come, nothing else asks for more, and
//! what the window stands on holds through the later end.

use super::approval::Board;
use super::turned;
use super::window::{Window, lets_others_in};
use crate::domain::approval::{Answer, Decision};
use crate::domain::conflict::{Against, Conflict};
use crate::domain::discipline::Discipline;
use crate::domain::extension::{self, Kind, State};
use crate::domain::names::Ref;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::role::Holder;
use crate::domain::time::Time;
use crate::domain::window::allows;
use crate::domain::window::ground::together;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::said::Said;
use crate::store::{asked, clashing, covering};
use crate::{opt, scalar};

/// Checks an entry about an extension.
pub async fn admit(
    c: &mut Link<'_>,
    said: &Said<'_>,
    kind: &Kind,
    actor: &Holder,
) -> Result<(), StoreError> {
    let at = said.entry.at;
    match kind {
        Kind::Requested(made) => {
            let window = Window::read(c, &made.r#ref).await?;
            goes_on(c, said, &made.r#ref, &window).await?;
            extension::may_ask(window.stored(), window.end_at, made.end, at)?;
            let pending = scalar!(
                c,
                String,
                "SELECT ref FROM extension WHERE window_ref = $1 AND state = 'requested' AND old_end_at > $2",
                Ref::as_str(&made.r#ref),
                at
            )?;
            if let Some(pending) = pending {
                return Err(Refusal::new(
                    Code::Conflict,
                    format!("{pending} asks for more time already"),
                    "wait until it is decided",
                )
                .into());
            }
            let ground = covering::ground(c, made.r#ref.as_str(), at).await?;
            let mut lacks = ground.papers(made.end);
            if said.body.v >= 5 {
                lacks.extend(ground.unrecorded());
            }
            together(lacks)?;
            match &said.site {
                Some(site) => {
                    let asked = asked::extension(c, said, site, &made.r#ref).await?;
                    asked.admit(c, said).await
                }
                None => Ok(()),
            }
        }
        Kind::Decided(made) => {
            let (state, old_end, window, end) = stored(c, &said.subject).await?;
            let board = Board::read(c, &said.subject).await?;
            let stands = extension::state_at(state, old_end, at);
            if stands != State::Requested {
                let refusal = Refusal::new(
                    Code::WrongState,
                    format!("{} is {stands}", said.subject),
                    "see `smc show` for who decided what",
                );
                return Err(board.late(&said.subject, Some(made.discipline), refusal).into());
            }
            if made.decision == Answer::Yes {
                let of = window;
                let window = Window::read(c, &of).await?;
                goes_on(c, said, &of, &window).await?;
                extension::may_ask(window.stored(), window.end_at, end, at)?;
                lets_others_in(said, &window)?;
                if said.body.v >= 5 {
                    // Operations answer for what the longer access runs into.
                    let explained =
                        made.reason.is_some() || made.discipline != Discipline::Operations;
                    carries(c, said, explained, &of, end).await?;
                }
            }
            board.admit(c, &Decision::from(made), actor, at).await?;
            Ok(())
        }
    }
}

/// Refuses more time for a window that is over or not approved, with who brought it there.
async fn goes_on(
    c: &mut Link<'_>,
    said: &Said<'_>,
    on: &Ref,
    window: &Window,
) -> Result<(), StoreError> {
    let allowed = allows("extension.requested", on, window.stored());
    turned::stands(c, said, on, &window.state, allowed).await
}

/// Refuses a yes to a later end that the window's ground no longer carries, that runs into a freeze, or, without a reason,
/// into anything else that stands against it.
async fn carries(
    c: &mut Link<'_>,
    said: &Said<'_>,
    explained: bool,
    window: &Ref,
    end: Time,
) -> Result<(), StoreError> {
    let ground = covering::ground(c, window.as_str(), said.entry.at).await?;
    let mut found = [ground.hindrances(end), ground.unrecorded()].concat();
    if said.body.v >= 6 {
        found.extend(ground.wrong());
        found.extend(super::window::belongs(c, window, Some(end), said.body.v).await?);
        found.extend(asked_now(c, said, window).await?);
    }
    let Some(mut work) = clashing::access(c, window.as_str()).await? else {
        return Ok(together(found)?);
    };
    work.end = end;
    let stands = clashing::of_window(c, &work, said.entry.at).await?;
    let stands: Vec<Conflict> = stands
        .into_iter()
        .filter(|(one, waiver)| one.blocks && waiver.is_none())
        .map(|(one, _)| one)
        .collect();
    let frozen = stands.iter().filter(|one| one.against == Against::Freeze);
    found.extend(
        frozen.map(|one| Refusal::new(Code::Frozen, one.because.clone(), one.against.remedy())),
    );
    let others = stands.iter().filter(|one| one.against != Against::Freeze && !explained);
    found.extend(others.map(|one| {
        Refusal::new(
            Code::Conflict,
            format!("{}: {}", one.with, one.because),
            "say in `reason` why the vendor stays all the same",
        )
    }));
    Ok(together(found)?)
}

/// Refuses a yes where others must be asked by now.
async fn asked_now(
    c: &mut Link<'_>,
    said: &Said<'_>,
    window: &Ref,
) -> Result<Option<Refusal>, StoreError> {
    let board = Board::read(c, &said.subject).await?;
    let needed = super::window::needed(c, said, window, &board).await?;
    Ok(board.asks(&needed, "close the window in time, and ask for a new one").err())
}

/// State, the window's end when it was asked, the window, and the end that is asked for.
async fn stored(c: &mut Link<'_>, reference: &Ref) -> Result<(State, Time, Ref, Time), StoreError> {
    let unknown = || Refusal::unknown("extension", reference.as_str(), "extensions");
    let (state, old_end, window, end) = opt!(
        c,
        (String, Time, String, Time),
        "SELECT state, old_end_at, window_ref, end_at FROM extension WHERE ref = $1",
        reference.as_str()
    )?
    .ok_or_else(unknown)?;
    let window = Ref::new(&window).map_err(|_| unknown())?;
    Ok((State::parse(&state).unwrap_or(State::Lapsed), old_end, window, end))
}

/// Refuses an extension that is not of this window, or not approved.
pub async fn approved(c: &mut Link<'_>, window: &Ref, reference: &Ref) -> Result<(), StoreError> {
    let (state, _, of, _) = stored(c, reference).await?;
    if state == State::Approved && of == *window {
        return Ok(());
    }
    Err(Refusal::new(
        Code::Conflict,
        format!("{reference} is no extension of {window} that is approved"),
        "ask for one with `smc do window.extend`",
    )
    .into())
}
