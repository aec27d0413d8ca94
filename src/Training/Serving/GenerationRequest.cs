using Agentic.Retrieval;

namespace Agentic.Training;

/// <summary>A sequence to go on with.</summary>
/// <param name="Prompt">Its ids so far, the begin id included where the model has one; at least one.</param>
public sealed record GenerationRequest(IReadOnlyList<int> Prompt)
{
    /// <summary>Most ids to generate.</summary>
    public int MaxTokens { get; init; } = 256;

    /// <summary>How each is chosen; greedy by default.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>Decides every draw of this request, whatever else is generated beside it.</summary>
    public Seed Seed { get; init; }

    /// <summary>Texts that end the generation; neither they nor what follows is in the text.</summary>
    public IReadOnlyList<string> Stops { get; init; } = [];

    /// <summary>Ids that end the generation besides the tokenizer's <see cref="ModelTokenizer.EndId"/> and <see cref="ModelTokenizer.BosId"/>.</summary>
    public IReadOnlyList<int> StopIds { get; init; } = [];

    /// <summary>False to go on through the tokenizer's end and begin ids, as long as <see cref="MaxTokens"/> lets it.</summary>
    public bool StopsAtEnd { get; init; } = true;

    /// <summary>How many of the most likely tokens are recorded at each place.</summary>
    public int TopLogProbs { get; init; }
}

/// <summary>Why a generation ended.</summary>
public enum FinishReason
{
    /// <summary>The end id or a stop id came.</summary>
    End,

    /// <summary>A stop string came.</summary>
    StopString,

    /// <summary>As many ids as were allowed.</summary>
    MaxTokens,

    /// <summary>The model's context is full.</summary>
    Context,
}

/// <summary>What was generated.</summary>
/// <param name="Text">Text up to a stop string; special ids have none.</param>
/// <param name="Tokens">Every id chosen, with its statistics: the end id too where it ended it, and those that spell a stop string.</param>
/// <param name="Finish">Why it ended.</param>
public sealed record Generation(string Text, IReadOnlyList<SampledToken> Tokens, FinishReason Finish)
{
    /// <summary>How many of <see cref="Tokens"/> stand for <see cref="Text"/> and the end, no more and no less; null where a stop string cut a token in two.</summary>
    public int? ExactTokens { get; init; }

    /// <summary>Tokens of the prompt that had been read before, by this or another sequence.</summary>
    public int ReusedTokens { get; init; }
}
