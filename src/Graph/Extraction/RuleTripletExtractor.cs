using Agentic.Retrieval;

namespace Agentic.Graph;

/// <summary>Reads triplets by rules alone: the opening line of a text, the fact patterns of the language, and statements between two names.</summary>
/// <remarks>Deterministic, no model, one chunk at a time; pronouns and short names are taken for the title entity.</remarks>
public sealed class RuleTripletExtractor : ITripletExtractor
{
    private const double LeastScore = 0.4;
    private const int MostStatements = 6;

    /// <inheritdoc/>
    public string Id => "rules-1";

    /// <inheritdoc/>
    public IReadOnlyList<Fact> Extract(Chunk chunk)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        var facts = new List<Fact>();
        var seen = new HashSet<(string, string)>();
        var spans = TextSpans.Of(EnglishText.Analyze(chunk.Text));
        var subject = new Subject(chunk.Title, spans);
        foreach (var read in FactReader.Read(spans, subject).Where(read => read.Score >= LeastScore))
        {
            Add(facts, new Fact(read.Head, read.Relation, read.Tail), seen);
        }

        foreach (var statement in StatementReader.Read(spans, subject, MostStatements))
        {
            if (!seen.Contains(Pair(statement.Head, statement.Tail)) && !seen.Contains(Pair(statement.Tail, statement.Head)))
            {
                Add(facts, statement, seen);
            }
        }

        return facts;
    }

    private static void Add(List<Fact> facts, Fact fact, HashSet<(string, string)> seen)
    {
        facts.Add(fact);
        seen.Add(Pair(fact.Head, fact.Tail));
    }

    private static (string, string) Pair(string head, string tail) => (EntityName.Key(head), EntityName.Key(tail));
}
