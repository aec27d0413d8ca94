namespace Agentic.Retrieval;

/// <summary>
/// The simple strong baseline for linked corpora: chunks whose titles the question names, then chunks whose titles those mention, then BM25;
/// each group in the order of BM25.
/// </summary>
public sealed record TitleHopRetrieverOptions : RetrieverOptions
{
    /// <inheritdoc/>
    public override IRetriever Build(ChunkIndex index)
    {
        ArgumentNullException.ThrowIfNull(index);
        return new TitleHopRetriever(index.Names);
    }
}

internal sealed class TitleHopRetriever(CorpusNames names) : IRetriever
{
    // Lexical scores are at most 1, so the groups never mix.
    private const double Named = 4;
    private const double Mentioned = 2;

    public ValueTask<IReadOnlyList<ScoredChunk>> SearchAsync(string query, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        cancellationToken.ThrowIfCancellationRequested();

        var text = EnglishText.Analyze(query);
        var linked = names.Questions.Link(text);
        var lexical = names.Stems.Normalized([.. text.Words.Select(word => word.Folded)], pairWeight: 0);
        var scores = (double[])lexical.Clone();
        var paths = new Dictionary<int, PathHop[]>();
        foreach (var link in linked.Titles)
        {
            var title = names.Titles.Titles[link.Title];
            foreach (var chunk in title.Chunks)
            {
                if (paths.TryAdd(chunk, [PathHops.ByName(query, linked, link, title, names.Corpus.Chunks[chunk])]))
                {
                    scores[chunk] = Named + link.Score + lexical[chunk];
                }
            }
        }

        foreach (var from in paths.Keys.Order().ToArray())
        {
            Hop(from, lexical, scores, paths);
        }

        return ValueTask.FromResult(Best(scores, paths, linked.Words, query, limit));
    }

    private void Hop(int from, double[] lexical, double[] scores, Dictionary<int, PathHop[]> paths)
    {
        foreach (var mention in names.Mentions[from])
        {
            foreach (var chunk in names.Titles.Titles[mention.Title].Chunks)
            {
                var hop = new PathHop(names.Corpus.Chunks[from].Id, PathHops.Sentence(names.Corpus, from, mention.Start), names.Corpus.Chunks[chunk].Id, mention.Weight);
                if (paths.TryAdd(chunk, [.. paths[from], hop]))
                {
                    scores[chunk] = Mentioned + lexical[chunk];
                }
            }
        }
    }

    private IReadOnlyList<ScoredChunk> Best(double[] scores, Dictionary<int, PathHop[]> paths, WordSequence words, string query, int limit) =>
    [
        .. Enumerable.Range(0, scores.Length)
            .Where(chunk => scores[chunk] > 0)
            .OrderByDescending(chunk => scores[chunk]).ThenBy(chunk => chunk)
            .Take(limit)
            .Select(chunk => new ScoredChunk(
                names.Corpus.Chunks[chunk],
                scores[chunk],
                paths.GetValueOrDefault(chunk) ?? [PathHops.ByWord(query, words, names, chunk, scores[chunk])])),
    ];
}
