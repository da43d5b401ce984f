//! Row by row: cells to an asset, mistakes by line and field, and no asset twice.

use std::collections::HashMap;

use csv::StringRecord;

use super::columns::{Field, Mapping};
use super::{Fault, Inventory, Limits, MOST_ERRORS, Problem, Row, by_count, cells, class};
use crate::domain::asset::{Class, Constraints, Register};
use crate::domain::names::SiteCode;
use crate::domain::words;

/// More unknown words for kinds than this are not listed.
const MOST_WORDS: usize = 100;

/// What is written down while a file is read.
pub(super) struct Book<'a> {
    places: Vec<(Field, usize)>,
    width: usize,
    site: Option<&'a SiteCode>,
    limits: Limits,
    count: usize,
    rows: Vec<Row>,
    errors: Vec<Problem>,
    more_errors: usize,
    seen: HashMap<(String, String), u64>,
    unknown_classes: HashMap<String, usize>,
}

/// The known cells of one row and the mistakes found in it.
struct Cells<'a> {
    line: u64,
    known: Vec<(Field, &'a str)>,
    errors: Vec<Problem>,
}

impl<'a> Cells<'a> {
    fn get(&self, field: Field) -> Option<&'a str> {
        self.known.iter().find(|(known, _)| *known == field).map(|(_, text)| *text)
    }

    /// The checked value of a cell; a mistake is written down and reads as nothing.
    fn read<T>(&mut self, field: Field, check: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        match check(self.get(field)?) {
            Ok(value) => Some(value),
            Err(message) => {
                self.wrong(field, message);
                None
            }
        }
    }

    fn wrong(&mut self, field: Field, message: String) {
        self.errors.push(Problem { line: self.line, field: field.word(), message });
    }
}

impl<'a> Book<'a> {
    pub(super) fn new(mapping: &Mapping, site: Option<&'a SiteCode>, limits: Limits) -> Self {
        Self {
            places: Field::ALL
                .iter()
                .filter_map(|field| mapping.place(*field).map(|at| (*field, at)))
                .collect(),
            width: mapping.columns.len(),
            site,
            limits,
            count: 0,
            rows: Vec::new(),
            errors: Vec::new(),
            more_errors: 0,
            seen: HashMap::new(),
            unknown_classes: HashMap::new(),
        }
    }

    pub(super) fn take(&mut self, record: &StringRecord, line: u64) -> Result<(), Fault> {
        if record.iter().all(|cell| cell.trim().is_empty()) {
            return Ok(());
        }
        self.count += 1;
        if self.count > self.limits.rows {
            return Err(Fault::TooManyRows(self.limits.rows));
        }
        if let Some(message) = self.misshapen(record) {
            self.wrong(vec![Problem { line, field: "", message }]);
            return Ok(());
        }
        let known = self.places.iter();
        let known = known.filter_map(|(field, at)| {
            record.get(*at).and_then(cells::known).map(|text| (*field, text))
        });
        let mut cells = Cells { line, known: known.collect(), errors: Vec::new() };
        let asset = self.asset(&mut cells);
        match asset {
            Some(asset) if cells.errors.is_empty() => self.keep(line, asset),
            Some(_) | None => self.wrong(cells.errors),
        }
        Ok(())
    }

    fn misshapen(&self, record: &StringRecord) -> Option<String> {
        if record.iter().any(|cell| cell.len() > self.limits.field) {
            return Some(format!(
                "a field is longer than {} bytes: is a quotation mark not closed? shorten it or close it",
                self.limits.field
            ));
        }
        let blank = |at: usize| record.get(at).is_none_or(|cell| cell.trim().is_empty());
        if record.len() < self.width || (self.width..record.len()).any(|at| !blank(at)) {
            return Some(format!(
                "the row has {} and the header {}: quote fields that hold the separator",
                words::count(record.len(), "field"),
                self.width
            ));
        }
        None
    }

