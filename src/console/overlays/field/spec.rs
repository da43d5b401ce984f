//! What a field of a form is before anything is typed into it: its name, its kind, and when it must be given.

use crate::console::data::Looked;
use crate::safe_text::SafeText;

/// What a field is; forms are made from lists of these.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldSpec {
    /// Its name in the command, `rollback`.
    pub name: String,
    /// Its label in the form.
    pub label: SafeText,
    /// What can be entered.
    pub kind: FieldKind,
    /// Whether it must be given.
    pub required: bool,
    /// One sentence of help.
    pub help: SafeText,
    /// The heading that it stands under, in a form that is laid out by hand.
    pub group: Option<&'static str>,
    /// What another field must say before this one is asked for; then it must be given.
    pub needs: Option<Needs>,
    /// What another field must say for this one, which is asked for anyway, to be compulsory.
    pub must: Option<Needs>,
    /// What comes of what it says, where that is not seen from the form.
    pub tells: Option<Tells>,
}

/// What comes of a word in a field, while another field is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tells {
    /// The word.
    pub word: &'static str,
    /// The other field.
    pub without: &'static str,
    /// What comes of it, in one line of the form.
    pub said: &'static str,
}

/// What another field must say before one is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needs {
    /// The other field.
    pub field: String,
    /// The word that it must say; none for anything above `none`.
    pub word: Option<&'static str>,
}

impl Needs {
    /// Anything above `none` in this field.
    pub fn more(field: &str) -> Self {
        Self { field: field.to_owned(), word: None }
    }

    /// This word in this field.
    pub fn word(field: &str, word: &'static str) -> Self {
        Self { field: field.to_owned(), word: Some(word) }
    }

    /// Whether what was given there is enough.
    pub fn met(&self, typed: &str) -> bool {
        match self.word {
            Some(word) => typed == word,
            None => !typed.is_empty() && typed != "none",
        }
    }
}

/// What can be entered into a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum FieldKind {
    /// One line.
    #[default]
    Text,
    /// Several lines.
    LongText,
    /// A whole number between two bounds.
    Integer(i64, i64),
    /// Yes or no.
    Boolean,
    /// A time in the zone of the site; `+2h` counts from the field of this name, if one is named.
    Time(Option<String>),
    /// One of these values.
    Choice(Vec<String>),
    /// Any of these values.
    Many(Vec<String>),
    /// One of many values: a part of it is typed, and one is taken from those that hold the part.
    Pick(Vec<String>),
    /// References or words, separated by commas or spaces.
    List,
    /// Several things in people's own words, each after a semicolon.
    Lines,
    /// Something that the store knows, completed from there.
    Known(Looked),
    /// Several of them, separated by commas or spaces.
    Several(Looked),
    /// Fields of their own, sent as one object under this field's name.
    Group(Vec<FieldSpec>),
}
