//! Articles in small: names as a recognizer would find them, and the groups that a reader would make.

use super::*;
use crate::document::Span;

/// Marks in the text: `[P Budi]` is a person, `L` a place, `O` an organization; `/` ends a sentence.
fn grouped(marked: &str) -> Vec<Vec<String>> {
    let (text, mentions) = parse(marked);
    let (entities, clusters) = group(&text, mentions);
    for (index, entity) in entities.iter().enumerate() {
        let cluster = entity.cluster.unwrap();
        assert!(clusters[cluster].mentions.contains(&index));
        assert_eq!(clusters[cluster].label, entity.label);
    }
    clusters
        .into_iter()
        .map(|cluster| std::iter::once(cluster.name).chain(cluster.aliases).collect())
        .collect()
}

fn parse(marked: &str) -> (String, Vec<Mention>) {
    let (mut text, mut spans, mut sentence) = (String::new(), Vec::new(), 0);
    let mut rest = marked;
    while let Some(at) = rest.find(['[', '/']) {
        text.push_str(&rest[..at]);
        if rest[at..].starts_with('/') {
            sentence += 1;
            rest = &rest[at + 1..];
            continue;
        }
        let label = match &rest[at + 1..at + 2] {
            "P" => Label::Per,
            "L" => Label::Loc,
            _ => Label::Org,
        };
        let end = at + rest[at..].find(']').unwrap();
        let start = text.len();
        text.push_str(&rest[at + 3..end]);
        spans.push((start, text.len(), label, sentence));
        rest = &rest[end + 1..];
    }
    text.push_str(rest);
    let mention = |&(start, end, label, sentence): &(usize, usize, Label, usize)| Mention {
        span: Span::new(&text, start, end).unwrap(),
        label,
        score: 0.9,
        sentence,
        value: None,
    };
    let mentions = spans.iter().map(mention).collect();
    (text, mentions)
}

/// Each expected group: canonical name first, then its other names.
fn check(marked: &str, expected: &[&[&str]]) {
    assert_eq!(grouped(marked), expected, "{marked}");
}

#[test]
fn links_a_surname_to_the_full_name() {
    check(
        "[P Emmanuel Macron] tiba di [L Paris]. / Sebelumnya [P Macron] di [L Kiev]. / [P Macron] pulang.",
        &[&["Emmanuel Macron", "Macron"], &["Paris"], &["Kiev"]],
    );
    check("[P Macron] bicara. / Presiden [P Emmanuel Macron] pulang.", &[&["Emmanuel Macron", "Macron"]]);
}

#[test]
fn sets_a_title_inside_a_mention_aside() {
    check("[P Presiden Ratna Siregar] tiba. / [P Ratna] pulang.", &[&["Ratna Siregar", "Ratna"]]);
    check("[P Pak Budi] tiba. / [P Budi] pulang.", &[&["Budi"]]);
}

#[test]
fn reads_abbreviations_in_brackets() {
    check(
        "[L Amerika Serikat] ([L AS]) dan [O Komisi Pemilihan Umum] ([O KPU]). / [O KPU] di [L AS].",
        &[&["Amerika Serikat", "AS"], &["Komisi Pemilihan Umum", "KPU"]],
    );
    check(
        "[O Kementerian Hukum dan HAM] ([O Kemenkumham]) / [O Kemenkumham].",
        &[&["Kementerian Hukum dan HAM", "Kemenkumham"]],
    );
    check("[P Joko Santoso] ([P Josan]) / [P Josan].", &[&["Joko Santoso", "Josan"]]);
    check("[P Rini Wulandari] alias [P Mawar] / [P Mawar]", &[&["Rini Wulandari", "Mawar"]]);
    check("[L Bandung] ([L Jawa Barat])", &[&["Bandung"], &["Jawa Barat"]]);
    check("[P Rudi] ([O Persikota])", &[&["Rudi"], &["Persikota"]]);
}

