//! The verbs: what can be done to each kind of object. Every one submits a command of the same door that scripts use.

use super::action::Scope::{self, *};
use super::action::{Action, Does};

type Text = &'static str;

/// A command that makes a new object.
const fn new(
    scopes: &'static [Scope],
    keys: &'static [Text],
    command: Text,
    label: Text,
    help: Text,
) -> Action {
    Action { id: command, keys, scopes, label, help, does: Does::New(command) }
}

/// A command on the focused object.
const fn on(
    scopes: &'static [Scope],
    keys: &'static [Text],
    command: Text,
    label: Text,
    help: Text,
) -> Action {
    Action { id: command, keys, scopes, label, help, does: Does::On(command) }
}

/// A command on the alarm of the focused row.
const fn alarm(keys: &'static [Text], command: Text, label: Text, help: Text) -> Action {
    Action { id: command, keys, scopes: &[Everywhere], label, help, does: Does::OnAlarm(command) }
}

/// One of several commands that make something new, asked for; the form starts from the focused object.
const fn choose_new(
    scopes: &'static [Scope],
    keys: &'static [Text],
    id: Text,
    commands: &'static [Text],
    label: Text,
    help: Text,
) -> Action {
    Action { id, keys, scopes, label, help, does: Does::ChooseNew(commands) }
}

/// One of several commands on the focused object, asked for.
const fn choose(
    scopes: &'static [Scope],
    keys: &'static [Text],
    id: Text,
    commands: &'static [Text],
    label: Text,
    help: Text,
) -> Action {
    Action { id, keys, scopes, label, help, does: Does::Choose(commands) }
}

