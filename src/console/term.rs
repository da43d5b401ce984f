//! The terminal itself: raw mode, bytes out, bytes in, signals. Everything above speaks of keys and frames.
//!
//! Nothing here ever asks the terminal a question: a query that a slow link, tmux or a serial line does
//! not answer hangs the start or leaves garbage in the input. There is no mouse and no kitty protocol.

pub mod canvas;
pub mod decode;
pub mod guard;
pub mod hand;
pub mod tty;

use std::future::Future;
use std::io;

use ratatui::layout::Size;

pub use decode::{Stroke, Strokes};

/// Why the console has to leave although nobody asked it to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hangup {
    /// The line is gone: a dropped SSH session, a closed window.
    Line,
    /// SIGTERM or SIGINT from outside.
    Told,
}

/// Whether a terminal that cannot be written or set fails so because the line is gone.
pub fn hangs_up(error: &io::Error) -> bool {
    let gone = [nix::errno::Errno::EIO, nix::errno::Errno::ENXIO, nix::errno::Errno::EPIPE];
    error.raw_os_error().is_some_and(|code| gone.iter().any(|one| *one as i32 == code))
}

/// What the terminal side of the world brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// Keys or a paste.
    Strokes(Strokes),
    /// The window has another size now.
    Resized(Size),
    /// Somebody outside wants the program stopped for a while (SIGTSTP).
    Suspend,
    /// The program goes on after having been stopped (SIGCONT).
    Resumed,
    /// The console has to leave.
    Hangup(Hangup),
}

/// A source of happenings: the terminal, or a script in a test. `next` may be dropped and called again
/// without losing anything.
pub trait Input {
    /// The next happening; never resolves twice for the same one.
    fn next(&mut self) -> impl Future<Output = Happening>;

    /// A happening that is there already, without waiting.
    fn ready(&mut self) -> Option<Happening>;
}

/// Who holds the terminal, and can leave it to the shell for a while.
pub trait Holder {
    /// Gives the terminal back and stops this process and its job; [`Happening::Resumed`] tells of the end.
    ///
    /// The process may run on for a moment after this returns: nothing is taken back before it is told so.
    fn stop(&mut self) -> io::Result<()>;

    /// Takes the terminal again.
    fn take(&mut self) -> io::Result<()>;
}
