// Legend: N = matrices of one shape, P = their shorter side, Q = their longer side.
using System.ComponentModel.DataAnnotations;
using Agentic.Retrieval;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>Muon (Jordan et al. 2024) on the matrices between embedding and head; AdamW on everything else.</summary>
public sealed record MuonOptimizerOptions : OptimizerOptions
{
    /// <summary>Learning rate of the matrices: each update has about this spectral norm.</summary>
    [Range(1e-9, 10.0)] public double LearningRate { get; init; } = 0.02;

    /// <summary>Share of the momentum that is kept.</summary>
    [Range(0.0, 0.999999)] public double Momentum { get; init; } = 0.95;

    /// <summary>Iterations of Newton-Schulz; five bring every singular value to about one.</summary>
    [Range(1, 20)] public int Iterations { get; init; } = 5;

    /// <summary>Share of a matrix that one update at rate 1 takes away.</summary>
    [Range(0.0, 10.0)] public double WeightDecay { get; init; }

    /// <summary>Embedding, head, gains and biases. Tiny models trained from nothing take about 3e-3.</summary>
    public AdamwOptimizerOptions Rest { get; init; } = new() { LearningRate = 3e-3 };

    internal override IOptimizer Build(IReadOnlyList<(string Name, Tensor Value)> parameters, ScalarType product) =>
        new Muon(OptionsGuard.Checked(this), OptionsGuard.Checked(Rest), parameters, product);
}

/// <summary>
/// M = b M + (1 - b) G; U = (1 - b) G + b M (Nesterov); W = W (1 - lr decay) - lr sqrt(max(1, rows / columns)) O(U),
/// with O(U) the nearest matrix of orthonormal rows or columns, by a quintic Newton-Schulz iteration.
/// </summary>
/// <remarks>
/// A number given to TorchSharp as it is becomes an object that the collector may free while the native code reads it; those of every update are held until it is over.
/// Matrices of one shape go through the iteration together, tall ones transposed; in the run's compute type, as the momentum needs no more.
/// </remarks>
internal sealed class Muon : IOptimizer
{
    private readonly MuonOptimizerOptions _options;
    private readonly Adamw _rest;
    private readonly ScalarType _product;
    private readonly IReadOnlyList<Group> _groups;

    public Muon(MuonOptimizerOptions options, AdamwOptimizerOptions rest, IReadOnlyList<(string Name, Tensor Value)> parameters, ScalarType product)
    {
        (_options, _product) = (options, product);
        _rest = new Adamw(rest, [.. parameters.Where(parameter => !IsHiddenMatrix(parameter))]);
        _groups =
        [
            .. parameters.Where(IsHiddenMatrix)
                .GroupBy(parameter => (Short: parameter.Value.shape.Min(), Long: parameter.Value.shape.Max()))
                .Select(group => new Group([.. group], group.Key.Short, group.Key.Long)),
        ];
        State = [.. _groups.SelectMany(group => group.State), .. _rest.State];
    }

    public IReadOnlyList<(string Name, Tensor Value)> State { get; }

    public double LearningRate => _options.LearningRate;

    public void Step(int update, double rate)
    {
        _rest.Step(update, rate);
        foreach (var group in _groups)
        {
            Step(group, rate * _options.LearningRate);
        }
    }

    private void Step(Group group, double learningRate)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var gradient_NPQ = stack(group.Members.Select(member => Wide(member.grad ?? zeros_like(member))).ToArray());
        using Scalar shrink = 1 - (learningRate * _options.WeightDecay);
        group.Momentum.lerp_(gradient_NPQ, 1 - _options.Momentum);
        var direction_NPQ = Orthogonal(gradient_NPQ.lerp_(group.Momentum, _options.Momentum)).to(group.Momentum.dtype);
        for (var index = 0; index < group.Members.Count; index++)
        {
            var member = group.Members[index];
            if (_options.WeightDecay > 0)
            {
                member.mul_(shrink);
            }

            var (rows, columns) = (member.shape[0], member.shape[1]);
            var direction = direction_NPQ[index];
            using Scalar step = -learningRate * Math.Sqrt(Math.Max(1.0, (double)rows / columns));
            member.add_(rows > columns ? direction.t() : direction, alpha: step);
        }
    }

    /// <summary>X = a X + (b G + c G G) X with G = X X^T, from X = U / |U|.</summary>
    private Tensor Orthogonal(Tensor direction_NPQ)
    {
        using var scope = NewDisposeScope();
        using Scalar a = 3.4445, b = -4.7750, c = 2.0315, tiny = 1e-7;
        var x_NPQ = (direction_NPQ / (direction_NPQ * direction_NPQ).sum([-2, -1], keepdim: true).sqrt().add_(tiny)).to(_product);
        for (var iteration = 0; iteration < _options.Iterations; iteration++)
        {
            using var inner = NewDisposeScope();
            var gram_NPP = x_NPQ.bmm(x_NPQ.transpose(-2, -1));
            var polynomial_NPP = gram_NPP.bmm(gram_NPP).mul_(c).add_(gram_NPP, alpha: b);
            x_NPQ = polynomial_NPP.bmm(x_NPQ).add_(x_NPQ, alpha: a).MoveToOuterDisposeScope();
        }

        return x_NPQ.MoveToOuterDisposeScope();
    }

    private static Tensor Wide(Tensor matrix) => matrix.shape[0] > matrix.shape[1] ? matrix.t() : matrix;

    private static bool IsHiddenMatrix((string Name, Tensor Value) parameter) =>
        parameter.Value.dim() == 2 && parameter.Name is not ("model.embed_tokens.weight" or "lm_head.weight");

    public void Dispose()
    {
        _rest.Dispose();
        foreach (var group in _groups)
        {
            group.Dispose();
        }
    }

    /// <summary>Matrices of one shape with their momentum in one tensor.</summary>
    private sealed class Group : IDisposable
    {
        public Group(IReadOnlyList<(string Name, Tensor Value)> members, long shorter, long longer)
        {
            Members = [.. members.Select(member => member.Value)];
            Momentum = zeros([members.Count, shorter, longer], dtype: Members[0].dtype, device: Members[0].device).DetachFromDisposeScope();
            State = [.. members.Select((member, index) => ("muon.momentum." + member.Name, Momentum[index].DetachFromDisposeScope()))];
        }

        public IReadOnlyList<Tensor> Members { get; }

        public Tensor Momentum { get; }

        /// <summary>Views of <see cref="Momentum"/>, one a member.</summary>
        public IReadOnlyList<(string Name, Tensor Value)> State { get; }

        public void Dispose()
        {
            foreach (var (_, view) in State)
            {
                view.Dispose();
            }

            Momentum.Dispose();
        }
    }
}
