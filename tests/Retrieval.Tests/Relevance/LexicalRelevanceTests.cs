namespace Agentic.Retrieval.Tests;

public sealed class LexicalRelevanceTests
{
    private static readonly (string Title, string Text)[] Texts =
    [
        ("The Green Harbour", "The Green Harbour is a 1954 film directed by Ivo Treskow. It was shot on the coast."),
        ("Ivo Treskow", "Ivo Treskow (3 May 1911 - 1980) was a film director born in Vessen."),
        ("Harbour", "A harbour is a sheltered body of water where ships may lie."),
        ("The Red Mill", "The Red Mill is a film directed by Ada Lorn."),
        ("Vessen", "Vessen is a town on the coast with an old harbour."),
    ];

    private static readonly LexicalRelevance Relevance = LexicalRelevance.Freeze(IndexOf(Texts));

    [Fact]
    public async Task The_chunk_about_the_named_thing_is_probable_and_the_others_are_not()
    {
        var logits = await ScoreAsync("Who is the director of The Green Harbour?");

        Assert.True(logits[0] > 0);
        Assert.All(logits.Skip(1), logit => Assert.True(logit < logits[0] - 1));
        Assert.True(logits[2] < 0 && logits[4] < 0);
    }

    [Fact]
    public async Task The_triplet_with_the_relation_asked_for_is_above_those_with_another()
    {
        var logits = await Relevance.ScoreAsync(
            "Who directed The Green Harbour?",
            [
                new("", "The Green Harbour director Ivo Treskow"),
                new("", "The Green Harbour release date 1954"),
                new("", "The Red Mill director Ada Lorn"),
            ],
            default);

        Assert.True(logits[0] > logits[1]);
        Assert.True(logits[0] > logits[2]);
    }

    [Fact]
    public async Task When_asks_for_a_date_and_where_for_a_place()
    {
        RelevanceCandidate[] triplets = [new("", "Ivo Treskow date of birth 3 May 1911"), new("", "Ivo Treskow place of birth Vessen")];

        var when = await Relevance.ScoreAsync("When was Ivo Treskow born?", triplets, default);
        var where = await Relevance.ScoreAsync("Where was Ivo Treskow born?", triplets, default);

        Assert.True(when[0] > when[1]);
        Assert.True(where[1] > where[0]);
    }

    [Fact]
    public async Task A_logit_depends_on_the_query_and_the_text_alone()
    {
        var together = await ScoreAsync("Who is the director of The Green Harbour?");
        var other = LexicalRelevance.Freeze(IndexOf(Texts.Reverse()));
        for (var i = 0; i < Texts.Length; i++)
        {
            var alone = await other.ScoreAsync("Who is the director of The Green Harbour?", [new(Texts[i].Title, Texts[i].Text)], default);
            Assert.Equal(together[i], alone[0]);
        }
    }

    [Fact]
    public async Task More_words_of_the_query_never_make_a_text_less_relevant()
    {
        // Each text adds a word of the query to the one before, so every overlap feature can only grow.
        const string Query = "Ivo Treskow film harbour coast";
        RelevanceCandidate[] growing = [new("", "one two three four five"), new("", "Ivo two three four five"), new("", "Ivo Treskow three four five"), new("", "Ivo Treskow film four five"), new("", "Ivo Treskow film harbour five")];

        var logits = await Relevance.ScoreAsync(Query, growing, default);

        Assert.All(logits.Zip(logits.Skip(1)), pair => Assert.True(pair.First <= pair.Second));
    }

    [Theory]
    [InlineData("")]
    [InlineData("???")]
    [InlineData("zyx")]
    [InlineData("the of is")]
    public async Task Every_query_gives_finite_logits(string query) =>
        Assert.All(await Relevance.ScoreAsync(query, [.. Texts.Select(text => new RelevanceCandidate(text.Title, text.Text)), new("", ""), new("!", "?")], default), logit => Assert.True(double.IsFinite(logit)));

    private static async Task<IReadOnlyList<double>> ScoreAsync(string query) =>
        await Relevance.ScoreAsync(query, [.. Texts.Select(text => new RelevanceCandidate(text.Title, text.Text))], default);

    private static ChunkIndex IndexOf(IEnumerable<(string Title, string Text)> texts) =>
        ChunkIndex.Of(texts.Select(text => new IndexedChunk(new Chunk(text.Title, text.Title, 0, text.Title, text.Text, 0, text.Text.Length), [])));
}
