//! Documents that are made from the program's own tables: the file must be what the tables say.

/// Fails unless the file in `docs/` is this text; writes it where `SMC_WRITE_DOCS` is set.
#[track_caller]
pub fn holds(file: &str, made: &str, test: &str) {
    let path = format!("{}/docs/{file}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("SMC_WRITE_DOCS").is_some() {
        std::fs::write(&path, made).expect("a file in docs/");
    }
    let stands = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        stands == made,
        "run `SMC_WRITE_DOCS=1 cargo test --test it {test}` and commit docs/{file}"
    );
}
