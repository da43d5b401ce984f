//! Vendor names as keys: white space, case, legal forms, mergers and several makers in one string.

use super::text::{fold, known, words};
use super::vocabulary::{ALIASES, GENERIC, KINSHIP, LEGAL};

/// More makers in one string than this are not kept apart.
const MOST: usize = 12;
/// Longer keys are cut.
const LONGEST: usize = 48;

/// The keys of a vendor name; two names can only mean the same maker if they share one. None if nobody knows it.
pub fn vendor_keys(vendor: &str) -> Vec<String> {
    let mut keys = Vec::new();
    let Some(vendor) = known(Some(vendor)) else { return keys };
    let folded = fold(vendor).replace('.', "");
    let (plain, brackets) = without_brackets(&folded);
    add(&mut keys, &plain);
    for bracket in &brackets {
        add(&mut keys, bracket);
    }
    let parts: Vec<&str> =
        plain.split([',', ';', '/', '|']).flat_map(|part| part.split(" and ")).collect();
    if parts.len() > 1 {
        for part in parts {
            add(&mut keys, part);
        }
    }
    keys
}

fn add(keys: &mut Vec<String>, name: &str) {
    let mut name = name.trim();
    for kinship in KINSHIP {
        name = name.strip_prefix(kinship).unwrap_or(name);
    }
    let mut parts: Vec<&str> = words(name).collect();
    while parts.len() > 1 && parts.last().is_some_and(|word| LEGAL.contains(word)) {
        parts.pop();
    }
    if let [only] = parts.as_slice()
        && (LEGAL.contains(only) || GENERIC.contains(only) || only.len() < 2)
    {
        return;
    }
    let key: String = parts.concat().chars().take(LONGEST).collect();
    push(keys, key);
}

fn push(keys: &mut Vec<String>, key: String) {
    if key.len() < 2 || keys.len() >= MOST || keys.contains(&key) {
        return;
    }
    let alias = ALIASES.iter().find(|(from, _)| *from == key).map(|(_, to)| (*to).to_owned());
    keys.push(key);
    if let Some(alias) = alias {
        push(keys, alias);
    }
}

fn without_brackets(text: &str) -> (String, Vec<String>) {
    let mut plain = String::with_capacity(text.len());
    let mut brackets: Vec<String> = Vec::new();
    let mut depth = 0usize;
    for c in text.chars() {
        match c {
            '(' => {
                depth += 1;
                if depth == 1 {
                    brackets.push(String::new());
                }
            }
            ')' => depth = depth.saturating_sub(1),
            c if depth > 0 => {
                if let Some(last) = brackets.last_mut() {
                    last.push(c);
                }
            }
            c => plain.push(c),
        }
    }
    (plain, brackets)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: &str, b: &str) -> bool {
        let keys = vendor_keys(a);
        vendor_keys(b).iter().any(|key| keys.contains(key))
    }

    #[test]
    fn spellings_of_one_maker_share_a_key() {
        for (a, b) in [
            ("Siemens", "SIEMENS AG"),
            ("Rockwell Automation ", "rockwell automation, inc."),
            ("Mitsubishi Electric", "Mitsubishi Electric Corporation"),
            ("Schneider Electric Software, LLC", "Schneider Electric"),
            ("General Electric (GE)", "GE"),
            ("Becton, Dickinson and Company (BD)", "BD"),
            ("Becton, Dickinson and Company (BD)", "Becton Dickinson"),
            ("GeutebrÃ¼ck GmbH", "Geutebrück"),
            ("GEUTEBRÃ¼CK GMBH", "GeutebrÃ¼ck GmbH"),
            ("Sensormatic Electronics, LLC, Johnson Controls Inc.", "Johnson Controls"),
            ("ABB, Phoenix Contact, Schneider Electric, Siemens, and WAGO", "WAGO"),
            ("Red Lion, AutomationDirect", "Automation Direct"),
            ("EnOcean Edge Inc, a subsidiary of EnOcean GmbH-", "EnOcean"),
            ("PSI GridConnect GmbH (formerly PSI Nentec GmbH)", "PSI Nentec"),
            ("Phillips", "Philips"),
            ("B. Braun Medical", "B. Braun"),
            ("Pilz GmbH & Co. KG (Pilz)", "PILZ"),
            ("Allen-Bradley", "Rockwell Automation"),
        ] {
            assert!(same(a, b), "{a:?} {:?} and {b:?} {:?}", vendor_keys(a), vendor_keys(b));
        }
    }

    #[test]
    fn different_makers_share_none() {
        for (a, b) in [
            ("Siemens", "Schneider Electric"),
            ("Delta Electronics", "Delta Controls"),
            ("Fuji Electric", "Mitsubishi Electric"),
            ("Hirschmann Automation and Control GmbH, Belden Inc.", "Reliable Controls"),
            ("Phoenix Contact", "Phoenix Broadband Technologies LLC"),
            ("Dahua Technology Co, Ltd", "Silex Technology and GE Healthcare"),
        ] {
            assert!(!same(a, b), "{a:?} {:?} and {b:?} {:?}", vendor_keys(a), vendor_keys(b));
        }
    }

    #[test]
    fn an_unknown_maker_has_no_key() {
        for text in ["", "  ", "Unknown", "n/a", "GmbH", "-"] {
            assert!(vendor_keys(text).is_empty(), "{text:?}");
        }
    }
}
