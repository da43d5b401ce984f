//! Rows of posture's items: how the subject of an entry stands in each measure that asks it, as `domain::posture` says.
//!
//! The counts follow from these rows by the engines' own triggers.

use crate::domain::names::{Ref, SiteCode};
use crate::domain::posture::{EVERYWHERE, Measure, Standing, standing};
use crate::domain::time::Time;
use crate::domain::yardstick;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::said::Said;
use crate::{exec, insert, opt, rows, scalar};

mod asset;

pub use asset::{AssetRow, SeenRow, assets, seen};

/// How the subject of an entry stands in one measure.
pub struct Item<'a> {
    /// The measure.
    pub measure: Measure,
    /// Which of the subject's items; empty if it has one.
    pub part: &'a str,
    /// The site, or all.
    pub site: &'a str,
    /// What it weighs.
    pub weight: i64,
    /// How it stands.
    pub standing: Standing,
}

impl<'a> Item<'a> {
    /// The one item of a subject, that weighs 1.
    pub const fn of(measure: Measure, site: &'a str, standing: Standing) -> Self {
        Self { measure, part: "", site, weight: 1, standing }
    }
}

const INSERT: &str = "INSERT INTO posture_item (subject_ref, measure, part, site, weight, state, why, turns_at, turned,
     leaves_at, was, was_weight, moved, moved_at, began_at, seq) ";

/// The state that stood, as of the entry that writes.
macro_rules! stood {
    () => {
        "CASE WHEN posture_item.leaves_at <= excluded.moved_at THEN 'out'
              WHEN posture_item.turns_at <= excluded.moved_at THEN posture_item.turned
              ELSE posture_item.state END"
    };
}

/// Whether the item moved: another state or weight than before.
macro_rules! moved {
    () => {
        concat!("(", stood!(), " <> excluded.state OR posture_item.weight <> excluded.weight)")
    };
}

const UPSERT: &str = concat!(
    " ON CONFLICT (subject_ref, measure, part) DO UPDATE SET site = excluded.site, weight = excluded.weight,
         state = excluded.state, why = excluded.why, turns_at = excluded.turns_at, turned = excluded.turned,
         leaves_at = excluded.leaves_at, seq = excluded.seq,
         was = CASE WHEN ",
    moved!(),
    " THEN ",
    stood!(),
    " ELSE posture_item.was END, was_weight = CASE WHEN ",
    moved!(),
    " THEN posture_item.weight ELSE posture_item.was_weight END, moved = CASE WHEN ",
    moved!(),
    " THEN excluded.moved ELSE posture_item.moved END, moved_at = CASE WHEN ",
    moved!(),
    " THEN excluded.moved_at ELSE posture_item.moved_at END
      WHERE ",
    moved!(),
    " OR posture_item.state <> excluded.state OR posture_item.why IS DISTINCT FROM excluded.why
      OR posture_item.turns_at IS DISTINCT FROM excluded.turns_at
      OR posture_item.turned IS DISTINCT FROM excluded.turned
      OR posture_item.leaves_at IS DISTINCT FROM excluded.leaves_at"
);

/// Items that a statement writes at once.
const ROWS: usize = 192;

/// Writes items of the entry's subject; one that stands as it stood is left as it is.
pub async fn write<'a>(
    c: &mut Link<'_>,
    said: &Said<'_>,
    items: impl IntoIterator<Item = Item<'a>>,
) -> Result<(), StoreError> {
    let items: Vec<_> = items.into_iter().map(|item| (said, said.subject.as_str(), item)).collect();
    write_all(c, &items).await
}

/// Writes items of these subjects by these entries, in the order of the entries.
async fn write_all(
    c: &mut Link<'_>,
    items: &[(&Said<'_>, &str, Item<'_>)],
) -> Result<(), StoreError> {
    insert!(
        c,
        INSERT,
        items,
        ROWS,
        |row, of| {
            let (said, subject, item) = of;
            let at = said.entry.at;
            let Standing { state, why, turn, leaves } =
                item.standing.clone().from(at, item.measure);
            row.push_bind(*subject)
                .push_bind(item.measure.word())
                .push_bind(item.part)
                .push_bind(item.site)
                .push_bind(item.weight)
                .push_bind(state.word())
                .push_bind(why)
                .push_bind(turn.map(|turn| turn.at))
                .push_bind(turn.map(|turn| turn.to.word()))
                .push_bind(leaves)
                .push("NULL")
                .push("CAST(NULL AS BIGINT)")
                .push_bind(said.entry.seq)
                .push_bind(at)
                .push_bind(at)
                .push_bind(said.entry.seq);
        },
        UPSERT
    );
    Ok(())
}

