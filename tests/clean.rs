//! Cleaning: the contract for any text, and each rule on a line that must go and one that must stay.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::io::{BufRead, BufReader};

use intisari::clean::{join_kept, Cleaned, Cleaner, RuleCleaner, Scope};
use intisari::Span;
use proptest::prelude::*;

fn clean(text: &str) -> Cleaned {
    RuleCleaner::default().clean(&[text]).unwrap().remove(0)
}

fn kept(text: &str) -> String {
    join_kept(text, &clean(text).kept)
}

/// What is removed by which rule.
fn removals(text: &str) -> Vec<(String, String)> {
    clean(text).removed.into_iter().map(|one| (one.rule, one.span.of(text).to_owned())).collect()
}

const STORY: &str = "Warga Ambon memanen cengkih sejak pagi.\n\"Tahun ini lebih baik,\" kata Budi Santoso.";

#[test]
fn openings_lose_what_stands_before_the_first_sentence() {
    for opening in [
        "Contoh.com, Ambon - ",
        "Liputan6.com, Ambon -",
        "Liputan6.com, Ambon",
        "Liputan6.com, Ambon ",
        "CONTOH.CO.ID, AMBON --",
        "CONTOH.CO.ID,\u{a0}AMBON— ",
        "KONTAN.CO.ID - AMBON. ",
        "jpnn.com - AMBON - ",
        "jpnn.com - ",
        "KOMPAS.com- ",
        "AMBON, KOMPAS.com –",
        "Ambon (ANTARA) - ",
        "Jakarta, CNN Indonesia -- ",
        "TRIBUN-AMBON.COM, AMBON - ",
        "Laporan Wartawan Tribunnews.com, Siti Aminah\nTRIBUNNEWS.COM, AMBON - ",
        "Laporan Reporter Tribun, Siti Aminah TRIBUNNEWS.COM, AMBON - ",
        "Laporan Siti Aminah I Ambon\nSERAMBINEWS.COM, AMBON - ",
        "Suara.com - ",
        "KBRN, Ambon: ",
        "Ambon, NU Online ",
        "Ambon, InfoPublik - ",
        "AMBON (Lampost.co) -- ",
        "Ambon, VIVA - ",
        "VIVA – ",
        "Merdeka.com - ",
        "POSMETRO MEDAN– ",
        "AMBON - ",
        "LOS ANGELES – ",
        "AMBON- ",
        "Ambon - ",
        "Ambon\n-\n",
        "Jakarta: ",
        "Daftar Isi\nApa itu cengkih?\nHarga cengkih\nAmbon\n-\n",
        "Ambon, 7/3/2025 - ",
        "Tolasiwa, Kabar Maluku - ",
        "Ambon, 12 Mei 2025 – ",
        "Ambon, Senin (12/5/2025) - ",
        "Ambon, Senin, 12 Mei 2025 - ",
        "London (ANTARA News/Reuters) - ",
        "Gaza/Yerusalem (ANTARA) - ",
        "Tolasiwa (ANTARA) - ",
        "Kuta, Bali (ANTARA News) - ",
        "Tolasiwa, Siwalima (ANTARA) - ",
        "Ambon, Suara - ",
        "Ambon (Tempo) - ",
        "SUARA - ",
        "AMBON-",
        "INGGRIS - ",
        "KOREA SELATAN – ",
        "ITALIA– ",
        "CONTOH.COM-",
        "Liputan6.com, Bogor Selatan - ",
        "Liputan6.com, Medan Sunggal -",
        "CONTOH.COM, SOLO BARU - ",
        "Petani memanen cengkih di Ambon, Senin (12/5/2025). (ANTARA FOTO/Siti Aminah)\nAmbon (ANTARA) - ",
        "Petani memanen cengkih di Ambon (ANTARA/HO-Dinas Pertanian Ambon)\nAmbon (ANTARA) - ",
        "Petani memanen cengkih. [Suara.com/Siti Aminah]\nSuara.com - ",
        "[caption id=\"foto_7\" width=\"300\"]Petani memanen cengkih.[/caption]\nAMBON - ",
        "Beranda\nBerandaDaerahMaluku\nPanen Cengkih Dimulai\nSiti AminahSiti Aminah\n7 Maret 2025, 19:00 WIB\n\nDiterbitkan 7 Maret \
         2025, 19:00 WIB\nShare\nCopy Link\nBatalkan\nPanen\nPerbesar\nPetani memanen cengkih di Ambon. Liputan6.com/Siti \
         Aminah\nLiputan6.com, Ambon - ",
        "Panen Cengkih Dimulai, Harga Naik?\nSiti Aminah - Contoh.com\nJumat, 7 Maret 2025 | 19:00 WIB\n\nBagikan\nFacebook\n",
        "Panen Cengkih Dimulai\nOleh Siti Aminah, 7 Maret 2025 19.00 WIT\n",
        "Panen Cengkih Dimulai\nTayang: Jumat, 7 Maret 2025 19:00 WIB\nDiperbarui: Jumat, 7 Maret 2025 20:00 WIB\n",
        "Panen Cengkih Dimulai\nPenulis: Siti Aminah - Jumat, 7 Maret 2025 | 19:00 WIB\n",
        "Panen Cengkih Dimulai Siti Aminah - detikInet Selasa, 20 Jun 2017 04:32 WIB Foto: Istimewa Ambon - ",
    ] {
        let text = format!("{opening}{STORY}");
        assert_eq!(kept(&text), STORY, "opening: {opening}");
    }
}

