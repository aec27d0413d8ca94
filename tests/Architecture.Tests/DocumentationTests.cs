using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Agentic.Architecture.Tests;

public sealed class DocumentationTests
{
    [Fact]
    public void Every_public_type_has_a_summary_that_says_more_than_its_name()
    {
        var summaries = Libraries.All
            .Select(assembly => Path.ChangeExtension(assembly.Location, ".xml"))
            .SelectMany(file => XDocument.Load(file).Descendants("member"))
            .ToDictionary(member => (string)member.Attribute("name")!, member => Words(member.Element("summary")));

        var silent = Libraries.PublicTypes
            .Where(type => summaries.GetValueOrDefault("T:" + type.FullName!.Replace('+', '.'), []).Except(Words(type.Name)).Count() < 3)
            .Select(type => type.FullName);

        Assert.Empty(silent);
    }

    private static string[] Words(XElement? summary) => summary is null ? [] : Words(summary.ToString());

    private static string[] Words(string text) =>
        [.. Regex.Matches(Regex.Replace(text, "<[^>]*>", " "), "[A-Z]?[a-z]+|[A-Z]+|[0-9]+").Select(match => match.Value.ToLowerInvariant()).Distinct()];
}
