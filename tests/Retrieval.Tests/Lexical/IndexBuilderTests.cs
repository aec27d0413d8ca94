using CsCheck;

namespace Agentic.Retrieval.Tests;

public sealed class IndexBuilderTests : IDisposable
{
    private static readonly Gen<Document[]> Corpora = Gen.Select(
        Gen.OneOf("red", "green", "blue", "black", "white", "grey").Array[1, 60].Select(words => string.Join(' ', words) + "."),
        Gen.OneOf("", "Red", "Black bird")).Array[1, 12].Select(rows => rows.Select((row, i) => new Document($"d{i * 7 % 13}", row.Item2, row.Item1)).ToArray());

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_built_can_be_opened_and_searched()
    {
        var report = await BuildAsync("index", Numbered(3));

        Assert.Equal(3, report.Documents);
        using var index = ChunkIndex.Open(_folder["index"]);
        Assert.Equal(["n0", "n1", "n2"], index.Chunks.Select(indexed => indexed.Chunk.Id));
        Assert.Equal([new Fact("Number 1", "says", "one")], index.Chunks[1].Triplets);
        var hits = await new Bm25RetrieverOptions().Build(index).SearchAsync("numbers 2", 10, Token);
        Assert.Equal(["n2", "n0", "n1"], hits.Select(hit => hit.Chunk.Id));
    }

    [Fact]
    public async Task Finished_build_given_again_changes_nothing()
    {
        await BuildAsync("index", Numbered(5));
        var files = Files("index");

        var report = await BuildAsync("index", Numbered(5));

        Assert.True(report.Unchanged);
        Assert.Equal(files, Files("index"));
    }

    [Fact]
    public async Task Finished_index_of_another_corpus_or_settings_is_refused_unless_overwritten()
    {
        await BuildAsync("index", Numbered(5));
        var digest = await DigestAsync("index");

        await Assert.ThrowsAsync<IndexException>(() => BuildAsync("index", Numbered(4)));
        await Assert.ThrowsAsync<IndexException>(() => BuildAsync("index", Numbered(5), new IndexBuilderOptions { Chunking = new ChunkerOptions { ChunkTokens = 99 } }));
        Assert.Equal(digest, await DigestAsync("index"));

        await BuildAsync("index", Numbered(4), new IndexBuilderOptions { Overwrite = true });
        Assert.Equal(4, Chunks("index"));
    }

    [Fact]
    public async Task Folder_with_other_files_is_refused_and_left_alone_even_when_overwritten()
    {
        _folder.Write("mine/thesis.txt", "years of work");

        await Assert.ThrowsAsync<IndexException>(() => BuildAsync("mine", Numbered(2)));
        await BuildAsync("mine", Numbered(2), new IndexBuilderOptions { Overwrite = true });

        Assert.Equal("years of work", await File.ReadAllTextAsync(_folder["mine/thesis.txt"], Token));
    }

    // The extractor stops the build as a crash would, after some commits; what is committed is not read again.
    [Fact]
    public async Task Interrupted_build_goes_on_where_it_stopped_and_ends_the_same()
    {
        await BuildAsync("straight", Numbered(1000));
        var options = new IndexBuilderOptions { DocumentsPerCommit = 200, Threads = 1 };
        await Assert.ThrowsAsync<InvalidOperationException>(() => BuildAsync("index", Numbered(1000), options, new NumberExtractor { FailsAt = "n700" }));
        Assert.Throws<IndexException>(() => ChunkIndex.Open(_folder["index"]));

        var report = await BuildAsync("index", Numbered(1000), options);

        Assert.InRange(report.Resumed, 200, 700);
        Assert.Equal(await DigestAsync("straight"), await DigestAsync("index"));
    }

    [Fact]
    public async Task Interrupted_build_of_a_corpus_that_changed_starts_over_by_force_only()
    {
        var options = new IndexBuilderOptions { DocumentsPerCommit = 200, Threads = 1 };
        await Assert.ThrowsAsync<InvalidOperationException>(() => BuildAsync("index", Numbered(1000), options, new NumberExtractor { FailsAt = "n700" }));
        var changed = Numbered(1000);
        changed[3] = changed[3] with { Text = "Something else." };

        var refusal = await Assert.ThrowsAsync<IndexException>(() => BuildAsync("index", changed, options));
        var report = await BuildAsync("index", changed, options with { Overwrite = true });

        Assert.Contains("--force", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, report.Resumed);
        await BuildAsync("straight", changed);
        Assert.Equal(await DigestAsync("straight"), await DigestAsync("index"));
    }

