//! Floor and link against a model: random stories of calls and agents as bytes of GED-188, through the codec, the
//! client's session and the translation to the floor. The bytes come in pieces; messages come twice; broken, unknown and
//! unasked ones come between them; messages are lost, connections break in the middle of one, servers fall silent or
//! talk nonsense, sides change, versions differ, clients order things meanwhile. Whenever no question is open,
//! what the floor knows, and what clients were told, is what is so, and in the end every wish had one outcome.
//!
//! `APLOMB_SIMULATION_SEEDS=100000` plays more stories, `APLOMB_SIMULATION_SEED=17` one, message by message.

#![allow(clippy::unwrap_used, reason = "a test may fail here")]

extern crate floor as aplomb_floor;

#[path = "../../../../domain/floor/tests/scene/mod.rs"]
mod scene;
#[path = "../../../../domain/floor/tests/simulation/screens.rs"]
mod screens;
mod server;
mod story;
mod words;
#[path = "../../../../domain/floor/tests/simulation/world.rs"]
mod world;

use story::Story;

const SEEDS: u64 = 1_000;
const STEPS: usize = 60;

#[allow(clippy::disallowed_methods, reason = "how many stories a test plays is its caller's choice")]
fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn play(seed: u64, aloud: bool) -> Result<(), String> {
    let mut story = Story::new(seed, aloud);
    let told = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        for _ in 0..STEPS {
            story.step();
        }
        story.end();
    }));
    #[allow(clippy::print_stdout, reason = "asked for by hand")]
    story.log().for_each(|line| println!("{line}"));
    told.map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
    })
}

#[test]
fn stories_told_in_bytes_end_as_the_model_says_whatever_becomes_of_the_link() {
    if let Some(seed) = asked("APLOMB_SIMULATION_SEED") {
        play(seed, true).unwrap();
        return;
    }
    let seeds = asked("APLOMB_SIMULATION_SEEDS").unwrap_or(SEEDS);
    let wrong: Vec<String> = (0..seeds)
        .filter_map(|seed| play(seed, false).err().map(|why| format!("seed {seed}: {why}")))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {seeds} stories went wrong:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(10)].join("\n")
    );
}
