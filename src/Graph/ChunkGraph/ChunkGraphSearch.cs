using Agentic.Retrieval;

namespace Agentic.Graph;

/// <summary>One question over the chunk graph: seeds by name and word, then one step along the links that the rest of the question supports.</summary>
internal sealed class ChunkGraphSearch
{
    private readonly ChunkGraph _graph;
    private readonly GraphRetrieverOptions _options;
    private readonly LinkedQuestion _question;
    private readonly RelationStrength _relations;
    private readonly double[] _lexical;
    private readonly double[] _residual;
    private readonly double[] _seed;
    private readonly double[] _spread;
    private readonly Step[] _steps;
    private readonly int[] _namedBy;

    public ChunkGraphSearch(ChunkGraph graph, GraphRetrieverOptions options, string query)
    {
        (_graph, _options) = (graph, options);
        var text = EnglishText.Analyze(query);
        _question = graph.Names.Questions.Link(text);
        var words = text.Words.Select(word => word.Folded).ToArray();
        var residual = words.Where((_, position) => !_question.Explained[position]).ToArray();
        _relations = new RelationStrength(residual, graph.Names);
        _lexical = Lexical(words, options.PairWeight);
        _residual = Lexical(residual, 0);
        _namedBy = Enumerable.Repeat(-1, graph.ChunkCount).ToArray();
        _seed = Seeds();
        _spread = new double[graph.ChunkCount];
        _steps = new Step[graph.ChunkCount];
        foreach (var seed in Best(_seed, options.Seeds))
        {
            Spread(seed);
        }
    }

    /// <summary>How a chunk was reached: from a seed, by one of its mentions or the target's.</summary>
    private readonly record struct Step(int Seed, LinkKind Kind, int Mention, double Weight);

    public IReadOnlyList<ScoredChunk> Top(int limit)
    {
        var titles = _graph.Names.Titles.TitleOf;
        var queue = new PriorityQueue<(int Chunk, double Score, int Listed), (double, int)>();
        for (var chunk = 0; chunk < _graph.ChunkCount; chunk++)
        {
            if (_seed[chunk] + _spread[chunk] is var score and > 0)
            {
                queue.Enqueue((chunk, score, 0), (-score, chunk));
            }
        }

        var listed = new Dictionary<int, int>();
        var top = new List<ScoredChunk>(limit);
        while (top.Count < limit && queue.TryDequeue(out var next, out _))
        {
            var title = titles[next.Chunk];
            var before = title < 0 ? 0 : listed.GetValueOrDefault(title);
            if (before > next.Listed)
            {
                var score = next.Score * Math.Pow(_options.SameTitleDiscount, before - next.Listed);
                queue.Enqueue((next.Chunk, score, before), (-score, next.Chunk));
                continue;
            }

            if (title >= 0)
            {
                listed[title] = before + 1;
            }

            top.Add(new ScoredChunk(_graph.Names.Corpus.Chunks[next.Chunk], next.Score));
        }

        return top;
    }

    private double[] Lexical(IReadOnlyList<string> words, double pairWeight)
    {
        var scores = new double[_graph.ChunkCount];
        _graph.Names.Stems.Score(words, pairWeight, scores);
        var largest = scores.Length == 0 ? 0 : scores.Max();
        if (largest > 0)
        {
            for (var i = 0; i < scores.Length; i++)
            {
                scores[i] /= largest;
            }
        }

        return scores;
    }

    private double[] Seeds()
    {
        var seeds = Array.ConvertAll(_lexical, score => _options.LexicalWeight * score);
        for (var i = 0; i < _question.Titles.Count; i++)
        {
            var link = _question.Titles[i];
            foreach (var chunk in _graph.Names.Titles.Titles[link.Title].Chunks)
            {
                seeds[chunk] += link.Score * AmongChunksOfTitle(link.Title, chunk, _lexical);
                _namedBy[chunk] = i;
            }
        }

        return seeds;
    }

