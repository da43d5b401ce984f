//! Alarms at the instant of reading, concluded from windows, sessions, changes, acceptances and reports, and from what people
//! said of each occurrence.

mod access;
mod judgement;
mod work;

use sqlx::FromRow;

use super::derived::{Derived, Fact};
use super::motion::WORK;
use super::touched::Touched;
use crate::domain::alarm::{self, Alarm, AlarmKind, Raised, State, rationale};
use crate::domain::attention::Consequence;
use crate::domain::filter::{Of, Word};
use crate::domain::names::{Ref, SiteCode, in_order};
use crate::domain::time::Time;
use crate::rows;
use crate::store::fault::StoreError;
use crate::store::link::Link;

impl Derived for Alarm {
    const NAME: &'static str = "alarms";
    const WORDS: &'static [Word] = &[
        Word { name: "state", of: Of::Choice(State::WORDS) },
        Word { name: "site", of: Of::Word },
        Word { name: "kind", of: Of::Choice(AlarmKind::WORDS) },
        Word { name: "subject", of: Of::Word },
        Word { name: "priority", of: Of::Number },
        Word { name: "due", of: Of::Time },
    ];

    fn fact(&self, word: &str) -> Fact<'_> {
        match word {
            "state" => Fact::Word(self.state.word()),
            "site" => Fact::Word(self.site.as_str()),
            "kind" => Fact::Word(self.kind.word()),
            "subject" => Fact::Word(self.subject.as_str()),
            "priority" => Fact::Number(self.priority),
            "due" => Fact::Time(self.due),
            _ => Fact::None,
        }
    }

    fn text(&self) -> String {
        format!("{} {}", self.r#ref, self.title)
    }

    fn key(&self) -> String {
        self.r#ref.to_string()
    }
}

#[derive(FromRow)]
struct Acknowledged {
    alarm_ref: String,
    due_at: Time,
    person: String,
    acknowledged_at: Time,
    seq: i64,
}

#[derive(FromRow)]
struct Shelved {
    alarm_ref: String,
    due_at: Time,
    person: String,
    until_at: Time,
    priority: i64,
    reason: Option<String>,
    seq: i64,
}

/// What is told of the subject of an alarm.
struct Found<'a> {
    subject: &'a str,
    site: &'a str,
    timezone: &'a str,
    what: String,
    worst: Consequence,
    seq: i64,
}

/// The alarm of a condition before anybody said anything of it.
fn raise(raised: Option<Raised>, found: Found<'_>, now: Time) -> Option<Alarm> {
    let Raised { kind, due, cleared } = raised?;
    let known = rationale(kind);
    Some(Alarm {
        r#ref: alarm::reference(kind, found.subject)?,
        site: SiteCode::new(found.site).ok()?,
        state: State::of(cleared, false, false),
        title: format!("{}: {}", found.what, known.cause),
        kind,
        subject: Ref::new(found.subject).ok()?,
        priority: alarm::priority(kind, found.worst, due, now)?,
        due,
        cleared,
        acknowledged_by: None,
        acknowledged_at: None,
        shelved_by: None,
        shelved_until: None,
        shelved_reason: None,
        response: known.response,
        timezone: found.timezone.to_owned(),
        seq: found.seq,
    })
}

/// Adds what people said of these occurrences.
async fn said(c: &mut Link<'_>, alarms: &mut [Alarm], now: Time) -> Result<(), StoreError> {
    let Some(first) = alarms.iter().map(|alarm| alarm.due).min() else { return Ok(()) };
    let acknowledged = rows!(
        c,
        Acknowledged,
        "SELECT alarm_ref, due_at, person, acknowledged_at, seq FROM alarm_acknowledgement WHERE due_at >= $1",
        first
    )?;
    let shelved = rows!(
        c,
        Shelved,
        "SELECT alarm_ref, due_at, person, until_at, priority, reason, seq FROM alarm_shelf
         WHERE due_at >= $1 ORDER BY seq",
        first
    )?;
    for alarm in alarms {
        let is = |reference: &str, due: Time| reference == alarm.r#ref.as_str() && due == alarm.due;
        let known = acknowledged.iter().find(|row| is(&row.alarm_ref, row.due_at));
        let shelf = shelved.iter().rfind(|row| is(&row.alarm_ref, row.due_at));
        let holds = shelf.filter(|row| {
            !alarm.cleared && alarm::shelf_holds(row.until_at, row.priority, alarm.priority, now)
        });
        let last = known.map(|row| row.seq).max(shelf.map(|row| row.seq)).unwrap_or_default();
        alarm.acknowledged_by = known.map(|row| row.person.clone());
        alarm.acknowledged_at = known.map(|row| row.acknowledged_at);
        alarm.shelved_by = holds.map(|row| row.person.clone());
        alarm.shelved_until = holds.map(|row| row.until_at);
        alarm.shelved_reason = holds.and_then(|row| row.reason.clone());
        alarm.state = State::of(alarm.cleared, known.is_some(), holds.is_some());
        alarm.seq = alarm.seq.max(last);
    }
    Ok(())
}

