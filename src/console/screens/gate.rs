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
use crate::domain::refusal::{Refusal, Verdict};
use crate::safe_text::SafeText;
use crate::store::query::Approvals;

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

/// Whether the person may say yes or no on this board for any discipline at all.
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
    first
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
