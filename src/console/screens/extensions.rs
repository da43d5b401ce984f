//! Extensions: the request that a window end later, and who has to say yes to it.

use chrono_tz::Tz;

use super::list::Spec;
use super::{Focus, board, cells, gate};
use crate::console::ctx::{Ctx, Me};
use crate::console::keys::{Action, Scope};
use crate::console::theme::Role;
use crate::console::widgets::cell::{Cell, Column};
use crate::console::widgets::doc::Doc;
use crate::console::widgets::list::Row;
use crate::domain::state_words;
use crate::domain::time_input::span;
use crate::safe_text::SafeText;
use crate::store::query::Extension;

impl Row for Extension {
    fn id(&self) -> &str {
        &self.r#ref
    }

    fn zone(&self) -> Option<Tz> {
        Some(cells::zone(&self.timezone))
    }
}

/// What is special about the list of extensions.
pub const SPEC: Spec<Extension> = Spec {
    subject: "extensions",
    title: "Extensions",
    scope: Scope::Extension,
    columns: &[
        Column::left("Ref", 6, |row, _| Cell::text(row.r#ref.as_str())),
        Column::left("Sit", 3, |row, _| Cell::text(row.site.as_str())),
        Column::left("State", 9, |row, _| Cell::text(state_words::spoken(&row.state))),
        Column::left("Window", 6, |row, _| Cell::text(row.window.as_str())),
        Column::left("Approvals", 10, |row, ctx| {
            board::column(&row.requester, &row.site, &row.approvals, &ctx.me)
        }),
        Column::right("Ends", 6, |row, ctx| ctx.short(row.old_end).into()),
        Column::right("Longer", 6, |row, _| Cell::text(longer(row))),
        Column::left("Person", 9, |row: &Extension, _| Cell::text(row.person.as_str()))
            .gives_way(1),
        Column::left("Why", 16, |row, _| Cell::text(row.reason.as_str())),
    ],
    empty: "No window is asked to end later. e on a window asks.",
    filter_words: &["state:asked", "state:approved", "site:", "window:"],
    focus,
    strip: |row, ctx| {
        let zone = cells::zone(&row.timezone);
        let (from, to) = (ctx.moment(row.old_end, zone), ctx.moment(row.end, zone));
        let title = Cell::text(format!("until {to} instead of {from} · "));
        [title.and(row.title.as_str(), Role::Normal), Cell::text(next(row, ctx))]
    },
    detail: |row, _| detail(row),
    beside: None,
    tiled: false,
    third: None,
    views: &[],
    denied,
};

/// How much longer it would last.
fn longer(row: &Extension) -> String {
    format!("+{}", span(row.end.seconds_since(row.old_end)))
}

/// The object behind a row.
pub fn focus(row: &Extension) -> Focus {
    let name = SafeText::from(format!("{} ends later: {}", row.window, row.title));
    Focus {
        version: Some(row.seq),
        zone: Some(cells::zone(&row.timezone)),
        ..Focus::of(&row.r#ref, name, Scope::Extension)
    }
}

fn next(row: &Extension, ctx: &Ctx<'_>) -> SafeText {
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
pub fn detail(row: &Extension) -> Doc {
    let asked = row.state == "requested";
    document(row, board::lines(Doc::default(), &row.approvals, asked))
}

/// The same with another board.
pub fn document(row: &Extension, board: Doc) -> Doc {
    let zone = cells::zone(&row.timezone);
    let mut doc = Doc::titled(SafeText::from(format!("{} {} ends later", row.r#ref, row.window)))
        .field("the window", Cell::text(row.title.as_str()))
        .field("state", Cell::text(state_words::spoken(&row.state)))
        .field("vendor", Cell::text(row.vendor.as_str()))
        .field("person", Cell::text(row.person.as_str()))
        .field("assets", Cell::text(row.assets.0.join(", ")))
        .when("end as it is", Some(row.old_end), zone)
        .when("end asked for", Some(row.end), zone)
        .field("longer by", Cell::text(longer(row)))
        .field("because", Cell::text(row.reason.as_str()))
        .field("asked by", Cell::text(row.requester.as_str()));
    if !row.conflicts.0.is_empty() {
        let refs = Cell::of("! ", Role::Title).and(row.conflicts.0.join(", "), Role::Normal);
        doc = doc.field("conflicts", refs);
    }
    doc.0.extend(board.0);
    doc
}

/// Why a verb is off for this extension.
pub fn denied(row: &Extension, action: &Action, me: &Me<'_>) -> Option<SafeText> {
    let spec = gate::spec(action).filter(|spec| spec.kind == "extension.decided")?;
    if row.state != "requested" {
        return Some(SafeText::from(format!("it is {}", state_words::spoken(&row.state))));
    }
    let verdict = gate::by_board(&row.r#ref, &row.requester, &row.approvals, me)
        .and_then(|()| gate::by_right(spec, &row.site, me));
    verdict.err().map(|refusal| gate::words(&refusal))
}
