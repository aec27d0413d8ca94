using System.Globalization;
using System.Text;
using Agentic.Retrieval;

namespace Agentic.Graph;

/// <summary>A weighted graph whose nodes have names.</summary>
/// <param name="Nodes">Names by node number, in the order in which the file first mentions them.</param>
/// <param name="Edges">In the order of the file.</param>
public sealed record EdgeList(IReadOnlyList<string> Nodes, IReadOnlyList<WeightedEdge> Edges)
{
    private readonly Dictionary<string, int> _numbers = Nodes.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);

    /// <summary>The random walk of the graph.</summary>
    public TransitionMatrix ToMatrix(bool directed) => TransitionMatrix.Build(Nodes.Count, [.. Edges], directed);

    /// <summary>Reads a restart vector written <c>node=weight,node=weight,...</c>; a node without a weight has 1.</summary>
    /// <exception cref="AgenticException">A node is not in the graph, or a weight is no positive number.</exception>
    public IReadOnlyList<NodeWeight> ParseRestart(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var restart = new List<NodeWeight>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var weight = 1.0;
            if (!_numbers.TryGetValue(part, out var node))
            {
                var equals = part.LastIndexOf('=');
                var name = equals < 0 ? part : part[..equals].TrimEnd();
                if (!_numbers.TryGetValue(name, out node))
                {
                    throw new AgenticException($"the graph has no node \"{name}\"; restart nodes are written node=weight,... with the names of the edge list");
                }

                if (!double.TryParse(part[(equals + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out weight) || !double.IsFinite(weight) || weight <= 0)
                {
                    throw new AgenticException($"the restart weight of \"{name}\" is \"{part[(equals + 1)..]}\"; give a positive number");
                }
            }

            restart.Add(new NodeWeight(node, weight));
        }

        return restart.Count > 0 ? restart : throw new AgenticException("the restart vector is empty; name at least one node as node=weight");
    }
}

/// <summary>Reads an edge list: rows of from, to and weight between tabs, the weight 1 where it is missing; also .gz.</summary>
/// <remarks>Blank rows and rows that begin with # are passed over. An edge given twice adds up.</remarks>
public static class EdgeListFile
{
    /// <summary>Reads a whole file.</summary>
    /// <exception cref="AgenticException">The file is missing or broken, or a row is not an edge; names file and line.</exception>
    public static async Task<EdgeList> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var edges = new List<WeightedEdge>();
        var line = 0L;
        try
        {
            using var reader = new StreamReader(TextSource.Open(path), new UTF8Encoding(false, throwOnInvalidBytes: true));
            while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } row)
            {
                line++;
                if (!string.IsNullOrWhiteSpace(row) && row[0] != '#')
                {
                    edges.Add(Edge(path, line, row, numbers));
                }
            }
        }
        catch (DecoderFallbackException exception)
        {
            throw new InputFormatException(path, line + 1, "is not valid UTF-8; save the file in that encoding", exception);
        }
        catch (InvalidDataException exception)
        {
            throw TextSource.Damaged(path, line + 1, exception);
        }

        return edges.Count > 0
            ? new EdgeList([.. numbers.OrderBy(pair => pair.Value).Select(pair => pair.Key)], edges)
            : throw new InputFormatException(path, 0, "holds no edges; give rows of from, to and weight between tabs");
    }

    private static WeightedEdge Edge(string path, long line, string row, Dictionary<string, int> numbers)
    {
        var fields = row.Split('\t', 4, StringSplitOptions.TrimEntries);
        if (fields.Length is not (2 or 3) || fields[0].Length == 0 || fields[1].Length == 0)
        {
            throw new InputFormatException(path, line, "is no edge; write from, to and, if you like, a weight between tabs");
        }

        var weight = 1.0;
        if (fields.Length == 3 && !(double.TryParse(fields[2], NumberStyles.Float, CultureInfo.InvariantCulture, out weight) && TransitionMatrix.IsWeight(weight)))
        {
            throw new InputFormatException(path, line, "the weight must be a number that is 0 or between 1e-150 and 1e150 (and there is no heading row)");
        }

        return new WeightedEdge(Number(fields[0]), Number(fields[1]), weight);

        int Number(string name)
        {
            numbers.TryAdd(name, numbers.Count);
            return numbers[name];
        }
    }
}
