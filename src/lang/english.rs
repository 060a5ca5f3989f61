//! Names of English months and days.

/// Months, January first.
pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Days of the week, Monday first.
pub(crate) const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// The name of a month, 1 to 12.
pub(crate) fn month(number: i8) -> Option<&'static str> {
    MONTHS.get(usize::try_from(number).ok()?.checked_sub(1)?).copied()
}

/// The number of the month of this name, in any case.
pub(crate) fn month_number(name: &str) -> Option<i8> {
    MONTHS.iter().zip(1..).find(|(month, _)| month.eq_ignore_ascii_case(name)).map(|(_, number)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_belong_together() {
        for number in 1..=12 {
            assert_eq!(month_number(&month(number).unwrap().to_uppercase()), Some(number));
        }
        assert_eq!([0, 13, -1].map(month), [None; 3]);
        assert_eq!(month_number("Mei"), None);
    }
}
