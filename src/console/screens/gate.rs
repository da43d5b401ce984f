//! Why a verb is off for an object, said before the key is struck: by right, by state, by the board.
//!
//! It repeats no rule: it asks the domain's. The store decides again under its lock.

use crate::console::advice;
use crate::console::ctx::Me;
use crate::console::keys::Action;
use crate::domain::approval::{self, Answer, Decision, Need, Requirement, Stands};
use crate::domain::command::{Spec, commands};
use crate::domain::discipline::Discipline;
use crate::domain::names::{Login, Ref, SiteCode};
use crate::domain::refusal::{Code, Refusal, Verdict};
use crate::domain::role::Holder;
use crate::domain::words::one_of;
use crate::safe_text::SafeText;
use crate::store::query::{Approval, Approvals};

/// The row of the command table that an action submits; none for one that writes nothing or has a choice.
pub fn spec(action: &Action) -> Option<&'static Spec> {
    let [name] = action.commands() else { return None };
    commands().find(|spec| spec.command == Some(*name))
}

/// A refusal in the words of the screen.
pub fn words(refusal: &Refusal) -> SafeText {
    let fix = advice::here(&refusal.fix);
    SafeText::from(format!("{}; {}", refusal.message, fix.as_str()))
}

/// Whether the person's roles give what the command asks for at this site.
pub fn by_right(spec: &Spec, site: &str, me: &Me<'_>) -> Verdict {
    let Some(holder) = me.holder else { return Ok(()) };
    holder.may(spec.right, SiteCode::new(site).ok().as_ref(), me.now)
}

/// Whether the person's roles give what the command asks for at any site at all.
pub fn somewhere(spec: &Spec, me: &Me<'_>) -> Verdict {
    me.holder.map_or(Ok(()), |holder| holder.may_somewhere(spec.right, me.now))
}

/// What is said of a verb below a list: its key where the person may, else who may.
pub fn can(command: &str, site: &str, me: &Me<'_>, mine: &str, others: &str) -> String {
    let spec = commands().find(|spec| spec.command == Some(command));
    match spec.filter(|spec| by_right(spec, site, me).is_err()) {
        Some(spec) => format!("{} {others}", spec.right.who()),
        None => mine.to_owned(),
    }
}

/// Whether the person may say yes or no on this board for any discipline at all; if not, why: it is their own, they have
/// spoken, or nothing is left that waits for them, with who has said what and who is still asked.
pub fn by_board(reference: &str, requester: &str, board: &Approvals, me: &Me<'_>) -> Verdict {
    let (Some(holder), Ok(on), Ok(requester)) =
        (me.holder, Ref::new(reference), Login::new(requester))
    else {
        return Ok(());
    };
    let required = required(board);
    let stand = stand(board);
    let mut first = Ok(());
    for discipline in decidable(board).chain(holder.disciplines.iter().copied()) {
        let decision =
            Decision { r#ref: on.clone(), discipline, decision: Answer::Yes, reason: None };
        match approval::decide(&decision, holder, &requester, &required, &stand) {
            Ok(_) => return Ok(()),
            Err(refusal) => first = first.and(Err(refusal)),
        }
    }
    first.map_err(|why| if why.code == Code::FourEyes { why } else { nothing_left(holder, board) })
}

/// That nothing on this board waits for the person: who has said what for which discipline, and who is still asked.
fn nothing_left(holder: &Holder, board: &Approvals) -> Refusal {
    let own: Vec<String> = holder.disciplines.iter().map(|one| spoken(one.word())).collect();
    let own = match own.as_slice() {
        [] => "nothing waits for you, who hold no discipline".to_owned(),
        own => format!("nothing waits for you as {}", one_of(own)),
    };
    let asked = match board.still() {
        still if still.is_empty() => "nobody is asked any more".to_owned(),
        still => format!("{still} still asked"),
    };
    let told = [vec![own], said(board), vec![asked]].concat();
    Refusal::new(Code::WrongDiscipline, told.join("; "), "D shows who can decide")
}

fn spoken(word: &str) -> String {
    word.replace('_', " ")
}

/// What was said on a board so far, each with its discipline and its person.
pub fn said(board: &Approvals) -> Vec<String> {
    let said = |one: &Approval| {
        let (decision, person) = (one.decision.as_deref()?, one.person.as_deref()?);
        Some(format!("{} said {decision} ({person})", spoken(&one.discipline)))
    };
    board.0.iter().filter_map(said).collect()
}

/// The discipline for which the person would decide: one that is held and has not spoken.
pub fn mine(board: &Approvals, me: &Me<'_>) -> Option<Discipline> {
    board.own(me.holder?)
}

/// Whether this request waits for the person: not their own, not decided by them, a discipline they hold, and a
/// role that decides at its site.
pub fn waits_for_me(requester: &str, site: &str, board: &Approvals, me: &Me<'_>) -> bool {
    me.holder.is_some_and(|holder| board.waits_for(requester, site, holder, me.now))
}

fn decidable(board: &Approvals) -> impl Iterator<Item = Discipline> {
    board.waiting().filter_map(Discipline::parse)
}

fn required(board: &Approvals) -> Vec<Requirement> {
    let one = |one: &crate::store::query::Approval| {
        let discipline = Discipline::parse(&one.discipline)?;
        let need = Need::parse(&one.need)?;
        Some(Requirement { discipline, need, veto: one.veto, because: String::new() })
    };
    board.0.iter().filter_map(one).collect()
}

fn stand(board: &Approvals) -> Vec<Stands> {
    let one = |one: &crate::store::query::Approval| {
        Some(Stands {
            discipline: Discipline::parse(&one.discipline)?,
            person: Login::new(one.person.as_deref()?).ok()?,
            answer: Answer::parse(one.decision.as_deref()?)?,
            at: None,
        })
    };
    board.0.iter().filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::role::{Grant, Role};

    fn seat(discipline: &str, said: Option<(&str, &str)>) -> Approval {
        Approval {
            discipline: discipline.to_owned(),
            veto: false,
            decision: said.map(|(answer, _)| answer.to_owned()),
            person: said.map(|(_, person)| person.to_owned()),
            need: "must".to_owned(),
        }
    }

    #[test]
    fn where_nothing_waits_for_the_person_it_is_said_who_decided_what_and_who_is_asked() {
        let holder = Holder {
            login: Login::new("wdewit").unwrap(),
            active: true,
            disciplines: vec![Discipline::Operations],
            grants: vec![Grant { role: Role::ShiftLead, site: None, until: None }],
        };
        let me = Me { holder: Some(&holder), now: crate::domain::time::Time::default() };
        let board = |own| Approvals(vec![seat("it_security", None), seat("operations", own)]);
        let verdict = |own| by_board("CR-3", "rita", &board(own), &me);
        assert_eq!(verdict(None), Ok(()));
        let refused = verdict(Some(("yes", "ngoossens"))).unwrap_err();
        assert_eq!(
            words(&refused).as_str(),
            "nothing waits for you as operations; operations said yes (ngoossens); it security still asked; \
             D shows who can decide"
        );
        let own = by_board("CR-3", "wdewit", &board(None), &me).unwrap_err();
        assert_eq!(own.code, Code::FourEyes, "{own}");
    }
}
