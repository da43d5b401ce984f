//! The filter line that lists share: `state:open site:RLF due:<7d priority:<=2 some words`.
//!
//! A list names its words; this reads the line against them. What a word means in the store is not here.

use super::state_words;
use super::time::Time;
use super::time_input::read_span;

/// What may stand behind a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// Any word; several set apart by commas mean one of them.
    Word,
    /// One of these words, or several set apart by commas.
    Choice(&'static [&'static str]),
    /// A whole number, with `<`, `<=`, `>` or `>=` before it.
    Number,
    /// A span from now (`<7d`, `>-24h`) or an instant (`<2026-11-22T14:00Z`, `>=2026-11-22`).
    Time,
    /// The one instant that the whole list is about: a span from now (`-2h`) or an instant, and nothing before it.
    Moment,
    /// `yes` or `no`.
    Flag,
}

/// A word that a list can be filtered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word before the colon.
    pub name: &'static str,
    /// What may stand behind it.
    pub of: Of,
}

/// How a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// Less.
    Less,
    /// Less or equal.
    AtMost,
    /// Equal.
    Is,
    /// Greater or equal.
    AtLeast,
    /// Greater.
    More,
}

impl Compare {
    /// The sign that stands for it.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Is => "=",
            Self::AtLeast => ">=",
            Self::More => ">",
        }
    }

    /// Whether two values stand so.
    pub fn holds<T: PartialOrd>(self, left: &T, right: &T) -> bool {
        match self {
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::Is => left == right,
            Self::AtLeast => left >= right,
            Self::More => left > right,
        }
    }
}

/// An instant as a filter names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// So many seconds after the time of reading; negative before it.
    FromNow(i64),
    /// This instant.
    At(Time),
}

impl When {
    /// The instant that is meant when the list is read at `now`.
    pub const fn at(self, now: Time) -> Time {
        match self {
            Self::FromNow(seconds) => now.plus_seconds(seconds),
            Self::At(at) => at,
        }
    }
}

/// What a word asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// One of these words.
    Any(Vec<String>),
    /// A number.
    Number(Compare, i64),
    /// An instant.
    Time(Compare, When),
    /// Yes or no.
    Flag(bool),
}

/// One word of a filter with what it asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The word.
    pub word: &'static str,
    /// What it asks for.
    pub test: Test,
    /// Rows that pass it by what was concluded of them beside their columns.
    pub also: Vec<String>,
}

/// A filter that was read: all of it must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words with a colon.
    pub terms: Vec<Term>,
    /// Words that must stand in the text, in lower case.
    pub text: Vec<String>,
}

/// Why a filter was not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAFilter {
    /// The list has no such word.
    #[error("this list is not filtered by {word:?}: it knows {known}")]
    Word {
        /// The word as it was written.
        word: String,
        /// The words that exist.
        known: String,
    },
    /// The value behind a word is of another kind.
    #[error("{word}:{value} is not understood: write {want}")]
    Value {
        /// The word.
        word: &'static str,
        /// What stood behind it.
        value: String,
        /// What may stand there.
        want: String,
    },
    /// There is no such site.
    #[error("there is no site {site:?}: {known}")]
    Site {
        /// The site as it was written.
        site: String,
        /// Which there are.
        known: String,
    },
    /// A quote was opened and not closed.
    #[error("a quote is opened and not closed: end it with \"")]
    Quote,
}

impl Filter {
    /// Reads a filter line against the words of a list.
    ///
    /// # Errors
    /// Names the word that was not understood, and what exists.
    pub fn parse(line: &str, words: &[Word]) -> Result<Self, NotAFilter> {
        let mut filter = Self::default();
        for token in tokens(line)? {
            match token.split_once(':') {
                Some((name, value)) if !name.is_empty() && !token.starts_with('"') => {
                    filter.terms.push(term(name, value, words)?);
                }
                Some(_) | None => {
                    let text = token.replace('"', "").to_lowercase();
                    if !text.is_empty() {
                        filter.text.push(text);
                    }
                }
            }
        }
        Ok(filter)
    }

    /// Takes the instant out that the whole list is about, under this word; now if none is named.
    ///
    /// # Errors
    /// `Value` for one that is still to come, and for another one beside it.
    pub fn take_moment(&mut self, word: &'static str, now: Time) -> Result<Time, NotAFilter> {
        let (told, rest) = self.terms.drain(..).partition(|term| term.word == word);
        self.terms = rest;
        let told: Vec<Term> = told;
        let asked = told.iter().filter_map(|term| match &term.test {
            Test::Time(_, when) => Some(when.at(now)),
            Test::Any(_) | Test::Number(..) | Test::Flag(_) => None,
        });
        let asked: Vec<Time> = asked.collect();
        match asked.as_slice() {
            [] => Ok(now),
            [at] if *at <= now => Ok(*at),
            several => {
                let value: Vec<String> = several.iter().map(Time::to_string).collect();
                let value = value.join(&format!(" {word}:"));
                Err(NotAFilter::Value { word, value, want: moment(word) })
            }
        }
    }
}

