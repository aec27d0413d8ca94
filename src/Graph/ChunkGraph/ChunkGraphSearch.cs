using Agentic.Retrieval;

namespace Agentic.Graph;

/// <summary>One question over the chunk graph: seeds by name and by word, then a walk along the links that the rest of the question supports.</summary>
internal sealed class ChunkGraphSearch
{
    private const int NotNamed = -1;
    private const int LongestPath = 4;

    /// <summary>Chunks without mass follow all others, in the order of their seeds.</summary>
    private const double TailWeight = 1e-6;
    private readonly ChunkGraph _graph;
    private readonly GraphRetrieverOptions _options;
    private readonly QuestionView _question;
    private readonly double[] _seeds;
    private readonly int[] _namedBy;
    private readonly QuestionWalk _walk;
    private readonly double[] _scores;

    public ChunkGraphSearch(ChunkGraph graph, GraphRetrieverOptions options, string question)
    {
        (_graph, _options) = (graph, options);
        _question = new QuestionView(graph.Names, options, question);
        _namedBy = new int[graph.ChunkCount];
        _namedBy.AsSpan().Fill(NotNamed);
        _seeds = Seeds();
        _walk = new QuestionWalk(new ChunkLinks(graph, options, _question), Best(_seeds, options.Seeds), options);
        _scores = Array.ConvertAll(_seeds, seed => TailWeight * seed);
        foreach (var (chunk, mass) in _walk.Mass)
        {
            _scores[chunk] += mass;
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
            if (_scores[chunk] is var score and > 0)
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
                seeds[chunk] += link.Score * ChunkLinks.AmongChunks(chunks, chunk, _question.Lexical);
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

    private static (int Chunk, double Value)[] Best(double[] scores, int count)
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

        return [.. best.UnorderedItems.OrderByDescending(item => item.Priority).Select(item => (item.Element, item.Priority.Item1))];
    }

    // Back along the links that brought the most mass, to a chunk that the question itself leads to.
    private PathHop[] PathTo(int chunk)
    {
        var hops = new List<PathHop>();
        var at = chunk;
        while (hops.Count < LongestPath && _walk.BestInto(at) is { } best && hops.TrueForAll(hop => hop.To != IdOf(best.From)))
        {
            hops.Insert(0, new PathHop(IdOf(best.From), Via(best.From, best.Link), IdOf(at), best.Link.Weight));
            at = best.From;
        }

        return [ToSeed(at), .. hops];
    }

    private string IdOf(int chunk) => _graph.Names.Corpus.Chunks[chunk].Id;

    private string Via(int from, ChunkLink link)
    {
        var names = _graph.Names;
        return link.Kind switch
        {
            LinkKind.Mention => PathHops.Sentence(names.Corpus, from, names.Mentions[from][link.Mention].Start),
            LinkKind.Phrase => PathHops.Sentence(names.Corpus, from, names.Phrases.Mentions[from][link.Mention].Start),
            _ => PathHops.Sentence(names.Corpus, link.Target, names.Mentions[link.Target][link.Mention].Start),
        };
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
