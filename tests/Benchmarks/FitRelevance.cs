using System.Globalization;
using Agentic.Graph;
using Agentic.Retrieval;

namespace Agentic.Benchmarks;

/// <summary>Fits the constants of sim_R on training sets and judges them on others.</summary>
/// <remarks>
/// A chunk's probability means "right rather than wrong": it divides the subquery's mass among its candidates, of which about one in twenty is right,
/// and losing that one costs more than keeping a spare one, so a right one weighs more than all its rivals. A triplet's is the plain probability,
/// because tau cuts it absolutely.
/// The expected calibration error is that on the examples as they are.
/// </remarks>
internal static class FitRelevance
{
    private const double RightWeight = 30;
    private const double RightTripletWeight = 1;
    private const double Ridge = 1;

    /// <summary>A triplet has no title and no lead, and hardly a length; its names and its relation tell.</summary>
    private static readonly string[] TripletFeatures = ["bias", "name_coverage", "neighbours", "wanted_look", "rest_coverage", "asked_relation", "asked_kind", "other_kind", "precision"];
    private static readonly RuleTripletExtractor Rules = new();

    public static async Task<int> RunAsync(string data)
    {
        string At(string name) => Path.Combine(data, name);
        var averra = Path.Combine(BenchmarkReport.Root, "corpora", "averra");
        var openIe = await OpenIeFile.ReadAsync(At("multihop-musique-train100/triples.jsonl.gz"), default);
        (SubquerySet Set, double ChunkWeight, double TripletWeight)[] train =
        [
            (await SubquerySet.DecompositionAsync(averra, Rules, "questions.jsonl", "corpus.jsonl"), 1, 1),
            (await SubquerySet.DecompositionAsync(At("multihop-musique-train100"), Rules), 1, 1),
            (await SubquerySet.FactsAsync(At("multihop-musique-train100"), openIe, 20), 0.3, 0.03),
            (await SubquerySet.FactsAsync(At("multihop-hotpot-train100"), Rules, 10), 0, 0.1),
            (await SubquerySet.WholeQuestionsAsync(At("multihop-hotpot-train100"), Rules), 0.3, 0),
        ];
        var rows = new List<Dictionary<string, object>>();
        var chunkExamples = new List<(RelevanceExample, double)>();
        var tripletExamples = new List<(RelevanceExample, double)>();
        foreach (var (set, chunkWeight, tripletWeight) in train)
        {
            chunkExamples.AddRange((await RelevanceExample.OfChunksAsync(set)).Select(example => (example, chunkWeight * (example.Relevant ? RightWeight : 1))));
            tripletExamples.AddRange((await RelevanceExample.OfTripletsAsync(set)).Select(example => (example, tripletWeight * (example.Relevant ? RightTripletWeight : 1))));
        }

        var chunk = Show("Chunk", LogisticFit.Fit(chunkExamples, Ridge, Enumerable.Range(0, RelevanceFeatures.Count).ToHashSet()));
        var statement = Show("Statement", LogisticFit.Fit(tripletExamples, Ridge, TripletFeatures.Select(name => Array.IndexOf(RelevanceFeatures.Names, name)).ToHashSet()));
        foreach (var (set, _, _) in train)
        {
            rows.AddRange(await JudgeAsync(set, "train", chunk, statement));
        }

        rows.AddRange(await JudgeAsync(await SubquerySet.DecompositionAsync(averra, Rules, "questions.heldout.jsonl", "corpus.jsonl"), "held out", chunk, statement));
        rows.AddRange(await JudgeAsync(await SubquerySet.EvidenceTriplesAsync(At("multihop-2wiki1000"), Rules, (relation, subject) => $"{relation} of {subject}"), "judge", chunk, statement));
        rows.AddRange(await JudgeAsync(await SubquerySet.EvidenceTriplesAsync(At("multihop-2wiki1000"), Rules, (relation, subject) => $"What is the {relation} of {subject}?"), "judge", chunk, statement));
        rows.AddRange(await JudgeAsync(await SubquerySet.DecompositionAsync(At("multihop-musique-dev200"), Rules), "judge", chunk, statement));
        foreach (var name in new[] { "multihop-2wiki1000", "multihop-musique-dev200", "multihop-hotpot-dev200" })
        {
            rows.AddRange(await JudgeAsync(await SubquerySet.WholeQuestionsAsync(At(name), Rules), "no floor", chunk, statement));
        }

        BenchmarkReport.Write("relevance", "dotnet run -c Release --project tests/Benchmarks -- fit-relevance --data DIR", rows);
        return 0;
    }

    private static double[] Show(string name, double[] weights)
    {
        Console.WriteLine($"{name} = {LogisticFit.Print(weights)}");
        Console.WriteLine(string.Join("  ", RelevanceFeatures.Names.Zip(weights, (feature, weight) => string.Create(CultureInfo.InvariantCulture, $"{feature} {weight:F2}"))));
        return weights;
    }

    private static async Task<IEnumerable<Dictionary<string, object>>> JudgeAsync(SubquerySet set, string use, double[] chunk, double[] statement)
    {
        var chunks = await RelevanceExample.OfChunksAsync(set);
        var triplets = await RelevanceExample.OfTripletsAsync(set);
        return [Row(set, use, "chunk", chunks, chunk), .. triplets.Count > 0 ? [Row(set, use, "triplet", triplets, statement)] : Array.Empty<Dictionary<string, object>>()];
    }

    private static Dictionary<string, object> Row(SubquerySet set, string use, string kind, IReadOnlyList<RelevanceExample> examples, double[] weights)
    {
        var scored = examples.Select(example => (P: LogisticFit.Probability(example, weights), Right: example.Relevant)).ToArray();
        var right = scored.Where(item => item.Right).Select(item => item.P).Order().ToArray();
        var wrong = scored.Where(item => !item.Right).Select(item => item.P).Order().ToArray();
        var example = set.Subqueries[0].Text;
        var row = new Dictionary<string, object>
        {
            ["set"] = set.Name,
            ["use"] = use,
            ["kind"] = kind,
            ["subquery_like"] = example,
            ["right"] = right.Length,
            ["wrong"] = wrong.Length,
            ["median_right"] = Math.Round(right[right.Length / 2], 3),
            ["lower_quartile_right"] = Math.Round(right[right.Length / 4], 3),
            ["median_wrong"] = Math.Round(wrong[wrong.Length / 2], 3),
            ["upper_quartile_wrong"] = Math.Round(wrong[3 * wrong.Length / 4], 3),
            ["auc"] = Math.Round(LogisticFit.AreaUnderCurve(right, wrong), 4),
            ["ece"] = Math.Round(LogisticFit.CalibrationError(scored), 3),
        };
        Console.WriteLine(string.Join("  ", row.Values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture))));
        return row;
    }
}
