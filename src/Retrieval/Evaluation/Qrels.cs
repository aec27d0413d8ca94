using System.Globalization;

namespace Agentic.Retrieval;

/// <summary>Relevance judgements: BEIR's tab-separated files with a heading, and TREC's four columns.</summary>
public static class Qrels
{
    private static readonly string[] Splits = ["test", "dev", "train"];

    /// <summary>Documents judged relevant (grade at least 1) for each query.</summary>
    /// <exception cref="InputFormatException">A line has neither three nor four columns, or its grade is no whole number.</exception>
    public static async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var judgements = new Dictionary<string, IReadOnlyDictionary<string, int>>(StringComparer.Ordinal);
        await foreach (var (number, line) in TextSource.LinesAsync(path, cancellationToken).ConfigureAwait(false))
        {
            var columns = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length is not (3 or 4))
            {
                throw new InputFormatException(path, number, "must be 'query document grade' (BEIR) or 'query 0 document grade' (TREC)");
            }

            if (!int.TryParse(columns[^1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var grade))
            {
                if (number == 1)
                {
                    continue;
                }

                throw new InputFormatException(path, number, $"the grade '{columns[^1]}' must be a whole number");
            }

            var relevant = judgements.TryGetValue(columns[0], out var known) ? (Dictionary<string, int>)known : [];
            judgements[columns[0]] = relevant;
            if (grade > 0)
            {
                relevant[columns[^2]] = grade;
            }
        }

        return judgements;
    }

    /// <summary>Writes the judgements of questions in TREC's form.</summary>
    public static async Task WriteAsync(string path, IEnumerable<Question> questions, CancellationToken cancellationToken)
    {
        var lines = questions.SelectMany(question => question.Relevant.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => string.Create(CultureInfo.InvariantCulture, $"{TrecRun.Id(question.Id)} 0 {TrecRun.Id(pair.Key)} {pair.Value}")));
        await File.WriteAllLinesAsync(path, lines, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The queries file of a BEIR folder.</summary>
    internal static string QueriesOf(string folder) =>
        new[] { "queries.jsonl", "queries.jsonl.gz" }.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
        ?? throw new AgenticException($"{folder} holds no queries.jsonl; name a file of questions or a BEIR folder");

    /// <summary>The judgements of the qrels folder beside a queries file: test, else dev, else train.</summary>
    internal static Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>>> BesideAsync(string queries, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(queries))!, "qrels");
        var file = Splits.Select(split => Path.Combine(folder, split + ".tsv")).FirstOrDefault(File.Exists)
            ?? throw new InputFormatException(queries, 1, $"rows with text are BEIR queries, but there is no {folder} with test.tsv, dev.tsv or train.tsv; a question row needs a field \"question\" or \"query\"");
        return ReadAsync(file, cancellationToken);
    }
}
