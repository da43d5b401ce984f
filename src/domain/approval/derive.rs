//! Who must speak on a request, who is heard, who is told: a pure function of the rule version and the facts.
//!
//! Reading the facts is the store's; whether somebody can speak is not asked here.

use std::collections::BTreeMap;

use super::board::{Need, Requirement};
use super::triggers::{FLOORS, Mark, Part, TRIGGERS, When};
use crate::domain::change::{Concern, Impact, Nature};
use crate::domain::discipline::Discipline;
use crate::domain::names::Ref;
use crate::domain::raci::{Row, Value};
use crate::domain::zone::Purdue;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// A change of this kind.
    Change(Nature),
    /// A use of the standard change that all approved.
    Use(Ref),
    /// A vendor's window.
    Window,
    /// The acceptance of a risk of this priority and harm to people, 0 if none was said.
    Acceptance {
        /// 1 to 4.
        priority: i64,
        /// 0 to 5.
        safety: i64,
    },
}

/// An asset as far as the rules look at one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched {
    /// Its reference.
    pub asset: String,
    /// Whether it is a safety instrumented system.
    pub safety_system: bool,
    /// Its safety rating, if it has one.
    pub safety: Option<i64>,
    /// Whether it is part of a validated system.
    pub validated: bool,
    /// Its level, or that of its zone.
    pub level: Option<Purdue>,
}

impl Touched {
    fn bears(&self, mark: Mark) -> bool {
        match mark {
            Mark::SafetySystem => self.safety_system,
            Mark::SafetyRated(least) => self.safety.is_some_and(|rated| rated >= least),
            Mark::Validated => self.validated,
        }
    }
}

/// What is known of a request when its board is made: answers and facts, no conclusions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// What is asked for.
    pub ask: Ask,
    /// The RACI row of its activity, as it holds at its site.
    pub row: Row,
    /// The impacts as they were answered; none where nobody is asked.
    pub levels: BTreeMap<Concern, Impact>,
    /// Whether control logic changes.
    pub alters_logic: bool,
    /// Whether a validated parameter changes.
    pub alters_validated: bool,
    /// The assets.
    pub assets: Vec<Touched>,
    /// The vendor's person who comes.
    pub vendor_person: Option<String>,
    /// The vendor who has never been connected.
    pub first_connection: Option<String>,
    /// Who said yes to the template that is used.
    pub vouched: Vec<Discipline>,
    /// Whether somebody of the site itself may decide for quality.
    pub quality_here: bool,
}

/// A discipline that is heard or told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The discipline.
    pub discipline: Discipline,
    /// Consulted or informed.
    pub part: Part,
    /// Why.
    pub because: String,
}

/// The board that follows from the facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derived {
    /// Who answers for the request.
    pub accountable: Discipline,
    /// Who must speak, in the order of the disciplines.
    pub required: Vec<Requirement>,
    /// Who is heard and who is told, in the same order.
    pub heard: Vec<Heard>,
}

/// The board under the rules of this version.
pub fn derive(version: u32, facts: &Facts) -> Derived {
    match version {
        ..2 => first(facts),
        2.. => second(facts, version),
    }
}

const JOINT: &str = "operations and IT security answer jointly for all that touches OT";

/// Why a discipline speaks for quality at a site that has none.
const HOLDS_QUALITY: &str = "it holds quality here (site RACI)";

fn must(discipline: Discipline, because: String) -> Requirement {
    Requirement {
        veto: discipline == Discipline::Operations,
        need: Need::Must,
        discipline,
        because,
    }
}

fn answers_for(row: &Row) -> String {
    format!("accountable for {} ({} RACI)", row.activity, row.origin)
}

/// Version 1: the accountable discipline of the row, operations and IT security.
fn first(facts: &Facts) -> Derived {
    let accountable = facts.row.accountable;
    let mut required = vec![must(accountable, answers_for(&facts.row))];
    for discipline in [Discipline::Operations, Discipline::ItSecurity] {
        if discipline != accountable {
            required.push(must(discipline, JOINT.to_owned()));
        }
    }
    Derived { accountable, required, heard: Vec::new() }
}

