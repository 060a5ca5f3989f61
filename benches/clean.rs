//! Cleaning in MB/s: scraped articles of our own, and text without a single space.

#![allow(missing_docs)]

use criterion::{criterion_group, criterion_main, Criterion, Throughput};
use intisari::clean::{Cleaner, RuleCleaner};

const ARTICLE: &str = "Contoh.com, Ambon - Pemerintah kota membuka pasar malam di tepi pantai pada Sabtu (12/3/2022).\n\
    Baca Juga\n\
    \"Kami ingin pedagang kecil ikut merasakan hasilnya,\" kata Budi Santoso di kantornya, Senin (14/3/2022).\n\
    SCROLL TO CONTINUE WITH CONTENT\n\
    Harga cabai di pasar itu turun menjadi Rp 45.000 per kilogram. Pedagang bernama Siti mengaku senang.\n\
    Baca juga: Harga Beras di Maluku Naik Menjelang Hari Raya\n\
    Pasar itu buka setiap hari pukul 18.00 WIT sampai 23.00 WIT dan dijaga oleh dua puluh petugas.\n\
    [Gambas:Video Contoh]\n\
    (abc/def)\n";

fn clean(c: &mut Criterion) {
    let cleaner = RuleCleaner::default();
    let mut group = c.benchmark_group("clean");
    for (name, text) in [
        ("article", ARTICLE.to_owned()),
        ("long article", ARTICLE.repeat(100)),
        ("1 MB without a space", "BacaJuga:".repeat(120_000)),
    ] {
        group.throughput(Throughput::Bytes(text.len() as u64)).sample_size(20);
        group.bench_function(name, |bencher| bencher.iter(|| cleaner.clean(&[&text])));
    }
    group.finish();
}

criterion_group!(benches, clean);
criterion_main!(benches);
