//! How long work tells where it is, and how it is stopped. It draws nothing.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::store::fault::StoreError;

/// Where long work is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// What is being done: `entries`, `tables`, `file`.
    pub what: &'static str,
    /// How many are done.
    pub done: i64,
    /// How many there are, as far as is known.
    pub of: i64,
}

/// Tells somebody about the steps of long work and asks whether it shall go on.
#[derive(Clone, Copy)]
pub struct Progress<'a> {
    tell: &'a (dyn Fn(Step) + Send + Sync),
    stop: &'a AtomicBool,
}

fn nobody(_: Step) {}

static NEVER: AtomicBool = AtomicBool::new(false);

impl<'a> Progress<'a> {
    /// Tells `tell`, and ends when `stop` is set.
    pub const fn new(tell: &'a (dyn Fn(Step) + Send + Sync), stop: &'a AtomicBool) -> Self {
        Self { tell, stop }
    }

    /// Tells nobody and goes on to the end.
    pub const fn silent() -> Progress<'static> {
        Progress { tell: &nobody, stop: &NEVER }
    }

    /// Tells of a step.
    ///
    /// # Errors
    /// `Stopped` if the work shall end.
    pub fn step(&self, what: &'static str, done: i64, of: i64) -> Result<(), StoreError> {
        (self.tell)(Step { what, done, of });
        if self.stop.load(Ordering::Relaxed) { Err(StoreError::Stopped) } else { Ok(()) }
    }
}
