#!/usr/bin/env python3
"""A decoder of the Llama and Qwen kind in double precision, from the published formulas, in the weight layout of HuggingFace folders.

Independent of the project's code: it needs numpy alone. Writes random small checkpoints with the scores they must give.

    python3 tests/Training.Tests/Golden/reference_model.py

Formulas: RMSNorm (Zhang and Sennrich 2019), rotary positions (Su et al. 2021) in the rotate-half order, grouped queries
(Ainslie et al. 2023), SwiGLU (Shazeer 2020), norms of query and key heads (Qwen3). One position and one head at a time, by loops.
"""
import json
import math
import os
import shutil
import struct

import numpy

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "checkpoints")
ROWS, LENGTH = 2, 9

# name: architecture, heads, key heads, head size, layers, tied, bias, rotary base, epsilon, type of the file, parts
CASES = {
    "llama": ("llama", 4, 4, 4, 2, False, False, 10_000.0, 1e-5, "F32", 1),
    "llama-grouped-tied": ("llama", 4, 2, 4, 1, True, False, 500_000.0, 1e-6, "F32", 1),
    "llama-bias": ("llama", 2, 1, 6, 2, True, True, 10_000.0, 1e-5, "F32", 1),
    "llama-one-key-head": ("llama", 6, 1, 2, 3, False, False, 100.0, 1e-5, "F32", 2),
    "llama-half": ("llama", 4, 2, 4, 1, True, False, 10_000.0, 1e-5, "F16", 1),
    "qwen2": ("qwen2", 4, 2, 4, 2, True, True, 1_000_000.0, 1e-6, "F32", 1),
    "qwen2-untied": ("qwen2", 3, 3, 4, 1, False, True, 10_000.0, 1e-6, "F32", 1),
    "qwen2-bfloat16": ("qwen2", 4, 4, 4, 1, True, True, 10_000.0, 1e-6, "BF16", 1),
    "qwen3": ("qwen3", 4, 2, 8, 2, True, False, 1_000_000.0, 1e-6, "F32", 1),
    "qwen3-untied": ("qwen3", 4, 4, 4, 2, False, False, 10_000.0, 1e-5, "F32", 2),
    "qwen3-bias": ("qwen3", 4, 1, 6, 1, False, True, 5_000.0, 1e-6, "F32", 1),
    "qwen3-bias-tied": ("qwen3", 2, 2, 10, 3, True, True, 10_000.0, 1e-2, "F32", 1),
}
VOCABULARY, HIDDEN, INNER, CONTEXT = 19, 12, 14, 32


def as_stored(value, kind):
    """Rounds to what the file can hold; returns the bytes and the numbers a reader gets."""
    single = value.astype("<f4")
    if kind == "F32":
        return single.tobytes(), single.astype(float)
    if kind == "F16":
        half = value.astype("<f2")
        return half.tobytes(), half.astype(float)
    upper = (single.view("<u4") >> 16).astype("<u2")  # bfloat16 by cutting
    return upper.tobytes(), (upper.astype("<u4") << 16).view("<f4").astype(float)


def shapes(architecture, heads, key_heads, size, layers, tied, bias):
    yield "model.embed_tokens.weight", (VOCABULARY, HIDDEN)
    for layer in range(layers):
        block = f"model.layers.{layer}."
        yield block + "input_layernorm.weight", (HIDDEN,)
        yield block + "post_attention_layernorm.weight", (HIDDEN,)
        for name, out, into in (("q", heads * size, HIDDEN), ("k", key_heads * size, HIDDEN), ("v", key_heads * size, HIDDEN), ("o", HIDDEN, heads * size)):
            yield f"{block}self_attn.{name}_proj.weight", (out, into)
            if bias and (name != "o" or architecture != "qwen2"):
                yield f"{block}self_attn.{name}_proj.bias", (out,)
        if architecture == "qwen3":
            yield block + "self_attn.q_norm.weight", (size,)
            yield block + "self_attn.k_norm.weight", (size,)
        yield block + "mlp.gate_proj.weight", (INNER, HIDDEN)
        yield block + "mlp.up_proj.weight", (INNER, HIDDEN)
        yield block + "mlp.down_proj.weight", (HIDDEN, INNER)
    yield "model.norm.weight", (HIDDEN,)
    if not tied:
        yield "lm_head.weight", (VOCABULARY, HIDDEN)


