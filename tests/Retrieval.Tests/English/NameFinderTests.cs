namespace Agentic.Retrieval.Tests;

public sealed class NameFinderTests
{
    [Theory]
    [InlineData("The crew flew an F-16 over Malta.", "F-16", "Malta")]
    [InlineData("It follows RFC-2119 and nothing else.", "RFC-2119")]
    [InlineData("The K-14 shaft seal failed.", "K-14")]
    [InlineData("She met Anna - 14 years later.", "Anna")]
    [InlineData("Henry Moore (1898-1986) was a sculptor.", "Henry Moore")]
    public void A_number_on_a_tight_hyphen_belongs_to_the_name(string text, params string[] names)
    {
        var spans = TextSpans.Of(EnglishText.Analyze(text));

        var found = Enumerable.Range(0, spans.Words.Count).Where(at => spans.NameEnd(at) > 0).Select(at => spans.Slice(at, spans.NameEnd(at)));

        Assert.Equal(names, found);
    }
}
