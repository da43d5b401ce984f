//! Access logs taken in: each event once, held against windows, and nothing half written; told on both engines.

use serde_json::{Value, json};

use super::windows::{approved, window, with_vendor};
use crate::support::engines;
use crate::support::plant::{Plant, done};

fn import(plant: &Plant, file: &std::path::Path, more: &[&str]) -> crate::support::process::Ran {
    let path = file.to_str().unwrap();
    plant.rita.smc(&[&["import", "access-events", path, "--json"], more].concat())
}

fn listed(plant: &Plant, list: &str, filter: &str) -> Vec<Value> {
    plant.ida.smc(&["list", list, filter, "--json"]).exits(0).json_lines()
}

#[test]
fn events_are_held_against_windows_and_taken_once() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        let vw = approved((&plant, &vera), -5, 600);
        done(&plant.olga, "window.open", json!({"ref": vw}));
        std::thread::sleep(std::time::Duration::from_millis(1_100));
        let at = smc::clock::now().utc().format("%Y-%m-%dT%H:%M:%S%.6f+00:00").to_string();
        let dir = tempfile::tempdir().unwrap();
        let log = dir.path().join("auth.log");
        let said = format!(
            "{at} PLC-1 sshd[41]: Accepted publickey for kenji from 203.0.113.9 port 51422 ssh2: ED25519 SHA256:Ab3d9\n\
             {at} PLC-1 sshd[41]: pam_unix(sshd:session): session opened for user kenji(uid=1001) by (uid=0)\n\
             2026-01-05T09:00:00+01:00 PLC-1 sshd[7]: Accepted password for kenji from 203.0.113.9 port 1 ssh2\n\
             2026-01-05T09:00:01+01:00 PLC-1 sshd[7]: pam_unix(sshd:session): session opened for user kenji by (uid=0)\n\
             2026-01-05T09:00:02+01:00 PLC-1 sshd[8]: Accepted password for nobody from 203.0.113.9 port 1 ssh2\n\
             2026-01-05T09:00:03+01:00 PLC-1 sshd[9]: Failed password for root from 203.0.113.9 port 1 ssh2\n"
        );
        std::fs::write(&log, &said).unwrap();
        let dry = import(&plant, &log, &["--dry-run"]).exits(0).json();
        assert_eq!((&dry["accepted"], &dry["ref"]), (&json!(5), &Value::Null), "{dry}");
        let came = import(&plant, &log, &[]).exits(0).json();
        assert_eq!(
            came["states"],
            json!({"covered": 2, "outside": 2, "stranger": 1}),
            "{}",
            engine.name()
        );
        assert_eq!(came["ignored"], 1);
        let again = import(&plant, &log, &[]).exits(0).json();
        assert_eq!((&again["accepted"], &again["unchanged"]), (&json!(0), &json!(5)));
        assert_eq!(listed(&plant, "access-events", "").len(), 5);
        assert_eq!(listed(&plant, "access-events", &format!("window:{vw}")).len(), 2);
        let alarms = listed(&plant, "alarms", "kind:access_outside");
        assert_eq!(alarms.len(), 2, "one for a login and asset: {alarms:?}");
        let name = alarms[0]["ref"].clone();
        done(&plant.ida, "alarm.acknowledge", json!({"ref": name, "reason": "our own test"}));
        assert_eq!(listed(&plant, "alarms", "kind:access_outside").len(), 1);
        plant.founder.smc(&["show", "AE-3", "--json"]).exits(0);
        plant.founder.smc(&["verify"]).exits(0);
    }
}

