using Agentic.Retrieval;
using Microsoft.Extensions.DependencyInjection;

namespace Agentic.Graph.Tests;

public sealed class GraphEvidenceRetrieverTests
{
    private static readonly ChunkIndex Index = ChunkIndex.Of(
    [
        Indexed("1", "The Green Harbour", "The Green Harbour is a 1954 film directed by Ivo Treskow. It was shot on the coast.", new("The Green Harbour", "director", "Ivo Treskow"), new("The Green Harbour", "release date", "1954")),
        Indexed("2", "Ivo Treskow", "Ivo Treskow (3 May 1911 - 1980) was a film director born in Vessen.", new("Ivo Treskow", "place of birth", "Vessen"), new("Ivo Treskow", "date of birth", "3 May 1911")),
        Indexed("3", "Harbour", "A harbour is a sheltered body of water where ships may lie."),
        Indexed("4", "The Red Mill", "The Red Mill is a film directed by Ada Lorn.", new Fact("The Red Mill", "director", "Ada Lorn")),
        Indexed("5", "Vessen", "Vessen is a town on the coast with an old harbour.", new Fact("Vessen", "located in", "Averra")),
        Indexed("6", "Ada Lorn", "Ada Lorn directed one film and painted the harbour of Vessen.", new Fact("Ada Lorn", "occupation", "painter")),
    ]);

    private static readonly GraphSnapshot Snapshot = GraphSnapshot.Freeze(Index);
    private static readonly EvidenceRequest Request = new("Who is the director of The Green Harbour?", ["The Green Harbour"]);

    [Fact]
    public async Task The_association_graph_keeps_the_chunk_and_the_triplet_that_answer()
    {
        var (items, trace) = await RetrieveAsync(new TeaRagOptions());

        Assert.Equal(5, items.Count);
        Assert.Contains(items, item => item is Evidence.OfChunk { Chunk.Id: "1" });
        Assert.Contains(items, item => item is Evidence.OfTriplet { Triplet.Tail: "Ivo Treskow" });
        Assert.Equal(items.Select(item => item.Score).OrderDescending(), items.Select(item => item.Score));
        Assert.NotNull(trace);
        Assert.Equal(1, trace.Nodes.Sum(node => node.Mass), 1e-9);
        Assert.Equal(5, trace.Nodes.Count(node => node.Selected));
    }

    [Fact]
    public async Task Chunks_mode_shows_chunks_only_and_graph_mode_triplets_only()
    {
        var chunks = await RetrieveAsync(new TeaRagOptions { Mode = EvidenceMode.Chunks });
        var triplets = await RetrieveAsync(new TeaRagOptions { Mode = EvidenceMode.Graph });

        Assert.All(chunks.Items, item => Assert.IsType<Evidence.OfChunk>(item));
        Assert.All(triplets.Items, item => Assert.IsType<Evidence.OfTriplet>(item));
        Assert.Equal("1", ((Evidence.OfChunk)chunks.Items[0]).Chunk.Id);
        Assert.Equal("Ivo Treskow", ((Evidence.OfTriplet)triplets.Items[0]).Triplet.Tail);
    }

    [Fact]
    public async Task Concat_is_the_two_modes_one_after_the_other()
    {
        var chunks = await RetrieveAsync(new TeaRagOptions { Mode = EvidenceMode.Chunks });
        var triplets = await RetrieveAsync(new TeaRagOptions { Mode = EvidenceMode.Graph });

        var concat = await RetrieveAsync(new TeaRagOptions { Mode = EvidenceMode.Concat });

        Assert.Equal(chunks.Items.Concat(triplets.Items), concat.Items);
    }