async fn all(c: &mut Link<'_>, subject: &str, now: Time) -> Result<Vec<Alarm>, StoreError> {
    let mut found = access::all(c, subject, now).await?;
    found.extend(work::all(c, subject, now).await?);
    found.extend(judgement::of_acceptances(c, subject, now).await?);
    found.extend(judgement::of_reports(c, subject, now).await?);
    said(c, &mut found, now).await?;
    Ok(found)
}

/// What people said of an alarm is read from.
pub(super) const SAID: &[&str] = &["alarm_acknowledgement", "alarm_shelf"];

/// What alarms of work are read from.
pub(super) const WORKED: &[&str] = &["alarm_acknowledgement", "asset", "bypass", "change", "site"];

/// What alarms of acceptances are read from.
pub(super) const ACCEPTED: &[&str] =
    &["acceptance", "alarm_acknowledgement", "approval", "risk", "site"];

/// What alarms of reports are read from.
pub(super) const REPORTED: &[&str] = &["alarm_acknowledgement", "report", "site"];

/// What alarms of access are read from, beside what windows are.
pub(super) const ENTERED: &[&str] = &["access_event", "alarm_acknowledgement", "person"];

/// Alarms before anybody said anything of them, by what they are concluded from.
#[derive(Debug, Default)]
pub struct Unsaid {
    access: Vec<Alarm>,
    work: Vec<Alarm>,
    acceptances: Vec<Alarm>,
    reports: Vec<Alarm>,
}

impl Unsaid {
    /// Reads again what may have moved; the alarms as they are said then, unless all stand as they stood.
    pub(super) async fn again(
        &mut self,
        c: &mut Link<'_>,
        touched: &Touched,
        now: Time,
    ) -> Result<Option<Vec<Alarm>>, StoreError> {
        let mut moved = touched.any(SAID);
        let mut take = |stood: &mut Vec<Alarm>, found: Vec<Alarm>| {
            moved |= *stood != found;
            *stood = found;
        };
        if touched.any(WORK) || touched.any(ENTERED) {
            take(&mut self.access, access::all(c, "", now).await?);
        }
        if touched.any(WORKED) {
            take(&mut self.work, work::all(c, "", now).await?);
        }
        if touched.any(ACCEPTED) {
            take(&mut self.acceptances, judgement::of_acceptances(c, "", now).await?);
        }
        if touched.any(REPORTED) {
            take(&mut self.reports, judgement::of_reports(c, "", now).await?);
        }
        if !moved {
            return Ok(None);
        }
        let parts = [&self.access, &self.work, &self.acceptances, &self.reports];
        let mut found: Vec<Alarm> = parts.into_iter().flatten().cloned().collect();
        said(c, &mut found, now).await?;
        found.retain(|alarm| alarm.state != State::Normal);
        found.sort_by(|a, b| {
            let key = |alarm: &Alarm| (alarm.priority, !alarm.state.calls(), alarm.due);
            key(a).cmp(&key(b)).then_with(|| in_order(a.r#ref.as_str(), b.r#ref.as_str()))
        });
        Ok(Some(found))
    }
}

/// Every alarm at this instant that somebody must still see: by priority, what nobody has acknowledged first, then by
/// time and reference.
pub async fn alarms(c: &mut Link<'_>, now: Time) -> Result<Vec<Alarm>, StoreError> {
    let found = Unsaid::default().again(c, &Touched::Everything, now).await?;
    Ok(found.unwrap_or_default())
}

/// One alarm by its reference, also when it has ended and was acknowledged; none if it never stood.
pub async fn standing(
    c: &mut Link<'_>,
    reference: &Ref,
    now: Time,
) -> Result<Option<Alarm>, StoreError> {
    let Some((_, subject)) = alarm::parts(reference) else { return Ok(None) };
    let found = all(c, subject.as_str(), now).await?;
    Ok(found.into_iter().find(|alarm| alarm.r#ref == *reference))
}
