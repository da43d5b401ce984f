//! The document level of CSAF 2.0 (sections 3.2.1): who published what when, and what is odd about it.

use chrono::{DateTime, NaiveDate, NaiveDateTime};

use super::fault::Fault;
use super::lenient::{Many, Text, record};
use super::products::Tree;
use super::vulnerabilities::Vulnerability;
use crate::domain::advisory::{Advisory, Publisher};
use crate::domain::time::Time;

/// Longer titles are cut, in characters.
const TITLE: usize = 300;
/// Longer notes are cut, in characters.
const NOTE: usize = 4_000;
/// More findings than this are summed up.
const FINDINGS: usize = 40;

record! {
    /// The whole file.
    Csaf {
        document: "document" => Document,
        product_tree: "product_tree" => Tree,
        vulnerabilities: "vulnerabilities" => Many<Vulnerability>,
    }
}

record! {
    /// `/document`.
    Document {
        csaf_version: "csaf_version" => Text,
        category: "category" => Text,
        title: "title" => Text,
        lang: "lang" => Text,
        publisher: "publisher" => PublisherObject,
        tracking: "tracking" => Tracking,
        severity: "aggregate_severity" => Severity,
        distribution: "distribution" => Distribution,
        notes: "notes" => Many<Note>,
    }
}

record! {
    /// `/document/publisher`.
    PublisherObject { name: "name" => Text, namespace: "namespace" => Text, category: "category" => Text }
}

record! {
    /// `/document/tracking`.
    Tracking {
        id: "id" => Text,
        version: "version" => Text,
        status: "status" => Text,
        initial: "initial_release_date" => Text,
        current: "current_release_date" => Text,
    }
}

record! {
    /// `/document/aggregate_severity`.
    Severity { text: "text" => Text }
}

record! {
    /// `/document/distribution`.
    Distribution { tlp: "tlp" => Tlp }
}

record! {
    /// `/document/distribution/tlp`.
    Tlp { label: "label" => Text }
}

record! {
    /// A note.
    Note { category: "category" => Text, title: "title" => Text, text: "text" => Text }
}

/// The profiles of CSAF 2.0, section 4.
const CATEGORIES: &[&str] = &[
    "csaf_base",
    "csaf_security_advisory",
    "csaf_security_incident_response",
    "csaf_informational_advisory",
    "csaf_vex",
];

impl Csaf {
    /// Turns the file into our own shape; refuses it only without version or identity.
    pub(super) fn into_advisory(self) -> Result<Advisory, Fault> {
        let document = &self.document;
        match document.csaf_version.get() {
            Some("2.0") => {}
            Some(other) => return Err(Fault::OtherVersion(super::lenient::shorten(other, 20))),
            None => return Err(Fault::NotCsaf),
        }
        let id = document.tracking.id.get().ok_or(Fault::NoId)?;
        if id.len() > 128 || !id.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(Fault::BadId(super::lenient::shorten(id, 60)));
        }
        let mut findings = Findings::default();
        let released = findings.time("initial_release_date", &document.tracking.initial);
        let updated = findings.time("current_release_date", &document.tracking.current);
        document.check(&mut findings);
        for key in self.twice.iter().chain(&document.twice).chain(&document.tracking.twice) {
            findings.add(format!("The key {key} stands twice; the last one counts."));
        }
        let products = self.product_tree.products(&mut findings);
        let vulnerabilities =
            super::vulnerabilities::read(self.vulnerabilities.0, &self.product_tree, &mut findings);
        findings.references(&products, &vulnerabilities);
        let note = |wanted: &dyn Fn(&Note) -> bool| {
            document.notes.0.iter().find(|note| wanted(note)).and_then(|note| note.text.short(NOTE))
        };
        let titled = |note: &Note, title: &str| {
            note.title.get().is_some_and(|text| text.eq_ignore_ascii_case(title))
        };
        Ok(Advisory {
            id: id.to_owned(),
            publisher: Publisher {
                name: document.publisher.name.short(200).unwrap_or_default(),
                namespace: document.publisher.namespace.short(300).unwrap_or_default(),
                category: document.publisher.category.short(40).unwrap_or_default(),
            },
            title: document.title.short(TITLE).unwrap_or_default(),
            version: document.tracking.version.short(60).unwrap_or_default(),
            status: document.tracking.status.short(40).unwrap_or_default(),
            category: document.category.short(100).unwrap_or_default(),
            released,
            updated,
            severity: document.severity.text.short(60),
            tlp: document.distribution.tlp.label.short(20),
            summary: note(&|note: &Note| titled(note, "Risk evaluation"))
                .or_else(|| note(&|note: &Note| note.category.get() == Some("summary")))
                .or_else(|| note(&|note: &Note| note.category.get() == Some("description"))),
            sectors: note(&|note: &Note| titled(note, "Critical infrastructure sectors")),
            products,
            vulnerabilities,
            findings: findings.into_list(),
        })
    }
}

