//! What is decided on, in a few lines above the fields of a decision: so that nobody says yes to a number.

mod access;
mod aside;
mod facts;
mod weighed;
mod work;

use super::Door;
use super::objects::refusals;
use crate::console::screens::cells;
use crate::console::theme::Role;
use crate::console::widgets::cell::{Cell, Form};
use crate::console::widgets::doc::Doc;
use crate::domain::change::Nature;
use crate::domain::time::Time;
use crate::domain::words::all_of;
use crate::store::query::{
    Acceptance, Approval, Approvals, Bypass, Change, Clash, Comment, Duty, Extension, Page, Report,
    Risk, Window,
};
use crate::store::{ReadError, Reader, StoreError};

/// Conflicts that are named one by one.
const CONFLICTS: usize = 2;

/// The same where it is they that are decided on.
const ALL_CONFLICTS: usize = 8;

/// Comments that are told one by one.
const COMMENTS: usize = 2;

/// Windows of one vendor, or bypasses of one change, that are looked at.
const NAMED: Page = Page { limit: 100, after: None };

/// What a person must have before their eyes who decides, or who reports what was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Eyes {
    /// What is asked and what stands against it.
    Decide,
    /// What stands against it, each thing by its name.
    Waive,
    /// How grave it is said to be.
    Weigh,
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
    ("raise-impact", Eyes::Weigh),
    ("waive", Eyes::Waive),
    ("triage", Eyes::Decide),
    ("open", Eyes::Decide),
    ("extend", Eyes::Decide),
    ("cancel", Eyes::Decide),
    ("withdraw", Eyes::Decide),
    ("accept", Eyes::Decide),
    ("treat", Eyes::Decide),
    ("assess", Eyes::Decide),
    ("close", Eyes::Finish),
    ("cut-off", Eyes::Finish),
    ("start", Eyes::Begin),
    ("complete", Eyes::Finish),
    ("verify", Eyes::Prove),
    ("back-out", Eyes::Undo),
];

/// References, by how they begin, and the subjects of the commands that are about such an object.
const OF: &[(&str, &[&str])] = &[
    ("CR-", &["change"]),
    ("VW-", &["window"]),
    ("VX-", &["extension"]),
    ("RA-", &["acceptance"]),
    ("R-", &["risk"]),
    ("REP-", &["report"]),
];

/// The lines about the object of a command that decides on it or does it, and what others said of it so far; none for
/// any other command or object.
pub async fn brief(
    door: &Door,
    reader: &mut Reader<'_>,
    command: &str,
    reference: &str,
) -> Result<(Doc, Doc), ReadError> {
    if command == "change.request" {
        return Ok((instead(reader, reference).await?, Doc::default()));
    }
    let (subject, verb) = command.split_once('.').unwrap_or_default();
    if matches!(subject, "alarm" | "task") {
        let doc = aside::aside(door, reader, subject == "alarm", reference).await?;
        return Ok((doc, Doc::default()));
    }
    if command == "duty.end" {
        return Ok((duties(reader, reference).await?, Doc::default()));
    }
    if let Some(doc) = facts::facts(reader, command, reference).await? {
        let so_far = match command {
            // What was said so far counts no more then.
            "change.revise" => {
                reader.one::<Change>(reference).await?.map(|row| yeses(&row.approvals))
            }
            _ => None,
        };
        return Ok((doc, so_far.unwrap_or_default()));
    }
    // What is made anew beside an object decides nothing on it.
    if !OF.iter().any(|(prefix, of)| reference.starts_with(prefix) && of.contains(&subject)) {
        return Ok(Default::default());
    }
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
                    let doc = work::change(&row, board.and_then(|board| board.replaces).as_ref());
                    said(doc, &reader.comments(reference).await?)
                }
                Eyes::Waive => work::waive(&row),
                Eyes::Weigh => work::weigh(&row),
                Eyes::Begin => work::begin(&row),
                Eyes::Finish | Eyes::Prove => {
                    let validated = reader.touches_validated(reference).await?;
                    let said = if eyes == &Eyes::Finish { LATER } else { NOW };
                    bypassed(reader, work::prove(&row, validated, said), &row).await?
                }
                Eyes::Undo => bypassed(reader, work::undo(&row), &row).await?,
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
        "R" => match reader.one::<Risk>(reference).await? {
            Some(row) => Some(weighed::risk(reader, &row).await?),
            None => None,
        },
        "REP" => reader.one::<Report>(reference).await?.map(|row| report(&row)),
        _ => None,
    };
    Ok((doc.unwrap_or_default(), so_far))
}

