using Agentic.Retrieval;

namespace Agentic.Graph;

/// <summary>How a chunk was reached: from a seed, by one of its mentions (or, for <see cref="LinkKind.MentionedBy"/>, one of the reached chunk's).</summary>
internal readonly record struct SpreadingStep(int Seed, LinkKind Kind, int Mention, double Weight);

/// <summary>
/// One step along the links of the graph from each seed. A chunk keeps its best path only: one good path is a proof, while a sum would favour hubs.
/// The links of a seed are divided by the root of its strongest, so that a seed whose links are all weak is not as sure as one with a strong link.
/// </summary>
internal sealed class Spreading(ChunkGraph graph, GraphRetrieverOptions options, QuestionView question, double[] seeds)
{
    private const double DecayOfPosition = 0.005;
    private readonly CorpusNames _names = graph.Names;

    /// <summary>For each chunk the value of its best path; 0 for one not reached.</summary>
    public double[] Values { get; } = new double[seeds.Length];

    /// <summary>For each chunk with a value, the step that gave it.</summary>
    public SpreadingStep[] Steps { get; } = new SpreadingStep[seeds.Length];

    public void From(int seed)
    {
        var text = _names.Corpus.Texts[seed];
        var mentions = _names.Mentions[seed];
        var phrases = _names.Phrases.Mentions[seed];
        var toTitles = Array.ConvertAll(mentions, mention => mention.Weight * Strength(text, mention.Start, mention.End));
        var toPhrases = Array.ConvertAll(phrases, phrase => _names.Phrases.Information[phrase.Phrase] * Strength(text, phrase.Start, phrase.End));
        var strongest = Math.Max(toTitles.Length == 0 ? 0 : toTitles.Max(), toPhrases.Length == 0 ? 0 : toPhrases.Max());
        var scale = strongest > 0 ? 1 / Math.Sqrt(strongest) : 0;
        for (var i = 0; i < mentions.Length; i++)
        {
            ToTitle(seed, i, toTitles[i] * scale);
        }

        for (var i = 0; i < phrases.Length; i++)
        {
            ToSharers(seed, i, toPhrases[i] * scale);
        }

        ToMentioning(seed);
    }

    /// <summary>Of several chunks under one title, those that fit the question's words count more: 1 for the only or the best one, at least one half.</summary>
    public static double AmongChunks(int[] chunks, int chunk, double[] scores)
    {
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

    // A phrase that only the title has stands in no sentence; what is near the beginning of a text is about its subject.
    private double Strength(WordSequence text, int start, int end) => start < 0
        ? options.BaseStrength
        : (options.BaseStrength + (options.RelationWeight * question.Relations.Around(text, start, end))) / (1 + (DecayOfPosition * start));

    private void ToTitle(int seed, int mention, double strength)
    {
        var chunks = _names.Titles.Titles[_names.Mentions[seed][mention].Title].Chunks;
        foreach (var chunk in chunks)
        {
            var weight = strength * (1 + (0.5 * question.Residual[chunk])) * AmongChunks(chunks, chunk, question.Residual);
            Reach(chunk, new SpreadingStep(seed, LinkKind.Mention, mention, weight));
        }
    }

    private void ToSharers(int seed, int mention, double strength)
    {
        var titleOf = _names.Titles.TitleOf;
        foreach (var (chunk, other) in _names.Phrases.Occurrences[_names.Phrases.Mentions[seed][mention].Phrase])
        {
            if (chunk == seed || (titleOf[chunk] == titleOf[seed] && titleOf[seed] >= 0))
            {
                continue;
            }

            // The words around the other mention are read only where they could make this the best path.
            if (seeds[seed] * options.PhraseWeight * strength * (1 + question.Residual[chunk]) <= Values[chunk])
            {
                continue;
            }

            var there = _names.Phrases.Mentions[chunk][other];
            var relation = there.Start < 0 ? 0 : question.Relations.Around(_names.Corpus.Texts[chunk], there.Start, there.End);
            var weight = options.PhraseWeight * strength * (0.5 + question.Residual[chunk] + (0.5 * relation));
            Reach(chunk, new SpreadingStep(seed, LinkKind.Phrase, mention, weight));
        }
    }

    private void ToMentioning(int seed)
    {
        var title = _names.Titles.TitleOf[seed];
        if (title < 0 || options.ReverseWeight == 0)
        {
            return;
        }

        foreach (var (chunk, index) in graph.MentionedBy[title])
        {
            var mention = _names.Mentions[chunk][index];
            var relation = question.Relations.Around(_names.Corpus.Texts[chunk], mention.Start, mention.End);
            var strength = options.BaseStrength + (options.RelationWeight * relation);
            var weight = options.ReverseWeight * mention.Weight * strength * (1 + (0.5 * question.Residual[chunk]));
            Reach(chunk, new SpreadingStep(seed, LinkKind.MentionedBy, index, weight));
        }
    }

    private void Reach(int chunk, SpreadingStep step)
    {
        var value = seeds[step.Seed] * step.Weight;
        if (value > Values[chunk])
        {
            Values[chunk] = value;
            Steps[chunk] = step;
        }
    }
}
