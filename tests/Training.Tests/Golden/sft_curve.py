#!/usr/bin/env python3
"""Loss and gradient norm of 20 updates of supervised training, in PyTorch and float64, written from the published formulas.

usage: python3 tests/Training.Tests/Golden/sft_curve.py      (Debian: apt install python3-torch; writes sft_curve.json beside itself)
"""
import json, math, os, platform, torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
V, H, I, LAYERS, HEADS, KV, D, BASE, EPS = 61, 24, 40, 2, 4, 2, 6, 10000.0, 1e-5
UPDATES, ROWS, CLIP = 20, 6, 2.0                            # some gradients are shortened, others not
WARMUP, DECAY = 4, 8                                            # updates that rise, updates that fall

def shapes():                                                   # the names of a HuggingFace checkpoint of Qwen3, tied
    yield "model.embed_tokens.weight", (V, H)
    for l in range(LAYERS):
        p = f"model.layers.{l}."
        yield p + "input_layernorm.weight", (H,)
        for n, r in (("q", HEADS * D), ("k", KV * D), ("v", KV * D)):
            yield p + f"self_attn.{n}_proj.weight", (r, H)
        yield p + "self_attn.o_proj.weight", (H, HEADS * D)
        yield p + "self_attn.q_norm.weight", (D,)
        yield p + "self_attn.k_norm.weight", (D,)
        yield p + "post_attention_layernorm.weight", (H,)
        yield p + "mlp.gate_proj.weight", (I, H)
        yield p + "mlp.up_proj.weight", (I, H)
        yield p + "mlp.down_proj.weight", (H, I)
    yield "model.norm.weight", (H,)

def noise(k, n):                                                # exact in any language: n numbers in [-1/2, 1/2)
    x = [(i + 1 + 7919 * (k + 1)) & 0xffffffff for i in range(n)]
    for m in (0x7feb352d, 0x846ca68b):
        x = [((v ^ (v >> 16)) * m) & 0xffffffff for v in x]
    return torch.tensor([(v ^ (v >> 16)) / 2**32 - 0.5 for v in x])

def weights():
    w = {}
    for k, (name, shape) in enumerate(shapes()):
        u = noise(k, math.prod(shape)).reshape(shape)
        w[name] = (1 + 0.2 * u if len(shape) == 1 else 2 * u / math.sqrt(shape[1])).requires_grad_()
    return w

def data():
    state, updates = 12345, []
    def draw(n):
        nonlocal state
        state = (1103515245 * state + 12345) % 2**31
        return (state >> 8) % n
    for _ in range(UPDATES):
        rows = []
        for _ in range(ROWS):
            length, prompt = 10 + draw(15), 3 + draw(3)
            ids, mask = [draw(V)], [0]
            while len(ids) < length:
                ids.append((ids[-1] * 3 + 7) % V if draw(4) else draw(V))
                mask.append(1 if len(ids) > prompt and draw(3) else 0)
            mask[-1] = 1
            rows.append({"ids": ids, "mask": mask})
        updates.append(rows)
    return updates

def norm(x, g): return x / torch.sqrt((x * x).mean(-1, keepdim=True) + EPS) * g

def rope(x):                                                    # [.., T, D], rotate-half
    t, half = torch.arange(x.shape[-2], dtype=x.dtype), D // 2
    angle = t[:, None] / BASE ** (torch.arange(half, dtype=x.dtype) / half)
    a, b, c, s = x[..., :half], x[..., half:], angle.cos(), angle.sin()
    return torch.cat([a * c - b * s, b * c + a * s], -1)

