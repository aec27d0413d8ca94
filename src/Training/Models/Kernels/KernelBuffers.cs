using System.Runtime.InteropServices;

namespace Agentic.Training;

/// <summary>Float buffers of one worker of a kernel, aligned to cache lines and freed together.</summary>
internal sealed unsafe class KernelBuffers : IDisposable
{
    private const int Alignment = 64;
    private readonly List<nint> _buffers = [];

    /// <summary>A buffer of <paramref name="length"/> floats, all zero.</summary>
    public float* Rent(long length)
    {
        var bytes = (nuint)length * sizeof(float);
        var buffer = NativeMemory.AlignedAlloc(bytes, Alignment);
        NativeMemory.Clear(buffer, bytes);
        _buffers.Add((nint)buffer);
        return (float*)buffer;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var buffer in _buffers)
        {
            NativeMemory.AlignedFree((void*)buffer);
        }

        _buffers.Clear();
    }
}
