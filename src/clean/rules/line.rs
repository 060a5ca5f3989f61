//! Lines that as a whole are no part of the story.

use super::{any_of, starred};
use super::{photographer, publisher, title, CAPTION_SOURCE, CLOCK, DAY, PART, PUBLISHED};
use crate::clean::rule::{Rule, Scope};

/// Buttons behind a `*`, other labels of pages without.
const BUTTONS: &str = include_str!("../../lang/id/boilerplate_buttons.txt");

/// The rest of a caption: one sentence, so that nothing of the story glued to it is taken.
const ONE_SENTENCE: &str = r#"(?:[^.!?"“”]|[A-Z]\.|(?:[Dd]r|[Jj]l|[Nn]o|[Ss]t)\.|\.[a-z0-9])+[.!?]?"#;

/// A call to watch something.
const WATCH: &str = r"(?:Simak|Saksikan|Tonton|Lihat|Nonton)\s+(?:[Jj]uga\s+)?";
/// How calls of the publisher begin, with the marks of a list before them: `* Yuk, ikuti`.
const CALL: &str = r"(?x:
    [-*•(\s\u{a0}]*
    (?:(?:Yuk|Ayo|Mari|Silakan)[,\x20]{0,2})?
    (?i-u:
        ikuti|follow|akses|simak|baca|dapatkan|update|gabung|bergabung|temukan
        |jangan\x20lupa|jangan\x20ketinggalan
    )(?-u:\b)
)";
/// Where such calls lead to.
const CHANNEL: &str = r"(?ix-u:
    google\s*news
    | (?:saluran|channel|kanal|grup)\s+(?:resmi\s+)?(?:whats\s?app|telegram|wa)(?-u:\b)  # kanal Telegram
    | whats\s?app\s*channel
    | channel\x20wa
    | whatsapp\.  # whatsapp.com/…
    | telegram\.  # telegram.me/…
)";

/// What shows that a call is the publisher's: its name, a link, or more of its news.
fn ours(site: &str) -> String {
    format!(
        r"(?x:
            (?i-u:
                lainnya|selengkapnya|di\x20sini|breaking\x20news
                # `klik tab Pembaruan` is a step of instructions
                |klik\s*(?:disini|link|tautan\x20(?:ini|berikut)|:)
                |berita\s+(?:terbaru|terkini|viral|pilihan|populer|menarik)
            )(?-u:\b)
            | https?://
            | t\.me/
            | @\w       # @kabartolo
            | Tribun\w*
            | {site}(?-u:\b)
        )"
    )
}

