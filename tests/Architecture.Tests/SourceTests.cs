using System.Text.RegularExpressions;

namespace Agentic.Architecture.Tests;

public sealed class SourceTests
{
    /// <summary>Files that would be harder to read in pieces, each with its reason.</summary>
    private static readonly Dictionary<string, string> LongFiles = new(StringComparer.Ordinal)
    {
        ["src/Agent/Policies/QuestionParser.cs"] = "a grammar: its productions are read beside each other",
        ["src/Retrieval/English/FactReader.cs"] = "the order of its readers is the algorithm",
    };

    [Theory]
    [InlineData(@"\bLucene\.Net\b", "src/Retrieval/Lexical/")]
    [InlineData(@"\bQuikGraph\b", "src/Graph/")]
    [InlineData(@"\bMicrosoft\.SemanticKernel\b", "src/Agent/Policies/", "src/Agent/Tools/", "src/Graph/Extraction/")]
    [InlineData(@"\bTorchSharp\b", "src/Training/")]
    [InlineData(@"\bPolly\b", "src/Retrieval/Foundation/")]
    [InlineData(@"\bMicrosoft\.Data\.Sqlite\b", "src/Agent/Collection/")]
    [InlineData(@"\b(System\.CommandLine|Spectre\.Console)\b", "src/Cli/")]
    [InlineData(@"\bEnvironment\.(GetEnvironmentVariables?|ExpandEnvironmentVariables)\b", "src/Cli/", "src/Training/Native/")]
    [InlineData(@"\b(System\.)?Console\.(Write|Out|Error|In|Read)", "src/Cli/")]
    public void What_belongs_to_one_folder_is_used_there_alone(string pattern, params string[] folders)
    {
        var uses = from file in SourceFiles.Under("src")
                   where !folders.Any(folder => file.Path.StartsWith(folder, StringComparison.Ordinal))
                   from line in file.Lines
                   where !line.TrimStart().StartsWith("///", StringComparison.Ordinal) && Regex.IsMatch(WithoutTexts(line), pattern)
                   select $"{file.Path}: {line.Trim()}";

        Assert.Empty(uses);
    }

    [Theory]
    [InlineData("src/Retrieval", "Agentic.Retrieval")]
    [InlineData("src/Graph", "Agentic.Graph")]
    [InlineData("src/Agent", "Agentic.Agent")]
    [InlineData("src/Training", "Agentic.Training")]
    [InlineData("src/Cli", "Agentic.Cli")]
    public void A_project_has_one_namespace(string folder, string name)
    {
        var others = from file in SourceFiles.Under(folder)
                     from line in file.Lines
                     where line.StartsWith("namespace ", StringComparison.Ordinal) && line != $"namespace {name};"
                     select $"{file.Path}: {line}";

        Assert.Empty(others);
    }

    [Theory]
    [InlineData("src", 250)]
    [InlineData("tests", 350)] // the tests of one subject stay together
    public void A_file_stays_short_unless_there_is_a_reason(string folder, int most)
    {
        var tooLong = SourceFiles.Under(folder)
            .Where(file => file.Lines.Length > most && !LongFiles.ContainsKey(file.Path))
            .Select(file => $"{file.Path}: {file.Lines.Length} lines");

        Assert.Empty(tooLong);
    }

    [Theory]
    [InlineData(@"\bclass \w*(Utils?|Helpers?|Manager|Impl)\b", "says nothing about what it does")]
    [InlineData(@"\bTODO\b(?! ?\(#\d+\))", "carries an issue number or goes")]
    [InlineData(@"\.GetAwaiter\(\)\.GetResult\(\)|\.Wait\(\)", "blocks a thread on a task")]
    [InlineData(@"#region", "hides code")]
    public void What_the_style_refuses_is_not_there(string pattern, string reason)
    {
        var uses = from file in SourceFiles.Under("src")
                   from line in file.Lines
                   where Regex.IsMatch(line, pattern)
                   select $"{file.Path}: {line.Trim()} ({reason})";

        Assert.Empty(uses);
    }

    /// <summary>A name inside quotes is shown to people, not used.</summary>
    private static string WithoutTexts(string line) => Regex.Replace(line, "\"[^\"]*\"", "");
}
