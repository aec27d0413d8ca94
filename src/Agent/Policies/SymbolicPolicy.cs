using System.Text;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>The symbolic policy has no numbers to set.</summary>
public sealed record SymbolicPolicyOptions : PolicyOptions
{
    /// <inheritdoc/>
    public override IPolicy Build(PolicyResources resources)
    {
        ArgumentNullException.ThrowIfNull(resources);
        return new SymbolicPolicy(resources.Linker);
    }
}

/// <summary>
/// Answers questions by rules: parses the question into a plan of relations, asks for one missing fact a step, reads the evidence by the language's fact
/// patterns and composes the answer. Deterministic, needs no model, and sees what any policy sees: the question and the evidence shown.
/// </summary>
/// <remarks>
/// Stateless: every call derives the plan and all conclusions anew from question and steps. It knows the relations of its lexicon; what goes beyond them
/// gets the best span of the wanted kind, which is often wrong.
/// </remarks>
public sealed class SymbolicPolicy : IPolicy
{
    private const int MostEntities = 8;
    private const int LongestName = 180;
    private const int LongestSubquery = 900;
    private readonly IEntityLinker _linker;

    /// <summary>A policy that finds the names of a question with a linker.</summary>
    public SymbolicPolicy(IEntityLinker linker)
    {
        ArgumentNullException.ThrowIfNull(linker);
        _linker = linker;
    }

    /// <inheritdoc/>
    public string Id => "symbolic/1";

    /// <inheritdoc/>
    public Task<Completion> CompleteAsync(PolicyRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(new Completion(Write(request)));
    }

    private string Write(PolicyRequest request)
    {
        var plan = QuestionParser.Parse(request.Question, _linker);
        var book = new EvidenceBook(request.Steps);
        var move = new SymbolicReasoner(book, request.Steps, !request.FinalAnswerForced, new CanonicalNames(_linker)).Next(plan, request.Question);
        if (request.FinalAnswerForced)
        {
            return ProtocolText.OneLine(((SymbolicMove.Answer)move).Text);
        }

        var text = new StringBuilder();
        if (request.Steps.Count > 0)
        {
            text.Append(ProtocolText.RenderSummary(StepSummary.Of(book, request.Steps[^1], move)));
        }

        return (move switch
        {
            SymbolicMove.Ask ask => text.Append(ProtocolText.RenderStep(request.Steps.Count + 1, Names(ask.Entities), Cut(ask.Subquery, LongestSubquery))),
            SymbolicMove.Answer answer => text.Append(ProtocolText.RenderAnswer(answer.Text)),
            _ => text,
        }).ToString();
    }

    private static string[] Names(IReadOnlyList<string> names) => [.. names.Take(MostEntities).Select(name => Cut(name, LongestName))];

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length];
}
