using Agentic.Agent;
using Agentic.Retrieval;
using CsCheck;

namespace Agentic.Agent.Tests;

public sealed class SymbolicPolicyTests
{
    private static readonly Chunk Film = Whole("f", "Grey Harbour", "Grey Harbour is a 1962 film directed by Tove Lindqvist.");
    private static readonly Chunk Director = Whole("d", "Tove Lindqvist", "Tove Lindqvist (born 3 May 1920 in Aarhus) is a Danish director.");
    private static readonly SymbolicPolicy Policy = new(new TitleLinker("Grey Harbour", "Tove Lindqvist"));

    [Fact]
    public async Task The_first_call_asks_for_the_first_relation() => Assert.Equal(
        "Step 1:\nImportant entity: Grey Harbour\nSubquery: Who is the director of Grey Harbour?\n",
        await WriteAsync("Where was the director of Grey Harbour born?"));

    [Fact]
    public async Task A_call_with_evidence_summarises_and_goes_on_to_the_next_relation() => Assert.Equal(
        "Summary: <Grey Harbour director Tove Lindqvist> The answer is Tove Lindqvist.\n"
        + "Step 2:\nImportant entity: Tove Lindqvist\nSubquery: Where was Tove Lindqvist born?\n",
        await WriteAsync("Where was the director of Grey Harbour born?", Step(1, "Grey Harbour", "Who is the director of Grey Harbour?", new Evidence.OfChunk(Film, 1))));

    [Fact]
    public async Task What_is_known_already_is_not_asked_for() => Assert.EndsWith(
        "Final answer: Aarhus",
        await WriteAsync("Where was the director of Grey Harbour born?", Step(1, "Grey Harbour", "Who is the director of Grey Harbour?", new Evidence.OfChunk(Film, 1), new Evidence.OfChunk(Director, 0.5))),
        StringComparison.Ordinal);

    [Fact]
    public async Task Triplets_serve_as_well_as_chunks() => Assert.EndsWith(
        "Final answer: Tove Lindqvist",
        await WriteAsync("Who directed Grey Harbour?", Step(1, "Grey Harbour", "Who is the director of Grey Harbour?", new Evidence.OfTriplet(new Triplet("Grey Harbour", "was directed by", "Tove Lindqvist", ["f"]), 1))),
        StringComparison.Ordinal);

    [Fact]
    public async Task Without_the_fact_the_answer_is_not_stated() => Assert.EndsWith(
        "Final answer: not stated",
        await WriteAsync("Who is Tove Lindqvist's mother?", Step(1, "Tove Lindqvist", "Who is the mother of Tove Lindqvist?", new Evidence.OfChunk(Director, 1))),
        StringComparison.Ordinal);

    // None of the verbs and nouns is a relation of the lexicon.
    [Theory]
    [InlineData("Who tuned Grey Harbour?", "Grey Harbour", "The chimes of Grey Harbour were tuned by Tove Lindqvist in 1962.", "Tove Lindqvist")]
    [InlineData("Which firm dredges Grey Harbour?", "Grey Harbour", "Grey Harbour is dredged by Amber Brothers every spring.", "Amber Brothers")]
    [InlineData("Who is the pilot of Grey Harbour?", "Grey Harbour", "Its pilot, Tove Lindqvist, lives on the mole.", "Tove Lindqvist")]
    [InlineData("Who sank Grey Harbour?", "Tove Lindqvist", "She was a gunner. She sank Grey Harbour on a foggy morning.", "Tove Lindqvist")]
    [InlineData("How deep is Grey Harbour?", "Grey Harbour", "Grey Harbour is 1,204 fathoms deep.", "1,204 fathoms")]
    [InlineData("Who painted the keel of Grey Harbour?", "Grey Harbour", "Grey Harbour lies in a bay.", "not stated")]
    public async Task A_relation_outside_the_lexicon_is_read_from_its_words(string question, string title, string text, string answer)
    {
        var asked = await WriteAsync(question);
        var subquery = asked.Split("Subquery: ")[1].Trim();
        Assert.EndsWith(
            $"Final answer: {answer}",
            await WriteAsync(question, Step(1, "Grey Harbour", subquery, new Evidence.OfChunk(Whole("o", title, text), 1))),
            StringComparison.Ordinal);
    }