/// What an impact counts as, and why if that is more than was answered.
pub fn counted(facts: &Facts) -> BTreeMap<Concern, (Impact, Option<String>)> {
    let count = |concern: &Concern| {
        let answered = facts.levels.get(concern).copied().unwrap_or(Impact::None);
        let mut counts = (answered, None);
        for floor in FLOORS.iter().filter(|floor| floor.concern == *concern) {
            let marked = facts.assets.iter().find(|asset| asset.bears(floor.mark));
            if let Some(marked) = marked.filter(|_| counts.0 < floor.least) {
                let why = format!("{} is {}", marked.asset, floor.mark.words());
                counts = (floor.least, Some(why));
            }
        }
        (*concern, counts)
    };
    Concern::ALL.iter().map(count).collect()
}

/// Assets on both sides of the border between IT and OT, or on it.
fn crossing(assets: &[Touched]) -> Option<String> {
    let at = |wanted: fn(Purdue) -> bool| {
        assets.iter().find_map(|asset| asset.level.filter(|l| wanted(*l)).map(|l| (asset, l)))
    };
    let said = |(asset, level): (&Touched, Purdue)| format!("{} at level {level}", asset.asset);
    if let Some(border) = at(|level| level == Purdue::L35) {
        return Some(format!("it crosses the border between IT and OT: {}", said(border)));
    }
    let (above, below) = (at(|level| level > Purdue::L35)?, at(|level| level < Purdue::L35)?);
    let both = format!("{}, {}", said(above), said(below));
    Some(format!("it crosses the border between IT and OT: {both}"))
}

/// Seats by discipline: every part that something gives it, with the reason.
#[derive(Default)]
struct Seats(BTreeMap<Discipline, Vec<(Part, String)>>);

impl Seats {
    fn add(&mut self, part: Part, discipline: Discipline, because: impl Into<String>) {
        self.0.entry(discipline).or_default().push((part, because.into()));
    }

    /// The strongest part of each discipline, with all that gives it this part.
    fn settled(self) -> impl Iterator<Item = (Discipline, Part, String)> {
        self.0.into_iter().filter_map(|(discipline, reasons)| {
            let part = reasons.iter().map(|(part, _)| *part).min()?;
            let mut because: Vec<String> = Vec::new();
            for (_, why) in reasons.into_iter().filter(|(given, _)| *given == part) {
                if !because.contains(&why) {
                    because.push(why);
                }
            }
            Some((discipline, part, because.join("; ")))
        })
    }
}

/// Version 2: the row, the joint answer for OT, the triggers; then what the kind of request makes of it. From version 5 on
/// a use of a template spares only those who said yes to the template; from version 7 on a site without quality has the
/// yes of quality from whom it names in its place.
fn second(facts: &Facts, version: u32) -> Derived {
    let vouches = version >= 5;
    let holder = facts.row.holder().filter(|_| version >= 7 && !facts.quality_here);
    let mut seats = Seats::default();
    let row = &facts.row;
    for cell in &row.cells {
        match cell.value {
            Value::Consulted => {
                let why = format!("consulted on {} (RACI)", row.activity);
                seats.add(Part::Consulted, cell.discipline, why);
            }
            Value::Informed => {
                let why = format!("informed of {} (RACI)", row.activity);
                seats.add(Part::Informed, cell.discipline, why);
            }
            Value::Accountable | Value::Responsible | Value::None => {}
        }
    }
    if let Ask::Acceptance { priority, safety } = facts.ask {
        return accepted(row, seats, priority, safety);
    }
    let levels = counted(facts);
    seats.add(Part::Required, row.accountable, answers_for(row));
    for discipline in [Discipline::Operations, Discipline::ItSecurity] {
        seats.add(Part::Required, discipline, JOINT);
    }
    let mut accountable = row.accountable;
    let plant = [Concern::Safety, Concern::Quality, Concern::Validation, Concern::Uptime];
    if let Some(concern) = plant.iter().find(|c| level(&levels, **c) > Impact::None) {
        accountable = Discipline::Operations;
        let why = format!("answers for this one, as {}", told(&levels, *concern));
        seats.add(Part::Required, Discipline::Operations, why);
    }
    let mut vetoes = vec![Discipline::Operations];
    for trigger in TRIGGERS {
        let Some(why) = holds(trigger.when, facts, &levels) else { continue };
        for (part, discipline) in trigger.adds {
            match holder.filter(|_| *discipline == Discipline::Quality) {
                Some(holds) => seats.add(*part, holds, format!("{why}: {HOLDS_QUALITY}")),
                None => seats.add(*part, *discipline, why.as_str()),
            }
        }
        vetoes.extend(trigger.veto);
    }
    let mut derived = Derived { accountable, required: Vec::new(), heard: Vec::new() };
    for (discipline, part, because) in seats.settled() {
        match part {
            Part::Required => derived.required.push(Requirement {
                discipline,
                need: Need::Must,
                veto: vetoes.contains(&discipline),
                because,
            }),
            Part::Consulted | Part::Informed => {
                derived.heard.push(Heard { discipline, part, because });
            }
        }
    }
    match &facts.ask {
        Ask::Change(Nature::Emergency) => emergency(derived),
        Ask::Use(template) => {
            let spared = |one: Discipline| !vouches || facts.vouched.contains(&one);
            of_template(derived, template, spared)
        }
        Ask::Change(Nature::Normal | Nature::Standard | Nature::Temporary)
        | Ask::Window
        | Ask::Acceptance { .. } => derived,
    }
}

