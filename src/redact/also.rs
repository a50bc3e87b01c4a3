//! What somebody asks to have replaced, beside what is known to tell whose a log is.

use std::fmt;
use std::ops::Range;

use super::line::Found;
use super::sort::Sort;

/// Finds the places in a line.
type Find = Box<dyn Fn(&str) -> Vec<Range<usize>> + Send + Sync>;

/// Values that a caller finds by its own means, such as patterns.
pub(super) struct Also(Find);

impl fmt::Debug for Also {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Also")
    }
}

impl Also {
    pub(super) fn new(find: impl Fn(&str) -> Vec<Range<usize>> + Send + Sync + 'static) -> Self {
        Self(Box::new(find))
    }

    /// Where they stand in a line. An empty place is none.
    pub(super) fn places(&self, line: &str) -> Vec<Range<usize>> {
        let mut places = (self.0)(line);
        places.retain(|at| line.get(at.clone()).is_some_and(|value| !value.is_empty()));
        places
    }
}

/// Puts these places to what was found. Where two overlap, one value is made of both, so that no part is left.
pub(super) fn joined(mut found: Vec<Found>, places: Vec<Range<usize>>) -> Vec<Found> {
    found.extend(places.into_iter().map(|at| Found { at, sort: Sort::Name, shown: false, lead: "" }));
    found.sort_by_key(|found| (found.at.start, std::cmp::Reverse(found.at.end)));
    let mut all: Vec<Found> = Vec::with_capacity(found.len());
    for next in found {
        match all.last_mut() {
            Some(last) if next.at.start < last.at.end => {
                if next.at.end > last.at.end {
                    // What is cut out stays so.
                    let cut = [last.sort, next.sort].into_iter().find(|sort| sort.cut().is_some());
                    let sort = cut.unwrap_or(Sort::Name);
                    *last = Found { at: last.at.start..next.at.end, sort, shown: false, lead: last.lead };
                }
            }
            _ => all.push(next),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_of_two_that_overlap_is_left() {
        let host = Found { at: 4..10, sort: Sort::Host, shown: true, lead: "" };
        let all = |places: &[Range<usize>]| -> Vec<(Range<usize>, Sort)> {
            joined(vec![host.clone()], places.to_vec()).into_iter().map(|found| (found.at, found.sort)).collect()
        };
        assert_eq!(all(std::slice::from_ref(&(5..7))), [(4..10, Sort::Host)]);
        assert_eq!(all(&[8..12, 0..2]), [(0..2, Sort::Name), (4..12, Sort::Name)]);
        assert_eq!(all(&[2..6, 9..11]), [(2..11, Sort::Name)]);
        let secret = Found { sort: Sort::Secret, ..host.clone() };
        assert_eq!(joined(vec![secret], std::iter::once(2..6).collect())[0].sort, Sort::Secret);
    }
}
