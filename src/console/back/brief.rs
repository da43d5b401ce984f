//! What is decided on, in a few lines above the fields of a decision: so that nobody says yes to a number.

mod access;

use super::objects::refusals;
use crate::console::screens::cells;
use crate::console::screens::changes::done;
use crate::console::theme::Role;
use crate::console::widgets::cell::Cell;
use crate::console::widgets::doc::{Doc, Line};
use crate::domain::change::{Impact, Impacts, Nature};
use crate::domain::time::Time;
use crate::domain::time_input::span;
use crate::safe_text::SafeText;
use crate::store::query::{
    Acceptance, Approval, Approvals, Bypass, Change, Clash, Comment, Extension, Page, Refused,
    Replaces, Report, Window,
};
use crate::store::{ReadError, Reader, StoreError};

/// Conflicts that are named one by one.
const CONFLICTS: usize = 2;

/// Comments that are told one by one.
const COMMENTS: usize = 2;

/// Windows of one vendor, or bypasses of one change, that are looked at.
const NAMED: Page = Page { limit: 100, after: None };

/// What a person must have before their eyes who decides, or who reports what was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Eyes {
    /// What is asked and what stands against it.
    Decide,
    /// What is to be done now, and how it is undone.
    Begin,
    /// What is to be kept of the work.
    Finish,
    /// What shows that it was done right.
    Prove,
    /// How it is undone.
    Undo,
}

/// The verbs whose forms begin with the facts.
const VERBS: &[(&str, Eyes)] = &[
    ("approve", Eyes::Decide),
    ("reject", Eyes::Decide),
    ("review", Eyes::Decide),
    ("waive", Eyes::Decide),
    ("triage", Eyes::Decide),
    ("open", Eyes::Decide),
    ("extend", Eyes::Decide),
    ("close", Eyes::Finish),
    ("start", Eyes::Begin),
    ("complete", Eyes::Finish),
    ("verify", Eyes::Prove),
    ("back-out", Eyes::Undo),
];

/// The lines about the object of a command that decides on it or does it, and what others said of it so far; none for
/// any other command or object.
pub async fn brief(
    reader: &mut Reader<'_>,
    command: &str,
    reference: &str,
) -> Result<(Doc, Doc), ReadError> {
    if command == "change.request" {
        return Ok((instead(reader, reference).await?, Doc::default()));
    }
    let verb = command.split_once('.').map_or("", |(_, verb)| verb);
    let Some((_, eyes)) = VERBS.iter().find(|(name, _)| *name == verb) else {
        return Ok(Default::default());
    };
    let mut so_far = Doc::default();
    let prefix = reference.split_once('-').map_or("", |(prefix, _)| prefix);
    let doc = match prefix {
        "CR" => match reader.one::<Change>(reference).await? {
            Some(row) => Some(match eyes {
                Eyes::Decide => {
                    so_far = yeses(&row.approvals);
                    let board = reader.board(reference).await?;
                    let doc = change(&row, board.and_then(|board| board.replaces).as_ref());
                    said(doc, &reader.comments(reference).await?)
                }
                Eyes::Begin => begin(&row),
                Eyes::Finish | Eyes::Prove => {
                    let validated = reader.touches_validated(reference).await?;
                    let said = if eyes == &Eyes::Finish { LATER } else { NOW };
                    bypassed(reader, prove(&row, validated, said), &row).await?
                }
                Eyes::Undo => bypassed(reader, undo(&row), &row).await?,
            }),
            None => None,
        },
        "VW" => match reader.one::<Window>(reference).await? {
            Some(row) => {
                if eyes == &Eyes::Finish {
                    Some(access::ends(&row))
                } else {
                    so_far = yeses(&row.approvals);
                    Some(access::window(reader, &row).await?)
                }
            }
            None => None,
        },
        "VX" => reader.one::<Extension>(reference).await?.map(|row| {
            so_far = yeses(&row.approvals);
            access::extension(&row)
        }),
        "RA" => reader.one::<Acceptance>(reference).await?.map(|row| {
            so_far = yeses(&row.approvals);
            acceptance(&row)
        }),
        "REP" => reader.one::<Report>(reference).await?.map(|row| report(&row)),
        _ => None,
    };
    Ok((doc.unwrap_or_default(), so_far))
}

/// Who said yes already, each discipline with its person, and whose word is still awaited.
fn yeses(board: &Approvals) -> Doc {
    let said = |one: &Approval| {
        let person = one.person.as_deref().filter(|_| one.decision.as_deref() == Some("yes"))?;
        Some(format!("{} ({person})", one.discipline.replace('_', " ")))
    };
    let yes: Vec<String> = board.0.iter().filter_map(said).collect();
    let yes = if yes.is_empty() { "nobody".to_owned() } else { yes.join(", ") };
    let still = Some(board.still()).filter(|names| !names.is_empty());
    let waits = still.map(|names| format!("; waits for {names}")).unwrap_or_default();
    Doc::default().field("yes so far", Cell::text(format!("{yes}{waits}")))
}

