//! Whether a vendor's window opens although something stands against it: what its opening names and explains is let pass,
//! where operations answer for it.
//!
//! What stands, and who answers for what at the site, is not found here.

use super::{Against, Conflict};
use crate::domain::discipline::Discipline;
use crate::domain::names::Ref;
use crate::domain::raci::Activity;
use crate::domain::refusal::{Code, Refusal};

/// What an opening says of what stands against it.
#[derive(Clone, Copy, Debug)]
pub struct Despite<'a> {
    /// The window.
    pub on: &'a Ref,
    /// What it names.
    pub named: &'a [Ref],
    /// Whether it says why.
    pub explained: bool,
}

impl Despite<'_> {
    fn names(&self, conflict: &Conflict) -> bool {
        self.named.iter().any(|name| name.as_str() == conflict.with)
    }

    /// Whether it lets this pass, as far as it names it: a freeze it never does.
    pub fn passes(&self, conflict: &Conflict) -> bool {
        conflict.against.waived_by().is_some() && self.names(conflict)
    }

    /// Everything that keeps the window shut, of what stands and nobody waived; nothing if it opens.
    pub fn refusals(
        &self,
        stands: &[Conflict],
        answers: impl Fn(Activity) -> Discipline,
    ) -> Vec<Refusal> {
        let mut found = Vec::new();
        if !self.named.is_empty() && !self.explained {
            found.push(Refusal::new(
                Code::Missing,
                format!("nothing says why {} opens all the same", self.on),
                "give the reason",
            ));
        }
        for name in self.named {
            if !stands.iter().any(|one| one.with == name.as_str()) {
                found.push(Refusal::new(
                    Code::Unknown,
                    format!("nothing called {name} stands against {}", self.on),
                    "see `smc show` for its conflicts by name",
                ));
            }
        }
        let mut shut: Vec<&Conflict> =
            stands.iter().filter(|one| one.blocks && !self.passes(one)).collect();
        shut.sort_by_key(|one| one.against != Against::Freeze);
        found.extend(shut.into_iter().map(|one| self.shut(one)));
        for conflict in stands.iter().filter(|one| one.blocks && self.passes(one)) {
            let Some(activity) = conflict.against.waived_by() else { continue };
            let who = answers(activity);
            if who != Discipline::Operations {
                found.push(Refusal::new(
                    Code::WrongDiscipline,
                    format!("operations do not answer for {}: {}", conflict.with, conflict.because),
                    format!(
                        "{who} does: the RACI row {activity} says so; {}",
                        conflict.against.remedy()
                    ),
                ));
            }
        }
        found
    }

    fn shut(&self, conflict: &Conflict) -> Refusal {
        let remedy = conflict.against.remedy();
        if conflict.against.waived_by().is_none() {
            return Refusal::new(Code::Frozen, conflict.because.clone(), remedy);
        }
        Refusal::new(
            Code::Conflict,
            format!("{}: {}", conflict.with, conflict.because),
            format!("{remedy}, or name it in `despite` with the reason"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Time;

    fn conflict(with: &str, against: Against) -> Conflict {
        let (start, end) = (Time::from_micros(0), Time::from_micros(9));
        let because = format!("{with} is there");
        Conflict { with: with.to_owned(), against, start, end, because, blocks: true }
    }

    fn codes(stands: &[Conflict], named: &[&str], explained: bool, who: Discipline) -> Vec<Code> {
        let named: Vec<Ref> = named.iter().map(|name| Ref::new(name).unwrap()).collect();
        let on = Ref::new("VW-1").unwrap();
        let despite = Despite { on: &on, named: &named, explained };
        despite.refusals(stands, |_| who).iter().map(|one| one.code).collect()
    }

    #[test]
    fn what_is_named_and_explained_passes_where_operations_answer_for_it() {
        let stands = [conflict("CR-1", Against::Change), conflict("BLK-1", Against::Blackout)];
        let op = Discipline::Operations;
        assert_eq!(codes(&stands, &[], false, op), [Code::Conflict, Code::Conflict]);
        assert_eq!(codes(&stands, &["CR-1"], true, op), [Code::Conflict]);
        assert_eq!(codes(&stands, &["CR-1", "BLK-1"], false, op), [Code::Missing]);
        assert_eq!(codes(&stands, &["CR-1", "BLK-1"], true, op), []);
        assert_eq!(
            codes(&stands[..1], &["CR-1"], true, Discipline::Quality),
            [Code::WrongDiscipline]
        );
        assert_eq!(codes(&[], &["CR-1"], true, op), [Code::Unknown]);
    }

    #[test]
    fn a_freeze_is_not_named_away() {
        let stands = [conflict("CR-1", Against::Change), conflict("INC-1", Against::Freeze)];
        let op = Discipline::Operations;
        assert_eq!(codes(&stands, &["CR-1", "INC-1"], true, op), [Code::Frozen]);
        assert_eq!(codes(&stands, &[], false, op), [Code::Frozen, Code::Conflict]);
    }
}
