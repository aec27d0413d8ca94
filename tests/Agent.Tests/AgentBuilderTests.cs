using System.Diagnostics;
using Agentic.Retrieval;
using Microsoft.Extensions.DependencyInjection;

namespace Agentic.Agent.Tests;

public sealed class AgentBuilderTests
{
    private static readonly ScriptedPolicy Policy = new(ProtocolText.RenderStep(1, [], "Where was she born?"), "Summary: s\nFinal answer: Ullin");

    [Fact]
    public void What_is_missing_is_named()
    {
        Assert.Contains("WithPolicy", Assert.Throws<InvalidOperationException>(() => new AgentBuilder().WithEvidence(new FakeEvidence()).Build()).Message, StringComparison.Ordinal);
        Assert.Contains("WithEvidence", Assert.Throws<InvalidOperationException>(() => new AgentBuilder().WithPolicy(Policy).Build()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_container_gives_the_agent_over_what_is_registered()
    {
        await using var provider = new ServiceCollection()
            .AddSingleton<IPolicy>(Policy)
            .AddSingleton<IEvidenceRetriever>(new FakeEvidence())
            .AddAgenticAgent(options: new AgentLoopOptions { MaxSteps = 2 })
            .BuildServiceProvider();

        var trajectory = await provider.GetRequiredService<AgentLoop>().AskAsync("Where?", TestContext.Current.CancellationToken);

        Assert.Equal("Ullin", trajectory.Answer);
        Assert.Contains("at most 2 steps", trajectory.Segments[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_policy_the_container_builds_the_one_that_needs_no_model()
    {
        using var provider = new ServiceCollection()
            .AddSingleton<IEntityLinker>(new NoLinker())
            .AddSingleton<IEvidenceRetriever>(new FakeEvidence())
            .AddAgenticAgent()
            .BuildServiceProvider();

        Assert.StartsWith("symbolic/", provider.GetRequiredService<AgentLoop>().PolicyId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_attempt_is_a_span_with_a_child_for_each_call_and_no_text_of_the_question()
    {
        var spans = new List<Activity>();
        using var root = new Activity("test").Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == AgentTelemetry.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (span.TraceId == root.TraceId)
                {
                    spans.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);

        await new AgentBuilder().WithPolicy(Policy).WithEvidence(new FakeEvidence()).Build().AskAsync("Where was the secret?", TestContext.Current.CancellationToken);

        Assert.Equal(["chat scripted/1", "retrieval evidence", "chat scripted/1", "invoke_agent Agentic.Agent"], spans.Select(span => span.DisplayName));
        Assert.All(spans.Take(3), span => Assert.Equal(spans[3].SpanId, span.ParentSpanId));
        Assert.All(spans, span => Assert.DoesNotContain(span.Tags, tag => tag.Value?.Contains("secret", StringComparison.Ordinal) == true));
    }

    private sealed class NoLinker : IEntityLinker
    {
        public IReadOnlyList<LinkedEntity> Link(string text, int limit) => [];
    }
}
