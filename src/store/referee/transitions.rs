//! Which state a kind leads to from which: asked of the domain's own state machines, kind by kind and state by state.

use serde_json::{Map, Value, json};

use crate::domain::approval::Outcome;
use crate::domain::calendar::{blackout, outage};
use crate::domain::command::{Kind, Spec, table};
use crate::domain::field::{Field, Type};
use crate::domain::time::Time;
use crate::domain::{
    acceptance, bypass, change, extension, incident, report, risk, session, window,
};

/// A row of `transition`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Transition {
    /// The table.
    pub tab: &'static str,
    /// The kind.
    pub kind: &'static str,
    /// The state before; empty for a new row.
    pub from: &'static str,
    /// The state after.
    pub to: &'static str,
}

const OUTCOMES: [Outcome; 4] =
    [Outcome::Pending, Outcome::Approved, Outcome::Vetoed, Outcome::Returned];

/// The rows of `transition`, in order and each once.
pub fn transitions() -> Vec<Transition> {
    let mut rows: Vec<Transition> = table()
        .filter_map(|spec| Some((spec, sample(spec)?)))
        .flat_map(|(spec, kind)| of(spec, &kind))
        .collect();
    rows.sort_unstable();
    rows.dedup();
    rows
}

fn of(spec: &'static Spec, kind: &Kind) -> Vec<Transition> {
    let row = |tab, from, to| Transition { tab, kind: spec.kind, from, to };
    let mut rows = board(spec, kind);
    match kind {
        Kind::Change(change::Kind::Requested(_)) => {
            rows.push(row("change", "", change::State::Requested.word()));
        }
        Kind::Change(kind) => {
            for from in change::State::ALL {
                let Ok(to) = kind.moves(*from) else { continue };
                let decided = matches!(kind, change::Kind::Decided(_));
                let reached =
                    if decided { OUTCOMES.map(change::State::after).to_vec() } else { vec![to] };
                rows.extend(reached.iter().map(|to| row("change", from.word(), to.word())));
            }
        }
        Kind::Window(window::Kind::Requested(_)) => {
            rows.push(row("vendor_window", "", window::State::Requested.word()));
        }
        Kind::Window(kind) => {
            for from in window::State::ALL {
                let Ok(to) = kind.moves(*from) else { continue };
                let decided = matches!(kind, window::Kind::Decided(_));
                let reached =
                    if decided { OUTCOMES.map(window::State::after).to_vec() } else { vec![to] };
                rows.extend(reached.iter().map(|to| row("vendor_window", from.word(), to.word())));
            }
        }
        Kind::Acceptance(acceptance::Kind::Requested(_)) => {
            rows.push(row("acceptance", "", acceptance::State::Requested.word()));
        }
        Kind::Acceptance(acceptance::Kind::Decided(_)) => {
            let from = acceptance::State::Requested.word();
            let reached = OUTCOMES.map(acceptance::State::after);
            rows.extend(reached.iter().map(|to| row("acceptance", from, to.word())));
        }
        Kind::Acceptance(acceptance::Kind::Expired(_)) => {
            let (from, to) =
                (acceptance::State::Approved.word(), acceptance::State::Expired.word());
            rows.push(row("acceptance", from, to));
        }
        Kind::Risk(risk::Kind::Raised(_)) => rows.push(row("risk", "", risk::State::Open.word())),
        Kind::Risk(risk::Kind::Found(_)) => {
            rows.push(row("risk", "", risk::State::Candidate.word()))
        }
        Kind::Risk(kind) => {
            for from in risk::State::ALL {
                let Ok(to) = kind.moves(*from) else { continue };
                rows.push(row("risk", from.word(), to.word()));
            }
        }
        Kind::Report(report::Kind::Submitted(_)) => {
            rows.push(row("report", "", report::State::Submitted.word()));
        }
        Kind::Report(kind) => {
            for from in report::State::ALL {
                let Ok(to) = kind.moves(*from) else { continue };
                rows.push(row("report", from.word(), to.word()));
            }
        }
        Kind::Extension(extension::Kind::Requested(_)) => {
            rows.push(row("extension", "", extension::State::Requested.word()));
        }
        Kind::Extension(extension::Kind::Decided(_)) => {
            let from = extension::State::Requested.word();
            let reached = OUTCOMES.map(extension::State::after);
            rows.extend(reached.iter().map(|to| row("extension", from, to.word())));
        }
        Kind::Bypass(kind) => {
            let (placed, removed) = (bypass::State::Placed.word(), bypass::State::Removed.word());
            rows.push(match kind {
                bypass::Kind::WasPlaced(_) => row("bypass", "", placed),
                bypass::Kind::Renewed(_) => row("bypass", placed, placed),
                bypass::Kind::WasRemoved(_) => row("bypass", placed, removed),
            });
        }
        Kind::Session(session::Kind::Started(_)) => {
            rows.push(row("access_session", "", session::State::Live.word()));
        }
        Kind::Session(session::Kind::WasCutOff(_)) => {
            let live = session::State::Live.word();
            rows.push(row("access_session", live, live));
        }
        Kind::Session(session::Kind::WasEnded(_)) => {
            let (from, to) = (session::State::Live.word(), session::State::Ended.word());
            rows.push(row("access_session", from, to));
        }
        Kind::Outage(kind) => {
            let (planned, cancelled) =
                (outage::State::Planned.word(), outage::State::Cancelled.word());
            rows.push(match kind {
                outage::Kind::Planned(_) => row("calendar", "", planned),
                outage::Kind::Moved(_) => row("calendar", planned, planned),
                outage::Kind::Cancelled(_) => row("calendar", planned, cancelled),
            });
        }
        Kind::Blackout(kind) => {
            let (declared, ended) =
                (blackout::State::Declared.word(), blackout::State::Ended.word());
            rows.push(match kind {
                blackout::Kind::Declared(_) => row("calendar", "", declared),
                blackout::Kind::WasEnded(_) => row("calendar", declared, ended),
            });
        }
        Kind::Incident(kind) => {
            let (stands, lifted) =
                (incident::Freezing::Stands.word(), incident::Freezing::Lifted.word());
            let declared = incident::State::Declared.word();
            let touched = row("incident", declared, declared);
            match kind {
                incident::Kind::Declared(_) => rows.push(row("incident", "", declared)),
                incident::Kind::Frozen(_) => {
                    rows.extend(["", lifted].map(|from| row("site_freeze", from, stands)));
                    rows.push(touched);
                }
                incident::Kind::Exempted(_) => rows.push(touched),
                incident::Kind::Unfrozen(_) => {
                    rows.extend([row("site_freeze", stands, lifted), touched]);
                }
            }
        }
        Kind::Store(_)
        | Kind::Restore(_)
        | Kind::Site(_)
        | Kind::Zone(_)
        | Kind::Person(_)
        | Kind::Raci(_)
        | Kind::Duty(_)
        | Kind::Asset(_)
        | Kind::Vendor(_)
        | Kind::Advisory(_)
        | Kind::Import(_)
        | Kind::Intervention(_)
        | Kind::Yardstick(_)
        | Kind::LogLine(_)
        | Kind::Access(_)
        | Kind::Alarm(_)
        | Kind::Comment(_)
        | Kind::Task(_) => {}
    }
    rows
}