type Levels = BTreeMap<Concern, (Impact, Option<String>)>;

fn level(levels: &Levels, concern: Concern) -> Impact {
    levels.get(&concern).map_or(Impact::None, |(level, _)| *level)
}

/// `safety is high`, or `safety counts as medium: RLF/SIS-1 is a safety instrumented system`.
fn told(levels: &Levels, concern: Concern) -> String {
    match levels.get(&concern) {
        Some((level, Some(floor))) => format!("{concern} counts as {level}: {floor}"),
        Some((level, None)) => format!("{concern} is {level}"),
        None => format!("{concern} is none"),
    }
}

/// Why a trigger holds; none if it does not.
fn holds(when: When, facts: &Facts, levels: &Levels) -> Option<String> {
    match when {
        When::Impact(concern, least) => {
            (level(levels, concern) >= least).then(|| told(levels, concern))
        }
        When::Logic => facts.alters_logic.then(|| "control logic changes".to_owned()),
        When::Validated => {
            facts.alters_validated.then(|| "a validated parameter changes".to_owned())
        }
        When::Crossing => crossing(&facts.assets),
        When::VendorPerson => {
            facts.vendor_person.as_ref().map(|who| format!("{who} comes from a vendor"))
        }
        When::FirstConnection => facts
            .first_connection
            .as_ref()
            .map(|vendor| format!("{vendor} has never been connected")),
    }
}

/// A condition of the decision rights: whom it adds, and why it holds for a request, if it does.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Condition {
    /// The condition.
    pub when: String,
    /// What follows when it holds.
    pub says: String,
    /// Why it holds here; none if it does not, or if nothing is asked for.
    pub holds: Option<String>,
}

/// The decision rights: every condition, with why it holds for these facts.
pub fn conditions(facts: Option<&Facts>) -> Vec<Condition> {
    if let Some(Facts { ask: Ask::Acceptance { priority, safety }, .. }) = facts {
        let of = |when: &str, says: &str, holds: Option<String>| Condition {
            when: when.to_owned(),
            says: says.to_owned(),
            holds,
        };
        return vec![
            of(
                "the risk is of priority 1 or 2",
                "management must say yes",
                (*priority <= 2).then(|| format!("its priority is {priority}")),
            ),
            of(
                "its harm to people is 4 or 5",
                "safety must say yes",
                (*safety >= 4).then(|| format!("its harm to people is {safety}")),
            ),
        ];
    }
    let levels = facts.map(counted).unwrap_or_default();
    let of = |trigger: &super::triggers::Trigger| Condition {
        when: trigger.when.words(),
        says: trigger.says(),
        holds: facts.and_then(|facts| holds(trigger.when, facts, &levels)),
    };
    facts.and_then(by_kind).into_iter().chain(TRIGGERS.iter().map(of)).collect()
}

