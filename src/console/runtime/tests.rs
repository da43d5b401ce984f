//! The loop with a scripted keyboard and a store that answers from memory: bytes on the line, order, ends.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use super::*;
use crate::console::app::tests::{answer, now, setup};
use crate::console::keys::Key;
use crate::console::term::{Stroke, Strokes};
use crate::console::theme::{Look, Theme};
use crate::safe_text::SafeText;

#[derive(Clone, Default)]
struct Line(Arc<Mutex<Vec<Vec<u8>>>>);

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().push(bytes.to_vec());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[derive(Clone)]
struct Memory;

impl Back for Memory {
    async fn load(&self, ask: Ask) -> Result<Data, Failure> {
        answer(&ask, 40)
    }

    async fn submit(&self, _: Submission) -> Result<Receipt, Failure> {
        Ok(Receipt {
            reference: None,
            said: SafeText::fixed("done"),
            told: Vec::new(),
            leads: None,
        })
    }

    async fn changed(&mut self) {
        std::future::pending().await
    }

    async fn told(&mut self) -> Told {
        std::future::pending().await
    }

    fn give_up(&self) {}

    async fn keep_drafts(&self, _: Drafts) {}

    fn now(&self) -> Time {
        now()
    }
}

/// Gives one happening after the other, each when the line has been quiet for a while.
struct Script(VecDeque<Happening>, Line, Vec<usize>);

impl Input for Script {
    async fn next(&mut self) -> Happening {
        sleep(Duration::from_millis(60)).await;
        self.2.push(self.1.0.lock().unwrap().len());
        self.0.pop_front().unwrap_or(Happening::Hangup(Hangup::Line))
    }

    fn ready(&mut self) -> Option<Happening> {
        None
    }
}

struct Nobody;

