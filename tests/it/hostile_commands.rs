//! Text that would take over a terminal, in every text field of every command: what a terminal obeys is refused at the
//! door and never repeated raw; the rest is stored, and shows on no screen, in no list and no log as anything but text.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Map, Value, json};
use smc::domain::command::{Spec, commands};
use smc::domain::field::{Field, Type};
use smc::store::query::LISTS;

use super::hostile_text::{foreign, tour};
use crate::support::engine::{Engine, Person};
use crate::support::engines;
use crate::support::plant::{Plant, in_seconds, plant};
use crate::support::process::{Ran, account};

/// What no store may hold.
const CONTROLS: &str = "a\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}31m\u{7f}";

/// What a store may hold and no terminal may get: bidi, invisible and tag characters, a pile of marks, wide ones.
const ODD: &str = "\u{202e}desolc\u{2066}\u{200b}\u{feff}\u{ad}Z\u{336}\u{336}\u{336}\u{336}\u{336}\u{336}\u{336}\
    製油所\u{1f468}\u{200d}\u{1f469}\u{e0041}\u{2028}end";

/// Text fields whose words name something, which a rule would not find.
const NAMES: &[&str] = &["person", "old_head", "backup_head"];

/// Odd text as long as a field may hold.
fn odd(most: usize) -> String {
    let filled = ODD.chars().chain("w\u{200b}".chars().cycle());
    let mut text: String = filled.take(most - 1).collect();
    text.push('.');
    text
}

/// The value of a field with this text in place of all of its words; none if it holds no text.
fn poisoned(name: &str, of: Type, short: &str, long: &str) -> Option<Value> {
    match of {
        Type::Line if name == "where" => {
            Some(json!(format!("RLF {}", short.trim_end_matches('w'))))
        }
        Type::Line => Some(json!(short)),
        Type::Prose => Some(json!(long)),
        Type::List { of } => poisoned(name, *of, short, long).map(|one| json!([one])),
        Type::Group { fields } => {
            let inner: Map<String, Value> = fields
                .iter()
                .filter_map(|field| {
                    Some((field.name.to_owned(), poisoned(field.name, field.of, short, long)?))
                })
                .collect();
            (!inner.is_empty()).then_some(Value::Object(inner))
        }
        Type::Integer { .. }
        | Type::Boolean
        | Type::Time
        | Type::Choice { .. }
        | Type::Site
        | Type::Login
        | Type::Tag
        | Type::Word
        | Type::Ref
        | Type::Zone => None,
    }
}

fn texts(spec: &Spec) -> impl Iterator<Item = &Field> {
    spec.fields.iter().filter(|field| poisoned(field.name, field.of, "x", "x").is_some())
}

fn clean(ran: &Ran, what: &str) {
    for (stream, text) in [("stdout", &ran.stdout), ("stderr", &ran.stderr)] {
        assert_eq!(foreign(text.as_bytes(), false), None, "{stream} of {what}");
    }
}

#[test]
fn what_a_terminal_obeys_enters_no_field_of_any_command() {
    let account = account("sqlite:/nowhere/smc.db");
    for spec in commands() {
        let name = spec.command.unwrap();
        for field in texts(spec) {
            let value = poisoned(field.name, field.of, CONTROLS, CONTROLS).unwrap();
            let fields = json!({field.name: value}).to_string();
            let file = account.file("fields.json", &fields);
            let as_text = account.smc(&["do", name, "--file", file.to_str().unwrap()]).exits(3);
            clean(&as_text, &format!("{name} {}", field.name));
            let as_json = account.smc(&["do", name, "--json", &fields]).exits(3);
            clean(&as_json, &format!("{name} {} --json", field.name));
            let told = as_json.json_error()["message"].to_string();
            let why = if NAMES.contains(&field.name) && field.name != "person" {
                "is not a head"
            } else {
                "control character"
            };
            assert!(told.contains(why), "{name} {}: {told}", field.name);
        }
    }
}

