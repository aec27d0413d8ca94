using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>Options of one kind of optimizer; the kind is the record's name without its ending.</summary>
public abstract record OptimizerOptions
{
    /// <summary>An optimizer of these parameters; float32 state whatever the compute type is.</summary>
    /// <param name="parameters">Parameters by name; they outlive the optimizer.</param>
    /// <param name="product">Number type in which the run computes matrix products.</param>
    internal abstract IOptimizer Build(IReadOnlyList<(string Name, Tensor Value)> parameters, ScalarType product);
}

/// <summary>Changes parameters by their gradients. Owns its state.</summary>
internal interface IOptimizer : IDisposable
{
    /// <summary>State by name, in a fixed order; saving and restoring it makes the optimizer go on to the bit.</summary>
    IReadOnlyList<(string Name, Tensor Value)> State { get; }

    /// <summary>The rate that is logged: that of the group with most parameters, before the schedule.</summary>
    double LearningRate { get; }

    /// <summary>One update from the gradients as they are.</summary>
    /// <param name="update">1-based number of this update since the state was zero.</param>
    /// <param name="rate">Share of the learning rate, from the schedule.</param>
    void Step(int update, double rate);
}
