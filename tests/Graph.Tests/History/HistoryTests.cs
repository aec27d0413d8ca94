using Agentic.Retrieval;
using Agentic.TestSupport;
using CsCheck;

namespace Agentic.Graph.Tests;

/// <summary>An index shows its live documents and nothing of how they came in.</summary>
public sealed class HistoryTests
{
    private const int Samples = 12;

    [Fact]
    public Task Deleting_the_added_documents_gives_the_index_without_them() => SmallWorld.Documents(2, 9).SampleAsync(async documents =>
    {
        var kept = documents.Where((_, number) => number % 2 == 0).ToArray();
        using var folder = new TemporaryFolder();
        await BuildAsync(folder, "all", documents);
        await IndexBuilder.DeleteAsync(folder["all"], documents.Except(kept).Select(document => document.Id));
        await BuildAsync(folder, "kept", kept);

        Assert.Equal(await IndexPortrait.OfAsync(folder["kept"]), await IndexPortrait.OfAsync(folder["all"]));
    }, iter: Samples, threads: 1);

    // The update replaces d0, d1, ... as far as it goes and adds the rest.
    [Fact]
    public Task Updating_gives_the_index_of_the_new_documents_and_the_untouched_old_ones() => Gen.Select(SmallWorld.Documents(1, 6), SmallWorld.Documents(1, 8)).SampleAsync(async (old, update) =>
    {
        using var folder = new TemporaryFolder();
        await BuildAsync(folder, "updated", old);
        await Builder().UpdateAsync(folder.WriteCorpus("update.jsonl", update), folder["updated"], null, CancellationToken.None);
        await BuildAsync(folder, "fresh", [.. update, .. old.Skip(update.Length)]);

        Assert.Equal(await IndexPortrait.OfAsync(folder["fresh"]), await IndexPortrait.OfAsync(folder["updated"]));
    }, iter: Samples, threads: 1);

    [Fact]
    public Task The_order_of_the_corpus_does_not_show() => Gen.Select(SmallWorld.Documents(2, 9), Gen.Int[1, 8]).SampleAsync(async (documents, turn) =>
    {
        using var folder = new TemporaryFolder();
        await BuildAsync(folder, "one", documents);
        await BuildAsync(folder, "other", [.. documents.Skip(turn), .. documents.Take(turn).Reverse()]);

        Assert.Equal(await IndexPortrait.OfAsync(folder["one"]), await IndexPortrait.OfAsync(folder["other"]));
    }, iter: Samples, threads: 1);

    [Fact]
    public async Task A_deleted_and_reinstated_document_leaves_no_trace()
    {
        Document[] documents = [new("a", "Ann Lee", "Ann Lee was born in Lund. Ann Lee painted The Quiet Field."), new("b", "Lund", "Lund is a town in Cyl."), new("c", "Cyl", "Cyl is a land.")];
        using var folder = new TemporaryFolder();
        await BuildAsync(folder, "whole", documents);
        await BuildAsync(folder, "mended", documents);
        await IndexBuilder.DeleteAsync(folder["mended"], ["a", "b"]);
        Assert.NotEqual(await IndexPortrait.OfAsync(folder["whole"]), await IndexPortrait.OfAsync(folder["mended"]));
        await Builder().UpdateAsync(folder.WriteCorpus("back.jsonl", documents[..2]), folder["mended"], null, CancellationToken.None);

        Assert.Equal(await IndexPortrait.OfAsync(folder["whole"]), await IndexPortrait.OfAsync(folder["mended"]));
    }

    // One or two documents a commit, so that Lucene has several segments with deletions in them.
    private static IndexBuilder Builder() =>
        new(new IndexBuilderOptions { DocumentsPerCommit = 2, Threads = 1, Chunking = new ChunkerOptions { ChunkTokens = 24 } }, new RuleTripletExtractor());

    private static Task BuildAsync(TemporaryFolder folder, string name, IReadOnlyList<Document> documents) =>
        Builder().BuildAsync(folder.WriteCorpus($"{name}.jsonl", documents), folder[name], null, CancellationToken.None);
}
