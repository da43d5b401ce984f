//! What stands now, kept in parts: each is read again only after entries that may have written a table that it is read
//! from. Time alone turns things too: whoever keeps it reads all of it again when that may be.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::alarm::{self, Unsaid};
use super::alarm_rate::{self, Begun};
use super::engine::{self, Listed, Page, Question};
use super::motion::{self, Motion, broken, part};
use super::task::{self, Asleep};
use super::touched::Touched;
use super::{
    Acceptance, Alarm, Change, Incident, Rate, Risk, Session, Site, Task, Window, change, risk,
    window,
};
use crate::domain::alarm::AlarmKind;
use crate::domain::filter::Filter;
use crate::domain::names::Login;
use crate::domain::role::Holder;
use crate::domain::time::Time;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::{clashing, facts};

/// What a person with grants and disciplines is read from.
const PERSON: &[&str] = &["person", "person_discipline", "role_grant", "site"];

/// What counts of risks are read from.
const RISKS: &[&str] = &["risk"];

/// What incidents and freezes are read from.
const INCIDENTS: &[&str] = &["exemption", "incident", "incident_site", "site", "site_freeze"];

/// What sites are read from.
const SITES: &[&str] = &["site"];

/// Everything that any part is read from.
const SHOWN: &[&[&str]] = &[
    PERSON,
    motion::WORK,
    motion::ACCEPTED,
    motion::REPORTED,
    task::SLEPT,
    alarm::SAID,
    alarm::WORKED,
    alarm::ACCEPTED,
    alarm::REPORTED,
    alarm::ENTERED,
    alarm_rate::WORKED,
    alarm_rate::OTHERS,
    RISKS,
    INCIDENTS,
    SITES,
];

/// Whether an entry of this kind may move what is in motion, its alarms or its tasks; of an unknown kind everything is
/// believed.
pub fn moves(kind: &str) -> bool {
    let touched = Touched::by([kind]);
    SHOWN.iter().any(|tables| touched.any(tables))
}

/// How much of a subject waits at each site.
pub type BySite = BTreeMap<String, i64>;

/// How much waits at each site: what its numbered list shows whoever opens it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waits {
    /// Risks of priority 1 and 2 that nobody treats or accepted.
    pub risks: BySite,
    /// Changes that have not ended.
    pub changes: BySite,
    /// Windows that have not ended.
    pub windows: BySite,
}

/// A row that stands at a site.
trait Placed: Listed {
    fn site(&self) -> &str;
}

impl Placed for Change {
    fn site(&self) -> &str {
        &self.site
    }
}

impl Placed for Window {
    fn site(&self) -> &str {
        &self.site
    }
}

/// What stands at one moment, for one person.
#[derive(Debug, Default)]
pub struct Present {
    /// The person, if there is one of that login.
    pub holder: Option<Holder>,
    /// What is in motion.
    pub motion: Arc<Motion>,
    /// Alarms that somebody must still see, the most urgent first.
    pub alarms: Vec<Alarm>,
    /// The tasks, the most urgent first.
    pub tasks: Vec<Task>,
    /// Acceptances in force or over, if an alarm is about one.
    pub granted: Vec<Acceptance>,
    /// How much waits at each site.
    pub waits: Waits,
    /// Incidents that are declared, the most severe first.
    pub incidents: Vec<Incident>,
    /// Sessions that go on.
    pub live: Vec<Session>,
    /// The code of every site, with its time zone.
    pub sites: Vec<(String, String)>,
    /// The sites that are frozen.
    pub frozen: Vec<String>,
    /// How many alarms began lately.
    pub rate: Rate,
    asleep: Asleep,
    unsaid: Unsaid,
    begun: Begun,
}