#[test]
fn openings_of_stories_stay() {
    for text in [
        "Jakarta akan tenggelam, kata para ahli.",
        "Jakarta-Bandung kini dapat ditempuh dalam satu jam.",
        "KPK memeriksa bupati itu.",
        "PSSI-nya Malaysia mengeluh.",
        "Presiden Joko Widodo - yang baru tiba - meninjau pasar.",
        "Kompas adalah alat penunjuk arah.",
        "Tempo permainan itu cepat.",
        "Suara tembakan terdengar dari pasar.",
        "Wakil Presiden: Harga beras harus turun.",
        "Hari ini, Ambon - kota di Maluku - berulang tahun.",
        // Two names and a dash, or one.
        "TNI-Polri menggelar patroli gabungan.",
        "TNI- Polri menggelar patroli gabungan.",
        "COVID-19 kembali merebak.",
        "F-16 milik TNI AU mendarat.",
        "DPR-Pemerintah sepakat.",
        "ANAK-ANAK korban banjir bersekolah lagi.",
        "MEDAN-SIANTAR macet total.",
        "MEDAN-Siantar macet total.",
        "Jakarta - Solo - Yogya ditutup.",
        "AMBON-2025 menjadi tema pameran.",
        "RRI-TVRI menyiarkan upacara.",
        "Kompas-Tempo bekerja sama.",
        "HOAKS - Presiden mundur dari jabatannya.",
        "PSG - Inter bertemu di final.",
        "INDONESIA – Belanda bertemu di final.",
        "INGGRIS - PRANCIS bertemu di final.",
        "Inggris - kesebelasan tertua - menang.",
        "SITI AMINAH - Budi resmi menikah.",
        "PSM Makassar, Persib Bandung - Stadion GBLA.",
        // Words that are publishers too.
        "Perolehan Suara: PDIP Unggul di Bali",
        "Waspada: Gelombang Tinggi di Selat Sunda",
        "Waspada, Medan Banjir Lagi",
        "Suara: Warga menolak.",
        "Tempo - Irama lagu itu cepat.",
        "Fajar-Rian melaju ke final.",
        "Fajar/Rian - ganda putra Indonesia - melaju ke final.",
        "Survei Kompas: Elektabilitas Naik",
        "RRI: Siaran Tetap Berjalan",
        "Tolare.com: Penjualan Kami Naik",
        // Weather, not a dateline.
        "Ambon: Cerah berawan\nTernate: Hujan ringan\nMasohi: Hujan petir",
        "Ketua panitia, Siti Aminah - guru di Ambon - membuka acara.",
        "Acara dibuka Senin, 12 Mei 2025, 19:00 WIB di balai kota.",
        "Bagikan\nWarga membagikan beras di pasar.\nAmbon - kota di Maluku - ramai.",
        // Times of events.
        "Jadwal Lengkap Liga Maluku\nAmbon vs Ternate\nSabtu, 1 Mei 2025 - 19.00 WIT\nTual vs Masohi\nMinggu, 2 Mei 2025 - 19.00 WIT",
        "Acara Warga Ambon\nHari/Tanggal : Senin, 12 Mei 2025, 19.00 WIT\nTempat: Balai Kota",
        "Kecelakaan di Ambon\nWaktu Kejadian: Senin, 12 Mei 2025 pukul 19.00 WIT\nKorban dua orang.",
        "Jadwal siaran langsung:\nTayang: Senin, 12 Mei 2025, 19.00 WIT\nSaluran: Tolo TV",
        "Film itu bercerita tentang petani.\nTayang: 12 Mei 2025\nPemeran: Siti Aminah",
        "BMKG merilis prakiraan cuaca. Hujan diperkirakan turun di Maluku.\nSelasa, 13 Mei 2025, 07.00 WIT\nAmbon: Cerah \
         berawan\nTernate: Hujan ringan",
        "Liga Maluku bergulir lagi pekan ini.\nSabtu, 17 Mei 2025 - 19.00 WIT\nPSA Ambon, Persiter Ternate - Stadion Mandala",
        "Warga memanen cengkih.\nSabtu, 17 Mei 2025 - 19.00 WIT\nAmbon - Ternate: kapal berangkat pagi.",
    ] {
        assert_eq!(kept(text), text, "{:?}", removals(text));
    }
}

