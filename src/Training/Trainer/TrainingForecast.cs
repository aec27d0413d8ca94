namespace Agentic.Training;

/// <summary>What a run would do, from its options and the sizes of its data alone.</summary>
/// <param name="Updates">Updates of the whole run.</param>
/// <param name="Epochs">Times the data are seen; the last one may be part of a time.</param>
/// <param name="Tokens">Tokens the model reads in the run, padding not counted.</param>
/// <param name="TrainedTokens">Tokens the loss touches in the run.</param>
/// <param name="PaddingShare">Share of the computed positions that is padding.</param>
/// <param name="Parameters">Trained numbers of the model.</param>
/// <param name="MemoryBytes">Estimate of the peak: see <see cref="Of"/>.</param>
public sealed record TrainingForecast(int Updates, double Epochs, long Tokens, long TrainedTokens, double PaddingShare, long Parameters, long MemoryBytes)
{
    /// <summary>Bytes of the process before it trains: runtime and libtorch.</summary>
    private const long ProgramBytes = 400L << 20;

    /// <summary>Bytes a parameter needs: weight, gradient, two numbers of optimizer state, and a copy under way; float32.</summary>
    private const int BytesPerParameter = 5 * 4;

    /// <summary>The forecast of a job for a model of this shape.</summary>
    /// <remarks>
    /// Memory is what the program itself takes, 20 bytes a parameter, and the largest micro-batch's activations that wait for the backward:
    /// per token and layer about 20 times the width and 6 times the inner width, float32, plus 16 times the width outside the layers.
    /// </remarks>
    public static TrainingForecast Of(TransformerOptions model, ITrainingItems items, TrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(options);
        var stream = new UpdateStream(items, options.Seed, options.TokensPerUpdate);
        var updates = options.Updates ?? stream.UpdatesOf(options.Epochs);
        var (tokens, trained, padded, largest) = (0L, 0L, 0L, 0L);
        for (var update = 0; update < updates; update++)
        {
            var taken = stream.Next();
            tokens += taken.Sum(item => (long)items.SizeOf(item).Tokens);
            trained += taken.Sum(item => (long)items.SizeOf(item).TrainedTokens);
            var positions = EpochPlan.MicroBatches(items, taken, options.MicroBatchTokens)
                .Select(part => part.Sum(item => items.SizeOf(item).Rows) * (long)part.Max(item => items.SizeOf(item).LongestRow)).ToList();
            padded += positions.Sum();
            largest = Math.Max(largest, positions.Max());
        }

        var parameters = TransformerWeights.Shapes(model).Sum(parameter => parameter.Shape.Aggregate(1L, (product, size) => product * size));
        var perToken = 4L * ((model.Layers * ((20L * model.HiddenSize) + (6L * model.IntermediateSize))) + (16L * model.HiddenSize));
        return new TrainingForecast(
            updates, Math.Round(stream.Epochs, 3), tokens, trained, Math.Round(1 - ((double)tokens / padded), 4), parameters,
            ProgramBytes + (BytesPerParameter * parameters) + (largest * perToken));
    }
}
