use super::*;

fn read(written: &str, zone: &str) -> Result<String, DateError> {
    publication_date(written, &zone.parse().unwrap()).map(|date| date.to_string())
}

/// What sources write, the zone of the publisher, and the day.
const READ: &[(&str, &str, &str)] = &[
    // ISO 8601 and what looks like it
    ("2025-05-12", "WIB", "2025-05-12"),
    ("2025/05/12", "WIB", "2025-05-12"),
    ("2025.5.2", "WIB", "2025-05-02"),
    ("20250512", "WIB", "2025-05-12"),
    ("2025-05-12T17:51:00", "WIB", "2025-05-12"),
    ("2025-05-12 17:51:00", "WIB", "2025-05-12"),
    ("2025-05-12 17:51", "WIT", "2025-05-12"),
    ("2025-05-12 23:51:00.123456", "WIB", "2025-05-12"),
    ("2024-03-05T19:30:00Z", "WIB", "2024-03-06"),
    ("2024-03-05T16:59:59Z", "WIB", "2024-03-05"),
    ("2024-03-05T16:59:59Z", "WITA", "2024-03-06"),
    ("2024-03-05T15:10:00.000Z", "WIT", "2024-03-06"),
    ("2024-03-05T23:30:00+07:00", "WIB", "2024-03-05"),
    ("2024-03-05T23:30:00+0700", "Asia/Jayapura", "2024-03-06"),
    ("2024-03-06 00:30:00+09", "WIB", "2024-03-05"),
    ("2024-03-05T13:00:00-05:00", "WIB", "2024-03-06"),
    ("2024-03-06T00:15:00+08:00[Asia/Makassar]", "WIB", "2024-03-05"),
    ("20240305T193000Z", "WIB", "2024-03-06"),
    ("2024-12-31T17:00:00Z", "WIB", "2025-01-01"),
    ("2024-03-05T19:30:00Z", "UTC", "2024-03-05"),
    ("2024-02-29T17:00:00 UTC", "WIB", "2024-03-01"),
    // RFC 2822, and how JavaScript and Unix print
    ("Mon, 12 May 2025 17:51:00 +0700", "WIB", "2025-05-12"),
    ("Mon, 12 May 2025 19:05:00 GMT", "WIB", "2025-05-13"),
    ("12 May 2025 17:51:00 -0800", "WIB", "2025-05-13"),
    ("Tue May 13 2025 00:10:00 GMT+0700 (Western Indonesia Time)", "WIB", "2025-05-13"),
    ("Mon May 12 23:10:00 UTC 2025", "WIB", "2025-05-13"),
    ("Mon May 12 17:51:00 2025", "WIB", "2025-05-12"),
    // Indonesian
    ("12 Mei 2025", "WIB", "2025-05-12"),
    ("Senin, 12 Mei 2025", "WIB", "2025-05-12"),
    ("Senin 12 Mei 2025", "WIB", "2025-05-12"),
    ("12 Mei 2025 17:51 WIB", "WIB", "2025-05-12"),
    ("Senin, 12 Mei 2025 17:51 WIB", "WIB", "2025-05-12"),
    ("Senin, 12 Mei 2025 | 17.51 WIB", "WIB", "2025-05-12"),
    ("Senin, 12 Mei 2025 - 17:51 Wita", "WITA", "2025-05-12"),
    ("Senin, 12 Mei 2025 pukul 17.51.30 WIB", "WIB", "2025-05-12"),
    ("Senin (12/5/2025), pukul 17.51 WIB", "WIB", "2025-05-12"),
    ("17.51 WIB, 12 Mei 2025", "WIB", "2025-05-12"),
    ("17:51 - 12 Mei 2025", "WIB", "2025-05-12"),
    ("Selasa, 13 Mei 2025 00:30 WIT", "WIB", "2025-05-12"),
    ("12 Mei 2025 23:30 WIB", "WIT", "2025-05-13"),
    ("Jum'at, 16 Mei 2025", "WIB", "2025-05-16"),
    ("Jumat 1 Agustus 2025, 08:00", "WIB", "2025-08-01"),
    ("Ahad, 2 Nopember 2025", "WIB", "2025-11-02"),
    ("31 Des 2024", "WIB", "2024-12-31"),
    ("3 agt. 2025", "WIB", "2025-08-03"),
    ("SABTU, 1 FEBRUARI 2025 05:00 WIB", "WIB", "2025-02-01"),
    ("Diterbitkan: 12 Mei 2025", "WIB", "2025-05-12"),
    ("12\u{a0}Mei\u{a0}2025", "WIB", "2025-05-12"),
    // Figures, the day first
    ("12/05/2025", "WIB", "2025-05-12"),
    ("1/2/2025", "WIB", "2025-02-01"),
    ("12-05-2025", "WIB", "2025-05-12"),
    ("12.05.2025 17.51", "WIB", "2025-05-12"),
    ("12/05/2025, 17:51 WIB", "WIB", "2025-05-12"),
    ("12/05/2025 23:51:00 +0700", "WITA", "2025-05-13"),
    // English
    ("May 12, 2025", "WIB", "2025-05-12"),
    ("Monday, May 12, 2025 5:51 PM", "WIB", "2025-05-12"),
    ("May 12th, 2025 at 11:30 pm UTC", "WIB", "2025-05-13"),
    ("12th of August 2025", "WIB", "2025-08-12"),
    ("12-Aug-2025 12:05 AM", "WIB", "2025-08-12"),
    // Since 1970
    ("1747043460", "WIB", "2025-05-12"),
    ("1747069200", "WIB", "2025-05-13"),
    ("1747069199", "WIB", "2025-05-12"),
    ("1747069200.75", "WIB", "2025-05-13"),
    ("1747043460000", "WIB", "2025-05-12"),
    ("1747069200000000", "WIB", "2025-05-13"),
    ("1747043460000000000", "WIB", "2025-05-12"),
    ("999999999", "UTC", "2001-09-09"),
    ("1989999999", "UTC", "2033-01-22"),
    ("199512250000", "UTC", "1995-12-25"),
    ("978307199000", "UTC", "2000-12-31"),
    // Figures of a calendar and a clock
    ("2025051217", "WIB", "2025-05-12"),
    ("202505121751", "WIB", "2025-05-12"),
    ("20250512175100", "WIB", "2025-05-12"),
    ("20250512175100123", "WIB", "2025-05-12"),
    ("202505121751.0", "WIB", "2025-05-12"),
    ("20250512175100.25", "WIB", "2025-05-12"),
    ("19850512175100", "WIB", "1985-05-12"),
    ("20240305193000Z", "WIB", "2024-03-06"),
    ("202403051930 UTC", "WIB", "2024-03-06"),
    ("20240305233000+0700", "WIT", "2024-03-06"),
    ("20240305T19Z", "WIB", "2024-03-06"),
    ("2024-03-05T23.30 WIB", "WIT", "2024-03-06"),
];

