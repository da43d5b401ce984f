//! Cells that several screens show alike: priorities, references, sites, times.

use chrono_tz::Tz;

use crate::console::ctx::Ctx;
use crate::console::widgets::cell::Cell;
use crate::domain::time::Time;
use crate::safe_text::SafeText;

/// What a row says where its page says more; on the page itself it says nothing.
pub const MORE: &str = "Enter shows why, ";

/// An object as people call it: of an alarm or a task the kind, then what it is about.
pub fn called(reference: &str) -> String {
    match reference.split_once(':') {
        Some((kind, subject)) => format!("{} {subject}", kind.replace('_', " ")),
        None => reference.to_owned(),
    }
}

/// The zone of a site; UTC for a name that this program does not know.
pub fn zone(name: &str) -> Tz {
    name.parse().unwrap_or(Tz::UTC)
}

/// A priority, or nothing.
pub fn priority(priority: Option<u8>) -> Cell {
    priority.map_or_else(Cell::empty, |priority| Cell::priority(priority, false))
}

/// A priority as the store counts it.
pub fn rank(priority: i64) -> Cell {
    u8::try_from(priority).map_or_else(|_| Cell::empty(), |rank| Cell::priority(rank, false))
}

/// A word, or nothing.
pub fn word(word: Option<&str>) -> Cell {
    word.map_or_else(Cell::empty, Cell::text)
}

/// An instant in six columns, or nothing.
pub fn due(due: Option<Time>, ctx: &Ctx<'_>) -> Cell {
    due.map_or_else(Cell::empty, |due| ctx.short(due).into())
}

/// When something was, if it was.
pub fn past(at: Option<Time>, ctx: &Ctx<'_>) -> Cell {
    at.map_or_else(Cell::empty, |at| ctx.near(at).into())
}

/// What is left, or nothing.
pub fn left(due: Option<Time>, ctx: &Ctx<'_>) -> Cell {
    due.map_or_else(Cell::empty, |due| ctx.left(due).into())
}

/// Assets without the site that they are all of: `PLC-1, DCS-02`.
pub fn tags(assets: &[String]) -> SafeText {
    let tags: Vec<SafeText> = assets
        .iter()
        .map(|asset| asset.split_once('/').map_or(asset.as_str(), |(_, tag)| tag))
        .map(SafeText::from_untrusted)
        .collect();
    SafeText::join(&tags, ", ")
}

/// Text of several parts, set apart by a space; empty parts leave no gap.
pub fn sentence(parts: &[SafeText]) -> SafeText {
    let said: Vec<SafeText> = parts.iter().filter(|part| !part.is_empty()).cloned().collect();
    SafeText::join(&said, " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alarm_and_a_task_are_called_by_their_kind_and_subject() {
        assert_eq!(called("acceptance_ended:RA-3"), "acceptance ended RA-3");
        assert_eq!(called("decide:CR-3"), "decide CR-3");
        assert_eq!(called("RLF/PLC-1"), "RLF/PLC-1");
    }
}
