using System.Text.Json;

namespace Agentic.Agent;

/// <summary>What pairing came to.</summary>
/// <param name="Questions">Questions with candidates.</param>
/// <param name="QuestionsWithPairs">Those of them with a pair.</param>
/// <param name="Candidates">Scored trajectories.</param>
/// <param name="Pairs">Pairs made.</param>
/// <param name="Reasons">Pairs by the reason of the rejection.</param>
/// <param name="Fates">Candidates by what became of them: they add up to <paramref name="Candidates"/>.</param>
public sealed record PairReport(
    int Questions, int QuestionsWithPairs, int Candidates, int Pairs, IReadOnlyDictionary<string, int> Reasons, IReadOnlyDictionary<string, int> Fates)
{
    /// <summary>The report over the selections of all questions.</summary>
    public static PairReport Of(IReadOnlyCollection<PairSelection> selections) => new(
        selections.Count,
        selections.Count(selection => selection.Pairs.Count > 0),
        selections.Sum(selection => selection.Fates.Count),
        selections.Sum(selection => selection.Pairs.Count),
        Counted(selections.SelectMany(selection => selection.Pairs).Select(pair => pair.Reason)),
        Counted(selections.SelectMany(selection => selection.Fates.Values)));

    internal static string NameOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static SortedDictionary<string, int> Counted<T>(IEnumerable<T> values)
        where T : struct, Enum => new(values.CountBy(value => value).ToDictionary(pair => NameOf(pair.Key), pair => pair.Value), StringComparer.Ordinal);
}
