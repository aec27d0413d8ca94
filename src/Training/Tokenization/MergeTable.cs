using System.Runtime.InteropServices;

namespace Agentic.Training;

/// <summary>Words as ids with the counts of their neighbours, kept up to date merge by merge.</summary>
internal sealed class MergeTable
{
    private readonly List<int[]> _words = [];
    private readonly List<long> _wordCounts = [];
    private readonly Dictionary<(int Left, int Right), long> _counts = [];
    private readonly Dictionary<(int Left, int Right), HashSet<int>> _places = [];

    /// <summary>Best first; an entry whose count is out of date is put back with the true one when it comes up, which is right because counts only fall between entries.</summary>
    private readonly PriorityQueue<(int Left, int Right), (long Negated, int Left, int Right)> _queue = new();

    public MergeTable(IEnumerable<(int[] Ids, long Count)> words)
    {
        foreach (var (ids, count) in words)
        {
            var word = _words.Count;
            _words.Add(ids);
            _wordCounts.Add(count);
            for (var i = 0; i + 1 < ids.Length; i++)
            {
                Change((ids[i], ids[i + 1]), count, word);
            }
        }

        foreach (var pair in _counts.Keys)
        {
            Enqueue(pair);
        }
    }

    /// <summary>The neighbours to merge next, or null when none occurs often enough.</summary>
    public (int Left, int Right)? Best(long minimumCount)
    {
        while (_queue.TryDequeue(out var pair, out var priority))
        {
            var count = _counts.GetValueOrDefault(pair);
            if (count == -priority.Negated)
            {
                return count >= minimumCount ? pair : null;
            }

            if (count > 0)
            {
                Enqueue(pair);
            }
        }

        return null;
    }

    public void Merge(int left, int right, int merged)
    {
        if (!_places.Remove((left, right), out var places))
        {
            return;
        }

        var risen = new HashSet<(int Left, int Right)>();
        foreach (var word in places)
        {
            var (old, count) = (_words[word], _wordCounts[word]);
            var ids = Replaced(old, left, right, merged);
            for (var i = 0; i + 1 < old.Length; i++)
            {
                Change((old[i], old[i + 1]), -count, word);
            }

            for (var i = 0; i + 1 < ids.Length; i++)
            {
                Change((ids[i], ids[i + 1]), count, word);
                if (ids[i] == merged || ids[i + 1] == merged)
                {
                    risen.Add((ids[i], ids[i + 1]));
                }
            }

            _words[word] = ids;
        }

        _counts.Remove((left, right));
        foreach (var pair in risen)
        {
            Enqueue(pair);
        }
    }

    private static int[] Replaced(int[] ids, int left, int right, int merged)
    {
        var result = new List<int>(ids.Length);
        for (var i = 0; i < ids.Length; i++)
        {
            var here = i + 1 < ids.Length && ids[i] == left && ids[i + 1] == right;
            result.Add(here ? merged : ids[i]);
            i += here ? 1 : 0;
        }

        return [.. result];
    }

    private void Change((int Left, int Right) pair, long by, int word)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(_counts, pair, out _) += by;
        if (by > 0)
        {
            ref var places = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, pair, out _);
            (places ??= []).Add(word);
        }
    }

    private void Enqueue((int Left, int Right) pair)
    {
        if (_counts[pair] is > 0 and var count)
        {
            _queue.Enqueue(pair, (-count, pair.Left, pair.Right));
        }
    }
}
