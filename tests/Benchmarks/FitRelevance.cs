using System.Globalization;
using Agentic.Retrieval;

namespace Agentic.Benchmarks;

/// <summary>Fits and judges the constants of sim_R.</summary>
internal static class FitRelevance
{
    private sealed record Example(double[] Features, bool Relevant, double Weight);

    public static int Run(string data)
    {
        string At(string name) => Path.Combine(data, name);
        SubquerySet[] train =
        [
            SubquerySet.Decomposition(At("multihop-musique-train100")),
            SubquerySet.ExtractedTriples(At("multihop-musique-train100"), 17),
            SubquerySet.WholeQuestions(At("multihop-hotpot-train100")),
        ];
        double[] setWeights = [1, 0.3, 0.3];
        var examples = train.Zip(setWeights).SelectMany(pair => Examples(pair.First, pair.Second)).ToArray();
        var weights = Fit(examples, 1.0);
        for (var i = 0; i < weights.Length; i++)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{RelevanceFeatures.Names[i],-22}{weights[i]:F3}"));
        }

        Console.WriteLine("[" + string.Join(", ", weights.Select(w => w.ToString("F3", CultureInfo.InvariantCulture))) + "]");
        foreach (var set in train)
        {
            Judge(set, weights);
        }

        Judge(SubquerySet.EvidenceTriples(At("multihop-2wiki1000"), (r, s) => $"{r} of {s}"), weights);
        Judge(SubquerySet.EvidenceTriples(At("multihop-2wiki1000"), (r, s) => $"What is the {r} of {s}?"), weights);
        Judge(SubquerySet.Decomposition(At("multihop-musique-dev200")), weights);
        Judge(SubquerySet.WholeQuestions(At("multihop-2wiki1000")), weights);
        Judge(SubquerySet.WholeQuestions(At("multihop-musique-dev200")), weights);
        Judge(SubquerySet.WholeQuestions(At("multihop-hotpot-dev200")), weights);
        return 0;
    }

    private static List<Example> Examples(SubquerySet set, double weight)
    {
        var relevance = LexicalRelevance.Freeze(ChunkIndex.Of(set.Chunks));
        var bm25 = new PlainBm25(set.Chunks);
        var byId = set.Chunks.ToDictionary(c => c.Chunk.Id, c => c.Chunk);
        var examples = new List<Example>();
        var golds = set.Subqueries.GroupBy(s => s.Text).ToDictionary(g => g.Key, g => g.Select(s => s.GoldId).ToHashSet());
        foreach (var subquery in set.Subqueries)
        {
            double[] Features(Chunk c) => relevance.Features(subquery.Text, new RelevanceCandidate(c.Title, c.Text));
            examples.Add(new Example(Features(byId[subquery.GoldId]), true, weight));
            foreach (var negative in bm25.Search(subquery.Text, 20).Where(c => !golds[subquery.Text].Contains(c.Id)))
            {
                examples.Add(new Example(Features(negative), false, weight));
            }
        }

        return examples;
    }

    private static void Judge(SubquerySet set, double[] weights)
    {
        var examples = Examples(set, 1);
        double P(Example e) => 1 / (1 + Math.Exp(-e.Features.Zip(weights, (x, w) => x * w).Sum()));
        var positive = examples.Where(e => e.Relevant).Select(P).Order().ToArray();
        var negative = examples.Where(e => !e.Relevant).Select(P).Order().ToArray();
        var auc = positive.Average(p => (Below(negative, p) + Through(negative, p)) / 2.0 / negative.Length);
        var ece = examples.Select(e => (P: P(e), e.Relevant)).GroupBy(e => Math.Min(9, (int)(e.P * 10)))
            .Sum(bin => bin.Count() * Math.Abs(bin.Average(e => e.P) - bin.Average(e => e.Relevant ? 1.0 : 0))) / examples.Count;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{set.Name,-50} n {positive.Length,5}  gold {positive[positive.Length / 2]:F3} (q25 {positive[positive.Length / 4]:F3})  negative {negative[negative.Length / 2]:F3} (q75 {negative[3 * negative.Length / 4]:F3})  auc {auc:F4}  ece {ece:F3}"));
    }

    private static int Below(double[] sorted, double value)
    {
        var index = Array.BinarySearch(sorted, value);
        if (index < 0)
        {
            return ~index;
        }

        while (index > 0 && sorted[index - 1] == value)
        {
            index--;
        }

        return index;
    }

    private static int Through(double[] sorted, double value)
    {
        var index = Array.BinarySearch(sorted, value);
        if (index < 0)
        {
            return ~index;
        }

        while (index < sorted.Length && sorted[index] == value)
        {
            index++;
        }

        return index;
    }

    /// <summary>Newton's method on the L2-penalised log-likelihood.</summary>
    private static double[] Fit(Example[] examples, double ridge)
    {
        var n = RelevanceFeatures.Count;
        var weights = new double[n];
        for (var iteration = 0; iteration < 30; iteration++)
        {
            var system = new double[n, n + 1];
            for (var i = 0; i < n; i++)
            {
                system[i, i] = i == 0 ? 1e-6 : ridge;
                system[i, n] = i == 0 ? 0 : -ridge * weights[i];
            }

            foreach (var example in examples)
            {
                var p = 1 / (1 + Math.Exp(-example.Features.Zip(weights, (x, w) => x * w).Sum()));
                var v = example.Weight * p * (1 - p);
                var g = example.Weight * ((example.Relevant ? 1 : 0) - p);
                for (var i = 0; i < n; i++)
                {
                    system[i, n] += g * example.Features[i];
                    for (var j = 0; j < n; j++)
                    {
                        system[i, j] += v * example.Features[i] * example.Features[j];
                    }
                }
            }

            var step = Solve(system);
            for (var i = 0; i < n; i++)
            {
                weights[i] += step[i];
            }
        }

        return weights;
    }

    private static double[] Solve(double[,] system)
    {
        var n = system.GetLength(0);
        for (var pivot = 0; pivot < n; pivot++)
        {
            for (var row = 0; row < n; row++)
            {
                if (row != pivot)
                {
                    var factor = system[row, pivot] / system[pivot, pivot];
                    for (var column = pivot; column <= n; column++)
                    {
                        system[row, column] -= factor * system[pivot, column];
                    }
                }
            }
        }

        return [.. Enumerable.Range(0, n).Select(row => system[row, n] / system[row, row])];
    }
}
