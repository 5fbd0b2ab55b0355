//! The fuzzer's way into `countersign_fuzz::cards`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| countersign_fuzz::cards::take(bytes));
