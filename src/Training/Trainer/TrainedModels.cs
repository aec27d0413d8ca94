namespace Agentic.Training;

/// <summary>The models of one thread: the one that learns, and the frozen one it is compared with.</summary>
/// <param name="Policy">Learns.</param>
/// <param name="Reference">Read without gradient; null where nothing asks for one, or its numbers are stored.</param>
internal sealed record TrainedModels(ICausalLm Policy, ICausalLm? Reference = null) : IDisposable
{
    /// <summary>Models over the same numbers for another thread.</summary>
    public TrainedModels Replica() => new(Policy.Replica(), Reference?.Replica());

    /// <inheritdoc/>
    public void Dispose()
    {
        Policy.Dispose();
        Reference?.Dispose();
    }
}
