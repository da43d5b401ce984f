//! The loop: it waits, hands messages to the state, carries out effects, and draws at most once per turn.
//!
//! An idle console waits and writes nothing. Everything that is ready is taken in before one frame is
//! drawn; the answer to a key is drawn at once, what the store brings waits for the frame's turn.

mod jobs;

use std::collections::HashMap;
use std::future::Future;
use std::io::{self, Write};
use std::time::Duration;

use ratatui::Terminal;
use ratatui::layout::{Rect, Size};
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinHandle};
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::app::view::view;
use super::app::{App, Drafts, Effect, Msg};
use super::data::{Ask, Data, Failure, Receipt, Slot, Submission, Told};
use super::term::canvas::Canvas;
use super::term::{Hangup, Happening, Holder, Input, hangs_up};
use crate::domain::time::Time;

/// Answers that may wait to be taken in.
const WAITING: usize = 256;

/// Shortest time between two refreshes that the store's own changes cause.
const CALM: Duration = Duration::from_millis(100);

/// How long a frame that is late already waits for the answer that comes with the first.
const BRIEF: Duration = Duration::from_millis(5);

/// How often the age of what is shown is written while the store does not answer, and the store asked again.
const AGEING: Duration = Duration::from_secs(5);

/// Longest time that leaving waits until unfinished forms are on the disk.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Time between two strokes of the bell.
const PAUSE: Duration = Duration::from_millis(400);

/// What the console needs of the store, as jobs that may take their time.
pub trait Back: Clone + Send + Sync + 'static {
    /// Answers a question.
    fn load(&self, ask: Ask) -> impl Future<Output = Result<Data, Failure>> + Send;

    /// Answers questions that are asked at once, each as soon as it is known; of one moment, where the store has moments.
    fn load_all(
        &self,
        asks: Vec<Ask>,
        told: mpsc::Sender<(usize, Result<Data, Failure>)>,
    ) -> impl Future<Output = ()> + Send {
        async move {
            for (at, ask) in asks.into_iter().enumerate() {
                // Nobody waits for it any more.
                let _ = told.send((at, self.load(ask).await)).await;
            }
        }
    }

    /// Does a command; it is never repeated by the console itself.
    fn submit(
        &self,
        submission: Submission,
    ) -> impl Future<Output = Result<Receipt, Failure>> + Send;

    /// Resolves when the ledger has entries that were not there at the call before.
    fn changed(&mut self) -> impl Future<Output = ()> + Send;

    /// Resolves when the store says something beside its entries.
    fn told(&mut self) -> impl Future<Output = Told> + Send;

    /// Gives up waiting for the lock of writers; what has it goes on.
    fn give_up(&self);

    /// Keeps unfinished forms where only the person can read them.
    fn keep_drafts(&self, drafts: Drafts) -> impl Future<Output = ()> + Send;

    /// The time by the store's clock.
    fn now(&self) -> Time;
}

/// How the console ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The person left.
    Left,
    /// The person wants to see the store as it stood at this moment, an entry's number or an instant.
    Past(String),
    /// It had to.
    Hangup(Hangup),
}

enum Answer {
    Loaded(Slot, u64, Result<Data, Failure>),
    Submitted(u64, Result<Receipt, Failure>),
    Changed,
    Told(Told),
    Broken,
}

/// A running console.
pub struct Runtime<B, W: Write> {
    app: App,
    back: B,
    terminal: Terminal<Canvas<W>>,
    answers: (mpsc::Sender<Answer>, mpsc::Receiver<Answer>),
    jobs: HashMap<Slot, AbortHandle>,
    /// Jobs that answer several questions: a newer one for one of them leaves the others their answers.
    together: Vec<AbortHandle>,
    keeping: Option<JoinHandle<()>>,
    frame_delay: Duration,
    draw_at: Option<Instant>,
    /// When the news that is read now was to be drawn.
    gathers: Option<Instant>,
    /// Strokes of the bell that are still to be heard, and when the next is.
    strokes: u8,
    /// The due instant of which the state was told last.
    due_told: Option<Time>,
    ring_at: Option<Instant>,
    ended: Option<Ended>,
}