def nll(w, ids, mask):                                          # one row without padding: sum over the masked targets
    x = w["model.embed_tokens.weight"][torch.tensor(ids[:-1])]
    T = x.shape[0]
    causal = torch.full((T, T), float("-inf")).triu(1)
    for l in range(LAYERS):
        g = lambda n: w[f"model.layers.{l}.{n}.weight"]
        h = norm(x, g("input_layernorm"))
        heads = lambda n, c: (h @ g(f"self_attn.{n}_proj").t()).reshape(T, c, D).transpose(0, 1)
        q = rope(norm(heads("q", HEADS), g("self_attn.q_norm")))
        k = rope(norm(heads("k", KV), g("self_attn.k_norm"))).repeat_interleave(HEADS // KV, 0)
        v = heads("v", KV).repeat_interleave(HEADS // KV, 0)
        a = torch.softmax(q @ k.transpose(1, 2) / math.sqrt(D) + causal, -1) @ v
        x = x + a.transpose(0, 1).reshape(T, HEADS * D) @ g("self_attn.o_proj").t()
        h = norm(x, g("post_attention_layernorm"))
        x = x + (F.silu(h @ g("mlp.gate_proj").t()) * (h @ g("mlp.up_proj").t())) @ g("mlp.down_proj").t()
    logits = norm(x, w["model.norm.weight"]) @ w["model.embed_tokens.weight"].t()
    each = F.cross_entropy(logits, torch.tensor(ids[1:]), reduction="none")
    return (each * torch.tensor(mask[1:], dtype=each.dtype)).sum()

def factor(u):
    if u < WARMUP: return (u + 1) / WARMUP
    start = UPDATES - DECAY
    return 1.0 if u < start else 1 - (u - start + 1) / (DECAY + 1)

class Muon:                                                     # momentum as in the published code: lerp, Nesterov, five quintic steps
    def __init__(self, parameters, lr, decay): self.p, self.lr, self.decay, self.m = parameters, lr, decay, [torch.zeros_like(p) for p in parameters]
    @torch.no_grad()
    def step(self, share):
        for p, m in zip(self.p, self.m):
            m.lerp_(p.grad, 0.05)
            x = p.grad.lerp(m, 0.95)
            tall = x.shape[0] > x.shape[1]
            x = x.t() if tall else x
            x = x / (x.norm() + 1e-7)
            for _ in range(5):
                a = x @ x.t()
                x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
            lr = self.lr * share
            p.mul_(1 - lr * self.decay).add_(x.t() if tall else x, alpha=-lr * max(1, p.shape[0] / p.shape[1]) ** 0.5)

def run(kind, updates):
    w = weights()
    hidden = [n for n, t in w.items() if t.dim() == 2 and n != "model.embed_tokens.weight"] if kind == "muon" else []
    lr, decay = (3e-3, 0.0) if kind == "muon" else (2e-3, 0.1)
    rest = [n for n in w if n not in hidden]
    groups = [{"params": [w[n] for n in rest if w[n].dim() > 1], "weight_decay": decay}, {"params": [w[n] for n in rest if w[n].dim() == 1], "weight_decay": 0.0}]
    adam = torch.optim.AdamW(groups, lr=lr, betas=(0.9, 0.95), eps=1e-8)
    muon = Muon([w[n] for n in hidden], 0.02, 0.05)
    losses, norms = [], []
    for u, rows in enumerate(updates):
        for t in w.values(): t.grad = None
        loss = sum(nll(w, r["ids"], r["mask"]) for r in rows) / sum(sum(r["mask"][1:]) for r in rows)
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(list(w.values()), CLIP).item())
        losses.append(loss.item())
        for group in adam.param_groups: group["lr"] = lr * factor(u)
        adam.step()
        muon.step(factor(u))
    return {"loss": losses, "grad_norm": norms}

if __name__ == "__main__":
    updates = data()
    out = {
        "command": "python3 tests/Training.Tests/Golden/sft_curve.py",
        "environment": f"PyTorch {torch.__version__}, Python {platform.python_version()}, float64, {platform.machine()}",
        "updates": updates, "adamw": run("adamw", updates), "muon": run("muon", updates),
    }
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sft_curve.json")
    json.dump(out, open(path, "w"), indent=None, separators=(",", ":"))
    print(out["environment"], "adamw", out["adamw"]["loss"][0], out["adamw"]["loss"][-1], "muon", out["muon"]["loss"][-1], max(out["muon"]["grad_norm"]), min(out["muon"]["grad_norm"]))