    // 1958 is before 1962; what only one of them has is not shared.
    [Theory]
    [InlineData("Was Grey Harbour released before North Pier was released?", "Grey Harbour is a film released in 1962.", "North Pier is a film released in 1958.", "no")]
    [InlineData("Was Grey Harbour released after North Pier was released?", "Grey Harbour is a film released in 1962.", "North Pier is a film released in 1958.", "yes")]
    [InlineData("Was Grey Harbour released before North Pier was released?", "Grey Harbour is a film.", "North Pier is a film released in 1958.", "not stated")]
    [InlineData("Who tuned both Grey Harbour and North Pier?", "Grey Harbour was tuned by Tove Lindqvist.", "North Pier was tuned by Tove Lindqvist.", "Tove Lindqvist")]
    [InlineData("Who tuned both Grey Harbour and North Pier?", "Grey Harbour was tuned by Tove Lindqvist.", "North Pier was tuned by Arno Beck.", "not stated")]
    public async Task Two_names_are_set_side_by_side(string question, string first, string second, string answer)
    {
        var policy = new SymbolicPolicy(new TitleLinker("Grey Harbour", "North Pier"));
        var steps = new List<Step>();
        string text;
        do
        {
            text = (await policy.CompleteAsync(Request(question, steps.ToArray()), TestContext.Current.CancellationToken)).Text;
            steps.Add(Step(steps.Count + 1, "Grey Harbour", text.Split("Subquery: ")[^1].Trim(), new Evidence.OfChunk(Whole("a", "Grey Harbour", first), 1), new Evidence.OfChunk(Whole("b", "North Pier", second), 1)));
        }
        while (text.Contains("Subquery: ", StringComparison.Ordinal) && steps.Count < 6);

        Assert.EndsWith($"Final answer: {answer}", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_forced_answer_is_the_answer_alone()
    {
        var steps = new[] { Step(1, "Grey Harbour", "Who is the director of Grey Harbour?", new Evidence.OfChunk(Film, 1)) };
        var completion = await Policy.CompleteAsync(Request("Who directed Grey Harbour?", steps) with { FinalAnswerForced = true }, TestContext.Current.CancellationToken);
        Assert.Equal("Tove Lindqvist", completion.Text);
    }

    [Fact]
    public void Every_completion_follows_the_protocol_whatever_the_question_and_the_evidence()
    {
        string[] words = ["Who", "when", "Anna", "Velt", "'s", "mother", "of", "or", "and", "same", "country", "older", "director", "the", ",", "born", "?", "\"", "(", "both", "1920"];
        var texts = Gen.OneOf(Gen.Int[0, words.Length - 1].Select(i => words[i]).Array[1, 14].Select(parts => string.Join(' ', parts)), Gen.String.Where(text => !string.IsNullOrWhiteSpace(text)));
        Gen.Select(texts, texts, Gen.Int[0, 3]).Sample((question, text, count) =>
        {
            var steps = Enumerable.Range(1, count).Select(i => Step(i, "Anna Velt", text, new Evidence.OfChunk(Whole("x", text, text), 1))).ToArray();
            var completion = Policy.CompleteAsync(Request(question, steps), CancellationToken.None).GetAwaiter().GetResult().Text;
            Assert.IsNotType<PolicyMove.Malformed>(ProtocolParser.Parse(completion, count));
        });
    }

    private static async Task<string> WriteAsync(string question, params Step[] steps) =>
        (await Policy.CompleteAsync(Request(question, steps), TestContext.Current.CancellationToken)).Text;

    private static PolicyRequest Request(string question, IReadOnlyList<Step> steps) =>
        new(question, steps, [], new TrajectoryKey("q", 0), new Seed(0), FinalAnswerForced: false, MaxTokens: 512);

    private static Step Step(int number, string entity, string subquery, params Evidence[] evidence) => new(number, [entity], subquery, evidence, null);

    private static Chunk Whole(string id, string title, string text) => new(id, id, 0, title, text, 0, text.Length);
}
