//! Texts that readers take apart: none is written that they cannot read.

use super::super::approval::IMPACTS;
use super::super::{entry, with};
use super::alters;
use super::told::{People, told};

#[test]
fn no_row_is_written_that_a_reader_cannot_read() {
    let Some((store, People { pia, .. })) = told() else { return };
    let alice = &store.alice;
    store.refused(
        &pia,
        &alters("change.expired", "CR-6", "", "change", "state = 'expired', impacts = '{}'"),
        "change.expired does not alter impacts of CR-6 in change",
    );
    let revised = |impacts: &str| {
        alters(
            "change.revised",
            "CR-1",
            "",
            "change",
            &format!("impacts = '{}'", impacts.replace('\'', "''")),
        )
    };
    let none = r#"{"level":"none"}"#;
    let security = |answer: &str| IMPACTS.replacen(none, answer, 1);
    let words = |text: &str| security(&format!(r#"{{"level":"low","text":"{text}"}}"#));
    for impacts in [
        String::new(),
        "{}".to_owned(),
        "[]".to_owned(),
        security(r#"{"level":"grave"}"#),
        security(r#"{"text":"x"}"#),
        security(r#"{"level":"none","more":1}"#),
        security("null"),
        IMPACTS.replacen("security", "safety", 1),
        IMPACTS.replacen("security", "weather", 1),
        IMPACTS.replacen('{', r#"{"security":{"level":"none"},"#, 1),
        words(""),
        words("  "),
        words("\u{2003}"),
        words("\u{85}"),
        words(r"a\u0007"),
        words("a\u{9b}31m"),
        words(&"x".repeat(401)),
    ] {
        store.refused(alice, &revised(&impacts), "five_impacts_are_answered");
    }
    store.refused(alice, &revised(&IMPACTS.replacen("},", "},,", 1)), "five_impacts_are_answered");
    for text in ["it's \\\"so\\\" C:\\\\x", "Sicherheit \u{e4}\u{1f525}", &"\u{e4}".repeat(400)] {
        store.may(alice, &revised(&words(text)));
    }
    let assessed = |weight: &str| {
        alters(
            "risk.assessed",
            "R-3",
            "",
            "risk",
            &format!("inherent_weight = '{weight}', inherent = 5"),
        )
    };
    for weight in [
        "",
        "{}",
        r#"{"likelihood":6,"consequence":{}}"#,
        r#"{"likelihood":1,"consequence":{"safety":0}}"#,
        r#"{"likelihood":1,"consequence":{"safety":1,"safety":2}}"#,
        r#"{"likelihood":1,"consequence":{"weather":2}}"#,
        r#"{"likelihood":1}"#,
    ] {
        store.refused(alice, &assessed(weight), "inherent_weight_is_1_to_5");
    }
    let comma = r#"{"likelihood":1,"consequence":{"safety":1,}}"#;
    store.refused(alice, &assessed(comma), "invalid input syntax for type json");
    store.may(alice, &assessed(r#"{"likelihood":3,"consequence":{}}"#));
    store.may(alice, &assessed(r#"{"likelihood":3,"consequence":{"safety":5,"quality":1}}"#));
}

#[test]
fn lists_and_facts_are_taken_as_readers_read_them() {
    let Some((store, _)) = told() else { return };
    let alice = &store.alice;
    let long = format!(r#"{{"warranty":"{}"}}"#, "x".repeat(401));
    let fits = format!(r#"{{"scan_ok":true,"validated":false,"warranty":"{}"}}"#, "x".repeat(400));
    for (kind, subject, tab, col, words, unread, read) in [
        (
            "risk.treated",
            "R-3",
            "risk",
            "state = 'treating', compensating",
            "compensating_is_a_list",
            vec!["{}", "[1]", "[[]]", "null", "1"],
            vec!["[]", r#"["a \\ b"]"#],
        ),
        (
            "asset.updated",
            "RLF/PLC-1",
            "asset",
            "constraints",
            "constraints_are_answered",
            vec![
                "[]",
                r#"{"scan_ok":1}"#,
                r#"{"more":true}"#,
                r#"{"scan_ok":true,"scan_ok":true}"#,
                &long,
            ],
            vec!["{}", &fits],
        ),
        (
            "asset.updated",
            "RLF/PLC-1",
            "asset",
            "provenance",
            "provenance_is_by_entry",
            vec!["[]", r#"{"name":"x"}"#, r#"{"name":1.5}"#],
            vec!["{}", r#"{"name":12,"order_number":9}"#],
        ),
        (
            "vendor.person-registered",
            "yoko",
            "vendor_person",
            "ssh_keys",
            "ssh_keys_is_a_list",
            vec!["{}", "[1]"],
            vec!["[]", r#"["ssh-ed25519 AAAA kenji"]"#],
        ),
        (
            "vendor.person-registered",
            "yoko",
            "vendor_person",
            "keys_told",
            "keys_told_are_dated",
            vec!["{}", "[1]", r#"[{"since":"x","keys":[]}]"#, r#"[{"since":1}]"#],
            vec![
                "[]",
                r#"[{"since":1764428400000000,"keys":["SHA256:x+/y="]},{"since":2,"keys":[]}]"#,
            ],
        ),
    ] {
        let by = |text: &str| alters(kind, subject, "", tab, &format!("{col} = '{text}'"));
        for text in unread {
            store.refused(alice, &by(text), words);
        }
        store.refused(alice, &by("[,"), "");
        for text in read {
            store.may(alice, &by(text));
        }
    }
    let matched = |because: &str| {
        with(
            &entry("advisory.matched", "ADV-1", None),
            &format!(
                "INSERT INTO smc.vuln_match (advisory_ref, asset, cve, site, tier, because, analyser, seq)
                 SELECT subject, 'RLF/PLC-1', 'CVE-2026-1', 'RLF', 'likely', '{because}', 1, seq FROM e"
            ),
        )
    };
    store.refused(alice, &matched(r#"{"why":"x"}"#), "because_is_a_list");
    store.refused(alice, &matched(r#"["by name"]"#), "violates foreign key constraint");
}
