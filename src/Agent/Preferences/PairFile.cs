using System.Runtime.CompilerServices;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>A file of preference pairs: JSON Lines, plain or .gz, whose first line may say how they came about.</summary>
/// <remarks>
/// A row is <c>{id, question_id, question, type?, hops?, reason?, prompt, chosen, rejected}</c>, the last three lists of segments
/// <c>{step, author: prompt|policy|tool, text, token_ids?}</c>; unknown fields are passed over. Without <c>prompt</c>, the segments of the author prompt with which both
/// sides begin are it. The header is a <see cref="DemonstrationHeader"/> of the kind <c>pairs</c>.
/// </remarks>
public static class PairFile
{
    private const string Expected = "give a file of preference pairs";

    /// <summary>The first line when it is a header, otherwise null.</summary>
    /// <exception cref="InputFormatException">The first line is broken; names file and line.</exception>
    public static async Task<DemonstrationHeader?> ReadHeaderAsync(string path, CancellationToken cancellationToken)
    {
        await foreach (var record in JsonRecordReader.ReadAsync(path, cancellationToken).ConfigureAwait(false))
        {
            return PairJson.IsHeader(record.Value) ? PairJson.HeaderOf(record) : null;
        }

        throw Empty(path);
    }

    /// <summary>The pairs in order, read as they are asked for; at least one.</summary>
    /// <exception cref="InputFormatException">A row is broken or its id repeated; names file, line, row, field and the fix.</exception>
    public static async IAsyncEnumerable<PreferencePair> ReadAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var records = JsonRecordReader.ReadAsync(path, cancellationToken).Select(record => (record, (InputFormatException?)null));
        await foreach (var row in RowsAsync(path, records, Own, cancellationToken).ConfigureAwait(false))
        {
            yield return row.Pair ?? throw row.Problem!.In(path);
        }
    }

    /// <summary>Every row in order, the broken ones with what is wrong with them; at least one.</summary>
    /// <exception cref="InputFormatException">The file cannot be read on: it is empty, its compression is damaged, or its header is of another kind.</exception>
    public static IAsyncEnumerable<PairRow> ReadRowsAsync(string path, CancellationToken cancellationToken) => ReadRowsAsync(path, Own, cancellationToken);

    /// <summary>The same of a file in another form.</summary>
    /// <param name="rowOf">The pair of a record and its number; throws <see cref="PairFieldException"/> for one that holds none.</param>
    internal static IAsyncEnumerable<PairRow> ReadRowsAsync(string path, Func<JsonRecord, int, PreferencePair> rowOf, CancellationToken cancellationToken) =>
        RowsAsync(path, JsonRecordReader.ReadAllAsync(path, cancellationToken), rowOf, cancellationToken);

    private static PreferencePair Own(JsonRecord record, int number) => PairJson.RowOf(record);

    private static async IAsyncEnumerable<PairRow> RowsAsync(
        string path,
        IAsyncEnumerable<(JsonRecord Record, InputFormatException? Problem)> records,
        Func<JsonRecord, int, PreferencePair> rowOf,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rows = new Dictionary<string, int>(StringComparer.Ordinal);
        var (number, isFirst) = (0, true);
        await foreach (var (record, broken) in records.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            var mayBeHeader = isFirst && broken is null;
            isFirst = false;
            if (mayBeHeader && PairJson.IsHeader(record.Value))
            {
                PairJson.HeaderOf(record);
                continue;
            }

            number++;
            yield return broken is null ? Row(record, number, rowOf, rows) : new PairRow(number, broken.Line, null, new PairProblem(number, broken.Line, "", broken.Reason));
        }

        if (number == 0)
        {
            throw Empty(path);
        }
    }

    private static PairRow Row(JsonRecord record, int number, Func<JsonRecord, int, PreferencePair> rowOf, Dictionary<string, int> rows)
    {
        try
        {
            var pair = rowOf(record, number);
            return rows.TryAdd(pair.Id, number)
                ? new PairRow(number, record.Line, pair, null)
                : new PairRow(number, record.Line, null, new PairProblem(number, record.Line, "id", $"\"{pair.Id}\" is already the id of row {rows[pair.Id]}; every row needs its own"));
        }
        catch (PairFieldException problem)
        {
            return new PairRow(number, record.Line, null, new PairProblem(number, record.Line, problem.Field, problem.Message));
        }
    }

    private static InputFormatException Empty(string path) => new(path, 0, $"holds no pairs; {Expected}");
}
