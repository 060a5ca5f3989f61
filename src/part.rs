//! Parts of texts and lists that are known to be there.

use std::fmt::Debug;
use std::slice::SliceIndex;

/// A part whose range was computed on the very text or list that it is taken from. Where a range is not within it after all, or cuts a
/// character, there is a mistake in this crate: debug builds, and with them tests and fuzzing (`--profile fuzz`), panic and name the place; others read
/// nothing there, rather than end the program of somebody who has a million articles to go.
pub(crate) trait Part {
    fn part<R: SliceIndex<Self, Output = Self> + Clone + Debug>(&self, range: R) -> &Self;
}

/// As [`Part`], to be written to.
#[cfg(feature = "native")]
pub(crate) trait PartMut {
    fn part_mut<R: SliceIndex<Self, Output = Self> + Clone + Debug>(&mut self, range: R) -> &mut Self;
}

impl Part for str {
    #[track_caller]
    fn part<R: SliceIndex<str, Output = str> + Clone + Debug>(&self, range: R) -> &str {
        let part = self.get(range.clone());
        debug_assert!(part.is_some(), "{range:?} is no part of a text of {} bytes", self.len());
        part.unwrap_or_default()
    }
}

impl<T> Part for [T] {
    #[track_caller]
    fn part<R: SliceIndex<[T], Output = [T]> + Clone + Debug>(&self, range: R) -> &[T] {
        let part = self.get(range.clone());
        debug_assert!(part.is_some(), "{range:?} is no part of a list of {}", self.len());
        part.unwrap_or_default()
    }
}

#[cfg(feature = "native")]
impl<T> PartMut for [T] {
    #[track_caller]
    fn part_mut<R: SliceIndex<[T], Output = [T]> + Clone + Debug>(&mut self, range: R) -> &mut [T] {
        let length = self.len();
        let part = self.get_mut(range.clone());
        debug_assert!(part.is_some(), "{range:?} is no part of a list of {length}");
        part.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_lies_within_its_text() {
        assert_eq!("a雨é".part(1..4), "雨");
        assert_eq!("a雨é".part(4..), "é");
        assert_eq!([1, 2, 3].part(..2), [1, 2]);
    }

    #[test]
    #[cfg(feature = "native")]
    fn a_part_is_written_to() {
        let mut list = [1, 2, 3];
        list.part_mut(1..).fill(7);
        assert_eq!(list, [1, 7, 7]);
    }

    #[test]
    #[cfg(debug_assertions)]
    #[should_panic(expected = "2..4 is no part of a text of 6 bytes")]
    fn a_character_that_is_cut_does_not_pass_unnoticed() {
        "a雨é".part(2..4);
    }
}