#[test]
fn lines_between_paragraphs_go() {
    for (rule, line) in [
        ("related-link", "Baca Juga"),
        ("related-link", "Baca juga:"),
        ("related-link", "Baca juga: Harga Cengkih Naik Menjelang Panen"),
        ("related-link", "Baca juga:Harga cengkih naik menjelang panen raya"),
        ("related-link", "BACA JUGA: Harga Cengkih Naik"),
        ("related-link", "Baca: Harga Cengkih Naik, Petani Senang."),
        ("related-link", "Baca juga:\nHarga Cengkih Naik Menjelang Panen"),
        ("related-link", "Baca Juga:\n\nHarga Cengkih Naik Menjelang Panen\n"),
        ("related-link", "Menarik Dibaca: Harga Cengkih Naik"),
        ("follow-call", "Follow WhatsApp Channel Contoh untuk update berita terbaru setiap hari"),
        ("follow-call", "Simak Berita Lainnya seputar topik artikel ini, di sini :"),
        ("page-control", "Lihat Foto"),
        ("related-link", "Lihat Juga: Harga Cengkih Naik"),
        ("related-link", "Pilihan Editor: Harga Cengkih Naik"),
        ("related-link", "Video: Panen Cengkih di Lereng Gunung"),
        ("advertisement", "Advertisement"),
        ("advertisement", "ADVERTISEMENT"),
        ("advertisement", "SCROLL TO CONTINUE WITH CONTENT"),
        ("page-control", "Loading..."),
        ("page-control", "Scroll ke bawah untuk melanjutkan membaca"),
        ("page-control", "Halaman 1 2 Selanjutnya"),
        ("page-control", "Halaman 2 dari 3"),
        ("page-control", "Perbesar"),
        ("continued", "Bersambung ke halaman berikutnya..."),
        ("continued", "Simak berita selengkapnya di halaman selanjutnya."),
        ("continued", "Baca selengkapnya di sini."),
        ("continued", "Selengkapnya"),
        ("player", "[Gambas:Video 20detik]"),
        ("player", "Simak juga Video: Panen Cengkih\n[Gambas:Video 20detik]"),
        ("player", "Tonton juga \"Panen Cengkih\" di sini:\n[Gambas:Video 20detik]"),
        ("player", "Simak juga Video: Panen\nCengkih\n, Petani Senang di Ambon\n[Gambas:Video 20detik]"),
        ("continued", "Simak selengkapnya\ndi sini\n."),
        ("related-link", "Yuk baca juga:15 Petani Termuda di Maluku"),
        ("video-link", "Saksikan Live DetikPagi:"),
        ("video-link", "Simak juga Video 'Panen Cengkih di Ambon':"),
        ("embedded-post", "A post shared by Budi Santoso (@budi.santoso)"),
        ("embedded-post", "View this post on Instagram"),
        ("embedded-post", "Sebuah kiriman dibagikan oleh Contoh.com (@contohcom)"),
        ("follow-call", "Ikuti kami di"),
        ("follow-call", "Ikuti Whatsapp Channel Republika"),
        ("follow-call", "Ikuti berita CONTOH.COM lainnya di GOOGLE NEWS"),
        ("follow-call", "Cek Berita dan Artikel yang lain di\nGoogle News"),
        ("follow-call", "Akses Contoh.com di Google News atau WhatsApp Channel Contoh.com. Pastikan sudah install ya"),
        ("follow-call", "Dapatkan update berita pilihan setiap hari dari Contoh.com. Mari bergabung di Grup Telegram kami."),
        ("follow-call", "(Ayo ikuti saluran WhatsApp Contoh.com agar tidak ketinggalan berita. Klik di sini ya!)"),
        ("promotion", "Viral! 18 Kampus ternama membuka beasiswa penuh. Info lengkap klik : osc.medcom.id"),
        ("promotion", "Hoegeng Awards 2025\nBaca kisah inspiratif kandidat di sini\nSelengkapnya"),
        (
            "fact-check-call",
            "* Untuk mengetahui kebenaran informasi yang beredar, silakan WhatsApp ke nomor 0811 0000 000 hanya \
             dengan ketik kata kunci yang diinginkan.",
        ),
        ("photo-caption", "Petani memanen cengkih di Ambon. Foto: Siti Aminah/detikcom"),
        ("continued", "Baca lanjutan kisah panen ini di halaman selanjutnya>>>"),
        ("photo-caption", "Panen Raya di Ambon (mydramalist.com)"),
        ("photo-caption", "Foto: instagram.com/siti_aminah."),
        ("embedded-post", "A photo posted by Siti (@siti) onJul 11, 2016 at 1:49pm PDT"),
        ("related-link", "Baca selengkapnya: Harga Cengkih Naik di Ambon"),
        ("embedded-post", "— Siti Aminah (@siti_aminah) June 18, 2025"),
        ("photo-caption", "KOMPAS.com/SITI AMINAH Petani memanen cengkih."),
        ("photo-caption", "Dok. Pemerintah Kota Ambon Petani memanen cengkih"),
        ("credit", "Editor: Siti Aminah"),
        ("credit", "Penulis: Siti Aminah"),
        ("credit", "(Reporter: Siti Aminah | Editor: Budi Santoso)"),
        ("disclaimer", "Disclaimer: Setiap keputusan investasi ada di tangan pembaca. Kami tidak bertanggung jawab."),
        ("republished", "Artikel ini telah tayang di Contoh.com dengan judul \"Panen Cengkih Dimulai\""),
        ("separator", "--------"),
        ("photo-caption", "KOMPAS.com/M. SITI Petani di Jl. Raya Ambon memanen cengkih, Senin (7/3/2022)."),
        ("photo-caption", "SHUTTERSTOCK Ilustrasi panen cengkih di Maluku."),
        ("photo-caption", "Poster Panen Cengkih (Credit; Istimewa)"),
        ("tags", "Tag: cengkih, ambon, panen raya"),
        ("related-link", "BACA JUGA - Harga Cengkih Naik"),
        ("page-control", "HALAMAN SELANJUTNYA ====>"),
        ("page-control", "Share\nCopy Link\nBatalkan"),
        ("page-control", "Bagikan\nFacebook\nTwitter\nWhatsApp"),
        ("page-control", "Bagikan ini:\nTwitter\nFacebook\nMenyukai ini:"),
        ("page-control", "Iklan\nADVERTISEMENT"),
        ("page-control", "Iklan\nScroll Untuk Melanjutkan Membaca"),
        ("publication-time", "Diterbitkan 12 Mei 2025, 19:00 WIB"),
        ("related-link", "Baca juga:\nHarga cengkih naik lagi di sejumlah pasar"),
        ("related-link", "BACA JUGA:\n- Harga Cengkih Naik\n- Petani senang, kata Budi\n- Panen raya di Ambon"),
        ("related-link", "Baca juga: Stok cengkih aman hingga panen, kata Budi"),
        ("related-link", "Pilihan Redaksi\nHarga Cengkih Naik Lagi\nPetani Ambon Panen Raya"),
        ("page-control", "Klik untuk membagikan di Facebook(Membuka di jendela yang baru)"),
        ("page-control", "Klik untuk berbagi pada Twitter (Membuka di jendela yang baru)"),
        ("page-control", "Post Views: 1.234"),
        ("page-control", "Navigasi pos"),
        ("page-control", "Tinggalkan Balasan"),
        ("page-control", "Share this:"),
        ("page-control", "Alamat email Anda tidak akan dipublikasikan. Ruas yang wajib ditandai *"),
        ("page-control", "Halaman Selanjutnya"),
        ("credit", "Rep: Siti Aminah / Red: Budi Santoso"),
        ("byline", "Laporan Wartawan Tribunnews.com, Siti Aminah"),
        ("byline", "Laporan Kontributor Tribun Ambon, Siti Aminah"),
        ("shortcode", "[embed]https://contoh.example/video/7[/embed]"),
        ("shortcode", "[gallery ids=\"1,2\"]"),
        ("photo-caption", "Petani memanen cengkih, Senin (12/5/2025). (ANTARA FOTO/Siti Aminah)"),
        ("publication-time", "Dipublikasikan pada Senin, 12 Mei 2025 pukul 19.00 WIB"),
        ("publication-time", "Terakhir diperbarui: 12/05/2025 | 19:00"),
        ("photo-caption", "Petani memanen cengkih di Ambon. Contoh.com/Siti Aminah"),
        ("photo-caption", "Petani memanen cengkih di Ambon (AFP/Siti Aminah)"),
        ("photo-caption", "Foto: dok. Pemerintah Kota Ambon"),
        ("video-link", "Saksikan video pilihan berikut ini:"),
        ("video-link", "Simak Video Panen Cengkih di Lereng Gunung"),
        ("disclaimer", "Hak Cipta © 2025 Contoh.com"),
        ("tags", "Topik: cengkih, harga ekspor; ambon"),
    ] {
        let (first, second) = STORY.split_once('\n').unwrap();
        let text = format!("{first}\n{line}\n{second}");
        assert_eq!(kept(&text), STORY, "line: {line}");
        assert!(removals(&text).iter().any(|(name, _)| name == rule), "{line}: {:?}", removals(&text));
    }
}