/// The parts of a line, set apart by white space that no quote holds together; quotes are kept.
fn tokens(line: &str) -> Result<Vec<String>, NotAFilter> {
    let (mut found, mut token, mut quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        if c == '"' {
            quoted = !quoted;
            token.push(c);
        } else if c.is_whitespace() && !quoted {
            if !token.is_empty() {
                found.push(std::mem::take(&mut token));
            }
        } else {
            token.push(c);
        }
    }
    if quoted {
        return Err(NotAFilter::Quote);
    }
    if !token.is_empty() {
        found.push(token);
    }
    Ok(found)
}

fn term(name: &str, value: &str, words: &[Word]) -> Result<Term, NotAFilter> {
    let word = words.iter().find(|word| word.name == name).ok_or_else(|| NotAFilter::Word {
        word: name.to_owned(),
        known: words.iter().map(|word| word.name).collect::<Vec<_>>().join(", "),
    })?;
    let value = value.replace('"', "");
    let fault = |want: String| NotAFilter::Value { word: word.name, value: value.clone(), want };
    let many = || value.split(',').map(str::to_owned).collect::<Vec<_>>();
    let test = match word.of {
        Of::Word if value.is_empty() => {
            return Err(fault(format!("{}:WORD, or several with commas", word.name)));
        }
        Of::Word => Test::Any(many()),
        Of::Choice(known) => {
            let meant = |one: String| match word.name {
                "state" => state_words::meant(&one, known),
                _ => known.iter().copied().find(|known| *known == one),
            };
            let asked: Option<Vec<&str>> = many().into_iter().map(meant).collect();
            let Some(asked) = asked else { return Err(fault(one_of(word.name, known))) };
            Test::Any(asked.into_iter().map(str::to_owned).collect())
        }
        Of::Number => {
            let (compare, rest) = compare(&value);
            let number = rest
                .parse()
                .map_err(|_| fault(format!("a number, as in {0}:2 or {0}:<=2", word.name)))?;
            Test::Number(compare, number)
        }
        Of::Time => {
            let (compare, rest) = compare(&value);
            let when = when(rest).ok_or_else(|| {
                fault(format!("a span or a time, as in {0}:<7d or {0}:>=2026-11-22", word.name))
            })?;
            Test::Time(compare, when)
        }
        Of::Moment => {
            let when = when(&value).ok_or_else(|| fault(moment(word.name)))?;
            Test::Time(Compare::Is, when)
        }
        Of::Flag => match value.as_str() {
            "yes" | "true" => Test::Flag(true),
            "no" | "false" => Test::Flag(false),
            _ => return Err(fault("yes or no".to_owned())),
        },
    };
    Ok(Term { word: word.name, test, also: Vec::new() })
}

fn moment(name: &str) -> String {
    format!("one time that has been, as in {name}:-2h or {name}:2026-11-22T14:00Z")
}

/// What a choice knows; of a state also the name that screens give it.
fn one_of(name: &str, known: &[&str]) -> String {
    let named = |stored: &&str| match (name, state_words::spoken(stored)) {
        ("state", spoken) if spoken != stored.replace('_', " ") => format!("{stored} or {spoken}"),
        _ => (*stored).to_owned(),
    };
    format!("one of {}", known.iter().map(named).collect::<Vec<_>>().join(", "))
}

fn compare(value: &str) -> (Compare, &str) {
    const SIGNS: [(&str, Compare); 5] = [
        ("<=", Compare::AtMost),
        (">=", Compare::AtLeast),
        ("<", Compare::Less),
        (">", Compare::More),
        ("=", Compare::Is),
    ];
    SIGNS
        .iter()
        .find_map(|(sign, compare)| value.strip_prefix(sign).map(|rest| (*compare, rest)))
        .unwrap_or((Compare::Is, value))
}