/// Somebody does things with odd text in every field that takes text.
struct Hands {
    done: RefCell<BTreeSet<String>>,
    /// Whoever answers for the other disciplines.
    others: Vec<(Person, &'static str)>,
}

impl Hands {
    /// Does it; the given fields stand, all other text fields are odd. Gives the reference, if a rule let it pass.
    fn does(&self, person: &Person, command: &str, given: Value) -> Option<String> {
        let spec = commands().find(|spec| spec.command == Some(command)).unwrap();
        let mut fields = given.as_object().unwrap().clone();
        for field in texts(spec).filter(|field| !NAMES.contains(&field.name)) {
            let Some(odd) = poisoned(field.name, field.of, &odd(390), &odd(7_990)) else {
                continue;
            };
            match fields.get_mut(field.name) {
                // Levels of a group are given; its words are added.
                Some(Value::Object(groups)) => worded(groups, &odd),
                Some(_) => {}
                None => {
                    fields.insert(field.name.to_owned(), odd);
                }
            }
        }
        let text = Value::Object(fields).to_string();
        let file = person.account.file("fields.json", &text);
        let ran = person.smc(&["do", command, "--json", "--file", file.to_str().unwrap()]);
        clean(&ran, command);
        if ran.code == Some(0) {
            self.done.borrow_mut().insert(command.to_owned());
            return ran.json()["ref"].as_str().map(str::to_owned);
        }
        println!("{command}: {}", ran.stderr.chars().take(300).collect::<String>());
        None
    }

