using System.Reflection;

namespace Agentic.Architecture.Tests;

/// <summary>The four libraries, compiled.</summary>
internal static class Libraries
{
    public static IReadOnlyList<Assembly> All { get; } =
        [.. new[] { "Agentic.Retrieval", "Agentic.Graph", "Agentic.Agent", "Agentic.Training" }.Select(Assembly.Load)];

    public static IEnumerable<Type> PublicTypes => All.SelectMany(assembly => assembly.GetExportedTypes());
}