#[test]
fn similar_lines_of_stories_stay() {
    for line in [
        "\"Baca juga Al-Qur'an setiap hari,\" katanya.",
        "Baca juga buku itu sampai selesai, kata guru kepada muridnya.",
        "Video berdurasi 13 detik itu memperlihatkan petani memanen cengkih.",
        "Lihat video itu, polisi segera datang ke lokasi. Dua orang ditangkap.",
        "Ikuti langkah berikut agar WhatsApp tidak disadap.",
        "Cek Fakta Liputan6.com mendapati klaim itu beredar lewat aplikasi WhatsApp sebagai informasi palsu.",
        "Perusahaan itu membeli Asia Advertisement pada 2019.",
        "Halaman 2 dokumen itu hilang.",
        "Sumber dana proyek itu belum jelas.",
        "Editor buku itu bernama Siti Aminah.",
        "Lihat video itu di bawah. Warga berlari.\nLalu air datang.",
        "Baca selengkapnya buku itu di rumah.",
        "Foto: apakah itu benar? Polisi masih menyelidikinya.",
        "Harga Cengkih Naik",
        "Tutup",
        "Selanjutnya, warga menjemur cengkih itu.",
        "Selanjutnya: warga menjemur cengkih itu di tepi jalan. Harganya naik.",
        "Bank menilai peminjam (credit scoring) dan memeriksa agunan.",
        "Halaman 41",
        "Jumat, 23 Mei 2025\nSabtu, 24 Mei 2025\nMinggu, 25 Mei 2025",
        "Jumat, 23 Mei 2025 19.00 WIB\nSabtu, 24 Mei 2025 19.00 WIB",
        "Mendaftar di tautan https://daftar.contoh.com/Masuk",
        "Pasangan Fajar/Rian menang. Fajar/Rian kini di urutan keempat ganda putra",
        "Daftar nama ada di halaman selanjutnya.",
        "Topik: belum ada kata sepakat. Rapat diteruskan besok.",
        "AFP melaporkan hujan deras di Ambon.",
        "Dapatkan KTP baru di kantor camat, kata Budi.",
        "Rumah itu milik Budi (Foto keluarga ada di dinding). Warga mengenalnya.",
        "Google News adalah layanan agregator berita.",
        "Disclaimer: Informasi ini mengutamakan kecepatan, tulis BMKG.",
        "Artikel ini telah tayang di sebuah jurnal dan dikutip oleh para peneliti di dunia.",
        ". Warga senang",
        ", kata Budi",
        "Simak caranya, klik tab Pembaruan, lalu pilih Saluran WhatsApp.",
        "Ikuti langkah selengkapnya: buka WhatsApp, kemudian ketuk grup WhatsApp itu.",
        "Simak suara rakyat di grup WhatsApp, kabar baik dan buruk.",
        "Laporan wartawan Ambon itu dibukukan.",
        "Laporan Kontributor Perang, Buku Karya Siti, terbit hari ini.",
        "Klik untuk membagikan di Facebook.",
        "Warga menolak [embedded] itu.",
        // One word is no evidence: what looks like boilerplate may be told.
        "Bergabung lewat tawaran informasi kerja, Budi dimasukkan ke grup Telegram dan ditagih uang muka.",
        "Simak informasi cuaca hanya dari kanal Telegram badan resmi, pesan Siti.",
        "Update kabar banjir dibagikan lewat grup WhatsApp.",
        "Ikuti imbauan ini, ujar Budi, agar informasi tidak dicuri lewat saluran WhatsApp palsu.",
        "Dapatkan informasi terbaru di kantor camat.",
        "Sumber: Dinas Pertanian Ambon",
        "Sumber mata air itu mengering.",
        "Laporan: 7 rumah rusak, 2 orang terluka",
        "Penulis: Siti Aminah meluncurkan novel pertamanya",
        "Editor: aplikasi itu tiba-tiba berhenti",
        "Foto: surat palsu itu disita petugas",
        "Label: produk itu tidak berizin",
        "Tag: nama pasar itu diganti warga",
        "Saksikan video rekaman kamera, hakim menunda sidang",
        "Tonton video itu sampai habis, anak-anak tertawa",
        "Baca: mantra panen dilantunkan bersama.",
        "Video: rekaman itu diputar jaksa di sidang",
        "Video Terbaru Korban Diperiksa Penyidik",
        "Hak cipta lagu daerah itu dijual ahli waris.",
        "Dilarang keras mengambil konten milik orang lain tanpa izin, kata hakim.",
        "Artikel ini dibuat dengan bantuan AI, kata dosen itu kepada mahasiswa.",
        "Iklan",
        "Bagikan",
        "Facebook\nTwitter\nTelegram",
        "1 2 3 Selanjutnya",
        "(12)",
        "(MTM)",
        "Ilustrasi itu karya Budi (45).",
        "Shutterstock mengumumkan laba.",
        "!!! SEBARKAN SEBELUM DIHAPUS !!!",
    ] {
        let text = format!("{STORY}\n{line}\n{STORY}");
        assert_eq!(kept(&text), text, "{:?}", removals(&text));
    }
}

