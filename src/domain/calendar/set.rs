//! `calendar.set`: one name for planning an outage and for declaring a blackout, which are entries of their own.

use serde::{Deserialize, Deserializer, Serialize};

use super::{blackout, outage};
use crate::domain::command::{Kind, Origin, Spec};
use crate::domain::field::{Field, Type};
use crate::domain::names::{Ref, SiteCode};
use crate::domain::role::Right;
use crate::domain::text::Line;
use crate::domain::time::Time;
use crate::words;

words! {
    /// What a time of the calendar is.
    pub enum What {
        /// Work may stop the plant.
        Outage = "outage",
        /// Nothing may be changed.
        Blackout = "blackout",
    }
}

/// A time of the calendar.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Set {
    /// The site.
    pub site: SiteCode,
    /// What it is.
    pub kind: What,
    /// When it begins.
    pub start: Time,
    /// When it ends.
    pub end: Time,
    /// What it is for.
    pub title: Line,
    /// The assets, the whole site unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assets: Option<Vec<Ref>>,
}

/// What can be asked of the calendar as a whole.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Command {
    /// `calendar.set`.
    Set(Set),
}

const fn field(name: &'static str, of: Type, required: bool, help: &'static str) -> Field {
    Field { name, of, required, help }
}

/// The command; its kinds stand in the tables of outages and of blackouts.
pub const TABLE: &[Spec] = &[Spec {
    command: Some("calendar.set"),
    kind: "outage.planned | blackout.declared",
    subject: "calendar",
    origin: Origin::Person,
    right: Right::Calendar,
    creates: None,
    tables: &[],
    fields: &[
        field("site", Type::Site, true, "The site."),
        field(
            "kind",
            Type::Choice { words: What::WORDS },
            true,
            "An outage, as by `outage.plan`, or a blackout, as by `blackout.declare`.",
        ),
        field("start", Type::Time, true, "When it begins."),
        field("end", Type::Time, true, "When it ends."),
        field("title", Type::Line, true, "What it is for."),
        field(
            "assets",
            Type::List { of: &Type::Ref },
            false,
            "The assets, `SITE/tag`; the whole site unless given.",
        ),
    ],
    help: "Sets a time of the calendar: plans an outage or declares a blackout.",
}];

impl Command {
    /// Reads the fields of the command with this name; none if it is not the calendar's.
    pub fn read<'de, D: Deserializer<'de>>(
        name: &str,
        fields: D,
    ) -> Option<Result<Self, D::Error>> {
        (name == "calendar.set").then(|| Set::deserialize(fields).map(Self::Set))
    }

    /// The entry that it asks for.
    pub fn into_kind(self) -> Kind {
        let Self::Set(Set { site, kind, start, end, title, assets }) = self;
        match kind {
            What::Outage => Kind::Outage(outage::Kind::Planned(outage::Plan {
                site,
                title,
                start,
                end,
                assets,
            })),
            What::Blackout => Kind::Blackout(blackout::Kind::Declared(blackout::Declare {
                site,
                title,
                start,
                end,
                assets,
            })),
        }
    }
}
