//! The whole story as steps: who does what in which order. Nothing is written here.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::fault::Fault;
use super::size::Size;
use super::{inventory, people};

/// The word that stands for whoever makes the store.
pub const FOUNDER: &str = "founder";

/// Who takes in the advisories.
const IMPORTER: &str = "mvermeer";

const SITES: (&str, &str) = ("demo/sites.jsonl", include_str!("../../demo/sites.jsonl"));
const CENTRE: (&str, &str) = ("demo/centre.jsonl", include_str!("../../demo/centre.jsonl"));

fn plant(site: &str) -> (&'static str, &'static str) {
    match site {
        "ANR" => ("demo/antwerp.jsonl", include_str!("../../demo/antwerp.jsonl")),
        "JUB" => ("demo/jubail.jsonl", include_str!("../../demo/jubail.jsonl")),
        "OHP" => ("demo/ohio.jsonl", include_str!("../../demo/ohio.jsonl")),
        "RTM" => ("demo/rotterdam.jsonl", include_str!("../../demo/rotterdam.jsonl")),
        _ => ("demo/gothenburg.jsonl", include_str!("../../demo/gothenburg.jsonl")),
    }
}

/// One command by one person; times and references in its fields are not filled in yet.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Act {
    /// The login of whoever does it.
    #[serde(rename = "as")]
    pub by: String,
    /// The command.
    #[serde(rename = "do")]
    pub command: String,
    /// What later steps call the thing it makes.
    #[serde(default)]
    pub name: Option<String>,
    /// The command's fields.
    pub fields: Value,
}

impl Act {
    /// The site that the fields speak of, if they name one.
    pub fn site(&self) -> Option<&str> {
        let text = |name: &str| self.fields.get(name).and_then(Value::as_str);
        let first =
            |name: &str| self.fields.get(name).and_then(|v| v.get(0)).and_then(Value::as_str);
        let asset = first("assets").and_then(|asset| asset.split('/').next());
        text("site").or_else(|| first("sites")).or(asset)
    }
}

/// A step of the story.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Commands of one person that are written together.
    Together(Vec<Act>),
    /// The advisories are taken in by this person.
    Advisories(String),
}

fn acts((file, text): (&str, &str)) -> Result<Vec<Act>, Fault> {
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    lines
        .map(|(line, number)| {
            serde_json::from_str(line)
                .map_err(|fault| Fault::file(&format!("{file}:{number}"), fault))
        })
        .collect()
}

/// Consecutive commands of one person as one step each.
fn together(acts: Vec<Act>) -> Vec<Step> {
    let mut groups: Vec<Vec<Act>> = Vec::new();
    for act in acts {
        match groups.last_mut() {
            Some(group) if group.last().is_some_and(|last| last.by == act.by) => group.push(act),
            Some(_) | None => groups.push(vec![act]),
        }
    }
    groups.into_iter().map(Step::Together).collect()
}

/// The story of this size; the same seed tells the same story.
///
/// # Errors
/// `File` if one of the program's own files does not say what it should.
pub fn story(size: Size, seed: u64) -> Result<Vec<Step>, Fault> {
    let sites = acts(SITES)?;
    let (made, furnished): (Vec<_>, Vec<_>) = sites
        .into_iter()
        .filter(|act| act.site().is_some_and(|site| size.has(site)))
        .partition(|act| act.command == "site.register");
    let mut steps = together(made);
    steps.extend(together(people::acts(size)?));
    steps.extend(together(furnished));
    steps.extend(together(acts(CENTRE)?));
    let mut inventory: BTreeMap<_, _> = inventory::acts(size, seed)?;
    for site in size.plants() {
        steps.extend(together(inventory.remove(site).unwrap_or_default()));
    }
    steps.push(Step::Advisories(IMPORTER.to_owned()));
    // Each plant's story runs in its own order, side by side with the others.
    let mut plants = Vec::new();
    for site in size.plants() {
        plants.push(acts(plant(site))?.into_iter());
    }
    loop {
        let round: Vec<_> = plants.iter_mut().filter_map(Iterator::next).collect();
        if round.is_empty() {
            return Ok(steps);
        }
        steps.extend(round.into_iter().map(|act| Step::Together(vec![act])));
    }
}