/// Who said no to the change that a request takes the place of, and why; nothing beside any other.
async fn instead(reader: &mut Reader<'_>, reference: &str) -> Result<Doc, ReadError> {
    let vetoed = match reader.one::<Change>(reference).await {
        Ok(row) => row.is_some_and(|row| row.decided == "vetoed"),
        Err(ReadError::Store(StoreError::Refused(_))) => false,
        Err(fault) => return Err(fault),
    };
    let board = if vetoed { reader.board(reference).await? } else { None };
    Ok(Doc(board.as_ref().map(refusals).unwrap_or_default()))
}

/// What was said of it without a decision, the last first.
fn said(mut doc: Doc, comments: &[Comment]) -> Doc {
    for one in comments.iter().rev().take(COMMENTS) {
        let discipline = one.discipline.as_deref().unwrap_or_default().replace('_', " ");
        let of = if discipline.is_empty() { String::new() } else { format!(", {discipline}") };
        doc = doc.field("comment", Cell::text(format!("{}{of}: {}", one.person, one.text)));
    }
    match comments.len().saturating_sub(COMMENTS) {
        0 => doc,
        more => doc.field("comments", Cell::text(format!("and {more} more, on its page"))),
    }
}

/// What an emergency says for itself, what a standard change is of, or what kind of change it is otherwise.
fn kind(row: &Change) -> Cell {
    let why = row.basis.as_deref().map(|basis| format!(": {basis}")).unwrap_or_default();
    match Nature::parse(&row.kind) {
        Some(Nature::Emergency) => Cell::of(format!("{}{why}", row.kind), Role::Title),
        Some(Nature::Standard) => Cell::text(match &row.template {
            Some(template) => format!("standard, a use of {template} that all approved"),
            None => {
                "standard, a template: each use of it then takes operations' yes alone".to_owned()
            }
        }),
        Some(Nature::Normal | Nature::Temporary) | None => Cell::text(row.kind.as_str()),
    }
}

fn change(row: &Change, replaced: Option<&Replaces>) -> Doc {
    let doc = named(&row.title, &row.assets.0).field("kind", kind(row));
    let revision = if row.revision > 1 { row.revision.to_string() } else { String::new() };
    let doc = from_to(doc, row.start, row.end, &row.timezone)
        .field("done to them", Cell::text(done(row)))
        .field("impacts", Cell::text(impacts(&row.impacts.0)))
        .field("asked by", Cell::text(row.requester.as_str()))
        .field("revision", Cell::text(revision))
        .field("replaces", replaced.map_or_else(Cell::empty, replaces));
    conflicts(doc, &row.clashes, "may waive it, till then it does not start")
        .field("rollback", Cell::text(row.rollback.as_str()))
        .field("tests", Cell::text(row.tests.as_str()))
}

/// What begins, until when, what may go wrong and how it is undone.
fn begin(row: &Change) -> Doc {
    let doc = named(&row.title, &row.assets.0);
    let doc = from_to(doc, row.start, row.end, &row.timezone)
        .field("impacts", Cell::text(impacts(&row.impacts.0)))
        .field("rollback", Cell::text(row.rollback.as_str()));
    waived(conflicts(doc, &row.clashes, "may waive it"), &row.clashes)
}

/// What would stand against it, who let it pass and why: whoever begins reads under what it may.
fn waived(mut doc: Doc, clashes: &[Clash]) -> Doc {
    for clash in clashes {
        let Some(waiver) = &clash.waived else { continue };
        let said = format!("{}, by {}: {}", clash.conflict.with, waiver.person, waiver.reason);
        doc = doc.field("waived", Cell::text(said));
    }
    doc
}

/// What a change of a validated state is told of its record when it is verified.
const NOW: &str = "compulsory: say in `evidence` where the validation record is";

/// What it is told of it when its work is complete.
const LATER: &str = "compulsory when it is verified: where the validation record is";

/// The fields that this object makes compulsory in the form of a command.
pub async fn needs(
    reader: &mut Reader<'_>,
    command: &str,
    reference: &str,
) -> Result<&'static [&'static str], ReadError> {
    let begins = match command {
        "change.verify" if reader.touches_validated(reference).await? => return Ok(&["evidence"]),
        "change.start" => true,
        "change.complete" => false,
        _ => return Ok(&[]),
    };
    let row = reader.one::<Change>(reference).await?;
    let asked = row.is_some_and(|row| {
        let emergency = Nature::parse(&row.kind) == Some(Nature::Emergency);
        row.asks_number && row.external_ref.is_none() && emergency != begins
    });
    Ok(if asked { &["external_ref"] } else { &[] })
}

/// What was to be done and how it is tested, what is kept of it so far, and what is said of the validation record that
/// it needs.
fn prove(row: &Change, validated: bool, said: &'static str) -> Doc {
    let record = if validated { said } else { "" };
    named(&row.title, &row.assets.0)
        .when("ends", Some(row.end), cells::zone(&row.timezone))
        .field("tests", Cell::text(row.tests.as_str()))
        .field("before", cells::word(row.before.as_deref()))
        .field("after", cells::word(row.after.as_deref()))
        .field("evidence", cells::word(row.evidence.as_deref()))
        .field("said of it", cells::word(row.note.as_deref()))
        .field("impacts", Cell::text(impacts(&row.impacts.0)))
        .field("record", Cell::text(record))
}

