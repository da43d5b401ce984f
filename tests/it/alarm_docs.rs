//! docs/alarms.md, made from the record of every kind of alarm and from the scale of priorities.

use std::fmt::Write;

use smc::domain::alarm::{self, RATIONALE, Source, State};
use smc::domain::attention::{Consequence, priority};

use crate::support::docs;

/// The words of a priority, or of what waits on its own screen.
fn rank(priority: Option<u8>) -> String {
    priority.map_or_else(|| "its screen only".to_owned(), |priority| format!("P{priority}"))
}

/// docs/alarms.md, made from the record of every kind and from the scale.
fn document() -> String {
    let mut out = String::from(
        "# Alarms and tasks\n\nMade from the record of every kind of alarm; a test compares. An alarm is an abnormal \
         condition (ANSI/ISA-18.2): it is\nacknowledged by name, one at a time, and leaves when its condition has ended \
         and it was acknowledged. A task is somebody's\nto do: it cannot be acknowledged, it leaves by being done, or \
         sleeps until a time before its last useful moment.\n\n## Priority\n\n| consequence | 15 min or past | 1 h | 8 h | later \
         |\n|---|---|---|---|---|\n",
    );
    let rows = [
        (Consequence::Grave, "people or environment rated 4 or more"),
        (Consequence::Great, "production, quality or a duty rated 4 or more"),
        (Consequence::Medium, "anything rated 3"),
        (Consequence::Small, "the rest"),
    ];
    for (consequence, words) in rows {
        let cells = [900, 3_600, 28_800, 28_801].map(|left| rank(priority(consequence, left)));
        let _ = writeln!(out, "| {words} | {} |", cells.join(" | "));
    }
    out.push_str("\nWhat is not rated counts as 5. Some kinds are never below a priority of their own.\n\n## States\n\n");
    for state in State::ALL {
        let said = match state {
            State::Normal => "ended and acknowledged: listed no more",
            State::Unacknowledged => "stands, and nobody has acknowledged it",
            State::Acknowledged => "stands, and somebody knows",
            State::Returned => "ended before anybody acknowledged it: listed until somebody does",
            State::Shelved => "stands, and was put aside by name, with a reason, until a time",
        };
        let _ = writeln!(out, "- `{state}`: {said}.");
    }
    let hours: Vec<_> =
        (1..=4).map(|p| format!("P{p} {} h", alarm::longest_shelf(p) / 3_600)).collect();
    let _ = writeln!(
        out,
        "\nThe longest shelf is {}; it ends sooner when the alarm becomes more urgent.\n\nThe bell rings three times for a new \
         alarm of priority 1 and again each minute until it is acknowledged, once for a new one of\npriority 2, and only \
         for whoever can acknowledge it. `M` silences it until the next alarm of priority 1.\n\n## Kinds",
        hours.join(", ")
    );
    for known in RATIONALE {
        let floor = known.floor.map_or_else(String::new, |floor| format!(" Never below P{floor}."));
        let who = match known.source {
            Source::Store => "It follows from the store: everyone sees it.",
            Source::Console => {
                "A console raises it for itself, in its first row; `!` opens it, and `A` acknowledges it at that console alone."
            }
        };
        let ends = match (known.latches, known.source) {
            (true, Source::Store) => "",
            (true, Source::Console) => {
                " It calls until somebody there has acknowledged it, though it ended."
            }
            (false, Source::Store) => " The deed that ends it is its acknowledgement.",
            (false, Source::Console) => " It leaves with its cause.",
        };
        let _ = write!(
            out,
            "\n### `{}`\n\n{who}{floor}\n\n- Cause: {}.\n- Consequence: {}.\n- Response: {}.\n- Time to respond: {}.\n\
             - Ends when: {}.{ends}\n",
            known.kind,
            known.cause,
            known.consequence,
            known.response,
            known.time,
            known.cleared_by
        );
    }
    out
}

#[test]
fn docs_alarms_md_is_what_the_records_say() {
    docs::holds("alarms.md", &document(), "alarm_docs");
}
