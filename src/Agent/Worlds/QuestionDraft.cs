using Agentic.Retrieval;

namespace Agentic.Agent;

/// <summary>A question that a world can carry, before it is put into words.</summary>
/// <param name="Type">Kind of question as reports name it.</param>
/// <param name="Hops">Number of its steps.</param>
/// <param name="Steps">Gives its gold decomposition in the step protocol.</param>
/// <param name="Answer">The only answer.</param>
/// <param name="IsComposition">True when two relations follow each other that never do in training.</param>
/// <param name="Words">Puts it into words; null when it has no words of the wanted sort.</param>
internal sealed record QuestionDraft(string Type, int Hops, Func<IReadOnlyList<SubQuestion>> Steps, string Answer, bool IsComposition, Func<QuestionWording, string?> Words)
{
    public const string Lookup = "lookup";
    public const string Bridge = "bridge";
    public const string Comparison = "comparison";
    public const string YesNo = "yes_no";
    public const string Intersection = "intersection";
    public const string Temporal = "temporal";
    public const string Unanswerable = "unanswerable";

    /// <summary>What it adds to the mix of a world: its kind and, for chains, its hops.</summary>
    public string Group => Type is Bridge or Temporal or Unanswerable ? FormattableString.Invariant($"{Type} {Hops}") : Type;
}
