//! How the object of an open form stands: what was read when it was opened, and what became of it since.
//!
//! What is decided on is held word for word against what stands in the store; where it is another, nothing goes through
//! until whoever decides has had time to read it.

use serde_json::Value;

use super::Form;
use crate::console::data::{Ask, Failure, Over, Start};
use crate::console::widgets::doc::{Doc, Line};
use crate::domain::refusal::Code as Refused;
use crate::domain::time::Time;
use crate::safe_text::SafeText;

/// How often a form is handed in once more by itself, where others write at the same time and nothing that it shows changes.
const RESENT: u8 = 3;

/// The field that is filled in where one is asked for a word.
const OWN: &str = "discipline";

/// What stands above the lines that were not there when the form was opened.
const NEWS: &str = "NEW SINCE THIS FORM WAS OPENED";

/// Seconds in which what has just become another cannot be decided on: nobody has read it yet.
const READING: i64 = 2;

impl Form {
    /// What is to be read again because its object moved while the form stood open; none if it did not.
    pub fn again(&self, failure: &Failure) -> Option<Ask> {
        let Failure::Refused { code, .. } = failure else { return None };
        (code.as_str() == Refused::Stale.word()).then(|| self.anew()).flatten()
    }

    /// What keeps a form up to its object while it stands open; none for a form that is about none, or that is on its
    /// way.
    pub fn follow(&self) -> Option<Ask> {
        let follows = self.read && !self.sending && !self.moved;
        self.anew().filter(|_| follows)
    }

    fn anew(&self) -> Option<Ask> {
        let about = self.about.as_ref()?;
        let reference = Some(about.reference.clone());
        Some(Ask::Prefill { command: self.command.clone(), reference, into: None })
    }

    fn expects(&self) -> bool {
        self.fixed.contains_key("expect")
    }

    /// Takes how its object stands now: what is submitted from here on is held against that. Says whether it is to be handed
    /// in again: what was read when it was submitted is, word for word, what stands there now.
    pub fn stands(&mut self, start: Start, now: Time) -> bool {
        let moved = std::mem::take(&mut self.moved);
        let over = self.began.contains_key(OWN) && !start.values.contains_key(OWN);
        if self.read && !moved {
            // What is on its way was decided on what was read before.
            if !self.sending {
                self.followed(start, over, now);
            }
            return false;
        }
        self.seen = start.last.as_ref().map(|last| last.seq);
        if let Some(over) = start.over.as_ref().filter(|_| self.about.is_some()) {
            self.is_over(over);
            if moved {
                return false;
            }
        }
        if moved && over {
            self.waits_no_more();
            self.say("; it waits for you no more: leave with Ctrl-X");
            return false;
        }
        if moved && self.read && start.values != self.began {
            // What was filled in is of before: sent on, it would undo what somebody else wrote.
            self.say("; what was filled in here is of before: leave with Ctrl-X and begin anew");
            return false;
        }
        let same = !start.brief.0.is_empty() && start.brief == self.brief;
        self.narrow(&start.choices);
        self.prefill(&start.values);
        self.began = start.values;
        self.require(start.needs);
        // What was told from the row is not taken away by a store that has nothing to add.
        if moved || !start.brief.0.is_empty() {
            self.brief = start.brief;
        }
        self.so_far = start.so_far;
        self.read = true;
        if moved {
            self.fixed.insert("expect".to_owned(), Value::from(start.version));
            if same && self.resent < RESENT {
                self.resent += 1;
                return true;
            }
            self.say("; what stands here is as it is now, and Ctrl-O submits it all the same");
        }
        false
    }

    /// Takes what became of its object while the form stood open.
    fn followed(&mut self, start: Start, over: bool, now: Time) {
        if let Some(over) = &start.over {
            return self.is_over(over);
        }
        if self.over.take().is_some() {
            self.banner = None;
        }
        if over {
            self.waits_no_more();
            self.banner = None;
            self.say("it waits for you no more: leave with Ctrl-X");
            return;
        }
        let news = start.last.as_ref().filter(|last| Some(last.seq) != self.seen);
        let news = news.map(|last| self.changed(&last.words()));
        self.seen = start.last.as_ref().map(|last| last.seq);
        if start.values != self.began {
            // The store says so too when it is handed in.
            if news.is_some() {
                self.banner = news;
                self.say(
                    "; what was filled in here is of before: leave with Ctrl-X and begin anew",
                );
            }
            return;
        }
        // Who said yes meanwhile stands above; anything else is said in a line.
        if start.so_far.0.is_empty() {
            self.banner = news.or(self.banner.take());
        }
        self.so_far = start.so_far;
        if self.expects() {
            self.fixed.insert("expect".to_owned(), Value::from(start.version));
        }
        if start.brief != self.brief {
            let news = start.brief.0.iter().filter(|line| !self.brief.0.contains(line));
            let news: Vec<Line> = news.cloned().collect();
            self.news =
                if news.is_empty() { Doc::default() } else { Doc::titled(SafeText::fixed(NEWS)) };
            self.news.0.extend(news);
            self.brief = start.brief;
            self.turned = Some(now);
            self.leafed = 0;
            self.banner = None;
            self.say("what stands above has just become another: read it before you go on");
        }
    }

    /// Its object allows no more what it would do: what was typed is kept for whoever wants it.
    fn is_over(&mut self, over: &Over) {
        self.over = Some(over.head.clone());
        self.banner = Some(over.why.clone());
        self.say(": Esc leaves and keeps what was typed");
    }

    /// The same where nothing but its board says so.
    fn waits_no_more(&mut self) {
        let on = self.about.as_ref().map_or("this", |about| &about.reference);
        self.over = Some(SafeText::from(format!("OVER: nothing of {on} waits for you")));
    }

    /// That its object changed while it stood open.
    fn changed(&self, words: &str) -> SafeText {
        let on = self.about.as_ref().map_or("it", |about| &about.reference);
        SafeText::from(format!("{on} changed meanwhile: {words}"))
    }

    /// Whether what is decided on became another so lately that nobody has read it.
    pub(super) fn unread(&self, now: Time) -> bool {
        self.turned.is_some_and(|turned| now.seconds_since(turned) < READING)
    }

    /// What became another while something else lay over the form is read from now on.
    pub fn uncovered(&mut self, since: Time, now: Time) {
        if self.turned.is_some_and(|turned| turned >= since) {
            self.turned = Some(now);
        }
    }

    fn say(&mut self, more: &'static str) {
        let said = self.banner.take().unwrap_or_default();
        self.banner = Some(SafeText::join(&[said, SafeText::fixed(more)], ""));
    }

    /// Takes the answer to a submission that was not done; the form stays as it is.
    pub fn failed(&mut self, failure: &Failure) {
        self.sending = false;
        self.moved = self.again(failure).is_some();
        self.banner = Some(match failure {
            // What to do about it follows when it was read again.
            Failure::Refused { message, .. } if self.moved => message.clone(),
            Failure::Refused { .. } | Failure::Unavailable(_) | Failure::Unknown(_) => {
                failure.line()
            }
        });
        if let Failure::Refused { field: Some(name), message, .. } = failure
            && let Some(at) = self.fields.iter().position(|field| field.spec.name == *name)
        {
            self.stand(at);
            if let Some(field) = self.fields.get_mut(at) {
                field.error = Some(message.clone());
            }
        }
    }
}
