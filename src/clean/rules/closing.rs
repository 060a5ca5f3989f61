//! What stands after the story: names, initials, key words, notes of the publisher.

use super::{any_publisher, publisher, title};
use crate::clean::rule::{Rule, Scope};

/// End of a sentence (or of a line) before a credit: without it brackets may belong to the story.
const AFTER_SENTENCE: &str = r#"(?:^|[.!?…][”"'’)\]]{0,2}|[”"])\s*"#;
/// The same, but no quotation: behind that stands whose it is (`(HR Muslim)`).
const AFTER_TOLD: &str = r"(?:[.!?…][)\]*]{0,3}\s*|\)\s*\n\s*)";
/// A person's name of two to five words.
const NAME: &str =
    r"[A-ZÀ-ÖØ-Þ](?:[A-Za-zÀ-ÖØ-öø-ÿ'’-]*|\.)(?:\s+[A-ZÀ-ÖØ-Þ](?:[A-Za-zÀ-ÖØ-öø-ÿ'’-]*|\.)){1,4}";
/// A name that begins with no abbreviation of a scripture: `QS Al-Baqarah`.
const SIGNATURE: &str = r"(?:[A-ZÀ-ÖØ-Þ](?:\.|[a-zß-öø-ÿ'’-]|[A-ZÀ-ÖØ-Þ]{2})[A-Za-zÀ-ÖØ-öø-ÿ'’-]*(?:\s+[A-ZÀ-ÖØ-Þ](?:[A-Za-zÀ-ÖØ-öø-ÿ'’-]*|\.)){1,4})";
/// The same in a credit: words with capitals, no running text.
const CREDITED: &str = r"[A-ZÀ-ÖØ-Þ@][^\s.!?:|,]*(?:\.[^\s.!?:|,]+)*(?:(?:\.?[\x20\u{a0}]+|[\x20\u{a0}]*[,/&][\x20\u{a0}]*|[\x20\u{a0}]+dan[\x20\u{a0}]+)[A-ZÀ-ÖØ-Þ@][^\s.!?:|,]*(?:\.[^\s.!?:|,]+)*){0,7}";
/// Initials of two or three editors, e.g. `abc/def`; short, since longer words may be of the story.
const INITIALS: &str =
    r"\(\s*[A-Za-z][A-Za-z0-9]{1,2}\s*/\s*[A-Za-z][A-Za-z0-9]{1,2}\s*(?:/\s*[A-Za-z0-9]{2,3}\s*)?\)";
/// The same without capitals, which need no sentence before them: `(RT/RW)` belongs to its sentence.
const SMALL_INITIALS: &str =
    r"\(\s*[a-z][a-z0-9]{1,2}\s*/\s*[a-z][a-z0-9]{1,2}\s*(?:/\s*[a-z0-9]{2,3}\s*)?\)";

