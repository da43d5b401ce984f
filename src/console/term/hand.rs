//! Whether keys came from a hand or from a paste that does not say that it is one, by when each was read.
//!
//! A busy host takes keys late and then several at once: only when they left the line counts, not when the loop came to
//! them. It reads nothing and knows no clock.

use std::time::{Duration, Instant};

use super::decode::{Decoder, Strokes};

/// How long a lone Escape waits for the rest of a sequence; slow lines split them.
const ESCAPE_WAIT: Duration = Duration::from_millis(50);

/// How long a bracketed paste waits for more of it: its end may have been lost on the line, and must not take the keyboard.
const PASTE_WAIT: Duration = Duration::from_secs(1);

/// The key that cancels, as every terminal sends it.
const CTRL_C: &[u8] = b"\x03";

/// Two different keys closer than this were not struck by a hand: a paste on a slow line comes byte by byte.
const HAND: Duration = Duration::from_millis(8);

/// So long after a paste what comes is still of it: a line or a host that stalls breaks it into pieces.
const LULL: Duration = Duration::from_millis(60);

/// What was read, and when.
#[derive(Clone, Debug)]
pub struct Read {
    /// When it left the line.
    pub at: Instant,
    /// What it brought.
    pub bytes: Vec<u8>,
}

/// Turns reads into strokes that say whether a hand struck them.
#[derive(Debug, Default)]
pub struct Hand {
    decoder: Decoder,
    read_at: Option<Instant>,
    last: Option<(Instant, Strokes)>,
    lull: Option<Instant>,
}

impl Hand {
    /// The strokes that a read completes; none if it holds only a part of one.
    pub fn take(&mut self, read: &Read) -> Option<Strokes> {
        let Read { at, bytes } = read;
        let before = self.read_at.replace(*at);
        let mut strokes = Strokes::default();
        // Struck by itself in the midst of a paste it is no part of it.
        let alone = before.is_none_or(|before| at.saturating_duration_since(before) >= LULL);
        if self.decoder.is_pasting() && bytes == CTRL_C && alone {
            strokes = self.decoder.flush();
        }
        strokes = strokes.then(self.decoder.feed(bytes));
        if strokes.strokes.is_empty() {
            return None;
        }
        strokes.burst |= self.last.as_ref().is_some_and(|(then, before)| {
            at.saturating_duration_since(*then) < HAND && before.strokes != strokes.strokes
        }) || self.lull.is_some_and(|until| *at < until);
        if strokes.burst {
            self.lull = Some(*at + LULL);
        }
        self.last = Some((*at, strokes.clone()));
        Some(strokes)
    }

    /// How long what came in part waits for its rest; none if nothing waits.
    pub fn waits(&self) -> Option<Duration> {
        if self.decoder.is_pasting() {
            return Some(PASTE_WAIT);
        }
        self.decoder.is_waiting().then_some(ESCAPE_WAIT)
    }

    /// Takes what came in part as it is: its rest did not come.
    pub fn give_up(&mut self) -> Option<Strokes> {
        let strokes = self.decoder.flush();
        (!strokes.strokes.is_empty()).then_some(strokes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether each of these keys, read so many milliseconds after the first, is taken as part of a paste.
    fn bursts(keys: &[(u64, &str)]) -> Vec<bool> {
        let first = Instant::now();
        let mut hand = Hand::default();
        let mut take = |(after, key): &(u64, &str)| {
            let at = first + Duration::from_millis(*after);
            hand.take(&Read { at, bytes: key.as_bytes().to_vec() }).unwrap().burst
        };
        keys.iter().map(&mut take).collect()
    }

    #[test]
    fn keys_read_apart_are_a_hand_s_however_late_they_are_taken() {
        // All of them are taken at one moment: what was busy was the host.
        assert_eq!(bursts(&[(0, "a"), (90, "\x0f"), (200, "q"), (260, "q")]), [false; 4]);
    }

    #[test]
    fn different_keys_closer_than_a_hand_strikes_are_a_paste_until_it_rests() {
        let keys = [(0, "a"), (3, "\x0f"), (40, "y"), (99, "\r"), (160, "q")];
        assert_eq!(bursts(&keys), [false, true, true, true, false]);
    }

    #[test]
    fn a_key_that_is_held_is_no_paste() {
        assert_eq!(bursts(&[(0, "j"), (2, "j"), (4, "j")]), [false; 3]);
    }

    #[test]
    fn what_cancels_ends_a_paste_whose_end_was_lost_only_where_it_comes_alone() {
        let first = Instant::now();
        let read = |after, bytes: &[u8]| Read {
            at: first + Duration::from_millis(after),
            bytes: bytes.to_vec(),
        };
        let mut hand = Hand::default();
        assert!(hand.take(&read(0, b"\x1b[200~approve")).is_none());
        assert!(hand.take(&read(20, b"\x03")).is_none(), "it is of the paste");
        assert_eq!(hand.waits(), Some(PASTE_WAIT));
        assert!(hand.take(&read(120, b"\x03")).is_some());
        assert_eq!(hand.waits(), None);
    }
}
