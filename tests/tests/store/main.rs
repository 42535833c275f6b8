//! The store, in SQLite and in PostgreSQL: the same tests for both.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by a panic")]

mod administration;
mod blocked;
mod client_logs;
mod contract;
mod failure;
mod killed;
mod killed_nodes;
mod killed_rest;
mod killed_tasks;
mod migrating;
mod moving;
mod opening;
mod records;
mod server;
mod tasks;

use aplomb_tests::Postgres;
use libtest_mimic::{Arguments, Trial};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use store::{Metrics, Place, Role, Store, StoreError};
use tempfile::TempDir;

/// A test of one database.
type Test = fn(Ground) -> Pin<Box<dyn Future<Output = ()>>>;

/// What a test stands on: a database of its own, empty.
struct Ground {
    place: Place,
    url: String,
    is_sqlite: bool,
    _folder: TempDir,
}

impl Ground {
    fn sqlite() -> Self {
        let folder = TempDir::new().unwrap();
        let url = format!("sqlite:{}", folder.path().join("store.sqlite").display());
        Self { place: Place::parse(&url).unwrap(), url, is_sqlite: true, _folder: folder }
    }

    fn postgres(cluster: &Postgres) -> Self {
        let url = cluster.database();
        Self { place: Place::parse(&url).unwrap(), url, is_sqlite: false, _folder: TempDir::new().unwrap() }
    }

    async fn open(&self) -> Store {
        self.try_open(Role::Server).await.unwrap()
    }

    async fn try_open(&self, role: Role) -> Result<Store, StoreError> {
        Store::open(self.place.clone(), role, Metrics::default()).await
    }

    /// Runs a statement behind the store's back.
    async fn sql(&self, statement: &str) {
        use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
        let statement = sqlx::raw_sql(AssertSqlSafe(statement.to_owned()));
        if self.is_sqlite {
            let url = format!("{}?mode=rwc", self.url);
            let mut link = SqliteConnection::connect(&url).await.unwrap();
            statement.execute(&mut link).await.unwrap();
            link.close().await.unwrap();
        } else {
            let mut link = PgConnection::connect(&self.url).await.unwrap();
            statement.execute(&mut link).await.unwrap();
            link.close().await.unwrap();
        }
    }
}

macro_rules! tests {
    ($($module:ident::$name:ident,)*) => {
        &[$((concat!(stringify!($module), "::", stringify!($name)), (|ground| Box::pin($module::$name(ground))) as Test),)*]
    };
}

/// Tests of both databases.
const BOTH: &[(&str, Test)] = tests! {
    contract::what_was_kept_is_there_after_a_restart,
    contract::a_change_applied_twice_changes_nothing,
    contract::a_record_with_the_same_key_is_replaced,
    contract::with_a_node_goes_everything_of_it_and_nothing_else,
    contract::items_come_back_in_the_order_of_their_numbers,
    contract::a_purge_takes_the_items_and_leaves_the_node,
    contract::names_may_be_any_text,
    contract::the_longest_keys_that_publish_subscribe_lets_in_are_taken,
    contract::changes_become_durable_in_the_order_in_which_they_were_given,
    contract::a_subscription_needs_no_node,
    client_logs::client_logs_are_there_after_a_restart_the_newest_first,
    client_logs::the_oldest_client_logs_go_when_there_are_too_many,
    migrating::a_store_of_the_first_version_is_brought_forward_with_what_is_in_it,
    migrating::a_store_of_the_second_version_is_brought_forward_with_what_is_in_it,
    migrating::a_store_of_the_third_version_is_brought_forward_with_what_is_in_it,
    tasks::tasks_and_sign_ins_are_there_after_a_restart,
    tasks::a_change_of_a_task_applied_twice_changes_nothing,
    tasks::who_waits_for_the_store_waits_for_what_was_given_before,
    tasks::a_task_that_cannot_be_read_is_no_reason_to_forget_it,
    opening::many_changes_at_once_share_a_few_transactions,
    opening::a_newer_database_is_refused_and_both_versions_are_named,
    opening::a_database_of_something_else_is_refused_and_left_alone,
    opening::a_second_server_is_refused_and_a_tool_is_not,
    opening::after_the_first_server_has_ended_another_may_begin,
    administration::users_and_teams_are_there_after_a_restart,
    administration::two_users_cannot_share_a_name,
    administration::a_user_that_cannot_be_is_refused_and_said_why,
    administration::a_team_with_users_stays,
    administration::an_object_is_made_changed_and_deleted,
    administration::two_administrators_at_once_do_not_overwrite_each_other,
    administration::two_objects_cannot_share_what_is_unique,
    administration::with_a_phone_book_go_its_contacts,
    administration::a_team_has_what_is_assigned_to_it_in_that_order,
    administration::what_is_past_a_limit_is_refused,
    administration::the_audit_trail_says_who_changed_what_when_and_from_where,
    moving::a_backup_brings_everything_back,
    moving::a_backup_that_is_not_whole_changes_nothing,
    moving::a_backup_holds_one_moment,
    opening::an_open_store_can_be_opened_again_by_many_tools_at_once,
};

