//! Allocations of the core's steps, and the heap of idle sessions.

use anyhow::{Context, Result};
use aplomb_benches::{idle, pubsub_kept, scenario, table};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;
use std::mem;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const STEPS: usize = 1_000;
const SESSIONS: usize = 1_000;
const KEPT: usize = 20_000;

fn main() -> Result<()> {
    let mut steps = table::with_columns(["step", "allocations", "bytes allocated"]);
    for scenario in scenario::ALL {
        let mut step = (scenario.prepare)(2 * STEPS);
        (0..STEPS).for_each(|_| step());
        let region = Region::new(ALLOCATOR);
        (0..STEPS).for_each(|_| step());
        let change = region.change();
        let each = |total: usize| format!("{:.1}", total as f64 / STEPS as f64);
        let count = change.allocations + change.reallocations;
        steps.add_row([scenario.name.into(), each(count), each(change.bytes_allocated)]);
    }
    table::print("Allocations per step", &steps)?;
    let event = scenario::event();
    let mut sessions = table::with_columns(["an idle BOSH session", "bytes"]);
    for idle in idle::ALL {
        let mut kept = Vec::with_capacity(SESSIONS);
        let region = Region::new(ALLOCATOR);
        for _ in 0..SESSIONS {
            kept.push((idle.make)(&event).context("a session of our own making")?);
        }
        let change = region.change();
        let heap = change.bytes_allocated.saturating_sub(change.bytes_deallocated) / SESSIONS;
        sessions.add_row([idle.name.into(), (heap + mem::size_of::<bosh::Session>()).to_string()]);
    }
    table::print(
        "Memory of an idle session, the struct included, what all subscribers share excluded",
        &sessions,
    )?;
    let mut kept = table::with_columns(["publish-subscribe keeps", "bytes"]);
    for kind in pubsub_kept::ALL {
        let mut service = (kind.prepare)(KEPT)?;
        let region = Region::new(ALLOCATOR);
        (0..KEPT).try_for_each(|number| (kind.add)(&mut service, number))?;
        let change = region.change();
        let heap = change.bytes_allocated.saturating_sub(change.bytes_deallocated) / KEPT;
        kept.add_row([kind.name.into(), heap.saturating_sub(kind.payload_bytes).to_string()]);
    }
    table::print("Memory of publish-subscribe, without the allocator's own", &kept)
}
