//! The console as a person meets it, on made-up rows and without a terminal.

mod bytes;
mod ledger;
mod looks;
mod overlays;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::style::Modifier;
use serde_json::json;

use super::*;
use crate::console::data::{Found, Looked, Object, Suggestion};
use crate::console::keys::{Code, Key};
use crate::console::overlays::field::FieldKind;
use crate::console::screens::list::ListScreen;
use crate::console::screens::sample;
use crate::console::term::Stroke;
use crate::console::theme::{Role, Theme};
use crate::console::widgets::bars::{Condition, Lead, Mode};
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
            field("assets", FieldKind::Several(Looked::Asset), false),
            field(
                "activity",
                FieldKind::Pick(["patch.deploy", "sis.change"].map(str::to_owned).to_vec()),
                false,
            ),
        ]),
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
        drafts: Drafts::new(),
    }
}

fn look(theme: &str) -> Look {
    Look { theme: Theme::named(theme).unwrap(), ascii: false }
}

/// The time of every test.
pub fn now() -> Time {
    "2026-11-22T14:32:00Z".parse().unwrap()
}

/// What a store would answer.
pub fn answer(ask: &Ask, rows: usize) -> Result<Data, Failure> {
    Ok(match ask {
        Ask::Attention => Data::Attention(Attention {
            lead: Some(Lead {
                id: "window_ending:VW-31".to_owned(),
                priority: 2,
                unacknowledged: true,
                reference: "VW-31".into(),
                scope: Scope::Window,
                text: "Yokogawa on RLF-DCS-02 ends 14:40Z in 8m, live".into(),
            }),
            counts: [0, 1, 4, 9],
            shelved: 2,
            loud: vec![("window_ending:VW-31".to_owned(), 2)],
            conditions: Vec::new(),
            flood: None,
        }),
        Ask::Tabs => {
            let tab = |name: &'static str, count, mine| Tab { name: name.into(), count, mine };
            Data::Tabs(vec![
                tab("Watch", None, false),
                tab("Posture", None, false),
                tab("Risks", Some(14), false),
                tab("Changes", Some(3), true),
                tab("Windows", Some(2), true),
                tab("INC-7", None, true),
                tab("Handover", None, false),
            ])
        }
        Ask::Status => Data::Status(Status {
            scope: "all sites".into(),
            who: "alice ops shift_lead".into(),
            modes: vec![Mode::Exercise],
            store: "pg:smc".into(),
            zone: Some(Tz::Asia__Riyadh),
            held: vec!["handover HO-3, not yet signed".into()],
            ..Status::default()
        }),
        Ask::List { .. } => Data::List(Box::new(sample::page(rows))),
        Ask::Object { reference }
        | Ask::History { reference }
        | Ask::Why { reference }
        | Ask::WhoDecides { reference } => {
            let doc = Doc::titled("Impacts").field("ref", Cell::text(reference.as_str()));
            Data::Object(Object { doc, ..Object::default() })
        }
        Ask::Suggest { typed, .. } => {
            let known = ["RLF/PLC-1", "RLF/PLC-2", "RLF/DCS-02"];
            let hit = known.iter().filter(|tag| tag.contains(typed.as_str()));
            let one = |tag: &&str| Suggestion { value: (*tag).into(), said: "a controller".into() };
            Data::Suggestions(hit.map(one).collect())
        }
        Ask::Find { words } if "RLF/PLC-1".contains(words.as_str()) => Data::Found(vec![Found {
            reference: "RLF/PLC-1".into(),
            title: "feed pump controller".into(),
            scope: Scope::Asset,
        }]),
        Ask::Find { .. } => Data::Found(Vec::new()),
        Ask::Prefill { .. } => {
            Data::Prefill(json!({"discipline": "engineering"}).as_object().unwrap().clone())
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

#[test]
fn the_frame_at_80x24() {
    insta::assert_snapshot!(at_80x24().shown());
}

#[test]
fn the_frame_at_120x40_has_the_detail_beside_the_list() {
    insta::assert_snapshot!(World::new(look("dark"), (120, 40), 30).shown());
}

#[test]
fn the_frame_in_mono_and_ascii_loses_nothing() {
    let look = Look { ascii: true, ..look("mono") };
    let world = World::new(look, (80, 24), 30);
    assert!(world.shown().is_ascii());
    insta::assert_snapshot!(world.shown());
}

#[test]
fn an_empty_list_says_what_to_do() {
    insta::assert_snapshot!(World::new(look("dark"), (80, 15), 0).shown());
}

#[test]
fn the_selection_is_reversed_and_marked_in_every_theme() {
    for (name, _) in crate::console::theme::BUILT_IN {
        let mut world = World::new(look(name), (80, 24), 30);
        world.strike("j j");
        let buffer = world.buffer();
        assert_eq!(buffer[(0, 5)].symbol(), ">", "{name}");
        assert!(buffer[(1, 5)].modifier.contains(Modifier::REVERSED), "{name}");
        assert!(!buffer[(1, 4)].modifier.contains(Modifier::REVERSED), "{name}");
    }
}

#[test]
fn no_size_makes_the_console_panic() {
    let mut world = at_80x24();
    for keys in [
        "",
        "?",
        "Esc :",
        "P L",
        "Esc n",
        "Tab Tab Tab Tab P",
        "Esc j j a",
        "Esc ! Ctrl-K",
        "Esc Enter",
        "Esc q",
        "Esc /",
        "s t",
    ] {
        world.strike(keys);
        for width in (1..=200).step_by(19).chain([59, 60, 80, 99, 100]) {
            for height in (1..=60).step_by(7).chain([14, 15, 24]) {
                world.tell(Msg::Resized(Size::new(width, height)));
                world.buffer();
            }
        }
    }
    world.tell(Msg::Resized(Size::new(59, 24)));
    assert_eq!(world.shown().trim_end(), "smc needs 60x15; this is 59x24");
}

#[test]
fn escape_goes_back_and_never_quits_while_q_asks_at_the_top() {
    let mut world = at_80x24();
    world.strike("Enter");
    assert!(world.shown().contains("CR-1 PLC firmware"));
    world.strike("Esc Esc Esc Esc");
    assert!(!world.effects.contains(&Effect::Quit));
    world.strike("q");
    assert!(world.shown().contains("handover HO-3, not yet signed"));
    world.strike("Esc q q");
    assert!(world.effects.contains(&Effect::Quit));
}

#[test]
fn a_verb_opens_its_form_and_writes_only_when_submitted() {
    let mut world = at_80x24();
    world.strike("j j a");
    assert!(world.shown().contains("Counts your yes for one discipline"));
    insta::assert_snapshot!("the_approval_form", world.shown());
    assert_eq!(world.submitted(), None);
    world.strike("Ctrl-O");
    let submission = world.submitted().unwrap();
    assert_eq!(submission.command, "change.approve");
    assert_eq!(
        Value::Object(submission.fields.clone()),
        json!({"ref": "CR-3", "expect": 7, "discipline": "engineering"})
    );
    let number = world.app.submission.unwrap();
    let receipt = Receipt { reference: None, said: "CR-3 approved for engineering".into() };
    world.tell(Msg::Submitted(number, Ok(receipt)));
    assert!(world.app.overlay.is_none());
    assert!(world.shown().contains("CR-3 approved for engineering"));
}

#[test]
fn a_refused_command_keeps_its_form_and_says_why() {
    let mut world = at_80x24();
    world.strike("j j a Ctrl-O");
    let number = world.app.submission.unwrap();
    let failure = Failure::Refused {
        code: "four-eyes".into(),
        message: "you asked for this change".into(),
        fix: "another engineer has to decide".into(),
        field: None,
    };
    world.tell(Msg::Submitted(number, Err(failure)));
    let shown = world.shown();
    assert!(shown.contains("refused (four-eyes): you asked for this change"), "{shown}");
    world.strike("Ctrl-O");
    assert!(world.app.submission.is_some_and(|again| again != number));
}

#[test]
fn a_form_that_is_left_keeps_its_draft_and_opens_with_it() {
    let mut world = at_80x24();
    world.strike("n");
    world.write("new firmware");
    world.strike("Tab");
    world.write("+2h");
    world.strike("Esc");
    assert!(
        matches!(world.effects.last(), Some(Effect::KeepDrafts(d)) if d.contains_key("change.request"))
    );
    world.strike("n");
    let shown = world.shown();
    assert!(shown.contains("new firmware") && shown.contains("= 19:32 +03 = 16:32Z"), "{shown}");
}

#[test]
fn a_disabled_action_says_why() {
    let mut world = at_80x24();
    world.strike("w");
    assert!(world.shown().contains("withdraw: this version does not have it"));
    world.strike("?");
    assert!(!world.shown().contains("Takes the request back"), "what is not built is not offered");
    world.strike("Esc");
    world.strike("A");
    assert!(world.shown().contains("acknowledge: this version does not have it"));
    world.app.read_only = Some("this console only reads".into());
    world.strike("a");
    assert!(world.shown().contains("approve: this console only reads"));
    assert!(world.app.overlay.is_none());
}

#[test]
fn a_pasted_text_starts_no_verb_and_does_not_leave() {
    let mut world = at_80x24();
    let strokes = "aq\u{3}nq".chars().map(|c| match c {
        '\u{3}' => Stroke::Key(Key::ctrl('c')),
        c => Stroke::Key(Key::char(c)),
    });
    let strokes = strokes.chain([Stroke::Key(Key::ctrl('o'))]).collect();
    world.tell(Msg::Strokes(Strokes { strokes, burst: true }));
    assert!(world.app.overlay.is_none());
    assert_eq!(world.submitted(), None);
}

#[test]
fn an_older_answer_never_replaces_a_newer_one() {
    let mut world = at_80x24();
    let first = world.app.update(now(), Msg::Strokes(one('r')));
    let second = world.app.update(now(), Msg::Strokes(one('r')));
    let [Effect::Load(slot, old, _)] = first.as_slice() else { panic!("{first:?}") };
    let [Effect::Load(_, new, _)] = second.as_slice() else { panic!("{second:?}") };
    world.app.update(now(), Msg::Loaded(*slot, *new, Ok(Data::List(Box::new(sample::page(3))))));
    world.app.update(now(), Msg::Loaded(*slot, *old, Ok(Data::List(Box::new(sample::page(30))))));
    assert!(!world.shown().contains("CR-4"));
}

fn one(c: char) -> Strokes {
    Strokes { strokes: vec![Stroke::Key(Key::char(c))], burst: false }
}

#[test]
fn a_store_that_changes_faster_than_it_answers_does_not_starve_the_screen() {
    let mut world = at_80x24();
    let asked = world.app.update(now(), Msg::Changed);
    assert_eq!(asked.len(), 4);
    assert!(world.app.update(now(), Msg::Changed).is_empty());
    let Some(Effect::Load(slot, number, ask)) = asked.last() else { panic!() };
    let again = world.app.update(now(), Msg::Loaded(*slot, *number, answer(ask, 3)));
    assert!(matches!(again.as_slice(), [Effect::Load(..)]));
}

#[test]
fn a_lost_store_shows_the_last_rows_as_stale_and_why() {
    let mut world = at_80x24();
    let asked = world.app.update(now(), Msg::Changed);
    let Some(Effect::Load(slot, number, _)) = asked.last() else { panic!() };
    let failure = Failure::Unavailable("the connection was refused".into());
    world.app.update(now(), Msg::Loaded(*slot, *number, Err(failure)));
    let shown = world.shown();
    assert!(shown.contains("CR-1") && shown.contains("the store does not answer"), "{shown}");
    let cell = world.buffer()[(20, 5)].clone();
    assert_eq!(cell.modifier, look("dark").theme.style(Role::Stale).add_modifier);
    world.app.update(now().plus_seconds(42), Msg::Minute);
    assert!(world.shown().contains("42s ago?"), "{}", world.shown());
}

#[test]
fn the_bell_rings_by_priority_when_an_alarm_is_new_and_the_first_again_each_minute() {
    let mut world = at_80x24();
    let rung = |world: &World| {
        let strokes = world.effects.iter().filter_map(|effect| {
            let Effect::Ring(strokes) = effect else { return None };
            Some(*strokes)
        });
        strokes.collect::<Vec<_>>()
    };
    assert_eq!(rung(&world), [1], "once for an alarm of priority 2");
    world.tell(Msg::Minute);
    assert_eq!(rung(&world), [1], "and not again");
    world.strike("M");
    world.app.attention.loud.push(("window_overrun:VW-32".to_owned(), 1));
    assert_eq!(world.app.ring(false), Some(Effect::Ring(3)), "the first is heard however silent");
    assert_eq!(world.app.ring(false), None, "it is new once");
    world.app.now = now().plus_seconds(60);
    assert_eq!(world.app.ring(true), Some(Effect::Ring(3)), "and calls each minute");
    world.app.now = now().plus_seconds(120);
    world.strike("M");
    assert_eq!(world.app.ring(true), None);
    world.app.read_only = Some("it is of the past".into());
    world.app.attention.loud.push(("window_overrun:VW-33".to_owned(), 1));
    assert_eq!(world.app.ring(false), None, "whoever only reads hears nothing");
}

#[test]
fn a_store_that_is_lost_or_went_backwards_stands_in_row_one() {
    let mut world = at_80x24();
    world.app.trouble = Some("no answer for 8 s".into());
    let row = world.app.row_one();
    assert_eq!(row.lead.as_ref().map(|lead| lead.id.as_str()), Some("store_stale"));
    assert_eq!(row.counts, [0, 2, 4, 9]);
    let why = SafeText::from("this console saw 12");
    let kind = crate::domain::alarm::AlarmKind::StoreBackwards;
    world.app.attention.conditions.push(Condition { kind, why });
    assert_eq!(world.app.row_one().lead.map(|lead| lead.priority), Some(1));
    assert!(world.shown().contains("P1! store"), "{}", world.shown());
}

#[test]
fn the_palette_goes_to_a_screen_by_a_few_letters() {
    let mut world = at_80x24();
    world.strike(":");
    world.write("wind");
    insta::assert_snapshot!("the_palette", world.shown());
    world.strike("Enter");
    assert_eq!(world.app.active, 4);
    world.strike(":");
    world.write("asse");
    world.strike("Enter");
    assert_eq!(world.app.levels[4].len(), 2);
}

#[test]
fn the_help_shows_the_verbs_of_the_object_and_why_some_are_off() {
    let mut world = at_80x24();
    world.strike("?");
    insta::assert_snapshot!("the_help", world.shown());
}

#[test]
fn the_filter_is_asked_of_the_store_and_kept() {
    let mut world = at_80x24();
    world.strike("/");
    world.write("state:appr");
    world.strike("Tab Enter");
    let asked = world.effects.iter().rev().find_map(|effect| {
        let Effect::Load(_, _, Ask::List { filter, .. }) = effect else { return None };
        Some(filter.clone())
    });
    assert_eq!(asked.as_deref(), Some("state:approved"));
    world.strike("/");
    assert!(world.shown().contains("/state:approved_"));
}

#[test]
fn times_switch_between_utc_and_the_site() {
    let mut world = at_80x24();
    assert!(world.shown().contains("2026-11-22 14:32Z +03"));
    world.strike("u");
    assert!(world.shown().contains("2026-11-22 17:32 +03"));
}

#[test]
fn the_first_row_leads_to_its_object() {
    let mut world = at_80x24();
    world.strike("!");
    assert!(world.shown().contains("VW-31 Yokogawa on RLF-DCS-02"));
    assert_eq!(world.app.focus().unwrap().scope, Scope::Window);
}

#[test]
fn every_named_key_can_be_struck_on_the_screen_without_harm() {
    let mut world = at_80x24();
    for code in
        [Code::Left, Code::Right, Code::Home, Code::End, Code::PageDown, Code::Tab, Code::F(9)]
    {
        let strokes = vec![Stroke::Key(Key::plain(code))];
        world.tell(Msg::Strokes(Strokes { strokes, burst: false }));
    }
    assert!(world.app.overlay.is_none());
}
