//! Vendor windows of the past: opened and closed, some late, some never.

use serde::Deserialize;
use serde_json::{Map, json};

use super::{Told, after, approve, asked, crew, on, rows, span, told};
use crate::demo::fault::Fault;

const FILE: &str = "demo/windows.csv";
const TEXT: &str = include_str!("../../../demo/windows.csv");

/// How a window went.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Course {
    /// Opened and closed in time.
    Closed,
    /// Opened and closed after its end.
    Overran,
    /// Opened and cut off.
    CutOff,
    /// Approved and never opened.
    Lapsed,
    /// Never decided.
    Unanswered,
    /// Given up before it began.
    Cancelled,
    /// Operations said no.
    Rejected,
}

#[derive(Deserialize)]
struct Row {
    day: i64,
    site: String,
    by: String,
    course: Course,
    vendor: String,
    person: String,
    assets: String,
    lead: i64,
    from: String,
    to: String,
    purpose: String,
    /// The row of the change that it serves.
    change: Option<usize>,
}

/// How things were left.
const LEFT: [&str; 5] = [
    "Looked on, changed nothing. The escort ended the session.",
    "Done as asked; the file of the work lies in the vault.",
    "Found the cause, left the settings as they were. A change follows.",
    "One setting changed under its change, read back and noted.",
    "Finished early; account closed and seen closed.",
];

/// The windows of a plant.
pub fn lines(site: &str) -> Result<Vec<Told>, Fault> {
    let mut lines = Vec::new();
    for (number, row) in rows::<Row>(FILE, TEXT)?.into_iter().enumerate() {
        if row.site == site {
            lines.extend(window(number, &row));
        }
    }
    Ok(lines)
}

fn window(number: usize, row: &Row) -> Vec<Told> {
    let crew = crew(&row.site);
    let name = format!("window-{number}");
    let reference = format!("${name}");
    let mut fields = Map::new();
    fields.insert("vendor".to_owned(), json!(row.vendor));
    fields.insert("person".to_owned(), json!(row.person));
    fields.insert("assets".to_owned(), json!(row.assets.split(' ').collect::<Vec<_>>()));
    fields.insert("purpose".to_owned(), json!(row.purpose));
    fields.insert("escort".to_owned(), json!(crew.escort));
    if let Some(change) = row.change {
        fields.insert("change".to_owned(), json!(format!("$change-{change}")));
    }
    span(&mut fields, row.lead, &row.from, &row.to);
    let request = told(on(row.day, &asked(number)), &row.by, "window.request", fields.into());
    let mut lines = vec![Told { name: Some(name.clone()), ..request }];
    let begins = row.day - row.lead;
    let ends = begins - i64::from(row.to <= row.from);
    let opened =
        told(after(begins, &row.from, 4), crew.lead, "window.open", json!({"ref": reference}));
    let left = LEFT.get(number % LEFT.len()).copied().unwrap_or_default();
    let closed = |at: String| {
        told(at, &row.by, "window.close", json!({"ref": reference, "close_out": left}))
    };
    match row.course {
        Course::Closed | Course::Overran | Course::CutOff | Course::Lapsed => {
            lines.push(approve(after(row.day, &asked(number), 140), &name, "2h10m"));
        }
        Course::Unanswered | Course::Cancelled | Course::Rejected => {}
    }
    match row.course {
        Course::Closed => lines.extend([opened, closed(after(ends, &row.to, -13))]),
        Course::Overran => {
            let alarm = json!({"ref": format!("window_overrun:{reference}")});
            let known = told(after(ends, &row.to, 9), "mvermeer", "alarm.acknowledge", alarm);
            lines.extend([opened, known, closed(after(ends, &row.to, 26))]);
        }
        Course::CutOff => {
            let why = "Somebody else sat at the maker's keyboard than was named.";
            let fields = json!({"ref": reference, "reason": why});
            let at = after(begins, &row.from, 41);
            lines.extend([opened, told(at, crew.security, "window.cut-off", fields)]);
        }
        Course::Cancelled => {
            let fields = json!({"ref": reference, "reason": "The maker has nobody free that day."});
            lines.push(told(on(row.day - 1, "15:20"), &row.by, "window.cancel", fields));
        }
        Course::Rejected => {
            let fields = json!({
                "ref": reference, "discipline": "operations", "decision": "no",
                "reason": "No trials on a desk that runs the plant.",
            });
            lines.push(told(on(row.day - 1, "09:35"), crew.operations, "decide", fields));
        }
        Course::Lapsed | Course::Unanswered => {}
    }
    lines
}