#[test]
fn reads_what_sources_write_in_the_zone_of_the_publisher() {
    for &(written, zone, day) in READ {
        assert_eq!(read(written, zone).as_deref(), Ok(day), "{written} in {zone}");
        let spaced = format!("  {written}\n");
        assert_eq!(read(&spaced, zone).as_deref(), Ok(day), "{spaced:?} in {zone}");
    }
}

#[test]
fn refuses_what_is_no_day_or_could_be_two() {
    let form = [
        "",
        "kemarin",
        "2 jam lalu",
        "2025",
        "Mei 2025",
        "2025-05",
        "12/05/25",
        "12 Mei",
        "0",
        "-1747043460",
        "12345",
        "Senin",
        "17:51 WIB",
        "12 Mei 2025 13 Mei 2025",
        "12 Mei 2025 25:10",
        "2025051225",
        "202505121760",
        "2025051217510",
        "2025051217510012",
        "12 Mei 2025 17:51 EST",
        "2025-05-12-13",
        "12 Maaret 2025",
        "Senin, Selasa, 12 Mei 2025",
        "2025-05-12T17:51:00+99:00",
        "99999999999999999999999",
        "Tolare, 12 Mei 2025",
        "12 Mei 2025 17:51 WIB WITA",
    ];
    for written in form {
        assert!(
            matches!(read(written, "WIB"), Err(DateError::Form(_))),
            "{written}: {:?}",
            read(written, "WIB")
        );
    }
    for written in [
        "0000-00-00",
        "0001-01-01",
        "31/02/2025",
        "31 April 2025",
        "05/13/2025",
        "29 Februari 2025",
        "202513121751",
        "2025023017",
    ] {
        let found = read(written, "WIB");
        assert!(matches!(found, Err(DateError::NoSuchDay(_))), "{written}: {found:?}");
    }
    assert!(matches!(read("Selasa, 12 Mei 2025", "WIB"), Err(DateError::Weekday(_))));
}

#[test]
fn knows_zones_by_letters_offset_and_name() {
    for (name, day) in [("wita", 6), ("WIB", 5), ("Asia/Pontianak", 5), ("+08:00", 6), ("-03:30", 5)] {
        let date = publication_date("2024-03-05T16:30:00Z", &name.parse().unwrap()).unwrap();
        assert_eq!(date.day(), day, "{name}");
    }
    for name in ["", "WIBB", "Asia/Tolare", "8", "+25:00", "+07:00 WIB"] {
        assert!(name.parse::<PublisherZone>().is_err(), "{name:?}");
    }
}

#[test]
fn a_long_text_is_told_in_short() {
    let DateError::Form(told) = read(&"hujan ".repeat(1000), "WIB").unwrap_err() else { panic!("form") };
    assert_eq!(told, format!("{}…", "hujan ".repeat(10)));
}

proptest::proptest! {
    #[test]
    fn whatever_is_written_is_read_or_refused(written in "[0-9a-zA-Z+:./, |()-]{0,30}|\\PC{0,30}") {
        let _ = publication_date(&written, &PublisherZone::default());
    }

    /// Each day of two centuries, in every order of its parts.
    #[test]
    fn a_day_is_the_same_in_every_form(days in 0..73_000_i32) {
        let date = jiff::civil::date(1900, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
        for form in ["%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%B %d, %Y", "%A, %d %b %Y 23:59 WIB", "%Y%m%d", "%a %b %d %Y"] {
            let written = date.strftime(form).to_string();
            proptest::prop_assert_eq!(publication_date(&written, &PublisherZone::default()), Ok(date), "{}", written);
        }
    }
}
