using Agentic.Agent;
using CsCheck;

namespace Agentic.Training.Tests;

/// <summary>Laws of the rows of pairs, over random segments, against slow readings of the same rules.</summary>
public sealed class PairPropertyTests
{
    private static readonly ModelTokenizer Tokenizer = SmallTokenizer.Trained(300);

    private static readonly Gen<string> Words = OneOf("a", "Ida ", "mill\n", "é", "Final answer: ").Array[1, 3].Select(parts => string.Concat(parts));

    // Recorded are the ids of single bytes, which no tokenizer would give, and for the policy sometimes an end.
    private static readonly Gen<Segment> AnySegment = Gen.Select(OneOf(Author.Prompt, Author.Policy, Author.Tool), Words, Gen.Bool, (author, text, isRecorded) =>
        new Segment(1, author, text) { TokenIds = isRecorded ? [.. text.EnumerateRunes().SelectMany(rune => Tokenizer.Encode(rune.ToString()))] : null });

    private static readonly Gen<Segment[]> Side = Gen.Select(AnySegment.Array[0, 3], Words, AnySegment.Array[0, 2], (before, said, after) =>
        (Segment[])[.. before.SkipWhile(segment => segment.Author == Author.Prompt), new Segment(2, Author.Policy, said), .. after]);

    private static readonly Gen<PreferencePair> Pairs = Gen.Select(AnySegment.Array[1, 4], Side, Side, (prompt, chosen, rejected) => new PreferencePair("p", "q", "", prompt, chosen, rejected))
        .Where(pair => !Expected(pair.Chosen).SequenceEqual(Expected(pair.Rejected)));

    [Fact]
    public void A_row_is_the_prompt_untrained_and_then_its_side_trained_where_the_policy_wrote() => Pairs.Sample(pair =>
    {
        var row = new RowTokenizer(Tokenizer).Tokenize(pair);
        (int Id, bool IsTrained)[] prompt = [.. Expected(pair.Prompt).Select(token => (token.Id, false))];

        Assert.Equal(prompt.Length, row.PromptTokens);
        Assert.Equal([.. prompt, .. Expected(pair.Chosen)], Tokens(row.Chosen));
        Assert.Equal([.. prompt, .. Expected(pair.Rejected)], Tokens(row.Rejected));
    }, iter: 200, threads: 1);

    [Fact]
    public void The_sides_part_where_their_tokens_first_differ() => Pairs.Sample(pair =>
    {
        var row = new RowTokenizer(Tokenizer).Tokenize(pair);
        var (chosen, rejected) = (Tokens(row.Chosen), Tokens(row.Rejected));
        var at = row.PartsAt!.Value;

        Assert.Equal(chosen.Take(at), rejected.Take(at));
        Assert.NotEqual(chosen.Skip(at).Take(1), rejected.Skip(at).Take(1));
        Assert.InRange(at, row.PromptTokens, Math.Min(chosen.Count, rejected.Count));
    }, iter: 200, threads: 1);

    // What is left of the prompt is its end, the same on both sides; what is left of a side is its beginning; nothing fits that is cut.
    [Fact]
    public void A_truncated_pair_fits_keeps_the_end_of_its_prompt_and_the_beginning_of_its_sides() => Gen.Select(Pairs, Gen.Int[2, 40]).Sample((pair, context) =>
    {
        var row = new RowTokenizer(Tokenizer).Tokenize(pair);
        if (row.Truncated(context) is not { } cut)
        {
            return;
        }

        Assert.InRange(Math.Max(cut.Chosen.Ids.Count, cut.Rejected.Ids.Count), 1, Math.Max(context, 1));
        Assert.True(cut.Chosen.TrainedTokens > 0 && cut.Rejected.TrainedTokens > 0);
        foreach (var (whole, part) in new[] { (row.Chosen, cut.Chosen), (row.Rejected, cut.Rejected) })
        {
            var tokens = Tokens(whole);
            Assert.Equal(tokens.Take(row.PromptTokens).TakeLast(cut.PromptTokens), Tokens(part).Take(cut.PromptTokens));
            Assert.Equal(tokens.Skip(row.PromptTokens).Take(part.Ids.Count - cut.PromptTokens), Tokens(part).Skip(cut.PromptTokens));
        }

        if (Math.Max(row.Chosen.Ids.Count, row.Rejected.Ids.Count) <= context)
        {
            Assert.Equal(Tokens(row.Chosen), Tokens(cut.Chosen));
            Assert.Equal(Tokens(row.Rejected), Tokens(cut.Rejected));
        }
    }, iter: 300, threads: 1);

    private static IEnumerable<(int Id, bool IsTrained)> Expected(IEnumerable<Segment> segments) => segments.SelectMany(segment =>
    {
        IReadOnlyList<int> ids = segment.TokenIds ?? (segment.Author == Author.Policy ? [.. Tokenizer.Encode(segment.Text), Tokenizer.EndId] : Tokenizer.Encode(segment.Text));
        return ids.Select(id => (id, segment.Author == Author.Policy));
    });

    private static List<(int Id, bool IsTrained)> Tokens(TokenizedRow row) =>
        [.. row.Ids.Zip(row.Spans.SelectMany(span => Enumerable.Repeat(span.IsTrained, span.Length)))];

    private static Gen<T> OneOf<T>(params T[] choices) => Gen.Int[0, choices.Length - 1].Select(at => choices[at]);
}
