namespace Agentic.Retrieval;

/// <summary>A text as relevance sees it: root numbers of title and body, with the sentence and the look of each body word. Built once a text.</summary>
internal sealed class RelevanceText
{
    private const int LongestLead = 10;
    private const int LongestStatement = 40;

    private RelevanceText(int[] title, int titleCore, int[] body, int[] sentences, WordLook[] looks, int lead, IReadOnlyList<Relation> relations)
    {
        Title = title;
        TitleCore = titleCore;
        Body = body;
        Sentences = sentences;
        Looks = looks;
        Lead = lead;
        Relations = relations;
    }

    /// <summary>Roots of the title, function words included.</summary>
    public int[] Title { get; }

    /// <summary>Number of title words before a bracket: what tells namesakes apart comes after it.</summary>
    public int TitleCore { get; }

    /// <summary>Roots of the body, function words included, so that neighbours are neighbours.</summary>
    public int[] Body { get; }

    /// <summary>Sentence number of each body word.</summary>
    public int[] Sentences { get; }

    /// <summary>What each body word looks like.</summary>
    public WordLook[] Looks { get; }

    /// <summary>Number of words of the lead name: the body's words before its first bracket or copula.</summary>
    public int Lead { get; }

    /// <summary>Relations of the lexicon that a statement states by their names; empty for a longer text, which states too many to tell.</summary>
    public IReadOnlyList<Relation> Relations { get; }

    /// <summary>True for a triplet or a name: a text without title that is no longer than a sentence.</summary>
    public bool IsStatement => Title.Length == 0 && Body.Length <= LongestStatement;

    /// <summary>A chunk of the corpus, whose words are known already.</summary>
    public static RelevanceText Of(Chunk chunk, WordSequence title, WordSequence body)
    {
        var looks = new WordLook[body.Length];
        for (var i = 0; i < looks.Length; i++)
        {
            looks[i] = Look(chunk.Text.AsSpan(body.Starts[i], body.Ends[i] - body.Starts[i]), body.Capitalized[i] && !body.SentenceStart[i]);
        }

        return new RelevanceText(title.Roots, Core(chunk.Title, title.Ends), body.Roots, body.Sentences, looks, LeadOf(chunk.Text, body.Starts, body.Ends), []);
    }

    /// <summary>Any other text.</summary>
    public static RelevanceText Of(RelevanceCandidate candidate, RootStatistics statistics)
    {
        var title = EnglishText.Analyze(candidate.Title);
        var body = EnglishText.Analyze(candidate.Text);
        return new RelevanceText(
            statistics.RootsOf(title),
            Core(candidate.Title, [.. title.Words.Select(word => word.End)]),
            statistics.RootsOf(body),
            [.. body.Words.Select(word => word.Sentence)],
            [.. body.Words.Select(word => Look(candidate.Text.AsSpan(word.Start, word.End - word.Start), word.Capitalized && !word.SentenceStart))],
            LeadOf(candidate.Text, [.. body.Words.Select(word => word.Start)], [.. body.Words.Select(word => word.End)]),
            title.Words.Count == 0 && body.Words.Count <= LongestStatement ? StatedRelations(body.Words) : []);
    }

    private static IReadOnlyList<Relation> StatedRelations(IReadOnlyList<Word> words)
    {
        var relations = new List<Relation>();
        for (var at = 0; at < words.Count; at++)
        {
            for (var length = Math.Min(RelationLexicon.LongestPhrase, words.Count - at); length > 0; length--)
            {
                if (!words[at].Capitalized && RelationLexicon.TryGet(string.Join(' ', words.Skip(at).Take(length).Select(word => word.Folded)), out var relation))
                {
                    relations.Add(relation);
                    at += length - 1;
                    break;
                }
            }
        }

        return relations;
    }

    private static int Core(string title, int[] ends)
    {
        var bracket = title.IndexOf('(', StringComparison.Ordinal);
        var core = bracket < 0 ? ends.Length : ends.Count(end => end <= bracket);
        return core == 0 ? ends.Length : core;
    }

    private static int LeadOf(string text, int[] starts, int[] ends)
    {
        var bracket = text.IndexOf('(', StringComparison.Ordinal);
        var count = 0;
        while (count < Math.Min(starts.Length, LongestLead)
            && (bracket < 0 || starts[count] < bracket)
            && text.AsSpan(starts[count], ends[count] - starts[count]) is not ("is" or "was" or "are" or "were"))
        {
            count++;
        }

        return count;
    }

    private static WordLook Look(ReadOnlySpan<char> word, bool capitalizedInside)
    {
        if (char.IsAsciiDigit(word[0]))
        {
            return word is [('1' or '2'), _, _, _] && !word.ContainsAnyExceptInRange('0', '9') ? WordLook.Time : WordLook.Number;
        }

        if (!capitalizedInside)
        {
            return WordLook.Plain;
        }

        return word is "January" or "February" or "March" or "April" or "May" or "June" or "July" or "August" or "September" or "October" or "November" or "December"
            ? WordLook.Time
            : WordLook.Name;
    }
}

/// <summary>What a word looks like, as far as it tells which questions it could answer.</summary>
internal enum WordLook : byte
{
    Plain,
    Name,
    Number,
    Time,
}
