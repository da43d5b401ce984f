//! What each action costs on the line, at a clock that the test moves. A line of 9600 baud carries 960 bytes a second.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use super::*;
use crate::console::term::canvas::Canvas;
use crate::console::theme::BUILT_IN;

#[derive(Clone, Default)]
struct Line(Arc<Mutex<Vec<u8>>>);

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A console with the terminal that it draws on; each message is followed by one frame, as in the loop.
struct Drawn {
    world: World,
    terminal: Terminal<Canvas<Line>>,
    line: Line,
    now: Time,
    ringing: bool,
    long: bool,
}

fn long() -> Box<dyn Screen> {
    Box::new(ListScreen::new(&sample::LONG))
}

impl Drawn {
    fn new(theme: &str) -> Self {
        Self::of(World::new(look(theme), (80, 24), 40), false)
    }

    /// The same over rows as long as real ones.
    fn long(theme: &str) -> Self {
        const SCREENS: &[Subject] = &[Subject { name: "changes", help: "one line", make: long }];
        let setup = Setup { screens: SCREENS, first: "changes", ..setup(look(theme)) };
        let (app, effects) = App::start(setup, now(), Size::new(80, 24));
        let mut drawn = Self::of(World { app, effects: Vec::new(), rows: 40 }, true);
        drawn.settle(effects);
        drawn
    }

    fn of(world: World, long: bool) -> Self {
        let (line, size) = (Line::default(), Size::new(80, 24));
        let terminal = Terminal::new(Canvas::new(line.clone(), size)).unwrap();
        Self { world, terminal, line, now: now(), ringing: false, long }
    }

    fn settle(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            let times = if let Effect::Ring(times) = effect {
                times
            } else {
                u8::from(effect == Effect::Bell)
            };
            for _ in 0..times {
                self.terminal.backend_mut().bell();
            }
            if let Effect::Load(slot, number, ask) = effect {
                let answered = self.answer(&ask);
                let more = self.world.app.update(self.now, Msg::Loaded(slot, number, answered));
                self.settle(more);
            }
        }
    }

    fn answer(&self, ask: &Ask) -> Result<Data, Failure> {
        match answer(ask, 40) {
            Ok(Data::List(_)) if self.long => Ok(Data::List(Box::new(sample::varied(60)))),
            Ok(Data::Bars(mut bars)) if self.ringing => {
                let attention = &mut bars.attention;
                attention.lead = Some(Lead {
                    id: "window_overrun:VW-32".to_owned(),
                    priority: 1,
                    claim: Claim::Calls,
                    reference: "VW-32".into(),
                    scope: Scope::Window,
                    text: "tbriggs on RLF-OS-02: a vendor still has access after the end".into(),
                    when: None,
                });
                attention.loud = vec![calls("window_overrun:VW-32", 1)];
                attention.counts = [1, 1, 4, 9];
                Ok(Data::Bars(bars))
            }
            data => data,
        }
    }

    /// Tells the console something, draws a frame, and gives the bytes that went out.
    fn tell(&mut self, msg: Msg) -> Vec<u8> {
        let effects = self.world.app.update(self.now, msg);
        self.settle(effects);
        self.draw()
    }

    fn draw(&mut self) -> Vec<u8> {
        self.terminal.draw(|frame| view::view(&self.world.app, frame)).unwrap();
        std::mem::take(&mut *self.line.0.lock().unwrap())
    }

    fn key(&mut self, key: &str) -> Vec<u8> {
        let strokes = vec![Stroke::Key(key.parse().unwrap())];
        self.tell(Msg::Strokes(Strokes { strokes, burst: false }))
    }

    fn minute(&mut self) -> Vec<u8> {
        self.now = self.now.plus_seconds(60);
        self.tell(Msg::Minute)
    }
}

/// What a slow line is promised for each action at 80x24, in bytes: the key, and the most that may follow.
const PROMISED: &[(&str, &str, usize)] = &[
    ("cursor down", "j", 250),
    ("cursor up", "k", 250),
    ("page down", "PgDn", 3_000),
    ("filter opened", "/", 300),
    ("filter keystroke", "s", 300),
    ("filter left", "Esc", 250),
    ("screen switched", "3", 3_500),
    ("palette opened", ":", 4_500),
    ("palette keystroke", "w", 3_500),
    ("palette left", "Esc", 4_500),
    ("help opened", "?", 4_500),
    ("help left", "Esc", 4_500),
    ("cursor on another row", "j", 250),
    ("form opened", "a", 4_500),
    ("form left", "Esc", 4_500),
];

#[test]
fn every_action_keeps_what_a_slow_line_is_promised_in_every_theme() {
    for (theme, _) in BUILT_IN {
        let mut drawn = Drawn::new(theme);
        let first = drawn.draw().len();
        println!("{theme:14} {:18} {first:6}", "first frame");
        assert!(first <= 6_000, "{theme}: {first}");
        for (action, key, promised) in PROMISED {
            let bytes = drawn.key(key).len();
            println!("{theme:14} {action:18} {bytes:6}");
            assert!(bytes > 0 && bytes <= *promised, "{theme}: {action} took {bytes}");
        }
        drawn.ringing = true;
        let bytes = drawn.tell(Msg::Changed);
        println!("{theme:14} {:18} {:6}", "alarm arrived", bytes.len());
        assert!(bytes.len() <= 250 && bytes.contains(&7), "{theme}: {}", bytes.len());
    }
}

/// What a step of the selection may cost over rows as long as real ones, in bytes: within the page, at its edge, where half
/// a page turns, and of all steps together on average.
const STEPS: (usize, usize, usize) = (330, 2_000, 450);

#[test]
fn a_step_past_the_edge_of_the_page_costs_a_page_once_and_the_next_ones_what_a_step_costs() {
    let (within, edge, average) = STEPS;
    for (theme, _) in BUILT_IN {
        let mut drawn = Drawn::long(theme);
        drawn.draw();
        let steps: Vec<usize> = (0..50).map(|_| drawn.key("j").len()).collect();
        let (turns, moves): (Vec<usize>, Vec<usize>) = steps.iter().partition(|n| **n > within);
        let mean = |of: &[usize]| of.iter().sum::<usize>() / of.len().max(1);
        let most = |of: &[usize]| of.iter().max().copied().unwrap_or_default();
        println!(
            "{theme:14} moves {} most {}, {} turns {} most {}, all {}",
            mean(&moves),
            most(&moves),
            turns.len(),
            mean(&turns),
            most(&turns),
            mean(&steps)
        );
        assert!(turns.len() <= 5, "{theme}: {steps:?}");
        assert!(most(&turns) <= edge && mean(&steps) <= average, "{theme}: {steps:?}");
    }
}

#[test]
fn in_an_hour_without_a_key_only_the_minutes_are_written() {
    let mut drawn = Drawn::new("dark");
    drawn.draw();
    let mut most = 0;
    for _ in 0..60 {
        most = most.max(drawn.minute().len());
        // News that change nothing in view, and a frame for nothing: silence on the line.
        assert_eq!(drawn.tell(Msg::Changed), b"");
        assert_eq!(drawn.draw(), b"");
    }
    println!("dark           minute change      {most:6}");
    assert!(most > 0 && most <= 450, "{most}");
}
