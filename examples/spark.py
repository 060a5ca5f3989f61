"""Digests with Spark: the binary as a filter behind `rdd.pipe`, or with `--package` the Python package in a pandas UDF.

    python3 examples/spark.py [--binary FILE | --package] [--master MASTER] [--output FOLDER] NEWS.jsonl [OPTION …]

Needs PySpark and Java; `--package` needs `pip install ./python`, pandas and PyArrow. NEWS is JSON Lines with at least `text`; give every article an
`id`, since those without one are named by their place in a partition. OPTIONs go to `intisari digest`, such as `--fast`; with `--package`
they are keywords of `intisari.Pipeline` in JSON, such as `fast=true`. Each partition runs one process with one thread, so that Spark shares
the cores. An article that fails is a record `{"id", "error"}`; a binary that cannot start, or a model that is missing, fails the job.
"""

import argparse
import json
import os
import shlex
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f

ROOT = Path(__file__).resolve().parent.parent

# What this job reads of the lines; docs/document.schema.json has all of it.
SCHEMA = "article struct<id: string>, summary struct<text: string>, clusters array<struct<name: string, label: string>>, id string, error string"


def with_binary(spark: SparkSession, args: argparse.Namespace) -> DataFrame:
    options = ["--quiet", "--threads", "1", "--input-form", "jsonl", "--failures-as-records", *args.options]
    # With failures as records the binary ends with 0, and whatever else it ends with fails the task.
    command = shlex.join([args.binary, args.command, *options, "-"])
    lines = spark.sparkContext.textFile(args.news, args.partitions).pipe(command, checkCode=True)
    return lines.map(lambda line: (line,)).toDF("value string")


def with_package(spark: SparkSession, args: argparse.Namespace) -> DataFrame:
    import pandas

    options = {name: json.loads(value) for name, _, value in (option.partition("=") for option in args.options)}

    @f.pandas_udf("string")
    def digests(batches: Iterator[pandas.Series]) -> Iterator[pandas.Series]:
        import intisari

        pipeline = intisari.Pipeline(threads=1, **options)
        for batch in batches:
            found = pipeline.digest([read(line) for line in batch], errors="return")
            yield pandas.Series([record(one) for one in found])

    def read(line: str) -> object:
        try:
            return json.loads(line)
        except ValueError:
            return None  # which is no article: it fails alone, and says so

    def record(found: object) -> str:
        failed = isinstance(found, Exception)
        return json.dumps({"id": found.article, "error": found.reason}) if failed else found.to_json()

    return spark.read.text(args.news).repartition(args.partitions).select(digests("value").alias("value"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=str(ROOT / "target" / "release" / "intisari"))
    parser.add_argument("--command", default="digest", help="digest, ner, split … (default: digest)")
    parser.add_argument("--package", action="store_true", help="the Python package in place of the binary")
    parser.add_argument("--master", default="local[2]")
    parser.add_argument("--partitions", type=int, default=2)
    parser.add_argument("--output", help="folder for the lines as they are written")
    parser.add_argument("news")
    args, args.options = parser.parse_known_args()

    # Spark's own choice is the first python3 on the path, which need not have the package.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    spark = SparkSession.builder.master(args.master).appName("intisari").getOrCreate()
    start = time.perf_counter()
    lines = (with_package if args.package else with_binary)(spark, args).cache()
    records = lines.select(f.from_json("value", SCHEMA).alias("record")).select("record.*")
    done, failed = records.where(f.col("error").isNull()), records.where(f.col("error").isNotNull())
    print(f"{done.count()} digests, {failed.count()} failures in {time.perf_counter() - start:.1f} s on {args.master}")
    if args.output:
        lines.write.text(args.output)
    done.select("article.id", "summary.text").show(5, truncate=80)
    done.select(f.explode("clusters").alias("cluster")).groupBy("cluster.label", "cluster.name").count().orderBy(f.desc("count")).show(10)
    failed.select("id", "error").show(5, truncate=100)
    spark.stop()


if __name__ == "__main__":
    main()
