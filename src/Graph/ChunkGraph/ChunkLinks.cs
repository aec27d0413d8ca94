using Agentic.Retrieval;

namespace Agentic.Graph;

/// <summary>A link of a chunk as a question weighs it.</summary>
/// <param name="Target">The chunk it leads to.</param>
/// <param name="Mention">Which mention carries it: one of the chunk's own, for <see cref="LinkKind.MentionedBy"/> one of the target's.</param>
internal readonly record struct ChunkLink(int Target, LinkKind Kind, int Mention, double Weight);

/// <summary>
/// The links of a chunk under a question. A mention weighs how surely it means its title, times how well the words around it state what no name of the
/// question explains; of several links to one target the strongest counts.
/// </summary>
internal sealed class ChunkLinks(ChunkGraph graph, GraphRetrieverOptions options, QuestionView question)
{
    private const double DecayOfPosition = 0.005;

    /// <summary>Links below this share of a chunk's strongest are left out: to the power they are raised to, they carry less than a hundredth of it.</summary>
    private const double Negligible = 0.2;
    private readonly CorpusNames _names = graph.Names;
    private readonly int[] _placeOf = new int[graph.ChunkCount];
    private readonly List<ChunkLink> _found = [];
    private double _strongest;

    /// <summary>Links of one chunk to others, at most one a target, in the order in which they were found.</summary>
    public ChunkLink[] Of(int chunk)
    {
        _strongest = 0;
        ToTitles(chunk);
        ToSharers(chunk);
        ToMentioning(chunk);
        foreach (var link in _found)
        {
            _placeOf[link.Target] = 0;
        }

        var links = _found.Where(link => link.Weight > 0 && link.Weight >= Negligible * _strongest).ToArray();
        _found.Clear();
        return links;
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

    private void ToTitles(int from)
    {
        var mentions = _names.Mentions[from];
        for (var i = 0; i < mentions.Length; i++)
        {
            var chunks = _names.Titles.Titles[mentions[i].Title].Chunks;
            var strength = mentions[i].Weight * Strength(_names.Corpus.Texts[from], mentions[i].Start, mentions[i].End);
            foreach (var chunk in chunks)
            {
                Add(new ChunkLink(chunk, LinkKind.Mention, i, strength * (1 + (0.5 * question.Residual[chunk])) * AmongChunks(chunks, chunk, question.Residual)));
            }
        }
    }

    private void ToSharers(int from)
    {
        var titleOf = _names.Titles.TitleOf;
        var phrases = _names.Phrases.Mentions[from];
        for (var i = 0; i < phrases.Length; i++)
        {
            var strength = options.PhraseWeight * _names.Phrases.Information[phrases[i].Phrase] * Strength(_names.Corpus.Texts[from], phrases[i].Start, phrases[i].End);
            foreach (var (chunk, other) in _names.Phrases.Occurrences[phrases[i].Phrase])
            {
                // The words around the other mention are read only where they could make this a link that counts.
                if (chunk == from
                    || (titleOf[chunk] == titleOf[from] && titleOf[from] >= 0)
                    || strength * (1 + question.Residual[chunk]) < Negligible * _strongest)
                {
                    continue;
                }

                var there = _names.Phrases.Mentions[chunk][other];
                var relation = there.Start < 0 ? 0 : question.Relations.Around(_names.Corpus.Texts[chunk], there.Start, there.End);
                Add(new ChunkLink(chunk, LinkKind.Phrase, i, strength * (0.5 + question.Residual[chunk] + (0.5 * relation))));
            }
        }
    }

    private void ToMentioning(int from)
    {
        var title = _names.Titles.TitleOf[from];
        if (title < 0 || options.ReverseWeight == 0)
        {
            return;
        }

        foreach (var (chunk, index) in graph.MentionedBy[title])
        {
            var mention = _names.Mentions[chunk][index];
            var relation = question.Relations.Around(_names.Corpus.Texts[chunk], mention.Start, mention.End);
            var strength = options.BaseStrength + (options.RelationWeight * relation);
            Add(new ChunkLink(chunk, LinkKind.MentionedBy, index, options.ReverseWeight * mention.Weight * strength * (1 + (0.5 * question.Residual[chunk]))));
        }
    }

    // A phrase that only the title has stands in no sentence; what is near the beginning of a text is about its subject.
    private double Strength(WordSequence text, int start, int end) => start < 0
        ? options.BaseStrength
        : (options.BaseStrength + (options.RelationWeight * question.Relations.Around(text, start, end))) / (1 + (DecayOfPosition * start));

    private void Add(ChunkLink link)
    {
        if (_placeOf[link.Target] is var place and > 0)
        {
            if (link.Weight > _found[place - 1].Weight)
            {
                _found[place - 1] = link;
            }
        }
        else
        {
            _found.Add(link);
            _placeOf[link.Target] = _found.Count;
        }

        _strongest = Math.Max(_strongest, link.Weight);
    }
}
