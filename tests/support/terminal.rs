//! The program on a screen: a pseudo-terminal, an emulator that reads what is drawn, keys, hang-up.
//!
//! It answers no terminal query on purpose: a program that waits for an answer hangs here as it would
//! on a serial line.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::num::NonZeroU16;
use std::os::fd::AsFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{JoinHandle, sleep};
use std::time::{Duration, Instant};

use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::pty::{grantpt, posix_openpt, ptsname_r, unlockpt};
use rustix::io::ioctl_fionread;
use rustix::termios::{Winsize, tcsetwinsize};

use super::process::{Account, binary};

/// How long `wait_for` waits before it fails the test.
pub const PATIENCE: Duration = Duration::from_secs(15);

/// What keys send.
pub mod keys {
    pub const ENTER: &str = "\r";
    pub const ESC: &str = "\x1b";
    pub const TAB: &str = "\t";
    pub const BACKTAB: &str = "\x1b[Z";
    pub const BACKSPACE: &str = "\x7f";
    pub const UP: &str = "\x1b[A";
    pub const DOWN: &str = "\x1b[B";
    pub const RIGHT: &str = "\x1b[C";
    pub const LEFT: &str = "\x1b[D";
    pub const PAGE_UP: &str = "\x1b[5~";
    pub const PAGE_DOWN: &str = "\x1b[6~";
    pub const HOME: &str = "\x1b[H";
    pub const END: &str = "\x1b[F";
    pub const CTRL_C: &str = "\x03";
    pub const CTRL_D: &str = "\x04";
    pub const CTRL_S: &str = "\x13";
}

/// How a program is to be started on a screen.
pub struct Setup {
    command: Vec<OsString>,
    env: Vec<(OsString, OsString)>,
    rows: u16,
    cols: u16,
    pause: Duration,
}

/// A running program and its screen; killed when dropped.
pub struct Terminal {
    child: Child,
    master: Option<File>,
    other: PathBuf,
    shown: Arc<Mutex<Shown>>,
    hung_up: Arc<AtomicBool>,
    reader: Option<JoinHandle<()>>,
}

struct Shown {
    parser: vt100::Parser,
    raw: Vec<u8>,
    last: Instant,
}

/// `smc` with these arguments on a screen of 80x24 with `TERM=xterm-256color`.
pub fn smc(account: &Account, args: &[&str]) -> Setup {
    let mut setup = program(binary(), args);
    setup.env.extend(account.environment());
    setup
}

/// Any program on a screen of 80x24, with nothing in its environment but `PATH` and `TERM`.
pub fn program(path: &Path, args: &[&str]) -> Setup {
    let mut command: Vec<OsString> = vec![path.into()];
    command.extend(args.iter().map(OsString::from));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let env = vec![("PATH".into(), path), ("TERM".into(), "xterm-256color".into())];
    Setup { command, env, rows: 24, cols: 80, pause: Duration::from_millis(2) }
}

impl Setup {
    /// The same with one environment variable set.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// The same on a screen of this size.
    pub fn size(mut self, rows: u16, cols: u16) -> Self {
        (self.rows, self.cols) = (rows, cols);
        self
    }

    /// The same, read again after this pause whenever nothing came: what is measured is no finer than that.
    pub fn read_every(mut self, pause: Duration) -> Self {
        self.pause = pause;
        self
    }

    /// The same below a parent that ignores hang-ups, as `nohup` and some session managers do.
    pub fn below_a_parent_that_ignores_hangups(mut self) -> Self {
        let mut command: Vec<OsString> =
            ["sh", "-c", "trap '' HUP; exec \"$@\"", "sh"].map(OsString::from).into();
        command.append(&mut self.command);
        self.command = command;
        self
    }

