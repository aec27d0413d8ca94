namespace Agentic.Retrieval;

/// <summary>A title of the corpus and the chunks that carry it.</summary>
/// <param name="Number">Dense, in ordinal order of the titles' keys.</param>
/// <param name="Title">As written; for a document without title, the name that opens its text.</param>
/// <param name="Chunks">Positions in the corpus, rising.</param>
internal sealed record TitleNode(int Number, string Title, int[] Chunks);

/// <summary>A title that an alias may mean.</summary>
/// <param name="Title">Number of the title.</param>
/// <param name="Weight">How surely the alias means some title of this form, in (0, 1].</param>
/// <param name="Share">The same, lowered by the alias's other owners.</param>
internal readonly record struct AliasOwner(int Title, double Weight, double Share);

/// <summary>The titles of a corpus under all their aliases.</summary>
internal sealed class TitleIndex
{
    /// <summary>An alias of more titles than this says nothing.</summary>
    private const int MostOwners = 8;
    private const int FewOwners = 4;
    private const double LeastShareOfFew = 0.35;
    private readonly WordTrie _aliases = new();
    private readonly List<AliasOwner[]> _owners = [];

    private TitleIndex(AnalyzedCorpus corpus, IReadOnlyList<TitleNode> titles, int[] titleOf)
    {
        Corpus = corpus;
        Titles = titles;
        TitleOf = titleOf;
    }

    public AnalyzedCorpus Corpus { get; }

    public IReadOnlyList<TitleNode> Titles { get; }

    /// <summary>The title of each chunk, or -1 when it has none and none could be read from its text.</summary>
    public int[] TitleOf { get; }

    public int AliasCount => _aliases.Count;

    public int[] AliasWords(int alias) => _aliases[alias];

    /// <summary>Who an alias may mean; empty when it belongs to too many.</summary>
    public AliasOwner[] Owners(int alias) => _owners[alias];

    /// <summary>Numbers of the aliases that begin at a position, shortest first.</summary>
    public void Match(WordSequence text, int at, List<int> found) => _aliases.Match(text.Words, at, found);

    /// <summary>Freezes the titles of a corpus.</summary>
    public static TitleIndex Build(AnalyzedCorpus corpus)
    {
        var names = NameOfDocuments(corpus);
        var titles = corpus.Chunks
            .Select((chunk, position) => (Name: names[chunk.DocumentId], Key: KeyOf(chunk, names[chunk.DocumentId]), Position: position))
            .Where(entry => entry.Key.Length > 0)
            .GroupBy(entry => entry.Key, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select((group, number) => new TitleNode(
                number,
                group.Select(entry => entry.Name).Min(StringComparer.Ordinal)!,
                [.. group.Select(entry => entry.Position)]))
            .ToArray();

        var titleOf = Enumerable.Repeat(-1, corpus.Chunks.Count).ToArray();
        foreach (var title in titles)
        {
            foreach (var chunk in title.Chunks)
            {
                titleOf[chunk] = title.Number;
            }
        }

        var index = new TitleIndex(corpus, titles, titleOf);
        index.AddAliases();
        return index;
    }

    // Equal titles are one; names read from texts are namesakes, each its own.
    private static string KeyOf(Chunk chunk, string name)
    {
        var key = EntityName.Key(name);
        return key.Length == 0 || EntityName.Key(chunk.Title).Length > 0 ? key : $"{key}\n{chunk.DocumentId}";
    }

    // Chunks of an untitled document share the name that opens its first live chunk.
    private static Dictionary<string, string> NameOfDocuments(AnalyzedCorpus corpus)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < corpus.Chunks.Count; i++)
        {
            var chunk = corpus.Chunks[i];
            if (!names.TryGetValue(chunk.DocumentId, out var known) || (known.Length == 0 && chunk.Ordinal == 0))
            {
                names[chunk.DocumentId] = chunk.Title.Trim() is { Length: > 0 } title ? title : chunk.Ordinal == 0 ? OpeningName(corpus, i) : "";
            }
        }

        return names;
    }

    private static string OpeningName(AnalyzedCorpus corpus, int chunk)
    {
        var text = corpus.Texts[chunk];
        var length = AliasRules.OpeningNameLength(corpus.Chunks[chunk], text, corpus.Vocabulary);
        if (length > 0)
        {
            return corpus.Chunks[chunk].Text[text.Starts[0]..text.Ends[length - 1]];
        }

        var runs = CapitalRuns.Of(text, corpus.Vocabulary).TakeWhile(run => text.Sentences[run.Start] == 0).ToArray();
        var first = runs.FirstOrDefault(run => run.End - run.Start > 1, runs.FirstOrDefault());
        return first.End == 0 ? "" : corpus.Chunks[chunk].Text[text.Starts[first.Start]..text.Ends[first.End - 1]];
    }

    private void AddAliases()
    {
        var weights = new List<SortedDictionary<int, double>>();
        foreach (var title in Titles)
        {
            foreach (var alias in AliasesOf(title))
            {
                var number = _aliases.Add(alias.Words);
                if (number == weights.Count)
                {
                    weights.Add([]);
                }

                weights[number][title.Number] = Math.Max(alias.Weight, weights[number].GetValueOrDefault(title.Number));
            }
        }

        _owners.AddRange(weights.Select(Shared));
    }

    private IEnumerable<Alias> AliasesOf(TitleNode title)
    {
        var ofTitle = AliasRules.OfTitle(title.Title, Corpus.Vocabulary);
        if (AliasRules.IsSentence(Corpus.Chunks[title.Chunks[0]].Title, Corpus.Titles[title.Chunks[0]], Corpus.Vocabulary))
        {
            yield return ofTitle.First();
            yield break;
        }

        foreach (var alias in ofTitle)
        {
            yield return alias;
        }

        foreach (var chunk in title.Chunks.Where(chunk => Corpus.Chunks[chunk].Ordinal == 0))
        {
            foreach (var alias in AliasRules.OfOpening(Corpus.Chunks[chunk], Corpus.Texts[chunk], Corpus.Vocabulary))
            {
                yield return alias;
            }
        }
    }

    private static AliasOwner[] Shared(SortedDictionary<int, double> weights)
    {
        if (weights.Count > MostOwners)
        {
            return [];
        }

        var sum = weights.Values.Sum();
        var least = weights.Count <= FewOwners ? LeastShareOfFew : 0;
        return [.. weights.Select(owner => new AliasOwner(owner.Key, owner.Value, owner.Value * Math.Max(owner.Value / sum, least)))];
    }
}