#[test]
fn an_abbreviation_in_brackets_is_no_person() {
    let expected: &[&[&str]] = &[&["Wahana Lingkungan Hidup Indonesia", "Walhi"]];
    for (near, far) in [("P", "P"), ("O", "P"), ("P", "O")] {
        let brackets = format!("[O Wahana Lingkungan Hidup Indonesia] ([{near} Walhi]) hadir.");
        check(&format!("{brackets} / [{far} Walhi] menilai."), expected);
    }
    check("[O Kementerian Kesehatan] ([P Kemenkes]).", &[&["Kementerian Kesehatan", "Kemenkes"]]);
    // A party behind its member, a person behind a club, a name that takes no letters.
    check("[P Prabu Santoso Indra] ([O PSI])", &[&["Prabu Santoso Indra"], &["PSI"]]);
    check("[O Juventus] ([P Jens])", &[&["Juventus"], &["Jens"]]);
    check("[O Dinas Kesehatan] ([P Rini])", &[&["Dinas Kesehatan"], &["Rini"]]);
}

#[test]
fn reads_abbreviations_without_brackets() {
    check("[L Jawa Barat] banjir. / Warga [L Jabar] mengungsi.", &[&["Jawa Barat", "Jabar"]]);
    check("[O Perserikatan Bangsa-Bangsa]. / [O PBB] rapat.", &[&["Perserikatan Bangsa-Bangsa", "PBB"]]);
    check("Pejabat [O AS]. / Militer [L Amerika Serikat].", &[&["Amerika Serikat", "AS"]]);
}

#[test]
fn joins_spelling_variants_of_one_person() {
    check(
        "[P Volodymyr Zelensky] bicara. / [P Zelensky] pulang. / Lalu [P Volodymyr Zelenskiy]. / [P Zelenskiy].",
        &[&["Volodymyr Zelensky", "Zelensky", "Volodymyr Zelenskiy", "Zelenskiy"]],
    );
    check("[P Zelensky] pulang. / [P Zelenskiy] bicara.", &[&["Zelensky", "Zelenskiy"]]);
    check(
        "[P Fredrik Yunandi] hadir. / [P Fedrik Yunandi] bicara.",
        &[&["Fredrik Yunandi", "Fedrik Yunandi"]],
    );
    check("[P M. Nasrun] hadir. / [P Mohamad Nasrun] bicara.", &[&["M. Nasrun", "Mohamad Nasrun"]]);
}

#[test]
fn keeps_similar_people_apart() {
    check("[P Dewa Saputra] / [P Dewi Saputra]", &[&["Dewa Saputra"], &["Dewi Saputra"]]);
    check("[P Sulaiman] dan [P Sulaeman] hadir.", &[&["Sulaiman"], &["Sulaeman"]]);
    check("[P Joko Widagdo] / [P Joko Wibagso]", &[&["Joko Widagdo"], &["Joko Wibagso"]]);
}

#[test]
fn gives_a_shared_surname_to_the_person_named_last() {
    check(
        "[P Donald Karter] tiba. / [P Karter] pulang. / [P Ivana Karter] menyusul.",
        &[&["Donald Karter", "Karter"], &["Ivana Karter"]],
    );
    check(
        "[P Togar Sihombing] dan [P Ruli Sihombing]. / [P Sihombing] bicara.",
        &[&["Togar Sihombing"], &["Ruli Sihombing", "Sihombing"]],
    );
    check(
        "[P Karter] bicara. / [P Donald Karter] tiba. / [P Ivana Karter] menyusul.",
        &[&["Karter"], &["Donald Karter"], &["Ivana Karter"]],
    );
}

