using System.ComponentModel.DataAnnotations;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>How demonstrations are written from gold decompositions. The imperfections are those of real data; they come by whole demonstrations.</summary>
/// <remarks>
/// A share of the demonstrations is wholly direct; the others may have every imperfection, each drawn step by step. So a policy trained on them knows the
/// short way as well as the long one, and preference training can move it to the short one without loss.
/// </remarks>
public sealed record DemonstrationOptions
{
    /// <summary>Share of demonstrations without any imperfection.</summary>
    [Range(0.0, 1.0)] public double DirectShare { get; init; } = 0.38;

    /// <summary>Elsewhere: probability that a needed step comes after one that asks what is known of its entity.</summary>
    [Range(0.0, 1.0)] public double NeedlessStep { get; init; } = 0.6;

    /// <summary>Elsewhere: probability that a needed step comes after one that asks for a wrong relation of its entity.</summary>
    [Range(0.0, 1.0)] public double WrongSubquery { get; init; } = 0.08;

    /// <summary>Elsewhere: probability that a step is asked again.</summary>
    [Range(0.0, 1.0)] public double RepeatedStep { get; init; } = 0.08;

    /// <summary>Elsewhere: probability that a step has no line of entities, against the protocol.</summary>
    [Range(0.0, 1.0)] public double MissingEntityLine { get; init; } = 0.05;

    /// <summary>Most steps, as in the loop that will run the policy.</summary>
    [Range(1, 50)] public int MaxSteps { get; init; } = 5;

    /// <summary>What stands in the prompt segment.</summary>
    [EnumDataType(typeof(PromptStyle))] public PromptStyle Prompt { get; init; } = PromptStyle.Question;

    /// <summary>Root of every draw; a demonstration depends on it and its own id alone.</summary>
    public Seed Seed { get; init; } = new(0);
}
