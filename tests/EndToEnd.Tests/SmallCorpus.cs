using Agentic.Cli;

namespace Agentic.EndToEnd.Tests;

/// <summary>Three documents that name each other.</summary>
internal static class SmallCorpus
{
    public const string Text = """
        {"id":"kestrel","title":"Kestrel Bridge","text":"The Kestrel Bridge was designed by Ida Moran. It crosses the Ouse."}
        {"id":"ida","title":"Ida Moran","text":"Ida Moran (born 3 May 1901) was an engineer. She was born in Harwick."}
        {"id":"harwick","title":"Harwick","text":"Harwick is a town on the Ouse."}
        """;

    /// <summary>Builds its index in a folder and returns where.</summary>
    public static async Task<string> BuildAsync(TempFolder folder, string name = "index")
    {
        var run = await CommandLine.RunAsync("index", "build", "--corpus", folder.Write("corpus.jsonl", Text), "--out", folder[name]);
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        return folder[name];
    }
}
