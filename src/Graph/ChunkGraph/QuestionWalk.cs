using Agentic.Retrieval;

namespace Agentic.Graph;

/// <summary>
/// Personalized PageRank from the seeds of a question over the links as the question weighs them. Only the links of seeds are followed; what reaches
/// another chunk goes back to the restart vector, as dangling mass does.
/// </summary>
/// <remarks>
/// Seeds and links enter by a power. Plain weights divide a chunk's mass among all its links, and the one link that fits the question gets little of it;
/// sharpened, the walk keeps to the fitting link and still weighs rivals of equal strength alike.
/// </remarks>
internal sealed class QuestionWalk
{
    private const double Tolerance = 1e-6;
    private readonly Dictionary<int, Row> _rows = [];
    private readonly Dictionary<int, double> _mass = [];
    private readonly GraphRetrieverOptions _options;

    public QuestionWalk(ChunkLinks links, IReadOnlyList<(int Chunk, double Value)> seeds, GraphRetrieverOptions options)
    {
        _options = options;
        if (seeds.Count > 0)
        {
            Solve(links, [.. seeds.Select(seed => (seed.Chunk, Math.Pow(seed.Value, options.SeedPower)))]);
        }
    }

    /// <summary>Mass by chunk, divided by the largest.</summary>
    public IReadOnlyDictionary<int, double> Mass => _mass;

    /// <summary>The link that brings a chunk the most mass, and the chunk it leaves; null when the chunk has more mass as a seed, or none.</summary>
    public (int From, ChunkLink Link)? BestInto(int chunk)
    {
        (int From, ChunkLink Link)? best = null;
        var (most, all) = (0.0, 0.0);
        foreach (var (from, row) in _rows.OrderBy(entry => entry.Key))
        {
            var at = Array.FindIndex(row.Links, link => link.Target == chunk);
            if (at < 0)
            {
                continue;
            }

            var inflow = _options.Damping * _mass[from] * row.Shares[at];
            all += inflow;
            if (inflow > most)
            {
                (best, most) = ((from, row.Links[at]), inflow);
            }
        }

        return best is not null && most >= _mass[chunk] - all ? best : null;
    }

    private void Solve(ChunkLinks links, IReadOnlyList<(int Chunk, double Weight)> seeds)
    {
        foreach (var (chunk, _) in seeds)
        {
            _rows[chunk] = RowOf(links.Of(chunk));
        }

        var numbers = new Dictionary<int, int>();
        int NumberOf(int chunk) => numbers.TryGetValue(chunk, out var number) ? number : numbers[chunk] = numbers.Count;
        var restart = seeds.Select(seed => new NodeWeight(NumberOf(seed.Chunk), seed.Weight)).ToArray();
        var edges = _rows
            .SelectMany(entry => entry.Value.Links.Zip(entry.Value.Shares, (link, share) => new WeightedEdge(NumberOf(entry.Key), NumberOf(link.Target), share)))
            .ToArray();
        var matrix = TransitionMatrix.Build(numbers.Count, edges, directed: true);
        var scores = new PersonalizedPageRank(matrix, new PageRankOptions { Damping = _options.Damping, Tolerance = Tolerance }).Solve(restart).Scores;
        var largest = scores.Max();
        foreach (var (chunk, number) in numbers)
        {
            _mass[chunk] = scores[number] / largest;
        }
    }

    private Row RowOf(ChunkLink[] links)
    {
        var shares = Array.ConvertAll(links, link => Math.Pow(link.Weight, _options.LinkPower));
        var sum = shares.Sum();
        return new Row(links, Array.ConvertAll(shares, share => share / sum));
    }

    private sealed record Row(ChunkLink[] Links, double[] Shares);
}
