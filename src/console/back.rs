//! The console's other side: answers its questions through the Reader and does its commands through the Desk.
//!
//! A question is one read transaction. Nothing here decides anything, and nothing here is drawn.

mod bars;
mod brief;
mod kept;
mod lists;
mod objects;
mod over;
mod posture;
mod prefill;
mod scene;
mod standing;
mod submit;
mod suggest;
mod tiles;
mod tools;
mod trail;

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::sync::{Mutex as Turn, mpsc, watch};

use super::advice;
use super::app::Drafts;
use super::data::{Ask, Bars, Cut, Data, Failure, Frame, Receipt, Submission, Told};
use super::drafts;
use super::runtime::Back;
use super::widgets::bars::{Attention, Condition};
use crate::clock;
use crate::commands::Desk;
use crate::domain::names::Login;
use crate::domain::restore::Loss;
use crate::domain::role::Holder;
use crate::domain::time::Time;
use crate::ledger::Tip;
use crate::safe_text::SafeText;
use crate::store::feed::{State, Tail};
use crate::store::query::{Counts, Touched};
use crate::store::{ReadError, Reader, StoreError, Waiting};
use kept::Kept;
use objects::Part;

/// Microseconds between the clocks of this host and of the store from which it is an alarm.
const SKEW: i64 = 5_000_000;

/// The console's door to a store.
#[derive(Debug)]
pub struct Door {
    shared: Arc<Shared>,
    news: Option<mpsc::Receiver<Tail>>,
    words: Option<Words>,
}

/// What the store says beside its entries.
#[derive(Debug)]
struct Words {
    waiting: watch::Receiver<Option<Waiting>>,
    lost: watch::Receiver<Option<Loss>>,
    cut: watch::Receiver<Option<Cut>>,
}

impl Clone for Door {
    /// The same door; news come to whoever asks for them first at each clone.
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), news: None, words: None }
    }
}

#[derive(Debug)]
struct Shared {
    desk: Desk,
    drafts: Option<PathBuf>,
    /// Where the clocks of a past moment stand.
    still: Option<Time>,
    /// Microseconds that the store's clock is ahead of this host's.
    ahead: AtomicI64,
    /// What stands, read by whoever asks first for all who ask meanwhile.
    scene: Turn<Option<Kept>>,
    /// What entries touched between two places, for whoever asks of the same two again.
    touched: Mutex<Option<(Tip, Tip, Touched)>>,
    /// What was counted of risks where the ledger ended there.
    counted: Turn<Option<(Tip, Counts)>>,
    /// What is wrong with the store although it answers.
    wrong: Mutex<Option<Condition>>,
    /// That it does not answer.
    cut: watch::Sender<Option<Cut>>,
}

impl Door {
    /// A door through this desk; drafts are kept in this file, and clocks stand still for a past moment.
    pub fn new(desk: Desk, drafts: Option<PathBuf>, still: Option<Time>) -> Self {
        let (ahead, scene) = (AtomicI64::new(0), Turn::new(None));
        let (wrong, cut) = (Mutex::new(None), watch::Sender::new(None));
        let (counted, touched) = (Turn::new(None), Mutex::new(None));
        let shared = Shared { desk, drafts, still, ahead, scene, touched, counted, wrong, cut };
        Self { shared: Arc::new(shared), news: None, words: None }
    }

    fn desk(&self) -> &Desk {
        &self.shared.desk
    }

