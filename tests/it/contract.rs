//! The store's contract: every command of the table told through the desk with its effect read back, and every
//! statement of `src/store` executed, on both engines.
//!
//! Each story is told on a store of its own. A command without a story fails here, and so does a statement that no
//! story reaches: tell it, or take the statement out.

mod attention;
mod bulk;
mod calendar;
mod changes;
mod documents;
mod lists;
mod people;
mod plant;
mod proof;
mod records;
mod risks;
mod scene;
mod statements;
mod windows;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;

use smc::domain::command::commands;

use crate::support::engine::Engine;
use crate::support::{postgres, sqlite};
use scene::Scene;
use statements::On;

type Telling<'s> = Pin<Box<dyn Future<Output = ()> + 's>>;

macro_rules! stories {
    ($($room:ident { $($rule:ident),+ $(,)? })+) => {
        /// The stories, each named by the rule that it tells.
        const STORIES: &[(&str, for<'s> fn(&'s Scene) -> Telling<'s>)] =
            &[$($((stringify!($rule), |scene| Box::pin($room::$rule(scene)))),+),+];
    };
}

stories! {
    people {
        a_role_is_held_until_it_is_revoked_and_a_person_until_deactivated,
        a_cell_of_the_raci_table_holds_at_its_site_alone,
        somebody_is_on_call_for_a_discipline_they_hold,
    }
    plant {
        a_site_its_zone_and_its_assets_stand_as_they_were_registered,
        a_vendor_and_its_people_are_known_until_their_dates,
        a_vendor_or_one_of_its_people_is_suspended_and_resumed,
    }
    risks {
        a_risk_is_weighed_treated_and_closed,
        a_change_names_the_risks_that_it_treats_and_each_shows_the_other,
        an_accepted_risk_reopens_when_its_acceptance_ends,
        a_risk_whose_acceptance_is_refused_stays_as_it_was,
    }
    calendar {
        an_outage_is_planned_moved_and_taken_back,
        a_blackout_is_declared_and_ended,
        what_may_be_done_to_a_class_of_asset_is_set,
        what_posture_is_measured_against_is_set,
        what_stands_against_a_change_is_named_and_waived,
        nothing_starts_at_a_site_that_an_incident_froze,
        a_bypass_is_placed_renewed_and_taken_out,
        a_temporary_change_stays_longer_under_another,
    }
    changes {
        a_change_goes_from_request_to_verified,
        a_revision_starts_the_decisions_again,
        work_that_went_wrong_is_undone,
        a_change_that_nobody_began_expires,
        a_command_that_is_repeated_or_out_of_date_writes_nothing,
        an_impact_is_raised_by_one_of_those_who_decide,
        those_who_are_asked_say_what_they_think_without_deciding,
        an_emergency_is_reviewed_after_it_was_decided,
        a_standard_change_is_used_within_its_template,
    }
    windows {
        a_window_is_opened_and_closed_with_its_close_out,
        a_window_is_opened_in_spite_of_what_stands_against_it,
        a_vendor_is_cut_off_and_a_request_taken_back,
        a_window_that_nobody_opened_lapses,
        a_window_ends_later_when_that_is_approved,
        a_session_is_told_of_from_its_beginning_to_its_end,
        the_log_of_a_gate_is_held_against_windows,
    }
    records {
        an_incident_keeps_its_log_and_a_report_stands_by_itself,
    }
    attention {
        an_alarm_is_shelved_taken_back_and_acknowledged,
        a_task_sleeps_for_whoever_has_it,
    }
    documents {
        an_inventory_meets_an_advisory_and_a_risk_follows,
    }
    bulk {
        what_comes_in_bulk_stands_as_if_it_came_one_by_one,
    }
    lists {
        every_list_is_filtered_paged_and_counted,
        every_object_is_shown_with_what_it_is_tied_to,
    }
    proof {
        a_store_is_verified_repaired_and_rebuilt,
        an_entry_that_only_a_constraint_holds_has_no_effect,
        a_store_is_seen_as_it_once_stood,
        a_store_that_was_put_back_is_taken_when_two_persons_say_what_is_lost,
        a_past_is_told_and_sealed,
        a_store_is_examined_followed_remembered_and_backed_up,
    }
}

/// Tells every story on places of one engine; every command must have been told then.
fn tell(place: impl Fn() -> Engine) {
    statements::listen();
    let mut told = BTreeSet::new();
    let mut broken = Vec::new();
    for (rule, story) in STORIES {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let began = std::time::Instant::now();
        // One story that fails hides no other.
        let heard = catch_unwind(AssertUnwindSafe(|| {
            runtime.block_on(async {
                let scene = Scene::set(place()).await;
                story(&scene).await;
                scene.told()
            })
        }));
        println!("{rule} {:?}", began.elapsed());
        match heard {
            Ok(heard) => told.extend(heard),
            Err(_) => broken.push(rule),
        }
    }
    assert!(broken.is_empty(), "what is said above broke: {broken:#?}");
    let table: BTreeSet<_> = commands().filter_map(|spec| spec.command).collect();
    let untold: Vec<_> = table.iter().filter(|name| !told.contains(**name)).collect();
    assert!(untold.is_empty(), "no story tells these commands with their effect: {untold:?}");
}

#[test]
fn every_command_and_every_statement_holds_on_sqlite() {
    tell(|| Engine::Sqlite(sqlite::place()));
    statements::all_executed(On::Sqlite);
}

#[test]
fn every_command_and_every_statement_holds_on_postgresql() {
    let Some(server) = postgres() else { return };
    tell(|| Engine::Postgres(server.database()));
    statements::all_executed(On::Postgres);
}

#[test]
fn a_statement_that_was_never_executed_is_found() {
    statements::finds_what_was_not_executed();
}
