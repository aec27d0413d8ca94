namespace Agentic.Training;

/// <summary>A row with its place in its sequence.</summary>
internal readonly record struct PlacedRow(BlockCache Cache, int Position, int Token, int LogitsAt);

/// <summary>Runs rows through all layers on one thread; owns the space it needs.</summary>
internal sealed class DecoderRows(ManagedWeights weights, RotaryAngles angles, CacheBlockPool pool)
{
    private readonly TransformerOptions _options = weights.Options;
    private readonly RowAttention _attention = new(weights.Options, pool);
    private readonly float _epsilon = (float)weights.Options.NormEpsilon;
    private float[] _stream = [];
    private float[] _normed = [];
    private float[] _heads = [];
    private float[] _mixed = [];
    private float[] _projected = [];
    private float[] _gateUp = [];
    private float[] _logits = [];

    private int Hidden => _options.HiddenSize;

    public void Forward(ReadOnlySpan<PlacedRow> rows, float[] logits)
    {
        Reserve(rows.Length);
        for (var row = 0; row < rows.Length; row++)
        {
            weights.Embedding.AsSpan(rows[row].Token * Hidden, Hidden).CopyTo(_stream.AsSpan(row * Hidden));
        }

        for (var layer = 0; layer < weights.Blocks.Length; layer++)
        {
            var block = weights.Blocks[layer];
            Attend(block, layer, rows);
            FeedForward(block, rows.Length);
        }

        WriteLogits(rows, logits);
    }

    private void Attend(ManagedBlock block, int layer, ReadOnlySpan<PlacedRow> rows)
    {
        Norm(block.InputNorm, rows.Length);
        block.QueryKeyValue.Multiply(_normed, Hidden, rows.Length, _heads);
        var size = _options.HeadSize;
        var (keysAt, valuesAt) = (VectorMath.Padded(_options.Heads * size), VectorMath.Padded(_options.Heads * size) + VectorMath.Padded(_options.KeyValueHeads * size));
        for (var row = 0; row < rows.Length; row++)
        {
            var heads = _heads.AsSpan(row * block.QueryKeyValue.Outputs, block.QueryKeyValue.Outputs);
            Turn(heads[..(_options.Heads * size)], block.QueryNorm, rows[row].Position);
            Turn(heads.Slice(keysAt, _options.KeyValueHeads * size), block.KeyNorm, rows[row].Position);
            Keep(rows[row], layer, heads[keysAt..], heads[valuesAt..]);
        }

        // Rows read what the rows of their sequence before them have just kept: keep all, then mix.
        for (var row = 0; row < rows.Length; row++)
        {
            var queries = _heads.AsSpan(row * block.QueryKeyValue.Outputs, _options.Heads * size);
            _attention.Attend(queries, rows[row].Cache.Blocks, layer, rows[row].Position, _mixed.AsSpan(row * _options.Heads * size, _options.Heads * size));
        }

        block.Output.Multiply(_mixed, _options.Heads * size, rows.Length, _projected);
        AddToStream(block.Output.Outputs, rows.Length);
    }

    private void FeedForward(ManagedBlock block, int rows)
    {
        Norm(block.PostAttentionNorm, rows);
        block.GateUp.Multiply(_normed, Hidden, rows, _gateUp);
        var inner = block.GateUp.Outputs / 2;
        for (var row = 0; row < rows; row++)
        {
            var both = _gateUp.AsSpan(row * 2 * inner, 2 * inner);
            VectorMath.SwiGlu(both[..inner], both[inner..]);
        }

        block.Down.Multiply(_gateUp, 2 * inner, rows, _projected);
        AddToStream(block.Down.Outputs, rows);
    }

    private void WriteLogits(ReadOnlySpan<PlacedRow> rows, float[] logits)
    {
        var asked = 0;
        foreach (var row in rows)
        {
            asked += row.LogitsAt >= 0 ? 1 : 0;
        }

        Array.Resize(ref _logits, Math.Max(_logits.Length, asked * weights.Head.Outputs));
        var next = 0;
        for (var row = 0; row < rows.Length; row++)
        {
            if (rows[row].LogitsAt >= 0)
            {
                VectorMath.RmsNorm(_stream.AsSpan(row * Hidden, Hidden), weights.FinalNorm, _epsilon, _normed.AsSpan(next++ * Hidden, Hidden));
            }
        }

        if (asked > 0)
        {
            weights.Head.Multiply(_normed, Hidden, asked, _logits);
        }

        next = 0;
        foreach (var row in rows)
        {
            if (row.LogitsAt >= 0)
            {
                _logits.AsSpan(next++ * weights.Head.Outputs, _options.VocabularySize).CopyTo(logits.AsSpan(row.LogitsAt * _options.VocabularySize));
            }
        }
    }

    private void Norm(float[] gain, int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            VectorMath.RmsNorm(_stream.AsSpan(row * Hidden, Hidden), gain, _epsilon, _normed.AsSpan(row * Hidden, Hidden));
        }
    }

    private void Turn(Span<float> heads, float[]? gain, int position)
    {
        for (var at = 0; at < heads.Length; at += _options.HeadSize)
        {
            var head = heads.Slice(at, _options.HeadSize);
            if (gain is not null)
            {
                VectorMath.RmsNorm(head, gain, _epsilon, head);
            }

            angles.Turn(head, position);
        }
    }

    private void Keep(PlacedRow row, int layer, ReadOnlySpan<float> keys, ReadOnlySpan<float> values)
    {
        var (index, lane) = Math.DivRem(row.Position, CacheBlock.Positions);
        var block = row.Cache.Blocks[index];
        var size = _options.HeadSize;
        for (var head = 0; head < _options.KeyValueHeads; head++)
        {
            var part = (layer * _options.KeyValueHeads) + head;
            for (var entry = 0; entry < size; entry++)
            {
                block.Keys[(part * pool.KeyFloats) + (entry * CacheBlock.Positions) + lane] = keys[(head * size) + entry];
            }

            values.Slice(head * size, size).CopyTo(block.Values.AsSpan((part * pool.ValueFloats) + (lane * VectorMath.Padded(size))));
        }
    }

    private void AddToStream(int stride, int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            VectorMath.Add(_stream.AsSpan(row * Hidden, Hidden), _projected.AsSpan(row * stride, Hidden));
        }
    }

    private void Reserve(int rows)
    {
        var block = weights.Blocks[0];
        Grow(ref _stream, rows * Hidden);
        Grow(ref _normed, rows * Hidden);
        Grow(ref _heads, rows * block.QueryKeyValue.Outputs);
        Grow(ref _mixed, rows * _options.Heads * _options.HeadSize);
        Grow(ref _projected, rows * VectorMath.Padded(Hidden));
        Grow(ref _gateUp, rows * block.GateUp.Outputs);
    }

    private static void Grow(ref float[] space, int floats)
    {
        if (space.Length < floats)
        {
            space = new float[floats];
        }
    }
}
