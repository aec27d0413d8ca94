using System.ComponentModel.DataAnnotations;

namespace Agentic.Agent;

/// <summary>How many documents a question needs, as the rules of scoring and pairing see it.</summary>
public enum HopKind
{
    /// <summary>One hop, or no gold evidence is known.</summary>
    Single,

    /// <summary>Several hops with gold evidence.</summary>
    Multi,
}

/// <summary>Which parts of the reward count.</summary>
public enum RewardParts
{
    /// <summary>The answer alone; a single hop is not divided by its steps.</summary>
    Outcome,

    /// <summary>The answer and the form.</summary>
    OutcomeFormat,

    /// <summary>Answer, form and process: the paper's.</summary>
    Full,
}

/// <summary>Weights of the parts of the process reward; the defaults are the paper's.</summary>
public sealed record ProcessWeightOptions
{
    /// <summary>Of <c>r_cons</c>.</summary>
    [Range(0.0, 1.0)] public double Consistency { get; init; } = 0.1;

    /// <summary>Of <c>r_q</c>.</summary>
    [Range(0.0, 1.0)] public double Query { get; init; } = 0.3;

    /// <summary>Of <c>r_c</c>.</summary>
    [Range(0.0, 1.0)] public double Context { get; init; } = 0.3;

    /// <summary>Of <c>r_s</c>.</summary>
    [Range(0.0, 1.0)] public double Summary { get; init; } = 0.3;
}

/// <summary>What is measured of a trajectory before rewards are made of it.</summary>
/// <param name="Kind">Which rule holds.</param>
/// <param name="Outcome">Value of the answer in [0, 1].</param>
/// <param name="HasForm">True when the text follows the protocol to its end.</param>
/// <param name="Consistent">For each step: its entities are all in its subquery (CEM).</param>
/// <param name="Matches">For each unit of gold evidence: its best match among subqueries, evidence and summaries.</param>
internal sealed record RewardMeasures(HopKind Kind, double Outcome, bool HasForm, IReadOnlyList<bool> Consistent, IReadOnlyList<UnitMatch> Matches);

/// <summary>Best similarities of a unit of gold evidence, each in [0, 1].</summary>
internal readonly record struct UnitMatch(double Query, double Context, double Summary);

/// <summary>The rewards of TeaRAG (arXiv 2511.05385, equations 5 to 13).</summary>
/// <param name="Outcome"><c>r_out</c>: value of the answer; of a single hop divided by the steps.</param>
/// <param name="Format"><c>r_fmt</c>: 1 or 0.</param>
/// <param name="Process"><c>r_process</c>: the weighted sum of the following four; 0 for a single hop. May exceed 1 where there are fewer steps than units.</param>
/// <param name="Consistency"><c>r_cons</c>: share of the steps whose entities are in their subquery.</param>
/// <param name="Query"><c>r_q</c>: sum over the units of their best match among the subqueries, divided by the number of steps, not of units: that is the penalty on steps.</param>
/// <param name="Context"><c>r_c</c>: the same with the evidence shown.</param>
/// <param name="Summary"><c>r_s</c>: the same with the summaries.</param>
public sealed record TeaRagReward(double Outcome, double Format, double Process, double Consistency, double Query, double Context, double Summary)
{
    /// <summary>The rewards from what was measured. A trajectory without steps has no process and is divided by one.</summary>
    internal static TeaRagReward Of(RewardMeasures measures, RewardParts parts, ProcessWeightOptions weights)
    {
        var steps = measures.Consistent.Count;
        var format = measures.HasForm ? 1.0 : 0.0;
        if (parts != RewardParts.Full)
        {
            return new TeaRagReward(measures.Outcome, format, 0, 0, 0, 0, 0);
        }

        if (measures.Kind == HopKind.Single || steps == 0)
        {
            return new TeaRagReward(measures.Kind == HopKind.Single ? measures.Outcome / Math.Max(1, steps) : measures.Outcome, format, 0, 0, 0, 0, 0);
        }

        var consistency = (double)measures.Consistent.Count(isConsistent => isConsistent) / steps;
        var query = measures.Matches.Sum(match => match.Query) / steps;
        var context = measures.Matches.Sum(match => match.Context) / steps;
        var summary = measures.Matches.Sum(match => match.Summary) / steps;
        var process = (weights.Consistency * consistency) + (weights.Query * query) + (weights.Context * context) + (weights.Summary * summary);
        return new TeaRagReward(measures.Outcome, format, process, consistency, query, context, summary);
    }
}
