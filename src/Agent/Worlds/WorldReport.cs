using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>What a world is like: its size, its questions, and how far a policy gets in it beside two controls.</summary>
/// <param name="Documents">Documents.</param>
/// <param name="Chunks">Chunks of the index it was measured with.</param>
/// <param name="Triplets">Facts that documents state.</param>
/// <param name="Kinds">Kinds of entities that have a document.</param>
/// <param name="Relations">Different relations among the facts.</param>
/// <param name="Questions">Questions.</param>
/// <param name="MeanWords">Mean words of a document.</param>
/// <param name="MostWords">Words of the longest.</param>
/// <param name="RuleRecall">Share of the facts, counted once a document that states them, for which the index has a triplet between the same two names.</param>
/// <param name="Groups">The questions by type and hops.</param>
public sealed record WorldReport(
    int Documents, int Chunks, int Triplets, int Kinds, int Relations, int Questions, double MeanWords, int MostWords, double RuleRecall, IReadOnlyList<WorldReportGroup> Groups)
{
    /// <summary>The report over a world, its index and two runs of one policy over all its questions.</summary>
    /// <param name="world">The world.</param>
    /// <param name="chunks">Its chunks with the triplets that were read from them.</param>
    /// <param name="open">Outcomes with evidence.</param>
    /// <param name="closed">Outcomes with none, see <see cref="NoEvidence"/>.</param>
    public static WorldReport Of(World world, IReadOnlyList<IndexedChunk> chunks, IReadOnlyList<QaOutcome> open, IReadOnlyList<QaOutcome> closed)
    {
        ArgumentNullException.ThrowIfNull(world);
        var words = world.Documents.Select(document => document.Text.Split(' ').Length).ToArray();
        var without = closed.ToDictionary(outcome => outcome.Question.Id, outcome => outcome.Em, StringComparer.Ordinal);
        var groups = open
            .GroupBy(outcome => (outcome.Question.Type, Hops: outcome.Question.Hops ?? 0, outcome.Question.HeldOut))
            .OrderBy(group => group.Key.HeldOut, StringComparer.Ordinal).ThenBy(group => group.Key.Type, StringComparer.Ordinal).ThenBy(group => group.Key.Hops)
            .Select(group => new WorldReportGroup(
                group.Key.Type ?? "", group.Key.Hops, group.Key.HeldOut ?? "none", group.Count(), group.Average(outcome => outcome.Em), Exchanged([.. group]), group.Average(outcome => without[outcome.Question.Id])))
            .ToArray();
        return new WorldReport(
            world.Documents.Count,
            chunks.Count,
            world.Triplets.Count,
            world.Documents.Select(document => WorldLexicon.Default.KindOf(document.Title)).Distinct().Count(),
            world.Triplets.Select(triplet => triplet.Relation).Distinct(StringComparer.Ordinal).Count(),
            world.Questions.Count,
            words.Average(),
            words.Max(),
            Recall(world, chunks),
            groups);
    }

    // Each answer is scored against the answers of the group's next question.
    private static double Exchanged(IReadOnlyList<QaOutcome> group) =>
        group.Select((outcome, i) => AnswerScore.ExactMatch(outcome.Trajectory.Answer, group[(i + 1) % group.Count].Question.Answers)).Average();

    private static double Recall(World world, IReadOnlyList<IndexedChunk> chunks)
    {
        var read = chunks.SelectMany(chunk => chunk.Triplets.Select(fact => (chunk.Chunk.DocumentId, Ends(fact.Head, fact.Tail)))).ToHashSet();
        var stated = from triplet in world.Triplets from document in triplet.SupportingChunkIds select (document, Ends(triplet.Head, triplet.Tail));
        return stated.Average(fact => read.Contains(fact) ? 1.0 : 0.0);
    }

    private static string Ends(string one, string other)
    {
        var (first, second) = (EntityName.Key(one), EntityName.Key(other));
        return string.CompareOrdinal(first, second) < 0 ? $"{first}\n{second}" : $"{second}\n{first}";
    }
}

/// <summary>Questions of one type and number of hops.</summary>
/// <param name="Type">Kind of question.</param>
/// <param name="Hops">Steps of its decomposition.</param>
/// <param name="HeldOut">What it has that training never sees.</param>
/// <param name="Questions">How many.</param>
/// <param name="Em">Exact match of the policy, a fraction.</param>
/// <param name="ExchangedEm">Control: the policy's answers scored against the answers of another question of the group. Chance is one half for yes-no questions, nothing for names.</param>
/// <param name="ClosedBookEm">Control: the policy without any evidence. Chance is one half for comparisons and yes-no questions; a policy that says it does not know is right about every unanswerable one.</param>
public sealed record WorldReportGroup(string Type, int Hops, string HeldOut, int Questions, double Em, double ExchangedEm, double ClosedBookEm);
