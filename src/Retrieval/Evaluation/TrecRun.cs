using System.Globalization;
using System.Text;

namespace Agentic.Retrieval;

/// <summary>A document in a ranking.</summary>
public readonly record struct RankedDocument(string DocumentId, double Score);

/// <summary>Rankings in the form of trec_eval: <c>question Q0 document rank score tag</c>.</summary>
public static class TrecRun
{
    /// <summary>Writes rankings; scores have 6 decimals and fall strictly, because trec_eval ignores ranks and breaks ties its own way.</summary>
    /// <remarks>White space in an id is written as %XX: it would end the column.</remarks>
    public static async Task WriteAsync(
        string path, IEnumerable<KeyValuePair<string, IReadOnlyList<RankedDocument>>> rankings, string tag, CancellationToken cancellationToken)
    {
        var file = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
        await using (file.ConfigureAwait(false))
        {
            foreach (var (question, ranking) in rankings)
            {
                var previous = decimal.MaxValue;
                for (var i = 0; i < ranking.Count; i++)
                {
                    previous = Math.Min(Math.Round((decimal)ranking[i].Score, 6), previous - 0.000001m);
                    var line = string.Create(CultureInfo.InvariantCulture, $"{Id(question)} Q0 {Id(ranking[i].DocumentId)} {i + 1} {previous:F6} {tag}");
                    await file.WriteLineAsync(line.AsMemory(), cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    /// <summary>The rankings of a run file, by falling score, ties by ordinal document id.</summary>
    /// <exception cref="InputFormatException">A line does not have six columns, or its score is no number.</exception>
    public static async Task<IReadOnlyDictionary<string, IReadOnlyList<RankedDocument>>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var rankings = new Dictionary<string, List<RankedDocument>>(StringComparer.Ordinal);
        await foreach (var (number, line) in TextSource.LinesAsync(path, cancellationToken).ConfigureAwait(false))
        {
            var columns = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length != 6 || !double.TryParse(columns[4], NumberStyles.Float, CultureInfo.InvariantCulture, out var score))
            {
                throw new InputFormatException(path, number, "must be 'question Q0 document rank score tag'");
            }

            if (!rankings.TryGetValue(columns[0], out var ranking))
            {
                rankings.Add(columns[0], ranking = []);
            }

            ranking.Add(new RankedDocument(columns[2], score));
        }

        return rankings.ToDictionary(
            pair => pair.Key,
            IReadOnlyList<RankedDocument> (pair) => [.. pair.Value.OrderByDescending(document => document.Score).ThenBy(document => document.DocumentId, StringComparer.Ordinal)],
            StringComparer.Ordinal);
    }

    internal static string Id(string id) => id.Any(char.IsWhiteSpace)
        ? string.Concat(id.Select(c => char.IsWhiteSpace(c) ? Uri.EscapeDataString(c.ToString()) : c.ToString()))
        : id;
}