fn when(text: &str) -> Option<When> {
    if matches!(text, "now" | "0" | "0d") {
        return Some(When::FromNow(0));
    }
    let (sign, span) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if let Some(seconds) = read_span(span) {
        return Some(When::FromNow(seconds.checked_mul(sign)?));
    }
    let forms = [text.to_owned(), format!("{text}T00:00:00Z"), text.replace('Z', ":00Z")];
    forms.iter().find_map(|form| form.parse().ok()).map(When::At)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: &[Word] = &[
        Word { name: "state", of: Of::Choice(&["open", "closed"]) },
        Word { name: "site", of: Of::Word },
        Word { name: "due", of: Of::Time },
        Word { name: "priority", of: Of::Number },
        Word { name: "exercise", of: Of::Flag },
    ];

    fn read(line: &str) -> Result<Filter, NotAFilter> {
        Filter::parse(line, WORDS)
    }

    #[test]
    fn a_line_reads_as_words_and_text() {
        let filter =
            read(r#"state:open site:RLF,ANR due:<7d priority:<=2 Pump "two Words""#).unwrap();
        assert_eq!(filter.text, ["pump", "two words"]);
        assert_eq!(filter.terms.len(), 4);
        assert_eq!(filter.terms[1].test, Test::Any(vec!["RLF".into(), "ANR".into()]));
        assert_eq!(filter.terms[2].test, Test::Time(Compare::Less, When::FromNow(604_800)));
        assert_eq!(filter.terms[3].test, Test::Number(Compare::AtMost, 2));
        assert_eq!(read("  ").unwrap(), Filter::default());
    }

    #[test]
    fn times_are_spans_from_now_or_instants() {
        let test = |line: &str| read(line).unwrap().terms[0].test.clone();
        assert_eq!(test("due:>-1d12h"), Test::Time(Compare::More, When::FromNow(-129_600)));
        assert_eq!(test("due:<0"), Test::Time(Compare::Less, When::FromNow(0)));
        let at = When::At("2026-11-22T14:00:00Z".parse().unwrap());
        assert_eq!(test("due:<2026-11-22T14:00:00Z"), Test::Time(Compare::Less, at));
        assert_eq!(test("due:<2026-11-22T14:00Z"), Test::Time(Compare::Less, at));
        let day = When::At("2026-11-22T00:00:00Z".parse().unwrap());
        assert_eq!(test("due:>=2026-11-22"), Test::Time(Compare::AtLeast, day));
    }

    #[test]
    fn a_fault_names_the_word_and_what_exists() {
        let said = read("sate:open").unwrap_err().to_string();
        assert!(said.contains("\"sate\"") && said.contains("state, site, due"), "{said}");
        let said = read("state:opne").unwrap_err().to_string();
        assert!(said.contains("state:opne") && said.contains("open, closed"), "{said}");
        assert!(read("priority:<two").is_err() && read("due:<7x").is_err());
        assert!(read("exercise:maybe").is_err() && read("site:").is_err());
        assert_eq!(read("\"open"), Err(NotAFilter::Quote));
    }

    #[test]
    fn a_state_is_asked_for_by_the_name_that_screens_give_it() {
        let words = [Word { name: "state", of: Of::Choice(&["requested", "in_progress"]) }];
        let asked = Filter::parse("state:asked,running", &words).unwrap();
        assert_eq!(asked.terms[0].test, Test::Any(vec!["requested".into(), "in_progress".into()]));
        let said = Filter::parse("state:going", &words).unwrap_err().to_string();
        assert!(said.contains("requested or asked, in_progress or running"), "{said}");
    }

    #[test]
    fn the_moment_of_a_list_is_one_time_that_has_been() {
        let words = [Word { name: "at", of: Of::Moment }, Word { name: "site", of: Of::Word }];
        let now: Time = "2026-11-22T14:00:00Z".parse().unwrap();
        let taken = |line: &str| {
            let mut filter = Filter::parse(line, &words)?;
            let at = filter.take_moment("at", now)?;
            Ok::<_, NotAFilter>((at.to_string(), filter.terms.len()))
        };
        assert_eq!(taken("site:RLF"), Ok((now.to_string(), 1)));
        assert_eq!(taken("at:-2h site:RLF"), Ok(("2026-11-22T12:00:00Z".to_owned(), 1)));
        assert_eq!(taken("at:2026-11-20"), Ok(("2026-11-20T00:00:00Z".to_owned(), 0)));
        for wrong in ["at:<2026-11-20", "at:2h", "at:-2h at:-3h", "at:yesterday"] {
            let told = taken(wrong).unwrap_err().to_string();
            assert!(told.contains("write one time that has been"), "{wrong}: {told}");
        }
    }

    #[test]
    fn quoted_text_may_hold_a_colon() {
        assert_eq!(read("\"fw: 2.8\"").unwrap().text, ["fw: 2.8"]);
    }
}
