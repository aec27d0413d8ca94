using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Agentic.Retrieval;

namespace Agentic.Graph.Tests;

public sealed class GraphExportTests
{
    private static readonly XNamespace Xmlns = "http://graphml.graphdrawing.org/xmlns";

    private static readonly KnowledgeGraph Graph = KnowledgeGraph.Freeze([
        Chunk("one", new Fact("Ann & <Bo>", "knows", "Cy"), new Fact("Ann & <Bo>", "likes", "Cy")),
        Chunk("two", new Fact("Cy", "sees\u0001", "Cy"), new Fact("Ann & <Bo>", "knows", "Cy")),
    ]);

    [Fact]
    public async Task GraphMl_holds_every_edge_with_its_provenance()
    {
        var root = XDocument.Parse(Encoding.UTF8.GetString(await WriteAsync(GraphMl.WriteAsync))).Root!;
        var nodes = root.Descendants(Xmlns + "node").ToArray();
        var edges = root.Descendants(Xmlns + "edge").ToArray();

        Assert.Equal("directed", root.Element(Xmlns + "graph")!.Attribute("edgedefault")!.Value);
        Assert.Equal(["n0", "n1"], nodes.Select(node => node.Attribute("id")!.Value));
        Assert.Equal(["Ann & <Bo>", "ann bo", "one\ntwo"], nodes[0].Elements(Xmlns + "data").Select(data => data.Value));
        Assert.Equal(["n0 n1", "n0 n1", "n1 n1"], edges.Select(edge => $"{edge.Attribute("source")!.Value} {edge.Attribute("target")!.Value}"));
        Assert.Equal(["knows", "Ann & <Bo>", "Cy", "one\ntwo", "2"], edges[0].Elements(Xmlns + "data").Select(data => data.Value));
        Assert.Equal("sees\ufffd", edges[2].Elements(Xmlns + "data").First().Value);
    }

    [Fact]
    public async Task Every_data_element_of_GraphMl_has_a_declared_key()
    {
        var root = XDocument.Parse(Encoding.UTF8.GetString(await WriteAsync(GraphMl.WriteAsync))).Root!;
        var declared = root.Elements(Xmlns + "key").ToDictionary(key => key.Attribute("id")!.Value, key => key.Attribute("for")!.Value);

        Assert.All(root.Descendants(Xmlns + "data"), data => Assert.Equal(data.Parent!.Name.LocalName, declared[data.Attribute("key")!.Value]));
    }

    [Fact]
    public async Task Json_holds_every_triplet_with_its_provenance()
    {
        using var json = JsonDocument.Parse(await WriteAsync(GraphJson.WriteAsync));
        var triplet = json.RootElement.GetProperty("triplets")[0];

        Assert.Equal(2, json.RootElement.GetProperty("entities").GetArrayLength());
        Assert.Equal(3, json.RootElement.GetProperty("triplets").GetArrayLength());
        Assert.Equal("Ann & <Bo> knows Cy", $"{triplet.GetProperty("head").GetString()} {triplet.GetProperty("relation").GetString()} {triplet.GetProperty("tail").GetString()}");
        Assert.Equal((0, 1), (triplet.GetProperty("head_entity").GetInt32(), triplet.GetProperty("tail_entity").GetInt32()));
        Assert.Equal(["one", "two"], triplet.GetProperty("chunks").EnumerateArray().Select(chunk => chunk.GetString()));
    }

    // Entities ann bo, cy; triplets knows, likes, sees: degrees 2 and 3; support 2, 1, 1.
    [Fact]
    public void Statistics_count_what_is_there()
    {
        var statistics = GraphStatistics.Of(Graph);

        Assert.Equal((2, 3, 3, 1, 2, 3), (statistics.Entities, statistics.Triplets, statistics.Relations, statistics.Components, statistics.LargestComponent, statistics.LargestDegree));
        Assert.Equal(2.5, statistics.MeanDegree);
        Assert.Equal(4.0 / 3, statistics.Support, 1e-12);
        Assert.Equal([new EntityDegree("Cy", 3), new EntityDegree("Ann & <Bo>", 2)], statistics.Hubs);
    }

    [Fact]
    public void Statistics_of_nothing_are_zero()
    {
        var statistics = GraphStatistics.Of(KnowledgeGraph.Freeze([]));

        Assert.Equal((0, 0, 0, 0), (statistics.Entities, statistics.Components, statistics.LargestComponent, statistics.LargestDegree));
    }

    private static IndexedChunk Chunk(string id, params Fact[] facts) => new(new Chunk(id, id, 0, id, "text", 0, 4), facts);

    private static async Task<byte[]> WriteAsync(Func<KnowledgeGraph, Stream, CancellationToken, Task> write)
    {
        using var stream = new MemoryStream();
        await write(Graph, stream, CancellationToken.None);
        return stream.ToArray();
    }
}
