//! A diagnosis as text.

pub mod human;
pub mod json;
