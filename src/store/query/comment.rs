//! What was said of an object without a decision.

use serde::Serialize;
use sqlx::FromRow;

use crate::domain::time::Time;
use crate::rows;
use crate::store::fault::StoreError;
use crate::store::link::Link;

/// Something that somebody said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct Comment {
    /// The discipline that is spoken for; none for who holds none.
    pub discipline: Option<String>,
    /// Who said it.
    pub person: String,
    /// What.
    pub text: String,
    /// The revision that it speaks of, 0 for what has none.
    pub revision: i64,
    /// When.
    pub said_at: Time,
    /// The entry of it.
    pub seq: i64,
}

/// What was said of an object, the first first.
pub async fn comments(c: &mut Link<'_>, on: &str) -> Result<Vec<Comment>, StoreError> {
    Ok(rows!(
        c,
        Comment,
        "SELECT discipline, person, text, revision, said_at, seq FROM comment WHERE object_ref = $1 ORDER BY seq",
        on
    )?)
}