/// One row per verb and kind; the same key means the same thing on every kind.
#[rustfmt::skip]
pub const VERBS: &[Action] = &[
    new(&[Change], &["n"], "change.request", "new",
        "Asks for a change; its approvals are computed from the five impacts."),
    on(&[Change], &["a"], "change.approve", "approve",
        "Counts your yes for one discipline; the last yes needed approves the change."),
    on(&[Change], &["x"], "change.reject", "reject",
        "Counts your no; a veto of operations ends the change."),
    on(&[Change], &["s"], "change.start", "start",
        "Starts the work; the plant is being changed from then on."),
    on(&[Change], &["d"], "change.complete", "done",
        "Reports the work as done; verification follows."),
    on(&[Change], &["v"], "change.verify", "verify",
        "Confirms that the change does what was asked and nothing else."),
    on(&[Change], &["b"], "change.back-out", "back out",
        "Ends the change by going back to what stood before."),
    on(&[Change], &["w"], "change.withdraw", "withdraw",
        "Takes the request back; it can be asked for anew."),
    on(&[Change], &["e"], "change.revise", "revise",
        "Changes the request; decisions made so far no longer count."),
    on(&[Change], &["i"], "change.raise-impact", "impact",
        "Raises an impact; more disciplines may have to decide."),
    new(&[Window], &["n"], "window.request", "new",
        "Asks for a vendor's access to assets between two times."),
    on(&[Window], &["a"], "window.approve", "approve",
        "Counts your yes; approval never moves the times."),
    on(&[Window], &["x"], "window.reject", "reject",
        "Counts your no; a veto of operations ends the request."),
    on(&[Window], &["s"], "window.open", "open",
        "Lets the vendor in, after a check of person, change, freeze and escort."),
    on(&[Window], &["d"], "window.close", "close",
        "Ends the access and records what was done."),
    on(&[Window], &["e"], "window.extend", "extend",
        "Asks for a later end; this needs an approval of its own."),
    on(&[Window], &["w"], "window.cancel", "cancel",
        "Cancels the window before it is open."),
    on(&[Window], &["Ctrl-K"], "window.cut-off", "cut off",
        "Cuts the vendor off at once; work on the asset may be left half done."),
    choose_new(&[Risk], &["n"], "risk.new", &["change.request", "window.request", "risk.raise"], "new",
        "Asks for a change or a vendor's access for this risk's assets, or raises another risk."),
    on(&[Risk], &["e"], "risk.assess", "assess",
        "Sets likelihood and consequences; the priority follows."),
    on(&[Risk], &["t"], "risk.treat", "treat",
        "Sets how the risk is treated, by whom and until when."),
    on(&[Risk], &["p"], "risk.accept", "propose",
        "Asks that the risk be accepted until a date; others decide."),
    on(&[Risk], &["d"], "risk.close", "close",
        "Closes the risk."),
    on(&[Acceptance], &["a"], "acceptance.approve", "approve",
        "Counts your yes; the risk is accepted until its date."),
    on(&[Acceptance], &["x"], "acceptance.reject", "reject",
        "Counts your no; the risk stays open."),
    new(&[Incident], &["n"], "incident.declare", "declare",
        "Declares an incident; clocks start and command is taken."),
    choose(&[Incident], &["e"], "incident.edit", &["incident.phase", "incident.severity", "incident.freeze"], "edit",
        "Changes phase or severity, or proposes a freeze."),
    on(&[Incident], &["t"], "incident.stamp", "stamp",
        "Sets one of the incident's times, from which clocks count."),
    new(&[Incident, Run, Playbook], &["s"], "run.start", "run",
        "Starts a run of a playbook for this incident."),
    on(&[Incident], &["T"], "incident.transfer-command", "hand command",
        "Offers command to another person, with objectives and situation."),
    on(&[Incident], &["a"], "incident.accept-command", "take command",
        "Takes the command that was offered to you."),
    on(&[Incident], &["d"], "incident.close", "close",
        "Closes the incident; every step and clock must be settled."),
    on(&[Obligation], &["d"], "obligation.meet", "meet",
        "Records the notification with its reference; the clock stops."),
    on(&[Obligation], &["N"], "obligation.not-required", "not required",
        "Decides that this notification is not required, with the reason."),
    on(&[Step], &["s"], "step.start", "start",
        "Starts the step in your name."),
    choose(&[Step], &["d"], "step.finish", &["step.done", "step.answer"], "done",
        "Finishes the step, or answers a decision step."),
    on(&[Step], &["x"], "step.fail", "fail",
        "Reports that the step failed; the playbook's branch follows."),
    on(&[Step], &["b"], "step.skip", "skip",
        "Skips the step with a reason."),
    on(&[Step], &["v"], "step.confirm", "confirm",
        "Confirms a hold point: it is safe to go on."),
    on(&[Step], &["O"], "step.assign", "assign",
        "Gives the step to a person."),
    new(&[Handover], &["n"], "handover.prepare", "prepare",
        "Prepares the sheet of the shift that ends."),
    on(&[Handover], &["v"], "handover.sign", "sign",
        "Signs the sheet: nothing known to you is left out."),
    on(&[Handover], &["a"], "handover.accept", "accept",
        "Takes over the shift with everything on the sheet."),
    on(&[HandoverItem], &["d"], "handover.tick", "tick",
        "Ticks the item as told and understood."),
    new(&[Report], &["n"], "report.submit", "new",
        "Reports something seen in the plant."),
    new(&[Site], &["n"], "site.register", "new",
        "Registers a site."),
    new(&[Zone], &["n"], "zone.register", "new",
        "Registers a zone of a site."),
    choose_new(&[Asset], &["n"], "asset.new", &["change.request", "window.request", "asset.register"], "new",
        "Asks for a change of this asset or a vendor's access to it, or registers another asset."),
    on(&[Asset], &["e"], "asset.update", "edit",
        "Changes what is known of the asset."),
    on(&[Asset], &["w"], "asset.retire", "retire",
        "Takes the asset out of use."),
    new(&[Person], &["n"], "person.register", "new",
        "Registers a person with disciplines."),
    on(&[Person], &["O"], "role.grant", "grant",
        "Grants a role, for all sites or one, until a time."),
    on(&[Person], &["b"], "role.revoke", "revoke",
        "Takes a role back; open windows of the person are looked at."),
    on(&[Person], &["w"], "person.deactivate", "deactivate",
        "Ends all access of the person."),
    new(&[Duty], &["n"], "duty.set", "new",
        "Says who is on duty for a discipline, and when."),
    new(&[Raci], &["e"], "raci.set", "set",
        "Sets who is responsible, accountable, consulted, informed."),
    new(&[Vendor], &["n"], "vendor.register", "new",
        "Registers a vendor."),
    new(&[Vendor], &["p"], "vendor.person", "person",
        "Registers a vendor's person, with screening and training."),
    new(&[Calendar], &["n"], "calendar.set", "new",
        "Sets an outage or a blackout of a site."),
    new(&[Control], &["n"], "control.define", "new",
        "Defines a control."),
    on(&[Control], &["v"], "control.attest", "attest",
        "Attests that the control works, with evidence."),
    new(&[Deviation], &["n"], "deviation.request", "new",
        "Asks for a deviation until a date."),
    on(&[Deviation], &["a"], "deviation.approve", "approve",
        "Counts your yes for the deviation."),
    on(&[Deviation], &["x"], "deviation.reject", "reject",
        "Counts your no for the deviation."),
    new(&[Policy], &["n"], "policy.publish", "publish",
        "Publishes a policy."),
    on(&[Policy], &["a"], "policy.approve", "approve",
        "Counts your yes for the policy."),
    on(&[Policy], &["x"], "policy.reject", "reject",
        "Counts your no for the policy."),
    alarm(&["A"], "alarm.acknowledge", "acknowledge",
        "Acknowledges the alarm in your name; it leaves when its cause has ended too."),
    alarm(&["z"], "alarm.shelve", "shelve",
        "Shelves the alarm, or lets the task sleep, until a time."),
    on(&[Everywhere], &["E"], "evidence.attach", "evidence",
        "Attaches evidence to the object."),
    new(&[Everywhere], &["l"], "log.add", "log line",
        "Writes a line into the log of the shift."),
];
