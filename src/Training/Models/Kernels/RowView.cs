using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>Rows of numbers inside a float32 or bfloat16 tensor: a fixed stride apart, the numbers of a row side by side.</summary>
/// <param name="Address">Of the first row.</param>
/// <param name="Stride">Between rows, in elements.</param>
/// <param name="Width">Numbers of a row.</param>
/// <param name="IsHalf">True for bfloat16.</param>
internal readonly unsafe record struct RowView(nint Address, long Stride, int Width, bool IsHalf)
{
    /// <summary>The last axis of a contiguous tensor as rows.</summary>
    public static RowView Of(Tensor tensor) =>
        new(TensorMemory.Address(tensor), tensor.shape[^1], (int)tensor.shape[^1], tensor.dtype == ScalarType.BFloat16);

    /// <summary><see cref="Of"/>, or null of null.</summary>
    public static RowView? OfOptional(Tensor? tensor) => tensor is null ? null : Of(tensor);

    /// <summary>The rows from <paramref name="row"/> on.</summary>
    public RowView From(long row) => Shifted(row * Stride, Width);

    /// <summary><paramref name="width"/> numbers of each row, from number <paramref name="first"/> on.</summary>
    public RowView Columns(long first, int width) => Shifted(first, width);

    /// <summary>Copies row <paramref name="row"/> times <paramref name="factor"/>; floats of <paramref name="target"/> beyond the width are left alone.</summary>
    public void Read(long row, float* target, float factor = 1f)
    {
        if (IsHalf)
        {
            Widen((ushort*)Address + (row * Stride), factor, target);
        }
        else
        {
            Scale((float*)Address + (row * Stride), factor, target);
        }
    }

    /// <summary>Writes row <paramref name="row"/>: the floats of <paramref name="source"/> times <paramref name="factor"/>, rounded to nearest even.</summary>
    public void Write(long row, float* source, float factor = 1f)
    {
        if (IsHalf)
        {
            Narrow(source, factor, (ushort*)Address + (row * Stride));
        }
        else
        {
            Scale(source, factor, (float*)Address + (row * Stride));
        }
    }

    private RowView Shifted(long elements, int width) => this with { Address = Address + (nint)(elements * (IsHalf ? sizeof(ushort) : sizeof(float))), Width = width };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scale(float* source, float factor, float* target)
    {
        var column = 0;
        for (; column + Vector512<float>.Count <= Width; column += Vector512<float>.Count)
        {
            (Vector512.Load(source + column) * factor).Store(target + column);
        }

        for (; column < Width; column++)
        {
            target[column] = source[column] * factor;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Widen(ushort* source, float factor, float* target)
    {
        var column = 0;
        for (; column + Vector256<ushort>.Count <= Width; column += Vector256<ushort>.Count)
        {
            var numbers = Vector256.Load(source + column);
            var wide = Avx512F.IsSupported ? Avx512F.ConvertToVector512UInt32(numbers) : Vector512.Create(Vector256.WidenLower(numbers), Vector256.WidenUpper(numbers));
            (Vector512.ShiftLeft(wide, 16).AsSingle() * factor).Store(target + column);
        }

        for (; column < Width; column++)
        {
            target[column] = BitConverter.UInt32BitsToSingle((uint)source[column] << 16) * factor;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Narrow(float* source, float factor, ushort* target)
    {
        var column = 0;
        for (; column + Vector512<float>.Count <= Width; column += Vector512<float>.Count)
        {
            var value = Vector512.Load(source + column) * factor;
            var bits = value.AsUInt32();
            var rounded = Vector512.ShiftRightLogical(bits + Vector512.Create(0x7FFFu) + (Vector512.ShiftRightLogical(bits, 16) & Vector512<uint>.One), 16);
            rounded = Vector512.ConditionalSelect(Vector512.IsNaN(value).AsUInt32(), Vector512.Create(0x7FC0u), rounded);
            (Avx512F.IsSupported ? Avx512F.ConvertToVector256UInt16(rounded) : Vector256.Narrow(rounded.GetLower(), rounded.GetUpper())).Store(target + column);
        }

        for (; column < Width; column++)
        {
            target[column] = Round(source[column] * factor);
        }
    }

    private static ushort Round(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? (ushort)0x7FC0 : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