#[test]
fn words_between_two_people_make_them_one_only_where_they_say_so() {
    for marked in [
        "Warga memilih [P Wijaya] atau [P Gunadi].",
        "Duel [P Karter] atau [P Baldan] ketat. / [P Baldan] unggul.",
        "[P Mega] yang disebut [P Jokonowo] sebagai guru. / Lalu [P Jokonowo] pulang.",
        "[P Mega] yang dipanggil [P Jokonowo] datang.",
        "[P Mega] kerap disebut [P Jokonowo] guru.",
        "[P Robison] ([P Simikas]), [P Van Duk], [P Konata] ([P Gomes])",
        "[P Andi Robison] ([P Simikas]), [P Emil Konata] ([P Gomes])",
        "[P Andi Robison] ([P Simikas]). / [P Simikas] menggantikan [P Andi Robison].",
    ] {
        assert!(grouped(marked).iter().all(|names| names.len() == 1), "{marked}: {:?}", grouped(marked));
    }
    for (marked, expected) in [
        ("[P Joko Widagdo] atau [P Jokowi] / [P Jokowi]", &["Joko Widagdo", "Jokowi"][..]),
        ("[P Rini Wulandari] atau akrab disapa [P Mawar] / [P Mawar]", &["Rini Wulandari", "Mawar"]),
        ("[P Rini Wulandari], yang akrab disapa Mbak [P Mawar], / [P Mawar]", &["Rini Wulandari", "Mawar"]),
        ("[P Rini Wulandari] biasa dipanggil \"[P Mawar]\" / [P Mawar]", &["Rini Wulandari", "Mawar"]),
        ("[P Basuki Purnama] ([P Ahok]) hadir. / [P Ahok] pulang.", &["Basuki Purnama", "Ahok"]),
        ("[P Basuki Purnama] ([P Ahok]) dan [P Susilo Yuwono] ([P SY]).", &["Basuki Purnama", "Ahok"]),
    ] {
        assert_eq!(grouped(marked).first().unwrap(), expected, "{marked}");
    }
    check("[O Bank Rakyat Angin] atau [O BRA] / [O BRA]", &[&["Bank Rakyat Angin", "BRA"]]);
    check(
        "[O BRAN] atau [O BRA] / [L Jawa Barat] atau [L Jawa]",
        &[&["BRAN"], &["BRA"], &["Jawa Barat"], &["Jawa"]],
    );
}

#[test]
fn a_married_name_is_not_the_husbands() {
    check(
        "Presiden [P Joko Widagdo] dan Ibu Negara [P Iriana Joko Widagdo] tiba. / [P Jokowi] senang. / [P Widagdo] bicara. / \
         [P Iriana] pulang.",
        &[&["Joko Widagdo", "Jokowi", "Widagdo"], &["Iriana Joko Widagdo", "Iriana"]],
    );
    check(
        "[P Anas Baswedi] dan istrinya, [P Fery Farida Anas Baswedi], hadir. / [P Anas] bicara. / [P Fery] pulang.",
        &[&["Anas Baswedi", "Anas"], &["Fery Farida Anas Baswedi", "Fery"]],
    );
    for marked in [
        "[P Siti Aminah] (35) dan anaknya, [P Aminah] (5), selamat. / [P Aminah] dirawat.",
        "[P Siti Aminah], warga [L Garut], membawa anaknya, [P Aminah]. / [P Aminah] dirawat.",
        "Istri [P Anas Baswedi], [P Fery Anas Baswedi], hadir.",
        "[P Joko Widagdo] didampingi Ibu Negara [P Iriana Joko Widagdo].",
        "[P Joko Widagdo] bersama [P Iriana Joko Widagdo].",
        "[P Siti Aminah] dan [P Rudi] membawa anaknya, [P Aminah].",
    ] {
        let people = grouped(marked);
        assert!(people.iter().all(|names| names.len() == 1), "{marked}: {people:?}");
    }
    // The same person in two sentences, or with other words between.
    check(
        "[P Siti Nur Aminah] tiba. / [P Nur Aminah] dan anaknya pulang.",
        &[&["Siti Nur Aminah", "Nur Aminah"]],
    );
    check("[P Emil Makaron] tiba dan [P Makaron] bicara.", &[&["Emil Makaron", "Makaron"]]);
}

#[test]
fn ages_tell_two_people_apart() {
    check(
        "AKBP [P Andi Pratama] mengatakan korban bernama [P Andi] (25) tewas. / [P Andi] warga [L Garut].",
        &[&["Andi Pratama"], &["Andi"], &["Garut"]],
    );
    check(
        "[P Rudi] (34) ditangkap di rumah [P Rudi Hartono] (40). / [P Rudi] mengaku.",
        &[&["Rudi"], &["Rudi Hartono"]],
    );
    check(
        "Kata [P Andi Pratama], [P Andi] (25) tewas. / [P Andi] warga desa.",
        &[&["Andi Pratama"], &["Andi"]],
    );
    check("Kata [P Andi Pratama], ya. / Korban, [P Andi] (25), tewas.", &[&["Andi Pratama"], &["Andi"]]);
    check("[P Jeri Powala] terpilih. / [P Powala] (64) bankir.", &[&["Jeri Powala", "Powala"]]);
    check("[P Ratna Siregar] (34) tiba. / [P Ratna] (34) pulang.", &[&["Ratna Siregar", "Ratna"]]);
    check("[P Rudi] (34) ditangkap. / [P Rudi Hartono] mengaku.", &[&["Rudi Hartono", "Rudi"]]);
    check("[P Suparman] (50) tiba. / [P Supharman] (48) pulang.", &[&["Suparman"], &["Supharman"]]);
    check("[P Andi Pratama] tiba. / Kata [P Andi] (22/5), ya.", &[&["Andi Pratama", "Andi"]]);
}

