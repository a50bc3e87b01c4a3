//! All its wordings.

use super::{auth, certificates, ends, files, sessions, start};
use crate::dialect::table::Row;

pub(super) const ROWS: &[&[Row]] =
    &[auth::ROWS, certificates::ROWS, ends::ROWS, files::ROWS, sessions::ROWS, start::ROWS];
