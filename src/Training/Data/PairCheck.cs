using Agentic.Agent;
using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>Looks through a whole file of pairs and tells all that is wrong with it, not only the first problem.</summary>
public static class PairCheck
{
    /// <summary>Reads every row; with a reader for a model, checks ids, trained tokens and lengths too.</summary>
    /// <param name="path">The file.</param>
    /// <param name="reader">For the model the pairs are to train; null to look at the file alone.</param>
    /// <param name="mostListed">Most problems that are kept; all are counted.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <exception cref="InputFormatException">The file cannot be read on.</exception>
    public static async Task<PairCheckReport> RunAsync(string path, PairReader? reader, int mostListed, CancellationToken cancellationToken)
    {
        var listed = new List<PairProblem>();
        var (counts, problems, tokens) = (new PairCounts(), 0, new PairTokenCounts());
        var maker = reader is null ? null : new RowTokenizer(reader.Tokenizer);
        await foreach (var row in PairFile.ReadRowsAsync(path, cancellationToken).ConfigureAwait(false))
        {
            var problem = row.Problem ?? (maker is null ? null : Tokenize(row, reader!, maker, ref tokens));
            counts = counts.With(row, problem);
            problems += problem is null ? 0 : 1;
            if (problem is not null && listed.Count < mostListed)
            {
                listed.Add(problem);
            }
        }

        return new PairCheckReport(counts, maker is null ? null : tokens, problems, listed);
    }

    private static PairProblem? Tokenize(PairRow row, PairReader reader, RowTokenizer maker, ref PairTokenCounts tokens)
    {
        try
        {
            var pair = maker.Tokenize(row.Pair!);
            var isLong = PairItems.IsLong(pair, reader.Model.ContextLength);
            tokens = tokens.With(pair, isLong);
            return isLong && reader.LongRows == LongRows.Refuse ? new PairProblem(row.Number, row.Line, "", PairItems.TooLong(pair, reader.Model.ContextLength)) : null;
        }
        catch (RowException problem)
        {
            return new PairProblem(row.Number, row.Line, problem.Field, problem.Message);
        }
    }
}

/// <summary>What a check of a file of pairs found.</summary>
/// <param name="Counts">What the file holds.</param>
/// <param name="Tokens">What it comes to for a model; null when none was named.</param>
/// <param name="Problems">Number of rows with a problem.</param>
/// <param name="Listed">The first of them.</param>
public sealed record PairCheckReport(PairCounts Counts, PairTokenCounts? Tokens, int Problems, IReadOnlyList<PairProblem> Listed);

/// <summary>What a file of pairs holds.</summary>
/// <param name="Rows">Rows, the header not counted.</param>
/// <param name="Pairs">Rows without a problem.</param>
/// <param name="PolicySegments">Segments of the sound rows' sides that the policy wrote.</param>
/// <param name="ToolSegments">Segments of the sound rows' sides that it did not write.</param>
/// <param name="SegmentsWithIds">Segments of both, and of prompts, with recorded token ids.</param>
public readonly record struct PairCounts(int Rows, int Pairs, int PolicySegments, int ToolSegments, int SegmentsWithIds)
{
    internal PairCounts With(PairRow row, PairProblem? problem)
    {
        if (problem is not null || row.Pair is not { } pair)
        {
            return this with { Rows = Rows + 1 };
        }

        Segment[] sides = [.. pair.Chosen, .. pair.Rejected];
        var policy = sides.Count(segment => segment.Author == Author.Policy);
        return new PairCounts(Rows + 1, Pairs + 1, PolicySegments + policy, ToolSegments + sides.Length - policy, SegmentsWithIds + sides.Concat(pair.Prompt).Count(segment => segment.TokenIds is not null));
    }
}

/// <summary>What the pairs of a file come to in tokens of a model.</summary>
/// <param name="Tokens">Tokens of both rows of all pairs.</param>
/// <param name="ChosenTokens">Trained tokens of the chosen sides.</param>
/// <param name="RejectedTokens">Trained tokens of the rejected sides.</param>
/// <param name="LongestRow">Tokens of the longest row.</param>
/// <param name="LongPairs">Pairs with a side beyond the model's context.</param>
public readonly record struct PairTokenCounts(long Tokens, long ChosenTokens, long RejectedTokens, int LongestRow, int LongPairs)
{
    internal PairTokenCounts With(TokenizedPair pair, bool isLong) => new(
        Tokens + pair.Chosen.Ids.Count + pair.Rejected.Ids.Count,
        ChosenTokens + pair.Chosen.TrainedTokens,
        RejectedTokens + pair.Rejected.TrainedTokens,
        Math.Max(LongestRow, Math.Max(pair.Chosen.Ids.Count, pair.Rejected.Ids.Count)),
        LongPairs + (isLong ? 1 : 0));
}