impl Present {
    /// Reads again what these tables may have moved; says whether anything was read.
    pub(super) async fn again(
        &mut self,
        c: &mut Link<'_>,
        login: &Login,
        touched: &Touched,
        now: Time,
    ) -> Result<bool, StoreError> {
        if !SHOWN.iter().any(|tables| touched.any(tables)) {
            return Ok(false);
        }
        if touched.any(PERSON) {
            self.holder = facts::holder(c, login).await?;
        }
        if [motion::WORK, motion::ACCEPTED, motion::REPORTED].iter().any(|part| touched.any(part)) {
            Arc::make_mut(&mut self.motion).again(c, None, touched, now).await?;
        }
        if touched.any(motion::WORK) {
            self.waits.changes = standing(c, &self.motion.changes, change::LIVE, now).await?;
            self.waits.windows = standing(c, &self.motion.windows, window::LIVE, now).await?;
            self.live = part(c, "state:live", None, now).await?;
        }
        if touched.any(task::SLEPT) || touched.any(PERSON) {
            self.asleep = task::asleep(c, self.holder.as_ref(), now).await?;
        }
        self.tasks = task::tasks(&self.motion, self.holder.as_ref(), &self.asleep, now);
        let alarms = self.unsaid.again(c, touched, now).await?;
        let moved = alarms.is_some();
        self.alarms = alarms.unwrap_or_else(|| std::mem::take(&mut self.alarms));
        if moved || touched.any(motion::ACCEPTED) {
            self.granted = self.grants(c, now).await?;
        }
        self.rate = self.begun.again(c, touched, now).await?;
        if touched.any(RISKS) {
            self.waits.risks = by_site::<Risk>(c, risk::UNTREATED, now).await?;
        }
        if touched.any(INCIDENTS) {
            self.incidents(c, now).await?;
        }
        if touched.any(SITES) {
            let sites: Vec<Site> = page(c, "", &Page::ALL, now).await?;
            self.sites = sites.into_iter().map(|site| (site.r#ref, site.timezone)).collect();
        }
        Ok(true)
    }

    /// The acceptances that alarms are about.
    async fn grants(&self, c: &mut Link<'_>, now: Time) -> Result<Vec<Acceptance>, StoreError> {
        let of_granted = |alarm: &Alarm| {
            matches!(alarm.kind, AlarmKind::AcceptanceEnded | AlarmKind::AcceptanceEnding)
        };
        if !self.alarms.iter().any(of_granted) {
            return Ok(Vec::new());
        }
        part(c, "state:approved,expired", None, now).await
    }

    async fn incidents(&mut self, c: &mut Link<'_>, now: Time) -> Result<(), StoreError> {
        self.incidents = page(c, "state:declared", &Page::ALL, now).await?;
        let frozen = clashing::freezes(c, "").await?;
        self.frozen = frozen.into_iter().map(|freeze| freeze.site).collect();
        self.frozen.sort_unstable();
        self.frozen.dedup();
        Ok(())
    }
}

fn filter<T: Listed>(line: &str) -> Result<Filter, StoreError> {
    T::LIST.filter(line).map_err(broken)
}

async fn by_site<T: Listed>(c: &mut Link<'_>, line: &str, now: Time) -> Result<BySite, StoreError> {
    let filter = filter::<T>(line)?;
    let question = Question::new(T::LIST, &filter, &Page::default(), now).map_err(broken)?;
    Ok(engine::count_by_site(c, &question).await?.into_iter().collect())
}

/// How many of these stand at each site; where not all of them were read, as the store counts them.
async fn standing<T: Placed>(
    c: &mut Link<'_>,
    read: &[T],
    line: &str,
    now: Time,
) -> Result<BySite, StoreError> {
    if read.len() >= motion::MOST.limit {
        return by_site::<T>(c, line, now).await;
    }
    let mut counts = BySite::new();
    for row in read {
        *counts.entry(row.site().to_owned()).or_default() += 1;
    }
    Ok(counts)
}

async fn page<T: Listed>(
    c: &mut Link<'_>,
    line: &str,
    page: &Page,
    now: Time,
) -> Result<Vec<T>, StoreError> {
    let filter = filter::<T>(line)?;
    let question = Question::new(T::LIST, &filter, page, now).map_err(broken)?;
    Ok(engine::page::<T>(c, &question).await?.rows)
}

#[cfg(test)]
mod tests;
