//! Changes of the past: asked for, decided, done, verified; some too late, some never.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Told, after, approve, asked, crew, on, rows, span, told};
use crate::demo::fault::Fault;

const FILE: &str = "demo/changes.csv";
const TEXT: &str = include_str!("../../../demo/changes.csv");

/// How a change went.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Course {
    /// Approved, done, verified.
    Verified,
    /// Approved and done.
    Implemented,
    /// Decided after its time, then done and verified.
    Late,
    /// Sent back, revised, approved, done, verified.
    Revised,
    /// Undone while it ran.
    BackedOut,
    /// Operations said no.
    Rejected,
    /// Sent back, then given up.
    Returned,
    /// Given up before it was decided.
    Withdrawn,
    /// Never decided.
    Expired,
}

#[derive(Deserialize)]
struct Row {
    day: i64,
    site: String,
    by: String,
    course: Course,
    kind: String,
    activity: String,
    assets: String,
    /// The levels of the five impacts by their first letters.
    impacts: String,
    lead: i64,
    from: String,
    to: String,
    title: String,
    rollback: String,
    proof: String,
}

/// What an impact is, by its name and level.
fn words_of(name: &str, level: &str) -> &'static str {
    match (name, level) {
        ("security", "low") => "Fewer ways in than before.",
        ("security", _) => "A way that was not there before.",
        ("safety", "low") => "The trip stays; only its signal is touched.",
        ("safety", "medium") => "The trip moves within its proven range.",
        ("safety", _) => "The function is out while the work lasts.",
        ("quality", "low") => "Limits stay; the trend looks different.",
        ("quality", _) => "One batch is watched more closely.",
        ("validation", "low") => "Like for like in a validated system.",
        ("validation", _) => "A parameter of the validated system moves.",
        (_, "low") => "A few minutes without a picture.",
        (_, "medium") => "The line stands while the work lasts.",
        (_, _) => "Production stands.",
    }
}

fn impacts(letters: &str) -> Value {
    let names = ["security", "safety", "quality", "validation", "uptime"];
    let answers = names.iter().zip(letters.chars()).map(|(name, letter)| {
        let level = match letter {
            'l' => "low",
            'm' => "medium",
            'h' => "high",
            _ => "none",
        };
        let answer = match level {
            "none" => json!({"level": level}),
            _ => json!({"level": level, "text": words_of(name, level)}),
        };
        ((*name).to_owned(), answer)
    });
    Value::Object(answers.collect::<Map<_, _>>())
}

/// The changes of a plant.
pub fn lines(site: &str) -> Result<Vec<Told>, Fault> {
    let mut lines = Vec::new();
    for (number, row) in rows::<Row>(FILE, TEXT)?.into_iter().enumerate() {
        if row.site == site {
            lines.extend(change(number, &row));
        }
    }
    Ok(lines)
}

fn request(number: usize, row: &Row) -> Told {
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    put("site", json!(row.site));
    put("title", json!(row.title));
    put("kind", json!(row.kind));
    put("activity", json!(row.activity));
    put("assets", json!(row.assets.split(' ').collect::<Vec<_>>()));
    put("impacts", impacts(&row.impacts));
    put("rollback", json!(row.rollback));
    put("tests", json!(row.proof));
    if row.kind == "temporary" {
        put("revert_by", json!(format!("@+{}d 18:00", row.lead + 7)));
    }
    span(&mut fields, row.lead, &row.from, &row.to);
    let name = Some(name(number));
    Told { name, ..told(on(row.day, &asked(number)), &row.by, "change.request", fields.into()) }
}

/// The title of the outage for a work whose title begins with what is done.
fn outage_to(work: &str) -> String {
    let mut letters = work.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_lowercase).collect();
    format!("Outage to {first}{}", letters.as_str())
}

/// The stop that operations plan for work which the plant notices.
fn outage(number: usize, row: &Row) -> Option<Told> {
    let stops = row.impacts.ends_with(['m', 'h']);
    let works = match row.course {
        Course::Verified
        | Course::Implemented
        | Course::Late
        | Course::Revised
        | Course::BackedOut => true,
        Course::Rejected | Course::Returned | Course::Withdrawn | Course::Expired => false,
    };
    if !stops || !works {
        return None;
    }
    let assets: Vec<&str> = row.assets.split(' ').collect();
    let title = outage_to(&row.title);
    let mut fields = Map::new();
    fields.insert("site".to_owned(), json!(row.site));
    fields.insert("title".to_owned(), json!(title));
    fields.insert("assets".to_owned(), json!(assets));
    span(&mut fields, row.lead, &row.from, &row.to);
    let at = after(row.day, &asked(number), 35);
    Some(told(at, crew(&row.site).operations, "outage.plan", fields.into()))
}

