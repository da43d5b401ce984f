//! Advisories, and the vulnerabilities that they mean for assets, as the lists show them.

use serde::Serialize;
use sqlx::FromRow;

use super::columns::Told;
use super::engine::{By, List, Listed, Of};
use crate::domain::advisories::Tier;
use crate::domain::filter::{Of as Kind, Word};
use crate::domain::time::Time;

/// An advisory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct Advisory {
    /// Its tracking id.
    pub r#ref: String,
    /// Advisories belong to no site.
    #[sqlx(skip)]
    pub site: Option<String>,
    /// Its state.
    pub state: String,
    /// Its title.
    pub title: String,
    /// The publisher's namespace.
    pub publisher: String,
    /// The tracking version, as the publisher counts.
    pub version: String,
    /// SHA-256 of the document's last revision.
    pub digest: String,
    /// Highest CVSS base score, in tenths.
    pub score: Option<i64>,
    /// When the revision was released.
    #[sqlx(rename = "released_at")]
    pub released: Option<Time>,
    /// The vulnerabilities it names.
    pub cves: Told<Vec<String>>,
    /// What the reader found odd.
    pub findings: Told<Vec<String>>,
    /// How many revisions were taken in.
    pub revisions: i64,
    /// When the last one was.
    pub imported_at: Time,
    /// Assets found: identified, and the version lies in the range.
    pub confirmed: i64,
    /// Assets found whose version is not known.
    pub likely: i64,
    /// Assets found whose versions cannot be compared.
    pub undetermined: i64,
    /// Assets that may be meant.
    pub possible: i64,
    /// Assets compared and not it, in the last analysis.
    pub ruled_out: i64,
    /// The entry that last wrote it.
    pub seq: i64,
}

macro_rules! found {
    ($tier:literal) => {
        concat!(
            "(SELECT COUNT(DISTINCT m.asset) FROM vuln_match m WHERE m.advisory_ref = t.ref AND m.tier = '",
            $tier,
            "')"
        )
    };
}

/// The list of advisories, the last released first.
pub static ADVISORIES: List = List {
    name: "advisories",
    from: "advisory t",
    base: "TRUE",
    filters: &[
        By { word: Word { name: "state", of: Kind::Choice(&["new"]) }, sql: &[("t.state", "")] },
        By {
            word: Word { name: "site", of: Kind::Word },
            sql: &[(
                "EXISTS (SELECT 1 FROM vuln_match m WHERE m.advisory_ref = t.ref AND m.tier <> 'ruled_out' AND m.site",
                ")",
            )],
        },
        By {
            word: Word { name: "tier", of: Kind::Choice(Tier::WORDS) },
            sql: &[("EXISTS (SELECT 1 FROM vuln_match m WHERE m.advisory_ref = t.ref AND m.tier", ")")],
        },
        By { word: Word { name: "publisher", of: Kind::Word }, sql: &[("t.publisher", "")] },
        By { word: Word { name: "score", of: Kind::Number }, sql: &[("t.score", "")] },
        By { word: Word { name: "released", of: Kind::Time }, sql: &[("t.released_at", "")] },
        By { word: Word { name: "imported", of: Kind::Time }, sql: &[("t.imported_at", "")] },
    ],
    text: "t.folded",
    order: &[("COALESCE(t.released_at, t.imported_at)", Of::Time), ("t.ref", Of::Text)],
    descending: true,
    same: "t.ref = p.k1",
    columns: concat!(
        "t.ref, t.state, t.title, t.publisher, t.version, t.digest, t.score, t.released_at, t.cves, t.findings,
        t.revisions, t.imported_at, t.seq, ",
        found!("confirmed"),
        " AS confirmed, ",
        found!("likely"),
        " AS likely, ",
        found!("undetermined"),
        " AS undetermined, ",
        found!("possible"),
        " AS possible,
        COALESCE((SELECT r.ruled_out FROM match_run r WHERE r.advisory_ref = t.ref
                  ORDER BY r.run DESC LIMIT 1), 0) AS ruled_out"
    ),
    with: "",
};

impl Listed for Advisory {
    const LIST: &'static List = &ADVISORIES;
}

/// A vulnerability of an asset, as an advisory and its analysis have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct Vulnerability {
    /// Advisory, vulnerability and asset, set apart by `/`.
    pub r#ref: String,
    /// The asset's site.
    pub site: String,
    /// Always `open` until decisions on vulnerabilities are built.
    pub state: String,
    /// The advisory's title.
    pub title: String,
    /// The asset.
    pub asset: String,
    /// The advisory.
    pub advisory: String,
    /// The vulnerability, by CVE id.
    pub cve: String,
    /// How sure: `confirmed, likely, undetermined, possible`.
    pub tier: String,
    /// Steps passed and failed, in words.
    pub because: Told<Vec<String>>,
    /// The version of the analysis.
    pub analyser: i64,
    /// Highest CVSS base score of the advisory, in tenths.
    pub score: Option<i64>,
    /// Assets compared and not it, in the advisory's last analysis.
    pub ruled_out: i64,
    /// The risk that the advisory raised at the site.
    pub risk: Option<String>,
    /// Now, next or never; none until it is built.
    #[sqlx(skip)]
    pub decision: Option<String>,
    /// The entry that last wrote it.
    pub seq: i64,
}

/// The tiers that are listed.
const TIERS: &[&str] = &["confirmed", "likely", "undetermined", "possible"];

/// The list of vulnerabilities, by advisory and asset.
pub static VULNERABILITIES: List = List {
    name: "vulnerabilities",
    from: "vuln_match t",
    base: "t.tier <> 'ruled_out'",
    filters: &[
        By { word: Word { name: "state", of: Kind::Choice(&["open"]) }, sql: &[("'open'", "")] },
        By { word: Word { name: "site", of: Kind::Word }, sql: &[("t.site", "")] },
        By { word: Word { name: "tier", of: Kind::Choice(TIERS) }, sql: &[("t.tier", "")] },
        By { word: Word { name: "asset", of: Kind::Word }, sql: &[("t.asset", "")] },
        By { word: Word { name: "advisory", of: Kind::Word }, sql: &[("t.advisory_ref", "")] },
        By { word: Word { name: "cve", of: Kind::Word }, sql: &[("t.cve", "")] },
        By {
            word: Word { name: "score", of: Kind::Number },
            sql: &[("(SELECT a.score FROM advisory a WHERE a.ref = t.advisory_ref)", "")],
        },
    ],
    text: "LOWER(t.advisory_ref || ' ' || t.cve || ' ' || t.asset)",
    order: &[("t.advisory_ref", Of::Text), ("t.asset", Of::Text), ("t.cve", Of::Text)],
    descending: false,
    same: "t.advisory_ref = p.k0 AND t.asset = p.k1 AND t.cve = p.k2",
    columns: "t.advisory_ref || '/' || t.cve || '/' || t.asset AS ref, t.site, 'open' AS state, a.title, t.asset,
        t.advisory_ref AS advisory, t.cve, t.tier, t.because, t.analyser, a.score, t.seq,
        (SELECT r.ref FROM risk r WHERE r.advisory = t.advisory_ref AND r.site = t.site) AS risk,
        COALESCE((SELECT r.ruled_out FROM match_run r WHERE r.advisory_ref = t.advisory_ref
                  ORDER BY r.run DESC LIMIT 1), 0) AS ruled_out",
    with: "JOIN advisory a ON a.ref = t.advisory_ref",
};

impl Listed for Vulnerability {
    const LIST: &'static List = &VULNERABILITIES;
}