    [Fact]
    public async Task Delete_undoes_add_and_update_equals_build_rankings_included() => await Gen.Select(Corpora, Corpora, Gen.Int[20, 60]).SampleAsync(async (first, second, tokens) =>
    {
        using var folder = new TemporaryFolder();
        var builder = new IndexBuilder(new IndexBuilderOptions { Chunking = new ChunkerOptions { ChunkTokens = tokens } });
        var known = first.Select(document => document.Id).ToHashSet();
        var added = second.Where(document => !known.Contains(document.Id)).Select(document => document with { Id = "x" + document.Id }).ToArray();
        var replacing = second.Where(document => known.Contains(document.Id)).ToArray();

        async Task<string> BuiltAsync(string name, IEnumerable<Document> documents)
        {
            await builder.BuildAsync(folder.WriteCorpus(name + ".jsonl", documents), folder[name], null, Token);
            return await DigestOfAsync(folder[name]);
        }

        var onlyFirst = await BuiltAsync("first", first);
        await BuiltAsync("both", first.Concat(added).Reverse());
        await IndexBuilder.DeleteAsync(folder["both"], added.Select(document => document.Id));
        Assert.Equal(onlyFirst, await DigestOfAsync(folder["both"]));

        if (added.Length + replacing.Length > 0)
        {
            var expected = await BuiltAsync("union", replacing.Concat(added).Concat(first.Where(document => replacing.All(other => other.Id != document.Id))));
            var report = await builder.UpdateAsync(folder.WriteCorpus("update.jsonl", added.Concat(replacing).Reverse()), folder["first"], null, Token);
            Assert.Equal(replacing.Length, report.Replaced);
            Assert.Equal(expected, await DigestOfAsync(folder["first"]));
        }
    }, iter: 8);

    [Fact]
    public async Task Broken_update_loses_nothing()
    {
        await BuildAsync("index", Numbered(300));
        var digest = await DigestAsync("index");
        var broken = _folder.Write("broken.jsonl", string.Concat(Enumerable.Range(0, 299).Select(i => $"{{\"id\":\"n{i}\",\"text\":\"new {i}\"}}\n")) + "{\"id\":\"n2\"");

        await Assert.ThrowsAsync<InputFormatException>(() => Builder().UpdateAsync(broken, _folder["index"], null, Token));

        Assert.Equal(digest, await DigestAsync("index"));
    }

