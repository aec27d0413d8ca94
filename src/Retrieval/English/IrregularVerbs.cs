using System.Collections.Frozen;

namespace Agentic.Retrieval;

/// <summary>Base forms of verbs whose past is not formed with -ed (data file <c>irregular-verbs.txt</c>).</summary>
internal static class IrregularVerbs
{
    private static readonly FrozenDictionary<string, string> Bases = EnglishData.Lines("irregular-verbs.txt")
        .Select(line => line.Split(':', 2))
        .SelectMany(parts => EnglishData.Split(parts[1], ' ').Select(form => (form, parts[0])))
        .ToFrozenDictionary(pair => pair.form, pair => pair.Item2, StringComparer.Ordinal);

    /// <summary>"wind" for "wound"; any other folded word itself.</summary>
    public static string BaseOf(string folded) => Bases.GetValueOrDefault(folded, folded);

    /// <summary>True for a form that can be a participle: an irregular past or a word on -ed.</summary>
    public static bool IsPast(string folded) => Bases.ContainsKey(folded) || (folded.Length > 4 && folded.EndsWith("ed", StringComparison.Ordinal));
}
