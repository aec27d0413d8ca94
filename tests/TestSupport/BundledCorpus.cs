using System.Text.Json;
using System.Text.Json.Serialization;

namespace Agentic.TestSupport;

/// <summary>The project's own corpus, read without the project's readers so that their bugs cannot hide its own.</summary>
public static class BundledCorpus
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>The folder corpora/averra of the repository.</summary>
    public static string Folder { get; } = Path.Combine(Repository.Root, "corpora", "averra");

    /// <summary>A document as its line states it.</summary>
    public sealed record DocumentRow(string Id, string Title, string Text);

    /// <summary>The gold triplets of a document.</summary>
    public sealed record TripletsRow(string Id, IReadOnlyList<string> Entities, IReadOnlyList<IReadOnlyList<string>> Triples);

    /// <summary>A question with its hops.</summary>
    public sealed record QuestionRow(
        string Id,
        string Type,
        int Hops,
        string Question,
        IReadOnlyList<string> Answers,
        IReadOnlyList<string> Gold,
        IReadOnlyList<IReadOnlyList<string>> EvidenceTriples,
        IReadOnlyList<HopRow> Decomposition);

    /// <summary>One hop: a single-hop question, its answer and the document that states it.</summary>
    public sealed record HopRow(string Question, string Answer, string Gold);

    public static IReadOnlyList<DocumentRow> Documents => Read<DocumentRow>("corpus.jsonl");

    public static IReadOnlyList<TripletsRow> Triplets => Read<TripletsRow>("triplets.jsonl");

    public static IReadOnlyList<QuestionRow> Tuning => Read<QuestionRow>("questions.jsonl");

    public static IReadOnlyList<QuestionRow> HeldOut => Read<QuestionRow>("questions.heldout.jsonl");

    private static List<T> Read<T>(string file) =>
        [.. File.ReadLines(Path.Combine(Folder, file)).Select(line => JsonSerializer.Deserialize<T>(line, Json)!)];
}
