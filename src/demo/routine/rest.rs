//! Risks, reports, what is known anew of assets, the lines of each shift, and duties week by week.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Told, after, approve, by_founder, crew, on, rows, told};
use crate::demo::fault::Fault;
use crate::demo::seed::Seed;

const RISKS: (&str, &str) = ("demo/risks.csv", include_str!("../../../demo/risks.csv"));
const REPORTS: (&str, &str) = ("demo/reports.csv", include_str!("../../../demo/reports.csv"));
const UPDATES: (&str, &str) = ("demo/updates.csv", include_str!("../../../demo/updates.csv"));
const SHIFTS: (&str, &str) = ("demo/shifts.csv", include_str!("../../../demo/shifts.csv"));

/// What triage found.
const FOUND: [&str; 4] = [
    "Explained by the log of that minute; told to who saw it.",
    "Seen on site with the shift lead; nothing was touched.",
    "Known to the plant: work that was announced elsewhere.",
    "Nothing found on the network or in the room; kept for the next one.",
];

/// Days ago of the first shift that writes.
const FIRST: i64 = 117;

/// How a risk went.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Course {
    /// Raised, and no more.
    Open,
    /// Raised and treated.
    Treating,
    /// Treated until it was no more.
    Closed,
    /// Accepted for the time being.
    Accepted,
}

#[derive(Deserialize)]
struct Risk {
    day: i64,
    site: String,
    by: String,
    likelihood: u32,
    /// Harm to people, environment, production, quality and duties by digit.
    consequence: String,
    owner: String,
    /// Days after it was raised.
    due: i64,
    course: Course,
    title: String,
}

#[derive(Deserialize)]
struct Report {
    day: i64,
    time: String,
    site: String,
    by: String,
    place: String,
    what: String,
    effect: String,
}

#[derive(Deserialize)]
struct Update {
    day: i64,
    site: String,
    by: String,
    tag: String,
    field: String,
    value: String,
}

#[derive(Deserialize)]
struct Shift {
    site: String,
    text: String,
}

/// The rest of a plant's routine.
pub fn lines(site: &str) -> Result<Vec<Told>, Fault> {
    let mut lines = Vec::new();
    for (number, row) in rows::<Risk>(RISKS.0, RISKS.1)?.into_iter().enumerate() {
        if row.site == site {
            lines.extend(risk(number, &row));
        }
    }
    let reports = rows::<Report>(REPORTS.0, REPORTS.1)?.into_iter().filter(|row| row.site == site);
    lines.extend(reports.enumerate().flat_map(|(number, row)| report(number, &row)));
    let updates = rows::<Update>(UPDATES.0, UPDATES.1)?.into_iter().filter(|row| row.site == site);
    lines.extend(updates.map(|row| {
        let fields = json!({"site": site, "tag": row.tag, row.field: row.value});
        told(on(row.day, "15:45"), &row.by, "asset.update", fields)
    }));
    Ok(lines)
}

/// A report, and its triage an hour and more later.
fn report(number: usize, row: &Report) -> [Told; 2] {
    let name = format!("report-{}-{number}", row.site);
    let place = format!("{} {}", row.site, row.place);
    let fields = json!({"where": place, "what": row.what, "effect": row.effect});
    let reason = FOUND.get(number % FOUND.len()).copied().unwrap_or_default();
    let judged = json!({"ref": format!("${name}"), "outcome": "dismissed", "reason": reason});
    let submitted = told(on(row.day, &row.time), &row.by, "report.submit", fields);
    let triaged = after(row.day, &row.time, 74);
    let by = if row.day % 2 == 0 { "mvermeer" } else { "tokafor" };
    [Told { name: Some(name), ..submitted }, told(triaged, by, "report.triage", judged)]
}

fn risk(number: usize, row: &Risk) -> Vec<Told> {
    let name = format!("risk-{number}");
    let reference = format!("${name}");
    let harms = ["safety", "environment", "production", "quality", "regulatory"];
    let named = harms.iter().zip(row.consequence.chars());
    let consequence: Map<String, Value> = named
        .filter_map(|(harm, digit)| Some(((*harm).to_owned(), json!(digit.to_digit(10)?))))
        .collect();
    let raised = json!({
        "site": row.site, "title": row.title, "likelihood": row.likelihood,
        "consequence": consequence, "owner": row.owner, "due": format!("@+{}d 16:00", row.due),
    });
    let raised = told(on(row.day, "11:40"), &row.by, "risk.raise", raised);
    let mut lines = vec![Told { name: Some(name.clone()), ..raised }];
    let treated = json!({
        "ref": reference, "treatment": "mitigate", "owner": row.owner,
        "compensating": ["Watched at each round until it is mended"],
    });
    let treated = told(on(row.day - 3, "10:25"), &row.owner, "risk.treat", treated);
    match row.course {
        Course::Open => {}
        Course::Treating => lines.push(treated),
        Course::Closed => {
            let fields =
                json!({"ref": reference, "reason": "Mended and seen on site by two people."});
            let closed = on((row.day - row.due / 2).max(4), "16:10");
            lines.extend([treated, told(closed, &row.by, "risk.close", fields)]);
        }
        Course::Accepted => {
            let fields = json!({
                "ref": reference, "until": "@now+150d",
                "reason": "The maker renews its check every quarter and names who has a machine.",
                "compensating": ["Machines of makers stay behind the access host"],
            });
            let asked = told(on(row.day - 2, "09:50"), &row.by, "risk.accept", fields);
            let acceptance = format!("{name}-accepted");
            let yes = approve(on(row.day - 2, "14:00"), &acceptance, "4h");
            lines.extend([Told { name: Some(acceptance), ..asked }, yes]);
        }
    }
    lines
}

/// The lines at the end of each shift of the centre, and the duties of each week.
pub fn of_the_centre(plants: &[&str], seed: &mut Seed) -> Result<Vec<Told>, Fault> {
    let pool: Vec<Shift> = rows(SHIFTS.0, SHIFTS.1)?;
    let mut said = BTreeSet::new();
    let mut lines = Vec::new();
    let shifts = [("05:50", "gsorensen"), ("13:50", "mvermeer"), ("21:50", "tokafor")];
    for day in (1..=FIRST).rev() {
        for (clock, by) in shifts {
            let Some(site) = seed.pick(plants) else { continue };
            let texts: Vec<&Shift> = pool.iter().filter(|shift| shift.site == *site).collect();
            let Some(shift) = seed.pick(&texts) else { continue };
            let text = loop {
                let text = shift.text.replace('#', &(2 + seed.next() % 300).to_string());
                if said.insert(text.clone()) {
                    break text;
                }
            };
            lines.push(told(on(day, clock), by, "log.add", json!({"site": site, "text": text})));
        }
        // No change of the week falls on the day that is shown.
        if day % 7 == 3 {
            lines.extend(plants.iter().flat_map(|site| duties(day, site)));
        }
    }
    Ok(lines)
}

/// Who is on call at a plant for the week that begins so many days ago, the last of which goes on.
fn duties(day: i64, site: &str) -> [Told; 2] {
    let crew = crew(site);
    let duty = |login: &str, discipline: &str| {
        let fields = json!({
            "login": login, "discipline": discipline, "site": site, "from": "@+1h", "until": "@+7d",
        });
        by_founder(on(day, "22:30"), "duty.set", fields)
    };
    [duty(crew.security, "it_security"), duty(crew.engineer, "engineering")]
}
