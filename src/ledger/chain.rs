//! The link from one entry to the next. Whether the rules would have allowed an entry is not asked here.

use super::{Entry, Hash};
use crate::domain::time::Time;

/// The end of a ledger: what the next entry is chained to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tip {
    /// The place of the last entry; 0 if there is none.
    pub seq: i64,
    /// The hash of the last entry; 32 zero bytes if there is none.
    pub hash: Hash,
    /// When the last entry was written.
    pub at: Time,
}

/// How an entry does not fit the one before it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkFault {
    /// An entry is missing, doubled or out of order.
    #[error("entry {found} stands where {expected} should: entries are missing or were put in")]
    Place {
        /// The place after the entry before.
        expected: i64,
        /// The place that the entry claims.
        found: i64,
    },
    /// The entry was chained to another one.
    #[error("entry {seq} is chained to {found}, but the entry before it has the hash {expected}")]
    Previous {
        /// The entry's place.
        seq: i64,
        /// The hash of the entry before.
        expected: Hash,
        /// The hash that the entry claims of it.
        found: Hash,
    },
    /// The entry was changed after it was written.
    #[error(
        "entry {seq} was changed: its content has the hash {expected}, it is stored with {found}"
    )]
    Content {
        /// The entry's place.
        seq: i64,
        /// The hash of what the entry holds.
        expected: Hash,
        /// The hash stored beside it.
        found: Hash,
    },
    /// The entry claims to be older than the one before it.
    #[error("entry {seq} is dated {found}, before the entry before it ({before})")]
    Time {
        /// The entry's place.
        seq: i64,
        /// The time of the entry before.
        before: Time,
        /// The time that the entry claims.
        found: Time,
    },
}

impl Tip {
    /// The end of a ledger without entries.
    pub const EMPTY: Self = Self { seq: 0, hash: Hash::ZERO, at: Time::from_micros(i64::MIN) };

    /// The end of a ledger whose last entry is this one, as it is stored.
    pub fn after(entry: &Entry) -> Self {
        Self { seq: entry.seq, hash: entry.hash, at: entry.at }
    }
}

