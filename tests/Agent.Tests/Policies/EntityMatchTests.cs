using Agentic.Agent;

namespace Agentic.Agent.Tests;

public sealed class EntityMatchTests
{
    [Theory]
    [InlineData("Bernhard II", "Bernhard III", 0)]
    [InlineData("Bernhard II", "bernhard ii", 1)]
    [InlineData("?!", "Bernhard II", 0)]   // no letter or digit: an empty key
    [InlineData("Bernhard II", "(1920)", 0)]
    [InlineData("?!", "...", 0)]
    public void Names_are_compared_whatever_their_characters(string sought, string written, double score) =>
        Assert.Equal(score, EntityMatch.Score(sought, written));
}
