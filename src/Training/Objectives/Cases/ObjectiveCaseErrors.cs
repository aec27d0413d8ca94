namespace Agentic.Training;

/// <summary>How far computed values are from those a case expects: the largest error of each kind, absolute, relative above 1; null where nothing is expected.</summary>
/// <param name="Loss">Of the loss.</param>
/// <param name="PerItem">Of the losses of the items.</param>
/// <param name="Norm">Of the gradients' norms.</param>
/// <param name="Dot">Of the gradients' dots.</param>
/// <param name="Extra">Of the other numbers.</param>
/// <param name="Problems">Expected values that have nothing to be compared with, and the problems of the computed values themselves.</param>
public sealed record ObjectiveCaseErrors(double? Loss, double? PerItem, double? Norm, double? Dot, double? Extra, IReadOnlyList<string> Problems)
{
    /// <summary>True when the case expects anything.</summary>
    public bool IsCompared => All.Any(error => error is not null);

    /// <summary>The largest error of all; null when the case expects nothing.</summary>
    public double? Largest => All.Max();

    private IEnumerable<double?> All => [Loss, PerItem, Norm, Dot, Extra];

    /// <summary>True when nothing is wrong and no error is larger.</summary>
    public bool IsWithin(double tolerance) => Problems.Count == 0 && All.All(error => error is null || error <= tolerance);

    /// <summary>Compares.</summary>
    public static ObjectiveCaseErrors Of(ObjectiveCase one, ObjectiveCaseValues values)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(values);
        return new CaseComparison(values).With(one.Expected);
    }
}
