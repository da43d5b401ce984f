//! Assets: what the plants run, as operations and engineering list it. Matching to advisories is not here.

use super::command::Subject;
use super::field::{Field, Type, Typed};
use super::names::{Login, Ref, SiteCode, Tag, Word};
use super::text::Line;
use super::time::Time;
use super::zone::Purdue;
use crate::{subject, words};

words! {
    /// What kind of thing an asset is; `unclassified` counts as unknown.
    pub enum Class {
        /// Programmable logic controller.
        Plc = "plc",
        /// Distributed control system controller.
        Dcs = "dcs",
        /// Remote terminal unit.
        Rtu = "rtu",
        /// Intelligent electronic device.
        Ied = "ied",
        /// Operator interface.
        Hmi = "hmi",
        /// Sensor or transmitter.
        Sensor = "sensor",
        /// Drive.
        Drive = "drive",
        /// Field input and output.
        FieldIo = "field_io",
        /// Data historian.
        Historian = "historian",
        /// OT application: MES, batch, alarm, reporting.
        OtApplication = "ot_application",
        /// Server.
        Server = "server",
        /// Engineering workstation.
        Ews = "ews",
        /// Jump host.
        JumpHost = "jump_host",
        /// Switch, router, wireless.
        Network = "network",
        /// Firewall or data diode.
        Firewall = "firewall",
        /// Safety instrumented system.
        Sis = "sis",
        /// Nobody has said yet.
        Unclassified = "unclassified",
    }
}

words! {
    /// The states of an asset.
    pub enum State {
        /// In the plant.
        Active = "active",
        /// Gone; kept for the record.
        Retired = "retired",
    }
}

/// A criticality rating, 1 to 5; an asset without one counts as 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(transparent)]
pub struct Rating(i64);

impl Rating {
    /// What an asset without a rating counts as.
    pub const UNRATED: i64 = 5;

    /// The rating as a number.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The rating with this number, 1 to 5.
    pub const fn new(value: i64) -> Option<Self> {
        if value >= 1 && value <= 5 { Some(Self(value)) } else { None }
    }
}

impl<'de> serde::Deserialize<'de> for Rating {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = i64::deserialize(deserializer)?;
        Self::new(value).ok_or_else(|| {
            serde::de::Error::custom(format!("the rating {value} does not exist: give 1 to 5"))
        })
    }
}

impl Typed for Class {
    const TYPE: Type = Type::Choice { words: Self::WORDS };
}

impl Typed for Rating {
    const TYPE: Type = Type::Integer { least: 1, most: 5 };
}

/// What may not be done to an asset, or only under a condition.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Constraints {
    /// May be scanned actively.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scan_ok: Option<bool>,
    /// May be patched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patch_ok: Option<bool>,
    /// May carry an agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_ok: Option<bool>,
    /// May be restarted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reboot_ok: Option<bool>,
    /// Is part of a validated system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validated: Option<bool>,
    /// A condition of warranty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warranty: Option<Line>,
}

const fn constraint(name: &'static str, of: Type, help: &'static str) -> Field {
    Field { name, of, required: false, help }
}

impl Typed for Constraints {
    const TYPE: Type = Type::Group {
        fields: &[
            constraint("scan_ok", Type::Boolean, "May be scanned actively."),
            constraint("patch_ok", Type::Boolean, "May be patched."),
            constraint("agent_ok", Type::Boolean, "May carry an agent."),
            constraint("reboot_ok", Type::Boolean, "May be restarted."),
            constraint("validated", Type::Boolean, "Is part of a validated system."),
            constraint("warranty", Type::Line, "A condition of warranty."),
        ],
    };
}

subject! {
    "asset";
    /// Registers an asset.
    Register => Registered("asset.register" => "asset.registered") Assets writes ["asset", "asset_key", "posture_item"]
    { tag: Tag = "The asset's tag within its site."; site: SiteCode = "The site.";
      name: Line = "What people call it."; class: Class = "What kind of thing it is."; ;
      zone: Word = "The zone's code within the site."; vendor: Line = "The maker."; product: Line = "The product.";
      model: Line = "The model."; order_number: Line = "The maker's order number."; firmware: Line = "Firmware version.";
      serial: Line = "Serial number."; purdue: Purdue = "Purdue level."; ip: Line = "IP address.";
      safety: Rating = "Safety rating, 5 the worst."; regulatory: Rating = "Regulatory rating, 5 the worst.";
      production: Rating = "Production rating, 5 the worst."; owner: Login = "Who answers for it.";
      constraints: Constraints = "What may not be done to it."; support_end: Time = "When the maker's support ends.";
      source: Line = "Where this was read."; part_of: Tag = "The tag of the asset that it is part of: a card of its rack, an application of its server."; }
    /// Updates an asset: the fields that are given.
    Update => Updated("asset.update" => "asset.updated") Assets writes ["asset", "asset_key", "posture_item"]
    { tag: Tag = "The asset's tag within its site."; site: SiteCode = "The site."; ;
      name: Line = "What people call it."; class: Class = "What kind of thing it is.";
      zone: Word = "The zone's code within the site."; vendor: Line = "The maker."; product: Line = "The product.";
      model: Line = "The model."; order_number: Line = "The maker's order number."; firmware: Line = "Firmware version.";
      serial: Line = "Serial number."; purdue: Purdue = "Purdue level."; ip: Line = "IP address.";
      safety: Rating = "Safety rating, 5 the worst."; regulatory: Rating = "Regulatory rating, 5 the worst.";
      production: Rating = "Production rating, 5 the worst."; owner: Login = "Who answers for it.";
      constraints: Constraints = "What may not be done to it."; support_end: Time = "When the maker's support ends.";
      source: Line = "Where this was read."; part_of: Tag = "The tag of the asset that it is part of: a card of its rack, an application of its server."; }
    /// Retires an asset; it stays on record.
    Retire => Retired("asset.retire" => "asset.retired") Assets writes ["asset", "posture_item"]
    { tag: Tag = "The asset's tag within its site."; site: SiteCode = "The site."; ;
      reason: Line = "Why."; }
}

impl Kind {
    /// An asset is called `SITE/tag`.
    pub fn subject(&self) -> Subject {
        let (site, tag) = match self {
            Self::Registered(payload) => (&payload.site, &payload.tag),
            Self::Updated(payload) => (&payload.site, &payload.tag),
            Self::Retired(payload) => (&payload.site, &payload.tag),
        };
        Subject::Is(Ref::asset(site, tag))
    }
}

impl From<Register> for Update {
    /// The fields of a registration as an update of the same asset.
    fn from(from: Register) -> Self {
        Self {
            tag: from.tag,
            site: from.site,
            name: Some(from.name),
            class: Some(from.class),
            zone: from.zone,
            vendor: from.vendor,
            product: from.product,
            model: from.model,
            order_number: from.order_number,
            firmware: from.firmware,
            serial: from.serial,
            purdue: from.purdue,
            ip: from.ip,
            safety: from.safety,
            regulatory: from.regulatory,
            production: from.production,
            owner: from.owner,
            constraints: from.constraints,
            support_end: from.support_end,
            source: from.source,
            part_of: from.part_of,
        }
    }
}
