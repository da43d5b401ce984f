//! What row 1 says of the one thing that it names, in the columns that the counts leave.

use crate::domain::alarm::AlarmKind;
use crate::safe_text::SafeText;

/// Where the text of an alarm names the asset.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asset {
    /// Nowhere.
    Unnamed,
    /// Behind the first `on`: a person stands before it.
    First,
    /// Behind the last one: people's own words stand before it.
    Last,
}

impl Asset {
    /// Where it begins in a text, with the word before it.
    fn begins(self, text: &str) -> Option<usize> {
        match self {
            Self::Unnamed => None,
            Self::First => text.find(ON),
            Self::Last => text.rfind(ON),
        }
    }
}

/// What stands before an asset in the text of an alarm.
const ON: &str = " on ";

/// A kind of alarm in a short word, and where its text names the asset.
const fn short(kind: AlarmKind) -> (&'static str, Asset) {
    match kind {
        AlarmKind::WindowOverrun => ("overrun", Asset::First),
        AlarmKind::WindowEnding => ("ending", Asset::First),
        AlarmKind::WindowUngrounded => ("ungrounded", Asset::First),
        AlarmKind::SessionOutside | AlarmKind::AccessOutside => ("outside", Asset::First),
        AlarmKind::BypassEnded => ("bypass over", Asset::Last),
        AlarmKind::BypassEnding => ("bypass ends", Asset::Last),
        AlarmKind::ChangeOverdue => ("overdue", Asset::Unnamed),
        AlarmKind::RevertOverdue => ("revert", Asset::Unnamed),
        AlarmKind::RevertEnding => ("revert due", Asset::Unnamed),
        AlarmKind::AcceptanceEnded => ("accepted no more", Asset::Unnamed),
        AlarmKind::AcceptanceEnding => ("acceptance ends", Asset::Unnamed),
        AlarmKind::ReportUntriaged => ("untriaged", Asset::Unnamed),
        AlarmKind::StoreStale
        | AlarmKind::ClockSkew
        | AlarmKind::VerificationFault
        | AlarmKind::StoreBackwards => ("store", Asset::Unnamed),
    }
}

/// The text of an alarm or a task of this name in so many columns. What is wrong gives way to a short word for it, then who
/// is there to where that is: the asset is named whole before anything else is.
pub(super) fn fitting(id: &str, whole: &SafeText, room: usize) -> SafeText {
    let text = whole.as_str();
    let kind = id.split(':').next().and_then(AlarmKind::parse);
    let said = kind.and_then(|kind| {
        let (before, with) = text.split_once(&format!("{}: ", kind.word().replace('_', " ")))?;
        Some((short(kind), before, with))
    });
    let Some(((word, asset), before, with)) = said else { return whole.truncate(room) };
    let place = asset.begins(with).and_then(|at| with.get(at + ON.len()..)).unwrap_or(with);
    // What is behind the asset may be cut.
    let behind = place.find([',', ':']).filter(|_| asset != Asset::Unnamed);
    let spared = behind.and_then(|at| place.get(at + 1..)).unwrap_or_default();
    let spared = SafeText::from(spared).width();
    let forms =
        [text.to_owned(), format!("{before}{word}: {with}"), format!("{before}{word}: {place}")];
    let forms = forms.map(SafeText::from);
    let fits = |form: &&SafeText| form.width().saturating_sub(spared) <= room;
    let form = forms.iter().find(fits).or(forms.last());
    form.map_or_else(SafeText::default, |form| form.truncate(room))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_one_names_the_asset_whole_however_little_room_the_counts_leave() {
        let alarm = |id: &'static str, text: &'static str| (id, SafeText::fixed(text));
        let ending =
            alarm("window_ending:VW-60", "window ending: tbriggs on ANR/PLC-3102, ANR/OS-2");
        let said = |(id, text): &(&str, SafeText), room| fitting(id, text, room).to_string();
        assert_eq!(said(&ending, 60), ending.1.as_str());
        assert_eq!(said(&ending, 45), "window ending: tbriggs on ANR/PLC-3102, ANR/…");
        assert_eq!(said(&ending, 38), "ending: tbriggs on ANR/PLC-3102, ANR/…");
        assert_eq!(said(&ending, 31), "ending: ANR/PLC-3102, ANR/OS-2");
        assert_eq!(said(&ending, 23), "ending: ANR/PLC-3102, …");
        let inside = alarm(
            "window_overrun:VW-7",
            "SE-3 still inside: window overrun: k.tanaka on RLF/DCS-02",
        );
        assert_eq!(said(&inside, 40), "SE-3 still inside: overrun: RLF/DCS-02");
        let late = alarm("change_overdue:CR-4", "change overdue: Put the pump on hold");
        assert_eq!(said(&late, 30), "overdue: Put the pump on hold");
        assert_eq!(said(&late, 20), "overdue: Put the pu…", "a title is cut at its end");
        let task = alarm("decide:CR-4", "approve Put the pump on hold");
        assert_eq!(said(&task, 12), "approve Put…");
    }
}
