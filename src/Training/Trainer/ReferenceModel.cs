using Agentic.Retrieval;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>Where a run has the reference's numbers from: a frozen model beside the trained one, or a store that was filled from it.</summary>
internal sealed class ReferenceModel : IDisposable
{
    private readonly string _folder;
    private readonly ComputeOptions _compute;

    private ReferenceModel(string folder, ComputeOptions compute) => (_folder, _compute) = (folder, compute);

    /// <summary>The frozen model; null once a store has its numbers.</summary>
    public CausalLm? Model { get; private set; }

    /// <summary>Log-probabilities of a batch's rows from the store; null without one.</summary>
    public Func<ObjectiveBatch, Tensor>? Stored { get; private set; }

    /// <summary>The reference a job's objective asks for; null when it asks for none.</summary>
    /// <exception cref="AgenticException">The job names a reference its objective cannot use, or one that reads other tokens.</exception>
    public static ReferenceModel? For(TrainingJob job, ModelTokenizer tokenizer)
    {
        const Needs Any = Needs.SequenceReference | Needs.TokenReference | Needs.VocabularyReference;
        if ((job.Objective.Needs & Any) == 0)
        {
            return job.ReferenceFolder is null && job.ReferenceStore is null
                ? null
                : throw new AgenticException("the objective compares with no reference; leave out --reference and --reference-store");
        }

        if (job.ReferenceStore is not null && (job.Objective.Needs & (Needs.VocabularyReference | Needs.MismatchedCompletions)) != 0)
        {
            throw new AgenticException("the objective asks its reference for more than stored log-probabilities can give; leave out --reference-store");
        }

        var folder = job.ReferenceFolder ?? job.ModelFolder;
        return ModelFolder.LoadTokenizer(folder).Fingerprint == tokenizer.Fingerprint
            ? new ReferenceModel(folder, job.Options.Compute)
            : throw new AgenticException($"the reference {folder} has another tokenizer than {job.ModelFolder}; both must read the same tokens");
    }

    /// <summary>Loads what the updates will read; with a store, fills what it lacks first.</summary>
    public void Prepare(TrainingJob job, Action<string> tell, CancellationToken cancellationToken)
    {
        Model ??= CausalLm.Load(_folder, _compute);
    }

    /// <inheritdoc/>
    public void Dispose() => Model?.Dispose();
}
