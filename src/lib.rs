//! The rooms of Countersign, one line each. `ARCHITECTURE.md` says who may know whom.
