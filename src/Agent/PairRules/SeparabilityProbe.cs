namespace Agentic.Agent;

/// <summary>Can chosen be told from rejected without the prompt? Logistic regression on words and pairs of neighbouring words of the policy's text, judged on questions it has not seen.</summary>
/// <remarks>
/// Five folds by question; the value is the area under the curve over all sides, each scored by the model of the folds without it. Near 0.5 nothing but the prompt decides; near 1 a model
/// may learn a manner of writing instead of a preference. Deterministic.
/// </remarks>
internal static class SeparabilityProbe
{
    private const int Folds = 5;
    private const int Passes = 12;
    private const int Buckets = 1 << 18;
    private const double Rate = 0.5;
    private const double Ridge = 1e-4;

    /// <summary>Area under the curve in [0, 1].</summary>
    public static double Auc(IReadOnlyList<(string Question, string Chosen, string Rejected)> pairs)
    {
        var examples = pairs.SelectMany(pair => new[] { (pair.Question, Text: pair.Chosen, IsChosen: true), (pair.Question, Text: pair.Rejected, IsChosen: false) })
            .Select(example => (Fold: (int)(StableHash.Of(example.Question) % Folds), Features: FeaturesOf(example.Text), example.IsChosen)).ToList();
        var scored = new List<(double Score, bool IsChosen)>(examples.Count);
        for (var fold = 0; fold < Folds; fold++)
        {
            var weights = Fit([.. examples.Where(example => example.Fold != fold).Select(example => (example.Features, example.IsChosen))]);
            scored.AddRange(examples.Where(example => example.Fold == fold).Select(example => (Score(weights, example.Features), example.IsChosen)));
        }

        return AreaUnderCurve(scored);
    }

    /// <summary>Lower-case runs of letters and digits, and other signs one by one.</summary>
    public static IEnumerable<string> Words(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var end = at + 1;
            while (char.IsLetterOrDigit(text[at]) && end < text.Length && char.IsLetterOrDigit(text[end]))
            {
                end++;
            }

            if (!char.IsWhiteSpace(text[at]))
            {
                yield return text[at..end].ToLowerInvariant();
            }

            at = end;
        }
    }

    private static int[] FeaturesOf(string text)
    {
        var words = Words(text).ToList();
        return [.. words.Concat(words.Zip(words.Skip(1), (one, next) => $"{one} {next}")).Select(feature => (int)(StableHash.Of(feature) % Buckets)).Distinct().Order()];
    }

    // Adagrad in file order: no draw, no batch.
    private static double[] Fit(IReadOnlyList<(int[] Features, bool IsChosen)> examples)
    {
        var (weights, squares) = (new double[Buckets], new double[Buckets]);
        for (var pass = 0; pass < Passes; pass++)
        {
            foreach (var (features, isChosen) in examples)
            {
                var slope = ((1 / (1 + Math.Exp(-Score(weights, features)))) - (isChosen ? 1 : 0)) * Scale(features);
                foreach (var feature in features)
                {
                    var gradient = slope + (Ridge * weights[feature]);
                    squares[feature] += gradient * gradient;
                    weights[feature] -= Rate * gradient / (1 + Math.Sqrt(squares[feature]));
                }
            }
        }

        return weights;
    }

    private static double Score(double[] weights, int[] features)
    {
        var sum = 0.0;
        foreach (var feature in features)
        {
            sum += weights[feature];
        }

        return sum * Scale(features);
    }

    // Long texts count no more than short ones.
    private static double Scale(int[] features) => 1 / Math.Sqrt(Math.Max(1, features.Length));

    // Share of (chosen, rejected) in order; ties count half.
    private static double AreaUnderCurve(List<(double Score, bool IsChosen)> scored)
    {
        var (below, area) = (0.0, 0.0);
        foreach (var ties in scored.GroupBy(item => item.Score).OrderBy(group => group.Key))
        {
            var rejected = ties.Count(item => !item.IsChosen);
            area += (ties.Count() - rejected) * (below + (rejected / 2.0));
            below += rejected;
        }

        var chosen = scored.Count(item => item.IsChosen);
        return area / ((double)chosen * (scored.Count - chosen));
    }
}
