namespace Agentic.Retrieval;

/// <summary>Measures of one ranking of documents against graded judgements; all in [0, 1].</summary>
/// <remarks>As in trec_eval: a document counts as relevant from grade 1, gain is the grade itself, discount is log2(rank + 1).</remarks>
public static class RankingMetrics
{
    /// <summary>Share of the relevant documents in the first <paramref name="k"/>.</summary>
    public static double Recall(IReadOnlyList<string> ranking, IReadOnlyDictionary<string, int> relevant, int k) =>
        relevant.Count == 0 ? 0 : Hits(ranking, relevant, k) / (double)relevant.Count;

    /// <summary>1 when every relevant document is in the first <paramref name="k"/>, otherwise 0.</summary>
    public static double AllRecall(IReadOnlyList<string> ranking, IReadOnlyDictionary<string, int> relevant, int k) =>
        relevant.Count > 0 && Hits(ranking, relevant, k) == relevant.Count ? 1 : 0;

    /// <summary>Share of the first <paramref name="k"/> places that are relevant; places past the end count as misses.</summary>
    public static double Precision(IReadOnlyList<string> ranking, IReadOnlyDictionary<string, int> relevant, int k) =>
        Hits(ranking, relevant, k) / (double)k;

    /// <summary>1 / rank of the first relevant document; 0 when there is none.</summary>
    public static double ReciprocalRank(IReadOnlyList<string> ranking, IReadOnlyDictionary<string, int> relevant)
    {
        for (var i = 0; i < ranking.Count; i++)
        {
            if (relevant.ContainsKey(ranking[i]))
            {
                return 1.0 / (i + 1);
            }
        }

        return 0;
    }

    /// <summary>Mean over the relevant documents of the precision at their rank; a missing one adds 0.</summary>
    public static double AveragePrecision(IReadOnlyList<string> ranking, IReadOnlyDictionary<string, int> relevant)
    {
        var (hits, sum) = (0, 0.0);
        for (var i = 0; i < ranking.Count; i++)
        {
            if (relevant.ContainsKey(ranking[i]))
            {
                sum += ++hits / (double)(i + 1);
            }
        }

        return relevant.Count == 0 ? 0 : sum / relevant.Count;
    }

    /// <summary>Discounted gain of the first <paramref name="k"/> over that of the best possible order.</summary>
    public static double Ndcg(IReadOnlyList<string> ranking, IReadOnlyDictionary<string, int> relevant, int k)
    {
        var gained = Discounted(ranking.Take(k).Select(id => relevant.GetValueOrDefault(id)));
        var ideal = Discounted(relevant.Values.OrderDescending().Take(k));
        return ideal == 0 ? 0 : gained / ideal;
    }

    private static double Discounted(IEnumerable<int> gains) => gains.Select((gain, i) => gain / Math.Log2(i + 2)).Sum();

    private static int Hits(IReadOnlyList<string> ranking, IReadOnlyDictionary<string, int> relevant, int k) => ranking.Take(k).Count(relevant.ContainsKey);
}
