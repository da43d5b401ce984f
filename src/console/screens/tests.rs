//! Every screen with made-up rows at fixed times, at both sizes and without colour.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use serde_json::from_value;
use serde_json::json;

use super::list::{ListScreen, Spec};
use super::matrix::MatrixScreen;
use super::posture::objects::Found;
use super::posture::{measures, objects, zones};
use super::watch::{About, Watched};
use super::{Reaction, Screen, changes, posture, risks, watch, windows};
use crate::console::ctx::{Ctx, Me};
use crate::console::data::Data;
use crate::console::keys::{Act, Move};
use crate::console::theme::{Look, Theme, glyphs};
use crate::console::widgets::cell::Align;
use crate::console::widgets::layout::Layout;
use crate::console::widgets::list::{Fetch, Page, Row};
use crate::console::widgets::paint;
use crate::domain::alarm::{Alarm, AlarmKind, State, rationale, reference};
use crate::domain::discipline::Discipline;
use crate::domain::names::{Login, Ref, SiteCode};
use crate::domain::posture::{Count, Counts, Function, Measure, Score, Tally};
use crate::domain::role::{Grant, Holder, Role};
use crate::domain::time::Time;
use crate::store::query::{
    Approval, Approvals, Change, Doubtful, Lines, Ranks, Risk, Scores, SitePosture, Told, Weighed,
    Window,
};
use crate::store::query::{Item, MeasureRow, Zone};

fn at(text: &str) -> Time {
    text.parse().unwrap()
}

fn lines(words: &[&str]) -> Lines {
    Lines(words.iter().map(|word| (*word).to_owned()).collect())
}

fn approvals() -> Approvals {
    let one = |discipline: &str, decision: Option<&str>| Approval {
        discipline: discipline.to_owned(),
        veto: discipline == "operations",
        decision: decision.map(str::to_owned),
        person: decision.map(|_| "ida".to_owned()),
    };
    Approvals(vec![one("it_security", Some("yes")), one("operations", None)])
}

fn change(number: u8, state: &str) -> Change {
    let none = json!({"level": "none"});
    let impacts = json!({
        "security": none, "safety": {"level": "high", "text": "the trip logic is touched"},
        "quality": none, "validation": none, "uptime": {"level": "low", "text": "one hour"},
    });
    Change {
        r#ref: format!("CR-{number}"),
        site: "RLF".into(),
        state: state.into(),
        effective_state: state.into(),
        title: "PLC firmware 2.8 on the feed pump and its partner".into(),
        kind: "normal".into(),
        activity: "control.change".into(),
        assets: lines(&["RLF/PLC-1", "RLF/PLC-2"]),
        start: at("2026-11-22T17:00:00Z"),
        end: at("2026-11-22T19:00:00Z"),
        approve_by: at("2026-11-22T16:00:00Z"),
        impacts: Told(from_value(impacts).unwrap()),
        rollback: "Load the saved project.".into(),
        tests: "Run the pump in manual.".into(),
        alters_logic: number == 2,
        alters_validated: false,
        revert_by: None,
        external_ref: Some("MOC-114".into()),
        supersedes: None,
        risks: lines(&["R-20"]),
        requester: "rita".into(),
        requested_at: at("2026-11-22T08:00:00Z"),
        revision: 1,
        note: None,
        evidence: None,
        decided: "pending".into(),
        approvals: approvals(),
        conflicts: if number == 2 { lines(&["VW-3"]) } else { Lines::default() },
        timezone: "Asia/Riyadh".into(),
        seq: 40,
    }
}

fn window(number: u8, state: &str, effective: &str) -> Window {
    Window {
        r#ref: format!("VW-{number}"),
        site: "RLF".into(),
        state: state.into(),
        effective_state: effective.into(),
        title: "Read the diagnostics of the DCS".into(),
        vendor: "yokogawa".into(),
        person: "k.tanaka".into(),
        purpose: "Read the diagnostics of the DCS".into(),
        assets: lines(&["RLF/DCS-02"]),
        start: at("2026-11-22T12:00:00Z"),
        end: at("2026-11-22T14:40:00Z"),
        safety: Some(2),
        regulatory: Some(3),
        production: Some(3),
        left: Some(480),
        change: None,
        escort: Some("olga".into()),
        source: None,
        requester: "rita".into(),
        requested_at: at("2026-11-22T08:00:00Z"),
        opened_by: (state == "open").then(|| "olga".to_owned()),
        opened_at: (state == "open").then(|| at("2026-11-22T12:03:00Z")),
        ended_by: None,
        ended_at: None,
        note: None,
        decided: "approved".into(),
        approvals: approvals(),
        conflicts: Lines::default(),
        timezone: "Asia/Riyadh".into(),
        seq: 41,
    }
}

