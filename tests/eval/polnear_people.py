#!/usr/bin/env python3
"""People in PolNeAR: spans against the automatic tags, and whom `he` and `she` mean as sources of quotations.

usage: polnear_people.py SHARED GOLD_DIR PRED.jsonl [-v]

SHARED    the folder that holds eval/quotes (its reader of the corpus is used)
GOLD_DIR  a split of PolNeAR with text/, attributions/ and corenlp/
PRED      what `onrecord annotate --format jsonl GOLD_DIR/text/*.txt` prints

Spans: silver people are runs of PERSON tokens, and bare family names that the tagger missed but the article gives in full
elsewhere, as the reader of eval/quotes completes them. `raw` leaves the completion out.
Pronouns: gold sources that are one of he, she, him, her, with the family name that most names in their silver chain
have. A quotation found with an overlapping source is right if one of its speakers has that family name. `found` counts
quotations found only, `all` counts those not found as wrong.
"""
import json
import pathlib
import sys

PRONOUNS = {"he", "she", "him", "her", "his"}


def f1(right, found, gold):
    p, r = right / max(found, 1), right / max(gold, 1)
    return f"P {100 * p:5.1f}  R {100 * r:5.1f}  F1 {200 * right / max(found + gold, 1):5.1f}"


def silver_runs(article):
    """Runs of PERSON tokens as they are, without the completion."""
    runs, open_run, sentence_end = [], None, None
    for start, end, ner, _ in article.ner:
        if ner == "PERSON" and open_run and article.text[open_run[1]:start].strip(" ") == "":
            open_run = (open_run[0], end)
        else:
            if open_run:
                runs.append(open_run)
            open_run = (start, end) if ner == "PERSON" else None
    return set(runs + ([open_run] if open_run else []))


def surname(polnear, name):
    return polnear.last_name([m.group() for m in polnear.TOKEN.finditer(name)])


def speakers(quote):
    speaker = quote.get("speaker")
    return speaker if isinstance(speaker, list) else [speaker] if speaker else []


def main():
    shared, gold_dir, pred = (pathlib.Path(a) for a in sys.argv[1:4])
    verbose = "-v" in sys.argv
    sys.path.insert(0, str(shared / "eval" / "quotes"))
    import polnear

    gold = polnear.load(str(gold_dir))
    rows = {pathlib.Path(r["article"]["path"]).stem: r for r in map(json.loads, open(pred, encoding="utf-8"))}
    spans, raw = [0, 0, 0], [0, 0, 0]
    pronouns, found, right = 0, 0, 0
    for stem, article in gold.items():
        row = rows[stem]
        people = {(m["start"], m["end"]) for m in row["mentions"] if m["kind"] == "person"}
        for count, silver in ((spans, set(article.person_runs)), (raw, silver_runs(article))):
            for i, n in enumerate((len(people & silver), len(people), len(silver))):
                count[i] += n
        for gold_quote in article.attributions:
            words = {polnear.norm(article.words[i]) for i in gold_quote.st}
            if not gold_quote.coref_surnames or len(words) != 1 or not words <= PRONOUNS:
                continue
            pronouns += 1
            at = gold_quote.source
            hits = [q for q in row["quotes"] if q["source"] and any(s < q["source"]["end"] and q["source"]["start"] < e for s, e in at)]
            if not hits:
                continue
            found += 1
            names = {surname(polnear, s) for q in hits for s in speakers(q)}
            if names & set(gold_quote.coref_surnames):
                right += 1
            elif verbose:
                s = at[0][0]
                print(stem[:40], "gold", set(gold_quote.coref_surnames), "got", names, "|", article.text[max(0, s - 80):s + 20].replace("\n", " "))
    print("people, completed ", f1(*spans))
    print("people, raw       ", f1(*raw))
    print(f"he and she: {pronouns} sources, {found} found; right of found {100 * right / max(found, 1):.1f}, of all {100 * right / max(pronouns, 1):.1f}")


if __name__ == "__main__":
    main()
