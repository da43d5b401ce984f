//! What a value in a body may be: objects, lists, texts, integers, truth values and null, each key once.
//!
//! No fractions: JSON readers round them each in their own way, and a number that is signed must mean one thing.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Stands for a value that was read whole and found within the rules.
#[derive(Debug)]
pub struct Checked;

/// Reads `json` to its end, without keeping it: it must be one object within the rules.
pub fn check_object(json: &str) -> Result<(), serde_json::Error> {
    if !json.trim_start().starts_with('{') {
        return Err(Error::custom("data must be an object"));
    }
    serde_json::from_str::<Checked>(json).map(|Checked| ())
}

impl<'de> Deserialize<'de> for Checked {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Rules)
    }
}

/// A key as it stands in the text, copied only where it is written with escapes.
#[derive(Deserialize)]
struct Key<'k>(#[serde(borrow)] Cow<'k, str>);

/// The keys of one object so far. Most objects have few: then looking along them is faster than any table.
#[derive(Default)]
struct Keys<'de> {
    few: Vec<Cow<'de, str>>,
    many: HashSet<Cow<'de, str>>,
}

/// From so many keys on, a table is worth its making.
const FEW: usize = 24;

impl<'de> Keys<'de> {
    /// Takes a key; gives it back if it was there.
    fn again(&mut self, key: Cow<'de, str>) -> Option<Cow<'de, str>> {
        if self.many.contains(&key) || self.few.contains(&key) {
            return Some(key);
        }
        if self.few.len() < FEW {
            self.few.push(key);
        } else {
            self.many.insert(key);
        }
        None
    }
}

struct Rules;

impl<'de> Visitor<'de> for Rules {
    type Value = Checked;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object, a list, a text, an integer, true, false or null")
    }

    fn visit_unit<E>(self) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Checked, E> {
        // What no column of a database can hold.
        i64::try_from(number).map(|_| Checked).map_err(|_| {
            E::custom(format_args!("{number} is too large for an integer: write it as a text"))
        })
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Checked, E> {
        Err(E::custom(format_args!("{number} is no integer: write a fraction as a text")))
    }

    fn visit_str<E>(self, _: &str) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Checked, A::Error> {
        while list.next_element::<Checked>()?.is_some() {}
        Ok(Checked)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Checked, A::Error> {
        let mut keys = Keys::default();
        while let Some(Key(key)) = object.next_key()? {
            object.next_value::<Checked>()?;
            if let Some(twice) = keys.again(key) {
                return Err(A::Error::custom(format_args!("the key {twice:?} stands twice")));
            }
        }
        Ok(Checked)
    }
}