#[test]
fn whom_a_log_let_in_has_access_until_a_log_lets_them_out() {
    for engine in engines() {
        let (plant, _) = with_vendor(&engine);
        let at = |seconds: i64| {
            let at = smc::clock::now().plus_seconds(-seconds);
            at.utc().format("%Y-%m-%dT%H:%M:%S%.6f+00:00").to_string()
        };
        let session = |seconds: i64, what: &str, pid: u32, login: &str| {
            let by = if what == "opened" { " by (uid=0)" } else { "" };
            format!(
                "{} PLC-1 sshd[{pid}]: pam_unix(sshd:session): session {what} for user {login}{by}\n",
                at(seconds)
            )
        };
        let dir = tempfile::tempdir().unwrap();
        let taken = |name: &str, said: String| {
            let log = dir.path().join(name);
            std::fs::write(&log, said).unwrap();
            import(&plant, &log, &[]).exits(0);
        };
        let long_ago = session(8 * 86_400, "opened", 5, "kenji");
        let came = session(600, "opened", 41, "kenji") + &session(500, "opened", 42, "mallory");
        taken("one.log", long_ago + &came);
        let inside = listed(&plant, "access", "");
        let told: Vec<_> = inside.iter().map(|row| (&row["person"], &row["state"])).collect();
        let outside = json!("outside");
        assert_eq!(told, [(&json!("kenji"), &outside), (&json!("mallory"), &outside)]);
        assert_eq!(inside[0]["vendor"], "yoko", "{inside:?}");
        assert_eq!(inside[1]["vendor"], "", "a login that nobody knows");
        taken("two.log", session(400, "closed", 41, "kenji"));
        let left = listed(&plant, "access", "");
        assert_eq!(left.len(), 1, "{}: {left:?}", engine.name());
        assert_eq!(left[0]["ref"], inside[1]["ref"]);
        plant.founder.smc(&["verify"]).exits(0);
    }
}

#[test]
fn a_bad_line_is_named_by_its_number_and_nothing_is_written() {
    for engine in engines() {
        let (plant, _) = with_vendor(&engine);
        let dir = tempfile::tempdir().unwrap();
        let log = dir.path().join("gate.csv");
        let rows = "at,login,asset,action\n2026-01-05T09:00:00Z,kenji,RLF/PLC-1,login\nyesterday,kenji,RLF/PLC-1,login\n\
                    2026-01-05T09:00:00Z,kenji,nowhere,login\n";
        std::fs::write(&log, rows).unwrap();
        let told = import(&plant, &log, &[]).exits(1).stdout;
        assert!(told.contains("line 3: ") && told.contains("line 4: no asset"), "{told}");
        assert_eq!(listed(&plant, "access-events", ""), Vec::<Value>::new(), "{}", engine.name());
        assert_eq!(listed(&plant, "imports", ""), Vec::<Value>::new());
        std::fs::write(&log, rows.replace("yesterday", "2026-01-05T09:00:09Z")).unwrap();
        import(&plant, &log, &["--host", "nowhere=RLF/HMI-1"]).exits(0);
        assert_eq!(listed(&plant, "access-events", "asset:RLF/HMI-1").len(), 1);
    }
}