impl Document {
    fn check(&self, findings: &mut Findings) {
        if self.lang.get().is_none() {
            findings.add("The document names no language.".to_owned());
        }
        match self.category.get() {
            Some(category) if CATEGORIES.contains(&category) => {}
            Some(category) => findings.add(format!(
                "The document's category is free text: \"{}\".",
                super::lenient::shorten(category, 60)
            )),
            None => findings.add("The document names no category.".to_owned()),
        }
        if self.title.get().is_none() {
            findings.add("The document has no title.".to_owned());
        }
        if self.publisher.namespace.get().is_none() {
            findings.add(
                "The publisher names no namespace; its tracking ids may not be unique.".to_owned(),
            );
        }
        match self.tracking.status.get() {
            Some("final") => {}
            Some(status) => {
                findings.add(format!("The document is {}.", super::lenient::shorten(status, 20)));
            }
            None => findings.add("The document names no tracking status.".to_owned()),
        }
        if self.tracking.version.get().is_none() {
            findings.add("The document names no tracking version.".to_owned());
        }
    }
}

/// What was odd, each thing once, not more than a person reads.
#[derive(Debug, Default)]
pub(super) struct Findings {
    list: Vec<String>,
    more: usize,
}

impl Findings {
    pub(super) fn add(&mut self, finding: String) {
        if self.list.contains(&finding) {
            return;
        }
        if self.list.len() < FINDINGS { self.list.push(finding) } else { self.more += 1 }
    }

    fn time(&mut self, what: &str, text: &Text) -> Option<Time> {
        let text = text.get()?;
        let time = time(text);
        if time.is_none() {
            self.add(format!("The {what} is no time: \"{}\".", super::lenient::shorten(text, 40)));
        }
        time
    }

    fn references(
        &mut self,
        products: &[crate::domain::advisory::Product],
        vulnerabilities: &[crate::domain::advisory::Vulnerability],
    ) {
        let known: std::collections::HashSet<&str> =
            products.iter().map(|product| product.id.as_str()).collect();
        for vulnerability in vulnerabilities {
            let all = [
                &vulnerability.affected,
                &vulnerability.fixed,
                &vulnerability.not_affected,
                &vulnerability.recommended,
                &vulnerability.investigated,
            ];
            let dangling =
                all.into_iter().flatten().filter(|id| !known.contains(id.as_str())).count();
            if dangling > 0 {
                self.add(format!(
                    "{} names {dangling} product ids that the product tree does not have.",
                    vulnerability.cve
                ));
            }
        }
    }

    fn into_list(mut self) -> Vec<String> {
        if self.more > 0 {
            self.list.push(format!("And {} more.", self.more));
        }
        self.list
    }
}

/// A time with a zone; without one, or with the date alone, it counts as UTC.
fn time(text: &str) -> Option<Time> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(Time::from_micros(at.timestamp_micros()));
    }
    let bare = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").ok();
    let day = || {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().and_then(|day| day.and_hms_opt(0, 0, 0))
    };
    bare.or_else(day).map(|at| Time::from_micros(at.and_utc().timestamp_micros()))
}
