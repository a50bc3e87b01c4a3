//! A diagnosis as text.

pub mod human;
pub mod json;
pub mod keys;
pub mod keys_json;