    async fn reader(&self) -> Result<Reader<'_>, ReadError> {
        let reader = self.desk().store().reader().await?;
        let ahead = reader.now().micros() - clock::now().micros();
        self.shared.ahead.store(ahead, Ordering::Relaxed);
        Ok(reader)
    }

    /// The person at the console as the rules see one now.
    async fn holder(&self, reader: &mut Reader<'_>) -> Result<Option<Holder>, ReadError> {
        reader.holder(self.login()).await
    }

    /// Who is at the console.
    fn login(&self) -> &Login {
        &self.desk().store().facts().actor
    }

    async fn answer(&self, reader: &mut Reader<'_>, ask: Ask) -> Result<Data, ReadError> {
        Ok(match ask {
            Ask::Bars => {
                let scene = self.scene(reader).await?;
                let frame =
                    Frame { tabs: bars::tabs(&scene), status: bars::status(self, reader, &scene) };
                let row = bars::attention(&scene);
                let attention = Attention { conditions: self.shared.conditions(), ..row };
                Data::Bars(Box::new(Bars { attention, frame: Some(frame) }))
            }
            Ask::Tiles => {
                let scene = self.scene(reader).await?;
                Data::Tiles(tiles::tiles(reader, &scene).await?)
            }
            Ask::List { subject, filter, after, limit } => {
                lists::list(self, reader, subject, &filter, after, limit).await?
            }
            Ask::Object { reference } => {
                Data::Object(objects::page(self, reader, &reference, Part::Whole).await?)
            }
            Ask::History { reference } => {
                Data::Object(objects::page(self, reader, &reference, Part::History).await?)
            }
            Ask::Why { reference } => {
                Data::Object(objects::page(self, reader, &reference, Part::Why).await?)
            }
            Ask::WhoDecides { reference } => {
                Data::Object(objects::page(self, reader, &reference, Part::WhoDecides).await?)
            }
            Ask::Check(check) => Data::Object(tools::check(self.desk(), check).await?),
            Ask::Suggest { of, typed, within } => {
                Data::Suggestions(suggest::suggest(reader, of, &typed, within.as_deref()).await?)
            }
            Ask::Over { of } => {
                let mut found = Vec::new();
                for (command, reference) in of {
                    found.push(over::over(self, reader, &command, &reference).await?);
                }
                Data::Over(found)
            }
            Ask::Values { of, begins } => {
                Data::Suggestions(suggest::values(reader, of, &begins).await?)
            }
            Ask::Find { words } => Data::Found(suggest::find(reader, &words).await?),
            Ask::Prefill { command, reference, into } => {
                let about = (reference.as_deref(), into.as_deref());
                Data::Prefill(prefill::start(self, reader, &command, about).await?)
            }
        })
    }

    /// What a question is answered where nothing can be read: what is wrong with the store must be seen even then.
    fn unread(&self, ask: &Ask, error: &ReadError) -> Result<Data, Failure> {
        let conditions = self.shared.conditions();
        if !matches!(ask, Ask::Bars) || conditions.is_empty() {
            return Err(failure(error));
        }
        let attention = Attention { conditions, ..Attention::default() };
        Ok(Data::Bars(Box::new(Bars { attention, frame: None })))
    }

    /// Records what has become due, if something has; says nothing.
    pub async fn tick(&self) {
        if self.desk().store().read_only().is_some() {
            return;
        }
        let Ok(mut reader) = self.reader().await else { return };
        let due = reader.due().await;
        reader.done().await;
        if matches!(due, Ok(true)) {
            // Another console may have been first, and a viewer may not write: both are in order.
            let _ = self.desk().tick().await;
        }
    }
}

impl Back for Door {
    async fn load(&self, ask: Ask) -> Result<Data, Failure> {
        // A long look must not hold the moment that a reader holds.
        if let Ask::Check(check) = ask {
            let found = tools::check(self.desk(), check).await;
            return found.map(Data::Object).map_err(|error| store_failure(&error, None));
        }
        let mut reader = match self.reader().await {
            Ok(reader) => reader,
            Err(error) => return self.unread(&ask, &error),
        };
        let answer = self.answer(&mut reader, ask).await;
        reader.done().await;
        answer.map_err(|error| failure(&error))
    }

    async fn load_all(&self, asks: Vec<Ask>, told: mpsc::Sender<(usize, Result<Data, Failure>)>) {
        let reader = self.reader().await;
        let mut reader = match reader {
            Ok(reader) => reader,
            Err(error) => {
                for (at, ask) in asks.iter().enumerate() {
                    let _ = told.send((at, self.unread(ask, &error))).await;
                }
                return;
            }
        };
        for (at, ask) in asks.into_iter().enumerate() {
            let answer = self.answer(&mut reader, ask).await.map_err(|error| failure(&error));
            if told.send((at, answer)).await.is_err() {
                break;
            }
        }
        reader.done().await;
    }

