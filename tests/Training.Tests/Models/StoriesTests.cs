using System.IO.Compression;
using System.Text.Json;
using Agentic.TestSupport;
using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training.Tests;

/// <summary>The public 260K model of llama2.c against what its own C program printed: 48 positions of four prompts in single precision.</summary>
public sealed class StoriesTests
{
    /// <summary>The C program adds in another order.</summary>
    private const double Tolerance = 1e-4;

    private static readonly int[] ShownIds = [0, 1, 2, 3, 100, 200, 300, 511];

    [Theory]
    [InlineData(1, 0)]
    [InlineData(8, 0)]
    [InlineData(8, 5)]
    [InlineData(8, -5)]
    public void Logits_are_the_published_ones_in_a_batch_and_with_padding(int rows, int padding)
    {
        using var scope = NewDisposeScope();
        using var model = CausalLm.Load(PublicData.Require("llama-stories260k"), new ComputeOptions { Device = DeviceChoice.Cpu });
        using var noGrad = no_grad();
        foreach (var run in Runs())
        {
            var ids = run.RootElement.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("token").GetInt64()).ToArray();
            var logits = Logits(model, ids, rows, padding);

            for (var row = 0; row < rows; row++)
            {
                Compare(run.RootElement, logits[row]);
            }
        }
    }

    /// <summary>Rows of different length in one batch: row r starts r tokens late, or ends r tokens early.</summary>
    private static Tensor Logits(CausalLm model, long[] ids, int rows, int padding)
    {
        var width = ids.Length + (rows * Math.Abs(padding));
        var padded = zeros([rows, width], dtype: ScalarType.Int64);
        var starts = Enumerable.Range(0, rows).Select(row => padding > 0 ? (long)row * padding : 0).ToArray();
        for (var row = 0; row < rows; row++)
        {
            padded[row, (int)starts[row]..((int)starts[row] + ids.Length)] = tensor(ids);
        }

        var batch = new SequenceBatch(padded, padded, ones_like(padded, dtype: ScalarType.Bool)) { LeftPadding = padding > 0 ? tensor(starts) : null };
        var hidden = model.Hidden(batch);
        return stack([.. starts.Select((start, row) => hidden[row, (int)start..((int)start + ids.Length)])]).matmul(model.Head.t());
    }

    private static void Compare(JsonElement run, Tensor logits_LV)
    {
        foreach (var step in run.GetProperty("steps").EnumerateArray())
        {
            var at = logits_LV[step.GetProperty("pos").GetInt32()].data<float>().ToArray();
            Assert.Equal(step.GetProperty("argmax").GetInt32(), Array.IndexOf(at, at.Max()));
            Assert.Equal(step.GetProperty("max_logit").GetDouble(), at.Max(), Tolerance);
            Assert.Equal(step.GetProperty("logsumexp").GetDouble(), Math.Log(at.Sum(logit => Math.Exp(logit))), Tolerance);
            var shown = step.GetProperty("logits8").EnumerateArray().Select(value => value.GetDouble()).ToArray();
            Assert.All(ShownIds.Zip(shown), pair => Assert.Equal(pair.Second, at[pair.First], Tolerance));
        }

        var last = logits_LV[run.GetProperty("prompt_tokens").GetArrayLength() - 1].data<float>().ToArray();
        Assert.All(run.GetProperty("logits_at_last_prompt_token").EnumerateArray().Zip(last), pair => Assert.Equal(pair.First.GetDouble(), pair.Second, Tolerance));
    }

    private static List<JsonDocument> Runs()
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(PublicData.Require("llama-stories260k/expected.jsonl.gz")), CompressionMode.Decompress));
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line))];
    }
}
