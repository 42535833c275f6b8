//! The desktop in headless Chromium, and in Firefox.

use aplomb_tests::Server;
use aplomb_tests::scene::{Tool, run};

#[test]
fn the_page_signs_in_follows_the_state_and_survives_a_restart_without_reload() {
    run(&mut Server::start(), Tool::Node, "desktop_plain.mjs");
}

#[test]
fn the_page_works_over_tls_and_signs_out() {
    run(&mut Server::start(), Tool::Node, "desktop_tls.mjs");
}

#[test]
fn agents_call_each_other_and_a_supervisor_sees_it() {
    run(&mut Server::start(), Tool::Node, "desktop_calls.mjs");
}

#[test]
fn a_supervisor_sees_a_call_joins_it_drops_a_party_and_tells_the_team() {
    run(&mut Server::start(), Tool::Node, "desktop_supervisor.mjs");
}

/// Silence is noticed after five seconds, so that a scene can be silent for longer.
const IMPATIENT: [&str; 3] = ["bosh.wait_secs_max=2", "bosh.inactivity_secs=5", "websocket.ping_secs=5"];

#[test]
fn an_agent_works_with_phone_book_call_data_wrap_up_previews_queues_and_team_messages() {
    let settings =
        ["simulator.colleagues=false", "cti.queue_statistics_secs=1", "calls.wrap_up_timer_secs=300"];
    run(&mut Server::with(&settings), Tool::Node, "desktop_agent.mjs");
}

#[test]
fn all_tabs_share_one_desk_that_frozen_tabs_and_a_reload_do_not_stop() {
    run(&mut Server::with(&IMPATIENT), Tool::Node, "desktop_tabs.mjs");
}

#[test]
fn a_busy_or_hidden_tab_keeps_its_session_and_hears_events() {
    run(&mut Server::with(&IMPATIENT), Tool::Node, "desktop_hidden.mjs");
}

#[test]
fn sleep_standstill_and_the_phone_systems_absence_are_named() {
    run(&mut Server::with(&IMPATIENT), Tool::Node, "desktop_banners.mjs");
}

#[test]
fn a_certificate_that_is_not_trusted_any_more_leads_to_where_it_can_be() {
    run(&mut Server::start(), Tool::Node, "desktop_certificate.mjs");
}

#[test]
fn a_network_that_blocks_cuts_or_swallows_is_named_and_survived_with_nothing_missed() {
    run(&mut Server::start(), Tool::Node, "desktop_network.mjs");
}

#[test]
fn axe_finds_nothing_on_any_screen_and_the_first_load_is_small() {
    run(&mut Server::start(), Tool::Node, "desktop_screens.mjs");
}

#[test]
fn axe_finds_nothing_on_banners_of_services_sleep_and_return() {
    run(&mut Server::start(), Tool::Node, "desktop_banner_looks.mjs");
}

#[test]
fn axe_finds_nothing_on_banners_of_loss_and_conflict_or_the_page_of_a_busy_hour() {
    run(&mut Server::start(), Tool::Node, "desktop_busy_looks.mjs");
}

#[test]
fn axe_finds_nothing_on_menus_and_lists_that_are_open() {
    let settings = ["simulator.colleagues=false"];
    run(&mut Server::with(&settings), Tool::Node, "desktop_open_looks.mjs");
}

#[test]
fn axe_finds_nothing_on_what_opens_on_a_customers_call() {
    let settings = ["simulator.colleagues=false"];
    run(&mut Server::with(&settings), Tool::Node, "desktop_outbound_looks.mjs");
}

#[test]
fn a_supervisor_is_told_why_an_agents_desktop_was_lost_and_warned_of_the_next() {
    run(&mut Server::with(&IMPATIENT), Tool::Node, "desktop_why.mjs");
}

#[test]
fn an_agent_works_by_keys_alone_in_another_time_zone_and_transfers_and_confers() {
    run(&mut Server::start(), Tool::Node, "desktop_keyboard.mjs");
}

#[test]
fn the_client_log_outlives_the_desk_and_is_read_found_saved_sent_and_thrown_away() {
    run(&mut Server::start(), Tool::Node, "desktop_log.mjs");
}

/// Two telephones share extension 2002.
const SHARED: &str = r#"
[simulator]
colleagues = false

[[devices]]
extension = "2002"
id = "SEP000002"
type = 684
type_name = "Desk phone"

[[devices]]
extension = "2002"
id = "CSF000002"
type = 503
type_name = "Soft phone"
"#;

#[test]
fn a_mobile_agent_works_at_a_telephone_outside_and_who_shares_an_extension_chooses_one() {
    run(&mut Server::configured(SHARED), Tool::Node, "desktop_mobile.mjs");
}

#[test]
fn firefox_signs_in_changes_state_calls_consults_and_transfers() {
    run(&mut Server::start(), Tool::Node, "desktop_firefox.mjs");
}
