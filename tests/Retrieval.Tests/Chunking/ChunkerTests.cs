using CsCheck;

namespace Agentic.Retrieval.Tests;

public sealed class ChunkerTests
{
    private static readonly Gen<string> Words = Gen.OneOf(
        Gen.String[Gen.Char['a', 'z'], 1, 12],
        Gen.OneOf("Paris", "1984", "naïve", "e.g.", "日本語", "😀😀", "x\n\ny", "—", new string('q', 60)));

    private static readonly Gen<string> Texts = Gen.Select(
        Gen.Select(Words.Array[1, 30], Gen.OneOf(". ", "! ", "?\n", ".\n\n", " ", "; "), (words, end) => string.Join(' ', words) + end).Array[1, 12],
        string.Concat);

    [Fact]
    public void Document_within_the_budget_is_one_chunk_with_its_id_and_whole_text()
    {
        var chunks = new Chunker(new ChunkerOptions()).Cut(new Document("d", "T", "  One. Two. "));

        Assert.Equal([new Chunk("d", "d", 0, "T", "  One. Two. ", 0, 12)], chunks);
    }

    // A document called d#1 and a second chunk of a document called d would otherwise both be d#1.
    [Fact]
    public void Id_that_looks_like_a_chunk_keeps_its_ordinal() =>
        Assert.Equal("d#1#0", Assert.Single(new Chunker(new ChunkerOptions()).Cut(new Document("d#1", "", "One."))).Id);

    [Fact]
    public void Cuts_at_sentence_ends()
    {
        // "Seven short words stand in this sentence." has 8 tokens with its full stop.
        var text = string.Join(' ', Enumerable.Repeat("Seven short words stand in this sentence.", 5));

        var chunks = new Chunker(new ChunkerOptions { ChunkTokens = 17 }).Cut(new Document("d", "", text));

        Assert.Equal(["d#0", "d#1", "d#2"], chunks.Select(chunk => chunk.Id));
        Assert.All(chunks, chunk => Assert.EndsWith("sentence.", chunk.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Overlap_repeats_whole_sentences()
    {
        var text = string.Join(' ', Enumerable.Range(0, 12).Select(i => $"Number {i} is a short sentence."));

        var chunks = new Chunker(new ChunkerOptions { ChunkTokens = 32, ChunkOverlap = 12 }).Cut(new Document("d", "", text));

        for (var i = 1; i < chunks.Count; i++)
        {
            var repeated = text[chunks[i].Start..chunks[i - 1].End];
            Assert.StartsWith("Number", repeated, StringComparison.Ordinal);
            Assert.EndsWith("sentence.", repeated, StringComparison.Ordinal);
            Assert.InRange(TokenCounter.Count(repeated), 1, 12);
        }
    }

    [Fact]
    public void No_chunk_is_over_budget_offsets_are_true_and_only_white_space_is_lost() => Gen.Select(Texts, Gen.Int[8, 60], Gen.Int[0, 4]).Sample((text, budget, part) =>
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return;
        }

        var overlap = budget * part / 8;
        var chunks = new Chunker(new ChunkerOptions { ChunkTokens = budget, ChunkOverlap = overlap }).Cut(new Document("d", "", text));

        var covered = 0;
        foreach (var chunk in chunks)
        {
            Assert.Equal(text[chunk.Start..chunk.End], chunk.Text);
            Assert.InRange(TokenCounter.Count(chunk.Text), 1, budget);
            Assert.True(overlap > 0 || chunk.Start >= covered, "chunks overlap without being asked to");
            Assert.True(chunk.Start >= covered || TokenCounter.Count(text[chunk.Start..covered]) <= overlap, "the overlap is over its budget");
            Assert.True(chunk.Start <= covered || string.IsNullOrWhiteSpace(text[covered..chunk.Start]), "text between chunks is lost");
            Assert.True(chunk.End > covered, "a chunk brings nothing new");
            covered = chunk.End;
        }

        Assert.True(string.IsNullOrWhiteSpace(text[covered..]), "the end is lost");
    }, iter: 300);

    [Fact]
    public void Long_text_without_sentence_ends_is_cut_in_linear_time_and_never_inside_a_character()
    {
        var text = string.Concat(Enumerable.Repeat("😀日本", 40_000));

        var chunks = new Chunker(new ChunkerOptions { ChunkTokens = 64 }).Cut(new Document("d", "", text));

        Assert.Equal(text, string.Concat(chunks.Select(chunk => chunk.Text)));
        Assert.All(chunks, chunk => Assert.False(char.IsLowSurrogate(chunk.Text[0])));
    }

    [Fact]
    public void Overlap_of_more_than_half_the_budget_is_refused() =>
        Assert.Throws<OptionsException>(() => new Chunker(new ChunkerOptions { ChunkTokens = 100, ChunkOverlap = 51 }));
}
