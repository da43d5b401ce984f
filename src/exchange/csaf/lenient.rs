//! Building blocks of a reader that no wrong type stops: what has another type than expected reads as absent.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A string; a number or boolean as its text; anything else as absent.
#[derive(Clone, Debug, Default)]
pub(super) struct Text(pub(super) Option<String>);

impl Text {
    /// The trimmed text; empty counts as absent.
    pub(super) fn get(&self) -> Option<&str> {
        self.0.as_deref().map(str::trim).filter(|text| !text.is_empty())
    }

    /// The trimmed text or nothing, cut to `most` characters with a sign that it was cut, without NUL.
    pub(super) fn short(&self, most: usize) -> Option<String> {
        self.get().map(|text| shorten(text, most))
    }
}

/// Cuts at `most` characters and says so; NUL, which no store can hold, becomes a space.
pub(super) fn shorten(text: &str, most: usize) -> String {
    let mut out: String =
        text.chars().take(most).map(|c| if c == '\0' { ' ' } else { c }).collect();
    if text.chars().nth(most).is_some() {
        out.push('…');
    }
    out
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E>(self, text: &str) -> Result<Text, E> {
        Ok(Text(Some(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Text, E> {
        Ok(Text(Some(text)))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Text, E> {
        Ok(Text(Some(number.to_string())))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Text, E> {
        Ok(Text(Some(number.to_string())))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Text, E> {
        Ok(Text(Some(number.to_string())))
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Text, E> {
        Ok(Text(Some(yes.to_string())))
    }

    fn visit_unit<E>(self) -> Result<Text, E> {
        Ok(Text(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Text, A::Error> {
        drain_seq(seq).map(|()| Text(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Text, A::Error> {
        drain_map(map).map(|()| Text(None))
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

/// A list; one object or text alone counts as a list of it, anything else as empty.
#[derive(Clone, Debug)]
pub(super) struct Many<T>(pub(super) Vec<T>);

impl<T> Default for Many<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl Many<Text> {
    /// Every text that is one.
    pub(super) fn texts(&self) -> Vec<String> {
        self.0.iter().filter_map(|text| text.short(200)).collect()
    }
}

struct ManyVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ManyVisitor<T> {
    type Value = Many<T>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Many<T>, A::Error> {
        let mut out = Vec::new();
        while let Some(item) = seq.next_element()? {
            out.push(item);
        }
        Ok(Many(out))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Many<T>, A::Error> {
        drain_map(map).map(|()| Many(Vec::new()))
    }

    fn visit_str<E>(self, _: &str) -> Result<Many<T>, E> {
        Ok(Many(Vec::new()))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Many<T>, E> {
        Ok(Many(Vec::new()))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Many<T>, E> {
        Ok(Many(Vec::new()))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Many<T>, E> {
        Ok(Many(Vec::new()))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Many<T>, E> {
        Ok(Many(Vec::new()))
    }

    fn visit_unit<E>(self) -> Result<Many<T>, E> {
        Ok(Many(Vec::new()))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ManyVisitor(PhantomData))
    }
}

pub(super) fn drain_seq<'de, A: SeqAccess<'de>>(mut seq: A) -> Result<(), A::Error> {
    while seq.next_element::<IgnoredAny>()?.is_some() {}
    Ok(())
}

pub(super) fn drain_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<(), A::Error> {
    while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    Ok(())
}

/// Declares an object with the fields that are read; another type reads as an empty object, a key that comes twice
/// counts the last time and is remembered in `twice`.
macro_rules! record {
    ($(#[$doc:meta])* $name:ident { $($field:ident : $key:literal => $t:ty),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default)]
        pub(super) struct $name {
            $(pub(super) $field: $t,)+
            pub(super) twice: Vec<&'static str>,
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Object;
                impl<'de> serde::de::Visitor<'de> for Object {
                    type Value = $name;
                    fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                        f.write_str("an object")
                    }
                    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<$name, A::Error> {
                        let mut out = $name::default();
                        $(let mut $field = false;)+
                        while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
                            match key.as_ref() {
                                $($key => {
                                    if std::mem::replace(&mut $field, true) { out.twice.push($key); }
                                    out.$field = map.next_value()?;
                                })+
                                _ => { map.next_value::<serde::de::IgnoredAny>()?; }
                            }
                        }
                        Ok(out)
                    }
                    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, seq: A) -> Result<$name, A::Error> {
                        $crate::exchange::csaf::lenient::drain_seq(seq).map(|()| $name::default())
                    }
                    fn visit_str<E>(self, _: &str) -> Result<$name, E> { Ok($name::default()) }
                    fn visit_u64<E>(self, _: u64) -> Result<$name, E> { Ok($name::default()) }
                    fn visit_i64<E>(self, _: i64) -> Result<$name, E> { Ok($name::default()) }
                    fn visit_f64<E>(self, _: f64) -> Result<$name, E> { Ok($name::default()) }
                    fn visit_bool<E>(self, _: bool) -> Result<$name, E> { Ok($name::default()) }
                    fn visit_unit<E>(self) -> Result<$name, E> { Ok($name::default()) }
                }
                deserializer.deserialize_any(Object)
            }
        }
    };
}

pub(super) use record;
