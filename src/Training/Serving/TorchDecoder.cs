// Legend: L = rows of one sequence, N = positions so far, H = width, A = query heads, K = key heads, D = width of a head, V = vocabulary.
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>Decoder over torch, on any device and in any precision: one sequence after the other, correct and simple.</summary>
internal sealed class TorchDecoder : IDecoder
{
    private readonly CausalLm _model;
    private readonly RotaryTable _rotary;

    /// <param name="model">Disposed with this.</param>
    public TorchDecoder(CausalLm model) => (_model, _rotary) = (model, new RotaryTable(model.Options, model.Device, model.Compute.Master));

    public TransformerOptions Options => _model.Options;

    public int LiveBlocks { get; private set; }

    private ScalarType Product => _model.Compute.Product;

    public ISequenceCache NewSequence() => new Sequence(this, new KeysAndValues?[Options.Layers], 0);

    public void Forward(IReadOnlyList<DecoderRow> rows, float[] logits)
    {
        using var constant = no_grad();
        for (var first = 0; first < rows.Count;)
        {
            var end = first + 1;
            while (end < rows.Count && ReferenceEquals(rows[end].Cache, rows[first].Cache))
            {
                end++;
            }

            Read((Sequence)rows[first].Cache, [.. rows.Skip(first).Take(end - first)], logits);
            first = end;
        }
    }

    public void Dispose()
    {
        _rotary.Dispose();
        _model.Dispose();
    }

    private void Read(Sequence sequence, DecoderRow[] rows, float[] logits)
    {
        using var scope = NewDisposeScope();
        var ids = tensor(rows.Select(row => (long)row.Token).ToArray(), device: _model.Device);
        var stream_1LH = _model.Weights.Embedding.index_select(0, ids).unsqueeze(0);
        for (var layer = 0; layer < Options.Layers; layer++)
        {
            stream_1LH = Block(_model.Weights.Blocks[layer], stream_1LH, ref sequence.Layers[layer], sequence.Length);
        }

        sequence.Length += rows.Length;
        var asked = rows.Index().Where(row => row.Item.LogitsAt >= 0).ToList();
        if (asked.Count == 0)
        {
            return;
        }

        var at = tensor(asked.Select(row => (long)row.Index).ToArray(), device: _model.Device);
        var hidden_LH = RmsNorm.Apply(stream_1LH[0].index_select(0, at), _model.Weights.FinalNorm, Options.NormEpsilon);
        var logits_LV = nn.functional.linear(hidden_LH.to(Product), _model.Head.to(Product)).to(ScalarType.Float32).cpu().contiguous();
        var values = logits_LV.data<float>().ToArray();
        foreach (var (place, (_, row)) in asked.Index())
        {
            values.AsSpan(place * Options.VocabularySize, Options.VocabularySize).CopyTo(logits.AsSpan(row.LogitsAt * Options.VocabularySize));
        }
    }

    private Tensor Block(BlockWeights block, Tensor stream_1LH, ref KeysAndValues? known, int length)
    {
        using var scope = NewDisposeScope();
        var end = length + (int)stream_1LH.shape[1];
        var at = (_rotary.Cos[length..end].unsqueeze(1), _rotary.Sin[length..end].unsqueeze(1));
        var normed_1LH = RmsNorm.Apply(stream_1LH, block.InputNorm, Options.NormEpsilon).to(Product);
        var query_1LAD = RotaryTable.Turn(Heads(normed_1LH, block.Query, block.QueryNorm), at);
        var key_1LKD = RotaryTable.Turn(Heads(normed_1LH, block.Key, block.KeyNorm), at);
        var all = KeysAndValues.Join(known, key_1LKD, Heads(normed_1LH, block.Value, null));
        known?.Dispose();
        known = all;
        var attended_1LH = stream_1LH + Linear(Attend(query_1LAD, all, length).to(Product), block.Output);
        var inner_1LH = RmsNorm.Apply(attended_1LH, block.PostAttentionNorm, Options.NormEpsilon).to(Product);
        var gated = nn.functional.silu(Linear(inner_1LH, block.Gate)) * Linear(inner_1LH, block.Up);
        return (attended_1LH + Linear(gated, block.Down)).MoveToOuterDisposeScope();
    }