    // Of several chunks under one title, those that fit the question's words count more.
    private double AmongChunksOfTitle(int title, int chunk, double[] scores)
    {
        var chunks = _graph.Names.Titles.Titles[title].Chunks;
        if (chunks.Length == 1)
        {
            return 1;
        }

        var largest = 0.0;
        foreach (var other in chunks)
        {
            largest = Math.Max(largest, scores[other]);
        }

        var share = largest > 0 ? scores[chunk] / largest : 1;
        return 0.5 + (0.5 * share * share);
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

    private void Spread(int seed)
    {
        var text = _graph.Names.Corpus.Texts[seed];
        var mentions = _graph.Names.Mentions[seed];
        var phrases = _graph.Names.Phrases.Mentions[seed];
        var mentionStrength = Array.ConvertAll(mentions, mention => mention.Weight * Strength(text, mention.Start, mention.End));
        var phraseStrength = Array.ConvertAll(phrases, phrase => Rarity(phrase.Phrase) * (phrase.Start < 0 ? _options.BaseStrength : Strength(text, phrase.Start, phrase.End)));
        var largest = mentionStrength.Concat(phraseStrength).DefaultIfEmpty(0).Max();
        if (largest > 0)
        {
            var scale = 1 / Math.Sqrt(largest);
            for (var i = 0; i < mentions.Length; i++)
            {
                ToTitle(seed, i, mentions[i].Title, mentionStrength[i] * scale);
            }

            for (var i = 0; i < phrases.Length; i++)
            {
                ToSharers(seed, i, phrases[i].Phrase, phraseStrength[i] * scale);
            }
        }

        ToMentioning(seed);
    }

    private double Strength(WordSequence text, int start, int end) =>
        (_options.BaseStrength + (_options.RelationWeight * _relations.Around(text, start, end))) / (1 + (0.005 * start));

    private double Rarity(int phrase)
    {
        var chunks = _graph.ChunkCount;
        var df = _graph.Names.Phrases.Occurrences[phrase].Length;
        return Math.Log(1 + ((double)chunks / df)) / Math.Log(1 + (2.0 * chunks));
    }

    private void ToTitle(int seed, int mention, int title, double strength)
    {
        foreach (var chunk in _graph.Names.Titles.Titles[title].Chunks)
        {
            var weight = strength * (1 + (0.5 * _residual[chunk])) * AmongChunksOfTitle(title, chunk, _residual);
            Reach(chunk, new Step(seed, LinkKind.Mention, mention, weight));
        }
    }

    private void ToSharers(int seed, int mention, int phrase, double strength)
    {
        var titleOf = _graph.Names.Titles.TitleOf;
        foreach (var (chunk, other) in _graph.Names.Phrases.Occurrences[phrase])
        {
            if (chunk == seed || (titleOf[chunk] == titleOf[seed] && titleOf[seed] >= 0))
            {
                continue;
            }

            var there = _graph.Names.Phrases.Mentions[chunk][other];
            var relation = there.Start < 0 ? 0 : _relations.Around(_graph.Names.Corpus.Texts[chunk], there.Start, there.End);
            var weight = _options.PhraseWeight * strength * (0.5 + _residual[chunk] + (0.5 * relation));
            Reach(chunk, new Step(seed, LinkKind.Phrase, mention, weight));
        }
    }

    private void ToMentioning(int seed)
    {
        var title = _graph.Names.Titles.TitleOf[seed];
        if (title < 0 || _options.ReverseWeight == 0)
        {
            return;
        }

        foreach (var (chunk, index) in _graph.MentionedBy[title])
        {
            var mention = _graph.Names.Mentions[chunk][index];
            var relation = _relations.Around(_graph.Names.Corpus.Texts[chunk], mention.Start, mention.End);
            var weight = _options.ReverseWeight * mention.Weight * (_options.BaseStrength + (_options.RelationWeight * relation)) * (1 + (0.5 * _residual[chunk]));
            Reach(chunk, new Step(seed, LinkKind.MentionedBy, index, weight));
        }
    }

    private void Reach(int chunk, Step step)
    {
        var value = _seed[step.Seed] * step.Weight;
        if (value > _spread[chunk])
        {
            _spread[chunk] = value;
            _steps[chunk] = step;
        }
    }
}