#[test]
fn boilerplate_between_sentences_of_a_line_goes() {
    for (text, expected) in [
        ("Hujan turun. Baca Juga Warga mengungsi.", "Hujan turun. Warga mengungsi."),
        ("Hujan turun.Baca JugaWarga mengungsi.", "Hujan turun. Warga mengungsi."),
        ("Hujan turun. Advertisement Warga mengungsi.", "Hujan turun. Warga mengungsi."),
        ("Hujan turun. AdvertisementSetelah itu reda.", "Hujan turun. Setelah itu reda."),
        ("Hujan turun.Baca Juga:Banjir Melanda Kota AmbonWarga mengungsi.", "Hujan turun. Warga mengungsi."),
        (
            "Hujan turun. Baca juga: Kapan Hujan Reda di Ambon? Warga mengungsi.",
            "Hujan turun. Warga mengungsi.",
        ),
        ("Hujan turun. Baca Juga: 5 Kota Terbasah di Maluku 1. Ambon Basah.", "Hujan turun. 1. Ambon Basah."),
        (
            "Hujan turun.\nKOMPAS.com/SITI Petani di Ambon, Senin (7/3/2022).\"Kami senang,\" kata Budi.",
            "Hujan turun.\n\"Kami senang,\" kata Budi.",
        ),
        (
            "Hujan turun.\nSHUTTERSTOCK/ABC Ilustrasi panen. Panen dimulai hari ini.",
            "Hujan turun.\nPanen dimulai hari ini.",
        ),
        (
            "Hujan turun. Baca juga: Banjir Melanda Kota Ambon Sebelumnya warga mengungsi.",
            "Hujan turun. Sebelumnya warga mengungsi.",
        ),
        (
            "Hujan turun.\nBaca juga: Prediksi Skor Ambon vs Ternate, Statistik TimTuan\nrumah kalah.",
            "Hujan turun.\nTuan\nrumah kalah.",
        ),
        // A sentence, or one that goes on in the next line, is no link.
        (
            "Hujan turun.\nBaca juga:\nHarga cengkih naik lagi di pasar. Petani senang.",
            "Hujan turun.\nHarga cengkih naik lagi di pasar. Petani senang.",
        ),
        (
            "Hujan turun.\nBaca juga:\n1. Siapkan air minum di rumah\nAir minum penting.",
            "Hujan turun.\n1. Siapkan air minum di rumah\nAir minum penting.",
        ),
        (
            "Hujan turun.\nBaca juga:\nWarga mengungsi ke sekolah\ndi Ambon.",
            "Hujan turun.\nWarga mengungsi ke sekolah\ndi Ambon.",
        ),
        ("Hujan turun.\nSelengkapnyaWarga mengungsi.", "Hujan turun.\nWarga mengungsi."),
        ("Hujan turun.\nCONTOH.CO.ID, AMBON--Warga mengungsi.", "Hujan turun.\nWarga mengungsi."),
        ("Hujan turun.Perbesar\nWarga mengungsi.", "Hujan turun.\nWarga mengungsi."),
        // The end of the headline is unknown: only the marker goes.
        (
            "Hujan turun. Baca juga: Banjir Melanda Kota Ambon Warga Desa mengungsi.",
            "Hujan turun. Banjir Melanda Kota Ambon Warga Desa mengungsi.",
        ),
        ("Hujan turun.Cek Berita dan Artikel yang lain di Google     News", "Hujan turun."),
        ("\"Kami siap menang.\" (Siti/abc)", "\"Kami siap menang.\""),
        (
            "Hujan turun.Simak Video 'Banjir Ambon':[Gambas:Video 20detik] (abc/def) banjir ambon",
            "Hujan turun.",
        ),
        ("Hujan turun. Foto: Siti Aminah/detikcom Warga mengungsi.", "Hujan turun. Warga mengungsi."),
        ("Hujan turun (Baca: Banjir di Ambon) sejak pagi.", "Hujan turun sejak pagi."),
        ("Hujan turun (Foto: dok. Contoh) di Ambon.", "Hujan turun di Ambon."),
    ] {
        assert_eq!(kept(text), expected, "{:?}", removals(text));
    }
}