fn name(number: usize) -> String {
    format!("change-{number}")
}

fn change(number: usize, row: &Row) -> Vec<Told> {
    let name = name(number);
    let crew = crew(&row.site);
    let it = if row.by == crew.security { "hkruger" } else { crew.security };
    let mut lines = vec![request(number, row)];
    lines.extend(outage(number, row));
    let act = |at: String, by: &str, command: &str, note: &str| {
        told(at, by, command, json!({"ref": format!("${name}"), "note": note}))
    };
    let no = |at: String, by: &str, discipline: &str, reason: &str| {
        let fields = json!({
            "ref": format!("${name}"), "discipline": discipline, "decision": "no", "reason": reason,
        });
        told(at, by, "decide", fields)
    };
    let yes = |day: i64| approve(after(day, &asked(number), 190), &name, "2h30m");
    let works = row.day - row.lead;
    let mut begins = 10;
    match row.course {
        Course::Verified | Course::Implemented | Course::BackedOut => lines.push(yes(row.day)),
        Course::Late => {
            lines.push(approve(after(works, &row.from, 9), &name, "12m"));
            begins = 95;
        }
        Course::Revised => {
            let why = "The second phase has no owner named for its limits.";
            lines.push(no(on(row.day - 1, "10:20"), it, "it_security", why));
            let fields = json!({
                "ref": format!("${name}"), "reason": "Owner of the limits named in the proof.",
                "tests": format!("{} The owner of the limits signs.", row.proof),
            });
            lines.push(told(on(row.day - 2, "09:10"), &row.by, "change.revise", fields));
            lines.push(yes(row.day - 2));
        }
        Course::Rejected => {
            let why = "Not while the plant runs at full load; ask again for the next stop.";
            lines.push(no(after(row.day - 1, "09:00", 13), crew.operations, "operations", why));
        }
        Course::Returned => {
            let why = "The way in has no end and no watch; bring both.";
            lines.push(no(on(row.day - 1, "11:05"), it, "it_security", why));
            lines.push(act(
                on(row.day - 4, "15:30"),
                &row.by,
                "change.withdraw",
                "Done on site instead.",
            ));
        }
        Course::Withdrawn => {
            let note = "Needs another season of figures first.";
            lines.push(act(on(row.day - 1, "14:40"), &row.by, "change.withdraw", note));
        }
        Course::Expired => {}
    }
    let verifier = if row.by == "mvermeer" { "tokafor" } else { "mvermeer" };
    let start = |lines: &mut Vec<Told>| {
        lines.push(act(
            after(works, &row.from, begins),
            &row.by,
            "change.start",
            "Permit checked.",
        ));
    };
    let over = i64::from(row.to <= row.from);
    match row.course {
        Course::Verified | Course::Late | Course::Revised | Course::Implemented => {
            start(&mut lines);
            let done = after(works - over, &row.to, -25);
            lines.push(act(done, &row.by, "change.complete", "Done as asked; the proof is kept."));
            if row.course != Course::Implemented {
                let seen = after(works - over - 1, "10:00", row.lead * 21);
                let fields = json!({
                    "ref": format!("${name}"), "note": "Seen on the evidence of the plant.",
                    "evidence": format!("vault/{}/changes/{number}", row.site),
                });
                lines.push(told(seen, verifier, "change.verify", fields));
            }
            if row.kind == "temporary" {
                let back = on(works - 6, "09:30");
                lines.retain(|line| line.command != "change.verify");
                lines.push(act(
                    back,
                    &row.by,
                    "change.back-out",
                    "The old state is back, as agreed.",
                ));
            }
        }
        Course::BackedOut => {
            start(&mut lines);
            let note = "The proof failed; the old state is back.";
            lines.push(act(after(works, &row.from, 80), &row.by, "change.back-out", note));
        }
        Course::Rejected | Course::Returned | Course::Withdrawn | Course::Expired => {}
    }
    lines
}