#[test]
fn whoever_comes_in_after_they_were_deactivated_raises_an_alarm_and_stands_in_who_has_access() {
    for engine in engines() {
        let (plant, _) = with_vendor(&engine);
        let lena = engine.person("lena").login;
        plant.done(
            "person.register",
            json!({"login": lena, "name": "Lena Vos", "disciplines": ["engineering"]}),
        );
        let at = |seconds: i64| {
            let at = smc::clock::now().plus_seconds(seconds);
            at.utc().format("%Y-%m-%dT%H:%M:%S%.6f+00:00").to_string()
        };
        let opened = |at: &str, pid: u32| {
            format!(
                "{at} PLC-1 sshd[{pid}]: Accepted password for {lena} from 203.0.113.9 port 1 ssh2\n\
                 {at} PLC-1 sshd[{pid}]: pam_unix(sshd:session): session opened for user {lena} by (uid=0)\n"
            )
        };
        let before = at(-5);
        plant.done("person.deactivate", json!({"login": lena, "reason": "works elsewhere"}));
        std::thread::sleep(std::time::Duration::from_millis(20));
        let dir = tempfile::tempdir().unwrap();
        let log = dir.path().join("auth.log");
        std::fs::write(&log, opened(&before, 41)).unwrap();
        let came = import(&plant, &log, &[]).exits(0).json();
        assert_eq!(came["states"], json!({"staff": 2}), "{}: before they left", engine.name());
        // Whoever was inside when they were deactivated is somebody whom nobody allows from then on.
        let [inside] = listed(&plant, "access", "because:left").try_into().unwrap();
        assert_eq!((&inside["person"], &inside["state"]), (&json!(lena), &json!("outside")));
        let [alarm] = listed(&plant, "alarms", "kind:access_outside").try_into().unwrap();
        let title = alarm["title"].as_str().unwrap();
        assert!(
            title.starts_with(&format!("{lena} on RLF/PLC-1, deactivated while inside")),
            "{title}"
        );
        let pid = "PLC-1 sshd[41]: pam_unix(sshd:session): session closed for user";
        std::fs::write(&log, format!("{} {pid} {lena}\n", at(0))).unwrap();
        import(&plant, &log, &[]).exits(0);
        assert_eq!(listed(&plant, "access", ""), Vec::<Value>::new());
        let [over] = listed(&plant, "alarms", "kind:access_outside").try_into().unwrap();
        assert_eq!(
            over["state"], "returned",
            "it stays until somebody has acknowledged it: {over}"
        );
        plant.done("alarm.acknowledge", json!({"ref": over["ref"]}));
        assert_eq!(listed(&plant, "alarms", "kind:access_outside"), Vec::<Value>::new());
        std::fs::write(&log, opened(&at(0), 42)).unwrap();
        let came = import(&plant, &log, &[]).exits(0).json();
        assert_eq!(came["states"], json!({"outside": 2}), "{}", engine.name());
        let [alarm] = listed(&plant, "alarms", "kind:access_outside").try_into().unwrap();
        let title = alarm["title"].as_str().unwrap();
        assert!(title.starts_with(&format!("{lena} on RLF/PLC-1")), "{title}");
        assert!(title.contains("after the person had left"), "{title}");
        let after = listed(&plant, "access-events", "because:left");
        assert_eq!(after.len(), 3, "with the end of the session that she was in");
        let [inside] = listed(&plant, "access", "because:left").try_into().unwrap();
        assert_eq!((&inside["person"], &inside["state"]), (&json!(lena), &json!("outside")));
        assert_eq!(inside["title"], json!(format!("{lena} (who had left) on RLF/PLC-1")));
        plant.founder.smc(&["verify"]).exits(0);
    }
}

/// The time so many seconds ago, as a log writes it.
fn ago(seconds: i64) -> String {
    let at = smc::clock::now().plus_seconds(-seconds);
    at.utc().format("%Y-%m-%dT%H:%M:%S%.6f+00:00").to_string()
}

/// Who has access and by which event, from logs that are taken in one after the other.
fn inside_after(plant: &Plant, logs: &[(&str, String)]) -> Vec<(String, String)> {
    let dir = tempfile::tempdir().unwrap();
    for (name, said) in logs {
        let log = dir.path().join(name);
        std::fs::write(&log, said).unwrap();
        import(plant, &log, &[]).exits(0);
    }
    let text = |row: &Value, field: &str| row[field].as_str().unwrap().to_owned();
    let rows = listed(plant, "access", "");
    rows.iter().map(|row| (text(row, "person"), text(row, "ref"))).collect()
}

fn told(said: &[(&str, &str)]) -> Vec<(String, String)> {
    said.iter().map(|(person, by)| ((*person).to_owned(), (*by).to_owned())).collect()
}

