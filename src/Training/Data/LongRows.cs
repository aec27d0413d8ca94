namespace Agentic.Training;

/// <summary>What happens to rows longer than the model's context.</summary>
public enum LongRows
{
    /// <summary>The run is refused, naming the first such row: nothing is ever lost silently.</summary>
    Refuse,

    /// <summary>They are left out and counted.</summary>
    Drop,

    /// <summary>They are cut at their end and counted; one that keeps no trained token is left out.</summary>
    Truncate,
}
