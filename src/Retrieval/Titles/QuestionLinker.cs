namespace Agentic.Retrieval;

/// <summary>A title that a question names.</summary>
/// <param name="Title">Number of the title.</param>
/// <param name="Score">Coverage of the alias by the question's words times the alias's weight, in (0, 1].</param>
/// <param name="Start">Position of the first word that names it.</param>
/// <param name="End">Position after the last word that names it.</param>
internal readonly record struct TitleLink(int Title, double Score, int Start, int End);

/// <summary>What a question names, and which of its words that explains.</summary>
/// <param name="Words">The question's words.</param>
/// <param name="Titles">Best explanation first.</param>
/// <param name="Explained">For each word, true when an accepted title accounts for it.</param>
internal sealed record LinkedQuestion(WordSequence Words, IReadOnlyList<TitleLink> Titles, bool[] Explained);

/// <summary>
/// Links a question to titles by explaining its words away: the alias that accounts for most information in the fewest words is accepted first,
/// and each word is explained once, so a shorter name inside a longer one is not found again. Namesakes of an accepted title stay beside it.
/// </summary>
internal sealed class QuestionLinker(TitleIndex titles, WordStatistics statistics, AliasSearch aliases)
{
    private const double LeastCoverage = 0.55;
    private const double NearlyWhole = 0.9;
    private const double UnusedShare = 0.7;
    private const double NamesakeShare = 0.85;

    /// <summary>Titles named in a text; the capital demand falls when the text has no capitals after its first word.</summary>
    public LinkedQuestion Link(EnglishText question)
    {
        var words = WordSequence.Known(question, statistics.Vocabulary);
        var candidates = Candidates(words);
        var explainedBy = new double[words.Length];
        var accepted = new Dictionary<int, TitleLink>();
        foreach (var candidate in candidates)
        {
            if (accepted.ContainsKey(candidate.Title) || !IsNew(candidate, words, explainedBy))
            {
                continue;
            }

            foreach (var position in candidate.Positions)
            {
                explainedBy[position] = Math.Max(explainedBy[position], candidate.Rank);
            }

            accepted.Add(candidate.Title, new TitleLink(candidate.Title, candidate.Score, candidate.Positions[0], candidate.Positions[^1] + 1));
        }

        return new LinkedQuestion(words, [.. accepted.Values], Array.ConvertAll(explainedBy, rank => rank > 0));
    }

    private bool IsNew(Candidate candidate, WordSequence words, double[] explainedBy)
    {
        var (all, unused, rival) = (0.0, 0.0, 0.0);
        foreach (var position in candidate.Positions)
        {
            var idf = statistics.IdfOf(words.Words[position]);
            all += idf;
            unused += explainedBy[position] > 0 ? 0 : idf;
            rival = Math.Max(rival, explainedBy[position]);
        }

        return unused >= UnusedShare * all || candidate.Rank >= NamesakeShare * rival;
    }

    private List<Candidate> Candidates(WordSequence words)
    {
        var demandCapital = HasCapitals(words);
        var numbers = new SortedSet<int>(aliases.Covered(words.Words, LeastCoverage));
        var exact = new List<int>();
        for (var at = 0; at < words.Length; at++)
        {
            titles.Match(words, at, exact);
            numbers.UnionWith(exact);
        }

        var candidates = new List<Candidate>();
        foreach (var alias in numbers)
        {
            if (BestWindow(alias, words, demandCapital) is { } window)
            {
                candidates.AddRange(titles.Owners(alias).Select(owner => new Candidate(
                    owner.Title, window.Rank * owner.Weight, window.Coverage * owner.Weight, window.Positions)));
            }
        }

        candidates.Sort((a, b) => a.Rank != b.Rank ? b.Rank.CompareTo(a.Rank) : a.Title.CompareTo(b.Title));
        return candidates;
    }

    /// <summary>True when words of a question may be a name: they have a capital that is not just the sentence's first; in a question without capitals, the corpus writes one of them with a capital.</summary>
    public bool IsName(WordSequence words, int start, int end)
    {
        var demandCapital = HasCapitals(words);
        for (var i = start; i < end; i++)
        {
            if (demandCapital ? words.Capitalized[i] && !(words.SentenceStart[i] && end - start == 1) : words.Words[i] >= 0 && IsProper(words.Words[i]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasCapitals(WordSequence words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            if (words.Capitalized[i] && !words.SentenceStart[i])
            {
                return true;
            }
        }

        return false;
    }

    private (double Rank, double Coverage, int[] Positions)? BestWindow(int alias, WordSequence words, bool demandCapital)
    {
        var aliasWords = titles.AliasWords(alias);
        (double Rank, double Coverage, int[] Positions)? best = null;
        for (var start = 0; start < words.Length; start++)
        {
            if (words.Words[start] < 0 || !aliasWords.Contains(words.Words[start]))
            {
                continue;
            }

            var positions = Matched(aliasWords, words, start, Math.Min(words.Length, start + aliasWords.Length + 1));
            var matched = positions.Sum(position => statistics.IdfOf(words.Words[position]));
            var coverage = Math.Min(1, matched / aliases.Information(alias));
            var spread = (double)(positions[^1] + 1 - positions[0]) / positions.Count;
            var rank = matched * coverage * coverage / spread;
            if (rank > (best?.Rank ?? 0) && IsNaming(aliasWords, words, positions, coverage, demandCapital))
            {
                best = (rank, coverage, [.. positions]);
            }
        }

        return best;
    }

    private static List<int> Matched(int[] aliasWords, WordSequence words, int start, int end)
    {
        var positions = new List<int>();
        for (var i = start; i < end; i++)
        {
            if (words.Words[i] >= 0 && aliasWords.Contains(words.Words[i]) && !positions.Exists(position => words.Words[position] == words.Words[i]))
            {
                positions.Add(i);
            }
        }

        return positions;
    }

    private bool IsNaming(int[] aliasWords, WordSequence words, List<int> positions, double coverage, bool demandCapital)
    {
        if (coverage < LeastCoverage)
        {
            return false;
        }

        var content = positions.Count(position => !statistics.Vocabulary.IsFunctionWord(words.Words[position]));
        if (aliasWords.Length > 1 && content < 2 && coverage < NearlyWhole)
        {
            return false;
        }

        // Without capitals in the question, what the corpus writes with a capital must do.
        return demandCapital
            ? positions.Exists(position => words.Capitalized[position] && (!words.SentenceStart[position] || (positions.Count > 1 && !statistics.Vocabulary.IsFunctionWord(words.Words[position]))))
            : content > 1 || positions.Exists(position => IsProper(words.Words[position]));
    }

    private bool IsProper(int word) => !statistics.Vocabulary.IsFunctionWord(word) && statistics.IsUsuallyCapitalized(word);

    private sealed record Candidate(int Title, double Rank, double Score, int[] Positions);
}
