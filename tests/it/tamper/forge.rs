//! Entries that somebody appended by hand: rightly hashed and chained, but not what the rules allow.

use serde_json::Value;
use smc::commands::origin;
use smc::domain::command::{Kind, Subject};
use smc::domain::rule;
use smc::ledger::{Body, Draft, Entry, Hash, Salt, Tip};
use smc::store::fresh_id;
use sqlx::SqliteConnection;

async fn tip(c: &mut SqliteConnection) -> (String, Tip) {
    let (store, seq, hash, at): (String, i64, Vec<u8>, i64) =
        sqlx::query_as("SELECT store_id, seq, hash, at FROM head")
            .fetch_one(&mut *c)
            .await
            .unwrap();
    let hash = Hash::try_from(hash.as_slice()).unwrap();
    (store, Tip { seq, hash, at: smc::domain::time::Time::from_micros(at) })
}

/// Appends what nobody would have been allowed to, without touching any table.
pub async fn append(
    c: &mut SqliteConnection,
    actor: &str,
    kind: &str,
    site: Option<&str>,
    data: Value,
) -> Entry {
    append_about(c, actor, kind, site, data, None).await
}

/// The same, made under this version of the rules.
pub async fn append_under(
    c: &mut SqliteConnection,
    version: u32,
    actor: &str,
    kind: &str,
    site: Option<&str>,
    data: Value,
) -> Entry {
    let (store, tip) = tip(c).await;
    let mut body =
        Body::new(fresh_id().unwrap(), Salt([7; 16]), version, origin("raw"), &data).unwrap();
    body.site = site.map(str::to_owned);
    let prefix = smc::domain::command::kind(kind).unwrap().creates.unwrap();
    let last: Option<i64> = sqlx::query_scalar("SELECT last FROM counter WHERE prefix = $1")
        .bind(prefix)
        .fetch_optional(&mut *c)
        .await
        .unwrap();
    let subject = format!("{prefix}-{}", last.unwrap_or(0) + 1);
    let draft = Draft::new(kind, subject, &body).unwrap();
    let entry = draft.seal(&store, &tip, actor, tip.at.plus_seconds(1));
    write(c, &entry).await;
    entry
}

/// The same about a subject that the data does not name.
pub async fn append_about(
    c: &mut SqliteConnection,
    actor: &str,
    kind: &str,
    site: Option<&str>,
    data: Value,
    about: Option<&str>,
) -> Entry {
    let (store, tip) = tip(c).await;
    let entry = sealed((&store, &tip), actor, (kind, site, data, about));
    write(c, &entry).await;
    entry
}

/// An entry that follows this tip of this store, written nowhere.
pub fn sealed(
    (store, tip): (&str, &Tip),
    actor: &str,
    (kind, site, data, about): (&str, Option<&str>, Value, Option<&str>),
) -> Entry {
    let subject = about.map_or_else(
        || match Kind::read(kind, data.clone()).unwrap().unwrap().subject() {
            Subject::Is(subject) => subject.to_string(),
            Subject::New(prefix) => format!("{prefix}-1"),
        },
        str::to_owned,
    );
    let mut body =
        Body::new(fresh_id().unwrap(), Salt([7; 16]), rule::CURRENT, origin("raw"), &data).unwrap();
    body.site = site.map(str::to_owned);
    let draft = Draft::new(kind, subject, &body).unwrap();
    draft.seal(store, tip, actor, tip.at.plus_seconds(1))
}

/// Writes an entry and the head after it.
pub async fn write(c: &mut SqliteConnection, entry: &Entry) {
    sqlx::query(
        "INSERT INTO ledger (seq, id, prev, hash, actor, at, kind, subject, body, sig)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(entry.seq)
    .bind(entry.id.to_string())
    .bind(entry.prev.as_bytes())
    .bind(entry.hash.as_bytes())
    .bind(&entry.actor)
    .bind(entry.at.micros())
    .bind(&entry.kind)
    .bind(&entry.subject)
    .bind(entry.body.as_slice())
    .bind(entry.sig.as_slice())
    .execute(&mut *c)
    .await
    .unwrap();
    set_head(c, entry.seq).await;
}

/// Makes the head say that the ledger ends at this entry.
pub async fn set_head(c: &mut SqliteConnection, seq: i64) {
    sqlx::query(
        "UPDATE head SET seq = $1, hash = (SELECT hash FROM ledger WHERE seq = $1), at = (SELECT at FROM ledger WHERE seq = $1)",
    )
    .bind(seq)
    .execute(&mut *c)
    .await
    .unwrap();
}
