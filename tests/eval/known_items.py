#!/usr/bin/env python3
"""How well articles are ranked on Reuters, beside SQLite's FTS5: nDCG@10 of eight kinds of query.

usage: known_items.py SHARED ONRECORD FOLDER [--half tuning|report] [--kinds NAME,NAME]

SHARED    the folder that holds data/reuters21578 and eval/speed (its reader of the stories is used)
ONRECORD  the program that is measured: `query --by article --match any`
FOLDER    for the two indexes, which are made where they are missing, some 60 MB; remove it to have them made anew

Each kind of query is drawn with a seed, and every other query of a kind is kept for the report: weights are set on the
first half (`--half tuning`), and what is told of them is measured on the other (`--half report`, which is the default).

  headline   a headline, for its article without headline and first paragraph
  six        six words of a first paragraph, in order, likewise
  three      three words of one, likewise
  middle     seven words of the paragraph in the middle, in order, for the article without that paragraph
  few        two to five words of an article that 20 to 1,500 articles hold, for that article
  opening    an opening sentence, for the other articles of the rarest of its topics
  like       a headline, likewise
  subject    a subject in words, for the articles filed under it

Articles of the same topics and places as that of the query are worth 2, others of the topic 1. FTS5 is asked for any of
the words, ordered by its `bm25` over headline and body, with words as they are and with Porter's stems.
"""
import argparse
import collections
import gzip
import importlib.util
import json
import math
import pathlib
import random
import re
import sqlite3
import subprocess

SMALL_WORDS = set(
    "a an and as at be by for from her his in is it its of on or that the their this to with said was were has have had "
    "will would not are which but also than more after been he she they mln dlrs pct".split()
)
SUBJECTS = {
    "cocoa": "cocoa", "grain": "grain harvest", "coffee": "coffee exports", "sugar": "sugar beet and cane",
    "gold": "gold mining", "crude": "crude oil production", "trade": "trade deficit", "interest": "interest rates",
    "ship": "shipping", "money-fx": "foreign exchange intervention", "cpi": "consumer prices inflation",
    "gnp": "gross national product growth", "jobs": "unemployment", "bop": "balance of payments",
    "reserves": "foreign currency reserves", "money-supply": "money supply", "nat-gas": "natural gas",
    "copper": "copper prices", "iron-steel": "steel industry", "rubber": "rubber agreement", "cotton": "cotton crop",
    "livestock": "cattle and hogs", "oilseed": "soybeans", "veg-oil": "vegetable oil tax", "alum": "aluminium smelter",
    "tin": "tin council", "silver": "silver mine", "gas": "gasoline prices", "ipi": "industrial production",
    "wpi": "wholesale prices", "retail": "retail sales", "housing": "housing starts", "palm-oil": "palm oil",
    "meal-feed": "soymeal feed", "zinc": "zinc", "lead": "lead smelter", "orange": "orange juice imports",
    "rice": "rice exports", "carcass": "beef and pork", "hog": "hogs", "barley": "barley", "heat": "heating oil",
    "pet-chem": "petrochemicals", "strategic-metal": "uranium and strategic metals", "lumber": "timber lumber tariffs",
    "wool": "wool prices", "tea": "tea auction", "potato": "potatoes", "fuel": "fuel oil",
    "lei": "leading economic indicators", "income": "personal income", "inventories": "business inventories",
    "instal-debt": "consumer credit instalment debt",
}  # fmt: skip

Article = collections.namedtuple("Article", "title paragraphs topics places")
Query = collections.namedtuple("Query", "kind text grades without collection")


def articles(shared):
    """The stories by number, as eval/speed reads them, with what they were filed under."""
    spec = importlib.util.spec_from_file_location("reuters_jsonl", shared / "eval/speed/reuters_jsonl.py")
    reader = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reader)
    found = {}
    for path in sorted((shared / "data/reuters21578").glob("*.sgm.gz")):
        raw = gzip.open(path, "rb").read().decode("latin-1")
        filed = {}
        for story in re.finditer(r'<REUTERS[^>]*NEWID="(\d+)">(.*?)</REUTERS>', raw, re.S):
            lists = [re.search(rf"<{tag}>(.*?)</{tag}>", story[2], re.S) for tag in ("TOPICS", "PLACES")]
            filed[story[1]] = [set(re.findall(r"<D>(.*?)</D>", names[1])) for names in lists]
        for number, title, _, paragraphs in reader.stories(str(path)):
            if paragraphs:
                found[number] = Article(title, paragraphs, *filed[number])
    return found


def words(text):
    """The words of a text that say something, each once, in order."""
    found = re.findall(r"[A-Za-z][A-Za-z'-]+|\d[\d.,]*\d|\d", text)
    return list(dict.fromkeys(word for word in found if word.lower() not in SMALL_WORDS))


def some(rng, choice, count):
    """So many of the choice, in order."""
    return " ".join(choice[i] for i in sorted(rng.sample(range(len(choice)), count)))


