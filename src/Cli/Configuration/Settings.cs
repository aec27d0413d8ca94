using Agentic.Retrieval;

namespace Agentic.Cli;

/// <summary>Everything that can be configured; each section is the options record of the part it configures.</summary>
internal sealed record Settings
{
    /// <summary>How chunks are ranked.</summary>
    public RetrieverOptions? Retriever { get; init; }
}
