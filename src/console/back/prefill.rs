//! What a form starts with: what is known of the object that one stands on, and of the person.

use serde_json::{Map, Value, json};

use super::objects::risk_assets;
use super::{Door, brief, over};
use crate::console::ctx::Me;
use crate::console::data::Start;
use crate::console::screens::gate;
use crate::console::widgets::cell::Cell;
use crate::console::widgets::doc::Doc;
use crate::domain::command::commands;
use crate::domain::discipline::Discipline;
use crate::domain::state_words;
use crate::store::query::{
    Acceptance, Approvals, Asset, Change, Duty, Extension, Page, Risk, Window,
};
use crate::store::{ReadError, Reader};

/// What a form starts with.
pub async fn start(
    door: &Door,
    reader: &mut Reader<'_>,
    command: &str,
    (reference, into): (Option<&str>, Option<&str>),
) -> Result<Start, ReadError> {
    if let (Some(reference), Some(into)) = (reference, into) {
        return planned(reader, command, reference, into).await;
    }
    let values = prefill(door, reader, command, reference).await?;
    let Some(reference) = reference else { return Ok(Start { values, ..Start::default() }) };
    let (brief, so_far) = brief::brief(door, reader, command, reference).await?;
    Ok(Start {
        values,
        brief,
        so_far,
        needs: brief::needs(reader, command, reference).await?,
        choices: disciplines(door, reader, command, reference).await?,
        over: over::over(door, reader, command, reference).await?,
        last: reader.lately(reference).await?.into_iter().next(),
        version: reader.snapshot().head.tip.seq,
    })
}

/// The disciplines for which this person may speak here: of those that the board waits for, or has still to hear
/// afterwards, the ones that are held; all of those where none is. Nothing where the command asks for none, or for any.
async fn disciplines(
    door: &Door,
    reader: &mut Reader<'_>,
    command: &str,
    reference: &str,
) -> Result<Vec<(&'static str, Vec<String>)>, ReadError> {
    let verb = command.split_once('.').map_or("", |(_, verb)| verb);
    let board = match verb {
        "approve" | "reject" | "review" => reader.board(reference).await?,
        _ if command == "comment.add" => None,
        _ => return Ok(Vec::new()),
    };
    let holder = door.holder(reader).await?;
    let holds = |word: &&str| {
        let discipline = Discipline::parse(word);
        holder.as_ref().zip(discipline).is_some_and(|(holder, one)| holder.holds(one))
    };
    let board = board.map(|board| board.approvals());
    let asked: Vec<&str> = match (&board, verb) {
        (Some(board), "review") => board.reviewing().collect(),
        (Some(board), _) => board.waiting().collect(),
        (None, _) => Discipline::WORDS.to_vec(),
    };
    let own: Vec<&str> = asked.iter().copied().filter(holds).collect();
    let offered = if own.is_empty() { asked } else { own };
    let offered: Vec<String> = offered.into_iter().map(str::to_owned).collect();
    Ok(if offered.is_empty() { Vec::new() } else { vec![("discipline", offered)] })
}

/// A change with the times that it would have in an outage: as its revision, or as a request that replaces it.
async fn planned(
    reader: &mut Reader<'_>,
    command: &str,
    reference: &str,
    outage: &str,
) -> Result<Start, ReadError> {
    let Some(row) = reader.one::<Change>(reference).await? else { return Ok(Start::default()) };
    let Some(fit) = row.fits.iter().find(|fit| fit.r#ref == outage) else {
        let gone = format!("{outage} could hold it no more; look again");
        return Ok(Start { brief: Doc::default().text(Cell::text(gone)), ..Start::default() });
    };
    let mut values = fields(of_revision(&row));
    let (begins, then) = if command == "change.revise" {
        ("a revision", String::new())
    } else {
        values.extend(fields(replacing(&row)));
        let state = state_words::spoken(&row.effective_state);
        ("a new request", format!(" {reference} stays {state} until it is withdrawn."))
    };
    let times = json!({ "start": fit.start, "end": fit.end, "approve_by": Value::Null });
    values.extend(fields(times));
    let said =
        format!("Into {outage} ({}) as {begins}: all decisions start again.{then}", fit.title);
    let brief = Doc::default().text(Cell::text(said));
    values.retain(|_, value| !value.is_null());
    let last = reader.lately(reference).await?.into_iter().next();
    Ok(Start { values, brief, last, ..Start::default() })
}

/// The fields of an object.
fn fields(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Map::new()
        }
    }
}

