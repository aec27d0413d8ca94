using System.Text;

namespace Agentic.Training;

/// <summary>Turns ids into text as they come: bytes are held back until they are whole characters. What it gives in all is <see cref="ModelTokenizer.Decode(IEnumerable{int})"/>.</summary>
/// <remarks>Not safe for concurrent use.</remarks>
public sealed class TokenDecoder
{
    private readonly ITokenCoder _coder;
    private readonly Decoder _utf8 = new UTF8Encoding(false, false).GetDecoder();
    private bool _dropsSpace;

    internal TokenDecoder(ITokenCoder coder, bool opensText) => (_coder, _dropsSpace) = (coder, opensText && coder.PrefixesSpace);

    /// <summary>The text that an id completes; often empty. An id outside the vocabulary has no text.</summary>
    public string Push(int id)
    {
        if (id < 0 || id >= _coder.Size)
        {
            return "";
        }

        var bytes = _coder.BytesOf(id);
        if (bytes.IsEmpty)
        {
            return "";
        }

        if (_dropsSpace && bytes[0] == (byte)' ')
        {
            bytes = bytes[1..];
        }

        _dropsSpace = false;
        return Decoded(bytes, flush: false);
    }

    /// <summary>What is held back at the end: a character cut off becomes U+FFFD.</summary>
    public string Flush() => Decoded([], flush: true);

    private string Decoded(ReadOnlySpan<byte> bytes, bool flush)
    {
        var characters = new char[_utf8.GetCharCount(bytes, flush)];
        return new string(characters, 0, _utf8.GetChars(bytes, characters, flush));
    }
}