/// A name or a source as credits give it: words with capitals, an address, an account; no running text.
const CREDITED: &str = r"(?x:
    (?:(?:[Dd]ok(?:umentasi)?\.?|DOK\.?)\s*:?\s*)?
    (?:
        [Ii]stimewa|[Ii]st\.?|[Pp]ribadi|[Ss]creenshot|[Tt]angkapan\x20[Ll]ayar
        # kabartolo.com/foto
        | @?[A-Za-z0-9_.-]+\.(?:com|id|net|co|org)[A-Za-z0-9_./@-]*
        # @kabartolo
        | @[A-Za-z0-9_.]+
        # Siti Aminah dan Ranu/Kabar Tolo
        | (?:[A-ZÀ-ÖØ-Þ‘'(][^\s.!?:]*)
          (?:
              (?:\s+|\s*/\s*|\s+[|I]\s+|,\s*|\s+dan\s+|\s+via\s+)
              [A-ZÀ-ÖØ-Þ@(\d][^\s!?:]*
          ){0,9}
    )\.?
)";

pub(super) fn rules() -> Vec<Rule> {
    let (site, title, photographer) = (publisher(), title(), photographer());
    vec![
        Rule::new(
            Scope::Line,
            "page-control",
            "button or label of the page",
            [
                r"(?i-u:loading\.{0,3}|perbesar|lihat foto|bagikan artikel:?|skip ad|thanks for rating!?)",
                r"(?i-u:scroll ke bawah untuk (?:melanjutkan|lanjut) (?:membaca|baca)(?: artikel)?\.?)",
                r"(?i:(?:gulir|geser|scroll) (?:ke (?:bawah|atas|samping)|untuk)[^.]*(?:membaca|lengkap|konten|artikel)\.?)",
                r"(?i-u:(?:konten|artikel|berita) (?:ini )?(?:berlanjut|dilanjutkan|lanjut) (?:di bawah|setelah) (?:iklan|ini)(?: ini)?\.?)",
                r"Terima kasih sudah membantu banyak orang dengan ratingmu",
                r"Berikan Rating Untuk Resep Ini",
                r"(?x:
                    (?:Halaman|HALAMAN|Page)\s*:?\s*\d+
                    (?:
                        (?:\s+\d+)+(?:\s+(?:Selanjutnya|Berikutnya|Next))?  # Halaman 1 2 3 Selanjutnya
                        | \s+(?:dari\x20\d+|Selanjutnya|Berikutnya|Next)    # Halaman 1 dari 3
                    )
                )",
                r"(?:HALAMAN (?:SELANJUTNYA|BERIKUTNYA)|Halaman (?:Selanjutnya|Berikutnya))[\s=>-]*",
                r"(?:Tampilkan|Lihat) [Ss]emua|(?:Show|Lihat) [Aa]ll",
                // WordPress
                r"(?:Klik untuk|Click to) [^.!?]{3,60}\s?\((?:Membuka di jendela yang baru|Opens in new window)\)",
                r"Post Views:\s*[\d.,]+",
                r"Navigasi pos|Post navigation|Tinggalkan Balasan|Leave a Reply|Share this:",
                r"Alamat email Anda tidak akan dipublikasikan\..*|Your email address will not be published\..*",
            ],
        ),
        Rule::new(
            Scope::Line,
            "continued",
            "note that the article goes on elsewhere",
            [
                r"(?:Baca|Simak|Lihat|Cek)?\s*(?:berita |artikel |informasi )?[Ss]elengkapnya\s*(?:[Dd]i\s*sini|klik di sini)?[\s.:»>]*",
                r"(?:Baca|Simak|Lihat)\s*(?:berita )?(?:lengkapnya|selanjutnya)\s*(?:[Dd]i\s*sini)?[\s.:»>]*",
                // Simak kisah selengkapnya di halaman berikutnya >>
                r"(?x:
                    (?:Baca|Simak|Lihat|Klik)?\s*
                    (?-x:berita |artikel |kisah |ulasan |penjelasan )?
                    (?:[Ss]elengkapnya|[Ss]elanjutnya)?\s*
                    (?:di|ke)\x20halaman\x20(?:selanjutnya|berikutnya|berikut|\d)[\s.:»>]*
                )",
                r"[^.!?]{2,90}di halaman (?:selanjutnya|berikutnya)\s*(?:\.{2,}|…|>+)",
                r"(?:Bersambung|Berlanjut|Lanjut|Next) ke halaman (?:selanjutnya|berikutnya|berikut|\d)[\s.:»>]*",
                r"(?:KLIK|Klik) (?:halaman )?(?:selanjutnya|berikutnya|HALAMAN SELANJUTNYA|di sini)[\s.:»>]*",
            ],
        ),
        Rule::new(
            Scope::Line,
            "video-link",
            "link to a video",
            [
                // Behind it a title, a mark or a word that points at the player: `Saksikan video rekaman itu` may be told.
                format!(r#"{WATCH}[Vv]ideo\s*(?:[:"“'‘]|{title}\s*[:…]?\z).*"#),
                format!(r"{WATCH}[Vv]ideo\s+(?i-u:berikut|pilihan|selengkapnya|lengkap(?:nya)?|di bawah|lainnya|terbaru|menarik)(?-u:\b)[^.\n]*[:….]?"),
                format!(r"{WATCH}[Vv]ideo(?-u:\b).*[\x22”'’]\s*(?:di sini)?\s*:"),
                r#"(?:Simak|Saksikan|Tonton|Lihat)\s+(?:[Jj]uga\s+)?["“'‘].+["”'’]\s*(?:di sini)?\s*:"#.to_owned(),
                r"(?:Saksikan|Tonton) (?:Live|live) \w{4,20}\s*:?".to_owned(),
                r"\**\s*(?:Saksikan|Simak) (?:[Vv]ideo|[Cc]uplikan) [Pp]ilihan.*".to_owned(),
                r"Video (?:Terpopuler|Terbaru|Pilihan)(?: (?:Hari|Minggu|Pekan|Redaksi)(?: [Ii]ni)?)?(?:\s*:.*)?".to_owned(),
            ],
        ),
        Rule::new(
            Scope::Line,
            "embedded-post",
            "caption of an embedded post",
            [r"(?:A post shared by|Sebuah kiriman dibagikan oleh)\s.+"],
        ),
        Rule::new(
            Scope::Line,
            "follow-call",
            "call to follow the publisher elsewhere",
            [
                r"Ikuti (?:kami|terus)(?: di)?\s*:?",
                r"Ikuti [Ww]hats[Aa]pp [Cc]hannel \w{3,30}",
                r"Cek [Bb]erita dan [Aa]rtikel (?:yang )?lain(?:nya)? di",
                r"\((?:Yuk|Ayo|Mari) ikuti saluran.*\)",
                r"(?i-u:follow)\s+(?i-u:whats\s?app|wa)\s+(?i-u:channel)\s.*",
                r"Dapatkan berita up to date .*",
                r"(?:Simak|Cek|Baca) [Bb]erita [Ll]ainnya seputar topik artikel ini.*",
                r"KOMPAS\.com berkomitmen memberikan fakta jernih .*",
                r"Caranya klik link https?://(?:www\.)?(?:chat\.)?(?:whatsapp\.com|t\.me)/.+",
                r"Ingin baca update .+Yuk baca di .+",
                r"Dapatkan (?:informasi|berita)(?:,? \w+)* (?:dan \w+ )?(?:pilihan|terbaru) (?:redaksi|setiap hari|dari kami)(?-u:\b).*",
                r"(?:Jangan lupa|Jangan Lupa) ikuti update berita lainnya.*",
                r"!{2,}Membaca Bagi Pikiran.+!{2,}",
                r"\[Cek Berita dan .+\]",
            ]
            .map(str::to_owned)
            .into_iter()
            .chain([
                // The publisher calls: a call, news, a channel, and whose it is, or that there is more of it. A story
                // of a channel has some of these (`Bergabung ke grup Telegram, korban …`), not all.
                format!(r"{CALL}.*(?i-u:berita|update|informasi|artikel|kabar)(?-u:\b).*{CHANNEL}.*{OURS}.*", OURS = ours(&site)),
                format!(r"{CALL}.*{OURS}.*{CHANNEL}.*", OURS = ours(&site)),
                format!(r"{CALL}[^,.]*(?i-u:berita|update|artikel)(?-u:\b)[^,.]*(?i-u:(?:di|via|lewat)\s*:?\s*google\s*news)[^,]*"),
                format!(r"(?i-u:baca|ikuti|simak|update|dapatkan)\s+(?i-u:berita|artikel|informasi)(?-u:\b).*{site}.*(?i-u:lainnya|lain)(?-u:\b).*"),
                // Ayo, ikuti dan bergabung di saluran WhatsApp Kabartolo.com
                format!(
                    r"(?x:
                        (?:(?:Yuk|Ayo|Mari|Silakan)[,\x20]{{0,2}})?
                        (?i-u:ikuti|follow|akses|gabung|bergabung)\s+
                        (?i-u:dan\s+(?:bergabung|ikuti)\s+)?
                        (?i-u:di\s+|dalam\s+)?
                        (?i-u:saluran|channel|kanal|grup)\s+
                        (?i-u:whats\s?app|telegram|wa)\s+
                        (?:Tribun\w*|{site})
                        (?:\s+[A-Z][^\n]*)?
                    )"
                ),
                format!(r"Jangan lewatkan .*(?:berita|informasi|update) .*hanya di {site}.*"),
                format!(r"(?:Penasaran|Yuk)(?-u:\b).*(?:[Ii]kuti terus|[Cc]ek terus) update.*hanya di {site}.*"),
            ]),
        ),
        Rule::new(
            Scope::Paragraph,
            "fact-check-note",
            "standing text of a fact-checking column",
            [
                r"Melawan hoaks sama saja melawan pembodohan\..*",
                r"Sejak \d{1,2} \w+ \d{4},? ?Cek Fakta Liputan6\.com ?bergabung.*",
                r"Kami juga bekerja ?sama dengan \d+ media.*",
                r"Jika Anda memiliki informasi seputar hoaks yang ingin kami telusuri.*",
                r"Ingin lebih cepat mendapat jawaban\?.*",
                r"\**\s*Tentang Cek Fakta Liputan6\.com",
            ],
        ),
        Rule::new(
            Scope::Paragraph,
            "disclaimer",
            "standing disclaimer",
            [
                // *DISCLAIMER: Kunci jawaban di laman ini hanya contoh.
                r"(?x:
                    (?i-u:\**\s*disclaimer)\s*(?i-u:on)?\s*:?\s*
                    (?:
                        (?-x:Setiap keputusan investasi)
                        | (?:Artikel|Berita|Tulisan)\x20ini
                        | Ingat,?\x20bahwa
                        | Investasi\x20mengandung
                        | Kunci\x20jawaban
                        | Jawaban\x20di\x20atas
                    ).*
                )",
                r"Bunuh diri bisa terjadi di saat seseorang mengalami depresi.*",
                r"Informasi dalam (?:artikel|berita) ini (?:tidak|bukan) (?:ditujukan|dibuat|untuk|bertujuan)[^\n]{0,120}\.",
                r"Artikel ini merupakan bagian dari Lestari KG Media.*",
                r"Artikel ini (?:ditulis|dibuat|diolah|disusun)(?: ulang)?.*(?:Artificial Intelligence|kecerdasan buatan|AI)(?-u:\b)[^.]*\.?",
                r"©\s?.{2,150}",
                r"(?:Copyright|COPYRIGHT|Hak [Cc]ipta|HAK CIPTA)\s*(?:©|\([cC]\)|\d{4}).{0,150}",
                r"(?i-u:hak cipta(?: ©)? dilindungi(?: undang-undang)?|all rights reserved)\.?",
                r"Dilarang keras mengambil konten,? (?:melakukan|dan|untuk|serta|tanpa izin tertulis).*",
            ],
        ),
        Rule::new(
            Scope::Line,
            "credit",
            "name of a writer, editor or source",
            [
                // (Penulis: Siti Aminah | Editor: Ranu Tolo)
                format!(
                    r"(?x:
                        [(\[]?
                        (?i-u:
                            penulis|editor|reporter|pewarta|penyunting|kontributor|fotografer|penerjemah
                            |uploader|redaktur|wartawan
                        )\s*[:/]\s*{CREDITED}
                        # Another one, whatever it is
                        (?:
                            [\s|,/]*(?i-u:editor|penulis|sumber|reporter|penyunting|copyright)
                            \s*:?\s*[^!?]{{2,100}}
                        )?
                        [)\]]?
                    )"
                ),
                format!(r"(?i-u:sumber|source|laporan)\s*:\s*{CREDITED}\s*(?i-u:editor|penulis|reporter)\s*:\s*[^!?]{{2,80}}"),
                r"\((?i-u:ditulis|disunting|diolah|diterjemahkan) oleh:? [^()]+\)".to_owned(),
                // Rep: Siti Aminah / Red: Ranu Tolo
                format!(r"Rep\s*:\s*{CREDITED}\s*[/|,]?\s*Red\s*:\s*{CREDITED}"),
            ],
        ),
        Rule::new(
            Scope::Line,
            "byline",
            "name of the reporter",
            // Laporan Wartawan Kabartolo.com, Siti Aminah
            [format!(
                r"Laporan (?:Wartawan|Reporter|Kontributor|Jurnalis|Koresponden) (?:{site}|Tribun(?: [A-Z]\w+)?),\s*{CREDITED}"
            )],
        ),
        Rule::new(
            Scope::Line,
            "photo-caption",
            "caption or source of a photo",
            [
                // Sumber foto: Siti Aminah (istimewa)
                format!(
                    r"(?x:
                        (?:Foto|FOTO|Kredit\x20[Ff]oto|Sumber\x20[Ff]oto|Ilustrasi\x20[Ff]oto|Dok\.?|DOK\.?)
                        \s*[:/]\s*
                        (?:[A-Za-z0-9_./@-]+|{CREDITED})
                        (?:\s+\([^()]+\))?
                    )"
                ),
                format!(r"[^.!?\n]+[.!?]?\s+\(?(?:Foto|FOTO)\s*:\s*\(?{CREDITED}\)?"),
                r"[^.!?]+\((?:(?:[Cc]redit|[Ff]oto|FOTO|[Ii]mage)\s*[:;/]|[Ii]mage by\s)[^()]+\)".to_owned(),
                // Adegan perahu di pantai (imdb.com/title)
                r"(?x:
                    [^.!?()]+\(
                    (?:mydramalist|hancinema|imdb|netflix|themoviedb|myanimelist|viu|weverse|justwatch)
                    (?:\.(?:com|net|io|org))?
                    (?:/[A-Za-z0-9_./@-]*)?
                    \)
                )"
                .to_owned(),
                r"[^.!?()]+\(instagram(?:\.com)?/[A-Za-z0-9_./@-]*\)".to_owned(),
                // Ilustrasi perahu di pantai (Kabartolo.com/Siti Aminah)
                r"(?x:
                    (?:Ilustrasi|ILUSTRASI)(?-u:\b)[^.!?\n]*
                    \((?:
                        # An address, or a name behind a stroke
                        [^()\n]*(?:/|\.(?:com|id|net))[^()\n]*
                        # A known source
                        | (?i-u:
                            shutterstock|freepik|pixabay|unsplash|pexels|istock(?:photo)?|getty\x20images
                            |istimewa|ist|net|antara|afp|reuters|ai|canva
                        )(?-u:\b)[^()\n]*
                        # foto: Siti
                        | (?i-u:foto|dok|image|photo)(?-u:\b)[^()\n]*
                    )\)\.?
                )"
                .to_owned(),
                // Caption. Liputan6.com/Siti Aminah | Caption (AFP/Siti)
                format!(r#"[^.!?\n"“”]{{8,250}}[.!?]\s+{photographer}\.?"#),
                format!(r#"[^.!?\n"“”()]{{8,250}}\s*[(\[]{photographer}[)\]]\.?"#),
                format!(r#"[^.!?\n"“”]{{8,250}}[.!?]?\s*[(\[]ANTARA FOTO\s?/\s?{CREDITED}[)\]]\.?"#),
                format!(r"{CAPTION_SOURCE}{ONE_SENTENCE}"),
            ],
        ),
        Rule::new(
            Scope::Line,
            "publication-time",
            "when the page was published",
            [format!(r"{PUBLISHED}{DAY}(?:{PART}{CLOCK})?(?:{PART}(?:{PUBLISHED})?{DAY}(?:{PART}{CLOCK})?)?")],
        ),
        Rule::new(
            Scope::Button,
            "page-control",
            "button or label of the page",
            [
                format!("{}[.:!]?", any_of(starred(BUTTONS, true))),
                r"\d+(?:\s+\d+)*\s+(?:Selanjutnya|Berikutnya|Next)".to_owned(),
                r"(?i-u:scroll|gulir) (?i-u:untuk (?:melanjutkan|membaca)(?: membaca)?)".to_owned(),
                r"\d+\s+(?i-u:komentar|comments?|shares?|views?|kali dibaca|dibaca)".to_owned(),
                r"(?i-u:waktu baca)\s*:?\s*\d+\s+(?i-u:menit)".to_owned(),
            ],
        ),
        Rule::new(Scope::Label, "page-control", "label of the page", [any_of(starred(BUTTONS, false)), format!("{DAY}{PART}{CLOCK}")]),
        Rule::new(
            Scope::Line,
            "editor",
            "initials of the editors",
            [
                r"\(\s*\*?/?\s*[A-Za-z][A-Za-z0-9]{1,5}\s*(?:[/,]\s*[A-Za-z0-9*]{1,6}\s*){1,3}\)",
                r"\(\s*\*\s*/?\s*[A-Za-z][A-Za-z0-9]{1,5}\s*\)",
                r"\[\s*[a-z]{2,5}(?:/[a-z]{2,5})?\s*\]",
            ],
        ),
        Rule::new(
            Scope::Line,
            "tags",
            "key words of the article",
            // At least two, parted; `Tag: nama jalan itu diubah` is no list.
            [r"(?x:
                (?:Tags?|TAGS?|Topik(?:\x20[Tt]erkait)?|Kata\x20[Kk]unci)\s*:\s*
                # One of one to four words: #panen raya
                \#?[^.!?,;|\#\s]+(?:\s+[^.!?,;|\#\s]+){0,3}
                # The others
                (?:\s*[,;|\#]\s*[^.!?,;|\#\s]+(?:\s+[^.!?,;|\#\s]+){0,3})+
            )"],
        ),
        Rule::new(
            Scope::Line,
            "separator",
            "ornament between two parts",
            [r"[-–—_=*•~·]{3,}", r"\(\*+\)", r"\*{2,}", r"\[\*+\]"],
        ),
    ]
}