fn risk(number: u8, priority: i64, state: &str) -> Risk {
    let weight = json!({"likelihood": 4, "consequence": {"safety": 5, "production": 4}});
    Risk {
        r#ref: format!("R-{number}"),
        site: "RLF".into(),
        state: state.into(),
        effective_state: state.into(),
        title: "Siemens SIMATIC S7-1500: denial of service".into(),
        source: "advisory".into(),
        advisory: Some("SSA-592007".into()),
        priority,
        inherent: Some(20),
        current: None,
        residual: None,
        inherent_weight: Some(Told(from_value(weight).unwrap())),
        current_weight: None,
        residual_weight: None,
        treatment: (state == "treating").then(|| "mitigate".to_owned()),
        owner: Some("olga".into()),
        due: Some(at("2026-12-24T10:00:00Z")),
        compensating: Told(vec!["port 102 is closed".into()]),
        until: None,
        raised_at: at("2026-11-20T08:00:00Z"),
        asset_count: 3,
        unrated: 2,
        cause: Some(12),
        timezone: "Asia/Riyadh".into(),
        seq: 13,
    }
}

fn described() -> Tally {
    let counts = Counts {
        ok: Count { items: 12, weight: 60 },
        bad: Count::default(),
        stale: Count::default(),
        unknown: Count { items: 9, weight: 45 },
        excepted: Count { items: 1, weight: 3 },
    };
    Tally::of(Measure::Described, counts)
}

fn site(code: &str, name: &str) -> SitePosture {
    SitePosture {
        site: code.into(),
        name: name.into(),
        timezone: "Asia/Riyadh".into(),
        functions: Scores(vec![
            (Function::Govern, Score { number: Some(100), doubtful: false }),
            (Function::Identify, Score { number: Some(61), doubtful: true }),
            (Function::Protect, Score { number: Some(90), doubtful: false }),
            (Function::Detect, Score { number: None, doubtful: true }),
            (Function::Respond, Score::default()),
            (Function::Recover, Score::default()),
        ]),
        doubtful: Doubtful::default(),
        target: 95,
        risks: Ranks { p1: 2, p2: 0, p3: 4, p4: 1 },
        because: Some("described from 61.0 to 57.1 % in 24 h; 9 items (weight 45) not ok".into()),
        measures: vec![described()],
    }
}

fn measure() -> MeasureRow {
    let Tally { measure, counts } = described();
    MeasureRow {
        r#ref: "RLF#described".into(),
        site: "RLF".into(),
        state: crate::domain::posture::State::Unknown,
        title: "described".into(),
        function: measure.function(),
        measure,
        counts_for: measure.weight(),
        percent: Some("57.1".into()),
        counts,
        seq: 99,
    }
}

fn item(tag: &str, state: &str, why: Option<&str>) -> Found {
    let turns = why.is_none().then(|| at("2026-12-24T10:00:00Z"));
    Found::from(Item {
        r#ref: format!("RLF/{tag}"),
        site: "RLF".into(),
        state: state.into(),
        title: "Boiler 7 controller".into(),
        measure: "confirmed".into(),
        part: String::new(),
        why: why.map(Into::into),
        weight: 5,
        turned: turns.map(|_| "stale".into()),
        turns_at: turns,
        moved: 41,
        seq: 77,
    })
}

fn zone(code: &str, target: Option<i64>, achieved: Option<i64>) -> Zone {
    Zone {
        r#ref: format!("RLF:{code}"),
        site: "RLF".into(),
        state: "active".into(),
        title: "Boiler control".into(),
        zone: code.into(),
        name: "Boiler control".into(),
        purdue: "1".into(),
        sl_target: target,
        sl_achieved: achieved,
        timezone: "Asia/Riyadh".into(),
        seq: 12,
    }
}

fn ending() -> Alarm {
    let kind = AlarmKind::WindowEnding;
    let subject = Ref::new("VW-3").unwrap();
    Alarm {
        r#ref: reference(kind, "VW-3").unwrap(),
        site: SiteCode::new("RLF").unwrap(),
        state: State::Unacknowledged,
        title: "k.tanaka on RLF/DCS-02: an open window ends within 15 minutes".into(),
        kind,
        subject,
        priority: 2,
        due: at("2026-11-22T14:40:00Z"),
        cleared: false,
        acknowledged_by: None,
        acknowledged_at: None,
        shelved_by: None,
        shelved_until: None,
        shelved_reason: None,
        response: rationale(kind).response,
        timezone: "Asia/Riyadh".into(),
        seq: 41,
    }
}

