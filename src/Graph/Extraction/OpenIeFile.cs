using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Agentic.Retrieval;

namespace Agentic.Graph;

/// <summary>Triplets that another system read out of a corpus, taken over instead of extracting them: JSON Lines of <c>{id, triples: [[head, relation, tail], ...]}</c>, also .gz.</summary>
/// <remarks>
/// The id is that of a chunk or of a document. Of a document cut into several chunks, each chunk gets the triplets whose head and tail it names.
/// What a language model wrote wrongly (other than three texts, or blank ones) is left out and counted; a broken file is refused.
/// </remarks>
public sealed class OpenIeFile : ITripletExtractor
{
    private readonly Dictionary<string, IReadOnlyList<Fact>> _facts;

    private OpenIeFile(string id, Dictionary<string, IReadOnlyList<Fact>> facts, int malformed)
    {
        Id = id;
        _facts = facts;
        Malformed = malformed;
    }

    /// <summary>Names the content, not the path: <c>openie-</c> and a hash of every triplet.</summary>
    public string Id { get; }

    /// <summary>Rows of the file: the chunks or documents it speaks of.</summary>
    public int Records => _facts.Count;

    /// <summary>Triplets taken over.</summary>
    public int Triplets => _facts.Values.Sum(facts => facts.Count);

    /// <summary>Triplets left out because they are not three texts.</summary>
    public int Malformed { get; }

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="AgenticException">The file is missing or broken, an id is missing or repeated, or <c>triples</c> is no list; names file and line.</exception>
    public static async Task<OpenIeFile> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var facts = new Dictionary<string, IReadOnlyList<Fact>>(StringComparer.Ordinal);
        var malformed = 0;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await foreach (var record in JsonRecordReader.ReadAsync(path, cancellationToken).ConfigureAwait(false))
        {
            var id = record.RequiredId("id");
            var own = FactsOf(record, ref malformed);
            if (!facts.TryAdd(id, own))
            {
                throw record.Broken($"the id \"{id}\" was already there on an earlier line; give all its triples in one row");
            }

            hash.AppendData(Encoding.UTF8.GetBytes($"{id}\n{string.Concat(own.Select(fact => $"{fact.Head}\t{fact.Relation}\t{fact.Tail}\n"))}"));
        }

        return facts.Count > 0
            ? new OpenIeFile($"openie-{Convert.ToHexStringLower(hash.GetHashAndReset())[..16]}", facts, malformed)
            : throw new InputFormatException(path, 0, "holds no triples; give JSON Lines of {id, triples}");
    }

    /// <inheritdoc/>
    public IReadOnlyList<Fact> Extract(Chunk chunk)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        if (_facts.TryGetValue(chunk.Id, out var own))
        {
            return own;
        }

        if (!_facts.TryGetValue(chunk.DocumentId, out var document))
        {
            return [];
        }

        var text = $" {EntityName.Key($"{chunk.Title} {chunk.Text}")} ";
        return [.. document.Where(fact => Names(text, fact.Head) && Names(text, fact.Tail))];
    }

    private static bool Names(string text, string entity) => text.Contains($" {EntityName.Key(entity)} ", StringComparison.Ordinal);

    private static List<Fact> FactsOf(JsonRecord record, ref int malformed)
    {
        if (!record.Value.TryGetProperty("triples", out var triples) || triples.ValueKind != JsonValueKind.Array)
        {
            throw record.Broken("has no list \"triples\"; give [[head, relation, tail], ...] there, or []");
        }

        var facts = new List<Fact>(triples.GetArrayLength());
        var seen = new HashSet<Fact>();
        foreach (var triple in triples.EnumerateArray())
        {
            if (triple.ValueKind != JsonValueKind.Array || triple.GetArrayLength() != 3 || triple.EnumerateArray().Any(part => !IsText(part)))
            {
                malformed++;
                continue;
            }

            var fact = new Fact(record.Text(triple[0], "triples"), record.Text(triple[1], "triples"), record.Text(triple[2], "triples"));
            if (seen.Add(fact))
            {
                facts.Add(fact);
            }
        }

        return facts;
    }

    // Half of a surrogate pair can be written in JSON but is no text.
    private static bool IsText(JsonElement part)
    {
        try
        {
            return part.ValueKind == JsonValueKind.String && !string.IsNullOrWhiteSpace(part.GetString());
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
