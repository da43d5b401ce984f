//! `smc session`: tells that a vendor's person is on an asset, and that they have left. Made for login hooks of jump
//! hosts; what it writes are the commands `session.start` and `session.end`.

use serde_json::json;

use super::args::At;
use super::fault::Fault;
use super::{open, print};
use crate::commands::{Desk, Submission};
use crate::domain::command::Command;
use crate::domain::names::{Ref, Word};
use crate::domain::session;
use crate::domain::text::Line;
use crate::store::Reader;
use crate::store::query::{Page, Session as Row};

/// Tells of sessions of vendors' persons.
#[derive(Debug, clap::Args)]
pub struct Session {
    /// What happened.
    #[command(subcommand)]
    what: What,
}

/// What happened.
#[derive(Debug, clap::Subcommand)]
enum What {
    /// Somebody is on an asset from now on.
    Start(Start),
    /// The session has ended.
    End(End),
}

/// Who is where.
#[derive(Debug, clap::Args)]
pub struct Who {
    /// The vendor's person, by login; by name where no login is on record.
    #[arg(long, value_name = "PERSON")]
    pub person: String,
    /// The asset, or the jump host before it: SITE/tag.
    #[arg(long, value_name = "ASSET")]
    pub asset: String,
    /// The vendor; needed only where several vendors send a person of this name.
    #[arg(long, value_name = "VENDOR")]
    pub vendor: Option<String>,
}

#[derive(Debug, clap::Args)]
struct Start {
    #[command(flatten)]
    who: Who,
    /// Where the session comes from.
    #[arg(long, value_name = "TEXT")]
    source: Option<String>,
    /// A note.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct End {
    /// The session, `SE-9`; without it, person and asset name the last live one.
    session: Option<String>,
    /// The vendor's person, by login or name.
    #[arg(long, value_name = "PERSON", requires = "asset", conflicts_with = "session")]
    person: Option<String>,
    /// The asset, SITE/tag.
    #[arg(long, value_name = "ASSET", requires = "person", conflicts_with = "session")]
    asset: Option<String>,
    /// A note.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Session {
    /// Whether the answer is to be JSON.
    pub const fn json(&self) -> bool {
        match &self.what {
            What::Start(start) => start.json,
            What::End(end) => end.json,
        }
    }
}

/// Runs `smc session`.
///
/// # Errors
/// Exit 2 for words that name nothing, 3 for a refusal, 4 for a store that does not answer.
pub async fn run(at: &At, session: Session) -> Result<(), Fault> {
    open::present(at, "session")?;
    match session.what {
        What::Start(told) => start(at, told).await,
        What::End(told) => end(at, told).await,
    }
}

fn line(text: Option<&str>, option: &str) -> Result<Option<Line>, Fault> {
    let line = text.map(Line::new).transpose();
    line.map_err(|fault| Fault::Usage(format!("{option} {fault}")))
}

/// The vendor that is meant: the one named, or the only one that sends such a person.
///
/// # Errors
/// Exit 2 where several send a person of that name, 3 where nobody does.
pub async fn vendor(reader: &mut Reader<'_>, who: &Who) -> Result<String, Fault> {
    if let Some(vendor) = &who.vendor {
        return Ok(vendor.clone());
    }
    let found = reader.vendors_of(&who.person).await?;
    match found.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(Fault::Refused(crate::domain::refusal::Refusal::unknown(
            "vendor's person",
            &who.person,
            "vendors",
        ))),
        several => Err(Fault::Usage(format!(
            "{} send a person called {}: say which with --vendor",
            several.join(" and "),
            who.person
        ))),
    }
}

async fn row(desk: &Desk, reference: &Ref) -> Result<Option<Row>, Fault> {
    let mut reader = desk.store().reader().await?;
    let row = reader.one::<Row>(reference.as_str()).await?;
    reader.done().await;
    Ok(row)
}

async fn start(at: &At, told: Start) -> Result<(), Fault> {
    let desk = open::desk(at, "cli").await?;
    let usage = |option: &'static str| move |fault| Fault::Usage(format!("{option}: {fault}"));
    let mut reader = desk.store().reader().await?;
    let vendor = vendor(&mut reader, &told.who).await?;
    reader.done().await;
    let vendor = Word::new(&vendor).map_err(usage("--vendor"))?;
    let person =
        Line::new(&told.who.person).map_err(|fault| Fault::Usage(format!("--person {fault}")))?;
    let asset = Ref::new(&told.who.asset).map_err(usage("--asset"))?;
    let command = Command::Session(session::Command::Start(session::Start {
        vendor,
        person,
        asset,
        source: line(told.source.as_deref(), "--source")?,
        note: line(told.note.as_deref(), "--note")?,
    }));
    let receipt = desk.submit(Submission::from(command)).await?;
    let _ = open::seen(desk.store()).await;
    let began = row(&desk, &receipt.reference).await?;
    let window = began.and_then(|row| row.window);
    if window.is_none() {
        print::stderr(&format!(
            "WARNING: no open window covers {}: it stands as an alarm",
            receipt.reference
        ));
    }
    if told.json {
        return print::json(&json!({
            "ref": receipt.reference, "window": window, "entries": receipt.entries, "head": receipt.head,
        }));
    }
    let within = window.map_or_else(|| "outside of any window".to_owned(), |w| format!("in {w}"));
    print::line(&format!("{} started, {within}", receipt.reference))
}

async fn end(at: &At, told: End) -> Result<(), Fault> {
    let desk = open::desk(at, "cli").await?;
    let named = match (&told.session, &told.person, &told.asset) {
        (Some(session), _, _) => session.clone(),
        (None, Some(person), Some(asset)) => last(&desk, person, asset).await?,
        (None, _, _) => {
            return Err(Fault::Usage(
                "name the session, or --person and --asset of the one that is live".to_owned(),
            ));
        }
    };
    let r#ref = Ref::new(&named).map_err(|fault| Fault::Usage(fault.to_string()))?;
    let reason = line(told.reason.as_deref(), "--reason")?;
    let command = Command::Session(session::Command::End(session::End { r#ref, reason }));
    let receipt = desk.submit(Submission::from(command)).await?;
    let _ = open::seen(desk.store()).await;
    if told.json {
        return print::json(&receipt);
    }
    print::line(&format!("{} ended", receipt.reference))
}

/// The last live session of a person on an asset.
async fn last(desk: &Desk, person: &str, asset: &str) -> Result<String, Fault> {
    let quoted = |text: &str| text.replace('"', "");
    let filter = format!("state:live person:\"{}\" asset:\"{}\"", quoted(person), quoted(asset));
    let mut reader = desk.store().reader().await?;
    let found = reader.list::<Row>(&filter, &Page { limit: 1, after: None }).await?.rows;
    reader.done().await;
    found.into_iter().next().map(|row| row.r#ref).ok_or_else(|| {
        Fault::Refused(crate::domain::refusal::Refusal::new(
            crate::domain::refusal::Code::Unknown,
            format!("{person} has no live session on {asset}"),
            "see `smc list sessions state:live`",
        ))
    })
}