pub(super) fn rules() -> Vec<Rule> {
    let (site, any, title) = (publisher(), any_publisher(), title());
    vec![
        Rule::new(
            Scope::Closing,
            "agency-tail",
            "names and rights notice of the agency",
            [
                r"Pewarta\s*:\s*[^\n]{2,120}\s*(?:Editor|Penerjemah|Uploader)\s*:(?s:.{2,400})",
                r"(?:Copyright|COPYRIGHT)\s*©[^\n]{0,400}(?:\n+Dilarang keras[^\n]{0,400})?",
                r"Dilarang keras mengambil konten,? (?:melakukan|dan|untuk|serta|tanpa izin tertulis)[^\n]{0,400}",
            ]
            .map(str::to_owned),
        ),
        Rule::new(
            Scope::Closing,
            "editor",
            "name or initials of the editors at the end",
            [
                format!(r"{AFTER_SENTENCE}(?P<cut>{INITIALS}\s*[.,]?)"),
                SMALL_INITIALS.to_owned(),
                r"\(\s*\*\s*/\s*[A-Za-z0-9]{2,6}\s*\)".to_owned(),
                format!(r"{AFTER_TOLD}(?P<cut>\((?:[A-Za-z0-9*]{{2,12}}\s*/\s*){{1,3}}[A-Za-z0-9]{{2,6}}\))"),
                format!(r"{AFTER_SENTENCE}(?P<cut>\((?:[a-z0-9*]{{2,12}}\s*/\s*){{1,3}}[a-z0-9]{{2,6}}\))"),
                // (Siti/abc), also behind a quotation, whose source has no initials
                format!(r"{AFTER_SENTENCE}(?P<cut>\([A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]{{2,20}}\s*/\s*[a-z]{{2,5}}\))"),
                format!(r"\(\s*{site}(?:\s*/\s*[A-Za-z. ]{{2,30}}){{0,2}}\s*/\s*(?:\*+|[A-Za-z. ]{{2,30}})\s*\)"),
                // (abc), (K24), no number and no longer abbreviation, which may be the story's source: (45), (BNPB)
                format!(
                    r"(?x:
                        {AFTER_SENTENCE}
                        (?P<cut>\(\s*(?:
                            [a-zß-öø-ÿ][A-Za-zÀ-ÖØ-öø-ÿ0-9*]{{1,5}}  # abc
                            | \*[A-Za-z0-9]{{1,5}}                   # *abc
                        )\s*\))
                    )"
                ),
                format!(
                    r"(?x:
                        {AFTER_TOLD}
                        (?P<cut>\(\s*(?:
                            [A-Z][a-zß-öø-ÿ][A-Za-zÀ-ÖØ-öø-ÿ0-9*]{{1,4}}  # Abc
                            | [A-Z][A-Z0-9]{{1,2}}                        # K24
                            | [A-Z]-\d{{1,2}}                             # Z-1
                        )\s*\))
                    )"
                ),
                format!(r"{AFTER_TOLD}(?P<cut>\(\s*(?:{SIGNATURE}\s*[/,]?\s*){{1,3}}\))"),
                format!(r"{AFTER_TOLD}(?P<cut>\(\s*[A-ZÀ-ÖØ-Þ][A-Za-zÀ-ÖØ-öø-ÿ]{{1,20}}\s*[/,]\s*[A-Za-zÀ-ÖØ-öø-ÿ. ]{{1,30}}\))"),
                format!(r"{AFTER_SENTENCE}(?P<cut>\(\s*{any}(?:\s*/\s*[A-Za-zÀ-ÖØ-öø-ÿ. ]{{1,30}})?\s*\))"),
                format!(r"{AFTER_SENTENCE}(?P<cut>\[\s*(?:{SIGNATURE}|Antara|ANTARA|[a-z]{{2,5}}(?:/[a-z]{{2,5}})?)\s*\])"),
                r"\(tirto\.id\s*-\s*[^()\n]{2,40}\)".to_owned(),
                r"[(\[]\s*\*{1,3}\s*[)\]]|\*{2,5}".to_owned(),
            ],
        ),
        Rule::new(
            Scope::Closing,
            "tags",
            "key words of the article after the initials",
            [
                // (abc/def) ⏎ kata kunci ⏎ kata kunci | (abc/def) kata kunci kata kunci
                format!(r"{SMALL_INITIALS}\s*\n(?:[a-z0-9][a-z0-9 &'’/+-]{{1,50}}\s*\n){{0,9}}[a-z0-9][a-z0-9 &'’/+-]{{1,50}}"),
                r#"(?x:
                    (?:^|[.!?…"”\])]\s*)
                    (?P<cut>
                        # Initials
                        \([a-z0-9]{2,5}/[a-z0-9]{2,5}\)\s*\n?
                        # Key words on lines of their own, and the last line of them
                        (?:[a-z0-9][a-z0-9\x20&'’/+-]{1,50}\s*\n){0,9}
                        [a-z0-9][a-z0-9\x20&'’/+-]{1,300}
                    )
                )"#
                .to_owned(),
                format!(r"{SMALL_INITIALS}\s+[a-z0-9][a-z0-9 &'’/+-]{{2,300}}"),
                r"^(?:Tags?|TAGS?|Topik(?: [Tt]erkait)?|Labels?|Kata [Kk]unci)\s*:\s*[^.!?\n]{2,40}".to_owned(),
            ],
        ),
        Rule::new(
            Scope::Closing,
            "contributor",
            "name of a contributor",
            // Siti Aminah dan Ranu Tolo turut berkontribusi dalam penulisan artikel ini.
            [format!(
                r"(?x:
                    (?:^|[.!?”\x22]\s*)
                    (?P<cut>
                        # One to five names
                        {NAME}(?:(?:,\s*|,?\s+dan\s+){NAME}){{0,4}}
                        \s+(?:ikut\s+|turut\s+)?(?-x:berkontribusi (?:dalam|pada|terhadap) )
                        (?:penulisan|pembuatan|penyusunan|tulisan)?
                        \s*(?:artikel|laporan|berita)?\x20?ini\.?
                    )
                )"
            )],
        ),
        Rule::new(
            Scope::Closing,
            "credit",
            "names of writer, editor or source at the end",
            [
                // Penulis: Siti Aminah | Editor: Ranu Tolo
                format!(
                    r"(?x:
                        (?:^|[.!?”\x22]\s*,?\s*)
                        (?P<cut>
                            [(\[]?
                            (?:Reporter|REPORTER|Penulis|PENULIS|Pewarta|Editor|EDITOR|Penyunting|Laporan)\s*:\s*{CREDITED}
                            # Another one
                            (?:[,|]?\s*(?i-u:sumber|editor|reporter)\s*:\s*[^\n!?:]{{0,60}})?
                            [\s,.)\]]*
                        )
                    )"
                ),
                // A name or an address: `Sumber: warga sekitar` is told
                r"[.!?”\x22]\s*,?\s*(?P<cut>[Ss]umber\s*:\s*(?:[A-Z][A-Za-z0-9.]*(?: [A-Z][A-Za-z0-9.]*){0,5}|[a-z0-9-]+(?:\.[a-z]+)+)[\s,.]*)".to_owned(),
                // On a line of its own: names, no running text.
                // Sumber: Tolo.co.id, Kabar Tolo dan @aminah
                r"(?x:
                    ^(?:[Ss]umber|SUMBER|[Ss]ource|SOURCE|Laporan)\s*:\s*
                    # The first word
                    [A-ZÀ-ÖØ-Þ@\#][^\s.!?:]*(?:\.(?:com|id|co\.id|net))?
                    # Up to six more, behind a blank, a comma, a stroke or `dan`
                    (?:
                        (?:
                            [\x20\u{a0}]+
                            | ,[\x20\u{a0}]*
                            | [\x20\u{a0}]*/[\x20\u{a0}]*
                            | [\x20\u{a0}]+dan[\x20\u{a0}]+
                        )
                        [A-ZÀ-ÖØ-Þ@\#\d][^\s!?:]*
                    ){0,6}
                    \.?
                )".to_owned(),
                r"^[Ss]umber\s*:\s*[^\n.!?]{2,60}?\s*(?i-u:editor|penulis|reporter)\s*:\s*[^\n.!?]{2,40}".to_owned(),
                r"^[Ss]umber\s*:\s*[a-z0-9_.]{3,30}".to_owned(),
            ],
        ),
        Rule::new(
            Scope::Closing,
            "page-control",
            "page numbers",
            [r"^\d+(?:\s+\d+)*\s+(?:Selanjutnya|Berikutnya|Next)", r"(?:HALAMAN SELANJUTNYA|Halaman Selanjutnya)[\s=>-]*", r"Halaman\s+\d+(?:\s+\d+)*\s*(?:dari \d+|Selanjutnya|Berikutnya)"],
        ),
        Rule::new(
            Scope::Closing,
            "republished",
            "note that the article appeared elsewhere",
            [
                r"(?x:
                    (?-x:Artikel ini (?:telah|sudah|pernah) (?:tayang|naik|terbit|dimuat|dipublikasikan))
                    (?-x:(?: \w+){0,3} di)\s*
                    (?:
                        [A-Z][A-Za-z0-9.-]{2,40}        # Kabartolo.com
                        | [a-z0-9-]{3,30}\.[a-z.]{2,8}  # kabar-tolo.co.id
                        | detik[A-Z][a-z]{2,12}         # detikTolo
                    )
                    [^\n]{0,250}
                )",
            ],
        ),
        Rule::new(
            Scope::Closing,
            "related-link",
            "links to other articles",
            [format!(r"^Selanjutnya\s*:\s*{title}(?:\.{{3}})?"), r"Baca juga (?:berita|artikel) (?:menarik )?lainnya di [A-Za-z0-9.]{3,40}".to_owned(), r"(?:Yuk,? (?:simak|baca) juga|Jangan ketinggalan baca yang ini juga!?)[^\n.]{0,600}".to_owned()],
        ),
        Rule::new(
            Scope::Closing,
            "video-link",
            "link to videos",
            [
                r"(?:Kamu Sudah Menonton\s+)?(?:Jangan Lewatkan|Video Terpopuler|Video Terbaru)(?:[^.\n]{0,60}[:?]|[ \u{a0}]*)".to_owned(),
                format!(r"^Video\s+{title}[!?]?"),
            ],
        ),
        Rule::new(
            Scope::Closing,
            "continued",
            "note that the article goes on elsewhere",
            // Baca berita selengkapnya di halaman berikutnya
            [r"(?x:
                (?:Baca|Simak)\s*(?-x:berita |artikel |informasi )?[Ss]elengkapnya\s*
                (?:[Dd]i\s*sini|di\x20halaman\x20(?:selanjutnya|berikutnya))?
                [\s.]*
            )"],
        ),
    ]
}
