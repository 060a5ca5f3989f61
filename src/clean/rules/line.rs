//! Lines that as a whole are no part of the story.

use super::{publisher, CAPTION_SOURCE};
use crate::clean::rule::{Rule, Scope};

/// The rest of a caption: one sentence, so that nothing of the story glued to it is taken.
const ONE_SENTENCE: &str = r#"(?:[^.!?"“”]|[A-Z]\.|(?:[Dd]r|[Jj]l|[Nn]o|[Ss]t)\.|\.[a-z0-9])+[.!?]?"#;

pub(super) fn rules() -> Vec<Rule> {
    let site = publisher();
    vec![
        Rule::new(
            Scope::Line,
            "page-control",
            "button or label of the page",
            [
                r"(?i-u:loading\.{0,3}|perbesar|lihat foto|bagikan artikel:?|iklan|sponsored|skip ad|thanks for rating!?)",
                r"(?i-u:scroll ke bawah untuk (?:melanjutkan|lanjut) (?:membaca|baca)(?: artikel)?\.?)",
                r"(?i:(?:gulir|geser|scroll) (?:ke (?:bawah|atas|samping)|untuk)[^.]*(?:membaca|lengkap|konten|artikel)\.?)",
                r"(?i-u:(?:konten|artikel|berita) (?:ini )?(?:berlanjut|dilanjutkan|lanjut) (?:di bawah|setelah) (?:iklan|ini)(?: ini)?\.?)",
                r"Terima kasih sudah membantu banyak orang dengan ratingmu",
                r"Berikan Rating Untuk Resep Ini",
                r"(?:Halaman|HALAMAN|Page)\s*:?\s*\d+(?:(?:\s+\d+)+(?:\s+(?:Selanjutnya|Berikutnya|Next))?|\s+(?:dari \d+|Selanjutnya|Berikutnya|Next))",
                r"\d+(?:\s+\d+)*\s+(?:Selanjutnya|Berikutnya|Next)",
                r"HALAMAN SELANJUTNYA[\s=>-]*",
                r"(?:Tampilkan|Lihat) [Ss]emua|(?:Show|Lihat) [Aa]ll",
            ],
        ),
        Rule::new(
            Scope::Line,
            "continued",
            "note that the article goes on elsewhere",
            [
                r"(?:Baca|Simak|Lihat|Cek)?\s*(?:berita |artikel |informasi )?[Ss]elengkapnya\s*(?:[Dd]i\s*sini|klik di sini)?[\s.:»>]*",
                r"(?:Baca|Simak|Lihat)\s*(?:berita )?(?:lengkapnya|selanjutnya)\s*(?:[Dd]i\s*sini)?[\s.:»>]*",
                r"(?:Baca|Simak|Lihat|Klik)?\s*(?:berita |artikel |kisah |ulasan |penjelasan )?(?:[Ss]elengkapnya|[Ss]elanjutnya)?\s*(?:di|ke) halaman (?:selanjutnya|berikutnya|berikut|\d)[\s.:»>]*",
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
                r"(?:Simak|Saksikan|Tonton|Lihat|Nonton)\s+(?:[Jj]uga\s+)?[Vv]ideo(?-u:\b)[^.\n]*[:…]?",
                r"(?:Simak|Saksikan|Tonton|Lihat|Nonton)\s+(?:[Jj]uga\s+)?[Vv]ideo(?-u:\b).*:",
                r#"(?:Simak|Saksikan|Tonton|Lihat)\s+(?:[Jj]uga\s+)?["“'‘].+["”'’]\s*(?:di sini)?\s*:"#,
                r"(?:Saksikan|Tonton) (?:Live|live) \w{4,20}\s*:?",
                r"\**\s*(?:Saksikan|Simak) (?:[Vv]ideo|[Cc]uplikan) [Pp]ilihan.*",
                r"Video (?:Terpopuler|Terbaru|Pilihan)(?: [A-Z]\w+)?\s*:?.*",
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
                r"Google\s+News",
                r"Cek [Bb]erita dan [Aa]rtikel (?:yang )?lain(?:nya)? di",
                r"[-*•(\s\u{a0}]*(?:(?:Yuk|Ayo|Mari|Silakan)[, ]{0,2})?(?i-u:ikuti|follow|akses|simak|baca|dapatkan|update|gabung|bergabung|temukan|jangan lupa|jangan ketinggalan)(?-u:\b).*(?i-u:berita|update|informasi|artikel|kabar)(?-u:\b).*(?i-u:google\s*news|(?:saluran|channel|kanal|grup)\s+(?:resmi\s+)?(?:whats\s?app|telegram|wa)|whats\s?app\s+channel|whatsapp\.|telegram\.).*",
                r"(?:(?:Yuk|Ayo|Mari|Silakan)[, ]{0,2})?(?i-u:ikuti|follow|akses|gabung|bergabung)(?-u:\b).*(?i-u:google\s*news|(?:saluran|channel|kanal|grup)\s+(?:whats\s?app|telegram|wa)(?-u:\b)|whats\s?app\s+channel).*(?:Tribun|[A-Za-z]+\.(?:com|id|co)).*",
                r"\((?:Yuk|Ayo|Mari) ikuti saluran.*\)",
                r"(?i-u:follow)\s+(?i-u:whats\s?app|wa)\s+(?i-u:channel)\s.*",
                r"Dapatkan berita up to date .*",
                r"(?:Simak|Cek|Baca) [Bb]erita [Ll]ainnya seputar topik artikel ini.*",
                r"KOMPAS\.com berkomitmen memberikan fakta jernih .*",
                r"Caranya klik link https?://.+",
                r"Ingin baca update .+Yuk baca di .+",
                r"(?:Penasaran|Yuk)(?-u:\b).*(?:[Ii]kuti terus|[Cc]ek terus) update.*hanya di .+",
                r"Dapatkan (?:informasi|berita)(?:,? \w+)* (?:dan \w+ )?(?:pilihan|terbaru)(?: redaksi)? .*",
                r"(?:Jangan lupa|Jangan Lupa) ikuti update berita lainnya.*",
                r"!{2,}.+!{2,}",
                r"\[Cek Berita dan .+\]",
                r"Jangan lewatkan .*(?:berita|informasi|update) .*hanya di .+",
            ]
            .map(str::to_owned)
            .into_iter()
            .chain([format!(
                r"(?i-u:baca|ikuti|simak|update|dapatkan)\s+(?i-u:berita|artikel|informasi)(?-u:\b).*{site}.*(?i-u:lainnya|lain)(?-u:\b).*"
            )]),
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
                r"Disadur dari artikel (?:Cek|Periksa) Fakta.*",
            ],
        ),
        Rule::new(
            Scope::Paragraph,
            "disclaimer",
            "standing disclaimer",
            [
                r"(?i-u:\**\s*disclaimer)\s*(?i-u:on)?\s*:?\s*(?:Setiap keputusan investasi|(?:Artikel|Berita|Tulisan) ini|Ingat,? bahwa|Investasi mengandung|Kunci jawaban|Jawaban di atas).*",
                r"(?i-u:kontak bantuan)",
                r"Bunuh diri bisa terjadi di saat seseorang mengalami depresi.*",
                r"Informasi dalam (?:artikel|berita) ini (?:tidak|bukan) (?:ditujukan|dibuat|untuk|bertujuan)[^\n]{0,120}\.",
                r"Artikel ini merupakan bagian dari Lestari KG Media.*",
                r"Artikel ini (?:ditulis|dibuat|diolah|disusun)(?: ulang)?.*(?:Artificial Intelligence|kecerdasan buatan|AI)(?-u:\b)[^.]*\.?",
                r"(?:Copyright|COPYRIGHT|Hak [Cc]ipta|©)\s.{2,150}",
                r"Dilarang keras mengambil konten.*",
            ],
        ),
        Rule::new(
            Scope::Line,
            "credit",
            "name of a writer, editor or source",
            [
                r"[(\[]?(?i-u:penulis|editor|reporter|pewarta|penyunting|kontributor|fotografer|penerjemah|uploader|redaktur|wartawan)\s*[:/]\s*[^.!?:]{2,80}\.?(?:[\s|,]*(?i-u:editor|penulis|sumber|reporter|penyunting|copyright)\s*:?\s*[^!?]{2,100})?[)\]]?",
                r"(?i-u:sumber|source|laporan)\s*:\s*[^.!?:]{2,60}\.?(?:(?:com|id|co\.id)(?-u:\b))?(?:\s*(?i-u:editor|penulis|reporter)\s*:\s*[^!?]{2,80})?",
                r"\((?i-u:ditulis|disunting|diolah|diterjemahkan) oleh:? [^()]+\)",
            ],
        ),
        Rule::new(
            Scope::Line,
            "photo-caption",
            "caption or source of a photo",
            [
                r"(?:Foto|FOTO)\s*:\s*[A-Za-z0-9_./@-]+",
                r"(?:Foto|FOTO|Kredit [Ff]oto|Sumber [Ff]oto|Ilustrasi [Ff]oto|Dok\.?|DOK\.?)\s*[:/]\s*[^.!?\n]+\.?",
                r"[^.!?\n]+[.!?]?\s+\(?(?:Foto|FOTO)\s*:\s*(?:[Dd]ok\.?\s)?[^.!?\n]+(?:\.com)?\)?",
                r"[^.!?]+\((?:(?:[Cc]redit|[Ff]oto|FOTO|[Ii]mage)\s*[:;/]|[Ii]mage by\s)[^()]+\)",
                r"[^.!?()]+\((?:[a-z0-9-]{3,20}\.(?:com|net|id)|instagram)(?:/[A-Za-z0-9_./@-]*)?\)",
                r"(?:Ilustrasi|ILUSTRASI)(?-u:\b)[^.!?\n]*\([^()\n]+\)\.?",
                r"(?i-u:ilustrasi)[.:]?",
            ]
            .map(str::to_owned)
            .into_iter()
            .chain([format!(r"{CAPTION_SOURCE}{ONE_SENTENCE}")]),
        ),
        Rule::new(
            Scope::Line,
            "editor",
            "initials of the editors",
            [
                r"\(\s*\*?/?\s*[A-Za-z0-9]{2,6}\s*(?:[/,]\s*[A-Za-z0-9*]{1,6}\s*){0,3}\)",
                r"\[\s*[a-z]{2,5}(?:/[a-z]{2,5})?\s*\]",
            ],
        ),
        Rule::new(
            Scope::Line,
            "tags",
            "key words of the article",
            [r"(?:Tags?|TAGS?|Topik(?: [Tt]erkait)?|Label|Kata [Kk]unci)\s*:\s*[^.!?]{2,200}"],
        ),
        Rule::new(
            Scope::Line,
            "separator",
            "ornament between two parts",
            [r"[-–—_=*•~·]{3,}", r"\(\*+\)", r"\*{2,}", r"\[\*+\]"],
        ),
    ]
}
