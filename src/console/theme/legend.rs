//! What every sign of the console means, as one table: the help of a screen and docs/keys.md say the same.

/// A sign, or how one is written, and what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sign {
    /// As it stands on the screen.
    pub sign: &'static str,
    /// What it means.
    pub means: &'static str,
}

const fn sign(sign: &'static str, means: &'static str) -> Sign {
    Sign { sign, means }
}

/// Every sign, by where it stands.
#[rustfmt::skip]
pub const LEGEND: &[(&str, &[Sign])] = &[
    ("Priorities", &[
        sign("■1", "critical: at once; the bell rings three times, and each minute until somebody acknowledges it"),
        sign("▲2", "high: within the hour to the shift; the bell rings once"),
        sign("◆3", "medium: today"),
        sign("○4", "low: when there is time"),
        sign("1!", "an alarm that nobody has acknowledged; its sign blinks"),
    ]),
    ("Row 1, at the right", &[
        sign("■3 ▲8", "so many alarms and tasks of each priority"),
        sign("z2", "so many are shelved or asleep; f on the watch shows them"),
        sign("+3", "so many came since the list was sorted; r sorts it"),
    ]),
    ("Tabs", &[
        sign("3!", "so many wait there, and some of them for you"),
    ]),
    ("Approvals", &[
        sign("O✓", "operations said yes; I is IT security, E engineering, Q quality, S safety, V vendor management, M management"),
        sign("Q✗", "quality said no"),
        sign("E·", "engineering has still to speak"),
        sign("+2", "two more disciplines than the column has room for"),
    ]),
    ("States by the clock", &[
        sign("ready", "an approved change whose time has come: its start is open until its end"),
        sign("overdue", "a change that goes on past its end"),
        sign("armed", "an approved window whose time has come: nobody is let in until operations open it"),
        sign("overrun", "a window that is open past its end, or a session in it"),
        sign("outside", "a session that no open window covers"),
    ]),
    ("Numbers", &[
        sign("82▼", "misses its target"),
        sign("82?", "more than a tenth of it rests on items that are stale or were never recorded"),
        sign("--", "too little is measured for a number"),
        sign("↓82", "lower than 24 hours ago"),
        sign("↑82", "higher than 24 hours ago"),
        sign("▼ 1", "a zone achieves so many security levels less than it is to"),
        sign("25>15>10", "a risk as it was found, as it is now, as it is to become; - is not assessed"),
        sign("5 ? 3", "ratings of safety, regulation and production, 1 to 5; ? is not rated"),
        sign("60/105", "so much of the weight is ok, of so much that is asked"),
        sign("■1 12", "in the matrix: so many risks of that priority; · is none"),
    ]),
    ("Lists", &[
        sign("+", "a row that was marked with Space; marks decide nothing"),
        sign("!1", "so many conflicts stand against a change"),
        sign("N", "under K: a normal change; S is standard, E emergency, T temporary"),
        sign("A", "in the RACI: accountable; R is responsible, C consulted, I informed"),
        sign("22 14:00+2h", "a day of this month, when it begins and how long it lasts"),
        sign("#", "an hour of today in which a window is open; = approved, - asked, . free, | now"),
    ]),
    ("Everywhere", &[
        sign(">", "the row or field where you stand"),
        sign("…", "it is longer than its place; Enter shows it whole"),
        sign("<3h", "a span of less than three hours that fits no column exactly"),
        sign("-15m", "past by so much"),
        sign("?", "the store does not answer: what is shown may no longer be so"),
        sign("↓ 4 more", "so many lines or fields below; ↑ above"),
        sign("*", "a field that must be given"),
        sign("Z", "UTC; what stands beside it in brackets is the time of the site"),
    ]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::theme::glyphs;
    use crate::domain::discipline::Discipline;
    use crate::domain::time::Time;
    use crate::domain::{change, session, window};

    #[test]
    fn the_legend_names_every_sign_of_priorities_decisions_and_disciplines() {
        let all: String = LEGEND.iter().flat_map(|(_, signs)| *signs).map(|one| one.sign).collect();
        for priority in 1..=4 {
            assert!(all.contains(glyphs::of_priority(priority)), "{priority}");
        }
        for found in ['✓', '✗', '·', '▼', '?', 'z', '+', '!'] {
            assert!(all.contains(found), "{found}");
        }
        let approvals = LEGEND.iter().find(|(part, _)| *part == "Approvals").unwrap().1;
        for discipline in Discipline::ALL {
            let letter = discipline.letter();
            let named =
                |one: &Sign| one.sign.contains(letter) || one.means.contains(&format!("{letter} "));
            assert!(approvals.iter().any(named), "{discipline}");
        }
    }

    /// The text of a source file without its comments and its tests.
    fn program(path: &std::path::Path) -> String {
        let text = std::fs::read_to_string(path).unwrap();
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        code.collect::<Vec<_>>().join("\n")
    }

    fn files(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && name != "tests" && name != "snapshots" {
                files(&path, found);
            } else if name.ends_with(".rs")
                && !["tests.rs", "glyphs.rs", "legend.rs"].contains(&&*name)
            {
                found.push(path);
            }
        }
    }

    #[test]
    fn the_legend_names_every_sign_that_the_program_draws() {
        let all: String = LEGEND.iter().flat_map(|(_, signs)| *signs).map(|one| one.sign).collect();
        let means: String =
            LEGEND.iter().flat_map(|(_, signs)| *signs).map(|one| one.means).collect();
        let mut found = Vec::new();
        let console = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/console");
        files(&console, &mut found);
        assert!(found.len() > 50, "{found:?}");
        for path in found {
            for sign in program(&path).chars().filter(|c| !c.is_ascii()) {
                assert!(all.contains(sign) || means.contains(sign), "{sign} of {}", path.display());
            }
        }
        for sign in [glyphs::HERE, glyphs::MARKED, glyphs::OLD] {
            let whole = LEGEND.iter().flat_map(|(_, signs)| *signs).any(|one| one.sign == sign);
            assert!(whole, "{sign}");
        }
    }

    #[test]
    fn the_legend_names_every_state_that_the_clock_gives() {
        let at = |seconds| Time::from_micros(0).plus_seconds(seconds);
        let (start, end) = (at(10), at(20));
        let mut given = std::collections::BTreeSet::new();
        for now in [at(5), at(15), at(25)] {
            for state in change::State::ALL {
                given.insert(change::effective_state(*state, start, end, now));
            }
            for state in window::State::ALL {
                given.insert(window::effective_state(*state, start, end, now));
                for on in session::State::ALL {
                    for ordered in [false, true] {
                        let within = Some((*state, end));
                        given.insert(session::effective_state(*on, ordered, within, now));
                    }
                }
            }
        }
        given.retain(|word| {
            change::State::parse(word).is_none()
                && window::State::parse(word).is_none()
                && session::State::parse(word).is_none()
        });
        let (_, signs) = LEGEND.iter().find(|(part, _)| *part == "States by the clock").unwrap();
        let named: std::collections::BTreeSet<_> = signs.iter().map(|one| one.sign).collect();
        assert_eq!(named, given);
    }

    #[test]
    fn every_sign_has_a_stand_in_where_only_ascii_is_shown() {
        for one in LEGEND.iter().flat_map(|(_, signs)| *signs) {
            let lost = one.sign.chars().filter(|c| *c != '?').find(|c| glyphs::ascii(*c) == '?');
            assert_eq!(lost, None, "{}", one.sign);
        }
    }
}
