//! Who of a vendor has access at the instant of reading, asset by asset. Whether a gate may let somebody in is not here.

use serde::Serialize;
use sqlx::FromRow;

use super::derived::{Derived, Fact};
use crate::domain::access::{Action, Because, STAYS, Seen, inside};
use crate::domain::filter::{Of, Word};
use crate::domain::time::Time;
use crate::domain::window::State;
use crate::rows;
use crate::store::fault::StoreError;
use crate::store::link::Link;

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
    /// Why it is `outside`, where a log says more than that no window was open: `left`.
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
    window_state: Option<String>,
    window_end: Option<Time>,
    started_at: Time,
    seq: i64,
}

#[derive(Clone, FromRow)]
struct LoggedRow {
    r#ref: String,
    site: String,
    timezone: String,
    vendor: Option<String>,
    login: String,
    asset: String,
    within: Option<String>,
    window_state: Option<String>,
    because: Option<String>,
    action: String,
    source: Option<String>,
    port: Option<i64>,
    session: Option<String>,
    at: Time,
    seq: i64,
}

fn title(person: &str, vendor: &str, asset: &str) -> String {
    format!("{person} ({vendor}) on {asset}")
}

/// The title of what only a log tells of.
fn told(row: &LoggedRow) -> String {
    let of = match (row.vendor.as_deref(), row.because.as_deref().and_then(Because::parse)) {
        (_, Some(Because::Left)) => "who had left",
        (Some(vendor), Some(Because::NoWindow) | None) => vendor,
        (None, Some(Because::NoWindow) | None) => "known to nobody",
    };
    title(&row.login, of, &row.asset)
}

const fn open(end: Time, now: Time) -> &'static str {
    if now.micros() >= end.micros() { "overrun" } else { "open" }
}

/// Everybody who has access at this instant: what stands out first, then by site, asset and person.
pub async fn access(c: &mut Link<'_>, now: Time) -> Result<Vec<Access>, StoreError> {
    let windows = rows!(
        c,
        OpenRow,
        "SELECT t.ref, t.site, s.timezone, t.vendor, t.person, x.asset, t.opened_at, t.end_at, t.seq
         FROM vendor_window t JOIN window_asset x ON x.window_ref = t.ref JOIN site s ON s.ref = t.site
         WHERE t.state = 'open'"
    )?;
    let sessions = rows!(
        c,
        LiveRow,
        "SELECT t.ref, t.site, s.timezone, t.vendor, t.person, t.asset, t.within, w.state AS window_state,
                w.end_at AS window_end, t.started_at, t.seq
         FROM access_session t JOIN site s ON s.ref = t.site LEFT JOIN vendor_window w ON w.ref = t.within
         WHERE t.state = 'live' ORDER BY t.seq"
    )?;
    let mut found: Vec<Access> = windows
        .into_iter()
        .map(|row| Access {
            state: open(row.end_at, now),
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
        let covered = row.window_state.as_deref() == Some(State::Open.word());
        let there = found
            .iter_mut()
            .find(|one| covered && one.window == row.within && one.asset == row.asset);
        if let Some(there) = there {
            there.sessions.push(row.r#ref);
            continue;
        }
        // On a jump host before the assets of its window, or outside.
        let until = row.window_end.filter(|_| covered);
        found.push(Access {
            state: until.map_or("outside", |end| open(end, now)),
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
    for row in logged(c, now).await? {
        // What is told otherwise too is one access.
        let stands = found.iter_mut().find(|one| one.person == row.login && one.asset == row.asset);
        if let Some(there) = stands {
            if there.state == "outside" {
                there.since = there.since.min(row.at);
            }
            continue;
        }
        found.push(Access {
            state: "outside",
            title: told(&row),
            because: row.because,
            window: row.within,
            since: row.at,
            until: None,
            sessions: vec![row.r#ref.clone()],
            key: row.r#ref.clone(),
            r#ref: row.r#ref,
            site: row.site,
            vendor: row.vendor.unwrap_or_default(),
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

/// Whom a log let in and no log let out, and no open window covers; this store's own people are not asked about.
async fn logged(c: &mut Link<'_>, now: Time) -> Result<Vec<LoggedRow>, StoreError> {
    let rows = rows!(
        c,
        LoggedRow,
        "SELECT t.ref, t.site, s.timezone, t.vendor, t.login, t.asset, t.within, w.state AS window_state, t.because, t.action,
                t.source, t.port, t.session, t.at, t.seq
         FROM access_event t JOIN site s ON s.ref = t.site LEFT JOIN vendor_window w ON w.ref = t.within
         WHERE t.at > $1 AND t.at <= $2 AND (t.state <> 'staff' OR t.action = 'closed') ORDER BY t.at, t.seq",
        now.plus_seconds(-STAYS),
        now
    )?;
    // A word that this version does not know neither begins nor ends a session.
    let known = rows.into_iter().filter_map(|row| Some((Action::parse(&row.action)?, row)));
    let known: Vec<(Action, LoggedRow)> = known.collect();
    let seen = known.iter().map(|(action, row)| Seen {
        login: &row.login,
        asset: &row.asset,
        vendor: row.vendor.as_deref(),
        session: row.session.as_deref(),
        from: row.source.as_deref().zip(row.port),
        action: *action,
    });
    let covered = |row: &LoggedRow| row.window_state.as_deref() == Some(State::Open.word());
    let stays = inside(&seen.collect::<Vec<_>>());
    let stays = stays.into_iter().filter_map(|one| known.get(one.by)).map(|(_, row)| row);
    Ok(stays.filter(|row| !covered(row)).cloned().collect())
}
