//! What a site may ask of remote access beside its approval (NCA OTCC 2-2-1-7 and 2-4-1-10): a second factor, a recording, a
//! risk that was weighed before. Whether a site asks for it is a fact of the tables.

use crate::domain::refusal::{Code, Refusal};

/// What a window says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    /// How the second factor is asked for.
    pub second_factor: bool,
    /// Where the session is recorded.
    pub recording: bool,
    /// The risk that it was weighed as.
    pub risk: bool,
}

/// What a window lacks at a site that asks for all of it; none if it says all.
pub fn lacks(site: &str, said: Said) -> Option<Refusal> {
    let asked = [
        (said.second_factor, "how the second factor is asked for (`second_factor`)"),
        (said.recording, "where the session is recorded (`recording`)"),
        (said.risk, "the risk that it was weighed as (`risks`)"),
    ];
    let missing: Vec<&str> =
        asked.into_iter().filter(|(told, _)| !told).map(|(_, what)| what).collect();
    (!missing.is_empty()).then(|| {
        Refusal::new(
            Code::Missing,
            format!("{site} asks of remote access {}", missing.join(", ")),
            "ask for a window that says it",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thing_that_a_window_does_not_say_is_named() {
        let all = Said { second_factor: true, recording: true, risk: true };
        assert_eq!(lacks("JUB", all), None);
        let two = lacks("JUB", Said { recording: false, risk: false, ..all }).unwrap();
        assert!(two.message.contains("`recording`") && two.message.contains("`risks`"), "{two}");
        assert!(!two.message.contains("second_factor"), "{two}");
    }
}
