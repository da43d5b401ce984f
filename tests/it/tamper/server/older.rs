//! A server's store that an earlier program made: named as such, and brought up by its owner.

use smc::commands::origin;
use smc::store::replay::{Progress, repair};

use super::{Server, words};

#[tokio::test]
async fn a_store_that_knows_no_columns_of_a_kind_is_brought_up_by_its_owner() {
    let Some(server) = Server::told().await else { return };
    server.tamper(
        "DROP TABLE smc.alters;
         DO $$ DECLARE f record; BEGIN
             FOR f IN SELECT oid::regprocedure AS name FROM pg_proc WHERE proname LIKE 'referee\\_touched\\_%'
             LOOP EXECUTE format('DROP FUNCTION %s CASCADE', f.name); END LOOP;
         END $$",
    );
    let before = server.verify().await;
    let words = words(&before);
    for lacks in [
        "the table smc.alters is missing",
        "the function smc.referee_touched_change is missing",
        "the trigger referee_touched on change by referee_touched_change, firing O is missing",
    ] {
        assert!(words.contains(lacks), "{lacks}: {words}");
    }
    let owner = server.open(server.database.url()).await;
    repair(&owner, &origin("test"), Progress::silent()).await.unwrap();
    assert!(server.verify().await.holds());
}