#[test]
fn whoever_sshd_accepted_is_inside_until_it_says_that_they_are_gone_with_and_without_pam() {
    for engine in engines() {
        let (plant, _) = with_vendor(&engine);
        let line = |seconds: i64, pid: u32, said: &str| {
            format!("{} PLC-1 sshd[{pid}]: {said}\n", ago(seconds))
        };
        let accepted = |seconds, pid, login: &str, port: u32| {
            let said = format!(
                "Accepted publickey for {login} from 203.0.113.9 port {port} ssh2: ED25519 SHA256:x"
            );
            line(seconds, pid, &said)
        };
        let came = accepted(900, 41, "mallory", 1)
            + &accepted(800, 42, "kenji", 2)
            + &line(
                800,
                42,
                "pam_unix(sshd:session): session opened for user kenji(uid=1) by (uid=0)",
            )
            + &accepted(700, 43, "oscar", 3);
        assert_eq!(
            inside_after(&plant, &[("one.log", came)]),
            told(&[("kenji", "AE-3"), ("mallory", "AE-1"), ("oscar", "AE-4")]),
            "{}: with PAM once, without it by what let them in",
            engine.name()
        );
        // Another process tells of the end, known by the port that the connection comes from.
        let left = line(600, 51, "Disconnected from user mallory 203.0.113.9 port 1")
            + &line(600, 53, "Connection closed by user oscar 203.0.113.9 port 4")
            + &line(500, 52, "Disconnected from user kenji 203.0.113.9 port 2")
            + &line(500, 42, "pam_unix(sshd:session): session closed for user kenji");
        assert_eq!(
            inside_after(&plant, &[("two.log", left)]),
            told(&[("oscar", "AE-4")]),
            "{}: the end of another connection ends nobody",
            engine.name()
        );
        plant.founder.smc(&["verify"]).exits(0);
    }
}

#[test]
fn a_session_that_a_gate_numbers_is_ended_by_its_own_number_alone() {
    for engine in engines() {
        let (plant, _) = with_vendor(&engine);
        let row = |seconds: i64, login: &str, what: &str, session: &str| {
            let at = ago(seconds);
            format!(
                "{{\"at\": \"{at}\", \"login\": \"{login}\", \"asset\": \"PLC-1\", \"action\": \"{what}\", \
                 \"session\": {session}}}\n"
            )
        };
        let came = row(900, "kenji", "start", "7")
            + &row(800, "mallory", "granted", "8")
            + &row(700, "kenji", "end", "9");
        let inside = inside_after(&plant, &[("one.jsonl", came)]);
        let all = told(&[("kenji", "AE-1"), ("mallory", "AE-2")]);
        assert_eq!(inside, all, "{}", engine.name());
        let left = row(600, "kenji", "end", "7") + &row(600, "mallory", "logout", "\"8\"");
        assert_eq!(inside_after(&plant, &[("two.jsonl", left)]), told(&[]), "{}", engine.name());
    }
}

#[test]
fn whom_a_log_lets_into_a_jump_host_within_a_window_stands_there_until_it_is_closed() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        plant.done(
            "asset.register",
            json!({"site": "RLF", "tag": "JMP-1", "name": "Jump host", "class": "jump_host"}),
        );
        let vw = approved((&plant, &vera), -5, 600);
        done(&plant.olga, "window.open", json!({"ref": vw}));
        std::thread::sleep(std::time::Duration::from_millis(20));
        let at = ago(0);
        let opened = |pid: u32, host: &str| {
            format!(
                "{at} {host} sshd[{pid}]: pam_unix(sshd:session): session opened for user kenji by (uid=0)\n"
            )
        };
        let inside =
            inside_after(&plant, &[("one.log", opened(41, "JMP-1") + &opened(42, "PLC-1"))]);
        let both = told(&[("kenji", "AE-1"), ("kenji", &vw)]);
        assert_eq!(inside, both, "{}: on the jump host, and on the asset once", engine.name());
        let there = listed(&plant, "access", "asset:RLF/JMP-1 state:open");
        assert_eq!((&there[0]["window"], &there[0]["vendor"]), (&json!(vw), &json!("yoko")));
        let end = listed(&plant, "windows", "")[0]["end"].clone();
        assert_eq!(there[0]["until"], end);
        done(&plant.rita, "window.close", json!({"ref": vw, "close_out": "loop tuned"}));
        let after = listed(&plant, "access", "state:outside");
        assert_eq!(after.len(), 2, "{}: {after:?}", engine.name());
    }
}

