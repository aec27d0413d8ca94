using Agentic.Retrieval;
using Agentic.TestSupport;
using static TorchSharp.torch;

namespace Agentic.Training.Tests;

public sealed class ReferenceStoreTests : IDisposable
{
    private static readonly ReferenceFingerprint Fingerprint = new(new string('a', 64), new string('b', 64), ComputeType.Float32);

    // Three batches: of two rows, of one, of two of which one has no value.
    private static readonly ReferenceRow[][] Batches =
    [
        [Row(1, -0.5, -1.25), Row(2, -3)],
        [Row(3, -0.125, -7, -0.75)],
        [Row(4), Row(5, -2.5)],
    ];

    private readonly TemporaryFolder _folder = new();

    private string Path => _folder["reference.bin"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_appended_is_there_when_it_is_opened_again()
    {
        Write(Fingerprint);

        using var store = ReferenceStore.Open(Path, Fingerprint);

        Assert.Equal(5, store.Count);
        Assert.All(Batches.SelectMany(batch => batch), row => Assert.Equal(row.Values, ValuesOf(store, row)));
        Assert.False(store.Contains(Row(6).RowDigest));
    }

    // 0.1 is no number of single precision.
    [Theory]
    [InlineData(ComputeType.Float32, (double)0.1f)]
    [InlineData(ComputeType.Bfloat16, (double)0.1f)]
    [InlineData(ComputeType.Float64, 0.1)]
    public void Values_come_back_in_the_type_of_the_parameters(ComputeType compute, double expected)
    {
        var row = Row(1, 0.1);
        using (var store = ReferenceStore.Open(Path, Fingerprint with { Compute = compute }))
        {
            store.Append([row]);
        }

        using var again = ReferenceStore.Open(Path, Fingerprint with { Compute = compute });
        Assert.Equal([expected], ValuesOf(again, row));
    }

    [Fact]
    public void Values_go_to_the_places_of_the_mask_in_order()
    {
        Write(Fingerprint);
        using var store = ReferenceStore.Open(Path, Fingerprint);
        using var batch = Batch([[false, true, false, true], [true, false, false, false]], [Row(1).RowDigest, Row(2).RowDigest]);

        using var values = store.For(batch);

        Assert.Equal([2L, 4], values.shape);
        Assert.Equal([0f, -0.5f, 0, -1.25f, -3, 0, 0, 0], values.data<float>().ToArray());
    }

    [Fact]
    public void A_row_that_is_there_keeps_its_values()
    {
        using var store = ReferenceStore.Open(Path, Fingerprint);

        store.Append([Row(1, -1), Row(1, -2)]);
        store.Append([Row(1, -3), Row(2, -4)]);

        Assert.Equal([-1], ValuesOf(store, Row(1, 0)));
        Assert.Equal([-4], ValuesOf(store, Row(2, 0)));
    }

    [Fact]
    public void A_row_that_is_not_there_is_an_error()
    {
        using var store = ReferenceStore.Open(Path, Fingerprint);
        using var batch = Batch([[true]], [Row(1).RowDigest]);

        Assert.Contains("fill the store", Assert.Throws<AgenticException>(() => store.For(batch)).Message, StringComparison.Ordinal);
    }

    // Cut at every byte, the store opens with the batches it holds whole, and goes on.
    [Fact]
    public void A_torn_end_is_cut_off_wherever_the_writing_stopped()
    {
        Write(Fingerprint);
        var whole = File.ReadAllBytes(Path);
        var ends = Ends();
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Path, whole[..length]);
            using (var store = ReferenceStore.Open(Path, Fingerprint))
            {
                var kept = Batches.Take(ends.Count(end => end <= length)).SelectMany(batch => batch).ToArray();
                Assert.Equal(kept.Length, store.Count);
                Assert.All(kept, row => Assert.Equal(row.Values, ValuesOf(store, row)));
                Array.ForEach(Batches, store.Append);
            }

            Assert.Equal(whole, File.ReadAllBytes(Path));
        }
    }

    // A changed byte is refused, or takes its whole last batch along: it never gives a value that was not written.
    [Fact]
    public void Damage_at_any_byte_never_gives_a_wrong_value()
    {
        Write(Fingerprint);
        var whole = File.ReadAllBytes(Path);
        var lastStart = Ends()[1];
        for (var at = 0; at < whole.Length; at++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[at] ^= (byte)(1 << (at % 8));
            File.WriteAllBytes(Path, damaged);
            if (at < lastStart + ReferenceFileFormat.BlockHeadBytes)
            {
                Assert.Throws<InputFormatException>(() => ReferenceStore.Open(Path, Fingerprint));
                Assert.Equal(damaged, File.ReadAllBytes(Path));
                continue;
            }

            using var store = ReferenceStore.Open(Path, Fingerprint);
            Assert.Equal(3, store.Count);
            Assert.All(Batches.Take(2).SelectMany(batch => batch), row => Assert.Equal(row.Values, ValuesOf(store, row)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(200_000)]
    public void Zeros_at_the_end_are_what_a_loss_of_power_leaves(int zeros)
    {
        Write(Fingerprint);
        var whole = File.ReadAllBytes(Path);
        File.WriteAllBytes(Path, [.. whole, .. new byte[zeros]]);

        using (var store = ReferenceStore.Open(Path, Fingerprint))
        {
            Assert.Equal(5, store.Count);
        }

        Assert.Equal(whole, File.ReadAllBytes(Path));
    }

    [Fact]
    public void A_block_in_anothers_place_is_damage()
    {
        Write(Fingerprint);
        var whole = File.ReadAllBytes(Path);
        var ends = Ends();
        var first = ReferenceFileFormat.Header(Fingerprint).Length;
        File.WriteAllBytes(Path, [.. whole[..first], .. whole[ends[0]..ends[1]], .. whole[first..ends[0]], .. whole[ends[1]..]]);

        Assert.Throws<InputFormatException>(() => ReferenceStore.Open(Path, Fingerprint));
    }

    [Fact]
    public void A_store_of_another_model_is_refused_with_what_differs()
    {
        Write(Fingerprint);

        var weights = Refused(Fingerprint with { Weights = new string('c', 64) });
        var both = Refused(Fingerprint with { Tokenizer = new string('d', 64), Compute = ComputeType.Float64 });

        Assert.Contains("other weights (aaaaaaaaaaaa, and the reference is cccccccccccc); name another file", weights, StringComparison.Ordinal);
        Assert.Contains("another tokenizer", both, StringComparison.Ordinal);
        Assert.Contains("another number type (Float32, and the reference computes in Float64)", both, StringComparison.Ordinal);
        using var store = ReferenceStore.Open(Path, Fingerprint);
        Assert.Equal(5, store.Count);
    }

    [Fact]
    public void A_file_that_is_no_store_is_refused_and_left_alone()
    {
        File.WriteAllText(Path, "notes");

        Assert.Contains("does not begin like a store", Refused(Fingerprint), StringComparison.Ordinal);
        Assert.Equal("notes", File.ReadAllText(Path));
        Assert.Contains("is a folder", Assert.Throws<AgenticException>(() => ReferenceStore.Open(_folder.Path, Fingerprint)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_is_opened_by_one_at_a_time()
    {
        using var store = ReferenceStore.Open(Path, Fingerprint);

        Assert.Contains("End the other process", Refused(Fingerprint), StringComparison.Ordinal);
    }

    private string Refused(ReferenceFingerprint fingerprint) => Assert.ThrowsAny<AgenticException>(() => ReferenceStore.Open(Path, fingerprint)).Message;

    private void Write(ReferenceFingerprint fingerprint)
    {
        using var store = ReferenceStore.Open(Path, fingerprint);
        Array.ForEach(Batches, store.Append);
    }

    /// <summary>Offsets behind the three blocks: 12 bytes before a payload and 8 behind it; a row has 36 and 4 for each value.</summary>
    private static int[] Ends()
    {
        var ends = new List<int>();
        var end = ReferenceFileFormat.Header(Fingerprint).Length;
        foreach (var batch in Batches)
        {
            ends.Add(end += 20 + batch.Sum(row => 36 + (4 * row.Values.Count)));
        }

        return [.. ends];
    }

    private static double[] ValuesOf(ReferenceStore store, ReferenceRow row)
    {
        using var batch = Batch([[.. Enumerable.Repeat(true, row.Values.Count), false]], [row.RowDigest]);
        using var values = store.For(batch);
        using var all = values.to(ScalarType.Float64);
        return all.data<double>().ToArray()[..^1];
    }

    private static ObjectiveBatch Batch(bool[][] masks, string[] digests)
    {
        var (rows, length) = (masks.Length, masks[0].Length);
        using var scope = NewDisposeScope();
        Tensor Ids() => zeros([rows, length], dtype: ScalarType.Int64).DetachFromDisposeScope();
        var mask = tensor(masks.SelectMany(mask => mask).ToArray()).reshape(rows, length).DetachFromDisposeScope();
        return new ObjectiveBatch(new SequenceBatch(Ids(), Ids(), mask), new SequenceGroups(rows)) { RowDigests = digests };
    }

    private static ReferenceRow Row(int name, params double[] values) => new(name.ToString("x64", System.Globalization.CultureInfo.InvariantCulture), values);
}