    /// <summary>Row i, at position <paramref name="length"/> + i, over positions up to its own.</summary>
    private static Tensor Attend(Tensor query_1LAD, KeysAndValues all, int length)
    {
        using var scope = NewDisposeScope();
        var (rows, heads) = (query_1LAD.shape[1], query_1LAD.shape[2]);
        var group = heads / all.Key_1NKD.shape[2];
        var key_1ADN = all.Key_1NKD.repeat_interleave(group, dim: 2).permute(0, 2, 3, 1);
        var value_1AND = all.Value_1NKD.repeat_interleave(group, dim: 2).transpose(1, 2);
        var query_1ALD = query_1LAD.transpose(1, 2) / Math.Sqrt(query_1LAD.shape[3]);
        var visible_LN = ones([rows, length + rows], ScalarType.Bool, query_1LAD.device).tril(length);
        var weights_1ALN = query_1ALD.matmul(key_1ADN).masked_fill(visible_LN.logical_not(), double.NegativeInfinity).softmax(-1);
        return weights_1ALN.matmul(value_1AND).transpose(1, 2).reshape(1, rows, -1).MoveToOuterDisposeScope();
    }

    private Tensor Heads(Tensor input_1LH, LinearWeights weights, Tensor? norm)
    {
        using var scope = NewDisposeScope();
        var heads_1LAD = Linear(input_1LH, weights).view(1, input_1LH.shape[1], -1, Options.HeadSize).to(_model.Compute.Master);
        return (norm is null ? heads_1LAD : RmsNorm.Apply(heads_1LAD, norm, Options.NormEpsilon)).MoveToOuterDisposeScope();
    }

    private Tensor Linear(Tensor input, LinearWeights weights)
    {
        using var scope = NewDisposeScope();
        return nn.functional.linear(input, weights.Matrix.to(Product), weights.Bias?.to(Product)).MoveToOuterDisposeScope();
    }

    /// <summary>Keys and values of one layer, [1, N, K, D]; never changed in place, so sequences may share their numbers. Owns its tensors.</summary>
    private sealed record KeysAndValues(Tensor Key_1NKD, Tensor Value_1NKD) : IDisposable
    {
        public static KeysAndValues Join(KeysAndValues? known, Tensor key_1LKD, Tensor value_1LKD) => new(
            (known is null ? key_1LKD.alias() : cat([known.Key_1NKD, key_1LKD], 1)).DetachFromDisposeScope(),
            (known is null ? value_1LKD.alias() : cat([known.Value_1NKD, value_1LKD], 1)).DetachFromDisposeScope());

        public KeysAndValues First(int length) =>
            new(Key_1NKD.narrow(1, 0, length).DetachFromDisposeScope(), Value_1NKD.narrow(1, 0, length).DetachFromDisposeScope());

        public void Dispose()
        {
            Key_1NKD.Dispose();
            Value_1NKD.Dispose();
        }
    }

    private sealed class Sequence : ISequenceCache
    {
        private readonly TorchDecoder _owner;
        private bool _disposed;

        public Sequence(TorchDecoder owner, KeysAndValues?[] layers, int length)
        {
            (_owner, Layers, Length) = (owner, layers, length);
            owner.LiveBlocks++;
        }

        public KeysAndValues?[] Layers { get; }

        public int Length { get; set; }

        public ISequenceCache Fork(int length) =>
            new Sequence(_owner, [.. Layers.Select(layer => length == 0 ? null : layer!.First(length))], length);

        public void Dispose()
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            _owner.LiveBlocks--;
            foreach (var layer in Layers)
            {
                layer?.Dispose();
            }
        }
    }
}
