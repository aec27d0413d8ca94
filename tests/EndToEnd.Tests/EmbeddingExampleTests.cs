using Agentic.Agent;
using Agentic.Graph;
using Agentic.Retrieval;
using Agentic.TestSupport;

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
    public void The_README_shows_that_example()
    {
        var source = File.ReadAllText(Path.Combine(Repository.Root, "tests", "EndToEnd.Tests", "EmbeddingExampleTests.cs"));
        var (begin, end) = (source.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, source.IndexOf(End, StringComparison.Ordinal));
        var example = string.Join('\n', source[begin..end].Split('\n').Select(line => line.Length > 8 ? line[8..] : line));

        Assert.Contains(example, File.ReadAllText(Path.Combine(Repository.Root, "README.md")), StringComparison.Ordinal);
    }
}