/// The moves of the board itself: asked anew by a request or a revision, led on by a decision.
fn board(spec: &'static Spec, kind: &Kind) -> Vec<Transition> {
    if !spec.tables.contains(&"approval") {
        return Vec::new();
    }
    let decided = matches!(
        kind,
        Kind::Change(change::Kind::Decided(_))
            | Kind::Window(window::Kind::Decided(_))
            | Kind::Acceptance(acceptance::Kind::Decided(_))
            | Kind::Extension(extension::Kind::Decided(_))
    );
    let row = |from, to| Transition { tab: "approval", kind: spec.kind, from, to };
    // The row that is brought begins, also where one stands that it is put in the place of.
    let raised = matches!(kind, Kind::Change(change::Kind::ImpactRaised(_)));
    let revised = matches!(kind, Kind::Change(change::Kind::Revised(_)));
    let asked = [("", true), ("pending", raised || revised), ("returned", revised)];
    if decided {
        ["pending", "approved", "vetoed", "returned"].iter().map(|to| row("pending", to)).collect()
    } else {
        asked.iter().filter(|(_, may)| *may).map(|(from, _)| row(from, "pending")).collect()
    }
}

/// A kind with the least that its fields take; none if that does not read back.
fn sample(spec: &Spec) -> Option<Kind> {
    Kind::read(spec.kind, group(spec.fields))?.ok()
}

fn group(fields: &[Field]) -> Value {
    let required = fields.iter().filter(|field| field.required);
    Value::Object(
        required.map(|field| (field.name.to_owned(), value(field.of))).collect::<Map<_, _>>(),
    )
}

