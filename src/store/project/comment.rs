//! Rows of comments.

use crate::domain::comment::{Kind, speaks_for};
use crate::domain::discipline::Discipline;
use crate::exec;
use crate::store::admit::commented;
use crate::store::fault::StoreError;
use crate::store::said::Said;
use crate::store::{facts, link::Link};

/// Writes what somebody said, for the discipline that they speak for.
pub async fn comment(c: &mut Link<'_>, said: &Said<'_>, kind: &Kind) -> Result<(), StoreError> {
    let Kind::Added(made) = kind;
    let revision = commented(c, &said.subject).await?.unwrap_or_default();
    let actor = facts::holder(c, &said.actor).await?;
    let discipline = match &actor {
        Some(actor) => speaks_for(made.discipline, actor)?,
        None => made.discipline,
    };
    exec!(
        c,
        "INSERT INTO comment (object_ref, revision, discipline, person, text, said_at, seq)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        said.subject.as_str(),
        revision,
        discipline.map(Discipline::word),
        said.actor.as_str(),
        made.text.as_str(),
        said.entry.at,
        said.entry.seq
    )?;
    Ok(())
}
