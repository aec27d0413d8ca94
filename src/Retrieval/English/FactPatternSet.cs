using System.Collections.Frozen;

namespace Agentic.Retrieval;

/// <summary>The fact patterns of the language, found by their anchor words (data file <c>patterns.txt</c>).</summary>
internal sealed class FactPatternSet
{
    private readonly FrozenDictionary<string, FactPattern[]> _byAnchor;

    private FactPatternSet(IEnumerable<FactPattern> patterns) =>
        _byAnchor = patterns
            .SelectMany(pattern => pattern.Elements[pattern.Anchor].Words.Select(word => (word, pattern)))
            .GroupBy(pair => pair.word, pair => pair.pattern, StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);

    public static FactPatternSet English { get; } = Read(EnglishData.Lines("patterns.txt"));

    /// <summary>Patterns from lines in the notation of the data file.</summary>
    /// <exception cref="FormatException">A line breaks the notation.</exception>
    public static FactPatternSet Read(IEnumerable<string> lines)
    {
        var macros = new Dictionary<string, string>(StringComparer.Ordinal);
        var patterns = new List<FactPattern>();
        foreach (var line in lines)
        {
            if (line[0] == '$')
            {
                var sides = line.Split('=', 2, StringSplitOptions.TrimEntries);
                macros.Add(sides[0][1..], sides[1]);
            }
            else
            {
                patterns.Add(FactPattern.Parse(line, macros));
            }
        }

        return new FactPatternSet(patterns);
    }

    /// <summary>Patterns whose anchor is that folded word, in the order of the file.</summary>
    public IReadOnlyList<FactPattern> At(string folded) => _byAnchor.TryGetValue(folded, out var patterns) ? patterns : [];
}
