using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Agentic.Training;

/// <summary>Elementary functions on sixteen floats, the same on every machine.</summary>
internal static class SimdMath
{
    /// <summary>2^x for x in [-126, 127], smaller x as -126; relative error below 2e-7.</summary>
    /// <remarks>2^n by the exponent bits, 2^f for f in [-1/2, 1/2] by the minimax polynomial of Cephes' exp2f. A quarter faster in attention than the general <c>Vector512.Exp</c>.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp2(Vector512<float> x)
    {
        x = Vector512.Max(x, Vector512.Create(-126f));
        var whole = Vector512.Round(x);
        var part = x - whole;
        var power = Vector512.Create(1.535336188319500E-4f);
        power = Vector512.FusedMultiplyAdd(power, part, Vector512.Create(1.339887440266574E-3f));
        power = Vector512.FusedMultiplyAdd(power, part, Vector512.Create(9.618437357674640E-3f));
        power = Vector512.FusedMultiplyAdd(power, part, Vector512.Create(5.550332471162809E-2f));
        power = Vector512.FusedMultiplyAdd(power, part, Vector512.Create(2.402264791363012E-1f));
        power = Vector512.FusedMultiplyAdd(power, part, Vector512.Create(6.931472028550421E-1f));
        power = Vector512.FusedMultiplyAdd(power, part, Vector512<float>.One);
        var scale = Vector512.ShiftLeft(Vector512.ConvertToInt32Native(whole) + Vector512.Create(127), 23).AsSingle();
        return power * scale;
    }

    /// <summary>1 / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sigmoid(Vector512<float> x)
    {
        var power = Exp2(Vector512.Min(x * Vector512.Create(-1.44269504f), Vector512.Create(126f)));
        return Vector512<float>.One / (Vector512<float>.One + power);
    }

    /// <summary>The largest lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Vector512<float> x)
    {
        var half = Vector256.Max(x.GetLower(), x.GetUpper());
        var quarter = Vector128.Max(half.GetLower(), half.GetUpper());
        return MathF.Max(MathF.Max(quarter[0], quarter[1]), MathF.Max(quarter[2], quarter[3]));
    }
}
