//! The fuzzer's way into `countersign_fuzz::tickets`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| countersign_fuzz::tickets::take(bytes));
