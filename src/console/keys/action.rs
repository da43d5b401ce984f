//! What an action is. The actions themselves stand in `table` and `verbs`.

/// Where an action applies: everywhere, inside an overlay, or on a kind of object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// On every screen while no overlay is open.
    Everywhere,
    /// In a form or a confirmation.
    Form,
    /// In the palette, the filter line and other one-line prompts.
    Prompt,
    /// In the help and in messages.
    Page,
    /// In the list of unfinished forms.
    Drafts,
    /// A change request.
    Change,
    /// A vendor's access window.
    Window,
    /// The request that a window end later.
    Extension,
    /// A session of a vendor's person.
    Session,
    /// An event of an access log.
    AccessEvent,
    /// A risk.
    Risk,
    /// The acceptance of a risk.
    Acceptance,
    /// An incident.
    Incident,
    /// A regulator's clock.
    Obligation,
    /// A run of a playbook.
    Run,
    /// A step of a run.
    Step,
    /// A playbook.
    Playbook,
    /// A handover sheet.
    Handover,
    /// An item of a handover sheet.
    HandoverItem,
    /// A report from the plant.
    Report,
    /// A site.
    Site,
    /// A zone or conduit.
    Zone,
    /// An asset.
    Asset,
    /// A person.
    Person,
    /// A duty of a shift.
    Duty,
    /// A cell of the RACI grid.
    Raci,
    /// A vendor.
    Vendor,
    /// The calendar of a plant.
    Calendar,
    /// An outage.
    Outage,
    /// A blackout.
    Blackout,
    /// A bypass.
    Bypass,
    /// A cell of the intervention matrix.
    Intervention,
    /// A vendor's advisory.
    Advisory,
    /// A vulnerability on an asset.
    Vulnerability,
    /// A patch on an asset.
    Patch,
    /// A deviation.
    Deviation,
    /// A control.
    Control,
    /// A policy.
    Policy,
    /// An entry of the ledger.
    Entry,
    /// A measure of posture.
    Measure,
}

/// A movement in a list or a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Move {
    /// One row down.
    Down,
    /// One row up.
    Up,
    /// One page down.
    PageDown,
    /// One page up.
    PageUp,
    /// The first row.
    Top,
    /// The last row loaded.
    Bottom,
    /// Scroll the columns to the left.
    Left,
    /// Scroll the columns to the right.
    Right,
}

/// What the screen that is shown does itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Act {
    /// Move.
    Move(Move),
    /// Open the selected object.
    Open,
    /// The next part of the screen.
    NextPart,
    /// Mark the row.
    Mark,
    /// Sort again, with what is new.
    Resort,
    /// Another view of the screen.
    View,
    /// The matrix of likelihood and consequence.
    Matrix,
}

/// What the program itself does, without a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ui {
    /// Back to where one came from.
    Back,
    /// The screen of this number.
    Screen(u8),
    /// Filter the list.
    Filter,
    /// The palette.
    Palette,
    /// The help of this screen.
    Help,
    /// UTC or the site's time.
    Zone,
    /// Why is this so.
    Why,
    /// The entries of this object.
    History,
    /// Who decides this.
    WhoDecides,
    /// The object of row 1.
    Attention,
    /// Silence the bell.
    Silence,
    /// Leave this level; ask at the top.
    Quit,
    /// Paint the whole screen again.
    Repaint,
    /// Stop the program until the shell continues it.
    Suspend,
    /// Cancel what runs, then ask.
    Cancel,
}

/// What happens inside an overlay only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edit {
    /// Submit the form or confirm the overlay.
    Submit,
    /// The next field.
    NextField,
    /// The previous field.
    PreviousField,
    /// Leave the overlay.
    Leave,
    /// Leave the form without its draft.
    ThrowAway,
    /// Take the selected line of a prompt.
    Take,
    /// Complete the word of a prompt.
    Complete,
    /// The help of what is open: of a form with the field that one stands in.
    Help,
}

