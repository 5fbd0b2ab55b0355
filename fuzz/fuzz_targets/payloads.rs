//! The fuzzer's way into `countersign_fuzz::payloads`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| countersign_fuzz::payloads::take(bytes));
