using Agentic.Agent;

namespace Agentic.Training.Tests;

/// <summary>Pairs of random ids: a prompt, then two sides of policy and tool segments in turn.</summary>
internal static class RandomPairs
{
    public static PairItems Items(int pairs, int vocabulary, int longest, ulong seed = 1) =>
        PairItems.Of([.. Pairs(pairs, vocabulary, longest, seed)], RandomRows.Maker, contextLength: longest, LongRows.Refuse, "pairs");

    public static IEnumerable<TokenizedPair> Pairs(int pairs, int vocabulary, int longest, ulong seed = 1)
    {
        var random = new Agentic.Retrieval.Seed(seed).ToRandom();
        for (var number = 0; number < pairs; number++)
        {
            var prompt = Ids(random, vocabulary, random.Next(2, longest / 2));
            var (chosen, rejected) = (Side(random, vocabulary, longest, prompt), Side(random, vocabulary, longest, prompt));
            var pair = new TokenizedPair($"pair-{number}", 0, prompt.Length, chosen, rejected);
            if (pair.PartsAt is not null)
            {
                yield return pair;
            }
        }
    }

    private static TokenizedRow Side(Random random, int vocabulary, int longest, int[] prompt)
    {
        var (ids, spans) = (prompt.ToList(), new List<TokenSpan> { new(0, prompt.Length, 0, Author.Prompt, false) });
        var length = random.Next(prompt.Length + 1, longest + 1);
        while (ids.Count < length)
        {
            var isPolicy = spans[^1].Author != Author.Policy;
            var added = Ids(random, vocabulary, Math.Min(length - ids.Count, random.Next(1, 6)));
            spans.Add(new TokenSpan(ids.Count, added.Length, spans.Count, isPolicy ? Author.Policy : Author.Tool, isPolicy));
            ids.AddRange(added);
        }

        return new TokenizedRow("side", ids, spans);
    }

    private static int[] Ids(Random random, int vocabulary, int length) => [.. Enumerable.Range(0, length).Select(_ => random.Next(vocabulary))];
}
