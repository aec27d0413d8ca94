namespace Agentic.Retrieval.Tests;

public sealed class SpellingIndexTests
{
    private static readonly SpellingIndex Names = new(["Husayn Bayqara", "Bahram Beyzai", "Oslo"]);

    // " bayqarah " has 8 trigrams, 6 of them among the 14 of " husayn bayqara ": containment .8 * 6 / 8 = .6, Jaccard 6 / 16.
    [Fact]
    public void A_spelling_variant_of_a_part_is_found_by_containment()
    {
        var match = Assert.Single(Names.Similar("Bayqarah", 0.55));

        Assert.Equal(("Husayn Bayqara", 0.6), (match.Name, Math.Round(match.Similarity, 12)));
    }

    [Fact]
    public void The_same_name_is_wholly_alike() => Assert.Equal(("Bahram Beyzai", 1.0), Names.Similar("bahram beyzai", 0.55)[0]);

    [Fact]
    public void A_different_name_is_not_found() => Assert.Empty(Names.Similar("Quentin Yorke", 0.55));
}