fn watched(priority: u8, kind: &'static str, about: About) -> Watched {
    let alarm = kind == "alarm";
    Watched {
        id: format!("{kind} {priority}"),
        priority,
        kind,
        alarm: alarm.then(|| Box::new(ending())),
        unacknowledged: alarm,
        until: None,
        mine: priority != 3,
        due: Some(at("2026-11-22T14:40:00Z")),
        reference: if alarm { "VW-3".into() } else { "CR-1".into() },
        site: "RLF".into(),
        zone: chrono_tz::Tz::Asia__Riyadh,
        what: if alarm {
            "k.tanaka on RLF/DCS-02: an open window ends within 15 minutes".into()
        } else {
            "approve PLC firmware 2.8 on the feed pump and its partner".into()
        },
        because: "waits for operations: a approves, x rejects".into(),
        about,
    }
}

fn shown<T: Row>(spec: &'static Spec<T>, rows: Vec<T>, size: (u16, u16), ascii: bool) -> String {
    picture(&mut ListScreen::new(spec), Page { rows, next: None }, size, ascii)
}

fn picture<T: Send + 'static>(
    screen: &mut dyn Screen,
    page: Page<T>,
    size: (u16, u16),
    ascii: bool,
) -> String {
    let look = Look { theme: Theme::named(if ascii { "mono" } else { "dark" }).unwrap(), ascii };
    let now = at("2026-11-22T14:32:00Z");
    let holder = Holder {
        login: Login::new("olga").unwrap(),
        active: true,
        disciplines: vec![Discipline::Operations],
        grants: vec![Grant { role: Role::ShiftLead, site: None, until: None }],
    };
    let me = Me { holder: Some(&holder), now };
    let ctx = Ctx { now, utc: true, zone: chrono_tz::Tz::UTC, look: &look, stale: false, me };
    let area = Rect::new(0, 0, size.0, size.1);
    // Too small for the console, a screen still draws into what it is given.
    let small = Layout { body: area, strip: area, ..Layout::default() };
    let layout = Layout::of(area, screen.strip_rows()).unwrap_or(small);
    screen.set_height(layout.body.height);
    screen.accept(Data::List(Box::new(page)), Fetch::Anew);
    let mut buffer = Buffer::empty(area);
    screen.view(&ctx, layout.body, layout.side, &mut buffer);
    for (y, cell) in (0..layout.strip.height).zip(screen.strip(&ctx)) {
        paint::cell(&mut buffer, paint::row(layout.strip, y), &cell, Align::Left, &ctx, None);
    }
    if ascii {
        glyphs::to_ascii(&mut buffer);
    }
    let row = |y: u16| -> String {
        let line: String = (0..size.0).map(|x| buffer[(x, y)].symbol()).collect();
        line.trim_end().to_owned()
    };
    (2..size.1.saturating_sub(2)).map(row).collect::<Vec<_>>().join("\n")
}

/// The screen at both sizes, and in ASCII without colour.
macro_rules! snapshots {
    ($name:literal, $spec:expr, $rows:expr) => {
        insta::assert_snapshot!(concat!($name, "_80x24"), shown($spec, $rows, (80, 24), false));
        insta::assert_snapshot!(concat!($name, "_120x40"), shown($spec, $rows, (120, 40), false));
        insta::assert_snapshot!(concat!($name, "_mono"), shown($spec, $rows, (80, 24), true));
    };
}

#[test]
fn every_screen_shows_its_rows_at_both_sizes_and_without_colour() {
    static CHANGES: Spec<Change> = changes::SPEC;
    static WINDOWS: Spec<Window> = windows::SPEC;
    static RISKS: Spec<Risk> = risks::SPEC;
    static POSTURE: Spec<SitePosture> = posture::SPEC;
    static WATCH: Spec<Watched> = watch::SPEC;
    snapshots!("changes", &CHANGES, vec![change(1, "requested"), change(2, "in_progress")]);
    snapshots!(
        "windows",
        &WINDOWS,
        vec![window(3, "open", "open"), window(4, "approved", "armed")]
    );
    snapshots!("risks", &RISKS, vec![risk(1, 1, "candidate"), risk(2, 3, "treating")]);
    snapshots!("posture", &POSTURE, vec![site("RLF", "Ras Laffan"), site("ANR", "Antwerp")]);
    let rows = || {
        vec![
            watched(2, "alarm", About::Window(Box::new(window(3, "open", "open")))),
            watched(3, "decide", About::Change(Box::new(change(1, "requested")))),
        ]
    };
    snapshots!("watch", &WATCH, rows());
}

