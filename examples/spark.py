"""Digests with Spark: the binary as a filter behind `rdd.pipe`, its lines read as a table.

    python3 examples/spark.py [--binary FILE] [--master MASTER] [--output FOLDER] NEWS.jsonl [OPTION …]

Needs PySpark and Java. NEWS is JSON Lines with at least `text`; give every article an `id`, since those without one are named by their place
in a partition. OPTIONs go to `intisari digest`, such as `--fast`. Each partition runs one process; `--threads 1` lets
Spark share the cores. An article that fails is a record `{"id", "error"}`; a binary that cannot start fails the job.
"""

import argparse
import shlex
from pathlib import Path

from pyspark.sql import SparkSession
from pyspark.sql import functions as f
from pyspark.sql.types import ArrayType, StringType, StructField, StructType

ROOT = Path(__file__).resolve().parent.parent

# What this job reads of the lines; docs/document.schema.json has all of it.
SCHEMA = StructType(
    [
        StructField("article", StructType([StructField("id", StringType())])),
        StructField("summary", StructType([StructField("text", StringType())])),
        StructField("clusters", ArrayType(StructType([StructField("name", StringType()), StructField("label", StringType())]))),
        StructField("id", StringType()),
        StructField("error", StringType()),
    ]
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=str(ROOT / "target" / "release" / "intisari"))
    parser.add_argument("--command", default="digest", help="digest, ner, split … (default: digest)")
    parser.add_argument("--master", default="local[2]")
    parser.add_argument("--partitions", type=int, default=2)
    parser.add_argument("--output", help="folder for the lines as they are written")
    parser.add_argument("news")
    args, options = parser.parse_known_args()

    spark = SparkSession.builder.master(args.master).appName("intisari").getOrCreate()
    command = shlex.join([args.binary, args.command, "--quiet", "--threads", "1", *options, "-"])
    articles = spark.sparkContext.textFile(args.news, args.partitions)
    # 1 says that some articles failed, and their records say why; anything else must fail the task.
    checked = shlex.join(["sh", "-c", f"{command}; code=$?; [ $code -le 1 ] || exit $code"])
    lines = articles.pipe(checked, checkCode=True).cache()
    if args.output:
        lines.saveAsTextFile(args.output)
    records = spark.read.schema(SCHEMA).json(lines)
    done = records.where(f.col("error").isNull())
    done.select("article.id", "summary.text").show(5, truncate=80)
    done.select(f.explode("clusters").alias("cluster")).groupBy("cluster.label", "cluster.name").count().orderBy(f.desc("count")).show(10)
    failed = records.where(f.col("error").isNotNull())
    failed.select("id", "error").show(5, truncate=100)
    print(f"{done.count()} digests, {failed.count()} failures")
    spark.stop()


if __name__ == "__main__":
    main()
