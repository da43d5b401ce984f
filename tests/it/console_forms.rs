//! What a form of the console has from the store before anybody types, on both engines.

use serde_json::{Value, json};
use smc::console::back::Door;
use smc::console::ctx::{Ctx, Me};
use smc::console::data::{Ask, Data, Looked, Start};
use smc::console::runtime::Back;
use smc::console::screens::changes;
use smc::console::screens::items::Item;
use smc::console::screens::tabs::SUBJECTS;
use smc::console::theme::Look;
use smc::console::widgets::doc::Line;
use smc::console::widgets::list::Page;
use smc::store::query::{self, Change, SitePosture};

use super::watch_kept::{door, door_of};
use crate::support::story::{done, now, on_both, soon, submit};

/// What the form of a command starts with for an object.
async fn start(door: &Door, command: &str, reference: &str) -> Start {
    let (command, reference) = (command.to_owned(), Some(reference.to_owned()));
    let Ok(Data::Prefill(start)) = door.load(Ask::Prefill { command, reference, into: None }).await
    else {
        panic!("no start of a form")
    };
    start
}

#[test]
fn whoever_ends_a_change_sees_what_it_left_out_of_use() {
    on_both(async |engine, story| {
        let change = story.change("RLF/PLC-7", -60, 7_200).await;
        story.approve(&change).await;
        done(&story.boss, "change.start", json!({"ref": change})).await;
        let bypass = |what: &str| {
            json!({"change": change, "asset": "RLF/PLC-7", "what": what, "until": soon(3_600),
                   "reason": "the probe is replaced", "compensating": ["a man at the glass"]})
        };
        let high = done(&story.alice, "bypass.place", bypass("High level trip")).await;
        let low = done(&story.alice, "bypass.place", bypass("Low level trip")).await;
        done(&story.alice, "bypass.remove", json!({"ref": low, "note": "tested"})).await;

        let mut reader = story.alice.store().reader().await.unwrap();
        for (of, state) in [(&high, "placed"), (&low, "removed")] {
            for object in [change.as_str(), "RLF/PLC-7"] {
                let links = reader.show(object).await.unwrap().links;
                let tie = links.iter().find(|link| link.r#ref == *of);
                let tie = tie.unwrap_or_else(|| panic!("{}: {object} {links:?}", engine.name()));
                assert_eq!((tie.what.as_str(), tie.state.as_deref()), ("bypass", Some(state)));
            }
        }
        reader.done().await;

        let door = door(story).await;
        for command in ["change.complete", "change.verify", "change.back-out"] {
            let brief = format!("{:?}", start(&door, command, &change).await.brief);
            assert!(
                brief.contains(&format!("{high} High level trip on RLF/PLC-7, until")),
                "{brief}"
            );
            assert!(!brief.contains("Low level trip"), "{command}: {brief}");
        }
    });
}

#[test]
fn whoever_decides_sees_who_said_yes_already_and_with_which_papers_a_vendor_comes() {
    on_both(async |engine, story| {
        let door = door(story).await;
        let change = story.change("RLF/PLC-7", 3_600, 7_200).await;
        let so_far =
            async |of: &str| format!("{:?}", start(&door, "change.approve", of).await.so_far);
        assert!(so_far(&change).await.contains("nobody; waits for"), "{}", engine.name());
        let yes = json!({"ref": change, "discipline": "operations", "decision": "yes"});
        done(&story.bob, "decide", yes).await;
        let said = so_far(&change).await;
        let bob = &story.bob.store().facts().actor;
        assert!(said.contains(&format!("operations ({bob}); waits for")), "{said}");
        assert!(!said.contains("and operations"), "{said}");

        let window = story.window("RLF/PLC-7", 3_600, 7_200).await;
        let brief = format!("{:?}", start(&door, "window.approve", &window).await.brief);
        assert!(brief.contains("papers") && brief.contains("screening "), "{brief}");
        assert!(!brief.contains("lacks"), "{brief}");
        let ends = json!({"vendor": "YOKO", "name": "Y. Tanaka", "screening_until": soon(3_700),
                          "training_until": soon(90 * 86_400)});
        done(&story.boss, "vendor.person", ends).await;
        let brief = format!("{:?}", start(&door, "window.approve", &window).await.brief);
        assert!(brief.contains("lacks") && brief.contains("the screening of Y. Tanaka"), "{brief}");
    });
}

#[test]
fn a_form_says_that_its_object_was_ended_meanwhile_by_whom_and_what_is_left() {
    on_both(async |engine, story| {
        let door = door(story).await;
        let window = story.window("RLF/PLC-7", -60, 7_200).await;
        story.approve(&window).await;
        done(&story.boss, "window.open", json!({"ref": window})).await;
        assert_eq!(start(&door, "window.close", &window).await.over, None, "{}", engine.name());
        let before = start(&door, "window.close", &window).await.last.unwrap();
        done(&story.boss, "window.cut-off", json!({"ref": window, "reason": "ordered"})).await;
        let then = start(&door, "window.close", &window).await;
        let boss = &story.boss.store().facts().actor;
        let over = then.over.unwrap();
        assert_eq!(over.head.to_string(), format!("OVER: {window} is cut off"));
        let said = over.why.to_string();
        let begins = format!("{window} is cut off: {boss} cut it off at 20");
        assert!(said.starts_with(&begins), "{said}");
        assert!(said.ends_with("Z; nothing is left to close"), "{said}");
        assert!(then.last.unwrap().seq > before.seq);
        // Whoever hands it in all the same reads the same words, and no name of the program's own.
        let close = json!({"ref": window, "close_out": "tuned"});
        let Err(refused) = submit(&story.boss, "window.close", close).await else { panic!() };
        assert!(refused.to_string().contains(&begins), "{refused}");
        for inner in ["cut_off", "window.closed"] {
            assert!(!refused.to_string().contains(inner), "{refused}");
        }
    });
}

#[test]
fn a_decision_offers_the_disciplines_of_the_person_that_it_waits_for_and_says_when_none_is_left() {
    on_both(async |engine, story| {
        let change = story.change("RLF/PLC-7", 3_600, 7_200).await;
        let door = door_of(&story.bob).await;
        let offered = start(&door, "change.approve", &change).await.choices;
        assert_eq!(offered, [("discipline", vec!["operations".to_owned()])], "{}", engine.name());
        let yes = json!({"ref": change, "discipline": "operations", "decision": "yes"});
        let otto = story.joined(engine, "otto", &["operations"], "shift_lead").await;
        done(&otto, "decide", yes).await;
        let over = start(&door, "change.approve", &change).await.over.unwrap().why.to_string();
        let otto = &otto.store().facts().actor;
        assert!(over.contains(&format!("operations said yes ({otto})")), "{over}");
        assert!(over.contains("still asked"), "{over}");
    });
}

#[test]
fn whoever_waives_or_puts_aside_has_before_their_eyes_what_it_is() {
    on_both(async |engine, story| {
        let door = door(story).await;
        let first = story.change("RLF/PLC-7", 3_600, 7_200).await;
        let window = story.window("RLF/PLC-7", 3_600, 7_200).await;
        let brief = start(&door, "change.waive", &first).await.brief;
        let labels: Vec<String> = brief.0.iter().filter_map(label).collect();
        assert_eq!(labels[..3], ["what", "on", "conflict"], "{}: {labels:?}", engine.name());
        assert!(format!("{brief:?}").contains(&format!("{window}: ")), "{brief:?}");
        let decided = start(&door, "change.approve", &first).await.brief;
        let labels: Vec<String> = decided.0.iter().filter_map(label).collect();
        let known = ["what", "on", "when", "conflict", "impacts", "rollback", "tests"];
        assert_eq!(labels[..known.len()], known, "{labels:?}");

        let open = story.window("RLF/PLC-8", -60, 300).await;
        story.approve(&open).await;
        done(&story.boss, "window.open", json!({"ref": open})).await;
        let brief = format!("{:?}", start(&door, "alarm.shelve", &open).await.brief);
        assert!(brief.contains(&format!("{open}: ")) && brief.contains("RLF/PLC-8"), "{brief}");
        let none = start(&door, "alarm.shelve", &first).await;
        assert!(none.over.unwrap().why.as_str().contains("no alarm of"));
    });
}

/// The label of a line, if it has one.
fn label(line: &Line) -> Option<String> {
    match line {
        Line::Field(label, _) | Line::When(label, ..) | Line::Span(label, ..) => {
            Some(label.to_string())
        }
        Line::Heading(_) | Line::Text(_) | Line::Entry(..) | Line::Folded(..) | Line::Gap => None,
    }
}

#[test]
fn who_said_no_and_why_stands_first_and_what_is_asked_otherwise_is_told_whole() {
    on_both(async |engine, story| {
        let vetoed = story.change("RLF/PLC-7", 3_600, 7_200).await;
        let no = json!({"ref": vetoed, "discipline": "operations", "decision": "no",
                        "reason": "the batch runs until noon"});
        done(&story.bob, "decide", no).await;
        let door = door(story).await;
        let Ok(Data::Object(page)) = door.load(Ask::Object { reference: vetoed.clone() }).await
        else {
            panic!("no page")
        };
        let Some(Line::Field(label, cell)) = page.doc.0.first() else { panic!("{:?}", page.doc) };
        assert_eq!(label.as_str(), "vetoed by", "{}", engine.name());
        let bob = &story.bob.store().facts().actor;
        assert!(
            format!("{cell:?}").contains(&format!("{bob}, operations: the batch runs until noon"))
        );

        let mut reader = story.alice.store().reader().await.unwrap();
        let shown = reader.show(&vetoed).await.unwrap().json().unwrap();
        reader.done().await;
        let mut again = json!({"supersedes": vetoed, "start": soon(9_000), "end": soon(12_000),
                               "tests": "Loop check twice"});
        for field in ["site", "title", "kind", "assets", "impacts", "rollback"] {
            let of: Value = shown[field].clone();
            again[field] = of;
        }
        let again = done(&story.boss, "change.request", again).await;
        let first = format!("{:?}", start(&door, "change.request", &vetoed).await.brief);
        assert!(first.contains("the batch runs until noon"), "the next request shows it: {first}");
        let heard = json!({"ref": again, "text": "the key is at the gate"});
        done(&story.alice, "comment.add", heard).await;
        let brief = format!("{:?}", start(&door, "change.approve", &again).await.brief);
        assert!(brief.contains("it security: the key is at the gate"), "{brief}");
        assert!(brief.contains("tests Loop check twice (was Loop check)"), "{brief}");
        assert!(brief.contains("the batch runs until noon"), "{brief}");
    });
}

#[test]
fn the_audit_trail_of_the_console_holds_what_its_filter_line_says() {
    on_both(async |engine, story| {
        let change = story.change("RLF/PLC-7", 3_600, 7_200).await;
        let door = door(story).await;
        let ask = async |filter: String| {
            door.load(Ask::List { subject: "log", filter, after: None, limit: 500 }).await
        };
        let Ok(Data::List(rows)) = ask(format!("object:{change} kind:change")).await else {
            panic!("no trail")
        };
        let rows = rows.downcast::<Page<Item>>().expect("entries").rows;
        let kinds: Vec<String> = rows.iter().map(|row| row.word("kind").to_string()).collect();
        assert_eq!(kinds, ["change.requested"], "{}", engine.name());
        let Err(refused) = ask("site:RLF".to_owned()).await else { panic!("it took any word") };
        assert!(format!("{refused:?}").contains("who, kind, object"), "{refused:?}");
        let screen = SUBJECTS.iter().find(|subject| subject.name == "log").unwrap();
        let (words, known) = ((screen.make)().filter_words(), query::words("log").unwrap());
        assert!(words.contains(&"who:".to_owned()), "{words:?}");
        for word in words {
            let name = word.split(':').next();
            assert!(known.iter().any(|known| Some(known.name) == name), "{word} is offered");
        }
    });
}

#[test]
fn posture_is_filtered_by_site_and_by_words() {
    on_both(async |engine, story| {
        let door = door(story).await;
        let ask = async |filter: &str| {
            let filter = filter.to_owned();
            let limit = 500;
            door.load(Ask::List { subject: "posture", filter, after: None, limit }).await
        };
        let sites = async |filter: &str| {
            let Ok(Data::List(rows)) = ask(filter).await else { panic!("no posture") };
            let rows = rows.downcast::<Page<SitePosture>>().expect("sites").rows;
            rows.into_iter().map(|row| row.site).collect::<Vec<_>>()
        };
        let all = sites("").await;
        assert!(all.len() > 2 && all[0] == "*", "{}: {all:?}", engine.name());
        assert_eq!(sites("site:RLF").await, ["RLF"]);
        assert_eq!(sites("rlf").await, ["RLF"]);
        assert_eq!(sites("site:RLF nowhere").await, Vec::<String>::new());
        let Err(refused) = ask("state:open").await else { panic!("it took any word") };
        assert!(format!("{refused:?}").contains("it knows site"), "{refused:?}");
    });
}

/// What the strip says below a change that one stands on in the list.
async fn strip(door: &Door, reference: &str) -> String {
    let filter = format!("ref:{reference}");
    let list = Ask::List { subject: "changes", filter, after: None, limit: 5 };
    let Ok(Data::List(rows)) = door.load(list).await else { panic!("no list of changes") };
    let rows = rows.downcast::<Page<Change>>().expect("changes").rows;
    let (look, now) = (Look::default(), now());
    let me = Me { holder: None, now };
    let utc = chrono_tz::Tz::UTC;
    let ctx = Ctx { now, utc: true, local: utc, zone: utc, look: &look, stale: false, me };
    format!("{:?}", (changes::SPEC.strip)(&rows[0], &ctx))
}

#[test]
fn whoever_stands_on_a_change_reads_what_holds_it_up_and_who_said_no() {
    on_both(async |engine, story| {
        let first = story.change("RLF/PLC-7", -60, 7_200).await;
        story.approve(&first).await;
        let second = story.change("RLF/PLC-7", 600, 9_000).await;
        story.approve(&second).await;
        let door = door(story).await;
        let held = strip(&door, &second).await;
        assert!(held.contains(&format!("conflicts with {first}; ")), "{}: {held}", engine.name());
        assert!(held.contains("held up: operations may waive it with W"), "{held}");
        let waived = json!({"ref": second, "conflict": first, "reason": "one crew does both"});
        done(&story.bob, "change.waive", waived).await;
        let free = strip(&door, &second).await;
        assert!(!free.contains("held up") && !free.contains("conflicts with"), "{free}");

        let no = story.change("RLF/PLC-8", 3_600, 7_200).await;
        let veto =
            json!({"ref": no, "discipline": "operations", "decision": "no", "reason": "noon"});
        done(&story.bob, "decide", veto).await;
        let bob = &story.bob.store().facts().actor;
        let refused = strip(&door, &no).await;
        assert!(
            refused.contains(&format!("vetoed by {bob}, operations: Enter shows why")),
            "{refused}"
        );
    });
}

#[test]
fn the_history_of_an_object_has_what_was_done_about_its_alarms() {
    on_both(async |engine, story| {
        // A window that ends within a quarter of an hour is an alarm at once.
        let window = story.window("RLF/PLC-7", -60, 600).await;
        story.approve(&window).await;
        done(&story.boss, "window.open", json!({"ref": window})).await;
        let alarm = format!("window_ending:{window}");
        done(&story.alice, "alarm.acknowledge", json!({"ref": alarm, "reason": "rang them"})).await;
        let door = door(story).await;
        let asked = Ask::History { reference: window.clone() };
        let Ok(Data::Object(page)) = door.load(asked).await else { panic!("no history") };
        let said = format!("{:?}", page.doc);
        for kind in ["window.opened", "alarm.acknowledged", "rang them"] {
            assert!(said.contains(kind), "{}: {kind} in {said}", engine.name());
        }
    });
}

#[test]
fn the_form_that_ends_a_duty_knows_the_only_one_there_is() {
    on_both(async |engine, story| {
        let [_, alice, bob] = story.logins.clone();
        let from = soon(3_600);
        let duty = |login: &str, site: &str| {
            json!({"login": login, "discipline": "operations", "site": site, "from": from,
                   "until": soon(7_200)})
        };
        done(&story.boss, "duty.set", duty(&bob, "RLF")).await;
        let door = door(story).await;
        let known = start(&door, "duty.end", &bob).await.values;
        assert_eq!(
            (known.get("discipline"), known.get("site"), known.get("from")),
            (Some(&json!("operations")), Some(&json!("RLF")), Some(&json!(from))),
            "{}",
            engine.name()
        );
        let none = start(&door, "duty.end", &alice).await.values;
        assert_eq!((none.get("login"), none.get("discipline")), (Some(&json!(alice)), None));
    });
}

#[test]
fn whoever_judges_a_report_reads_it_and_is_offered_what_it_may_belong_to() {
    on_both(async |engine, story| {
        let seen = json!({"where": "RLF line 2", "what": "The panel shows yesterday's values",
                          "effect": "Operators read the gauges"});
        let report = done(&story.boss, "report.submit", seen).await;
        let risk = json!({"site": "RLF", "title": "Panels age"});
        let risk = done(&story.boss, "risk.raise", risk).await;
        let other = json!({"site": "ANR", "title": "Panels age there too"});
        done(&story.boss, "risk.raise", other).await;
        let here = json!({"sites": ["RLF"], "title": "Panel frozen", "severity": 3});
        let incident = done(&story.boss, "incident.declare", here).await;
        let door = door(story).await;
        let brief = format!("{:?}", start(&door, "report.triage", &report).await.brief);
        let boss = story.boss.store().facts().actor.to_string();
        for part in ["yesterday's values", "RLF line 2", "Operators read the gauges", &boss] {
            assert!(brief.contains(part), "{}: {part} in {brief}", engine.name());
        }
        let of = Looked::Linked;
        let ask = Ask::Suggest { of, typed: String::new(), within: Some(report) };
        let Ok(Data::Suggestions(offered)) = door.load(ask).await else { panic!("nothing") };
        let offered: Vec<String> = offered.into_iter().map(|one| one.value).collect();
        assert_eq!(offered, [incident, risk]);
    });
}

#[test]
fn whoever_ends_something_reads_what_it_is_and_what_hangs_on_it() {
    on_both(async |engine, story| {
        let window = story.window("RLF/PLC-7", -60, 7_200).await;
        story.approve(&window).await;
        done(&story.boss, "window.open", json!({"ref": window})).await;
        let on = |asset: &str| json!({"vendor": "YOKO", "person": "Y. Tanaka", "asset": asset});
        let session = done(&story.boss, "session.start", on("RLF/PLC-7")).await;
        let stray = done(&story.boss, "session.start", on("RLF/PLC-8")).await;
        let title =
            json!({"site": "RLF", "title": "Turnaround", "start": soon(-60), "end": soon(7_200)});
        let outage = done(&story.boss, "outage.plan", title.clone()).await;
        let blackout = done(&story.boss, "blackout.declare", title).await;
        let here = json!({"sites": ["RLF"], "title": "Panel frozen", "severity": 3});
        let incident = done(&story.boss, "incident.declare", here).await;
        let frozen = json!({"ref": incident, "reason": "until it is known what it is"});
        done(&story.boss, "incident.freeze", frozen).await;
        let [boss, alice, _] = story.logins.clone();
        let door = door(story).await;
        let since =
            |line: &Line| matches!(line, Line::When(label, ..) if label.as_str() == "since");
        let until =
            |line: &Line| matches!(line, Line::When(label, ..) if label.as_str() == "until");
        let read = start(&door, "session.end", &session).await.brief;
        assert!(read.0.iter().any(since) && read.0.iter().any(until), "{read:?}");
        let told: &[(&str, &str, &[&str])] = &[
            (
                "session.end",
                &session,
                &["Y. Tanaka of YOKO", "RLF/PLC-7", &window, "escort", &stray],
            ),
            ("session.cut-off", &stray, &["none that was open", "RLF/PLC-8", "no window says"]),
            ("outage.cancel", &outage, &["Turnaround", "the whole of RLF", &boss]),
            ("outage.move", &outage, &["Turnaround"]),
            ("blackout.end", &blackout, &["Turnaround", "the whole of RLF"]),
            ("incident.unfreeze", &incident, &["Panel frozen", "until it is known", &boss]),
            ("person.deactivate", &alice, &[&alice, "disciplines"]),
            ("role.revoke", &alice, &["role"]),
            ("vendor.suspend", "YOKO", &["Y. Tanaka on RLF/PLC-7", &window]),
            ("asset.retire", "RLF/PLC-7", &["RLF/PLC-7", "open on it", &window]),
            ("raci.set", "control.change", &["control.change at all sites", "answers"]),
            ("comment.add", &window, &["Y. Tanaka of YOKO", "open"]),
            ("comment.add", &incident, &["Panel frozen"]),
        ];
        for (command, of, parts) in told {
            let brief = format!("{:?}", start(&door, command, of).await.brief);
            for part in *parts {
                assert!(brief.contains(part), "{}: {command}: {part} in {brief}", engine.name());
            }
        }
    });
}

#[test]
fn whoever_takes_a_bypass_out_or_asks_otherwise_reads_what_is_meant() {
    on_both(async |engine, story| {
        let change = story.change("RLF/PLC-7", -60, 7_200).await;
        let revise = start(&door(story).await, "change.revise", &change).await;
        assert!(format!("{:?}", revise.so_far).contains("nobody; waits for"), "{revise:?}");
        assert!(format!("{:?}", revise.brief).contains("RLF/PLC-7"), "{}", engine.name());
        story.approve(&change).await;
        done(&story.boss, "change.start", json!({"ref": change})).await;
        let bypass = json!({"change": change, "asset": "RLF/PLC-7", "what": "High level trip",
                            "until": soon(3_600), "reason": "the probe is replaced",
                            "compensating": ["a man at the glass"], "tag": "K-12"});
        let bypass = done(&story.alice, "bypass.place", bypass).await;
        let door = door(story).await;
        for command in ["bypass.remove", "bypass.renew"] {
            let brief = format!("{:?}", start(&door, command, &bypass).await.brief);
            for part in ["High level trip", "RLF/PLC-7", "a man at the glass", "K-12", &change] {
                assert!(brief.contains(part), "{}: {command}: {part} in {brief}", engine.name());
            }
        }
    });
}

#[test]
fn whether_the_object_of_an_unfinished_form_is_over_is_told_for_each() {
    on_both(async |engine, story| {
        let window = story.window("RLF/PLC-7", -60, 7_200).await;
        story.approve(&window).await;
        done(&story.boss, "window.open", json!({"ref": window})).await;
        let open = story.window("RLF/PLC-8", 3_600, 7_200).await;
        done(&story.boss, "window.close", json!({"ref": window, "close_out": "tuned"})).await;
        let door = door(story).await;
        let of = [("window.close", &window), ("window.cancel", &open), ("window.close", &open)];
        let of = of.map(|(command, on)| (command.to_owned(), on.clone())).to_vec();
        let Ok(Data::Over(found)) = door.load(Ask::Over { of }).await else { panic!("no answer") };
        let heads: Vec<Option<String>> =
            found.into_iter().map(|over| Some(over?.head.to_string())).collect();
        let closed = Some(format!("OVER: {window} is closed"));
        assert_eq!(heads[..2], [closed, None], "{}", engine.name());
        assert_eq!(heads.len(), 3);
    });
}
