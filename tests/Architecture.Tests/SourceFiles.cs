using Agentic.TestSupport;

namespace Agentic.Architecture.Tests;

/// <summary>The project's own C# files as text.</summary>
internal static class SourceFiles
{
    /// <summary>Path relative to the repository with forward slashes, and the lines.</summary>
    public static IEnumerable<(string Path, string[] Lines)> Under(string folder) => Directory
        .EnumerateFiles(System.IO.Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .Select(file => (System.IO.Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'), File.ReadAllLines(file)));
}
