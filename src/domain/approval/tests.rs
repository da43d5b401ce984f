//! The engine's rules, told as stories, and its laws over random decisions.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::domain::change::Nature;
use crate::domain::discipline::Discipline as D;
use crate::domain::names::Login;
use crate::domain::raci::{Activity, Row};
use crate::domain::role::{Grant, Holder, Role};

fn person(login: &str, disciplines: &[D]) -> Holder {
    Holder {
        login: Login::new(login).unwrap(),
        active: true,
        disciplines: disciplines.to_vec(),
        grants: vec![Grant { role: Role::SmcOperator, site: None, until: None }],
    }
}

fn says(discipline: D, decision: Answer) -> Decision {
    Decision {
        r#ref: Ref::new("CR-1").unwrap(),
        discipline,
        decision,
        reason: Line::new("because the line runs").ok(),
    }
}

fn stands(login: &str, discipline: D, answer: Answer) -> Stands {
    Stands { discipline, person: Login::new(login).unwrap(), answer, at: None }
}

/// Who must say yes under rule version 1, if this discipline answers for changes.
fn required(accountable: D) -> Vec<Requirement> {
    let row = Row { accountable, ..Row::held(Activity::ControlChange, &[], &[]) };
    let facts = Facts {
        ask: Ask::Change(Nature::Normal),
        row,
        levels: BTreeMap::new(),
        alters_logic: false,
        alters_validated: false,
        assets: Vec::new(),
        vendor_person: None,
        first_connection: None,
        vouched: Vec::new(),
        quality_here: true,
    };
    derive(1, &facts).required
}

fn code(decision: &Decision, who: &Holder, stand: &[Stands]) -> Result<Outcome, Code> {
    let required = required(D::Quality);
    decide(decision, who, &Login::new("rita").unwrap(), &required, stand).map_err(|r| r.code)
}

#[test]
fn version_one_asks_the_accountable_discipline_operations_and_it() {
    let required = required(D::Operations);
    let who: Vec<_> = required.iter().map(|r| (r.discipline, r.veto)).collect();
    assert_eq!(who, [(D::Operations, true), (D::ItSecurity, false)]);
}

#[test]
fn nobody_decides_on_their_own_request() {
    let rita = person("rita", &[D::Operations]);
    assert_eq!(code(&says(D::Operations, Answer::Yes), &rita, &[]), Err(Code::FourEyes));
}

#[test]
fn a_person_counts_once() {
    let ben = person("ben", &[D::Operations, D::ItSecurity]);
    let first = [stands("ben", D::Operations, Answer::Yes)];
    assert_eq!(code(&says(D::ItSecurity, Answer::Yes), &ben, &first), Err(Code::FourEyes));
}

#[test]
fn a_discipline_decides_once() {
    let ben = person("ben", &[D::Operations]);
    let first = [stands("olga", D::Operations, Answer::Yes)];
    assert_eq!(code(&says(D::Operations, Answer::No), &ben, &first), Err(Code::WrongDiscipline));
}

#[test]
fn a_discipline_not_held_or_not_asked_for_cannot_decide() {
    let ben = person("ben", &[D::Safety]);
    assert_eq!(code(&says(D::Operations, Answer::Yes), &ben, &[]), Err(Code::WrongDiscipline));
    assert_eq!(code(&says(D::Safety, Answer::Yes), &ben, &[]), Err(Code::WrongDiscipline));
}

#[test]
fn a_no_needs_a_reason() {
    let ben = person("ben", &[D::Operations]);
    let silent = Decision { reason: None, ..says(D::Operations, Answer::No) };
    assert_eq!(code(&silent, &ben, &[]), Err(Code::Missing));
}

#[test]
fn operations_veto_ends_it_and_any_other_no_returns_it() {
    let ben = person("ben", &[D::Operations, D::Quality]);
    let yes = [stands("ida", D::ItSecurity, Answer::Yes)];
    assert_eq!(code(&says(D::Operations, Answer::No), &ben, &yes), Ok(Outcome::Vetoed));
    assert_eq!(code(&says(D::Quality, Answer::No), &ben, &yes), Ok(Outcome::Returned));
}

