//! The console as a person meets it, on made-up rows and without a terminal.

mod aid;
mod bytes;
mod drafts;
mod forms;
mod frames;
mod ledger;
mod looks;
mod lost;
mod overlays;
mod pictures;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::style::Modifier;
use serde_json::json;

use super::*;
use crate::console::data::{Bars, Found, Frame, Looked, Object, Over, Start, Suggestion};
use crate::console::keys::{Code, Key};
use crate::console::overlays::field::FieldKind;
use crate::console::screens::list::ListScreen;
use crate::console::screens::sample;
use crate::console::term::Stroke;
use crate::console::theme::{Role, Theme};
use crate::console::widgets::bars::{Attention, Claim, Condition, Lead, Mode, Status, Tab, When};
use crate::console::widgets::doc::Doc;

fn changes() -> Box<dyn Screen> {
    Box::new(ListScreen::new(&sample::SPEC))
}

const fn subject(name: &'static str) -> Subject {
    Subject { name, help: "one line", make: changes }
}

const SCREENS: &[Subject] = &[
    subject("watch"),
    subject("posture"),
    subject("risks"),
    subject("changes"),
    subject("windows"),
    subject("incident"),
    subject("handover"),
];

const SUBJECTS: &[Subject] = &[subject("assets"), subject("advisories")];

fn forms(command: &str) -> Option<Vec<FieldSpec>> {
    let field = |name: &str, kind, required| FieldSpec {
        name: name.to_owned(),
        label: SafeText::from_untrusted(name),
        kind,
        required,
        help: SafeText::fixed("One sentence of help."),
        ..FieldSpec::default()
    };
    let disciplines = ["operations", "engineering", "safety"].map(str::to_owned).to_vec();
    match command {
        "change.approve" => Some(vec![
            field("ref", FieldKind::Text, true),
            field("discipline", FieldKind::Choice(disciplines), true),
            field("reason", FieldKind::LongText, false),
        ]),
        "change.request" => Some(vec![
            field("title", FieldKind::Text, true),
            field("start", FieldKind::Time(None), true),
            field("end", FieldKind::Time(Some("start".to_owned())), true),
            field(
                "kind",
                FieldKind::Choice(["normal", "standard", "emergency"].map(str::to_owned).to_vec()),
                true,
            ),
            field("assets", FieldKind::Several(Looked::ASSET), false),
            field(
                "activity",
                FieldKind::Pick(["patch.deploy", "sis.change"].map(str::to_owned).to_vec()),
                false,
            ),
        ]),
        "log.add" => Some(vec![field("text", FieldKind::LongText, true)]),
        "window.cut-off" => {
            Some(vec![field("ref", FieldKind::Text, true), field("reason", FieldKind::Text, true)])
        }
        _ => None,
    }
}

/// A console on made-up screens.
pub fn setup(look: Look) -> Setup {
    Setup {
        look,
        habits: Habits::default(),
        keymap: Keymap::default(),
        forms,
        screens: SCREENS,
        subjects: SUBJECTS,
        read_only: None,
        first: SCREENS[0].name,
        drafts: Drafts::new(),
        returns: false,
        missed: None,
    }
}

fn look(theme: &str) -> Look {
    Look { theme: Theme::named(theme).unwrap(), ascii: false }
}

/// The time of every test.
pub fn now() -> Time {
    "2026-11-22T14:32:00Z".parse().unwrap()
}

/// An alarm that calls.
fn calls(id: &'static str, priority: u8) -> Lead {
    Lead {
        id: id.to_owned(),
        priority,
        claim: Claim::Calls,
        reference: id.split(':').nth(1).unwrap_or(id).into(),
        scope: Scope::Window,
        text: "Yokogawa on RLF-DCS-02 ends 14:40Z in 8m, live".into(),
        when: None,
    }
}

fn attention() -> Attention {
    Attention {
        next: None,
        lead: Some(calls("window_ending:VW-31", 2)),
        counts: [0, 1, 4, 9],
        shelved: 2,
        risks: 14,
        loud: vec![calls("window_ending:VW-31", 2)],
        conditions: Vec::new(),
        flood: None,
    }
}

fn frame() -> Frame {
    let tab = |name: &'static str, count, mine| Tab { name: name.into(), count, mine };
    let tabs = vec![
        tab("Watch", None, false),
        tab("Posture", None, false),
        tab("Risks", Some(14), false),
        tab("Changes", Some(3), true),
        tab("Windows", Some(2), true),
        tab("INC-7", None, true),
        tab("Handover", None, false),
    ];
    let status = Status {
        scope: "all sites".into(),
        who: "alice ops shift_lead".into(),
        modes: vec![Mode::Exercise],
        store: "pg:smc".into(),
        zone: Some(Tz::Asia__Riyadh),
        held: vec!["handover HO-3, not yet signed".into()],
        ..Status::default()
    };
    Frame { tabs, status }
}

