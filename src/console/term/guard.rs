//! Takes the terminal and gives it back, whatever happens: on return, on error, on panic, on a signal.

use std::io::{self, Write};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};

use super::Holder;

/// Alternate screen, cursor hidden, bracketed paste on.
const TAKE: &[u8] = b"\x1b[?1049h\x1b[?25l\x1b[?2004h\x1b[2J";

/// Attributes off, bracketed paste off, cursor shown, everything erased, main screen. Where there is no alternate
/// screen (VT100, GNU screen without `altscreen`), the shell goes on at the top of an empty one.
const GIVE_BACK: &[u8] = b"\x1b[m\x1b[?2004l\x1b[?25h\x1b[H\x1b[J\x1b[?1049l";

/// Whether the terminal is ours now.
static TAKEN: AtomicBool = AtomicBool::new(false);

static HOOK: Once = Once::new();

/// Holds the terminal in raw mode on the alternate screen until dropped.
#[derive(Debug)]
pub struct Guard(());

impl Guard {
    /// Takes the terminal and sees to it that a panic gives it back before it prints.
    pub fn hold() -> io::Result<Self> {
        HOOK.call_once(|| {
            let print = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |info| {
                give_back();
                print(info);
            }));
        });
        take_again()?;
        Ok(Self(()))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        give_back();
    }
}

/// Takes the terminal, again after a stop: whatever the shell set meanwhile is remembered anew.
fn take_again() -> io::Result<()> {
    give_back();
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    write(TAKE)
}

/// Gives the terminal back as it was; says whether it was taken, and may be called any number of times.
pub fn give_back() -> bool {
    let mut out = io::stdout().lock();
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return false;
    }
    // The line may be gone: there is nobody to tell then.
    let _ = out.write_all(GIVE_BACK).and_then(|()| out.flush());
    let _ = disable_raw_mode();
    true
}

/// Standard output for frames: it takes none while the terminal is not ours, so that a frame drawn by
/// one thread cannot cover what a panic in another prints.
#[derive(Debug)]
pub struct Out;

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut out = io::stdout().lock();
        if TAKEN.load(Ordering::SeqCst) { out.write(bytes) } else { Ok(bytes.len()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stdout().flush()
    }
}

impl Holder for Guard {
    /// Without a job-control shell above (a login shell, a forced command) nobody could continue the
    /// process, so it is not stopped then.
    fn stop(&mut self) -> io::Result<()> {
        let (group, session) = (nix::unistd::getpgrp(), nix::unistd::getsid(None)?);
        if group != session && nix::unistd::getppid().as_raw() != 1 {
            give_back();
            nix::sys::signal::kill(
                nix::unistd::Pid::from_raw(0),
                nix::sys::signal::Signal::SIGSTOP,
            )?;
        }
        Ok(())
    }

    fn take(&mut self) -> io::Result<()> {
        take_again()
    }
}

fn write(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}
