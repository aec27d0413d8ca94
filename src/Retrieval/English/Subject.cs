namespace Agentic.Retrieval;

/// <summary>The entity a text is about: its title, the names it goes by in the text, its sex and sort as far as the words tell.</summary>
internal sealed class Subject
{
    private readonly HashSet<string> _words = new(StringComparer.Ordinal);
    private readonly List<HashSet<string>> _names = [];

    public Subject(string title, TextSpans spans)
    {
        var lead = LeadName(spans);
        Name = title.Length > 0 ? title : lead ?? "";
        AddName(WithoutBracket(Name));
        if (lead is not null)
        {
            AddName(lead);
            Aliases = [lead];
        }

        Balance = spans.Words.Sum(word => WordLists.Male.Contains(word.Folded) && word.Folded is "he" or "his" or "him" or "himself" ? 1
            : word.Folded is "she" or "her" or "hers" or "herself" ? -1 : 0);
    }

    /// <summary>The title, or the name the text opens with; empty when there is neither.</summary>
    public string Name { get; }

    /// <summary>The name the text opens with, when there is one.</summary>
    public IReadOnlyList<string> Aliases { get; } = [];

    /// <summary>Above 0 when masculine pronouns prevail in the text, below 0 for feminine ones.</summary>
    public int Balance { get; }

    /// <summary>True when the words [start, end) can only be another mention of the subject.</summary>
    public bool IsNamedBy(TextSpans spans, int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            var folded = spans.Words[i].Folded;
            if (!_words.Contains(folded) && !WordLists.Honorifics.Contains(folded) && !WordLists.Particles.Contains(folded))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True when a name has the same words as the title or the opening name.</summary>
    public bool IsCalled(string name)
    {
        var words = EntityName.Key(name).Split(' ').ToHashSet(StringComparer.Ordinal);
        return _names.Any(known => known.SetEquals(words));
    }

    /// <summary>"Corina" for "Corina (singer)".</summary>
    public static string WithoutBracket(string title)
    {
        var open = title.IndexOf(" (", StringComparison.Ordinal);
        return open > 0 ? title[..open] : title;
    }

    // The name before the first bracket or verb of being; a text that opens otherwise has none.
    private static string? LeadName(TextSpans spans)
    {
        for (var i = 0; i < Math.Min(3, spans.Words.Count) && spans.Words[i].Folded is not ("its" or "his" or "her" or "their"); i++)
        {
            if (spans.NameEnd(i) is var end and > 0)
            {
                return spans.Slice(i, end);
            }
        }

        return null;
    }

    private void AddName(string name)
    {
        var words = EntityName.Key(name).Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
        _names.Add(words);
        _words.UnionWith(words);
    }
}
