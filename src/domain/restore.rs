//! Restores: a store that was put back from a backup, who said so, and which remembered heads that explains.
//!
//! A console that saw a newer head refuses the store until two persons have said that the entries are lost. That
//! does not bring them back, and it explains no other fork.

use std::fmt;

use super::command::Subject;
use super::head::HeadCode;
use super::names::{Login, Ref};
use super::refusal::{Code, Refusal, Verdict};
use super::text::Line;
use super::time::Time;
use crate::subject;

subject! {
    "restore";
    /// Says that entries are lost and that the store was put back from a backup; a second person confirms it.
    Restore => Proposed("store.restore" => "store.restore-proposed") Admin writes ["restore"]
    { old_head: HeadCode = "The last head that anybody saw before, SEQ:CODE."; reason: Line = "What happened, and why it is lost."; ;
      backup_head: HeadCode = "The backup's own head, SEQ:CODE, if entries were written since it was put back; else where the ledger ends now."; }
    /// Confirms, as a second person, that the entries up to the old head are lost.
    ConfirmRestore => Restored("store.confirm-restore" => "store.restored") Confirm writes ["restored"]
    { old_head: HeadCode = "The old head of the proposal, typed again."; ; }
}

impl Kind {
    /// A restore is called by the head that is lost.
    pub fn subject(&self) -> Subject {
        let old = match self {
            Self::Proposed(made) => &made.old_head,
            Self::Restored(made) => &made.old_head,
        };
        Subject::Is(Ref::from(old))
    }
}

impl Restore {
    /// The last entry that was not lost, for a proposal that is entry `seq`.
    pub const fn kept(&self, seq: i64) -> i64 {
        match &self.backup_head {
            Some(head) => head.seq,
            None => seq.saturating_sub(1),
        }
    }

    /// Whether the proposal, as entry `seq`, names entries that can be lost.
    pub fn check(&self, seq: i64) -> Verdict {
        let kept = self.kept(seq);
        if kept >= seq || kept < 1 {
            return Err(Refusal::new(
                Code::Invalid,
                format!("a backup cannot end at entry {kept} of a ledger that ends at {}", seq - 1),
                "give the head of the backup as `smc backup` printed it",
            ));
        }
        if self.old_head.seq <= kept {
            return Err(Refusal::new(
                Code::Invalid,
                format!("nothing after entry {kept} is lost if the old head was {}", self.old_head),
                "give the last head that anybody saw; if entries were written since the backup was put back, give the backup's own in `backup_head`",
            ));
        }
        Ok(())
    }
}

/// Whether this person may confirm what that person proposed.
pub fn confirms(person: &Login, proposer: &str) -> Verdict {
    if person.as_str() == proposer {
        return Err(Refusal::new(
            Code::FourEyes,
            format!("{person} proposed this restore"),
            format!("somebody else confirms it: {}", super::role::Right::Confirm.who()),
        ));
    }
    Ok(())
}

/// Entries that are lost, on the word of two persons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// The entry by which it was confirmed.
    pub seq: i64,
    /// The entry by which it was proposed.
    pub proposal: i64,
    /// The last entry that was not lost.
    pub kept: i64,
    /// The end of what is lost.
    pub old_head: HeadCode,
    /// Why, in the proposer's words.
    pub reason: String,
    /// Who proposed it.
    pub proposed_by: String,
    /// When.
    pub proposed_at: Time,
    /// Who confirmed it.
    pub confirmed_by: String,
    /// When.
    pub confirmed_at: Time,
}

impl Loss {
    /// Whether a head that the ledger does not hold is of the entries that were lost here; `dated` is when its
    /// entry was written.
    ///
    /// What was written after the proposal follows it in this ledger, and must be there: its loss is another one.
    pub fn explains(&self, seen: &HeadCode, dated: Time) -> bool {
        let within = self.kept < seen.seq && seen.seq <= self.old_head.seq;
        let end = seen.seq != self.old_head.seq || *seen == self.old_head;
        within && end && dated < self.proposed_at
    }

    /// The same for a head on paper, which has no date: the old head itself, or a place before the proposal.
    pub fn explains_undated(&self, seen: &HeadCode) -> bool {
        *seen == self.old_head || (self.kept < seen.seq && seen.seq < self.proposal)
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the store was put back from a backup: every entry after {} up to {} is lost. {} said so at {:#}: {}. {} confirmed it at {:#} (entry {}). What you did after entry {} is not in the store",
            self.kept,
            self.old_head,
            self.proposed_by,
            self.proposed_at,
            self.reason,
            self.confirmed_by,
            self.confirmed_at,
            self.seq,
            self.kept
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(seq: i64, byte: u8) -> HeadCode {
        HeadCode::new(seq, [byte; 10])
    }

    fn loss() -> Loss {
        Loss {
            seq: 53,
            proposal: 52,
            kept: 50,
            old_head: head(100, 1),
            reason: "the disk burnt".to_owned(),
            proposed_by: "ann".to_owned(),
            proposed_at: Time::from_micros(1_000),
            confirmed_by: "ben".to_owned(),
            confirmed_at: Time::from_micros(1_001),
        }
    }

    #[test]
    fn a_loss_explains_the_old_head_and_every_earlier_head_of_the_lost_entries() {
        let before = Time::from_micros(999);
        for seen in [head(100, 1), head(99, 7), head(53, 7), head(51, 7)] {
            assert!(loss().explains(&seen, before), "{seen}");
        }
        for seen in [head(100, 2), head(101, 1), head(50, 7), head(1, 7)] {
            assert!(!loss().explains(&seen, before), "{seen}");
        }
    }

    #[test]
    fn what_was_written_after_a_restore_is_not_excused_by_it() {
        for dated in [1_000, 1_001, 2_000] {
            assert!(!loss().explains(&head(60, 7), Time::from_micros(dated)));
        }
        assert!(loss().explains_undated(&head(51, 7)));
        assert!(!loss().explains_undated(&head(60, 7)));
        assert!(loss().explains_undated(&head(100, 1)));
    }

    #[test]
    fn a_proposal_names_entries_that_can_be_lost() {
        let proposal = |old, backup: Option<i64>| Restore {
            old_head: head(old, 1),
            reason: Line::new("x").unwrap(),
            backup_head: backup.map(|seq| head(seq, 2)),
        };
        assert_eq!(proposal(100, None).kept(51), 50);
        assert!(proposal(100, None).check(51).is_ok());
        assert!(proposal(51, None).check(51).is_ok());
        assert!(proposal(50, None).check(51).is_err());
        assert!(proposal(60, Some(50)).check(80).is_ok());
        assert!(proposal(60, Some(60)).check(80).is_err());
        assert!(proposal(100, Some(80)).check(80).is_err());
        assert!(proposal(100, Some(0)).check(80).is_err());
    }

    #[test]
    fn nobody_confirms_their_own_proposal() {
        let ann = Login::new("ann").unwrap();
        assert_eq!(confirms(&ann, "ann").unwrap_err().code, Code::FourEyes);
        assert!(confirms(&ann, "ben").is_ok());
    }
}
