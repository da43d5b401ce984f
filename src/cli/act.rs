//! `smc do`: any command by its name, with its fields as JSON; or the table of all commands.

use std::io::Read;
use std::path::PathBuf;

use serde_json::{Map, Value, json};

use super::args::At;
use super::completions::Words;
use super::fault::Fault;
use super::{open, print};
use crate::commands::{Submission, decision, read};
use crate::domain::approval::Answer;
use crate::domain::command::{Command, Spec, commands};
use crate::domain::discipline::Discipline;
use crate::domain::text::Line;
use crate::safe_text::SafeText;

/// The largest command that is read, in bytes.
const LARGEST: u64 = 4 << 20;

/// Does anything that the console can do.
#[derive(Debug, clap::Args)]
pub struct Act {
    /// The command's name; `--list` names them all.
    #[arg(required_unless_present = "list", value_parser = Words::Commands, hide_possible_values = true)]
    command: Option<String>,
    /// The fields as a JSON object; with --list, print JSON.
    #[arg(long, value_name = "OBJECT", num_args = 0..=1, default_missing_value = "")]
    pub json: Option<String>,
    /// Read the fields from a file, `-` for standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "list")]
    file: Option<PathBuf>,
    /// Refuse as stale unless the subject is at this version (its `seq`).
    #[arg(long, value_name = "SEQ")]
    expect: Option<i64>,
    /// The id of the first entry, a ULID: the same id twice writes once.
    #[arg(long, value_name = "ULID")]
    request_id: Option<String>,
    /// Why, kept with the entry.
    #[arg(long, value_name = "TEXT")]
    why: Option<String>,
    /// List every command with its fields and who may use it.
    #[arg(long)]
    list: bool,
}

/// Runs `smc do`.
///
/// # Errors
/// Exit 2 for words that name nothing, 3 for a refusal, 4 for a store that does not answer.
pub async fn run(at: &At, act: Act) -> Result<(), Fault> {
    if act.list {
        return list(act.command.as_deref(), act.json.is_some());
    }
    let name = act.command.as_deref().unwrap_or_default();
    let text_out = act.json.is_none();
    let (submission, decided) = submission(name, &act)?;
    // Whoever says that entries are lost has seen them: the store went back for them.
    let desk = if matches!(submission.command, Command::Restore(_)) {
        open::restoring(at, "cli").await?
    } else {
        open::desk(at, "cli").await?
    };
    let receipt = desk.submit(submission).await?;
    // What was written stands, whether or not its head can be remembered.
    let _ = open::seen(desk.store()).await;
    let came = match decided {
        Some((discipline, answer)) => {
            desk.came_of(receipt.reference.as_str(), discipline, answer).await
        }
        None => None,
    };
    if !text_out {
        let mut told = json!(receipt);
        if let (Some(fields), Some(came)) = (told.as_object_mut(), came) {
            fields.insert("came_of_it".to_owned(), json!(came));
        }
        return print::json(&told);
    }
    let entries: Vec<_> = receipt.entries.iter().map(ToString::to_string).collect();
    let again = if receipt.repeated { " (it stood already)" } else { "" };
    print::line(&format!(
        "{} {name}: entry {}, head {}{again}",
        receipt.reference,
        entries.join(", "),
        receipt.head
    ))?;
    came.map_or(Ok(()), |came| print::line(&came))
}

/// The command with what goes beside it, and which decision it is.
fn submission(name: &str, act: &Act) -> Result<(Submission, Option<(Discipline, Answer)>), Fault> {
    if !commands().any(|spec| spec.command == Some(name)) {
        return Err(Fault::Usage(format!(
            "there is no command {:?}; `smc do --list` names those there are",
            SafeText::from_untrusted(name).to_string()
        )));
    }
    let mut fields = fields(act)?;
    let expect = take(&mut fields, "expect")?.or(act.expect);
    let request_id =
        match take::<String>(&mut fields, "request_id")?.or_else(|| act.request_id.clone()) {
            Some(text) => Some(text.parse().map_err(|fault: crate::ledger::NotAnId| {
                Fault::Usage(format!("request_id: {fault}"))
            })?),
            None => None,
        };
    let reason = act
        .why
        .as_deref()
        .map(Line::new)
        .transpose()
        .map_err(|fault| Fault::Usage(format!("--why {fault}")))?;
    let decided = decision(name, &fields);
    let command =
        read(name, Value::Object(fields)).map_err(|unread| Fault::Refused(unread.refusal))?;
    Ok((Submission { expect, request_id, reason, ..Submission::from(command) }, decided))
}

fn take<T: serde::de::DeserializeOwned>(
    fields: &mut Map<String, Value>,
    name: &str,
) -> Result<Option<T>, Fault> {
    fields
        .remove(name)
        .map(serde_json::from_value)
        .transpose()
        .map_err(|fault| Fault::Usage(format!("{name}: {fault}")))
}

fn fields(act: &Act) -> Result<Map<String, Value>, Fault> {
    let text = match (&act.file, act.json.as_deref()) {
        (Some(path), _) => read_file(path)?,
        (None, Some(text)) if !text.is_empty() => text.to_owned(),
        (None, _) => "{}".to_owned(),
    };
    serde_json::from_str(&text)
        .map_err(|fault| Fault::Usage(format!("the fields are no JSON object: {fault}")))
}

fn read_file(path: &PathBuf) -> Result<String, Fault> {
    let fail = |error: std::io::Error| Fault::Failed(format!("read {}: {error}", path.display()));
    let mut text = String::new();
    let read = if path.as_os_str() == "-" {
        std::io::stdin().take(LARGEST + 1).read_to_string(&mut text)
    } else {
        std::fs::File::open(path).map_err(fail)?.take(LARGEST + 1).read_to_string(&mut text)
    };
    let size = read.map_err(fail)?;
    if u64::try_from(size).unwrap_or(u64::MAX) > LARGEST {
        return Err(Fault::Usage(format!("{} is larger than {LARGEST} bytes", path.display())));
    }
    Ok(text)
}

fn describe(spec: &Spec) -> Value {
    json!({
        "command": spec.command, "kind": spec.kind, "subject": spec.subject, "right": spec.right,
        "who": spec.right.who(), "help": spec.help, "fields": spec.fields,
    })
}

fn list(name: Option<&str>, json: bool) -> Result<(), Fault> {
    let mut found = false;
    for spec in commands().filter(|spec| name.is_none() || spec.command == name) {
        found = true;
        let command = spec.command.unwrap_or_default();
        if json {
            print::json(&describe(spec))?;
            continue;
        }
        print::line(&format!("{command:<20} {} ({})", spec.help, spec.right.who()))?;
        if name.is_some() {
            for field in spec.fields {
                let must = if field.required { "required" } else { "optional" };
                print::line(&format!("  {:<16} {must}  {}", field.name, field.help))?;
            }
        }
    }
    if found { Ok(()) } else { Err(Fault::Usage("there is no such command".to_owned())) }
}
