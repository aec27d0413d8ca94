using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>What an attempt costs at an endpoint that takes money for tokens; counted in O200k, so an estimate for other vocabularies.</summary>
internal static class TrajectoryCost
{
    private const double PerMillion = 1e-6;

    /// <summary>Each call reads the whole text before it and writes one policy segment.</summary>
    public static double Of(Trajectory trajectory, CollectionOptions prices)
    {
        if (prices.InputPrice == 0 && prices.OutputPrice == 0)
        {
            return 0;
        }

        var (before, read, written) = (0L, 0L, 0L);
        foreach (var segment in trajectory.Segments)
        {
            var tokens = TokenCounter.Count(segment.Text);
            if (segment.Author == Author.Policy)
            {
                read += before;
                written += tokens;
            }

            before += tokens;
        }

        return ((read * prices.InputPrice) + (written * prices.OutputPrice)) * PerMillion;
    }
}