impl<B: Back, W: Write> Runtime<B, W> {
    /// A console that has drawn nothing yet; `frame_delay` is how long it gathers what the store brings.
    pub fn new(app: App, back: B, out: W, size: Size, frame_delay: Duration) -> io::Result<Self> {
        Ok(Self {
            app,
            back,
            terminal: Terminal::new(Canvas::new(out, size))?,
            answers: mpsc::channel(WAITING),
            jobs: HashMap::new(),
            together: Vec::new(),
            keeping: None,
            frame_delay,
            draw_at: Some(Instant::now()),
            // Whoever starts waits for the first answers, and for nothing after them.
            gathers: Some(Instant::now()),
            strokes: 0,
            due_told: None,
            ring_at: None,
            ended: None,
        })
    }

    /// Runs until the person leaves or has to.
    pub async fn run(
        mut self,
        first: Vec<Effect>,
        input: &mut impl Input,
        holder: &mut impl Holder,
    ) -> io::Result<Ended> {
        let mut ended = self.serve(first, input, holder).await;
        if let Err(error) = &ended {
            // A frame may find the line gone before anything tells of it, and what was typed is kept then too.
            if hangs_up(error) {
                ended = Ok(Ended::Hangup(Hangup::Line));
            }
            let kept = self.app.hang_up().into_iter().collect();
            self.carry_out(kept, holder)?;
        }
        if let Some(keeping) = self.keeping.take() {
            let _ = timeout(LAST_WORDS, keeping).await;
        }
        ended
    }

    /// Goes round until something ends it.
    async fn serve(
        &mut self,
        first: Vec<Effect>,
        input: &mut impl Input,
        holder: &mut impl Holder,
    ) -> io::Result<Ended> {
        self.watch_store();
        self.listen_to_store();
        self.carry_out(first, holder)?;
        loop {
            let mut minute = next_minute(self.back.now());
            if self.app.is_lost() {
                minute = minute.min(AGEING);
            }
            let due = self.due().filter(|(_, left)| *left < minute);
            let (draw_at, ring_at) = (self.draw_at, self.ring_at);
            tokio::select! {
                biased;
                happening = input.next() => self.happened(happening, holder)?,
                Some(answer) = self.answers.1.recv() => self.answered(answer, holder)?,
                () = sleep_until(draw_at.unwrap_or_else(Instant::now)), if draw_at.is_some() => {}
                () = sleep_until(ring_at.unwrap_or_else(Instant::now)), if ring_at.is_some() => {}
                () = sleep(due.map_or(minute, |(_, left)| left)) => {
                    let msg = match due {
                        Some((at, _)) => {
                            self.due_told = Some(at);
                            Msg::Due
                        }
                        None => Msg::Minute,
                    };
                    self.tell(msg, holder)?;
                }
            }
            while let Some(happening) = input.ready() {
                self.happened(happening, holder)?;
            }
            while let Ok(answer) = self.answers.1.try_recv() {
                self.answered(answer, holder)?;
            }
            if let Some(ended) = self.ended.take() {
                return Ok(ended);
            }
            if self.ring_at.is_some_and(|at| at <= Instant::now()) {
                self.stroke();
            }
            if self.draw_at.is_some_and(|at| at <= Instant::now()) {
                self.draw_at = None;
                self.terminal.draw(|frame| view(&self.app, frame))?;
            }
        }
    }

    /// The next instant at which time alone changes what is shown, and how long until then; not one that the state was
    /// told of.
    fn due(&self) -> Option<(Time, Duration)> {
        let now = self.back.now();
        let told = |due: &Time| self.due_told == Some(*due) && *due <= now;
        let due = self.app.dues().filter(|due| !told(due)).min()?;
        let left = due.micros().saturating_sub(now.micros());
        Some((due, Duration::from_micros(u64::try_from(left).unwrap_or(0))))
    }

    fn watch_store(&self) {
        let (mut back, sender) = (self.back.clone(), self.answers.0.clone());
        tokio::spawn(async move {
            loop {
                back.changed().await;
                if sender.send(Answer::Changed).await.is_err() {
                    return;
                }
                sleep(CALM).await;
            }
        });
    }

    fn listen_to_store(&self) {
        let (mut back, sender) = (self.back.clone(), self.answers.0.clone());
        tokio::spawn(
            async move { while sender.send(Answer::Told(back.told().await)).await.is_ok() {} },
        );
    }

