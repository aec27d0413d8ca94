using System.Globalization;

namespace Agentic.Retrieval;

/// <summary>Measures a retriever on judged questions, by document, over the best 1,000 documents.</summary>
public static class RetrievalEvaluation
{
    /// <summary>Documents of a ranking that are looked at.</summary>
    public const int Depth = 1000;

    /// <summary>Runs every judged question, one after another.</summary>
    /// <remarks>Questions without gold or with incomplete gold are left out. Chunks collapse to their document at its best score before anything is cut.</remarks>
    /// <param name="cutoffs">The k of recall@k and all_recall@k, each at least 1.</param>
    /// <exception cref="AgenticException">No question is judged.</exception>
    public static async Task<RetrievalReport> RunAsync(
        IRetriever retriever, IEnumerable<Question> questions, IReadOnlyList<int> cutoffs, TimeProvider time, CancellationToken cancellationToken)
    {
        var judged = questions.Where(question => question.GoldComplete && question.Relevant.Count > 0).ToList();
        if (judged.Count == 0)
        {
            throw new AgenticException("no question names its gold documents; give questions with gold or relevant");
        }

        var measures = Measures(cutoffs);
        var results = new List<RetrievalResult>(judged.Count);
        var elapsed = TimeSpan.Zero;
        foreach (var question in judged)
        {
            var began = time.GetTimestamp();
            var ranking = await RankAsync(retriever, question.Text, cancellationToken).ConfigureAwait(false);
            elapsed += time.GetElapsedTime(began);
            var ids = ranking.Select(document => document.DocumentId).ToList();
            results.Add(new RetrievalResult(question.Id, ranking, [.. measures.Select(measure => measure.Of(ids, question.Relevant))]));
        }

        return new RetrievalReport([.. measures.Select(measure => measure.Name)], results, elapsed.TotalSeconds);
    }

    /// <summary>The best <see cref="Depth"/> documents for a query, each at the score of its best chunk.</summary>
    public static async Task<IReadOnlyList<RankedDocument>> RankAsync(IRetriever retriever, string query, CancellationToken cancellationToken)
    {
        // Several chunks may share a document: ask for more until there are enough documents or no more chunks.
        for (var limit = Depth; ; limit *= 4)
        {
            var chunks = await retriever.SearchAsync(query, limit, cancellationToken).ConfigureAwait(false);
            var documents = chunks.DistinctBy(scored => scored.Chunk.DocumentId, StringComparer.Ordinal).Take(Depth)
                .Select(scored => new RankedDocument(scored.Chunk.DocumentId, scored.Score)).ToList();
            if (documents.Count == Depth || chunks.Count < limit || limit > int.MaxValue / 4)
            {
                return documents;
            }
        }
    }

    private static List<Measure> Measures(IReadOnlyList<int> cutoffs)
    {
        var measures = new List<Measure>();
        foreach (var k in cutoffs.Distinct().Order())
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(k, 1, nameof(cutoffs));
            measures.Add(new(Name("recall", k), (ranking, relevant) => RankingMetrics.Recall(ranking, relevant, k)));
            measures.Add(new(Name("all_recall", k), (ranking, relevant) => RankingMetrics.AllRecall(ranking, relevant, k)));
        }

        measures.Add(new("ndcg@10", (ranking, relevant) => RankingMetrics.Ndcg(ranking, relevant, 10)));
        measures.Add(new("map", RankingMetrics.AveragePrecision));
        measures.Add(new("mrr", RankingMetrics.ReciprocalRank));
        measures.Add(new("p@30", (ranking, relevant) => RankingMetrics.Precision(ranking, relevant, 30)));
        measures.Add(new("r@100", (ranking, relevant) => RankingMetrics.Recall(ranking, relevant, 100)));
        return measures;
    }

    private static string Name(string measure, int k) => string.Create(CultureInfo.InvariantCulture, $"{measure}@{k}");

    private sealed record Measure(string Name, Func<IReadOnlyList<string>, IReadOnlyDictionary<string, int>, double> Of);
}

/// <summary>One question's ranking and its measures.</summary>
/// <param name="Ranking">Best first.</param>
/// <param name="Values">In the order of <see cref="RetrievalReport.Measures"/>.</param>
public sealed record RetrievalResult(string QuestionId, IReadOnlyList<RankedDocument> Ranking, IReadOnlyList<double> Values);

/// <summary>Measures of a retriever over judged questions, question by question so that two runs can be compared in pairs.</summary>
/// <param name="Measures">Names as in reports: recall@2, all_recall@2, ..., ndcg@10, map, mrr, p@30, r@100.</param>
/// <param name="Results">In the order of the questions.</param>
/// <param name="Seconds">Wall time of the searches.</param>
public sealed record RetrievalReport(IReadOnlyList<string> Measures, IReadOnlyList<RetrievalResult> Results, double Seconds)
{
    /// <summary>Mean of a measure over the questions, a fraction.</summary>
    /// <exception cref="ArgumentException">It was not measured.</exception>
    public double this[string measure] => Values(measure).Average();

    /// <summary>A measure question by question.</summary>
    /// <exception cref="ArgumentException">It was not measured.</exception>
    public IReadOnlyList<double> Values(string measure)
    {
        var column = Measures.ToList().IndexOf(measure);
        return column < 0 ? throw new ArgumentException($"{measure} was not measured", nameof(measure)) : [.. Results.Select(result => result.Values[column])];
    }
}
