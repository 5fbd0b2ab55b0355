//! The fuzzer's way into `countersign_fuzz::signatures`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| countersign_fuzz::signatures::take(bytes));
