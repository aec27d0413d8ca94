using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type as the file spells it.</param>
/// <param name="Shape">Its shape; empty for a scalar.</param>
/// <param name="Start">First byte, counted from the end of the header.</param>
/// <param name="Length">Number of bytes.</param>
internal sealed record SafeTensorsEntry(string Name, string Type, long[] Shape, long Start, long Length)
{
    /// <summary>The types of the format that hold whole bytes, with their sizes; null where libtorch has none that we read.</summary>
    private static readonly Dictionary<string, (int Size, ScalarType? Type)> Types = new(StringComparer.Ordinal)
    {
        ["F64"] = (8, ScalarType.Float64),
        ["F32"] = (4, ScalarType.Float32),
        ["F16"] = (2, ScalarType.Float16),
        ["BF16"] = (2, ScalarType.BFloat16),
        ["I64"] = (8, ScalarType.Int64),
        ["I32"] = (4, ScalarType.Int32),
        ["I16"] = (2, ScalarType.Int16),
        ["I8"] = (1, ScalarType.Int8),
        ["U8"] = (1, ScalarType.Byte),
        ["BOOL"] = (1, ScalarType.Bool),
        ["U64"] = (8, null),
        ["U32"] = (4, null),
        ["U16"] = (2, null),
        ["C64"] = (8, null),
        ["F8_E4M3"] = (1, null),
        ["F8_E5M2"] = (1, null),
        ["F8_E8M0"] = (1, null),
    };

    /// <summary>The type in libtorch; null where it is not read.</summary>
    public ScalarType? TorchType => Types[Type].Type;

    /// <summary>Bytes of one element, or null for a type that the format does not have.</summary>
    public static int? SizeOf(string type) => Types.TryGetValue(type, out var known) ? known.Size : null;

    /// <summary>How the file spells a type of libtorch.</summary>
    public static string Spell(ScalarType type) => Types.First(known => known.Value.Type == type).Key;
}
