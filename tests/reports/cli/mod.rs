//! The program itself: arguments, exit codes, streams, limits.

mod input;
mod lines;
mod output;
mod ran;
mod redact;
mod tickets;
mod verdicts;
mod words;
