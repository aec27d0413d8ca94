using System.Runtime.InteropServices;

namespace Agentic.Training;

/// <summary>Decoder on the CPU in float32, in C#: about 370 calls into libtorch a token cost more than the arithmetic of a small model.</summary>
/// <remarks>
/// A row's result is the same to the bit whatever rows, chunks of its prompt and threads are beside it (<see cref="PackedMatrix"/>, <see cref="RowAttention"/>):
/// batched, cached and continuous generation equals one-at-a-time generation by construction. Threads share the rows by whole sequences.
/// </remarks>
internal sealed class ManagedDecoder : IDecoder
{
    private readonly ManagedWeights _weights;
    private readonly RotaryAngles _angles;
    private readonly CacheBlockPool _pool;
    private readonly DecoderRows[] _workers;

    /// <param name="model">Its weights are copied.</param>
    /// <param name="threads">Most threads of a forward.</param>
    public ManagedDecoder(ICausalLm model, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _weights = new ManagedWeights(model);
        _angles = new RotaryAngles(model.Options);
        _pool = new CacheBlockPool(model.Options);
        _workers = [.. Enumerable.Range(0, threads).Select(_ => new DecoderRows(_weights, _angles, _pool))];
    }

    public TransformerOptions Options => _weights.Options;

    public int LiveBlocks => _pool.Live;

    public ISequenceCache NewSequence() => new BlockCache(_pool);

    public void Forward(IReadOnlyList<DecoderRow> rows, float[] logits)
    {
        var placed = Place(rows);
        var parts = Parts(placed);
        if (parts.Count == 1)
        {
            _workers[0].Forward(CollectionsMarshal.AsSpan(placed), logits);
            return;
        }

        Parallel.For(0, parts.Count, new ParallelOptions { MaxDegreeOfParallelism = parts.Count }, part =>
            _workers[part].Forward(CollectionsMarshal.AsSpan(placed)[parts[part]], logits));
    }

    public void Dispose()
    {
        // Everything is managed; the interface is for decoders that hold tensors.
    }

    private static List<PlacedRow> Place(IReadOnlyList<DecoderRow> rows)
    {
        var placed = new List<PlacedRow>(rows.Count);
        for (var first = 0; first < rows.Count;)
        {
            var cache = (BlockCache)rows[first].Cache;
            var end = first + 1;
            while (end < rows.Count && ReferenceEquals(rows[end].Cache, cache))
            {
                end++;
            }

            var position = cache.Length;
            cache.Grow(end - first);
            for (; first < end; first++)
            {
                placed.Add(new PlacedRow(cache, position++, rows[first].Token, rows[first].LogitsAt));
            }
        }

        return placed;
    }

    /// <summary>Runs of rows, about equally long, that never part a sequence: rows of one read what the rows before them wrote.</summary>
    private List<Range> Parts(List<PlacedRow> rows)
    {
        var parts = new List<Range>();
        var start = 0;
        for (var part = 0; part < _workers.Length && start < rows.Count; part++)
        {
            var end = part == _workers.Length - 1 ? rows.Count : Math.Max(start + 1, (part + 1) * rows.Count / _workers.Length);
            while (end < rows.Count && ReferenceEquals(rows[end].Cache, rows[end - 1].Cache))
            {
                end++;
            }

            parts.Add(start..end);
            start = end;
        }

        return parts;
    }
}