#[test]
fn tails_go() {
    for tail in [
        "\n(abc/def)",
        " (abc/def)",
        "(*/abc)",
        "\n(*)",
        "(*)",
        "***",
        "\n(Siti Aminah)",
        " (Siti Aminah)",
        " (Siti Aminah)\n(Siti Aminah)",
        " (Z-1)",
        "\n(H-2)",
        " (Riz/abc)",
        " (ABC/DEF)",
        "(sta)",
        " (Ant/jpnn)",
        " [Antara]",
        " [abc]",
        "\nVideo Petani Ambon Panen Cengkih: Kami Tidak Datang untuk Berbagi",
        "\nBaca juga berita lainnya di Contoh.com.",
        "\nSelanjutnya: Harga Cengkih Naik di Ambon\nMenarik Dibaca: Resep Teh Cengkih untuk Keluarga",
        "\n(tirto.id - Ekonomi)\nReporter: Siti Aminah",
        "(kemenpora/mcr16/jpnn)",
        " (Tribunnews.com/Siti/BudiSantoso)",
        "\n(abc/def)\ncengkih\nambon\npanen raya 2025",
        " (abc/def) cengkih ambon panen",
        "\nBaca Juga\nAdvertisement",
        " Pewarta: Siti Aminah Editor: Budi Santoso Copyright © ANTARA 2025 Dilarang keras mengambil konten.",
        "\n(Ditulis oleh Siti Aminah)",
        "Siti Aminah berkontribusi dalam penulisan artikel ini.",
        "\nSumber: Bank Contoh",
        "\nSumber: Contoh.com, The Sun",
        "\n1 2 3 Selanjutnya",
        "\nReporter: Siti\nEditor: Budi Santoso",
        "\nReporter: SitiEditor: Budi Santoso",
        ",Reporter: Siti Aminah,Sumber: Liputan6.com,",
        " (antara/jpnn)Jangan Lewatkan Video Terbaru:",
        "Ikuti Whatsapp Channel Republikasumber : Antara",
        " HALAMAN SELANJUTNYA =====>",
        " Halaman Selanjutnya ----->",
        "\n(TribunAmbon.com/*)",
        "\nYuk, simak jugaRekomendasi Film Tentang CengkihPotret Petani Termuda",
        " Artikel ini telah tayang di Contoh.com dengan judul Panen Cengkih Dimulai",
        "\n---\nArtikel ini telah naik di\ndetikBali.\n(abc/abc)\ncengkih",
        "\nVideo: Panen Cengkih di Ambon\nVideo: Panen Cengkih di Ambon\n(abc/def)\ncengkih\nambon",
    ] {
        let text = format!("{STORY}{tail}");
        assert_eq!(kept(&text).trim_end_matches(','), STORY, "tail: {tail}");
    }
}

#[test]
fn ends_of_stories_stay() {
    for end in [
        "Data itu dari Badan Pusat Statistik (BPS)",
        "Ia bekerja di Komisi Pemberantasan Korupsi (KPK).",
        "Rapat dipimpin Ketua DPRD (Budi Santoso)",
        "Warga memilih ikan dan/atau ayam",
        "Warga memilih lauk (ikan/ayam)",
        "Ada tiga sumber: ikan, ayam, dan telur.",
        "Mereka berkontribusi dalam acara ini.",
        "Video panen itu ditonton dua juta kali.",
        "Rumusnya (a + b)",
        "Korban bernama Budi. (45)",
        "Mereka mewakili rukun tetangga dan rukun warga (RT/RW).",
        "Ia guru di sekolah menengah (SMA/SMK).",
        "Gajinya sama bagi semua pegawai (PNS/P3K).",
        "Kecepatannya 40 kilometer per jam (km/jam).",
        "\"Kebersihan sebagian dari iman.\" (HR Muslim)",
        "\"Kebersihan sebagian dari iman.\"\n(HR Muslim)",
        "Kebersihan sebagian dari iman. (HR Tirmidzi)",
        "\"Bacalah.\" (QS Al-Alaq)",
        "\"Kami siap menang.\" (Golkar)",
        "Laut ini rumahku\nAnginnya saudaraku.\n(Siti Aminah)",
        "Hingga kini polisi baru menerima satu laporan: dua sepeda motor hilang.",
        "Hingga kini polisi baru menerima satu Laporan: Dua Motor Hilang.",
        "Penulis: Budi mengaku bersalah karena menulis berita bohong.",
        "Ia tak menyebut nama. Sumber: warga sekitar.",
        "Warga mengungsi. (BNPB)",
        "Video rekaman itu diputar jaksa di ruang sidang",
        "Selanjutnya: warga menjemur cengkih itu",
    ] {
        let text = format!("{STORY}\n{end}");
        assert_eq!(kept(&text), text, "{:?}", removals(&text));
    }
}

#[test]
fn of_a_whole_article_only_the_story_is_left() {
    let text = "Laporan Wartawan Contoh.com, Siti Aminah\nCONTOH.COM, AMBON - Hujan deras turun, Senin (7/3/2022).\n\
                Baca Juga\n\"Air naik cepat,\" kata Budi.\nADVERTISEMENT\nSCROLL TO CONTINUE WITH CONTENT\n\
                Warga Mengungsi\nSebanyak 20 warga mengungsi ke sekolah.\nBaca juga:\nBanjir Melanda Kota Ambon\n\
                Hujan reda pukul 18.00 WIT.\nSimak juga Video: Banjir di Ambon\n[Gambas:Video 20detik]\n(abc/def)\n\
                banjir\nambon";
    assert_eq!(
        kept(text),
        "Hujan deras turun, Senin (7/3/2022).\n\"Air naik cepat,\" kata Budi.\nWarga Mengungsi\n\
         Sebanyak 20 warga mengungsi ke sekolah.\nHujan reda pukul 18.00 WIT."
    );
    let rules: Vec<_> = removals(text).into_iter().map(|(rule, _)| rule).collect();
    assert_eq!(
        rules,
        [
            "byline",
            "dateline",
            "related-link",
            "advertisement",
            "advertisement",
            "related-link",
            "player",
            "tags"
        ]
    );
}

