namespace Agentic.Training;

/// <summary>Options of one kind of training objective; the kind is the record's name without its ending.</summary>
public abstract record ObjectiveOptions
{
    /// <summary>The objective these options describe.</summary>
    /// <exception cref="Agentic.Retrieval.OptionsException">They break their own rules.</exception>
    public abstract IObjective Build();
}
