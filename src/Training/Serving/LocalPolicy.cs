using System.ComponentModel.DataAnnotations;
using Agentic.Agent;
using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>A model of a folder as the policy, generating inside this process.</summary>
/// <remarks>Its prompt is the one its folder's <c>agent.json</c> says it was trained with, else the instructed one.</remarks>
public sealed record LocalPolicyOptions : PolicyOptions
{
    /// <summary>Folder of the model.</summary>
    [Required(ErrorMessage = "the local policy needs the folder of a model (--model DIR)")] public string? Model { get; init; }

    /// <summary>As in <see cref="SamplingOptions.Temperature"/>; 0, the default, is greedy.</summary>
    [Range(0.0, 100.0)] public double Temperature { get; init; }

    /// <summary>As in <see cref="SamplingOptions.TopK"/>.</summary>
    [Range(0, int.MaxValue)] public int TopK { get; init; }

    /// <summary>As in <see cref="SamplingOptions.TopP"/>.</summary>
    [Range(0.0, 1.0)] public double TopP { get; init; } = 1;

    /// <summary>As in <see cref="SamplingOptions.MinP"/>.</summary>
    [Range(0.0, 1.0)] public double MinP { get; init; }

    /// <summary>Most tokens of an attempt, null for the model's context. A completion that comes to it ends there; a prompt that fills it ends the attempt as a failed call.</summary>
    [Range(2, 1_048_576)] public int? ContextTokens { get; init; }

    /// <summary>Where and in which precision.</summary>
    public ComputeOptions Compute { get; init; } = new();

    /// <summary>How many attempts generate side by side; decides nothing but speed.</summary>
    public GeneratorOptions Serving { get; init; } = new();

    /// <inheritdoc/>
    /// <remarks>The policy owns the model: dispose it.</remarks>
    public override IPolicy Build(PolicyResources resources)
    {
        OptionsGuard.Checked(this);
        var prompt = DemonstrationHeader.Find(Model!)?.Prompt ?? PromptStyle.Instructed;
        var sampling = new SamplingOptions { Temperature = Temperature, TopK = TopK, TopP = TopP, MinP = MinP };
        return new LocalPolicy(LocalModel.Load(Model!, Serving, Compute, ContextTokens), OptionsGuard.Checked(sampling), prompt);
    }
}

/// <summary>A policy over a model in this process.</summary>
/// <remarks>
/// Reads the ids recorded with each segment; a segment without ids is encoded on its own, a policy's with the end of its turn, and what it became is given back.
/// A completion's ids are those sampled, the end of the turn included when it came. Where a stop text cut a token in two there are none, and the text stands alone.
/// </remarks>
public sealed class LocalPolicy : IPolicy, IDisposable
{
    private readonly LocalModel _model;
    private readonly SamplingOptions _sampling;

    /// <param name="model">Disposed with this.</param>
    /// <param name="sampling">How tokens are chosen.</param>
    /// <param name="prompt">What the model was trained to be asked with.</param>
    internal LocalPolicy(LocalModel model, SamplingOptions sampling, PromptStyle prompt) => (_model, _sampling, Prompt) = (model, sampling, prompt);

    /// <inheritdoc/>
    public string Id => $"local/{_model.Fingerprint[..12]}";

    /// <inheritdoc/>
    public PromptStyle Prompt { get; }

    /// <inheritdoc/>
    public async Task<Completion> CompleteAsync(PolicyRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var segments = request.Segments.Select(IdsOf).ToList();
        try
        {
            var generation = await _model.Generator.GenerateAsync(
                new GenerationRequest([.. Opening(), .. segments.SelectMany(ids => ids)])
                {
                    MaxTokens = request.MaxTokens,
                    Sampling = _sampling,
                    Seed = request.Seed,
                    Stops = request.Stops,
                },
                cancellationToken).ConfigureAwait(false);
            var kept = generation.ExactTokens is { } count ? generation.Tokens.Take(count).ToList() : null;
            return new Completion(generation.Text, kept?.Select(token => token.Id).ToList(), kept?.Select(token => token.LogProb).ToList())
            {
                SegmentIds = segments,
            };
        }
        catch (PromptTooLongException full)
        {
            throw new PolicyFailedException(full.Message, full);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    private int[] Opening() => _model.Tokenizer.BosId is { } bos ? [bos] : [];

    private IReadOnlyList<int> IdsOf(Segment segment) =>
        segment.TokenIds
        ?? (segment.Author == Author.Policy ? [.. _model.Tokenizer.Encode(segment.Text), _model.Tokenizer.EndId] : _model.Tokenizer.Encode(segment.Text));
}
