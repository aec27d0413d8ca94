using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>A world on disk: <c>corpus.jsonl</c>, <c>questions.jsonl</c> and <c>triplets.jsonl</c>, in the forms that indexing, evaluation and <c>--triplets</c> read.</summary>
public static class WorldFolder
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The documents in a world's folder.</summary>
    public static string Corpus(string folder) => Path.Combine(folder, "corpus.jsonl");

    /// <summary>The questions in a world's folder.</summary>
    public static string Questions(string folder) => Path.Combine(folder, "questions.jsonl");

    /// <summary>The facts of each document in a world's folder.</summary>
    public static string Triplets(string folder) => Path.Combine(folder, "triplets.jsonl");

    /// <summary>Writes a world beside its place and moves it there whole; an earlier world is replaced.</summary>
    /// <exception cref="AgenticException">The folder holds something else.</exception>
    public static async Task WriteAsync(World world, string folder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(world);
        var place = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        RequireRoom(place, folder);
        var temporary = $"{place}.tmp";
        if (Directory.Exists(temporary))
        {
            Directory.Delete(temporary, recursive: true);
        }

        Directory.CreateDirectory(temporary);
        await WriteLinesAsync(Corpus(temporary), world.Documents.Select(document => new { document.Id, document.Title, document.Text }), cancellationToken).ConfigureAwait(false);
        await WriteLinesAsync(Triplets(temporary), TripletRows(world), cancellationToken).ConfigureAwait(false);
        await WriteLinesAsync(Questions(temporary), world.Questions.Select(QuestionRow), cancellationToken).ConfigureAwait(false);
        if (Directory.Exists(place))
        {
            Directory.Delete(place, recursive: true);
        }

        Directory.Move(temporary, place);
    }

    /// <summary>Reads a world back.</summary>
    /// <exception cref="AgenticException">A file is missing or broken; names file and line.</exception>
    public static async Task<World> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        var missing = new[] { Corpus(folder), Questions(folder), Triplets(folder) }.FirstOrDefault(file => !File.Exists(file));
        if (missing is not null)
        {
            throw new AgenticException($"{missing}: is not there; name a folder that 'world generate' wrote");
        }

        var documents = new List<Document>();
        await foreach (var document in CorpusReader.Open(Corpus(folder)).ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            documents.Add(document);
        }

        var questions = await QuestionFile.ReadAsync(Questions(folder), cancellationToken).ConfigureAwait(false);
        return new World(documents, await ReadTripletsAsync(Triplets(folder), cancellationToken).ConfigureAwait(false), questions);
    }

    private static void RequireRoom(string place, string folder)
    {
        if (PathObstacle.ForFile(Path.Combine(place, "corpus.jsonl")) is { } obstacle)
        {
            throw new AgenticException($"{folder}: {obstacle}");
        }

        string[] own = [Path.GetFileName(Corpus(place)), Path.GetFileName(Questions(place)), Path.GetFileName(Triplets(place))];
        if (Directory.Exists(place) && Directory.EnumerateFileSystemEntries(place).Select(Path.GetFileName).FirstOrDefault(name => !own.Contains(name, StringComparer.Ordinal)) is { } other)
        {
            throw new AgenticException($"{folder}: holds {other}, which is not part of a world; name a folder that is empty, absent or a world's");
        }
    }

    private static IEnumerable<object> TripletRows(World world)
    {
        var stated = (from triplet in world.Triplets from document in triplet.SupportingChunkIds select (document, triplet)).ToLookup(pair => pair.document, pair => pair.triplet, StringComparer.Ordinal);
        return world.Documents.Select(document => new
        {
            document.Id,
            Entities = stated[document.Id].SelectMany(triplet => new[] { triplet.Head, triplet.Tail }).Distinct().Order(StringComparer.Ordinal),
            Triples = stated[document.Id].Select(triplet => new[] { triplet.Head, triplet.Relation, triplet.Tail }),
        });
    }

    private static object QuestionRow(Question question) => new
    {
        question.Id,
        Question = question.Text,
        question.Answers,
        Gold = question.Relevant.Keys,
        question.Hops,
        question.Type,
        question.HeldOut,
        EvidenceTriples = question.EvidenceTriplets.Select(Parts),
        Decomposition = question.Decomposition.Select(step => new
        {
            Question = step.Text,
            step.Answer,
            step.Gold,
            step.Entities,
            step.Summary,
            Triples = step.Triplets.Select(Parts),
        }),
    };

    private static string[] Parts(Fact fact) => [fact.Head, fact.Relation, fact.Tail];

    private static async Task WriteLinesAsync(string path, IEnumerable<object> rows, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            text.Append(JsonSerializer.Serialize(row, Json)).Append('\n');
        }

        await File.WriteAllTextAsync(path, text.ToString(), cancellationToken).ConfigureAwait(false);
    }

    private static async Task<IReadOnlyList<Triplet>> ReadTripletsAsync(string path, CancellationToken cancellationToken)
    {
        var support = new Dictionary<Fact, SortedSet<string>>();
        await foreach (var record in JsonRecordReader.ReadAsync(path, cancellationToken).ConfigureAwait(false))
        {
            var id = record.RequiredId("id");
            foreach (var fact in NativeQuestion.Triplets(record, "triples"))
            {
                if (!support.TryGetValue(fact, out var documents))
                {
                    support.Add(fact, documents = new SortedSet<string>(StringComparer.Ordinal));
                }

                documents.Add(id);
            }
        }

        return [.. support.Select(pair => new Triplet(pair.Key.Head, pair.Key.Relation, pair.Key.Tail, [.. pair.Value]))];
    }
}
