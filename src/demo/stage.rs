//! The stage of the story: takes its steps in the order of their times, each by the person whose work it is.
//!
//! What follows while the story runs (the next decision on a request, a deadline that passes) is taken in its turn.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use chrono_tz::Tz;
use serde_json::Value;

use super::fault::Fault;
use super::moment::Moment;
use super::seed::Seed;
use super::story::{Act, Deed, FOUNDER, Step};
use super::{inventory, people};
use crate::commands::{Desk, Submission};
use crate::domain::command::Command;
use crate::domain::names::Login;
use crate::domain::text::Line;
use crate::domain::time::Time;
use crate::store::query::{Board, Required};
use crate::store::{Place, StoreError, Teller};

mod imports;

/// The organisation's name.
const ORGANISATION: &str = "Aldermere Process Industries";

/// Who is on shift at the centre, from which hour in UTC on.
const SHIFTS: [(i64, &str); 3] = [(5, "mvermeer"), (13, "tokafor"), (21, "gsorensen")];

/// What is still to come, in its order.
#[derive(Debug)]
enum Turn {
    Step(Step),
    /// Another decision on this request, so many seconds after the last.
    Decide {
        reference: String,
        every: i64,
    },
    /// A deadline has passed.
    Tick,
}

/// The store that is made, and how far the story has come.
pub(super) struct Stage {
    desk: Desk,
    teller: Teller,
    founder: Login,
    present: Time,
    now: Time,
    seed: Seed,
    inventories: BTreeMap<&'static str, Vec<inventory::Line>>,
    made: BTreeMap<String, String>,
    taken: BTreeSet<String>,
    turns: BTreeMap<(Time, u64), Turn>,
    queued: u64,
    work: PathBuf,
}

/// The command that an act asks for, its fields filled in.
pub(super) fn command(act: &Act, fields: Value) -> Result<Command, String> {
    match Command::read(&act.command, fields) {
        Some(read) => read.map_err(|fault| fault.to_string()),
        None => Err("there is no such command".to_owned()),
    }
}

/// Who is on shift at the centre.
fn on_shift(at: Time) -> &'static str {
    let hour = at.micros().div_euclid(3_600_000_000).rem_euclid(24);
    let begun = SHIFTS.iter().rev().find(|(from, _)| *from <= hour);
    begun.or(SHIFTS.last()).map_or("mvermeer", |(_, login)| login)
}

fn login(word: &str) -> Result<Login, Fault> {
    Login::new(word).map_err(|fault| Fault::file(word, fault))
}

impl Stage {
    /// Founds the store at the beginning of the story.
    pub async fn found(
        place: &Place,
        steps: Vec<Step>,
        present: Time,
        seed: u64,
        work: PathBuf,
    ) -> Result<Self, Fault> {
        let organisation =
            Line::new(ORGANISATION).map_err(|fault| Fault::file("the organisation", fault))?;
        let begins = steps.first().map_or(present, |step| step.at);
        let (store, teller) = Teller::found(place, &organisation, begins, seed).await?;
        let mut stage = Self {
            founder: store.facts().actor.clone(),
            desk: Desk::over(store, ""),
            teller,
            present,
            now: begins,
            seed: Seed::new(seed),
            inventories: inventory::lines(seed)?,
            made: BTreeMap::new(),
            taken: BTreeSet::new(),
            turns: BTreeMap::new(),
            queued: 0,
            work,
        };
        for step in steps {
            stage.queue(step.at, Turn::Step(step));
        }
        Ok(stage)
    }

    fn queue(&mut self, at: Time, turn: Turn) {
        self.queued += 1;
        self.turns.insert((at, self.queued), turn);
    }

    /// Takes every step, records what has lapsed by the present, and seals the store.
    pub async fn play(mut self) -> Result<(), Fault> {
        while let Some(((at, _), turn)) = self.turns.pop_first() {
            self.now = self.now.max(at);
            match turn {
                Turn::Step(step) => self.step(step).await?,
                Turn::Decide { reference, every } => self.decide(reference, every).await?,
                Turn::Tick => self.tick().await?,
            }
        }
        self.now = self.present;
        self.tick().await?;
        self.teller.turn(&self.founder, self.present);
        self.teller.clone().seal(self.desk.store()).await?;
        self.desk.close().await;
        Ok(())
    }

    fn act_as(&self, by: &str) -> Result<(), Fault> {
        let actor = if by == FOUNDER { self.founder.clone() } else { login(by)? };
        self.teller.turn(&actor, self.now);
        Ok(())
    }