#[test]
fn a_person_of_another_vendor_of_the_same_login_is_no_part_of_the_window() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        plant.done("vendor.register", json!({"vendor": "abb", "name": "Abb & Sons"}));
        plant.done("vendor.person", json!({"vendor": "abb", "login": "kenji"}));
        let vw = approved((&plant, &vera), -5, 600);
        done(&plant.olga, "window.open", json!({"ref": vw}));
        std::thread::sleep(std::time::Duration::from_millis(20));
        let log = format!(
            "at,login,asset,action,vendor\n{0},kenji,PLC-1,opened,abb\n{0},kenji,PLC-1,opened,yoko\n",
            ago(0)
        );
        let inside = inside_after(&plant, &[("gate.csv", log)]);
        assert_eq!(inside, told(&[("kenji", "AE-1"), ("kenji", &vw)]), "{}", engine.name());
        let rows = listed(&plant, "access", "");
        let of = |field: &str| rows.iter().map(|row| row[field].clone()).collect::<Vec<_>>();
        assert_eq!(of("vendor"), [json!("abb"), json!("yoko")]);
        assert_eq!(of("state"), [json!("outside"), json!("open")]);
    }
}

#[test]
fn who_had_access_at_a_time_is_told_as_it_is_known_now_and_as_of_tells_what_was_known_then() {
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        let vw = approved((&plant, &vera), -5, 600);
        done(&plant.olga, "window.open", json!({"ref": vw}));
        std::thread::sleep(std::time::Duration::from_millis(20));
        let then = ago(0);
        let session = |what: &str, login: &str, at: &str| {
            let by = if what == "opened" { " by (uid=0)" } else { "" };
            format!(
                "{at} PLC-1 sshd[41]: pam_unix(sshd:session): session {what} for user {login}{by}\n"
            )
        };
        std::thread::sleep(std::time::Duration::from_millis(20));
        done(&plant.rita, "window.close", json!({"ref": vw, "close_out": "loop tuned"}));
        let log = session("opened", "mallory", &then) + &session("closed", "mallory", &ago(0));
        assert_eq!(inside_after(&plant, &[("late.log", log)]), told(&[]), "{}", engine.name());
        let filter = format!("at:{}", then.replace("+00:00", "Z"));
        let rows = listed(&plant, "access", &filter);
        let of = |field: &str| rows.iter().map(|row| row[field].clone()).collect::<Vec<_>>();
        assert_eq!(of("person"), [json!("mallory"), json!("kenji")], "{}", engine.name());
        assert_eq!(of("state"), [json!("outside"), json!("open")]);
        let narrowed = listed(&plant, "access", &format!("{filter} state:open"));
        assert_eq!(narrowed.len(), 1);
        let moment = then.replace("+00:00", "Z");
        let known = plant.ida.smc(&["--as-of", &moment, "list", "access", "--json"]);
        let known = known.exits(0).json_lines();
        assert_eq!(known.len(), 1, "{}: the log had not come in", engine.name());
        assert_eq!(known[0]["person"], "kenji");
        plant.ida.smc(&["list", "access", "at:1h"]).exits(2);
        plant.ida.smc(&["list", "access", "at:<-1h"]).exits(2);
        assert_eq!(listed(&plant, "access", "at:-1d"), Vec::<Value>::new());
    }
}