fn value(of: Type) -> Value {
    match of {
        // A place of the plant is a line that begins with a site.
        Type::Line | Type::Prose | Type::Tag | Type::Word => json!("XX"),
        Type::Login => json!("x"),
        Type::Ref => json!("X-1"),
        Type::Site => json!("XX"),
        Type::Zone => json!("UTC"),
        Type::Integer { least, .. } => json!(least),
        Type::Boolean => json!(false),
        Type::Time => json!(Time::from_micros(0)),
        Type::Choice { words } => json!(words.first()),
        Type::List { .. } => json!([]),
        Type::Group { fields } => group(fields),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Alters, alters};
    use super::*;

    fn leads(tab: &str, kind: &str, from: &str) -> Vec<&'static str> {
        let rows = transitions();
        let of = rows.iter().filter(|row| (row.tab, row.kind, row.from) == (tab, kind, from));
        of.map(|row| row.to).collect()
    }

    #[test]
    fn every_kind_reads_back_from_the_least_that_its_fields_take() {
        for spec in table().filter(|spec| {
            [
                "change",
                "window",
                "extension",
                "session",
                "acceptance",
                "risk",
                "report",
                "outage",
                "blackout",
                "incident",
                "bypass",
            ]
            .contains(&spec.subject)
        }) {
            assert!(sample(spec).is_some(), "{}: {}", spec.kind, group(spec.fields));
            assert!(transitions().iter().any(|row| row.kind == spec.kind), "{}", spec.kind);
        }
    }

    #[test]
    fn a_change_is_approved_by_a_decision_and_by_nothing_else() {
        // What ends later stays approved.
        let becomes = |row: &&Transition| row.to == "approved" && row.from != row.to;
        for row in transitions().iter().filter(becomes) {
            assert!(row.kind.ends_with(".decided"), "{row:?}");
            assert!(["requested", "pending"].contains(&row.from), "{row:?}");
        }
        assert_eq!(leads("change", "change.decided", "requested").len(), 4);
        assert_eq!(leads("change", "change.decided", "approved"), [""; 0]);
        assert_eq!(leads("change", "change.started", "approved"), ["in_progress"]);
        assert_eq!(leads("change", "change.started", "requested"), [""; 0]);
    }

    #[test]
    fn a_state_is_kept_by_what_may_be_written_in_it_and_by_nothing_else() {
        assert_eq!(leads("change", "change.revised", "requested"), ["requested"]);
        assert_eq!(leads("change", "change.revised", "approved"), [""; 0]);
        assert_eq!(leads("change", "change.waived", "approved"), ["approved"]);
        assert_eq!(leads("change", "change.renewed", "approved"), [""; 0]);
        assert_eq!(leads("vendor_window", "window.extended", "open"), ["open"]);
        assert_eq!(leads("vendor_window", "window.extended", "closed"), [""; 0]);
        assert_eq!(leads("approval", "change.decided", "pending").len(), 4);
        assert_eq!(leads("approval", "change.requested", "pending"), [""; 0]);
        assert_eq!(leads("acceptance", "acceptance.expired", "requested"), [""; 0]);
    }

    #[test]
    fn every_kind_that_alters_a_row_with_a_state_leads_from_one() {
        let rows = transitions();
        let moved = |tab: &str| rows.iter().any(|row| row.tab == tab);
        for Alters { tab, kind, .. } in alters().into_iter().filter(|row| moved(row.tab)) {
            assert!(
                rows.iter().any(|row| (row.tab, row.kind) == (tab, kind) && !row.from.is_empty()),
                "{kind} alters rows of {tab}, and no state is named from which it may: add it to \
                 src/store/referee/transitions.rs"
            );
        }
    }

    #[test]
    fn a_new_row_begins_where_its_kind_begins() {
        assert_eq!(leads("change", "change.requested", ""), ["requested"]);
        assert_eq!(leads("vendor_window", "window.requested", ""), ["requested"]);
        assert_eq!(leads("risk", "risk.found", ""), ["candidate"]);
        assert_eq!(leads("risk", "risk.raised", ""), ["open"]);
        assert_eq!(leads("approval", "change.revised", "returned"), ["pending"]);
        for kind in ["change.started", "change.decided", "window.opened", "risk.assessed"] {
            assert!(
                !transitions().iter().any(|row| row.kind == kind && row.from.is_empty()),
                "{kind}"
            );
        }
    }

    #[test]
    fn every_table_that_moves_has_states() {
        let states = include_str!("../../../migrations/postgres/0002_tables.sql");
        for row in transitions() {
            let (_, rest) = states.split_once(&format!("CREATE TABLE {} (", row.tab)).unwrap();
            let (columns, _) = rest.split_once("\n);").unwrap();
            let (_, allowed) = columns.split_once("CHECK (state IN (").unwrap();
            assert!(allowed.contains(&format!("'{}'", row.to)), "{row:?}");
        }
    }
}
