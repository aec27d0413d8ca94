namespace Agentic.Training;

/// <summary>A vocabulary: text to ids, and each id to its bytes.</summary>
internal interface ITokenCoder
{
    /// <summary>One more than the highest id.</summary>
    int Size { get; }

    /// <summary>True when a text gets a space before it that decoding takes away again (SentencePiece's dummy prefix).</summary>
    bool PrefixesSpace { get; }

    /// <summary>Ids of a text of valid UTF-16; never those of special tokens.</summary>
    IReadOnlyList<int> Encode(string text);

    /// <summary>UTF-8 bytes an id stands for, perhaps a part of a character; empty for a special token and for an id without a token.</summary>
    ReadOnlySpan<byte> BytesOf(int id);

    /// <summary>Everything that decides how a text is encoded and decoded, in a fixed order, one fact a line.</summary>
    IEnumerable<string> Facts();
}
