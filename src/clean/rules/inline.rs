//! What stands between sentences or between lines, wherever that is.

use super::{place, CAPTION_SOURCE, DOMAIN};
use crate::clean::rule::{Rule, Scope};

pub(super) fn rules() -> Vec<Rule> {
    vec![
        Rule::new(
            Scope::Inline,
            "advertisement",
            "mark of an advertisement",
            [
                r#"(?:^|[.!?:;,"”'’)\]…])\s*(?P<cut>ADVERTISEMENT|Advertisement)(?:\s*$|\s*[A-ZÀ-ÖØ-Þ"“‘'(\[\d•*-])"#,
                r"\s(?P<cut>ADVERTISEMENT|Advertisement)[ \u{a0}]*$",
                r"SCROLL TO (?:CONTINUE|RESUME)(?: WITH)? CONTENT",
            ],
        ),
        Rule::new(
            Scope::Inline,
            "page-control",
            "button or label of the page",
            [
                r#"[.!?…"”](?P<cut>Perbesar)[ \u{a0}]*$"#,
                // Iklan ⏎ Scroll Untuk Melanjutkan
                r"^[ \u{a0}]*(?:Iklan|IKLAN)[ \u{a0}]*\n\s*(?i-u:scroll|gulir)[^\n.!?]{0,40}(?i-u:melanjutkan|membaca)[^\n.!?]{0,20}$",
            ],
        ),
        Rule::new(
            Scope::Inline,
            "dateline",
            "dateline that scraping repeated within the story",
            // CONTOH.CO.ID, AMBON -- Cerita
            [format!(r"^[ \u{{a0}}]*(?P<cut>{DOMAIN}\s*,\s*{place}\s*[-–—]{{1,3}}\s*)", place = place())],
        ),
        Rule::new(
            Scope::Inline,
            "player",
            "place of a video or an embedded post",
            [
                r"\[(?:Gambas|GAMBAS|gambas)\s*:[^\]\n]{1,80}\]",
                // Simak juga Video: Panen di Tolo [Gambas:Video 20detik]
                r"(?x:
                    (?:Simak|Saksikan|Tonton|Lihat|Nonton)\s+(?:[Jj]uga\s+)?[Vv]ideo(?-u:\b)
                    # The rest of the sentence: a stop within a word ends nothing
                    (?:[^\[.]|\.[^\s\[]){0,220}?
                    \s*\[Gambas:Video[^\]\n]{0,40}\]
                )",
                // Lihat juga 'Panen di Tolo' di sini: [Gambas:Video 20detik]
                r#"(?x:
                    (?:Simak|Saksikan|Tonton|Lihat)\s+[Jj]uga\s+
                    ["“'‘][^\n\["”]{3,160}["”'’]
                    \s*(?:di\x20sini)?\s*:?
                    \s*\[Gambas:Video[^\]\n]{0,40}\]
                )"#,
            ],
        ),
        Rule::new(
            Scope::Inline,
            "embedded-post",
            "caption of an embedded post",
            [
                r"(?:View|Lihat) (?:this post on|postingan ini di) Instagram",
                // A post shared by Siti Aminah (@aminah) on May 12, 2025 at 7:05am PDT
                r"(?x:
                    (?-x:A (?:post|photo|video) (?:shared|posted) by|Sebuah kiriman dibagikan oleh)
                    [^\n]{0,80}?\(@[A-Za-z0-9_.]{1,40}\)
                    (?:
                        \s+(?:on|pada)\s*(?-x:\w{3,9} \d{1,2}, \d{4})
                        (?-x: at \d{1,2}:\d{2}\s?[ap]m P[SD]T)?
                    )?
                )",
                r"[—-]\s?[^()\n]{1,50}\(@[A-Za-z0-9_]{1,20}\)\s*[A-Z][a-z]{2,8} [0-9]{1,2}, [0-9]{4}",
                r"pic\.twitter\.com/[A-Za-z0-9]{5,14}",
                r"Foto/(?:Instagram|IG|X|Twitter)\s+@[A-Za-z0-9_.]{2,40}",
            ],
        ),
        Rule::new(
            Scope::Inline,
            "promotion",
            "promotion that is no part of the story",
            [
                r"^Hoegeng Awards \d{4}\s*\nBaca kisah [^\n]{5,120}\n\s*Selengkapnya\s*$",
                r"Viral! \d+ [Kk]ampus [^\n]{5,200}?osc\.medcom\.id/?",
            ],
        ),
        Rule::new(
            Scope::Inline,
            "fact-check-call",
            "call to ask the fact checkers",
            [
                // *** Fakta atau Hoaks? Untuk mengetahui …, silakan WhatsApp ke … kata kunci yang diinginkan.
                r"(?x:
                    \*{0,3}[\x20\u{a0}]*
                    (?:(?-x:Fakta atau Hoaks)\?\s*)?
                    (?-x:Untuk mengetahui kebenaran informasi yang beredar,? silakan WhatsApp)
                    [^\n]{0,160}?diinginkan\.?
                )",
                r"\*{1,3}[ \u{a0}]*Fakta atau Hoaks\?",
            ],
        ),
        Rule::new(
            Scope::Inline,
            "follow-call",
            "call to follow the publisher elsewhere",
            [
                r"(?:Loading\.{2,3}\s*)?Ikuti Whats[Aa]pp Channel Republika(?:\s*[Ss]umber\s*:\s*(?:ANTARA|Antara|Republika)(?: Foto)?)?",
                r"Cek [Bb]erita dan [Aa]rtikel (?:yang )?lain(?:nya)? di\s*Google\s*News(?:\s+dan\s+WA\s+Channel)?",
                // Simak breaking news … di ponselmu. WhatsApp Channel: https://tolo.example. Pastikan … ya.
                r"(?x:
                    ^Simak\s+breaking\x20news\s+dan\s+berita\x20pilihan\s+(?-x:kami langsung di ponselmu)\.
                    [^\n]{0,160}?WhatsApp\x20Channel\s*:?\s*https?://\S+\s*\.?
                    [^\n]{0,10}(?-x:Pastikan kamu sudah install aplikasi WhatsApp ya)\.?
                )",
                r"(?:Selalu update info terkini\.\s*)?Simak breaking news dan berita pilihan dari Tempo\.co[^\n]{0,200}?(?:terlebih dahulu\.|$)",
                r"Simak breaking news dan berita pilihan kami langsung di ponselmu\.[^\n]{0,400}?(?:install aplikasi WhatsApp ya\.?|$)",
                // Dapatkan update berita pilihan setiap hari. Mari bergabung di … terlebih dulu di ponsel.
                r"(?x:
                    (?-x:Dapatkan update [Bb]erita (?:\w+ )?(?:dan gadget )?pilihan)
                    [^\n]{0,120}?(?-x: setiap hari(?: dari [A-Za-z.]{3,30})?\.)
                    \s*(?-x:Mari bergabung di)
                    [^\n]{0,300}?(?-x:terlebih dul?u di ponsel\.?|terlebih dahulu(?: di ponsel)?\.?|$)
                )",
            ],
        ),
        Rule::new(
            Scope::Inline,
            "disclaimer",
            "standing disclaimer",
            [
                r"Informasi dalam (?:artikel|berita) ini tidak ditujukan untuk menginspirasi[^\n]{0,330}?(?:klinik|layanan) kesehatan mental\.",
                r"Setiap keputusan investasi ada di tangan pembaca\.[^\n]{0,260}?timbul dari keputusan investasi\.",
            ],
        ),
        Rule::new(
            Scope::Inline,
            "continued",
            "note that the article goes on elsewhere",
            [
                r"^(?:Baca|Simak)\s+(?:berita\s+|artikel\s+)?[Ss]elengkapnya\s*\n?\s*di\s*sini\s*\.?[ \u{a0}]*$",
                // SelengkapnyaCerita
                r#"(?:^|[.!?…"”])[ \u{a0}]*(?P<cut>(?:(?:Baca|Simak|Lihat)\s+)?Selengkapnya)["“]?[A-ZÀ-ÖØ-Þ]"#,
            ],
        ),
        Rule::new(
            Scope::Inline,
            "photo-caption",
            "caption or source of a photo",
            [
                // One sentence of the line: the story may be glued to it.
                format!(
                    r#"^[ \u{{a0}}]*(?P<cut>{CAPTION_SOURCE}[^\n"“]{{2,300}}?(?:[a-z]{{3}}|[0-9)]{{2}})\.)(?:[\s"“A-Z]|$)"#
                ),
                // [caption id="foto" width="300"]Petani memanen cengkih[/caption]
                r"\[caption(?:\s[^\[\]]{0,300})?\][^\[\]]{0,600}\[/caption\]".to_owned(),
            ],
        ),
        Rule::new(
            Scope::Inline,
            "shortcode",
            "code of the editing program",
            [
                r"\[(?:embed|video|audio)(?:\s[^\[\]]{0,300})?\]\s*https?://[^\s\[\]]{1,300}\s*\[/(?:embed|video|audio)\]",
                r#"(?x:
                \[/?(?:caption|gallery|playlist|embed|audio|video|vc_\w{1,40}|et_pb_\w{1,40})
                # Attributes: ids="1,2"
                (?:\s+\w{1,30}=[^\[\]]{0,400})?
                \s*/?\]
            )"#,
            ],
        ),
        Rule::new(
            Scope::Inline,
            "photo-credit",
            "source of a photo",
            [
                // (Sumber foto: Siti Aminah) | (Image by Siti Aminah)
                r"(?x:
                    \((?:
                        (?:
                            Foto|FOTO|Sumber\x20[Ff]oto|Dok(?:umentasi)?|DOK|Kredit\x20[Ff]oto
                            |[Ii]mage|[Cc]redit
                        )\s*[:;./]
                        | [Ii]mage\x20by\s
                    )[^()\n]{1,120}\)
                )",
                // Foto: Siti Aminah/detikTolo
                r"(?x:
                    Foto\s*:\s*
                    (?:
                        [Ii]stimewa
                        | [Ss]hutterstock
                        | (?:[Dd]ok\.?\s?)?[A-Z][A-Za-z.\x20]{2,40}/\s?detik(?:com|\.com|[A-Z][A-Za-z]{2,8})
                    )(?-u:\b)
                )",
            ],
        ),
        Rule::new(
            Scope::Inline,
            "republished",
            "note that the article appeared elsewhere",
            [
                // Artikel ini telah tayang sebelumnya di Kabartolo.com dengan judul “Panen di Tolo”.
                r#"(?x:
                    (?-x:Artikel ini (?:telah|sudah|pernah) (?:tayang|naik|terbit|dimuat|dipublikasikan))
                    (?-x: (?:pertama kali|lebih dulu|sebelumnya))?\x20di\s*
                    (?:
                        [A-Z][A-Za-z0-9.-]{2,40}?        # Kabartolo.com
                        | [a-z0-9-]{3,30}\.[a-z.]{2,8}?  # kabar-tolo.co.id
                        | detik[A-Z][a-z]{2,12}          # detikTolo
                    )\s*
                    (?:
                        dengan\x20judul\s*[“"‘'][^\n"”]{5,250}["”][.,]?
                        | \.?\s*$
                    )
                )"#,
                // Artikel ini sudah terbit di detikTolo, klik untuk membaca
                r"(?x:
                    ^(?-x:Artikel ini (?:telah|sudah) (?:tayang|naik|terbit|dimuat) di)\s*
                    (?:[A-Z][A-Za-z0-9.-]{2,40}|[a-z0-9-]{3,30}\.[a-z.]{2,8}|detik[A-Z][a-z]{2,12})
                    [^\n]{0,250}$
                )",
                r"^Artikel ini (?:telah|sudah) (?:tayang|naik) di[^\n]{0,60}bisa dibaca selengkapnya(?:\s+di sini\.?(?:\s+dan)?){0,3}",
            ],
        ),
        Rule::new(
            Scope::Inline,
            "related-link",
            "link to another article in brackets",
            [r"\((?:Baca|BACA|Lihat|Simak)(?:\s+(?:[Jj]uga|JUGA))?\s*:[^()\n]{5,180}\)"],
        ),
        Rule::new(
            Scope::Headline,
            "related-link",
            "link to another article",
            [
                r"(?P<cut>(?:Baca|BACA)\s+(?:[Jj]uga|JUGA)\s*(?::|[-–]\s))",
                r"(?P<cut>(?:Lihat|Simak|Tonton|LIHAT|SIMAK)\s+(?:[Jj]uga|JUGA)\s*:)",
                r"^[ \u{a0}]*(?P<cut>(?:Menarik Dibaca|Artikel Selanjutnya|Berita Selanjutnya)\s*:)",
                r"^[ \u{a0}]*(?P<cut>Yuk,? baca juga\s*:)",
                // Pilihan Editor: Panen di Tolo
                r"(?x:
                    (?:
                        Pi?lihan\x20[Ee]ditor|Baca\x20[Ss]elengkapnya|(?:Berita|Artikel)\x20[Tt]erkait
                        |BACA\x20SELANJUTNYA|BACA\x20ARTIKEL\x20LAINNYA|Baca\x20[Ss]elanjutnya
                    )\s*:
                )",
                r"^[ \u{a0}]*(?P<cut>(?:Baca|BACA)\s*:)",
                r"^[ \u{a0}]*(?P<cut>(?:Pilihan Redaksi|PILIHAN REDAKSI):?)[ \u{a0}]*$",
                r#"(?:^|[.!?:;,"”'’)\]…\d]|[a-zß-öø-ÿ])\s*(?P<cut>Baca\s+Juga|BACA\s+JUGA)(?:\s*$|\s*[A-ZÀ-ÖØ-Þ"“‘'(\[\d])"#,
                r"^[ \u{a0}]*(?P<cut>Baca\s+juga)",
                r"^[ \u{a0}]*(?P<cut>(?:Simak|Saksikan|Tonton|Lihat)\s+(?:[Jj]uga\s+)?[Vv]ideo(?: [Bb]erikut| [Pp]ilihan)?\s*:)",
                r"(?:^|[.!?”\x22)]\s*|[a-zß-öø-ÿ])(?P<cut>Video\s*:)",
            ],
        ),
    ]
}
