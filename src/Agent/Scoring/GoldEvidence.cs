using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>What one unit of gold evidence is.</summary>
public enum GoldUnit
{
    /// <summary>Hops where the file has a decomposition with answers, else triplets, else documents.</summary>
    Auto,

    /// <summary>A hop: what it states in words, or its question with its answer; its facts as flat text are other wordings of the same.</summary>
    Hops,

    /// <summary>A fact as flat text.</summary>
    Triplets,

    /// <summary>A gold document; needs an index that holds it.</summary>
    Documents,
}

/// <summary>The gold evidence of a question.</summary>
/// <param name="Unit">What the units are, never <see cref="GoldUnit.Auto"/>; null when there is none.</param>
/// <param name="Wordings">For each unit the texts that say it; what matches one of them matches the unit.</param>
internal sealed record GoldEvidence(GoldUnit? Unit, IReadOnlyList<IReadOnlyList<string>> Wordings)
{
    public static GoldEvidence None { get; } = new(null, []);

    /// <summary>The units of a question; none when its file does not have what they are made of.</summary>
    /// <param name="question">The question.</param>
    /// <param name="unit">What is asked for.</param>
    /// <param name="documents">Text of a document, or null when it is not at hand.</param>
    public static GoldEvidence Of(Question question, GoldUnit unit, Func<string, string?> documents)
    {
        GoldUnit[] kinds = unit == GoldUnit.Auto ? [GoldUnit.Hops, GoldUnit.Triplets, GoldUnit.Documents] : [unit];
        foreach (var kind in kinds)
        {
            var units = Units(question, kind, documents).ToList();
            if (units.Count > 0)
            {
                return new GoldEvidence(kind, units);
            }
        }

        return None;
    }

    private static IEnumerable<IReadOnlyList<string>> Units(Question question, GoldUnit kind, Func<string, string?> documents) => kind switch
    {
        GoldUnit.Hops when question.Decomposition.All(hop => hop.Answer.Length > 0) => question.Decomposition.Select((_, at) => Wording(question.Decomposition, at)),
        GoldUnit.Triplets => question.EvidenceTriplets.Select(fact => (IReadOnlyList<string>)[Flat(fact)]),
        GoldUnit.Documents => question.Relevant.Keys.Order(StringComparer.Ordinal).Select(documents).OfType<string>().Select(text => (IReadOnlyList<string>)[text]),
        _ => [],
    };

    private static IReadOnlyList<string> Wording(IReadOnlyList<SubQuestion> hops, int at)
    {
        var hop = hops[at];
        var facts = string.Join("; ", hop.Triplets.Select(Flat));
        var statement = hop.Summary ?? $"{Resolved(hop.Text, hops, at)} {hop.Answer}";
        return facts.Length > 0 ? [statement, facts] : [statement];
    }

    // "#1" stands for the answer of the first hop.
    private static string Resolved(string text, IReadOnlyList<SubQuestion> hops, int at)
    {
        for (var earlier = at - 1; earlier >= 0; earlier--)
        {
            text = text.Replace(FormattableString.Invariant($"#{earlier + 1}"), hops[earlier].Answer, StringComparison.Ordinal);
        }

        return text;
    }

    private static string Flat(Fact fact) => $"{fact.Head} {fact.Relation} {fact.Tail}";
}
