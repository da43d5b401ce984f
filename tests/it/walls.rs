//! The walls between the rooms, held over the text of `src/`. Each rule is first shown a sample that breaks it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

mod rules;
pub mod source;

use source::Source;

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub fn rust_files(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_rule_finds_the_sample_that_breaks_it_and_passes_the_one_that_does_not() {
    for rule in rules::RULES {
        let (path, text) = rule.broken;
        let faults = (rule.faults)(&Source::read(path, text));
        assert!(!faults.is_empty(), "{} is blind to {path}: {text}", rule.name);
        let (path, text) = rule.kept;
        let faults = (rule.faults)(&Source::read(path, text));
        assert!(faults.is_empty(), "{} sees ghosts in {path}: {faults:?}", rule.name);
    }
}

#[test]
fn no_file_breaks_a_wall() {
    let mut files = Vec::new();
    rust_files(&root().join("src"), &mut files);
    assert!(files.len() > 5, "src/ was not found");
    let mut report = String::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let path = file.strip_prefix(root()).unwrap().to_str().unwrap();
        let source = Source::read(path, &text);
        for rule in rules::RULES {
            for (line, what) in (rule.faults)(&source) {
                writeln!(report, "{path}:{line}: {}: {what}", rule.name).unwrap();
            }
        }
    }
    assert!(report.is_empty(), "walls broken:\n{report}");
}

#[test]
fn every_room_stands_in_the_table_of_rooms() {
    for entry in std::fs::read_dir(root().join("src")).unwrap().map(Result::unwrap) {
        let name = entry.path().file_stem().unwrap().to_str().unwrap().to_owned();
        let known = rules::ROOMS.iter().any(|(room, _)| *room == name);
        assert!(known || ["lib", "main"].contains(&name.as_str()), "src/{name} is no room");
    }
}
