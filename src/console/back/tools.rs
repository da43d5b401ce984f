//! Does what the palette offers beside commands: imports, a backup, and the pages of the verification and the doctor.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Map, Value};

use super::{failure, store_failure, text};
use crate::commands::{Desk, origin};
use crate::console::data::{Check, Failure, Object, Receipt};
use crate::console::theme::Role;
use crate::console::tools::Tool;
use crate::console::widgets::cell::Cell;
use crate::console::widgets::doc::{Doc, Line};
use crate::domain::names::{Ref, SiteCode};
use crate::domain::site::Zone;
use crate::domain::words;
use crate::exchange::{access, advisories, assets};
use crate::ledger::HeadCode;
use crate::safe_text::SafeText;
use crate::store::doctor::{Level, examine};
use crate::store::replay::{self, Progress, Report};
use crate::store::{Heads, NoBackup, StoreError};

fn invalid(field: &str, why: impl ToString) -> Failure {
    Failure::Refused {
        code: SafeText::fixed("invalid"),
        message: SafeText::from_untrusted(&format!("{field}: {}", why.to_string())),
        fix: SafeText::default(),
        field: Some(field.to_owned()),
    }
}

/// A field that was given, read.
fn read<T, E: ToString>(
    fields: &Value,
    name: &str,
    parse: impl Fn(&str) -> Result<T, E>,
) -> Result<Option<T>, Failure> {
    let given = text(fields, name).filter(|text| !text.is_empty());
    given.map(|given| parse(&given).map_err(|why| invalid(name, why))).transpose()
}

/// Does it; the answer is what it came to.
pub async fn run(desk: &Desk, tool: Tool, fields: Map<String, Value>) -> Result<Receipt, Failure> {
    let fields = Value::Object(fields);
    let path = PathBuf::from(text(&fields, "path").unwrap_or_default());
    let named = fields.get("paths").and_then(Value::as_array).into_iter().flatten();
    let paths: Vec<PathBuf> = named.filter_map(Value::as_str).map(PathBuf::from).collect();
    let said = |name: &str| fields.get(name).and_then(Value::as_bool).unwrap_or(false);
    let dry_run = said("dry_run");
    let of_files = if paths.is_empty() { "path" } else { "paths" };
    // A file that cannot be read or written says nothing of the store.
    let failed_at = |field: &str, error| {
        if matches!(error, StoreError::Io { .. } | StoreError::Present { .. }) {
            return invalid(field, error);
        }
        store_failure(&error, Some(field.to_owned()))
    };
    let failed = |error| failed_at(of_files, error);
    let mut leads = None;
    let told = match tool {
        Tool::AsOf => {
            let now = crate::clock::now();
            let at = read(&fields, "moment", |text| replay::At::read(text, now))?;
            let at = at.ok_or_else(|| invalid("moment", "say which"))?;
            let past = past(desk, at).await.map_err(|error| failed_at("moment", error))?;
            leads = Some(at.to_string());
            vec![past]
        }
        Tool::Csaf => {
            let taking = advisories::Taking { dry_run, older: said("older") };
            let taken = advisories::take(desk, &paths, taking, |_, _| {}).await;
            taken.map_err(failed)?.words(dry_run)
        }
        Tool::Assets => {
            let taking = assets::Taking {
                dry_run,
                site: read(&fields, "site", SiteCode::new)?,
                create_sites: read(&fields, "create_sites", Zone::parse)?,
            };
            let taken = assets::take(desk, &paths, &taking, |_, _| {}).await;
            taken.map_err(failed)?.words(dry_run)
        }
        Tool::AccessEvents => {
            let form = |word: &str| access::Form::parse(word).ok_or("it is no form of a log");
            let mut hosts = std::collections::BTreeMap::new();
            let pairs = fields.get("hosts").and_then(Value::as_array).into_iter().flatten();
            for pair in pairs.filter_map(Value::as_str) {
                let (host, asset) = pair
                    .split_once('=')
                    .ok_or_else(|| invalid("hosts", format!("{pair:?} is not HOST=SITE/TAG")))?;
                let asset = Ref::new(asset).map_err(|why| invalid("hosts", why))?;
                hosts.insert(host.to_owned(), asset);
            }
            let taking = access::Taking {
                dry_run,
                form: read(&fields, "form", form)?,
                site: read(&fields, "site", SiteCode::new)?,
                hosts,
                zone: read(&fields, "timezone", str::parse::<chrono_tz::Tz>)?,
            };
            let taken = access::take(desk, &paths, &taking, |_, _| {}).await;
            taken.map_err(failed)?.words(dry_run)
        }
        Tool::WindowCheck => {
            let said = |name: &str| text(&fields, name).unwrap_or_default();
            let mut reader = desk.store().reader().await.map_err(|e| store_failure(&e, None))?;
            let (vendor, person, asset) = (said("vendor"), said("person"), said("asset"));
            let passage = reader.passage(&vendor, &person, &asset).await;
            reader.done().await;
            vec![passage.map_err(|error| failure(&error))?.words()]
        }
        Tool::VerifyHead => {
            let head: Option<HeadCode> = read(&fields, "head", str::parse)?;
            let report = verify(desk, head).await.map_err(|e| store_failure(&e, None))?;
            let verdict = (!report.holds()).then(|| report.verdict());
            verdict.into_iter().chain(report.words()).collect()
        }
        Tool::Tick => {
            let entries = desk.tick().await.map_err(|e| store_failure(&e, None))?;
            vec![format!("{} recorded", words::count(entries.len(), "entry"))]
        }
        Tool::Repair => {
            if text(&fields, "confirm").as_deref() != Some("repair") {
                return Err(invalid("confirm", "type repair"));
            }
            repaired(desk).await.map_err(|e| store_failure(&e, None))?
        }
        Tool::Backup => vec![match desk.store().backup(&path).await {
            Ok(made) => made.words(&path),
            Err(by_server @ NoBackup::ByServer(_)) => return Err(invalid("path", by_server)),
            Err(NoBackup::Store(error)) => return Err(failed(error)),
        }],
    };
    let said = told.first().map(|line| SafeText::from_untrusted(line)).unwrap_or_default();
    let told = told.iter().map(|line| SafeText::from_untrusted(line)).collect();
    let told = if leads.is_some() { Vec::new() } else { told };
    Ok(Receipt { reference: None, said, told, leads })
}