    /// The same, which must pass.
    fn did(&self, person: &Person, command: &str, given: Value) -> String {
        self.does(person, command, given).unwrap_or_else(|| panic!("{command} was refused"))
    }
}

/// Puts odd words into groups within a group.
fn worded(groups: &mut Map<String, Value>, odd: &Value) {
    for (name, words) in odd.as_object().into_iter().flatten() {
        match (groups.get_mut(name), words) {
            (Some(Value::Object(group)), Value::Object(words)) => {
                group.extend(words.iter().map(|(name, word)| (name.clone(), word.clone())));
            }
            (Some(_), _) => {}
            (None, words) => {
                groups.insert(name.clone(), words.clone());
            }
        }
    }
}

fn change(start: i64, end: i64) -> Value {
    let low = json!({"level": "low"});
    json!({
        "site": "RLF", "kind": "normal", "assets": ["RLF/PLC-1"],
        "start": in_seconds(start), "end": in_seconds(end),
        "impacts": {"security": low, "safety": low, "quality": low, "validation": low, "uptime": low},
    })
}

/// Every command that can be done here, once and with odd text.
fn tell(engine: &Engine, plant: &Plant) -> BTreeSet<String> {
    let mut hands = Hands { done: RefCell::new(BTreeSet::new()), others: Vec::new() };
    let Plant { founder, rita, olga, ida } = plant;
    hands.did(founder, "site.register", json!({"site": "HOS", "timezone": "UTC"}));
    hands.did(founder, "zone.register", json!({"site": "RLF", "zone": "CTRL", "purdue": "1"}));
    let hugo = engine.person("hugo").login;
    hands.did(founder, "person.register", json!({"login": hugo}));
    for command in ["role.grant", "role.revoke"] {
        hands.did(founder, command, json!({"login": hugo, "role": "viewer"}));
    }
    hands.did(founder, "person.deactivate", json!({"login": hugo}));
    // Somebody must be able to answer for every discipline that is asked.
    for discipline in ["management", "quality", "safety", "engineering", "vendor_management"] {
        let person = engine.person(&format!("m{discipline}"));
        let login = &person.login;
        let fields = json!({"login": login, "name": login, "disciplines": [discipline]});
        plant.done("person.register", fields);
        plant.done("role.grant", json!({"login": login, "role": "site_security"}));
        hands.others.push((person, discipline));
    }
    let quality = json!({"activity": "control.change", "discipline": "quality", "value": "C"});
    hands.did(founder, "raci.set", quality);
    let duty = json!({"login": olga.login, "discipline": "operations", "site": "RLF",
        "from": in_seconds(-60), "until": in_seconds(3_600)});
    hands.did(founder, "duty.set", duty);
    let over =
        json!({"login": olga.login, "discipline": "operations", "site": "RLF", "reason": odd(40)});
    hands.did(founder, "duty.end", over);
    hands.did(founder, "vendor.register", json!({"vendor": "YOKO"}));
    let maker = odd(60);
    let papers = json!({"vendor": "YOKO", "name": maker, "screening_until": in_seconds(900_000),
        "training_until": in_seconds(900_000)});
    hands.did(founder, "vendor.person", papers);
    for tag in ["HOS-1", "HOS-2"] {
        let asset = json!({"site": "RLF", "tag": tag, "class": "plc", "zone": "CTRL"});
        hands.did(rita, "asset.register", asset);
    }
    hands.did(rita, "asset.update", json!({"site": "RLF", "tag": "HOS-1"}));
    hands.did(rita, "asset.retire", json!({"site": "RLF", "tag": "HOS-2"}));

    let harm = json!({"production": 4});
    let raise = || json!({"site": "RLF", "likelihood": 4, "consequence": harm});
    let [first, second, third] = [(); 3].map(|()| hands.did(rita, "risk.raise", raise()));
    let weighed = json!({"ref": first, "level": "current", "likelihood": 3, "consequence": {"production": 3}});
    hands.did(rita, "risk.assess", weighed);
    hands.did(rita, "risk.treat", json!({"ref": first, "treatment": "mitigate"}));
    hands.did(rita, "risk.close", json!({"ref": second}));
    let accept = || json!({"ref": third, "until": in_seconds(900_000)});
    for answer in ["acceptance.reject", "acceptance.approve"] {
        let asked = hands.did(rita, "risk.accept", accept());
        decide(&hands, plant, &asked, answer);
    }

    let slot =
        || json!({"site": "RLF", "start": in_seconds(7_000_000), "end": in_seconds(7_200_000)});
    let outage = hands.did(olga, "outage.plan", slot());
    let moved =
        json!({"ref": outage, "start": in_seconds(7_000_000), "end": in_seconds(7_300_000)});
    hands.did(olga, "outage.move", moved);
    let cancelled = hands.did(olga, "outage.plan", slot());
    hands.did(olga, "outage.cancel", json!({"ref": cancelled}));
    let blackout = hands.did(olga, "blackout.declare", slot());
    hands.did(olga, "blackout.end", json!({"ref": blackout}));
    let mut named = slot();
    named["kind"] = json!("outage");
    hands.did(olga, "calendar.set", named);
    let cell = json!({"class": "plc", "intervention": "patch", "allowed": "ask", "site": "RLF"});
    hands.did(olga, "intervention.set", cell);
    hands.did(founder, "posture.target", json!({"site": "RLF", "target": 90}));
    hands.did(founder, "site.require", json!({"site": "RLF", "external_ref": false}));
    hands.did(founder, "posture.weigh", json!({"measure": "zones", "weight": 20}));

    let ask = || hands.did(rita, "change.request", change(-60, 7_200));
    let [verified, withdrawn, undone] = [(); 3].map(|()| ask());
    // What is vetoed is another one: whatever asks the same later has to name it.
    let mut vetoed = change(-60, 7_200);
    vetoed["impacts"]["uptime"] = json!({"level": "medium"});
    let rejected = hands.did(rita, "change.request", vetoed);
    let impacts = change(-60, 7_200)["impacts"].clone();
    let revised = json!({"ref": verified, "risks": [first], "impacts": impacts});
    hands.did(rita, "change.revise", revised);
    hands.did(olga, "change.reject", json!({"ref": rejected, "discipline": "operations"}));
    hands.did(rita, "change.withdraw", json!({"ref": withdrawn}));
    for done in [&verified, &undone] {
        decide(&hands, plant, done, "change.approve");
        if done == &undone {
            hands.did(olga, "change.waive", json!({"ref": undone, "conflict": verified}));
        }
        hands.did(rita, "change.start", json!({"ref": done}));
    }
    let placed = json!({"change": verified, "asset": "RLF/PLC-1", "until": in_seconds(7_000)});
    let bypass = hands.did(rita, "bypass.place", placed);
    let renewed = json!({"ref": bypass, "change": undone, "until": in_seconds(7_000)});
    hands.did(rita, "bypass.renew", renewed);
    hands.did(olga, "bypass.remove", json!({"ref": bypass}));
    hands.did(rita, "change.complete", json!({"ref": verified}));
    hands.did(rita, "change.verify", json!({"ref": verified}));
    hands.did(rita, "change.back-out", json!({"ref": undone}));
    let temporary = |by: i64, earlier: Option<&str>| {
        let mut fields = change(-60, 7_200);
        fields["kind"] = json!("temporary");
        fields["revert_by"] = json!(in_seconds(by));
        if let Some(earlier) = earlier {
            fields["supersedes"] = json!(earlier);
        }
        let reference = hands.did(rita, "change.request", fields);
        decide(&hands, plant, &reference, "change.approve");
        reference
    };
    let stays = temporary(8_000, None);
    hands.did(rita, "change.start", json!({"ref": stays}));
    hands.did(rita, "change.complete", json!({"ref": stays}));
    let longer = temporary(90_000, Some(&stays));
    hands.did(rita, "change.renew", json!({"ref": stays, "change": longer}));
    hands.did(rita, "change.back-out", json!({"ref": stays}));
    hands.did(rita, "change.withdraw", json!({"ref": longer}));
    // What began a minute ago is past its last useful moment: this one is asked for later.
    let later = hands.did(rita, "change.request", change(3_600, 7_200));
    let sleeps = json!({"ref": format!("decide:{later}"), "until": in_seconds(600)});
    hands.did(olga, "comment.add", json!({"ref": later, "discipline": "operations"}));
    hands.did(olga, "task.snooze", sleeps);
    hands.did(olga, "task.wake", json!({"ref": format!("decide:{later}")}));
    let medium = json!({"level": "medium"});
    let raised = json!({"security": medium, "safety": medium, "quality": medium,
        "validation": medium, "uptime": medium});
    hands.did(olga, "change.raise-impact", json!({"ref": later, "impacts": raised}));
    // Only an emergency is reviewed: this is refused, and says so without repeating what was given.
    let reviewed = json!({"ref": later, "discipline": "it_security", "decision": "yes"});
    assert_eq!(hands.does(ida, "change.review", reviewed), None);
    let yes = json!({"ref": later, "discipline": "operations", "decision": "yes"});
    hands.did(olga, "decide", yes);

    let window = |end: i64| {
        let fields = json!({"vendor": "YOKO", "person": maker, "assets": ["RLF/HMI-1"],
            "start": in_seconds(-60), "end": in_seconds(end)});
        hands.did(rita, "window.request", fields)
    };
    let (closed, rejected, cancelled) = (window(3_600), window(3_600), window(3_600));
    hands.did(olga, "window.reject", json!({"ref": rejected, "discipline": "operations"}));
    hands.did(rita, "window.cancel", json!({"ref": cancelled}));
    decide(&hands, plant, &closed, "window.approve");
    hands.did(olga, "window.open", json!({"ref": closed}));
    let there = json!({"vendor": "YOKO", "person": maker, "asset": "RLF/HMI-1"});
    let session = hands.did(rita, "session.start", there.clone());
    hands.did(rita, "session.end", json!({"ref": session}));
    let more = json!({"ref": closed, "end": in_seconds(5_400)});
    let no = hands.did(rita, "window.extend", more.clone());
    hands.did(olga, "extension.reject", json!({"ref": no, "discipline": "operations"}));
    let yes = hands.did(rita, "window.extend", more);
    decide(&hands, plant, &yes, "extension.approve");
    hands.did(rita, "window.close", json!({"ref": closed, "close_out": "done"}));
    let outside = hands.did(rita, "session.start", there);
    hands.did(olga, "session.cut-off", json!({"ref": outside}));
    let cut = window(12);
    decide(&hands, plant, &cut, "window.approve");
    hands.did(olga, "window.open", json!({"ref": cut}));
    std::thread::sleep(Duration::from_secs(13));
    let alarm = format!("window_overrun:{cut}");
    hands.did(ida, "alarm.shelve", json!({"ref": alarm, "until": in_seconds(600)}));
    for command in ["alarm.unshelve", "alarm.acknowledge"] {
        hands.did(ida, command, json!({"ref": alarm}));
    }
    hands.did(ida, "window.cut-off", json!({"ref": cut}));
    for command in ["vendor.update", "vendor.suspend", "vendor.resume"] {
        hands.did(rita, command, json!({"vendor": "YOKO"}));
    }

    let incident = hands.did(rita, "incident.declare", json!({"sites": ["RLF"], "severity": 2}));
    hands.did(ida, "incident.freeze", json!({"ref": incident}));
    plant.done("role.grant", json!({"login": ida.login, "role": "incident_commander"}));
    let exempt = json!({"ref": incident, "subject": later});
    hands.did(ida, "incident.exempt", exempt);
    hands.did(olga, "incident.unfreeze", json!({"ref": incident}));
    hands.did(rita, "log.add", json!({"site": "RLF"}));
    let seen = hands.did(rita, "report.submit", json!({}));
    hands.did(ida, "report.triage", json!({"ref": seen, "outcome": "dismissed"}));
    hands.did(rita, "report.submit", json!({}));
    // Nothing was lost, so these are refused, and say so without repeating what was given.
    let head = "5:AAAAAAAAAAAAAAAA";
    for command in ["store.restore", "store.confirm-restore"] {
        assert_eq!(hands.does(founder, command, json!({"old_head": head})), None);
    }
    hands.done.into_inner()
}

/// Whoever can says so.
fn decide(hands: &Hands, plant: &Plant, reference: &str, command: &str) {
    let known = [(&plant.ida, "it_security"), (&plant.olga, "operations")];
    let others = hands.others.iter().map(|(person, discipline)| (person, *discipline));
    for (person, discipline) in known.into_iter().chain(others) {
        hands.does(person, command, json!({"ref": reference, "discipline": discipline}));
    }
}

#[test]
fn odd_text_of_every_command_is_shown_as_text_everywhere() {
    for engine in engines() {
        let plant = plant(&engine);
        let done = tell(&engine, &plant);
        let all: BTreeSet<String> =
            commands().filter_map(|spec| spec.command).map(str::to_owned).collect();
        let left: Vec<&String> = all.difference(&done).collect();
        let refused = ["change.review", "store.confirm-restore", "store.restore"];
        assert_eq!(left, refused, "{}", engine.name());
        let mut shown = 0;
        let mut check = |args: &[&str]| {
            let ran = plant.founder.smc(args).exits(0);
            clean(&ran, &format!("smc {args:?} on {}", engine.name()));
            shown += usize::from(ran.stdout.contains("<U+202E>") || ran.stdout.contains("\\u202e"));
            ran
        };
        for list in LISTS {
            check(&["list", list, "--limit", "500"]);
            let rows = check(&["list", list, "--limit", "500", "--json"]).json_lines();
            let refs: BTreeSet<&str> = rows.iter().filter_map(|row| row["ref"].as_str()).collect();
            for reference in refs.iter().take(4).filter(|_| *list != "items" && *list != "tasks") {
                for words in [&["show", reference][..], &["show", reference, "--json"]] {
                    let ran = plant.founder.smc(words);
                    clean(&ran, &format!("smc {words:?} on {}", engine.name()));
                }
            }
        }
        for words in
            [&["status"][..], &["status", "--json"], &["log"], &["log", "--json"], &["verify"]]
        {
            check(words);
        }
        assert!(shown > 20, "{}: the odd text was shown {shown} times only", engine.name());
        let mut screen = plant.founder.terminal(&[]).env("LC_ALL", "C.UTF-8").start();
        screen.wait_for("0 Watch");
        screen.wait_for(&plant.founder.login);
        let shown = tour(&mut screen, "<U+202E>");
        assert!(shown > 10, "{}: shown on {shown} panes only", engine.name());
    }
}
