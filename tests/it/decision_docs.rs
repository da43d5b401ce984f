//! docs/decisions.md, made from the RACI rows, the triggers and the floors that boards are derived from.

use std::fmt::Write;

use smc::domain::approval::{FLOORS, Part, TRIGGERS};
use smc::domain::conflict::Against;
use smc::domain::discipline::Discipline;
use smc::domain::raci::{Activity, Row, Value};
use smc::domain::rule;

use crate::support::docs;

fn spoken(discipline: Discipline) -> String {
    match discipline {
        Discipline::ItSecurity => "IT security".to_owned(),
        Discipline::Operations
        | Discipline::Engineering
        | Discipline::Quality
        | Discipline::Safety
        | Discipline::VendorManagement
        | Discipline::Management => discipline.word().replace('_', " "),
    }
}

fn document() -> String {
    let mut out = format!(
        "# Who decides\n\nMade from the tables that the rules go by; a test compares. Rule version {}.\n\n\
         Who must decide on a request is concluded when its entry is written, from the RACI row of its activity, the impact\n\
         answers and what is known of its assets; no client names an approver. Each requirement is kept with its reason and the\n\
         version of the rules, and an entry is replayed by the version that it names. `smc show CR-12` and the page of a change\n\
         show the board; `D` on any object shows who could decide.\n\n\
         - Required: whoever is accountable in the row, operations and IT security jointly, and whom a trigger adds.\n\
         - Consulted: is heard; silence for half the time to decide reads as \"no comment\" and holds nothing up.\n\
         - Informed: is told.\n\
         - If safety, quality, validation or uptime is at least low, operations is accountable, whatever the row says; whoever\n  \
         the row names is asked all the same.\n\
         - Nobody decides on a request of their own, and a person counts once. Without somebody at the site who could decide, a\n  \
         person who holds the discipline for all sites does; without any, the request is refused as `missing`, by name.\n\
         - A site where nobody may decide for quality names who holds it there: `raci.set` at the site takes quality out of the\n  \
         row (`-`) and sets safety, vendor management or management to R or A, who must say yes wherever a trigger asks for\n  \
         quality, as the reason then says. Without such a name, or where the site has quality, quality is asked as ever.\n\
         - Operations' no ends a request, and so does safety's where the impact on safety is high. Another discipline's no\n  \
         returns a change to whoever asked.\n\
         - Decisions bind to the revision: assets, time, impacts, rollback, tests. Any of those who decide may raise an impact\n  \
         (`change.raise-impact`), which asks anew; lowering one is a revision by whoever asked.\n\
         - A change that replaces another (`supersedes`) differs in one of these, and shows in what, and who said no to the\n  \
         earlier one and why. What can still be approved or done is withdrawn first, so that never both are; a template\n  \
         stays in use until the next is approved.\n\n## Triggers\n\n| when | required | consulted | informed | asks for |\n|---|---|---|---|---|\n",
        rule::CURRENT
    );
    for trigger in TRIGGERS {
        let of = |wanted: Part| {
            let mut names = Vec::new();
            for (part, discipline) in trigger.adds {
                if *part == wanted {
                    let veto = if trigger.veto == Some(*discipline) { " (may veto)" } else { "" };
                    names.push(format!("{}{veto}", spoken(*discipline)));
                }
            }
            let silent = |veto: &Discipline| trigger.adds.iter().all(|(_, d)| d != veto);
            if let Some(veto) = trigger.veto.filter(silent).filter(|_| wanted == Part::Required) {
                names.push(format!("{} may veto", spoken(veto)));
            }
            names.join(", ")
        };
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} |",
            trigger.when.words(),
            of(Part::Required),
            of(Part::Consulted),
            of(Part::Informed),
            trigger.asks.unwrap_or_default()
        );
    }
    out.push_str("\n## Floors\n\nAn answer counts for more than was said where an asset bears a mark. An asset that nobody rated bears none.\n\n| an asset is | counts as at least |\n|---|---|\n");
    for floor in FLOORS {
        let _ = writeln!(out, "| {} | {} {} |", floor.mark.words(), floor.concern, floor.least);
    }
    out.push_str(
        "\n## Kinds of request\n\n| kind | who decides |\n|---|---|\n\
         | normal change | all that are required |\n\
         | standard change | all that are required, once: it is the template. Each use names it in `template`, stays within its assets, impacts and activity, is done, undone and tested word for word as it says, ends before it does (a year from its approval at most), and is decided by operations and by whoever the rules ask for and the template did not |\n\
         | emergency change | operations and one on call (`duty.set`) of IT security and engineering, who may decide; the others review it within 5 business days (`change.review`), before it is verified; a no there means that it is backed out |\n\
         | temporary change | all that are required; it alone has a revert date, at most 90 days after its start |\n\
         | vendor window | all that are required |\n\
         | acceptance of a risk | operations and IT security; management if its priority is 1 or 2; safety if harm to people is 4 or 5 |\n\n\
         ## RACI\n\nThe default rows. `raci.set` changes them, for all sites or at one; `smc list raci` shows what holds and which level says so.\n\n",
    );
    let names: Vec<_> = Discipline::ALL.iter().map(|one| one.letters()).collect();
    let _ =
        writeln!(out, "| activity | {} |\n|---|{}", names.join(" | "), "---|".repeat(names.len()));
    for activity in Activity::ALL {
        let row = Row::held(*activity, &[], &[]);
        let cells: Vec<_> = row
            .cells
            .iter()
            .map(|cell| if cell.value == Value::None { "" } else { cell.value.word() })
            .collect();
        let _ = writeln!(out, "| {activity} | {} |", cells.join(" | "));
    }
    let letters: Vec<_> =
        Discipline::ALL.iter().map(|one| format!("{} {}", one.letters(), spoken(*one))).collect();
    let _ = writeln!(out, "\n{}.", letters.join(", "));
    out.push_str(
        "\n## What stands against a change or a vendor's window\n\n\
         Held against the plant as it is when somebody looks, and once more when the work starts: what still stands then, blocks\n\
         and was not waived refuses the start by name. `W` (`change.waive`) takes one of what stands, the reason and\n\
         the change's reference typed once more, from whoever is accountable in the RACI row and did not ask for the change. A waiver holds for as long as neither of the two moves.\n\
         Nor does whoever asked take away what stands: they plan no outage over it, end no blackout and set no cell of the\n\
         matrix that it is held against.\n\n\
         A window is held against other changes, windows, blackouts and freezes when it opens. A change's waiver of the window is\n\
         one for the window too. Whatever else stands, the opening (`window.open`) names in `despite`, with the reason, where\n\
         operations answer for it, who open windows; a freeze is never named away. An extension shows what it runs into.\n\n\
         While a site is frozen the commander of the incident exempts one change or window (`incident.exempt`); somebody else,\n\
         who holds operations, may begin it then, and all else about it is held as ever. The exemption ends with the freeze.\n\n| kind | stands when | waived by who answers for |\n|---|---|---|\n",
    );
    for against in Against::ALL {
        let by = against.waived_by().map_or("nobody", Activity::word);
        let _ = writeln!(out, "| `{against}` | {} | {by} |", against.stands());
    }
    out
}

#[test]
fn docs_decisions_md_is_what_the_tables_say() {
    docs::holds("decisions.md", &document(), "decision_docs");
}
