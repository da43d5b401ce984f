//! What holds the rows: the file, the schema, its notes, and the documents that entries name by digest.

mod server;

use std::collections::HashSet;

use futures::TryStreamExt;
use sqlx::Row;

use super::report::{Fault, Named, Place};
use super::scratch::Scratch;
use crate::ledger::Hash;
use crate::rows;
use crate::store::fault::StoreError;
use crate::store::link::{Link, On};
use crate::store::schema;

/// Names what is wrong with the file of an embedded store.
pub async fn file(c: &mut Link<'_>, faults: &mut Named<Fault>) {
    let On::Sqlite(c) = c else { return };
    let told = sqlx::query_scalar::<_, String>("PRAGMA integrity_check(100)").fetch_all(&mut **c);
    match told.await {
        Ok(lines) => {
            for line in lines.iter().filter(|line| line.as_str() != "ok") {
                faults.push(Fault::new(Place::File, &format!("the file is damaged: {line}")));
            }
        }
        Err(error) => {
            faults.push(Fault::new(Place::File, &format!("the file is damaged: {error}")));
        }
    }
}

/// Names objects of the schema that are not as this program makes them, and notes that say otherwise.
///
/// # Errors
/// `Unavailable` if the catalog cannot be read.
pub async fn schema(c: &mut Link<'_>, faults: &mut Named<Fault>) -> Result<(), StoreError> {
    if c.is_postgres() {
        server::schema(c, faults).await?;
    } else {
        for (what, how) in schema::odd(c).await? {
            faults.push(Fault::new(Place::Schema, &format!("{what} {how}")));
        }
    }
    let notes = rows!(c, (String, String), "SELECT key, value FROM meta ORDER BY key")?;
    let mut own =
        vec![("schema", schema::VERSION.to_string()), ("tables", schema::tables_digest())];
    for (key, value) in &notes {
        let told = match own.iter().position(|(known, _)| known == key) {
            Some(place) => {
                let (_, known) = own.remove(place);
                if *value == known {
                    continue;
                }
                format!("the note {key:?} says {value:?}, this program says {known:?}")
            }
            None => format!("the note {key:?} is none that this program makes"),
        };
        faults.push(Fault::new(Place::Schema, &told));
    }
    for (key, _) in own {
        faults.push(Fault::new(Place::Schema, &format!("the note {key:?} is missing")));
    }
    Ok(())
}

/// Holds the documents that are not yet known against their digests and makes them known to the scratch store.
///
/// # Errors
/// Only if an engine fails.
pub async fn documents(
    c: &mut Link<'_>,
    scratch: &mut Scratch,
    known: &mut HashSet<String>,
    faults: &mut Named<Fault>,
) -> Result<(), StoreError> {
    const DIGESTS: &str = "SELECT digest FROM document ORDER BY digest";
    let digests = rows!(c, (String,), DIGESTS);
    let digests = match digests {
        Ok(digests) => digests,
        Err(error) if c.is_postgres() => return Err(error.into()),
        Err(error) => {
            let told = format!("the documents cannot be read: {error}");
            faults.push(Fault::new(Place::Document, &told));
            return Ok(());
        }
    };
    let fresh: Vec<String> = digests
        .into_iter()
        .map(|(digest,)| digest)
        .filter(|digest| !known.contains(digest))
        .collect();
    for digest in fresh {
        match bytes(c, &digest).await {
            Ok(Some((found, media))) => {
                if found.to_string() != digest {
                    let told =
                        format!("document {digest} was changed: its bytes have the digest {found}");
                    faults.push(Fault::new(Place::Document, &told));
                }
                scratch.know(&digest, &media).await?;
            }
            Ok(None) => {}
            Err(error) if c.is_postgres() => return Err(error.into()),
            Err(error) => {
                let told = format!("document {digest} cannot be read: {error}");
                faults.push(Fault::new(Place::Document, &told));
                scratch.know(&digest, "").await?;
            }
        }
        known.insert(digest);
    }
    Ok(())
}

/// The digest of a document's bytes as they are, and their media type.
async fn bytes(c: &mut Link<'_>, digest: &str) -> Result<Option<(Hash, String)>, sqlx::Error> {
    const DOCUMENT: &str = "SELECT bytes, media FROM document WHERE digest = $1";
    match c {
        On::Sqlite(c) => {
            let row = sqlx::query(DOCUMENT).bind(digest).fetch(&mut **c).try_next().await?;
            row.map(|row| Ok((Hash::of(row.try_get::<&[u8], _>(0)?), row.try_get(1)?))).transpose()
        }
        On::Postgres(c) => {
            let row = sqlx::query(DOCUMENT).bind(digest).fetch(&mut **c).try_next().await?;
            row.map(|row| Ok((Hash::of(row.try_get::<&[u8], _>(0)?), row.try_get(1)?))).transpose()
        }
    }
}
