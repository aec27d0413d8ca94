using System.ComponentModel.DataAnnotations;

namespace Agentic.Agent;

/// <summary>Which worlds a world belongs to. Those of different splits share no name.</summary>
public enum WorldSplit
{
    /// <summary>To train on; six of eight words a name can be made of are of this split.</summary>
    Train,

    /// <summary>To choose settings by.</summary>
    Development,

    /// <summary>To report on.</summary>
    Test,
}

/// <summary>What a question has that training never sees.</summary>
[Flags]
public enum HeldOut
{
    /// <summary>Nothing but its names.</summary>
    None = 0,

    /// <summary>A phrasing of a relation.</summary>
    Template = 1,

    /// <summary>Two relations that follow each other.</summary>
    Composition = 2,
}

/// <summary>How often each kind of question is asked.</summary>
public enum QuestionMix
{
    /// <summary>Mostly chains of one to four facts: what is reported on.</summary>
    Chains,

    /// <summary>Questions that compare or join two facts, or have no answer, as often as chains: what a policy needs to see of them to learn them.</summary>
    Even,
}

/// <summary>Size and kind of a generated world.</summary>
public sealed record WorldOptions : IValidatableObject
{
    /// <summary>Fewest documents of a world: below, whole kinds of entities would be missing from every question.</summary>
    internal const int FewestDocuments = 20;

    /// <summary>Whose names and phrasings it uses.</summary>
    [EnumDataType(typeof(WorldSplit))] public WorldSplit Split { get; init; } = WorldSplit.Train;

    /// <summary>What questions may have beside unseen names; each kind named gets an equal share of the questions, as does none. Never in a train world.</summary>
    public HeldOut HeldOut { get; init; } = HeldOut.None;

    /// <summary>How often each kind of question is asked.</summary>
    [EnumDataType(typeof(QuestionMix))] public QuestionMix Mix { get; init; } = QuestionMix.Chains;

    /// <summary>Exact number of documents.</summary>
    [Range(FewestDocuments, 5_000)] public int Documents { get; init; } = 60;

    /// <summary>Exact number of questions.</summary>
    [Range(1, 1_000_000)] public int Questions { get; init; } = 200;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Split == WorldSplit.Train && HeldOut != HeldOut.None)
        {
            yield return new ValidationResult("HeldOut must be none for a train world: what is held out is what training never sees");
        }
    }
}
