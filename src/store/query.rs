//! What panes, lists, documents and scripts read: typed rows by subject, all of one moment.

mod access;
mod access_event;
mod advisory;
mod alarm;
mod alarm_rate;
mod asset;
mod board;
mod bypass;
mod calendar;
mod causes;
mod change;
mod clash;
mod columns;
mod comment;
mod condition;
mod decided;
mod derived;
mod engine;
mod extension;
mod holder;
mod import;
mod incident;
mod intervention;
mod lately;
mod links;
mod listing;
mod log;
mod log_line;
mod motion;
mod named;
mod passage;
mod person;
mod posture;
mod present;
mod raci;
mod report;
mod risk;
mod session;
mod show;
mod site;
mod status;
mod task;
mod touched;
mod trail;
mod vendor;
mod window;
mod yardstick;

pub use crate::domain::alarm::{Alarm, Rate};
pub use crate::domain::task::Task;
pub use access::Access;
pub use access_event::AccessEvent;
pub use advisory::{Advisory, Vulnerability};
pub(in crate::store) use alarm::standing;
pub use asset::Asset;
pub use board::{Board, Heard, Refused, Replaces, Required};
pub use bypass::Bypass;
pub use calendar::{Blackout, Calendar, Outage, Slot};
pub use causes::Cause;
pub use change::{CHANGES_LIVE, Change};
pub use clash::{Clash, Fit};
pub use columns::{Approval, Approvals, Lines, Told};
pub use comment::Comment;
pub use derived::{Derived, Fact};
pub use engine::{By, LIMIT, List, Listed, Page, Paged};
pub use extension::Extension;
pub use import::Import;
pub use incident::Incident;
pub use intervention::Intervention;
pub(in crate::store) use lately::lately;
pub use links::Link;
pub use listing::{LISTS, Listing, NOT_BUILT, words};
pub use log::{LogEntry, LogQuery, Since};
pub use log_line::LogLine;
pub use motion::Motion;
pub use passage::Passage;
pub use person::{Duty, Grant, Person};
pub use posture::{Item, MeasureRow, Move};
pub use present::{Present, Waits, moves};
pub use raci::{RaciRow, RaciVersion};
pub use report::Report;
pub use risk::{Acceptance, Counts, RISKS_UNTREATED, Risk, Weighed};
pub use session::Session;
pub use show::{Object, Shown, StoreRow, Subject};
pub use site::{Site, Zone};
pub use status::{Doubtful, Ranks, Scores, SitePosture, Status, Worst};
pub(in crate::store) use task::one as task_of;
pub use touched::Touched;
pub use vendor::{Vendor, VendorPerson};
pub use window::{Footing, WINDOWS_LIVE, Window};
pub use yardstick::Yardstick;

use std::collections::BTreeMap;

use super::asked;
use super::clashing;
use super::fault::StoreError;
use super::reader::{ReadError, Reader};
use crate::domain::approval::Candidate;
use crate::domain::conflict::Freeze;
use crate::domain::filter::{Filter, Test};
use crate::domain::names::{Login, Ref, SiteCode};
use crate::domain::posture::Measure;
use crate::domain::role::Holder;
use crate::domain::wrote::Wrote;
use crate::ledger::Tip;
use crate::{ask, ask_ledger};

