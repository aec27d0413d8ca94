using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>Cuts positions into runs whose scores over the vocabulary stay small.</summary>
internal static class VocabularyChunks
{
    /// <summary>Most scores at a time: 16 MiB of float32, which a core's cache and the next product still bear.</summary>
    private const long Scored = 1 << 22;

    /// <summary>Runs [start, end) over <paramref name="places"/>; none when there are none.</summary>
    public static IEnumerable<(int Start, int End)> Of(long places, long vocabulary)
    {
        var size = (int)Math.Max(1, Scored / vocabulary);
        for (var start = 0; start < places; start += size)
        {
            yield return (start, (int)Math.Min(places, start + size));
        }
    }

    /// <summary>Scores [C, V] of the chosen rows of <paramref name="hidden"/>, in its type.</summary>
    public static Tensor Scores(Tensor hidden, Tensor head_VH, Tensor place_C)
    {
        using var rows_CH = hidden.index_select(0, place_C);
        return Scores(rows_CH, head_VH);
    }

    /// <summary>Scores [C, V] of rows [C, H], in their type.</summary>
    public static Tensor Scores(Tensor rows_CH, Tensor head_VH)
    {
        using var scope = NewDisposeScope();
        return rows_CH.matmul(head_VH.to(rows_CH.dtype).t()).MoveToOuterDisposeScope();
    }
}
