using Agentic.Retrieval;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>Where a run has the reference's numbers from: a frozen model beside the trained one, or a store that was filled from it.</summary>
internal sealed class ReferenceModel : IDisposable
{
    private readonly string _folder;
    private readonly ComputeOptions _compute;
    private ReferenceStore? _store;

    private ReferenceModel(string folder, ComputeOptions compute) => (_folder, _compute) = (folder, compute);

    /// <summary>The frozen model; null where a store has its numbers.</summary>
    public CausalLm? Model { get; private set; }

    /// <summary>Log-probabilities of a batch's rows from the store; null without one.</summary>
    public Func<ObjectiveBatch, Tensor>? Stored => _store is null ? null : _store.For;

    /// <summary>The reference a job's objective asks for; null when it asks for none.</summary>
    /// <exception cref="AgenticException">The job names a reference its objective cannot use, or one that reads other tokens.</exception>
    public static ReferenceModel? For(TrainingJob job)
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
        return ModelFolder.LoadTokenizer(folder).Fingerprint == ModelFolder.LoadTokenizer(job.ModelFolder).Fingerprint
            ? new ReferenceModel(folder, job.Options.Compute)
            : throw new AgenticException($"the reference {folder} has another tokenizer than {job.ModelFolder}; both must read the same tokens");
    }

    /// <summary>Loads what the updates will read; with a store, fills what it lacks first and lets the model go.</summary>
    /// <exception cref="AgenticException">The store is another model's, or damaged.</exception>
    /// <exception cref="OperationCanceledException">Interrupted while filling; what was made is kept.</exception>
    public void Prepare(TrainingJob job, CancellationToken cancellationToken)
    {
        if (job.ReferenceStore is not { } path)
        {
            Model ??= CausalLm.Load(_folder, _compute);
            return;
        }

        if (_store is null)
        {
            _store = ReferenceStore.Open(path, ReferenceFingerprint.Of(_folder, _compute));
            using var model = CausalLm.Load(_folder, _compute);
            foreach (var items in new[] { job.Items, job.HeldOut }.OfType<ITrainingItems>())
            {
                ReferenceFill.Run(model, items, _store, job.Options.MicroBatchTokens, progress: null, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Model?.Dispose();
        _store?.Dispose();
    }
}
