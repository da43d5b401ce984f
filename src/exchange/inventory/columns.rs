//! Which column is which field: names as the usual tools write them, whatever their case, spaces and hyphens.

use csv::StringRecord;
use serde::Serialize;

use super::Fault;
use crate::words;

words! {
    /// A field of an asset that a column can fill, by its name in `asset.register`.
    pub enum Field {
        /// The asset's tag within its site.
        Tag = "tag",
        /// The site.
        Site = "site",
        /// What people call it.
        Name = "name",
        /// What kind of thing it is.
        Class = "class",
        /// The zone's code within the site.
        Zone = "zone",
        /// The maker.
        Vendor = "vendor",
        /// The product.
        Product = "product",
        /// The model.
        Model = "model",
        /// The maker's order number.
        OrderNumber = "order_number",
        /// Firmware version.
        Firmware = "firmware",
        /// Serial number.
        Serial = "serial",
        /// Purdue level.
        Purdue = "purdue",
        /// IP address.
        Ip = "ip",
        /// Safety rating.
        Safety = "safety",
        /// Regulatory rating.
        Regulatory = "regulatory",
        /// Production rating.
        Production = "production",
        /// Who answers for it.
        Owner = "owner",
        /// When the maker's support ends.
        SupportEnd = "support_end",
        /// May be scanned actively.
        ScanOk = "scan_ok",
        /// May be patched.
        PatchOk = "patch_ok",
        /// May carry an agent.
        AgentOk = "agent_ok",
        /// May be restarted.
        RebootOk = "reboot_ok",
        /// Is part of a validated system.
        Validated = "validated",
        /// A condition of warranty.
        Warranty = "warranty",
    }
}

/// Names of columns without case, spaces, hyphens and underscores; where several columns fit, the earlier name wins.
const NAMES: &[(Field, &[&str])] = &[
    (
        Field::Tag,
        &[
            "tag",
            "assettag",
            "equipmenttag",
            "tagname",
            "tagnumber",
            "tagno",
            "equipmentnumber",
            "assetid",
            "resourceid",
            "assetnumber",
            "uid",
            "deviceid",
            "id",
        ],
    ),
    (Field::Site, &["site", "sitecode", "siteid", "plant", "plantcode", "facility", "sitename"]),
    (
        Field::Name,
        &[
            "name",
            "assetname",
            "devicename",
            "displayname",
            "hostname",
            "systemname",
            "label",
            "description",
            "appliance",
        ],
    ),
    (
        Field::Class,
        &[
            "class",
            "assetclass",
            "assettype",
            "role",
            "devicerole",
            "roles",
            "devicecategory",
            "category",
            "devicesubcategory",
            "type",
        ],
    ),
    (Field::Zone, &["zone", "zonecode", "securityzone", "zones", "networkzone", "virtualzone"]),
    (
        Field::Vendor,
        &[
            "vendor",
            "manufacturer",
            "maker",
            "vendorname",
            "manufacturername",
            "make",
            "brand",
            "mfr",
            "oem",
        ],
    ),
    (Field::Product, &["product", "productname", "productline", "productfamily"]),
    (Field::Model, &["model", "modelname", "modelnumber", "devicetype", "moduletype", "partname"]),
    (
        Field::OrderNumber,
        &[
            "ordernumber",
            "orderno",
            "ordercode",
            "ordernr",
            "mlfb",
            "partnumber",
            "partno",
            "catalognumber",
            "catalogno",
            "cataloguenumber",
            "articlenumber",
            "materialnumber",
            "productcode",
            "sku",
        ],
    ),
    (
        Field::Firmware,
        &[
            "firmwareversion",
            "firmware",
            "fwversion",
            "fw",
            "softwareorfirmwareversion",
            "osorfirmware",
            "softwareversion",
            "swversion",
            "version",
            "revision",
        ],
    ),
    (Field::Serial, &["serialnumber", "serial", "serialno", "serialnr", "sn"]),
    (Field::Purdue, &["purduelevel", "purdue", "purduemodellevel", "level", "networklevel"]),
    (
        Field::Ip,
        &[
            "ip",
            "ipaddress",
            "ipaddresses",
            "iplist",
            "primaryip",
            "primaryip4",
            "managementip",
            "ipv4",
            "ipv4address",
        ],
    ),
    (Field::Safety, &["safety", "safetyrating", "safetycriticality"]),
    (Field::Regulatory, &["regulatory", "regulatoryrating", "regulatorycriticality"]),
    (Field::Production, &["production", "productionrating", "productioncriticality"]),
    (Field::Owner, &["owner", "ownerlogin", "assetowner"]),
    (
        Field::SupportEnd,
        &["supportend", "endofsupport", "endofsupportdate", "supportuntil", "supportends"],
    ),
    (Field::ScanOk, &["scanok"]),
    (Field::PatchOk, &["patchok"]),
    (Field::AgentOk, &["agentok"]),
    (Field::RebootOk, &["rebootok"]),
    (Field::Validated, &["validated"]),
    (Field::Warranty, &["warranty"]),
];