/// The duties of a person that go on or are to come, of which one is ended.
async fn duties(reader: &mut Reader<'_>, login: &str) -> Result<Doc, ReadError> {
    let filter = format!("login:\"{login}\" state:on,to_come");
    let found: Vec<Duty> = reader.list(&filter, &NAMED).await?.rows;
    Ok(found.into_iter().fold(Doc::default(), |doc, row| {
        let state = if row.state == "on" { "goes on" } else { "to come" };
        let of = format!("{} at {}, {state}", row.discipline.replace('_', " "), row.site);
        doc.field("duty", Cell::text(of)).span(
            "from",
            (row.from, row.until),
            cells::zone(&row.timezone),
        )
    }))
}

/// Who said yes or no already, each discipline with its person, and whose word is still awaited.
fn yeses(board: &Approvals) -> Doc {
    let spoken = |word: &str| word.replace('_', " ");
    let said = |answer: &str| -> Vec<String> {
        let with = board.0.iter().filter(|one| one.decision.as_deref() == Some(answer));
        let name = |one: &Approval| {
            Some(format!("{} ({})", spoken(&one.discipline), one.person.as_deref()?))
        };
        with.filter_map(name).collect()
    };
    let yes = said("yes");
    let yes = if yes.is_empty() { "nobody".to_owned() } else { yes.join(", ") };
    let no =
        Some(said("no")).filter(|no| !no.is_empty()).map(|no| format!("no: {}", no.join(", ")));
    let still = Some(board.still()).filter(|names| !names.is_empty());
    let waits = still.map(|names| format!("waits for {names}"));
    // Who is waited for is not told to review it yet.
    let reviews: Vec<String> = board.reviewing().map(spoken).collect();
    let reviews = (waits.is_none() && !reviews.is_empty())
        .then(|| format!("{} still to review", all_of(&reviews)));
    let told: Vec<String> = [Some(yes), no, waits, reviews].into_iter().flatten().collect();
    Doc::default().field("yes so far", Cell::text(told.join("; ")))
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

/// What is still out of use under the change, until when.
async fn bypassed(reader: &mut Reader<'_>, mut doc: Doc, row: &Change) -> Result<Doc, ReadError> {
    let filter = format!("change:{} state:placed", row.r#ref);
    let found: Vec<Bypass> = reader.list(&filter, &NAMED).await?.rows;
    let zone = cells::zone(&row.timezone);
    for one in found {
        let said = format!("{} {} on {}, until ", one.r#ref, one.title, one.asset);
        let until =
            Cell::of(said, Role::Title).and_at(one.until, Some(zone), Form::Day, Role::Title);
        doc = doc.field("out of use", until);
    }
    Ok(doc)
}

/// What stands against it and nobody let pass, each by its name with its reason and who answers for it.
fn conflicts(mut doc: Doc, clashes: &[Clash], named: usize, may: &str) -> Doc {
    let mut stand = clashes.iter().filter(|one| one.waived.is_none());
    for clash in stand.by_ref().take(named) {
        let who = match &clash.answers {
            _ if !clash.conflict.blocks => "; it stops nobody as it stands".to_owned(),
            Some(answers) => format!("; {} {may}", answers.replace('_', " ")),
            None => String::new(),
        };
        let said = format!("{}: {}{who}", clash.conflict.with, clash.conflict.because);
        doc = doc.field("conflict", Cell::text(said));
    }
    match stand.count() {
        0 if clashes.iter().all(|one| one.waived.is_some()) => {
            doc.field("conflicts", "nothing stands against it")
        }
        0 => doc,
        more => doc.field("conflicts", Cell::text(format!("and {more} more, on its page"))),
    }
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

fn from_to(doc: Doc, start: Time, end: Time, timezone: &str) -> Doc {
    doc.span("when", (start, end), cells::zone(timezone))
}
