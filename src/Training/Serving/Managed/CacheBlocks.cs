using System.Runtime.InteropServices;

namespace Agentic.Training;

/// <summary>Keys and values of 16 positions in all layers. Several sequences may share a block; who writes to a shared one takes a copy first.</summary>
/// <param name="keys">Per layer and key head, [head size, 16]: a vector holds one entry of 16 positions.</param>
/// <param name="values">Per layer and key head, [16, padded head size].</param>
internal sealed class CacheBlock(float[] keys, float[] values)
{
    /// <summary>Positions of a block.</summary>
    public const int Positions = VectorMath.Width;

    public float[] Keys { get; } = keys;

    public float[] Values { get; } = values;

    /// <summary>Sequences that hold it.</summary>
    public int Holders { get; set; } = 1;
}

/// <summary>Hands out blocks and takes them back; used by one thread at a time.</summary>
internal sealed class CacheBlockPool(TransformerOptions options)
{
    private readonly Stack<CacheBlock> _free = new();

    /// <summary>Floats of one layer and key head in <see cref="CacheBlock.Keys"/>.</summary>
    public int KeyFloats { get; } = options.HeadSize * CacheBlock.Positions;

    /// <summary>Floats of one layer and key head in <see cref="CacheBlock.Values"/>.</summary>
    public int ValueFloats { get; } = VectorMath.Padded(options.HeadSize) * CacheBlock.Positions;

    /// <summary>Blocks that sequences hold.</summary>
    public int Live { get; private set; }

    /// <summary>Content is what the last holder left: nobody reads a position before it is written.</summary>
    public CacheBlock Take()
    {
        Live++;
        if (_free.TryPop(out var block))
        {
            block.Holders = 1;
            return block;
        }

        var parts = options.Layers * options.KeyValueHeads;
        return new CacheBlock(new float[parts * KeyFloats], new float[parts * ValueFloats]);
    }

    public void Release(CacheBlock block)
    {
        if (--block.Holders == 0)
        {
            Live--;
            _free.Push(block);
        }
    }

    /// <summary>The block itself where nobody else holds it, else a copy in its place.</summary>
    public CacheBlock Own(CacheBlock block)
    {
        if (block.Holders == 1)
        {
            return block;
        }

        var copy = Take();
        block.Keys.CopyTo(copy.Keys, 0);
        block.Values.CopyTo(copy.Values, 0);
        Release(block);
        return copy;
    }
}

/// <summary>A sequence as the blocks of its positions.</summary>
internal sealed class BlockCache(CacheBlockPool pool) : ISequenceCache
{
    private readonly List<CacheBlock> _blocks = [];
    private bool _disposed;

    public int Length { get; private set; }

    public ReadOnlySpan<CacheBlock> Blocks => CollectionsMarshal.AsSpan(_blocks);

    /// <summary>Makes room for more positions, which the caller then writes. Not safe beside any other use of the pool.</summary>
    public void Grow(int positions)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (Length % CacheBlock.Positions != 0)
        {
            _blocks[^1] = pool.Own(_blocks[^1]);
        }

        Length += positions;
        while (_blocks.Count * CacheBlock.Positions < Length)
        {
            _blocks.Add(pool.Take());
        }
    }

    public ISequenceCache Fork(int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        var fork = new BlockCache(pool) { Length = length };
        foreach (var block in _blocks.Take((length + CacheBlock.Positions - 1) / CacheBlock.Positions))
        {
            block.Holders++;
            fork._blocks.Add(block);
        }

        return fork;
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _blocks.ForEach(pool.Release);
        _blocks.Clear();
    }
}
