//! A way to every text of a diagnosis and of a key survey, for a pass over them before any form is written.
//!
//! Structures are taken apart field by field, so that a new field does not compile until it has been thought of. Left
//! out are a session's statements, which no form shows; what they say stands in the session's other fields.

mod facts;
mod findings;
mod log;
mod survey;
mod texts;
