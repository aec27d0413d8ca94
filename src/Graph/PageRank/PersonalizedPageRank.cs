using System.Numerics;
using Agentic.Retrieval;

namespace Agentic.Graph;

/// <summary>Personalized PageRank: where a random walk is found that restarts at given nodes.</summary>
/// <remarks>
/// Solves pi = d P pi + (1 - d) p, with P the column-stochastic matrix of the weights and p the restart vector; a dangling node sends its mass to p.
/// The sweeps are Gauss-Seidel (each node is updated from the newest scores of its neighbours), after each of which every component
/// is rescaled to the mass its restart nodes bring in: the one part of the error that decays slowly is known, and so removed.
/// Safe for concurrent use.
/// </remarks>
public sealed class PersonalizedPageRank
{
    private readonly TransitionMatrix _matrix;
    private readonly PageRankOptions _options;

    /// <summary>Prepares queries to one graph.</summary>
    /// <exception cref="OptionsException">An option is out of its range.</exception>
    public PersonalizedPageRank(TransitionMatrix matrix, PageRankOptions options)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        _matrix = matrix;
        _options = OptionsGuard.Checked(options);
    }

    /// <summary>The restart vector of plain PageRank: every node alike.</summary>
    public static IReadOnlyList<NodeWeight> Uniform(int nodeCount) =>
        [.. Enumerable.Range(0, nodeCount).Select(node => new NodeWeight(node, 1))];

    /// <summary>The distribution of one restart vector, in float64.</summary>
    /// <param name="restart">Nodes with weights in any scale; a repeated node adds up. Not empty and not all zero.</param>
    /// <exception cref="ArgumentException">The restart vector is empty, names a node the graph lacks, or has a weight that is negative, infinite or NaN.</exception>
    public PageRankResult Solve(IReadOnlyList<NodeWeight> restart) =>
        new GaussSeidelSolver(_matrix, _options).Solve(RestartVector.Of(restart, _matrix));

    /// <summary>The distributions of many restart vectors, in their order; faster than one by one, because they share the reading of the graph, and batches are solved side by side on the processors.</summary>
    /// <remarks>
    /// Computed in float32 where that keeps every distribution within 1e-5 (L1) of <see cref="Solve"/>: weights that float32 holds exactly,
    /// a tolerance of at least 1e-6 and a damping of at most 0.9. Otherwise in float64.
    /// </remarks>
    /// <exception cref="ArgumentException">As for <see cref="Solve"/>.</exception>
    public IReadOnlyList<PageRankResult> SolveBatch(IReadOnlyList<IReadOnlyList<NodeWeight>> restarts)
    {
        ArgumentNullException.ThrowIfNull(restarts);
        var checkedRestarts = restarts.Select(restart => RestartVector.Of(restart, _matrix)).ToArray();

        // A stop at less than half the tolerance leaves the rest to what rescaling and float32 add.
        var options = _options with { Tolerance = 0.4 * _options.Tolerance };
        return _matrix.Weights32 is not { } weights32
            ? InBatches<double, double>(checkedRestarts, _matrix.Weights64!, options)
            : _options is { Tolerance: >= 1e-6, Damping: <= 0.9 } ? InBatches<float, float>(checkedRestarts, weights32, options) : InBatches<double, float>(checkedRestarts, weights32, options);
    }

    private PageRankResult[] InBatches<TValue, TWeight>(RestartVector[] restarts, TWeight[] weights, PageRankOptions options)
        where TValue : unmanaged, INumberBase<TValue>
        where TWeight : unmanaged, INumberBase<TWeight>
    {
        var batches = restarts.Chunk(BatchSolver<TValue, TWeight>.Width).ToArray();
        var results = new IReadOnlyList<PageRankResult>[batches.Length];
        Parallel.For(0, batches.Length, number => results[number] = new BatchSolver<TValue, TWeight>(_matrix, weights, options).Solve(batches[number]));
        return [.. results.SelectMany(of => of)];
    }
}
