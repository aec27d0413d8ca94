using System.Text.Json.Nodes;

namespace Agentic.Cli;

/// <summary>The configuration as a flat list of paths and values.</summary>
internal static class SettingsLeaves
{
    /// <summary>Every value under <paramref name="section"/>, in order, as JSON.</summary>
    public static IEnumerable<(string Path, string Value)> Of(JsonObject section, string prefix)
    {
        foreach (var (key, value) in section)
        {
            var path = prefix.Length == 0 ? key : $"{prefix}.{key}";
            if (value is JsonObject child)
            {
                foreach (var leaf in Of(child, path))
                {
                    yield return leaf;
                }
            }
            else
            {
                yield return (path, value?.ToJsonString() ?? "null");
            }
        }
    }
}
