using System.Text.Json.Nodes;
using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>Forms of a file of pairs.</summary>
public enum PairForm
{
    /// <summary>Segments with their authors, <see cref="PairFile"/>.</summary>
    Own,

    /// <summary>TRL's preference rows: texts or messages.</summary>
    Trl,
}

/// <summary>What a conversion did.</summary>
/// <param name="Pairs">Pairs written.</param>
/// <param name="SegmentsWithoutIds">Segments whose recorded token ids the form that was written cannot hold.</param>
/// <param name="IsHeaderLost">True when the file said how its pairs came about and the form that was written cannot.</param>
public sealed record PairConversionReport(int Pairs, int SegmentsWithoutIds, bool IsHeaderLost);

/// <summary>Turns a file of pairs from one form into another, whole or not at all.</summary>
/// <remarks>To TRL and back keeps every text and what is trained of it; it loses recorded token ids, the header, and numbers the steps anew.</remarks>
public static class PairConversion
{
    /// <summary>Most problems a refusal lists.</summary>
    private const int MostListed = 20;

    /// <summary>Reads all pairs, and writes them when every one of them maps.</summary>
    /// <exception cref="AgenticException">Rows do not map, or the file cannot be read; nothing is written.</exception>
    public static async Task<PairConversionReport> RunAsync(string input, PairForm from, string output, PairForm to, CancellationToken cancellationToken)
    {
        var header = from == PairForm.Own ? await PairFile.ReadHeaderAsync(input, cancellationToken).ConfigureAwait(false) : null;
        var lines = WholeJsonLines.Create(output);
        await using var _ = lines.ConfigureAwait(false);
        if (to == PairForm.Own)
        {
            await lines.AddAsync(PairJson.Of(header ?? new DemonstrationHeader { Source = new JsonObject { ["from"] = "trl" } }), cancellationToken).ConfigureAwait(false);
        }

        var (pairs, withoutIds, problems) = (0, 0, new List<PairProblem>());
        await foreach (var row in (from == PairForm.Own ? PairFile.ReadRowsAsync(input, cancellationToken) : PairFile.ReadRowsAsync(input, TrlJson.RowOf, cancellationToken)).ConfigureAwait(false))
        {
            if (row.Pair is not { } pair)
            {
                problems.Add(row.Problem!);
                continue;
            }

            pairs++;
            withoutIds += to == PairForm.Trl ? pair.Prompt.Concat(pair.Chosen).Concat(pair.Rejected).Count(segment => segment.TokenIds is not null) : 0;
            await lines.AddAsync(to == PairForm.Own ? PairJson.Of(pair) : TrlJson.Of(pair), cancellationToken).ConfigureAwait(false);
        }

        if (problems.Count > 0)
        {
            throw Refusal(input, problems);
        }

        await lines.CommitAsync().ConfigureAwait(false);
        return new PairConversionReport(pairs, withoutIds, to == PairForm.Trl && header is not null);
    }

    private static AgenticException Refusal(string input, List<PairProblem> problems)
    {
        var listed = problems.Take(MostListed).Select(problem => $"\n  line {problem.Line}, {problem.Sentence}");
        var more = problems.Count > MostListed ? $"\n  and {problems.Count - MostListed} more" : "";
        return new AgenticException($"{input}: {problems.Count} {(problems.Count == 1 ? "row does" : "rows do")} not map, so nothing was written:{string.Concat(listed)}{more}");
    }
}
