using Agentic.Retrieval;

namespace Agentic.Graph.Tests;

public sealed class RelationStrengthTests
{
    private static readonly ChunkIndex Index = Small.Index(
        ("The Silent Mill", "The Silent Mill was written by Ana Roth and directed by Oto Brandl. It was shown in Vessen."),
        ("Oto Brandl", "Oto Brandl was a son of Mila Brandl."));

    [Fact]
    public void The_name_next_to_the_asked_relation_is_the_strongest()
    {
        var asked = Asked("director");

        Assert.True(asked.Around(Text(0), At(0, "oto"), At(0, "oto") + 2) > asked.Around(Text(0), At(0, "ana"), At(0, "ana") + 2));
    }

    [Fact]
    public void Words_of_another_sentence_do_not_count() =>
        Assert.Equal(0, Asked("director").Around(Text(0), At(0, "vessen"), At(0, "vessen") + 1));

    // Only "mother" is asked, so its weight is 1; "son", related to it, stands 2 words before the name: .9 exp(-2 / 4).
    [Fact]
    public void A_related_word_counts_nearly_as_much_as_the_word_itself() =>
        Assert.Equal(0.9 * Math.Exp(-0.5), Asked("mother").Around(Text(1), At(1, "mila"), At(1, "mila") + 2), 12);

    [Fact]
    public void Nothing_asked_gives_no_strength() => Assert.Equal(0, Asked("the", "of").Around(Text(0), 3, 4));

    private static RelationStrength Asked(params string[] words) => new(words, Index.Names);

    private static WordSequence Text(int chunk) => Index.Names.Corpus.Texts[chunk];

    private static int At(int chunk, string word) => Array.LastIndexOf(Text(chunk).Words, Index.Names.Corpus.Vocabulary.Find(word));
}
