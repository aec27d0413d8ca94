using System.Globalization;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Writes demonstrations from gold decompositions, with the evidence that a policy will be shown.</summary>
/// <remarks>Safe for concurrent use. A demonstration depends on question, evidence, options and its number alone.</remarks>
public sealed class DemonstrationBuilder
{
    private readonly WorldLexicon _lexicon = WorldLexicon.Default;
    private readonly ILookup<string, Triplet> _byHead;
    private readonly Dictionary<Fact, Triplet> _facts;
    private readonly IEvidenceRetriever _evidence;
    private readonly DemonstrationOptions _options;

    /// <summary>A builder over the facts and the evidence of one world.</summary>
    /// <exception cref="OptionsException">A value is out of its range.</exception>
    public DemonstrationBuilder(World world, IEvidenceRetriever evidence, DemonstrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(world);
        ArgumentNullException.ThrowIfNull(evidence);
        (_evidence, _options) = (evidence, OptionsGuard.Checked(options));
        _byHead = world.Triplets.ToLookup(triplet => triplet.Head, StringComparer.Ordinal);
        _facts = world.Triplets.ToDictionary(triplet => new Fact(triplet.Head, triplet.Relation, triplet.Tail));
    }

    /// <summary>The demonstration of a question, or null when the evidence of a needed step does not show its facts: nothing true could be learned from it.</summary>
    /// <param name="question">A question of the world, with its decomposition.</param>
    /// <param name="number">Which demonstration of that question; others draw other imperfections.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<Demonstration?> BuildAsync(Question question, int number, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        if (question.Decomposition.Count == 0 || question.Decomposition.Any(step => step.Entities.Count == 0 || step.Summary is null))
        {
            throw new AgenticException($"question {question.Id} has no decomposition with entities and summaries; use the questions of a generated world, or --policy to let a policy answer them");
        }

        var random = _options.Seed.Derive(question.Id, number).ToRandom();
        if (new GoldPlan(_lexicon, _byHead, _options, random).Of(question) is not { } steps)
        {
            return null;
        }

        var segments = new List<Segment> { new(0, Author.Prompt, PromptText.Render(question.Text, _options.MaxSteps, _options.Prompt)) };
        var summary = "";
        foreach (var (at, step) in steps.Index())
        {
            var entities = step.LacksEntityLine ? [] : step.Entities;
            var found = await _evidence.RetrieveAsync(new EvidenceRequest(step.Subquery, entities), cancellationToken).ConfigureAwait(false);
            var isShown = step.Needed.All(fact => Shows(found, fact));
            if (!isShown && step.Otherwise is null)
            {
                return null;
            }

            segments.Add(new Segment(at + 1, Author.Policy, summary + Opening(at + 1, step)));
            segments.Add(new Segment(at + 1, Author.Tool, ReferenceBlock.Render(found.Items)));
            summary = ProtocolText.RenderSummary(isShown ? step.Summary : step.Otherwise!);
        }

        var answer = question.Answers[0];
        segments.Add(new Segment(steps.Count, Author.Policy, summary + ProtocolText.RenderAnswer(answer)));
        return new Demonstration(FormattableString.Invariant($"{question.Id}-{number}"), question.Id, question.Text, _options.Prompt, segments, answer)
        {
            Type = question.Type,
            Hops = question.Hops,
        };
    }

    private static string Opening(int number, PlannedStep step) => step.LacksEntityLine
        ? string.Create(CultureInfo.InvariantCulture, $"{ProtocolText.Step} {number}:\n{ProtocolText.Subquery}: {step.Subquery}\n")
        : ProtocolText.RenderStep(number, step.Entities, step.Subquery);

    // A chunk that states the fact, or a triplet that joins its two ends.
    private bool Shows(EvidenceResult found, Fact fact) => found.Items.Any(item => item switch
    {
        Evidence.OfChunk { Chunk: var chunk } => _facts.TryGetValue(fact, out var known) && known.SupportingChunkIds.Contains(chunk.DocumentId, StringComparer.Ordinal),
        Evidence.OfTriplet { Triplet: var triplet } => Joins(triplet, fact.Head, fact.Tail) || Joins(triplet, fact.Tail, fact.Head),
        _ => false,
    });

    private static bool Joins(Triplet triplet, string head, string tail) =>
        EntityName.Key(triplet.Head) == EntityName.Key(head) && EntityName.Key(triplet.Tail) == EntityName.Key(tail);
}