/// Takes the subject's items out of a measure, if it has any there.
pub async fn leave(
    c: &mut Link<'_>,
    said: &Said<'_>,
    measure: Measure,
    part: Option<&str>,
) -> Result<(), StoreError> {
    exec!(
        c,
        "UPDATE posture_item SET state = 'out', why = NULL, turns_at = NULL, turned = NULL, leaves_at = NULL,
             was = CASE WHEN leaves_at <= $1 THEN 'out' WHEN turns_at <= $1 THEN turned ELSE state END,
             was_weight = weight, moved = $2, moved_at = $1, seq = $2
         WHERE subject_ref = $3 AND measure = $4 AND ($5 IS NULL OR part = $5)
             AND (state <> 'out' OR turns_at IS NOT NULL)",
        said.entry.at,
        said.entry.seq,
        said.subject.as_str(),
        measure.word(),
        part
    )?;
    Ok(())
}

/// The target or the weight that an entry sets.
pub async fn yardstick(
    c: &mut Link<'_>,
    said: &Said<'_>,
    kind: &yardstick::Kind,
) -> Result<(), StoreError> {
    let (site, measure, value, reason) = match kind {
        yardstick::Kind::TargetWas(set) => {
            (set.site.as_ref().map(SiteCode::as_str), None, set.target.get(), &set.reason)
        }
        yardstick::Kind::WasWeighed(set) => {
            (None, Some(set.measure.word()), set.weight.get(), &set.reason)
        }
    };
    exec!(
        c,
        "INSERT INTO yardstick (ref, site, measure, value, reason, set_by, set_at, state, seq)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'set', $8)
         ON CONFLICT (ref) DO UPDATE SET value = excluded.value, reason = excluded.reason,
             set_by = excluded.set_by, set_at = excluded.set_at, seq = excluded.seq",
        said.subject.as_str(),
        site,
        measure,
        value,
        reason.as_str(),
        said.actor.as_str(),
        said.entry.at,
        said.entry.seq
    )?;
    Ok(())
}

/// A risk as its row now stands; a closed one leaves.
pub async fn risk(c: &mut Link<'_>, said: &Said<'_>) -> Result<(), StoreError> {
    let row = opt!(
        c,
        (String, String, bool, bool, Option<Time>),
        "SELECT site, state, owner IS NOT NULL, due_at IS NOT NULL, assessed_at FROM risk WHERE ref = $1",
        said.subject.as_str()
    )?;
    let Some((site, state, owned, due, assessed)) = row else { return Ok(()) };
    if state == "closed" {
        leave(c, said, Measure::Risks, None).await?;
        return leave(c, said, Measure::Exceptions, None).await;
    }
    let standing = standing::risk(owned, due, assessed);
    write(c, said, [Item::of(Measure::Risks, &site, standing)]).await
}

/// A risk that is accepted until a time, under an acceptance.
pub async fn accepted(
    c: &mut Link<'_>,
    said: &Said<'_>,
    acceptance: &Ref,
) -> Result<(), StoreError> {
    let row = opt!(
        c,
        (String, Time, bool),
        "SELECT site, until_at, compensating <> '[]' FROM acceptance WHERE ref = $1",
        acceptance.as_str()
    )?;
    let Some((site, until, compensated)) = row else { return Ok(()) };
    let standing = standing::accepted(until, compensated);
    write(c, said, [Item::of(Measure::Exceptions, &site, standing)]).await
}

/// A bypass that is in place, as its row now stands.
pub async fn bypassed(c: &mut Link<'_>, said: &Said<'_>) -> Result<(), StoreError> {
    let row = opt!(
        c,
        (String, Time, bool),
        "SELECT site, until_at, compensating <> '[]' FROM bypass WHERE ref = $1",
        said.subject.as_str()
    )?;
    let Some((site, until, compensated)) = row else { return Ok(()) };
    let standing = standing::accepted(until, compensated);
    write(c, said, [Item::of(Measure::Exceptions, &site, standing)]).await
}

/// The decision that the subject asks for, as its board now stands.
pub async fn decision(c: &mut Link<'_>, said: &Said<'_>) -> Result<(), StoreError> {
    let row = opt!(
        c,
        (String, Time, Option<Time>),
        "SELECT site, approve_by, decided_at FROM approval WHERE ref = $1",
        said.subject.as_str()
    )?;
    let Some((site, approve_by, decided)) = row else { return Ok(()) };
    let standing = standing::decision(approve_by, decided);
    write(c, said, [Item::of(Measure::DecisionsOnTime, &site, standing)]).await
}

/// A request that was taken back: before its time and undecided it was never due.
pub async fn taken_back(c: &mut Link<'_>, said: &Said<'_>) -> Result<(), StoreError> {
    let undecided = scalar!(
        c,
        String,
        "SELECT ref FROM approval WHERE ref = $1 AND decided_at IS NULL AND approve_by > $2",
        said.subject.as_str(),
        said.entry.at
    )?;
    match undecided {
        Some(_) => leave(c, said, Measure::DecisionsOnTime, None).await,
        None => Ok(()),
    }
}

