//! Rows as a store would give them, at fixed times.

use super::*;

pub fn at(text: &str) -> Time {
    text.parse().unwrap()
}

pub fn lines(words: &[&str]) -> Lines {
    Lines(words.iter().map(|word| (*word).to_owned()).collect())
}

pub fn approvals() -> Approvals {
    let one = |discipline: &str, decision: Option<&str>| Approval {
        discipline: discipline.to_owned(),
        veto: discipline == "operations",
        decision: decision.map(str::to_owned),
        person: decision.map(|_| "ida".to_owned()),
        need: "must".to_owned(),
    };
    Approvals(vec![one("it_security", Some("yes")), one("operations", None)])
}

pub fn change(number: u8, state: &str) -> Change {
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
        basis: Some("The vendor ends support of 2.7".into()),
        procedures: Some("OP-12, the shift is told".into()),
        supersedes: None,
        template: None,
        intervention: None,
        lets_stay: None,
        asks_number: false,
        fits: Vec::new(),
        clashes: Vec::new(),
        risks: lines(&["R-20"]),
        requester: "rita".into(),
        completed_at: None,
        requested_at: at("2026-11-22T08:00:00Z"),
        revision: 1,
        note: None,
        evidence: None,
        before: None,
        before_sum: None,
        after: None,
        after_sum: None,
        decided: "pending".into(),
        decided_at: None,
        approvals: approvals(),
        conflicts: if number == 2 { lines(&["VW-3"]) } else { Lines::default() },
        alarm: None,
        timezone: "Asia/Riyadh".into(),
        seq: 40,
    }
}

pub fn window(number: u8, state: &str, effective: &str) -> Window {
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
        second_factor: None,
        recording: None,
        risks: crate::store::query::Lines::default(),
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
        clashes: Vec::new(),
        hindrances: Vec::new(),
        sessions: if state == "open" { lines(&["SE-4"]) } else { Lines::default() },
        alarm: (state == "open").then(|| Urgent {
            kind: if effective == "overrun" {
                AlarmKind::WindowOverrun
            } else {
                AlarmKind::WindowEnding
            },
            priority: if effective == "overrun" { 1 } else { 2 },
            due: at("2026-11-22T14:40:00Z"),
        }),
        timezone: "Asia/Riyadh".into(),
        seq: 41,
        footing: Footing::default(),
    }
}

pub fn risk(number: u8, priority: i64, state: &str) -> Risk {
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

pub fn described() -> Tally {
    let counts = Counts {
        ok: Count { items: 12, weight: 60 },
        bad: Count::default(),
        stale: Count::default(),
        unknown: Count { items: 9, weight: 45 },
        excepted: Count { items: 1, weight: 3 },
    };
    Tally::of(Measure::Described, counts)
}

pub fn site(code: &str, name: &str) -> SitePosture {
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
        was: Some(Scores(vec![
            (Function::Govern, Score { number: Some(98), doubtful: false }),
            (Function::Identify, Score { number: Some(64), doubtful: true }),
            (Function::Protect, Score { number: Some(90), doubtful: false }),
        ])),
        doubtful: Doubtful::default(),
        target: 95,
        risks: Ranks { p1: 2, p2: 0, p3: 4, p4: 1 },
        because: Some("in 24 h ID 64 to 61: described 61.0 to 57.1 %".into()),
        fell: vec![Fall {
            function: Function::Identify,
            from: 64,
            to: 61,
            measures: vec![Fell {
                measure: Measure::Described,
                from: Some("61.0".into()),
                to: "57.1".into(),
            }],
        }],
        foremost: Some(Measure::Described),
        measures: vec![described()],
    }
}

pub fn measure() -> MeasureRow {
    let Tally { measure, counts_for, counts } = described();
    MeasureRow {
        r#ref: "RLF#described".into(),
        site: "RLF".into(),
        state: crate::domain::posture::State::Unknown,
        title: "described".into(),
        function: measure.function(),
        measure,
        counts_for,
        percent: Some("57.1".into()),
        counts,
        seq: 99,
    }
}

pub fn item(tag: &str, state: &str, why: Option<&str>) -> Found {
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

pub fn zone(code: &str, target: Option<i64>, achieved: Option<i64>) -> Zone {
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

pub fn ending() -> Alarm {
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

pub fn watched(priority: u8, kind: &'static str, about: About) -> Watched {
    let alarm = kind == "alarm";
    Watched {
        id: format!("{kind} {priority}"),
        priority,
        kind,
        alarm: alarm.then(|| Box::new(ending())),
        unacknowledged: alarm,
        aside: None,
        mine: priority != 3,
        who: "operations, quality".into(),
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
