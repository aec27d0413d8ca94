using Agentic.Retrieval;

namespace Agentic.Graph;

/// <summary>
/// Finds titles and graph entities in a question or a value. In this order: the whole text as one name (also without bracket, part after the comma,
/// honorifics, "of" part); titles by explaining the question's words away; names of graph entities in the words that are left, the longest first;
/// names that are left, by spelling.
/// </summary>
/// <remarks>A text without capitals is matched all the same, against what the corpus writes with capitals.</remarks>
public sealed class EntityLinker : IEntityLinker
{
    private const double EntityWeight = 0.9;
    private const double SpellingWeight = 0.9;
    private const double LeastSimilarity = 0.55;
    private const int LongestEntity = 10;
    private const int MostSpellings = 3;
    private readonly CorpusNames _names;
    private readonly KnowledgeGraph _graph;
    private readonly Dictionary<string, string> _titles;
    private readonly Lazy<SpellingIndex> _spellings;

    private EntityLinker(CorpusNames names, KnowledgeGraph graph)
    {
        (_names, _graph) = (names, graph);
        _titles = names.Titles.Titles
            .GroupBy(title => EntityName.Key(title.Title), StringComparer.Ordinal)
            .ToDictionary(namesakes => namesakes.Key, namesakes => namesakes.First().Title, StringComparer.Ordinal);
        _spellings = new(() => new SpellingIndex(
            _titles.Values.Concat(graph.Entities.Select(entity => entity.Name).Where(name => char.IsUpper(name[0]))).Order(StringComparer.Ordinal)));
    }

    /// <summary>A linker over the live chunks of an index and the graph of their facts.</summary>
    public static EntityLinker Freeze(ChunkIndex index, KnowledgeGraph graph)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(graph);
        return new EntityLinker(index.Names, graph);
    }

    /// <inheritdoc/>
    public IReadOnlyList<LinkedEntity> Link(string text, int limit)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var found = new Dictionary<string, LinkedEntity>(StringComparer.Ordinal);
        AddWhole(text, found);
        var question = _names.Questions.Link(EnglishText.Analyze(text));
        var words = question.Words;
        var explained = (bool[])question.Explained.Clone();
        foreach (var link in question.Titles)
        {
            Add(found, new LinkedEntity(_names.Titles.Titles[link.Title].Title, Between(text, words, link.Start, link.End), words.Starts[link.Start], Math.Min(1, link.Score)));
        }

        AddEntities(text, words, explained, found);
        AddSpellings(text, words, explained, found);
        return [.. found.Values.OrderByDescending(entity => entity.Score).ThenBy(entity => entity.Name, StringComparer.Ordinal).Take(limit)];
    }

    private void AddWhole(string text, Dictionary<string, LinkedEntity> found)
    {
        var name = text.Trim();
        foreach (var (variant, weight) in NameVariants.Of(name))
        {
            if (NameOf(variant) is { } known)
            {
                Add(found, new LinkedEntity(known, name, text.IndexOf(name, StringComparison.Ordinal), weight));
                if (_titles.ContainsKey(EntityName.Key(known)))
                {
                    return;
                }
            }
        }
    }

    private void AddEntities(string text, WordSequence words, bool[] explained, Dictionary<string, LinkedEntity> found)
    {
        for (var start = 0; start < words.Length; start++)
        {
            for (var end = Math.Min(words.Length, start + LongestEntity); end > start; end--)
            {
                if (!explained.AsSpan(start..end).Contains(true)
                    && _names.Questions.IsName(words, start, end)
                    && _graph.TryFind(Between(text, words, start, end), out var entity))
                {
                    explained.AsSpan(start..end).Fill(true);
                    Add(found, new LinkedEntity(entity.Name, Between(text, words, start, end), words.Starts[start], EntityWeight));
                }
            }
        }
    }

    private void AddSpellings(string text, WordSequence words, bool[] explained, Dictionary<string, LinkedEntity> found)
    {
        foreach (var (start, end) in CapitalRuns.Of(words, _names.Corpus.Vocabulary))
        {
            if (explained.AsSpan(start..end).Contains(true) || !_names.Questions.IsName(words, start, end))
            {
                continue;
            }

            var mention = Between(text, words, start, end);
            foreach (var (name, similarity) in _spellings.Value.Similar(mention, LeastSimilarity).Take(MostSpellings))
            {
                Add(found, new LinkedEntity(NameOf(name) ?? name, mention, words.Starts[start], SpellingWeight * similarity));
            }
        }
    }

    private string? NameOf(string name) =>
        _titles.TryGetValue(EntityName.Key(name), out var title) ? title : _graph.TryFind(name, out var entity) ? entity.Name : null;

    private void Add(Dictionary<string, LinkedEntity> found, LinkedEntity entity)
    {
        var key = EntityName.Key(entity.Name);
        entity = entity with { IsTitled = _titles.ContainsKey(key) };
        if (!found.TryGetValue(key, out var known) || known.Score < entity.Score)
        {
            found[key] = entity;
        }
    }

    private static string Between(string text, WordSequence words, int start, int end) => text[words.Starts[start]..words.Ends[end - 1]];
}