#[test]
fn a_window_covers_nobody_who_comes_by_a_key_or_from_an_address_that_is_none_of_theirs() {
    const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJjPVG2s0zLU9YZlFWdR/13Ju3Lp/GVpVHWa3CkNLLBw kenji@yoko";
    const PRINT: &str = "SHA256:C8Hev3u8pdepyMuJYIyVY3A0NB/2buMyPD9n+p6K6vY";
    for engine in engines() {
        let (plant, vera) = with_vendor(&engine);
        let keys = |keys: Value| json!({"vendor": "yoko", "login": "kenji", "ssh_keys": keys});
        plant.done("vendor.person", keys(json!([KEY])));
        plant.done(
            "asset.register",
            json!({"site": "RLF", "tag": "JMP-1", "name": "Jump host", "class": "jump_host", "ip": "10.0.0.5"}),
        );
        let mut asked = window(-5, 600);
        asked["source"] = json!("their office, 203.0.113.0/24");
        let asked = done(&plant.rita, "window.request", asked);
        let vw = asked["ref"].as_str().unwrap();
        for (person, discipline) in
            [(&plant.olga, "operations"), (&plant.ida, "it_security"), (&vera, "vendor_management")]
        {
            done(person, "window.approve", json!({"ref": vw, "discipline": discipline}));
        }
        done(&plant.olga, "window.open", json!({"ref": vw}));
        std::thread::sleep(std::time::Duration::from_millis(20));
        let dir = tempfile::tempdir().unwrap();
        let at = ago(0);
        let states = |came: &[(u32, &str, &str)]| {
            let line = |(pid, key, from): &(u32, &str, &str)| {
                format!(
                    "{at} PLC-1 sshd[{pid}]: Accepted publickey for kenji from {from} port {pid} ssh2: ED25519 {key}\n\
                     {at} PLC-1 sshd[{pid}]: pam_unix(sshd:session): session opened for user kenji by (uid=0)\n"
                )
            };
            let log = dir.path().join("auth.log");
            std::fs::write(&log, came.iter().map(line).collect::<String>()).unwrap();
            import(&plant, &log, &[]).exits(0).json()["states"].clone()
        };
        std::thread::sleep(std::time::Duration::from_millis(20));
        plant.done("vendor.person", keys(json!(["SHA256:another"])));
        let fits = states(&[
            (41, PRINT, "203.0.113.9"),
            (42, "MD5:16:27:ac:a5:76", "203.0.113.9"),
            (43, PRINT, "10.0.0.5"),
            (44, PRINT, "bastion.example"),
        ]);
        let cannot = "what cannot be told is covered, and a key counts as it was on record then";
        assert_eq!(fits, json!({"covered": 8}), "{}: {cannot}", engine.name());
        let only = |rows: &[Value]| rows.iter().map(|row| row["ref"].clone()).collect::<Vec<_>>();
        assert_eq!(only(&listed(&plant, "access", "")), [json!(vw)]);
        let odd = states(&[(51, "SHA256:another", "203.0.113.9"), (52, PRINT, "198.51.100.7")]);
        assert_eq!(odd, json!({"covered": 2, "outside": 2}), "{}", engine.name());
        let of = |because: &str| listed(&plant, "access-events", &format!("because:{because}"));
        assert_eq!((of("key").len(), of("source").len()), (1, 1));
        assert_eq!(of("key")[0]["window"], json!(vw), "the window that it is held against");
        let rows = listed(&plant, "access", "");
        assert_eq!(only(&rows).len(), 2, "{}: {rows:?}", engine.name());
        assert_eq!((&rows[0]["state"], &rows[0]["because"]), (&json!("outside"), &json!("key")));
        assert_eq!((&rows[1]["ref"], &rows[1]["state"]), (&json!(vw), &json!("open")));
        let shown = plant.ida.smc(&["list", "access"]).exits(0).stdout;
        assert!(shown.contains("BECAUSE") && shown.contains("key"), "{shown}");
        let [alarm] = listed(&plant, "alarms", "kind:access_outside").try_into().unwrap();
        let title = alarm["title"].as_str().unwrap();
        let told =
            "2 times, by a key that is none of theirs, from another address than the window's";
        assert!(title.contains(told), "{title}");
        plant.founder.smc(&["verify"]).exits(0);
    }
}
