using System.ComponentModel.DataAnnotations;

namespace Agentic.Training;

/// <summary>How the next token is chosen.</summary>
/// <remarks>In this order: temperature, then the TopK most likely, then the TopP nucleus of what is left, then MinP of what is left; the rest is drawn by its share.</remarks>
public sealed record SamplingOptions
{
    /// <summary>Divides the logits; 0 takes the most likely token, of equals the one with the lowest id.</summary>
    [Range(0.0, 100.0)] public double Temperature { get; init; }

    /// <summary>Keeps that many tokens, of equals the lowest ids; 0 keeps all.</summary>
    [Range(0, int.MaxValue)] public int TopK { get; init; }

    /// <summary>Keeps the fewest tokens, the most likely first, whose shares reach it; 1 keeps all.</summary>
    [Range(0.0, 1.0)] public double TopP { get; init; } = 1;

    /// <summary>Keeps the tokens with at least that part of the most likely one's share; 0 keeps all.</summary>
    [Range(0.0, 1.0)] public double MinP { get; init; }
}
