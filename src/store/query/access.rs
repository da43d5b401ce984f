//! Who of a vendor has access at an instant, asset by asset, as far as that is known when it is read. Whether a gate may let
//! somebody in is not here.

mod logged;

use serde::Serialize;
use sqlx::FromRow;

pub use logged::leavers;
use logged::logged;

use super::derived::{Derived, Fact};
use crate::domain::access::Because;
use crate::domain::filter::{Of, Word};
use crate::domain::time::Time;
use crate::rows;
use crate::store::fault::StoreError;
use crate::store::link::Link;

/// The word under which the filter names another instant than now.
pub const AT: &str = "at";

/// That somebody has access to an asset: by an open window, by a session that none covers, or by what a log says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Access {
    /// What gives it: the window, the session that no open window covers, or the event of a log that let them in.
    pub r#ref: String,
    /// Its site.
    pub site: String,
    /// `open`, `overrun` past the window's end, `outside` for a session that no open window covers, be it one that only a
    /// log tells of.
    pub state: &'static str,
    /// Why it is `outside`, where a log says more than that no window was open: `left`, `key`, `source`.
    pub because: Option<String>,
    /// The person and the asset, as the title of every list.
    pub title: String,
    /// The vendor; empty for a login that nobody knows.
    pub vendor: String,
    /// The vendor's person, by login or name.
    pub person: String,
    /// The asset.
    pub asset: String,
    /// The window; none for a session that began outside.
    pub window: Option<String>,
    /// Since when.
    pub since: Time,
    /// Until when; none for a session outside.
    pub until: Option<Time>,
    /// Live sessions on the asset.
    pub sessions: Vec<String>,
    /// The time zone of its site.
    pub timezone: String,
    /// The entry that last wrote what gives it.
    pub seq: i64,
    /// What tells it apart: one window gives access to several assets.
    #[serde(skip)]
    pub key: String,
}

impl Derived for Access {
    const NAME: &'static str = "access";
    const WORDS: &'static [Word] = &[
        Word { name: "state", of: Of::Choice(&["open", "overrun", "outside"]) },
        Word { name: "because", of: Of::Choice(Because::WORDS) },
        Word { name: "site", of: Of::Word },
        Word { name: "vendor", of: Of::Word },
        Word { name: "person", of: Of::Word },
        Word { name: "asset", of: Of::Word },
        Word { name: "window", of: Of::Word },
        Word { name: "until", of: Of::Time },
        Word { name: AT, of: Of::Moment },
    ];

    fn fact(&self, word: &str) -> Fact<'_> {
        match word {
            "state" => Fact::Word(self.state),
            "because" => self.because.as_deref().map_or(Fact::None, Fact::Word),
            "site" => Fact::Word(&self.site),
            "vendor" => Fact::Word(&self.vendor),
            "person" => Fact::Word(&self.person),
            "asset" => Fact::Word(&self.asset),
            "window" => self.window.as_deref().map_or(Fact::None, Fact::Word),
            "until" => self.until.map_or(Fact::None, Fact::Time),
            _ => Fact::None,
        }
    }

    fn text(&self) -> String {
        format!("{} {} {}", self.r#ref, self.vendor, self.title)
    }

    fn key(&self) -> String {
        self.key.clone()
    }
}

#[derive(FromRow)]
struct OpenRow {
    r#ref: String,
    site: String,
    timezone: String,
    vendor: String,
    person: String,
    asset: String,
    opened_at: Time,
    end_at: Time,
    seq: i64,
}

#[derive(FromRow)]
struct LiveRow {
    r#ref: String,
    site: String,
    timezone: String,
    vendor: String,
    person: String,
    asset: String,
    within: Option<String>,
    window_end: Option<Time>,
    started_at: Time,
    seq: i64,
}

fn title(person: &str, vendor: &str, asset: &str) -> String {
    format!("{person} ({vendor}) on {asset}")
}

const fn open(end: Time, at: Time) -> &'static str {
    if at.micros() >= end.micros() { "overrun" } else { "open" }
}

