using System.Globalization;
using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>An update's loss or gradient is not a number or infinite; it was stopped before it changed a weight.</summary>
/// <param name="update">1-based.</param>
/// <param name="loss">Loss of the update so far.</param>
/// <param name="gradNorm">Norm of its gradient; NaN when it was not computed.</param>
public sealed class NonFiniteLossException(int update, double loss, double gradNorm) : AgenticException(string.Create(
    CultureInfo.InvariantCulture,
    $"update {update}: loss {loss}, gradient norm {gradNorm}; no weight was changed by it. Lower the learning rate or lengthen the warm-up, use float32, and check that the model's weights are finite; checkpoints before it are intact"))
{
    /// <summary>1-based number of the update.</summary>
    public int Update { get; } = update;

    /// <summary>Its loss.</summary>
    public double Loss { get; } = loss;

    /// <summary>Norm of its gradient.</summary>
    public double GradNorm { get; } = gradNorm;
}
