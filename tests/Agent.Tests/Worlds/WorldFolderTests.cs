using Agentic.Agent;
using Agentic.Retrieval;

namespace Agentic.Agent.Tests.Worlds;

public sealed class WorldFolderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("agentic-world-").FullName;

    private string Folder => Path.Combine(_root, "world");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_world_is_read_back_as_it_was_written()
    {
        var world = WorldGeneratorTests.Of(WorldSplit.Test, HeldOut.Template | HeldOut.Composition);

        await WorldFolder.WriteAsync(world, Folder, Cancel);
        var read = await WorldFolder.ReadAsync(Folder, Cancel);

        Assert.Equal(world.Documents, read.Documents);
        Assert.Equivalent(world.Triplets.OrderBy(triplet => triplet.Text, StringComparer.Ordinal), read.Triplets.OrderBy(triplet => triplet.Text, StringComparer.Ordinal), strict: true);
        Assert.Equivalent(world.Questions, read.Questions, strict: true);
        Assert.Equal(["corpus.jsonl", "questions.jsonl", "triplets.jsonl"], Directory.GetFiles(Folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        Assert.Equal([Folder], Directory.GetFileSystemEntries(_root));
    }

    [Fact]
    public async Task A_world_takes_the_place_of_another_but_of_nothing_else()
    {
        await WorldFolder.WriteAsync(WorldGeneratorTests.Of(WorldSplit.Train), Folder, Cancel);
        await WorldFolder.WriteAsync(WorldGeneratorTests.Of(WorldSplit.Test), Folder, Cancel);
        Assert.Equal(WorldGeneratorTests.Of(WorldSplit.Test).Documents, (await WorldFolder.ReadAsync(Folder, Cancel)).Documents);

        await File.WriteAllTextAsync(Path.Combine(Folder, "thesis.txt"), "years of work", Cancel);
        var refused = await Assert.ThrowsAsync<AgenticException>(() => WorldFolder.WriteAsync(WorldGeneratorTests.Of(WorldSplit.Train), Folder, Cancel));

        Assert.Contains("thesis.txt", refused.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Folder, "thesis.txt")));
    }

    [Fact]
    public async Task A_folder_without_a_world_is_named_with_what_it_lacks()
    {
        var missing = await Assert.ThrowsAsync<AgenticException>(() => WorldFolder.ReadAsync(Folder, Cancel));

        Assert.Contains("corpus.jsonl", missing.Message, StringComparison.Ordinal);
        Assert.Contains("world generate", missing.Message, StringComparison.Ordinal);
    }
}