    async fn submit(&self, submission: Submission) -> Result<Receipt, Failure> {
        submit::submit(self.desk(), submission).await
    }

    async fn changed(&mut self) {
        if self.shared.still.is_some() {
            return std::future::pending().await;
        }
        let news = match &mut self.news {
            Some(news) => news,
            None => {
                let news = self.news.insert(self.shared.desk.watch());
                // The first news tells only where the ledger ends now, which the first questions tell too, and how
                // the store stands.
                let first = news.recv().await;
                if let Some(tail) = first.filter(|tail| tail.state != State::Live)
                    && self.shared.is_news(&tail)
                {
                    return;
                }
                self.news.get_or_insert_with(|| self.shared.desk.watch())
            }
        };
        loop {
            match news.recv().await {
                Some(tail) if self.shared.is_news(&tail) => return,
                Some(_) => {}
                None => std::future::pending::<()>().await,
            }
        }
    }

    async fn told(&mut self) -> Told {
        let words = self.words.get_or_insert_with(|| {
            let desk = &self.shared.desk;
            let (waiting, mut lost) = (desk.waiting(), desk.lost());
            // What was accepted at opening was said on a screen that is gone.
            lost.mark_changed();
            let mut cut = self.shared.cut.subscribe();
            if cut.borrow().is_some() {
                cut.mark_changed();
            }
            Words { waiting, lost, cut }
        });
        loop {
            tokio::select! {
                Ok(()) = words.waiting.changed() => {
                    let waiting = words.waiting.borrow_and_update();
                    return Told::Waiting(waiting.as_ref().map(held));
                }
                Ok(()) = words.lost.changed() => {
                    if let Some(loss) = &*words.lost.borrow_and_update() {
                        return Told::Lost(SafeText::from(loss.to_string()));
                    }
                }
                Ok(()) = words.cut.changed() => {
                    return Told::Cut(words.cut.borrow_and_update().clone());
                }
                else => std::future::pending().await,
            }
        }
    }

    fn give_up(&self) {
        self.desk().give_up();
    }

    async fn keep_drafts(&self, drafts: Drafts) {
        let Some(path) = self.shared.drafts.clone() else { return };
        // Drafts are a comfort: a full disk must not stop the work.
        let _ = tokio::task::spawn_blocking(move || drafts::write(&path, &drafts)).await;
    }

    fn now(&self) -> Time {
        if let Some(still) = self.shared.still {
            return still;
        }
        self.shared.by_the_store(clock::now())
    }
}

/// How long a command waits and for whom.
fn held(waiting: &Waiting) -> SafeText {
    let seconds = clock::now().seconds_since(waiting.since);
    let who = match &waiting.holder {
        Some(holder) => holder.to_string(),
        None => "another session".to_owned(),
    };
    SafeText::from(format!("waiting for the ledger {seconds} s: {who} holds it"))
}

/// Why a question has no answer, in the console's words.
fn failure(error: &ReadError) -> Failure {
    match error {
        ReadError::Store(error) => store_failure(error, None),
        ReadError::Filter(_)
        | ReadError::NotBuilt(_)
        | ReadError::NoList { .. }
        | ReadError::Cursor(_) => Failure::Refused {
            code: SafeText::fixed("asked wrongly"),
            message: SafeText::from(error.to_string()),
            fix: SafeText::default(),
            field: None,
        },
    }
}

/// Why the store did not do it, in the console's words.
fn store_failure(error: &StoreError, field: Option<String>) -> Failure {
    if let StoreError::Refused(refusal) = error {
        Failure::Refused {
            code: SafeText::fixed(refusal.code.word()),
            message: SafeText::from(refusal.message.as_str()),
            fix: advice::here(&refusal.fix),
            field,
        }
    } else if matches!(error, StoreError::Unknown { .. }) {
        Failure::Unknown(SafeText::from(error.to_string()))
    } else if let StoreError::Unavailable(why) = error {
        Failure::Unavailable(SafeText::from(why.as_str()))
    } else {
        Failure::Unavailable(SafeText::from(error.to_string()))
    }
}

/// A value's text, for values that are words.
fn text(value: &Value, field: &str) -> Option<String> {
    value.get(field)?.as_str().map(str::to_owned)
}