    /// Starts the program as leader of a session whose terminal is the new screen.
    pub fn start(self) -> Terminal {
        let flags = OFlag::O_RDWR | OFlag::O_NOCTTY | OFlag::O_CLOEXEC;
        let pty = posix_openpt(flags).expect("a pseudo-terminal");
        grantpt(&pty).expect("grantpt");
        unlockpt(&pty).expect("unlockpt");
        let other = PathBuf::from(ptsname_r(&pty).expect("the terminal's name"));
        let slave = other_side(&other).expect("the terminal's other side");
        let master = File::from(pty.as_fd().try_clone_to_owned().expect("dup"));
        drop(pty);
        tcsetwinsize(&master, winsize(self.rows, self.cols)).expect("a window size");
        fcntl(&master, FcntlArg::F_SETFL(OFlag::O_NONBLOCK)).expect("non-blocking");

        let child = Command::new("setsid")
            .arg("--ctty")
            .args(&self.command)
            .env_clear()
            .envs(self.env)
            .stdin(slave.try_clone().expect("dup"))
            .stdout(slave.try_clone().expect("dup"))
            .stderr(slave)
            .spawn()
            .expect("setsid starts the program");

        let parser = vt100::Parser::new(emulated(self.rows), emulated(self.cols), 0);
        let shown = Arc::new(Mutex::new(Shown { parser, raw: Vec::new(), last: Instant::now() }));
        let hung_up = Arc::new(AtomicBool::new(false));
        let reader = std::thread::spawn({
            let from = master.try_clone().expect("dup");
            let (shown, hung_up) = (Arc::clone(&shown), Arc::clone(&hung_up));
            move || read_all(from, &shown, &hung_up, self.pause)
        });
        Terminal { child, master: Some(master), other, shown, hung_up, reader: Some(reader) }
    }
}

/// The side that the program has.
fn other_side(name: &Path) -> std::io::Result<File> {
    OpenOptions::new().read(true).write(true).custom_flags(OFlag::O_NOCTTY.bits()).open(name)
}

/// Non-blocking, so that a hang-up can close this copy of the master too: only the last close hangs up.
fn read_all(mut from: File, shown: &Mutex<Shown>, hung_up: &AtomicBool, pause: Duration) {
    let mut buffer = [0; 8192];
    while !hung_up.load(Ordering::Acquire) {
        match from.read(&mut buffer) {
            Ok(0) => return,
            Ok(n) => {
                let mut shown = shown.lock().expect("no reader panicked");
                shown.raw.extend_from_slice(&buffer[..n]);
                shown.parser.process(&buffer[..n]);
                shown.last = Instant::now();
            }
            Err(why) if why.kind() == ErrorKind::WouldBlock => sleep(pause),
            Err(why) if why.kind() == ErrorKind::Interrupted => {}
            // EIO: the program closed its side.
            Err(_) => return,
        }
    }
}

/// The emulator has no screen of no size; the program must live with one.
fn emulated(length: u16) -> NonZeroU16 {
    NonZeroU16::new(length).unwrap_or(NonZeroU16::MIN)
}

fn winsize(rows: u16, cols: u16) -> Winsize {
    Winsize { ws_row: rows, ws_col: cols, ws_xpixel: 0, ws_ypixel: 0 }
}

