#!/usr/bin/env python3
"""Loss and gradient norm of 20 updates on preference pairs, in PyTorch and float64, written from the published formulas.

usage: python3 tests/Training.Tests/Golden/pair_curve.py      (Debian: apt install python3-torch; writes pair_curve.json beside itself)
The model and the optimizer's schedule are those of sft_curve.py; the reference is the model before the first update.
"""
import json, os, platform, torch
import torch.nn.functional as F
from sft_curve import CLIP, UPDATES, V, factor, nll, weights

PAIRS, BETA, ALPHA, LR, DECAY = 8, 0.1, 0.2, 2e-3, 0.1

def data():
    state, updates = 54321, []
    def draw(n):
        nonlocal state
        state = (1103515245 * state + 12345) % 2**31
        return (state >> 8) % n
    def side(step):                                             # tokens of the policy, now and then of a tool
        ids, mask = [], []
        for _ in range(4 + draw(10)):
            ids.append(((ids[-1] if ids else 5) * step + 7) % V if draw(4) else draw(V))
            mask.append(1 if draw(4) else 0)
        mask[0] = 1
        return ids, mask
    for _ in range(UPDATES):
        pairs = []
        for _ in range(PAIRS):
            prompt = [draw(V) for _ in range(3 + draw(6))]
            (chosen, chosen_mask), (rejected, rejected_mask) = side(3), side(5)
            rejected[0] = (chosen[0] + 1 + draw(V - 1)) % V     # the sides part at once
            pairs.append({"prompt": prompt, "chosen": chosen, "chosen_mask": chosen_mask, "rejected": rejected, "rejected_mask": rejected_mask})
        updates.append(pairs)
    return updates

def log_prob(w, pair, side): return -nll(w, pair["prompt"] + pair[side], [0] * len(pair["prompt"]) + pair[side + "_mask"])

def run(alpha, updates):
    w, reference = weights(), {n: t.detach() for n, t in weights().items()}
    groups = [{"params": [t for t in w.values() if t.dim() > 1], "weight_decay": DECAY}, {"params": [t for t in w.values() if t.dim() == 1], "weight_decay": 0.0}]
    adam = torch.optim.AdamW(groups, lr=LR, betas=(0.9, 0.95), eps=1e-8)
    losses, norms = [], []
    for u, pairs in enumerate(updates):
        for t in w.values(): t.grad = None
        each = []
        for pair in pairs:
            chosen, rejected = log_prob(w, pair, "chosen"), log_prob(w, pair, "rejected")
            margin = (chosen - log_prob(reference, pair, "chosen")) - (rejected - log_prob(reference, pair, "rejected"))
            each.append(-F.logsigmoid(BETA * margin) - alpha * chosen)
        loss = sum(each) / len(each)
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(list(w.values()), CLIP).item())
        losses.append(loss.item())
        for group in adam.param_groups: group["lr"] = LR * factor(u)
        adam.step()
    return {"loss": losses, "grad_norm": norms}

updates = data()
out = {
    "command": "python3 tests/Training.Tests/Golden/pair_curve.py",
    "environment": f"PyTorch {torch.__version__}, Python {platform.python_version()}, float64, {platform.machine()}",
    "updates": updates, "dpo": run(0.0, updates), "dpo-nll": run(ALPHA, updates),
}
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pair_curve.json")
json.dump(out, open(path, "w"), indent=None, separators=(",", ":"))
for kind in ("dpo", "dpo-nll"): print(kind, out[kind]["loss"][0], out[kind]["loss"][-1], max(out[kind]["grad_norm"]), min(out[kind]["grad_norm"]))
