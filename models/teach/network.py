"""The encoder: MiniLM (Wang et al. 2020), a vector for the case of each word piece, and heads for cues, frames and names.

Heads see a word as its first piece. The frame head scores a word for a cue: a product of what the two are mapped to (as in
the biaffine parser of Dozat and Manning 2017) and a weight for the words between them.
"""

import json
import math
import struct

import torch
import torch.nn as nn
import torch.nn.functional as F

HIDDEN, HEADS, INNER, LAYERS = 384, 12, 1536, 6
CASES = 6
FRAME_LABELS, PRODUCT, FAR = 5, 128, 40
NAME_LABELS = 9


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(HIDDEN, HIDDEN) for _ in range(3))
        self.attention, self.attention_norm = nn.Linear(HIDDEN, HIDDEN), nn.LayerNorm(HIDDEN, eps=1e-12)
        self.inner, self.outer = nn.Linear(HIDDEN, INNER), nn.Linear(INNER, HIDDEN)
        self.outer_norm = nn.LayerNorm(HIDDEN, eps=1e-12)

    def forward(self, x, mask, dropout):
        batch, length, _ = x.shape
        query, key, value = (f(x).view(batch, length, HEADS, -1).transpose(1, 2) for f in (self.query, self.key, self.value))
        # On a processor the products alone are faster than what PyTorch has for all of attention.
        scores = (query / math.sqrt(HIDDEN // HEADS)) @ key.transpose(2, 3)
        met = ((scores + mask.to(scores.dtype)).softmax(-1, dtype=scores.dtype) @ value).transpose(1, 2).reshape(batch, length, HIDDEN)
        dropout = dropout if self.training else 0.0
        x = self.attention_norm(x + dropped(self.attention(met), dropout))
        return self.outer_norm(x + dropped(self.outer(F.gelu(self.inner(x))), dropout))


def dropped(x, share):
    """Dropout, by a byte of chance a number, which is several times as fast as PyTorch's."""
    if not share:
        return x
    chance = torch.empty(x.numel() // 8 + 1, dtype=torch.int64).random_(-2**63, None).view(torch.uint8)
    return x * (chance[:x.numel()].view(x.shape) >= 256 * share) / (1 - share)


def two_layers(out):
    return nn.Sequential(nn.Linear(HIDDEN, 256), nn.GELU(), nn.Dropout(0.1), nn.Linear(256, out))


class Encoder(nn.Module):
    def __init__(self, pieces, dropout=0.1):
        super().__init__()
        self.word, self.position = nn.Embedding(pieces, HIDDEN), nn.Embedding(512, HIDDEN)
        self.segment, self.case = nn.Embedding(2, HIDDEN), nn.Embedding(CASES, HIDDEN)
        nn.init.zeros_(self.case.weight)
        # What few articles say of a rare word would be learned by heart.
        self.word.weight.requires_grad_(False)
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.dropout = dropout
        self.cue, self.names = nn.Linear(HIDDEN, 1), nn.Linear(HIDDEN, NAME_LABELS)
        self.frame_cue, self.frame_word = two_layers(FRAME_LABELS * PRODUCT), two_layers(PRODUCT)
        self.distance, self.bias = nn.Embedding(2 * FAR + 1, FRAME_LABELS), nn.Parameter(torch.zeros(FRAME_LABELS))
        nn.init.zeros_(self.distance.weight)

    def take_up(self, weights):
        """Takes over the weights of a `BertModel`."""
        own = {"word": "embeddings.word_embeddings", "position": "embeddings.position_embeddings",
               "segment": "embeddings.token_type_embeddings", "norm": "embeddings.LayerNorm"}
        of_layer = {"query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
                    "attention": "attention.output.dense", "attention_norm": "attention.output.LayerNorm",
                    "inner": "intermediate.dense", "outer": "output.dense", "outer_norm": "output.LayerNorm"}
        for number in range(LAYERS):
            own |= {f"layers.{number}.{a}": f"encoder.layer.{number}.{b}" for a, b in of_layer.items()}
        state = self.state_dict()
        for a, b in own.items():
            for kind in ("weight", "bias"):
                if f"{b}.{kind}" in weights:
                    state[f"{a}.{kind}"] = weights[f"{b}.{kind}"].float()
        self.load_state_dict(state)

    def states(self, pieces, cases, mask, firsts):
        """The states of the first pieces of words, all windows one below the other.

        pieces, cases, mask: windows × pieces; firsts: numbers of pieces, counted through all windows.
        """
        x = self.word(pieces) + self.position.weight[:pieces.shape[1]] + self.segment.weight[0] + self.case(cases)
        x = dropped(self.norm(x), self.dropout if self.training else 0.0)
        mask = torch.where(mask, 0.0, -1e9)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, mask, self.dropout)
        return x.reshape(-1, HIDDEN)[firsts]

    def frames(self, states, cues, words):
        """Scores of labels (outside, first and further words of source and of content): cues × words × labels.

        cues: the state of each; words: cues × words, the states around each. In a window, states are in the order of words.
        """
        of_cue = self.frame_cue(states[cues]).view(-1, FRAME_LABELS, PRODUCT)
        product = self.frame_word(states)[words] @ of_cue.transpose(1, 2) / math.sqrt(PRODUCT)
        apart = (words - cues[:, None]).clamp(-FAR, FAR) + FAR
        return product + self.distance(apart) + self.bias


MOST = 128  # what the positive weights that share a sum may add up to, and the negative ones; see src/encoder/product.rs
STEPS = (127, 112, 100, 90, 80, 72, 64, 56, 48, 40, 32)


def capped(whole):
    """Rows of whole numbers, made smaller where those that share a sum exceed what it holds.

    Of 16 neighbours, those whose number is 0 or 1 modulo 4 share one, and those whose number is 2 or 3.
    """
    rows, length = whole.shape
    groups = F.pad(whole, (0, -length % 16)).view(rows, -1, 4, 2, 2).transpose(2, 3).reshape(-1, 8).clone()
    for sign in (1, -1):
        large = ((groups * sign).clamp_min(0).sum(1) > MOST).nonzero()[:, 0]
        while len(large):
            part = (groups[large] * sign).clamp_min(0)
            # The largest loses one: that costs least in proportion.
            groups[large, part.argmax(1)] -= sign
            large = large[part.sum(1) - 1 > MOST]
    return groups.view(rows, -1, 2, 4, 2).transpose(2, 3).reshape(rows, -1)[:, :length]


def quantised(weight):
    """Rows of whole numbers of 8 bits, and what a row's numbers are multiplied with: of some, what has the smallest error."""
    largest = weight.abs().amax(1).clamp_min(1e-12)
    best, of_best, least = torch.zeros_like(weight), torch.ones_like(largest), torch.full_like(largest, torch.inf)
    for steps in STEPS:
        whole = capped((weight / (largest / steps)[:, None]).round())
        scale = (weight * whole).sum(1) / (whole * whole).sum(1).clamp_min(1)
        scale = torch.where(scale > 0, scale, largest / steps)
        error = (whole * scale[:, None] - weight).square().sum(1)
        better = error < least
        best[better], of_best[better], least[better] = whole[better], scale[better], error[better]
    return best.to(torch.int8), of_best


def tensors(net, vocabulary):
    """Everything that reading needs, by name; matrices in 8 bits."""
    out = {}
    renamed = {"segment.": "type.", "norm.": "embedding.norm.", "frame_cue.": "frame.cue.", "frame_word.": "frame.word.",
               "distance.weight": "frame.distance", "bias": "frame.bias"}
    for name, value in net.state_dict().items():
        value = value.float()
        if name.startswith("layers."):
            name = name.replace("layers.", "layer.").replace("attention_norm", "attention.norm").replace("outer_norm", "outer.norm")
        for a, b in renamed.items():
            if name == a or a.endswith(".") and name.startswith(a):
                name = name.replace(a, b, 1)
        if name.startswith("frame."):
            name = name.replace(".3.", ".1.")
        stem = name.removesuffix(".weight")
        if stem == "word":
            scale = value.abs().amax(1).clamp_min(1e-12) / 127
            out["word"], out["word.scale"] = (value / scale[:, None]).round().to(torch.int8), scale
        elif stem in ("position", "type", "case", "frame.distance", "frame.bias"):
            # Windows have 256 pieces, and there is one type of text.
            out[stem] = {"position": value[:256], "type": value[:1]}.get(stem, value)
        elif name.endswith(".weight") and "norm" not in name:
            out[name], out[f"{stem}.scale"] = quantised(value)
        else:
            out[name] = value
    out["vocabulary"] = torch.tensor(list("\n".join(vocabulary).encode()), dtype=torch.uint8)
    return out


def write(path, out):
    """A file in the format of safetensors."""
    kinds = {torch.int8: "I8", torch.uint8: "U8", torch.float32: "F32"}
    header, body = {}, b""
    # Long numbers first, so that they lie where they can be read as such.
    for name in sorted(out, key=lambda name: (-out[name].element_size(), name)):
        data = out[name].contiguous().numpy().tobytes()
        header[name] = {"dtype": kinds[out[name].dtype], "shape": list(out[name].shape),
                        "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    header = json.dumps(header).encode()
    header += b" " * (-len(header) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(header)) + header + body)
