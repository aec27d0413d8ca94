namespace Agentic.Retrieval;

/// <summary>Word sequences numbered in order of arrival, matched against running text one word a look-up.</summary>
internal sealed class WordTrie
{
    private const int Root = 0;
    private const int NoSequence = -1;
    private readonly Dictionary<(int Node, int Word), int> _children = [];
    private readonly List<int> _sequenceAt = [NoSequence];
    private readonly List<int[]> _sequences = [];

    public int Count => _sequences.Count;

    public int[] this[int sequence] => _sequences[sequence];

    /// <summary>Number of a sequence, giving it the next free one when it is new.</summary>
    public int Add(ReadOnlySpan<int> words)
    {
        var node = Root;
        foreach (var word in words)
        {
            if (!_children.TryGetValue((node, word), out var child))
            {
                child = _sequenceAt.Count;
                _children.Add((node, word), child);
                _sequenceAt.Add(NoSequence);
            }

            node = child;
        }

        if (_sequenceAt[node] == NoSequence)
        {
            _sequenceAt[node] = _sequences.Count;
            _sequences.Add(words.ToArray());
        }

        return _sequenceAt[node];
    }

    /// <summary>Numbers of the sequences that begin at a position, shortest first.</summary>
    public void Match(ReadOnlySpan<int> text, int at, List<int> found)
    {
        found.Clear();
        var node = Root;
        for (var i = at; i < text.Length && _children.TryGetValue((node, text[i]), out node); i++)
        {
            if (_sequenceAt[node] != NoSequence)
            {
                found.Add(_sequenceAt[node]);
            }
        }
    }
}
