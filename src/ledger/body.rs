//! The body of an entry: what a person chose, from where, why and because of what. Its bytes are written once.

use std::fmt;

use data_encoding::HEXLOWER;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::id::Id;
use super::strict;

/// What an entry says, in the order in which it is written.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The entry's id.
    pub id: Id,
    /// Randomness, so that a body taken out later cannot be guessed from its hash.
    pub salt: Salt,
    /// The version of the rules by which conclusions are drawn from this entry.
    pub v: u32,
    /// The site that the subject belongs to, if it belongs to one.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// The id of the entry that made this one follow.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub cause: Option<Id>,
    /// Why, in a person's words.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Where it was written from.
    pub from: Origin,
    /// The fields of its kind: an object as it was written, without fractions and without a key twice.
    pub data: Box<RawValue>,
}

/// Where an entry was written from, as the program saw it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// The host's name.
    pub host: String,
    /// The terminal, empty if there was none.
    pub tty: String,
    /// The way in: `console`, `cli`, `tick`, …
    pub via: String,
    /// The version of the program.
    pub version: String,
    /// The operating system's user, where it is not the actor.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub os_user: Option<String>,
}

/// 16 random bytes, written as 32 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt(pub [u8; 16]);

/// Why bytes are no body of an entry.
#[derive(Debug, thiserror::Error)]
pub enum BodyFault {
    /// Not JSON of the one form.
    #[error("the body is not of the form that this program writes: {0}")]
    Form(#[source] serde_json::Error),
    /// The data breaks a rule for values, or does not fit its kind.
    #[error("the body's data is refused: {0}")]
    Data(#[source] serde_json::Error),
    /// The body belongs to another entry.
    #[error("the entry has the id {entry}, its body says {body}")]
    OtherId {
        /// The id beside the body.
        entry: Id,
        /// The id in the body.
        body: Id,
    },
}

impl Body {
    /// A body without site, cause and reason, around the data of a kind.
    pub fn new(
        id: Id,
        salt: Salt,
        v: u32,
        from: Origin,
        data: &impl Serialize,
    ) -> Result<Self, BodyFault> {
        let data = serde_json::value::to_raw_value(data).map_err(BodyFault::Data)?;
        strict::check_object(data.get()).map_err(BodyFault::Data)?;
        Ok(Self { id, salt, v, site: None, cause: None, reason: None, from, data })
    }

    /// Reads a body strictly: no unknown or repeated key anywhere but in the texts, no fractions, nothing after it.
    pub fn parse(bytes: &[u8]) -> Result<Self, BodyFault> {
        let body: Self = serde_json::from_slice(bytes).map_err(BodyFault::Form)?;
        strict::check_object(body.data.get()).map_err(BodyFault::Data)?;
        Ok(body)
    }

    /// The bytes to store and to hash, with the fields in their one order.
    pub fn to_bytes(&self) -> Result<Vec<u8>, BodyFault> {
        strict::check_object(self.data.get()).map_err(BodyFault::Data)?;
        serde_json::to_vec(self).map_err(BodyFault::Form)
    }

    /// The data as the fields of its kind.
    pub fn data<T: DeserializeOwned>(&self) -> Result<T, BodyFault> {
        serde_json::from_str(self.data.get()).map_err(BodyFault::Data)
    }
}

/// A field that may be left out may still not be null.
fn present<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Salt({})", HEXLOWER.encode(&self.0))
    }
}

impl Serialize for Salt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&HEXLOWER.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Salt {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = HEXLOWER.decode(text.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
        bytes
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom("salt must be 32 hex digits in lower case"))
    }
}

#[cfg(test)]
mod tests;
