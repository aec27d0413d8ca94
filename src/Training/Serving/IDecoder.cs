namespace Agentic.Training;

/// <summary>One token of one sequence for a decoder to read.</summary>
/// <param name="Cache">The sequence; its position is the cache's length when the row is reached, so rows of one sequence stand in order.</param>
/// <param name="Token">The id at that position.</param>
/// <param name="LogitsAt">Row of the output that its logits go to, or -1 when nobody asks for them.</param>
internal readonly record struct DecoderRow(ISequenceCache Cache, int Token, int LogitsAt = -1);

/// <summary>Keys and values of the tokens that a sequence has read.</summary>
/// <remarks>Used by one thread at a time.</remarks>
internal interface ISequenceCache : IDisposable
{
    /// <summary>Tokens read.</summary>
    int Length { get; }

    /// <summary>A sequence of its own that begins with the first <paramref name="length"/> tokens of this one and shares what it can with it.</summary>
    ISequenceCache Fork(int length);
}

/// <summary>A causal language model that reads token by token, many sequences at once.</summary>
/// <remarks>Used by one thread at a time; it may compute on more.</remarks>
internal interface IDecoder : IDisposable
{
    /// <summary>Its shape.</summary>
    TransformerOptions Options { get; }

    /// <summary>Blocks of cache in use, for checks of leaks.</summary>
    int LiveBlocks { get; }

    /// <summary>An empty sequence.</summary>
    ISequenceCache NewSequence();

    /// <summary>Reads the rows, any mix of sequences and of whole or partial prompts, and writes the logits asked for.</summary>
    /// <param name="rows">Rows of one sequence stand next to each other and in order.</param>
    /// <param name="logits">Row-major, [.., V].</param>
    void Forward(IReadOnlyList<DecoderRow> rows, float[] logits);
}
