using System.Text.Encodings.Web;
using System.Text.Json;

namespace Agentic.Training;

/// <summary>What one update did: a line of <c>metrics.jsonl</c> under TRL's names.</summary>
/// <param name="Update">1-based.</param>
/// <param name="Loss">Loss of the whole update.</param>
/// <param name="GradNorm">Norm of the gradient of all parameters, before it was shortened.</param>
/// <param name="LearningRate">Rate of this update, schedule included; of the group with most parameters.</param>
/// <param name="Epoch">Share of the epochs done, this update included.</param>
/// <param name="NumTokens">Tokens the model has read since the run began, padding not counted.</param>
/// <param name="TokensPerSecond">Tokens of this update by its time.</param>
/// <param name="Seconds">Time of all updates since the run began; pauses between a kill and its continuation not counted.</param>
/// <param name="Metrics">What the objective and an evaluation add, by TRL's names.</param>
public sealed record UpdateReport(
    int Update, double Loss, double GradNorm, double LearningRate, double Epoch, long NumTokens, double TokensPerSecond, double Seconds, IReadOnlyDictionary<string, double> Metrics)
{
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One line of UTF-8 JSON with its newline.</summary>
    internal byte[] ToLine()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Json))
        {
            writer.WriteStartObject();
            writer.WriteNumber("update", Update);
            writer.WriteNumber("loss", Loss);
            writer.WriteNumber("grad_norm", GradNorm);
            writer.WriteNumber("learning_rate", LearningRate);
            writer.WriteNumber("epoch", Epoch);
            writer.WriteNumber("num_tokens", NumTokens);
            foreach (var (name, value) in Metrics.OrderBy(metric => metric.Key, StringComparer.Ordinal))
            {
                writer.WriteNumber(name, value);
            }

            writer.WriteNumber("tokens_per_second", Math.Round(TokensPerSecond, 1));
            writer.WriteNumber("seconds", Math.Round(Seconds, 3));
            writer.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }
}