def known_items(news, rng):
    """Queries for one article each, the paragraphs that were taken out of articles for them, and who they are."""
    long = [n for n, a in news.items() if len(" ".join(a.paragraphs[1:]).split()) > 60 and len(a.title.split()) > 3]
    queries = [Query("headline", news[n].title, {n: 1}, None, "rest") for n in long[:: max(1, len(long) // 600)][:600]]
    rng.shuffle(long)
    for kind, count, chosen in [("six", 6, long[:400]), ("three", 3, long[400:800])]:
        for n in chosen:
            choice = words(news[n].paragraphs[0])
            if len(choice) >= count:
                queries.append(Query(kind, some(rng, choice, count), {n: 1}, None, "rest"))
    middle = {}
    for n in long[800:]:
        at = len(news[n].paragraphs) // 2
        choice = words(news[n].paragraphs[at])
        if len(middle) < 300 and len(news[n].paragraphs) > 3 and len(choice) >= 10:
            middle[n] = at
            queries.append(Query("middle", some(rng, choice, 7), {n: 1}, None, "whole"))
    text = {n: " ".join([a.title, *a.paragraphs]).lower() for n, a in news.items()}
    held = {n: set(re.findall(r"[a-z]{4,}", text[n])) for n in news}
    holding = collections.Counter(word for own in held.values() for word in own)
    few = [n for n in news if len(text[n].split()) > 120 and n not in middle]
    for n in rng.sample(few, 300):
        choice = sorted(word for word in held[n] if 20 <= holding[word] <= 1500)
        if len(choice) >= 5:
            queries.append(Query("few", " ".join(rng.sample(choice, rng.choice([2, 3, 3, 4, 5]))), {n: 1}, None, "whole"))
    return queries, middle


def by_topic(news, rng):
    """Queries for all articles of a topic."""
    of = collections.defaultdict(set)
    for n, a in news.items():
        for topic in a.topics:
            of[topic].add(n)
    queries = [Query("subject", text, dict.fromkeys(sorted(of[topic]), 1), None, "whole") for topic, text in SUBJECTS.items()
               if len(of[topic]) >= 3]  # fmt: skip
    rare = [n for n, a in news.items() if a.topics and 5 <= min(len(of[topic]) for topic in a.topics) <= 80]
    rng.shuffle(rare)
    for kind, chosen in [("like", rare[:300]), ("opening", rare[300:500])]:
        for n in chosen:
            own = news[n]
            text = own.title.lower() if kind == "like" else re.split(r"(?<=[a-z])\. ", own.paragraphs[0])[0]
            alike = lambda other: other.topics == own.topics and other.places & own.places
            topic = min(sorted(own.topics), key=lambda topic: len(of[topic]))
            grades = {other: 2 if alike(news[other]) else 1 for other in sorted(of[topic] - {n})}
            if len(text.split()) >= (3 if kind == "like" else 9):
                queries.append(Query(kind, text, grades, n, "whole"))
    return queries


def ndcg(found, grades):
    """Of the ten first, with gains of 2^grade - 1."""
    gain = lambda grade, at: (2**grade - 1) / math.log2(at + 2)
    best = sum(gain(grade, at) for at, grade in enumerate(sorted(grades.values(), reverse=True)[:10]))
    return sum(gain(grades.get(name, 0), at) for at, name in enumerate(found[:10])) / best


def fts5(documents, stems):
    """A function from a query to the first articles that FTS5 finds."""
    table = sqlite3.connect(":memory:")
    table.execute(f"create virtual table t using fts5(name unindexed, title, text, tokenize='{stems}')")
    table.executemany("insert into t values (?, ?, ?)", documents)

    def ask(text):
        either = " OR ".join(f'"{word}"' for word in re.findall(r"[^\W_]+", text))
        return [name for name, in table.execute("select name from t where t match ? order by bm25(t) limit 11", [either])]

    return ask


def onrecord(program, index, documents):
    """The same of ours; the index is made if it is missing."""
    if not index.exists():
        lines = index.with_suffix(".jsonl")
        with lines.open("w", encoding="utf-8") as file:
            for name, title, text in documents:
                file.write(json.dumps({"url": f"https://reuters.example/{name}", "title": title, "text": text}) + "\n")
        subprocess.run([program, "--index", index, "--quiet", "ingest", lines], check=True)

    def ask(text):
        command = [program, "--index", index, "query", "--by", "article", "--match", "any", "-n", "11", "--format", "jsonl"]
        out = subprocess.run([*command, "--", text], capture_output=True, text=True).stdout
        return [json.loads(line)["article"]["id"].rsplit("/", 1)[1] for line in out.splitlines()]

    return ask


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=pathlib.Path)
    parser.add_argument("onrecord")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--half", choices=["tuning", "report"], default="report")
    parser.add_argument("--kinds", default="")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)

    news = articles(arguments.shared)
    rng = random.Random(11)
    queries, middle = known_items(news, rng)
    queries += by_topic(news, rng)
    whole = [(n, a.title, "\n\n".join(p for i, p in enumerate(a.paragraphs) if i != middle.get(n))) for n, a in news.items()]
    rest = [(n, "", "\n\n".join(a.paragraphs[1:])) for n, a in news.items() if len(a.paragraphs) > 1]
    collections_ = {"whole": whole, "rest": rest}
    rivals = {
        "FTS5": {name: fts5(documents, "unicode61") for name, documents in collections_.items()},
        "FTS5, Porter": {name: fts5(documents, "porter unicode61") for name, documents in collections_.items()},
        "onrecord": {
            name: onrecord(arguments.onrecord, arguments.folder / name, documents)
            for name, documents in collections_.items()
        },
    }
    print(f"{'queries':<14}" + "".join(f"{name:>14}" for name in rivals), flush=True)
    means = collections.defaultdict(list)
    for kind in dict.fromkeys(query.kind for query in queries):
        if arguments.kinds and kind not in arguments.kinds.split(","):
            continue
        asked = [query for query in queries if query.kind == kind][arguments.half == "report" :: 2]
        print(f"{len(asked):>4} {kind:<9}", end="")
        for name, engines in rivals.items():
            found = ([n for n in engines[query.collection](query.text) if n != query.without] for query in asked)
            mean = sum(ndcg(names, query.grades) for names, query in zip(found, asked)) / len(asked)
            means[name].append(mean)
            print(f"{mean:>14.3f}", end="", flush=True)
        print()
    print(f"{'mean':<14}" + "".join(f"{sum(of) / len(of):>14.3f}" for of in means.values()))


if __name__ == "__main__":
    main()
