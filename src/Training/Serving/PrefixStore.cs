using System.Runtime.InteropServices;

namespace Agentic.Training;

/// <summary>Finished sequences with their keys and values, kept for sequences that begin alike; bounded, the least recently used goes first.</summary>
internal sealed class PrefixStore(int maxTokens) : IDisposable
{
    /// <summary>A match shorter than a block shares nothing.</summary>
    public const int ShortestMatch = CacheBlock.Positions;

    private readonly LinkedList<(List<int> Ids, ISequenceCache Cache)> _kept = new();
    private int _tokens;

    /// <summary>Takes over a sequence; <paramref name="ids"/> are those its cache has read.</summary>
    public void Keep(List<int> ids, ISequenceCache cache)
    {
        _kept.AddFirst((ids, cache));
        _tokens += ids.Count;
        while (_tokens > maxTokens && _kept.Last is { } last)
        {
            Drop(last);
            last.Value.Cache.Dispose();
        }
    }

    /// <summary>Tokens at most that a prompt can be spared.</summary>
    public int Match(ReadOnlySpan<int> prompt) => Longest(prompt).Length;

    /// <summary>A sequence that has read the longest known beginning of a prompt, but not its last token, whose logits are wanted; null when none is worth it.</summary>
    public ISequenceCache? Begin(ReadOnlySpan<int> prompt)
    {
        var (node, length) = Longest(prompt);
        if (node is null || length < ShortestMatch)
        {
            return null;
        }

        Drop(node);
        if (length == node.Value.Ids.Count)
        {
            return node.Value.Cache;
        }

        _kept.AddFirst(node);
        _tokens += node.Value.Ids.Count;
        return node.Value.Cache.Fork(length);
    }

    /// <summary>Length of the common beginning, short of the prompt's last token.</summary>
    public static int Common(ReadOnlySpan<int> prompt, ReadOnlySpan<int> ids) => prompt[..^1].CommonPrefixLength(ids);

    public void Dispose()
    {
        foreach (var (_, cache) in _kept)
        {
            cache.Dispose();
        }

        _kept.Clear();
    }

    private (LinkedListNode<(List<int> Ids, ISequenceCache Cache)>? Node, int Length) Longest(ReadOnlySpan<int> prompt)
    {
        var (best, length) = ((LinkedListNode<(List<int>, ISequenceCache)>?)null, 0);
        for (var node = _kept.First; node is not null; node = node.Next)
        {
            var common = Common(prompt, CollectionsMarshal.AsSpan(node.Value.Ids));
            (best, length) = common > length ? (node, common) : (best, length);
        }

        return (best, length);
    }

    private void Drop(LinkedListNode<(List<int> Ids, ISequenceCache Cache)> node)
    {
        _kept.Remove(node);
        _tokens -= node.Value.Ids.Count;
    }
}
