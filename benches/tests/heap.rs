//! The memory budget of an idle session. Allocations repeat to the byte, so this can be a test.
#![allow(clippy::unwrap_used, reason = "a test may fail here")]

use aplomb_benches::{idle, scenario};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;
use std::mem;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// What a waiting session may take, the struct included.
const BUDGET_BYTES: usize = 1_024;

/// What an answer may take that is kept for a repeat, or the creation response.
const KEPT_ANSWER_BYTES_MAX: usize = 512;

#[test]
fn an_idle_session_keeps_within_its_kibibyte_and_half_of_one_for_each_kept_answer() {
    let event = scenario::event();
    assert!(event.len() > 1_500, "the event is of ordinary size");
    for (kept_answers, idle) in [0, 1, 2, 1].into_iter().zip(idle::ALL) {
        let region = Region::new(ALLOCATOR);
        let session = (idle.make)(&event).unwrap();
        let change = region.change();
        let heap = change.bytes_allocated - change.bytes_deallocated;
        assert!(session.is_idle(), "{}", idle.name);
        let bytes = heap + mem::size_of::<bosh::Session>();
        let allowed = BUDGET_BYTES + kept_answers * KEPT_ANSWER_BYTES_MAX;
        assert!(bytes <= allowed, "{}: {bytes} bytes", idle.name);
    }
}