    fn happened(&mut self, happening: Happening, holder: &mut impl Holder) -> io::Result<()> {
        match happening {
            Happening::Strokes(strokes) => {
                self.draw_at = Some(Instant::now());
                self.tell(Msg::Strokes(strokes), holder)
            }
            Happening::Resized(size) => {
                self.resize(size)?;
                self.tell(Msg::Resized(size), holder)
            }
            Happening::Suspend => self.carry_out(vec![Effect::Suspend], holder),
            Happening::Resumed => {
                holder.take()?;
                self.repaint()
            }
            Happening::Hangup(hangup) => {
                self.ended = Some(Ended::Hangup(hangup));
                let kept = self.app.hang_up().into_iter().collect();
                self.carry_out(kept, holder)
            }
        }
    }

    fn answered(&mut self, answer: Answer, holder: &mut impl Holder) -> io::Result<()> {
        let msg = match answer {
            Answer::Loaded(slot, number, outcome) => Msg::Loaded(slot, number, outcome),
            Answer::Submitted(number, outcome) => Msg::Submitted(number, outcome),
            Answer::Changed => Msg::Changed,
            Answer::Told(told) => Msg::Told(told),
            Answer::Broken => {
                return Err(io::Error::other(
                    "a part of the console broke; its message stands above",
                ));
            }
        };
        self.tell(msg, holder)
    }

    fn tell(&mut self, msg: Msg, holder: &mut impl Holder) -> io::Result<()> {
        let soon = Instant::now() + self.frame_delay;
        let news = matches!(msg, Msg::Changed);
        let effects = self.app.update(self.back.now(), msg);
        if news && effects.iter().any(|effect| matches!(effect, Effect::Load(..))) {
            // Nothing shows yet: the frame waits for the answers, and is due as long after the news as any.
            self.gathers = Some(soon);
        } else {
            let due = self.gathers.take().map_or(soon, |at| at.max(Instant::now() + BRIEF));
            self.draw_at = Some(self.draw_at.map_or(due, |at| at.min(due)));
        }
        self.carry_out(effects, holder)
    }

    fn carry_out(&mut self, effects: Vec<Effect>, holder: &mut impl Holder) -> io::Result<()> {
        let mut questions = Vec::new();
        for effect in effects {
            match effect {
                Effect::Load(slot, number, ask) => questions.push((slot, number, ask)),
                Effect::Submit(number, submission) => {
                    let back = self.back.clone();
                    self.job(async move { back.submit(submission).await }, move |outcome| {
                        Answer::Submitted(number, outcome)
                    });
                }
                Effect::KeepDrafts(drafts) => {
                    // One after the other: the last one written must be the last one said.
                    let (back, before) = (self.back.clone(), self.keeping.take());
                    self.keeping = Some(tokio::spawn(async move {
                        if let Some(before) = before {
                            let _ = before.await;
                        }
                        back.keep_drafts(drafts).await;
                    }));
                }
                Effect::GiveUp => self.back.give_up(),
                Effect::Bell => self.terminal.backend_mut().bell(),
                Effect::Ring(times) => {
                    (self.strokes, self.ring_at) = (times, Some(Instant::now()));
                }
                Effect::Repaint => self.repaint()?,
                Effect::Suspend => holder.stop()?,
                Effect::Cancel => {
                    questions.clear();
                    self.jobs.drain().for_each(|(_, job)| job.abort());
                    self.together.drain(..).for_each(|job| job.abort());
                }
                Effect::Past(moment) => self.ended = Some(Ended::Past(moment)),
                Effect::Quit => self.ended = Some(Ended::Left),
            }
        }
        self.ask(questions);
        Ok(())
    }

    /// One stroke of the bell; the next comes after a pause, because terminals take strokes at once for one.
    fn stroke(&mut self) {
        self.terminal.backend_mut().bell();
        self.strokes = self.strokes.saturating_sub(1);
        self.ring_at = (self.strokes > 0).then(|| Instant::now() + PAUSE);
        self.draw_at = Some(Instant::now());
    }

    fn resize(&mut self, size: Size) -> io::Result<()> {
        self.terminal.backend_mut().set_size(size);
        self.repaint()
    }

    /// Everything is drawn again, without asking the terminal what it shows.
    fn repaint(&mut self) -> io::Result<()> {
        self.terminal.backend_mut().forget();
        let size = self.terminal.size()?;
        self.terminal.resize(Rect::new(0, 0, size.width, size.height))?;
        self.draw_at = Some(Instant::now());
        Ok(())
    }
}

fn next_minute(now: Time) -> Duration {
    let into = now.micros().rem_euclid(60_000_000);
    Duration::from_micros(u64::try_from(60_000_000 - into).unwrap_or(60_000_000))
}

#[cfg(test)]
mod tests;
