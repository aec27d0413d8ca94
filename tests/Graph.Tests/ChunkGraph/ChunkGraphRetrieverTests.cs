using Agentic.Retrieval;

namespace Agentic.Graph.Tests;

public sealed class ChunkGraphRetrieverTests
{
    private static readonly ChunkIndex Index = Small.Index(
        ("The Silent Mill", "The Silent Mill is a film written by Ana Roth and scored by Ivo Lenk. It was directed by Oto Brandl."),
        ("Ana Roth", "Ana Roth wrote novels in Vessen."),
        ("Ivo Lenk", "Ivo Lenk was a pianist in Vessen."),
        ("Oto Brandl", "Oto Brandl grew up in Morrow County."),
        ("Old Courthouse", "The courthouse of Morrow County stands in Selby."),
        ("Granite", "Granite is a hard stone used for mills."),
        ("Rain", "Rain falls on film crews, and a director waits."));

    [Fact]
    public async Task The_asked_relation_picks_its_name_among_the_names_of_a_chunk()
    {
        Assert.Equal(["The Silent Mill", "Oto Brandl"], (await Titles("Where did the director of The Silent Mill grow up?")).Take(2));
        Assert.Equal(["The Silent Mill", "Ivo Lenk"], (await Titles("Which instrument did the composer of The Silent Mill play?")).Take(2));
    }

    [Fact]
    public async Task A_shared_name_leads_to_a_chunk_that_no_title_names() =>
        Assert.Equal(["Oto Brandl", "Old Courthouse"], (await Titles("In which town is the courthouse of the county where Oto Brandl grew up?")).Take(2));

    [Fact]
    public async Task The_path_goes_from_a_name_by_a_sentence_to_the_chunk()
    {
        var scored = (await Search(Index, "Where did the director of The Silent Mill grow up?"))[1];

        Assert.Equal(("The Silent Mill", "The Silent Mill", "d00"), (scored.Path![0].From, scored.Path[0].Via, scored.Path[0].To));
        Assert.Equal(("d00", "It was directed by Oto Brandl.", "d03"), (scored.Path[1].From, scored.Path[1].Via, scored.Path[1].To));
    }

    [Fact]
    public async Task A_chunk_found_by_its_words_alone_says_so()
    {
        var scored = (await Search(Index, "hard stones?"))[0];

        Assert.Equal("Granite", scored.Chunk.Title);
        Assert.Equal("Granite is a hard stone used for mills.", Assert.Single(scored.Path!).Via);
    }

    [Fact]
    public async Task Both_names_of_a_comparison_spread()
    {
        var index = Small.Index(
            ("Mill One", "Mill One is a film directed by Oto Brandl."), ("Mill Two", "Mill Two is a film directed by Ana Roth."),
            ("Oto Brandl", "Oto Brandl was born in 1901."), ("Ana Roth", "Ana Roth was born in 1899."), ("Birth", "People are born every year; directors too."));

        var found = await Search(index, "Which film has the director born first, Mill One or Mill Two?");

        Assert.Equal(["Ana Roth", "Mill One", "Mill Two", "Oto Brandl"], found.Take(4).Select(scored => scored.Chunk.Title).Order(StringComparer.Ordinal));
    }

    // At a factor of 0 the second chunk of Selby keeps nothing and falls behind the only chunk of the other title.
    [Fact]
    public async Task Further_chunks_of_a_listed_title_count_less()
    {
        var index = Small.Index(
            ("Selby", "Selby has a stone bridge and a stone market."), ("Selby", "Selby has a stone bridge and a stone mill."), ("Bridges", "A bridge of stone was built, far away from here, by people."));
        var discounted = await new GraphRetrieverOptions { SameTitleDiscount = 0 }.Build(index).SearchAsync("stone bridge of Selby", 3, CancellationToken.None);
        var plain = await new GraphRetrieverOptions { SameTitleDiscount = 1 }.Build(index).SearchAsync("stone bridge of Selby", 3, CancellationToken.None);

        Assert.Equal(["Selby", "Bridges", "Selby"], discounted.Select(scored => scored.Chunk.Title));
        Assert.Equal(["Selby", "Selby", "Bridges"], plain.Select(scored => scored.Chunk.Title));
        Assert.Equal(0, discounted[2].Score);
        Assert.True(plain[1].Score > 0);
    }

    [Fact]
    public async Task The_order_in_which_chunks_were_added_does_not_show()
    {
        const string Question = "Where did the director of The Silent Mill grow up?";

        var forward = await Search(Index, Question);
        var backward = await Search(ChunkIndex.Of(Index.Chunks.Reverse()), Question);

        Assert.Equal(forward.Select(scored => (scored.Chunk, scored.Score)), backward.Select(scored => (scored.Chunk, scored.Score)));
    }

    [Fact]
    public async Task Equal_scores_are_in_order_of_ids()
    {
        var index = Small.Index(("", "grey stone"), ("", "grey stone"), ("", "grey stone"));

        Assert.Equal(["d00", "d01", "d02"], (await Search(index, "stone")).Select(scored => scored.Chunk.Id));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?!")]
    [InlineData("zebra")]
    [InlineData("the of")]
    public async Task A_question_without_known_words_finds_nothing(string question) => Assert.Empty(await Search(Index, question));

    [Fact]
    public async Task An_empty_index_finds_nothing() => Assert.Empty(await Search(ChunkIndex.Of([]), "Who is Oto Brandl?"));

    [Fact]
    public void Options_out_of_range_are_refused() =>
        Assert.Contains("Seeds", Assert.Throws<OptionsException>(() => new GraphRetrieverOptions { Seeds = 0 }.Build(Index)).Message, StringComparison.Ordinal);

    private static async Task<IEnumerable<string>> Titles(string question) => (await Search(Index, question)).Select(scored => scored.Chunk.Title);

    private static ValueTask<IReadOnlyList<ScoredChunk>> Search(ChunkIndex index, string question) =>
        new GraphRetrieverOptions().Build(index).SearchAsync(question, 10, CancellationToken.None);
}