def write_safetensors(path, tensors, kind):
    header, data = {}, b""
    for name, content, shape in tensors:
        header[name] = {"dtype": kind, "shape": list(shape), "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def norm(x, gain, epsilon):
    return x / math.sqrt(sum(v * v for v in x) / len(x) + epsilon) * gain


def turn(head, position, base):
    half = len(head) // 2
    turned = numpy.empty_like(head)
    for i in range(half):
        angle = position * base ** (-2.0 * i / len(head))
        turned[i] = head[i] * math.cos(angle) - head[i + half] * math.sin(angle)
        turned[i + half] = head[i + half] * math.cos(angle) + head[i] * math.sin(angle)
    return turned


def attend(w, block, normed, heads, key_heads, size, base, epsilon):
    def project(name, x):
        return w[f"{block}self_attn.{name}_proj.weight"] @ x + w.get(f"{block}self_attn.{name}_proj.bias", 0.0)

    def head_of(name, position, head):
        part = project(name, normed[position])[head * size:(head + 1) * size]
        gain = w.get(f"{block}self_attn.{name}_norm.weight")
        return part if name == "v" else turn(part if gain is None else norm(part, gain, epsilon), position, base)

    out = []
    for position in range(len(normed)):
        mixed = []
        for head in range(heads):
            key_head = head // (heads // key_heads)
            query = head_of("q", position, head)
            scores = [query @ head_of("k", other, key_head) / math.sqrt(size) for other in range(position + 1)]
            weights = [math.exp(score - max(scores)) for score in scores]
            mixed.append(sum(weight / sum(weights) * head_of("v", other, key_head) for other, weight in enumerate(weights)))
        out.append(project("o", numpy.concatenate(mixed)))
    return out


def scores_of(w, ids, case):
    _, heads, key_heads, size, layers, tied, _, base, epsilon, _, _ = case
    stream = [w["model.embed_tokens.weight"][i] for i in ids]
    for layer in range(layers):
        block = f"model.layers.{layer}."
        normed = [norm(x, w[block + "input_layernorm.weight"], epsilon) for x in stream]
        stream = [x + y for x, y in zip(stream, attend(w, block, normed, heads, key_heads, size, base, epsilon))]
        for position, x in enumerate(stream):
            inner = norm(x, w[block + "post_attention_layernorm.weight"], epsilon)
            gate, up = w[block + "mlp.gate_proj.weight"] @ inner, w[block + "mlp.up_proj.weight"] @ inner
            stream[position] = x + w[block + "mlp.down_proj.weight"] @ (gate / (1 + numpy.exp(-gate)) * up)
    head = w["model.embed_tokens.weight" if tied else "lm_head.weight"]
    return [(head @ norm(x, w["model.norm.weight"], epsilon)).tolist() for x in stream]


def config(case):
    architecture, heads, key_heads, size, layers, tied, bias, base, epsilon, kind, _ = case
    names = {"llama": "LlamaForCausalLM", "qwen2": "Qwen2ForCausalLM", "qwen3": "Qwen3ForCausalLM"}
    values = {
        "architectures": [names[architecture]], "model_type": architecture, "hidden_act": "silu", "hidden_size": HIDDEN, "intermediate_size": INNER,
        "max_position_embeddings": CONTEXT, "num_attention_heads": heads, "num_hidden_layers": layers, "num_key_value_heads": key_heads, "head_dim": size,
        "rms_norm_eps": epsilon, "rope_theta": base, "rope_scaling": None, "tie_word_embeddings": tied, "vocab_size": VOCABULARY, "eos_token_id": 2,
        "torch_dtype": {"F32": "float32", "F16": "float16", "BF16": "bfloat16"}[kind],
    }
    return values if architecture == "qwen2" else values | {"attention_bias": bias}


def write_case(name, case, noise):
    folder = os.path.join(HERE, name)
    os.makedirs(folder)
    kind, parts = case[9], case[10]
    weights, stored = {}, []
    for tensor, shape in shapes(case[0], *case[1:7]):
        value = noise.normal(1.0, 0.2, shape) if "norm" in tensor else noise.normal(0.0, 0.5, shape)
        content, weights[tensor] = as_stored(value, kind)
        stored.append((tensor, content, shape))
    files = ["model.safetensors"] if parts == 1 else [f"model-{part + 1:05}-of-{parts:05}.safetensors" for part in range(parts)]
    for part, file in enumerate(files):
        write_safetensors(os.path.join(folder, file), stored[part::parts], kind)
    if parts > 1:
        index = {"metadata": {"total_size": sum(len(t[1]) for t in stored)}, "weight_map": {t[0]: files[i % parts] for i, t in enumerate(stored)}}
        json.dump(index, open(os.path.join(folder, "model.safetensors.index.json"), "w"), indent=1)
    json.dump(config(case), open(os.path.join(folder, "config.json"), "w"), indent=1)
    ids = noise.integers(0, VOCABULARY, (ROWS, LENGTH)).tolist()
    expected = {"ids": ids, "logits": [scores_of(weights, row, case) for row in ids]}
    json.dump(expected, open(os.path.join(folder, "expected.json"), "w"))


if __name__ == "__main__":
    shutil.rmtree(HERE, ignore_errors=True)
    for number, (case_name, case) in enumerate(CASES.items()):
        write_case(case_name, case, numpy.random.default_rng(number))
