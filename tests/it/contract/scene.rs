//! A store with people at it, and how a story tells a command: with the effect that another person then reads.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value;
use smc::clock;
use smc::commands::Desk;
use smc::console::back::Door;
use smc::domain::command::{Spec, commands};
use smc::domain::time::Time;
use smc::store::StoreError;
use smc::store::query::Page;
use tokio::sync::OnceCell;
use tokio::time::sleep;

use crate::it::watch_kept;
use crate::support::engine::Engine;
use crate::support::story::{Story, begin, submit};

/// Where a story happens.
pub struct Scene {
    pub engine: Engine,
    pub story: Story,
    third: OnceCell<Desk>,
    /// Alice's console, which followed everything that was written.
    followed: Door,
    told: RefCell<BTreeSet<&'static str>>,
}

/// Whether `found` has what `wanted` says: objects need the named fields, everything else is equal.
fn has(found: &Value, wanted: &Value) -> bool {
    match (found, wanted) {
        (Value::Object(found), Value::Object(wanted)) => wanted
            .iter()
            .all(|(name, wanted)| found.get(name).is_some_and(|found| has(found, wanted))),
        (found, wanted) => found == wanted,
    }
}

fn spec(command: &str) -> &'static Spec {
    commands().find(|spec| spec.command == Some(command)).expect("the command stands in the table")
}

impl Scene {
    /// A fresh store on this engine, and its people.
    pub async fn set(engine: Engine) -> Self {
        let story = begin(&engine).await;
        let (third, followed) = (OnceCell::new(), watch_kept::door(&story).await);
        watch_kept::shown(&followed).await;
        watch_kept::risks(&followed).await;
        Self { engine, story, third, followed, told: RefCell::default() }
    }

    /// Somebody of management, who decides where bob has decided for operations: nobody counts twice.
    pub async fn third(&self) -> &Desk {
        let joined = async || {
            self.story.joined(&self.engine, "third", &["management"], "site_security").await
        };
        self.third.get_or_init(joined).await
    }

