//! What integration tests share: servers, fresh places, the program as a process and on a screen.
#![allow(dead_code, reason = "a tool box: not every test needs every tool")]

pub mod docs;
pub mod engine;
pub mod hand;
pub mod paper;
pub mod plant;
pub mod postgres;
pub mod process;
pub mod proxy;
pub mod schema;
pub mod sqlite;
pub mod story;
pub mod terminal;

pub use engine::engines;
pub use postgres::postgres;
