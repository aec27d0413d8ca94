using System.Text.Json;
using Agentic.Agent;

namespace Agentic.Cli;

/// <summary>What decides the outcome of attempts over an index, as names and values.</summary>
internal static class AttemptConfiguration
{
    /// <summary>Sections of the settings that decide what is answered; the others only decide how fast.</summary>
    private static readonly string[] Deciding = ["policy", "retriever", "evidence", "agent"];

    /// <summary>
    /// Parts of a deciding section that only decide how long calls are tried and how many run side by side, or where a model lies that the policy's id names by its content:
    /// they may change from run to run.
    /// </summary>
    private static readonly string[] Lasting = ["policy.resilience.", "policy.serving.", "policy.model", "policy.mirrors", "policy.callsPerEndpoint", "policy.restSeconds"];

    public static Dictionary<string, string> Of(Workbench bench, string policyId)
    {
        var settings = JsonSerializer.SerializeToNode(bench.Settings, OptionsJson.Serializer)!.AsObject();
        var values = new Dictionary<string, string>
        {
            ["index"] = IndexDigest.OfContent(bench.Index),
            ["policyId"] = policyId,
        };
        var leaves = Deciding.SelectMany(section => SettingsLeaves.Of(settings[section]!.AsObject(), section));
        foreach (var (leaf, value) in leaves.Where(leaf => !Lasting.Any(part => leaf.Path.StartsWith(part, StringComparison.Ordinal))))
        {
            values.Add(leaf, value);
        }

        return values;
    }
}
