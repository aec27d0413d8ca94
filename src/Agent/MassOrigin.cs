using System.Globalization;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Explains a node's Personalized PageRank mass: at the fixed point it arrives over the node's edges in proportion to pi(u) w(u,v) / w(u).</summary>
internal static class MassOrigin
{
    private const int Shown = 3;

    /// <summary>The neighbours that carry most of a node's mass, as text; empty when the trace does not hold the node or it is not linked.</summary>
    public static string Of(EvidenceTrace trace, string kind, string label)
    {
        var node = trace.Nodes.ToList().FindIndex(node => node.Kind == kind && node.Label == label);
        if (node < 0)
        {
            return "";
        }

        var strength = new double[trace.Nodes.Count];
        foreach (var edge in trace.Edges)
        {
            strength[edge.From] += edge.Weight;
            strength[edge.To] += edge.Weight;
        }

        var inflow = trace.Edges
            .Where(edge => edge.From == node || edge.To == node)
            .Select(edge => (Node: edge.From == node ? edge.To : edge.From, edge.Weight))
            .GroupBy(edge => edge.Node, edge => edge.Weight)
            .Select(group => (group.Key, Flow: trace.Nodes[group.Key].Mass * group.Sum() / strength[group.Key]))
            .Where(flow => flow.Flow > 0)
            .OrderByDescending(flow => flow.Flow).ThenBy(flow => flow.Key)
            .ToList();
        var whole = inflow.Sum(flow => flow.Flow);
        var parts = inflow.Take(Shown).Select(flow => string.Create(CultureInfo.InvariantCulture, $"{Name(trace.Nodes[flow.Key])} {100 * flow.Flow / whole:F0}%"));
        return inflow.Count == 0 ? "" : $"  <- {string.Join(", ", parts)}";
    }

    private static string Name(TraceNode node) => node.Kind == "subquery" ? "subquery" : ProtocolText.OneLine(node.Label);
}
