using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Counts demonstrations as they are written.</summary>
public sealed class DemonstrationTally
{
    private readonly SortedDictionary<string, int> _byType = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, int> _byHops = [];
    private long _steps;
    private long _policyTokens;
    private long _toolTokens;

    /// <summary>Demonstrations counted.</summary>
    public int Rows { get; private set; }

    /// <summary>Of these, those with no more steps than their question has hops.</summary>
    public int Direct { get; private set; }

    /// <summary>Questions that gave none: their evidence misses a gold fact, or the teacher did not come to the answer.</summary>
    public int Dropped { get; private set; }

    /// <summary>Mean steps.</summary>
    public double Steps => Mean(_steps);

    /// <summary>Mean O200k tokens written by the policy: those that are trained.</summary>
    public double PolicyTokens => Mean(_policyTokens);

    /// <summary>Mean O200k tokens of evidence.</summary>
    public double EvidenceTokens => Mean(_toolTokens);

    /// <summary>Demonstrations of each type of question.</summary>
    public IReadOnlyDictionary<string, int> ByType => _byType;

    /// <summary>Demonstrations of each number of hops.</summary>
    public IReadOnlyDictionary<int, int> ByHops => _byHops;

    /// <summary>Counts one, or one that did not come about.</summary>
    public void Add(Demonstration? demonstration)
    {
        if (demonstration is null)
        {
            Dropped++;
            return;
        }

        var steps = demonstration.Segments.Where(segment => segment.Author == Author.Tool).Select(segment => segment.Step).Distinct().Count();
        Rows++;
        Direct += steps <= demonstration.Hops ? 1 : 0;
        _steps += steps;
        _policyTokens += Tokens(demonstration, Author.Policy);
        _toolTokens += Tokens(demonstration, Author.Tool);
        if (demonstration.Type is { } type)
        {
            _byType[type] = _byType.GetValueOrDefault(type) + 1;
        }

        if (demonstration.Hops is { } hops)
        {
            _byHops[hops] = _byHops.GetValueOrDefault(hops) + 1;
        }
    }

    private static int Tokens(Demonstration demonstration, Author author) =>
        demonstration.Segments.Where(segment => segment.Author == author).Sum(segment => TokenCounter.Count(segment.Text));

    private double Mean(long sum) => Rows == 0 ? 0 : (double)sum / Rows;
}
