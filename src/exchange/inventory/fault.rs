//! Why a file is no inventory at all, and what to do about it.

/// A file that is refused whole.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// More bytes than the limit.
    #[error("the file is larger than {} MiB: import it in parts, one site at a time", .0 / 1024 / 1024)]
    TooLarge(u64),
    /// More rows than the limit.
    #[error("the file has more than {0} rows: import it in parts, one site at a time")]
    TooManyRows(usize),
    /// Bytes that are not UTF-8.
    #[error("line {line} is not UTF-8: save the file as \"CSV UTF-8\"")]
    NotUtf8 {
        /// From 1.
        line: usize,
    },
    /// A byte order mark of UTF-16.
    #[error("the file is UTF-16: save it as \"CSV UTF-8\"")]
    Utf16,
    /// A spreadsheet, not its text.
    #[error("the file is a spreadsheet or an archive: save the sheet as \"CSV UTF-8\"")]
    Spreadsheet,
    /// No header.
    #[error(
        "the file has no header: the first line must name the columns, as in tag,site,name,vendor,product"
    )]
    NoHeader,
    /// No column for a field that must be there.
    #[error("no column is the asset's {field}: name one {names} (found: {found})")]
    NoColumn {
        /// The field.
        field: &'static str,
        /// The names that are understood.
        names: String,
        /// The columns there are.
        found: String,
    },
    /// The CSV is broken.
    #[error("the file cannot be read as CSV: {0}")]
    Broken(String),
    /// The file could not be read.
    #[error("the file could not be read: {0}")]
    Unreadable(String),
}
