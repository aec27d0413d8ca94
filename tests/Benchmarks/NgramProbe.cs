namespace Agentic.Benchmarks;

/// <summary>Logistic regression on the 1- and 2-grams of words of a text alone: what a label owes to its text's surface.</summary>
internal sealed class NgramProbe
{
    private const int Passes = 10;
    private const double Rate = 0.1;
    private const double Decay = 1e-4;

    private readonly Dictionary<string, double> _weights = new(StringComparer.Ordinal);
    private double _bias;

    /// <summary>Fits by stochastic gradient descent over the examples in their order.</summary>
    public static NgramProbe Fit(IReadOnlyList<(string Text, bool IsChosen)> examples)
    {
        var probe = new NgramProbe();
        for (var pass = 0; pass < Passes; pass++)
        {
            foreach (var (text, isChosen) in examples)
            {
                probe.Learn(text, isChosen, Rate / (1 + pass));
            }
        }

        return probe;
    }

    /// <summary>Share of chosen and rejected texts that are in order under the probe; ties count half.</summary>
    public double AreaUnderCurve(IReadOnlyList<(string Text, bool IsChosen)> examples) => LogisticFit.AreaUnderCurve(
        [.. examples.Where(example => example.IsChosen).Select(example => Logit(example.Text))],
        [.. examples.Where(example => !example.IsChosen).Select(example => Logit(example.Text))]);

    private void Learn(string text, bool isChosen, double rate)
    {
        var slope = (isChosen ? 1 : 0) - (1 / (1 + Math.Exp(-Logit(text))));
        _bias += rate * slope;
        foreach (var gram in Grams(text))
        {
            var weight = _weights.GetValueOrDefault(gram);
            _weights[gram] = weight + (rate * (slope - (Decay * weight)));
        }
    }

    private double Logit(string text) => _bias + Grams(text).Sum(gram => _weights.GetValueOrDefault(gram));

    private static IEnumerable<string> Grams(string text)
    {
        var words = text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return words.Concat(words.Zip(words.Skip(1), (one, next) => $"{one} {next}"));
    }
}
