//! How the store stands, as its feed tells: that it does not answer, that it is not what it should be.

use std::sync::atomic::Ordering;

use super::{SKEW, Shared};
use crate::console::data::Cut;
use crate::console::widgets::bars::Condition;
use crate::domain::alarm::AlarmKind;
use crate::domain::time::Time;
use crate::safe_text::SafeText;
use crate::store::feed::{State, Tail};
use crate::store::query::Touched;

impl Shared {
    /// What this console finds wrong with the store by itself, while it answers: that it went backwards, that it is not
    /// what it should be, that its clock is another.
    pub fn conditions(&self) -> Vec<Condition> {
        let mut found = Vec::new();
        if let Ok(Some(condition)) = self.wrong.lock().map(|wrong| wrong.clone()) {
            found.push(condition);
        }
        let ahead = self.ahead.load(Ordering::Relaxed).saturating_abs();
        if self.still.is_none() && ahead >= SKEW {
            let why = SafeText::from(format!("{} s apart", ahead / 1_000_000));
            found.push(Condition::new(AlarmKind::ClockSkew, why));
        }
        found
    }

    /// Takes note of how the store stands, as its feed tells.
    fn note(&self, tail: &Tail) {
        let wrong = match &tail.state {
            // What was wrong with it is not mended by its silence.
            State::Stale { .. } => None,
            State::Live => Some(None),
            State::Alarm { why, backwards, .. } => {
                let kind = if *backwards {
                    AlarmKind::StoreBackwards
                } else {
                    AlarmKind::VerificationFault
                };
                Some(Some(Condition::new(kind, SafeText::from(why.as_str()))))
            }
        };
        if let (Some(wrong), Ok(mut kept)) = (wrong, self.wrong.lock()) {
            *kept = wrong;
        }
        let cut = match &tail.state {
            State::Stale { since, why } => {
                Some(Cut { since: self.by_the_store(*since), why: SafeText::from(why.as_str()) })
            }
            State::Live | State::Alarm { .. } => None,
        };
        self.cut.send_if_modified(|kept| {
            let differs = *kept != cut;
            *kept = cut;
            differs
        });
    }

    /// Takes note of what the entries of the news may have written: whoever reads between the same two ends need not ask.
    fn follow(&self, tail: &Tail) {
        if let (Some((from, upto)), Ok(mut kept)) = (tail.between, self.touched.lock()) {
            let kinds = tail.entries.iter().map(|entry| entry.kind.as_str());
            *kept = Some((from, upto, Touched::by(kinds)));
        }
    }

    /// An instant of this host's clock, by the store's.
    pub fn by_the_store(&self, at: Time) -> Time {
        let ahead = self.ahead.load(Ordering::Relaxed);
        Time::from_micros(at.micros().saturating_add(ahead))
    }

    /// Takes note of news; says whether they are a reason to read again, which a lost store is not.
    pub fn is_news(&self, tail: &Tail) -> bool {
        self.note(tail);
        self.follow(tail);
        !matches!(tail.state, State::Stale { .. })
    }
}
