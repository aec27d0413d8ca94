using System.Globalization;
using System.Runtime.InteropServices;
using Agentic.Graph;
using Agentic.Retrieval;

namespace Agentic.Cli;

/// <summary>A graph whose nodes have names.</summary>
/// <param name="Names">By node number.</param>
/// <param name="Numbers">The reverse.</param>
internal sealed record NamedGraph(TransitionMatrix Matrix, IReadOnlyList<string> Names, IReadOnlyDictionary<string, int> Numbers);

/// <summary>Reads edges: one a line, from, to and optionally a weight (default 1), separated by tabs. Nodes are numbered as they appear.</summary>
internal sealed class EdgeFile
{
    private const string Form = "a row is from, to and optionally a weight of at least 0, separated by tabs";

    private readonly List<string> _names = [];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<WeightedEdge> _edges = [];

    private EdgeFile()
    {
    }

    /// <exception cref="InputFormatException">A row has another form, or there is none.</exception>
    public static async Task<NamedGraph> ReadAsync(string path, bool directed, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            throw new UsageException($"--edges {path}: there is no such file");
        }

        var file = new EdgeFile();
        var line = 0;
        await foreach (var row in File.ReadLinesAsync(path, cancellationToken).ConfigureAwait(false))
        {
            line++;
            if (row.Length > 0)
            {
                file.Add(row, path, line);
            }
        }

        return file._edges.Count == 0
            ? throw new InputFormatException(path, 0, $"holds no edges; {Form}")
            : new NamedGraph(TransitionMatrix.Build(file._names.Count, CollectionsMarshal.AsSpan(file._edges), directed), file._names, file._numbers);
    }

    private void Add(string row, string path, int line)
    {
        var cells = row.Split('\t');
        if (cells.Length is < 2 or > 3 || cells[0].Length == 0 || cells[1].Length == 0)
        {
            throw new InputFormatException(path, line, $"has {cells.Length} columns or an empty name; {Form}");
        }

        var weight = 1.0;
        if (cells.Length == 3 && !(double.TryParse(cells[2], NumberStyles.Float, CultureInfo.InvariantCulture, out weight) && weight >= 0 && double.IsFinite(weight)))
        {
            throw new InputFormatException(path, line, $"'{cells[2]}' is not a weight; {Form}");
        }

        _edges.Add(new WeightedEdge(Node(cells[0]), Node(cells[1]), weight));
    }

    private int Node(string name)
    {
        if (!_numbers.TryGetValue(name, out var number))
        {
            number = _names.Count;
            _names.Add(name);
            _numbers.Add(name, number);
        }

        return number;
    }
}
