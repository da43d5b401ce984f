//! One object, whole, by any reference: its board, its ties, its entries, and the chain that put it there.

use serde_json::json;
use smc::commands::{Desk, origin};
use smc::domain::advisories::{self, Match, Tier};
use smc::domain::command::Kind;
use smc::domain::import::Count;
use smc::domain::names::{Ref, SiteCode};
use smc::domain::risk;
use smc::domain::text::Line;
use smc::ledger::Hash;
use smc::store::query::{Page, Subject};
use smc::store::{Given, ReadError, StoreError, Write};

use crate::support::engine::Engine;
use crate::support::story::{Story, done, full, on_both, submit};

fn line(text: &str) -> Line {
    Line::new(text).unwrap()
}

/// An advisory of two documents that [`advisory`] keeps, with this score in tenths.
pub fn imported(named: &Ref, score: u32) -> advisories::Import {
    advisories::Import {
        advisory: named.clone(),
        publisher: line("https://vendor.example"),
        title: line("Buffer overflow in S7"),
        version: line("1"),
        digest: line(&Hash::of(b"{}").to_string()),
        reading: line(&Hash::of(b"{ }").to_string()),
        parser: Count(1),
        cves: vec![line("CVE-2026-1")],
        keys: vec![line("siemens")],
        findings: Vec::new(),
        score: Some(Count(score)),
        released: None,
        import: None,
    }
}

/// An advisory that an analysis finds on one asset, and the risk that follows, written without reading a document.
pub async fn advisory(desk: &Desk) {
    let documents: [&[u8]; 2] = [b"{}", b"{ }"];
    let [digest, reading] = documents.map(|bytes| Hash::of(bytes).to_string());
    let named = Ref::new("SSA-100").unwrap();
    let import = advisories::Kind::Imported(imported(&named, 98));
    let found = advisories::Kind::Matched(advisories::Analyse {
        advisory: named.clone(),
        digest: line(&digest),
        analyser: Count(1),
        assessed: Count(4),
        ruled_out: Count(3),
        matches: vec![Match {
            asset: Ref::new("RLF/PLC-7").unwrap(),
            tier: Tier::Confirmed,
            cves: vec![line("CVE-2026-1")],
            because: vec![line("2.8.1 is below 2.9")],
        }],
    });
    let risk =
        risk::Kind::Found(risk::Found { site: SiteCode::new("RLF").unwrap(), advisory: named });
    let mut write = Write::begin(desk.store()).await.unwrap();
    for (digest, bytes) in [&digest, &reading].into_iter().zip(documents) {
        write.keep(digest, "application/json", bytes).await.unwrap();
    }
    let mut given = Given::default();
    for kind in [Kind::Advisory(import), Kind::Advisory(found), Kind::Risk(risk)] {
        let entry = write.append(kind, &origin("test"), given).await.unwrap();
        given = Given { cause: Some(entry.id), ..Given::default() };
    }
    write.commit().await.unwrap();
}

/// Every sort of reference shows its object; what nobody is called is unknown.
pub async fn every_reference(engine: &Engine, story: &Story) {
    let login = story.logins[1].clone();
    let mut reader = story.boss.store().reader().await.unwrap();
    for (reference, subject) in [
        ("store", Subject::Store),
        ("RLF", Subject::Site),
        ("RLF/PLC-7", Subject::Asset),
        ("RLF:CTRL", Subject::Zone),
        (login.as_str(), Subject::Person),
        ("YOKO", Subject::Vendor),
        ("CR-1", Subject::Change),
        ("VW-1", Subject::Window),
        ("R-1", Subject::Risk),
        ("RA-1", Subject::Acceptance),
        ("INC-1", Subject::Incident),
        ("REP-1", Subject::Report),
        ("LL-1", Subject::LogLine),
        ("SE-1", Subject::Session),
        ("VX-1", Subject::Extension),
        ("control.change", Subject::Raci),
        ("control.change@ANR", Subject::Raci),
    ] {
        let shown = reader.show(reference).await.unwrap();
        assert_eq!(shown.subject, subject, "{} {reference}", engine.name());
        let value = shown.json().unwrap();
        for field in ["ref", "site", "state", "title", "seq", "links", "entries"] {
            assert!(value.get(field).is_some(), "{reference} has no {field}: {value}");
        }
        assert_eq!(value["ref"], reference);
        if reference != "control.change" {
            assert!(shown.entries.contains(&value["seq"].as_i64().unwrap()), "{value}");
        }
    }
    for reference in ["CR-99", "nobody", "XX", "a/b/c/d", "control.change@XX"] {
        let fault = reader.show(reference).await.unwrap_err();
        let ReadError::Store(StoreError::Refused(refusal)) = fault else {
            panic!("{reference}: {fault}")
        };
        assert_eq!(refusal.code.word(), "unknown");
    }
    reader.done().await;
}