    async fn step(&mut self, step: Step) -> Result<(), Fault> {
        let Step { by, zone, deed, .. } = step;
        match deed {
            Deed::Acts(acts) => self.acts(&by, zone, &acts).await,
            Deed::Approve { name, every } => {
                let reference = self.moment(zone).made(&name).map(str::to_owned);
                let reference = reference.map_err(|why| Fault::file(&name, why))?;
                self.decide(reference, every).await
            }
            Deed::Advisories(files) => self.advisories(&by, &files).await,
            Deed::Inventory { source, site, rows } => {
                self.inventory(&by, &source, &site, &rows).await
            }
            Deed::AccessLog { source, events } => {
                self.access_log(&by, &source, zone, &events).await
            }
        }
    }

    fn moment(&self, zone: Tz) -> Moment<'_> {
        Moment { at: self.now, present: self.present, zone, made: &self.made }
    }

    async fn acts(&mut self, by: &str, zone: Tz, acts: &[Act]) -> Result<(), Fault> {
        let mut submissions = Vec::with_capacity(acts.len());
        let mut deadlines = Vec::new();
        for act in acts {
            let refused = |why: String| Fault::Step {
                command: act.command.clone(),
                by: by.to_owned(),
                why: format!("{why} ({})", act.fields),
            };
            let fields = self.moment(zone).fill(&act.fields).map_err(refused)?;
            let named = ["end", "until"].iter().filter_map(|name| fields.get(*name)?.as_str());
            deadlines.extend(named.filter_map(|text| text.parse::<Time>().ok()));
            submissions.push(Submission::from(command(act, fields).map_err(refused)?));
        }
        self.act_as(by)?;
        let receipts = self.desk.submit_all(submissions).await.map_err(|fault| {
            let command = acts.iter().map(|act| act.command.as_str()).collect::<Vec<_>>();
            let told = acts.first().map(|act| act.fields.to_string()).unwrap_or_default();
            let why = format!("{fault} ({told}, {})", self.now);
            Fault::Step { command: command.join(", "), by: by.to_owned(), why }
        })?;
        for (act, receipt) in acts.iter().zip(receipts) {
            if let Some(name) = &act.name {
                self.made.insert(name.clone(), receipt.reference.to_string());
            }
        }
        let present = self.present;
        for due in deadlines.into_iter().filter(|due| *due < present) {
            self.queue(due.plus_seconds(75).min(present), Turn::Tick);
        }
        Ok(())
    }

    async fn board(&self, reference: &str) -> Result<Option<Board>, Fault> {
        let told = |why: String| Fault::Step {
            command: "decide".to_owned(),
            by: String::new(),
            why: format!("{reference}: {why}"),
        };
        let mut reader = self.desk.store().reader().await?;
        let board = reader.board(reference).await.map_err(|fault| told(fault.to_string()))?;
        reader.done().await;
        Ok(board)
    }

    /// The next discipline that is asked says yes, by somebody of the site if there is one.
    async fn decide(&mut self, reference: String, every: i64) -> Result<(), Fault> {
        self.act_as(on_shift(self.now))?;
        let Some(board) = self.board(&reference).await? else { return Ok(()) };
        let one_said =
            board.required.iter().any(|one| one.need == "one_of" && one.decision.is_some());
        // Of those of whom one is enough, only somebody on call is asked; reviews come later.
        let asked = |one: &&Required| {
            let waits =
                one.need == "must" || one.need == "one_of" && !one_said && !one.could.is_empty();
            waits && one.decision.is_none()
        };
        let Some(next) = board.required.iter().find(asked) else { return Ok(()) };
        if board.state != "pending" {
            return Ok(());
        }
        let refused = |why: String| Fault::Step {
            command: "approve".to_owned(),
            by: next.discipline.clone(),
            why: format!("{why} ({reference})"),
        };
        // Whoever made the store has come to look at it and decided nothing before.
        let others = || next.could.iter().filter(|login| login.as_str() != self.founder.as_str());
        let home: Vec<&String> = others().filter(|login| !people::of_the_centre(login)).collect();
        let could: Vec<&String> = if home.is_empty() { others().collect() } else { home };
        let by = self.seed.pick(&could).ok_or_else(|| refused("nobody could".to_owned()))?;
        let act = Act {
            command: "decide".to_owned(),
            name: None,
            fields: serde_json::json!({
                "ref": reference, "discipline": next.discipline, "decision": "yes",
            }),
        };
        self.acts(&by.to_string(), Tz::UTC, &[act]).await?;
        // However many are asked, the last of them speaks no later than the second of two would.
        let left = board.required.iter().filter(asked).count().saturating_sub(1);
        if let Some(every) = i64::try_from(left).ok().and_then(|left| every.checked_div(left)) {
            self.queue(self.now.plus_seconds(every), Turn::Decide { reference, every });
        }
        Ok(())
    }

    async fn tick(&mut self) -> Result<(), Fault> {
        self.act_as(on_shift(self.now))?;
        self.desk.tick().await?;
        Ok(())
    }
}

impl From<crate::domain::refusal::Refusal> for Fault {
    fn from(refusal: crate::domain::refusal::Refusal) -> Self {
        Self::Store(StoreError::Refused(refusal))
    }
}