#[test]
fn two_spellings_in_one_sentence_stay_two_wherever_a_third_stands() {
    check(
        "[P Sulaiman] dan [P Sulayman] ditangkap. / [P Sulajman] membantu.",
        &[&["Sulaiman", "Sulajman"], &["Sulayman"]],
    );
    check("[P Suparno] dan [P Supardo] / [P Suparto]", &[&["Suparno"], &["Supardo"], &["Suparto"]]);
    check("[P Wahyudi] (40). / Istrinya, [P Wahyuni]", &[&["Wahyudi"], &["Wahyuni"]]);
}

#[test]
fn an_initial_that_fits_two_people_fits_none() {
    check(
        "[P Ahmad Rizki] (25) dan [P Ahmad Ridwan] (30) / [P Ahmad R.]",
        &[&["Ahmad Rizki"], &["Ahmad Ridwan"], &["Ahmad R."]],
    );
    check(
        "[P Ahmad Rizki] / [P Ahmad Ridwan Kamal] / [P Ahmad R.]",
        &[&["Ahmad Rizki"], &["Ahmad Ridwan Kamal"], &["Ahmad R."]],
    );
    check(
        "[P Ahmad Ridwan] / [P Ahmad Ridwan Kamal] / [P Ahmad R.]",
        &[&["Ahmad Ridwan Kamal", "Ahmad Ridwan", "Ahmad R."]],
    );
}

#[test]
fn a_street_is_not_the_person_it_is_named_after() {
    let (text, mentions) =
        parse("Kata [P Slamet Riyanda], ya. / Jalan [P Slamet Riyanda] ditutup. / [P Slamet] pulang.");
    let (entities, clusters) = group(&text, mentions);
    assert_eq!(clusters.len(), 2);
    assert!(entities[0].cluster == entities[2].cluster && entities[0].cluster != entities[1].cluster);
}

#[test]
fn knows_the_parts_of_indonesian_names() {
    // A single name; Batak; Balinese; with `bin`.
    check("[P Sutrisno] tani. / Pak [P Sutrisno] panen.", &[&["Sutrisno"]]);
    check(
        "[P Tiurma Lasmaria Simanjuntak]. / [P Tiurma] naik. / [P Lasmaria].",
        &[&["Tiurma Lasmaria Simanjuntak", "Tiurma", "Lasmaria"]],
    );
    check(
        "[P I Wayan Suardana]. / [P Wayan Suardana]. / [P Suardana].",
        &[&["I Wayan Suardana", "Wayan Suardana", "Suardana"]],
    );
    check(
        "[P Ahmad bin Abdullah]. / [P Ahmad]. / [P Abdullah].",
        &[&["Ahmad bin Abdullah", "Ahmad"], &["Abdullah"]],
    );
    check("[P Siti Nur Aini]. / [P Siti Aini] / [P Aini]", &[&["Siti Nur Aini", "Siti Aini", "Aini"]]);
}