impl Field {
    /// The names of a column that fill it, without case, spaces, hyphens and underscores; the first that a file has wins.
    pub fn names(self) -> &'static [&'static str] {
        NAMES.iter().find(|(field, _)| *field == self).map(|(_, names)| *names).unwrap_or_default()
    }

    /// How its cells are written.
    pub const fn written(self) -> &'static str {
        match self {
            Self::Tag => {
                "up to 64 visible ASCII characters without `/`; a list without tags calls its assets by name"
            }
            Self::Site => "the site's code, or `--site CODE` for the whole file",
            Self::Name
            | Self::Vendor
            | Self::Product
            | Self::Model
            | Self::OrderNumber
            | Self::Firmware
            | Self::Serial
            | Self::Warranty => "one line",
            Self::Class => {
                "as the usual tools call it; an unknown word counts as unclassified and is told"
            }
            Self::Zone => "the zone's code",
            Self::Purdue => "0, 1, 2, 3, 3.5, 4 or 5; also `Level 3`, `L2`, `DMZ`",
            Self::Ip => "one address or several, with or without a mask",
            Self::Safety | Self::Regulatory | Self::Production => "1 to 5, 5 the worst",
            Self::Owner => "the person's login",
            Self::SupportEnd => "`2031-12-31`, or an instant with a zone",
            Self::ScanOk | Self::PatchOk | Self::AgentOk | Self::RebootOk | Self::Validated => {
                "yes or no"
            }
        }
    }
}

/// One column of a file and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Column {
    /// As the file names it.
    pub header: String,
    /// The field it fills; none if it is ignored.
    pub field: Option<Field>,
}

/// What became of every column: to be shown before anything is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Mapping {
    /// In the order of the file.
    pub columns: Vec<Column>,
}

impl Mapping {
    /// Maps a header; refuses one without any name.
    pub(super) fn of(header: &StringRecord) -> Result<Self, Fault> {
        let keys: Vec<String> = header.iter().map(key).collect();
        if keys.iter().all(String::is_empty) {
            return Err(Fault::NoHeader);
        }
        let mut columns: Vec<Column> = header
            .iter()
            .map(|name| Column { header: name.trim().to_owned(), field: None })
            .collect();
        for (field, names) in NAMES {
            let taken = |at: &usize| columns.get(*at).is_some_and(|column| column.field.is_some());
            let found = names
                .iter()
                .find_map(|name| keys.iter().position(|key| key == name).filter(|at| !taken(at)));
            if let Some(column) = found.and_then(|at| columns.get_mut(at)) {
                column.field = Some(*field);
            }
        }
        let mut mapping = Self { columns };
        // A list with names but no tags calls its assets by name.
        if mapping.place(Field::Tag).is_none()
            && let Some(at) = mapping.place(Field::Name)
            && let Some(column) = mapping.columns.get_mut(at)
        {
            column.field = Some(Field::Tag);
        }
        Ok(mapping)
    }

    /// Refuses a file without tags, or without sites where none is given beside it.
    pub(super) fn check(&self, site_given: bool) -> Result<(), Fault> {
        for field in [Field::Tag, Field::Site] {
            let must = field == Field::Tag || !site_given;
            if must && self.place(field).is_none() {
                return Err(self.missing(field));
            }
        }
        Ok(())
    }

    fn missing(&self, field: Field) -> Fault {
        let names = field.names().iter().take(4).copied().collect::<Vec<_>>().join(", ");
        let names =
            if field == Field::Site { format!("{names}, or give --site CODE") } else { names };
        let found: Vec<&str> =
            self.columns.iter().take(20).map(|column| column.header.as_str()).collect();
        let found: String =
            found.join(", ").chars().filter(|c| !c.is_control()).take(200).collect();
        Fault::NoColumn { field: field.word(), names, found }
    }

    /// The place of the column that fills a field.
    pub fn place(&self, field: Field) -> Option<usize> {
        self.columns.iter().position(|column| column.field == Some(field))
    }

    /// The columns nothing is taken from.
    pub fn ignored(&self) -> impl Iterator<Item = &str> {
        self.columns
            .iter()
            .filter(|column| column.field.is_none())
            .map(|column| column.header.as_str())
    }
}

/// A column's name without case and separators; NetBox and others append units or `:info` we do not read.
fn key(header: &str) -> String {
    header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
