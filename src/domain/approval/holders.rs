//! Whether people can give what a request asks for: somebody for each discipline, and as many people as yeses.

use crate::domain::approval::board::{Need, Requirement};
use crate::domain::discipline::Discipline;
use crate::domain::names::{Login, SiteCode};
use crate::domain::refusal::{Code, Refusal, Verdict};

/// Somebody who may decide at a site for a discipline held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The discipline.
    pub discipline: Discipline,
    /// Who.
    pub person: Login,
    /// Whether only a role for all sites reaches this one.
    pub corporate: bool,
}

/// Refuses a request that could never be approved: nobody for a discipline, or fewer persons than yeses.
///
/// # Errors
/// `missing`, with the discipline and what to do.
pub fn can_be_given(
    required: &[Requirement],
    candidates: &[Candidate],
    requester: &Login,
    site: &SiteCode,
) -> Verdict {
    let musts: Vec<Discipline> =
        required.iter().filter(|one| one.need == Need::Must).map(|one| one.discipline).collect();
    let choice: Vec<Discipline> =
        required.iter().filter(|one| one.need == Need::OneOf).map(|one| one.discipline).collect();
    let others = |discipline: Discipline| {
        candidates
            .iter()
            .filter(move |c| c.discipline == discipline && &c.person != requester)
            .map(|c| &c.person)
    };
    for one in required.iter().filter(|one| one.need == Need::Must) {
        if others(one.discipline).next().is_none() {
            return Err(nobody(one, candidates, requester, site));
        }
    }
    if let [first, ..] = choice.as_slice()
        && choice.iter().all(|discipline| others(*discipline).next().is_none())
        && let Some(one) = required.iter().find(|one| one.discipline == *first)
    {
        return Err(nobody(one, candidates, requester, site));
    }
    let fits = |extra: Option<Discipline>| {
        let wanted: Vec<Discipline> = musts.iter().copied().chain(extra).collect();
        let seats: Vec<Vec<&Login>> = wanted.iter().map(|d| others(*d).collect()).collect();
        all_seated(&seats)
    };
    let enough = if choice.is_empty() {
        fits(None)
    } else {
        choice.iter().any(|discipline| fits(Some(*discipline)))
    };
    if enough {
        return Ok(());
    }
    let names: Vec<_> = musts.iter().map(|discipline| discipline.word()).collect();
    Err(Refusal::new(
        Code::Missing,
        format!("at {site} there are fewer persons than yeses to give: {}", names.join(", ")),
        "a person counts once: an administrator registers another holder with `smc do person.register` and `smc do role.grant`",
    ))
}

fn nobody(
    one: &Requirement,
    candidates: &[Candidate],
    requester: &Login,
    site: &SiteCode,
) -> Refusal {
    let discipline = one.discipline;
    let own = candidates.iter().any(|c| c.discipline == discipline && &c.person == requester);
    let who = if own {
        format!("only {requester}, who asks, can decide for {discipline} at {site}")
    } else {
        format!("nobody can decide for {discipline} at {site}, nor for all sites")
    };
    Refusal::new(
        Code::Missing,
        format!("{who}, and it is required: {}", one.because),
        format!(
            "an administrator registers a person of {discipline} with `smc do person.register` and grants a role that decides with `smc do role.grant`"
        ),
    )
}

/// Whether every seat can be taken by a person of its own.
fn all_seated(seats: &[Vec<&Login>]) -> bool {
    let mut taken: Vec<(&Login, usize)> = Vec::new();
    (0..seats.len()).all(|seat| seated(seat, seats, &mut taken, &mut Vec::new()))
}

/// Gives a seat to somebody, who may have to let another person take the seat held so far.
fn seated<'p>(
    seat: usize,
    seats: &[Vec<&'p Login>],
    taken: &mut Vec<(&'p Login, usize)>,
    tried: &mut Vec<&'p Login>,
) -> bool {
    for person in seats.get(seat).into_iter().flatten().copied() {
        if tried.contains(&person) {
            continue;
        }
        tried.push(person);
        let held = taken.iter().find(|(who, _)| *who == person).map(|(_, at)| *at);
        if held.is_none_or(|at| seated(at, seats, taken, tried)) {
            taken.retain(|(who, _)| *who != person);
            taken.push((person, seat));
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login(name: &str) -> Login {
        Login::new(name).unwrap()
    }

    fn asks(discipline: Discipline, need: Need) -> Requirement {
        Requirement { discipline, need, veto: false, because: "so".to_owned() }
    }

    fn holds(person: &str, discipline: Discipline) -> Candidate {
        Candidate { discipline, person: login(person), corporate: false }
    }

    fn given(required: &[Requirement], candidates: &[Candidate]) -> Result<(), String> {
        can_be_given(required, candidates, &login("rita"), &SiteCode::new("RLF").unwrap())
            .map_err(|refusal| refusal.to_string())
    }

    #[test]
    fn a_discipline_that_nobody_holds_is_named() {
        use Discipline::{Operations, Quality};
        let required = [asks(Operations, Need::Must), asks(Quality, Need::Must)];
        let told = given(&required, &[holds("olga", Operations)]).unwrap_err();
        assert!(told.contains("quality") && told.contains("person.register"), "{told}");
        let own = [holds("olga", Operations), holds("rita", Quality)];
        assert!(given(&required, &own).unwrap_err().contains("only rita"), "the requester is out");
        assert!(given(&required, &[holds("olga", Operations), holds("quin", Quality)]).is_ok());
    }

    #[test]
    fn a_person_counts_once() {
        use Discipline::{ItSecurity, Operations, Quality};
        let required =
            [asks(Operations, Need::Must), asks(ItSecurity, Need::Must), asks(Quality, Need::Must)];
        let mut people =
            vec![holds("ben", Operations), holds("ben", ItSecurity), holds("quin", Quality)];
        assert!(given(&required, &people).unwrap_err().contains("fewer persons"));
        people.push(holds("quin", Operations));
        assert!(given(&required, &people).is_err(), "two persons, three yeses");
        people.push(holds("olga", Quality));
        assert!(given(&required, &people).is_ok(), "olga, quin and ben each have a seat");
    }

    #[test]
    fn one_of_several_is_enough_and_reviews_hold_nothing_up() {
        use Discipline::{Engineering, ItSecurity, Operations, Quality};
        let required = [
            asks(Operations, Need::Must),
            asks(ItSecurity, Need::OneOf),
            asks(Engineering, Need::OneOf),
            asks(Quality, Need::Review),
        ];
        assert!(given(&required, &[holds("olga", Operations)]).is_err());
        let both = [holds("olga", Operations), holds("erik", Engineering)];
        assert!(given(&required, &both).is_ok());
    }
}