/// What the kind of a request makes of everybody who must say yes.
fn by_kind(facts: &Facts) -> Option<Condition> {
    let of = |when: &str, says: &str, holds: String| {
        Some(Condition { when: when.to_owned(), says: says.to_owned(), holds: Some(holds) })
    };
    match &facts.ask {
        Ask::Change(Nature::Emergency) => of(
            "it is an emergency",
            "operations and one on call of IT security and engineering decide; who else must say yes reviews it afterwards",
            "its kind is emergency".to_owned(),
        ),
        Ask::Use(template) => of(
            "it uses a template",
            "operations decide; who said yes to the template is told, who did not must say yes to the use",
            format!("its template is {template}"),
        ),
        Ask::Change(Nature::Normal | Nature::Standard | Nature::Temporary)
        | Ask::Window
        | Ask::Acceptance { .. } => None,
    }
}

/// The formula of acceptances, in place of the row's.
fn accepted(row: &Row, mut seats: Seats, priority: i64, safety: i64) -> Derived {
    let mut required = vec![
        (Discipline::ItSecurity, "IT security and operations accept a risk jointly".to_owned()),
        (Discipline::Operations, "IT security and operations accept a risk jointly".to_owned()),
    ];
    if safety >= 4 {
        required.push((Discipline::Safety, format!("its harm to people is {safety}")));
    }
    if priority <= 2 {
        required.push((Discipline::Management, format!("the risk is of priority {priority}")));
    } else {
        seats.add(Part::Informed, row.accountable, answers_for(row));
    }
    let heard = seats
        .settled()
        .filter(|(discipline, ..)| required.iter().all(|(asked, _)| asked != discipline))
        .map(|(discipline, part, because)| Heard { discipline, part, because })
        .collect();
    Derived {
        accountable: row.accountable,
        required: required.into_iter().map(|(who, because)| must(who, because)).collect(),
        heard,
    }
}

/// An emergency: operations and one on call decide, whoever else would have been asked reviews it.
fn emergency(mut derived: Derived) -> Derived {
    const ONE: &str = "one on call of IT security and engineering decides an emergency";
    for one in &mut derived.required {
        match one.discipline {
            Discipline::Operations => {}
            Discipline::ItSecurity | Discipline::Engineering => {
                one.need = Need::OneOf;
                one.because = format!("{ONE}; {}", one.because);
            }
            Discipline::Quality
            | Discipline::Safety
            | Discipline::VendorManagement
            | Discipline::Management => one.need = Need::Review,
        }
    }
    if derived.required.iter().all(|one| one.discipline != Discipline::Engineering) {
        derived.heard.retain(|one| one.discipline != Discipline::Engineering);
        derived.required.push(Requirement {
            discipline: Discipline::Engineering,
            need: Need::OneOf,
            veto: false,
            because: ONE.to_owned(),
        });
        derived.required.sort_by_key(|one| one.discipline);
    }
    derived
}

/// A use of an approved template: operations decides, those who are spared are told.
fn of_template(
    mut derived: Derived,
    template: &Ref,
    spared: impl Fn(Discipline) -> bool,
) -> Derived {
    let (kept, told): (Vec<_>, Vec<_>) = std::mem::take(&mut derived.required)
        .into_iter()
        .partition(|one| one.discipline == Discipline::Operations || !spared(one.discipline));
    derived.required = kept;
    for one in derived.required.iter_mut().filter(|one| one.discipline == Discipline::Operations) {
        one.because = format!("decides on each use of the template {template}; {}", one.because);
    }
    derived.heard.extend(told.into_iter().map(|one| Heard {
        discipline: one.discipline,
        part: Part::Informed,
        because: format!("approved the template {template}"),
    }));
    derived.heard.sort_by_key(|one| one.discipline);
    derived
}

#[cfg(test)]
mod tests;
