//! `keys`: the identities that ssh has for a destination, and which of them servers take.

mod ask;
mod login;
mod place;
mod plan;
mod rows;
mod survey;

pub(crate) use plan::{Asked, Named, Plan};
pub(crate) use survey::{survey, survey_telling};