    fn asset(&mut self, cells: &mut Cells) -> Option<Register> {
        let tag = cells.read(Field::Tag, cells::tag);
        if cells.get(Field::Tag).is_none() {
            cells.wrong(Field::Tag, "is empty: give the asset's tag".to_owned());
        }
        let site = self.site(cells);
        let name = cells.read(Field::Name, cells::line);
        let class = cells.get(Field::Class).map_or(Class::Unclassified, |text| self.class(text));
        let constraints = constraints(cells);
        let mut text = |field| cells.read(field, cells::line);
        let (vendor, product, model) =
            (text(Field::Vendor), text(Field::Product), text(Field::Model));
        let (order_number, firmware, serial) =
            (text(Field::OrderNumber), text(Field::Firmware), text(Field::Serial));
        let zone = cells.read(Field::Zone, cells::word);
        let purdue = cells.read(Field::Purdue, cells::purdue);
        let ip = cells.read(Field::Ip, cells::ip);
        let safety = cells.read(Field::Safety, cells::rating);
        let regulatory = cells.read(Field::Regulatory, cells::rating);
        let production = cells.read(Field::Production, cells::rating);
        let owner = cells.read(Field::Owner, cells::login);
        let support_end = cells.read(Field::SupportEnd, cells::time);
        let tag = tag?;
        let name = match name {
            Some(name) => name,
            None => cells::line(tag.as_str()).ok()?,
        };
        Some(Register {
            tag,
            site: site?,
            name,
            class,
            zone,
            vendor,
            product,
            model,
            order_number,
            firmware,
            serial,
            purdue,
            ip,
            safety,
            regulatory,
            production,
            owner,
            constraints,
            support_end,
            source: None,
            part_of: None,
        })
    }

    fn site(&self, cells: &mut Cells) -> Option<SiteCode> {
        match (cells.get(Field::Site), self.site) {
            (None, Some(site)) => Some(site.clone()),
            (None, None) => {
                cells.wrong(
                    Field::Site,
                    "is empty: give the site's code, or import with --site CODE".to_owned(),
                );
                None
            }
            (Some(_), given) => {
                let site = cells.read(Field::Site, cells::site)?;
                if let Some(given) = given.filter(|given| **given != site) {
                    cells.wrong(
                        Field::Site,
                        format!("is {site}, but the import is for {given}: take the row out, or import without --site"),
                    );
                    return None;
                }
                Some(site)
            }
        }
    }

    fn class(&mut self, text: &str) -> Class {
        class::class(text).unwrap_or_else(|| {
            let word: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
            if self.unknown_classes.len() < MOST_WORDS || self.unknown_classes.contains_key(&word) {
                *self.unknown_classes.entry(word).or_default() += 1;
            }
            Class::Unclassified
        })
    }

    fn keep(&mut self, line: u64, asset: Register) {
        let key = (asset.site.as_str().to_owned(), asset.tag.as_str().to_owned());
        match self.seen.get(&key) {
            Some(first) => {
                let message = format!(
                    "{}/{} stands in line {first} and again in line {line}: keep one of them",
                    key.0, key.1
                );
                self.wrong(vec![Problem { line, field: Field::Tag.word(), message }]);
            }
            None => {
                self.seen.insert(key, line);
                self.rows.push(Row { line, asset });
            }
        }
    }

    fn wrong(&mut self, errors: Vec<Problem>) {
        for error in errors {
            if self.errors.len() < MOST_ERRORS {
                self.errors.push(error)
            } else {
                self.more_errors += 1
            }
        }
    }

    pub(super) fn close(self, mapping: Mapping) -> Inventory {
        Inventory {
            mapping,
            rows: self.rows,
            errors: self.errors,
            more_errors: self.more_errors,
            unknown_classes: by_count(self.unknown_classes),
        }
    }
}

fn constraints(cells: &mut Cells) -> Option<Constraints> {
    let constraints = Constraints {
        scan_ok: cells.read(Field::ScanOk, cells::boolean),
        patch_ok: cells.read(Field::PatchOk, cells::boolean),
        agent_ok: cells.read(Field::AgentOk, cells::boolean),
        reboot_ok: cells.read(Field::RebootOk, cells::boolean),
        validated: cells.read(Field::Validated, cells::boolean),
        warranty: cells.read(Field::Warranty, cells::line),
    };
    (constraints != Constraints::default()).then_some(constraints)
}
