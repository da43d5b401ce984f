//! What the ledger says of advisories: a document came in, and which assets an analysis found in it.
//! Reading a document and comparing versions is not here.

use super::command::Subject;
use super::field::{Field, Type, Typed};
use super::import::Count;
use super::names::Ref;
use super::text::Line;
use super::time::Time;
use crate::{subject, words};

words! {
    /// How sure an analysis is that an advisory speaks of an asset.
    pub enum Tier {
        /// Identified, and the version lies in the range.
        Confirmed = "confirmed",
        /// Identified; the asset's version is not known.
        Likely = "likely",
        /// Identified; the versions cannot be compared.
        Undetermined = "undetermined",
        /// The advisory names something finer than is known of the asset.
        Possible = "possible",
        /// Looked at, and not it.
        RuledOut = "ruled_out",
    }
}

impl Tier {
    /// Whether a match of this tier raises a risk.
    pub const fn raises(self) -> bool {
        match self {
            Self::Confirmed | Self::Likely => true,
            Self::Undetermined | Self::Possible | Self::RuledOut => false,
        }
    }
}

impl Typed for Tier {
    const TYPE: Type = Type::Choice { words: Self::WORDS };
}

/// One asset that an analysis found in an advisory, with the vulnerabilities that share tier and reasons.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Match {
    /// The asset.
    pub asset: Ref,
    /// How sure.
    pub tier: Tier,
    /// The vulnerabilities, by CVE id.
    pub cves: Vec<Line>,
    /// Steps passed and failed, in words.
    pub because: Vec<Line>,
}

const fn part(name: &'static str, of: Type, help: &'static str) -> Field {
    Field { name, of, required: true, help }
}

impl Typed for Match {
    const TYPE: Type = Type::Group {
        fields: &[
            part("asset", Type::Ref, "The asset."),
            part("tier", Tier::TYPE, "How sure."),
            part("cves", Type::List { of: &Type::Line }, "The vulnerabilities."),
            part("because", Type::List { of: &Type::Line }, "Steps passed and failed."),
        ],
    };
}

subject! {
    "advisory";
    @importer
    /// Takes in a revision of an advisory; the document itself is kept under its digest.
    Import => Imported("advisory.import" => "advisory.imported") Assets
    writes ["advisory", "advisory_revision", "advisory_key"]
    { advisory: Ref = "The tracking id."; publisher: Line = "The publisher's namespace.";
      title: Line = "The title."; version: Line = "The tracking version, as the publisher counts.";
      digest: Line = "SHA-256 of the document, hexadecimal."; reading: Line = "SHA-256 of what the reader made of it."; parser: Count = "The version of the reader.";
      cves: Vec<Line> = "The vulnerabilities it names."; keys: Vec<Line> = "The vendor keys of its products.";
      findings: Vec<Line> = "What the reader found odd."; ;
      score: Count = "Highest CVSS base score, in tenths."; released: Time = "When the revision was released.";
      import: Ref = "The import that brought it."; }
    @importer
    /// Records which assets an analysis found in an advisory.
    Analyse => Matched("advisory.match" => "advisory.matched") Record writes ["vuln_match", "match_run"]
    { advisory: Ref = "The tracking id."; digest: Line = "The revision analysed.";
      analyser: Count = "The version of the analysis."; assessed: Count = "Assets compared.";
      ruled_out: Count = "Assets compared and not it."; matches: Vec<Match> = "Assets found."; ; }
}

impl Kind {
    /// An advisory is called by its tracking id.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Imported(payload) => Subject::Is(payload.advisory.clone()),
            Self::Matched(payload) => Subject::Is(payload.advisory.clone()),
        }
    }
}