    /// Waits until this instant has passed.
    pub async fn passed(&self, until: &str) {
        let until: Time = until.parse().unwrap();
        while clock::now() <= until {
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// The commands that were told.
    pub fn told(&self) -> BTreeSet<&'static str> {
        self.told.borrow().clone()
    }

    /// Somebody does something; its entry is of the command's kind, and another person reads this effect at the
    /// object that the receipt names. Gives that reference.
    pub async fn does(&self, desk: &Desk, command: &str, fields: Value, effect: Value) -> String {
        let reference = self.writes(desk, command, fields).await;
        self.shows(&reference, effect).await;
        self.told.borrow_mut().insert(spec(command).command.unwrap_or_default());
        reference
    }

    /// The same, where the effect is a row of a list instead of an object of its own.
    pub async fn does_in(
        &self,
        desk: &Desk,
        (command, fields): (&str, Value),
        list: &str,
        effect: Value,
    ) {
        self.writes(desk, command, fields).await;
        self.lists(list, "", effect).await;
        self.told.borrow_mut().insert(spec(command).command.unwrap_or_default());
    }

    /// The same, where the effect is read in another way.
    pub async fn does_so(
        &self,
        desk: &Desk,
        (command, fields): (&str, Value),
        has_effect: impl AsyncFnOnce(&str) -> bool,
    ) {
        let reference = self.writes(desk, command, fields.clone()).await;
        let has_effect = has_effect(&reference).await;
        assert!(has_effect, "{}: {command} {fields} has no effect", self.engine.name());
        self.told.borrow_mut().insert(spec(command).command.unwrap_or_default());
    }

    /// A console that followed shows what one that opens now shows.
    async fn is_followed(&self, command: &str) {
        // A minute that begins, or an instant that comes, between the two is read by the one that reads later alone.
        for patience in [true, false] {
            let console = watch_kept::door(&self.story).await;
            let shown = watch_kept::shown(&self.followed).await;
            let risks = watch_kept::risks(&self.followed).await;
            let now = (watch_kept::shown(&console).await, watch_kept::risks(&console).await);
            if !patience || (&shown, &risks) == (&now.0, &now.1) {
                assert_eq!((shown, risks), now, "{}: after {command}", self.engine.name());
                return;
            }
        }
    }

    /// Somebody does something; its entry is of the command kind. Gives the reference that it is about.
    pub async fn writes(&self, desk: &Desk, command: &str, fields: Value) -> String {
        let receipt = match submit(desk, command, fields.clone()).await {
            Ok(receipt) => receipt,
            Err(fault) => panic!("{}: {command} {fields}: {fault}", self.engine.name()),
        };
        let reference = receipt.reference.to_string();
        let mut reader = self.story.alice.store().reader().await.unwrap();
        let history = reader.history(&reference).await.unwrap();
        reader.done().await;
        let entry = history.iter().find(|entry| Some(&entry.seq) == receipt.entries.first());
        let entry = entry.expect("the entry of the receipt is of its subject");
        // One command may stand for the kinds of several subjects.
        let mut kinds = spec(command).kind.split(" | ").map(|k| k.trim_start_matches("<subject>"));
        assert!(kinds.any(|kind| entry.kind.ends_with(kind)), "{command} wrote {}", entry.kind);
        assert_eq!(entry.actor, desk.store().facts().actor.as_str(), "{command}");
        if receipt.reference.number().is_some() && !reference.contains(':') {
            // Whoever saw it before is told that it moved, and whoever sees it now is not; what is said of it without a
            // decision leaves it as it was before.
            let moved = history.iter().rev().find(|entry| entry.kind != "comment.added");
            let last = moved.map(|entry| entry.seq);
            let shown = self.shown(&reference).await;
            assert_eq!(
                shown["seq"].as_i64(),
                last,
                "{command} leaves {reference} as old as before"
            );
        }
        self.is_followed(command).await;
        reference
    }

    /// Another person reads this at an object.
    pub async fn shows(&self, reference: &str, wanted: Value) {
        assert!(wanted.as_object().is_some_and(|wanted| !wanted.is_empty()), "nothing is asserted");
        let found = self.shown(reference).await;
        assert!(
            has(&found, &wanted),
            "{}: {reference} is {found:#}, not {wanted}",
            self.engine.name()
        );
    }

    /// An object as another person reads it.
    pub async fn shown(&self, reference: &str) -> Value {
        let mut reader = self.story.alice.store().reader().await.unwrap();
        let shown = reader.show(reference).await.unwrap().json().unwrap();
        reader.done().await;
        shown
    }

    /// Another person reads a row like this in a list.
    pub async fn lists(&self, list: &str, filter: &str, wanted: Value) {
        let mut reader = self.story.alice.store().reader().await.unwrap();
        let rows = reader.listing(list, filter, &Page::ALL).await.unwrap().rows;
        reader.done().await;
        assert!(
            rows.iter().any(|row| has(row, &wanted)),
            "{}: no {wanted} among the {list}: {rows:#?}",
            self.engine.name()
        );
    }

    /// A rule refuses; gives the code.
    pub async fn refused(&self, desk: &Desk, command: &str, fields: Value) -> &'static str {
        match submit(desk, command, fields.clone()).await {
            Err(StoreError::Refused(refusal)) => refusal.code.word(),
            other => panic!("{}: {command} {fields}: {other:?}", self.engine.name()),
        }
    }

    /// Decides in the first discipline given and says yes in the others, by whoever holds them.
    pub async fn approved(&self, reference: &str, command: &str) {
        let story = &self.story;
        let waiting = self.waiting(reference).await;
        assert!(!waiting.is_empty(), "{reference} waits for nobody");
        for discipline in waiting {
            let desk = match discipline.as_str() {
                "it_security" => story.alice.clone(),
                "operations" => story.bob.clone(),
                "management" => self.third().await.clone(),
                "vendor_management" | "safety" => story.vera.clone(),
                "engineering" => story.erik.clone(),
                other => panic!("nobody is there for {other}"),
            };
            self.does(
                &desk,
                command,
                serde_json::json!({"ref": reference, "discipline": discipline}),
                serde_json::json!({"ref": reference}),
            )
            .await;
            let board = self.shown(reference).await;
            let said = board["approvals"].as_array().unwrap();
            let said = said.iter().find(|one| one["discipline"] == discipline.as_str()).unwrap();
            assert_eq!(said["decision"], "yes", "{board:#}");
            assert_eq!(said["person"], desk.store().facts().actor.as_str(), "{board:#}");
        }
        self.shows(reference, serde_json::json!({"state": "approved"})).await;
    }

    /// The disciplines that an object waits for.
    pub async fn waiting(&self, reference: &str) -> Vec<String> {
        let shown = self.shown(reference).await;
        let board = shown["approvals"].as_array().unwrap().iter();
        board
            .filter(|one| one["decision"].is_null())
            .map(|one| one["discipline"].as_str().unwrap().to_owned())
            .collect()
    }
}
