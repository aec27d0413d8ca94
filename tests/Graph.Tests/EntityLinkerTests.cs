using Agentic.Retrieval;

namespace Agentic.Graph.Tests;

public sealed class EntityLinkerTests
{
    private static readonly ChunkIndex Index = ChunkIndex.Of(
    [
        Indexed("1", "Ada Lorn (painter)", "Ada Lorn (born 1901) was a painter. She was a daughter of Count Bela Lorn.", new Fact("Ada Lorn", "father", "Bela Lorn")),
        Indexed("2", "Ada Lorn (chemist)", "Ada Lorn was a chemist from Vessen who studied the metal of old coins."),
        Indexed("3", "Bela Lorn", "Bela Lorn was a count. He lived in Vessen near the old harbour."),
        Indexed("4", "The Green Harbour", "The Green Harbour is a film directed by Ivo Treskow. It was filmed near the coast.", new Fact("The Green Harbour", "director", "Ivo Treskow")),
        Indexed("5", "Harbour", "A harbour is a sheltered body of water. Every harbour has a mouth, and a film of oil."),
        Indexed("6", "Ingrid Maria Salten-Korwyn, Duchess of Vessen", "Ingrid Maria Salten-Korwyn was a duchess."),
    ]);

    private static readonly EntityLinker Linker = EntityLinker.Freeze(Index, KnowledgeGraph.Freeze(Index.Chunks));

    [Fact]
    public void A_title_in_a_question_is_linked_with_its_offset()
    {
        const string Question = "Who directed The Green Harbour?";

        var link = Linker.Link(Question, 5)[0];

        Assert.Equal("The Green Harbour", link.Name);
        Assert.Equal("The Green Harbour", Question.Substring(link.Start, link.Mention.Length));
        Assert.Equal(1, link.Score);
    }

    [Fact]
    public void A_shorter_title_inside_a_longer_one_is_explained_away() =>
        Assert.DoesNotContain(Linker.Link("Who directed The Green Harbour?", 9), link => link.Name == "Harbour");

    [Fact]
    public void Namesakes_are_all_found() =>
        Assert.Equal(
            ["Ada Lorn (chemist)", "Ada Lorn (painter)"],
            Linker.Link("Where was Ada Lorn born?", 9).Select(link => link.Name).Where(name => name.Contains('(')));

    [Fact]
    public void A_name_of_the_graph_without_a_chunk_of_its_own_is_found() =>
        Assert.Equal("Ivo Treskow", Linker.Link("What else did Ivo Treskow direct?", 5)[0].Name);

    [Theory]
    [InlineData("Count Bela Lorn", "Bela Lorn")]
    [InlineData("bela lorn", "Bela Lorn")]
    [InlineData("Bella Lorn", "Bela Lorn")]
    [InlineData("Ingrid Maria Salten-Korwyn", "Ingrid Maria Salten-Korwyn, Duchess of Vessen")]
    [InlineData("Ingrid Salten-Korwyn", "Ingrid Maria Salten-Korwyn, Duchess of Vessen")]
    [InlineData("who directed the green harbour?", "The Green Harbour")]
    public void Other_spellings_find_the_entity(string text, string expected) =>
        Assert.Equal(expected, Linker.Link(text, 5)[0].Name);

    [Fact]
    public void A_lower_case_question_does_not_link_common_words() =>
        Assert.Empty(Linker.Link("how is the mouth of a harbour formed?", 5));

    [Fact]
    public void A_text_without_names_links_nothing() => Assert.Empty(Linker.Link("What is it?", 5));

    [Fact]
    public void The_order_in_which_chunks_were_added_does_not_show()
    {
        var reversed = ChunkIndex.Of(Index.Chunks.Reverse());
        var linker = EntityLinker.Freeze(reversed, KnowledgeGraph.Freeze(reversed.Chunks));

        Assert.Equal(Linker.Link("Did Ada Lorn see The Green Harbour?", 9), linker.Link("Did Ada Lorn see The Green Harbour?", 9));
    }

    private static IndexedChunk Indexed(string id, string title, string text, params Fact[] facts) =>
        new(new Chunk(id, id, 0, title, text, 0, text.Length), facts);
}