/// What an action brings about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// Something that the screen does.
    Screen(Act),
    /// Something that the program does around its screens.
    Ui(Ui),
    /// Something inside an overlay.
    Overlay(Edit),
    /// A command that makes a new object.
    New(&'static str),
    /// A command on the focused object.
    On(&'static str),
    /// A command on the alarm of the focused row.
    OnAlarm(&'static str),
    /// A command on the alarm of the focused row, or another one on its task.
    OnWatch(&'static [&'static str; 2]),
    /// One of several commands that make something new, asked for.
    ChooseNew(&'static [&'static str]),
    /// The first of these commands that is open to the person, filled from what is picked for the focused object.
    Pick(&'static [&'static str]),
    /// One of several commands on the focused object, asked for.
    Choose(&'static [&'static str]),
}

/// One thing that the console can do.
#[derive(Debug)]
pub struct Action {
    /// Its name in `keys.toml`, help and palette.
    pub id: &'static str,
    /// Its default keys in written form.
    pub keys: &'static [&'static str],
    /// Where it applies.
    pub scopes: &'static [Scope],
    /// One or two words for the footer.
    pub label: &'static str,
    /// One sentence: what it does, or the consequence of a command.
    pub help: &'static str,
    /// What it brings about.
    pub does: Does,
}

impl Action {
    /// Whether it writes to the ledger; such an action is off in a read-only console.
    pub const fn writes(&self) -> bool {
        match self.does {
            Does::Screen(_) | Does::Ui(_) | Does::Overlay(_) => false,
            Does::New(_)
            | Does::ChooseNew(_)
            | Does::On(_)
            | Does::OnAlarm(_)
            | Does::OnWatch(_)
            | Does::Pick(_)
            | Does::Choose(_) => true,
        }
    }

    /// Whether it is done to the alarm or the task of a row, not to what the row is about.
    pub const fn answers(&self) -> bool {
        matches!(self.does, Does::OnAlarm(_) | Does::OnWatch(_))
    }

    /// The commands that it may submit.
    pub fn commands(&self) -> &[&'static str] {
        match &self.does {
            Does::Screen(_) | Does::Ui(_) | Does::Overlay(_) => &[],
            Does::New(name) | Does::On(name) | Does::OnAlarm(name) => std::slice::from_ref(name),
            Does::OnWatch(names) => *names,
            Does::ChooseNew(names) | Does::Pick(names) | Does::Choose(names) => names,
        }
    }

    /// Whether it makes something new out of the object that one stands on.
    pub fn is_of_a_row(&self) -> bool {
        matches!(self.does, Does::New(command) if OF_A_ROW.contains(&command))
    }

    /// Whether it needs a selected object.
    pub fn needs_object(&self) -> bool {
        match self.does {
            Does::Screen(act) => matches!(act, Act::Open | Act::Mark),
            Does::Ui(ui) => matches!(ui, Ui::Why | Ui::History | Ui::WhoDecides),
            Does::New(_) => self.is_of_a_row(),
            Does::ChooseNew(_) | Does::Overlay(_) => false,
            Does::On(_) | Does::OnAlarm(_) | Does::OnWatch(_) | Does::Pick(_) | Does::Choose(_) => {
                true
            }
        }
    }
}

/// Commands that make something new out of the selected object: of a change its bypass, of a vendor its person, of an
/// incident or a playbook its run.
pub const OF_A_ROW: &[&str] = &["bypass.place", "vendor.person", "run.start"];

/// Commands whose confirmation asks for the typed reference, with the reason.
pub const RETYPED: &[(&str, &str)] = &[
    ("change.waive", "the work may go on past what stands against it"),
    ("incident.close", FOR_GOOD),
    ("obligation.not-required", FOR_GOOD),
    ("asset.retire", FOR_GOOD),
];

const FOR_GOOD: &str = "nothing brings this back";

/// Commands that must not wait for words: the digits from 1 write these reasons down.
pub const READY: &[(&str, &[&str])] = &[
    (
        "window.cut-off",
        &["its end has passed and access goes on", NOT_ASKED_FOR, NOT_SURE_WHO, ORDERED],
    ),
    ("session.cut-off", &["no window allows it", NOT_ASKED_FOR, NOT_SURE_WHO, ORDERED]),
];

const NOT_ASKED_FOR: &str = "work is done that was not asked for";
const NOT_SURE_WHO: &str = "it is not sure who is at the other end";
const ORDERED: &str = "the plant is at risk, or operations or the incident commander ordered it";
