using Agentic.Agent;
using Agentic.Graph;
using Agentic.Retrieval;
using Agentic.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Agentic.EndToEnd.Tests;

public sealed class EmbeddingExampleTests : IDisposable
{
    private const string Begin = "        // <readme>\n";
    private const string End = "        // </readme>\n";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_example_of_the_README_answers_a_question()
    {
        var (corpus, folder, cancellationToken) = (Path.Combine(BundledCorpus.Folder, "corpus.jsonl"), _folder["index"], TestContext.Current.CancellationToken);

        // <readme>
        var builder = new IndexBuilder(new IndexBuilderOptions(), new RuleTripletExtractor());
        await builder.BuildAsync(corpus, folder, progress: null, cancellationToken);

        using var index = ChunkIndex.Open(folder);
        var graph = GraphSnapshot.Freeze(index);
        var agent = new AgentBuilder()
            .WithPolicy(new SymbolicPolicyOptions().Build(new PolicyResources(graph.Linker)))
            .WithEvidence(graph.Evidence(new TeaRagOptions(), new Bm25RetrieverOptions().Build(index)))
            .Build();

        var trajectory = await agent.AskAsync("Where was the director of The Lamplighter's Daughter born?", cancellationToken);
        Console.WriteLine(trajectory.Answer);        // Halmarre
        foreach (var step in trajectory.Steps)
        {
            Console.WriteLine($"{step.Subquery} -> {step.Summary}");
        }
        // </readme>
        Assert.Equal("Halmarre", trajectory.Answer);
    }

    [Fact]
    public async Task The_registrations_of_the_libraries_fit_together()
    {
        var (corpus, folder, cancellationToken) = (Path.Combine(BundledCorpus.Folder, "corpus.jsonl"), _folder["index"], TestContext.Current.CancellationToken);
        await new IndexBuilder(new IndexBuilderOptions(), new RuleTripletExtractor()).BuildAsync(corpus, folder, null, cancellationToken);

        await using var provider = new ServiceCollection().AddAgenticRetrieval(folder, new TitleHopRetrieverOptions()).AddAgenticGraph().AddAgenticAgent().BuildServiceProvider();
        var index = provider.GetRequiredService<ChunkIndex>();
        var retriever = provider.GetRequiredService<IRetriever>();
        var hits = await retriever.SearchAsync("The Lamplighter's Daughter", 1, cancellationToken);
        var trajectory = await provider.GetRequiredService<AgentLoop>().AskAsync("Where was the director of The Lamplighter's Daughter born?", cancellationToken);

        Assert.Equal(new TitleHopRetrieverOptions().Build(index).GetType(), retriever.GetType());
        Assert.Equal("The Lamplighter's Daughter", Assert.Single(hits).Chunk.Title);
        Assert.Equal("Halmarre", trajectory.Answer);
        Assert.Same(index, provider.GetRequiredService<GraphSnapshot>().Index);
    }

    [Fact]
    public void The_README_shows_that_example()
    {
        var source = File.ReadAllText(Path.Combine(Repository.Root, "tests", "EndToEnd.Tests", "EmbeddingExampleTests.cs"));
        var (begin, end) = (source.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, source.IndexOf(End, StringComparison.Ordinal));
        var example = string.Join('\n', source[begin..end].Split('\n').Select(line => line.Length > 8 ? line[8..] : line));

        Assert.Contains(example, File.ReadAllText(Path.Combine(Repository.Root, "README.md")), StringComparison.Ordinal);
    }
}
