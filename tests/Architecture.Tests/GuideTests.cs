using System.Text.RegularExpressions;
using Agentic.TestSupport;

namespace Agentic.Architecture.Tests;

/// <summary>The documents that explain the code speak of what is there.</summary>
public sealed class GuideTests
{
    private static readonly string Architecture = Path.Combine(Repository.Root, "ARCHITECTURE.md");

    [Fact]
    public void Every_relative_link_leads_somewhere()
    {
        var dead = from file in Guides()
                   from Match link in Regex.Matches(File.ReadAllText(file), @"\]\((?!https?:|#)([^)#\s]+)")
                   where !Path.Exists(Path.Combine(Path.GetDirectoryName(file)!, link.Groups[1].Value))
                   select $"{Path.GetRelativePath(Repository.Root, file)}: {link.Groups[1].Value}";

        Assert.Empty(dead);
    }

    [Fact]
    public void Every_folder_and_file_the_architecture_names_exists()
    {
        var missing = Quoted(@"^[\w.-]+(/[\w.-]+)+$").Where(path => !Path.Exists(Path.Combine(Repository.Root, path)) && !Path.Exists(Path.Combine(Repository.Root, "src", path)));

        Assert.Empty(missing);
    }

    [Fact]
    public void Every_type_the_architecture_names_exists()
    {
        var types = Libraries.All.Append(typeof(Cli.Application).Assembly)
            .SelectMany(assembly => assembly.GetTypes())
            .Select(type => type.Name)
            .Append("TimeProvider")
            .ToHashSet(StringComparer.Ordinal);

        var unknown = Quoted(@"^I?[A-Z][a-z]+([A-Z][a-z]+)+\d*(\.\w+)?$").Select(name => name.Split('.')[0]).Where(name => !types.Contains(name));

        Assert.Empty(unknown);
    }

    [Fact]
    public void The_code_the_architecture_shows_is_the_code_there_is()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText).ToList();
        var shown = Regex.Matches(File.ReadAllText(Architecture), "```csharp\n(.*?)\n```", RegexOptions.Singleline).Select(block => block.Groups[1].Value).ToList();

        Assert.NotEmpty(shown);
        Assert.All(shown, block => Assert.Contains(sources, source => source.Contains(block, StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_decision_is_listed()
    {
        var folder = Path.Combine(Repository.Root, "docs", "decisions");
        var list = File.ReadAllText(Path.Combine(folder, "README.md"));

        Assert.All(Directory.EnumerateFiles(folder, "0*.md").Select(Path.GetFileName), name => Assert.Contains($"({name})", list, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Guides() =>
        Directory.EnumerateFiles(Repository.Root, "*.md")
            .Concat(new[] { "docs", "corpora" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.md", SearchOption.AllDirectories)))
            .Order(StringComparer.Ordinal);

    private static IEnumerable<string> Quoted(string pattern) =>
        Regex.Matches(File.ReadAllText(Architecture), "`([^`\n]+)`").Select(match => match.Groups[1].Value).Where(text => Regex.IsMatch(text, pattern)).Distinct();
}
