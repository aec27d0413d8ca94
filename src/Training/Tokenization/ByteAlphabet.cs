using System.Collections.Frozen;

namespace Agentic.Training;

/// <summary>The printable characters that stand for bytes in the files of byte-level vocabularies (GPT-2's <c>bytes_to_unicode</c>).</summary>
internal static class ByteAlphabet
{
    private static readonly char[] OfByte = Characters();

    private static readonly FrozenDictionary<char, byte> ByteOf =
        OfByte.Select((character, value) => KeyValuePair.Create(character, (byte)value)).ToFrozenDictionary();

    /// <summary>The character of a byte: itself where it is printable and no space, else one from U+0100 on in the order of the bytes.</summary>
    public static char Character(byte value) => OfByte[value];

    /// <summary>The bytes a token's characters stand for; a character outside the alphabet (only added tokens have such) stands for its UTF-8 bytes.</summary>
    public static byte[] Bytes(string token)
    {
        var bytes = new List<byte>(token.Length);
        foreach (var rune in token.EnumerateRunes())
        {
            if (rune.IsBmp && ByteOf.TryGetValue((char)rune.Value, out var value))
            {
                bytes.Add(value);
            }
            else
            {
                bytes.AddRange(System.Text.Encoding.UTF8.GetBytes(rune.ToString()));
            }
        }

        return [.. bytes];
    }

    private static char[] Characters()
    {
        var characters = new char[256];
        var next = (char)256;
        for (var value = 0; value < 256; value++)
        {
            var printable = value is (>= '!' and <= '~') or (>= 0xa1 and <= 0xac) or >= 0xae;
            characters[value] = printable ? (char)value : next++;
        }

        return characters;
    }
}
