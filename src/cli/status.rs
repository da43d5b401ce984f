//! `smc status`: the posture of every site at one moment.

use serde::Serialize;
use serde_json::{Value, json};

use super::args::At;
use super::fault::Fault;
use super::table::{self, Column};
use super::{open, print};
use crate::domain::alarm::{Rate, State};
use crate::domain::posture::EVERYWHERE;
use crate::domain::words;
use crate::safe_text::SafeText;
use crate::store::Reader;
use crate::store::query::{Page, Ranks, Scores};

/// Shows the posture of every site.
#[derive(Debug, clap::Args)]
pub struct Status {
    /// Print JSON, one object.
    #[arg(long)]
    pub json: bool,
}

const COLUMNS: &[Column] = &[
    ("SITE", "/site", 4),
    ("GV", "/functions/GV", 5),
    ("ID", "/functions/ID", 5),
    ("PR", "/functions/PR", 5),
    ("DE", "/functions/DE", 5),
    ("RS", "/functions/RS", 5),
    ("RC", "/functions/RC", 5),
    ("P1", "/risks/p1", 4),
    ("P2", "/risks/p2", 4),
    ("P3", "/risks/p3", 4),
    ("P4", "/risks/p4", 4),
    ("BECAUSE", "/because", 60),
];

/// A row of the table: numbers with `v` where they miss the target and `?` where their items are in doubt.
fn row(
    site: &str,
    (functions, target): (&Scores, i64),
    risks: Ranks,
    because: Option<&str>,
) -> Value {
    let mut marked = serde_json::Map::new();
    for (function, score) in &functions.0 {
        let number = score.number.map_or_else(|| "--".to_owned(), |number| number.to_string());
        let misses = score.number.is_some_and(|number| number < target);
        let text = format!(
            "{number}{}{}",
            if misses { "v" } else { "" },
            if score.doubtful { "?" } else { "" }
        );
        marked.insert(function.word().to_owned(), Value::String(text));
    }
    json!({ "site": site, "functions": marked, "risks": risks, "because": because })
}

/// What calls for a person: alarms by priority and state, tasks of whoever reads, and how many alarms began.
#[derive(Debug, Serialize)]
struct Calling {
    p1: usize,
    p2: usize,
    p3: usize,
    p4: usize,
    unacknowledged: usize,
    shelved: usize,
    tasks: usize,
    rate: Rate,
}

impl Calling {
    fn words(&self) -> String {
        let Self { p1, p2, p3, p4, unacknowledged, shelved, tasks, rate } = self;
        format!(
            "alarms: {p1} P1, {p2} P2, {p3} P3, {p4} P4; {unacknowledged} to acknowledge, {shelved} shelved | your tasks: {tasks}\n\
             alarm rate: {}",
            rate.words()
        )
    }
}

async fn calling(reader: &mut Reader<'_>) -> Result<Calling, Fault> {
    let alarms = reader.alarms("", &Page::ALL).await?.rows;
    let tasks = reader.tasks("mine:yes state:waiting", &Page::ALL).await?.rows.len();
    let of = |priority: i64| alarms.iter().filter(|alarm| alarm.priority == priority).count();
    Ok(Calling {
        p1: of(1),
        p2: of(2),
        p3: of(3),
        p4: of(4),
        unacknowledged: alarms.iter().filter(|alarm| alarm.state.calls()).count(),
        shelved: alarms.iter().filter(|alarm| alarm.state == State::Shelved).count(),
        tasks,
        rate: reader.alarm_rate().await?,
    })
}

/// Runs `smc status`.
///
/// # Errors
/// Exit 4 for a store that does not answer.
pub async fn run(at: &At, status: &Status) -> Result<(), Fault> {
    let store = open::reading(at).await?;
    let mut reader = store.reader().await?;
    let found = reader.status().await?;
    let calling = calling(&mut reader).await?;
    reader.done().await;
    store.close().await;
    if status.json {
        let mut whole =
            serde_json::to_value(&found).map_err(|fault| Fault::Failed(fault.to_string()))?;
        if let Value::Object(fields) = &mut whole {
            fields.insert("alarms".to_owned(), json!(calling));
        }
        return print::json(&whole);
    }
    let demo = if found.demo { " | DEMO" } else { "" };
    let org = SafeText::from_untrusted(&found.org);
    print::line(&format!(
        "{org}{demo} | {} | head {} | {}",
        words::count(found.entries, "entry"),
        found.head,
        found.as_of
    ))?;
    print::line(&calling.words())?;
    let worst: Vec<String> = (found.worst.0.iter())
        .filter_map(|(function, site)| Some(format!("{function} {}", site.as_deref()?)))
        .collect();
    if !worst.is_empty() {
        print::line(&format!("worst sites: {}", worst.join(", ")))?;
    }
    print::line(&format!(
        "v misses the target of {}, ? is in doubt, -- too little is measured; `smc list measures` shows why",
        found.target
    ))?;
    let all =
        row(EVERYWHERE, (&found.functions, found.target), found.risks, found.because.as_deref());
    let sites = found.sites.iter().map(|site| {
        row(&site.site, (&site.functions, site.target), site.risks, site.because.as_deref())
    });
    let rows: Vec<Value> = [all].into_iter().chain(sites).collect();
    table::table(COLUMNS, &rows, true)
}
