namespace Agentic.Agent;

/// <summary>What makes two sides and a prompt a pair that can be trained on.</summary>
internal static class PairRules
{
    public const string Prompt = "prompt";
    public const string Chosen = "chosen";
    public const string Rejected = "rejected";

    /// <exception cref="PairFieldException">It is none.</exception>
    public static void Check(IReadOnlyList<Segment> prompt, IReadOnlyList<Segment> chosen, IReadOnlyList<Segment> rejected)
    {
        if (!prompt.Any(HasContent))
        {
            throw new PairFieldException(Prompt, "is empty; give what both sides go on from, the question at least");
        }

        CheckSide(Chosen, chosen);
        CheckSide(Rejected, rejected);
        if (SaysTheSame(chosen, rejected))
        {
            throw new PairFieldException(Rejected, "says the same as \"chosen\", so nothing is preferred; remove the row");
        }
    }

    private static void CheckSide(string field, IReadOnlyList<Segment> side)
    {
        if (!side.Any(HasContent))
        {
            throw new PairFieldException(field, "is empty; give the segments of this side, or remove the row");
        }

        if (side[0].Author == Author.Prompt)
        {
            throw new PairFieldException(field, "begins with a segment of the prompt; a side holds what comes after it, so move that segment to \"prompt\"");
        }

        if (!side.Any(segment => segment.Author == Author.Policy && HasContent(segment)))
        {
            throw new PairFieldException(field, "has no segment with the author \"policy\", so nothing of it can be trained; mark what the policy wrote, or remove the row");
        }
    }

    private static bool HasContent(Segment segment) => segment.Text.Length > 0 || segment.TokenIds is { Count: > 0 };

    private static bool SaysTheSame(IReadOnlyList<Segment> one, IReadOnlyList<Segment> other) =>
        one.Select(segment => (segment.Author, segment.Text)).SequenceEqual(other.Select(segment => (segment.Author, segment.Text)));
}