    [Fact]
    public async Task Update_with_another_extractor_is_refused()
    {
        await BuildAsync("index", Numbered(2));

        var refusal = await Assert.ThrowsAsync<IndexException>(() => new IndexBuilder(new IndexBuilderOptions()).UpdateAsync(_folder.WriteCorpus("u.jsonl", Numbered(1)), _folder["index"], null, Token));

        Assert.Contains("numbers/1", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_ids_of_a_deletion_are_named_and_the_rest_deleted()
    {
        await BuildAsync("index", Numbered(3));

        var report = await IndexBuilder.DeleteAsync(_folder["index"], ["n9", "n1", "n1", "N0"]);

        Assert.Equal((1, "N0,n9"), (report.Deleted, string.Join(',', report.Unknown)));
        using var index = ChunkIndex.Open(_folder["index"]);
        Assert.Equal(["n0", "n2"], index.Chunks.Select(indexed => indexed.Chunk.Id));
    }

    [Fact]
    public async Task Open_snapshot_does_not_see_later_writes()
    {
        await BuildAsync("index", Numbered(50));
        using var before = ChunkIndex.Open(_folder["index"]);

        await IndexBuilder.DeleteAsync(_folder["index"], ["n7"]);
        await Builder().UpdateAsync(_folder.WriteCorpus("u.jsonl", [new Document("n8", "", "changed")]), _folder["index"], null, Token);

        Assert.Contains(await new Bm25RetrieverOptions().Build(before).SearchAsync("7", 5, Token), hit => hit.Chunk.Id == "n7");
        Assert.Equal(49, Chunks("index"));
    }

    [Fact]
    public async Task Second_writer_is_refused_while_the_first_writes()
    {
        await BuildAsync("index", Numbered(2));
        var slow = new NumberExtractor { During = () => Assert.Throws<IndexException>(() => IndexBuilder.DeleteAsync(_folder["index"], ["n0"]).GetAwaiter().GetResult()) };

        await new IndexBuilder(new IndexBuilderOptions(), slow).UpdateAsync(_folder.WriteCorpus("u.jsonl", Numbered(1)), _folder["index"], null, Token);

        Assert.Contains("another process", slow.Seen!.Message, StringComparison.Ordinal);
    }

    // Killed before Lucene wrote anything, and killed while another build was being cleared away.
    [Fact]
    public async Task Folder_with_a_manifest_alone_is_a_build_that_has_just_begun()
    {
        await BuildAsync("index", Numbered(20));
        var digest = await DigestAsync("index");
        Directory.Delete(_folder["index/lucene"], recursive: true);
        _folder.Write("index/index.json.tmp", "{");
        Assert.Throws<IndexException>(() => ChunkIndex.Open(_folder["index"]));

        await BuildAsync("index", Numbered(20));

        Assert.Equal(digest, await DigestAsync("index"));
    }

    [Fact]
    public async Task Damaged_files_are_told_as_damage()
    {
        await BuildAsync("index", Numbered(20));
        foreach (var file in new DirectoryInfo(_folder["index/lucene"]).EnumerateFiles().Where(file => file.Length > 0))
        {
            await using var stream = file.Open(FileMode.Open);
            stream.SetLength(stream.Length / 2);
        }

        Assert.Contains("damaged", Assert.Throws<IndexException>(() => ChunkIndex.Open(_folder["index"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Index_of_another_version_or_kind_is_refused()
    {
        await BuildAsync("index", Numbered(2));
        var manifest = await File.ReadAllTextAsync(_folder["index/index.json"], Token);

        foreach (var (content, reason) in new[] { (manifest.Replace("\"format\": 1", "\"format\": 7", StringComparison.Ordinal), "newer version"), ("{\"name\":\"npm\"}", "not one of Agentic's"), ("{", "damaged") })
        {
            _folder.Write("index/index.json", content);
            Assert.Contains(reason, Assert.Throws<IndexException>(() => ChunkIndex.Open(_folder["index"])).Message, StringComparison.Ordinal);
        }

        Assert.Contains("holds no index", Assert.Throws<IndexException>(() => ChunkIndex.Open(_folder.Path)).Message, StringComparison.Ordinal);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Document[] Numbered(int count) => [.. Enumerable.Range(0, count).Select(i => new Document($"n{i}", $"Number {i}", $"This is {i}. It follows {i - 1}."))];

    private static IndexBuilder Builder(IndexBuilderOptions? options = null, NumberExtractor? extractor = null) => new(options ?? new IndexBuilderOptions(), extractor ?? new NumberExtractor());

    private Task<IndexReport> BuildAsync(string name, IEnumerable<Document> documents, IndexBuilderOptions? options = null, NumberExtractor? extractor = null) =>
        Builder(options, extractor).BuildAsync(_folder.WriteCorpus(name + ".jsonl", documents), _folder[name], null, Token);

    private int Chunks(string name)
    {
        using var index = ChunkIndex.Open(_folder[name]);
        return index.Chunks.Count;
    }

    private Task<string> DigestAsync(string name) => DigestOfAsync(_folder[name]);

    private static async Task<string> DigestOfAsync(string directory)
    {
        using var index = ChunkIndex.Open(directory);
        return await IndexFingerprint.OfAsync(index, Token);
    }

    private string Files(string name) => string.Join('\n', new DirectoryInfo(_folder[name]).EnumerateFiles("*", SearchOption.AllDirectories)
        .Select(file => $"{file.Name} {file.Length} {file.LastWriteTimeUtc:O}").Order(StringComparer.Ordinal));

    private sealed class NumberExtractor : ITripletExtractor
    {
        public string Id => "numbers/1";

        public string? FailsAt { get; init; }

        public Func<AgenticException>? During { get; init; }

        public AgenticException? Seen { get; private set; }

        public IReadOnlyList<Fact> Extract(Chunk chunk)
        {
            Seen = During?.Invoke() ?? Seen;
            return chunk.DocumentId == FailsAt ? throw new InvalidOperationException("killed") : [new Fact(chunk.Title, "says", chunk.DocumentId == "n1" ? "one" : "something")];
        }
    }
}
