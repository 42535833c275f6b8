#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| aplomb_fuzz_targets::pubsub_requests(data));
