//! The sentence splitter, from outside. All texts are written for these tests, in the manner of real news.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stderr)]

use std::ops::Range;

use intisari::document::{Sentence, SentenceKind};
use intisari::eval::sentences::{boundary_hits, naive_split, span_hits};
use intisari::eval::Hits;
use intisari::sentence::{KeptText, RuleSplitter, SentenceSplitter};
use intisari::Span;
use proptest::prelude::*;

fn split(text: &str) -> Vec<Sentence> {
    split_kept(text, &[Span::whole(text)])
}

fn split_kept(text: &str, kept: &[Span]) -> Vec<Sentence> {
    RuleSplitter::new().split(&[KeptText::new(text, kept)]).unwrap().remove(0)
}

fn texts(text: &str) -> Vec<&str> {
    split(text).iter().map(|sentence| sentence.span.of(text)).collect()
}

/// Splits `marked` behind each `|`, which is no part of the text.
#[track_caller]
fn check(marked: &str) {
    let expected: Vec<&str> = marked.split('|').map(str::trim).collect();
    let text: String = marked.replace('|', "");
    assert_eq!(texts(&text), expected);
}

macro_rules! cases {
    ($($name:ident: $marked:expr;)*) => { $(#[test] fn $name() { check($marked); })* };
}

cases! {
    keeps_titles_and_degrees_with_the_name: "Rapat dipimpin Prof. Dr. Ir. Sutarno, M.Si. dan Drs. H. Amir.| Hadir pula Letjen. Bambang.";
    keeps_initials_inside_a_name: "Hadir M. Nasir, H. M. Jusuf Kalla, dan W.S. Rendra muda.| J. K. Wijaya tidak tampak.";
    keeps_a_hyphenated_name: "Jean-Yves Le Drian tiba.| Ia disambut di Senayan.";
    ends_a_sentence_behind_a_letter_where_a_new_one_opens: "Indonesia berada di Grup C.| Namun, jadwal belum keluar.";
    ends_a_sentence_behind_a_label: "Jeruk mengandung vitamin C.| Buah itu murah.";
    capitals_that_could_be_a_degree_end_a_sentence: "Guru itu menunggu putusan MA.| MA mengabulkan kasasi.|Dua guru bebas.";
    a_glued_stop_behind_a_noun_that_takes_numbers: "KUHAP mengatur beberapa hal.|Salah satunya ganti rugi.| Lihat hal. 5.";
    a_quotation_glued_to_a_letter: "Sasarannya generasi X.|“Mereka mulai bergerak,” kata Budi dkk.|“Setuju,” kata Ani.";
    ends_a_sentence_behind_a_temperature: "Suhunya 19,6 °C.| Suhu tertinggi 30 °C.";
    ends_a_sentence_behind_kilometers: "Jaraknya 5 km.| 10 orang berjalan di Jl. Raya km. 12 itu.";
    a_glued_word_that_is_also_a_domain_starts_a_sentence: "Acara selesai.|Info lebih lanjut menyusul.|Desa itu sepi.";
    ends_a_sentence_behind_milliseconds: "Jedanya 200 ms.| Foto dimuat cepat.";
    a_degree_may_end_a_sentence: "Rapat dipimpin Budi, S.H.| Ketua panitia absen.| Ani, S.H. M.H. hadir.";
    ends_a_sentence_behind_a_unit: "Tegangannya 220 V.| Lampu menyala.";
    keeps_numbers_times_and_sums: "Harga Rp 5.000 naik menjadi Rp1.000.000 pada pukul 18.35 WIB.| Warga Jl. Melati No. 5 protes.";
    ends_a_sentence_behind_a_date: "Acara digelar Selasa, 8 Februari 2022.| Ribuan orang datang pada 10 Feb. 2022 malam.";
    starts_a_sentence_with_a_number: "Hujan turun deras.| 15 rumah terendam.";
    dkk_may_end_a_sentence: "Polisi memeriksa Budi dkk.| Mereka ditahan.| Berkas Budi dkk. sudah lengkap.";
    keeps_abbreviations_in_a_row: "Gas dijual kepada Sinar Co. Ltd. pada 1973.| Laba naik.";
    keeps_tbk_before_its_code: "Laba PT Maju Jaya Tbk. (MAJU) naik.| Saham PT Maju Jaya Tbk. turun.";
    attribution_stays_with_the_quotation: "\"Kami siap,\" kata Budi.| \"Benarkah?\" tanya Sari.| \"Awas!\" teriak warga.";
    sentences_in_a_quotation_are_split: "\"Harga naik.| Stok aman,\" kata Budi.";
    curly_quotes_stay_with_their_sentence: "“Harga naik.”| “Stok aman,” kata Budi.| Ia tersenyum.”";
    ellipsis_goes_on_in_lower_case: "Semua pihak ... guna mencapai damai harus maju.| \"Saya... tidak tahu,\" ujarnya.";
    ellipsis_ends_before_a_capital: "Kami menunggu…| Dia datang.";
    a_glued_stop_ends_a_sentence: "Stadion penuh.|Rasnal tampil baik.|Menurut dia, \"Kami puas.\"|Semua senang.";
    a_glued_quote_ends_a_sentence: "“Ini hal tertentu.”|Dia lalu pergi.|“Kami ikut,” kata Ani.";
    a_straight_quote_opens_or_closes_by_what_stands_open: "Warga mengeluh.|\"Kami lelah,\" kata Budi.|\"Air kotor.\"|Petugas datang.";
    addresses_are_no_sentence_ends: "Dikutip dari detik.com, Liputan6.com, Kompas.com, dan KONTAN.CO.ID.| Tulis ke redaksi@contoh.co.id atau https://contoh.id/Berita.Baru?x=1 segera.";
    degrees_with_inner_stops: "Ani Susanti, S.H., M.H., menang.| Budi, S.Pd. M.Si. kalah.| Alamatnya No.5.";
    a_comma_joins_paragraphs: "Ekspor masih kecil.,|\"Kami genjot,\" kata Kasim.,|Ia optimistis.";
    a_comma_and_a_blank_join_paragraphs: "Dana tersalur Rp 5 triliun. ,| Hal itu disampaikan Ani, S.H., M.H., kemarin.,| \"Sudah cair,\" katanya.";
    a_comma_before_a_closing_quote_joins_nothing: "\"Setuju?,\" kata Budi.| \"Kami ubah aturannya.,\" katanya.";
    a_letter_of_reference_follows_its_number: "Ia merujuk Surat No. S-115/MK/1985 kemarin.| Surat itu berlaku.";
    a_stop_before_a_glued_quotation: "Ia mengatur segala hal.|“Dia tidak bisa sendiri,” kata Budi.";
    an_address_ends_before_a_glued_sentence: "Daftar di https://contoh.id/daftar-s2.|Ikuti kami di sana.| Baca https://contoh.id/Berita.Baru?x=1 lagi.";
    a_list_in_a_sentence_keeps_its_numbers: "Tuntutannya: 1. Cabut Perpres No. 27 Tahun 2026; 2. Potong tarif.| Skornya 2: 1.| Warga puas.";
    a_glued_list_keeps_its_numbers: "Ia merangkap sebagai:1. Pejabat daerah.|2. Ketua yayasan.";
    a_question_to_the_reader_ends_before_lower_case: "Lalu bagaimana caranya?| berikut langkahnya.";
    enumerations_keep_their_number: "Berikut langkahnya: 1. Siapkan tepung.| 2. Tuang air.| 3. Aduk rata.";
    a_name_with_an_exclamation_mark: "Menurut Yahoo! Finance, saham naik.| Yahoo! Sports setuju.";
    brackets_stay_together: "Ia (lahir di Solo. Kini tinggal di Bogor) menang.| (Ia tidak hadir.)| Selesai.";
    guillemets_are_quotation_marks: "«Harga naik.| Stok aman,» kata Budi.| «Kami siap.»| Ia pergi.| ‹Baik.›| Semua senang.";
    low_quotation_marks: "„Harga naik.“| Ia pergi.| „Kami siap“, kata Budi.| ‟Baik.”| Semua senang.";
    the_same_mark_on_both_sides: "Ia pergi.| ”Kami siap.” |Ani ikut.| ”Stok aman,” kata Budi.| Semua senang.";
    an_opening_mark_that_closes: "“Harga naik,“ kata Budi.| “Kami siap.“| Ia pergi.";
    two_apostrophes_are_one_mark: "''Harga naik.| Stok aman,'' kata Budi.| ''Kami siap.''| Ia pergi.| ``Baik,'' katanya.";
    single_marks_stay_with_their_sentence: "‘Harga naik.’| ‘Stok aman,’ kata Budi.| 'Kami siap.'| Ia pergi.| Jum'at itu hujan.";
    a_quotation_in_a_quotation: "“Ia bilang, ‘Awas!’ lalu pergi,” kata Budi.| “Kata ‘siap’ itu aneh.”| Ia tertawa.";
    a_question_in_guillemets_goes_on: "«Siapa?» tanya Budi.| »Saya!« jawab Ani.| Semua diam.";
    abbreviations_in_capitals: "RAPAT DIPIMPIN PROF. DR. SUTARNO DI JL. MELATI.| HADIR PULA LETJEN. BAMBANG DAN BUDI DKK.| SEMUA SENANG.";
    abbreviations_in_small_letters: "Rumahnya di jl. Melati gg. Mawar kec. Barat.| Hadir prof. Ani dan dr. Budi.| Ia tinggal di kab. Timur.";
    letters_that_count_off: "a. Siapkan tepung.| b. Tuang air.| c. Aduk rata.";
    bullets_open_items: "Syaratnya: |• KTP asli |• Surat izin.| ▪ Dua foto.";
    a_dash_inside_a_sentence_opens_no_item: "Budi - kakak Ani - menang.| Ia senang.";
    shouts_and_dots: "Hujan!..| Semua lari.| Benarkah?!| Ya!!!| Tunggu ...!| Kami datang.| Masa?..| Ia ragu.";
    ellipsis_within_a_quotation: "“Saya…” katanya.| “Saya ... entahlah.”| Ia diam . . . lalu pergi.";
    a_heading_glued_to_its_sentence: "Warga Mengungsi ke Balai|Sebanyak 20 orang sakit.| Harga NaikMenara itu tinggi.| Film BeritaSatu tayang.";
    a_name_with_an_inner_capital_is_no_heading: "Program SehatBersama dan CerdasBersama diluncurkan.| LSM BinaMasyarakat hadir.";
    handles_tags_and_addresses_have_inner_capitals: "Akun @InfoSetelah dan #SiapaMenurut ramai.| Situs www.IndonesiaUntuk.id, KabarSetiap.com, dan a.id/KabarSelama tutup.|Warga lari.|Perbesar|Tahun ini surut.";
    a_comma_behind_a_degree_goes_on: "Acara itu dihadiri Budi Santoso, M.Si., Kepala Dinas Kesehatan.| Ani, S.H., Kapolres Bogor, hadir.";
    a_comma_behind_degrees_in_a_row_goes_on: "Budi, SE., MM., Ketua Dewan, tiba.| Ani, ST., MT., Sekretaris, absen.| Umar, Lc., MA., Imam Besar, pulang.";
    a_comma_behind_rarer_degrees_goes_on: "Ani, S.E., Ak., M.Si., Direktur, dan Umi, S.Kep., Ns., Kepala Ruang, hadir.| Budi, S.Farm., Apt., Ketua.";
    a_comma_behind_degrees_of_no_list_goes_on: "Eko, AP., M.Si., Bupati, dan Sri, M.Sc., Ph.D., Rektor, hadir.| Dr. Joko, Sp.OG(K)., Direktur RS, absen.| Ani, M. Si., Kepala Dinas, pulang.";
    a_comma_behind_an_abbreviation_goes_on: "Budi dkk., Universitas Tolare, dan beras, gula dll., Bulog, menanti.| Ia di Washington, D.C., Amerika Serikat.| Saham PT Maju Tbk., Jakarta, dan Sinar Sdn. Bhd., Malaysia, naik.";
    a_comma_behind_a_title_with_a_mark_goes_on: "Lagu \"Kenapa?\", Budi, dan konser \"Kita Bisa!\", Jakarta, ramai.| Lomba Ayo Menari!, Tolare, usai.| Judulnya \"Siapa?\", \"Kapan?\".";
    a_comma_before_a_speech_goes_on: "Menurut Budi, S.H., \"Kami siap.\"| Mereka Budi dkk.,|\"Kami siap,\" katanya.";
    a_comma_joins_paragraphs_behind_capitals_and_addresses: "Mereka pelaku UMKM.,|Menurut Ani, mereka siap.| Foto dari kompas.com.,|Ia pergi.| Suhunya 30 C.,|Warga lari.";
    a_stop_between_articles_of_law: "Ia dijerat Pasal 340 jo. Pasal 55 KUHP.| Lebih subs. Pasal 127 UU Narkotika jis. Pasal 2.| Rumput dibawa ke JIS.| Perawatan dimulai.| Ia bertemu Jo.| Mereka makan.";
    a_case_keeps_its_number: "Perkara nomor 12/Pid.Sus/2025/PN Jkt.Pst digelar.| Nomor 12/Pdt.Sus-PKPU/2024/PN.Niaga.Jkt.Pst dicabut.| Sidang di PN Jkt.Sel.| Hakim hadir.";
    numbers_with_a_slash_before_a_glued_stop: "Harga cabai Rp5.000/kg.|Warga mengeluh pada 12/5/2025.|Ani tertular HIV/AIDS.|Budi menabung 10 kg/keluarga/bulan.|Siti tidak.";
    numbered_places: "Jalan raya KM. 25 macet.| Warga RT. 05 RW. 03 mengeluh di Jl. Raya No. 5, RT. 01/RW. 02.| Ia menemui ketua RT.| Warga senang.";
    ships: "Kapal KM. Sinar Jaya, KMP. Tunu, dan MV. Ocean Star berlayar.| Jaraknya 5 KM.| Kapal itu karam.";
    abbreviations_of_places: "Buka s/d. 12.00 di Kep. Seribu, Perum. Griya, dan Gd. Merdeka.| Ia pegawai Gol. III/a di sini.";
    initials_that_look_like_other_things: "Pahlawan R.A. Kartini dikenang.| A.M. Hendropriyono dan A.M. Fatwa ke Jalan A.M. Sangaji.| A.S. Panji tiba.";
    initials_that_look_like_degrees: "S.M. Kartosuwiryo memberontak.| Novel S.H. Mintardja laris.| Penulis S.H. Mintardja, sastrawan, S.M. Ardan, hadir.| Ia di Jalan MH. Thamrin.";
    names_told_off_are_no_degrees: "Hadir pula Budi, M.T. Arifin, dan Ani.| Mereka pulang.";
    times_and_eras_end_a_sentence_behind_a_number: "Toko buka 10 A.M.| Pembeli antre.| Candi itu dari 300 S.M.| Peneliti menggali.| Kisah Nabi Muhammad S.A.W.| Umat membacanya.";
    degrees_without_blanks: "Kepala Dinas Budi Santoso,M.Si hadir.| Budi,S.Pd.,M.Pd absen.| Ani Susanti,Sp.PD pulang.| Umi,S.I.Kom hadir.| Ani, S.I.Kom., dan Joko, M.H.|Hujan turun.| Naik 1,5.| Mereka senang.";
    titles_without_blanks: "Hadir Drs.H.Budi Santoso dan Prof.Dr.H.Amir serta H.Drs.Umar.| Mobil No.Pol. B 1234 hilang.";
    fields_of_doctors: "dr. Budi, Sp. OG di rumah.| dr. Ani, Sp. A (K) dan dr. Umi, Sp. JP. hadir.| Budi, MARS. menjelaskan hal itu.";
    hospitals: "Ia dirawat di RSUD. Soetomo.| Korban dibawa ke RSUD.| Polisi menyelidiki.| Ia di RS.| Namun, ia sehat.";
    letters_for_a_name: "Pelaku berinisial R.| Korban mengenalnya.| Ia berinisial A.S.| Edy mengaku.| Ia berinisial A. S.| Korban diam.";
    a_sum_ends_a_sentence: "Denda Rp 1 M.| Jaksa banding.| Rp. 1,5 M.| Ani membayar.| Pada 2019 M. Nasir menjabat.| Pemain 10 M. Saleh absen.";
    degrees_of_letters_end_a_sentence: "Rapat dipimpin Budi, S.H., M.H.| Rapat selesai.| Ani, M.M.| Kegiatan usai.| Budi, SE, MT.| Hujan turun.| Ani, S.H. M.H.| Hujan reda.| Hadir Umi, S.H., M.H. Direktur Sinar.";
    a_lower_case_start_behind_a_full_stop: "Begitu kata dokter Sari di rumah sakit.| dr Budi menambahkan hal lain.";
}

#[test]
fn a_sub_heading_is_a_sentence_of_its_own() {
    let text = "Hujan turun di Bogor.\nWarga Mengungsi ke Balai Desa\nAir naik cepat. Warga cemas.";
    let sentences = split(text);
    let found: Vec<_> = sentences.iter().map(|s| (s.span.of(text), s.paragraph, s.kind)).collect();
    assert_eq!(
        found,
        [
            ("Hujan turun di Bogor.", 0, SentenceKind::Text),
            ("Warga Mengungsi ke Balai Desa", 1, SentenceKind::Heading),
            ("Air naik cepat.", 2, SentenceKind::Text),
            ("Warga cemas.", 2, SentenceKind::Text),
        ]
    );
}

#[test]
fn a_line_broken_around_a_link_is_one_sentence() {
    let text = "Gubernur Jakarta\nPramudya Agung\nmenyatakan wacana penerapan\nMalam Tanpa Mobil\n(MTM) dikaji, dikutip dari\nHarian Kota\n.\nIa belum memutuskan.";
    let sentences = split(text);
    assert_eq!(sentences.len(), 2, "{:?}", texts(text));
    assert_eq!((sentences[0].paragraph, sentences[1].paragraph), (0, 1));
    assert!(sentences.iter().all(|sentence| sentence.kind == SentenceKind::Text));
}

/// The lines of `text` that stand alone, as they are found.
fn joined(text: &str) -> Vec<String> {
    texts(text).into_iter().map(|sentence| sentence.replace('\n', "/")).collect()
}

#[test]
fn several_links_in_a_row_are_one_sentence() {
    let text = "JAKARTA, CONTOH.com -\nGubernur\nJakarta\nPramudya Agung\nyakin menang.\nIa siap.";
    assert_eq!(
        joined(text),
        ["JAKARTA, CONTOH.com -/Gubernur/Jakarta/Pramudya Agung/yakin menang.", "Ia siap."]
    );
}

#[test]
fn a_short_line_behind_a_comma_ends_the_sentence_before() {
    let text = "Bayi itu dirawat, dilansir\nkabarBali,\nRabu (14/5/2025).\nIa sehat.";
    assert_eq!(joined(text), ["Bayi itu dirawat, dilansir/kabarBali,/Rabu (14/5/2025).", "Ia sehat."]);
}

#[test]
fn links_in_lower_case_run_on() {
    assert_eq!(
        joined("Baca selengkapnya di\nsini\ndan di\nsini\n."),
        ["Baca selengkapnya di/sini/dan di/sini/."]
    );
}

#[test]
fn players_and_credits_stand_alone() {
    let text = "Lihat juga video: Banjir Bogor Surut\n[Gambas:Video]\n(abc/def)\nbanjir";
    assert_eq!(
        joined(text),
        ["Lihat juga video: Banjir Bogor Surut", "[Gambas:Video]", "(abc/def)", "banjir"]
    );
}

#[test]
fn a_link_before_a_capital_runs_on_where_links_break_lines() {
    let text = "Pabrik itu\nhari ini\n, di Karawang, setelah menunggu lama sekali dan melalui banyak uji coba di jalan, resmi meluncurkan\nMotor Baru XR\nRS Hibrida, model pertama mereka.\nWarga antre.";
    assert_eq!(joined(text).len(), 2, "{:?}", joined(text));
}

#[test]
fn headlines_and_captions_run_into_nothing_where_links_break_lines() {
    let text = "Warga\nBogor\n, yang menunggu lama, senang.\nIlustrasi ponsel baru yang dijual di banyak toko di kota itu sejak pekan lalu dan laris\nSistemnya sudah diperbarui oleh pembuatnya.\nPT Contoh Rampungkan Proyek Penataan Kawasan Benteng di Ambarawa, Jawa Tengah, dan Sekitarnya Tahun Ini\nWarga Fokus Menanam Padi Ladang pada 2025 di Lereng Gunung\nPetani Senang\nMereka panen.";
    assert_eq!(joined(text).len(), 7, "{:?}", joined(text));
}

#[test]
fn a_short_name_before_a_link_is_no_heading_where_the_sentence_goes_on() {
    assert_eq!(
        joined(
            "Ia kalah.\nSkor\nJepang vs Indonesia\nadalah 6-0.\nRafi Haikal\n(21), seorang pelajar, kecewa."
        ),
        ["Ia kalah.", "Skor/Jepang vs Indonesia/adalah 6-0.", "Rafi Haikal/(21), seorang pelajar, kecewa."]
    );
}

#[test]
fn a_line_that_opens_with_the_wrong_quote_starts_a_sentence() {
    assert_eq!(
        joined("Ia baru bergabung.\n”Ya, kami senang,” katanya."),
        ["Ia baru bergabung.", "”Ya, kami senang,” katanya."]
    );
}

#[test]
fn a_line_that_ends_with_a_letter_and_a_stop_is_closed() {
    let text = "Mereka pergi ke bekas Galian C.\nDi sana ramai.";
    assert_eq!(joined(text).len(), 2);
    assert!(split(text).iter().all(|sentence| sentence.kind == SentenceKind::Text));
}

#[test]
fn credits_captions_and_long_clauses_are_no_headings() {
    for line in [
        "Contoh.com/akunresmi",
        "Gadis Kopi (dramaku.com)",
        "Foto: Dok. Contoh",
        "Pelatih: Jaka Purnama",
        "Lalu petugas memeriksa tersangka dan menyita barang bukti milik Budi",
    ] {
        let text = format!("Hujan turun deras.\n{line}\nWarga mengungsi ke balai desa.");
        assert!(split(&text).iter().all(|sentence| sentence.kind == SentenceKind::Text), "{line}");
    }
    let text = "Hujan turun deras.\nPenyebab kebakaran masih diselidiki\nWarga mengungsi ke balai desa.";
    assert!(split(text).iter().any(|sentence| sentence.kind == SentenceKind::Heading));
}

#[test]
fn a_year_on_its_own_line_ends_the_sentence_before() {
    assert_eq!(
        joined("Ia lolos ke Piala Asia\n2026.\nIa senang."),
        ["Ia lolos ke Piala Asia/2026.", "Ia senang."]
    );
}

#[test]
fn a_credit_in_brackets_stands_alone() {
    let text = "Warga mengungsi ke balai desa\n(abc/def)\nbanjir bogor";
    assert_eq!(joined(text), ["Warga mengungsi ke balai desa", "(abc/def)", "banjir bogor"]);
}

#[test]
fn a_name_that_looks_like_a_connective_ends_a_line() {
    assert_eq!(joined("Sumber: Antara\nTarif itu naik lagi."), ["Sumber: Antara", "Tarif itu naik lagi."]);
}

#[test]
fn a_line_inside_an_open_quotation_runs_on() {
    let text = "“Kilang kami menjamin pasokan\nBBM untuk warga,” kata Budi.";
    assert_eq!(joined(text), ["“Kilang kami menjamin pasokan/BBM untuk warga,” kata Budi."]);
}

#[test]
fn a_number_on_its_own_line_belongs_to_the_next() {
    assert_eq!(joined("1.\nPantai Melati\n2. Bukit Pinus"), ["1./Pantai Melati", "2. Bukit Pinus"]);
}

#[test]
fn a_quotation_that_lost_its_stop_is_no_heading() {
    let text = "Ia pergi.\n\"Kami tunggu,\" tegas dia\nWarga menanti kabar.";
    assert!(split(text).iter().all(|sentence| sentence.kind == SentenceKind::Text));
}

#[test]
fn short_lines_in_a_row_are_a_list_and_no_headings() {
    let text = "Berikut daftarnya:\nBudi Santoso\nAni Wijaya\nCitra Lestari\nSemua hadir di sana.";
    assert_eq!(texts(text).len(), 5);
    assert!(split(text).iter().all(|sentence| sentence.kind == SentenceKind::Text));
}

#[test]
fn no_sentence_crosses_a_removed_part() {
    let text = "Air naik Iklan cepat. Warga cemas.";
    let kept = [Span::new(text, 0, 8).unwrap(), Span::new(text, 15, text.len()).unwrap()];
    let sentences = split_kept(text, &kept);
    let found: Vec<_> = sentences.iter().map(|s| (s.span.of(text), s.paragraph)).collect();
    assert_eq!(found, [("Air naik", 0), ("cepat.", 0), ("Warga cemas.", 0)]);
}

#[test]
fn a_line_whose_start_was_removed_starts_a_paragraph() {
    let text = "Hujan turun.\nIklanWarga cemas.";
    let kept = [Span::new(text, 0, 12).unwrap(), Span::new(text, 18, text.len()).unwrap()];
    let found: Vec<_> = split_kept(text, &kept).iter().map(|s| (s.span.of(text), s.paragraph)).collect();
    assert_eq!(found, [("Hujan turun.", 0), ("Warga cemas.", 1)]);
}

#[test]
fn a_sub_heading_before_a_removed_line_stays_one() {
    let text = "Hujan turun.\nPetani Cemas\nIklan\nMereka menunggu kabar.";
    let kept = [Span::new(text, 0, 25).unwrap(), Span::new(text, 32, text.len()).unwrap()];
    let found: Vec<_> =
        split_kept(text, &kept).iter().map(|s| (s.span.of(text), s.paragraph, s.kind)).collect();
    assert_eq!(
        found,
        [
            ("Hujan turun.", 0, SentenceKind::Text),
            ("Petani Cemas", 1, SentenceKind::Heading),
            ("Mereka menunggu kabar.", 2, SentenceKind::Text),
        ]
    );
}

#[test]
fn nothing_gives_nothing() {
    assert!(texts("").is_empty());
    assert!(texts(" \n\t\u{a0}\n").is_empty());
    assert!(split_kept("Ada teks.", &[]).is_empty());
    assert_eq!(texts("."), ["."]);
}

#[test]
fn ten_megabytes_without_a_space_or_stop_take_no_time() {
    let units = ["a", ".", "(", "\"", ".,", "a.", "A.", "(.", ". ", "\n", "a\n", "...\"", "https://a.B"];
    for (unit, bytes) in units.map(|unit| (unit, 200_000)).into_iter().chain([("a", 10_000_000)]) {
        let text = unit.repeat(bytes / unit.len());
        let start = std::time::Instant::now();
        let _ = split(&text);
        // Unoptimized builds on a busy machine included; anything quadratic would take hours.
        assert!(start.elapsed().as_secs() < 60, "{unit:?} took {:?}", start.elapsed());
    }
}

/// The gold sentences of a treebank joined by blanks, and where they lie; `None` where the data is not at hand.
fn treebank(name: &str) -> Option<(String, Vec<Range<usize>>)> {
    let Some(folder) = std::env::var_os("INTISARI_DATA") else {
        eprintln!("skipped: set INTISARI_DATA to the folder that holds sentences/{name}.sents.txt");
        return None;
    };
    let path = std::path::Path::new(&folder).join(format!("sentences/{name}.sents.txt"));
    let gold: Vec<String> = std::fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect();
    let mut start = 0;
    let place = |sentence: &String| {
        let span = start..start + sentence.len();
        start = span.end + 1;
        span
    };
    Some((gold.join(" "), gold.iter().map(place).collect()))
}

#[test]
fn the_baseline_scores_as_it_was_published_with_the_data() {
    let published = [
        ("id_gsd-dev", "92.22", "81.90"),
        ("id_gsd-test", "93.41", "84.35"),
        ("id_pud-test", "98.56", "95.77"),
    ];
    for (name, boundary, span) in published {
        let Some((text, gold)) = treebank(name) else { return };
        let naive = naive_split(&text);
        let score = |hits: Hits| format!("{:.2}", 100.0 * hits.prf().f1);
        assert_eq!(score(boundary_hits(&text, &naive, &gold)), boundary, "{name}");
        assert_eq!(score(span_hits(&text, &naive, &gold)), span, "{name}");
    }
}

#[test]
fn beats_the_baseline_on_the_development_set() {
    let Some((text, gold)) = treebank("id_gsd-dev") else { return };
    let rules: Vec<Range<usize>> = split(&text).iter().map(|sentence| sentence.span.range()).collect();
    assert!(boundary_hits(&text, &rules, &gold).prf().f1 > 0.954);
    assert!(span_hits(&text, &rules, &gold).prf().f1 > 0.873);
}

fn covers(text: &str, kept: &[Span]) -> Result<(), TestCaseError> {
    let sentences = split_kept(text, kept);
    let mut end = 0;
    let mut paragraph = 0;
    let mut covered = vec![false; text.len()];
    for sentence in &sentences {
        let span = sentence.span;
        prop_assert!(Span::new(text, span.start(), span.end()).is_ok());
        prop_assert!(span.start() >= end && !span.is_empty());
        prop_assert_eq!(span.trimmed(text), span);
        prop_assert!(kept.iter().any(|part| part.contains(span)));
        prop_assert!(sentence.paragraph == paragraph || sentence.paragraph == paragraph + 1);
        covered[span.range()].fill(true);
        (end, paragraph) = (span.end(), sentence.paragraph);
    }
    for part in kept {
        for (offset, character) in part.of(text).char_indices() {
            prop_assert!(
                character.is_whitespace() || covered[part.start() + offset],
                "{:?} at {}",
                character,
                offset
            );
        }
    }
    prop_assert_eq!(sentences, split_kept(text, kept));
    Ok(())
}

/// Fragments of news, so that chance meets the rules more often than with arbitrary characters.
fn newslike() -> impl Strategy<Value = String> {
    let fragment = prop::sample::select(vec![
        "Budi",
        "warga",
        "Dr",
        "M",
        "No",
        "dkk",
        "Tbk",
        "S.H",
        "Kompas.com",
        "2022",
        "1.000",
        "kata",
        "Namun",
        ".",
        ".",
        "?",
        "!",
        "...",
        "…",
        ",",
        ":",
        " ",
        " ",
        " ",
        "\n",
        "\n\n",
        "\r\n",
        "\"",
        "“",
        "”",
        "'",
        "(",
        ")",
        "[",
        "]",
        "-",
        "https://a.id/B",
        "é",
        "\u{a0}",
        "😀",
        "1.",
        "a.",
    ]);
    prop::collection::vec(fragment, 0..40).prop_map(|fragments| fragments.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_string_is_covered_in_order(text in "\\PC*") {
        covers(&text, &[Span::whole(&text)])?;
    }

    #[test]
    fn news_is_covered_in_order(text in newslike(), cuts in prop::collection::vec(0usize..200, 0..6)) {
        covers(&text, &[Span::whole(&text)])?;
        let mut cuts: Vec<usize> = cuts.into_iter().filter(|&cut| text.is_char_boundary(cut)).collect();
        cuts.sort_unstable();
        let kept: Vec<Span> = cuts.chunks_exact(2).map(|pair| Span::new(&text, pair[0], pair[1]).unwrap()).collect();
        covers(&text, &kept)?;
    }

    #[test]
    fn a_sentence_of_words_is_found_again(words in prop::collection::vec("[a-z]{5,9}", 1..12), quoted: bool) {
        let words = words.join(" ");
        let sentence = if quoted { format!("\"Kami {words},\" kata Budi.") } else { format!("Menurut Dr. Ani, {words}.") };
        let text = [sentence.as_str(); 3].join(" ");
        prop_assert_eq!(texts(&text), vec![sentence.as_str(); 3]);
        prop_assert_eq!(texts(&sentence), vec![sentence.as_str()]);
    }
}
