//! The terminal program: screens, overlays, keys, themes. It reads through the Reader and writes through the Desk.
//!
//! It follows The Elm Architecture: `app` is the only mutable state, `update` does no input or output,
//! `view` only reads, and `runtime` turns happenings into messages and effects into jobs.

pub mod advice;
pub mod app;
pub mod back;
pub mod ctx;
pub mod data;
pub mod drafts;
pub mod forms;
pub mod keys;
pub mod overlays;
pub mod runtime;
pub mod screens;
pub mod term;
pub mod theme;
pub mod toml_fault;
pub mod tools;
pub mod widgets;

use std::io;
use std::time::Duration;

use app::{App, Setup};
use runtime::{Back, Ended, Runtime};
use term::guard::{self, Guard};
use term::tty::{self, Tty};

/// How long the store's answers are gathered into one frame on a local terminal.
const LOCAL_FRAME: Duration = Duration::from_millis(33);

/// The same over SSH, where every frame costs a packet.
const REMOTE_FRAME: Duration = Duration::from_millis(100);

/// Listens to this process's terminal. There is one of it, however many consoles follow one another: what reads a
/// terminal cannot be called off, and would take the first keys of the next.
///
/// Fails when standard input or output is no terminal.
pub fn keyboard() -> io::Result<Tty> {
    if !tty::is_terminal() {
        return Err(io::Error::other(
            "the console needs a terminal on standard input and output; smc list and smc do work without one",
        ));
    }
    Tty::open()
}

/// Runs the console on this process's terminal until the person leaves; the terminal is given back as it was.
///
/// Fails when the terminal cannot be read or written.
pub async fn open<B: Back>(setup: Setup, back: B, input: &mut Tty) -> io::Result<Ended> {
    let remote = std::env::var_os("SSH_CONNECTION").is_some();
    let delay = if remote { REMOTE_FRAME } else { LOCAL_FRAME };
    let mut guard = Guard::hold()?;
    let size = tty::size();
    let (app, first) = App::start(setup, back.now(), size);
    let runtime = Runtime::new(app, back, guard::Out, size, delay)?;
    runtime.run(first, input, &mut guard).await
}
