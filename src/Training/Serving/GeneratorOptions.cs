using System.ComponentModel.DataAnnotations;

namespace Agentic.Training;

/// <summary>How much is generated side by side.</summary>
public sealed record GeneratorOptions
{
    /// <summary>Most sequences at once.</summary>
    [Range(1, 65_536)] public int MaxSequences { get; init; } = 64;

    /// <summary>Most tokens of prompts that one forward reads, beside one of each sequence that decodes. Results do not depend on it.</summary>
    [Range(1, 65_536)] public int PromptRows { get; init; } = 256;

    /// <summary>Most requests that wait; who comes later waits to enter.</summary>
    [Range(1, 1_000_000)] public int MaxWaiting { get; init; } = 1024;

    /// <summary>Tokens of finished sequences whose keys and values are kept for those that go on from them; the least recently used go first.</summary>
    [Range(0, 100_000_000)] public int KeptTokens { get; init; } = 65_536;

    /// <summary>Most threads of a forward on the CPU; null for one a processor, up to four.</summary>
    [Range(1, 256)] public int? Threads { get; init; }
}
