//! What stands before the story: the page's header, the reporter's name, the dateline.

use super::{place, publisher, CLOCK, DAY, PART, PUBLISHED};
use crate::clean::rule::{Rule, Scope};

const DASH: &str = r"(?:[-–—‐−]{1,3})";
/// One to five words with capitals, for places that are in no list.
const CAPITALIZED: &str =
    r"[A-ZÀ-ÖØ-Þ][A-Za-zÀ-ÖØ-öø-ÿ.'’]*(?:[ \u{a0}-]\(?[A-ZÀ-ÖØ-Þ][A-Za-zÀ-ÖØ-öø-ÿ.'’]*\)?){0,4}";
/// A place in capitals throughout.
const CAPITALS: &str = r"[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ.'’]{2,}(?:[ \u{a0}-][A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ.'’]+){0,3}";
/// What shows that the place before it is at its end, though glued to the story.
const STORY: &str = r#"(?:[A-ZÀ-ÖØ-Þ\d"“”'‘’(\[]|\z)"#;

pub(super) fn rules() -> Vec<Rule> {
    let (site, place) = (publisher(), place());
    let end = format!(r"\s*{DASH}\s*");
    let dateline = Rule::new(
        Scope::Opening,
        "dateline",
        "dateline: publisher and place before the first sentence",
        [
            // Contoh.com, Ambon - Cerita | Contoh.com, AmbonCerita | Contoh.com, Ambon Cerita
            format!(r"{site}\s*[,/]\s*{place}\s*\(\d[\d/ .]{{2,10}}\){end}"),
            format!(r"(?P<cut>{site}\s*[,/]\s*{place}(?:,\s*{place})?(?:{end}|\s*[:.]\s*|\s*)){STORY}"),
            format!(r"{site}\s*[,/]\s*{CAPITALIZED}{end}"),
            // CONTOH.CO.ID - AMBON. Cerita | contoh.com - AMBON - Cerita
            format!(r"(?P<cut>{site}{end}(?:{place}|{CAPITALS})(?:{end}|\s*[.:]\s*)){STORY}"),
            // Contoh.com - Cerita | Contoh.com – Ambon: Cerita
            format!(r"{site}\s*(?:{DASH}|:)\s*(?:{place}\s*:\s*)?"),
            // AMBON, CONTOH.com - Cerita | Ambon (CONTOH) - Cerita | Ambon, Contoh Indonesia -- Cerita
            format!(r"(?:{place}|{CAPITALIZED})\s*[,/]?\s*\(?{site}\)?\s*(?:{DASH}|:)\s*"),
            // Ambon, NU Online Cerita
            format!(r"{place},\s*NU Online\s+"),
            // Ambon ⏎ - ⏎ Cerita
            format!(r"{CAPITALIZED}\s*\n\s*{DASH}\s*\n"),
            // AMBON - Cerita
            format!(r"(?P<cut>{CAPITALS}(?:,\s*{CAPITALS})?(?:\s+{DASH}\s*|{DASH}\s+|{DASH})){STORY}"),
            // Ambon - Cerita
            format!(r"(?P<cut>{place}(?:,\s*{place})?(?:\s+{DASH}\s*|{DASH}\s+)){STORY}"),
            // Ambon, 12/5/2025 - Cerita | Ambon (12/5) - Cerita
            format!(r"{place}\s*(?:,\s*|\()\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?\)?{end}"),
            // Ambon, Kabar Ambon - Cerita
            format!(r"(?P<cut>{CAPITALIZED},\s*{CAPITALIZED}(?:\s+{DASH}\s*|{DASH}\s+)){STORY}"),
            // Ambon: Cerita
            format!(r"(?P<cut>{place}\s*:\s+){STORY}"),
        ],
    );
    let header = Rule::new(
        Scope::Opening,
        "page-header",
        "headline, author and time of the page before the story",
        [
            // Judul Nama Penulis - detikInet Selasa, 20 Jun 2017 04:32 WIB Foto: … Jakarta - Cerita
            format!(
                r"(?x:
                    [^\n]{{0,300}}?\s-\s(?:detik\w{{2,20}}|{site})\s+
                    (?:Senin|Selasa|Rabu|Kamis|Jumat|Jum'at|Sabtu|Minggu),\s+
                    \d{{1,2}}\s+\w{{3,9}}\s+\d{{4}}\s+
                    \d{{1,2}}[:.]\d{{2}}\s+WI(?:B|TA|T)
                    (?:[^\n]{{0,300}}?(?:Foto|Halaman)[^\n]{{0,200}}?)?
                    # Jakarta -
                    \s(?:{place}|(?-x:{CAPITALIZED}))\s+-\s
                )"
            ),
            // Panen di Tolo - detikTolo Senin, 12 Mei 2025 07:05 WIB Cerita
            r"(?x:
                [^\n]{0,300}?\s-\sdetik\w{2,20}\s+
                (?:Senin|Selasa|Rabu|Kamis|Jumat|Jum'at|Sabtu|Minggu),\s+
                \d{1,2}\s+\w{3,9}\s+\d{4}\s+
                \d{1,2}[:.]\d{2}\s+WI(?:B|TA|T)\s
            )"
            .into(),
        ],
    );
    let times = Rule::new(
        Scope::Header,
        "page-header",
        "headline, author and time of the page before the story",
        // Siti Aminah - Senin, 12 Mei 2025, 19:00 WIB | Diterbitkan 12 Mei 2025
        [
            format!(
                r"(?x:
                    # Names, and what stands between them
                    (?:(?:[A-ZÀ-ÖØ-Þ][\w.'’-]*|[Oo]leh|dan|[-–—|•·,/:])[\x20\u{{a0}}]*){{0,10}}
                    (?:{PUBLISHED})?{DAY}{PART}{CLOCK}
                    (?:{PART}[^\n.!?]{{0,40}})?
                )"
            ),
            format!(r"{PUBLISHED}{DAY}(?:{PART}{CLOCK})?"),
        ],
    );
    let contents = Rule::new(
        Scope::Opening,
        "table-of-contents",
        "list of the sub-headings before the story",
        [format!(r"(?P<cut>Daftar Isi\n(?:[^\n]{{1,150}}\n){{1,15}}?){CAPITALIZED}\s*\n\s*{DASH}\s*\n")],
    );
    let byline = Rule::new(
        Scope::Opening,
        "byline",
        "name of the reporter before the dateline",
        [
            format!(
                r"(?P<cut>Laporan\s+(?:Wartawan|Reporter|Kontributor|Jurnalis|Koresponden)[^\n]{{2,100}}?\s+){site}\s*(?:,|{DASH})"
            ),
            format!(r"(?P<cut>Laporan\s+[A-Z][^\n.!?]{{2,60}}\n\s*){site}"),
            r"Laporan\s+(?:Wartawan|Reporter|Kontributor|Jurnalis|Koresponden)(?:[^\n.!?]|\.[A-Za-z]){2,100}\n".to_owned(),
        ],
    );
    vec![header, times, contents, byline, dateline]
}
