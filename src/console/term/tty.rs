//! The real input: a thread that reads the terminal, the signals, and a watch over the line.
//!
//! crossterm's event stream is not used: after a dropped session it reads end-of-file for ever at a full
//! processor core and never ends, and it hides how many keys came in one read.

use std::fs::File;
use std::io::{self, IsTerminal, Read as _};
use std::os::fd::AsFd;
use std::time::Duration;

use ratatui::layout::Size;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval, sleep_until};

use super::hand::{Hand, Read};
use super::{Hangup, Happening, Input};

/// How often the line is looked at, for the case that no signal told of its end.
const WATCH: Duration = Duration::from_secs(1);

/// The size taken when the terminal tells none, as serial lines do.
const UNTOLD: Size = Size::new(80, 24);

/// The terminal as a source of happenings.
#[derive(Debug)]
pub struct Tty {
    reads: mpsc::Receiver<Read>,
    hand: Hand,
    /// Until when what came in part waits for its rest.
    rest_until: Option<Instant>,
    watch: Interval,
    hup: Signal,
    term: Signal,
    int: Signal,
    stop: Signal,
    cont: Signal,
    winch: Signal,
}

impl Tty {
    /// Starts reading standard input; must run within a tokio runtime.
    pub fn open() -> io::Result<Self> {
        let (sender, reads) = mpsc::channel(64);
        let mut stdin = File::from(io::stdin().as_fd().try_clone_to_owned()?);
        std::thread::Builder::new().name("keyboard".into()).spawn(move || {
            let mut bytes = [0_u8; 4096];
            loop {
                match stdin.read(&mut bytes) {
                    Ok(0) => return,
                    Ok(n) => {
                        // Here and not where it is taken: a busy host takes it late.
                        let at = Instant::now();
                        let bytes = bytes.get(..n).unwrap_or_default().to_vec();
                        let read = Read { at: at.into_std(), bytes };
                        if sender.blocking_send(read).is_err() {
                            return;
                        }
                    }
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(_) => return,
                }
            }
        })?;
        let mut watch = interval(WATCH);
        watch.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let raw = |number: nix::sys::signal::Signal| signal(SignalKind::from_raw(number as i32));
        Ok(Self {
            reads,
            hand: Hand::default(),
            rest_until: None,
            watch,
            hup: signal(SignalKind::hangup())?,
            term: signal(SignalKind::terminate())?,
            int: signal(SignalKind::interrupt())?,
            stop: raw(nix::sys::signal::Signal::SIGTSTP)?,
            cont: raw(nix::sys::signal::Signal::SIGCONT)?,
            winch: signal(SignalKind::window_change())?,
        })
    }

    fn take(&mut self, read: &Read) -> Option<Happening> {
        let strokes = self.hand.take(read);
        self.rest_until = self.hand.waits().map(|wait| Instant::now() + wait);
        strokes.map(Happening::Strokes)
    }

    fn give_up_waiting(&mut self) -> Option<Happening> {
        self.rest_until = None;
        self.hand.give_up().map(Happening::Strokes)
    }
}

/// The terminal's present size, as the kernel knows it.
pub fn size() -> Size {
    match crossterm::terminal::size() {
        Ok((columns, rows)) if columns > 0 && rows > 0 => Size::new(columns, rows),
        Ok(_) | Err(_) => UNTOLD,
    }
}

/// Whether there is a person's terminal on both sides, without which there is no console.
pub fn is_terminal() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

impl Input for Tty {
    async fn next(&mut self) -> Happening {
        loop {
            let rest = self.rest_until;
            let happening = tokio::select! {
                biased;
                _ = self.hup.recv() => Some(Happening::Hangup(Hangup::Line)),
                _ = self.term.recv() => Some(Happening::Hangup(Hangup::Told)),
                _ = self.int.recv() => Some(Happening::Hangup(Hangup::Told)),
                _ = self.stop.recv() => Some(Happening::Suspend),
                _ = self.cont.recv() => Some(Happening::Resumed),
                _ = self.winch.recv() => Some(Happening::Resized(size())),
                read = self.reads.recv() => match read {
                    Some(read) => self.take(&read),
                    None => Some(Happening::Hangup(Hangup::Line)),
                },
                () = async { sleep_until(rest.unwrap_or_else(Instant::now)).await }, if rest.is_some() => {
                    self.give_up_waiting()
                }
                _ = self.watch.tick() => {
                    (!io::stdin().is_terminal()).then_some(Happening::Hangup(Hangup::Line))
                }
            };
            if let Some(happening) = happening {
                return happening;
            }
        }
    }

    fn ready(&mut self) -> Option<Happening> {
        while let Ok(read) = self.reads.try_recv() {
            if let Some(happening) = self.take(&read) {
                return Some(happening);
            }
        }
        None
    }
}