/// Ends the work of whoever no longer waits for it.
struct Waited<'s>(&'s AtomicBool);

impl Drop for Waited<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Makes the tables of a moment, so that a console opens on them at once.
async fn past(desk: &Desk, at: replay::At) -> Result<String, StoreError> {
    let stop = AtomicBool::new(false);
    let _waited = Waited(&stop);
    let progress = Progress::new(&|_| {}, &stop);
    let past = replay::as_of(desk.store(), at, &replay::cache_of_user()?, progress).await?;
    Ok(format!("entry {} of {}", past.head.tip.seq, past.now))
}

fn lines(words: &[String]) -> Doc {
    words.iter().fold(Doc::default(), |doc, line| doc.text(SafeText::from_untrusted(line)))
}

/// A look at the whole store.
///
/// # Errors
/// If the store does not answer.
pub async fn check(desk: &Desk, check: Check) -> Result<Object, StoreError> {
    match check {
        Check::Verify => verified(desk).await,
        Check::Doctor => examined(desk).await,
    }
}

/// Verifies the store against the head that this user saw last, and another one.
async fn verify(desk: &Desk, head: Option<HeadCode>) -> Result<Report, StoreError> {
    let store = desk.store();
    let remembered = match Heads::of_user() {
        Some(heads) => heads.witness(store).await?,
        None => None,
    };
    let witnesses: Vec<_> = head.into_iter().chain(remembered).collect();
    let stop = AtomicBool::new(false);
    let _waited = Waited(&stop);
    replay::verify(store, &witnesses, Progress::new(&|_| {}, &stop)).await
}

/// Makes the tables anew; the answer is what was found.
async fn repaired(desk: &Desk) -> Result<Vec<String>, StoreError> {
    let store = desk.store();
    let mut from = origin("console");
    from.os_user.clone_from(&store.facts().os_user);
    let stop = AtomicBool::new(false);
    let _waited = Waited(&stop);
    let repaired = replay::repair(store, &from, Progress::new(&|_| {}, &stop)).await?;
    let findings = repaired.report.findings();
    let said = match &repaired.entry {
        None => "nothing to repair: the store holds".to_owned(),
        Some(entry) => format!(
            "the tables were made anew; entry {} names {}",
            entry.seq,
            words::count(findings.len(), "finding")
        ),
    };
    let named = findings.iter().map(|finding| format!("named: {finding}"));
    Ok([said].into_iter().chain(named).collect())
}

async fn verified(desk: &Desk) -> Result<Object, StoreError> {
    let report = verify(desk, None).await?;
    let mut doc = lines(&report.words());
    if !report.holds() {
        let verdict = Cell::of(SafeText::from_untrusted(&report.verdict()), Role::Error);
        doc.0.insert(0, Line::Text(verdict));
    }
    Ok(Object { doc, ..Object::default() })
}

async fn examined(desk: &Desk) -> Result<Object, StoreError> {
    let findings = examine(desk.store(), Heads::of_user().as_ref()).await?;
    let mut doc = Doc::default();
    for finding in &findings {
        let (mark, role) = match finding.level {
            Level::Ok => ("ok", Role::Normal),
            Level::Warning => ("warning", Role::Title),
            Level::Fault => ("FAULT", Role::Error),
        };
        let fix = finding.fix.as_ref().map(|fix| format!("; {fix}")).unwrap_or_default();
        let said = Cell::of(mark, role)
            .and(SafeText::from_untrusted(&format!(": {}{fix}", finding.found)), Role::Normal);
        doc.0.push(Line::Field(SafeText::fixed(finding.check), said));
    }
    Ok(Object { doc, ..Object::default() })
}