/// Times near the start tell a header from a story only where the story has none of its own.
#[test]
fn a_header_ends_before_the_story() {
    let story = "Kapolda memimpin patroli. Ia menurunkan 500 personel.\nTNI-Polri akan berjaga.";
    let header = "Patroli Gabungan Digelar\nBudi - Senin, 12 Mei 2025 | 10:15 WIB";
    assert_eq!(kept(&format!("{header}\n{story}")), story);
    let schedule: String =
        (1..=20).map(|day| format!("Ambon vs Ternate\nSabtu, {day} Mei 2025 - 19.00 WIT\n")).collect();
    let text = format!("Jadwal Lengkap Liga Maluku\n{schedule}Laga disiarkan langsung.");
    assert_eq!(kept(&text), text);
    let linked = format!("{text}\nBaca juga: Harga Cengkih Naik Lagi");
    assert_eq!(kept(&linked), text);
}

/// A dateline is one name before the story; what follows it is told.
#[test]
fn behind_a_dateline_the_story_begins() {
    for dateline in ["Ambon - ", "AMBON - ", "Contoh.com, Ambon - ", "Ambon (ANTARA) - "] {
        for story in [
            "TNI-Polri menggelar patroli.",
            "COVID-19 merebak.",
            "HOAKS - Presiden mundur.",
            "MEDAN-SIANTAR macet.",
        ] {
            assert_eq!(kept(&format!("{dateline}{story}")), story);
        }
    }
}

/// Nothing that says what is true and what is not is taken from a fact check.
#[test]
fn a_fact_check_is_kept() {
    let text = "[HOAKS] Foto \"Hujan Es Setinggi Rumah di Ambon\"\nKategori: Konten Palsu\nSumber: TikTok\n\
                https://www.tiktok.example/@kabar/9\nNarasi:\n\"AMBON TERTIMBUN ES!!! SEBARKAN!!!\"\nPenjelasan:\nFoto itu \
                diambil di Kanada pada 2019. Badan cuaca membantahnya.\nKesimpulan\nFaktanya, tidak ada hujan es di Ambon. Klaim \
                itu salah.\nHasil periksa fakta: SALAH\nDisadur dari artikel Cek Fakta Contoh.com\nRujukan:\nhttps://cuaca.example/kanada";
    for mark in
        ["[HOAKS]", "[SALAH]", "[BENAR]", "[KLARIFIKASI]", "[Hoaks]", "(HOAKS)", "SALAH:", "CEK FAKTA:"]
    {
        let text = text.replace("[HOAKS]", mark);
        assert_eq!(kept(&text), text, "{:?}", removals(&text));
        let alone = format!("{mark}\n{STORY}\n{mark}\n{STORY}");
        assert_eq!(kept(&alone), alone, "{:?}", removals(&alone));
    }
}

#[test]
fn a_rule_can_be_left_out() {
    let text = "Ambon - Hujan turun.\nBaca Juga\nWarga mengungsi.";
    let cleaner = RuleCleaner::default().without("dateline").unwrap();
    let cleaned = cleaner.clean(&[text]).unwrap().remove(0);
    assert_eq!(join_kept(text, &cleaned.kept), "Ambon - Hujan turun.\nWarga mengungsi.");
    assert!(cleaner.rules().iter().all(|rule| rule.name() != "dateline"));
    let error = RuleCleaner::default().without("datelin").unwrap_err().to_string();
    assert!(error.contains("no rule `datelin`") && error.contains("dateline, "), "{error}");
}

/// A lone `Iklan` may be of a story, and stays; who names it means it.
#[test]
fn a_rule_of_ones_own_takes_its_line_though_a_button_matches_it() {
    let text = "Bupati membuka pasar malam.\nIklan\nWarga datang.";
    let removed = |cleaner: &RuleCleaner| {
        let cleaned = cleaner.clean(&[text]).unwrap().remove(0);
        cleaned
            .removed
            .iter()
            .map(|removed| (removed.rule.clone(), removed.span.of(text).to_owned()))
            .collect::<Vec<_>>()
    };
    assert_eq!(removed(&RuleCleaner::default()), []);
    for scope in [Scope::Line, Scope::Paragraph] {
        let own = RuleCleaner::default().with(scope, "ads", "an advertisement", "Iklan").unwrap();
        assert_eq!(removed(&own), [("ads".to_owned(), "Iklan".to_owned())]);
    }
    let button = RuleCleaner::default().with(Scope::Button, "ads", "an advertisement", "Iklan").unwrap();
    assert_eq!(removed(&button), []);
}

#[test]
fn a_header_goes_by_the_name_of_the_rule_that_met_it() {
    let text = "Jembatan Dibuka\nEdisi cetak no. 12\nBupati membuka jembatan itu pada Senin.";
    let own = RuleCleaner::default()
        .with(Scope::Header, "edition", "the edition", r"Edisi cetak no\. \d+")
        .unwrap();
    let cleaned = own.clean(&[text]).unwrap().remove(0);
    let removed: Vec<_> =
        cleaned.removed.iter().map(|removed| (removed.rule.as_str(), removed.span.of(text))).collect();
    assert_eq!(removed, [("edition", "Jembatan Dibuka\nEdisi cetak no. 12")]);
}

#[test]
fn a_bad_pattern_is_refused_by_the_name_of_its_rule() {
    for pattern in ["(", "a)|(b", "[z-a]", r"(?<cut>a)(?<cut>b)"] {
        let error = RuleCleaner::default().with(Scope::Line, "weather", "the weather", pattern).unwrap_err();
        assert!(error.to_string().contains("the pattern of rule `weather`"), "{error}");
    }
    let error = RuleCleaner::default().with(Scope::Line, "dateline", "mine", "Cuaca").unwrap_err();
    assert!(error.to_string().contains("`dateline` is a rule of the crate"), "{error}");
    let twice = RuleCleaner::default().with(Scope::Line, "ads", "mine", "Cuaca: .*").unwrap();
    assert!(twice.with(Scope::Line, "ads", "mine", "Iklan: .*").is_ok());
    let error = RuleCleaner::default().with(Scope::Line, " ", "the weather", "a").unwrap_err();
    assert!(error.to_string().contains("name or reason"), "{error}");
}

