//! Acceptances: the request to live with a risk until an end, and who has to say yes to it.

use chrono_tz::Tz;

use super::list::Spec;
use super::{Focus, board, cells, gate};
use crate::console::ctx::{Ctx, Me};
use crate::console::keys::{Action, Scope};
use crate::console::widgets::cell::{Cell, Column};
use crate::console::widgets::doc::Doc;
use crate::console::widgets::list::Row;
use crate::domain::state_words;
use crate::safe_text::SafeText;
use crate::store::query::Acceptance;

impl Row for Acceptance {
    fn id(&self) -> &str {
        &self.r#ref
    }

    fn zone(&self) -> Option<Tz> {
        Some(cells::zone(&self.timezone))
    }
}

/// What is special about the list of acceptances.
pub const SPEC: Spec<Acceptance> = Spec {
    subject: "acceptances",
    title: "Acceptances",
    scope: Scope::Acceptance,
    columns: &[
        Column::left("Pri", 3, |row, _| cells::rank(row.priority)),
        Column::left("Ref", 6, |row, _| Cell::text(row.r#ref.as_str())),
        Column::left("Sit", 3, |row, _| Cell::text(row.site.as_str())),
        Column::left("State", 9, |row, _| Cell::text(state_words::spoken(&row.state))),
        Column::left("Risk", 6, |row: &Acceptance, _| Cell::text(row.risk.as_str())).gives_way(1),
        Column::left("Approvals", 10, |row, ctx| {
            board::column(&row.requester, &row.site, &row.approvals, &ctx.me)
        }),
        Column::right("Until", 6, |row, ctx| ctx.short(row.until).into()),
        Column::left("The risk", 28, |row, _| Cell::text(row.title.as_str())),
    ],
    empty: "No acceptance is asked for. p on a risk asks for one.",
    filter_words: &["state:asked", "state:approved", "waits:operations", "site:", "risk:"],
    focus,
    strip: |row, ctx| [Cell::text(row.title.as_str()), Cell::text(next(row, ctx))],
    detail: |row, _| detail(row),
    beside: None,
    tiled: false,
    third: None,
    views: &[],
    denied,
};

/// The object behind a row.
pub fn focus(row: &Acceptance) -> Focus {
    Focus {
        version: Some(row.seq),
        zone: Some(cells::zone(&row.timezone)),
        ..Focus::of(&row.r#ref, row.title.as_str(), Scope::Acceptance)
    }
}

fn next(row: &Acceptance, ctx: &Ctx<'_>) -> SafeText {
    let reason = SafeText::from(row.reason.as_str());
    if row.state != "requested" {
        return SafeText::from(format!("{}: {reason}", state_words::spoken(&row.state)));
    }
    if gate::waits_for_me(&row.requester, &row.site, &row.approvals, &ctx.me) {
        return SafeText::from(format!("waits for you: a approves, x rejects. {reason}"));
    }
    SafeText::from(format!("waits for {}. {reason}", board::waiting(&row.approvals)))
}

/// Everything that the row itself tells.
pub fn detail(row: &Acceptance) -> Doc {
    let asked = row.state == "requested";
    document(row, board::lines(Doc::default(), &row.approvals, asked))
}

/// The same with another board.
pub fn document(row: &Acceptance, board: Doc) -> Doc {
    let zone = cells::zone(&row.timezone);
    let mut doc = Doc::titled(SafeText::from(format!("{} accept {}", row.r#ref, row.risk)))
        .field("the risk", Cell::text(row.title.as_str()))
        .field("priority", cells::rank(row.priority))
        .field("state", Cell::text(state_words::spoken(&row.state)))
        .when("until", Some(row.until), zone)
        .when("decide by", Some(row.approve_by), zone)
        .field("because", Cell::text(row.reason.as_str()))
        .field("compensated", Cell::text(row.compensating.0.join("; ")))
        .field("assets", Cell::text(row.assets.0.join(", ")))
        .field("asked by", Cell::text(row.requester.as_str()));
    doc.0.extend(board.0);
    doc
}

/// Why a verb is off for this acceptance.
pub fn denied(row: &Acceptance, action: &Action, me: &Me<'_>) -> Option<SafeText> {
    let spec = gate::spec(action).filter(|spec| spec.kind == "acceptance.decided")?;
    if row.state != "requested" {
        return Some(SafeText::from(format!("it is {}", state_words::spoken(&row.state))));
    }
    let verdict = gate::by_board(&row.r#ref, &row.requester, &row.approvals, me)
        .and_then(|()| gate::by_right(spec, &row.site, me));
    verdict.err().map(|refusal| gate::words(&refusal))
}
