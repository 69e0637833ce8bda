"""Writes the trained encoder as an ONNX graph with weights of eight bits, and its vocabulary.

    python export.py encoder.pt --out ../../src/nlu/data

One message at a time: the input is `ids` of shape [1, pieces]; the outputs are `logits`, the answers to all questions
side by side, and `sense`, by which texts are compared.
"""

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from network import ATTENTION_HEADS, TAGS, WIDTH, Encoder


class Graph:
    def __init__(self):
        self.nodes, self.weights, self.count = [], [], 0

    def constant(self, value, name=None):
        self.count += 1
        name = name or f"w{self.count}"
        self.weights.append(numpy_helper.from_array(np.asarray(value, order="C"), name))
        return name

    def op(self, kind, *inputs, outputs=1, **attributes):
        self.count += 1
        names = [f"v{self.count}_{n}" for n in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, **attributes))
        return names[0] if outputs == 1 else names

    def norm(self, x, module):
        scale, bias = self.constant(array(module.weight)), self.constant(array(module.bias))
        return self.op("LayerNormalization", x, scale, bias, axis=-1, epsilon=1e-12)

    def linear(self, x, module):
        """A product with weights of seven bits, one scale a column; the input is quantised as it comes.

        Processors without VNNI add two products of eight bits in sixteen, which is too narrow for weights of eight:
        with seven the sums are exact, and the same, everywhere.
        """
        weight = array(module.weight).T
        scale = np.maximum(np.abs(weight).max(axis=0), 1e-8) / 63
        small = np.clip(np.round(weight / scale), -63, 63).astype(np.int8)
        quantised, of, zero = self.op("DynamicQuantizeLinear", x, outputs=3)
        product = self.op("MatMulInteger", quantised, self.constant(small), zero)
        scales = self.op("Mul", of, self.constant(scale.astype(np.float32)))
        product = self.op("Mul", self.op("Cast", product, to=TensorProto.FLOAT), scales)
        return self.op("Add", product, self.constant(array(module.bias)))


def array(tensor):
    return tensor.detach().float().numpy()


def build(state, layers):
    longest, pieces = state["places.weight"].shape[0], state["pieces.weight"].shape[0]
    model = Encoder(pieces, layers, longest)
    model.load_state_dict(state)
    g = Graph()
    table = array(model.pieces.weight)
    scale = np.maximum(np.abs(table).max(axis=1, keepdims=True), 1e-8) / 127
    rows = g.op("Gather", g.constant(np.round(table / scale).astype(np.int8)), "ids", axis=0)
    scales = g.op("Gather", g.constant(scale.astype(np.float32)), "ids", axis=0)
    x = g.op("Mul", g.op("Cast", rows, to=TensorProto.FLOAT), scales)
    length = g.op("Shape", "ids", start=1, end=2)
    zero, one = g.constant(np.array([0], np.int64)), g.constant(np.array([1], np.int64))
    places = g.op("Slice", g.constant(array(model.places.weight)), zero, length, zero, one)
    x = g.norm(g.op("Add", x, places), model.norm)
    size = WIDTH // ATTENTION_HEADS
    apart = g.constant(np.array([1, -1, ATTENTION_HEADS, size], np.int64))
    together = g.constant(np.array([1, -1, WIDTH], np.int64))
    root = g.constant(np.array(size**-0.5, np.float32))
    for layer in model.layers:
        q, k, v = g.op("Split", g.linear(x, layer.qkv), outputs=3, axis=-1, num_outputs=3)
        heads = lambda part, order: g.op("Transpose", g.op("Reshape", part, apart), perm=order)
        q, k, v = heads(q, [0, 2, 1, 3]), heads(k, [0, 2, 3, 1]), heads(v, [0, 2, 1, 3])
        weights = g.op("Softmax", g.op("MatMul", g.op("Mul", q, root), k), axis=-1)
        mixed = g.op("Transpose", g.op("MatMul", weights, v), perm=[0, 2, 1, 3])
        x = g.norm(g.op("Add", x, g.linear(g.op("Reshape", mixed, together), layer.out)), layer.norm1)
        x = g.norm(g.op("Add", x, g.linear(g.op("Gelu", g.linear(x, layer.up)), layer.down)), layer.norm2)
    mean = g.op("ReduceMean", x, one, keepdims=0)
    first = g.op("Gather", x, g.constant(np.array(0, np.int64)), axis=1)
    pooled = g.op("Concat", first, mean, axis=-1)
    logits = g.op("Gemm", pooled, g.constant(array(model.heads.weight)), g.constant(array(model.heads.bias)), transB=1)
    g.nodes.append(helper.make_node("Identity", [logits], ["logits"]))
    sense = g.op("Gemm", mean, g.constant(array(model.sense.weight)), g.constant(array(model.sense.bias)), transB=1)
    g.nodes.append(helper.make_node("Identity", [sense], ["sense"]))
    tags = g.op("MatMul", x, g.constant(array(model.tags.weight).T.copy()))
    tags = g.op("Add", tags, g.constant(array(model.tags.bias)))
    g.nodes.append(helper.make_node("Identity", [tags], ["tags"]))
    graph = helper.make_graph(
        g.nodes,
        "encoder",
        [helper.make_tensor_value_info("ids", TensorProto.INT32, [1, "pieces"])],
        [
            helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, None]),
            helper.make_tensor_value_info("sense", TensorProto.FLOAT, [1, WIDTH]),
            helper.make_tensor_value_info("tags", TensorProto.FLOAT, [1, "pieces", TAGS]),
        ],
        g.weights,
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    onnx.checker.check_model(made)
    return made


def restore(file, model):
    """Fills a model with the weights of an exported network, as exact as eight bits are. What it lacks stays as it is."""
    stored = [numpy_helper.to_array(w) for w in onnx.load(str(file)).graph.initializer]
    weights = iter(w for w in stored if w.dtype != np.int64 and w.ndim > 0)
    take = lambda: torch.tensor(np.array(next(weights), dtype=np.float32))

    def linear(module):
        small, scale, bias = take(), take(), take()
        module.weight.copy_((small * scale).T)
        module.bias.copy_(bias)

    def norm(module):
        module.weight.copy_(take())
        module.bias.copy_(take())

    def plain(module):
        module.weight.copy_(take())
        module.bias.copy_(take())

    with torch.no_grad():
        model.pieces.weight.copy_(take() * take())
        model.places.weight.copy_(take())
        norm(model.norm)
        for layer in model.layers:
            linear(layer.qkv)
            linear(layer.out)
            norm(layer.norm1)
            linear(layer.up)
            linear(layer.down)
            norm(layer.norm2)
        plain(model.heads)
        plain(model.sense)
        rest = list(weights)
        if rest:
            model.tags.weight.copy_(torch.tensor(rest[0]).T)
            model.tags.bias.copy_(torch.tensor(rest[1]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("encoder")
    parser.add_argument("--out", required=True, help="a folder")
    options = parser.parse_args()
    trained = torch.load(options.encoder, map_location="cpu")
    out = Path(options.out)
    onnx.save(build(trained["model"], trained["layers"]), str(out / "encoder.onnx"))
    (out / "encoder.vocabulary.txt").write_text("\n".join(trained["pieces"]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
