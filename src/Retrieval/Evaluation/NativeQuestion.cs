using System.Text.Json;

namespace Agentic.Retrieval;

/// <summary>Questions as HotpotQA, 2WikiMultihopQA and MuSiQue publish them, with their paragraphs inside.</summary>
internal static class NativeQuestion
{
    /// <summary>Answer of a question that its documents do not answer.</summary>
    private const string NotStated = "not stated";

    public static Question Of(JsonRecord record, IReadOnlyList<Paragraph> paragraphs) =>
        new(record.RequiredId("_id", "id"), record.RequiredString("question"))
        {
            Answers = Answers(record),
            Relevant = Gold(record, paragraphs).Distinct(StringComparer.Ordinal).ToDictionary(id => id, _ => 1, StringComparer.Ordinal),
            Type = record.OptionalString("type"),
            Hops = record.Elements("question_decomposition").Count() is > 0 and var hops ? hops : null,
            Decomposition = [.. record.Elements("question_decomposition").Select(hop => Hop(record, hop, paragraphs))],
            EvidenceTriplets = Triplets(record, "evidences"),
        };

    /// <summary>Facts written as lists of three texts.</summary>
    public static IReadOnlyList<Fact> Triplets(JsonRecord record, string name) => Triplets(record, record.Elements(name), name);

    /// <summary>As above, for a list that is already at hand.</summary>
    public static IReadOnlyList<Fact> Triplets(JsonRecord record, IEnumerable<JsonElement> triplets, string name)
    {
        var facts = new List<Fact>();
        foreach (var triplet in triplets)
        {
            if (triplet.ValueKind != JsonValueKind.Array || triplet.GetArrayLength() != 3)
            {
                throw record.Broken($"every element of \"{name}\" must be [head, relation, tail]");
            }

            facts.Add(new Fact(record.Text(triplet[0], name), record.Text(triplet[1], name), record.Text(triplet[2], name)));
        }

        return facts;
    }

    private static IReadOnlyList<string> Answers(JsonRecord record)
    {
        if (record.Value.TryGetProperty("answerable", out var answerable) && answerable.ValueKind == JsonValueKind.False)
        {
            return [NotStated];
        }

        return record.OptionalString("answer") is { } answer ? [answer, .. record.Strings("answer_aliases").Where(alias => alias != answer)] : [];
    }

    private static IEnumerable<string> Gold(JsonRecord record, IReadOnlyList<Paragraph> paragraphs)
    {
        foreach (var paragraph in paragraphs.Where(paragraph => paragraph.Supporting))
        {
            yield return paragraph.DocumentId;
        }

        foreach (var support in record.Elements("supporting_facts"))
        {
            if (support.ValueKind != JsonValueKind.Array || support.GetArrayLength() == 0)
            {
                throw record.Broken("every element of \"supporting_facts\" must be [title, sentence number]");
            }

            var title = record.Text(support[0], "supporting_facts");
            if (paragraphs.FirstOrDefault(paragraph => paragraph.Title == title) is { } named)
            {
                yield return named.DocumentId;
            }
        }
    }

    private static SubQuestion Hop(JsonRecord record, JsonElement hop, IReadOnlyList<Paragraph> paragraphs)
    {
        var place = hop.ValueKind == JsonValueKind.Object && hop.TryGetProperty("paragraph_support_idx", out var index) && index.ValueKind == JsonValueKind.Number ? index.GetInt32() : -1;
        var gold = place >= 0 && place < paragraphs.Count ? paragraphs[place].DocumentId : null;
        return new SubQuestion(record.Member(hop, "question"), record.Member(hop, "answer"), gold);
    }
}
