using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Agentic.Agent;

/// <summary>What servers add to a completion beyond the common interface: token ids (vLLM and SGLang: <c>choices[0].token_ids</c>) and log-probabilities.</summary>
/// <param name="TokenIds">Ids of the completion, or null.</param>
/// <param name="LogProbs">One for each id; or, without ids, one for each token that the server reports; or null.</param>
internal sealed record WireExtras(IReadOnlyList<int>? TokenIds, IReadOnlyList<double>? LogProbs)
{
    private const string Key = "agentic.wire_extras";

    public static WireExtras? Of(ChatResponse response) => response.AdditionalProperties?.GetValueOrDefault(Key) as WireExtras;

    /// <summary>Reads them off the first choice of a response; null when it has none or they are of another shape.</summary>
    public static WireExtras? Read(JsonElement choice)
    {
        var ids = Ids(choice);
        var logProbs = LogProbabilities(choice);
        return ids is null && logProbs is null ? null : new WireExtras(ids, ids is null || logProbs?.Count == ids.Count ? logProbs : null);
    }

    public void AttachTo(ChatResponse response) => (response.AdditionalProperties ??= [])[Key] = this;

    private static List<int>? Ids(JsonElement choice)
    {
        if (!choice.TryGetProperty("token_ids", out var ids) || ids.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var read = new List<int>(ids.GetArrayLength());
        foreach (var id in ids.EnumerateArray())
        {
            if (id.ValueKind != JsonValueKind.Number || !id.TryGetInt32(out var value))
            {
                return null;
            }

            read.Add(value);
        }

        return read;
    }

    private static List<double>? LogProbabilities(JsonElement choice)
    {
        if (!choice.TryGetProperty("logprobs", out var logProbs)
            || logProbs.ValueKind != JsonValueKind.Object
            || !logProbs.TryGetProperty("content", out var tokens)
            || tokens.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var read = new List<double>(tokens.GetArrayLength());
        foreach (var token in tokens.EnumerateArray())
        {
            if (token.ValueKind != JsonValueKind.Object || !token.TryGetProperty("logprob", out var value) || value.ValueKind != JsonValueKind.Number)
            {
                return null;
            }

            read.Add(value.GetDouble());
        }

        return read;
    }
}
