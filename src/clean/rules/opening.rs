//! What stands before the story: the page's header, the reporter's name, the dateline.

use super::{any_publisher, nation_in_capitals, photographer, place, place_in_capitals, publisher};
use super::{publisher_in_capitals, CLOCK, DAY, DOMAIN, PART, PUBLISHED};
use crate::clean::rule::{Rule, Scope};

const DASH: &str = r"(?:[-–—‐−]{1,3})";
/// A dash with a blank beside it. Without one it may join two names: `TNI-Polri`.
const APART: &str = r"(?:\s+[-–—‐−]{1,3}\s*|[-–—‐−]{1,3}\s+)";
/// One to five words with capitals, for places that are in no list.
const CAPITALIZED: &str =
    r"[A-ZÀ-ÖØ-Þ][A-Za-zÀ-ÖØ-öø-ÿ.'’]*(?:[ \u{a0}-]\(?[A-ZÀ-ÖØ-Þ][A-Za-zÀ-ÖØ-öø-ÿ.'’]*\)?){0,4}";
/// What shows that the place before it is at its end, though glued to the story.
const STORY: &str = r#"(?:[A-ZÀ-ÖØ-Þ\d"“”'‘’(\[]|\z)"#;
/// A story glued to the dash before it: a word with one capital, since `MEDAN-SIANTAR` is a road.
const GLUED_STORY: &str = r#"[A-ZÀ-ÖØ-Þ"“‘](?:[a-zß-öø-ÿ]|T\x20)"#;
/// What programs and films have before a day as well, so that it tells a time of publication only beneath a headline.
const SHOWN: &str = r"(?i-u:ditayangkan|tayang|terbit)(?:\s+pada)?\s*[:|]?\s*";
/// The day behind a place: `, 12 Mei 2025`, `, Senin (12/5)`.
const ON_DAY: &str = r"(?x:
    \s*,?\s*
    (?:(?:Senin|Selasa|Rabu|Kamis|Jum['’]?at|Sabtu|Minggu|Ahad)\s*,?\s*)?
    (?:
        \d{1,2}\s+[A-Z][a-z]{2,8}\s+20\d{2}
        | \(?\s*\d{1,2}/\d{1,2}(?:/\d{2,4})?\s*\)?
    )
)";
/// How local papers are called that are in no list.
const PAPER: &str = r"(?:Harian|Info|Kabar|Koran|Radar|Tribun|Warta)[ \u{a0}]?[A-ZÀ-ÖØ-Þ][A-Za-zÀ-ÖØ-öø-ÿ]*";

pub(super) fn rules() -> Vec<Rule> {
    let (site, any, publisher_in_capitals) = (publisher(), any_publisher(), publisher_in_capitals());
    let (place, place_in_capitals, nation_in_capitals) = (place(), place_in_capitals(), nation_in_capitals());
    let end = format!(r"\s*{DASH}\s*");
    // Gaza/Yerusalem
    let places = format!(r"{place}(?:\s*/\s*{place})?");
    // (CONTOH) | (CONTOH/Kabar Tolo)
    let bracket =
        |site: &str| format!(r"\(\s*{site}(?:\s*/\s*[A-Z][A-Za-z.]*(?: [A-Z][A-Za-z.]*)?){{0,2}}\s*\)");
    let bracketed_any = bracket(&any);
    let bracketed = bracket(&format!("(?:{site}|{publisher_in_capitals})"));
    let dateline = Rule::new(
        Scope::Opening,
        "dateline",
        "dateline: publisher and place before the first sentence",
        [
            // Contoh.com, Ambon Timur - Cerita: all of the name before the part of it that is listed
            format!(r"(?P<cut>{DOMAIN}\s*[,/]\s*{CAPITALIZED}{APART}){STORY}"),
            // Contoh, Ambon - Cerita | Contoh, Ambon (12/5) - Cerita
            format!(
                r"(?P<cut>{any}\s*[,/]\s*{place}(?:,\s*{place}|\s*\(\d[\d/ .]{{2,10}}\))?(?:{APART}|\s*:\s+)){STORY}"
            ),
            // Contoh.com, AmbonCerita | Contoh.com, Ambon Cerita
            format!(r"(?P<cut>{DOMAIN}\s*[,/]\s*{place}(?:,\s*{place})?(?:{end}|\s*[:.]\s*|\s*)){STORY}"),
            // CONTOH.CO.ID - AMBON. Cerita | contoh.com - AMBON - Cerita
            format!(r"(?P<cut>{site}{end}{place}(?:{APART}|\s*[.:]\s*)){STORY}"),
            // Contoh.com - Cerita
            format!(r"(?P<cut>{site}{APART}){STORY}"),
            // CONTOH.COM-Cerita
            format!(r"(?P<cut>[A-Z][A-Z0-9-]{{2,40}}\.(?:[A-Z.]{{2,6}}|com|id|co\.id){DASH}){GLUED_STORY}"),
            // CONTOH - Cerita
            format!(r"(?P<cut>{publisher_in_capitals}\s+{DASH}\s+){STORY}"),
            // AMBON, CONTOH.com - Cerita | AMBON CONTOH.com - Cerita | London (CONTOH/Kabar Tolo) - Cerita | Ambon, Contoh Indonesia -- Cerita
            format!(
                r"{places}(?:(?:\s*[,/]?\s*{DOMAIN}|\s*,?\s*{bracketed_any})(?:{end}|\s*:\s*)|\s*[,/]\s*{any}(?:{APART}|\s*:\s+))"
            ),
            // The same, of places that are in no list
            format!(
                r"{CAPITALIZED}(?:(?:\s*[,/]\s*{DOMAIN}|(?:,\s*{CAPITALIZED})?\s*,?\s*{bracketed})(?:{end}|\s*:\s*)|\s*,\s*{site}(?:{APART}|\s*:\s+))"
            ),
            // Ambon, NU Online Cerita
            format!(r"{place},\s*NU Online\s+"),
            // Ambon ⏎ - ⏎ Cerita
            format!(r"{CAPITALIZED}\s*\n\s*{DASH}\s*\n"),
            // AMBON-Cerita
            format!(r"(?P<cut>{place_in_capitals}{DASH}){GLUED_STORY}"),
            // Ambon - Cerita | Tolo, Ambon - Cerita | Ambon, 12 Mei 2025 - Cerita | Ambon, Senin (12/5) - Cerita
            format!(r"(?P<cut>(?:{CAPITALIZED},\s*)?{places}(?:,\s*{place})?{ON_DAY}?{APART}){STORY}"),
            // INGGRIS - Cerita
            format!(r"(?P<cut>{nation_in_capitals}{APART}){STORY}"),
            // Ambon, Kabar Ambon - Cerita
            format!(r"(?P<cut>{CAPITALIZED},\s*{PAPER}{APART}){STORY}"),
            // Ambon: Cerita, a sentence; of the weather `Ambon: Hujan ringan` is told
            format!(r"(?P<cut>{place}\s*:\s+){STORY}[^\n]*[.!?]"),
        ],
    );
    let caption = Rule::new(
        Scope::Opening,
        "photo-caption",
        "caption or source of a photo",
        // Petani memanen cengkih, Senin (12/5/2025). (CONTOH FOTO/Siti) ⏎ Ambon (CONTOH) -
        [format!(
            r#"(?P<cut>[^\n"“”]+[(\[]{photographer}[)\]]\.?\s*\n\s*)(?:{site}\s*(?:[,/(]|{DASH})|{place}\s*(?:[,/]\s*{any}|\(\s*{any}|,\s*\d|\s{DASH}))"#,
            photographer = photographer()
        )],
    );
    let header = Rule::new(
        Scope::Opening,
        "page-header",
        "headline, author and time of the page before the story",
        [
            // Judul Nama Penulis - detikInet Selasa, 20 Jun 2017 04:32 WIB Foto: … Jakarta - Cerita
            format!(
                r"(?x:
                    [^\n]{{0,300}}?\s-\s(?:detik\w{{2,20}}|{any})\s+
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
        // Siti Aminah - Senin, 12 Mei 2025, 19:00 WIB | Diterbitkan 12 Mei 2025 | Tayang: 12 Mei 2025
        [
            format!(
                r"(?x:
                    # Names, and what stands between them; a colon only where a name follows: `Waktu: Senin` tells of an event
                    (?:(?:[Oo]leh|Penulis|Reporter|Editor|Pewarta|Laporan)\s*:\s*)?
                    (?:(?:[A-ZÀ-ÖØ-Þ][\w.'’-]*|[Oo]leh|dan|[-–—|•·,/])[\x20\u{{a0}}]*){{0,10}}
                    (?:{PUBLISHED}|{SHOWN})?{DAY}{PART}{CLOCK}
                    (?:{PART}[^\n.!?]{{0,40}})?
                )"
            ),
            format!(r"(?:{PUBLISHED}|{SHOWN}){DAY}(?:{PART}{CLOCK})?"),
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
            format!(r"(?P<cut>Laporan\s+[A-Z][^\n.!?]{{2,60}}\n\s*){site}\s*(?:,|{DASH})"),
            r"Laporan\s+(?:Wartawan|Reporter|Kontributor|Jurnalis|Koresponden)(?:[^\n.!?]|\.[A-Za-z]){2,100}\n".to_owned(),
        ],
    );
    vec![header, times, contents, byline, caption, dateline]
}
