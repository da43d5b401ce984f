//! Questions and commands as jobs beside the loop: their outcomes come back as answers.

use std::future::Future;
use std::io::Write;

use tokio::sync::mpsc;
use tokio::task::AbortHandle;

use super::{Answer, Back, Runtime};
use crate::console::data::{Ask, Slot};

/// A question, with where its answer goes.
type Question = (Slot, u64, Ask);

impl<B: Back, W: Write> Runtime<B, W> {
    /// Asks; what is asked at once shares a moment and a connection, but for what may take long.
    pub(super) fn ask(&mut self, questions: Vec<Question>) {
        let (alone, mut shared): (Vec<_>, Vec<_>) =
            questions.into_iter().partition(|(_, _, ask)| matches!(ask, Ask::Check(_)));
        if shared.len() > 1 {
            // A screen is one question to the store, what frames it may be many.
            shared.sort_by_key(|(slot, ..)| !matches!(slot, Slot::Screen(_)));
            self.load_together(shared);
        } else {
            shared.into_iter().for_each(|(slot, number, ask)| self.load(slot, number, ask));
        }
        alone.into_iter().for_each(|(slot, number, ask)| self.load(slot, number, ask));
    }

    fn load_together(&mut self, questions: Vec<Question>) {
        let (back, sender) = (self.back.clone(), self.answers.0.clone());
        let (tell, mut told) = mpsc::channel(questions.len());
        let mut asked = Vec::new();
        let mut asks = Vec::new();
        for (slot, number, ask) in questions {
            asked.push((slot, number));
            asks.push(ask);
        }
        let work = tokio::spawn(async move { back.load_all(asks, tell).await });
        self.together.retain(|job| !job.is_finished());
        self.together.push(work.abort_handle());
        tokio::spawn(async move {
            while let Some((at, outcome)) = told.recv().await {
                let Some((slot, number)) = asked.get(at).copied() else { continue };
                let _ = sender.send(Answer::Loaded(slot, number, outcome)).await;
            }
            if work.await.is_err_and(|ended| ended.is_panic()) {
                let _ = sender.send(Answer::Broken).await;
            }
        });
    }

    fn load(&mut self, slot: Slot, number: u64, ask: Ask) {
        let back = self.back.clone();
        let job = self.job(async move { back.load(ask).await }, move |outcome| {
            Answer::Loaded(slot, number, outcome)
        });
        if let Some(older) = self.jobs.insert(slot, job) {
            older.abort();
        }
        self.jobs.retain(|_, job| !job.is_finished());
    }

    /// Starts a job whose outcome comes back as an answer; a job that panics ends the console.
    pub(super) fn job<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
        answer: impl FnOnce(T) -> Answer + Send + 'static,
    ) -> AbortHandle {
        let work = tokio::spawn(work);
        let (handle, sender) = (work.abort_handle(), self.answers.0.clone());
        tokio::spawn(async move {
            let answer = match work.await {
                Ok(outcome) => answer(outcome),
                Err(ended) if ended.is_panic() => Answer::Broken,
                Err(_) => return,
            };
            let _ = sender.send(answer).await;
        });
        handle
    }
}