/// What a revision starts with: the change as it stands.
fn of_revision(row: &Change) -> Value {
    json!({
        "title": row.title, "assets": row.assets.0, "start": row.start, "end": row.end,
        "impacts": row.impacts.0, "rollback": row.rollback, "tests": row.tests,
        "approve_by": row.approve_by, "external_ref": row.external_ref, "risks": row.risks.0,
        "basis": row.basis, "procedures": row.procedures, "alters_logic": row.alters_logic,
        "alters_validated": row.alters_validated,
    })
}

/// Values for a form, by field name.
async fn prefill(
    door: &Door,
    reader: &mut Reader<'_>,
    command: &str,
    reference: Option<&str>,
) -> Result<Map<String, Value>, ReadError> {
    let Some(spec) = commands().find(|spec| spec.command == Some(command)) else {
        return Ok(Map::new());
    };
    let mut known = match reference {
        Some(reference) => of_object(door, reader, command, reference).await?,
        None => Map::new(),
    };
    if !known.contains_key("site")
        && let Some(only) = only_site(door, reader).await?
    {
        known.insert("site".to_owned(), json!(only));
    }
    // What is registered has a name of its own.
    if let Some(subject) = command.strip_suffix(".register") {
        known.remove(if subject == "person" { "login" } else { subject });
    }
    known.retain(|name, _| spec.fields.iter().any(|field| field.name == name));
    Ok(known)
}

/// The one site that there is, or that this person's roles reach.
async fn only_site(door: &Door, reader: &mut Reader<'_>) -> Result<Option<String>, ReadError> {
    if let [only] = reader.status().await?.sites.as_slice() {
        return Ok(Some(only.site.clone()));
    }
    let now = reader.now();
    let reached = door.holder(reader).await?.and_then(|holder| holder.sites(now));
    let reached: Vec<String> = reached.iter().flatten().map(ToString::to_string).collect();
    Ok(match reached.as_slice() {
        [only] => Some(only.clone()),
        [] | [_, ..] => None,
    })
}

async fn of_object(
    door: &Door,
    reader: &mut Reader<'_>,
    command: &str,
    reference: &str,
) -> Result<Map<String, Value>, ReadError> {
    let prefix = reference.split_once('-').map_or("", |(prefix, _)| prefix);
    let value = match prefix {
        "CR" => match reader.one::<Change>(reference).await? {
            Some(row) => change(door, reader, command, &row).await?,
            None => Value::Null,
        },
        "VW" => match reader.one::<Window>(reference).await? {
            // Another window has nothing to do with the one that is selected.
            Some(_) if command == "window.request" => Value::Null,
            Some(row) => {
                let discipline = mine(door, reader, &row.approvals).await?;
                json!({
                    "site": row.site, "assets": row.assets.0, "vendor": row.vendor,
                    "person": row.person, "change": row.change, "discipline": discipline,
                    "end": row.end,
                })
            }
            None => Value::Null,
        },
        "VX" => match reader.one::<Extension>(reference).await? {
            Some(row) => json!({ "discipline": mine(door, reader, &row.approvals).await? }),
            None => Value::Null,
        },
        "RA" => match reader.one::<Acceptance>(reference).await? {
            Some(row) => json!({ "discipline": mine(door, reader, &row.approvals).await? }),
            None => Value::Null,
        },
        "R" => match reader.one::<Risk>(reference).await? {
            Some(row) => risk(reader, command, &row).await?,
            None => Value::Null,
        },
        _ if reference.contains('/') => match reader.one::<Asset>(reference).await? {
            Some(row) => asset(command, &row),
            None => Value::Null,
        },
        _ if command.starts_with("vendor.") => json!({ "vendor": reference }),
        _ if command == "duty.end" => duty(reader, reference).await?,
        _ => site(reader, reference).await?,
    };
    Ok(match value {
        Value::Object(mut fields) => {
            fields.retain(|_, value| !value.is_null());
            fields
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Map::new()
        }
    })
}