/// A test and its name.
type Named = (&'static str, fn(Ground));

/// Tests of the whole server on both databases.
const SERVER: &[Named] = &[
    (
        "a_user_made_beside_the_server_signs_in_at_once",
        server::a_user_made_beside_the_server_signs_in_at_once,
    ),
    (
        "many_users_are_imported_and_each_line_is_reported",
        server::many_users_are_imported_and_each_line_is_reported,
    ),
    (
        "who_moves_to_another_team_is_followed_by_its_supervisors_alone",
        server::who_moves_to_another_team_is_followed_by_its_supervisors_alone,
    ),
    (
        "a_backup_is_made_while_the_server_runs_and_restored_when_it_does_not",
        server::a_backup_is_made_while_the_server_runs_and_restored_when_it_does_not,
    ),
    (
        "what_was_answered_survives_a_kill_at_any_moment",
        killed::what_was_answered_survives_a_kill_at_any_moment,
    ),
    (
        "nodes_and_people_that_were_answered_survive_a_kill_at_any_moment",
        killed_nodes::nodes_and_people_that_were_answered_survive_a_kill_at_any_moment,
    ),
    (
        "what_was_answered_200_survives_a_hundred_kills",
        killed_rest::what_was_answered_200_survives_a_hundred_kills,
    ),
    (
        "a_hundred_kills_lose_nothing_that_was_answered",
        killed::a_hundred_kills_lose_nothing_that_was_answered,
    ),
    (
        "a_user_that_was_added_survives_a_kill_of_the_server",
        killed::a_user_that_was_added_survives_a_kill_of_the_server,
    ),
    ("tasks_and_who_works_on_them_survive_a_kill", killed_tasks::tasks_and_who_works_on_them_survive_a_kill),
    (
        "who_does_not_return_after_a_kill_is_signed_out_of_its_media",
        killed_tasks::who_does_not_return_after_a_kill_is_signed_out_of_its_media,
    ),
    (
        "tasks_that_were_answered_survive_kills_at_any_moment",
        killed_tasks::tasks_that_were_answered_survive_kills_at_any_moment,
    ),
    (
        "client_logs_are_listed_and_read_beside_the_server",
        server::client_logs_are_listed_and_read_beside_the_server,
    ),
    ("a_server_does_not_start_on_a_newer_store", server::a_server_does_not_start_on_a_newer_store),
];

fn run(test: Test, ground: Ground) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(test(ground));
}

fn main() {
    killed::write_if_told();
    let arguments = Arguments::from_args();
    // started by the first test that needs it, ended with the last
    let cluster: Arc<OnceLock<Postgres>> = Arc::default();
    let mut trials = Vec::new();
    for (name, test) in BOTH {
        trials.push(Trial::test(format!("sqlite::{name}"), move || {
            run(*test, Ground::sqlite());
            Ok(())
        }));
        let cluster = cluster.clone();
        trials.push(Trial::test(format!("postgres::{name}"), move || {
            run(*test, Ground::postgres(cluster.get_or_init(Postgres::start)));
            Ok(())
        }));
    }
    for (name, test) in SERVER {
        trials.push(Trial::test(format!("sqlite::server::{name}"), move || {
            test(Ground::sqlite());
            Ok(())
        }));
        let cluster = cluster.clone();
        trials.push(Trial::test(format!("postgres::server::{name}"), move || {
            test(Ground::postgres(cluster.get_or_init(Postgres::start)));
            Ok(())
        }));
    }
    trials.push(Trial::test("sqlite::opening::the_journal_of_the_database_is_a_write_ahead_log", || {
        run(
            |ground| Box::pin(opening::the_journal_of_the_database_is_a_write_ahead_log(ground)),
            Ground::sqlite(),
        );
        Ok(())
    }));
    trials.extend(failure::trials());
    let conclusion = libtest_mimic::run(&arguments, trials);
    drop(cluster);
    conclusion.exit();
}
