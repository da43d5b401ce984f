//! What scripts read: list, show, status and log from outside, on both engines.

use serde_json::{Value, json};

use crate::support::process::Ran;
use crate::support::story::{full, on_both};

fn lines(ran: &Ran) -> Vec<Value> {
    assert_eq!(ran.code, Some(0), "{ran:?}");
    ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn scripts_read_lists_objects_posture_and_entries() {
    on_both(async |engine, story| {
        full(story).await;
        let me = engine.founder();
        let read = |args: &[&str]| me.smc(args);

        let assets = lines(&read(&["list", "assets", "site:RLF", "--json"]));
        let refs: Vec<_> = assets.iter().map(|row| row["ref"].as_str().unwrap()).collect();
        assert_eq!(refs, ["RLF/HMI-1", "RLF/PLC-7", "RLF/PLC-8"], "{}", engine.name());
        assert_eq!(assets[1]["zone"], "CTRL");
        assert_eq!(assets[1]["constraints"], json!({}));

        let first = read(&["list", "risks", "--limit", "2", "--json"]);
        let next: Value = serde_json::from_str(first.stderr.trim()).unwrap();
        let after = next["next"].as_str().unwrap();
        let rest = lines(&read(&["list", "risks", "--limit", "2", "--after", after, "--json"]));
        assert_eq!((lines(&first).len(), rest.len()), (2, 1));

        let change = &lines(&read(&["show", "CR-1", "--json"]))[0];
        assert_eq!(change["impacts"]["safety"]["level"], "high");
        assert_eq!(change["assets"], json!(["RLF/PLC-7"]));
        assert!(change["approvals"][0]["because"].is_string());
        assert_eq!(change["entries"][0], change["seq"]);

        let status = &lines(&read(&["status", "--json"]))[0];
        let entries = lines(&read(&["log", "--json"]));
        assert_eq!(status["entries"].as_u64().unwrap(), entries.len() as u64);
        assert_eq!(entries[0]["kind"], "store.founded");
        let of = lines(&read(&["log", "--subject", "CR-1", "--json"]));
        assert_eq!(of[0]["seq"], change["seq"]);

        assert!(read(&["list", "changes"]).stdout.starts_with("REF"));
        assert!(read(&["show", "CR-1"]).stdout.contains("Approvals"));
        assert_eq!(read(&["list", "obligations"]).code, Some(2));
        assert_eq!(read(&["list", "cats"]).code, Some(2));
        assert_eq!(read(&["list", "risks", "colour:red"]).code, Some(2));
        assert_eq!(read(&["list", "risks", "site:anx"]).code, Some(2));
        let unknown = read(&["show", "CR-99", "--json"]);
        let said: Value = serde_json::from_str(unknown.stderr.trim()).unwrap();
        assert_eq!((unknown.code, &said["refused"]), (Some(3), &json!("unknown")));
    });
}
