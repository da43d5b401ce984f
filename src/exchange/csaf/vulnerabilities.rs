//! The vulnerabilities of CSAF 2.0 (section 3.2.3): ids, scores, status by product, remediations.

use std::collections::HashSet;

use super::cvss;
use super::document::Findings;
use super::lenient::{Many, Text, record, shorten};
use super::products::Tree;
use crate::domain::advisory::{self, Remediation};

/// Longer remediation texts are cut, in characters.
const TEXT: usize = 2_000;

record! {
    /// One vulnerability.
    Vulnerability {
        cve: "cve" => Text,
        cwe: "cwe" => Cwe,
        ids: "ids" => Many<Id>,
        title: "title" => Text,
        notes: "notes" => Many<Note>,
        status: "product_status" => Status,
        references: "references" => Many<Reference>,
        remediations: "remediations" => Many<RemediationObject>,
        scores: "scores" => Many<Score>,
    }
}

record! {
    /// `cwe`.
    Cwe { id: "id" => Text }
}

record! {
    /// One of `ids`.
    Id { system: "system_name" => Text, text: "text" => Text }
}

record! {
    /// A note of a vulnerability.
    Note { title: "title" => Text, text: "text" => Text }
}

record! {
    /// `product_status`.
    Status {
        first_affected: "first_affected" => Many<Text>,
        known_affected: "known_affected" => Many<Text>,
        last_affected: "last_affected" => Many<Text>,
        first_fixed: "first_fixed" => Many<Text>,
        fixed: "fixed" => Many<Text>,
        not_affected: "known_not_affected" => Many<Text>,
        recommended: "recommended" => Many<Text>,
        investigated: "under_investigation" => Many<Text>,
    }
}

record! {
    /// A reference.
    Reference { url: "url" => Text }
}

record! {
    /// A remediation.
    RemediationObject {
        category: "category" => Text,
        details: "details" => Text,
        url: "url" => Text,
        restart: "restart_required" => Restart,
        products: "product_ids" => Many<Text>,
        groups: "group_ids" => Many<Text>,
    }
}

record! {
    /// `restart_required`.
    Restart { category: "category" => Text }
}

record! {
    /// A score.
    Score { v3: "cvss_v3" => V3 }
}

record! {
    /// `cvss_v3`.
    V3 { vector: "vectorString" => Text, base: "baseScore" => Text }
}

/// All vulnerabilities in our own shape.
pub(super) fn read(
    all: Vec<Vulnerability>,
    tree: &Tree,
    findings: &mut Findings,
) -> Vec<advisory::Vulnerability> {
    let mut seen = HashSet::new();
    let mut out = Vec::with_capacity(all.len());
    for (index, one) in all.into_iter().enumerate() {
        let read = vulnerability(&one, index, tree, findings);
        if !seen.insert(read.cve.clone()) {
            findings.add(format!("{} stands more than once.", read.cve));
        }
        out.push(read);
    }
    out
}

fn vulnerability(
    from: &Vulnerability,
    index: usize,
    tree: &Tree,
    findings: &mut Findings,
) -> advisory::Vulnerability {
    for key in from.twice.iter().chain(&from.status.twice) {
        findings.add(format!("A vulnerability has the key {key} twice; the last one counts."));
    }
    let mut ids =
        from.cve.short(60).into_iter().chain(from.ids.0.iter().filter_map(|id| id.text.short(60)));
    let cve = ids.next().map(|id| word(&id)).unwrap_or_else(|| {
        findings.add(
            "A vulnerability has no CVE and no other id; it is called by its number.".to_owned(),
        );
        format!("vulnerability-{}", index + 1)
    });
    let other_ids = ids.collect();
    let score = score(&from.scores.0, &cve, findings);
    let status = &from.status;
    let first_note = from.notes.0.iter().find(|note| note.text.get().is_some());
    advisory::Vulnerability {
        title: from
            .title
            .short(300)
            .or_else(|| first_note.and_then(|note| note.text.short(200)))
            .unwrap_or_default(),
        cwe: from.cwe.id.short(20),
        severity: score
            .as_ref()
            .map(|score| advisory::Vulnerability::severity_of(score.tenths).to_owned())
            .unwrap_or_default(),
        score: score.as_ref().map(|score| score.tenths),
        vector: score.and_then(|score| score.vector),
        vector_v4: from
            .references
            .0
            .iter()
            .filter_map(|reference| reference.url.get())
            .find_map(cvss::v4_in),
        ssvc: from
            .notes
            .0
            .iter()
            .find(|note| note.title.get() == Some("SSVC"))
            .and_then(|note| note.text.short(200)),
        affected: merged([&status.known_affected, &status.first_affected, &status.last_affected]),
        fixed: merged([&status.fixed, &status.first_fixed]),
        not_affected: merged([&status.not_affected]),
        recommended: merged([&status.recommended]),
        investigated: merged([&status.investigated]),
        remediations: from.remediations.0.iter().map(|one| remediation(one, tree)).collect(),
        cve,
        other_ids,
    }
}

/// An id without spaces, so that people can name it on a command line.
fn word(id: &str) -> String {
    id.split_whitespace().collect::<Vec<_>>().join("-")
}

fn merged<const N: usize>(lists: [&Many<Text>; N]) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut out = Vec::new();
    for text in lists.into_iter().flat_map(|list| &list.0) {
        if let Some(id) = text.short(200)
            && seen.insert(id.clone())
        {
            out.push(id);
        }
    }
    out
}

fn remediation(from: &RemediationObject, tree: &Tree) -> Remediation {
    let mut products = from.products.texts();
    for group in from.groups.texts() {
        products.extend(tree.group(&group));
    }
    Remediation {
        category: from.category.short(40).unwrap_or_default(),
        text: from.details.short(TEXT).unwrap_or_default(),
        url: from.url.short(500),
        restart: from.restart.category.short(40).filter(|restart| restart != "none"),
        products,
    }
}

struct Base {
    tenths: u8,
    vector: Option<String>,
}

/// The highest base score (CSAF viewers prefer it); the vector counts where it contradicts the number.
fn score(scores: &[Score], cve: &str, findings: &mut Findings) -> Option<Base> {
    let mut best: Option<Base> = None;
    for score in scores {
        let stated = score.v3.base.get().and_then(cvss::tenths);
        let vector = score.v3.vector.get();
        let computed = vector.and_then(cvss::base_of);
        if vector.is_some() && computed.is_none() {
            findings.add(format!("{cve} has a CVSS v3 vector that cannot be read."));
        }
        if let (Some(stated), Some(computed)) = (stated, computed)
            && stated != computed
        {
            findings.add(format!(
                "{cve} states the base score {}.{}, but its vector gives {}.{}; the vector counts.",
                stated / 10,
                stated % 10,
                computed / 10,
                computed % 10
            ));
        }
        let Some(tenths) = computed.or(stated) else { continue };
        if best.as_ref().is_none_or(|best| tenths > best.tenths) {
            best = Some(Base { tenths, vector: vector.map(|vector| shorten(vector, 200)) });
        }
    }
    best
}
