using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Agentic.Agent;

/// <summary>What decides the outcome of a run, as names and values: two runs with equal configurations must give equal attempts.</summary>
/// <remarks>Holds no secret: it is written beside the trajectories. Include the digests of index and questions and the policy's id.</remarks>
public sealed class RunConfiguration
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A configuration; later changes to <paramref name="values"/> do not show.</summary>
    public RunConfiguration(IEnumerable<KeyValuePair<string, string>> values)
    {
        Values = new SortedDictionary<string, string>(values.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal);
        Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(Values, Json))));
    }

    /// <summary>Names with values, in ordinal order.</summary>
    public IReadOnlyDictionary<string, string> Values { get; }

    /// <summary>SHA-256 of the values, in hex.</summary>
    public string Hash { get; }

    /// <summary>Short name of the run: the beginning of <see cref="Hash"/>.</summary>
    public string RunId => Hash[..16];

    /// <summary>One phrase a difference, in ordinal order of names; empty for equal configurations.</summary>
    public IReadOnlyList<string> DifferencesFrom(RunConfiguration earlier) =>
    [
        .. Values.Keys.Union(earlier.Values.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Where(name => Values.GetValueOrDefault(name) != earlier.Values.GetValueOrDefault(name))
            .Select(name => $"{name} was {earlier.Values.GetValueOrDefault(name, "not set")} and is {Values.GetValueOrDefault(name, "not set")}"),
    ];
}
