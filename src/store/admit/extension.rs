//! Checks of extensions against the tables: the window stands, its end is still to come, nothing else asks for more, and
//! what the window stands on holds through the later end.

use super::approval::Board;
use super::window::Window;
use crate::domain::approval::{Answer, Decision};
use crate::domain::extension::{self, Kind, State};
use crate::domain::names::Ref;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::role::Holder;
use crate::domain::time::Time;
use crate::domain::window::ground::together;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::said::Said;
use crate::store::{asked, covering};
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
            together(ground.papers(made.end))?;
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
            if extension::state_at(state, old_end, at) != State::Requested {
                return Err(Refusal::new(
                    Code::WrongState,
                    format!("{} is {}", said.subject, extension::state_at(state, old_end, at)),
                    "see `smc show` for who decided what",
                )
                .into());
            }
            if made.decision == Answer::Yes {
                let window = Window::read(c, &window).await?;
                extension::may_ask(window.stored(), window.end_at, end, at)?;
            }
            let board = Board::read(c, &said.subject).await?;
            board.admit(c, &Decision::from(made), actor, at).await?;
            Ok(())
        }
    }
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
