//! What stands against work, as the page of its object tells it: each by its name, with why and who may let it pass or did.
//! Whether it stands is the domain's to say.

use super::LINKS;
use crate::console::theme::Role;
use crate::console::widgets::cell::{Cell, Form};
use crate::console::widgets::doc::{Doc, Line};
use crate::domain::conflict::Against;
use crate::safe_text::SafeText;
use crate::store::query::Clash;

/// How the conflicts of one kind of object are told.
pub struct Telling {
    heading: &'static str,
    /// What a conflict that blocks holds up.
    held: &'static str,
    /// What whoever answers for it may do.
    may: &'static str,
}

/// Of a change.
pub const CHANGE: Telling = Telling {
    heading: "Conflicts: what stands against it; W waives one",
    held: "work does not start",
    may: "may waive it",
};

/// Of a vendor's window.
pub const WINDOW: Telling = Telling {
    heading: "Conflicts: what stands against it; its opening names what it lets pass",
    held: "it does not open",
    may: "may let it pass",
};

/// Of an extension.
pub const LATER: Telling = Telling {
    heading: "Conflicts: what the longer time runs into",
    held: "the access would go on beside it",
    may: "are to know",
};

/// What stands against work, each by its name, with why and who may let it pass or did.
pub fn against(mut doc: Doc, clashes: &[Clash], telling: &Telling) -> Doc {
    if clashes.is_empty() {
        return doc;
    }
    doc = doc.section(telling.heading);
    for clash in clashes.iter().take(LINKS) {
        let conflict = &clash.conflict;
        let (held, may) = (telling.held, telling.may);
        let then = match (&clash.waived, clash.waivable) {
            (Some(waived), _) => format!("let pass by {}: {}", waived.person, waived.reason),
            (None, _) if !conflict.blocks => "it stops nobody as it stands".to_owned(),
            (None, Some(activity)) => {
                let who = clash.answers.as_deref().unwrap_or_default().replace('_', " ");
                format!("{held}; {who} {may}, who answers for {activity}")
            }
            (None, None) if conflict.against == Against::Freeze => {
                format!("{held}; the incident commander exempts it with `incident.exempt`")
            }
            (None, None) => format!("{held}, and nobody may let it pass"),
        };
        let said = Cell::text(format!("{}; ", conflict.because))
            .and_at(conflict.start, None, Form::Day, Role::Normal)
            .and(" to ", Role::Normal)
            .and_at(conflict.end, None, Form::Day, Role::Normal)
            .and(format!("; {then}"), Role::Normal);
        doc.0.push(Line::Field(SafeText::from(conflict.with.as_str()), said));
    }
    doc
}
