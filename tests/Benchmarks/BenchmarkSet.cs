using Agentic.Graph;
using Agentic.Retrieval;

namespace Agentic.Benchmarks;

/// <summary>A question set over its own corpus: whole documents as chunks, triplets by rules, everything in memory.</summary>
internal sealed record BenchmarkSet(string Name, ChunkIndex Index, GraphSnapshot Snapshot, IReadOnlyList<Question> Questions)
{
    /// <summary>The development half of a public set.</summary>
    public static Task<BenchmarkSet> PublicAsync(string data, string name) =>
        LoadAsync(name, Path.Combine(data, name, "corpus.jsonl.gz"), Path.Combine(data, name, "questions.dev.jsonl.gz"));

    /// <summary>A part of the project's own questions.</summary>
    public static Task<BenchmarkSet> OwnAsync(string name, string questions)
    {
        var folder = Path.Combine(BenchmarkReport.Root, "corpora", "averra");
        return LoadAsync(name, Path.Combine(folder, "corpus.jsonl"), Path.Combine(folder, questions));
    }

    private static async Task<BenchmarkSet> LoadAsync(string name, string corpus, string questions)
    {
        var extractor = new RuleTripletExtractor();
        var documents = new List<Document>();
        await foreach (var document in CorpusReader.Open(corpus).ReadAsync(default))
        {
            documents.Add(document);
        }

        var index = ChunkIndex.Of(documents.AsParallel()
            .Select(document => new Chunk(document.Id, document.Id, 0, document.Title, document.Text, 0, document.Text.Length))
            .Select(chunk => new IndexedChunk(chunk, extractor.Extract(chunk))));
        return new BenchmarkSet(name, index, GraphSnapshot.Freeze(index), await QuestionFile.ReadAsync(questions, default));
    }
}
