using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>The turns of a call's query and key heads, over padded copies of the gains that live as long as this.</summary>
internal sealed class HeadTurns : IDisposable
{
    private readonly List<Tensor> _gains = [];

    /// <summary>Of heads of <paramref name="width"/> numbers.</summary>
    public HeadTurns(int width, Tensor? queryGain, Tensor? keyGain, FusedAttention.Settings settings)
    {
        var (cos, sin) = settings is { Cos: { } cosines, Sin: { } sines } ? (TensorMemory.Address(cosines), TensorMemory.Address(sines)) : (0, 0);
        Query = new HeadTurn(width, cos, sin, Padded(queryGain, width), (float)settings.Epsilon);
        Key = new HeadTurn(width, cos, sin, Padded(keyGain, width), (float)settings.Epsilon);
    }

    /// <summary>Of query heads.</summary>
    public HeadTurn Query { get; }

    /// <summary>Of key heads.</summary>
    public HeadTurn Key { get; }

    /// <inheritdoc/>
    public void Dispose() => _gains.ForEach(gain => gain.Dispose());

    private nint Padded(Tensor? gain, int width)
    {
        if (gain is null)
        {
            return 0;
        }

        var padded = zeros(SimdTile.Up(width), ScalarType.Float32);
        using var numbers = padded.narrow(0, 0, width);
        using var values = gain.detach();
        numbers.copy_(values);
        _gains.Add(padded);
        return TensorMemory.Address(padded);
    }
}
