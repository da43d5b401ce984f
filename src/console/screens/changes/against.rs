//! What stands against a change, as its list and its verbs tell it: by name, what holds its start up, who may waive it.
//! Whether it stands is the domain's to say, and the store's under its lock.

use crate::console::ctx::Me;
use crate::domain::conflict::Against;
use crate::domain::discipline::Discipline;
use crate::domain::incident;
use crate::domain::refusal::{Code, Refusal, Verdict};
use crate::safe_text::SafeText;
use crate::store::query::{Change, Clash};

/// What stands against it and nobody let pass: each by its reference, what the calendar or the matrix says of an asset as
/// such.
pub fn named(row: &Change) -> Vec<String> {
    let of = |one: &Clash| match one.conflict.against {
        Against::Change | Against::Window | Against::Blackout | Against::Freeze => {
            one.conflict.with.clone()
        }
        Against::NoOutage => "no outage".to_owned(),
        Against::OutageOnly | Against::Ask | Against::Never => "the matrix".to_owned(),
    };
    let mut names: Vec<String> = Vec::new();
    for one in row.clashes.iter().filter(|one| one.waived.is_none()).map(of) {
        if !names.contains(&one) {
            names.push(one);
        }
    }
    names
}

/// Who could let pass what holds its start up; none if nothing does.
pub fn held(row: &Change) -> Option<String> {
    let stands = |one: &&Clash| one.conflict.blocks && one.waived.is_none();
    let clash = row.clashes.iter().find(stands)?;
    Some(match (clash.conflict.against, &clash.answers) {
        (Against::Freeze, _) => "the incident commander exempts it from the freeze".to_owned(),
        (_, Some(who)) => format!("{} may waive it with W", who.replace('_', " ")),
        (_, None) => "nobody may waive it".to_owned(),
    })
}

/// Whether nothing stands against the start that nobody waived.
pub fn free(row: &Change, me: &Me<'_>) -> Verdict {
    let frozen = row.clashes.iter().filter(|one| one.conflict.against == Against::Freeze);
    for exempted in frozen.filter_map(|one| one.waived.as_ref()) {
        if let Some(holder) = me.holder {
            incident::may_begin(holder, &exempted.person)?;
        }
    }
    let stands = row.clashes.iter().find(|one| one.conflict.blocks && one.waived.is_none());
    let Some(Clash { conflict, answers, .. }) = stands else { return Ok(()) };
    let code = if conflict.against == Against::Freeze { Code::Frozen } else { Code::Conflict };
    Err(Refusal::new(
        code,
        format!("{} stands against it: {}", conflict.with, conflict.because),
        match answers {
            Some(who) => {
                format!(
                    "{} may waive it with W; or {}",
                    who.replace('_', " "),
                    conflict.against.remedy()
                )
            }
            None => conflict.against.remedy().to_owned(),
        },
    ))
}

/// Whether no other change stays in the plant under it: that one's revert date rests on it.
pub fn carries_none(row: &Change) -> Verdict {
    let Some(stays) = &row.lets_stay else { return Ok(()) };
    Err(Refusal::new(
        Code::Conflict,
        format!("{stays} stays in the plant under it"),
        format!("back {stays} out with `smc do change.back-out` when it is to go"),
    ))
}

/// Why this person can waive nothing of what stands against it.
pub fn waivable(row: &Change, me: &Me<'_>) -> Option<SafeText> {
    let holder = me.holder?;
    if holder.login.as_str() == row.requester {
        return Some(SafeText::fixed(
            "you asked for it: somebody else waives what stands against it",
        ));
    }
    let open = || row.clashes.iter().filter(|one| one.waived.is_none());
    let names: Vec<&str> = open().filter_map(|one| one.answers.as_deref()).collect();
    let mine = |word: &&str| Discipline::parse(word).is_some_and(|one| holder.holds(one));
    if names.iter().any(mine) {
        return None;
    }
    let who = names.first().map(|word| word.replace('_', " "));
    Some(SafeText::from(match who {
        Some(who) => format!("{who} may waive it"),
        None => "nobody may waive what stands against it".to_owned(),
    }))
}
