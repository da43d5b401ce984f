//! One source file, cut into code, string literals and comments, so that no rule trips over a word in a comment.

/// A file as the rules see it.
pub struct Source {
    /// The path from the root of the project, with slashes.
    pub path: String,
    /// The whole text.
    pub text: String,
    /// The code: comments and the insides of literals are blanked, so that lines and columns stay.
    pub code: String,
    /// Every string literal: the line where it starts, and its inside as written.
    pub literals: Vec<(usize, String)>,
}

impl Source {
    /// Cuts `text`.
    pub fn read(path: &str, text: &str) -> Self {
        let mut cut = Cut { text, at: 0, line: 1, code: String::new(), literals: Vec::new() };
        while cut.at < text.len() {
            cut.step();
        }
        Self { path: path.into(), text: text.into(), code: cut.code, literals: cut.literals }
    }

    /// The room: the first part of the path below `src/`, without `.rs`.
    pub fn room(&self) -> &str {
        let below = self.path.strip_prefix("src/").unwrap_or(&self.path);
        let first = below.split('/').next().unwrap_or(below);
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// Whether the file holds tests alone.
    pub fn is_test(&self) -> bool {
        self.path.ends_with("/tests.rs") || self.path.contains("/tests/")
    }

    /// Every place in the code where `word` starts as a whole word: its line, and the code after it.
    pub fn words<'s>(&'s self, word: &'s str) -> impl Iterator<Item = (usize, &'s str)> {
        let part_of_name = |c: char| c.is_alphanumeric() || c == '_';
        self.code.match_indices(word).filter_map(move |(at, _)| {
            let (before, after) = (&self.code[..at], &self.code[at + word.len()..]);
            let starts = !before.ends_with(part_of_name);
            let ends = !word.ends_with(part_of_name) || !after.starts_with(part_of_name);
            (starts && ends).then(|| (1 + before.matches('\n').count(), after))
        })
    }
}

struct Cut<'t> {
    text: &'t str,
    at: usize,
    line: usize,
    code: String,
    literals: Vec<(usize, String)>,
}

impl Cut<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn step(&mut self) {
        let rest = self.rest();
        if rest.starts_with("//") {
            let length = rest.find('\n').unwrap_or(rest.len());
            self.blank(length);
        } else if rest.starts_with("/*") {
            let length = block_comment(rest);
            self.blank(length);
        } else if let Some((open, inside, close)) = string(rest, self.code.chars().next_back()) {
            self.keep(open);
            self.literals.push((self.line, self.rest()[..inside].to_owned()));
            self.blank(inside);
            self.keep(close);
        } else if let Some(length) = character(rest) {
            self.keep(1);
            self.blank(length - 2);
            self.keep(1);
        } else {
            let length = rest.chars().next().map_or(1, char::len_utf8);
            self.keep(length);
        }
    }

    fn keep(&mut self, length: usize) {
        let piece = &self.text[self.at..self.at + length];
        self.line += piece.matches('\n').count();
        self.code.push_str(piece);
        self.at += length;
    }

    fn blank(&mut self, length: usize) {
        let piece = &self.text[self.at..self.at + length];
        self.line += piece.matches('\n').count();
        self.code.extend(piece.chars().map(|c| if c == '\n' { c } else { ' ' }));
        self.at += length;
    }
}

fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if rest.starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// The lengths of a string literal's opening, inside and closing, if the text starts with one.
fn string(text: &str, before: Option<char>) -> Option<(usize, usize, usize)> {
    if let Some(inside) = text.strip_prefix('"') {
        let mut escaped = false;
        let end = inside.find(|c| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        return Some((1, end.unwrap_or(inside.len()), usize::from(end.is_some())));
    }
    let name_goes_on = before.is_some_and(|c| c.is_alphanumeric() && c != 'b' && c != 'c');
    let raw = text.strip_prefix('r').filter(|_| !name_goes_on)?;
    let hashes = raw.len() - raw.trim_start_matches('#').len();
    let inside = raw[hashes..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    let end = inside.find(&close);
    Some((2 + hashes, end.unwrap_or(inside.len()), end.map_or(0, |_| close.len())))
}

/// The length of a character literal, if the text starts with one and not with a lifetime.
fn character(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('\'')?;
    if let Some(escape) = inside.strip_prefix('\\') {
        let first = escape.chars().next()?.len_utf8();
        return escape[first..].find('\'').map(|end| 3 + first + end);
    }
    let first = inside.chars().next()?.len_utf8();
    inside[first..].starts_with('\'').then_some(2 + first)
}
