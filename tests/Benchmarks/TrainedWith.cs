using System.Text.Json;
using System.Text.Json.Serialization;
using Agentic.Agent;
using Agentic.Graph;

namespace Agentic.Benchmarks;

/// <summary>Evidence and limits that a model of a folder was trained with.</summary>
internal sealed record TrainedWith(TeaRagOptions Evidence, AgentLoopOptions Limits)
{
    private static readonly JsonSerializerOptions Sections = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) } };

    public static TrainedWith Of(string model)
    {
        var (header, limits) = (DemonstrationHeader.Find(model), new AgentLoopOptions());
        return new(header?.Evidence?.Deserialize<TeaRagOptions>(Sections) ?? new TeaRagOptions(), limits with { MaxSteps = (int?)header?.Agent?["maxSteps"] ?? limits.MaxSteps });
    }
}
