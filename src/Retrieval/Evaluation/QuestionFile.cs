using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Agentic.Retrieval;

/// <summary>Reads questions, whatever their format.</summary>
/// <remarks>
/// JSON Lines of <c>{id, question, answers, gold, ...}</c> or <c>{id, query, relevant {document: grade}}</c>; BEIR (a folder with queries.jsonl and qrels/,
/// or that queries file); the native files of HotpotQA, 2WikiMultihopQA and MuSiQue, whose gold ids are those that <see cref="CorpusReader"/> gives
/// to the same file's paragraphs. Each also as .gz.
/// </remarks>
public static class QuestionFile
{
    private const string Expected =
        "a question row needs id and question (with answers, gold), or id and query (with relevant {document: grade}), or _id and text beside a qrels folder";

    /// <summary>The questions of <paramref name="path"/>, in order; at least one.</summary>
    /// <exception cref="InputFormatException">A row is broken or of an unknown kind, or an id is repeated; names file and line.</exception>
    public static async Task<IReadOnlyList<Question>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var file = Directory.Exists(path) ? Qrels.QueriesOf(path) : path;
        var judgements = default(IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>>);
        var (questions, lines) = (new List<Question>(), new Dictionary<string, long>(StringComparer.Ordinal));
        await foreach (var record in JsonRecordReader.ReadAsync(file, cancellationToken).ConfigureAwait(false))
        {
            Question question;
            if (record.Value.TryGetProperty("question", out _))
            {
                question = Paragraphs.In(record) is { } paragraphs ? NativeQuestion.Of(record, paragraphs) : OfRow(record);
            }
            else if (record.Value.TryGetProperty("query", out _))
            {
                question = new Question(record.RequiredId("id", "_id"), record.RequiredString("query")) { Relevant = Grades(record) };
            }
            else if (record.Value.TryGetProperty("text", out _))
            {
                judgements ??= await Qrels.BesideAsync(file, cancellationToken).ConfigureAwait(false);
                var id = record.RequiredId("_id", "id");
                if (!judgements.TryGetValue(id, out var relevant))
                {
                    continue;
                }

                question = new Question(id, record.RequiredString("text")) { Relevant = relevant };
            }
            else
            {
                throw record.Broken(Expected);
            }

            if (!lines.TryAdd(question.Id, record.Line))
            {
                throw record.Broken($"the id \"{question.Id}\" is already on line {lines[question.Id]}; every question needs its own");
            }

            questions.Add(question);
        }

        return questions.Count > 0 ? questions : throw new InputFormatException(file, 0, $"holds no questions; {Expected}");
    }

    private static Question OfRow(JsonRecord record) => new(record.RequiredId("id", "_id"), record.RequiredString("question"))
    {
        Answers = record.Strings("answers"),
        Relevant = record.Value.TryGetProperty("relevant", out _) ? Grades(record) : record.Strings("gold").Distinct(StringComparer.Ordinal).ToDictionary(id => id, _ => 1, StringComparer.Ordinal),
        GoldComplete = Flag(record, "gold_complete") ?? true,
        Type = record.OptionalString("type"),
        Hops = Count(record, "hops"),
        Decomposition = Hops(record),
        HeldOut = record.OptionalString("held_out"),
        EvidenceTriplets = NativeQuestion.Triplets(record, "evidence_triples"),
    };

    private static Dictionary<string, int> Grades(JsonRecord record)
    {
        var grades = new Dictionary<string, int>(StringComparer.Ordinal);
        if (!record.Value.TryGetProperty("relevant", out var relevant))
        {
            return grades;
        }

        if (relevant.ValueKind != JsonValueKind.Object)
        {
            throw record.Broken("\"relevant\" must be an object {document: grade}");
        }

        foreach (var judgement in relevant.EnumerateObject())
        {
            if (judgement.Value.ValueKind != JsonValueKind.Number || !judgement.Value.TryGetInt32(out var grade))
            {
                throw record.Broken($"the grade of \"{judgement.Name}\" must be a whole number, not {JsonRecord.Describe(judgement.Value)}");
            }

            if (grade > 0)
            {
                grades[judgement.Name] = grade;
            }
        }

        return grades;
    }

    private static List<SubQuestion> Hops(JsonRecord record)
    {
        var hops = new List<SubQuestion>();
        foreach (var hop in record.Elements("decomposition"))
        {
            // Some files decompose into bare texts.
            hops.Add(hop.ValueKind == JsonValueKind.String
                ? new SubQuestion(record.Text(hop, "decomposition"), "", null)
                : new SubQuestion(record.Member(hop, "question"), record.Member(hop, "answer"), OptionalMember(record, hop, "gold"))
                {
                    Entities = [.. record.Elements(hop, "entities").Select(name => record.Text(name, "entities"))],
                    Summary = OptionalMember(record, hop, "summary"),
                    Triplets = NativeQuestion.Triplets(record, record.Elements(hop, "triples"), "triples"),
                });
        }

        return hops;
    }

    private static string? OptionalMember(JsonRecord record, JsonElement hop, string name) =>
        hop.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? record.Text(value, name) : null;

    private static bool? Flag(JsonRecord record, string name) => !record.Value.TryGetProperty(name, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Null => null,
        _ => throw record.Broken($"\"{name}\" must be true or false, not {JsonRecord.Describe(value)}"),
    };

    private static int? Count(JsonRecord record, string name) => !record.Value.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null
        ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) ? count : throw record.Broken($"\"{name}\" must be a whole number, not {JsonRecord.Describe(value)}");
}