#[test]
fn ties_a_company_an_office_or_a_party_to_its_abbreviation() {
    for (marked, expected) in [
        ("[O PT Kereta Api Angin] ([O KAA]) / [O KAA]", &["PT Kereta Api Angin", "KAA"][..]),
        ("[O PT Kereta Api Angin] / [O PT KAA] / [O KAA]", &["PT Kereta Api Angin", "PT KAA", "KAA"]),
        ("[O PT Bank Angin Timur Tbk] ([O BAT])", &["PT Bank Angin Timur Tbk", "BAT"]),
        ("[O PT Bank Angin (Persero) Tbk] atau [O BA] / [O BA]", &["PT Bank Angin (Persero) Tbk", "BA"]),
        ("[O PT Adari Energi Tbk] ([O ADRI]) / [O ADRI]", &["PT Adari Energi Tbk", "ADRI"]),
        ("[O PT Semen Angin] ([O SIG]) / [O SIG]", &["PT Semen Angin", "SIG"]),
        (
            "[O Kementerian Energi dan Sumber Daya Mineral] ([O ESDM]). / [O ESDM]. / [O Kementerian ESDM]",
            &["Kementerian Energi dan Sumber Daya Mineral", "ESDM", "Kementerian ESDM"],
        ),
        (
            "[O Kementerian Pekerjaan Umum] / [O Kementerian PU]",
            &["Kementerian Pekerjaan Umum", "Kementerian PU"],
        ),
        ("[O PDI Perjuangan] / [O PDIP] / [O PDI-P]", &["PDI Perjuangan", "PDIP", "PDI-P"]),
        ("[O PDIP] / [O PDI-P]", &["PDIP", "PDI-P"]),
        ("[O PT Perusahaan Listrik Negara] ([O PLN]) / [O PLN]", &["PT Perusahaan Listrik Negara", "PLN"]),
        ("[O PT Freeport Angin] ([O PTFA]) / [O PTFA]", &["PT Freeport Angin", "PTFA"]),
    ] {
        assert_eq!(grouped(marked), [expected], "{marked}");
    }
    check("[O Partai Angin] ([O Persib])", &[&["Partai Angin"], &["Persib"]]);
    check("[O Semen Angin] ([O SIG]) / [O SIG] melawan [O Semen Angin].", &[&["Semen Angin"], &["SIG"]]);
    check("[O Kementerian BUMN] / [O BUMN]", &[&["Kementerian BUMN"], &["BUMN"]]);
}

#[test]
fn knows_the_forms_of_organizations() {
    check(
        "[O PT Angin Timur Tbk] / [O Angin Timur] / [O PT Angin Timur]",
        &[&["PT Angin Timur Tbk", "Angin Timur", "PT Angin Timur"]],
    );
    check("[O Partai Melati] / [O Melati]", &[&["Partai Melati", "Melati"]]);
    check(
        "[O Kementerian Kesehatan RI] / [O Kementerian Kesehatan]",
        &[&["Kementerian Kesehatan RI", "Kementerian Kesehatan"]],
    );
    check(
        "[O Polda Metro Jaya] / [O Polda] / [O Bank Indonesia] / [O Indonesia]",
        &[&["Polda Metro Jaya", "Polda"], &["Bank Indonesia"], &["Indonesia"]],
    );
    check("[O Real Bahari] / [O Bahari]", &[&["Real Bahari", "Bahari"]]);
    check("[O TNI AD] / [O TNI]", &[&["TNI AD"], &["TNI"]]);
}

#[test]
fn knows_the_forms_of_places() {
    check("[L Kota Bandung] / [L Bandung]", &[&["Kota Bandung", "Bandung"]]);
    check("[L Kota Bogor] / [L Kabupaten Bogor]", &[&["Kota Bogor"], &["Kabupaten Bogor"]]);
    check("[L Jakarta] / [L Jakarta Selatan]", &[&["Jakarta"], &["Jakarta Selatan"]]);
}

#[test]
fn settles_a_name_with_two_labels() {
    let (text, mentions) = parse("[O Persikota] menang. / [P Persikota] unggul. / [O Persikota] juara.");
    let (entities, clusters) = group(&text, mentions);
    assert_eq!(clusters.len(), 1);
    assert!(entities.iter().all(|entity| entity.label == Label::Org));
}

#[test]
fn keeps_an_even_split_of_labels() {
    assert_eq!(grouped("[P Surabaya] tiba di [L Surabaya].").len(), 2);
}

#[test]
fn prefers_a_name_that_is_not_shouted() {
    check("[P RATNA SIREGAR] TIBA / [P Ratna Siregar] tiba.", &[&["Ratna Siregar", "RATNA SIREGAR"]]);
}

#[test]
fn leaves_dates_without_a_cluster() {
    let (text, mut mentions) = parse("[P Senin] ia tiba.");
    mentions[0].label = Label::Date;
    let (entities, clusters) = group(&text, mentions);
    assert!(clusters.is_empty() && entities[0].cluster.is_none());
}