/// What a change's own row says to the measures.
#[derive(sqlx::FromRow)]
struct ChangeRow {
    site: String,
    revert_by: Option<Time>,
    completed_at: Option<Time>,
}

async fn change_row(c: &mut Link<'_>, said: &Said<'_>) -> Result<Option<ChangeRow>, StoreError> {
    Ok(opt!(
        c,
        ChangeRow,
        "SELECT site, CASE WHEN kind = 'temporary' THEN revert_by END AS revert_by, completed_at
         FROM change WHERE ref = $1",
        said.subject.as_str()
    )?)
}

/// A change that was started: a temporary one is in the plant until it is to be reverted.
pub async fn change_started(c: &mut Link<'_>, said: &Said<'_>) -> Result<(), StoreError> {
    let Some(ChangeRow { site, revert_by: Some(revert_by), .. }) = change_row(c, said).await?
    else {
        return Ok(());
    };
    let standing = standing::temporary(revert_by);
    write(c, said, [Item::of(Measure::Exceptions, &site, standing)]).await
}

/// A change that is done, or verified.
pub async fn change_done(
    c: &mut Link<'_>,
    said: &Said<'_>,
    verified: bool,
) -> Result<(), StoreError> {
    let Some(ChangeRow { site, completed_at: Some(done), .. }) = change_row(c, said).await? else {
        return Ok(());
    };
    let standing =
        if verified { standing::verified(done, said.entry.at) } else { standing::done(done) };
    write(c, said, [Item::of(Measure::Changes, &site, standing)]).await
}

/// A change that was backed out is in the plant no more.
pub async fn change_backed_out(c: &mut Link<'_>, said: &Said<'_>) -> Result<(), StoreError> {
    leave(c, said, Measure::Changes, None).await?;
    leave(c, said, Measure::Exceptions, None).await
}

/// A window that stands open, or that ended with or without a close-out.
pub async fn window(
    c: &mut Link<'_>,
    said: &Said<'_>,
    close_out: Option<bool>,
) -> Result<(), StoreError> {
    let row = opt!(
        c,
        (String, Time),
        "SELECT site, end_at FROM vendor_window WHERE ref = $1",
        said.subject.as_str()
    )?;
    let Some((site, end)) = row else { return Ok(()) };
    let standing = match close_out {
        Some(close_out) => standing::ended(end, said.entry.at, close_out),
        None => standing::open(end),
    };
    write(c, said, [Item::of(Measure::VendorWindows, &site, standing)]).await
}

/// A report as its row now stands.
pub async fn report(c: &mut Link<'_>, said: &Said<'_>) -> Result<(), StoreError> {
    let row = opt!(
        c,
        (String, Time, Time, Option<Time>),
        "SELECT site, submitted_at, triage_by, triaged_at FROM report WHERE ref = $1",
        said.subject.as_str()
    )?;
    let Some((site, submitted, triage_by, triaged)) = row else { return Ok(()) };
    let standing = standing::report(submitted, triage_by, triaged);
    write(c, said, [Item::of(Measure::Reports, &site, standing)]).await
}

/// The item of a role at a site, or of one held everywhere.
fn part(role: &str, scope: &str) -> String {
    format!("{role}@{scope}")
}

/// A role that was granted or granted anew.
pub async fn granted(
    c: &mut Link<'_>,
    said: &Said<'_>,
    (role, scope): (&str, &str),
    until: Option<Time>,
) -> Result<(), StoreError> {
    let part = part(role, scope);
    let standing = standing::grant(said.entry.at, until);
    let item = Item { part: &part, ..Item::of(Measure::Access, scope, standing) };
    write(c, said, [item]).await
}

/// A role that was taken back.
pub async fn revoked(
    c: &mut Link<'_>,
    said: &Said<'_>,
    (role, scope): (&str, &str),
) -> Result<(), StoreError> {
    leave(c, said, Measure::Access, Some(&part(role, scope))).await
}

/// The persons of a vendor as their rows now stand; they belong to every site.
pub async fn vendor_person(
    c: &mut Link<'_>,
    said: &Said<'_>,
    person: &str,
) -> Result<(), StoreError> {
    let papers = rows!(
        c,
        (Option<Time>, Option<Time>),
        "SELECT screening_until, training_until FROM vendor_person WHERE vendor_ref = $1 AND person = $2",
        said.subject.as_str(),
        person
    )?;
    let items = papers.into_iter().map(|(screening, training)| Item {
        part: person,
        ..Item::of(Measure::Access, EVERYWHERE, standing::vendor_person(screening, training))
    });
    let items: Vec<Item<'_>> = items.collect();
    if items.is_empty() { Ok(()) } else { write(c, said, items).await }
}