/// What is undone, and how.
fn undo(row: &Change) -> Doc {
    named(&row.title, &row.assets.0)
        .field("rollback", Cell::text(row.rollback.as_str()))
        .field("before", cells::word(row.before.as_deref()))
}

/// What is still out of use under the change, until when.
async fn bypassed(reader: &mut Reader<'_>, mut doc: Doc, row: &Change) -> Result<Doc, ReadError> {
    let filter = format!("change:{} state:placed", row.r#ref);
    let found: Vec<Bypass> = reader.list(&filter, &NAMED).await?.rows;
    let zone = cells::zone(&row.timezone);
    for one in found {
        let until = one.until.utc().with_timezone(&zone).format("%m-%d %H:%M %Z");
        let said = format!("{} {} on {}, until {until}", one.r#ref, one.title, one.asset);
        doc = doc.field("out of use", Cell::of(said, Role::Title));
    }
    Ok(doc)
}

/// What stands against it and nobody let pass, each by its name with its reason and who answers for it.
fn conflicts(mut doc: Doc, clashes: &[Clash], may: &str) -> Doc {
    let mut stand = clashes.iter().filter(|one| one.waived.is_none());
    for clash in stand.by_ref().take(CONFLICTS) {
        let who = match &clash.answers {
            _ if !clash.conflict.blocks => "; it stops nobody as it stands".to_owned(),
            Some(answers) => format!("; {} {may}", answers.replace('_', " ")),
            None => String::new(),
        };
        let said = format!("{}: {}{who}", clash.conflict.with, clash.conflict.because);
        doc = doc.field("conflict", Cell::text(said));
    }
    match stand.count() {
        0 => doc,
        more => doc.field("conflicts", Cell::text(format!("and {more} more, on its page"))),
    }
}

/// The change that it replaces, who said no to that one and why, and what is asked otherwise.
fn replaces(replaced: &Replaces) -> Cell {
    let no = |no: &Refused| {
        let what = if no.veto { "vetoed" } else { "refused" };
        let reason = no.reason.as_deref().map(|why| format!(": {why}")).unwrap_or_default();
        format!("{what} by {} ({}){reason}", no.discipline.replace('_', " "), no.person)
    };
    let mut said: Vec<String> = replaced.refused.iter().map(no).collect();
    let instant = |text: &str| match text.parse::<Time>() {
        Ok(at) => at.utc().format("%m-%d %H:%MZ").to_string(),
        Err(_) => text.to_owned(),
    };
    let otherwise: Vec<String> = replaced
        .differences
        .iter()
        .map(|one| format!("{} {} (was {})", one.field, instant(&one.after), instant(&one.before)))
        .collect();
    said.push(match otherwise.as_slice() {
        [] => "differs in nothing".to_owned(),
        some => format!("differs in {}", some.join(", ")),
    });
    Cell::text(format!("{}, {}", replaced.r#ref, said.join("; ")))
}

fn acceptance(row: &Acceptance) -> Doc {
    let what = format!("{} (P{}): {}", row.risk, row.priority, row.title);
    named(&what, &row.assets.0)
        .when("until", Some(row.until), cells::zone(&row.timezone))
        .field("because", Cell::text(row.reason.as_str()))
        .field("instead", Cell::text(row.compensating.0.join(", ")))
        .field("asked by", Cell::text(row.requester.as_str()))
}

/// What was seen, where, with which effect, by whom and when, and by when it is to be judged.
fn report(row: &Report) -> Doc {
    let zone = cells::zone(&row.timezone);
    Doc::default()
        .field("what", Cell::text(row.what.as_str()))
        .field("where", Cell::text(row.r#where.as_str()))
        .field("effect", Cell::text(row.effect.as_str()))
        .field("seen by", Cell::text(row.author.as_str()))
        .when("told", Some(row.submitted_at), zone)
        .when("judge by", Some(row.triage_by), zone)
}

fn named(what: &str, assets: &[String]) -> Doc {
    Doc::default().field("what", Cell::text(what)).field("on", Cell::text(assets.join(", ")))
}

fn from_to(mut doc: Doc, start: Time, end: Time, timezone: &str) -> Doc {
    doc = doc.when("when", Some(start), cells::zone(timezone));
    let lasts = span(end.seconds_since(start));
    doc.0.push(Line::Field(SafeText::fixed("lasts"), Cell::text(lasts)));
    doc
}

/// The impacts above none with their words, the gravest first.
fn impacts(impacts: &Impacts) -> String {
    let mut found: Vec<_> =
        impacts.named().into_iter().filter(|(_, answer)| answer.level != Impact::None).collect();
    found.sort_by_key(|(_, answer)| std::cmp::Reverse(answer.level));
    let said: Vec<String> = found
        .iter()
        .map(|(name, answer)| {
            let text = answer.text.as_ref().map(|text| format!(" ({text})")).unwrap_or_default();
            format!("{name} {}{text}", answer.level.word())
        })
        .collect();
    if said.is_empty() { "none".to_owned() } else { said.join("; ") }
}
