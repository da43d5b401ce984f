//! Who decides on an object: its board with who could speak, the decision rights with what holds for it, and for what
//! nobody decides on, who answers for what is done to it.

use chrono_tz::Tz;

use super::super::text;
use crate::console::screens::{board, cells};
use crate::console::theme::Role;
use crate::console::widgets::cell::{Cell, Form};
use crate::console::widgets::doc::{Doc, Line};
use crate::domain::approval::{self, Condition};
use crate::domain::names::SiteCode;
use crate::domain::raci::Activity;
use crate::domain::time::Time;
use crate::safe_text::SafeText;
use crate::store::query::{Board, Object as Shape, Page, Required, Shown};
use crate::store::{ReadError, Reader};

/// The board with who could decide; for what nobody decides on, a word that says so.
pub async fn who_decides(reader: &mut Reader<'_>, shown: &Shown) -> Result<Doc, ReadError> {
    let Some(board) = &shown.board else { return rights(reader, shown).await };
    let doc = Doc::default()
        .field("activity", Cell::text(board.activity.as_str()))
        .field("asked by", Cell::text(board.requester.as_str()))
        .when("decide by", Some(board.approve_by), super::zone(shown));
    let doc = seats(doc, board, super::zone(shown));
    Ok(conditions(doc, &shown.conditions))
}

/// The decision rights: each condition with whom it adds, those first that hold here.
fn conditions(doc: Doc, all: &[Condition]) -> Doc {
    let mut doc = doc.section("Decision rights: on which condition who; ✓ holds here now");
    let (here, others): (Vec<_>, Vec<_>) = all.iter().partition(|one| one.holds.is_some());
    for one in here {
        let because = one.holds.as_deref().unwrap_or_default();
        let said = format!("✓ {}: {} ({because})", one.when, one.says);
        doc = doc.text(Cell::text(said));
    }
    for one in others {
        doc = doc.text(Cell::of(format!("· {}: {}", one.when, one.says), Role::Dim));
    }
    doc
}