fn matrix() -> Page<Weighed> {
    let cell = |likelihood, worst, count| Weighed { likelihood, worst, count };
    let rows = vec![cell(5, 5, 12), cell(4, 5, 3), cell(3, 3, 140), cell(1, 2, 7)];
    Page { rows, next: None }
}

#[test]
fn the_matrix_counts_risks_by_likelihood_and_worst_consequence() {
    for (name, size, ascii) in
        [("80x24", (80, 24), false), ("120x40", (120, 40), false), ("mono", (80, 24), true)]
    {
        let mut screen = MatrixScreen::default();
        insta::assert_snapshot!(
            format!("matrix_{name}"),
            picture(&mut screen, matrix(), size, ascii)
        );
    }
}

#[test]
fn a_cell_of_the_matrix_opens_the_risks_that_stand_in_it() {
    let mut screen = MatrixScreen::default();
    screen.accept(Data::List(Box::new(matrix())), Fetch::Anew);
    for movement in [Move::Down, Move::Left, Move::Left, Move::Right] {
        screen.act(Act::Move(movement));
    }
    let Reaction::Open(list) = screen.act(Act::Open) else { panic!("nothing opens") };
    assert!(list.filter().ends_with("likelihood:4 worst:4"), "{}", list.filter());
    let known = list.filter_known().unwrap();
    assert!(crate::domain::filter::Filter::parse(list.filter(), &known).is_ok());
}

#[test]
fn no_size_makes_a_screen_panic() {
    static CHANGES: Spec<Change> = changes::SPEC;
    static WINDOWS: Spec<Window> = windows::SPEC;
    static RISKS: Spec<Risk> = risks::SPEC;
    static POSTURE: Spec<SitePosture> = posture::SPEC;
    static WATCH: Spec<Watched> = watch::SPEC;
    let alarm = || watched(2, "alarm", About::Window(Box::new(window(3, "open", "open"))));
    for width in (1..=200).step_by(13).chain([59, 60, 79, 80, 99, 100, 120]) {
        for height in (1..=60).step_by(7).chain([2, 3, 14, 24, 40]) {
            let size = (width, height);
            shown(&CHANGES, vec![change(1, "requested")], size, false);
            shown(&WINDOWS, vec![window(3, "open", "open")], size, false);
            shown(&RISKS, vec![risk(1, 1, "candidate")], size, true);
            shown(&POSTURE, vec![site("RLF", "Ras Laffan")], size, false);
            shown(&WATCH, vec![alarm()], size, false);
            picture(&mut MatrixScreen::default(), matrix(), size, false);
        }
    }
}

#[test]
fn from_a_number_down_to_its_objects_every_list_fits() {
    static MEASURES: Spec<MeasureRow> = measures::SPEC;
    static OBJECTS: Spec<Found> = objects::SPEC;
    static ZONES: Spec<Zone> = zones::SPEC;
    snapshots!("measures", &MEASURES, vec![measure()]);
    let rows =
        || vec![item("PLC-7", "stale", Some("not confirmed in time")), item("PLC-8", "ok", None)];
    snapshots!("objects", &OBJECTS, rows());
    let rows =
        || vec![zone("A", Some(3), Some(2)), zone("B", Some(2), Some(2)), zone("C", Some(3), None)];
    snapshots!("zone_levels", &ZONES, rows());
}

#[test]
fn enter_leads_from_a_site_to_its_measures_and_on_to_the_items_that_are_not_ok() {
    let mut sites = posture::sites();
    sites.accept(
        Data::List(Box::new(Page { rows: vec![site("RLF", "Ras Laffan")], next: None })),
        Fetch::Anew,
    );
    let Reaction::Open(mut measures) = sites.act(Act::Open) else { panic!("no measures") };
    assert_eq!(measures.filter(), "site:RLF");
    measures.accept(Data::List(Box::new(Page { rows: vec![measure()], next: None })), Fetch::Anew);
    let Reaction::Open(mut items) = measures.act(Act::Open) else { panic!("no items") };
    assert_eq!(items.filter(), "site:RLF measure:described state:bad,stale,unknown");
    assert!(matches!(items.act(Act::View), Reaction::Fetch(Fetch::Anew)));
    assert_eq!(items.filter(), "site:RLF measure:described");
    items.accept(
        Data::List(Box::new(Page { rows: vec![item("PLC-7", "ok", None)], next: None })),
        Fetch::Anew,
    );
    let Reaction::Open(object) = items.act(Act::Open) else { panic!("no object") };
    assert_eq!(object.focus().unwrap().reference, "RLF/PLC-7");
    let Reaction::Open(zones) = sites.act(Act::View) else { panic!("no zones") };
    assert_eq!(zones.title().to_string(), "Posture: zones");
}
