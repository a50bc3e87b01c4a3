//! From a case to its verdict: runs the rules, puts what follows from another cause behind it, and chooses.

mod alike;
mod diagnosis;
mod guessed;
mod judge;
mod precedence;
mod remedy;
mod verdict;

pub use diagnosis::{Answer, Diagnosis};
pub use judge::diagnose;
