//! The whole story as steps in the order of their times: who does what when. Nothing is written here.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use serde::Deserialize;
use serde_json::Value;

use super::fault::Fault;
use super::seed::Seed;
use super::size::Size;
use super::{moment, people, routine};
use crate::domain::time::Time;
use crate::domain::time_input;

/// The word that stands for whoever makes the store.
pub const FOUNDER: &str = "founder";

/// How long before the present the story begins, in seconds.
pub const LENGTH: i64 = 120 * 86_400;

/// How far apart the decisions on a request are, unless the story says.
const APART: i64 = 47 * 60;

/// The wall of the centre.
const CENTRE: Tz = Tz::Europe__Amsterdam;

const SITES: (&str, &str) = ("demo/sites.jsonl", include_str!("../../demo/sites.jsonl"));
const HOUSE: (&str, &str) = ("demo/centre.jsonl", include_str!("../../demo/centre.jsonl"));

/// A plant's story, and the wall that its times are on.
fn plant(site: &str) -> ((&'static str, &'static str), Tz) {
    match site {
        "ANR" => {
            (("demo/antwerp.jsonl", include_str!("../../demo/antwerp.jsonl")), Tz::Europe__Brussels)
        }
        "JUB" => (("demo/jubail.jsonl", include_str!("../../demo/jubail.jsonl")), Tz::Asia__Riyadh),
        "OHP" => {
            (("demo/ohio.jsonl", include_str!("../../demo/ohio.jsonl")), Tz::America__New_York)
        }
        "RTM" => (
            ("demo/rotterdam.jsonl", include_str!("../../demo/rotterdam.jsonl")),
            Tz::Europe__Amsterdam,
        ),
        _ => (
            ("demo/gothenburg.jsonl", include_str!("../../demo/gothenburg.jsonl")),
            Tz::Europe__Stockholm,
        ),
    }
}

/// A line of the story's files.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Told {
    /// When; with the line before it unless said.
    #[serde(default)]
    pub at: Option<String>,
    /// The login of whoever does it.
    #[serde(rename = "as", default)]
    pub by: String,
    /// The command, or one of the words of [`Deed`].
    #[serde(rename = "do")]
    pub command: String,
    /// What later steps call the thing it makes.
    #[serde(default)]
    pub name: Option<String>,
    /// The command's fields.
    pub fields: Value,
}

/// One command; times and references in its fields are not filled in yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Act {
    /// The command.
    pub command: String,
    /// What later steps call the thing it makes.
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

/// What happens in a step.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// Commands of one person that are written together.
    Acts(Vec<Act>),
    /// `approve`: whoever is asked says yes to the request of this name, one after the other.
    Approve {
        /// The name of the request.
        name: String,
        /// How far apart, in seconds.
        every: i64,
    },
    /// `advisories`: these advisories are taken in.
    Advisories(Vec<String>),
    /// `inventory`: a file of assets is taken in.
    Inventory {
        /// The file's name.
        source: String,
        /// The site.
        site: String,
        /// The tags that the file holds with what it says of them anew; all assets of the site if none.
        rows: BTreeMap<String, BTreeMap<String, String>>,
    },
    /// `access-log`: the log of a jump host is taken in.
    AccessLog {
        /// The file's name.
        source: String,
        /// Its events, an object for each line.
        events: Vec<Value>,
    },
}

/// A step of the story.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// When it is taken.
    pub at: Time,
    /// The login of whoever takes it; empty where several do.
    pub by: String,
    /// The zone of the wall that its times are on.
    pub zone: Tz,
    /// What happens.
    pub deed: Deed,
}

fn told((file, text): (&str, &str)) -> Result<Vec<Told>, Fault> {
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    lines
        .map(|(line, number)| {
            serde_json::from_str(line)
                .map_err(|fault| Fault::file(&format!("{file}:{number}"), fault))
        })
        .collect()
}

fn read<T: for<'de> Deserialize<'de>>(fields: &Value, name: &str) -> Result<T, String> {
    let field = fields.get(name).cloned().unwrap_or_default();
    serde_json::from_value(field).map_err(|fault| format!("{name}: {fault}"))
}

fn deed(line: Told) -> Result<Deed, String> {
    let Told { command, name, fields, .. } = line;
    Ok(match command.as_str() {
        "approve" => {
            let every = match fields.get("every").and_then(Value::as_str) {
                Some(span) => time_input::read_span(span).ok_or("every: no length of time")?,
                None => APART,
            };
            Deed::Approve { name: read(&fields, "name")?, every }
        }
        "advisories" => Deed::Advisories(read(&fields, "files")?),
        "inventory" => Deed::Inventory {
            source: read(&fields, "source")?,
            site: read(&fields, "site")?,
            rows: read::<Option<_>>(&fields, "rows")?.unwrap_or_default(),
        },
        "access-log" => {
            Deed::AccessLog { source: read(&fields, "source")?, events: read(&fields, "events")? }
        }
        _ => Deed::Acts(vec![Act { command, name, fields }]),
    })
}

/// The lines of a file as steps, each with its time.
fn steps(file: &str, lines: Vec<Told>, present: Time, zone: Tz) -> Result<Vec<Step>, Fault> {
    let mut at = present.plus_seconds(-LENGTH);
    let mut steps: Vec<Step> = Vec::new();
    for line in lines {
        if let Some(words) = &line.at {
            at = moment::instant(words, present, zone).map_err(|why| Fault::file(file, why))?;
        }
        let by = line.by.clone();
        let told = line.command.clone();
        let deed = deed(line).map_err(|why| Fault::file(file, format!("{told}: {why}")))?;
        match (steps.last_mut(), deed) {
            // What one person does at one moment is written together.
            (Some(Step { at: then, by: last, deed: Deed::Acts(acts), .. }), Deed::Acts(more))
                if *then == at && *last == by && acts.iter().all(|act| act.name.is_none()) =>
            {
                acts.extend(more);
            }
            (_, deed) => steps.push(Step { at, by, zone, deed }),
        }
    }
    Ok(steps)
}

/// The story of this size up to this present, in the order of its times.
///
/// # Errors
/// `File` if one of the program's own files does not say what it should.
pub fn story(size: Size, seed: u64, present: Time) -> Result<Vec<Step>, Fault> {
    let of = |line: &Told| {
        let act = Act { command: String::new(), name: None, fields: line.fields.clone() };
        act.site().is_none_or(|site| size.has(site))
    };
    let mut lines: Vec<Told> = told(SITES)?.into_iter().filter(of).collect();
    let furnished = lines.iter().position(|line| line.command != "site.register");
    // The people stand before whatever else they do: zones, RACI, duties.
    let after = lines.split_off(furnished.unwrap_or(lines.len()));
    lines.extend(people::lines(size)?);
    lines.extend(after);
    lines.extend(told(HOUSE)?.into_iter().filter(of));
    lines.extend(routine::of_the_centre(size.plants(), &mut Seed::new(seed))?);
    let mut all = steps("demo/centre.jsonl", lines, present, CENTRE)?;
    for site in size.plants() {
        let (file, zone) = plant(site);
        let mut lines = told(file)?;
        lines.extend(routine::lines(site)?);
        all.extend(steps(file.0, lines, present, zone)?);
    }
    all.sort_by_key(|step| step.at);
    Ok(all)
}
