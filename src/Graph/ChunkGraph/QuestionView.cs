using Agentic.Retrieval;

namespace Agentic.Graph;

/// <summary>What one question says about a corpus: the titles it names, the words that leaves, and how well every chunk fits them.</summary>
internal sealed class QuestionView
{
    public QuestionView(CorpusNames names, GraphRetrieverOptions options, string question)
    {
        Text = question;
        var text = EnglishText.Analyze(question);
        Linked = names.Questions.Link(text);
        var words = text.Words.Select(word => word.Folded).ToArray();
        var residual = words.Where((_, position) => !Linked.Explained[position]).ToArray();
        Relations = new RelationStrength(residual, names);
        Lexical = names.Stems.Normalized(words, options.PairWeight);
        Residual = names.Stems.NormalizedWithRelated(residual, options.RelatedWeight);
        Phrases = UnlinkedPhrases(names);
    }

    public string Text { get; }

    public LinkedQuestion Linked { get; }

    /// <summary>Reads words that no name explains around a mention.</summary>
    public RelationStrength Relations { get; }

    /// <summary>For each chunk its lexical score for the whole question, in [0, 1].</summary>
    public double[] Lexical { get; }

    /// <summary>For each chunk its lexical score for the words that no name explains, in [0, 1].</summary>
    public double[] Residual { get; }

    /// <summary>Shared phrases of the corpus that the question writes as names and no title explains; the longest at each place.</summary>
    public IReadOnlyList<int> Phrases { get; }

    private int[] UnlinkedPhrases(CorpusNames names)
    {
        var phrases = new SortedSet<int>();
        var found = new List<int>();
        for (var at = 0; at < Linked.Words.Length; at++)
        {
            names.Phrases.Match(Linked.Words, at, found);
            var longest = found.FindLastIndex(phrase => IsUnlinkedName(names, phrase, at));
            if (longest >= 0)
            {
                phrases.Add(found[longest]);
                at += names.Phrases.WordsOf(found[longest]).Length - 1;
            }
        }

        return [.. phrases];
    }

    private bool IsUnlinkedName(CorpusNames names, int phrase, int at)
    {
        var end = at + names.Phrases.WordsOf(phrase).Length;
        return names.Phrases.Occurrences[phrase].Length > 0
            && !Linked.Explained.AsSpan(at..end).Contains(true)
            && names.Questions.IsName(Linked.Words, at, end);
    }
}