/// Who answers for each activity at the site of an object that nobody decides on by itself, and who could decide.
async fn rights(reader: &mut Reader<'_>, shown: &Shown) -> Result<Doc, ReadError> {
    let value = shown.json()?;
    let named = if let Shape::Site(row) = &shown.object {
        Some(row.r#ref.clone())
    } else {
        text(&value, "site")
    };
    let Some(site) = named.and_then(|code| SiteCode::new(&code).ok()) else {
        return Ok(Doc::default().text(
            "Nobody decides on this, and it is of no site. Changes, windows and acceptances are decided on; :raci shows who for.",
        ));
    };
    let people = reader.deciders(&site).await?;
    let rows = reader.raci("", &Page::ALL).await?.rows;
    let mut doc = Doc::default().text(Cell::text(format!(
        "Nobody decides on this by itself. What is done to it at {site} is answered for by:"
    )));
    for activity in Activity::ALL {
        let of = |wanted: Option<&str>| {
            rows.iter().find(|row| row.activity == activity.word() && row.site.as_deref() == wanted)
        };
        let Some(row) = of(Some(site.as_str())).or_else(|| of(None)) else { continue };
        let holders: Vec<String> =
            people
                .iter()
                .filter(|one| one.discipline.word() == row.accountable)
                .map(|one| {
                    if one.corporate { format!("{}*", one.person) } else { one.person.to_string() }
                })
                .collect();
        let who = if holders.is_empty() { "nobody".to_owned() } else { holders.join(", ") };
        let said = format!("{} ({}): {who}", board::spoken(&row.accountable).as_str(), row.origin);
        doc.0.push(Line::Field(SafeText::from(activity.word()), Cell::text(said)));
    }
    let doc = doc.text("* by a role for all sites. Operations and IT security decide jointly on all that touches OT.");
    Ok(conditions(doc, &approval::conditions(None)))
}

/// Who answers for it, who must speak, who is heard and told, and what it replaces.
pub fn seats(mut doc: Doc, board: &Board, zone: Tz) -> Doc {
    doc = doc.field("answers", Cell::text(board::spoken(&board.accountable).as_str().to_owned()));
    let over = matches!(board.state.as_str(), "vetoed" | "returned" | "ended");
    for seat in &board.required {
        doc = seated(doc, seat, zone, over);
    }
    for (part, title) in [("consulted", "Heard; silence holds nothing up"), ("informed", "Told")] {
        let mut rows = board.heard.iter().filter(|heard| heard.part == part).peekable();
        if rows.peek().is_some() {
            doc = doc.section(title);
        }
        for heard in rows {
            let said = match (&heard.comment, &heard.person, heard.said_at) {
                (Some(text), Some(who), Some(when)) => Cell::text(format!("{who}, "))
                    .and_all(stamp(when, zone))
                    .and(format!(": {text}"), Role::Normal),
                (Some(silence), _, _) => Cell::text(format!("{silence}; {}", heard.because)),
                (None, _, _) => Cell::text(heard.because.as_str()),
            };
            doc.0.push(Line::Field(board::spoken(&heard.discipline), said));
        }
    }
    let Some(replaces) = &board.replaces else { return doc };
    doc = doc.section("Replaces");
    for no in &replaces.refused {
        let veto = if no.veto { "a veto" } else { "a no" };
        let reason = no.reason.as_deref().unwrap_or_default();
        let said = format!("{veto} of {} on {}: {reason}", no.person, replaces.r#ref);
        doc.0.push(Line::Field(board::spoken(&no.discipline), Cell::of(said, Role::Title)));
    }
    for difference in &replaces.differences {
        let said =
            |text: &str| text.parse().map_or_else(|_| Cell::text(text), |at| stamp(at, zone));
        let said = said(&difference.after)
            .and(" (was ", Role::Normal)
            .and_all(said(&difference.before))
            .and(")", Role::Normal);
        doc.0.push(Line::Field(SafeText::from(difference.field.as_str()), said));
    }
    doc
}

/// Who said no to it and why: what whoever asked looks for first.
pub fn refusals(board: &Board) -> Vec<Line> {
    let no = board.required.iter().filter(|seat| seat.decision.as_deref() == Some("no"));
    let line = |seat: &Required| {
        let what = if seat.veto { "vetoed by" } else { "refused by" };
        let who = seat.person.as_deref().unwrap_or_default();
        let of = board::spoken(&seat.discipline);
        let why = seat.reason.as_deref().map(|why| format!(": {why}")).unwrap_or_default();
        let said = format!("{who}, {}{why}", of.as_str());
        Line::Field(SafeText::fixed(what), Cell::of(said, Role::Title))
    };
    no.map(line).collect()
}

/// An instant in a line of words.
fn stamp(at: Time, zone: Tz) -> Cell {
    Cell::empty().and_at(at, Some(zone), Form::Both, Role::Normal)
}

fn seated(mut doc: Doc, seat: &Required, zone: Tz, over: bool) -> Doc {
    let said = match (seat.decision.as_deref(), seat.person.as_deref()) {
        (Some("yes"), Some(who)) => format!("✓ yes, {who}"),
        (Some(no), Some(who)) => format!("✗ {no}, {who}"),
        (Some(word), None) => word.to_owned(),
        (None, _) => {
            let what = match seat.need.as_str() {
                "one_of" => "one on call of these: ",
                "review" => "reviews it afterwards: ",
                _ => "waits for ",
            };
            let all = if seat.corporate { ", of all sites" } else { "" };
            if over {
                "· was not asked any more".to_owned()
            } else if seat.could.is_empty() {
                format!("· {what}nobody can decide")
            } else {
                format!("· {what}{}{all}", seat.could.join(" or "))
            }
        }
    };
    let name = board::spoken(&seat.discipline);
    doc.0.push(Line::Text(
        Cell::of(name, Role::Title)
            .and(" ", Role::Normal)
            .and(said, Role::Normal)
            .and(if seat.veto { "; may veto" } else { "" }, Role::Dim),
    ));
    doc.0.push(Line::Field(SafeText::fixed("because"), Cell::text(seat.because.as_str())));
    if let Some(decided) = seat.decided_at {
        doc.0.push(Line::When(SafeText::fixed("decided"), decided, zone));
    }
    doc.field("reason", cells::word(seat.reason.as_deref()))
}
