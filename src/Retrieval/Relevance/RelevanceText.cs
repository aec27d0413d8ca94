namespace Agentic.Retrieval;

/// <summary>A text as relevance sees it: root numbers of title and body, with the sentence and the look of each body word. Built once a text.</summary>
internal sealed class RelevanceText
{
    private const int LongestLead = 10;

    private RelevanceText(WordSequence title, int titleCore, WordSequence body, WordLook[] looks, int lead)
    {
        Title = title.Roots;
        TitleCore = titleCore;
        Body = body.Roots;
        Sentences = body.Sentences;
        Looks = looks;
        Lead = lead;
    }

    /// <summary>Roots of the title, function words included; -1 for one the corpus does not have.</summary>
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

    /// <summary>Puts a text's words together with what its characters tell.</summary>
    public static RelevanceText Of(RelevanceCandidate candidate, WordSequence title, WordSequence body)
    {
        var bracket = candidate.Title.IndexOf('(', StringComparison.Ordinal);
        var core = bracket <= 0 ? title.Length : title.Ends.Count(end => end <= bracket);
        var looks = new WordLook[body.Length];
        for (var i = 0; i < looks.Length; i++)
        {
            looks[i] = Look(candidate.Text.AsSpan(body.Starts[i], body.Ends[i] - body.Starts[i]), body.Capitalized[i] && !body.SentenceStart[i]);
        }

        return new RelevanceText(title, core == 0 ? title.Length : core, body, looks, LeadOf(candidate.Text, body));
    }

    private static int LeadOf(string text, WordSequence body)
    {
        var bracket = text.IndexOf('(', StringComparison.Ordinal);
        var count = 0;
        while (count < Math.Min(body.Length, LongestLead)
            && body.Sentences[count] == 0
            && (bracket < 0 || body.Starts[count] < bracket)
            && text.AsSpan(body.Starts[count], body.Ends[count] - body.Starts[count]) is not ("is" or "was" or "are" or "were"))
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
