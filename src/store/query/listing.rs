//! Lists by the word that people type: the same rows as JSON, the words of each filter, what is not built yet.

use serde::Serialize;
use serde_json::Value;

use super::derived::Derived;
use super::engine::{Listed, Page, Paged};
use super::trail::TRAIL;
use super::{
    Acceptance, Access, AccessEvent, Advisory, Asset, Blackout, Bypass, Calendar, Change, Duty,
    Extension, Grant, Import, Incident, Intervention, Item, LogLine, MeasureRow, Outage, Person,
    RaciRow, Report, Risk, Session, Site, Vendor, Vulnerability, Window, Yardstick, Zone,
};
use crate::domain::alarm::Alarm;
use crate::domain::filter::Word;
use crate::domain::task::Task;
use crate::ledger::BodyFault;
use crate::store::fault::StoreError;
use crate::store::reader::{ReadError, Reader};

/// A page of a list as JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct Listing {
    /// An object for each row.
    pub rows: Vec<Value>,
    /// The cursor to go on from.
    pub next: Option<String>,
}

/// Subjects that are named and have no table yet.
pub const NOT_BUILT: &[&str] = &[
    "runs",
    "patches",
    "playbooks",
    "obligations",
    "handovers",
    "deviations",
    "controls",
    "requirements",
    "evidence",
    "policies",
    "audits",
];

fn json<T: Serialize>(paged: Paged<T>) -> Result<Listing, ReadError> {
    let rows: Result<Vec<Value>, _> = paged.rows.iter().map(serde_json::to_value).collect();
    let rows = rows.map_err(|fault| StoreError::Body(BodyFault::Data(fault)))?;
    Ok(Listing { rows, next: paged.next })
}

macro_rules! lists {
    (tables { $($word:literal => $row:ty),+ $(,)? } concluded { $($derived:literal => $kind:ty, $method:ident),+ $(,)? }) => {
        /// Every list there is.
        pub const LISTS: &[&str] = &[$($word),+, $($derived),+];

        /// The words that the filter of a list knows; none if there is no such list.
        pub fn words(list: &str) -> Option<Vec<Word>> {
            match list {
                // The ledger is read by `smc log`, and is no list of any table.
                "log" => Some(TRAIL.words()),
                $($word => Some(<$row as Listed>::LIST.words()),)+
                $($derived => Some(<$kind as Derived>::WORDS.to_vec()),)+
                _ => None,
            }
        }

        impl Reader<'_> {
            /// A page of the list of this name, as JSON.
            ///
            /// # Errors
            /// `NotBuilt` and `NoList` for the name; `Filter` and `Cursor` for what was asked wrongly; `Store`
            /// if the store fails.
            pub async fn listing(&mut self, list: &str, filter: &str, page: &Page) -> Result<Listing, ReadError> {
                match list {
                    $($word => json(self.list::<$row>(filter, page).await?),)+
                    $($derived => json(self.$method(filter, page).await?),)+
                    _ if NOT_BUILT.contains(&list) => Err(ReadError::NotBuilt(list.to_owned())),
                    _ => Err(ReadError::NoList { word: list.to_owned(), known: LISTS.join(", ") }),
                }
            }
        }
    };
}

lists! {
    tables {
        "sites" => Site,
        "zones" => Zone,
        "assets" => Asset,
        "people" => Person,
        "roles" => Grant,
        "duties" => Duty,
        "vendors" => Vendor,
        "advisories" => Advisory,
        "vulnerabilities" => Vulnerability,
        "risks" => Risk,
        "acceptances" => Acceptance,
        "calendar" => Calendar,
        "outages" => Outage,
        "blackouts" => Blackout,
        "interventions" => Intervention,
        "yardsticks" => Yardstick,
        "changes" => Change,
        "windows" => Window,
        "extensions" => Extension,
        "bypasses" => Bypass,
        "sessions" => Session,
        "access-events" => AccessEvent,
        "incidents" => Incident,
        "reports" => Report,
        "log-lines" => LogLine,
        "imports" => Import,
    }
    concluded {
        "alarms" => Alarm, alarms,
        "tasks" => Task, tasks,
        "access" => Access, access,
        "raci" => RaciRow, raci,
        "measures" => MeasureRow, measures,
        "items" => Item, items,
    }
}
