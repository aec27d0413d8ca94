using CsCheck;
using Lucene.Net.Analysis.Core;
using Lucene.Net.Documents;
using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Search.Similarities;
using Lucene.Net.Store;
using Lucene.Net.Util;

namespace Agentic.Retrieval.Tests;

public sealed class Bm25RetrieverTests
{
    private static readonly Gen<string[]> Texts = Gen.Select(
        Gen.OneOf("red", "green", "blue", "black", "white", "grey", "pink").Array[1, 40], words => string.Join(' ', words)).Array[1, 25];

    // Two chunks of lengths 2 and 4, average 3, k1 0.9, b 0.4. "red" is in both: idf = ln(1 + 0.5 / 2.5) = ln 1.2.
    // Chunk a: tf 1, norm 0.9 * (0.6 + 0.4 * 2/3) = 0.78, score ln 1.2 * 1.9 / 1.78. Chunk b: tf 2, norm 0.9 * (0.6 + 0.4 * 4/3) = 1.02, score ln 1.2 * 1.9 * 2 / 3.02.
    [Fact]
    public async Task Score_is_the_formula()
    {
        var hits = await SearchAsync(new Bm25RetrieverOptions { Analyzer = Analyzer.Plain }, "RED?", ("a", "", "red sun"), ("b", "Red", "red, blue sky"));

        Assert.Equal(["b", "a"], hits.Select(hit => hit.Chunk.Id));
        Assert.Equal(Math.Log(1.2) * 1.9 * 2 / 3.02, hits[0].Score, 1e-12);
        Assert.Equal(Math.Log(1.2) * 1.9 / 1.78, hits[1].Score, 1e-12);
    }

    [Fact]
    public async Task Equal_scores_come_in_ordinal_order_of_ids_whatever_the_order_of_indexing()
    {
        var hits = await SearchAsync(new Bm25RetrieverOptions(), "same", ("b", "", "same"), ("B", "", "same"), ("a", "", "same"));

        Assert.Equal(["B", "a", "b"], hits.Select(hit => hit.Chunk.Id));
    }

    [Fact]
    public async Task English_folds_accents_and_stems_and_plain_does_not()
    {
        (string, string, string)[] chunks = [("a", "", "Pál's cafés were running")];

        Assert.Single(await SearchAsync(new Bm25RetrieverOptions { Analyzer = Analyzer.English }, "pal", chunks));
        Assert.Single(await SearchAsync(new Bm25RetrieverOptions { Analyzer = Analyzer.English }, "the cafe runs", chunks));
        Assert.Empty(await SearchAsync(new Bm25RetrieverOptions { Analyzer = Analyzer.English }, "the were s", ("a", "", "the and of")));
        Assert.Empty(await SearchAsync(new Bm25RetrieverOptions { Analyzer = Analyzer.Plain }, "pal cafe runs", chunks));
    }

    [Fact]
    public async Task Title_boost_lifts_the_chunk_named_by_its_title()
    {
        (string, string, string)[] chunks = [("a", "", "crow crow crow crow"), ("b", "Crow", "A black bird of many kinds and places, often seen")];

        Assert.Equal("a", (await SearchAsync(new Bm25RetrieverOptions(), "crow", chunks))[0].Chunk.Id);
        Assert.Equal("b", (await SearchAsync(new Bm25RetrieverOptions { TitleBoost = 5 }, "crow", chunks))[0].Chunk.Id);
    }

    [Fact]
    public void Options_out_of_range_are_refused_together() => Assert.Equal(
        2, Assert.Throws<OptionsException>(() => new Bm25RetrieverOptions { K1 = -1, B = 2 }.Build(ChunkIndex.Of([]))).Problems.Count);

    // Lucene's own searcher with its own similarity, over the same terms: its length byte and its float arithmetic, hence the tolerance.
    [Fact]
    public void Stock_similarity_scores_as_Lucene_does() => Gen.Select(Texts, Gen.Double[0.1, 3], Gen.Double[0, 1]).Sample((texts, k1, b) =>
    {
        const string Query = "red blue blue grey";
        var expected = LuceneScores(texts, Query, (float)k1, (float)b);

        using var index = ChunkIndex.Of(texts.Select((text, i) => Chunked($"{i:D3}", "", text)));
        var options = new Bm25RetrieverOptions { Analyzer = Analyzer.Plain, Similarity = LengthNorm.Stock, K1 = (float)k1, B = (float)b };
        var actual = new double[texts.Length];
        new Bm25Retriever(options, index).Score(Query, actual);

        for (var i = 0; i < texts.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-4);
        }
    }, iter: 40);

    private static double[] LuceneScores(string[] texts, string query, float k1, float b)
    {
        using var directory = new RAMDirectory();
        using var analyzer = new WhitespaceAnalyzer(LuceneVersion.LUCENE_48);
        var similarity = new BM25Similarity(k1, b);
        using (var writer = new IndexWriter(directory, new IndexWriterConfig(LuceneVersion.LUCENE_48, analyzer) { Similarity = similarity }))
        {
            foreach (var text in texts)
            {
                writer.AddDocument([new TextField("text", text, Field.Store.NO)]);
            }
        }

        using var reader = DirectoryReader.Open(directory);
        var words = new BooleanQuery();
        foreach (var word in query.Split(' '))
        {
            words.Add(new TermQuery(new Term("text", word)), Occur.SHOULD);
        }

        var scores = new double[texts.Length];
        foreach (var hit in new IndexSearcher(reader) { Similarity = similarity }.Search(words, texts.Length).ScoreDocs)
        {
            scores[hit.Doc] = hit.Score;
        }

        return scores;
    }

    private static IndexedChunk Chunked(string id, string title, string text) => new(new Chunk(id, id, 0, title, text, 0, text.Length), []);

    private static async Task<IReadOnlyList<ScoredChunk>> SearchAsync(Bm25RetrieverOptions options, string query, params (string Id, string Title, string Text)[] chunks)
    {
        using var index = ChunkIndex.Of(chunks.Select(chunk => Chunked(chunk.Id, chunk.Title, chunk.Text)));
        return await options.Build(index).SearchAsync(query, 10, TestContext.Current.CancellationToken);
    }
}
