//! One object, whole: its row, its board, what it is tied to, its entries and why it is there.

use serde::Serialize;
use serde_json::{Map, Value};
use sqlx::FromRow;

use super::board::{self, Board};
use super::causes::{self, Cause};
use super::comment::{self, Comment};
use super::condition;
use super::engine::{self, Listed, Question};
use super::links::{self, Link};
use super::{
    Acceptance, AccessEvent, Advisory, Asset, Bypass, Calendar, Change, Extension, Import,
    Incident, Intervention, LogLine, Page, Person, RaciRow, RaciVersion, Report, Risk, Session,
    Site, Vendor, VendorPerson, Vulnerability, Window, Yardstick, Zone, log, raci,
};
use crate::domain::alarm::{Alarm, parts, rationale};
use crate::domain::approval::Condition;
use crate::domain::filter::{Filter, Term, Test};
use crate::domain::names::Ref;
use crate::domain::refusal::Refusal;
use crate::domain::time::Time;
use crate::ledger::BodyFault;
use crate::store::fault::StoreError;
use crate::store::reader::{ReadError, Reader};
use crate::{ask, ask_ledger, opt, rows, words};

words! {
    /// What a reference can name.
    pub enum Subject {
        /// The store itself.
        Store = "store",
        /// A site.
        Site = "site",
        /// An asset.
        Asset = "asset",
        /// A zone.
        Zone = "zone",
        /// A person.
        Person = "person",
        /// A vendor.
        Vendor = "vendor",
        /// An advisory.
        Advisory = "advisory",
        /// A vulnerability of an asset.
        Vulnerability = "vulnerability",
        /// A risk.
        Risk = "risk",
        /// The acceptance of a risk.
        Acceptance = "acceptance",
        /// An outage or a blackout.
        Calendar = "calendar",
        /// A cell of the intervention matrix.
        Intervention = "intervention",
        /// A target or a weight of posture.
        Yardstick = "yardstick",
        /// A change.
        Change = "change",
        /// A window.
        Window = "window",
        /// The request that a window end later.
        Extension = "extension",
        /// A bypass.
        Bypass = "bypass",
        /// A session.
        Session = "session",
        /// An event of an access log.
        AccessEvent = "access event",
        /// An incident.
        Incident = "incident",
        /// A report.
        Report = "report",
        /// A log line.
        LogLine = "log line",
        /// An import.
        Import = "import",
        /// A row of the RACI table.
        Raci = "raci",
        /// An alarm.
        Alarm = "alarm",
    }
}

/// The store as an object of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct StoreRow {
    /// Always `store`.
    pub r#ref: String,
    /// The store belongs to no site.
    #[sqlx(skip)]
    pub site: Option<String>,
    /// `founded` or `repaired`.
    pub state: String,
    /// The organisation, as the title of every list.
    pub title: String,
    /// The organisation.
    pub org: String,
    /// Whether it is a demo.
    pub demo: bool,
    /// Who founded it.
    pub founder: String,
    /// When.
    pub founded_at: Time,
    /// When the past of a demo store was told to its end.
    pub sealed_at: Option<Time>,
    /// The entry that last wrote it.
    pub seq: i64,
}

/// The row of an object.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Object {
    /// The store itself.
    Store(StoreRow),
    /// A site.
    Site(Site),
    /// An asset.
    Asset(Box<Asset>),
    /// A zone.
    Zone(Zone),
    /// A person.
    Person(Person),
    /// A vendor.
    Vendor(Vendor),
    /// An advisory.
    Advisory(Box<Advisory>),
    /// A vulnerability of an asset.
    Vulnerability(Box<Vulnerability>),
    /// A risk.
    Risk(Box<Risk>),
    /// The acceptance of a risk.
    Acceptance(Box<Acceptance>),
    /// An outage or a blackout.
    Calendar(Box<Calendar>),
    /// A cell of the intervention matrix.
    Intervention(Intervention),
    /// A target or a weight of posture.
    Yardstick(Yardstick),
    /// A change.
    Change(Box<Change>),
    /// A window.
    Window(Box<Window>),
    /// The request that a window end later.
    Extension(Box<Extension>),
    /// A session.
    Session(Box<Session>),
    /// A bypass.
    Bypass(Box<Bypass>),
    /// An event of an access log.
    AccessEvent(Box<AccessEvent>),
    /// An incident.
    Incident(Box<Incident>),
    /// A report.
    Report(Box<Report>),
    /// A log line.
    LogLine(Box<LogLine>),
    /// An import.
    Import(Box<Import>),
    /// A row of the RACI table.
    Raci(RaciRow),
    /// An alarm.
    Alarm(Box<Alarm>),
}

