//! Sentence splitting in MB/s, beside the naive baseline in the same run. One thread; the text is written for this.

#![allow(missing_docs)]

use std::hint::black_box;

use criterion::{criterion_group, criterion_main, Criterion, Throughput};
use intisari::eval::sentences::naive_split;
use intisari::sentence::{KeptText, RuleSplitter};
use intisari::Span;

const ARTICLE: &str = "JAKARTA - Pemerintah menaikkan harga pupuk menjadi Rp 2.300 per kilogram mulai Selasa (8/2/2022).\n\
\"Kenaikan ini tidak dapat dihindari. Stok tetap aman,\" kata Dr. M. Sutrisno, S.E., di Jakarta pukul 18.35 WIB.\n\
Petani Cemas\n\
Di Kabupaten Bogor, warga Jl. Melati No. 5 mengaku cemas.\"Kami sudah lama menunggu,\" ujar Siti dkk. kepada wartawan.\n\
Menurut data PT Tani Makmur Tbk. (TANI), penjualan turun 12,5 persen ... namun laba naik.\n";

fn splitters(criterion: &mut Criterion) {
    let text = ARTICLE.repeat(2_000);
    let kept = [Span::whole(&text)];
    let mut group = criterion.benchmark_group("sentence");
    group.throughput(Throughput::Bytes(text.len() as u64)).sample_size(20);
    group.bench_function("rules", |bencher| {
        bencher.iter(|| RuleSplitter::new().split_one(KeptText::new(black_box(&text), &kept)));
    });
    group.bench_function("naive", |bencher| bencher.iter(|| naive_split(black_box(&text))));
    group.finish();
}

criterion_group!(benches, splitters);
criterion_main!(benches);
