//! Advisories and the vulnerabilities that they mean for assets: the documents of both in words. Their lists stand in
//! `items`.

use chrono_tz::Tz;

use super::items::Item;
use crate::console::widgets::cell::Cell;
use crate::console::widgets::doc::Doc;
use crate::domain::words;
use crate::safe_text::SafeText;

/// How sure it is that an asset is meant, in words.
const TIERS: &[(&str, &str)] = &[
    ("confirmed", "confirmed: the product is this one, and its version lies in the range"),
    ("likely", "likely: the product is this one, and its version is not known"),
    ("undetermined", "undetermined: the product is this one, and the versions cannot be compared"),
    ("possible", "possible: the product may be this one"),
];

/// A CVSS base score, which is stored in tenths.
fn score(row: &Item) -> String {
    let said = |tenths: i64| format!("{}.{} of 10 (CVSS base score)", tenths / 10, tenths % 10);
    row.number("score").map(said).unwrap_or_default()
}

/// On how many assets it was found, how surely, and how many were compared and are not meant.
fn found(row: &Item) -> String {
    let counts = TIERS.iter().filter_map(|(tier, _)| {
        let many = row.number(tier).filter(|many| *many > 0)?;
        Some(format!("{many} {tier}"))
    });
    let counts: Vec<String> = counts.collect();
    let found = if counts.is_empty() { "no asset".to_owned() } else { counts.join(", ") };
    format!("{found}{}", compared(row))
}

fn compared(row: &Item) -> String {
    match row.number("ruled_out").filter(|many| *many > 0) {
        Some(many) => format!("; {} compared and not meant", words::count(many, "asset")),
        None => String::new(),
    }
}

/// Everything that the row of an advisory tells.
pub fn advisory(row: &Item) -> Doc {
    let said = |field: &str| Cell::text(row.word(field));
    let revisions = row.number("revisions").filter(|many| *many > 1);
    let revisions = revisions.map(|many| format!(", {many} revisions taken in"));
    let version = format!("{}{}", row.word("version"), revisions.unwrap_or_default());
    Doc::titled(SafeText::from(format!("{} {}", row.word("ref"), row.word("title"))))
        .field("publisher", said("publisher"))
        .field("version", Cell::text(version))
        .when("released", row.time("released"), Tz::UTC)
        .when("taken in", row.time("imported_at"), Tz::UTC)
        .field("worst", Cell::text(score(row)))
        .field("found on", Cell::text(found(row)))
        .field("names", said("cves"))
        .field("oddities", said("findings"))
        .field("SHA-256", said("digest"))
}

/// Everything that the row of a vulnerability tells.
pub fn vulnerability(row: &Item) -> Doc {
    let said = |field: &str| Cell::text(row.word(field));
    let tier = row.word("tier");
    let sure = TIERS.iter().find(|(word, _)| *word == tier.as_str()).map(|(_, sure)| *sure);
    let others = compared(row);
    let mut doc =
        Doc::titled(SafeText::from(format!("{} on {}", row.word("cve"), row.word("asset"))))
            .field("advisory", said("advisory"))
            .field("says", said("title"))
            .field("asset", said("asset"))
            .field("how sure", sure.map_or_else(|| Cell::text(tier.clone()), Cell::text));
    for step in row.several("because") {
        doc = doc.field("because", Cell::text(step));
    }
    doc.field("worst", Cell::text(score(row)))
        .field("besides", Cell::text(others.trim_start_matches("; ").to_owned()))
        .field("risk", said("risk"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_advisory_says_how_bad_it_is_and_on_how_many_assets_in_words() {
        let row = Item::new(json!({
            "ref": "MPC-2026-0031", "title": "Controllers take a new image unasked", "state": "new", "site": null,
            "publisher": "https://mpc.example", "version": "2", "revisions": 2, "score": 98, "confirmed": 3,
            "likely": 1, "undetermined": 0, "possible": 0, "ruled_out": 1, "cves": ["CVE-2026-1"],
        }));
        let said = format!("{:?}", advisory(&row));
        for part in ["9.8 of 10", "3 confirmed, 1 likely; 1 asset compared", "2, 2 revisions"] {
            assert!(said.contains(part), "{part} in {said}");
        }
        assert!(!said.contains("undetermined"), "{said}");
    }

    #[test]
    fn a_vulnerability_says_how_sure_it_is_and_why_and_nothing_of_the_program_itself() {
        let row = Item::new(json!({
            "ref": "A/CVE-2026-1/ANR/PLC-7", "title": "Controllers take a new image unasked", "state": "open",
            "site": "ANR", "asset": "ANR/PLC-7", "advisory": "A", "cve": "CVE-2026-1", "tier": "likely",
            "because": ["the vendor is the same"], "analyser": 1, "score": 98, "ruled_out": 2, "risk": "R-4",
        }));
        let said = format!("{:?}", vulnerability(&row));
        for part in
            ["its version is not known", "the vendor is the same", "2 assets compared", "R-4"]
        {
            assert!(said.contains(part), "{part} in {said}");
        }
        assert!(!said.contains("analyser"), "{said}");
    }
}
