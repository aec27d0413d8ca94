using System.ComponentModel.DataAnnotations;
using Agentic.Agent;
using Agentic.Graph;
using Agentic.Retrieval;
using Agentic.Training;

namespace Agentic.Cli;

/// <summary>Everything that can be configured; each section is the options record of the part it configures.</summary>
internal sealed record Settings
{
    /// <summary>How an index is built.</summary>
    public IndexBuilderOptions Index { get; init; } = new();

    /// <summary>Where triplets come from: rules, none, or a file of OpenIE JSON Lines.</summary>
    [Required] public string Triplets { get; init; } = TripletSource.Rules;

    /// <summary>How chunks are ranked.</summary>
    public RetrieverOptions Retriever { get; init; } = new Bm25RetrieverOptions();

    /// <summary>Personalized PageRank of <c>graph ppr</c>.</summary>
    public PageRankOptions PageRank { get; init; } = new();

    /// <summary>How the evidence of a step is selected.</summary>
    public TeaRagOptions Evidence { get; init; } = new();

    /// <summary>Who is asked for text.</summary>
    public PolicyOptions Policy { get; init; } = new SymbolicPolicyOptions();

    /// <summary>How a set of questions is attempted.</summary>
    public QaEvaluationOptions Evaluation { get; init; } = new();

    /// <summary>How attempts are collected.</summary>
    public CollectionOptions Collection { get; init; } = new();

    /// <summary>How trajectories are scored.</summary>
    public ScoringOptions Scoring { get; init; } = new();

    /// <summary>Which scored trajectories become pairs.</summary>
    public PairRuleOptions Pairing { get; init; } = new IpDpoPairRuleOptions();

    /// <summary>A whole course of work, for <c>recipe</c>.</summary>
    public RecipeOptions Recipe { get; init; } = new AgentSftRecipeOptions();

    /// <summary>Limits of an attempt at a question.</summary>
    public AgentLoopOptions Agent { get; init; } = new();

    /// <summary>How a model is trained on demonstrations.</summary>
    public TrainerOptions Training { get; init; } = new();

    /// <summary>How a model is trained on preference pairs.</summary>
    public PreferenceOptions Preference { get; init; } = new();
}
