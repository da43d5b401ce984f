//! Whom a log let in and no log let out, at an instant. How that is concluded from its events is the domain's.

use sqlx::FromRow;

use super::Access;
use crate::domain::access::{Action, Because, STAYS, Seen, inside};
use crate::domain::time::Time;
use crate::rows;
use crate::store::fault::StoreError;
use crate::store::link::Link;

/// An event by which somebody is inside.
#[derive(Clone, FromRow)]
pub struct Row {
    /// Its reference.
    pub r#ref: String,
    /// Its site.
    pub site: String,
    /// The time zone of its site.
    pub timezone: String,
    /// The vendor that sends such a person.
    pub vendor: Option<String>,
    /// The login.
    pub login: String,
    /// The asset.
    pub asset: String,
    /// The window that was open when it happened.
    pub within: Option<String>,
    /// Its end, if it is open at the instant that is asked about.
    pub window_end: Option<Time>,
    /// Why it is outside.
    pub because: Option<String>,
    /// What happened.
    pub action: String,
    /// Where it came from.
    pub source: Option<String>,
    /// The port there.
    pub port: Option<i64>,
    /// What tells the session apart in the log.
    pub session: Option<String>,
    /// When it happened.
    pub at: Time,
    /// The entry that wrote it.
    pub seq: i64,
}

impl Row {
    fn because(&self) -> Option<Because> {
        self.because.as_deref().and_then(Because::parse)
    }

    /// The vendor, as lists show it: empty for none.
    pub fn vendor(&self) -> &str {
        self.vendor.as_deref().unwrap_or_default()
    }

    fn in_spite_of_a_window(&self) -> bool {
        self.because().is_some_and(Because::in_spite_of_a_window)
    }

    /// Until when a window allows it; none if nothing does.
    pub fn until(&self) -> Option<Time> {
        self.window_end.filter(|_| !self.in_spite_of_a_window())
    }

    /// Whether this is the same access, told of otherwise: one person of one vendor on one asset.
    pub fn is(&self, one: &Access) -> bool {
        let allowed = one.state != "outside";
        if allowed && self.in_spite_of_a_window() {
            return false;
        }
        self.login == one.person && self.vendor() == one.vendor && self.asset == one.asset
    }

    /// The title of what only a log tells of.
    pub fn title(&self) -> String {
        let of = match (self.vendor.as_deref(), self.because()) {
            (_, Some(Because::Left)) => "who had left",
            (Some(vendor), Some(Because::NoWindow | Because::Key | Because::Source) | None) => {
                vendor
            }
            (None, Some(Because::NoWindow | Because::Key | Because::Source) | None) => {
                "known to nobody"
            }
        };
        super::title(&self.login, of, &self.asset)
    }
}

/// Somebody of this store's own people who was let in before they were deactivated.
#[derive(Clone)]
pub struct Leaver {
    /// The event by which they were inside when they left.
    pub by: Row,
    /// When they left.
    pub left_at: Time,
    /// Whether no log has let them out since.
    pub inside: bool,
}

/// Whom a log let in and no log let out at this instant; of this store's own people only those who have left since.
pub(super) async fn logged(c: &mut Link<'_>, at: Time) -> Result<Vec<Row>, StoreError> {
    let mut found = not_ours(c, at).await?;
    let left = leavers(c, at.plus_seconds(-STAYS), at).await?;
    found.extend(left.into_iter().filter(|one| one.inside).map(|one| one.by));
    Ok(found)
}

/// Who of this store's own people was inside when they were deactivated, since then and up to this instant.
pub async fn leavers(c: &mut Link<'_>, since: Time, at: Time) -> Result<Vec<Leaver>, StoreError> {
    let gone = rows!(
        c,
        (String, Time),
        "SELECT ref, left_at FROM person WHERE left_at > $1 AND left_at <= $2 ORDER BY ref",
        since,
        at
    )?;
    let mut found = Vec::new();
    for (login, left_at) in gone {
        let rows = rows!(
            c,
            Row,
            "SELECT t.ref, t.site, s.timezone, t.vendor, t.login, t.asset, t.within, t.because, t.action, t.source, t.port,
                    t.session, t.at, t.seq, NULLIF(t.at, t.at) AS window_end
             FROM access_event t JOIN site s ON s.ref = t.site
             WHERE t.login = $3 AND t.at > $1 AND t.at <= $2 AND (t.state = 'staff' OR t.action = 'closed')
             ORDER BY t.at, t.seq",
            left_at.plus_seconds(-STAYS),
            at,
            login.as_str()
        )?;
        let then: Vec<Row> = rows.iter().filter(|row| row.at <= left_at).cloned().collect();
        let stays = inside_of(rows);
        let because = Some(Because::Left.word().to_owned());
        found.extend(inside_of(then).into_iter().map(|row| Leaver {
            left_at,
            inside: at <= row.at.plus_seconds(STAYS)
                && stays.iter().any(|one| one.r#ref == row.r#ref),
            by: Row { because: because.clone(), ..row },
        }));
    }
    Ok(found)
}

async fn not_ours(c: &mut Link<'_>, at: Time) -> Result<Vec<Row>, StoreError> {
    // Whoever came in as a stranger may leave as one of our own people.
    let rows = rows!(
        c,
        Row,
        "SELECT t.ref, t.site, s.timezone, t.vendor, t.login, t.asset, t.within, t.because, t.action, t.source, t.port,
                t.session, t.at, t.seq,
                CASE WHEN w.opened_at <= $2 AND (w.ended_at IS NULL OR w.ended_at > $2) THEN w.end_at END AS window_end
         FROM access_event t JOIN site s ON s.ref = t.site LEFT JOIN vendor_window w ON w.ref = t.within
         WHERE t.at > $1 AND t.at <= $2 AND (t.state <> 'staff' OR t.action = 'closed') ORDER BY t.at, t.seq",
        at.plus_seconds(-STAYS),
        at
    )?;
    Ok(inside_of(rows))
}

/// The events by which somebody is inside after all of these.
fn inside_of(rows: Vec<Row>) -> Vec<Row> {
    // A word that this version does not know neither begins nor ends a session.
    let known = rows.into_iter().filter_map(|row| Some((Action::parse(&row.action)?, row)));
    let known: Vec<(Action, Row)> = known.collect();
    let seen = known.iter().map(|(action, row)| Seen {
        login: &row.login,
        asset: &row.asset,
        vendor: row.vendor.as_deref(),
        session: row.session.as_deref(),
        from: row.source.as_deref().zip(row.port),
        in_spite_of_a_window: row.in_spite_of_a_window(),
        action: *action,
    });
    let stays = inside(&seen.collect::<Vec<_>>()).into_iter().filter_map(|one| {
        let (_, row) = known.get(one.by)?;
        // That a session was opened says neither by which key nor from where.
        let let_in = one.accepted.and_then(|at| known.get(at)).map(|(_, row)| row);
        let because = let_in.and_then(|row| row.because.clone()).or_else(|| row.because.clone());
        Some(Row { because, ..row.clone() })
    });
    stays.collect()
}