#[test]
fn reads_an_abbreviation_in_brackets_within_a_mention() {
    check(
        "[L Jawa Timur (Jatim)]. / [L Jatim]. / [O Partai Melati (PM)] / [O PM]",
        &[&["Jawa Timur", "Jawa Timur (Jatim)", "Jatim"], &["Partai Melati", "Partai Melati (PM)", "PM"]],
    );
    check(
        "[O Persatuan Melati (PM)] dan [O Partai Mawar (PM)]. / [O PM] / [O Persatuan Melati]",
        &[&["Persatuan Melati", "Persatuan Melati (PM)"], &["Partai Mawar", "Partai Mawar (PM)", "PM"]],
    );
}

#[test]
fn spells_out_offices_ministries_and_regions() {
    check(
        "[O Kejaksaan Negeri Jakarta Selatan]. / [O Kejari Jaksel]. / [O PN Jaksel]",
        &[&["Kejaksaan Negeri Jakarta Selatan", "Kejari Jaksel"], &["PN Jaksel"]],
    );
    check("[O Kemenkes]. / [O Kementerian Kesehatan RI].", &[&["Kementerian Kesehatan RI", "Kemenkes"]]);
    check("[L DKI] / [L DKI Jakarta] / [L Jakarta]", &[&["DKI Jakarta", "DKI", "Jakarta"]]);
    check("[L RI] / [L Indonesia]", &[&["Indonesia", "RI"]]);
    check(
        "[O Dewan Perwakilan Rakyat] / [O DPR RI] / [O DPR]",
        &[&["Dewan Perwakilan Rakyat", "DPR RI", "DPR"]],
    );
}

#[test]
fn joins_an_abbreviation_to_the_longer_place_that_it_begins() {
    check("[L TTS] / [L TTS Selatan]", &[&["TTS Selatan", "TTS"]]);
    check("[L Jawa] / [L Jawa Barat]", &[&["Jawa"], &["Jawa Barat"]]);
}

#[test]
fn keeps_neighboring_units_apart() {
    check(
        "[O Polres Magelang] / [O Polres Magelang Kota]",
        &[&["Polres Magelang"], &["Polres Magelang Kota"]],
    );
    check("[O Hotel Melati] / [O Partai Melati]", &[&["Hotel Melati"], &["Partai Melati"]]);
}

#[test]
fn keeps_a_town_and_its_club_apart() {
    let (text, mut mentions) =
        parse("[O Noordwal] menang di [L Noordwal]. / [O Noordwal] juara. / [O Noordwal].");
    for mention in &mut mentions {
        mention.score = 0.95;
    }
    let (_, clusters) = group(&text, mentions);
    let sizes: Vec<usize> = clusters.iter().map(|cluster| cluster.mentions.len()).collect();
    assert_eq!(sizes, [3, 1]);
}

/// The work is bounded by comparisons, which are counted, not timed.
#[test]
fn names_are_compared_all_with_all_only_where_that_is_little() {
    for count in [0, 1, 100, 1_000, 1_024] {
        assert_eq!(link::reach(count), count, "as many as an article has");
    }
    for count in [1_025, 10_000, 100_000, 1_000_000] {
        let reach = link::reach(count);
        assert!(reach >= 64 && count * reach <= (1 << 20).max(64 * count), "{count}: {reach}");
    }
}

#[test]
fn a_name_is_grouped_with_a_near_one_among_thousands() {
    let text = "Emil Makaron tiba. Makaron pulang.".to_owned();
    let filler: String = (0..3_000).map(|number| format!(" Tokoh{number}x")).collect();
    let text = text + &filler;
    let mut mentions = Vec::new();
    let mut from = 0;
    for word in
        text.split(' ').filter(|word| word.starts_with(char::is_uppercase) && !word.starts_with("Emil"))
    {
        let at = from + text[from..].find(word).unwrap();
        from = at + word.len();
        let start = if mentions.is_empty() { 0 } else { at };
        let span = Span::new(&text, start, from).unwrap();
        mentions.push(Mention::new(span, Label::Per, 0.9, usize::from(!mentions.is_empty())));
    }
    let (_, clusters) = group(&text, mentions);
    assert_eq!(clusters.len(), 3_001);
    assert_eq!(clusters[0].mentions, [0, 1]);
}
