using System.Text.Json.Nodes;
using Agentic.Agent;
using Agentic.Training;

namespace Agentic.Cli;

/// <summary>What a local model was trained with is the default of what it is used with.</summary>
internal static class ModelDefaults
{
    /// <summary>Configurations that belong beneath the user's; none for a policy that is no local model.</summary>
    public static IReadOnlyList<(string Source, string Text)> Of(Settings settings)
    {
        if (settings.Policy is not LocalPolicyOptions { Model: { } folder } policy)
        {
            return [];
        }

        var defaults = new JsonObject
        {
            ["evaluation"] = new JsonObject { ["concurrency"] = Math.Min(policy.Serving.MaxSequences, 256) },
            ["collection"] = new JsonObject { ["concurrency"] = Math.Min(policy.Serving.MaxSequences, 4_096) },
        };
        if (DemonstrationHeader.Find(folder) is { } header)
        {
            foreach (var (name, section) in new[] { ("evidence", header.Evidence), ("retriever", header.Retriever), ("agent", header.Agent) })
            {
                defaults[name] = section?.DeepClone();
            }
        }

        foreach (var absent in defaults.Where(section => section.Value is null).Select(section => section.Key).ToList())
        {
            defaults.Remove(absent);
        }

        return [(Path.Combine(folder, DemonstrationHeader.FileName), defaults.ToJsonString())];
    }
}