/// An object, whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// What it is.
    pub subject: Subject,
    /// Its row.
    pub object: Object,
    /// Who must say yes, who said what, who could.
    pub board: Option<Board>,
    /// The decision rights, with what holds for it now; none for what nobody decides on.
    pub conditions: Vec<Condition>,
    /// The versions of a RACI row, the oldest first.
    pub versions: Vec<RaciVersion>,
    /// What was said of it without a decision.
    pub comments: Vec<Comment>,
    /// The persons of a vendor.
    pub persons: Vec<VendorPerson>,
    /// What it is tied to.
    pub links: Vec<Link>,
    /// Its entries.
    pub entries: Vec<i64>,
    /// The entries that made it come about.
    pub causes: Vec<Cause>,
}

/// The reference, if it is one of an alarm.
fn named(reference: &str) -> Option<Ref> {
    Ref::new(reference).ok().filter(|reference| parts(reference).is_some())
}

fn value<T: Serialize>(of: &T) -> Result<Value, StoreError> {
    serde_json::to_value(of).map_err(|fault| StoreError::Body(BodyFault::Data(fault)))
}

impl Shown {
    /// The object as one JSON object: its row, `subject`, `approvals`, `links`, `entries`, `causes`.
    ///
    /// # Errors
    /// Never for what this program read.
    pub fn json(&self) -> Result<Value, StoreError> {
        let mut map = match value(&self.object)? {
            Value::Object(map) => map,
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_) => Map::new(),
        };
        map.insert("subject".to_owned(), self.subject.word().into());
        if let Some(board) = &self.board {
            map.insert("approvals".to_owned(), value(&board.required)?);
            let part = |wanted: &'static str| {
                board.heard.iter().filter(move |heard| heard.part == wanted).collect::<Vec<_>>()
            };
            map.insert("consulted".to_owned(), value(&part("consulted"))?);
            map.insert("informed".to_owned(), value(&part("informed"))?);
            map.insert("accountable".to_owned(), board.accountable.clone().into());
            map.insert("activity".to_owned(), board.activity.clone().into());
            map.insert("conditions".to_owned(), value(&self.conditions)?);
            if let Some(replaces) = &board.replaces {
                map.insert("replaces".to_owned(), value(replaces)?);
            }
            map.insert("approval".to_owned(), board.state.clone().into());
            map.insert("approve_by".to_owned(), value(&board.approve_by)?);
        }
        if self.board.is_some() || matches!(self.subject, Subject::Risk | Subject::Incident) {
            map.insert("comments".to_owned(), value(&self.comments)?);
        }
        if self.subject == Subject::Vendor {
            map.insert("persons".to_owned(), value(&self.persons)?);
        }
        if self.subject == Subject::Raci {
            map.insert("versions".to_owned(), value(&self.versions)?);
        }
        if let Object::Alarm(alarm) = &self.object {
            map.insert("rationale".to_owned(), value(rationale(alarm.kind))?);
        }
        map.insert("links".to_owned(), value(&self.links)?);
        map.insert("entries".to_owned(), value(&self.entries)?);
        map.insert("causes".to_owned(), value(&self.causes)?);
        Ok(Value::Object(map))
    }
}