impl Holder for Nobody {
    fn stop(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn take(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn key(c: char) -> Happening {
    Happening::Strokes(Strokes { strokes: vec![Stroke::Key(Key::char(c))], burst: false })
}

/// Runs a script; returns how it ended and the bytes that each happening caused.
async fn run(script: Vec<Happening>) -> (Ended, Vec<Vec<u8>>) {
    let line = Line::default();
    let size = Size::new(80, 24);
    let look = Look { theme: Theme::named("dark").unwrap(), ascii: false };
    let (app, first) = App::start(setup(look), now(), size);
    let runtime = Runtime::new(app, Memory, line.clone(), size, Duration::from_millis(5)).unwrap();
    let mut input = Script(script.into(), line.clone(), Vec::new());
    let ended = runtime.run(first, &mut input, &mut Nobody).await.unwrap();
    let writes = line.0.lock().unwrap().clone();
    let mut marks = input.2;
    marks.push(writes.len());
    let mut from = 0;
    let mut caused = Vec::new();
    for to in marks {
        caused.push(writes[from..to].concat());
        from = to;
    }
    (ended, caused)
}

#[tokio::test]
async fn a_cursor_move_costs_a_slow_line_at_most_250_bytes() {
    let (_, caused) = run(vec![key('j'), key('j'), key('j'), key('k')]).await;
    assert!(caused[0].len() <= 6_000, "first frames: {}", caused[0].len());
    for bytes in &caused[1..5] {
        assert!(!bytes.is_empty() && bytes.len() <= 250, "{}", bytes.len());
    }
}

#[tokio::test]
async fn an_idle_console_writes_nothing_and_a_dead_line_ends_it() {
    let (ended, caused) = run(vec![]).await;
    assert_eq!(ended, Ended::Hangup(Hangup::Line));
    assert!(caused[1].is_empty());
}

#[tokio::test]
async fn what_was_written_adds_up_to_what_the_state_shows() {
    let (ended, caused) =
        run(vec![key('j'), key('u'), key('?'), key('q'), key('q'), key('q')]).await;
    assert_eq!(ended, Ended::Left);
    let mut screen = vt100::Parser::new(24.try_into().unwrap(), 80.try_into().unwrap(), 0);
    screen.process(&caused[..4].concat());
    assert!(screen.screen().contents().contains("Asks for a change; its approvals"));
    screen.process(&caused[4]);
    let shown = screen.screen().contents();
    assert!(shown.contains("2026-11-22 17:32 +03") && shown.contains("\n>◆3  CR-2"), "{shown}");
}

#[tokio::test]
async fn a_repaint_sends_the_whole_frame_without_a_question_to_the_terminal() {
    let repaint =
        Happening::Strokes(Strokes { strokes: vec![Stroke::Key(Key::ctrl('l'))], burst: false });
    let (_, caused) = run(vec![repaint, Happening::Resized(Size::new(100, 30))]).await;
    assert!(caused[1].len() > 1_000);
    let all = caused.concat();
    let has = |sequence: &[u8]| all.windows(sequence.len()).any(|window| window == sequence);
    assert!(!has(b"\x1b[6n") && !has(b"\x1b[c") && !has(b"\x1b[?u") && !has(b"\x1b]"));
}

/// A store whose clock is the runtime's own, and where something is due; it notes when it was asked.
#[derive(Clone)]
struct Clocked {
    began: Instant,
    due: Time,
    asked: Arc<Mutex<Vec<Time>>>,
}

impl Back for Clocked {
    async fn load(&self, ask: Ask) -> Result<Data, Failure> {
        let asks = matches!(ask, Ask::Bars);
        let mut data = answer(&ask, 3)?;
        if let (true, Data::Bars(bars)) = (asks, &mut data) {
            self.asked.lock().unwrap().push(self.now());
            bars.attention.next = Some(self.due).filter(|due| *due > self.now());
        }
        Ok(data)
    }

    async fn submit(&self, _: Submission) -> Result<Receipt, Failure> {
        std::future::pending().await
    }

    async fn changed(&mut self) {
        std::future::pending().await
    }

    async fn told(&mut self) -> Told {
        std::future::pending().await
    }

    fn give_up(&self) {}

    async fn keep_drafts(&self, _: Drafts) {}

    fn now(&self) -> Time {
        let elapsed = i64::try_from(self.began.elapsed().as_micros()).unwrap();
        Time::from_micros(now().micros() + elapsed)
    }
}

/// Strikes nothing and hangs up after a while.
struct Silence(Instant);

impl Input for Silence {
    async fn next(&mut self) -> Happening {
        sleep_until(self.0).await;
        Happening::Hangup(Hangup::Line)
    }

    fn ready(&mut self) -> Option<Happening> {
        None
    }
}

#[tokio::test(start_paused = true)]
async fn what_time_alone_brings_is_asked_for_within_a_second_of_its_instant() {
    let due = now().plus_seconds(17);
    let asked = Arc::new(Mutex::new(Vec::new()));
    let back = Clocked { began: Instant::now(), due, asked: Arc::clone(&asked) };
    let size = Size::new(80, 24);
    let look = Look { theme: Theme::named("dark").unwrap(), ascii: false };
    let (app, first) = App::start(setup(look), now(), size);
    let runtime = Runtime::new(app, back, Line::default(), size, Duration::from_millis(5)).unwrap();
    let mut wait = Silence(Instant::now() + Duration::from_secs(40));
    runtime.run(first, &mut wait, &mut Nobody).await.unwrap();
    let asked = asked.lock().unwrap().clone();
    let after: Vec<&Time> = asked.iter().filter(|at| **at >= due).collect();
    assert_eq!(
        (asked.len(), after.len()),
        (2, 1),
        "once at the start, once when it is due: {asked:?}"
    );
    assert!(*after[0] < due.plus_seconds(1), "{asked:?}");
}

/// A store that notes what is kept of unfinished forms.
#[derive(Clone, Default)]
struct Keeper(Arc<Mutex<Drafts>>);

impl Back for Keeper {
    async fn load(&self, ask: Ask) -> Result<Data, Failure> {
        answer(&ask, 3)
    }

    async fn submit(&self, _: Submission) -> Result<Receipt, Failure> {
        std::future::pending().await
    }

    async fn changed(&mut self) {
        std::future::pending().await
    }

    async fn told(&mut self) -> Told {
        std::future::pending().await
    }

    fn give_up(&self) {}

    async fn keep_drafts(&self, drafts: Drafts) {
        tokio::task::yield_now().await;
        *self.0.lock().unwrap() = drafts;
    }

    fn now(&self) -> Time {
        now()
    }
}

/// A line that is gone from some moment on, before any signal tells of it.
#[derive(Clone, Default)]
struct Cut(Arc<Mutex<Option<i32>>>);

impl Write for Cut {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match *self.0.lock().unwrap() {
            Some(code) => Err(io::Error::from_raw_os_error(code)),
            None => Ok(bytes.len()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Strikes one key after the other, and cuts the line before the last of them.
struct Cutting(VecDeque<Happening>, Cut, i32);

impl Input for Cutting {
    async fn next(&mut self) -> Happening {
        sleep(Duration::from_millis(60)).await;
        let next = self.0.pop_front();
        if self.0.is_empty() {
            *self.1.0.lock().unwrap() = Some(self.2);
        }
        next.unwrap_or(Happening::Hangup(Hangup::Line))
    }

    fn ready(&mut self) -> Option<Happening> {
        None
    }
}

#[tokio::test]
async fn a_frame_that_finds_the_line_gone_keeps_the_form_that_stood_open() {
    for (error, told) in [(nix::errno::Errno::EIO, true), (nix::errno::Errno::ENOSPC, false)] {
        let (line, keeper) = (Cut::default(), Keeper::default());
        let size = Size::new(80, 24);
        let look = Look { theme: Theme::named("dark").unwrap(), ascii: false };
        let (app, first) = App::start(setup(look), now(), size);
        let delay = Duration::from_millis(5);
        let runtime = Runtime::new(app, keeper.clone(), line.clone(), size, delay).unwrap();
        let keys = "npump".chars().map(key).collect();
        let mut input = Cutting(keys, line, error as i32);
        let ended = runtime.run(first, &mut input, &mut Nobody).await;
        match ended {
            Ok(ended) => assert!(told && ended == Ended::Hangup(Hangup::Line), "{ended:?}"),
            Err(error) => assert!(!told, "{error}"),
        }
        let kept = keeper.0.lock().unwrap().clone();
        let (form, draft) = kept.first_key_value().expect("a form is kept");
        assert!(form.starts_with("change.request"), "{form}");
        assert_eq!(draft["title"], "pump", "with every letter that was struck");
    }
}
