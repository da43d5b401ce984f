//! The board of an approval: the narrow column of lists, and the lines of the detail.

use crate::console::ctx::Me;
use crate::console::screens::gate;
use crate::console::theme::Role;
use crate::console::widgets::cell::Cell;
use crate::console::widgets::doc::{Doc, Line};
use crate::domain::discipline::Discipline;
use crate::safe_text::SafeText;
use crate::store::query::{Approval, Approvals};

/// Disciplines that the column shows before it only counts.
const SHOWN: usize = 4;

/// Operations first, IT security next, then the others by name: the two that answer jointly stand in one place.
fn ordered(board: &Approvals) -> Vec<(&Approval, Discipline)> {
    let mut rows: Vec<_> =
        board.0.iter().filter_map(|one| Some((one, Discipline::parse(&one.discipline)?))).collect();
    rows.sort_by_key(|(_, discipline)| match discipline {
        Discipline::Operations => (0, *discipline),
        Discipline::ItSecurity => (1, *discipline),
        Discipline::Engineering
        | Discipline::Quality
        | Discipline::Safety
        | Discipline::VendorManagement
        | Discipline::Management => (2, *discipline),
    });
    rows
}

/// The column: `O✓I·Q✓E✗+2`. What waits for the person stands out.
pub fn column(requester: &str, site: &str, board: &Approvals, me: &Me<'_>) -> Cell {
    let rows = ordered(board);
    let mine =
        gate::waits_for_me(requester, site, board, me).then(|| gate::mine(board, me)).flatten();
    let mut cell = Cell::empty();
    for (one, discipline) in rows.iter().take(SHOWN) {
        let sign = match one.decision.as_deref() {
            Some("yes") => '✓',
            Some(_) => '✗',
            None => '·',
        };
        let role = if mine == Some(*discipline) { Role::Title } else { Role::Normal };
        cell = cell.and(format!("{}{sign}", discipline.letter()), role);
    }
    match rows.len().saturating_sub(SHOWN) {
        0 => cell,
        more => cell.and(format!("+{more}"), Role::Dim),
    }
}

/// A discipline as people say it.
pub fn spoken(discipline: &str) -> SafeText {
    SafeText::from(discipline.replace('_', " "))
}

/// The disciplines that have not spoken, as people say them; of which one is enough, is said.
pub fn waiting(board: &Approvals) -> SafeText {
    SafeText::from(board.still())
}

/// The board as lines of a detail; `asked` while a decision is still to come.
pub fn lines(mut doc: Doc, board: &Approvals, asked: bool) -> Doc {
    doc.0.push(Line::Gap);
    doc.0.push(Line::Heading(SafeText::fixed("Approvals")));
    for (one, _) in ordered(board) {
        let said = match (one.decision.as_deref(), one.person.as_deref()) {
            (Some("yes"), Some(who)) => SafeText::from(format!("✓ yes, {who}")),
            (Some(no), Some(who)) => SafeText::from(format!("✗ {no}, {who}")),
            (Some(word), None) => SafeText::from_untrusted(word),
            (None, _) if one.need == "review" => SafeText::fixed("· reviews it afterwards"),
            (None, _) if !asked => SafeText::fixed("· asked no more"),
            (None, _) if one.need == "one_of" => SafeText::fixed("· one on call of these"),
            (None, _) => SafeText::fixed("· waits"),
        };
        let veto = if one.veto && (asked || one.decision.is_some()) { "; may veto" } else { "" };
        let line = Cell::of(spoken(&one.discipline).pad(18), Role::Dim)
            .and(said, Role::Normal)
            .and(veto, Role::Dim);
        doc = doc.text(line);
    }
    doc
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::names::Login;
    use crate::domain::role::{Grant, Holder, Role as Duty};
    use crate::domain::time::Time;

    fn board(said: &[(&str, Option<&str>)]) -> Approvals {
        let one = |(discipline, decision): &(&str, Option<&str>)| Approval {
            discipline: (*discipline).to_owned(),
            veto: *discipline == "operations",
            decision: decision.map(str::to_owned),
            person: decision.map(|_| "ida".to_owned()),
            need: "must".to_owned(),
        };
        Approvals(said.iter().map(one).collect())
    }

    #[test]
    fn operations_and_it_security_stand_first_and_the_rest_is_counted() {
        let board = board(&[
            ("quality", Some("yes")),
            ("engineering", Some("no")),
            ("it_security", None),
            ("operations", Some("yes")),
            ("safety", None),
            ("management", None),
        ]);
        let me = Me { holder: None, now: Time::default() };
        assert_eq!(column("rob", "ANR", &board, &me).plain().as_str(), "O✓I·E✗Q✓+2");
        assert_eq!(waiting(&board).as_str(), "it security, safety and management");
    }

    #[test]
    fn what_waits_for_the_person_stands_out_unless_they_asked_for_it() {
        let board = board(&[("operations", None), ("it_security", None)]);
        let holder = Holder {
            login: Login::new("olga").unwrap(),
            active: true,
            disciplines: vec![Discipline::Operations],
            grants: vec![Grant { role: Duty::SmcOperator, site: None, until: None }],
        };
        let me = Me { holder: Some(&holder), now: Time::default() };
        assert_eq!(column("rob", "ANR", &board, &me).0[0].role, Role::Title);
        assert_eq!(column("olga", "ANR", &board, &me).0[0].role, Role::Normal);
    }
}