async fn change(
    door: &Door,
    reader: &mut Reader<'_>,
    command: &str,
    row: &Change,
) -> Result<Value, ReadError> {
    if command == "change.revise" {
        return Ok(of_revision(row));
    }
    if command == "change.request" {
        return Ok(anew(row));
    }
    let against =
        if command == "change.waive" { reader.against(&row.r#ref).await? } else { Vec::new() };
    let only = match against.as_slice() {
        [only] => Some(&only.conflict.with),
        [] | [_, ..] => None,
    };
    Ok(json!({
        "site": row.site, "assets": row.assets.0, "change": row.r#ref, "conflict": only,
        "asset": match row.assets.0.as_slice() { [only] => Some(only), [] | [_, ..] => None },
        "discipline": match command {
            "change.review" => reviews(door, reader, &row.approvals).await?,
            _ => mine(door, reader, &row.approvals).await?,
        },
    }))
}

/// The discipline for which the person would review an emergency.
async fn reviews(
    door: &Door,
    reader: &mut Reader<'_>,
    board: &Approvals,
) -> Result<Option<&'static str>, ReadError> {
    let Some(holder) = door.holder(reader).await? else { return Ok(None) };
    let mut held = board.reviewing().filter_map(Discipline::parse);
    Ok(held.find(|one| holder.holds(*one)).map(Discipline::word))
}

/// A request beside a change: another one, which has nothing to do with it, or after a veto the one that takes its place
/// and differs in what made the veto, or after a time that passed unused the same at another time.
fn anew(row: &Change) -> Value {
    if row.kind == "standard" && row.template.is_none() && row.decided == "approved" {
        return once(row);
    }
    let lapsed = row.effective_state == "expired";
    if row.decided != "vetoed" && !lapsed {
        return Value::Null;
    }
    let mut values = fields(of_revision(row));
    values.extend(fields(replacing(row)));
    values.remove("approve_by");
    if lapsed {
        for passed in ["start", "end", "revert_by"] {
            values.remove(passed);
        }
    }
    Value::Object(values)
}

/// A use of a standard change that all approved: as they approved it, at a time of its own.
fn once(row: &Change) -> Value {
    let mut values = fields(of_revision(row));
    values.extend(fields(replacing(row)));
    values.insert("template".to_owned(), json!(row.r#ref));
    for own in ["supersedes", "approve_by", "start", "end", "external_ref"] {
        values.remove(own);
    }
    Value::Object(values)
}

/// What a request that replaces a change says of it beside its plan.
fn replacing(row: &Change) -> Value {
    json!({
        "supersedes": row.r#ref, "site": row.site, "kind": row.kind, "activity": row.activity,
        "intervention": row.intervention, "alters_logic": row.alters_logic,
        "alters_validated": row.alters_validated, "revert_by": row.revert_by,
    })
}

async fn risk(reader: &mut Reader<'_>, command: &str, row: &Risk) -> Result<Value, ReadError> {
    if command == "risk.raise" {
        // Another risk has nothing of this one: at which plant it is must not come from where somebody stood.
        return Ok(json!({}));
    }
    let weight = row.current_weight.as_ref().or(row.inherent_weight.as_ref()).map(|w| w.0);
    let title = match command {
        "change.request" => Some(format!("Mitigate {}: {}", row.r#ref, row.title)),
        _ => None,
    };
    Ok(json!({
        "site": row.site, "risks": [row.r#ref], "assets": risk_assets(reader, row).await?, "title": title,
        "owner": row.owner, "due": row.due, "level": "current",
        "likelihood": weight.map(|w| w.likelihood), "consequence": weight.map(|w| w.consequence),
        "compensating": row.compensating.0, "treatment": row.treatment,
    }))
}

fn asset(command: &str, row: &Asset) -> Value {
    if command != "asset.update" {
        return json!({ "site": row.site, "assets": [row.r#ref] });
    }
    let mut known = serde_json::to_value(row).unwrap_or(Value::Null);
    if let Some(fields) = known.as_object_mut() {
        fields.remove("constraints");
    }
    known
}

/// The one duty of a person that goes on or is to come; with several only whose they are.
async fn duty(reader: &mut Reader<'_>, login: &str) -> Result<Value, ReadError> {
    let mut known = Vec::new();
    for state in ["on", "to_come"] {
        let filter = format!("login:{login} state:{state}");
        known.extend(reader.list::<Duty>(&filter, &Page::ALL).await?.rows);
    }
    Ok(match known.as_slice() {
        [only] => json!({
            "login": login, "discipline": only.discipline, "site": only.site,
            "from": (only.state == "to_come").then_some(only.from),
        }),
        [] | [_, ..] => json!({ "login": login }),
    })
}

async fn site(reader: &mut Reader<'_>, reference: &str) -> Result<Value, ReadError> {
    let sites = reader.status().await?.sites;
    let known = sites.iter().any(|site| site.site == reference);
    Ok(if known { json!({ "site": reference }) } else { json!({ "login": reference }) })
}

/// The discipline for which the person would decide.
async fn mine(
    door: &Door,
    reader: &mut Reader<'_>,
    board: &Approvals,
) -> Result<Option<&'static str>, ReadError> {
    let holder = door.holder(reader).await?;
    let me = Me { holder: holder.as_ref(), now: reader.now() };
    Ok(gate::mine(board, &me).map(Discipline::word))
}
