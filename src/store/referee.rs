//! placeholder
use super::fault::StoreError;
/// x
pub async fn fill(_c: &mut sqlx::PgConnection) -> Result<(), StoreError> {
    Ok(())
}
/// x
pub fn sql() -> String {
    String::new()
}
