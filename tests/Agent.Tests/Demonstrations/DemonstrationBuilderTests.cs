using Agentic.Agent;
using Agentic.Agent.Tests.Worlds;
using Agentic.Retrieval;

namespace Agentic.Agent.Tests.Demonstrations;

public sealed class DemonstrationBuilderTests
{
    private static readonly World World = WorldGeneratorTests.Of(WorldSplit.Train);
    private static readonly DemonstrationOptions Direct = new() { DirectShare = 1 };

    [Fact]
    public async Task A_direct_demonstration_is_the_gold_decomposition_and_nothing_else()
    {
        Assert.All(await BuildAsync(Direct), row =>
        {
            var question = World.Questions.Single(question => question.Id == row.QuestionId);
            var moves = Moves(row);

            Assert.Equal(question.Decomposition.Select(step => step.Text), moves.OfType<PolicyMove.NextStep>().Select(step => step.Subquery));
            Assert.Equal(question.Decomposition.Select(step => step.Entities), moves.OfType<PolicyMove.NextStep>().Select(step => step.KeyEntities));
            Assert.Equal(question.Decomposition.Select(step => step.Summary), moves.Select(move => move.Summary).OfType<string>());
            Assert.Equal(question.Answers[0], Assert.IsType<PolicyMove.FinalAnswer>(moves[^1]).Answer);
            Assert.Equal(row.Answer, question.Answers[0]);
        });
    }

    // The text a policy has to continue is always the whole text so far: authors alternate and the prompt is first.
    [Fact]
    public async Task Segments_alternate_as_in_the_loop()
    {
        Assert.All(await BuildAsync(new DemonstrationOptions()), row =>
        {
            Assert.Equal($"Question: {row.Question}\n", row.Segments[0].Text);
            Assert.Equal(Author.Prompt, row.Segments[0].Author);
            Assert.All(row.Segments.Skip(1).Index(), at => Assert.Equal(at.Index % 2 == 0 ? Author.Policy : Author.Tool, at.Item.Author));
            Assert.Equal(Author.Policy, row.Segments[^1].Author);
            Assert.All(row.Segments.SkipLast(1), segment => Assert.EndsWith("\n", segment.Text, StringComparison.Ordinal));
            Assert.InRange(row.Segments.Count(segment => segment.Author == Author.Tool), 1, 5);
        });
    }

    // 600 demonstrations: 38 % direct has a standard deviation of 2 points; a further share has no imperfection by chance.
    [Fact]
    public async Task The_share_of_direct_demonstrations_is_as_stated()
    {
        var rows = await BuildAsync(new DemonstrationOptions());
        var direct = rows.Count(row => row.Segments.Count(segment => segment.Author == Author.Tool) == row.Hops && !row.Text.Contains("What is known", StringComparison.Ordinal)) / (double)rows.Count;

        Assert.InRange(direct, 0.42, 0.62);
        Assert.Contains(rows, row => Moves(row).Any(move => move is PolicyMove.Malformed { Reason: "step 1 has no line of important entities" }));
    }

    [Fact]
    public async Task A_demonstration_depends_on_its_seed_and_number_alone()
    {
        var options = new DemonstrationOptions { Seed = new Seed(9) };
        var builder = new DemonstrationBuilder(World, new GoldEvidence(World), options);
        var question = World.Questions.First(question => question.Hops == 3);

        var first = await builder.BuildAsync(question, 0, Cancel);
        await builder.BuildAsync(World.Questions[0], 0, Cancel);

        Assert.Equal(first!.Text, (await builder.BuildAsync(question, 0, Cancel))!.Text);
        var others = await Task.WhenAll(Enumerable.Range(1, 20).Select(number => builder.BuildAsync(question, number, Cancel)));
        Assert.Contains(others, other => other!.Text != first.Text);
    }

    [Fact]
    public async Task A_question_whose_facts_are_not_shown_gives_nothing()
    {
        var builder = new DemonstrationBuilder(World, new NoEvidence(), new DemonstrationOptions());

        Assert.Null(await builder.BuildAsync(World.Questions.First(question => question.Type == "lookup"), 0, Cancel));
        Assert.NotNull(await builder.BuildAsync(World.Questions.First(question => question is { Type: "unanswerable", Hops: 1 }), 0, Cancel));
    }

    [Fact]
    public async Task A_question_without_a_decomposition_is_refused()
    {
        var builder = new DemonstrationBuilder(World, new NoEvidence(), new DemonstrationOptions());

        var refused = await Assert.ThrowsAsync<AgenticException>(() => builder.BuildAsync(new Question("bare", "Who?") { Answers = ["me"] }, 0, Cancel));

        Assert.Contains("bare", refused.Message, StringComparison.Ordinal);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task<IReadOnlyList<Demonstration>> BuildAsync(DemonstrationOptions options)
    {
        var builder = new DemonstrationBuilder(World, new GoldEvidence(World), options);
        var rows = new List<Demonstration>();
        foreach (var question in World.Questions)
        {
            rows.Add(Assert.IsType<Demonstration>(await builder.BuildAsync(question, 0, Cancel)));
        }

        return rows;
    }

    private static List<PolicyMove> Moves(Demonstration row) =>
        [.. row.Segments.Where(segment => segment.Author == Author.Policy).Select((segment, step) => ProtocolParser.Parse(segment.Text, step))];

    /// <summary>Shows the documents of the named entities and those that state what the subquery asks for.</summary>
    private sealed class GoldEvidence(World world) : IEvidenceRetriever
    {
        private readonly ILookup<string, string> _gold = (
            from question in world.Questions
            from step in question.Decomposition
            from fact in step.Triplets
            join triplet in world.Triplets on fact equals new Fact(triplet.Head, triplet.Relation, triplet.Tail)
            from id in triplet.SupportingChunkIds
            select (step.Text, Id: id)).ToLookup(pair => pair.Text, pair => pair.Id, StringComparer.Ordinal);

        public ValueTask<EvidenceResult> RetrieveAsync(EvidenceRequest request, CancellationToken cancellationToken)
        {
            var shown = world.Documents
                .Where(document => _gold[request.Subquery].Contains(document.Id) || request.KeyEntities.Contains(document.Title))
                .Select(document => new Chunk(document.Id, document.Id, 0, document.Title, document.Text, 0, document.Text.Length));
            return ValueTask.FromResult(new EvidenceResult([.. shown.Select(chunk => new Evidence.OfChunk(chunk, 1))]));
        }
    }
}