impl Reader<'_> {
    /// A page of a list, in the words of the filter line.
    ///
    /// # Errors
    /// `Filter` and `Cursor` for what was asked wrongly; `Store` if the store fails.
    pub async fn list<T: Listed>(
        &mut self,
        filter: &str,
        page: &Page,
    ) -> Result<Paged<T>, ReadError> {
        let filter = self.concluded::<T>(filter).await?;
        self.page(&filter, page).await
    }

    /// A filter line of a list, read, with what is concluded of it.
    async fn concluded<T: Listed>(&mut self, line: &str) -> Result<Filter, ReadError> {
        let mut filter = self.filter(line, &T::LIST.words()).await?;
        if !filter.terms.iter().any(|term| matches!(term.test, Test::Time(..))) {
            return Ok(filter);
        }
        let (holder, now) = (self.reading().await?, self.now());
        ask!(self, c => T::conclude(c, &mut filter, holder.as_ref(), now))?;
        Ok(filter)
    }

    /// Whoever reads.
    async fn reading(&mut self) -> Result<Option<Holder>, ReadError> {
        match self.who() {
            Some(login) => self.holder(&login).await,
            None => Ok(None),
        }
    }

    /// A page of a list, with a filter that was read.
    ///
    /// # Errors
    /// `Cursor` for the cursor of another list; `Store` if the store fails.
    pub async fn page<T: Listed>(
        &mut self,
        filter: &Filter,
        page: &Page,
    ) -> Result<Paged<T>, ReadError> {
        let question = engine::Question::new(T::LIST, filter, page, self.now())?;
        Ok(ask!(self, c => engine::page(c, &question))?)
    }

    /// A page of risks, counted where these counts do not say it yet.
    ///
    /// # Errors
    /// `Filter` and `Cursor` for what was asked wrongly; `Store` if the store fails.
    pub async fn risks(
        &mut self,
        filter: &str,
        page: &Page,
        counts: &mut Counts,
    ) -> Result<Paged<Risk>, ReadError> {
        let filter = self.filter(filter, &Risk::LIST.words()).await?;
        let question = engine::Question::new(&risk::UNCOUNTED, &filter, page, self.now())?;
        Ok(ask!(self, c => counts.page(c, &question))?)
    }

    /// How many rows a filter leaves.
    ///
    /// # Errors
    /// `Filter` for what was asked wrongly; `Store` if the store fails.
    pub async fn count<T: Listed>(&mut self, filter: &str) -> Result<i64, ReadError> {
        let filter = self.concluded::<T>(filter).await?;
        let question = engine::Question::new(T::LIST, &filter, &Page::default(), self.now())?;
        Ok(ask!(self, c => engine::count(c, &question))?)
    }

    /// A page of the alarms of this instant.
    ///
    /// # Errors
    /// `Filter` and `Cursor` for what was asked wrongly; `Store` if the store fails.
    pub async fn alarms(&mut self, filter: &str, page: &Page) -> Result<Paged<Alarm>, ReadError> {
        let filter = self.filter(filter, Alarm::WORDS).await?;
        let now = self.now();
        let alarms = ask!(self, c => alarm::alarms(c, now))?;
        derived::page(alarms, &filter, page, now)
    }

    /// One alarm by its reference, also when it has ended and was acknowledged; none if it never stood.
    ///
    /// # Errors
    /// `Store` if the store fails.
    pub async fn alarm(&mut self, reference: &Ref) -> Result<Option<Alarm>, ReadError> {
        let now = self.now();
        Ok(ask!(self, c => alarm::standing(c, reference, now))?)
    }

    /// A page of who of a vendor has access at this instant, or had it at the one that the filter names.
    ///
    /// # Errors
    /// `Filter` and `Cursor` for what was asked wrongly; `Store` if the store fails.
    pub async fn access(&mut self, filter: &str, page: &Page) -> Result<Paged<Access>, ReadError> {
        let mut filter = self.filter(filter, Access::WORDS).await?;
        let now = self.now();
        let at = filter.take_moment(access::AT, now)?;
        let found = ask!(self, c => access::access(c, at))?;
        derived::page(found, &filter, page, now)
    }

    /// Whether a vendor's person may be on an asset at this instant; `vendor` empty for the only one that sends one of
    /// that name.
    ///
    /// # Errors
    /// `Store` with the refusal of the window that comes nearest; `Store` if the store fails.
    pub async fn passage(
        &mut self,
        vendor: &str,
        person: &str,
        asset: &str,
    ) -> Result<Passage, ReadError> {
        let now = self.now();
        Ok(ask!(self, c => passage::passage(c, vendor, person, asset, now))?)
    }

    /// The vendors that send a person of this name.
    ///
    /// # Errors
    /// `Store` if the store fails.
    pub async fn vendors_of(&mut self, person: &str) -> Result<Vec<String>, ReadError> {
        Ok(ask!(self, c => passage::vendors_of(c, person))?)
    }

    /// How many alarms began lately.
    ///
    /// # Errors
    /// `Store` if the store fails.
    pub async fn alarm_rate(&mut self) -> Result<Rate, ReadError> {
        let now = self.now();
        Ok(ask!(self, c => alarm_rate::rate(c, now))?)
    }

    /// The freezes that stand, of all sites.
    ///
    /// # Errors
    /// `Store` if the store fails.
    pub async fn freezes(&mut self) -> Result<Vec<Freeze>, ReadError> {
        Ok(ask!(self, c => clashing::freezes(c, ""))?)
    }

    /// What is in motion at this instant, of all sites.
    ///
    /// # Errors
    /// `Store` if the store fails.
    pub async fn motion(&mut self) -> Result<Motion, ReadError> {
        let now = self.now();
        Ok(ask!(self, c => Motion::read(c, None, now))?)
    }

    /// A page of the tasks of whoever reads.
    ///
    /// # Errors
    /// `Filter` and `Cursor` for what was asked wrongly; `Store` if the store fails.
    pub async fn tasks(&mut self, filter: &str, page: &Page) -> Result<Paged<Task>, ReadError> {
        let filter = self.filter(filter, Task::WORDS).await?;
        let holder = self.reading().await?;
        let motion = self.motion().await?;
        let now = self.now();
        let asleep = ask!(self, c => task::asleep(c, holder.as_ref(), now))?;
        let tasks = task::tasks(&motion, holder.as_ref(), &asleep, now);
        derived::page(tasks, &filter, page, now)
    }

    /// How many risks stand in each cell of the matrix of likelihood and worst consequence.
    ///
    /// # Errors
    /// `Store` if the store fails.
    pub async fn risk_matrix(&mut self) -> Result<Vec<Weighed>, ReadError> {
        Ok(ask!(self, c => risk::matrix(c))?)
    }

    /// A page of the RACI table as it holds.
    ///
    /// # Errors
    /// `Filter` and `Cursor` for what was asked wrongly; `Store` if the store fails.
    pub async fn raci(&mut self, filter: &str, page: &Page) -> Result<Paged<RaciRow>, ReadError> {
        let filter = self.filter(filter, RaciRow::WORDS).await?;
        let now = self.now();
        let rows = ask!(self, c => raci::raci(c))?;
        derived::page(rows, &filter, page, now)
    }

    /// The board of a request; none if nothing of that name is decided on.
    ///
    /// # Errors
    /// `Store` if the store fails.
    pub async fn board(&mut self, reference: &str) -> Result<Option<Board>, ReadError> {
        let now = self.now();
        Ok(ask!(self, c => board::board(c, reference, now))?)
    }

    /// What was said of an object without a decision, the first first; nothing of what nobody comments on.
    ///
    /// # Errors
    /// `Store` if the store fails.
    pub async fn comments(&mut self, reference: &str) -> Result<Vec<Comment>, ReadError> {
        Ok(ask!(self, c => comment::comments(c, reference))?)
    }

    /// Whether a change touches a validated state, so that its record is compulsory before it is verified; false for
    /// whatever is no change.
    ///
    /// # Errors
    /// `Store` if the store fails.
    pub async fn touches_validated(&mut self, reference: &str) -> Result<bool, ReadError> {
        let Ok(reference) = Ref::new(reference) else { return Ok(false) };
        match ask!(self, c => asked::touches_validated(c, &reference)) {
            Ok(touches) => Ok(touches),
            Err(StoreError::Refused(_)) => Ok(false),
            Err(fault) => Err(fault.into()),
        }
    }

    /// What stands against a change, a window or an extension and nobody let pass; nothing for whatever else.
    ///
    /// # Errors
    /// `Store` if the store fails.
    pub async fn against(&mut self, reference: &str) -> Result<Vec<Clash>, ReadError> {
        let mut found = match reference.split_once('-').map_or("", |(prefix, _)| prefix) {
            crate::domain::change::PREFIX => {
                self.one::<Change>(reference).await?.map(|row| row.clashes)
            }
            crate::domain::window::PREFIX => {
                self.one::<Window>(reference).await?.map(|row| row.clashes)
            }
            crate::domain::extension::PREFIX => {
                self.one::<Extension>(reference).await?.map(|row| row.clashes)
            }
            _ => None,
        }
        .unwrap_or_default();
        found.retain(|one| one.waived.is_none());
        Ok(found)
    }

    /// Everybody who may decide at a site now, for each discipline that they hold.
    ///
    /// # Errors
    /// `Store` if the store fails.
    pub async fn deciders(&mut self, site: &SiteCode) -> Result<Vec<Candidate>, ReadError> {
        let now = self.now();
        Ok(ask!(self, c => asked::candidates(c, site, now))?)
    }

    /// The posture of every site.
    ///
    /// # Errors
    /// `Store` if the store fails.
    pub async fn status(&mut self) -> Result<Status, ReadError> {
        let at = self.snapshot().clone();
        Ok(ask!(self, c => status::status(c, &at))?)
    }

    /// A page of the measures of every site, and of all sites under `*`.
    ///
    /// # Errors
    /// `Filter` and `Cursor` for what was asked wrongly; `Store` if the store fails.
    pub async fn measures(
        &mut self,
        filter: &str,
        page: &Page,
    ) -> Result<Paged<MeasureRow>, ReadError> {
        let filter = self.filter(filter, <MeasureRow as Derived>::WORDS).await?;
        let now = self.now();
        let status = self.status().await?;
        derived::page(posture::measures(&status), &filter, page, now)
    }

    /// A page of the items behind the measures.
    ///
    /// # Errors
    /// `Filter` and `Cursor` for what was asked wrongly; `Store` if the store fails.
    pub async fn items(&mut self, filter: &str, page: &Page) -> Result<Paged<Item>, ReadError> {
        let filter = self.filter(filter, <Item as Derived>::WORDS).await?;
        let filter = posture::filter(filter);
        let now = self.now();
        ask!(self, c => posture::items(c, &filter, page, now))?
    }

    /// The last moves of items at a site or everywhere, of one measure or of all, the newest first.
    ///
    /// # Errors
    /// `Store` if the store fails.
    pub async fn moves(
        &mut self,
        site: Option<&str>,
        measure: Option<Measure>,
        most: i64,
    ) -> Result<Vec<Move>, ReadError> {
        let now = self.now();
        Ok(ask!(self, c => posture::moves(c, site, measure, most, now))?)
    }

    /// Entries of the ledger, in their order.
    ///
    /// # Errors
    /// `Store` if the store fails.
    pub async fn log(&mut self, query: &LogQuery) -> Result<Vec<LogEntry>, ReadError> {
        let at = self.snapshot().clone();
        Ok(ask_ledger!(self, c => log::log(c, &at, query))?)
    }

    /// A page of the audit trail, the newest entry first, in the words of the filter line.
    ///
    /// # Errors
    /// `Filter` and `Cursor` for what was asked wrongly; `Store` if the store fails.
    pub async fn trail(&mut self, filter: &str, page: &Page) -> Result<Paged<LogEntry>, ReadError> {
        let at = self.snapshot().clone();
        let filter = self.filter(filter, &trail::TRAIL.words()).await?;
        let filter = trail::filter(filter, &at);
        let question = engine::Question::new(&trail::TRAIL, &filter, page, self.now())?;
        Ok(ask_ledger!(self, c => trail::page(c, &at, &question))?)
    }

    /// The titles of what was decided on, by reference.
    ///
    /// # Errors
    /// `Store` if the store fails.
    pub async fn titles(
        &mut self,
        references: &[&str],
    ) -> Result<BTreeMap<String, String>, ReadError> {
        Ok(ask!(self, c => decided::titles(c, references))?)
    }

    /// What the entries after this one may have written.
    ///
    /// # Errors
    /// `Store` if the store fails.
    pub async fn touched_since(&mut self, known: &Tip) -> Result<Touched, ReadError> {
        let upto = self.snapshot().head.tip.seq;
        Ok(ask_ledger!(self, c => touched::since(c, known, upto))?)
    }

    /// Reads again what was touched of what stood; says whether anything was.
    ///
    /// # Errors
    /// `Store` if the store fails: then as much is to be read again as before.
    pub async fn present(
        &mut self,
        stood: &mut Present,
        login: &Login,
        touched: &Touched,
    ) -> Result<bool, ReadError> {
        let now = self.now();
        Ok(ask!(self, c => stood.again(c, login, touched, now))?)
    }

    /// Every entry about a subject, in their order.
    ///
    /// # Errors
    /// `Store` if the store fails.
    pub async fn history(&mut self, subject: &str) -> Result<Vec<LogEntry>, ReadError> {
        let subject = Some(subject.to_owned());
        self.log(&LogQuery { since: Since::START, subject, limit: i64::MAX }).await
    }

    /// The last entries about a subject, the newest first, without what was only said beside it.
    ///
    /// # Errors
    /// `Store` if the store fails.
    pub async fn lately(&mut self, subject: &str) -> Result<Vec<Wrote>, ReadError> {
        let upto = self.snapshot().head.tip.seq;
        Ok(ask_ledger!(self, c => lately::lately(c, subject, upto))?)
    }

    /// The person of this login as the rules see one; none if nobody of that name is registered.
    ///
    /// # Errors
    /// `Store` if the store fails.
    pub async fn holder(&mut self, login: &Login) -> Result<Option<Holder>, ReadError> {
        Ok(ask!(self, c => holder::holder(c, login))?)
    }

    /// Whether time has made something true that no entry says yet, so that a tick would write.
    ///
    /// # Errors
    /// `Store` if the store fails.
    pub async fn due(&mut self) -> Result<bool, ReadError> {
        let now = self.now();
        Ok(ask!(self, c => holder::due(c, now))?)
    }
}
