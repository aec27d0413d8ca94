using Agentic.Retrieval;
using CsCheck;

namespace Agentic.Graph.Tests;

/// <summary>Random small corpora whose documents name each other, share titles and aliases, and change what they say.</summary>
internal static class SmallWorld
{
    private static readonly string[] Titles =
        ["Ann Lee", "Ann Lee (painter)", "Bo Karr", "Cyl", "Lund", "Lund Museum", "The Quiet Field", "Quiet Field", "Dé Roux", "Karr Prize"];

    private static readonly string[] Templates =
    [
        "{0} (born 3 May 19{3} in {1}) was a painter.", "{0} is a town in {1}.", "{0} is a film directed by {1} and written by {2}.", "{0} married {1} in 19{3}.",
        "{0} was founded by {1} near {2}.", "She won the {1} for {2}.", "He is the father of {1}.", "{0} lies on the river of {2}, which {1} painted twice.",
    ];

    public static readonly string[] Queries =
        ["Who directed The Quiet Field?", "Where was the director of Quiet Field born?", "Ann Lee painter", "Who founded Lund Museum and whom did Bo Karr marry?", "river town prize"];

    private static readonly Gen<string> Text =
        Gen.Select(Gen.OneOf(Templates), Gen.OneOf(Titles), Gen.OneOf(Titles), Gen.Int[10, 99]).Array[1, 4]
            .Select(parts => string.Join(' ', parts.Select(part => string.Format(System.Globalization.CultureInfo.InvariantCulture, part.Item1, "%", part.Item2, part.Item3, part.Item4))));

    /// <summary>Documents of the ids d0 to d<paramref name="most"/>, each at most once.</summary>
    public static Gen<Document[]> Documents(int least, int most) =>
        Gen.Select(Gen.OneOf(Titles), Text).Array[least, most].Select(drawn =>
            drawn.Select((document, number) => new Document($"d{number}", document.Item1, document.Item2.Replace("%", document.Item1, StringComparison.Ordinal))).ToArray());
}
