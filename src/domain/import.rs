//! Imports: which file brought what, so that every imported fact has a source.

use super::command::Subject;
use super::field::{Type, Typed};
use super::names::{Ref, SiteCode};
use super::text::Line;
use crate::{subject, words};

/// The prefix of imports.
pub const PREFIX: &str = "IM";

words! {
    /// What an import reads.
    pub enum Format {
        /// An asset inventory.
        Assets = "assets",
        /// CSAF advisories.
        Csaf = "csaf",
        /// The log of a jump host or another gate.
        AccessEvents = "access-events",
    }
}

impl Typed for Format {
    const TYPE: Type = Type::Choice { words: Self::WORDS };
}

words! {
    /// The states of an import.
    pub enum State {
        /// Begun; if it stays so, it was cut off and may be run again.
        Started = "started",
        /// Ended.
        Finished = "finished",
    }
}

/// A count of something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Count(pub u32);

impl Typed for Count {
    const TYPE: Type = Type::Integer { least: 0, most: u32::MAX as i64 };
}

subject! {
    "import";
    @importer
    /// Begins an import.
    Start => Started("import.start" => "import.started") Assets creates "IM" writes ["import"]
    { format: Format = "What is read."; source: Line = "The file or folder, by its own name."; ;
      site: SiteCode = "The site, if all of it belongs to one."; digest: Line = "SHA-256 of the file."; }
    @importer
    /// Confirms assets of a site that the file names and that stand as it says.
    Confirm => Confirmed("import.confirm" => "import.confirmed") Assets writes ["import", "posture_item"]
    { r#ref: Ref = "The import."; site: SiteCode = "The site of the assets.";
      assets: Vec<Ref> = "The assets, `SITE/tag`."; ; }
    @importer
    /// Ends an import with its counts.
    Finish => Finished("import.finish" => "import.finished") Assets writes ["import"]
    { r#ref: Ref = "The import."; read: Count = "Items read."; accepted: Count = "Items taken.";
      refused: Count = "Items refused."; ; }
}

impl Kind {
    /// Imports are numbered.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Started(_) => Subject::New(PREFIX),
            Self::Confirmed(confirm) => Subject::Is(confirm.r#ref.clone()),
            Self::Finished(finish) => Subject::Is(finish.r#ref.clone()),
        }
    }
}
