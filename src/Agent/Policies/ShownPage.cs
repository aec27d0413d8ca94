using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>A chunk shown, analysed once.</summary>
/// <param name="Aliases">Other names of its subject.</param>
internal sealed record ShownPage(Chunk Chunk, TextSpans Spans, Subject Subject, IReadOnlyList<string> Aliases)
{
    /// <summary>Name of the subject: the chunk's title, or the name it opens with.</summary>
    public string Title => Subject.Name;

    /// <summary>1 when masculine pronouns prevail, -1 for feminine ones, else 0.</summary>
    public int Sex { get; } = Math.Sign(Subject.Balance);
}
