using Agentic.Retrieval;

namespace Agentic.Graph;

/// <summary>One question over the chunk graph: seeds by name and by word, then one step along the links that the rest of the question supports.</summary>
internal sealed class ChunkGraphSearch
{
    private const int NotNamed = -1;
    private readonly ChunkGraph _graph;
    private readonly GraphRetrieverOptions _options;
    private readonly QuestionView _question;
    private readonly double[] _seeds;
    private readonly int[] _namedBy;
    private readonly Spreading _spreading;

    public ChunkGraphSearch(ChunkGraph graph, GraphRetrieverOptions options, string question)
    {
        (_graph, _options) = (graph, options);
        _question = new QuestionView(graph.Names, options, question);
        _namedBy = new int[graph.ChunkCount];
        _namedBy.AsSpan().Fill(NotNamed);
        _seeds = Seeds();
        _spreading = new Spreading(graph, options, _question, _seeds);
        foreach (var seed in Best(_seeds, options.Seeds))
        {
            _spreading.From(seed);
        }
    }

    /// <summary>The best chunks; each further one of a title that is already listed counts less.</summary>
    public IReadOnlyList<ScoredChunk> Top(int limit)
    {
        var titleOf = _graph.Names.Titles.TitleOf;
        var queue = new PriorityQueue<(int Chunk, double Score, int Before), (double, int)>(Scored());
        var listed = new Dictionary<int, int>();
        var top = new List<ScoredChunk>(Math.Min(limit, _graph.ChunkCount));
        while (top.Count < limit && queue.TryDequeue(out var next, out _))
        {
            var title = titleOf[next.Chunk];
            var before = title < 0 ? 0 : listed.GetValueOrDefault(title);
            if (before > next.Before)
            {
                var score = next.Score * Math.Pow(_options.SameTitleDiscount, before - next.Before);
                queue.Enqueue((next.Chunk, score, before), (-score, next.Chunk));
                continue;
            }

            if (title >= 0)
            {
                listed[title] = before + 1;
            }

            var path = new DeferredPath(() => PathTo(next.Chunk));
            top.Add(new ScoredChunk(_graph.Names.Corpus.Chunks[next.Chunk], next.Score, path));
        }

        return top;
    }

    private IEnumerable<((int, double, int), (double, int))> Scored()
    {
        for (var chunk = 0; chunk < _graph.ChunkCount; chunk++)
        {
            if (_seeds[chunk] + _spreading.Values[chunk] is var score and > 0)
            {
                yield return ((chunk, score, 0), (-score, chunk));
            }
        }
    }

    private double[] Seeds()
    {
        var seeds = Array.ConvertAll(_question.Lexical, score => _options.LexicalWeight * score);
        for (var i = 0; i < _question.Linked.Titles.Count; i++)
        {
            var link = _question.Linked.Titles[i];
            var chunks = _graph.Names.Titles.Titles[link.Title].Chunks;
            foreach (var chunk in chunks)
            {
                seeds[chunk] += link.Score * Spreading.AmongChunks(chunks, chunk, _question.Lexical);
                _namedBy[chunk] = i;
            }
        }

        foreach (var phrase in _question.Phrases)
        {
            AddPhrase(phrase, seeds);
        }

        return seeds;
    }

    // Of the chunks that write the name, those that fit the rest of the question count most.
    private void AddPhrase(int phrase, double[] seeds)
    {
        var occurrences = _graph.Names.Phrases.Occurrences[phrase];
        var best = occurrences.Max(occurrence => _question.Lexical[occurrence.Chunk]);
        foreach (var (chunk, _) in occurrences)
        {
            var share = best > 0 ? _question.Lexical[chunk] / best : 1;
            seeds[chunk] += _options.NameWeight * _graph.Names.Phrases.Information[phrase] * share * share;
        }
    }

    private static IEnumerable<int> Best(double[] scores, int count)
    {
        var best = new PriorityQueue<int, (double, int)>();
        for (var i = 0; i < scores.Length; i++)
        {
            if (scores[i] > 0 && (best.Count < count || (best.TryPeek(out _, out var least) && (scores[i], -i).CompareTo(least) > 0)))
            {
                best.Enqueue(i, (scores[i], -i));
                if (best.Count > count)
                {
                    best.Dequeue();
                }
            }
        }

        return best.UnorderedItems.OrderByDescending(item => item.Priority).Select(item => item.Element);
    }

    private PathHop[] PathTo(int chunk)
    {
        if (_spreading.Values[chunk] <= _seeds[chunk])
        {
            return [ToSeed(chunk)];
        }

        var (seed, kind, index, weight) = _spreading.Steps[chunk];
        var names = _graph.Names;
        var via = kind switch
        {
            LinkKind.Mention => PathHops.Sentence(names.Corpus, seed, names.Mentions[seed][index].Start),
            LinkKind.Phrase => PathHops.Sentence(names.Corpus, seed, names.Phrases.Mentions[seed][index].Start),
            _ => PathHops.Sentence(names.Corpus, chunk, names.Mentions[chunk][index].Start),
        };
        return [ToSeed(seed), new PathHop(names.Corpus.Chunks[seed].Id, via, names.Corpus.Chunks[chunk].Id, weight)];
    }

    private PathHop ToSeed(int seed)
    {
        if (_namedBy[seed] == NotNamed)
        {
            return PathHops.ByWord(_question.Text, _question.Linked.Words, _graph.Names, seed, _seeds[seed]);
        }

        var link = _question.Linked.Titles[_namedBy[seed]];
        return PathHops.ByName(_question.Text, _question.Linked, link, _graph.Names.Titles.Titles[link.Title], _graph.Names.Corpus.Chunks[seed]);
    }
}
