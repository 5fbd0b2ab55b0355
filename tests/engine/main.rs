//! The engine with everything outside played by the test: what each setting of the contract does.

mod bed;
#[path = "../support/folder.rs"]
mod folder;
mod limits;
mod outputs;
mod outside;
mod reading;
#[path = "../support/shipped.rs"]
mod shipped;
mod together;