/// What a store would answer.
pub fn answer(ask: &Ask, rows: usize) -> Result<Data, Failure> {
    Ok(match ask {
        Ask::Bars => Data::Bars(Box::new(Bars { attention: attention(), frame: Some(frame()) })),
        Ask::List { .. } => Data::List(Box::new(sample::page(rows))),
        Ask::History { .. } => {
            let doc = Doc::default()
                .section("#41 change.approved by olga, 2026-11-22 14:10Z")
                .field("because of", "entry 40 of alice")
                .field("discipline", "operations")
                .field("reason", "The line stands still until Monday.")
                .section("#40 change.requested by alice, 2026-11-22 13:02Z")
                .field("title", "PLC firmware 2.8 on the feed pump");
            Data::Object(Object { doc, ..Object::default() })
        }
        Ask::Why { .. } => {
            let doc = Doc::default()
                .text("approved, because every discipline that must decide said yes")
                .field("operations", "yes, olga, entry 41")
                .field("engineering", "yes, ida, entry 42");
            Data::Object(Object { doc, ..Object::default() })
        }
        Ask::Object { reference } | Ask::WhoDecides { reference } => {
            let doc = Doc::titled("Impacts").field("ref", Cell::text(reference.as_str()));
            Data::Object(Object { doc, ..Object::default() })
        }
        Ask::Tiles => Data::Tiles(vec![
            Tile::titled("Alarms").count("not acknowledged", 3, true),
            Tile::titled("Windows").word("next end", Some("VW-31 14:40Z".to_owned())),
        ]),
        Ask::Check(_) => Data::Object(Object::default()),
        Ask::Suggest { typed, .. } => {
            let known = ["RLF/PLC-1", "RLF/PLC-2", "RLF/DCS-02"];
            let hit = known.iter().filter(|tag| tag.contains(typed.as_str()));
            let one = |tag: &&str| Suggestion { value: (*tag).into(), said: "a controller".into() };
            Data::Suggestions(hit.map(one).collect())
        }
        Ask::Over { of } => {
            // Of the changes of these tests, one is over.
            let over = |on: &str| {
                (on == "CR-3").then(|| Over {
                    head: "OVER: CR-3 is expired".into(),
                    why: "CR-3 is expired; it can be asked for anew".into(),
                })
            };
            Data::Over(of.iter().map(|(_, on)| over(on)).collect())
        }
        Ask::Values { .. } => Data::Suggestions(Vec::new()),
        Ask::Find { words } if "RLF/PLC-1".contains(words.as_str()) => Data::Found(vec![Found {
            reference: "RLF/PLC-1".into(),
            title: "feed pump controller".into(),
            scope: Scope::Asset,
        }]),
        Ask::Find { .. } => Data::Found(Vec::new()),
        Ask::Prefill { .. } => {
            let values = json!({"discipline": "engineering"}).as_object().unwrap().clone();
            let brief = Doc::default().field("what", "PLC firmware 2.8 on the feed pump");
            Data::Prefill(Start { values, brief, version: 9, ..Start::default() })
        }
    })
}

/// A console whose questions are answered at once.
struct World {
    app: App,
    effects: Vec<Effect>,
    rows: usize,
}

impl World {
    fn new(look: Look, size: (u16, u16), rows: usize) -> Self {
        let (app, effects) = App::start(setup(look), now(), Size::new(size.0, size.1));
        let mut world = Self { app, effects: Vec::new(), rows };
        world.settle(effects);
        world
    }

    fn settle(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            if let Effect::Load(slot, number, ask) = &effect {
                let more =
                    self.app.update(now(), Msg::Loaded(*slot, *number, answer(ask, self.rows)));
                self.settle(more);
            }
            self.effects.push(effect);
        }
    }

    fn tell(&mut self, msg: Msg) {
        let effects = self.app.update(now(), msg);
        self.settle(effects);
    }

    fn strike(&mut self, keys: &str) {
        for key in keys.split_whitespace() {
            let strokes = vec![Stroke::Key(key.parse().unwrap())];
            self.tell(Msg::Strokes(Strokes { strokes, burst: false }));
        }
    }

    fn write(&mut self, text: &str) {
        for c in text.chars() {
            let strokes = vec![Stroke::Key(Key::char(c))];
            self.tell(Msg::Strokes(Strokes { strokes, burst: false }));
        }
    }

    fn buffer(&self) -> ratatui::buffer::Buffer {
        let backend = TestBackend::new(self.app.size.width, self.app.size.height);
        let mut terminal = Terminal::new(backend).unwrap();
        terminal.draw(|frame| view::view(&self.app, frame)).unwrap();
        terminal.backend().buffer().clone()
    }

    fn shown(&self) -> String {
        let buffer = self.buffer();
        let rows = buffer.content.chunks(usize::from(buffer.area.width));
        let line = |row: &[ratatui::buffer::Cell]| {
            row.iter().map(ratatui::buffer::Cell::symbol).collect::<String>().trim_end().to_owned()
        };
        rows.map(line).collect::<Vec<_>>().join("\n")
    }

    fn submitted(&self) -> Option<&Submission> {
        self.effects.iter().rev().find_map(|effect| {
            if let Effect::Submit(_, submission) = effect { Some(submission) } else { None }
        })
    }
}

fn at_80x24() -> World {
    World::new(look("dark"), (80, 24), 30)
}

fn one(c: char) -> Strokes {
    Strokes { strokes: vec![Stroke::Key(Key::char(c))], burst: false }
}
