//! What an entry says, read strictly once, for `admit` and `project` alike.

use std::borrow::Cow;

use crate::domain::command::{Kind, Spec, Subject, kind};
use crate::domain::names::{Login, Ref, SiteCode};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::rule;
use crate::ledger::{Body, Entry};

/// An entry with everything it says, typed.
#[derive(Debug)]
pub struct Said<'e> {
    /// The entry.
    pub entry: &'e Entry,
    /// Its body.
    pub body: Cow<'e, Body>,
    /// Its row in the command table.
    pub spec: &'static Spec,
    /// What it says.
    pub kind: Kind,
    /// The subject it is about.
    pub subject: Ref,
    /// The site that the body names.
    pub site: Option<SiteCode>,
    /// Who wrote it.
    pub actor: Login,
}

fn invalid(entry: &Entry, why: impl std::fmt::Display) -> Refusal {
    Refusal::new(
        Code::Invalid,
        format!("entry {} ({}) cannot be read: {why}", entry.seq, entry.kind),
        "it was not written by this program",
    )
}

impl<'e> Said<'e> {
    /// Reads an entry.
    ///
    /// # Errors
    /// `unknown` for a kind or rule version that this program does not know, `invalid` for a body, subject,
    /// site or actor of another form.
    pub fn read(entry: &'e Entry) -> Result<Self, Refusal> {
        let body = entry.parse_body().map_err(|fault| invalid(entry, fault))?;
        Self::with(entry, Cow::Owned(body))
    }

    /// Reads an entry whose body was parsed already.
    ///
    /// # Errors
    /// As `read`.
    pub fn of(entry: &'e Entry, body: &'e Body) -> Result<Self, Refusal> {
        Self::with(entry, Cow::Borrowed(body))
    }

    fn with(entry: &'e Entry, body: Cow<'e, Body>) -> Result<Self, Refusal> {
        let spec = kind(&entry.kind).ok_or_else(|| {
            Refusal::new(
                Code::Unknown,
                format!("entry {} is of the unknown kind {:?}", entry.seq, entry.kind),
                "a newer program may know it",
            )
        })?;
        if !rule::known(body.v) {
            return Err(Refusal::new(
                Code::Unknown,
                format!("entry {} was made under rule version {}", entry.seq, body.v),
                "a newer program knows it",
            ));
        }
        let mut data = serde_json::Deserializer::from_str(body.data.get());
        let kind = Kind::read(&entry.kind, &mut data)
            .ok_or_else(|| invalid(entry, "the kind has no reader"))?
            .map_err(|fault| invalid(entry, fault))?;
        let subject = Ref::new(&entry.subject).map_err(|fault| invalid(entry, fault))?;
        let fits = match kind.subject() {
            Subject::Is(named) => named == subject,
            Subject::New(prefix) => subject.number().is_some_and(|(found, _)| found == prefix),
        };
        if !fits {
            return Err(invalid(entry, format!("its data is not about {subject}")));
        }
        let site = body
            .site
            .as_deref()
            .map(SiteCode::new)
            .transpose()
            .map_err(|fault| invalid(entry, fault))?;
        let actor = Login::new(&entry.actor).map_err(|fault| invalid(entry, fault))?;
        Ok(Self { entry, body, spec, kind, subject, site, actor })
    }

    /// Whether the subject was numbered when this was written.
    pub fn numbered(&self) -> bool {
        self.spec.creates.is_some()
    }
}

/// What an entry says, typed.
///
/// # Errors
/// As for reading the whole entry.
pub fn read_kind(entry: &Entry) -> Result<Kind, Refusal> {
    Said::read(entry).map(|said| said.kind)
}