impl Reader<'_> {
    /// Which kind of object a reference names; none if the store holds no such object.
    async fn subject_of(&mut self, reference: &str) -> Result<Option<Subject>, ReadError> {
        if crate::domain::raci::Activity::parse(reference.split('@').next().unwrap_or_default())
            .is_some()
        {
            return Ok(Some(Subject::Raci));
        }
        if named(reference).is_some() {
            return Ok(Some(Subject::Alarm));
        }
        let found = ask!(self, c => async {
            Ok(opt!(
                c,
                (String, i64),
                "SELECT 'store' AS what, CAST(0 AS BIGINT) AS rank FROM store WHERE ref = $1
                 UNION ALL SELECT 'change', 1 FROM change WHERE ref = $1
                 UNION ALL SELECT 'calendar', 18 FROM calendar WHERE ref = $1
                 UNION ALL SELECT 'bypass', 20 FROM bypass WHERE ref = $1
                 UNION ALL SELECT 'intervention', 19 FROM intervention WHERE ref = $1
                 UNION ALL SELECT 'yardstick', 21 FROM yardstick WHERE ref = $1
                 UNION ALL SELECT 'window', 2 FROM vendor_window WHERE ref = $1
                 UNION ALL SELECT 'risk', 3 FROM risk WHERE ref = $1
                 UNION ALL SELECT 'acceptance', 4 FROM acceptance WHERE ref = $1
                 UNION ALL SELECT 'incident', 5 FROM incident WHERE ref = $1
                 UNION ALL SELECT 'report', 6 FROM report WHERE ref = $1
                 UNION ALL SELECT 'log line', 7 FROM log_line WHERE ref = $1
                 UNION ALL SELECT 'import', 8 FROM import WHERE ref = $1
                 UNION ALL SELECT 'site', 9 FROM site WHERE ref = $1
                 UNION ALL SELECT 'asset', 10 FROM asset WHERE ref = $1
                 UNION ALL SELECT 'zone', 11 FROM zone WHERE ref = $1
                 UNION ALL SELECT 'person', 12 FROM person WHERE ref = $1
                 UNION ALL SELECT 'vendor', 13 FROM vendor WHERE ref = $1
                 UNION ALL SELECT 'advisory', 14 FROM advisory WHERE ref = $1
                 UNION ALL SELECT 'session', 15 FROM access_session WHERE ref = $1
                 UNION ALL SELECT 'access event', 17 FROM access_event WHERE ref = $1
                 UNION ALL SELECT 'extension', 16 FROM extension WHERE ref = $1
                 ORDER BY rank LIMIT 1",
                reference
            )?)
        })?;
        Ok(match found {
            Some((word, _)) => Subject::parse(&word),
            None if reference.matches('/').count() >= 3 => Some(Subject::Vulnerability),
            None => None,
        })
    }

    /// The row of one reference, none if it is gone.
    ///
    /// # Errors
    /// `Store` if the store fails.
    pub async fn one<T: Listed>(&mut self, reference: &str) -> Result<Option<T>, ReadError> {
        let (none, now) = (Filter::default(), self.now());
        let question = Question::one(T::LIST, &none, reference, now);
        Ok(ask!(self, c => engine::page::<T>(c, &question))?.rows.pop())
    }

    async fn object(
        &mut self,
        subject: Subject,
        reference: &str,
    ) -> Result<Option<Object>, ReadError> {
        Ok(match subject {
            Subject::Store => ask!(self, c => async {
                Ok(opt!(
                    c,
                    StoreRow,
                    "SELECT ref, state, org AS title, org, demo, founder, founded_at, sealed_at, seq FROM store"
                )?)
            })?
            .map(Object::Store),
            Subject::Site => self.one(reference).await?.map(Object::Site),
            Subject::Asset => self.one(reference).await?.map(|row| Object::Asset(Box::new(row))),
            Subject::Zone => self.one(reference).await?.map(Object::Zone),
            Subject::Person => self.one(reference).await?.map(Object::Person),
            Subject::Vendor => self.one(reference).await?.map(Object::Vendor),
            Subject::Advisory => self.one(reference).await?.map(|row| Object::Advisory(Box::new(row))),
            Subject::Vulnerability => {
                self.vulnerability(reference).await?.map(|row| Object::Vulnerability(Box::new(row)))
            }
            Subject::Risk => self.one(reference).await?.map(|row| Object::Risk(Box::new(row))),
            Subject::Acceptance => {
                self.one(reference).await?.map(|row| Object::Acceptance(Box::new(row)))
            }
            Subject::Calendar => {
                self.one(reference).await?.map(|row| Object::Calendar(Box::new(row)))
            }
            Subject::Intervention => self.one(reference).await?.map(Object::Intervention),
            Subject::Yardstick => self.one(reference).await?.map(Object::Yardstick),
            Subject::Change => self.one(reference).await?.map(|row| Object::Change(Box::new(row))),
            Subject::Window => self.one(reference).await?.map(|row| Object::Window(Box::new(row))),
            Subject::Extension => {
                self.one(reference).await?.map(|row| Object::Extension(Box::new(row)))
            }
            Subject::AccessEvent => {
                self.one(reference).await?.map(|row| Object::AccessEvent(Box::new(row)))
            }
            Subject::Bypass => self.one(reference).await?.map(|row| Object::Bypass(Box::new(row))),
            Subject::Session => self.one(reference).await?.map(|row| Object::Session(Box::new(row))),
            Subject::Incident => self.one(reference).await?.map(|row| Object::Incident(Box::new(row))),
            Subject::Report => self.one(reference).await?.map(|row| Object::Report(Box::new(row))),
            Subject::LogLine => self.one(reference).await?.map(|row| Object::LogLine(Box::new(row))),
            Subject::Import => self.one(reference).await?.map(|row| Object::Import(Box::new(row))),
            Subject::Alarm => match named(reference) {
                Some(named) => self.alarm(&named).await?.map(|row| Object::Alarm(Box::new(row))),
                None => None,
            },
            Subject::Raci => {
                let rows = self.raci("", &Page::ALL).await?.rows;
                rows.into_iter().find(|row| row.r#ref == reference).map(Object::Raci)
            }
        })
    }

    /// `ADVISORY/CVE/SITE/tag`: neither tags nor sites hold a slash, so the parts are counted from behind.
    async fn vulnerability(&mut self, reference: &str) -> Result<Option<Vulnerability>, ReadError> {
        let mut parts = reference.rsplitn(4, '/');
        let (Some(tag), Some(site), Some(cve), Some(advisory)) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Ok(None);
        };
        let term =
            |word, value: String| Term { word, test: Test::Any(vec![value]), also: Vec::new() };
        let filter = Filter {
            terms: vec![
                term("advisory", advisory.to_owned()),
                term("cve", cve.to_owned()),
                term("asset", format!("{site}/{tag}")),
            ],
            text: Vec::new(),
        };
        Ok(self.page::<Vulnerability>(&filter, &Page::default()).await?.rows.pop())
    }

    /// An object, whole, by any reference: a number, a site, an asset, a zone, a login, a vendor, an advisory, a
    /// RACI row, or `store`.
    ///
    /// # Errors
    /// `Store` with the refusal `unknown` if nothing is called that.
    pub async fn show(&mut self, reference: &str) -> Result<Shown, ReadError> {
        let unknown = || Refusal::unknown("object", reference, "SUBJECT");
        let subject = self.subject_of(reference).await?.ok_or_else(unknown)?;
        let object = self.object(subject, reference).await?.ok_or_else(unknown)?;
        let (now, at) = (self.now(), self.snapshot().clone());
        let board = ask!(self, c => board::board(c, reference, now))?;
        let comments = ask!(self, c => comment::comments(c, reference))?;
        let persons = ask!(self, c => async {
            Ok(rows!(
                c,
                VendorPerson,
                "SELECT vendor_ref AS vendor, person, name, state, screening_until, training_until, ssh_keys, seq
                 FROM vendor_person WHERE vendor_ref = $1 ORDER BY person",
                reference
            )?)
        })?;
        let persons = persons.into_iter().map(|person| person.settled(now)).collect();
        let links = ask!(self, c => links::links(c, subject, reference, now))?;
        let roots = ask!(self, c => causes::roots_of_risk(c, reference))?;
        let entries = ask_ledger!(self, c => log::places(c, &at, reference))?;
        let causes = ask_ledger!(self, c => causes::causes(c, &at, &entries, &roots))?;
        let conditions = match &board {
            Some(_) => ask!(self, c => condition::conditions(c, reference, now))?,
            None => Vec::new(),
        };
        let versions = if subject == Subject::Raci {
            ask_ledger!(self, c => raci::versions(c, &at, reference))?
        } else {
            Vec::new()
        };
        Ok(Shown {
            subject,
            object,
            board,
            conditions,
            versions,
            comments,
            persons,
            links,
            entries,
            causes,
        })
    }
}
