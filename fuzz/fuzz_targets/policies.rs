//! The fuzzer's way into `countersign_fuzz::policies`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| countersign_fuzz::policies::take(bytes));
