//! What a decision has come to: whether the object is approved now, else who has still to speak. It decides nothing.

use super::desk::Desk;
use crate::domain::approval::Answer;
use crate::domain::command::commands;
use crate::domain::discipline::Discipline;
use crate::domain::words::all_of;
use crate::store::query::{Board, Clash, Page, Session};

impl Desk {
    /// What one's own decision on this object has come to, in one sentence; none if that cannot be read now.
    pub async fn came_of(
        &self,
        reference: &str,
        discipline: Discipline,
        answer: Answer,
    ) -> Option<String> {
        let mut reader = self.store().reader().await.ok()?;
        let shown = reader.show(reference).await;
        let against = reader.against(reference).await;
        reader.done().await;
        let board = shown.ok()?.board?;
        Some(sentence(reference, (discipline, answer), &board, &blocking(against.ok()?)))
    }
}

impl Desk {
    /// For whom a request waits that was just made or made anew, and what stands against it, in one sentence; none if
    /// that cannot be read now or nobody is asked.
    pub async fn waits(&self, reference: &str) -> Option<String> {
        let mut reader = self.store().reader().await.ok()?;
        let board = reader.board(reference).await;
        let against = reader.against(reference).await;
        reader.done().await;
        let still = board.ok()??.approvals().still();
        let names = blocking(against.ok()?);
        (!still.is_empty()).then(|| asked(reference, &still, &names))
    }
}

impl Desk {
    /// The sessions that still go on under a window that was ended, in one sentence; none if there is none.
    pub async fn still_on(&self, window: &str) -> Option<String> {
        let mut reader = self.store().reader().await.ok()?;
        let live = reader.list::<Session>(&format!("window:{window} state:live"), &Page::ALL).await;
        reader.done().await;
        let live = live.ok()?.rows;
        let told: Vec<String> =
            live.iter().map(|one| format!("{} on {}", one.r#ref, one.asset)).collect();
        (!told.is_empty())
            .then(|| format!("still there: {}; d on it tells that it has ended", all_of(&told)))
    }
}

/// Whether a command asks others for their decision, for the first time or anew.
pub fn asks(command: &str) -> bool {
    let kind = commands().find(|spec| spec.command == Some(command)).map_or("", |spec| spec.kind);
    kind.ends_with(".requested") || matches!(kind, "change.revised" | "change.impact-raised")
}

/// What holds something up, each by its name with why.
fn blocking(against: Vec<Clash>) -> Vec<String> {
    let stands = against.into_iter().filter(|one| one.conflict.blocks && one.waived.is_none());
    stands.map(|one| format!("{} ({})", one.conflict.with, one.conflict.because)).collect()
}

fn asked(reference: &str, still: &str, against: &[String]) -> String {
    match against {
        [] => format!("{reference} is asked for; it waits for {still}"),
        names => format!(
            "{reference} is asked for; it waits for {still}; against it stands {}",
            all_of(names)
        ),
    }
}

/// The discipline and the answer of a command that decides, by its name; none for any other.
pub fn decision(
    command: &str,
    fields: &serde_json::Map<String, serde_json::Value>,
) -> Option<(Discipline, Answer)> {
    let answer = match command.split_once('.')?.1 {
        "approve" => Answer::Yes,
        "reject" => Answer::No,
        _ => return None,
    };
    Some((Discipline::parse(fields.get("discipline")?.as_str()?)?, answer))
}

fn sentence(
    reference: &str,
    (discipline, answer): (Discipline, Answer),
    board: &Board,
    against: &[String],
) -> String {
    let spoken = discipline.word().replace('_', " ");
    let said = format!("your {answer} of {spoken}");
    match (board.state.as_str(), board.approvals().still()) {
        ("approved", _) if against.is_empty() => format!("{reference} is approved now"),
        ("approved", _) => {
            let names = all_of(against);
            format!("{reference} is approved now; until it is let pass, it is held up by {names}")
        }
        ("vetoed", _) => format!("{reference} is rejected now: {said} is a veto"),
        ("returned", _) => format!("{reference} goes back to {}, with {said}", board.requester),
        (_, still) if still.is_empty() => format!("{reference}: {said} is in"),
        (_, still) => format!("{reference}: {said} is in; {still} still to decide"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Time;
    use crate::store::query::Required;

    fn board(state: &str, said: &[(&str, &str, Option<&str>)]) -> Board {
        let required = said.iter().map(|(discipline, need, decision)| Required {
            discipline: (*discipline).to_owned(),
            need: (*need).to_owned(),
            veto: false,
            because: String::new(),
            rule: 2,
            decision: decision.map(str::to_owned),
            person: None,
            reason: None,
            decided_at: None,
            seq: None,
            could: Vec::new(),
            corporate: false,
        });
        Board {
            activity: "control.change".to_owned(),
            accountable: "operations".to_owned(),
            requester: "rita".to_owned(),
            asked_at: Time::default(),
            revision: 1,
            approve_by: Time::default(),
            decided_at: None,
            state: state.to_owned(),
            required: required.collect(),
            heard: Vec::new(),
            replaces: None,
        }
    }

    #[test]
    fn a_request_says_for_whom_it_waits_and_what_stands_against_it() {
        assert!(asks("change.request") && asks("window.extend") && asks("change.revise"));
        assert!(!asks("change.approve") && !asks("change.start"));
        assert_eq!(
            asked("CR-12", "quality and operations", &[]),
            "CR-12 is asked for; it waits for quality and operations"
        );
        assert_eq!(
            asked("CR-12", "quality", &["VW-3".to_owned(), "CR-4".to_owned()]),
            "CR-12 is asked for; it waits for quality; against it stands VW-3 and CR-4"
        );
    }

    #[test]
    fn a_decision_says_whether_all_have_spoken_and_who_has_not() {
        let of = |answer, board: &Board, against: &[String]| {
            sentence("CR-12", (Discipline::Operations, answer), board, against)
        };
        let said = |answer, board: Board| of(answer, &board, &[]);
        let yes = Some("yes");
        let open =
            [("operations", "must", yes), ("quality", "must", None), ("engineering", "must", None)];
        assert_eq!(
            said(Answer::Yes, board("pending", &open)),
            "CR-12: your yes of operations is in; quality and engineering still to decide"
        );
        let emergency = [
            ("operations", "must", yes),
            ("it_security", "one_of", None),
            ("engineering", "one_of", None),
        ];
        assert_eq!(
            said(Answer::Yes, board("pending", &emergency)),
            "CR-12: your yes of operations is in; one of it security or engineering still to decide"
        );
        let approved = board("approved", &open[..1]);
        assert_eq!(
            of(Answer::Yes, &approved, &["VW-3 (the same asset)".to_owned()]),
            "CR-12 is approved now; until it is let pass, it is held up by VW-3 (the same asset)"
        );
        assert_eq!(said(Answer::Yes, approved), "CR-12 is approved now");
        assert_eq!(
            said(Answer::No, board("vetoed", &open)),
            "CR-12 is rejected now: your no of operations is a veto"
        );
        assert_eq!(
            said(Answer::No, board("returned", &open)),
            "CR-12 goes back to rita, with your no of operations"
        );
    }
}
