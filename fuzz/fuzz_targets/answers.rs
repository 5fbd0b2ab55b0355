//! The fuzzer's way into `countersign_fuzz::answers`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| countersign_fuzz::answers::take(bytes));
