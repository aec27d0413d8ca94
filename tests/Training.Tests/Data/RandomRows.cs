using Agentic.Agent;
using Agentic.Retrieval;

namespace Agentic.Training.Tests;

/// <summary>Rows of random ids: a prompt, then policy and tool segments in turn.</summary>
internal static class RandomRows
{
    private static readonly Lazy<ModelTokenizer> Tokenizer = new(() => SmallTokenizer.Trained(300));

    public static RowTokenizer Maker => new(Tokenizer.Value);

    public static SftItems Items(int rows, int vocabulary, int shortest, int longest, ulong seed = 1) =>
        SftItems.Of(Rows(rows, vocabulary, shortest, longest, seed), Maker, contextLength: longest, LongRows.Refuse, "rows");

    public static IReadOnlyList<TokenizedRow> Rows(int rows, int vocabulary, int shortest, int longest, ulong seed = 1)
    {
        var random = new Seed(seed).ToRandom();
        return [.. Enumerable.Range(0, rows).Select(row => Row($"row-{row}", random, vocabulary, random.Next(shortest, longest + 1)))];
    }

    private static TokenizedRow Row(string id, Random random, int vocabulary, int length)
    {
        var spans = new List<TokenSpan>();
        for (var start = 0; start < length;)
        {
            var author = start == 0 ? Author.Prompt : spans[^1].Author == Author.Policy ? Author.Tool : Author.Policy;
            var size = Math.Min(length - start, author == Author.Prompt ? length / 4 : random.Next(1, 6));
            spans.Add(new TokenSpan(start, size, spans.Count, author, author == Author.Policy));
            start += size;
        }

        return new TokenizedRow(id, [.. Enumerable.Range(0, length).Select(_ => random.Next(vocabulary))], spans);
    }
}
