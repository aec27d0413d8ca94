namespace Agentic.Retrieval;

/// <summary>Words of a chunk that speak of a title other than its own.</summary>
/// <param name="Title">Number of the title.</param>
/// <param name="Start">Position of the first word.</param>
/// <param name="End">Position after the last word.</param>
/// <param name="Weight">How surely the title is meant, in (0, 1].</param>
internal readonly record struct TitleMention(int Title, int Start, int End, double Weight);

/// <summary>Which titles each chunk mentions: the links of the corpus, read from its text.</summary>
internal static class TitleMentions
{
    private const double LeastCapitalized = 0.6;
    private const double SoftMatch = 0.62;
    private const double SoftWeight = 0.7;
    private const int SoftMatches = 2;

    /// <summary>Mentions of every chunk, in text order.</summary>
    public static TitleMention[][] Find(TitleIndex titles, WordStatistics statistics, AliasSearch aliases)
    {
        var mentions = new TitleMention[titles.Corpus.Chunks.Count][];
        Parallel.For(0, mentions.Length, chunk => mentions[chunk] = InChunk(titles, statistics, aliases, chunk));
        return mentions;
    }

    private static TitleMention[] InChunk(TitleIndex titles, WordStatistics statistics, AliasSearch soft, int chunk)
    {
        var text = titles.Corpus.Texts[chunk];
        var mentions = new List<TitleMention>();
        var covered = new bool[text.Length];
        var found = new List<int>();
        for (var at = 0; at < text.Length;)
        {
            titles.Match(text, at, found);
            var longest = found.FindLastIndex(alias => titles.Owners(alias).Length > 0 && IsName(text, at, titles.AliasWords(alias).Length, statistics));
            if (longest < 0)
            {
                at++;
                continue;
            }

            var alias = found[longest];
            var end = at + titles.AliasWords(alias).Length;
            covered.AsSpan(at..end).Fill(true);
            var owners = titles.Owners(alias);
            if (!owners.Any(owner => owner.Title == titles.TitleOf[chunk]))
            {
                mentions.AddRange(owners.Select(owner => new TitleMention(owner.Title, at, end, owner.Share)));
            }

            at = end;
        }

        AddSoftMatches(titles, soft, chunk, covered, mentions);
        return [.. mentions.OrderBy(mention => mention.Start).ThenBy(mention => mention.Title)];
    }

    private static void AddSoftMatches(TitleIndex titles, AliasSearch soft, int chunk, bool[] covered, List<TitleMention> mentions)
    {
        var text = titles.Corpus.Texts[chunk];
        foreach (var (start, end) in CapitalRuns.Of(text, titles.Corpus.Vocabulary))
        {
            if (end - start < 2 || covered.AsSpan(start..end).Contains(true))
            {
                continue;
            }

            foreach (var (owner, similarity) in soft.Similar(text.Words.AsSpan(start..end), SoftMatch, SoftMatches))
            {
                if (owner.Title != titles.TitleOf[chunk])
                {
                    mentions.Add(new TitleMention(owner.Title, start, end, SoftWeight * similarity * owner.Share));
                }
            }
        }
    }

    // Enough capitals; a lone word at the start of a sentence must be one that is written with a capital elsewhere too.
    private static bool IsName(WordSequence text, int start, int length, WordStatistics statistics)
    {
        var (content, capitals) = (0, 0);
        for (var i = start; i < start + length; i++)
        {
            if (!statistics.Vocabulary.IsFunctionWord(text.Words[i]))
            {
                content++;
                capitals += text.Capitalized[i] ? 1 : 0;
            }
        }

        return content > 0
            && capitals >= LeastCapitalized * content
            && (length > 1 || !text.SentenceStart[start] || statistics.IsUsuallyCapitalized(text.Words[start]));
    }
}