/// Everybody who has access at this instant, by the times of windows, sessions and events themselves: what stands out first,
/// then by site, asset and person.
pub async fn access(c: &mut Link<'_>, at: Time) -> Result<Vec<Access>, StoreError> {
    let windows = rows!(
        c,
        OpenRow,
        "SELECT t.ref, t.site, s.timezone, t.vendor, t.person, x.asset, t.opened_at, t.end_at, t.seq
         FROM vendor_window t JOIN window_asset x ON x.window_ref = t.ref JOIN site s ON s.ref = t.site
         WHERE t.opened_at <= $1 AND (t.ended_at IS NULL OR t.ended_at > $1)",
        at
    )?;
    let sessions = rows!(
        c,
        LiveRow,
        "SELECT t.ref, t.site, s.timezone, t.vendor, t.person, t.asset, t.within, t.started_at, t.seq,
                CASE WHEN w.opened_at <= $1 AND (w.ended_at IS NULL OR w.ended_at > $1) THEN w.end_at END AS window_end
         FROM access_session t JOIN site s ON s.ref = t.site LEFT JOIN vendor_window w ON w.ref = t.within
         WHERE t.started_at <= $1 AND (t.ended_at IS NULL OR t.ended_at > $1) ORDER BY t.seq",
        at
    )?;
    let mut found: Vec<Access> = windows
        .into_iter()
        .map(|row| Access {
            state: open(row.end_at, at),
            because: None,
            title: title(&row.person, &row.vendor, &row.asset),
            window: Some(row.r#ref.clone()),
            key: format!("{} {}", row.r#ref, row.asset),
            since: row.opened_at,
            until: Some(row.end_at),
            sessions: Vec::new(),
            r#ref: row.r#ref,
            site: row.site,
            vendor: row.vendor,
            person: row.person,
            asset: row.asset,
            timezone: row.timezone,
            seq: row.seq,
        })
        .collect();
    for row in sessions {
        let until = row.window_end;
        let there = found
            .iter_mut()
            .find(|one| until.is_some() && one.window == row.within && one.asset == row.asset);
        if let Some(there) = there {
            there.sessions.push(row.r#ref);
            continue;
        }
        // On a jump host before the assets of its window, or outside.
        found.push(Access {
            state: until.map_or("outside", |end| open(end, at)),
            because: None,
            title: title(&row.person, &row.vendor, &row.asset),
            window: row.within,
            since: row.started_at,
            until,
            sessions: vec![row.r#ref.clone()],
            key: row.r#ref.clone(),
            r#ref: row.r#ref,
            site: row.site,
            vendor: row.vendor,
            person: row.person,
            asset: row.asset,
            timezone: row.timezone,
            seq: row.seq,
        });
    }
    for row in logged(c, at).await? {
        // What is told otherwise too is one access.
        if let Some(there) = found.iter_mut().find(|one| row.is(one)) {
            if there.state == "outside" {
                there.since = there.since.min(row.at);
                there.because = there.because.take().or(row.because);
            }
            continue;
        }
        // On a jump host before the assets of its window, or outside.
        let until = row.until();
        found.push(Access {
            state: until.map_or("outside", |end| open(end, at)),
            title: row.title(),
            until,
            sessions: vec![row.r#ref.clone()],
            key: row.r#ref.clone(),
            vendor: row.vendor().to_owned(),
            because: row.because,
            window: row.within,
            since: row.at,
            r#ref: row.r#ref,
            site: row.site,
            person: row.login,
            asset: row.asset,
            timezone: row.timezone,
            seq: row.seq,
        });
    }
    let rank = |state: &str| match state {
        "outside" => 0,
        "overrun" => 1,
        _ => 2,
    };
    found.sort_by(|a, b| {
        let key = |one: &Access| (rank(one.state), one.site.clone(), one.asset.clone());
        key(a).cmp(&key(b)).then_with(|| (&a.person, &a.r#ref).cmp(&(&b.person, &b.r#ref)))
    });
    Ok(found)
}