#[test]
fn every_reference_shows_its_object_with_its_entries() {
    on_both(async |engine, story| {
        full(story).await;
        every_reference(engine, story).await;
    });
}

#[test]
fn a_board_names_who_could_decide_and_never_the_requester() {
    on_both(async |_, story| {
        let change = story.change("RLF/PLC-7", 3_600, 7_200).await;
        let mut reader = story.boss.store().reader().await.unwrap();
        let board = reader.show(&change).await.unwrap().board.unwrap();
        let of = |word: &str| board.required.iter().find(|one| one.discipline == word).unwrap();
        assert_eq!(of("it_security").could, [story.logins[1].clone()]);
        // The requester holds operations too.
        assert_eq!(of("operations").could, [story.logins[2].clone()]);
        assert!(of("operations").veto && of("operations").because.contains("accountable"));
        reader.done().await;

        let no = json!({"ref": change, "discipline": "operations", "decision": "no", "reason": "Batch runs"});
        submit(&story.bob, "decide", no).await.unwrap();
        let mut reader = story.boss.store().reader().await.unwrap();
        let shown = reader.show(&change).await.unwrap();
        let value = shown.json().unwrap();
        assert_eq!(value["state"], "rejected");
        let said = value["approvals"].as_array().unwrap().iter();
        let said = said.clone().find(|one| one["discipline"] == "operations").unwrap();
        assert_eq!(said["reason"], "Batch runs");
        assert_eq!(said["seq"].as_i64(), shown.entries.last().copied());
        reader.done().await;
    });
}

#[test]
fn a_found_risk_shows_the_chain_back_to_the_advisory_and_the_asset() {
    on_both(async |engine, story| {
        advisory(&story.boss).await;
        let mut reader = story.boss.store().reader().await.unwrap();
        let risks = reader.listing("risks", "advisory:SSA-100", &Page::ALL).await.unwrap().rows;
        assert_eq!(risks.len(), 1, "{}", engine.name());
        let shown = reader.show(risks[0]["ref"].as_str().unwrap()).await.unwrap();
        let kinds: Vec<_> = shown.causes.iter().map(|cause| cause.kind.as_str()).collect();
        for kind in ["asset.registered", "advisory.imported", "advisory.matched", "risk.found"] {
            assert!(kinds.contains(&kind), "{} {kind}: {kinds:?}", engine.name());
        }
        let found = shown.causes.iter().find(|cause| cause.kind == "risk.found").unwrap();
        let matched = shown.causes.iter().find(|cause| cause.kind == "advisory.matched").unwrap();
        assert_eq!(found.cause, Some(matched.seq));
        let ties: Vec<_> =
            shown.links.iter().map(|link| (link.what.as_str(), link.r#ref.as_str())).collect();
        assert_eq!(ties, [("advisory", "SSA-100"), ("asset", "RLF/PLC-7")]);

        let found = reader.listing("vulnerabilities", "tier:confirmed", &Page::ALL).await.unwrap();
        let row = &found.rows[0];
        assert_eq!(row["ref"], "SSA-100/CVE-2026-1/RLF/PLC-7");
        assert_eq!(row["because"], json!(["2.8.1 is below 2.9"]));
        assert_eq!((&row["ruled_out"], &row["decision"]), (&json!(3), &json!(null)));
        let shown = reader.show(row["ref"].as_str().unwrap()).await.unwrap();
        assert_eq!(shown.subject, Subject::Vulnerability);
        let asset = reader.show("RLF/PLC-7").await.unwrap();
        let what: Vec<_> = asset.links.iter().map(|link| link.what.as_str()).collect();
        assert_eq!(what, ["owner", "risk", "vulnerability", "zone"]);
        assert_eq!(reader.show("SSA-100").await.unwrap().links.len(), 2);
        reader.done().await;
    });
}

#[test]
fn a_window_and_its_change_name_each_other() {
    on_both(async |_, story| {
        let change = story.change("RLF/PLC-7", 3_600, 7_200).await;
        story.window("RLF/PLC-7", 3_600, 7_200).await;
        let window = done(
            &story.boss,
            "window.request",
            json!({"vendor": "YOKO", "person": "Y. Tanaka", "assets": ["RLF/PLC-7"], "purpose": "Load it",
                   "start": crate::support::story::soon(3_600), "end": crate::support::story::soon(7_000),
                   "change": change}),
        )
        .await;
        let mut reader = story.boss.store().reader().await.unwrap();
        let ties = reader.show(&change).await.unwrap().links;
        assert!(ties.iter().any(|link| link.what == "window" && link.r#ref == window));
        let ties = reader.show(&window).await.unwrap().links;
        assert!(ties.iter().any(|link| link.what == "change" && link.r#ref == change));
        let vendor = reader.show("YOKO").await.unwrap();
        assert_eq!(vendor.persons[0].person, "Y. Tanaka");
        assert_eq!(vendor.links[0].state.as_deref(), Some("may enter"));
        reader.done().await;
    });
}
