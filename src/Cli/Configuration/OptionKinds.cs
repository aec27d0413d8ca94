using System.Reflection;
using System.Text.Json;

namespace Agentic.Cli;

/// <summary>Discovers the kinds of an abstract options record: adding one to a library is adding a class, nothing else.</summary>
internal static class OptionKinds
{
    private const string Suffix = "Options";

    /// <summary>By name, not by what happens to be loaded: .NET loads lazily, and the set must not depend on what ran before.</summary>
    private static readonly Lazy<IReadOnlyList<Type>> OptionTypes = new(() =>
    [
        .. new[] { "Agentic.Retrieval", "Agentic.Graph", "Agentic.Agent", "Agentic.Training" }
            .Select(name => Assembly.Load(new AssemblyName(name)))
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.IsClass && type.Name.EndsWith(Suffix, StringComparison.Ordinal))
            .OrderBy(type => type.Name, StringComparer.Ordinal),
    ]);

    /// <summary>Every options record of the libraries, abstract ones included.</summary>
    public static IReadOnlyList<Type> All => OptionTypes.Value;

    /// <summary>Concrete records under <paramref name="baseType"/> by kind, in ordinal order of kinds.</summary>
    public static IReadOnlyDictionary<string, Type> Of(Type baseType) => new SortedDictionary<string, Type>(
        OptionTypes.Value.Concat(baseType.Assembly.GetTypes()).Distinct()
            .Where(type => !type.IsAbstract && type.IsSubclassOf(baseType))
            .ToDictionary(type => Name(type, baseType)),
        StringComparer.Ordinal);

    /// <summary><c>TitleHopRetrieverOptions</c> under <c>RetrieverOptions</c> is <c>title-hop</c>.</summary>
    public static string Name(Type type, Type baseType)
    {
        var ending = type.Name.EndsWith(baseType.Name, StringComparison.Ordinal) ? baseType.Name : Suffix;
        return JsonNamingPolicy.KebabCaseLower.ConvertName(type.Name[..^ending.Length]);
    }
}
