using System.Globalization;

namespace Agentic.Graph;

/// <summary>A checked restart vector in inner numbers: rising nodes with weights of sum 1.</summary>
internal sealed record RestartVector(int[] Nodes, double[] Weights)
{
    public static RestartVector Of(IReadOnlyList<NodeWeight> restart, TransitionMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(restart);
        var entries = new List<(int Node, double Weight)>(restart.Count);
        var sum = 0.0;
        foreach (var (node, weight) in restart)
        {
            if ((uint)node >= (uint)matrix.NodeCount || !(weight >= 0 && double.IsFinite(weight)))
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"restart node {node} with weight {weight}: nodes are 0 to {matrix.NodeCount - 1}, weights finite and not negative"), nameof(restart));
            }

            if (weight > 0)
            {
                entries.Add((matrix.Inner[node], weight));
                sum += weight;
            }
        }

        if (!(sum > 0 && double.IsFinite(sum)))
        {
            throw new ArgumentException("a restart vector needs at least one node with a positive weight and a finite sum", nameof(restart));
        }

        entries.Sort();
        var nodes = new List<int>(entries.Count);
        var weights = new List<double>(entries.Count);
        foreach (var (node, weight) in entries)
        {
            if (nodes.Count > 0 && nodes[^1] == node)
            {
                weights[^1] += weight / sum;
            }
            else
            {
                nodes.Add(node);
                weights.Add(weight / sum);
            }
        }

        return new RestartVector([.. nodes], [.. weights]);
    }
}
