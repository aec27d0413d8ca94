using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>Arithmetic of tensors with numbers that stay alive while native code reads them.</summary>
/// <remarks>The operators of TorchSharp make a number of their own on the fly, which may be collected before its value is read.</remarks>
internal static class HeldNumbers
{
    /// <summary>tensor * factor.</summary>
    public static Tensor Times(this Tensor tensor, double factor)
    {
        using Scalar held = factor;
        return tensor * held;
    }

    /// <summary>tensor + summand.</summary>
    public static Tensor Plus(this Tensor tensor, double summand)
    {
        using Scalar held = summand;
        return tensor + held;
    }

    /// <summary>tensor / divisor.</summary>
    public static Tensor Over(this Tensor tensor, double divisor)
    {
        using Scalar held = divisor;
        return tensor / held;
    }
}
