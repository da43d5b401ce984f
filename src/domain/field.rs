//! The types of command fields, as data: forms, documents, completion and help are derived from them.

use serde::Serialize;

use super::discipline::Discipline;
use super::names::{Login, Ref, SiteCode, Tag, Word};
use super::role::Role;
use super::text::{Line, Prose};
use super::time::Time;

/// The type of a field, for forms and documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Type {
    /// One line of text.
    Line,
    /// Text of several lines.
    Prose,
    /// A whole number within bounds.
    Integer {
        /// The least value.
        least: i64,
        /// The greatest value.
        most: i64,
    },
    /// True or false.
    Boolean,
    /// An instant with its zone.
    Time,
    /// One of these words.
    Choice {
        /// The words.
        words: &'static [&'static str],
    },
    /// A site's code.
    Site,
    /// A person's login.
    Login,
    /// An asset's tag.
    Tag,
    /// A short code.
    Word,
    /// A reference to a subject.
    Ref,
    /// An IANA time zone.
    Zone,
    /// Any number of one type.
    List {
        /// The type of each.
        of: &'static Type,
    },
    /// A group of named fields.
    Group {
        /// The fields.
        fields: &'static [Field],
    },
}

/// One field of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Field {
    /// The field's name in JSON.
    pub name: &'static str,
    /// Its type.
    #[serde(flatten)]
    pub of: Type,
    /// Whether it must be given.
    pub required: bool,
    /// One sentence for whoever fills it in.
    pub help: &'static str,
}

/// A Rust type that has a field type.
pub trait Typed {
    /// The field type that stands for it.
    const TYPE: Type;
}

macro_rules! typed {
    ($($t:ty => $of:expr),+ $(,)?) => { $( impl Typed for $t { const TYPE: Type = $of; } )+ };
}

typed! {
    Line => Type::Line,
    Prose => Type::Prose,
    bool => Type::Boolean,
    Time => Type::Time,
    SiteCode => Type::Site,
    Login => Type::Login,
    Tag => Type::Tag,
    Word => Type::Word,
    Ref => Type::Ref,
    Discipline => Type::Choice { words: Discipline::WORDS },
    Role => Type::Choice { words: Role::WORDS },
}

impl<T: Typed> Typed for Vec<T> {
    const TYPE: Type = Type::List { of: &T::TYPE };
}

/// Strips the raw marker from a field name such as `r#ref`.
pub const fn plain(name: &'static str) -> &'static str {
    match name.as_bytes() {
        [b'r', b'#', ..] => name.split_at(2).1,
        _ => name,
    }
}
