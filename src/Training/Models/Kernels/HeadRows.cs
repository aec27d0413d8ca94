using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Agentic.Training;

/// <summary>One head of one sequence inside a float32 or bfloat16 tensor: rows a fixed stride apart, their numbers side by side.</summary>
/// <param name="Address">Of the first row.</param>
/// <param name="Stride">Between rows, in elements.</param>
/// <param name="Width">D: numbers of a row.</param>
/// <param name="IsHalf">True for bfloat16.</param>
internal readonly unsafe record struct HeadRows(nint Address, long Stride, int Width, bool IsHalf)
{
    /// <summary>The rows from <paramref name="row"/> on.</summary>
    public HeadRows From(long row) => this with { Address = Address + (nint)(row * Stride * (IsHalf ? sizeof(ushort) : sizeof(float))) };

    /// <summary>Copies <paramref name="rows"/> rows times <paramref name="factor"/> to rows of <paramref name="padded"/> floats; what pads a row is left alone.</summary>
    public void Read(int rows, float factor, float* target, int padded)
    {
        for (var row = 0; row < rows; row++, target += padded)
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
    }

    /// <summary>Writes row <paramref name="row"/>: the floats of <paramref name="source"/> times <paramref name="factor"/>, rounded to nearest even.</summary>
    public void Write(long row, float* source, float factor)
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

    private void Scale(float* source, float factor, float* target)
    {
        var column = 0;
        for (; column + Vector256<float>.Count <= Width; column += Vector256<float>.Count)
        {
            (Vector256.Load(source + column) * factor).Store(target + column);
        }

        for (; column < Width; column++)
        {
            target[column] = source[column] * factor;
        }
    }

    private void Widen(ushort* source, float factor, float* target)
    {
        var column = 0;
        for (; column + Vector128<ushort>.Count <= Width; column += Vector128<ushort>.Count)
        {
            var (low, high) = Vector128.Widen(Vector128.Load(source + column));
            (Vector256.ShiftLeft(Vector256.Create(low, high), 16).AsSingle() * factor).Store(target + column);
        }

        for (; column < Width; column++)
        {
            target[column] = BitConverter.UInt32BitsToSingle((uint)source[column] << 16) * factor;
        }
    }

    private void Narrow(float* source, float factor, ushort* target)
    {
        var column = 0;
        for (; column + Vector256<float>.Count <= Width; column += Vector256<float>.Count)
        {
            var value = Vector256.Load(source + column) * factor;
            var bits = value.AsUInt32();
            var rounded = Vector256.ShiftRightLogical(bits + Vector256.Create(0x7FFFu) + (Vector256.ShiftRightLogical(bits, 16) & Vector256<uint>.One), 16);
            rounded = Vector256.ConditionalSelect(Vector256.IsNaN(value).AsUInt32(), Vector256.Create(0x7FC0u), rounded);
            Vector128.Narrow(rounded.GetLower(), rounded.GetUpper()).Store(target + column);
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
