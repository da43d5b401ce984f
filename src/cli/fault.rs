//! How a subcommand fails: the exit code, one sentence on stderr, or one JSON object with `--json`.

use std::process::ExitCode;

use serde_json::{Value, json};

use crate::domain::refusal::Refusal;
use crate::safe_text::SafeText;
use crate::store::{ReadError, StoreError};

/// Why a subcommand did not do it.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// Something went wrong: exit 1.
    #[error("{0}")]
    Failed(String),
    /// The words make no sense: exit 2.
    #[error("{0}")]
    Usage(String),
    /// A rule refused: exit 3.
    #[error(transparent)]
    Refused(Refusal),
    /// The store is not available, or is none: exit 4.
    #[error(transparent)]
    Store(StoreError),
    /// Verification found a difference: exit 5.
    #[error("{0}")]
    Differs(String),
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        if let StoreError::Refused(refusal) = error {
            Self::Refused(refusal)
        } else if matches!(error, StoreError::BadName(_)) {
            Self::Usage(error.to_string())
        } else {
            Self::Store(error)
        }
    }
}

impl From<ReadError> for Fault {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Store(error) => error.into(),
            ReadError::Filter(_)
            | ReadError::NotBuilt(_)
            | ReadError::NoList { .. }
            | ReadError::Cursor(_) => Self::Usage(error.to_string()),
        }
    }
}

/// Most characters of a message; what was given may be repeated in it, however long it is.
const LONGEST: usize = 2_000;

/// A message of a length that a log can take.
fn bounded(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// A fault as one line.
fn in_json(value: &Value) -> String {
    super::print::to_json(value).unwrap_or_else(|_| value.to_string())
}

impl Fault {
    /// The exit code.
    pub const fn code(&self) -> u8 {
        match self {
            Self::Failed(_) => 1,
            Self::Usage(_) => 2,
            Self::Refused(_) => 3,
            Self::Store(_) => 4,
            Self::Differs(_) => 5,
        }
    }

    const fn word(&self) -> &'static str {
        match self {
            Self::Failed(_) => "failed",
            Self::Usage(_) => "usage",
            Self::Refused(_) => "refused",
            Self::Store(_) => "store",
            Self::Differs(_) => "differs",
        }
    }

    /// Prints the fault on stderr and gives the exit code.
    pub fn tell(self, json: bool) -> ExitCode {
        let line = match (&self, json) {
            (Self::Refused(refusal), true) => in_json(&json!({
                "refused": refusal.code,
                "message": bounded(&refusal.message),
                "fix": bounded(&refusal.fix),
            })),
            (fault, true) => {
                in_json(&json!({"error": fault.word(), "message": bounded(&fault.to_string())}))
            }
            (Self::Refused(refusal), false) => {
                format!("smc: refused ({}): {refusal}", refusal.code.word())
            }
            (fault, false) => format!("smc: {fault}"),
        };
        let line = if json { line } else { SafeText::from_untrusted(&bounded(&line)).to_string() };
        super::print::stderr(&line);
        ExitCode::from(self.code())
    }
}
