//! What the console asks the store for, and what comes back. The words between `update` and the jobs.

use std::any::Any;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::keys::Scope;
use super::screens::Focus;
use super::widgets::bars::{Attention, Status, Tab};
use super::widgets::doc::Doc;
use super::widgets::tiles::Tile;
use crate::domain::time::Time;
use crate::domain::wrote::Wrote;
use crate::safe_text::SafeText;

/// Where an answer goes; a newer question for the same slot makes the older one void.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// The rows that frame every screen.
    Bars,
    /// The tiles of the watch.
    Tiles,
    /// A screen, by the number that it got when it was opened.
    Screen(u64),
    /// The open form's values.
    Prefill,
    /// What completes the field that one stands in.
    Suggestions,
    /// The objects that the palette's letters find.
    Found,
    /// How the objects of unfinished forms stand.
    Drafts,
}

/// What a field or the palette looks up in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Looked {
    /// A row of this list, of those that this filter leaves.
    In(&'static str, &'static str),
    /// A vendor's person, by login or name; only of the vendor that the form names.
    VendorPerson,
    /// What stands against the object that the form names.
    Conflict,
    /// An incident or a risk at the site of the report that the form names.
    Linked,
}

impl Looked {
    /// A site, by its code.
    pub const SITE: Self = Self::In("sites", "");
    /// A zone, by its code.
    pub const ZONE: Self = Self::In("zones", "");
    /// An asset, `SITE/tag`.
    pub const ASSET: Self = Self::In("assets", "");
    /// A person, by login.
    pub const PERSON: Self = Self::In("people", "state:active");
    /// A vendor, by its short code.
    pub const VENDOR: Self = Self::In("vendors", "");
    /// A change.
    pub const CHANGE: Self = Self::In("changes", "");

    /// Whether it is of the site that the form names; people and vendors come from anywhere.
    pub fn is_of_a_site(self) -> bool {
        match self {
            Self::In(list, _) => !["sites", "people", "vendors", "incidents"].contains(&list),
            Self::VendorPerson | Self::Conflict | Self::Linked => false,
        }
    }
}

/// One thing that completes what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// What the field takes.
    pub value: String,
    /// What it is, in words.
    pub said: SafeText,
}

/// One object that the palette found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its reference.
    pub reference: String,
    /// Its title.
    pub title: SafeText,
    /// Its kind.
    pub scope: Scope,
}

/// A look at the whole store, which may take long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// The ledger is hashed and replayed under the rules, and every table compared.
    Verify,
    /// What may be wrong around the store.
    Doctor,
}

/// A question to the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// The highest alarm and the counts, what waits on each numbered screen, modes, store and scope.
    Bars,
    /// The whole span of control at a glance.
    Tiles,
    /// Rows of a subject, by the names that `smc list` uses.
    List {
        /// The subject.
        subject: &'static str,
        /// The filter in the words of the filter line.
        filter: String,
        /// Where to go on, from [`Page::next`](super::widgets::list::Page::next).
        after: Option<String>,
        /// Most rows to read.
        limit: usize,
    },
    /// A whole object.
    Object {
        /// Its reference.
        reference: String,
    },
    /// The entries of the ledger about an object.
    History {
        /// Its reference.
        reference: String,
    },
    /// Why an object stands as it does.
    Why {
        /// Its reference.
        reference: String,
    },
    /// Who decides about an object.
    WhoDecides {
        /// Its reference.
        reference: String,
    },
    /// What a form starts with.
    Prefill {
        /// The command of the form.
        command: String,
        /// The object that it is about or that one came from, if there is one.
        reference: Option<String>,
        /// What was picked for that object to be put into.
        into: Option<String>,
    },
    /// Whether the objects of unfinished forms still allow what they would do.
    Over {
        /// Each command with the object that it is about.
        of: Vec<(String, String)>,
    },
    /// What a word of the filter line may be followed by.
    Values {
        /// What it names.
        of: Looked,
        /// How it begins.
        begins: String,
    },
    /// What completes a field; a few rows at most.
    Suggest {
        /// What is looked for.
        of: Looked,
        /// What was typed of it.
        typed: String,
        /// The site or the vendor that it must be of, if the form names one.
        within: Option<String>,
    },
    /// What a look at the whole store finds.
    Check(Check),
    /// The objects of every kind that these words find; a few of each at most.
    Find {
        /// The words.
        words: String,
    },
}

/// An object as a document, with the actions that it does not allow now and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object {
    /// What it says.
    pub doc: Doc,
    /// Ids of actions that are off, with the reason.
    pub denied: BTreeMap<&'static str, SafeText>,
    /// How it stands on the watch, if it does.
    pub now: Option<Now>,
    /// How its commands know it as it now stands, where it is decided on.
    pub focus: Option<Box<Focus>>,
}

