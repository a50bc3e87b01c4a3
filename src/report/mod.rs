//! A diagnosis or a key survey as text: outlines and documents hold what is said, forms how it is written.

mod account;
mod asking;
pub mod clients;
mod diagnosis_outline;
mod document;
pub mod excerpt;
pub mod exchange;
pub mod form;
mod keys_document;
mod keys_outline;
pub mod link;
pub mod look;
pub mod outline;
pub mod page;
mod redacted;
mod servers;
mod visit;
mod words;

pub use form::FORMS;
pub use look::{Look, Report};
