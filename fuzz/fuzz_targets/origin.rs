//! No word of a server speaks for the client.
#![no_main]

#[allow(dead_code, reason = "each target uses its own part")]
#[path = "../../tests/kit/origin.rs"]
mod bodies;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bodies::marked(bytes));