/// The rows that frame every screen, of one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bars {
    /// Row 1.
    pub attention: Attention,
    /// Row 2 and the last row; none of a store that answers no question, which is no reason to hide what is wrong with
    /// it.
    pub frame: Option<Frame>,
}

/// Row 2 and the last row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// Row 2, in the order of the screens' numbers.
    pub tabs: Vec<Tab>,
    /// The last row.
    pub status: Status,
}

/// What a form starts with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Start {
    /// Values by field name.
    pub values: Map<String, Value>,
    /// What is decided on, where the form is a decision.
    pub brief: Doc,
    /// What others said of it so far.
    pub so_far: Doc,
    /// Fields that this object makes compulsory.
    pub needs: &'static [&'static str],
    /// Fields of which only these words apply to this object and this person.
    pub choices: Vec<(&'static str, Vec<String>)>,
    /// That the object no longer allows what the form would do, if so.
    pub over: Option<Over>,
    /// What was last written about the object.
    pub last: Option<Wrote>,
    /// The end of the ledger that all this is read at.
    pub version: i64,
}

/// That an object no longer allows what a form would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Over {
    /// The heading of the form from then on: how the object stands now.
    pub head: SafeText,
    /// Why, with who brought it there, and what is left.
    pub why: SafeText,
}

/// An answer of the store.
#[derive(Debug)]
pub enum Data {
    /// For [`Ask::Bars`].
    Bars(Box<Bars>),
    /// For [`Ask::Tiles`].
    Tiles(Vec<Tile>),
    /// For [`Ask::Object`], [`Ask::History`], [`Ask::Why`], [`Ask::WhoDecides`] and [`Ask::Check`].
    Object(Object),
    /// For [`Ask::Prefill`].
    Prefill(Start),
    /// For [`Ask::Over`], in its order: none for what can still be done.
    Over(Vec<Option<Over>>),
    /// For [`Ask::Suggest`].
    Suggestions(Vec<Suggestion>),
    /// For [`Ask::Find`].
    Found(Vec<Found>),
    /// For [`Ask::List`]: a [`Page`](super::widgets::list::Page) of the rows that the list's screen shows.
    List(Box<dyn Any + Send>),
}

/// A command that a person submits, in the words of `smc do COMMAND --json`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// The command's name.
    pub command: String,
    /// Its fields.
    pub fields: Map<String, Value>,
}

/// How an object stands on the watch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// What is to be done about it.
    pub because: SafeText,
    /// The alarm that stands there.
    pub alarm: Option<String>,
    /// The instant that it counts from.
    pub due: Option<Time>,
    /// The task of this person that stands there.
    pub task: Option<String>,
}

/// A command that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The object that it made or changed.
    pub reference: Option<String>,
    /// One line that says what happened.
    pub said: SafeText,
    /// All that is to be read of it, where one line is not all.
    pub told: Vec<SafeText>,
    /// The moment of the store that it leads to, an entry's number or an instant.
    pub leads: Option<String>,
}

/// What the store says beside its entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// Who holds the ledger while a command waits for it, and for how long; none when the wait is over.
    Waiting(Option<SafeText>),
    /// Entries that this person may have seen are lost, by whose word and why: to be said once.
    Lost(SafeText),
    /// The store does not answer; none once it does again.
    Cut(Option<Cut>),
}

/// A store that does not answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// When it last answered, by its clock.
    pub since: Time,
    /// What was said last.
    pub why: SafeText,
}

/// Why a question has no answer or a command was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// A rule says no.
    Refused {
        /// The stable code, `four-eyes`.
        code: SafeText,
        /// The reason.
        message: SafeText,
        /// What to do instead.
        fix: SafeText,
        /// The field that it is about, if one is.
        field: Option<String>,
    },
    /// The store did not answer; nothing was written.
    Unavailable(SafeText),
    /// The line broke while a command ran: look before doing it again.
    Unknown(SafeText),
}

impl Failure {
    /// One line for the person.
    pub fn line(&self) -> SafeText {
        match self {
            Self::Refused { code, message, fix, .. } => {
                let fix = if fix.is_empty() { String::new() } else { format!("; {fix}") };
                SafeText::from(format!("refused ({code}): {message}{fix}"))
            }
            Self::Unavailable(why) => SafeText::from(format!("the store does not answer: {why}")),
            Self::Unknown(why) => SafeText::from(format!(
                "it is not known whether this was done: {why}; look before you repeat it"
            )),
        }
    }
}
