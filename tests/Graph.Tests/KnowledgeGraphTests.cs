using Agentic.Retrieval;
using CsCheck;

namespace Agentic.Graph.Tests;

public sealed class KnowledgeGraphTests
{
    private static IndexedChunk Chunk(string id, params Fact[] facts) => new(new Chunk(id, id, 0, id, "text", 0, 4), facts);

    [Fact]
    public void Equal_facts_of_several_chunks_are_one_triplet_with_their_united_support()
    {
        var graph = KnowledgeGraph.Freeze([
            Chunk("b", new Fact("Zoë Hart", "born in", "Lund")),
            Chunk("a", new Fact("zoe hart", "Born in", "Lund"), new Fact("Lund", "located in", "Sweden")),
            Chunk("c", new Fact("Zoë Hart", "born in", "Lund")),
        ]);

        Assert.Equal(["Lund located in Sweden", "Zoë Hart born in Lund"], graph.Triplets.Select(triplet => triplet.Text));
        Assert.Equal(["a", "b", "c"], graph.Triplets[1].SupportingChunkIds);
    }

    // "Zoë Hart" is written by two chunks, "zoe hart" by one; "LUND" and "Lund" by one each: 'U' comes before 'u'.
    [Fact]
    public void An_entity_is_shown_in_its_most_frequent_spelling()
    {
        var graph = KnowledgeGraph.Freeze([
            Chunk("a", new Fact("zoe hart", "lives in", "LUND")),
            Chunk("b", new Fact("Zoë Hart", "born in", "Lund")),
            Chunk("c", new Fact("Zoë Hart", "likes", "Rain")),
        ]);

        Assert.Equal(["LUND", "Rain", "Zoë Hart"], graph.Entities.Select(entity => entity.Name));
        Assert.Equal(["lund", "rain", "zoe hart"], graph.Entities.Select(entity => entity.Key));
    }

    [Fact]
    public void An_entity_knows_its_triplets_its_chunks_and_its_neighbours()
    {
        var graph = KnowledgeGraph.Freeze([
            Chunk("a", new Fact("A", "of", "B"), new Fact("B", "of", "C")),
            Chunk("b", new Fact("C", "of", "C")),
        ]);

        Assert.True(graph.TryFind(" b! ", out var b));
        Assert.Equal([0, 1], b.Triplets);
        Assert.Equal(["a"], b.SupportingChunkIds);
        Assert.Equal("C", Assert.Single(graph.Structure.OutEdges(b)).Target.Name);
        Assert.Equal("A", Assert.Single(graph.Structure.InEdges(b)).Source.Name);
        Assert.True(graph.TryFind("C", out var c));
        Assert.Equal([1, 2], c.Triplets);
        Assert.Equal(["a", "b"], c.SupportingChunkIds);
        Assert.False(graph.TryFind("D", out _));
    }

    [Fact]
    public void A_fact_that_names_nothing_is_left_out() =>
        Assert.Empty(KnowledgeGraph.Freeze([Chunk("a", new Fact("?!", "is", "Lund"), new Fact("Lund", "is", ""))]).Entities);

    [Fact]
    public void The_order_of_the_chunks_does_not_show()
    {
        string[] names = ["Ann", "ANN", "Bo", "bo", "Cy", "Dé", "De"];
        var gen = Gen.Select(Gen.OneOf(names), Gen.OneOf("knows", "Knows", "likes"), Gen.OneOf(names))
            .Select((head, relation, tail) => new Fact(head, relation, tail)).Array[0, 5].Array[0, 8];

        Check.Sample(Gen.Select(gen, Gen.Int[0, 99]), (facts, turn) =>
        {
            var chunks = facts.Select((own, number) => Chunk($"c{number}", own)).ToArray();
            var turned = chunks.Select((_, number) => chunks[(number + turn) % chunks.Length]).Reverse().ToArray();
            Assert.Equal(Print(KnowledgeGraph.Freeze(chunks)), Print(KnowledgeGraph.Freeze(turned)));
        });
    }

    private static string Print(KnowledgeGraph graph) => string.Join('\n', [
        .. graph.Entities.Select(entity => $"{entity.Number} {entity.Name} {entity.Key} {string.Join(',', entity.Triplets)} {string.Join(',', entity.SupportingChunkIds)}"),
        .. graph.Triplets.Select(triplet => $"{triplet.Text} {string.Join(',', triplet.SupportingChunkIds)}"),
        .. graph.Structure.Edges.OrderBy(edge => edge.Number).Select(edge => $"{edge.Source} {edge.Number} {edge.Target}"),
    ]);
}
