using Agentic.Agent;
using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>A whole course of work under one name, with every number of it; the kind is the record's name without its ending.</summary>
/// <remarks>It can be stopped at any time and goes on where it was.</remarks>
public abstract record RecipeOptions
{
    /// <summary>What it makes, in one sentence.</summary>
    public abstract string Describe();

    /// <summary>Does what is not done yet; the model is in <see cref="RecipeBench.Folder"/> at the end.</summary>
    /// <param name="bench">Where, and with what.</param>
    /// <param name="cancellationToken">Stops the work; the same call goes on.</param>
    /// <exception cref="AgenticException">The folder holds something else, or was begun with other numbers.</exception>
    public abstract Task RunAsync(RecipeBench bench, CancellationToken cancellationToken);
}

/// <summary>What a recipe works with.</summary>
/// <param name="Folder">Folder of all it makes.</param>
/// <param name="Seed">Root of everything drawn.</param>
/// <param name="Numbers">Every option of the recipe by name: a folder begun with others is refused.</param>
/// <param name="Evidence">How evidence is found in a world.</param>
/// <param name="Note">Told each stage, and warnings.</param>
/// <param name="Progress">Given the updates of a training and how many are done, returns what is told the others.</param>
/// <param name="Time">Clock of the measurements.</param>
public sealed record RecipeBench(string Folder, Seed Seed, IReadOnlyDictionary<string, string> Numbers, IWorldEvidence Evidence, Action<string> Note, Func<int, int, IProgress<UpdateReport>> Progress, TimeProvider Time);

/// <summary>Evidence in generated worlds, as the host selects it.</summary>
public interface IWorldEvidence
{
    /// <summary>What a policy trained on this evidence has to be told.</summary>
    /// <param name="items">Items shown in a step.</param>
    /// <param name="prompt">What stands in the prompt.</param>
    DemonstrationHeader Header(int items, PromptStyle prompt);

    /// <summary>Indexes a world.</summary>
    /// <param name="items">Items shown in a step.</param>
    OpenWorld Open(World world, int items);
}

/// <summary>A world with its evidence; disposing it frees the index.</summary>
public sealed record OpenWorld(IEvidenceRetriever Evidence, IDisposable Index) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Index.Dispose();
}
