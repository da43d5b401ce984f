//! A refusal: a stable code, one sentence that says what happened to what, and one that says what to do.

use serde::{Deserialize, Serialize};

/// Why a rule refused; scripts depend on these words, so they never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// The person lacks the role, or its scope does not reach the site.
    NotAllowed,
    /// The person asked for it, or has already decided on it.
    FourEyes,
    /// The discipline is not required, not held, or has been given.
    WrongDiscipline,
    /// The subject's state does not allow this.
    WrongState,
    /// The subject moved since it was read.
    Stale,
    /// Something compulsory is absent.
    Missing,
    /// A value is out of its range or shape.
    Invalid,
    /// It stands against another subject.
    Conflict,
    /// Its time has passed.
    Expired,
    /// Its time has not come.
    TooEarly,
    /// A veto ended it.
    Vetoed,
    /// A freeze holds the site.
    Frozen,
    /// The store holds no such subject, command or kind.
    Unknown,
}

impl Code {
    /// Every code, for documents and tests.
    pub const ALL: [Self; 13] = [
        Self::NotAllowed,
        Self::FourEyes,
        Self::WrongDiscipline,
        Self::WrongState,
        Self::Stale,
        Self::Missing,
        Self::Invalid,
        Self::Conflict,
        Self::Expired,
        Self::TooEarly,
        Self::Vetoed,
        Self::Frozen,
        Self::Unknown,
    ];

    /// The stable word of this code.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotAllowed => "not-allowed",
            Self::FourEyes => "four-eyes",
            Self::WrongDiscipline => "wrong-discipline",
            Self::WrongState => "wrong-state",
            Self::Stale => "stale",
            Self::Missing => "missing",
            Self::Invalid => "invalid",
            Self::Conflict => "conflict",
            Self::Expired => "expired",
            Self::TooEarly => "too-early",
            Self::Vetoed => "vetoed",
            Self::Frozen => "frozen",
            Self::Unknown => "unknown",
        }
    }
}

/// A command or an entry that a rule refuses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{message}: {fix}")]
pub struct Refusal {
    /// The stable code.
    #[serde(rename = "refused")]
    pub code: Code,
    /// What was refused, and why.
    pub message: String,
    /// What to do next.
    pub fix: String,
}

impl Refusal {
    /// A refusal with its reason and the way on.
    pub fn new(code: Code, message: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { code, message: message.into(), fix: fix.into() }
    }

    /// The store holds no such subject.
    pub fn unknown(what: &str, name: &str, list: &str) -> Self {
        Self::new(
            Code::Unknown,
            format!("there is no {what} {name}"),
            format!("see `smc list {list}`"),
        )
    }
}

/// What a rule answers: nothing, or a refusal.
pub type Verdict = Result<(), Refusal>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_own_word() {
        let mut words: Vec<_> = Code::ALL.iter().map(|c| c.word()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Code::ALL.len());
    }
}
