//! Both engines behind one statement text. SQL stands nowhere else.
//!
//! `open` finds and opens a store, `write` is its one write path under the lock, `admit` and `project` are
//! what every entry passes, `query` is what panes and lists read, `replay` proves that tables follow from entries.

pub mod admit;
mod analysis;
mod append;
mod asked;
mod backup;
mod clashing;
mod covering;
mod dialect;
pub mod doctor;
mod facts;
mod fault;
pub mod feed;
mod file;
mod found;
mod kept;
pub mod link;
mod open;
mod place;
pub mod project;
mod proof;
pub mod query;
mod reader;
pub mod referee;
mod refused;
mod remembered;
pub mod replay;
mod restored;
mod run;
mod said;
mod schema;
mod seen;
mod server;
mod standing;
mod telling;
mod turn;
mod waiting;
mod write;

pub use analysis::{Candidate, Standing, Subject};
pub use append::Head;
pub use backup::{Backup, NoBackup};
pub use fault::StoreError;
pub use found::found;
pub use open::{Facts, Opening, Store, os_user};
pub use place::Place;
pub use reader::{ReadError, Reader, Snapshot};
pub use remembered::Heads;
pub use run::may_run;
pub use said::read_kind;
pub use server::print_sql;
pub use standing::{CalledAsset, KnownAdvisory, KnownAsset};
pub use telling::Teller;
pub use waiting::{Holder, Waiting};
pub use write::{Given, Write, fresh_id};
