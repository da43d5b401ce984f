//! The one place that reads this machine's clock; rules are given a time and never ask for one.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::domain::time::Time;

/// The wall clock of this machine, in whole microseconds UTC.
pub fn now() -> Time {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Time::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
