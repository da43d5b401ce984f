//! Row 2: the numbered screens, with what waits on each.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::console::ctx::Ctx;
use crate::console::theme::Role;
use crate::console::widgets::paint;
use crate::safe_text::SafeText;

/// One of the numbered screens in row 2.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tab {
    /// Its name, or the reference that it shows.
    pub name: SafeText,
    /// What waits on it.
    pub count: Option<u32>,
    /// Whether something waits for the person's own discipline.
    pub mine: bool,
}

/// Where in row 2 one stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// In the tab of this number.
    In(usize),
    /// In something that was opened by this name and belongs to no tab.
    Beside(&'static str),
}

/// Draws row 2.
pub fn tabs(tabs: &[Tab], stands: Stands, ctx: &Ctx<'_>, area: Rect, buffer: &mut Buffer) {
    let mut rest = area;
    let beside = match stands {
        Stands::In(_) => SafeText::default(),
        Stands::Beside(name) => SafeText::from(format!(":{name}")),
    };
    // What one looks at is named before the names of the tabs are.
    let taken = if beside.is_empty() { 0 } else { beside.width() + 1 };
    let room = usize::from(area.width).saturating_sub(taken);
    for (number, text) in fitting(tabs, room).into_iter().enumerate() {
        let (role, edges) =
            if stands == Stands::In(number) { (Role::Selected, ">") } else { (Role::Normal, " ") };
        let used = paint::text(buffer, rest, &SafeText::fixed(edges), ctx.style(Role::Normal));
        rest = paint::after(rest, used);
        let used = paint::text(buffer, rest, &SafeText::from(text), ctx.style(role));
        rest = paint::after(rest, used);
    }
    if !beside.is_empty() {
        let width = u16::try_from(beside.width() + 1).unwrap_or(area.width).min(area.width);
        // Where even short names leave no room, the last tab gives way.
        let rest = if rest.width < width { paint::after(area, area.width - width) } else { rest };
        let used = paint::text(buffer, rest, &SafeText::fixed(">"), ctx.style(Role::Normal));
        paint::text(buffer, paint::after(rest, used), &beside, ctx.style(Role::Selected));
    } else if rest.width >= 3 {
        paint::text(buffer, rest, &SafeText::fixed("  :"), ctx.style(Role::Dim));
    }
}

/// Short names of the tabs, in the order in which they give way where there is no room for all: names do before counts, as
/// what waits must show on every screen.
const SHORT: &[(&str, &str)] = &[
    ("Handover", "Hand"),
    ("Posture", "Post"),
    ("Windows", "Win"),
    ("Changes", "Chg"),
    ("Incident", "Inc"),
    ("Watch", "Wat"),
    ("Risks", "Rsk"),
];

/// The texts of the tabs in so many columns, each with one before it: whole, then without a count that says nothing more,
/// then one name after the other in short.
fn fitting(tabs: &[Tab], room: usize) -> Vec<String> {
    let at = |step: usize| -> Vec<String> {
        tabs.iter().enumerate().map(|(number, tab)| tab_text(number, tab, step)).collect()
    };
    let fits = |texts: &Vec<String>| {
        let taken = texts.iter().map(|text| SafeText::from(text.as_str()).width() + 1);
        taken.sum::<usize>() <= room
    };
    let last = SHORT.len() + 1;
    (0..=last).map(at).find(fits).unwrap_or_else(|| at(last))
}

/// A tab after so many steps of giving way.
fn tab_text(number: usize, tab: &Tab, step: usize) -> String {
    let name = tab.name.as_str();
    let given = SHORT.get(..step.saturating_sub(1)).unwrap_or_default();
    let short = given.iter().find(|(whole, _)| *whole == name).map(|(_, short)| *short);
    let mut text = format!("{number} {}", short.unwrap_or(name));
    // A tab that is named after the one incident that there is has counted it.
    let told = step > 0 && tab.count == Some(1) && name.contains('-');
    if let Some(count) = tab.count.filter(|count| *count > 0 && !told) {
        text.push_str(&format!(" {count}"));
    }
    if tab.mine {
        text.push('!');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabs_keep_their_counts_and_every_name_is_whole_or_short() {
        let tab = |name: &'static str, count, mine| Tab { name: name.into(), count, mine };
        let tabs = [
            tab("Watch", None, false),
            tab("Posture", None, false),
            tab("Risks", Some(118), true),
            tab("Changes", Some(23), true),
            tab("Windows", Some(10), true),
            tab("INC-1", Some(1), true),
            tab("Handover", None, false),
        ];
        let said = |room| fitting(&tabs, room).join(" ");
        let whole =
            "0 Watch 1 Posture 2 Risks 118! 3 Changes 23! 4 Windows 10! 5 INC-1 1! 6 Handover";
        assert_eq!(said(81), whole);
        assert_eq!(said(80), whole.replace("INC-1 1!", "INC-1!"));
        assert_eq!(said(78), whole.replace("INC-1 1!", "INC-1!").replace("Handover", "Hand"));
        let least = "0 Wat 1 Post 2 Rsk 118! 3 Chg 23! 4 Win 10! 5 INC-1! 6 Hand";
        assert_eq!((said(60).as_str(), said(20).as_str()), (least, least));
        let two = [tab("INC-2", Some(2), false)];
        assert_eq!(fitting(&two, 3), ["0 INC-2 2"], "there is another one");
    }
}
