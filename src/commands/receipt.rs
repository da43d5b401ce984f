//! What a command leaves in the hand of whoever handed it in.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::domain::names::Ref;
use crate::ledger::{HeadCode, Id};

/// Proof of a write: the subject, its entries, and the head of the ledger after them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The subject, with the number it was given.
    pub reference: Ref,
    /// The id of the first entry.
    pub id: Id,
    /// The entries, with those that followed.
    pub entries: Vec<i64>,
    /// The head after them.
    pub head: HeadCode,
    /// Whether the same id stood already, so that nothing was written now.
    pub repeated: bool,
}

impl Serialize for Receipt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Receipt", 5)?;
        out.serialize_field("ref", &self.reference)?;
        out.serialize_field("entries", &self.entries)?;
        out.serialize_field("head", &self.head)?;
        out.serialize_field("request_id", &self.id)?;
        out.serialize_field("repeated", &self.repeated)?;
        out.end()
    }
}
