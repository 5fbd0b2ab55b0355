//! The fuzzer's way into `countersign_fuzz::redaction`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| countersign_fuzz::redaction::take(bytes));
