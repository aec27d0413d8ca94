namespace Agentic.Training;

/// <summary>Options of one kind of training objective; the kind is the record's name without its ending.</summary>
public abstract record ObjectiveOptions
{
    /// <summary>The objective these options describe.</summary>
    /// <exception cref="Agentic.Retrieval.OptionsException">They break their own rules.</exception>
    public abstract IObjective Build();
}

/// <summary>What a list of objectives says about one, in the notation of its paper.</summary>
/// <remarks>
/// s is the sigmoid; w and l are the chosen and the rejected side; seq is the sum of a side's log-probabilities, n its number of tokens, avg = seq / n;
/// d is seq less the same under the reference; D = d_w - d_l.
/// </remarks>
/// <param name="formula">Loss of one item.</param>
/// <param name="source">Where it was published.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ObjectiveAttribute(string formula, string source) : Attribute
{
    /// <summary>Loss of one item.</summary>
    public string Formula { get; } = formula;

    /// <summary>Where it was published.</summary>
    public string Source { get; } = source;
}
