//! What the command line does beside commands, as forms of the palette: imports and the backup, which are done with files,
//! the answer that gates ask for, a written head, deadlines, the repair, the store as it once stood. Doing it is `back`'s.
//!
//! A host may forbid files (`files = false` in its settings): a console on a jump host without a shell must not be a way to
//! read and write files.

use super::data::Looked;
use super::overlays::field::{FieldKind, FieldSpec};
use crate::exchange::access::Form;
use crate::safe_text::SafeText;

/// Something that the command line does beside commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// Takes in advisories.
    Csaf,
    /// Takes in an inventory.
    Assets,
    /// Takes in access logs.
    AccessEvents,
    /// Copies the store into a file.
    Backup,
    /// Answers a gate.
    WindowCheck,
    /// Verifies the ledger against a head that was written down.
    VerifyHead,
    /// Records what has lapsed.
    Tick,
    /// Makes the tables anew.
    Repair,
    /// Leads to the store as it once stood.
    AsOf,
}

impl Tool {
    /// Every tool.
    pub const ALL: &'static [Self] = &[
        Self::Csaf,
        Self::Assets,
        Self::AccessEvents,
        Self::Backup,
        Self::WindowCheck,
        Self::VerifyHead,
        Self::Tick,
        Self::Repair,
        Self::AsOf,
    ];

    /// The tool of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|tool| tool.name() == name)
    }

    /// Its name in the palette: that of the command line with a dot.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csaf => "import.csaf",
            Self::Assets => "import.assets",
            Self::AccessEvents => "import.access-events",
            Self::Backup => "backup",
            Self::WindowCheck => "window.check",
            Self::VerifyHead => "verify.head",
            Self::Tick => "tick",
            Self::Repair => "repair",
            Self::AsOf => "as-of",
        }
    }

    /// What it does, in one sentence.
    pub const fn help(self) -> &'static str {
        match self {
            Self::Csaf => {
                "Takes in CSAF 2.0 advisories, files or folders, and matches them to the assets."
            }
            Self::Assets => {
                "Takes in an inventory, CSV with a header, after all of it was checked."
            }
            Self::AccessEvents => {
                "Takes in an access log: what sshd writes, JSON lines, or CSV with a header."
            }
            Self::Backup => {
                "Copies the store as it stands into a new file; of a store on a server, says the command."
            }
            Self::WindowCheck => {
                "Says whether a vendor's person may be on an asset now, by which window, or why not."
            }
            Self::VerifyHead => {
                "Verifies the store, and that its ledger passes through a head that was written down."
            }
            Self::Tick => "Records what has lapsed or expired by the store's clock.",
            Self::AsOf => {
                "Shows the store as it once stood, nothing to be written there; leaving it leads back to now."
            }
            Self::Repair => {
                "Makes the tables anew from the ledger, and takes note of what was found; for the owner of the store."
            }
        }
    }

    /// Whether it writes to the store.
    pub const fn writes(self) -> bool {
        match self {
            Self::Csaf | Self::Assets | Self::AccessEvents | Self::Tick | Self::Repair => true,
            Self::Backup | Self::WindowCheck | Self::VerifyHead | Self::AsOf => false,
        }
    }

    /// Whether it reads or writes files of the host.
    pub const fn files(self) -> bool {
        match self {
            Self::Csaf | Self::Assets | Self::AccessEvents | Self::Backup => true,
            Self::WindowCheck | Self::VerifyHead | Self::Tick | Self::Repair | Self::AsOf => false,
        }
    }

    /// The fields of its form.
    pub fn fields(self) -> Vec<FieldSpec> {
        let zones = || chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name().to_owned()).collect();
        let words = || Form::WORDS.iter().map(|word| (*word).to_owned()).collect();
        let path = |help| field("path", FieldKind::Text, true, help);
        let paths = |help| field("paths", FieldKind::Lines, true, help);
        let dry = field("dry_run", FieldKind::Boolean, false, "Check everything, write nothing.");
        match self {
            Self::Csaf => vec![
                paths("Files or folders, on this host."),
                dry,
                field(
                    "older",
                    FieldKind::Boolean,
                    false,
                    "Take revisions whose version is lower than the one that stands.",
                ),
            ],
            Self::Assets => vec![
                paths("CSV files, on this host."),
                dry,
                field(
                    "site",
                    FieldKind::Known(Looked::SITE),
                    false,
                    "The site of every row that names none.",
                ),
                field(
                    "create_sites",
                    FieldKind::Pick(zones()),
                    false,
                    "Register sites that are not there, with this time zone.",
                ),
            ],
            Self::AccessEvents => vec![
                paths("Logs, on this host."),
                dry,
                field(
                    "form",
                    FieldKind::Choice(words()),
                    false,
                    "Found by its first line if none is said.",
                ),
                field(
                    "site",
                    FieldKind::Known(Looked::SITE),
                    false,
                    "The site in which hosts are looked for.",
                ),
                field(
                    "hosts",
                    FieldKind::List,
                    false,
                    "Which asset a host of the log is: HOST=SITE/TAG.",
                ),
                field(
                    "timezone",
                    FieldKind::Pick(zones()),
                    false,
                    "The zone of times without one; that of the asset's site if none is said.",
                ),
            ],
            Self::Backup => {
                vec![path("The new file, on the host of this console; none must be there.")]
            }
            Self::WindowCheck => vec![
                field(
                    "person",
                    FieldKind::Known(Looked::VendorPerson),
                    true,
                    "The vendor's person, by login or name.",
                ),
                field("asset", FieldKind::Known(Looked::ASSET), true, "The asset, SITE/TAG."),
                field(
                    "vendor",
                    FieldKind::Known(Looked::VENDOR),
                    false,
                    "The vendor, where two send persons of one name.",
                ),
            ],
            Self::VerifyHead => {
                vec![field("head", FieldKind::Text, true, "As it was written down: SEQ:CODE.")]
            }
            Self::Tick => Vec::new(),
            Self::AsOf => vec![field(
                "moment",
                FieldKind::Text,
                true,
                "812, 2026-11-22 or yesterday 14:00; of a large store it takes a minute.",
            )],
            Self::Repair => vec![field(
                "confirm",
                FieldKind::Text,
                true,
                "Type repair: everybody waits while the tables are made anew.",
            )],
        }
    }
}

fn field(name: &'static str, kind: FieldKind, required: bool, help: &'static str) -> FieldSpec {
    FieldSpec {
        name: name.to_owned(),
        label: SafeText::from(name.replace('_', " ")),
        kind,
        required,
        help: SafeText::fixed(help),
        ..FieldSpec::default()
    }
}