#[test]
fn empty_and_blank_texts_keep_nothing() {
    for text in ["", " ", "\n\n\u{a0}"] {
        assert_eq!(clean(text), Cleaned::default());
    }
    assert_eq!(kept("a"), "a");
    assert_eq!(kept("Advertisement"), "");
}

#[test]
fn ten_megabytes_without_a_space_are_cleaned() {
    let text = "BacaJuga:".repeat(10_000_000 / 9);
    covers(&text, &clean(&text));
}

/// No time is asserted: what is quadratic in a megabyte does not end within a test run.
#[test]
fn a_megabyte_of_anything_is_cleaned() {
    for unit in [
        "a",
        "(abc/def)",
        "Advertisement",
        "é",
        "Video:",
        "[Gambas:",
        "Jakarta-",
        "\n",
        ".,",
        "Baca juga: ",
        "Baca Juga ",
        "(abc/def) ",
        "Advertisement ",
        "Advertisement\n",
        "Baca juga:\n",
        "Ambon - ",
        "Foto: ",
        "Simak Video ",
    ] {
        let text = unit.repeat(1_000_000 / unit.len());
        covers(&text, &clean(&text));
    }
}

/// Kept and removed are ordered, disjoint, and leave nothing but white space.
fn covers(text: &str, cleaned: &Cleaned) {
    let removed = cleaned.removed.iter().map(|one| one.span);
    let mut all: Vec<Span> = cleaned.kept.iter().copied().chain(removed).collect();
    all.sort();
    let mut end = 0;
    for span in all {
        assert!(span.start() >= end, "overlap at {}", span.start());
        assert!(!span.of(text).trim().is_empty(), "blank span");
        assert!(text[end..span.start()].trim().is_empty(), "lost: {:?}", &text[end..span.start()]);
        end = span.end();
    }
    assert!(text[end..].trim().is_empty(), "lost: {:?}", &text[end..]);
    assert!(cleaned.kept.is_sorted() && cleaned.removed.is_sorted_by_key(|one| one.span));
}

/// Every twentieth of the articles beside the checkout.
#[test]
fn real_articles_keep_the_contract_and_most_of_their_text() {
    let Ok(data) = std::env::var("INTISARI_DATA") else {
        eprintln!("skipped: set INTISARI_DATA to the folder that holds news/*.jsonl.gz");
        return;
    };
    let mut articles = 0;
    for entry in std::fs::read_dir(std::path::Path::new(&data).join("news")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "gz") {
            continue;
        }
        let lines =
            BufReader::new(flate2::read::MultiGzDecoder::new(std::fs::File::open(&path).unwrap())).lines();
        for line in lines.step_by(20) {
            let article: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
            let text = article["text"].as_str().unwrap();
            let cleaned = clean(text);
            covers(text, &cleaned);
            assert!(removals(&join_kept(text, &cleaned.kept)).is_empty(), "{text}");
            let removed: usize = cleaned.removed.iter().map(|one| one.span.len()).sum();
            assert!(
                removed * 2 < text.len(),
                "{removed} of {} bytes removed: {:?}",
                text.len(),
                removals(text)
            );
            articles += 1;
        }
    }
    assert!(articles > 900, "{articles} articles");
}

/// Pieces of articles in any order: the harshest test for what removal uncovers.
fn article_like() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "Baca Juga",
        "Baca juga:",
        "Harga Cengkih Naik",
        "Advertisement",
        "ADVERTISEMENT",
        "\n",
        "\n",
        " ",
        " ",
        ". ",
        ".",
        "Liputan6.com, ",
        "Ambon",
        "Ambon - ",
        "JAKARTA",
        " - ",
        "-",
        "(abc/def)",
        "(Siti Aminah)",
        "(*)",
        "cengkih",
        "Video: ",
        "[Gambas:Video 20detik]",
        "Simak juga Video",
        "Foto: ",
        "Editor: ",
        "Warga memanen cengkih.",
        "\"Baik,\" katanya.",
        "Google News",
        "Cek Berita dan Artikel yang lain di",
        "Selengkapnya",
        "***",
        "?",
        "é",
        ":",
        ",",
        "SCROLL TO CONTINUE WITH CONTENT",
        "\u{a0}",
        "\u{200b}",
        "Laporan Wartawan ",
        "Daftar Isi\n",
        "Pewarta: ",
        "Baca",
        "Hoegeng Awards 2025\n",
        "Juga",
    ]);
    prop::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn keeps_the_contract_for_any_string(text in "\\PC*|(.|\n){0,200}") {
        let cleaned = clean(&text);
        covers(&text, &cleaned);
        prop_assert!(clean(&join_kept(&text, &cleaned.kept)).removed.is_empty());
    }

    #[test]
    fn keeps_the_contract_for_pieces_of_articles(text in article_like()) {
        let cleaned = clean(&text);
        covers(&text, &cleaned);
        prop_assert_eq!(removals(&join_kept(&text, &cleaned.kept)), vec![]);
    }

    #[test]
    fn cleans_several_texts_as_each_alone(texts in prop::collection::vec(article_like(), 0..4)) {
        let borrowed: Vec<&str> = texts.iter().map(String::as_str).collect();
        let together = RuleCleaner::default().clean(&borrowed).unwrap();
        let alone: Vec<_> = texts.iter().map(|text| clean(text)).collect();
        prop_assert_eq!(together, alone);
    }
}
