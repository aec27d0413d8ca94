using System.Runtime.CompilerServices;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>A file of demonstrations: JSON Lines, plain or .gz, whose first line may say how they came about.</summary>
/// <remarks>
/// A row is <c>{id, question_id, question, type, hops, prompt: question|instructed, segments: [{step, author: prompt|policy|tool, text, token_ids?}], answer}</c>.
/// A policy segment is what the policy wrote in one go; the token that ends its turn has no text and is added by whoever encodes it.
/// </remarks>
public static class DemonstrationFile
{
    private const string Expected = "give a file that 'sft build' wrote";

    /// <summary>True when a file begins like one of demonstrations: with their header, or a row of segments.</summary>
    /// <exception cref="InputFormatException">The first line is broken; names file and line.</exception>
    public static async Task<bool> IsOneAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path) || !IsJson(path))
        {
            return false;
        }

        await foreach (var record in JsonRecordReader.ReadAsync(path, cancellationToken).ConfigureAwait(false))
        {
            return DemonstrationJson.IsHeader(record.Value) || record.Value.TryGetProperty("segments", out _);
        }

        return false;
    }

    /// <summary>The first line when it is a header, otherwise null.</summary>
    /// <exception cref="InputFormatException">The first line is broken; names file and line.</exception>
    public static async Task<DemonstrationHeader?> ReadHeaderAsync(string path, CancellationToken cancellationToken)
    {
        await foreach (var record in JsonRecordReader.ReadAsync(path, cancellationToken).ConfigureAwait(false))
        {
            return DemonstrationJson.IsHeader(record.Value) ? DemonstrationJson.HeaderOf(record) : null;
        }

        throw new InputFormatException(path, 0, $"is empty; {Expected}");
    }

    /// <summary>The rows in order, read as they are asked for; at least one.</summary>
    /// <exception cref="InputFormatException">A row is broken or its id repeated; names file and line.</exception>
    public static async IAsyncEnumerable<Demonstration> ReadAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var lines = new Dictionary<string, long>(StringComparer.Ordinal);
        var isFirst = true;
        await foreach (var record in JsonRecordReader.ReadAsync(path, cancellationToken).ConfigureAwait(false))
        {
            if (isFirst && DemonstrationJson.IsHeader(record.Value))
            {
                DemonstrationJson.HeaderOf(record);
                isFirst = false;
                continue;
            }

            isFirst = false;
            var row = DemonstrationJson.RowOf(record);
            if (!lines.TryAdd(row.Id, record.Line))
            {
                throw record.Broken($"the id \"{row.Id}\" is already on line {lines[row.Id]}; every row needs its own");
            }

            yield return row;
        }

        if (lines.Count == 0)
        {
            throw new InputFormatException(path, 0, $"holds no demonstrations; {Expected}");
        }
    }

    private static bool IsJson(string path)
    {
        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return name.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
    }
}
