using Agentic.Retrieval;
using Agentic.TestSupport;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;

namespace Agentic.Agent.Tests;

public sealed class SearchToolTests
{
    private static readonly Evidence.OfChunk Fact = FakeEvidence.Chunk("Nora Vale", "Nora Vale was born in Ullin.");

    private static async Task<string> CallAsync(SearchTool tool, string subquery, string[]? entities = null) =>
        (await tool.Function.InvokeAsync(new AIFunctionArguments { ["subquery"] = subquery, ["key_entities"] = entities }, TestContext.Current.CancellationToken))!.ToString()!;

    [Fact]
    public async Task A_call_returns_the_reference_block()
    {
        var evidence = new FakeEvidence(Fact);

        Assert.Equal(ReferenceBlock.Render([Fact]), await CallAsync(new SearchTool(evidence), "Where was\nshe born?", ["Nora Vale", " "]));
        Assert.Equal("Where was she born?", evidence.Requests[0].Subquery);
        Assert.Equal(["Nora Vale"], evidence.Requests[0].KeyEntities);
    }

    [Fact]
    public async Task Calls_beyond_the_limit_and_nonsense_are_answered_in_words()
    {
        var evidence = new FakeEvidence(Fact);
        var tool = new SearchTool(evidence, new SearchToolOptions { MaxCalls = 2 });

        Assert.Contains("must be a question", await CallAsync(tool, "  "), StringComparison.Ordinal);
        await CallAsync(tool, "Where?");
        Assert.Contains("limit of 2 searches", await CallAsync(tool, "Where?"), StringComparison.Ordinal);
        Assert.Single(evidence.Requests);
    }

    [Fact]
    public async Task An_answer_that_is_too_long_loses_its_last_items()
    {
        var tool = new SearchTool(new FakeEvidence(Fact, FakeEvidence.Chunk("Long", string.Join(' ', Enumerable.Repeat("word", 500)))), new SearchToolOptions { MaxTokens = 64 });

        Assert.Equal(ReferenceBlock.Render([Fact]), await CallAsync(tool, "Where?"));
    }

    [Fact]
    public async Task The_tool_works_in_a_kernel_and_a_kernel_serves_as_policy()
    {
        await using var server = new ScriptedChatServer(call => ChatReply.Completion(call.Number == 0 ? ProtocolText.RenderStep(1, [], "Where was she born?") : "Summary: s\nFinal answer: Ullin"));
        var builder = Kernel.CreateBuilder();
        builder.AddOpenAIChatCompletion("scripted", new Uri(server.Address), "none");
        var kernel = builder.Build();
        var policy = kernel.ToPolicy(new ChatPolicyOptions { Model = "scripted" }, new Resilience(new ResilienceOptions()));

        var trajectory = await new AgentBuilder().WithPolicy(policy).WithEvidence(new FakeEvidence(Fact)).Build().AskAsync("Where?", TestContext.Current.CancellationToken);
        var found = await kernel.InvokeAsync(new SearchTool(new FakeEvidence(Fact)).ToKernelFunction(), new KernelArguments { ["subquery"] = "Where?" }, TestContext.Current.CancellationToken);

        Assert.Equal("Ullin", trajectory.Answer);
        Assert.Contains("born in Ullin", found.ToString(), StringComparison.Ordinal);
    }
}
