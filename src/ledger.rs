//! Entries, their exact bytes, the hash chain. It knows no database, no clock and no rules.
//!
//! An [`Entry`] is what the ledger holds. A [`Draft`] is what a command wants to append: the store gives it its
//! place, time and actor. [`Preimage`] is what the hash covers, and [`check_link`] holds an entry against the
//! one before it. A [`Body`] is kept, hashed and handed on as the bytes that were written once, never as a
//! parsed value written again: rewriting JSON changes large numbers and drops duplicate keys.

mod body;
mod chain;
mod hash;
mod head;
mod id;
mod strict;

pub use body::{Body, BodyFault, Origin, Salt};
pub use chain::{LinkFault, Tip, check_link};
pub use hash::{Hash, NotAHash, Preimage};
pub use head::{HeadCode, NotAHeadCode, head_code};
pub use id::{Id, NotAnId, automatic_id};

use crate::domain::time::Time;

/// One entry of the ledger as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its place: 1 for the first, without gaps.
    pub seq: i64,
    /// Its identity, unique in the ledger; the same id twice is written once.
    pub id: Id,
    /// The hash of the entry before it; 32 zero bytes for the first.
    pub prev: Hash,
    /// The hash of this entry.
    pub hash: Hash,
    /// The login of who wrote it, as the engine knew them.
    pub actor: String,
    /// The store's clock when it was written, never before the entry before it.
    pub at: Time,
    /// What happened, in the past tense: `change.requested`.
    pub kind: String,
    /// The reference of what it happened to.
    pub subject: String,
    /// The exact bytes of the [`Body`].
    pub body: Vec<u8>,
    /// The signature's bytes; empty if the entry is not signed.
    pub sig: Vec<u8>,
}

impl Entry {
    /// What the hash of this entry covers in the store of this id.
    pub fn preimage<'a>(&'a self, store_id: &'a str) -> Preimage<'a> {
        Preimage {
            store_id,
            seq: self.seq,
            prev: self.prev,
            actor: &self.actor,
            at: self.at,
            kind: &self.kind,
            subject: &self.subject,
            body: &self.body,
            sig: &self.sig,
        }
    }

    /// The body, parsed strictly; refused if it is not of the one form or names another id than the entry.
    pub fn parse_body(&self) -> Result<Body, BodyFault> {
        let body = Body::parse(&self.body)?;
        if body.id == self.id {
            Ok(body)
        } else {
            Err(BodyFault::OtherId { entry: self.id, body: body.id })
        }
    }
}

/// What a command wants to append: everything but place, time, actor and hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The identity that the entry will have.
    pub id: Id,
    /// What happened, in the past tense.
    pub kind: String,
    /// The reference of what it happened to.
    pub subject: String,
    /// The exact bytes of the body.
    pub body: Vec<u8>,
}

impl Draft {
    /// A draft of this body's id; refused if the body would not read back.
    pub fn new(
        kind: impl Into<String>,
        subject: impl Into<String>,
        body: &Body,
    ) -> Result<Self, BodyFault> {
        let bytes = body.to_bytes()?;
        Ok(Self { id: body.id, kind: kind.into(), subject: subject.into(), body: bytes })
    }

    /// The unsigned entry that follows `tip` in the store of this id.
    ///
    /// `now` is the store's clock; a clock that went back does not take the ledger along.
    pub fn seal(self, store_id: &str, tip: &Tip, actor: impl Into<String>, now: Time) -> Entry {
        let mut entry = Entry {
            seq: tip.seq.saturating_add(1),
            id: self.id,
            prev: tip.hash,
            hash: Hash::ZERO,
            actor: actor.into(),
            at: now.max(tip.at),
            kind: self.kind,
            subject: self.subject,
            body: self.body,
            sig: Vec::new(),
        };
        entry.hash = entry.preimage(store_id).hash();
        entry
    }
}
