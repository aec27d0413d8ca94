namespace Agentic.Cli;

/// <summary>Finds the name somebody probably meant.</summary>
internal static class NearestName
{
    /// <summary>The candidate at the smallest edit distance from <paramref name="name"/>, ties by ordinal name; null when none is near.</summary>
    /// <remarks>Near = at most a third of the longer name, at least two edits, never all of it; case does not count.</remarks>
    public static string? Of(string name, IEnumerable<string> candidates) => candidates
        .Select(candidate => (Candidate: candidate, Distance: Distance(name.ToLowerInvariant(), candidate.ToLowerInvariant())))
        .Where(pair => pair.Distance <= Math.Max(2, Math.Max(name.Length, pair.Candidate.Length) / 3) && pair.Distance < name.Length)
        .OrderBy(pair => pair.Distance)
        .ThenBy(pair => pair.Candidate, StringComparer.Ordinal)
        .Select(pair => pair.Candidate)
        .FirstOrDefault();

    /// <summary><c>; did you mean 'x'?</c>, or the list of what is known when nothing is near.</summary>
    public static string Hint(string name, IReadOnlyCollection<string> candidates) => Of(name, candidates) is { } nearest
        ? $"; did you mean '{nearest}'?"
        : candidates.Count == 0 ? "" : $"; known are {string.Join(", ", candidates.Order(StringComparer.Ordinal))}";

    /// <summary>Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours.</summary>
    private static int Distance(string left, string right)
    {
        var table = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                table[i, j] = i == 0 ? j : j == 0 ? i : Math.Min(
                    Math.Min(table[i - 1, j] + 1, table[i, j - 1] + 1),
                    table[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
                }
            }
        }

        return table[left.Length, right.Length];
    }
}
