using Agentic.Retrieval;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training.Tests;

public sealed class OptimizerTests
{
    // First step of Adam: m / (1 - b1) = g and v / (1 - b2) = g^2, so the weight moves by lr g / (|g| + eps), after a decay by lr * 0.1.
    [Fact]
    public void First_step_of_adamw_moves_every_weight_by_the_rate()
    {
        using var scope = NewDisposeScope();
        var matrix = Parameter(tensor(new[,] { { 1.0, -2.0 } }), tensor(new[,] { { 0.5, -4.0 } }));
        var vector = Parameter(tensor(new[] { 3.0 }), tensor(new[] { 2.0 }));
        using var optimizer = new AdamwOptimizerOptions { LearningRate = 0.01, WeightDecay = 0.1, Epsilon = 0 }.Build([("m", matrix), ("v", vector)], ScalarType.Float64);

        optimizer.Step(1, rate: 1);

        Assert.Equal([(1 * 0.999) - 0.01, (-2 * 0.999) + 0.01], matrix.data<double>().ToArray().Select(value => Math.Round(value, 12)));
        Assert.Equal(3 - 0.01, vector.item<double>(), 12);
    }

    // The iteration in plain loops over doubles; a tall, a wide and a square matrix, two updates so that momentum counts.
    [Theory]
    [InlineData(5, 3)]
    [InlineData(3, 5)]
    [InlineData(4, 4)]
    public void Muon_agrees_with_loops(int rows, int columns)
    {
        using var scope = NewDisposeScope();
        var random = new Seed(5).ToRandom();
        double[,] Random() => Build(rows, columns, (_, _) => random.NextDouble() - 0.5);
        var (weight, gradients) = (Random(), new[] { Random(), Random() });
        var parameter = Parameter(tensor(weight), tensor(gradients[0]));
        var other = Parameter(tensor(weight), tensor(gradients[1]));
        using var optimizer = new MuonOptimizerOptions { LearningRate = 0.1, WeightDecay = 0.5 }.Build([("model.layers.0.a", other), ("model.layers.0.b", parameter)], ScalarType.Float64);
        var momentum = new double[rows, columns];

        for (var update = 0; update < 2; update++)
        {
            var gradient = gradients[update];
            parameter.grad = tensor(gradient);
            optimizer.Step(update + 1, rate: 0.5);
            momentum = Build(rows, columns, (i, j) => (0.95 * momentum[i, j]) + (0.05 * gradient[i, j]));
            var direction = Orthogonal(Build(rows, columns, (i, j) => (0.05 * gradient[i, j]) + (0.95 * momentum[i, j])));
            weight = Build(rows, columns, (i, j) => (weight[i, j] * (1 - (0.05 * 0.5))) - (0.05 * Math.Sqrt(Math.Max(1.0, (double)rows / columns)) * direction[i, j]));
        }

        Assert.True(parameter.allclose(tensor(weight), rtol: 0, atol: 1e-10));
    }

    [Fact]
    public void Muon_leaves_embedding_head_and_vectors_to_adamw()
    {
        using var scope = NewDisposeScope();
        string[] names = ["model.embed_tokens.weight", "model.layers.0.mlp.up_proj.weight", "model.norm.weight", "lm_head.weight"];
        using var optimizer = new MuonOptimizerOptions().Build([.. names.Select(name => (name, zeros(name.Contains("norm", StringComparison.Ordinal) ? [3L] : [3L, 3L])))], ScalarType.Float32);

        Assert.Equal(
            ["muon.momentum.model.layers.0.mlp.up_proj.weight", "adamw.mean.model.embed_tokens.weight", "adamw.mean.model.norm.weight", "adamw.mean.lm_head.weight"],
            optimizer.State.Select(entry => entry.Name).Take(4));
    }

    private static double[,] Orthogonal(double[,] matrix)
    {
        var norm = Math.Sqrt(matrix.Cast<double>().Sum(value => value * value)) + 1e-7;
        var x = Build(matrix.GetLength(0), matrix.GetLength(1), (i, j) => matrix[i, j] / norm);
        for (var iteration = 0; iteration < 5; iteration++)
        {
            // b X X' X + c X X' X X' X is the same from either side.
            var cubed = Product(Product(x, Transposed(x)), x);
            var fifth = Product(Product(x, Transposed(x)), cubed);
            x = Build(x.GetLength(0), x.GetLength(1), (i, j) => (3.4445 * x[i, j]) - (4.7750 * cubed[i, j]) + (2.0315 * fifth[i, j]));
        }

        return x;
    }

    private static double[,] Product(double[,] a, double[,] b) =>
        Build(a.GetLength(0), b.GetLength(1), (i, j) => Enumerable.Range(0, a.GetLength(1)).Sum(k => a[i, k] * b[k, j]));

    private static double[,] Transposed(double[,] a) => Build(a.GetLength(1), a.GetLength(0), (i, j) => a[j, i]);

    private static double[,] Build(int rows, int columns, Func<int, int, double> value)
    {
        var matrix = new double[rows, columns];
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                matrix[i, j] = value(i, j);
            }
        }

        return matrix;
    }

    private static Tensor Parameter(Tensor value, Tensor gradient)
    {
        var parameter = value.requires_grad_();
        parameter.grad = gradient;
        return parameter;
    }
}
