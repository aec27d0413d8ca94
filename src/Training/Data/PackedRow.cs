// Legend: R = rows, L = positions the model reads.
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training;

/// <summary>A row without its authors: ids, and which of them are trained.</summary>
internal sealed class PackedRow
{
    private string? _digest;

    public PackedRow(TokenizedRow row)
        : this([.. row.Ids], Mask(row))
    {
    }

    public PackedRow(int[] ids, bool[] trained)
    {
        (Ids, Trained) = (ids, trained);
        Size = new ItemSize(1, ids.Length - 1, ids.Length - 1, trained.Skip(1).Count(isTrained => isTrained));
    }

    public int[] Ids { get; }

    public bool[] Trained { get; }

    /// <summary>Its size as an item of its own.</summary>
    public ItemSize Size { get; }

    /// <summary>SHA-256 of ids and mask in hex.</summary>
    public string Digest => _digest ??= DigestOf([this]);

    /// <summary>One hash over rows in their order.</summary>
    public static string DigestOf(IEnumerable<PackedRow> rows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var row in rows)
        {
            hash.AppendData(MemoryMarshal.AsBytes<int>([row.Ids.Length]));
            hash.AppendData(MemoryMarshal.AsBytes<int>(row.Ids));
            hash.AppendData(MemoryMarshal.AsBytes<bool>(row.Trained));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The rows, padded at their ends: input t is paired with the token after it, and the mask is that of the target.</summary>
    public static SequenceBatch Collate(IReadOnlyList<PackedRow> rows, Device device)
    {
        var length = rows.Max(row => row.Size.LongestRow);
        var (inputs, targets, masks) = (new long[rows.Count * length], new long[rows.Count * length], new bool[rows.Count * length]);
        for (var index = 0; index < rows.Count; index++)
        {
            var (ids, trained) = (rows[index].Ids, rows[index].Trained);
            for (var at = 0; at + 1 < ids.Length; at++)
            {
                var cell = (index * length) + at;
                (inputs[cell], targets[cell], masks[cell]) = (ids[at], ids[at + 1], trained[at + 1]);
            }
        }

        using var scope = NewDisposeScope();
        Tensor On(Tensor flat) => flat.reshape(rows.Count, length).to(device).DetachFromDisposeScope();
        return new SequenceBatch(On(tensor(inputs)), On(tensor(targets)), On(tensor(masks)));
    }

    private static bool[] Mask(TokenizedRow row)
    {
        var trained = new bool[row.Ids.Count];
        foreach (var span in row.Spans.Where(span => span.IsTrained))
        {
            Array.Fill(trained, true, span.Start, span.Length);
        }

        return trained;
    }
}