#[test]
fn it_is_approved_when_all_have_said_yes() {
    let ben = person("ben", &[D::Operations]);
    let two = [stands("ida", D::ItSecurity, Answer::Yes), stands("quinn", D::Quality, Answer::Yes)];
    assert_eq!(code(&says(D::Operations, Answer::Yes), &ben, &two[..1]), Ok(Outcome::Pending));
    assert_eq!(code(&says(D::Operations, Answer::Yes), &ben, &two), Ok(Outcome::Approved));
}

#[test]
fn a_vote_names_its_own_subject() {
    let vote = Command::Vote {
        on: Approvable::Window,
        answer: Answer::Yes,
        vote: Vote { r#ref: Ref::new("CR-1").unwrap(), discipline: D::Operations, reason: None },
    };
    assert_eq!(vote.into_kind().unwrap_err().code, Code::Invalid);
}

#[test]
fn an_emergency_is_decided_by_operations_and_one_of_those_on_call() {
    let need = |discipline, need| Requirement {
        discipline,
        need,
        veto: discipline == D::Operations,
        because: String::new(),
    };
    let required = [
        need(D::Operations, Need::Must),
        need(D::ItSecurity, Need::OneOf),
        need(D::Engineering, Need::OneOf),
        need(D::Quality, Need::Review),
    ];
    let mut stand = vec![stands("olga", D::Operations, Answer::Yes)];
    assert_eq!(outcome(&required, &stand), Outcome::Pending);
    stand.push(stands("erik", D::Engineering, Answer::Yes));
    assert_eq!(outcome(&required, &stand), Outcome::Approved);
    let quinn = person("quinn", &[D::Quality, D::Operations]);
    let rita = Login::new("rita").unwrap();
    let no = says(D::Quality, Answer::No);
    let early = decide(&no, &quinn, &rita, &required, &stand);
    assert_eq!(early.unwrap_err().code, Code::WrongDiscipline, "quality reviews");
    assert!(review(&no, &quinn, &rita, &required, &stand).is_ok());
    let operations = says(D::Operations, Answer::No);
    let must = review(&operations, &quinn, &rita, &required, &[]);
    assert_eq!(must.unwrap_err().code, Code::WrongDiscipline, "operations decided");
    let erik = Login::new("erik").unwrap();
    let on = Ref::new("CR-1").unwrap();
    let asleep = on_call(&on, D::Engineering, &erik, &required, false);
    assert_eq!(asleep.unwrap_err().code, Code::NotAllowed);
    assert!(on_call(&on, D::Engineering, &erik, &required, true).is_ok());
    assert!(on_call(&on, D::Operations, &erik, &required, false).is_ok());
}

proptest! {
    #[test]
    fn approved_only_with_every_required_yes_by_distinct_people(
        moves in proptest::collection::vec((0usize..5, 0usize..7, any::<bool>()), 0..40)
    ) {
        let required = required(D::Engineering);
        let rita = Login::new("rita").unwrap();
        let mut stand: Vec<Stands> = Vec::new();
        for (who, discipline, yes) in moves {
            let who = person(["rita", "ben", "ida", "eve", "olga"][who], D::ALL);
            let discipline = D::ALL[discipline];
            let answer = if yes { Answer::Yes } else { Answer::No };
            if outcome(&required, &stand) != Outcome::Pending {
                break;
            }
            if decide(&says(discipline, answer), &who, &rita, &required, &stand).is_ok() {
                let person = who.login.clone();
                stand.push(Stands { discipline, person, answer, at: None });
            }
        }
        let mut people: Vec<_> = stand.iter().map(|s| s.person.as_str()).collect();
        people.sort_unstable();
        people.dedup();
        prop_assert_eq!(people.len(), stand.len());
        prop_assert!(!people.contains(&"rita"));
        if outcome(&required, &stand) == Outcome::Approved {
            prop_assert!(required.iter().all(|r| stand
                .iter()
                .any(|s| s.discipline == r.discipline && s.answer == Answer::Yes)));
        }
    }
}