/// Holds an entry of the store of this id against what stands before it; names the first fault.
///
/// A check that shall go on after a fault goes on from [`Tip::after`] the faulty entry as it is stored.
pub fn check_link(store_id: &str, before: &Tip, entry: &Entry) -> Result<(), LinkFault> {
    let seq = entry.seq;
    if before.seq.checked_add(1) != Some(seq) {
        return Err(LinkFault::Place { expected: before.seq.saturating_add(1), found: seq });
    }
    if entry.prev != before.hash {
        return Err(LinkFault::Previous { seq, expected: before.hash, found: entry.prev });
    }
    let content = entry.preimage(store_id).hash();
    if entry.hash != content {
        return Err(LinkFault::Content { seq, expected: content, found: entry.hash });
    }
    if entry.at < before.at {
        return Err(LinkFault::Time { seq, before: before.at, found: entry.at });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{Body, Draft, Origin, Salt, automatic_id};
    use super::*;

    const STORE: &str = "01KAMQ9R000000000000000000";

    fn ledger(length: i64) -> Vec<Entry> {
        let mut tip = Tip::EMPTY;
        let mut entries = Vec::new();
        for number in 1..=length {
            let id = automatic_id("test", "x", Time::from_micros(number));
            let from = Origin {
                host: "jh1".into(),
                tty: "pts/0".into(),
                via: "cli".into(),
                version: "0.1.0".into(),
                os_user: None,
            };
            let body = Body::new(id, Salt([1; 16]), 1, from, &serde_json::json!({ "n": number }));
            let draft = Draft::new("log.added", "LL-1", &body.unwrap()).unwrap();
            let entry = draft.seal(STORE, &tip, "alice", Time::from_micros(number * 10));
            tip = Tip::after(&entry);
            entries.push(entry);
        }
        entries
    }

    fn first_fault(store_id: &str, entries: &[Entry]) -> Option<LinkFault> {
        let mut tip = Tip::EMPTY;
        entries.iter().find_map(|entry| {
            let fault = check_link(store_id, &tip, entry).err();
            tip = Tip::after(entry);
            fault
        })
    }

    #[test]
    fn a_ledger_as_it_was_sealed_has_no_fault_but_in_another_store() {
        let entries = ledger(5);
        assert_eq!(first_fault(STORE, &entries), None);
        assert!(entries.iter().all(|entry| entry.parse_body().is_ok()));
        assert!(matches!(
            first_fault("01KAMQ9R000000000000000009", &entries),
            Some(LinkFault::Content { seq: 1, .. })
        ));
    }

    #[test]
    fn a_change_in_any_field_is_named_at_its_entry() {
        let changes: &[fn(&mut Entry)] = &[
            |entry| entry.actor.push('x'),
            |entry| entry.at = entry.at.plus_seconds(1),
            |entry| entry.kind.push('x'),
            |entry| entry.subject.push('x'),
            |entry| entry.body[0] ^= 1,
            |entry| entry.sig.push(0),
            |entry| entry.hash.0[31] ^= 1,
        ];
        for change in changes {
            let mut entries = ledger(5);
            change(&mut entries[2]);
            let fault = first_fault(STORE, &entries);
            assert!(matches!(fault, Some(LinkFault::Content { seq: 3, .. })), "{fault:?}");
        }
    }

    #[test]
    fn every_bit_of_an_entry_is_covered() {
        let clean = ledger(2);
        let tip = Tip::after(&clean[0]);
        let fields: &[fn(&mut Entry) -> &mut [u8]] =
            &[|entry| &mut entry.body, |entry| &mut entry.prev.0, |entry| &mut entry.hash.0];
        for field in fields {
            let length = field(&mut clean[1].clone()).len();
            for bit in 0..length * 8 {
                let mut entry = clean[1].clone();
                field(&mut entry)[bit / 8] ^= 1 << (bit % 8);
                assert!(check_link(STORE, &tip, &entry).is_err(), "bit {bit}");
                // Whatever the bytes are now, reading them ends in an answer.
                let _ = entry.parse_body();
            }
        }
    }

    #[test]
    fn a_missing_a_doubled_and_a_rechained_entry_are_named() {
        let mut entries = ledger(5);
        entries.remove(2);
        assert_eq!(first_fault(STORE, &entries), Some(LinkFault::Place { expected: 3, found: 4 }));
        let mut entries = ledger(5);
        entries.insert(2, entries[1].clone());
        assert_eq!(first_fault(STORE, &entries), Some(LinkFault::Place { expected: 3, found: 2 }));
        let mut entries = ledger(5);
        entries[2].actor = "mallory".into();
        entries[2].hash = entries[2].preimage(STORE).hash();
        assert!(matches!(first_fault(STORE, &entries), Some(LinkFault::Previous { seq: 4, .. })));
    }

    #[test]
    fn time_does_not_run_back_even_when_the_clock_does() {
        let entries = ledger(2);
        let tip = Tip::after(&entries[1]);
        let draft = || Draft {
            id: automatic_id("late", "", Time::default()),
            kind: "log.added".into(),
            subject: "LL-1".into(),
            body: Vec::new(),
        };
        let entry = draft().seal(STORE, &tip, "alice", Time::from_micros(0));
        assert_eq!(entry.at, tip.at);
        let mut back = draft().seal(STORE, &tip, "alice", Time::from_micros(0));
        back.at = Time::from_micros(0);
        back.hash = back.preimage(STORE).hash();
        assert!(matches!(check_link(STORE, &tip, &back), Err(LinkFault::Time { seq: 3, .. })));
    }

    #[test]
    fn a_body_of_another_entry_is_refused() {
        let mut entries = ledger(2);
        entries[1].body = entries[0].body.clone();
        let why = entries[1].parse_body().unwrap_err().to_string();
        assert!(why.contains("its body says"), "{why}");
    }
}
