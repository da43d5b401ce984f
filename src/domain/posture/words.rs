//! The formula and the measures in words: the screens and docs/posture.md say the same, from the same tables.

use super::{ABSENT, Function, LEFT_OUT, Measure, TARGET};

/// How a number is made, a sentence each.
pub const FORMULA: &[&str] = &[
    "Every item of a measure is ok, bad, stale (it was ok, and nobody has looked for too long), unknown (never recorded) or excepted (a deviation is in force).",
    "An asset weighs the largest of its three ratings, 5 while one is missing; every other item weighs 1.",
    "The share a of a measure is the weight that is ok, divided by the weight of all but the excepted: stale and unknown items are asked, and are not ok.",
    "The number of a function is 100 times the sum of W times a, divided by the sum of W, rounded down, over its measures that have items.",
    "It reads -- while those measures carry under half of the weight of all of the function, also of those that are not kept yet. A ? beside it says that more than a tenth of it rests on stale and unknown items: the share that they have of each measure, by their weight, counts as much as the measure does. ▼ says that it misses its target, ↓ or ↑ before it that it is lower or higher than 24 hours ago.",
    "RACI rows must exist: a site without any counts as one unknown.",
    "The organisation is all items of all sites in one pool, with the worst site beside it. What belongs to every site counts at each, and once in the pool.",
    "What is said beside the numbers is every number that fell in 24 hours with all measures that fell in it, else the measure whose W times a moved most in that time, else the one that costs most. After more than 5,000 items moved in that time it is what costs most.",
    "The weights W below and the target are the program's own until an entry sets others, with its reason: posture.weigh for every site, posture.target for a site or all. :yardsticks shows them; a new weight counts for the numbers of the day before too, so that a number never falls by it alone.",
    "A measure whose subject this program does not keep yet is absent: it is never 100.",
];

/// The head of the table of what is absent.
const NOT_MEASURED: &str = "Not measured, because the program does not keep the subject yet; the weight counts in whether there is a number at all, \
and never as fulfilled:\n\n| measure | W | what there is not yet |\n|---|---|---|\n";

/// docs/posture.md, whole.
pub fn document() -> String {
    let mut text = String::from(
        "# Posture: how the numbers are made\n\n\
         Made from the program's own tables; run `SMC_WRITE_DOCS=1 cargo test --test it posture` after a change.\n\n",
    );
    for sentence in FORMULA {
        text.push_str(&format!("- {sentence}\n"));
    }
    text.push_str(&format!(
        "\nEvery number is a whole number made from whole numbers, so two machines never differ. The target is {TARGET} unless another is set.\n"
    ));
    for function in Function::ALL {
        text.push_str(&format!("\n## {function} {}\n\n", function.name()));
        let of = |measure: &&Measure| measure.function() == *function;
        if Measure::ALL.iter().any(|measure| of(&measure)) {
            text.push_str("| measure | W | items | an item is ok when… |\n|---|---|---|---|\n");
        }
        for measure in Measure::ALL.iter().filter(of) {
            let asks = measure.asks();
            let items = measure.population();
            text.push_str(&format!("| `{measure}` | {} | {items} | {asks} |\n", measure.weight()));
        }
        for (measure, what) in LEFT_OUT.iter().filter(|(measure, _)| of(&measure)) {
            text.push_str(&format!(
                "\nOf the formula, `{measure}` leaves out {what}: there are none yet.\n"
            ));
        }
        let mut absent = ABSENT.iter().filter(|absent| absent.function == *function).peekable();
        if absent.peek().is_some() {
            if Measure::ALL.iter().any(|measure| of(&measure)) {
                text.push('\n');
            }
            text.push_str(NOT_MEASURED);
        }
        for absent in absent {
            text.push_str(&format!("| {} | {} | {} |\n", absent.name, absent.weight, absent.lacks));
        }
    }
    text
}