    [Fact]
    public async Task The_controls_choose_from_the_candidates_of_the_association_graph()
    {
        var trace = (await RetrieveAsync(new TeaRagOptions())).Trace!;
        var candidates = trace.Nodes.Where(node => node.Kind is "chunk" or "triplet").Select(node => node.Label).ToHashSet();

        var top = await RetrieveAsync(new TeaRagOptions { Mode = EvidenceMode.Top, Items = 4 });
        var random = await RetrieveAsync(new TeaRagOptions { Mode = EvidenceMode.Random, Items = 4 });
        var again = await RetrieveAsync(new TeaRagOptions { Mode = EvidenceMode.Random, Items = 4 });

        Assert.Equal(top.Items.Select(item => item.Score).OrderDescending(), top.Items.Select(item => item.Score));
        Assert.All(top.Items.Concat(random.Items), item => Assert.Contains(Label(item), candidates));
        Assert.Equal(4, random.Items.Distinct().Count());
        Assert.Equal(random.Items, again.Items);
    }

    [Fact]
    public async Task A_step_without_entities_gets_triplets_only_when_the_subquery_may_be_linked()
    {
        var request = Request with { KeyEntities = [] };

        var linked = await RetrieveAsync(new TeaRagOptions { Mode = EvidenceMode.Graph }, request);
        var none = await RetrieveAsync(new TeaRagOptions { Mode = EvidenceMode.Graph, EmptyEntities = EmptyEntities.None }, request);

        Assert.NotEmpty(linked.Items);
        Assert.Empty(none.Items);
    }

    [Fact]
    public async Task The_order_in_which_chunks_were_added_does_not_show()
    {
        var reversed = GraphSnapshot.Freeze(ChunkIndex.Of(Index.Chunks.Reverse()));

        var first = await RetrieveAsync(new TeaRagOptions());
        var second = await reversed.Evidence(new TeaRagOptions()).RetrieveAsync(Request, default);

        Assert.Equal(first.Items.Select(item => (Label(item), item.Score)), second.Items.Select(item => (Label(item), item.Score)));
    }

    [Fact]
    public async Task A_request_that_finds_nothing_gives_nothing()
    {
        foreach (var mode in Enum.GetValues<EvidenceMode>())
        {
            Assert.Empty((await RetrieveAsync(new TeaRagOptions { Mode = mode }, new EvidenceRequest("zzz", ["???"]))).Items);
        }
    }

    [Fact]
    public async Task Retriever_tearag_ranks_every_chunk_once_by_falling_score()
    {
        var ranked = await new TearagRetrieverOptions().Build(Index).SearchAsync(Request.Subquery, 10, default);

        Assert.Equal("1", ranked[0].Chunk.Id);
        Assert.Equal(ranked.Count, ranked.Select(item => item.Chunk.Id).Distinct().Count());
        Assert.Equal(ranked.Select(item => item.Score).OrderDescending(), ranked.Select(item => item.Score));
        Assert.Equal(2, (await new TearagRetrieverOptions().Build(Index).SearchAsync(Request.Subquery, 2, default)).Count);
    }

    [Fact]
    public void An_option_out_of_range_is_refused() =>
        Assert.Throws<OptionsException>(() => Snapshot.Evidence(new TeaRagOptions { Alpha = 1.5, Items = 0 }));

    [Fact]
    public async Task Dependency_injection_gives_the_same_evidence()
    {
        await using var provider = new ServiceCollection().AddSingleton(Index).AddAgenticGraph().BuildServiceProvider();

        var injected = await provider.GetRequiredService<IEvidenceRetriever>().RetrieveAsync(Request, default);

        Assert.Equal((await RetrieveAsync(new TeaRagOptions())).Items.Select(Label), injected.Items.Select(Label));
        Assert.NotNull(provider.GetRequiredService<IEntityLinker>());
        Assert.NotNull(provider.GetRequiredService<IRelevance>());
    }

    private static async Task<EvidenceResult> RetrieveAsync(TeaRagOptions options, EvidenceRequest? request = null) =>
        await Snapshot.Evidence(options).RetrieveAsync(request ?? Request, default);

    private static string Label(Evidence evidence) => evidence is Evidence.OfChunk chunk ? chunk.Chunk.Id : ((Evidence.OfTriplet)evidence).Triplet.Text;

    private static IndexedChunk Indexed(string id, string title, string text, params Fact[] facts) =>
        new(new Chunk(id, id, 0, title, text, 0, text.Length), facts);
}