impl Terminal {
    fn shown(&self) -> MutexGuard<'_, Shown> {
        self.shown.lock().expect("no reader panicked")
    }

    /// The program's process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Types this text, or keys from [`keys`].
    #[track_caller]
    pub fn send(&mut self, text: &str) {
        let master = self.master.as_mut().expect("the terminal is not hung up");
        master.write_all(text.as_bytes()).expect("the terminal takes keys");
    }

    /// Waits until the program has read every key that was typed; fails the test with the screen after [`PATIENCE`].
    #[track_caller]
    pub fn wait_read(&self) {
        let end = Instant::now() + PATIENCE;
        let unread = || other_side(&self.other).map(|side| ioctl_fionread(side).unwrap_or(0));
        // A program that has ended reads nothing any more.
        while unread().is_ok_and(|bytes| bytes > 0) {
            assert!(Instant::now() < end, "keys lie unread; the screen is:\n{}", self.text());
            sleep(Duration::from_millis(3));
        }
    }

    /// The screen as text: one line per row, trailing blanks cut.
    pub fn text(&self) -> String {
        self.shown().parser.screen().contents()
    }

    /// One row of the screen as text, counted from 0, trailing blanks cut.
    #[track_caller]
    pub fn row(&self, row: u16) -> String {
        let shown = self.shown();
        let screen = shown.parser.screen();
        let (rows, cols) = (u16::from(screen.size().0), u16::from(screen.size().1));
        assert!(row < rows, "row {row} of a screen of {rows}");
        let line = screen.contents_between(row, 0, row, cols);
        line.trim_end().to_owned()
    }

    /// The row that holds this text, counted from 0.
    pub fn row_of(&self, text: &str) -> Option<u16> {
        let rows = u16::from(self.shown().parser.screen().size().0);
        (0..rows).find(|row| self.row(*row).contains(text))
    }

    /// Reads more from the emulator: cells, colours, cursor, modes.
    pub fn screen<T>(&self, read: impl FnOnce(&vt100::Screen) -> T) -> T {
        read(self.shown().parser.screen())
    }

    /// When the program last wrote, and how many bytes in all.
    pub fn written(&self) -> (Instant, usize) {
        let shown = self.shown();
        (shown.last, shown.raw.len())
    }

    /// How many bytes the program has written.
    pub fn bytes(&self) -> usize {
        self.shown().raw.len()
    }

    /// Every byte that the program has written from `start` on.
    pub fn raw(&self, start: usize) -> Vec<u8> {
        self.shown().raw.get(start..).unwrap_or_default().to_vec()
    }

    /// Waits until the screen shows this text; fails the test with the screen after [`PATIENCE`].
    #[track_caller]
    pub fn wait_for(&self, text: &str) {
        self.wait_until(&format!("{text:?}"), |screen| screen.contents().contains(text));
    }

    /// Waits until the screen no longer shows this text; fails the test with the screen after [`PATIENCE`].
    #[track_caller]
    pub fn wait_gone(&self, text: &str) {
        self.wait_until(&format!("no {text:?}"), |screen| !screen.contents().contains(text));
    }

    /// Waits until the screen is as `holds` wants it; fails the test with the screen after [`PATIENCE`].
    #[track_caller]
    pub fn wait_until(&self, what: &str, holds: impl Fn(&vt100::Screen) -> bool) {
        self.wait_until_within(PATIENCE, what, holds);
    }

    /// The same with another patience, for what takes its time.
    #[track_caller]
    pub fn wait_until_within(
        &self,
        patience: Duration,
        what: &str,
        holds: impl Fn(&vt100::Screen) -> bool,
    ) {
        let end = Instant::now() + patience;
        while !self.screen(&holds) {
            assert!(Instant::now() < end, "waited for {what}; the screen is:\n{}", self.text());
            sleep(Duration::from_millis(3));
        }
    }

    /// Waits until nothing was written for `calm`, and returns how many bytes were written in all.
    #[track_caller]
    pub fn settle(&self, calm: Duration) -> usize {
        let end = Instant::now() + PATIENCE;
        loop {
            let (bytes, quiet) = {
                let shown = self.shown();
                (shown.raw.len(), shown.last.elapsed())
            };
            if quiet >= calm {
                return bytes;
            }
            assert!(Instant::now() < end, "still drawing; the screen is:\n{}", self.text());
            sleep(Duration::from_millis(3));
        }
    }

    /// Gives the screen a new size; the program gets SIGWINCH.
    pub fn resize(&self, rows: u16, cols: u16) {
        self.shown().parser.screen_mut().set_size(emulated(rows), emulated(cols));
        let master = self.master.as_ref().expect("the terminal is not hung up");
        tcsetwinsize(master, winsize(rows, cols)).expect("a window size");
    }

    /// Closes the terminal under the program, as a lost SSH connection does.
    pub fn hang_up(&mut self) {
        self.hung_up.store(true, Ordering::Release);
        if let Some(reader) = self.reader.take() {
            reader.join().expect("the reader does not panic");
        }
        self.master = None;
    }

    /// How the program ended, if it ends within this time.
    pub fn wait_exit(&mut self, patience: Duration) -> Option<ExitStatus> {
        let end = Instant::now() + patience;
        loop {
            let ended = self.child.try_wait().expect("the program can be waited for");
            if ended.is_some() || Instant::now() >= end {
                return ended;
            }
            sleep(Duration::from_millis(3));
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.hung_up.store(true, Ordering::Release);
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
