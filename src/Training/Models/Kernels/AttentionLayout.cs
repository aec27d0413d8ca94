using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Agentic.Training;

/// <summary>How heads lie in the buffers of attention: rows padded to whole vectors, or panels of sixteen positions with one vector for each number of the head.</summary>
internal static unsafe class AttentionLayout
{
    /// <summary>What queries are multiplied by: log2(e) / sqrt(D).</summary>
    public static float QueryFactor(int width) => (float)(Math.Log2(Math.E) / Math.Sqrt(width));

    /// <summary>Multiplies the rows of a buffer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(float* rows, int length, int padded, float factor)
    {
        for (var at = rows; at < rows + ((long)length * padded); at += SimdTile.Lanes)
        {
            (Vector512.Load(at) * factor).Store(at);
        }
    }

    /// <summary>All bits set in the lanes up to <paramref name="last"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Seen(int last) => Vector512.LessThanOrEqual(Vector512<int>.Indices, Vector512.Create(last)).AsSingle();

    /// <summary>Reads a head into rows of <paramref name="padded"/> floats; rows up to the next whole panel are zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(RowView source, int length, float* target, int padded)
    {
        for (var row = 0; row < length; row++)
        {
            source.Read(row, target + ((long)row * padded));
        }

        new Span<float>(target + ((long)length * padded), (SimdTile.Up(length) - length) * padded).Clear();
    }

    /// <summary>Turns rows into panels: number d of position 16 p + i lies at (p * padded + d) * 16 + i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToPanels(float* rows, int length, int width, int padded, float* panels)
    {
        for (var first = 0; first < length; first += SimdTile.Lanes, rows += SimdTile.Lanes * padded, panels += SimdTile.Lanes * padded)
        {
            for (var lane = 0; lane < SimdTile.Lanes; lane++)
            {
                var row = rows + (lane * padded);
                var column = panels + lane;
                for (var number = 0; number < width; number++, column += SimdTile.Lanes)
                {
                    *column = row[number];
                }
            }
        }
    }
}
