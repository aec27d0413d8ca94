namespace Agentic.Retrieval.Tests;

public sealed class TitleHopRetrieverTests
{
    private static readonly ChunkIndex Index = SmallCorpus.Of(
        ("The Silent Mill", "The Silent Mill is a film. It was directed by Oto Brandl."),
        ("Oto Brandl", "Oto Brandl came from Vessen."),
        ("Weather", "Directors were born in rain; where was the director born, they asked."),
        ("Stones", "Granite is hard."));

    [Fact]
    public async Task Named_titles_come_first_then_those_they_mention_then_words()
    {
        var found = await Search("Where was the director of The Silent Mill born?");

        Assert.Equal(["The Silent Mill", "Oto Brandl", "Weather"], found.Select(scored => scored.Chunk.Title));
    }

    [Fact]
    public async Task The_path_names_the_sentence_that_leads_on()
    {
        var path = (await Search("Where was the director of The Silent Mill born?"))[1].Path!;

        Assert.Equal(["The Silent Mill", "d0"], path.Select(hop => hop.From));
        Assert.Equal("It was directed by Oto Brandl.", path[1].Via);
        Assert.Equal("d1", path[1].To);
    }

    [Fact]
    public async Task An_empty_index_finds_nothing() =>
        Assert.Empty(await new TitleHopRetrieverOptions().Build(ChunkIndex.Of([])).SearchAsync("Who?", 5, CancellationToken.None));

    private static ValueTask<IReadOnlyList<ScoredChunk>> Search(string query) =>
        new TitleHopRetrieverOptions().Build(Index).SearchAsync(query, 10, CancellationToken.None);
}
