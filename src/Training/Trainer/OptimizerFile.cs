using Agentic.Retrieval;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>The state of an optimizer in a checkpoint.</summary>
internal static class OptimizerFile
{
    private const string Name = "optimizer.safetensors";

    public static void Write(string folder, IReadOnlyList<(string Name, Tensor Value)> state)
    {
        using var stream = new FileStream(Path.Combine(folder, Name), FileMode.Create, FileAccess.Write);
        SafeTensorsFile.Write(stream, state);
    }

    /// <summary>Reads a saved state into the tensors of a new optimizer.</summary>
    /// <exception cref="InputFormatException">It is the state of another model or another optimizer.</exception>
    public static void Read(string folder, IReadOnlyList<(string Name, Tensor Value)> state)
    {
        var path = Path.Combine(folder, Name);
        using var file = SafeTensorsFile.Open(path);
        using var noGradient = no_grad();
        foreach (var (name, value) in state)
        {
            using var scope = NewDisposeScope();
            if (!file.Entries.TryGetValue(name, out var entry) || !entry.Shape.SequenceEqual(value.shape) || entry.TorchType != value.dtype)
            {
                throw new InputFormatException(path, 0, $"has no '{name}' of {value.dtype} [{string.Join(", ", value.shape)}]: it is the state of another model or optimizer");
            }

            value.copy_(file.Read(entry));
        }
    }
}
