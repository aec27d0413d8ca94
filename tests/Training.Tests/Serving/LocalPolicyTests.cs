using System.Text.Json.Nodes;
using Agentic.Agent;
using Agentic.Retrieval;
using Agentic.TestSupport;

namespace Agentic.Training.Tests;

public sealed class LocalPolicyTests
{
    private static readonly ModelTokenizer Tokenizer = SmallTokenizer.Trained(300);

    // A random model writes anything: only text that could not be stored as it was (a lone carriage return) loses its ids.
    [Fact]
    public async Task An_attempt_carries_the_ids_of_its_segments_and_they_spell_its_text()
    {
        using var folder = new TemporaryFolder();
        using var policy = Policy(folder, new LocalPolicyOptions { Temperature = 1 });
        var loop = new AgentLoopOptions { MaxCompletionTokens = 16 }.Build(policy, new NoEvidence());

        var trajectories = await Task.WhenAll(Enumerable.Range(0, 20).Select(attempt => loop.RunAsync(new TrajectoryKey("q", attempt), "Where was Lurar Luku born?", null, Cancelled)));

        Assert.All(trajectories, trajectory => Assert.Equal(trajectory.Segments[0].Text, Tokenizer.Decode(trajectory.Segments[0].TokenIds!)));
        var written = trajectories.SelectMany(trajectory => trajectory.Segments).Where(segment => segment is { Author: Author.Policy, TokenIds: not null }).ToList();
        Assert.InRange(written.Count, 10, 20);
        Assert.All(written, segment => Assert.Equal(segment.Text, Tokenizer.Decode(segment.TokenIds!)));
        Assert.All(written, segment => Assert.Equal(segment.TokenIds!.Count, segment.LogProbs!.Count));
        Assert.Matches("^local/[0-9a-f]{12}$", trajectories[0].PolicyId);
    }

    // What a step adds is read behind the recorded ids, never behind an encoding of the joined text.
    [Fact]
    public async Task Recorded_ids_are_read_as_they_are_and_the_rest_is_encoded_segment_by_segment()
    {
        using var folder = new TemporaryFolder();
        using var policy = Policy(folder, new LocalPolicyOptions());
        int[] odd = [.. Tokenizer.Encode("S"), .. Tokenizer.Encode("tep"), Tokenizer.EndId];
        Segment[] segments = [new(0, Author.Prompt, "Question: why?\n"), new(1, Author.Policy, "Step") { TokenIds = odd }, new(1, Author.Tool, "<Ref"), new(1, Author.Policy, "so")];
        var request = new PolicyRequest("why?", [], segments, new TrajectoryKey("q", 0), new Seed(3), false, 5);

        var completion = await policy.CompleteAsync(request, Cancelled);

        Assert.Equal([Tokenizer.Encode("Question: why?\n"), odd, Tokenizer.Encode("<Ref"), [.. Tokenizer.Encode("so"), Tokenizer.EndId]], completion.SegmentIds);
        using var model = LocalModel.Load(folder.Path, new GeneratorOptions());
        var same = await model.Generator.GenerateAsync(new GenerationRequest([.. completion.SegmentIds!.SelectMany(ids => ids)]) { MaxTokens = 5 }, Cancelled);
        Assert.Equal(same.Tokens.Select(token => token.Id), completion.TokenIds);
        Assert.Equal(same.Tokens.Select(token => token.LogProb), completion.LogProbs);
    }

    [Fact]
    public async Task A_prompt_that_fills_the_context_is_an_outcome_of_the_attempt()
    {
        using var folder = new TemporaryFolder();
        using var policy = Policy(folder, new LocalPolicyOptions { ContextTokens = 20 });
        var loop = new AgentLoopOptions().Build(policy, new NoEvidence());

        var trajectory = await loop.AskAsync("Where was Lurar Luku born, and who ruled there at the time?", Cancelled);

        Assert.Equal(StopReason.PolicyFailed, trajectory.Stop);
        Assert.Contains("context of 20", trajectory.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_prompt_is_the_one_the_model_was_trained_with()
    {
        using var folder = new TemporaryFolder();
        using (var policy = Policy(folder, new LocalPolicyOptions()))
        {
            Assert.Equal(PromptStyle.Instructed, policy.Prompt);
        }

        folder.Write(DemonstrationHeader.FileName, new JsonObject { ["format"] = 1, ["kind"] = "sft", ["prompt"] = "question" }.ToJsonString());
        using var trained = (LocalPolicy)new LocalPolicyOptions { Model = folder.Path }.Build(new PolicyResources(new NoLinker()));
        Assert.Equal(PromptStyle.Question, trained.Prompt);
    }

    [Fact]
    public void Without_a_folder_the_message_says_what_to_name()
    {
        var error = Assert.Throws<OptionsException>(() => new LocalPolicyOptions().Build(new PolicyResources(new NoLinker())));
        Assert.Contains("--model DIR", error.Message, StringComparison.Ordinal);
        Assert.Throws<AgenticException>(() => new LocalPolicyOptions { Model = "/nowhere" }.Build(new PolicyResources(new NoLinker())));
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static LocalPolicy Policy(TemporaryFolder folder, LocalPolicyOptions options)
    {
        using var model = CausalLm.Create(SmallModels.Options with { ContextLength = 1024 }, Initialization.Normal, new Seed(4), new ComputeOptions { Device = DeviceChoice.Cpu }, ModelVocabulary.Of(Tokenizer));
        model.Save(folder.Path);
        Tokenizer.CopyTo(folder.Path);
        return (LocalPolicy)(options with { Model = folder.Path }).Build(new PolicyResources(new NoLinker()));
    }

    private sealed class NoEvidence : IEvidenceRetriever
    {
        public ValueTask<EvidenceResult> RetrieveAsync(EvidenceRequest request, CancellationToken cancellationToken) => new(new EvidenceResult([]));
    }

    private sealed class NoLinker : IEntityLinker
    {
        public IReadOnlyList<LinkedEntity> Link(string text, int limit) => [];
    }
}
