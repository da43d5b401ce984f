//! Who of a vendor has access now, asset by asset: by an open window, by a session that none covers, or by what the log of
//! a gate says and no window covers.

use chrono_tz::Tz;

use super::list::Spec;
use super::{Focus, cells, gate};
use crate::console::ctx::Me;
use crate::console::keys::{Action, Scope};
use crate::console::theme::Role;
use crate::console::widgets::cell::{Cell, Column};
use crate::console::widgets::doc::Doc;
use crate::console::widgets::list::Row;
use crate::domain::access::{self, Because};
use crate::domain::window;
use crate::safe_text::SafeText;
use crate::store::query::Access;

impl Row for Access {
    fn id(&self) -> &str {
        &self.key
    }

    fn zone(&self) -> Option<Tz> {
        Some(cells::zone(&self.timezone))
    }
}

/// What is special about the list of who has access.
pub const SPEC: Spec<Access> = Spec {
    subject: "access",
    title: "Access",
    scope: Scope::Window,
    columns: &[
        Column::left("State", 7, |row, _| state(row)),
        Column::left("Vendor", 8, |row, _| Cell::text(row.vendor.as_str())),
        Column::left("Person", 12, |row, _| Cell::text(row.person.as_str())),
        Column::left("Asset", 17, |row: &Access, _| Cell::text(row.asset.as_str())).grows(),
        Column::right("Since", 6, |row: &Access, ctx| ctx.near(row.since).into()).gives_way(1),
        Column::right("Until", 6, |row, ctx| cells::due(row.until, ctx)),
        Column::right("Left", 6, |row, ctx| cells::left(row.until, ctx)),
        Column::left("By", 6, |row: &Access, _| Cell::text(row.r#ref.as_str())).gives_way(2),
        Column::right("Ses", 3, |row, _| match row.sessions.len() {
            0 => Cell::empty(),
            live => Cell::text(live.to_string()),
        }),
    ],
    empty: "Nobody of a vendor has access now.",
    filter_words: &["state:outside", "state:overrun", "site:", "asset:", "vendor:", "person:"],
    focus,
    strip: |row, _| [Cell::text(row.title.as_str()), next(row)],
    detail: |row, _| detail(row),
    beside: None,
    tiled: false,
    third: None,
    views: &[],
    denied,
};

fn state(row: &Access) -> Cell {
    if row.state == "open" { "open".into() } else { Cell::of(row.state, Role::Title) }
}

fn focus(row: &Access) -> Focus {
    let scope = match row.r#ref.split_once('-') {
        Some((window::PREFIX, _)) => Scope::Window,
        Some((access::PREFIX, _)) => Scope::AccessEvent,
        Some(_) | None => Scope::Session,
    };
    Focus {
        version: Some(row.seq),
        zone: Some(cells::zone(&row.timezone)),
        ..Focus::of(&row.r#ref, row.title.as_str(), scope)
    }
}

fn next(row: &Access) -> Cell {
    let logged = row.r#ref.split_once('-').is_some_and(|(prefix, _)| prefix == access::PREFIX);
    let because = row.because.as_deref().and_then(Because::parse);
    match row.state {
        "outside" if because == Some(Because::Left) => {
            "they had left: lock the login where it works, then :import access-events".into()
        }
        "outside" if because == Some(Because::Key) => {
            "by a key that is none of theirs: end it where it runs, and find out whose it is".into()
        }
        "outside" if because == Some(Because::Source) => {
            "from another address than the window's: end it where it runs, and ask them".into()
        }
        "outside" if logged => {
            "a log let them in, none let them out: end it where it runs, then :import access-events"
                .into()
        }
        "outside" => "no open window covers this session: end it where it runs, then d".into(),
        "overrun" => "past its end: d closes the window, Ctrl-K orders the vendor off".into(),
        _ => "d closes the window, Ctrl-K orders the vendor off".into(),
    }
}

fn detail(row: &Access) -> Doc {
    let zone = cells::zone(&row.timezone);
    Doc::titled(SafeText::from(row.title.as_str()))
        .field("state", row.state)
        .field("because", cells::word(row.because.as_deref()))
        .field("vendor", Cell::text(row.vendor.as_str()))
        .field("person", Cell::text(row.person.as_str()))
        .field("asset", Cell::text(row.asset.as_str()))
        .field("window", cells::word(row.window.as_deref()))
        .when("since", Some(row.since), zone)
        .when("until", row.until, zone)
        .field("sessions", Cell::text(row.sessions.join(", ")))
}

fn denied(row: &Access, action: &Action, me: &Me<'_>) -> Option<SafeText> {
    let spec = gate::spec(action)?;
    let on_open = ["window.closed", "window.cut-off", "window.extended", "window.requested"];
    if spec.subject == "window" && !on_open.contains(&spec.kind) {
        return Some(SafeText::fixed("it is open"));
    }
    gate::by_right(spec, &row.site, me).err().map(|refusal| gate::words(&refusal))
}
