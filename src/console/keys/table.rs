//! The actions of the program itself: moving, opening, finding, leaving. No action here writes.

use super::action::Scope::{self, Drafts, Everywhere, Form, Page, Prompt, Risk};
use super::action::{Act, Action, Does, Edit, Move, Ui};

/// An action with its keys; in prompts and forms, letters type and never act.
const fn action(
    id: &'static str,
    keys: &'static [&'static str],
    scopes: &'static [Scope],
    does: Does,
    label: &'static str,
    help: &'static str,
) -> Action {
    Action { id, keys, scopes, label, help, does }
}

const fn go(movement: Move) -> Does {
    Does::Screen(Act::Move(movement))
}

const fn screen(act: Act) -> Does {
    Does::Screen(act)
}

const fn ui(ui: Ui) -> Does {
    Does::Ui(ui)
}

const fn edit(edit: Edit) -> Does {
    Does::Overlay(edit)
}

/// One row per action.
#[rustfmt::skip]
pub const TABLE: &[Action] = &[
    action("down", &["j", "Down"], &[Everywhere, Page, Drafts], go(Move::Down), "down",
        "Moves the selection one row down."),
    action("up", &["k", "Up"], &[Everywhere, Page, Drafts], go(Move::Up), "up",
        "Moves the selection one row up."),
    action("page-down", &["PgDn"], &[Everywhere, Page, Form, Prompt], go(Move::PageDown), "page down",
        "Moves one page down; in a form, on through its text or its fields."),
    action("page-up", &["PgUp"], &[Everywhere, Page, Form, Prompt], go(Move::PageUp), "page up",
        "Moves one page up."),
    action("next-entry", &["Down"], &[Prompt], go(Move::Down), "next",
        "Goes to the next entry of the palette."),
    action("earlier-entry", &["Up"], &[Prompt], go(Move::Up), "earlier",
        "Goes to the entry before it."),
    action("top", &["g", "Home"], &[Everywhere, Page], go(Move::Top), "top",
        "Goes to the first row."),
    action("bottom", &["G", "End"], &[Everywhere, Page], go(Move::Bottom), "bottom",
        "Goes to the last row that is loaded."),
    action("left", &["Left"], &[Everywhere], go(Move::Left), "columns",
        "Scrolls the columns to the left; the first one stays."),
    action("right", &["Right"], &[Everywhere], go(Move::Right), "columns",
        "Scrolls the columns to the right; the first one stays."),
    action("open", &["Enter"], &[Everywhere], screen(Act::Open), "open",
        "Opens the selected object; it never writes."),
    action("back", &["Esc"], &[Everywhere], ui(Ui::Back), "back",
        "Goes back one level, and on a list takes its filter off; it never quits."),
    action("next-part", &["Tab"], &[Everywhere], screen(Act::NextPart), "part",
        "Moves to the next part of the screen."),
    action("screen-watch", &["0"], &[Everywhere], ui(Ui::Screen(0)), "watch",
        "Shows the watch screen."),
    action("screen-posture", &["1"], &[Everywhere], ui(Ui::Screen(1)), "posture",
        "Shows the posture screen."),
    action("screen-risks", &["2"], &[Everywhere], ui(Ui::Screen(2)), "risks",
        "Shows the risks screen."),
    action("screen-changes", &["3"], &[Everywhere], ui(Ui::Screen(3)), "changes",
        "Shows the changes screen."),
    action("screen-windows", &["4"], &[Everywhere], ui(Ui::Screen(4)), "windows",
        "Shows the windows screen."),
    action("screen-incident", &["5"], &[Everywhere], ui(Ui::Screen(5)), "incident",
        "Shows the incident screen."),
    action("screen-handover", &["6"], &[Everywhere], ui(Ui::Screen(6)), "handover",
        "Shows the handover screen."),
    action("filter", &["/"], &[Everywhere], ui(Ui::Filter), "filter",
        "Filters the list: state:open site:RLF due:<7d words; site:mine is where your roles reach."),
    action("palette", &[":"], &[Everywhere], ui(Ui::Palette), "palette",
        "Finds any action or subject by a few of its letters."),
    action("help", &["?", "Ctrl-G"], &[Everywhere], ui(Ui::Help), "help",
        "Shows the keys that work here and what they do."),
    action("help-here", &["Ctrl-G"], &[Form, Prompt, Page, Drafts], edit(Edit::Help), "help",
        "Shows the help of what is open, where ? is text: of a form what it does, who may, and what its field takes."),
    action("mark", &["Space"], &[Everywhere], screen(Act::Mark), "mark",
        "Marks the row; marks never feed a decision."),
    action("zone", &["u"], &[Everywhere], ui(Ui::Zone), "UTC/site",
        "Shows times in UTC, or each in the time of its site."),
    action("why", &["y"], &[Everywhere], ui(Ui::Why), "why",
        "Shows why this is so, down to the entries that moved it."),
    action("history", &["L"], &[Everywhere], ui(Ui::History), "history",
        "Shows every entry of the ledger about this object."),
    action("who-decides", &["D"], &[Everywhere], ui(Ui::WhoDecides), "who decides",
        "Shows who decides this, and by which rule."),
    action("resort", &["r"], &[Everywhere], screen(Act::Resort), "re-sort",
        "Sorts the list again and takes in what is new."),
    action("attention", &["!"], &[Everywhere], ui(Ui::Attention), "alarm",
        "Goes to the object of the first row; again, to what this console found wrong with the store."),
    action("silence", &["M"], &[Everywhere], ui(Ui::Silence), "silence",
        "Silences the bell until the next alarm of priority 1."),
    action("view", &["f"], &[Everywhere], screen(Act::View), "view",
        "Shows another view of this screen: of the watch what is yours to answer, do or decide, then the shelf; of risks, changes, windows and incidents all that ever were."),
    action("matrix", &["m"], &[Risk], screen(Act::Matrix), "matrix",
        "Shows the risks by likelihood and consequence."),
    action("quit", &["q"], &[Everywhere, Page, Drafts], ui(Ui::Quit), "leave",
        "Leaves this level; at the top it asks, and names what you still hold."),
    action("repaint", &["Ctrl-L"], &[Everywhere, Form, Prompt, Page, Drafts], ui(Ui::Repaint), "repaint",
        "Paints the whole screen again."),
    action("suspend", &["Ctrl-Z"], &[Everywhere], ui(Ui::Suspend), "suspend",
        "Stops the console until the shell continues it."),
    action("cancel", &["Ctrl-C"], &[Everywhere], ui(Ui::Cancel), "cancel",
        "Cancels what runs; if nothing runs, asks whether to leave."),
    action("submit", &["Ctrl-O"], &[Form], edit(Edit::Submit), "submit",
        "Submits the form or confirms what is asked."),
    action("next-field", &["Tab"], &[Form], edit(Edit::NextField), "next",
        "Goes to the next field; Enter does so too, outside long texts."),
    action("previous-field", &["Shift-Tab"], &[Form], edit(Edit::PreviousField), "previous",
        "Goes to the previous field."),
    action("leave", &["Esc", "Ctrl-C"], &[Form, Prompt, Page, Drafts], edit(Edit::Leave), "back",
        "Leaves the overlay; a form keeps its draft."),
    action("throw-away", &["Ctrl-X"], &[Form], edit(Edit::ThrowAway), "throw away",
        "Leaves the form and throws away what was typed, also the draft of another time."),
    action("take", &["Enter"], &[Prompt], edit(Edit::Take), "take",
        "Takes the selected line."),
    action("complete", &["Tab"], &[Prompt], edit(Edit::Complete), "complete",
        "Completes the word of a filter; in the palette the next entry."),
    action("open-draft", &["Enter"], &[Drafts], edit(Edit::Take), "open",
        "Opens the unfinished form, or the object that it is about: its verb opens it there."),
    action("discard-draft", &["Ctrl-X"], &[Drafts], edit(Edit::ThrowAway), "throw away",
        "Throws away what was typed into the unfinished form, once it is struck again."),
];
