//! Appending on a server: by the database's own function, which numbers, chains and checks. It concludes nothing itself.

use sqlx::{FromRow, PgConnection};

use crate::domain::command::Subject;
use crate::domain::names::{Login, SiteCode};
use crate::domain::time::Time;
use crate::ledger::{Draft, Entry, Hash};
use crate::store::facts::{Met, MetRow};
use crate::store::fault::StoreError;
use crate::store::link::{Link, On};
use crate::store::telling::Hand;
use crate::{met, opt};

#[derive(FromRow)]
struct Appended {
    seq: i64,
    prev: Vec<u8>,
    hash: Vec<u8>,
    actor: String,
    at: Time,
    subject: String,
}

impl Appended {
    fn into_entry(self, draft: Draft) -> Result<Entry, StoreError> {
        let hash = |bytes: &[u8]| {
            Hash::try_from(bytes).map_err(|fault| StoreError::Unavailable(fault.to_string()))
        };
        Ok(Entry {
            seq: self.seq,
            id: draft.id,
            prev: hash(&self.prev)?,
            hash: hash(&self.hash)?,
            actor: self.actor,
            at: self.at,
            kind: draft.kind,
            subject: self.subject,
            body: draft.body,
            sig: Vec::new(),
        })
    }
}

/// The subject as the database's function is asked for it.
fn asked(subject: &Subject) -> String {
    match subject {
        Subject::Is(subject) => subject.to_string(),
        Subject::New(prefix) => format!("{prefix}-?"),
    }
}

/// Appends by the database's function.
///
/// # Errors
/// The database's own refusals; `Unavailable` if the engine breaks off.
pub async fn one(
    c: &mut Link<'_>,
    actor: &str,
    draft: Draft,
    subject: &Subject,
    hand: &Hand,
) -> Result<Entry, StoreError> {
    let appended = match hand {
        Hand::Live => opt!(
            c,
            Appended,
            "SELECT seq, prev, hash, actor, at, subject FROM api.append($1, $2, $3)",
            &draft.kind,
            asked(subject),
            draft.body.as_slice()
        )?,
        Hand::Telling(_) => opt!(
            c,
            Appended,
            "SELECT seq, prev, hash, actor, at, subject FROM api.seed_append($1, $2, $3, $4, $5)",
            actor,
            hand.now(),
            &draft.kind,
            asked(subject),
            draft.body.as_slice()
        )?,
    }
    .ok_or_else(|| StoreError::Unavailable("api.append gave no entry".to_owned()))?;
    appended.into_entry(draft)
}

#[derive(FromRow)]
struct AppendedBy {
    #[sqlx(flatten)]
    appended: Appended,
    what: Option<String>,
    word: Option<String>,
    scope: Option<String>,
    until_at: Option<Time>,
}

impl AppendedBy {
    fn apart(self) -> (Appended, Option<MetRow>) {
        let Self { appended, what, word, scope, until_at } = self;
        let met = what.zip(word).zip(scope);
        let met = met.map(|((what, word), scope)| MetRow { what, word, scope, until_at });
        (appended, met)
    }
}

/// Appends by the database's function, and reads who writes in the same exchange: others wait for the lock meanwhile.
///
/// # Errors
/// As for one.
pub async fn one_by(
    c: &mut PgConnection,
    actor: &Login,
    site: Option<&SiteCode>,
    draft: Draft,
    subject: &Subject,
) -> Result<(Entry, Met), StoreError> {
    let found = sqlx::query_as::<_, AppendedBy>(concat!(
        "SELECT a.seq, a.prev, a.hash, a.actor, a.at, a.subject, w.what, w.word, w.scope, w.until_at
         FROM api.append($1, $2, $3) a LEFT JOIN (",
        met!("$4", "$5"),
        ") w ON TRUE"
    ))
    .bind(&draft.kind)
    .bind(asked(subject))
    .bind(draft.body.as_slice())
    .bind(actor.as_str())
    .bind(site.map(SiteCode::as_str))
    .fetch_all(&mut *c)
    .await?;
    let mut entry = None;
    let mut rows = Vec::with_capacity(found.len());
    for row in found {
        let (appended, met) = row.apart();
        rows.extend(met);
        entry.get_or_insert(appended);
    }
    let entry = entry
        .ok_or_else(|| StoreError::Unavailable("api.append gave no entry".to_owned()))?
        .into_entry(draft)?;
    Ok((entry, Met::of(actor, site, &rows)))
}

/// Appends many, all at one instant.
///
/// # Errors
/// As for one; `Invalid` for more than a thousand.
pub async fn many(
    c: &mut Link<'_>,
    drafts: Vec<(Draft, Subject)>,
) -> Result<Vec<Entry>, StoreError> {
    let kinds: Vec<&str> = drafts.iter().map(|(draft, _)| draft.kind.as_str()).collect();
    let subjects: Vec<String> = drafts.iter().map(|(_, subject)| asked(subject)).collect();
    let bodies: Vec<&[u8]> = drafts.iter().map(|(draft, _)| draft.body.as_slice()).collect();
    let On::Postgres(c) = c else { return Ok(Vec::new()) };
    let mut appended = sqlx::query_as::<_, Appended>(
        "SELECT seq, prev, hash, actor, at, subject FROM api.append_many($1, $2, $3)",
    )
    .bind(kinds)
    .bind(subjects)
    .bind(bodies)
    .fetch_all(&mut **c)
    .await?;
    if appended.len() != drafts.len() {
        return Err(StoreError::Unavailable("api.append_many gave too few entries".to_owned()));
    }
    appended.sort_unstable_by_key(|entry| entry.seq);
    appended.into_iter().zip(drafts).map(|(entry, (draft, _))| entry.into_entry(draft)).collect()
}
