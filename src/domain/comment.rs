//! Comments: what somebody says of a request, a risk or an incident without deciding on it, for a discipline or without one.
//!
//! Who is consulted is concluded in `approval`; a comment counts for no decision, holds nothing up, and
//! leaves what it speaks of as it is: who has a form open on it need not look again.

use super::command::Subject;
use super::discipline::Discipline;
use super::names::Ref;
use super::refusal::{Code, Refusal};
use super::role::Holder;
use super::text::Prose;
use crate::subject;

/// The kind of a comment's entry: it is about what it speaks of, and moves nothing of it.
pub const ADDED: &str = "comment.added";

subject! {
    "comment";
    /// Says something of a request, a risk or an incident; it counts for no decision.
    Add => Added("comment.add" => "comment.added") Comment writes ["comment"]
    { r#ref: Ref = "The change, window, extension, acceptance, risk or incident."; text: Prose = "What is to be said."; ;
      discipline: Discipline = "The discipline that is spoken for; without it the one that you hold."; }
}

impl Kind {
    /// A comment is about what it speaks of.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Added(payload) => Subject::Is(payload.r#ref.clone()),
        }
    }
}

/// The discipline that somebody speaks for: the one named, or the only one held; none for who holds none.
///
/// # Errors
/// `wrong-discipline` for one that is not held, `missing` if several are held and none is named.
pub fn speaks_for(
    named: Option<Discipline>,
    holder: &Holder,
) -> Result<Option<Discipline>, Refusal> {
    match (named, holder.disciplines.as_slice()) {
        (Some(discipline), held) if held.contains(&discipline) => Ok(Some(discipline)),
        (Some(discipline), _) => Err(Refusal::new(
            Code::WrongDiscipline,
            format!("{} does not hold {discipline}", holder.login),
            "name a discipline that you hold, or none",
        )),
        (None, held @ ([] | [_])) => Ok(held.first().copied()),
        (None, held) => {
            let words: Vec<&str> = held.iter().map(|one| one.word()).collect();
            Err(Refusal::new(
                Code::Missing,
                format!("{} holds {}", holder.login, words.join(", ")),
                "say in `discipline` for which of them you speak",
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::names::Login;

    fn holder(disciplines: &[Discipline]) -> Holder {
        let (login, disciplines) = (Login::new("olga").unwrap(), disciplines.to_vec());
        Holder { login, active: true, disciplines, grants: Vec::new() }
    }

    #[test]
    fn who_holds_one_discipline_speaks_for_it_and_who_holds_two_says_for_which() {
        let (op, qu) = (Discipline::Operations, Discipline::Quality);
        let code =
            |named, held: &[Discipline]| speaks_for(named, &holder(held)).map_err(|no| no.code);
        assert_eq!(code(None, &[]), Ok(None));
        assert_eq!(code(None, &[op]), Ok(Some(op)));
        assert_eq!(code(None, &[op, qu]), Err(Code::Missing));
        assert_eq!(code(Some(qu), &[op, qu]), Ok(Some(qu)));
        assert_eq!(code(Some(qu), &[op]), Err(Code::WrongDiscipline));
    }
}
